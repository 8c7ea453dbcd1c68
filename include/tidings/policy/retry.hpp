// Whether a request that did not succeed is made again.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_RETRY_HPP
#define TIDINGS_POLICY_RETRY_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tidings::inline v0::retry {

using duration = std::chrono::steady_clock::duration;

/// Whether making the request again is harmless and may succeed.
///
/// @param why   The failure of the last request.
/// @param what  The effect of repeating it.
TIDINGS_DECL bool is_safe(failure const& why, wire::idempotency what) noexcept;

/// The next wait, with decorrelated jitter: random between `initial` and three times the last wait, at most `max`.
///
/// @param initial  The shortest wait.
/// @param max      The longest wait.
/// @param last     The wait before the last request; zero if there was none.
/// @param jitter   Random, from 0 to 1.
constexpr duration next_wait(duration initial, duration max, duration last, double jitter) noexcept
{
    auto const upper = std::max(initial, last) * 3;
    auto const spread = static_cast<double>((upper - initial).count());
    return std::min(max, initial + duration(static_cast<duration::rep>(jitter * spread)));
}

/// Repeats nothing, except a request whose token had expired and, where repeating is harmless, a request on a
/// connection that the peer had just closed.
class none
{
public:
    using policy_kind = retry_kind;

    none() = default;

    retry_decision next(retry_context const&) const noexcept { return retry_decision::stop(); }
};
static_assert(retry_policy<none>);

/// The settings of policies that repeat. Setters chain:
/// `retry::safe{}.max_retries(5).initial_backoff(std::chrono::seconds(1))`.
template<class Derived>
class repeating
{
public:
    using policy_kind = retry_kind;

    /// The maximum of repetitions of one call, over its token, its look-up and its message. Default 3; zero is
    /// `retry::none`.
    Derived& max_retries(unsigned n) noexcept
    {
        max_retries_ = n;
        return static_cast<Derived&>(*this);
    }
    /// The shortest wait before a repetition. Default 200 ms. A wait that the platform asks for is added.
    Derived& initial_backoff(duration d) noexcept
    {
        initial_backoff_ = std::max(detail::bounded(d), duration::zero());
        return static_cast<Derived&>(*this);
    }
    /// The longest wait, unless the platform asks for a longer one. Default 5 seconds.
    Derived& max_backoff(duration d) noexcept
    {
        max_backoff_ = std::max(detail::bounded(d), duration::zero());
        return static_cast<Derived&>(*this);
    }

    /// Depends on its argument only. If the wait would not end before the deadline, the call ends at once with the last
    /// failure.
    retry_decision next(retry_context const& q) const noexcept
    {
        if (q.attempts >= max_retries_ || !Derived::repeats(q.why, q.idempotency))
            return retry_decision::stop();
        auto wait = next_wait(initial_backoff_, max_backoff_, q.last_wait, q.jitter);
        if (auto const asked = q.why.wait())
            wait =
                *asked + duration(static_cast<duration::rep>(q.jitter * static_cast<double>(initial_backoff_.count())));
        return wait < q.remaining ? retry_decision::again(wait) : retry_decision::stop();
    }

private:
    unsigned max_retries_ = 3;
    duration initial_backoff_ = std::chrono::milliseconds(200);
    duration max_backoff_ = std::chrono::seconds(5);
};

/// Repeats only requests that cannot deliver a message twice: if no connection was made, if the platform refused for
/// now, and if the answer to a query or to a message with an idempotency key was lost.
class safe : public repeating<safe>
{
public:
    safe() = default;

    static bool repeats(failure const& why, wire::idempotency what) noexcept { return is_safe(why, what); }
};
static_assert(retry_policy<safe>);

/// Also repeats a message if its answer was lost and the platform has no idempotency key (DingTalk, webhooks): the
/// person may get it twice.
class at_least_once : public repeating<at_least_once>
{
public:
    at_least_once() = default;

    static bool repeats(failure const& why, wire::idempotency what) noexcept
    {
        return is_safe(why, what == wire::idempotency::none ? wire::idempotency::with_key : what);
    }
};
static_assert(retry_policy<at_least_once>);

} // namespace tidings::inline v0::retry

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/policy/impl/retry.ipp>
#endif

#endif
