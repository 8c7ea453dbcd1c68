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
                : op_(other.op_), home_(std::exchange(other.home_, nullptr)), ticket_(other.ticket_), sent_(other.sent_)
            {
            }
            permit& operator=(permit&& other) noexcept
            {
                permit old(std::move(*this));
                op_ = other.op_;
                home_ = std::exchange(other.home_, nullptr);
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
                if (auto* const home = std::exchange(home_, nullptr))
                    home->settle(*op_, ticket_, began, now, true);
            }
            void release() noexcept
            {
                if (auto* const home = std::exchange(home_, nullptr))
                    home->settle(*op_, ticket_, {}, std::chrono::steady_clock::now(), false);
            }

        private:
            friend class entry;
            permit(wire::operation const& op, entry* home, detail::limiter::ticket t) noexcept
                : op_(&op), home_(home), ticket_(t)
            {
            }

            wire::operation const* op_ = nullptr;
            entry* home_ = nullptr;
            detail::limiter::ticket ticket_ = 0;
            bool sent_ = false;
        };

        permit take(wire::operation const& op, time_point now)
        {
            auto const* const limits = op.limits();
            if (!limits)
                return permit(op, nullptr, 0);
            std::lock_guard const lock(mutex_);
            auto const ticket = gate_of(*limits).rules.take(op, now);
            return ticket == 0 ? permit() : permit(op, this, ticket);
        }

        boost::asio::awaitable<result<permit>> wait(wire::operation const& op, time_point deadline)
        {
            auto const ex = co_await boost::asio::this_coro::executor;
            auto const one = std::make_shared<waiter>(ex, op);
            stay const here(*this, one);
            if (auto refused = here.begin(deadline))
                co_return *std::move(refused);
            for (;;)
            {
                auto const until = here.look();
                if (!until && one->rejected)
                    co_return *one->rejected;
                if (!until)
                    co_return here.take();
                one->timer.expires_at(std::min(*until, deadline));
                boost::system::error_code ec;
                co_await one->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
                auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
                if (cancellation.cancelled() != boost::asio::cancellation_type::none)
                    co_return failure(errc::cancelled);
                if (std::chrono::steady_clock::now() >= deadline)
                    here.give_up();
            }
        }

        void refused(wire::operation const& op, failure const& why, time_point now)
        {
            auto const* const limits = op.limits();
            if (!limits)
                return;
            std::lock_guard const lock(mutex_);
            auto& there = gate_of(*limits);
            sleepers woken;
            there.rules.refused(op, why, now, [&](detail::limiter::waiter& w) { leave(there, w, woken); });
            look(there, now, woken);
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

        static void add(sleepers& woken, waiter& one) noexcept
        {
            using hook = boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>;
            if (!static_cast<hook const&>(one).is_linked())
                woken.push_back(one);
        }

        /// The limits of one API, and its waiting requests: one of them sleeps only until something may change, and
        /// wakes the requests that can be sent. The others sleep until they are woken, or their time has passed.
        struct gate
        {
            gate(wire::api_limits const& limits, detail::limit_changes const& changes) : rules(limits, changes) {}

            detail::limiter rules;
            waiter* watch = nullptr;
            time_point alarm;
        };

        /// One wait, which ends in any case: also when the coroutine is destroyed in the middle of it.
        class stay
        {
        public:
            stay(entry& p, std::shared_ptr<waiter> const& one) noexcept : entry_(p), one_(*one) {}
            stay(stay const&) = delete;
            stay& operator=(stay const&) = delete;
            ~stay() { entry_.end(one_); }

            std::optional<failure> begin(time_point deadline) const { return entry_.begin(one_, deadline); }
            /// Wakes the requests that can be sent.
            ///
            /// @returns When to look again. Nothing: this wait has ended, and no other object refers to it any more.
            std::optional<time_point> look() const { return entry_.look_for(one_); }
            permit take() const noexcept
            {
                return permit(one_.op, &entry_, std::exchange(one_.granted, detail::limiter::ticket(0)));
            }
            void give_up() const { entry_.give_up(one_); }

        private:
            entry& entry_;
            waiter& one_;
        };

        gate& gate_of(wire::api_limits const& limits)
        {
            for (auto const& one : gates_)
                if (one->rules.api() == limits.api())
                    return *one;
            gates_.push_back(std::make_unique<gate>(limits, changes_));
            return *gates_.back();
        }

        std::optional<failure> begin(waiter& one, time_point deadline)
        {
            std::lock_guard const lock(mutex_);
            auto refused =
                gate_of(*one.op.limits()).rules.enqueue(one, one.op, deadline, std::chrono::steady_clock::now());
            one.queued = !refused;
            return refused;
        }

        std::optional<time_point> look_for(waiter& one)
        {
            std::lock_guard const lock(mutex_);
            auto& there = gate_of(*one.op.limits());
            sleepers woken;
            if (one.queued)
                look(there, std::chrono::steady_clock::now(), woken);
            wake(woken, &one);
            if (!one.queued)
                return std::nullopt;
            return there.watch == &one ? there.alarm : time_point::max();
        }

        void give_up(waiter& one)
        {
            std::lock_guard const lock(mutex_);
            if (!one.queued)
                return;
            auto& there = gate_of(*one.op.limits());
            auto const now = std::chrono::steady_clock::now();
            sleepers woken;
            look(there, now, woken);
            if (one.queued)
            {
                one.rejected = there.rules.too_late(one, now);
                there.rules.remove(one);
                leave(there, one, woken);
                look(there, now, woken);
            }
            wake(woken, &one);
        }

        void end(waiter& one) noexcept
        {
            std::lock_guard const lock(mutex_);
            auto& there = gate_of(*one.op.limits());
            auto const now = std::chrono::steady_clock::now();
            sleepers woken;
            if (one.granted != 0)
                there.rules.release(one.op, one.granted, now);
            else if (one.queued)
            {
                there.rules.remove(one);
                leave(there, one, woken);
            }
            else
                return;
            look(there, now, woken);
            wake(woken, &one);
        }

        void settle(wire::operation const& op, detail::limiter::ticket t, time_point began, time_point now,
                    bool made) noexcept
        {
            std::lock_guard const lock(mutex_);
            auto& there = gate_of(*op.limits());
            sleepers woken;
            if (made)
                there.rules.on_reply(op, t, began, now);
            else
                there.rules.release(op, t, now);
            look(there, now, woken);
            wake(woken);
        }

        /// Wakes the requests that can be sent, and makes sure that one of the others keeps watch.
        void look(gate& there, time_point now, sleepers& woken) noexcept
        {
            constexpr std::chrono::milliseconds pause{50};
            if (there.rules.nobody_waits())
                return;
            auto again = now + pause;
            try
            {
                again = there.rules.look(now, [&](detail::limiter::waiter& w) { leave(there, w, woken); });
            }
            catch (std::bad_alloc const&)
            {
                // Nothing has changed for the calls that still wait: try again.
            }
            if (there.rules.nobody_waits())
                return;
            bool const earlier = again < there.alarm;
            there.alarm = again;
            if (there.watch && !earlier)
                return;
            there.watch = &static_cast<waiter&>(there.rules.first());
            add(woken, *there.watch);
        }

        /// A call has left the queue.
        static void leave(gate& there, detail::limiter::waiter& w, sleepers& woken) noexcept
        {
            auto& one = static_cast<waiter&>(w);
            one.queued = false;
            if (there.watch == &one)
                there.watch = nullptr;
            add(woken, one);
        }

        /// Wakes each call on its own executor, except the calling one. Under the mutex: a call in the queue is not
        /// destroyed meanwhile, and neither is its execution context.
        static void wake(sleepers& woken, waiter const* who = nullptr) noexcept
        {
            while (!woken.empty())
            {
                auto& one = woken.front();
                woken.pop_front();
                if (&one != who)
                    detail::wake(one.shared_from_this());
            }
        }

        detail::limit_changes const changes_;
        std::mutex mutex_;
        std::vector<std::unique_ptr<gate>> gates_;
    };

    /// The requests of the application that `key` names. Kept for the life of the policy.
    std::shared_ptr<entry> slot(std::string const& key)
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
