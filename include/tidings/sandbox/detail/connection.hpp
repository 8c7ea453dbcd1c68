// One accepted connection, plain or TLS, behind one face: the session is compiled once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_CONNECTION_HPP
#define TIDINGS_SANDBOX_DETAIL_CONNECTION_HPP

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#if __has_include(<netinet/tcp.h>)
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

namespace tidings::inline v0::sandbox::detail {

namespace asio = boost::asio;
using asio::ip::tcp;

inline constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

// No operation throws: 0 or false means that the connection has ended.
class connection : public std::enable_shared_from_this<connection>
{
public:
    explicit connection(asio::any_io_executor const& ex) : timer_(ex) {}
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    virtual ~connection() = default;

    // The TLS handshake, if any.
    virtual asio::awaitable<bool> open() = 0;
    // Whether the handshake went on with an earlier session.
    virtual bool resumed() = 0;
    virtual asio::awaitable<std::size_t> read(asio::mutable_buffer into) = 0;
    virtual asio::awaitable<bool> write(std::string_view bytes) = 0;
    // An orderly end: what was written arrives.
    virtual asio::awaitable<void> finish() = 0;

    // False: stopped meanwhile.
    asio::awaitable<bool> pause(std::chrono::milliseconds how_long)
    {
        timer_.expires_after(how_long);
        auto const [ec] = co_await timer_.async_wait(no_throw);
        co_return !ec;
    }

    // Returns when the other side sends something, which is dropped. False: it goes away.
    asio::awaitable<bool> hear()
    {
        std::array<char, 1024> ignored;
        auto const n = co_await read(asio::buffer(ignored));
        co_return n != 0;
    }

    // Ignores everything that the peer sends; returns when it closes the connection.
    asio::awaitable<void> outlast()
    {
        for (auto there = true; there;)
            there = co_await hear();
    }

    // Since when this side waits for a request; nothing while one is answered.
    std::optional<std::chrono::steady_clock::time_point> waits_since = std::chrono::steady_clock::now();

    // Keeps back what is written until `finish`, so that it arrives together with the end of the connection: a client
    // that has the answer can see that it was the last.
    void hold_back() { set_cork(true); }

    // Ends everything under way.
    void close(bool with_reset = false)
    {
        boost::system::error_code ignored;
        if (with_reset)
            socket().set_option(asio::socket_base::linger(true, 0), ignored);
        socket().close(ignored);
        timer_.cancel();
    }

protected:
    virtual tcp::socket& socket() = 0;
    void set_cork([[maybe_unused]] bool on)
    {
#ifdef TCP_CORK // elsewhere the end follows as soon as it can
        int const value = on;
        ::setsockopt(socket().native_handle(), IPPROTO_TCP, TCP_CORK, &value, sizeof value);
#endif
    }
    asio::steady_timer timer_;
};

class plain_connection final : public connection
{
public:
    explicit plain_connection(tcp::socket s) : connection(s.get_executor()), socket_(std::move(s)) {}

    asio::awaitable<bool> open() override { co_return true; }
    bool resumed() override { return false; }

    asio::awaitable<std::size_t> read(asio::mutable_buffer into) override
    {
        auto const [ec, n] = co_await socket_.async_read_some(into, no_throw);
        co_return ec ? 0 : n;
    }

    asio::awaitable<bool> write(std::string_view bytes) override
    {
        auto const [ec, n] =
            co_await asio::async_write(socket_, asio::const_buffer(bytes.data(), bytes.size()), no_throw);
        co_return !ec && n == bytes.size();
    }

    asio::awaitable<void> finish() override
    {
        boost::system::error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        close();
        co_return;
    }

private:
    tcp::socket& socket() override { return socket_; }
    tcp::socket socket_;
};

class tls_connection final : public connection
{
public:
    tls_connection(tcp::socket s, asio::ssl::context& context)
        : connection(s.get_executor()), stream_(std::move(s), context)
    {
    }

    asio::awaitable<bool> open() override
    {
        auto const [ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, no_throw);
        co_return !ec;
    }

    bool resumed() override { return SSL_session_reused(stream_.native_handle()) == 1; }

    asio::awaitable<std::size_t> read(asio::mutable_buffer into) override
    {
        auto const [ec, n] = co_await stream_.async_read_some(into, no_throw);
        co_return ec ? 0 : n;
    }

    asio::awaitable<bool> write(std::string_view bytes) override
    {
        auto const [ec, n] =
            co_await asio::async_write(stream_, asio::const_buffer(bytes.data(), bytes.size()), no_throw);
        co_return !ec && n == bytes.size();
    }

    asio::awaitable<void> finish() override
    {
        // As soon as the goodbye is written, below.
        asio::post(stream_.get_executor(), [self = shared_from_this(), this] { set_cork(false); });
        // The other side need not answer the goodbye.
        timer_.expires_after(std::chrono::milliseconds(200));
        timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
            if (!ec)
                self->close();
        });
        co_await stream_.async_shutdown(no_throw);
        close();
    }

private:
    tcp::socket& socket() override { return stream_.next_layer(); }
    asio::ssl::stream<tcp::socket> stream_;
};

} // namespace tidings::inline v0::sandbox::detail

#endif
