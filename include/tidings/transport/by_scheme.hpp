// TLS or not, depending on the base URL.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_BY_SCHEME_HPP
#define TIDINGS_TRANSPORT_BY_SCHEME_HPP

#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace tidings::inline v0::transport {

/// For tools whose user types the base URL: `https://` is verified as in `transport::https`, `http://` is sent without
/// TLS. A service should name the one that it means.
class by_scheme
{
public:
    using policy_kind = transport_kind;

    using client = detail::client;

    by_scheme() = default;
    explicit by_scheme(https tls, http plain = http()) : https_(std::move(tls)), http_(std::move(plain)) {}

    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        return open(ex, where, 1);
    }

private:
    template<class>
    friend class pipelined;

    /// @param depth  How many requests a connection carries at once.
    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where,
                                         std::size_t depth) const
    {
        return where.tls() ? https_.open(ex, where, depth) : http_.open(ex, where, depth);
    }

    https https_;
    http http_;
};
static_assert(transport_policy<by_scheme>);

} // namespace tidings::inline v0::transport

#endif
