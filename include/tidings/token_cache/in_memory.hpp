// Access tokens kept in memory, each fetched once however many ask.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_IN_MEMORY_HPP
#define TIDINGS_TOKEN_CACHE_IN_MEMORY_HPP

#include <tidings/concepts.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace tidings::token_cache {

/// Keeps tokens in memory. Copies share them: give copies of one cache to several notifiers, and they fetch one token
/// between them.
///
/// @par Thread safety  Distinct objects, copies included: safe. Notifiers of different threads may share one.
class in_memory
{
public:
    using policy_kind = token_cache_kind;

    /// The token of one application.
    class place
    {
    public:
        /// Looks without waiting.
        cached_token peek(access_token::time_point now)
        {
            std::lock_guard const lock(mutex_);
            return peek_locked(now);
        }

        /// The cached token, or the one that is being fetched, or one that this call fetches: one flight at a time.
        ///
        /// Whoever waits shares what the flight brings, a failure included; only one that was cancelled or ran out of
        /// its own time is followed by another.
        boost::asio::awaitable<result<token_ptr>> obtain(token_fetch const& fetch, access_token::time_point now,
                                                         std::chrono::steady_clock::time_point deadline)
        {
            auto const ex = co_await boost::asio::this_coro::executor;
            for (;;)
            {
                std::shared_ptr<passenger> waiting;
                {
                    std::lock_guard const lock(mutex_);
                    if (auto cached = peek_locked(now); cached.token)
                        co_return std::move(cached.token);
                    if (airborne_)
                    {
                        waiting = std::make_shared<passenger>(ex, deadline);
                        waiting_.push_back(waiting);
                    }
                    else
                        airborne_ = true;
                }
                if (!waiting)
                {
                    landing at_end(*this);
                    result<token_ptr> fetched = co_await fetch();
                    at_end.bring(fetched);
                    co_return fetched;
                }
                boost::system::error_code ec;
                co_await waiting->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
                auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
                if (cancellation.cancelled() != boost::asio::cancellation_type::none)
                    co_return failure(errc::cancelled);
                if (waiting->outcome)
                    co_return *waiting->outcome;
                if (!waiting->woken)
                    co_return detail::fail(errc::timed_out, "while somebody else fetched the access token");
            }
        }

        /// Replaces the token while it still works. A failure is no error: the next one who needs it tries again.
        boost::asio::awaitable<void> refresh(token_fetch const& fetch)
        {
            {
                std::lock_guard const lock(mutex_);
                if (airborne_)
                    co_return;
                airborne_ = true;
            }
            landing at_end(*this);
            result<token_ptr> fetched = co_await fetch();
            at_end.bring(fetched);
        }

        /// Forgets `rejected`; a newer token, which somebody else has fetched meanwhile, stays.
        void drop(token_ptr const& rejected)
        {
            std::lock_guard const lock(mutex_);
            if (token_ == rejected)
                token_.reset();
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
            std::optional<result<token_ptr>> outcome;
            bool woken = false;
        };

        /// Ends a flight in any case: also when the coroutine is destroyed in the middle of it.
        class landing
        {
        public:
            explicit landing(place& p) noexcept : place_(p) {}
            landing(landing const&) = delete;
            landing& operator=(landing const&) = delete;
            ~landing() { place_.land(outcome_); }

            void bring(result<token_ptr> const& fetched) { outcome_ = fetched; }

        private:
            place& place_;
            std::optional<result<token_ptr>> outcome_;
        };

        cached_token peek_locked(access_token::time_point now) const
        {
            if (!token_)
                return {};
            auto const state = judge(token_->expires(), now);
            return state == freshness::must_fetch ? cached_token{} : cached_token(token_, state);
        }

        void land(std::optional<result<token_ptr>> outcome)
        {
            // A flight that its own caller gave up says nothing to the others: the first of them starts another.
            if (outcome && outcome->has_error() &&
                (outcome->error() == errc::cancelled || outcome->error() == errc::timed_out))
                outcome.reset();
            std::vector<std::shared_ptr<passenger>> woken;
            {
                std::lock_guard const lock(mutex_);
                airborne_ = false;
                if (outcome && outcome->has_value())
                    token_ = **outcome;
                woken.swap(waiting_);
            }
            for (auto& one : woken)
            {
                auto const ex = one->timer.get_executor();
                boost::asio::post(ex, [one = std::move(one), outcome] {
                    one->woken = true;
                    one->outcome = outcome;
                    one->timer.cancel();
                });
            }
        }

        std::mutex mutex_;
        token_ptr token_;
        bool airborne_ = false;
        std::vector<std::shared_ptr<passenger>> waiting_;
    };

    in_memory() : store_(std::make_shared<store>()) {}

    /// The place of the token that `key` names. Kept for the life of the cache.
    std::shared_ptr<place> slot(std::string const& key)
    {
        std::lock_guard const lock(store_->mutex);
        auto& found = store_->places[key];
        if (!found)
            found = std::make_shared<place>();
        return found;
    }

private:
    struct store
    {
        std::mutex mutex;
        std::map<std::string, std::shared_ptr<place>> places;
    };

    std::shared_ptr<store> store_;
};
static_assert(token_cache_policy<in_memory>);

} // namespace tidings::token_cache

#endif
