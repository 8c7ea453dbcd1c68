// How a client is made, and how its exchanges begin.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_IMPL_CLIENT_IPP
#define TIDINGS_TRANSPORT_IMPL_CLIENT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/proxy_rules.hpp>
#include <tidings/transport/detail/round_trip_steps.hpp>
#include <tidings/transport/detail/tls_settings.hpp>
#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>

namespace tidings::inline v0::transport {

namespace detail {

TIDINGS_DECL client::~client()
{
    if (pool_)
        pool_->close();
}

TIDINGS_DECL bool client::writes_late() const noexcept
{
    return pool_->writes_late();
}

TIDINGS_DECL void client::open_early(std::size_t wanted, std::chrono::steady_clock::time_point deadline)
{
    pool_->open_early(wanted, deadline);
}

TIDINGS_DECL void client::stop_early()
{
    pool_->stop_early();
}

TIDINGS_DECL boost::asio::any_io_executor const& client::initiation::get_executor() const noexcept
{
    return pool_->executor();
}

TIDINGS_DECL client::pending_ptr client::make(pool& with, exchange& x)
{
    auto* const memory = with.allocate();
    return pending_ptr(::new (memory) round_trip(with.shared_from_this(), x));
}

TIDINGS_DECL void client::start(pending_ptr made, boost::asio::any_io_executor const& own,
                                boost::asio::cancellation_slot slot)
{
    static_cast<round_trip*>(made.release())->start(own, slot);
}

TIDINGS_DECL void client::give_back::operator()(pending_exchange* unused) const noexcept
{
    static_cast<round_trip*>(unused)->destroy();
}

} // namespace detail

namespace detail {

/// The route to `where`, or `errc::invalid_argument`.
TIDINGS_COLD inline result<route> route_to(endpoint const& where, pooled_settings const& settings)
{
    route out(where);
    for (auto const& [host, text] : settings.addresses)
    {
        boost::system::error_code ec;
        auto const address = boost::asio::ip::make_address(text, ec);
        if (ec)
            return make_failure(errc::invalid_argument,
                                '"' + text + "\", given for the host " + host + ", is not an IP address");
        out.addresses.emplace_back(host, address);
    }
    auto through = settings.proxy;
    if (!through)
    {
        auto const named = proxy_for(where, proxy_variables::of_this_process());
        if (settings.proxy_from_environment && !named.url.empty())
            through = transport::proxy(named.url.reveal());
        else
            out.unused_proxy = named.name;
    }
    if (through)
    {
        auto address = proxy_address::parse(
            *through, settings.proxy_from_environment ? "the proxy that the environment names" : "the proxy");
        if (!address)
            return address.error();
        out.proxy = *std::move(address);
    }
    return out;
}

TIDINGS_COLD TIDINGS_DECL result<std::unique_ptr<client>> make_client(boost::asio::any_io_executor const& ex,
                                                                      endpoint const& where,
                                                                      pooled_settings const& settings,
                                                                      tls_settings const* tls, std::size_t depth)
{
    auto way = route_to(where, settings);
    if (!way)
        return way.error();
    if (tls)
    {
        auto context = make_context(*tls);
        if (!context)
            return context.error();
        way->context = std::shared_ptr<SSL_CTX>(*context, (*context)->native_handle());
    }
    auto bounds = settings.pool;
    bounds.depth = depth;
    return std::make_unique<client>(std::make_shared<detail::pool>(ex, *std::move(way), bounds));
}

} // namespace detail

TIDINGS_COLD TIDINGS_DECL result<std::unique_ptr<http::client>> http::open(boost::asio::any_io_executor const& ex,
                                                                           endpoint const& where,
                                                                           std::size_t depth) const
{
    if (where.tls())
        return make_failure(errc::invalid_argument, "the base URL is https; choose transport::https");
    return detail::make_client(ex, where, settings(), nullptr, depth);
}

TIDINGS_COLD TIDINGS_DECL result<std::unique_ptr<https::client>> https::open(boost::asio::any_io_executor const& ex,
                                                                             endpoint const& where,
                                                                             std::size_t depth) const
{
    if (!where.tls())
        return make_failure(errc::invalid_argument,
                            "the base URL is not https; choose transport::http to send without TLS");
    return detail::make_client(ex, where, settings(), &tls_, depth);
}

} // namespace tidings::inline v0::transport

#endif
