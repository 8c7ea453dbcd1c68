// The settings that all pooled transports share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_POOLED_HPP
#define TIDINGS_TRANSPORT_POOLED_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/result.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/pool_settings.hpp>
#include <tidings/transport/proxy.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport {

namespace detail {

class tls_settings;

/// The settings that all pooled transports share.
class pooled_settings
{
public:
    pooled_settings() = default;

    pool_settings pool;
    std::optional<transport::proxy> proxy;
    bool proxy_from_environment = false;
    std::vector<std::pair<std::string, std::string>> addresses; ///< Host and address.
};

/// Makes a client of `where`.
///
/// @param tls    Null: without TLS.
/// @param depth  How many requests a connection carries at once.
TIDINGS_DECL result<std::unique_ptr<client>> make_client(boost::asio::any_io_executor const& ex, endpoint const& where,
                                                         pooled_settings const& settings, tls_settings const* tls,
                                                         std::size_t depth);

} // namespace detail

/// The route of connections, and the limits of the kept ones. Setters chain: `https{}.max_connections(4)`. Settings
/// that cannot be used are reported when the transport is opened.
template<class Derived>
class pooled
{
public:
    /// The maximum of open connections; at least one. Default 16.
    Derived& max_connections(std::size_t n)
    {
        settings_.pool.max_connections = std::max<std::size_t>(n, 1);
        return self();
    }

    /// The maximum of callers that wait for a connection; further ones fail with `errc::queue_full`. Default 4096.
    Derived& max_waiting(std::size_t n)
    {
        settings_.pool.max_waiting = n;
        return self();
    }

    /// How long a kept connection may be unused before it is closed. Zero: it is never used again. Default 50 seconds:
    /// a little less than the platforms' gateways keep a connection open.
    Derived& idle_timeout(std::chrono::steady_clock::duration d)
    {
        settings_.pool.idle_timeout = tidings::detail::bounded(d);
        return self();
    }

    /// Consecutive connection failures after which the breaker opens: calls then fail at once until `pause` has passed
    /// and one call probes the host. Open connections stay in use.
    ///
    /// A failure is an attempt to open a connection that did not succeed: the host refused, its name could not be
    /// resolved, the handshake failed, the proxy refused, or the attempt lasted until the caller's deadline. A
    /// cancelled attempt does not count, and neither does one that had less than 250 ms until the deadline.
    ///
    /// @param failures  Default 5. 0: the breaker never opens.
    /// @param pause     The first pause, default 1 second. It doubles with each failed probe, up to a minute.
    Derived& breaker(std::size_t failures, std::chrono::steady_clock::duration pause = std::chrono::seconds(1))
    {
        settings_.pool.breaker = detail::breaker_settings(failures, tidings::detail::bounded(pause));
        return self();
    }

    /// Makes connections through this proxy. It resolves the platform's host name; TLS stays between this program and
    /// the platform.
    Derived& proxy(transport::proxy through)
    {
        settings_.proxy = std::move(through);
        settings_.proxy_from_environment = false;
        return self();
    }

    /// Makes connections through the proxy that the environment names for the platform's host, if any. The variables
    /// are read when the transport is opened: `https_proxy` or `HTTPS_PROXY` (for a base URL without TLS `http_proxy`),
    /// else `all_proxy` or `ALL_PROXY`. Hosts in `no_proxy` or `NO_PROXY` are reached directly. That is a list
    /// separated by commas or blanks; an entry is a host name, which matches the names below it too, an address, a
    /// network (`10.0.0.0/8`), each with or without `:port`, or `*` for all. An IPv4 address and the same address
    /// written as IPv6 are equal.
    ///
    /// Without this call the environment is not used; if a connection fails, the remedy then names the variable.
    Derived& proxy_from_environment()
    {
        settings_.proxy.reset();
        settings_.proxy_from_environment = true;
        return self();
    }

    /// Uses an address for a host name instead of asking the resolver. May be called more than once for a host: the
    /// addresses are tried in that order. TLS still verifies the name. A host that a proxy resolves is not looked up
    /// here.
    ///
    /// @param host     Of the base URL or of the proxy.
    /// @param address  IPv4, or IPv6 without brackets.
    Derived& resolve(std::string host, std::string address)
    {
        settings_.addresses.emplace_back(std::move(host), std::move(address));
        return self();
    }

protected:
    detail::pooled_settings const& settings() const noexcept { return settings_; }

private:
    Derived& self() noexcept { return static_cast<Derived&>(*this); }

    detail::pooled_settings settings_;
};

} // namespace tidings::inline v0::transport

#endif
