// Which proxy the environment names for a host: the variables that curl and others go by.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_PROXY_RULES_HPP
#define TIDINGS_TRANSPORT_DETAIL_PROXY_RULES_HPP

#include <tidings/detail/config.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/url/grammar/ci_string.hpp>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::transport::detail {

/// What the environment says about proxies. Empty: nothing.
class proxy_variables
{
public:
    proxy_variables() = default;

    /// As curl does: the small letters first, and an empty variable is none. `HTTP_PROXY` is not read: in a CGI program
    /// it is what the client sent as header `Proxy`.
    TIDINGS_COLD static proxy_variables of_this_process()
    {
        proxy_variables out;
        out.https = first_of({"https_proxy", "HTTPS_PROXY"});
        out.http = first_of({"http_proxy"});
        out.all = first_of({"all_proxy", "ALL_PROXY"});
        out.none = std::string(first_of({"no_proxy", "NO_PROXY"}).url.reveal());
        return out;
    }

    /// One variable. Its value may have a password in it.
    struct variable
    {
        variable() = default;
        variable(secret u) noexcept : url(std::move(u)) {}
        variable(std::string_view n, secret u) noexcept : name(n), url(std::move(u)) {}

        std::string_view name; ///< A literal.
        secret url;
    };

    variable https;   ///< For targets with TLS.
    variable http;    ///< For targets without.
    variable all;     ///< For those that have none of their own.
    std::string none; ///< The hosts that are reached without a proxy.

private:
    TIDINGS_COLD static variable first_of(std::initializer_list<char const*> names)
    {
        for (auto const* const name : names)
            if (auto const* const value = std::getenv(name); value && *value)
                return {name, secret(value)};
        return {};
    }
};

/// An IPv4 address that is written as an IPv6 address (`::ffff:10.0.0.1`) as what it is.
TIDINGS_COLD inline boost::asio::ip::address unmapped(boost::asio::ip::address const& a)
{
    namespace ip = boost::asio::ip;
    return a.is_v6() && a.to_v6().is_v4_mapped() ? ip::address(ip::make_address_v4(ip::v4_mapped, a.to_v6())) : a;
}

/// One entry of `no_proxy`: a name with those below it, an address, a network, each perhaps with a port.
TIDINGS_COLD inline bool exempts(std::string_view entry, endpoint const& where)
{
    namespace ip = boost::asio::ip;
    if (entry == "*")
        return true;
    for (std::string_view const scheme : {"http://", "https://"})
        if (entry.starts_with(scheme))
            entry.remove_prefix(scheme.size());
    // "[::1]:443", "[::1]", "host:443"; what has more than one colon is an address.
    std::string_view port;
    if (entry.starts_with('['))
    {
        auto const close = entry.find(']');
        if (close == entry.npos)
            return false;
        port = entry.substr(close + 1);
        entry = entry.substr(1, close - 1);
    }
    else if (std::count(entry.begin(), entry.end(), ':') == 1)
    {
        port = entry.substr(entry.find(':'));
        entry = entry.substr(0, entry.find(':'));
    }
    if (!port.empty() && (port[0] != ':' || (port.size() > 1 && port.substr(1) != where.port())))
        return false;

    boost::system::error_code no_address;
    auto const address = unmapped(ip::make_address(where.host(), no_address));
    if (!no_address)
    {
        boost::system::error_code ec;
        if (entry.find('/') == entry.npos)
        {
            auto const other = ip::make_address(std::string(entry), ec);
            return !ec && unmapped(other) == address;
        }
        if (address.is_v4())
        {
            auto const network = ip::make_network_v4(std::string(entry), ec);
            return !ec && ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network.canonical();
        }
        auto const network = ip::make_network_v6(std::string(entry), ec);
        return !ec && ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network.canonical();
    }

    // ".example.com", "*.example.com" and "example.com" are the same: the host, and all below it.
    if (entry.starts_with('*'))
        entry.remove_prefix(1);
    if (entry.starts_with('.'))
        entry.remove_prefix(1);
    if (entry.ends_with('.'))
        entry.remove_suffix(1);
    std::string_view const host = where.host();
    if (entry.empty() || host.size() < entry.size())
        return false;
    auto const above = host.size() - entry.size();
    return boost::urls::grammar::ci_is_equal(host.substr(above), entry) && (above == 0 || host[above - 1] == '.');
}

/// Whether `no_proxy`, a list with commas or blanks between, names the host.
TIDINGS_COLD inline bool exempted(std::string_view list, endpoint const& where)
{
    constexpr std::string_view between = ", \t";
    while (!list.empty())
    {
        auto const end = std::min(list.find_first_of(between), list.size());
        if (end != 0 && exempts(list.substr(0, end), where))
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

/// The variable with the proxy for `where`; an empty URL: it is reached without one.
TIDINGS_COLD inline proxy_variables::variable proxy_for(endpoint const& where, proxy_variables const& variables)
{
    if (exempted(variables.none, where))
        return {};
    auto const& own = where.tls() ? variables.https : variables.http;
    return own.url.empty() ? variables.all : own;
}

} // namespace tidings::inline v0::transport::detail

#endif
