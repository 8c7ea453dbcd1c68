// Makes a reply out of the bytes that arrive, without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_REPLY_READER_HPP
#define TIDINGS_WIRE_DETAIL_REPLY_READER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/detail/usual_reply.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
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

/// Beast's parser, which is defined where the functions of `reply_reader` are: a program that sends need not compile it.
class reply_parser;

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
        if (spare_.size() == max_spare)
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
    reply_reader() noexcept {} // leaves the memory of the parser as it is
    reply_reader(reply_reader const&) = delete;
    reply_reader& operator=(reply_reader const&) = delete;
    ~reply_reader();

    /// Shares buffers with other readers.
    ///
    /// @param from  Outlives every use of this one until the next `release_buffer`.
    void use_buffers(reply_buffers& from) noexcept { buffers_ = &from; }
    /// The reply is not needed any more.
    void release_buffer() noexcept;

    void reset();

    /// Where the next bytes go; never empty.
    boost::asio::mutable_buffer space();

    /// Whether any byte of a reply has arrived.
    bool started() const noexcept { return end_ != 0; }

    /// Tells that `size` bytes were put into `space()`.
    ///
    /// @param ec  Set when the bytes are no HTTP reply, or one over the limits.
    /// @returns Whether the reply is complete.
    bool feed(std::size_t size, boost::system::error_code& ec);

    /// Takes bytes from elsewhere, as `feed` does; those behind the reply are left in `bytes`.
    ///
    /// @throws std::bad_alloc  There was no call of `space` before.
    bool feed_from(std::string_view& bytes, boost::system::error_code& ec);

    /// Tells that the peer closed its side.
    ///
    /// @param ec  Set when the reply is not complete.
    bool feed_end(boost::system::error_code& ec);

    /// Whether the peer agrees to further exchanges over the connection of the complete reply.
    bool keeps_alive() const noexcept;
    /// The bytes behind the complete reply, which are the next one's. They stay where they are until `space` is written to.
    std::string_view take_rest() noexcept;
    /// Whether the connection can carry another exchange: the peer agrees and has sent nothing beyond the reply.
    bool reusable() const noexcept { return keeps_alive() && begin_ == end_; }

    /// How many bytes of memory it keeps for the next reply.
    std::size_t capacity() const noexcept { return buffer_.capacity() + body_.capacity(); }

    /// The complete reply, valid until `reset`.
    wire::reply reply() const noexcept;

private:
    reply_parser& parser();
    void restart() noexcept;
    // With eager parsing, the head may have been consumed together with the body behind it.
    void mark_head();
    // Keeps the head, drops what the parser has taken behind it.
    void make_room(boost::system::error_code& ec);

    tidings::detail::wiped_bytes buffer_;
    tidings::detail::wiped_string body_;
    // In place: once a request has been sent, reading its reply must not need memory.
    alignas(std::max_align_t) std::array<std::byte, 160> parser_memory_;
    reply_parser* parser_ = nullptr;   // there once a reply is not a usual one
    std::optional<usual_reply> usual_; // where the parser was not asked
    std::size_t head_ = 0;             // where the head starts
    std::size_t head_size_ = 0;        // 0 until it had to be known
    std::size_t begin_ = 0;            // what has not been taken yet
    std::size_t end_ = 0;
    std::size_t used_ = 0; // the most that `end_` has been
    bool is_lent_ = false; // bytes may be there that `feed` does not know of
    reply_buffers* buffers_ = nullptr;
};

} // namespace tidings::inline v0::transport::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/reply_reader.ipp>
#endif

#endif
