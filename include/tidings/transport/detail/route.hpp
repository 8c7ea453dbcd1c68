// The way to one endpoint.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_ROUTE_HPP
#define TIDINGS_TRANSPORT_DETAIL_ROUTE_HPP

#include <tidings/detail/config.hpp>
#include <tidings/transport/detail/proxy_address.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/url/grammar/ci_string.hpp>
#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// An endpoint, and how it is reached.
class route
{
public:
    explicit route(endpoint where) : target(std::move(where)) {}

    /// Where a connection leads to first: the proxy, or else the endpoint itself.
    std::string const& first_host() const noexcept { return proxy ? proxy->host() : target.host(); }
    std::string const& first_port() const noexcept { return proxy ? proxy->port() : target.port(); }

    /// The addresses that were given for a host; empty: the resolver is asked.
    TIDINGS_COLD std::vector<boost::asio::ip::address> given_addresses(std::string const& host) const
    {
        std::vector<boost::asio::ip::address> out;
        for (auto const& [name, address] : addresses)
            if (boost::urls::grammar::ci_is_equal(name, host))
                out.push_back(address);
        return out;
    }

    endpoint target;
    std::optional<proxy_address> proxy;
    std::string_view unused_proxy; ///< The environment's variable that names a proxy which is not used; a literal.
    std::vector<std::pair<std::string, boost::asio::ip::address>> addresses;
    std::shared_ptr<SSL_CTX> context; ///< With TLS.
};

} // namespace tidings::inline v0::transport::detail

#endif
