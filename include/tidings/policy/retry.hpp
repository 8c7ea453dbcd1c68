// Whether a request that did not succeed is made again.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_RETRY_HPP
#define TIDINGS_POLICY_RETRY_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/duration.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tidings::inline v0::retry {

using duration = std::chrono::steady_clock::duration;

/// Whether making the request again can do no harm and may do good.
///
/// @param why   What became of the last request.
/// @param what  What repeating it may do.
inline bool is_safe(failure const& why, wire::idempotency what) noexcept
{
    using wire::idempotency;
    switch (static_cast<errc>(why.code().value()))
    {
    case errc::connect_failed:            // of a message: nothing was sent
    case errc::rate_limited: return true; // refused before it was looked at
    case errc::server_error: return what != wire::idempotency::none;
    case errc::protocol_error: // a gateway's page, half an answer; a redirect and a 4xx would be the same again
        return what == wire::idempotency::idempotent && (why.http_status() < 300 || why.http_status() >= 500);
    case errc::outcome_unknown:
        return what != wire::idempotency::none && why.cause() != errc::cancelled && why.cause() != errc::timed_out;
    case errc::bad_credentials:
    case errc::token_rejected:
    case errc::permission_missing:
    case errc::app_not_published:
    case errc::bot_disabled:
    case errc::ip_not_allowed:
    case errc::recipient_not_found:
    case errc::recipient_unreachable:
    case errc::ambiguous_recipient:
    case errc::message_invalid:
    case errc::message_too_long:
    case errc::quota_exhausted:
    case errc::platform_error:
    case errc::tls_failed:
    case errc::timed_out:
    case errc::cancelled:
    case errc::queue_full:
    case errc::invalid_argument:
    case errc::proxy_refused:
    case errc::duplicate_message:
    case errc::partly_delivered:
    case errc::invalid_recipient: break;
    }
    return false;
}

/// The next wait of decorrelated jitter: at random between `initial` and three times the last wait, at most `max`.
///
/// @param last    The wait before the last request; zero when there was none.
/// @param jitter  At random, from 0 to 1.
constexpr duration next_wait(duration initial, duration max, duration last, double jitter) noexcept
{
    auto const upper = std::max(initial, last) * 3;
    auto const spread = static_cast<double>((upper - initial).count());
    return std::min(max, initial + duration(static_cast<duration::rep>(jitter * spread)));
}

/// Nothing is made again but what met a token that had gone stale, or, where that is harmless, a connection that the
/// peer had closed just then.
class none
{
public:
    using policy_kind = retry_kind;

    none() = default;

    retry_decision next(retry_context const&) const noexcept { return retry_decision::stop(); }
};
static_assert(retry_policy<none>);

/// The settings of policies that repeat. Setters chain: `retry::safe{}.max_retries(5).initial(std::chrono::seconds(1))`.
template<class Derived>
class repeating
{
public:
    using policy_kind = retry_kind;

    /// How many repetitions one call may have in all, over its token, its look-up and its message. 3 unless set; zero
    /// is `retry::none`.
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
    /// The longest wait that is not the platform's wish. 5 seconds unless set.
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

/// Repeats what cannot be doubled: where no connection came about, where the platform refused for the moment, and where
/// an answer was lost to a question or to a message under an idempotency key.
class safe : public repeating<safe>
{
public:
    safe() = default;

    static bool repeats(failure const& why, wire::idempotency what) noexcept { return is_safe(why, what); }
};
static_assert(retry_policy<safe>);

/// Repeats a message also where its answer was lost and the platform has no idempotency key (DingTalk, webhooks): the
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

#endif
