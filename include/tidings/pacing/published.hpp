// Sending no faster than the platforms permit.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_PUBLISHED_HPP
#define TIDINGS_PACING_PUBLISHED_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/detail/wake.hpp>
#include <tidings/pacing/detail/limiter.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
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
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::pacing {

/// Keeps to the limits that the platforms publish, for each application, API and person: the platform never counts more
/// than its limit within any period of that length. Waiting requests are served first in, first out; waiting for one
/// recipient's limit does not delay requests to others. A request that would wait beyond its deadline fails at once,
/// with `errc::rate_limited` and `failure::wait()`. If the platform refuses nevertheless, all requests wait as long as
/// it asks.
///
/// Copies share what they count: give copies of one policy to all notifiers that send for the same application. If
/// several programs do, give each of them its `share`.
///
/// @par Thread safety  Distinct objects, copies included: safe. Notifiers of different threads may share one.
class published
{
public:
    using policy_kind = pacing_kind;

    published() : store_(std::make_shared<store>()) {}

    // All setters are to be called before the first notifier gets a copy.

    /// This program's part of every limit, including limits that are set with the following functions.
    ///
    /// @param part  More than 0, at most 1. At least 1 is left of a limit.
    published& share(double part)
    {
        store_->changes.share = part > 0 ? std::min(part, 1.0) : 0.0;
        return *this;
    }
    /// Changes the limits of this length of time of every API that has one: for a plan that permits more calls.
    ///
    /// @param max_count  Calls of one application. 0: no limit.
    /// @param per        More than zero.
    published& limit(unsigned max_count, std::chrono::milliseconds per) { return limit({}, max_count, per); }
    /// Changes or adds a limit of one API.
    ///
    /// @param api        By its name in `docs/pacing.md`: "im/v1/messages".
    /// @param max_count  Calls of one application. 0: no limit.
    /// @param per        More than zero.
    published& limit(std::string api, unsigned max_count, std::chrono::milliseconds per)
    {
        store_->changes.calls.emplace_back(std::move(api), wire::rate(max_count, per));
        return *this;
    }
    /// The same for calls to one person.
    published& limit_each_person(unsigned max_count, std::chrono::milliseconds per)
    {
        return limit_each_person({}, max_count, per);
    }
    published& limit_each_person(std::string api, unsigned max_count, std::chrono::milliseconds per)
    {
        store_->changes.each_person.emplace_back(std::move(api), wire::rate(max_count, per));
        return *this;
    }
    /// How many requests may wait for one API of one application; more fail with `errc::queue_full`. Default 10,000.
    published& max_waiting(std::size_t n)
    {
        store_->changes.max_waiting = n;
        return *this;
    }
    /// The number of people of one application whose requests are counted. Beyond that, the person without a request
    /// for the longest time is forgotten. Default 100,000. People for whom no request counts any more are forgotten in
    /// any case.
    published& max_people(std::size_t n)
    {
        store_->changes.max_people = n;
        return *this;
    }

    /// One application's requests.
    class entry
    {
    public:
        using time_point = std::chrono::steady_clock::time_point;

        explicit entry(detail::limit_changes const& changes) : changes_(changes) {}
        entry(entry const&) = delete;
        entry& operator=(entry const&) = delete;

        /// The permission to make one request.
        class permit
        {
        public:
            permit() noexcept = default;
            permit(permit&& other) noexcept
                : op_(other.op_), owner_(std::exchange(other.owner_, nullptr)), ticket_(other.ticket_),
                  sent_(other.sent_)
            {
            }
            permit& operator=(permit&& other) noexcept
            {
                permit old(std::move(*this));
                op_ = other.op_;
                owner_ = std::exchange(other.owner_, nullptr);
                ticket_ = other.ticket_;
                sent_ = other.sent_;
                return *this;
            }
            /// A request that was sent and whose answer is not known counts from now.
            ~permit()
            {
                if (sent_)
                    on_reply(time_point::max(), std::chrono::steady_clock::now());
                else
                    release();
            }

            explicit operator bool() const noexcept { return op_ != nullptr; }

            void on_sent() noexcept { sent_ = true; }
            void on_reply(time_point began, time_point now) noexcept
            {
                if (auto* const owner = std::exchange(owner_, nullptr))
                    owner->finish(*op_, ticket_, began, now, true);
            }
            void release() noexcept
            {
                if (auto* const owner = std::exchange(owner_, nullptr))
                    owner->finish(*op_, ticket_, {}, std::chrono::steady_clock::now(), false);
            }

        private:
            friend class entry;
            permit(wire::operation const& op, entry* owner, detail::limiter::ticket t) noexcept
                : op_(&op), owner_(owner), ticket_(t)
            {
            }

            wire::operation const* op_ = nullptr;
            entry* owner_ = nullptr;
            detail::limiter::ticket ticket_ = 0;
            bool sent_ = false;
        };

        permit take(wire::operation const& op, time_point now)
        {
            auto const* const limits = op.limits();
            if (!limits)
                return permit(op, nullptr, 0);
            std::lock_guard const lock(mutex_);
            auto const ticket = queue_of(*limits).rules.take(op, now);
            return ticket == 0 ? permit() : permit(op, this, ticket);
        }

        boost::asio::awaitable<result<permit>> wait(wire::operation const& op, time_point deadline)
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
                boost::system::error_code ec;
                co_await caller->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
                auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
                if (cancellation.cancelled() != boost::asio::cancellation_type::none)
                    co_return failure(errc::cancelled);
                if (std::chrono::steady_clock::now() >= deadline)
                    guard.give_up();
            }
        }

        void refused(wire::operation const& op, failure const& why, time_point now)
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

    private:
        struct woken_tag;

        /// A waiting call. The timer belongs to its own executor; everything else to the entry's mutex.
        struct waiter : detail::limiter::waiter,
                        boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>,
                        std::enable_shared_from_this<waiter>
        {
            waiter(boost::asio::any_io_executor const& ex, wire::operation const& o) : op(o), timer(ex) {}

            wire::operation const& op;
            boost::asio::steady_timer timer;
            bool queued = false;
        };

        /// The calls to wake. Not a container that allocates: destructors fill it.
        using sleepers = boost::intrusive::list<
            waiter, boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>>>;

        static void add(sleepers& woken, waiter& caller) noexcept
        {
            using hook = boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>;
            if (!static_cast<hook const&>(caller).is_linked())
                woken.push_back(caller);
        }

        /// The limits of one API, and its waiting requests: one of them sleeps only until something may change, and
        /// wakes the requests that can be sent. The others sleep until they are woken, or their time has passed.
        struct api_queue
        {
            api_queue(wire::api_limits const& limits, detail::limit_changes const& changes) : rules(limits, changes) {}

            detail::limiter rules;
            waiter* watch = nullptr;
            time_point alarm;
        };

        /// One wait, which ends in any case: also when the coroutine is destroyed in the middle of it.
        class waiter_guard
        {
        public:
            waiter_guard(entry& p, std::shared_ptr<waiter> const& caller) noexcept : entry_(p), caller_(*caller) {}
            waiter_guard(waiter_guard const&) = delete;
            waiter_guard& operator=(waiter_guard const&) = delete;
            ~waiter_guard() { entry_.end(caller_); }

            std::optional<failure> begin(time_point deadline) const { return entry_.begin(caller_, deadline); }
            /// Wakes the requests that can be sent.
            ///
            /// @returns When to look again. Nothing: this wait has ended, and no other object refers to it any more.
            std::optional<time_point> look() const { return entry_.look_for(caller_); }
            permit take() const noexcept
            {
                return permit(caller_.op, &entry_, std::exchange(caller_.granted, detail::limiter::ticket(0)));
            }
            void give_up() const { entry_.give_up(caller_); }

        private:
            entry& entry_;
            waiter& caller_;
        };

        api_queue& queue_of(wire::api_limits const& limits)
        {
            for (auto const& queue : queues_)
                if (queue->rules.api() == limits.api())
                    return *queue;
            queues_.push_back(std::make_unique<api_queue>(limits, changes_));
            return *queues_.back();
        }

        std::optional<failure> begin(waiter& caller, time_point deadline)
        {
            std::lock_guard const lock(mutex_);
            auto refused = queue_of(*caller.op.limits())
                               .rules.enqueue(caller, caller.op, deadline, std::chrono::steady_clock::now());
            caller.queued = !refused;
            return refused;
        }

        std::optional<time_point> look_for(waiter& caller)
        {
            std::lock_guard const lock(mutex_);
            auto& queue = queue_of(*caller.op.limits());
            sleepers woken;
            if (caller.queued)
                look(queue, std::chrono::steady_clock::now(), woken);
            wake(woken, &caller);
            if (!caller.queued)
                return std::nullopt;
            return queue.watch == &caller ? queue.alarm : time_point::max();
        }

        void give_up(waiter& caller)
        {
            std::lock_guard const lock(mutex_);
            if (!caller.queued)
                return;
            auto& queue = queue_of(*caller.op.limits());
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

        void end(waiter& caller) noexcept
        {
            std::lock_guard const lock(mutex_);
            auto& queue = queue_of(*caller.op.limits());
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

        void finish(wire::operation const& op, detail::limiter::ticket t, time_point began, time_point now,
                    bool made) noexcept
        {
            std::lock_guard const lock(mutex_);
            auto& queue = queue_of(*op.limits());
            sleepers woken;
            if (made)
                queue.rules.on_reply(op, t, began, now);
            else
                queue.rules.release(op, t, now);
            look(queue, now, woken);
            wake(woken);
        }

        /// Wakes the requests that can be sent, and makes sure that one of the others wakes in time to look again.
        void look(api_queue& queue, time_point now, sleepers& woken) noexcept
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
            queue.watch = &static_cast<waiter&>(queue.rules.first());
            add(woken, *queue.watch);
        }

        /// A call has left the queue.
        static void leave(api_queue& queue, detail::limiter::waiter& w, sleepers& woken) noexcept
        {
            auto& caller = static_cast<waiter&>(w);
            caller.queued = false;
            if (queue.watch == &caller)
                queue.watch = nullptr;
            add(woken, caller);
        }

        /// Wakes each call on its own executor, except the calling one. Under the mutex: a call in the queue is not
        /// destroyed meanwhile, and neither is its execution context.
        static void wake(sleepers& woken, waiter const* except = nullptr) noexcept
        {
            while (!woken.empty())
            {
                auto& sleeper = woken.front();
                woken.pop_front();
                if (&sleeper != except)
                    detail::wake(sleeper.shared_from_this());
            }
        }

        detail::limit_changes const changes_;
        std::mutex mutex_;
        std::vector<std::unique_ptr<api_queue>> queues_;
    };

    /// The requests of the application that `key` names. Kept for the life of the policy.
    std::shared_ptr<entry> entry_for(std::string const& key)
    {
        return store_->entries.find_or_make(key, [this] { return std::make_shared<entry>(store_->changes); });
    }

private:
    struct store
    {
        detail::limit_changes changes;
        detail::keyed_store<entry> entries;
    };

    std::shared_ptr<store> store_;
};
static_assert(pacing_policy<published>);

} // namespace tidings::inline v0::pacing

#endif
