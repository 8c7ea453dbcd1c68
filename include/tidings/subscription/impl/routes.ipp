// Delivers messages by personal channels and webhooks.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_ROUTES_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_ROUTES_IPP

#include <tidings/detail/failure.hpp>
#include <tidings/subscription/routes.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <cstddef>
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

/// @param why  That the person has no address that the platform can be asked for.
inline failure without_address(failure const& why)
{
    failure const not_found(errc::recipient_not_found, boost::intrusive_ptr<diagnostics const>(why.facts()));
    return tidings::detail::amend(not_found, [](diagnostics& facts) { facts.remedy = &enter_the_address; });
}

/// Sends a text in place of a notification's, to its person.
class person_sender
{
public:
    person_sender(any_notifier& by, notification const& n) noexcept : notify_(&by), about_(&n) {}

    boost::asio::awaitable<result<receipt>> operator()(notice const& text) const
    {
        any_person who;
        who.login_name(about_->to.login_name).phone_number(about_->to.phone_number).email(about_->to.email);
        return notify_->send(any_address(std::move(who)), any_message(text), options_of(*about_));
    }

private:
    any_notifier* notify_;
    notification const* about_;
};

/// The same, to a group.
class group_sender
{
public:
    group_sender(any_webhook& by, notification const& n) noexcept : hook_(&by), about_(&n) {}

    boost::asio::awaitable<result<receipt>> operator()(notice const& text) const
    {
        return hook_->send(any_webhook_message(text), options_of(*about_));
    }

private:
    any_webhook* hook_;
    notification const* about_;
};

/// Sends a message, and a shorter one if that is too long for the platform: most are refused without a request.
///
/// @param send  `send(notice const&)`. Called again only after a message that was not sent.
template<class Send>
boost::asio::awaitable<result<receipt>> send_as_long_as_it_fits(notification const& n, Send send)
{
    static constexpr std::size_t shorter[] = {10000, 1500, 500}; // bytes; markup and JSON add to them
    result<receipt> outcome = co_await send(n.message);
    for (auto const max_bytes : shorter)
    {
        if (outcome || outcome.error() != errc::message_too_long)
            break;
        notice const text = shortened(n.message, max_bytes);
        outcome = co_await send(text);
    }
    co_return outcome;
}

} // namespace detail

TIDINGS_DECL boost::asio::awaitable<result<receipt>> personal_route::deliver(notification const& n)
{
    detail::person_sender const send(notify_, n);
    result<receipt> outcome = co_await detail::send_as_long_as_it_fits(n, send);
    if (!outcome && outcome.error() == errc::invalid_recipient)
        co_return detail::without_address(outcome.error());
    co_return outcome;
}

TIDINGS_DECL boost::asio::awaitable<result<receipt>> webhook_route::deliver(notification const& n)
{
    detail::group_sender const send(hook_, n);
    result<receipt> outcome = co_await detail::send_as_long_as_it_fits(n, send);
    co_return outcome;
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
