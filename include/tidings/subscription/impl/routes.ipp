// Delivers messages by personal channels and webhooks.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_ROUTES_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_ROUTES_IPP

#include <tidings/subscription/routes.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <utility>

namespace tidings::inline v0::subscription {

namespace detail {

inline send_options options_of(notification const& n)
{
    send_options out(n.key);
    if (!n.language.empty())
        out.language(n.language);
    return out;
}

} // namespace detail

TIDINGS_DECL boost::asio::awaitable<result<receipt>> personal_route::deliver(notification const& n)
{
    any_person who;
    who.login_name(n.to.login_name).phone_number(n.to.phone_number).email(n.to.email);
    auto how = detail::options_of(n);
    any_address to(std::move(who));
    any_message what(n.message);
    auto outcome = co_await notify_.send(std::move(to), std::move(what), std::move(how));
    if (!outcome && outcome.error() == errc::invalid_recipient)
        co_return failure(errc::recipient_not_found, boost::intrusive_ptr<diagnostics const>(outcome.error().facts()));
    co_return outcome;
}

TIDINGS_DECL boost::asio::awaitable<result<receipt>> webhook_route::deliver(notification const& n)
{
    auto how = detail::options_of(n);
    any_webhook_message what(n.message);
    return hook_.send(std::move(what), std::move(how));
}

TIDINGS_DECL std::map<std::string, any_route> make_routes(boost::asio::any_io_executor const& ex,
                                                          config::channels const& all,
                                                          config::notifier_options const& options)
{
    std::map<std::string, any_route> out;
    for (auto const name : config::channel_names)
    {
        auto const* const settings = all.find(name);
        if (!settings)
            continue;
        auto notify = config::make_notifier(ex, *settings, options);
        out.emplace(std::string(route::personal_prefix) + std::string(name),
                    notify ? any_route(personal_route(*std::move(notify)))
                           : any_route(unusable_route(notify.error(), audience::person)));
    }
    for (auto const& [name, settings] : all.webhooks)
    {
        auto hook = config::make_webhook(ex, settings, options);
        out.emplace(std::string(route::webhook_prefix) + name,
                    hook ? any_route(webhook_route(*std::move(hook)))
                         : any_route(unusable_route(hook.error(), audience::group)));
    }
    return out;
}

} // namespace tidings::inline v0::subscription

#endif
