// Makes failures, and changes the facts of one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_FAILURE_IPP
#define TIDINGS_DETAIL_IMPL_FAILURE_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/error.hpp>

namespace tidings::inline v0 {

namespace detail {

TIDINGS_COLD TIDINGS_DECL failure because_of(failure const& f, failure const& before)
{
    return amend(f, [&before](diagnostics& facts) {
        facts.cause = before.cause() ? before.cause() : before.code();
        facts.detail += facts.detail.empty() ? "before that: " : "; before that: ";
        facts.detail += before.message();
    });
}

} // namespace detail

} // namespace tidings::inline v0

#endif
