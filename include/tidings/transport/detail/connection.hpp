// One connection to a platform, plain or TLS, and how it is opened.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_CONNECTION_HPP
#define TIDINGS_TRANSPORT_DETAIL_CONNECTION_HPP

#include <tidings/transport/endpoint.hpp>
#include <tidings/transport/exchange.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidings::transport::detail {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using clock = std::chrono::steady_clock;
using plain_stream = tcp::socket;
using tls_stream = asio::ssl::stream<tcp::socket>;

template<class Stream>
class connection : public std::enable_shared_from_this<connection<Stream>>
{
public:
    static constexpr bool tls = std::is_same_v<Stream, tls_stream>;

    explicit connection(asio::any_io_executor const& ex)
        requires(!tls)
        : stream(ex), guard_(ex)
    {
    }
    connection(asio::any_io_executor const& ex, asio::ssl::context& context)
        requires tls
        : stream(ex, context), guard_(ex)
    {
        // Keeping a connection's buffers between exchanges saves their allocation each time. Asio's stream has just
        // asked for the opposite.
        SSL_clear_mode(stream.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    }

    Stream stream;

    tcp::socket& socket() noexcept
    {
        if constexpr (tls)
            return stream.next_layer();
        else
            return stream;
    }

    /// Closes the connection when `deadline` passes, until `unwatch`.
    void watch(clock::time_point deadline)
    {
        if (deadline == clock::time_point::max())
            return;
        watching_ = true;
        guard_.expires_at(deadline);
        guard_.async_wait([self = this->shared_from_this()](boost::system::error_code ec) {
            // A wait that was over before it was cancelled still arrives here, perhaps in the middle of the next
            // exchange: the expiry tells.
            if (!ec && self->watching_ && self->guard_.expiry() <= clock::now())
                self->expire();
        });
    }
    void unwatch()
    {
        if (std::exchange(watching_, false))
            guard_.cancel();
    }

    /// Whether the deadline passed while the connection was watched.
    bool expired() const noexcept { return expired_; }

    /// Whether the connection has carried an exchange already: then the peer may have closed it in the meantime.
    bool reused() const noexcept { return reused_; }

    void become_idle() noexcept
    {
        reused_ = true;
        idle_since_ = clock::now();
    }

    /// Whether the peer has closed an idle connection, or has said something unasked.
    bool stale(clock::duration idle_timeout)
    {
        if (clock::now() - idle_since_ >= idle_timeout)
            return true;
        char byte;
        boost::system::error_code ec;
        socket().receive(asio::buffer(&byte, 1), tcp::socket::message_peek, ec);
        return ec != asio::error::would_block;
    }

private:
    void expire()
    {
        expired_ = true;
        boost::system::error_code ignored;
        socket().close(ignored);
    }

    asio::steady_timer guard_;
    clock::time_point idle_since_;
    bool watching_ = false;
    bool expired_ = false;
    bool reused_ = false;
};

/// Resolves a name. Asio cannot interrupt the system's resolver: the caller stops waiting for it instead.
inline asio::awaitable<boost::system::error_code> resolve(endpoint const& where, clock::time_point deadline,
                                                          std::vector<tcp::endpoint>& found)
{
    boost::system::error_code no_address;
    auto const address = asio::ip::make_address(where.host(), no_address);
    if (!no_address)
    {
        found.emplace_back(address, static_cast<unsigned short>(std::stoul(where.port())));
        co_return boost::system::error_code{};
    }

    struct request
    {
        explicit request(asio::any_io_executor const& ex) : resolver(ex), over(ex) {}

        tcp::resolver resolver;
        asio::steady_timer over;
        boost::system::error_code ec = asio::error::timed_out;
        std::vector<tcp::endpoint> found;
    };
    auto const ex = co_await asio::this_coro::executor;
    auto const state = std::make_shared<request>(ex);
    state->over.expires_at(deadline);
    state->resolver.async_resolve(where.host(), where.port(), tcp::resolver::numeric_service,
                                  [state](boost::system::error_code ec, tcp::resolver::results_type results) {
                                      state->ec = ec;
                                      for (auto const& one : results)
                                          state->found.push_back(one.endpoint());
                                      state->over.expires_at(clock::time_point::min());
                                  });
    [[maybe_unused]] auto const [woken] = co_await state->over.async_wait(asio::as_tuple(asio::use_awaitable));
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
        co_return asio::error::operation_aborted;
    found = std::move(state->found);
    co_return state->ec;
}

inline bool is_address(std::string const& host)
{
    boost::system::error_code ec;
    asio::ip::make_address(host, ec);
    return !ec;
}

/// Proves who the peer is; the only place where TLS is set up.
inline asio::awaitable<boost::system::error_code> handshake(tls_stream& stream, endpoint const& where,
                                                            std::string& detail)
{
    auto* const ssl = stream.native_handle();
    auto* const rules = SSL_get0_param(ssl);
    char const* const host = where.host().c_str();
    bool const address = is_address(where.host());
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // The server name indication has names only (RFC 6066); the check of the certificate knows both.
    bool const ready = address ? X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1
                               : SSL_set_tlsext_host_name(ssl, host) == 1 && SSL_set1_host(ssl, host) == 1;
    if (!ready)
        co_return asio::error::invalid_argument;
    boost::system::error_code ec;
    stream.set_verify_mode(asio::ssl::verify_peer, ec);
    if (ec)
        co_return ec;
    std::tie(ec) = co_await stream.async_handshake(asio::ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    if (auto const verdict = SSL_get_verify_result(ssl); ec && verdict != X509_V_OK)
    {
        detail = "the certificate of " + where.authority() + " is not acceptable: ";
        detail += X509_verify_cert_error_string(verdict);
    }
    co_return ec;
}

/// Opens a connection: resolves, connects to the addresses in turn, and for TLS proves who the peer is.
///
/// What `x` says of its progress tells where it failed.
template<class Stream>
asio::awaitable<boost::system::error_code> open(connection<Stream>& c, endpoint const& where, exchange& x)
{
    x.progress = progress::resolving;
    std::vector<tcp::endpoint> found;
    boost::system::error_code ec = co_await resolve(where, x.deadline, found);
    if (ec)
        co_return ec;

    x.progress = progress::connecting;
    c.watch(x.deadline);
    ec = asio::error::host_not_found;
    for (auto const& one : found)
    {
        boost::system::error_code ignored;
        c.socket().close(ignored);
        std::tie(ec) = co_await c.socket().async_connect(one, asio::as_tuple(asio::use_awaitable));
        if (!ec || c.expired() || ec == asio::error::operation_aborted)
            break;
    }
    if (ec)
        co_return ec;
    c.socket().set_option(tcp::no_delay(true), ec);
    if (!ec)
        c.socket().non_blocking(true, ec); // for the look at an idle connection
    if (ec)
        co_return ec;

    if constexpr (connection<Stream>::tls)
    {
        x.progress = progress::handshaking;
        ec = co_await handshake(c.stream, where, x.detail);
        if (ec)
            co_return ec;
    }
    c.unwatch();
    x.progress = progress::connected;
    co_return ec;
}

} // namespace tidings::transport::detail

#endif
