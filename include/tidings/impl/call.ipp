// The budget of one call, and the log of its attempts.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_CALL_IPP
#define TIDINGS_IMPL_CALL_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/result.hpp>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL void attempt_log::add(failure const& f)
{
    if (is_given_up(f) && is_given_up(last_))
        return; // the same, seen once more on the way out
    // The message of an unknown outcome already includes the error that followed it.
    bool const tells_why = is_given_up(f) && failed() && last_ != errc::outcome_unknown;
    failure next = tells_why ? because_of(f, last_) : f;
    if (f == errc::outcome_unknown)
        unknown_ = f;
    last_ = std::move(next);
}

TIDINGS_COLD TIDINGS_DECL failure attempt_log::unknown_then(failure const& later, unsigned attempts) const
{
    return amend(unknown_, [&](diagnostics& facts) {
        facts.detail += facts.detail.empty() ? "then: " : "; then: ";
        facts.detail += later.message();
        if (attempts != 0)
            facts.attempts = attempts;
    });
}

TIDINGS_DECL bool attempt_log::always_refused(failure const& f) noexcept
{
    bool const about_the_request = f == errc::message_invalid || f == errc::message_too_long;
    return about_the_request && !f.platform_code().empty();
}

} // namespace tidings::inline v0::detail

#endif
