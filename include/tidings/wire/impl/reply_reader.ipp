// Makes a reply out of the bytes that arrive, with Beast's parser where the reply is not a usual one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_REPLY_READER_IPP
#define TIDINGS_WIRE_IMPL_REPLY_READER_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/detail/reply_reader.hpp>
#include <tidings/wire/detail/usual_reply.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/version.hpp>
#include <boost/optional/optional.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace tidings::inline v0::transport::detail {

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

TIDINGS_DECL reply_reader::~reply_reader()
{
    if (parser_)
        std::destroy_at(parser_);
}

TIDINGS_DECL void reply_reader::release_buffer() noexcept
{
    // A read that failed may have put bytes there that were not counted.
    auto const used = std::exchange(is_lent_, false) ? buffer_.size() : used_;
    used_ = 0;
    if (buffers_ && !buffer_.empty())
        buffers_->give_back(std::exchange(buffer_, {}), used);
}

TIDINGS_DECL void reply_reader::reset()
{
    release_buffer();
    head_ = begin_ = end_ = 0;
    restart();
}

TIDINGS_DECL boost::asio::mutable_buffer reply_reader::space()
{
    if (buffer_.empty() && buffers_)
        buffer_ = buffers_->take();
    if (buffer_.empty())
        buffer_.resize(2 * reply_limits::head);
    is_lent_ = true;
    return {buffer_.data() + end_, buffer_.size() - end_};
}

TIDINGS_DECL bool reply_reader::feed(std::size_t size, boost::system::error_code& ec)
{
    bool const is_first = end_ == 0;
    is_lent_ = false;
    end_ += size;
    used_ = std::max(used_, end_);
    if (is_first)
        if ((usual_ = usual_reply::parse({buffer_.data(), end_}, reply_limits::usual_head)))
        {
            begin_ = usual_->head + usual_->body;
            return true;
        }
    while (begin_ != end_ || parser().is_done())
    {
        auto& p = parser();
        if (p.is_done())
        {
            if (p.status() >= 200)
                return true;
            // An interim reply: the real one follows.
            head_ = begin_;
            restart();
            continue;
        }
        // The end of a chunked body has five bytes. Beast's parser asserts that it is not asked again with fewer.
        constexpr std::size_t last_chunk = 5;
        if (p.is_header_done() && p.chunked() && end_ - begin_ < last_chunk)
            break;
        auto const used = p.put(boost::asio::const_buffer(buffer_.data() + begin_, end_ - begin_), ec);
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

TIDINGS_DECL bool reply_reader::feed_from(std::string_view& bytes, boost::system::error_code& ec)
{
    while (!bytes.empty())
    {
        auto const to = space();
        auto const size = std::min(to.size(), bytes.size());
        if (end_ == 0)
            if ((usual_ = usual_reply::parse(bytes.substr(0, size), reply_limits::usual_head)))
            {
                is_lent_ = false;
                begin_ = end_ = usual_->head + usual_->body;
                used_ = std::max(used_, end_);
                std::memcpy(to.data(), bytes.data(), end_);
                bytes.remove_prefix(end_);
                return true;
            }
        std::memcpy(to.data(), bytes.data(), size);
        bool const is_complete = feed(size, ec);
        auto const rest = is_complete ? take_rest().size() : 0;
        bytes.remove_prefix(size - rest);
        if (is_complete || ec)
            return is_complete;
    }
    return false;
}

TIDINGS_DECL bool reply_reader::feed_end(boost::system::error_code& ec)
{
    using boost::beast::http::error;
    auto& p = parser();
    if (!p.got_some()) // nothing at all, or nothing behind an interim reply
        ec = started() ? error::partial_message : error::end_of_stream;
    else
        p.put_eof(ec);
    return !ec && p.is_done();
}

TIDINGS_DECL bool reply_reader::keeps_alive() const noexcept
{
    return usual_ || (parser_ && parser_->is_done() && parser_->keep_alive());
}

TIDINGS_DECL std::string_view reply_reader::take_rest() noexcept
{
    auto const end = std::exchange(end_, begin_);
    return {buffer_.data() + begin_, end - begin_};
}

TIDINGS_DECL wire::reply reply_reader::reply() const noexcept
{
    if (usual_)
        return {usual_->status, std::string_view(buffer_.data(), usual_->head),
                std::string_view(buffer_.data() + usual_->head, usual_->body)};
    auto const size = head_size_ != 0 ? head_size_ : begin_ - head_;
    return {parser_ ? parser_->status() : 0, std::string_view(buffer_.data() + head_, size), body_};
}

TIDINGS_DECL reply_parser& reply_reader::parser()
{
    static_assert(sizeof(reply_parser) <= sizeof parser_memory_ && alignof(reply_parser) <= alignof(std::max_align_t));
    if (!parser_)
        parser_ = ::new (static_cast<void*>(parser_memory_.data())) reply_parser(body_);
    return *parser_;
}

TIDINGS_DECL void reply_reader::restart() noexcept
{
    usual_.reset();
    body_.clear();
    head_size_ = 0;
    if (auto* const old = std::exchange(parser_, nullptr))
        std::destroy_at(old);
}

TIDINGS_DECL void reply_reader::mark_head()
{
    auto const seen = std::string_view(buffer_.data() + head_, begin_ - head_);
    auto const end = seen.find("\r\n\r\n");
    head_size_ = end == seen.npos ? seen.size() : end + 4;
}

TIDINGS_DECL void reply_reader::make_room(boost::system::error_code& ec)
{
    auto& p = parser();
    if (head_size_ == 0 && p.is_header_done())
        mark_head();
    auto const kept = head_ + head_size_;
    auto const rest = end_ - begin_;
    if (p.is_header_done() && begin_ > kept)
    {
        std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data() + kept);
        begin_ = kept;
        end_ = kept + rest;
    }
    if (end_ == buffer_.size())
        ec = boost::beast::http::error::buffer_overflow;
}

} // namespace tidings::inline v0::transport::detail

#endif
