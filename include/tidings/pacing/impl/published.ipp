// Sending no faster than the platforms permit.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_IMPL_PUBLISHED_IPP
#define TIDINGS_PACING_IMPL_PUBLISHED_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/detail/wake.hpp>
#include <tidings/pacing/detail/limiter.hpp>
#include <tidings/pacing/published.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace tidings::inline v0::pacing {

TIDINGS_COLD TIDINGS_DECL published& published::share(double part)
{
    store_->changes.share = part > 0 ? std::min(part, 1.0) : 0.0;
    return *this;
}

TIDINGS_COLD TIDINGS_DECL published& published::limit(std::string api, unsigned max_count,
                                                      std::chrono::milliseconds per)
{
    store_->changes.calls.emplace_back(std::move(api), wire::rate(max_count, per));
    return *this;
}

TIDINGS_COLD TIDINGS_DECL published& published::limit_each_person(unsigned max_count, std::chrono::milliseconds per)
{
    return limit_each_person({}, max_count, per);
}

TIDINGS_COLD TIDINGS_DECL published& published::limit_each_person(std::string api, unsigned max_count,
                                                                  std::chrono::milliseconds per)
{
    store_->changes.each_person.emplace_back(std::move(api), wire::rate(max_count, per));
    return *this;
}

TIDINGS_COLD TIDINGS_DECL published& published::max_waiting(std::size_t n)
{
    store_->changes.max_waiting = n;
    return *this;
}

TIDINGS_COLD TIDINGS_DECL published& published::max_people(std::size_t n)
{
    store_->changes.max_people = n;
    return *this;
}

TIDINGS_DECL published::entry::permit::permit(permit&& other) noexcept
    : op_(other.op_), owner_(std::exchange(other.owner_, nullptr)), queue_(other.queue_), ticket_(other.ticket_),
      sent_(other.sent_)
{
}

TIDINGS_DECL published::entry::permit& published::entry::permit::operator=(permit&& other) noexcept
{
    permit old(std::move(*this));
    op_ = other.op_;
    owner_ = std::exchange(other.owner_, nullptr);
    queue_ = other.queue_;
    ticket_ = other.ticket_;
    sent_ = other.sent_;
    return *this;
}

TIDINGS_DECL published::entry::permit::~permit()
{
    if (!owner_)
        return;
    if (sent_)
        on_reply(time_point::max(), std::chrono::steady_clock::now());
    else
        release();
}

TIDINGS_DECL void published::entry::permit::on_reply(time_point began, time_point now) noexcept
{
    if (auto* const owner = std::exchange(owner_, nullptr))
        owner->finish(*op_, *queue_, ticket_, began, now, true);
}

TIDINGS_DECL void published::entry::permit::release() noexcept
{
    if (auto* const owner = std::exchange(owner_, nullptr))
        owner->finish(*op_, *queue_, ticket_, {}, std::chrono::steady_clock::now(), false);
}

TIDINGS_DECL published::entry::permit::permit(wire::operation const& op, entry& owner, api_queue& queue,
                                              detail::limiter::ticket t) noexcept
    : op_(&op), owner_(&owner), queue_(&queue), ticket_(t)
{
}

TIDINGS_DECL published::entry::permit published::entry::take(wire::operation const& op, time_point now)
{
    auto const* const limits = op.limits();
    if (!limits)
        return permit(op);
    std::lock_guard const lock(mutex_);
    auto& queue = queue_of(*limits);
    auto const ticket = queue.rules.take(op, now);
    return ticket == 0 ? permit() : permit(op, *this, queue, ticket);
}

TIDINGS_DECL boost::asio::awaitable<result<published::entry::permit>> published::entry::wait(wire::operation const& op,
                                                                                             time_point deadline)
{
    auto const ex = co_await boost::asio::this_coro::executor;
    auto const caller = std::make_shared<waiter>(ex, op);
    waiter_guard const guard(*this, caller);
    if (auto refused = guard.begin(deadline))
        co_return *std::move(refused);
    for (;;)
    {
        auto const until = guard.look();
        if (!until && caller->rejected)
            co_return *caller->rejected;
        if (!until)
            co_return guard.take();
        caller->timer.expires_at(std::min(*until, deadline));
        // No use_awaitable: that is a coroutine of its own.
        co_await caller->timer.async_wait(boost::asio::as_tuple(boost::asio::deferred));
        auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != boost::asio::cancellation_type::none)
            co_return failure(errc::cancelled);
        if (std::chrono::steady_clock::now() >= deadline)
            guard.give_up();
    }
}

TIDINGS_COLD TIDINGS_DECL void published::entry::refused(wire::operation const& op, failure const& why, time_point now)
{
    auto const* const limits = op.limits();
    if (!limits)
        return;
    std::lock_guard const lock(mutex_);
    auto& queue = queue_of(*limits);
    sleepers woken;
    queue.rules.refused(op, why, now, [&](detail::limiter::waiter& w) { leave(queue, w, woken); });
    look(queue, now, woken);
    wake(woken);
}

TIDINGS_DECL void published::entry::add(sleepers& woken, waiter& caller) noexcept
{
    using hook = boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>;
    if (!static_cast<hook const&>(caller).is_linked())
        woken.push_back(caller);
}

TIDINGS_DECL published::entry::permit published::entry::waiter_guard::take() const noexcept
{
    return permit(caller_.op, entry_, *caller_.queue, std::exchange(caller_.granted, detail::limiter::ticket()));
}

TIDINGS_DECL published::entry::api_queue& published::entry::queue_of(wire::api_limits const& limits)
{
    for (auto const& queue : queues_)
        if (queue->rules.api() == limits.api())
            return *queue;
    queues_.push_back(std::make_unique<api_queue>(limits, changes_));
    return *queues_.back();
}

TIDINGS_DECL std::optional<failure> published::entry::begin(waiter& caller, time_point deadline)
{
    std::lock_guard const lock(mutex_);
    caller.queue = &queue_of(*caller.op.limits());
    auto refused = caller.queue->rules.enqueue(caller, caller.op, deadline, std::chrono::steady_clock::now());
    caller.queued = !refused;
    return refused;
}

TIDINGS_DECL std::optional<published::entry::time_point> published::entry::look_for(waiter& caller)
{
    std::lock_guard const lock(mutex_);
    auto& queue = *caller.queue;
    sleepers woken;
    if (caller.queued)
        look(queue, std::chrono::steady_clock::now(), woken);
    wake(woken, &caller);
    if (!caller.queued)
        return std::nullopt;
    return queue.watch == &caller ? queue.alarm : time_point::max();
}

TIDINGS_COLD TIDINGS_DECL void published::entry::give_up(waiter& caller)
{
    std::lock_guard const lock(mutex_);
    if (!caller.queued)
        return;
    auto& queue = *caller.queue;
    auto const now = std::chrono::steady_clock::now();
    sleepers woken;
    look(queue, now, woken);
    if (caller.queued)
    {
        caller.rejected = queue.rules.too_late(caller, now);
        queue.rules.remove(caller, now);
        leave(queue, caller, woken);
        look(queue, now, woken);
    }
    wake(woken, &caller);
}

TIDINGS_DECL void published::entry::end(waiter& caller) noexcept
{
    std::lock_guard const lock(mutex_);
    if (!caller.queue)
        return;
    auto& queue = *caller.queue;
    auto const now = std::chrono::steady_clock::now();
    sleepers woken;
    if (caller.granted != 0)
        queue.rules.release(caller.op, caller.granted, now);
    else if (caller.queued)
    {
        queue.rules.remove(caller, now);
        leave(queue, caller, woken);
    }
    else
        return;
    look(queue, now, woken);
    wake(woken, &caller);
}

TIDINGS_DECL void published::entry::finish(wire::operation const& op, api_queue& queue, detail::limiter::ticket t,
                                           time_point began, time_point now, bool made) noexcept
{
    std::lock_guard const lock(mutex_);
    sleepers woken;
    if (made)
        queue.rules.on_reply(op, t, began, now);
    else
        queue.rules.release(op, t, now);
    look(queue, now, woken);
    wake(woken);
}

TIDINGS_DECL void published::entry::look(api_queue& queue, time_point now, sleepers& woken) noexcept
{
    constexpr std::chrono::milliseconds pause{50};
    if (queue.rules.nobody_waits())
        return;
    auto again = now + pause;
    try
    {
        again = queue.rules.look(now, [&](detail::limiter::waiter& w) { leave(queue, w, woken); });
    }
    catch (std::bad_alloc const&)
    {
        // Nothing has changed for the calls that still wait: try again.
    }
    if (queue.rules.nobody_waits())
        return;
    bool const earlier = again < queue.alarm;
    queue.alarm = again;
    if (queue.watch && !earlier)
        return;
    queue.watch = &static_cast<waiter&>(queue.rules.last());
    add(woken, *queue.watch);
}

TIDINGS_DECL void published::entry::leave(api_queue& queue, detail::limiter::waiter& w, sleepers& woken) noexcept
{
    auto& caller = static_cast<waiter&>(w);
    caller.queued = false;
    if (queue.watch == &caller)
        queue.watch = nullptr;
    add(woken, caller);
}

TIDINGS_DECL void published::entry::wake(sleepers& woken, waiter const* except) noexcept
{
    while (!woken.empty())
    {
        auto& sleeper = woken.front();
        woken.pop_front();
        if (&sleeper != except)
            detail::wake(sleeper.shared_from_this());
    }
}

TIDINGS_COLD TIDINGS_DECL std::shared_ptr<published::entry> published::entry_for(std::string const& key)
{
    return store_->entries.find_or_make(key, [this] { return std::make_shared<entry>(store_->changes); });
}

} // namespace tidings::inline v0::pacing

#endif
