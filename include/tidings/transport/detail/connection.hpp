// One connection to a platform, plain or TLS, and how it is opened.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_CONNECTION_HPP
#define TIDINGS_TRANSPORT_DETAIL_CONNECTION_HPP

#include <tidings/transport/detail/breaker.hpp>
#include <tidings/transport/detail/connect_race.hpp>
#include <tidings/transport/detail/proxy_answer.hpp>
#include <tidings/transport/detail/route.hpp>
#include <tidings/transport/detail/session_memory.hpp>
#include <tidings/transport/detail/tls_fault.hpp>
#include <tidings/wire/exchange.hpp>

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
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// How long opening a connection may take, whatever the call allows.
inline constexpr std::chrono::seconds max_opening{30};

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
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection()
    {
        if constexpr (tls)
            session_memory::keep(stream.native_handle());
    }

    Stream stream;

    breaker::attempt attempt = breaker::attempt::usual; ///< The right by which it is opened.
    bool asked_for_certificate = false;                 ///< Whether the server asked for a client certificate.

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
            // A wait that ended before it was cancelled still arrives here, perhaps in the middle of the next exchange:
            // the expiry distinguishes it.
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

    /// When the attempt to open it began.
    clock::time_point begun() const noexcept { return begun_; }

    /// Whether the connection has carried an exchange already: then the peer may have closed it in the meantime.
    bool reused() const noexcept { return reused_; }

    void become_idle() noexcept
    {
        reused_ = true;
        idle_since_ = clock::now();
    }

    /// Whether the server may still be checking this program's certificate. By TLS 1.3 the handshake ends before that
    /// for the client, and the server reads no request before it has accepted the certificate. It sends a ticket when
    /// it has.
    bool certificate_is_pending()
    {
        if constexpr (tls)
        {
            auto* const ssl = stream.native_handle();
            auto* const session = SSL_get_session(ssl);
            // Not SSL_SESSION_is_resumable: after a fatal alert no session is.
            bool const has_ticket = session && SSL_SESSION_has_ticket(session);
            return asked_for_certificate && !reused_ && SSL_version(ssl) >= TLS1_3_VERSION && !has_ticket;
        }
        else
            return false;
    }

    /// Whether the peer has closed an idle connection, or has said something unasked.
    bool is_stale(clock::duration idle_timeout)
    {
        if (clock::now() - idle_since_ >= idle_timeout)
            return true;
        char byte;
        boost::system::error_code ec;
        if constexpr (tls) // what the peer sends after the handshake (tickets) is taken in, and is nothing said
            stream.read_some(asio::buffer(&byte, 1), ec);
        else
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
    clock::time_point begun_ = clock::now();
    clock::time_point idle_since_;
    bool watching_ = false;
    bool expired_ = false;
    bool reused_ = false;
};

/// Finds out the addresses that a connection can lead to first. Asio cannot interrupt the system's resolver: the
/// caller stops waiting for it instead.
inline asio::awaitable<boost::system::error_code> resolve(route const& way, clock::time_point deadline,
                                                          std::vector<tcp::endpoint>& found)
{
    auto const port = static_cast<unsigned short>(std::stoul(way.first_port()));
    for (auto const& address : way.given_addresses(way.first_host()))
        found.emplace_back(address, port);
    boost::system::error_code no_address;
    auto const address = asio::ip::make_address(way.first_host(), no_address);
    if (found.empty() && !no_address)
        found.emplace_back(address, port);
    if (!found.empty())
        co_return boost::system::error_code{};

    struct request
    {
        explicit request(asio::any_io_executor const& ex) : resolver(ex), over(ex) {}

        tcp::resolver resolver;
        asio::steady_timer over;
        boost::system::error_code ec = make_error_code(errc::timed_out);
        std::vector<tcp::endpoint> found;
    };
    auto const ex = co_await asio::this_coro::executor;
    auto const state = std::make_shared<request>(ex);
    state->over.expires_at(deadline);
    state->resolver.async_resolve(way.first_host(), way.first_port(), tcp::resolver::numeric_service,
                                  [state](boost::system::error_code ec, tcp::resolver::results_type results) {
                                      state->ec = ec;
                                      for (auto const& entry : results)
                                          state->found.push_back(entry.endpoint());
                                      state->over.expires_at(clock::time_point::min());
                                  });
    [[maybe_unused]] auto const [woken] = co_await state->over.async_wait(asio::as_tuple(asio::use_awaitable));
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
        co_return asio::error::operation_aborted;
    found = std::move(state->found);
    if (!state->ec && found.empty())
        co_return asio::error::host_not_found;
    co_return state->ec;
}

/// Asks the proxy for a connection to the target.
inline asio::awaitable<boost::system::error_code> ask_proxy(tcp::socket& socket, route const& way, std::string& detail)
{
    tidings::detail::wiped_string request;
    write_connect(request, way.target, *way.proxy);
    auto const bytes = asio::buffer(request.data(), request.size());
    auto [ec, size] = co_await asio::async_write(socket, bytes, asio::as_tuple(asio::use_awaitable));
    proxy_answer answer;
    for (bool complete = false; !ec && !complete;)
    {
        std::tie(ec, size) = co_await socket.async_read_some(answer.space(), asio::as_tuple(asio::use_awaitable));
        if (!ec)
            complete = answer.feed(size, ec);
    }
    if (!ec && !answer.granted())
    {
        detail = answer.describe(*way.proxy);
        ec = make_error_code(answer.error());
    }
    else if (ec)
        detail = way.proxy->name();
    co_return ec;
}

inline bool is_address(std::string const& host)
{
    boost::system::error_code ec;
    asio::ip::make_address(host, ec);
    return !ec;
}

/// Proves who the peer is; the only place where TLS is set up.
inline asio::awaitable<boost::system::error_code> handshake(connection<tls_stream>& c, endpoint const& where,
                                                            std::string& detail)
{
    auto* const ssl = c.stream.native_handle();
    auto* const rules = SSL_get0_param(ssl);
    char const* const host = where.host().c_str();
    bool const address = is_address(where.host());
    // What a subject's common name says is no host name (RFC 9525, 2).
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // The server name indication has names only (RFC 6066); the check of the certificate knows both.
    bool const ready = address ? X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1
                               : SSL_set_tlsext_host_name(ssl, host) == 1 && SSL_set1_host(ssl, host) == 1;
    if (!ready)
        co_return asio::error::invalid_argument;
    boost::system::error_code ec;
    c.stream.set_verify_mode(asio::ssl::verify_peer, ec);
    if (ec)
        co_return ec;
    SSL_set_cert_cb(
        ssl,
        [](SSL*, void* asked) {
            *static_cast<bool*>(asked) = true;
            return 1;
        },
        &c.asked_for_certificate);
    session_memory::offer(ssl);
    std::tie(ec) =
        co_await c.stream.async_handshake(asio::ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    if (auto const verdict = SSL_get_verify_result(ssl); ec && verdict != X509_V_OK)
    {
        detail = "the certificate of " + where.authority() + " is not acceptable: ";
        detail += X509_verify_cert_error_string(verdict);
    }
    // A cipher without certificates is not offered. Should one come about all the same, it proves nothing.
    if (!ec && (!SSL_get0_peer_certificate(ssl) || SSL_get_verify_result(ssl) != X509_V_OK))
    {
        detail = where.authority() + " showed no certificate";
        ec = make_error_code(errc::tls_failed);
    }
    bool const showed_none = c.asked_for_certificate && !SSL_get_certificate(ssl);
    if (showed_none && tls_fault_of(ec) == tls_fault::no_agreement)
        ec = certificate_required();
    if (ec)
        session_memory::forget(ssl);
    co_return ec;
}

/// Which addresses were tried, unless the host is one itself.
inline std::string list_of(std::vector<tcp::endpoint> const& tried, std::string const& host)
{
    constexpr std::size_t max_count = 4;
    std::string out;
    for (std::size_t i = 0; i != std::min(tried.size(), max_count); ++i)
        if (auto const address = tried[i].address().to_string(); address != host)
            out += (out.empty() ? "" : ", ") + address;
    if (tried.size() > max_count)
        out += " and " + std::to_string(tried.size() - max_count) + " more";
    return out;
}

/// Opens a connection: resolves, connects to one of the addresses, asks the proxy where there is one, and for TLS
/// proves who the peer is.
///
/// What `x` says of its progress tells where it failed.
template<class Stream>
asio::awaitable<boost::system::error_code> open(connection<Stream>& c, route const& way, exchange& x)
{
    auto const proxy_name = way.proxy ? way.proxy->name() : std::string();
    // Also a call without a deadline must not keep the right to try for ever.
    auto const deadline = std::min(x.deadline, c.begun() + max_opening);
    x.progress = way.proxy ? progress::resolving_proxy : progress::resolving;
    x.detail = proxy_name;
    std::vector<tcp::endpoint> found;
    boost::system::error_code ec = co_await resolve(way, deadline, found);
    if (ec)
        co_return ec;

    x.progress = way.proxy ? progress::connecting_to_proxy : progress::connecting;
    auto order = interleave(found);
    auto const tried = list_of(order, way.first_host());
    x.detail += (proxy_name.empty() || tried.empty() ? "" : ", ") + tried;
    ec = co_await connect(c.socket(), std::move(order), deadline);
    if (ec)
        co_return ec;
    x.detail.clear();
    c.socket().set_option(tcp::no_delay(true), ec);
    if (!ec)
        c.socket().non_blocking(true, ec); // for the look at an idle connection
    if (ec)
        co_return ec;

    c.watch(deadline);
    if (way.proxy)
    {
        x.progress = progress::asking_proxy;
        ec = co_await ask_proxy(c.socket(), way, x.detail);
        if (ec)
            co_return ec;
    }
    if constexpr (connection<Stream>::tls)
    {
        x.progress = progress::handshaking;
        ec = co_await handshake(c, way.target, x.detail);
        if (ec)
            co_return ec;
    }
    c.unwatch();
    x.progress = progress::connected;
    co_return ec;
}

} // namespace tidings::inline v0::transport::detail

#endif
