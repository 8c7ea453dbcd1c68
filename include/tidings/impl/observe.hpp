// Tells an observer of events.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_OBSERVE_HPP
#define TIDINGS_IMPL_OBSERVE_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/event.hpp>
#include <tidings/observer/none.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::detail {

/// Whether a notifier can have it as its observer; if not, the compiler says why.
template<class Observer>
constexpr bool is_observer() noexcept
{
    static_assert(never_throws_at_an_event<Observer>,
                  "tidings: a function of this observer may throw; each on(event) has to be noexcept");
    static_assert(observer_policy<Observer>, "tidings: this is no observer; see tidings/concepts.hpp");
    static_assert(observes_nothing<Observer> || observes_some_event<Observer>,
                  "tidings: this observer has no function on(event) for any event of tidings/event.hpp");
    return true;
}

/// Tells the observer of an event, if it has a function for it; if not, the event is not even made.
///
/// @param make  Returns the event. Does not throw.
template<class Event, class Observer, class Make>
void observe(Observer& to, Make const& make) noexcept
{
    if constexpr (observes<Observer, Event>)
        to.on(Event(make()));
}

/// The time, if it is wanted for such an event.
template<class Event, class Observer>
std::chrono::steady_clock::time_point now_for(Observer const&) noexcept
{
    if constexpr (observes<Observer, Event>)
        return std::chrono::steady_clock::now();
    else
        return {};
}

/// What became of a delivery.
template<class Observer>
void observe_delivery(Observer& to, std::string_view platform, result<receipt> const& outcome,
                      std::chrono::steady_clock::time_point begun) noexcept
{
    observe<event::delivery_settled>(to, [&] {
        event::delivery_settled e;
        e.platform = platform;
        e.duration = std::chrono::steady_clock::now() - begun;
        if (outcome)
            e.attempts = outcome->attempts();
        else
        {
            e.error = outcome.error().code();
            e.cause = outcome.error().cause();
            e.attempts = outcome.error().attempts();
        }
        return e;
    });
}

/// Awaits a delivery and reports its result to the observer.
///
/// @param to     Belongs to the owner, or outlives the delivery.
/// @param owner  Of what the delivery refers to: lives until the observer has returned. A cancellation that comes while
///               the observer runs still finds the operation.
template<class Observer, class Owner>
boost::asio::awaitable<result<receipt>> deliver_and_report(Observer& to, std::string_view platform, Owner owner,
                                                           boost::asio::awaitable<result<receipt>> delivery)
{
    // Parameters are destroyed in no certain order, and the delivery has to go first.
    auto const kept = std::move(owner);
    auto running = std::move(delivery);
    auto const begun = std::chrono::steady_clock::now();
    try
    {
        result<receipt> outcome = co_await std::move(running);
        observe_delivery(to, platform, outcome, begun);
        co_return outcome;
    }
    catch (...)
    {
        observe_delivery(to, platform, failure(errc::outcome_unknown), begun);
        throw;
    }
}

/// The delivery of a message, which has not begun.
class delivery
{
public:
    delivery(boost::asio::awaitable<result<receipt>> o, bool const* c) noexcept : operation(std::move(o)), committed(c)
    {
    }

    boost::asio::awaitable<result<receipt>> operation;
    bool const* committed; ///< Whether the message is being written. Belongs to the operation.
};

/// Delivers a message, and reports the result to the observer if it is interested.
///
/// @param operation  Owns the operation, of which `self` is the state and `own` the call.
/// @param deliver    Makes an awaitable of the operation, or of a plain pointer to it.
template<class Operation, class Deliver>
delivery deliver_observed(std::string_view platform, Operation operation, Deliver const& deliver)
{
    bool const* const committed = &operation->own.committed;
    using observer_type = std::remove_cvref_t<decltype(operation->self->observer)>;
    if constexpr (observes<observer_type, event::delivery_settled>)
    {
        auto* const at = operation.get();
        return {deliver_and_report(at->self->observer, platform, std::move(operation), deliver(at)), committed};
    }
    else
        return {deliver(std::move(operation)), committed};
}

/// A code or an id of a platform's answer, if it looks like one: an event has no other text that somebody else wrote.
inline std::string_view plain_id(std::string_view text) noexcept
{
    constexpr std::size_t max_size = 128;
    return text.size() <= max_size && is_alphanumeric(text, "-._:") ? text : std::string_view();
}

/// Tells the observer of one attempt. An attempt that has begun ends in any case: also when an exception leaves it, and
/// when its coroutine is destroyed.
template<class Observer>
class attempt_report
{
public:
    attempt_report(Observer& to, std::string_view platform, std::string_view operation, std::string_view host,
                   wire::idempotency idempotency) noexcept
        : to_(to), platform_(platform), operation_(operation), host_(host), idempotency_(idempotency)
    {
    }
    attempt_report(attempt_report const&) = delete;
    attempt_report& operator=(attempt_report const&) = delete;
    ~attempt_report()
    {
        if (!under_way_)
            return;
        bool const may_have_had_an_effect =
            idempotency_ != wire::idempotency::idempotent && x_->progress >= transport::progress::sending;
        end(failure(may_have_had_an_effect ? errc::outcome_unknown : errc::cancelled));
    }

    /// @param x  Lives until the attempt has ended.
    void begin(transport::exchange const& x) noexcept
    {
        x_ = &x;
        ++number_;
        begun_ = std::chrono::steady_clock::now();
        under_way_ = true;
        observe<event::attempt_begun>(to_, [this] {
            event::attempt_begun e;
            e.platform = platform_;
            e.operation = operation_;
            e.host = host_;
            e.attempt = number_;
            return e;
        });
    }

    /// @param f  Why the attempt did not succeed; its code has no value if it did.
    void end(failure const& f) noexcept
    {
        under_way_ = false;
        observe_breaker();
        observe<event::attempt_ended>(to_, [&] {
            event::attempt_ended e;
            e.platform = platform_;
            e.operation = operation_;
            e.host = host_;
            e.attempt = number_;
            e.duration = std::chrono::steady_clock::now() - begun_;
            e.error = f.code();
            e.cause = f.cause();
            e.http_status = f.http_status();
            e.platform_code = plain_id(f.platform_code());
            e.log_id = plain_id(f.log_id());
            if (x_->progress >= transport::progress::sending)
                e.request_bytes = x_->request_bytes.size();
            if (x_->progress == transport::progress::complete)
                e.reply_bytes = x_->in.reply().body().size();
            return e;
        });
    }

private:
    void observe_breaker() noexcept
    {
        if (x_->breaker_change == transport::breaker_change::opened)
            observe<event::breaker_opened>(to_, [this] {
                event::breaker_opened e;
                e.platform = platform_;
                e.host = host_;
                e.pause = x_->breaker_pause;
                return e;
            });
        else if (x_->breaker_change == transport::breaker_change::closed)
            observe<event::breaker_closed>(to_, [this] {
                event::breaker_closed e;
                e.platform = platform_;
                e.host = host_;
                return e;
            });
    }

    Observer& to_;
    transport::exchange const* x_ = nullptr; ///< Of the last attempt.
    std::string_view platform_;
    std::string_view operation_;
    std::string_view host_;
    wire::idempotency idempotency_;
    unsigned number_ = 0;
    std::chrono::steady_clock::time_point begun_;
    bool under_way_ = false;
};

/// Of an observer that is not interested.
class no_attempt_report
{
public:
    template<class... Args>
    explicit no_attempt_report(Args const&...) noexcept
    {
    }
    void begin(transport::exchange const&) const noexcept {}
    void end(failure const&) const noexcept {}
};

template<class Observer>
using attempt_report_for =
    std::conditional_t<observes<Observer, event::attempt_begun> || observes<Observer, event::attempt_ended> ||
                           observes<Observer, event::breaker_opened> || observes<Observer, event::breaker_closed>,
                       attempt_report<Observer>, no_attempt_report>;

} // namespace tidings::inline v0::detail

#endif
