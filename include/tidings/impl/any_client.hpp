// The common parts of notifiers and webhooks whose platform is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ANY_CLIENT_HPP
#define TIDINGS_IMPL_ANY_CLIENT_HPP

#include <tidings/any_message.hpp>
#include <tidings/any_settings.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/policy/base_url.hpp>
#include <tidings/policy/channel_language.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/policy/retry.hpp>
#include <tidings/transport/by_scheme.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tidings::inline v0::detail {

/// @param operation  "make notifier".
inline failure cannot_make(std::string_view operation, std::string detail)
{
    return make_failure(errc::invalid_argument, [&](diagnostics& facts) {
        facts.operation = operation;
        facts.detail = std::move(detail);
    });
}

/// The transport of some settings.
inline transport::by_scheme transport_of(any_settings const& settings)
{
    auto const with_proxy = [&settings](auto transport) {
        if (settings.proxy())
            transport.proxy(*settings.proxy());
        if (settings.proxy_from_environment())
            transport.proxy_from_environment();
        return transport;
    };
    auto tls = with_proxy(transport::https());
    tls.ca_file(settings.ca_file())
        .ca_directory(settings.ca_directory())
        .system_authorities(settings.system_authorities());
    tls.client_certificate(settings.certificate_path(), settings.key_path(), settings.passphrase());
    return transport::by_scheme(std::move(tls), with_proxy(transport::http()));
}

/// Calls `f` with the policies that both have.
template<class F>
auto with_policies(any_settings const& settings, F f)
{
    return f(transport_of(settings), tidings::base_url(settings.base_url()), tidings::deadline(settings.deadline()),
             retry::safe()
                 .max_retries(settings.max_retries())
                 .initial_backoff(settings.initial_backoff())
                 .max_backoff(settings.max_backoff()),
             channel_language(settings.language()), settings.observer());
}

/// Calls `f` with the message, in the platform's type. Every platform has every kind; one that lacks a kind does not
/// compile.
template<class Provider, class T, class Message, class F>
T visit_message(Message what, F f)
{
    return std::visit(
        [&]<class Kind>(Kind& message) -> T {
            if constexpr (std::same_as<Kind, any_native>)
                return f(typename Provider::native(message.type(), message.json()));
            else
                return f(std::move(message));
        },
        what);
}

} // namespace tidings::inline v0::detail

#endif
