// TLS or not, depending on the base URL.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_BY_SCHEME_HPP
#define TIDINGS_TRANSPORT_BY_SCHEME_HPP

#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>

#include <boost/asio/async_result.hpp>

#include <memory>
#include <utility>
#include <variant>

namespace tidings::inline v0::transport {

/// For tools whose user types the base URL: `https://` is verified as in `transport::https`, `http://` is sent without
/// TLS. A service should name the one that it means.
class by_scheme
{
public:
    using policy_kind = transport_kind;

    /// A client of either transport.
    class client
    {
    public:
        template<class Client>
        explicit client(std::unique_ptr<Client> c) noexcept : client_(std::move(c))
        {
        }

        /// As `detail::client::async_round_trip`.
        template<class Token>
        auto async_round_trip(exchange& x, Token&& token)
        {
            return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
                [this](auto handler, exchange* what) {
                    std::visit([&](auto& c) { c->async_round_trip(*what, std::move(handler)); }, client_);
                },
                token, &x);
        }

    private:
        std::variant<std::unique_ptr<http::client>, std::unique_ptr<https::client>> client_;
    };

    by_scheme() = default;
    explicit by_scheme(https tls, http plain = http()) : https_(std::move(tls)), http_(std::move(plain)) {}

    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        return where.tls() ? wrap(https_.open(ex, where)) : wrap(http_.open(ex, where));
    }

private:
    template<class Client>
    static result<std::unique_ptr<client>> wrap(result<std::unique_ptr<Client>> made)
    {
        if (!made)
            return made.error();
        return std::make_unique<client>(*std::move(made));
    }

    https https_;
    http http_;
};
static_assert(transport_policy<by_scheme>);

} // namespace tidings::inline v0::transport

#endif
