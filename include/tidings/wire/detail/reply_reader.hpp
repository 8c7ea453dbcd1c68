// Makes a reply out of the bytes that arrive, without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_REPLY_READER_HPP
#define TIDINGS_WIRE_DETAIL_REPLY_READER_HPP

#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/detail/usual_reply.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/version.hpp>
#include <boost/optional/optional.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// Caps on what a peer may send. A platform's answers have a few hundred bytes.
struct reply_limits
{
    static constexpr std::uint32_t head = 16 * 1024;
    static constexpr std::size_t usual_head = 8 * 1024; // far from where Beast's parser refuses a head
    static constexpr std::uint64_t body = 1024 * 1024;
};

/// Beast's parser without a container of fields: it keeps the status and the body.
class reply_parser final : public boost::beast::http::basic_parser<false>
{
public:
    explicit reply_parser(tidings::detail::wiped_string& body) : body_(body)
    {
        header_limit(reply_limits::head);
        body_limit(reply_limits::body);
        eager(true);
    }

    unsigned status() const noexcept { return status_; }

private:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
    void on_response_impl(int code, text, int, error_code& ec) override
    {
        status_ = static_cast<unsigned>(code);
        if (code < 100) // three digits all the same
            ec = boost::beast::http::error::bad_status;
    }
    void on_field_impl(boost::beast::http::field, text, text, error_code&) override {}
#if BOOST_BEAST_VERSION >= 359 // Boost 1.90: fields after a body are reported separately
    void on_trailer_field_impl(boost::beast::http::field, text, text, error_code&) override {}
#endif
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(text part, error_code&) override
    {
        body_ += std::string_view(part.data(), part.size());
        return part.size();
    }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text part, error_code& ec) override { return on_body_impl(part, ec); }
    void on_finish_impl(error_code&) override {}

    tidings::detail::wiped_string& body_;
    unsigned status_ = 0;
};

/// Buffers for replies that are not in use. An exchange takes one when it has a connection: one that waits has none.
class reply_buffers
{
public:
    reply_buffers() { spare_.reserve(max_spare); } // giving back must not throw

    /// Empty if there is none.
    tidings::detail::wiped_bytes take() noexcept
    {
        tidings::detail::wiped_bytes out;
        if (!spare_.empty())
        {
            out = std::move(spare_.back());
            spare_.pop_back();
        }
        return out;
    }

    /// @param used  How many bytes of it a reply had, which are wiped now.
    void give_back(tidings::detail::wiped_bytes buffer, std::size_t used) noexcept
    {
        if (buffer.empty() || spare_.size() == max_spare)
            return;
        std::memset(buffer.data(), 0, std::min(used, buffer.size())); // it lives on, so the compiler keeps this
        spare_.push_back(std::move(buffer));
    }

private:
    static constexpr std::size_t max_spare = 64;

    std::vector<tidings::detail::wiped_bytes> spare_;
};

/// Takes bytes until a reply is complete. Interim replies (1xx) are passed over.
class reply_reader
{
public:
    reply_reader() = default;
    reply_reader(reply_reader const&) = delete;
    reply_reader& operator=(reply_reader const&) = delete;

    /// Shares buffers with other readers.
    ///
    /// @param from  Outlives every use of this one until the next `release_buffer`.
    void use_buffers(reply_buffers& from) noexcept { buffers_ = &from; }
    /// The reply is not needed any more.
    void release_buffer() noexcept
    {
        // A read that failed may have put bytes there that were not counted.
        auto const used = std::exchange(is_lent_, false) ? buffer_.size() : used_;
        used_ = 0;
        if (buffers_)
            buffers_->give_back(std::exchange(buffer_, {}), used);
    }

    void reset()
    {
        release_buffer();
        head_ = begin_ = end_ = 0;
        restart();
    }

    /// Where the next bytes go; never empty.
    boost::asio::mutable_buffer space()
    {
        if (buffer_.empty() && buffers_)
            buffer_ = buffers_->take();
        if (buffer_.empty())
            buffer_.resize(2 * reply_limits::head);
        is_lent_ = true;
        return {buffer_.data() + end_, buffer_.size() - end_};
    }

    /// Whether any byte of a reply has arrived.
    bool started() const noexcept { return end_ != 0; }

    /// Tells that `size` bytes were put into `space()`.
    ///
    /// @param ec  Set when the bytes are no HTTP reply, or one over the limits.
    /// @returns Whether the reply is complete.
    bool feed(std::size_t size, boost::beast::error_code& ec)
    {
        bool const is_first = end_ == 0;
        is_lent_ = false;
        end_ += size;
        used_ = std::max(used_, end_);
        if (is_first)
            if ((usual_ = usual_reply::parse({buffer_.data(), end_}, reply_limits::usual_head)))
                return true;
        while (begin_ != end_ || parser_->is_done())
        {
            if (parser_->is_done())
            {
                if (parser_->status() >= 200)
                    return true;
                // An interim reply: the real one follows.
                head_ = begin_;
                restart();
                continue;
            }
            // The end of a chunked body has five bytes. Beast's parser asserts that it is not asked again with fewer.
            constexpr std::size_t last_chunk = 5;
            if (parser_->is_header_done() && parser_->chunked() && end_ - begin_ < last_chunk)
                break;
            auto const used = parser_->put(boost::asio::const_buffer(buffer_.data() + begin_, end_ - begin_), ec);
            begin_ += used;
            if (ec == boost::beast::http::error::need_more)
            {
                ec = {};
                break;
            }
            if (ec)
                return false;
        }
        make_room(ec);
        return false;
    }

    /// Tells that the peer closed its side.
    ///
    /// @param ec  Set when the reply is not complete.
    bool feed_end(boost::beast::error_code& ec)
    {
        using boost::beast::http::error;
        if (!parser_->got_some()) // nothing at all, or nothing behind an interim reply
            ec = started() ? error::partial_message : error::end_of_stream;
        else
            parser_->put_eof(ec);
        return !ec && parser_->is_done();
    }

    /// Whether the connection can carry another exchange: the peer agrees and has sent nothing beyond the reply.
    bool reusable() const noexcept { return usual_ || (parser_->is_done() && parser_->keep_alive() && begin_ == end_); }

    /// How many bytes of memory it keeps for the next reply.
    std::size_t capacity() const noexcept { return buffer_.capacity() + body_.capacity(); }

    /// The complete reply, valid until `reset`.
    wire::reply reply() const noexcept
    {
        if (usual_)
            return {usual_->status, std::string_view(buffer_.data(), usual_->head),
                    std::string_view(buffer_.data() + usual_->head, end_ - usual_->head)};
        auto const size = head_size_ != 0 ? head_size_ : begin_ - head_;
        return {parser_->status(), std::string_view(buffer_.data() + head_, size), body_};
    }

private:
    void restart()
    {
        usual_.reset();
        body_.clear();
        head_size_ = 0;
        parser_.emplace(body_);
    }

    // With eager parsing, the head may have been consumed together with the body behind it.
    void mark_head()
    {
        auto const seen = std::string_view(buffer_.data() + head_, begin_ - head_);
        auto const end = seen.find("\r\n\r\n");
        head_size_ = end == seen.npos ? seen.size() : end + 4;
    }

    // Keeps the head, drops what the parser has taken behind it.
    void make_room(boost::beast::error_code& ec)
    {
        if (head_size_ == 0 && parser_->is_header_done())
            mark_head();
        auto const kept = head_ + head_size_;
        auto const rest = end_ - begin_;
        if (parser_->is_header_done() && begin_ > kept)
        {
            std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data() + kept);
            begin_ = kept;
            end_ = kept + rest;
        }
        if (end_ == buffer_.size())
            ec = boost::beast::http::error::buffer_overflow;
    }

    tidings::detail::wiped_bytes buffer_;
    tidings::detail::wiped_string body_;
    boost::optional<reply_parser> parser_;
    std::optional<usual_reply> usual_; // where the parser was not asked
    std::size_t head_ = 0;             // where the head starts
    std::size_t head_size_ = 0;        // 0 until it had to be known
    std::size_t begin_ = 0;            // what the parser has not taken yet
    std::size_t end_ = 0;
    std::size_t used_ = 0; // the most that `end_` has been
    bool is_lent_ = false; // bytes may be there that `feed` does not know of
    reply_buffers* buffers_ = nullptr;
};

} // namespace tidings::inline v0::transport::detail

#endif
