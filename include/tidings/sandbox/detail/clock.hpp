// The sandbox's time, and counting within it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_CLOCK_HPP
#define TIDINGS_SANDBOX_DETAIL_CLOCK_HPP

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

namespace tidings::inline v0::sandbox::detail {

using instant = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The sandbox's own time: the system's plus what was advanced, faster than that, or standing still.
class sandbox_clock
{
public:
    sandbox_clock(std::optional<std::chrono::system_clock::time_point> start, unsigned speed) : speed_(speed)
    {
        auto const real = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
        base_ = start ? std::chrono::floor<milliseconds>(*start) : real;
        origin_ = std::chrono::steady_clock::now();
    }

    instant now() const
    {
        return base_ + std::chrono::floor<milliseconds>((std::chrono::steady_clock::now() - origin_) * speed_);
    }

    // Nothing is left that expires a thousand years away.
    void advance(milliseconds by)
    {
        constexpr milliseconds far = std::chrono::hours(24 * 366 * 1000);
        base_ = instant(std::clamp(base_.time_since_epoch() + std::clamp(by, -far, far), -far, far));
    }

private:
    instant base_;
    std::chrono::steady_clock::time_point origin_;
    unsigned speed_;
};

// The calls of the last minute under one limit.
class rate_window
{
public:
    // Nothing: admitted and counted. Else how long until there is room.
    std::optional<milliseconds> admit(instant now, int limit, milliseconds span)
    {
        while (!calls_.empty() && calls_.front() + span <= now)
            calls_.pop_front();
        if (static_cast<int>(calls_.size()) >= limit)
            return calls_.empty() ? span : calls_.front() + span - now;
        calls_.push_back(now);
        return std::nullopt;
    }

private:
    std::deque<instant> calls_;
};

} // namespace tidings::inline v0::sandbox::detail

#endif
