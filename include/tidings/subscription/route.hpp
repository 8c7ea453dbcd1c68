// A way by which messages reach people.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_ROUTE_HPP
#define TIDINGS_SUBSCRIPTION_ROUTE_HPP

#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/delivery.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::subscription {

/// The receivers of a message of a route.
enum class audience : std::uint8_t
{
    person, ///< One person; there is a message for each.
    group   ///< A group, whatever people the event concerns; there is one message.
};

/// A way by which messages reach people: an inbox, a mail server, a notifier, a group's webhook.
///
/// `r.deliver(n)` delivers one message and completes with a receipt, or with the failure: `errc::outcome_unknown` if it
/// may have been delivered, so that it is not sent again, and any other kind if it was not, so that it may be. It is
/// awaited on the dispatcher's executor, several times at once; `n` lives until it has completed. An exception counts as
/// an unknown outcome, and one with `operation_aborted` as `errc::cancelled`.
///
/// Optional: the member `audience r.reaches`, which may be static (`audience::person` unless declared), and `std::chrono::seconds
/// r.repeats_safely_for() const`: how long after a message, one under the same key is not delivered again (not at all
/// unless declared). If a program is killed while it sends a message, the message is sent again within that time.
///
/// `inbox_route`, `personal_route`, `webhook_route` and `email_route` model it.
template<class R>
concept delivery_route = requires(R& r, notification const& n) {
    { r.deliver(n) } -> std::same_as<boost::asio::awaitable<result<receipt>>>;
};

/// A route of any type. Copies share it.
///
/// @par Thread safety  As that of the route itself.
class any_route
{
public:
    /// @param r  Moved from.
    template<class R>
        requires(delivery_route<R> && !std::same_as<R, any_route>)
    any_route(R r) : self_(std::make_shared<model<R>>(std::move(r)))
    {
    }

    /// See `delivery_route`.
    boost::asio::awaitable<result<receipt>> deliver(notification const& n) { return self_->deliver(n); }
    audience reaches() const noexcept { return self_->reaches(); }
    /// Negative: a message that is sent again is delivered again.
    std::chrono::seconds repeats_safely_for() const { return self_->repeats_safely_for(); }

private:
    class base
    {
    public:
        virtual ~base() = default;
        virtual boost::asio::awaitable<result<receipt>> deliver(notification const& n) = 0;
        virtual audience reaches() const noexcept = 0;
        virtual std::chrono::seconds repeats_safely_for() const = 0;
    };

    template<class R>
    class model final : public base
    {
    public:
        explicit model(R r) : route_(std::move(r)) {}

        boost::asio::awaitable<result<receipt>> deliver(notification const& n) override { return route_.deliver(n); }
        audience reaches() const noexcept override
        {
            if constexpr (requires { route_.reaches; })
                return route_.reaches;
            else
                return audience::person;
        }
        std::chrono::seconds repeats_safely_for() const override
        {
            if constexpr (requires { route_.repeats_safely_for(); })
                return route_.repeats_safely_for();
            else
                return std::chrono::seconds(-1);
        }

    private:
        R route_;
    };

    std::shared_ptr<base> self_;
};

} // namespace tidings::inline v0::subscription

#endif
