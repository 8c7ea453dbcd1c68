// What a platform permits: how often one of its APIs may be called.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_LIMITS_HPP
#define TIDINGS_WIRE_LIMITS_HPP

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace tidings::inline v0::wire {

/// A limit: at most so many within any period of this length.
class rate
{
public:
    /// No limit.
    constexpr rate() noexcept = default;
    /// @param max_count  0: no limit.
    /// @param per        A millisecond to a hundred years; a shorter or a longer time becomes the nearest of these.
    constexpr rate(unsigned max_count, std::chrono::milliseconds per) noexcept
        : max_count_(max_count), per_(std::clamp<std::chrono::milliseconds>(per, std::chrono::milliseconds(1), max_per))
    {
    }

    constexpr explicit operator bool() const noexcept { return max_count_ != 0; }
    constexpr unsigned max_count() const noexcept { return max_count_; }
    constexpr std::chrono::milliseconds per() const noexcept { return per_; }

private:
    /// In nanoseconds it must not overflow, nor when it is added to the time.
    static constexpr std::chrono::hours max_per{100 * 365 * 24};

    unsigned max_count_ = 0;
    std::chrono::milliseconds per_{0};
};

/// Up to two limits of the same thing: so many a second, and so many a minute.
using rates = std::array<rate, 2>;

/// The limits of one API, of which an application has its own share. A constant of a platform; operations that call the
/// same API refer to the same one.
class api_limits
{
public:
    /// @param api  What the platform's documentation calls it. A literal.
    constexpr explicit api_limits(std::string_view api) noexcept : api_(api) {}

    /// Calls of one application.
    constexpr api_limits calls(rate a, rate b = {}) const noexcept
    {
        auto out = *this;
        out.calls_ = {a, b};
        return out;
    }
    /// The number of recipients of all calls of one application together, where the platform limits it.
    constexpr api_limits people(rate r) const noexcept
    {
        auto out = *this;
        out.people_ = r;
        return out;
    }
    /// The limits of calls of one application to one person.
    ///
    /// @param a        One limit.
    /// @param b        Another one, of another length of time; none by default.
    /// @param refusal  The platform's code of a refusal that concerns one person only; empty if there is none.
    constexpr api_limits each_person(rate a, rate b = {}, std::string_view refusal = {}) const noexcept
    {
        auto out = *this;
        out.each_ = {a, b};
        out.refusal_ = refusal;
        return out;
    }

    constexpr std::string_view api() const noexcept { return api_; }
    constexpr rates const& calls() const noexcept { return calls_; }
    constexpr rate const& people() const noexcept { return people_; }
    constexpr rates const& each_person() const noexcept { return each_; }
    constexpr std::string_view refusal_of_one() const noexcept { return refusal_; }

private:
    std::string_view api_;
    rates calls_{};
    rate people_{};
    rates each_{};
    std::string_view refusal_;
};

} // namespace tidings::inline v0::wire

#endif
