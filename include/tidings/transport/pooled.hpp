// The settings that all pooled transports share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_POOLED_HPP
#define TIDINGS_TRANSPORT_POOLED_HPP

#include <tidings/detail/duration.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/transport/detail/pool.hpp>
#include <tidings/transport/detail/proxy_rules.hpp>
#include <tidings/transport/proxy.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport {

/// The route of connections, and the limits of the kept ones. Setters chain: `https{}.max_connections(4)`. Settings
/// that cannot be used are reported when the transport is opened.
template<class Derived>
class pooled
{
public:
    /// The maximum of open connections; at least one. Default 16.
    Derived& max_connections(std::size_t n)
    {
        pool_.max_connections = std::max<std::size_t>(n, 1);
        return self();
    }

    /// The maximum of callers that wait for a connection; further ones fail with `errc::queue_full`. Default 4096.
    Derived& max_waiting(std::size_t n)
    {
        pool_.max_waiting = n;
        return self();
    }

    /// How long a kept connection may be unused before it is closed. Zero: it is never used again. Default 50 seconds:
    /// a little less than the platforms' gateways keep a connection open.
    Derived& idle_timeout(std::chrono::steady_clock::duration d)
    {
        pool_.idle_timeout = tidings::detail::bounded(d);
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
        pool_.breaker = detail::breaker_settings(failures, tidings::detail::bounded(pause));
        return self();
    }

    /// Makes connections through this proxy. It resolves the platform's host name; TLS stays between this program and
    /// the platform.
    Derived& proxy(transport::proxy through)
    {
        proxy_ = std::move(through);
        from_environment_ = false;
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
        proxy_.reset();
        from_environment_ = true;
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
        addresses_.emplace_back(std::move(host), std::move(address));
        return self();
    }

protected:
    detail::pool_settings const& pool() const noexcept { return pool_; }

    /// The route to `where`, or `errc::invalid_argument`.
    result<detail::route> route_to(endpoint const& where) const
    {
        detail::route out(where);
        for (auto const& [host, text] : addresses_)
        {
            boost::system::error_code ec;
            auto const address = boost::asio::ip::make_address(text, ec);
            if (ec)
                return make_failure(errc::invalid_argument,
                                    '"' + text + "\", given for the host " + host + ", is not an IP address");
            out.addresses.emplace_back(host, address);
        }
        auto through = proxy_;
        if (!through)
        {
            auto const named = proxy_for(where, detail::proxy_variables::of_this_process());
            if (from_environment_ && !named.url.empty())
                through = transport::proxy(named.url.reveal());
            else
                out.unused_proxy = named.name;
        }
        if (through)
        {
            auto address = detail::proxy_address::parse(
                *through, from_environment_ ? "the proxy that the environment names" : "the proxy");
            if (!address)
                return address.error();
            out.proxy = *std::move(address);
        }
        return out;
    }

private:
    Derived& self() noexcept { return static_cast<Derived&>(*this); }

    detail::pool_settings pool_;
    std::optional<transport::proxy> proxy_;
    bool from_environment_ = false;
    std::vector<std::pair<std::string, std::string>> addresses_;
};

} // namespace tidings::inline v0::transport

#endif
