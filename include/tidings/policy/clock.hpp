// The clock for the age of tokens.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_CLOCK_HPP
#define TIDINGS_POLICY_CLOCK_HPP

#include <tidings/concepts.hpp>

namespace tidings::inline v0::clock {

/// The system's steady clock.
class steady
{
public:
    using policy_kind = clock_kind;

    std::chrono::steady_clock::time_point now() const noexcept { return std::chrono::steady_clock::now(); }
};
static_assert(clock_policy<steady>);

} // namespace tidings::inline v0::clock

#endif
