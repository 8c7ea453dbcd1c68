// HTTP without TLS, for loopback and tests.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_HTTP_HPP
#define TIDINGS_TRANSPORT_HTTP_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/result.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/pooled.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>

namespace tidings::inline v0::transport {

/// HTTP/1.1 without TLS: the secret and every token are sent unencrypted. For a server on the same machine.
class http : public pooled<http>
{
public:
    using policy_kind = transport_kind;
    using client = detail::client;

    http() = default;

    /// Makes a client of `where`.
    ///
    /// @param ex     The executor of its connections.
    /// @param where  The platform's address.
    /// @returns The client, or `errc::invalid_argument` if `where` is not http or a setting cannot be used.
    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        return open(ex, where, 1);
    }

private:
    template<class>
    friend class pipelined;
    friend class by_scheme;

    /// @param depth  How many requests a connection carries at once.
    TIDINGS_DECL result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where,
                                                      std::size_t depth) const;
};
static_assert(transport_policy<http>);

} // namespace tidings::inline v0::transport

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/transport/impl/client.ipp>
#endif

#endif
