// Something that is fetched once however many ask, and kept until it is stale.
// A refusal that no repetition mends is kept for a while, too.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_DETAIL_SINGLE_FLIGHT_HPP
#define TIDINGS_TOKEN_CACHE_DETAIL_SINGLE_FLIGHT_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/detail/wake.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace tidings::inline v0::detail {

/// How long a failed fetch answers those who ask after it. Only wrong credentials do, for as long as `refusals` says:
/// they do not become right by repetition, and WeCom blocks the address that goes on trying.
inline std::chrono::steady_clock::duration remembers(failure const& f, std::chrono::steady_clock::duration refusals)
{
    return f == errc::bad_credentials ? refusals : std::chrono::steady_clock::duration::zero();
}

/// The failure that a caller gets while a failure is remembered.
///
/// @param f     The remembered failure.
/// @param left  How much longer it is remembered.
inline failure recalled(failure const& f, std::chrono::steady_clock::duration left)
{
    return amend(f, [left](diagnostics& facts) {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
        facts.detail += facts.detail.empty() ? "" : "; ";
        facts.detail += "remembered, the platform was not asked again; next try in " + std::to_string(seconds) + " s";
        facts.attempts = 0;
    });
}

/// The place of one such value: an access token, an index of people. `freshness_of(value, now)` says how fresh it is.
///
/// @par Thread safety  Shared objects: safe.
template<class Value>
class single_flight
{
public:
    using pointer = std::shared_ptr<Value const>;
    using fetcher = std::function<boost::asio::awaitable<result<pointer>>()>;
    using time_point = std::chrono::steady_clock::time_point;
    using cached_value = tidings::cached_value<Value>;
    using duration = std::chrono::steady_clock::duration;

    static constexpr std::chrono::seconds default_max_flight{30};
    static constexpr std::size_t default_max_waiting = 10'000;

    /// @param refusals    How long wrong credentials are remembered. Zero: not at all.
    /// @param max_length  How long a fetch may take before another call may begin another.
    /// @param waiting     How many calls may wait for a fetch; more fail with `errc::queue_full`.
    explicit single_flight(duration refusals = duration::zero(), duration max_length = default_max_flight,
                           std::size_t waiting = default_max_waiting) noexcept
        : refusals_(refusals), max_length_(max_length), max_waiting_(waiting)
    {
    }

    /// Looks without waiting.
    cached_value peek(time_point now)
    {
        std::lock_guard const lock(mutex_);
        return peek_locked(now);
    }

    /// The cached token, or the one that is being fetched, or one that this call fetches: one fetch at a time.
    ///
    /// All waiting calls share the result of the fetch, a failure included. Only a fetch that was cancelled or ran out
    /// of its own time is followed by another one, and becomes a cause if that fails too. A remembered failure is
    /// returned at once.
    TIDINGS_COLD boost::asio::awaitable<result<pointer>> obtain(fetcher const& fetch, time_point now,
                                                                std::chrono::steady_clock::time_point deadline)
    {
        auto const ex = co_await boost::asio::this_coro::executor;
        failure before; // of those who gave up while this call waited for them
        for (;;)
        {
            waiter_guard waiting(*this);
            unsigned flight = 0;
            {
                std::lock_guard const lock(mutex_);
                if (auto known = peek_locked(now); known.token)
                    co_return std::move(known.token);
                if (remembers_refusal(now))
                    co_return recalled(*refused_, refused_until_ - now);
                if (!is_in_flight())
                    flight = start_flight(deadline);
                else if (waiting_.size() < max_waiting_)
                    waiting.enqueue(ex, std::min(deadline, overdue_));
                else
                    co_return make_failure(errc::queue_full,
                                           std::to_string(waiting_.size()) + " calls wait for it already");
            }
            if (!waiting)
            {
                flight_guard guard(*this, now, flight);
                result<pointer> fetched = co_await fetch();
                if (fetched.has_error())
                    fetched = in_view_of(before, fetched.error());
                guard.set_outcome(fetched);
                co_return fetched;
            }
            co_await expiry_of(waiting->timer);
            bool woken = false;
            std::optional<result<pointer>> const outcome = waiting.outcome(woken);
            bool const given_up = outcome && is_given_up(*outcome);
            if (given_up)
                before = outcome->error();
            auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
            if (cancellation.cancelled() != boost::asio::cancellation_type::none)
                co_return in_view_of(before, failure(errc::cancelled));
            if (outcome && !given_up)
                co_return *outcome;
            if (!woken && std::chrono::steady_clock::now() >= deadline)
                co_return in_view_of(before, make_failure(errc::timed_out, "while another call fetched the same"));
        }
    }

    /// Replaces the value while it still works. A failure is no error: the next one who needs it tries again.
    TIDINGS_COLD boost::asio::awaitable<void> refresh(fetcher const& fetch, time_point now)
    {
        unsigned flight = 0;
        {
            std::lock_guard const lock(mutex_);
            if (is_in_flight() || remembers_refusal(now))
                co_return;
            flight = start_flight(time_point::max());
        }
        flight_guard guard(*this, now, flight);
        result<pointer> fetched = co_await fetch();
        guard.set_outcome(fetched);
    }

    /// Forgets `rejected`; a newer token, which another call has fetched meanwhile, stays.
    TIDINGS_COLD void drop(pointer const& rejected)
    {
        std::lock_guard const lock(mutex_);
        if (value_ == rejected)
            value_.reset();
    }

private:
    /// A call that waits for the fetch of another. Its timer belongs to its own executor.
    struct waiter : boost::intrusive::list_base_hook<>, std::enable_shared_from_this<waiter>
    {
        waiter(boost::asio::any_io_executor const& ex, std::chrono::steady_clock::time_point deadline)
            : posting(posting_service::of(ex)), timer(ex, deadline)
        {
        }

        posting_service& posting;
        boost::asio::steady_timer timer;
        // Under the mutex: a fetch may end while the end of the wait is on its way.
        std::optional<result<pointer>> outcome;
        bool woken = false;
    };

    /// The place of a waiter in the queue, given up in any case: also when the coroutine is destroyed while it waits,
    /// since its execution context is, which must not be touched any more then.
    class waiter_guard
    {
    public:
        explicit waiter_guard(single_flight& p) noexcept : entry_(p) {}
        waiter_guard(waiter_guard const&) = delete;
        waiter_guard& operator=(waiter_guard const&) = delete;
        ~waiter_guard()
        {
            if (!waiter_)
                return;
            std::lock_guard const lock(entry_.mutex_);
            if (waiter_->is_linked())
                entry_.waiting_.erase(entry_.waiting_.iterator_to(*waiter_));
        }

        /// Under the mutex.
        void enqueue(boost::asio::any_io_executor const& ex, std::chrono::steady_clock::time_point deadline)
        {
            waiter_ = std::make_shared<waiter>(ex, deadline);
            entry_.waiting_.push_back(*waiter_);
        }

        /// The result of the fetch, if it has ended; nothing if it is not known.
        std::optional<result<pointer>> outcome(bool& woken) const
        {
            std::lock_guard const lock(entry_.mutex_);
            woken = waiter_->woken;
            return waiter_->outcome;
        }

        explicit operator bool() const noexcept { return waiter_ != nullptr; }
        waiter* operator->() const noexcept { return waiter_.get(); }

    private:
        single_flight& entry_;
        std::shared_ptr<waiter> waiter_;
    };

    /// Ends a fetch in any case: also when an exception leaves it, and when the coroutine is destroyed in the middle of
    /// it.
    class flight_guard
    {
    public:
        flight_guard(single_flight& p, time_point begun, unsigned flight) noexcept
            : entry_(p), begun_(begun), flight_(flight)
        {
        }
        flight_guard(flight_guard const&) = delete;
        flight_guard& operator=(flight_guard const&) = delete;
        ~flight_guard() { entry_.end(outcome_, begun_, flight_); }

        void set_outcome(result<pointer> const& fetched) noexcept { outcome_ = fetched; }

    private:
        single_flight& entry_;
        time_point begun_;
        unsigned flight_;
        std::optional<result<pointer>> outcome_;
    };

    /// A flight whose coroutine is never resumed (its execution context was stopped, or its call has no deadline and
    /// the peer is silent) ends when it is overdue: another call may start the next one.
    bool is_in_flight() const noexcept { return in_flight_ && std::chrono::steady_clock::now() < overdue_; }

    /// @returns The number of the flight.
    TIDINGS_COLD unsigned start_flight(std::chrono::steady_clock::time_point deadline) noexcept
    {
        constexpr std::chrono::milliseconds grace{250};
        overdue_ = std::min(deadline, std::chrono::steady_clock::now() + max_length_) + grace;
        in_flight_ = true;
        return ++flight_;
    }

    bool remembers_refusal(time_point now) const noexcept { return refused_ && now < refused_until_; }

    cached_value peek_locked(time_point now) const
    {
        if (!value_)
            return {};
        auto const state = freshness_of(*value_, now);
        return state == freshness::must_fetch ? cached_value{} : cached_value(value_, state);
    }

    /// A flight that its own caller gave up says nothing to the others: the first of them starts another.
    static bool is_given_up(result<pointer> const& outcome)
    {
        return outcome.has_error() && detail::is_given_up(outcome.error());
    }

    /// @param before  What became of a flight that was given up.
    TIDINGS_COLD static failure in_view_of(failure const& before, failure const& f)
    {
        return detail::is_given_up(f) && !f.cause() && before.cause() ? because_of(f, before) : f;
    }

    TIDINGS_COLD void end(std::optional<result<pointer>> const& outcome, time_point begun, unsigned flight) noexcept
    {
        std::lock_guard const lock(mutex_);
        if (flight != flight_) // another has taken its place
        {
            if (outcome && outcome->has_value() && !value_)
                value_ = **outcome;
            return;
        }
        in_flight_ = false;
        if (outcome && outcome->has_value())
        {
            value_ = **outcome;
            refused_.reset();
        }
        else if (outcome)
            if (auto const lasts = remembers(outcome->error(), refusals_); lasts > duration::zero())
            {
                refused_ = outcome->error();
                refused_until_ = begun + lasts;
            }
        // Under the mutex: a waiter in the queue is not destroyed meanwhile, and so neither is its execution context,
        // though that may have begun.
        while (!waiting_.empty())
        {
            auto& w = waiting_.front();
            waiting_.pop_front();
            w.woken = true;
            w.outcome = outcome;
            wake(w.shared_from_this());
        }
    }

    duration const refusals_;
    duration const max_length_;
    std::size_t const max_waiting_;
    std::mutex mutex_;
    pointer value_;
    std::optional<failure> refused_;
    time_point refused_until_{};
    bool in_flight_ = false;
    unsigned flight_ = 0; ///< The number of the last one.
    std::chrono::steady_clock::time_point overdue_{};
    boost::intrusive::list<waiter> waiting_;
};

} // namespace tidings::inline v0::detail

#endif
