// Something that is fetched once however many ask, and kept until it is stale.
// A refusal that no repetition mends is kept for a while, too.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_SINGLE_FLIGHT_HPP
#define TIDINGS_DETAIL_SINGLE_FLIGHT_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::detail {

/// How long a failed fetch answers those who ask after it. Only wrong credentials do, for as long as `refusals` says:
/// they do not become right by repetition, and WeCom blocks the address that goes on trying.
inline std::chrono::steady_clock::duration remembers(failure const& f, std::chrono::steady_clock::duration refusals)
{
    return f == errc::bad_credentials ? refusals : std::chrono::steady_clock::duration::zero();
}

/// What somebody is told who asks while a failure is remembered.
///
/// @param left  How much longer it is.
inline failure recalled(failure const& f, std::chrono::steady_clock::duration left)
{
    return amend(f, [left](diagnostics& facts) {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
        facts.detail += facts.detail.empty() ? "" : "; ";
        facts.detail += "remembered, the platform was not asked again; next try in " + std::to_string(seconds) + " s";
        facts.attempts = 0;
    });
}

/// The place of one such value: an access token, an index of people. `judge(value, now)` says how fresh it is.
///
/// @par Thread safety  Shared objects: safe.
template<class Value>
class single_flight
{
public:
    using pointer = std::shared_ptr<Value const>;
    using fetcher = std::function<boost::asio::awaitable<result<pointer>>()>;
    using time_point = std::chrono::steady_clock::time_point;
    using cached = tidings::cached<Value>;
    using duration = std::chrono::steady_clock::duration;

    /// @param refusals  How long wrong credentials are remembered. Zero: not at all.
    /// @param longest   How long a fetch may take before somebody else may begin another.
    explicit single_flight(duration refusals = duration::zero(), duration longest = std::chrono::seconds(30)) noexcept
        : refusals_(refusals), longest_(longest)
    {
    }

    /// Looks without waiting.
    cached peek(time_point now)
    {
        std::lock_guard const lock(mutex_);
        return peek_locked(now);
    }

    /// The cached token, or the one that is being fetched, or one that this call fetches: one flight at a time.
    ///
    /// Whoever waits shares what the flight brings, a failure included; only one that was cancelled or ran out of
    /// its own time is followed by another, and is a cause where that comes to nothing, too. A failure that is
    /// remembered is told at once.
    boost::asio::awaitable<result<pointer>> obtain(fetcher const& fetch, time_point now,
                                                   std::chrono::steady_clock::time_point deadline)
    {
        auto const ex = co_await boost::asio::this_coro::executor;
        failure before; // of those who gave up while this call waited for them
        for (;;)
        {
            seat waiting(*this);
            unsigned flight = 0;
            {
                std::lock_guard const lock(mutex_);
                if (auto at_hand = peek_locked(now); at_hand.token)
                    co_return std::move(at_hand.token);
                if (remembers_refusal(now))
                    co_return recalled(*refused_, refused_until_ - now);
                if (is_airborne())
                    waiting.take(ex, std::min(deadline, overdue_));
                else
                    flight = take_off(deadline);
            }
            if (!waiting)
            {
                landing at_end(*this, now, flight);
                result<pointer> fetched = co_await fetch();
                if (fetched.has_error())
                    fetched = in_view_of(before, fetched.error());
                at_end.bring(fetched);
                co_return fetched;
            }
            boost::system::error_code ec;
            co_await waiting->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
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
                co_return in_view_of(before, fail(errc::timed_out, "while somebody else fetched the same"));
        }
    }

    /// Replaces the value while it still works. A failure is no error: the next one who needs it tries again.
    boost::asio::awaitable<void> refresh(fetcher const& fetch, time_point now)
    {
        unsigned flight = 0;
        {
            std::lock_guard const lock(mutex_);
            if (is_airborne() || remembers_refusal(now))
                co_return;
            flight = take_off(time_point::max());
        }
        landing at_end(*this, now, flight);
        result<pointer> fetched = co_await fetch();
        at_end.bring(fetched);
    }

    /// Forgets `rejected`; a newer token, which somebody else has fetched meanwhile, stays.
    void drop(pointer const& rejected)
    {
        std::lock_guard const lock(mutex_);
        if (value_ == rejected)
            value_.reset();
    }

private:
    /// Somebody who waits for a flight. Its timer belongs to its own executor.
    struct passenger
    {
        passenger(boost::asio::any_io_executor const& ex, std::chrono::steady_clock::time_point deadline)
            : timer(ex, deadline)
        {
        }

        boost::asio::steady_timer timer;
        // Under the mutex: a flight may land while the end of the wait is on its way.
        std::optional<result<pointer>> outcome;
        bool woken = false;
    };

    /// The place of a passenger in the queue, given up in any case: also when the coroutine is destroyed while it
    /// waits, since its execution context is, which must not be touched any more then.
    class seat
    {
    public:
        explicit seat(single_flight& p) noexcept : place_(p) {}
        seat(seat const&) = delete;
        seat& operator=(seat const&) = delete;
        ~seat()
        {
            if (!who_)
                return;
            std::lock_guard const lock(place_.mutex_);
            std::erase(place_.waiting_, who_);
        }

        /// Under the mutex.
        void take(boost::asio::any_io_executor const& ex, std::chrono::steady_clock::time_point deadline)
        {
            who_ = std::make_shared<passenger>(ex, deadline);
            place_.waiting_.push_back(who_);
        }

        /// What the flight brought, if it has landed; nothing when nobody knows.
        std::optional<result<pointer>> outcome(bool& woken) const
        {
            std::lock_guard const lock(place_.mutex_);
            woken = who_->woken;
            return who_->outcome;
        }

        explicit operator bool() const noexcept { return who_ != nullptr; }
        passenger* operator->() const noexcept { return who_.get(); }

    private:
        single_flight& place_;
        std::shared_ptr<passenger> who_;
    };

    /// Ends a flight in any case: also when the coroutine is destroyed in the middle of it.
    class landing
    {
    public:
        landing(single_flight& p, time_point begun, unsigned flight) noexcept
            : place_(p), begun_(begun), flight_(flight)
        {
        }
        landing(landing const&) = delete;
        landing& operator=(landing const&) = delete;
        ~landing() { place_.land(outcome_, begun_, flight_); }

        void bring(result<pointer> const& fetched) { outcome_ = fetched; }

    private:
        single_flight& place_;
        time_point begun_;
        unsigned flight_;
        std::optional<result<pointer>> outcome_;
    };

    /// A flight whose coroutine is never resumed (its execution context was stopped, or its call has no deadline and
    /// the peer is silent) does not keep the others on the ground for ever.
    bool is_airborne() const noexcept { return airborne_ && std::chrono::steady_clock::now() < overdue_; }

    /// @returns The number of the flight.
    unsigned take_off(std::chrono::steady_clock::time_point deadline) noexcept
    {
        constexpr std::chrono::milliseconds grace{250};
        overdue_ = std::min(deadline, std::chrono::steady_clock::now() + longest_) + grace;
        airborne_ = true;
        return ++flight_;
    }

    bool remembers_refusal(time_point now) const noexcept { return refused_ && now < refused_until_; }

    cached peek_locked(time_point now) const
    {
        if (!value_)
            return {};
        auto const state = judge(*value_, now);
        return state == freshness::must_fetch ? cached{} : cached(value_, state);
    }

    /// A flight that its own caller gave up says nothing to the others: the first of them starts another.
    static bool is_given_up(result<pointer> const& outcome)
    {
        return outcome.has_error() && detail::is_given_up(outcome.error());
    }

    /// @param before  What became of a flight that was given up.
    static failure in_view_of(failure const& before, failure const& f)
    {
        return detail::is_given_up(f) && !f.cause() && before.cause() ? because_of(f, before) : f;
    }

    void land(std::optional<result<pointer>> const& outcome, time_point begun, unsigned flight)
    {
        std::lock_guard const lock(mutex_);
        if (flight != flight_) // another has taken its place
        {
            if (outcome && outcome->has_value() && !value_)
                value_ = **outcome;
            return;
        }
        airborne_ = false;
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
        // Under the mutex: who has a seat is not destroyed meanwhile, and so neither is their execution context.
        for (auto& one : std::exchange(waiting_, {}))
        {
            one->woken = true;
            one->outcome = outcome;
            auto const ex = one->timer.get_executor();
            boost::asio::post(ex, [one = std::move(one)] { one->timer.cancel(); });
        }
    }

    duration const refusals_;
    duration const longest_;
    std::mutex mutex_;
    pointer value_;
    std::optional<failure> refused_;
    time_point refused_until_{};
    bool airborne_ = false;
    unsigned flight_ = 0; ///< The number of the last one.
    std::chrono::steady_clock::time_point overdue_{};
    std::vector<std::shared_ptr<passenger>> waiting_;
};

} // namespace tidings::detail

#endif
