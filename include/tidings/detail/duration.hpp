// Durations that people set.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_DURATION_HPP
#define TIDINGS_DETAIL_DURATION_HPP

#include <algorithm>
#include <chrono>

namespace tidings::inline v0::detail {

/// A duration that can be added to any point in time of this program, and multiplied by three: `duration::max()` is
/// what people write for ever.
constexpr std::chrono::steady_clock::duration bounded(std::chrono::steady_clock::duration d) noexcept
{
    constexpr std::chrono::steady_clock::duration max_duration = std::chrono::hours(24 * 365 * 30);
    return std::clamp(d, -max_duration, max_duration);
}

} // namespace tidings::inline v0::detail

#endif
