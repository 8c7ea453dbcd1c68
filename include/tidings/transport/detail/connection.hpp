// One connection to a platform, plain or TLS, and how it is opened.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_CONNECTION_HPP
#define TIDINGS_TRANSPORT_DETAIL_CONNECTION_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/transport/detail/breaker.hpp>
#include <tidings/transport/detail/connect_race.hpp>
#include <tidings/transport/detail/proxy_answer.hpp>
#include <tidings/transport/detail/route.hpp>
#include <tidings/transport/detail/session_memory.hpp>
#include <tidings/transport/detail/system_authorities.hpp>
#include <tidings/transport/detail/tls_fault.hpp>
#include <tidings/transport/detail/tls_session.hpp>
#include <tidings/wire/exchange.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// How long opening a connection may take, whatever the call allows.
inline constexpr std::chrono::seconds max_opening{30};

/// A request that may be repeated is written to a connection that was used less than this ago without a look whether
/// the peer has closed it meanwhile, or has said something unasked, which would be taken for the reply. At rates that
/// make a system call count, connections rest for less.
inline constexpr std::chrono::milliseconds usual_rest{1};

/// How many bytes the requests have together that leave in one write: with TLS, one record.
inline constexpr std::size_t max_together = 16 * 1024;

/// How long nothing shares a connection after a peer has closed the first one on which something did.
inline constexpr std::chrono::minutes sharing_pause{1};

/// A socket that is closed when its deadline passes.
class watched_socket
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    explicit watched_socket(asio::any_io_executor const& ex) : socket_(ex) {}
    watched_socket(watched_socket const&) = delete;
    watched_socket& operator=(watched_socket const&) = delete;

    tcp::socket& socket() noexcept { return socket_; }

    void unwatch() noexcept { unlink(); }

    /// Whether the deadline passed while it was watched.
    bool expired() const noexcept { return expired_; }

private:
    friend class deadline_timer;

    tcp::socket socket_;
    clock::time_point deadline_;
    bool expired_ = false;
};

/// Closes sockets whose deadline passes. One timer for all of them, which is set only when a deadline is nearer than what
/// it is set to.
class deadline_timer : public std::enable_shared_from_this<deadline_timer>
{
public:
    explicit deadline_timer(asio::any_io_executor const& ex) : timer_(ex) {}

    /// @param deadline  `max()`: never.
    /// @throws std::bad_alloc  It is not watched.
    void watch(watched_socket& s, clock::time_point deadline)
    {
        s.unlink();
        if (deadline == clock::time_point::max())
            return;
        if (deadline < expiry_)
            set(deadline);
        s.deadline_ = deadline;
        watched_.push_back(s);
    }

    /// Lets the executor run out of work when nothing is watched. Not done with every socket that is not watched any
    /// more: most often the next one follows at once.
    void settle()
    {
        if (watched_.empty() && expiry_ != clock::time_point::max())
        {
            expiry_ = clock::time_point::max();
            timer_.cancel();
        }
    }

private:
    void set(clock::time_point expiry)
    {
        expiry_ = clock::time_point::max();
        timer_.expires_at(expiry);
        try
        {
            timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
                // A wait that ended before it was cancelled still arrives here.
                if (auto const now = clock::now(); !ec && self->expiry_ <= now)
                    self->look(now);
            });
        }
        catch (std::bad_alloc const&) // too early is better than never
        {
            while (!watched_.empty())
                expire(watched_.front());
            throw;
        }
        expiry_ = expiry;
    }

    void look(clock::time_point now)
    {
        auto next = clock::time_point::max();
        for (auto at = watched_.begin(); at != watched_.end();)
        {
            auto& s = *at++;
            if (s.deadline_ > now)
            {
                next = std::min(next, s.deadline_);
                continue;
            }
            expire(s);
        }
        expiry_ = clock::time_point::max();
        if (next == expiry_)
            return;
        try
        {
            set(next);
        }
        catch (std::bad_alloc const&) // then nothing is watched any more
        {
        }
    }

    static void expire(watched_socket& s)
    {
        s.unlink();
        s.expired_ = true;
        boost::system::error_code ignored;
        s.socket_.close(ignored);
    }

    asio::steady_timer timer_;
    clock::time_point expiry_ = clock::time_point::max(); ///< `max()`: it is not set.
    boost::intrusive::list<watched_socket, boost::intrusive::constant_time_size<false>> watched_;
};

class connection : public watched_socket
{
public:
    /// @param context  With TLS, else null. Outlives it.
    connection(asio::any_io_executor const& ex, SSL_CTX* context) : watched_socket(ex)
    {
        if (context)
            tls_.emplace(socket(), context);
    }

    breaker::attempt attempt = breaker::attempt::usual; ///< The right by which it is opened.
    bool asked_for_certificate = false;                 ///< Whether the server asked for a client certificate.

    /// Null without TLS.
    tls_session* tls() noexcept { return tls_ ? &*tls_ : nullptr; }

    /// When the attempt to open it began.
    clock::time_point begun() const noexcept { return begun_; }

    /// Whether the connection has carried an exchange already: then the peer may have closed it in the meantime.
    bool reused() const noexcept { return reused_; }

    void become_idle(clock::time_point now) noexcept
    {
        reused_ = true;
        idle_since_ = now;
    }

    /// Whether the server may still be checking this program's certificate. By TLS 1.3 the handshake ends before that
    /// for the client, and the server reads no request before it has accepted the certificate. It sends a ticket when
    /// it has.
    bool certificate_is_pending() const
    {
        if (!tls_)
            return false;
        auto* const ssl = tls_->native_handle();
        auto* const session = SSL_get_session(ssl);
        // Not SSL_SESSION_is_resumable: after a fatal alert no session is.
        bool const has_ticket = session && SSL_SESSION_has_ticket(session);
        return asked_for_certificate && !reused_ && SSL_version(ssl) >= TLS1_3_VERSION && !has_ticket;
    }

    /// Whether the peer has closed an idle connection, or has said something unasked.
    ///
    /// @param may_repeat  Whether the request that follows may be repeated over another connection.
    bool is_stale(clock::duration idle_timeout, bool may_repeat)
    {
        auto const rest = clock::now() - idle_since_;
        if (rest >= idle_timeout)
            return true;
        return (!may_repeat || rest >= usual_rest) && has_spoken();
    }

    /// Whether the peer has said nothing beyond the reply that was read.
    bool is_quiet() { return !tls_ || tls_->is_quiet(); }

    /// Where the requests are put together that leave in one write. Once it has been called, it needs no memory.
    tidings::detail::wiped_string& together()
    {
        if (together_.capacity() == 0)
            (void)together_.room(max_together);
        return together_;
    }

    std::size_t awaited = 0; ///< How many of those that share it are waiting for their replies.
    bool was_shared = false; ///< Whether several have shared it, and all have got their replies.

private:
    bool has_spoken()
    {
        char byte;
        boost::system::error_code ec;
        socket().receive(asio::buffer(&byte, 1), tcp::socket::message_peek, ec);
        // What a peer sends after the handshake (tickets, a new key) is taken in, and is nothing said.
        while (!ec && tls_)
        {
            tls_->received(socket().read_some(tls_->space(), ec));
            if (!ec && !tls_->is_quiet())
                return true;
        }
        return ec != asio::error::would_block;
    }

    std::optional<tls_session> tls_;
    tidings::detail::wiped_string together_;
    clock::time_point begun_ = clock::now();
    clock::time_point idle_since_;
    bool reused_ = false;
};

/// Finds out the addresses that a connection can lead to first. Asio cannot interrupt the system's resolver: the
/// caller stops waiting for it instead.
TIDINGS_COLD inline asio::awaitable<boost::system::error_code> resolve(route const& way, clock::time_point deadline,
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
    co_await tidings::detail::expiry_of(state->over);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
        co_return asio::error::operation_aborted;
    found = std::move(state->found);
    if (!state->ec && found.empty())
        co_return asio::error::host_not_found;
    co_return state->ec;
}

/// Waits until a socket can be read from or written to. Nothing is read before, as Asio would try to: the peer answers later.
TIDINGS_COLD inline asio::awaitable<boost::system::error_code> wait_until_ready(tcp::socket& socket,
                                                                                tcp::socket::wait_type to)
{
    auto const [ec] = co_await socket.async_wait(to, asio::as_tuple(asio::deferred));
    co_return ec;
}

/// Asks the proxy for a connection to the target.
TIDINGS_COLD inline asio::awaitable<boost::system::error_code> ask_proxy(tcp::socket& socket, route const& way,
                                                                         std::string& detail)
{
    tidings::detail::wiped_string request;
    write_connect(request, way.target, *way.proxy);
    boost::system::error_code ec;
    for (std::size_t sent = 0; !ec && sent != request.size();)
    {
        sent += socket.write_some(asio::buffer(request.data() + sent, request.size() - sent), ec);
        if (ec == asio::error::would_block)
            ec = co_await wait_until_ready(socket, tcp::socket::wait_write);
    }
    proxy_answer answer;
    for (bool complete = false; !ec && !complete;)
    {
        auto const size = socket.read_some(answer.space(), ec);
        if (ec == asio::error::would_block)
            ec = co_await wait_until_ready(socket, tcp::socket::wait_read);
        else if (!ec)
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

TIDINGS_COLD inline bool is_address(std::string const& host)
{
    boost::system::error_code ec;
    asio::ip::make_address(host, ec);
    return !ec;
}

/// Proves who the peer is; the only place where TLS is set up.
TIDINGS_COLD inline asio::awaitable<boost::system::error_code> handshake(connection& c, endpoint const& where,
                                                                         std::string& detail)
{
    auto& tls = *c.tls();
    auto* const ssl = tls.native_handle();
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
    SSL_set_cert_cb(
        ssl,
        [](SSL*, void* asked) {
            *static_cast<bool*>(asked) = true;
            return 1;
        },
        &c.asked_for_certificate);
    session_memory::offer(ssl);
    boost::system::error_code ec;
    for (auto needed = tls.handshake(ec); !ec && needed != tls_session::need::nothing; needed = tls.handshake(ec))
    {
        bool const writes = needed == tls_session::need::output;
        ec = co_await wait_until_ready(c.socket(), writes ? tcp::socket::wait_write : tcp::socket::wait_read);
        if (!ec && !writes)
            tls.received(c.socket().read_some(tls.space(), ec));
        if (ec == asio::error::would_block) // it was not ready after all
            ec = {};
        if (ec)
            break;
    }
    if (ec == asio::error::eof)
        ec = tls.closed();
    if (auto const verdict = SSL_get_verify_result(ssl); ec && verdict != X509_V_OK)
    {
        detail = "the certificate of " + where.authority() + " is not acceptable: ";
        detail += X509_verify_cert_error_string(verdict);
        if (auto const why = lazy_file::complaint(SSL_get_SSL_CTX(ssl)); !why.empty())
            detail += "; " + why;
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
TIDINGS_COLD inline std::string list_of(std::vector<tcp::endpoint> const& tried, std::string const& host)
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
TIDINGS_COLD inline asio::awaitable<boost::system::error_code> open(connection& c, route const& way,
                                                                    deadline_timer& deadlines, exchange& x)
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
        c.socket().non_blocking(true, ec); // for TLS, and the look at an idle connection
    if (ec)
        co_return ec;

    deadlines.watch(c, deadline);
    if (way.proxy)
    {
        x.progress = progress::asking_proxy;
        ec = co_await ask_proxy(c.socket(), way, x.detail);
        if (ec)
            co_return ec;
    }
    if (c.tls())
    {
        x.progress = progress::handshaking;
        ec = co_await handshake(c, way.target, x.detail);
        if (ec)
            co_return ec;
    }
    c.unwatch();
    if (c.expired()) // it was closed behind the last bytes of the peer
        co_return make_error_code(errc::timed_out);
    x.progress = progress::connected;
    co_return ec;
}

} // namespace tidings::inline v0::transport::detail

#endif
