// Whether a request that did not succeed is made again.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_IMPL_RETRY_IPP
#define TIDINGS_POLICY_IMPL_RETRY_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/policy/retry.hpp>

namespace tidings::inline v0::retry {

TIDINGS_DECL bool is_safe(failure const& why, wire::idempotency what) noexcept
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

} // namespace tidings::inline v0::retry

#endif
