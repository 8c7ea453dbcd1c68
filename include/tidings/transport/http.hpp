// HTTP without TLS, for loopback and tests.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_HTTP_HPP
#define TIDINGS_TRANSPORT_HTTP_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/transport/detail/pool.hpp>
#include <tidings/transport/pooled.hpp>

#include <memory>

namespace tidings::inline v0::transport {

/// HTTP/1.1 without TLS: the secret and every token are sent unencrypted. For a server on the same machine.
class http : public pooled<http>
{
public:
    using policy_kind = transport_kind;
    using client = detail::client<detail::plain_stream>;

    http() = default;

    /// Makes a client of `where`.
    ///
    /// @param ex     The executor of its connections.
    /// @param where  The platform's address.
    /// @returns The client, or `errc::invalid_argument` if `where` is not http or a setting cannot be used.
    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        if (where.tls())
            return make_failure(errc::invalid_argument, "the base URL is https; choose transport::https");
        auto way = route_to(where);
        if (!way)
            return way.error();
        return std::make_unique<client>(ex, *std::move(way), pool());
    }
};
static_assert(transport_policy<http>);

} // namespace tidings::inline v0::transport

#endif
