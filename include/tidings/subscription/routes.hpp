// The routes of the platforms: personal channels, and the webhooks of groups.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_ROUTES_HPP
#define TIDINGS_SUBSCRIPTION_ROUTES_HPP

#include <tidings/any_notifier.hpp>
#include <tidings/any_webhook.hpp>
#include <tidings/config/channels.hpp>
#include <tidings/config/webhook.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/route.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace tidings::inline v0::subscription {

/// Messages go to people by a personal channel: `personal:lark` and so on.
///
/// A person is found by the kinds of address that the notifier was made for, of those that the directory has. A message
/// that is too long for the platform is sent `shortened`.
class personal_route
{
public:
    explicit personal_route(any_notifier n) noexcept : notify_(std::move(n)) {}

    /// @returns As `any_notifier::send`; a person who has no valid address is `errc::recipient_not_found`, too.
    TIDINGS_DECL boost::asio::awaitable<result<receipt>> deliver(notification const& n);

    /// Half an hour where the platform knows idempotency keys.
    std::chrono::seconds repeats_safely_for() const noexcept
    {
        constexpr std::chrono::seconds known_for = std::chrono::minutes(30);
        return notify_.capabilities().idempotency_keys ? known_for : std::chrono::seconds(-1);
    }

private:
    any_notifier notify_;
};

/// Messages go to a group by the webhook of its bot: `webhook:NAME`. One message for an event, whatever people it concerns.
/// One that is too long for the platform is sent `shortened`.
class webhook_route
{
public:
    static constexpr audience reaches = audience::group;

    explicit webhook_route(any_webhook w) noexcept : hook_(std::move(w)) {}

    /// @returns As `any_webhook::send`.
    TIDINGS_DECL boost::asio::awaitable<result<receipt>> deliver(notification const& n);

private:
    any_webhook hook_;
};

/// A route that cannot be made, such as one whose secret is missing: every message fails for this reason.
class unusable_route
{
public:
    unusable_route(failure why, audience to) noexcept : reaches(to), why_(std::move(why)) {}

    boost::asio::awaitable<result<receipt>> deliver(notification const&) { co_return why_; }

    audience reaches;

private:
    failure why_;
};

static_assert(delivery_route<personal_route> && delivery_route<webhook_route> && delivery_route<unusable_route>);

/// The routes of an organisation's channels: `personal:lark` and so on for each channel that is configured, and
/// `webhook:NAME` for each webhook. Does no network I/O.
///
/// Settings that are not usable, such as a reference to a secret that is missing, make a route whose messages fail with
/// that reason; the other routes work.
///
/// @param ex       Where everything runs: that of the dispatcher.
/// @param all      The channels and webhooks.
/// @param options  Of each notifier and webhook.
/// @returns Routes by name, for `dispatcher::set_route`. The inbox and e-mail are not among them.
TIDINGS_DECL std::map<std::string, any_route> make_routes(boost::asio::any_io_executor const& ex,
                                                          config::channels const& all,
                                                          config::notifier_options const& options);

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/routes.ipp>
#endif

#endif
