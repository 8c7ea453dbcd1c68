// Times of the day and offsets from UTC, as text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DETAIL_TIME_OF_DAY_HPP
#define TIDINGS_SUBSCRIPTION_DETAIL_TIME_OF_DAY_HPP

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::inline v0::subscription::detail {

/// "22:00" in minutes; "24:00" is midnight. Nothing: it is no time of the day.
constexpr std::optional<std::chrono::minutes> time_of_day(std::string_view text) noexcept
{
    auto const digit = [&text](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    constexpr std::size_t length = 5;
    if (text.size() != length || !digit(0) || !digit(1) || text[2] != ':' || !digit(3) || !digit(4))
        return std::nullopt;
    int const hours = (text[0] - '0') * 10 + (text[1] - '0');
    int const minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (minutes > 59 || hours > 24 || (hours == 24 && minutes != 0))
        return std::nullopt;
    return std::chrono::minutes(hours % 24 * 60 + minutes);
}

/// "+08:00", "-03:30": an offset from UTC, at most 14 hours. Nothing: it is no such text.
constexpr std::optional<std::chrono::seconds> fixed_offset(std::string_view text) noexcept
{
    if (text.empty() || (text.front() != '+' && text.front() != '-') || text.substr(1) == "24:00")
        return std::nullopt;
    auto const value = time_of_day(text.substr(1));
    constexpr std::chrono::hours max_offset(14);
    if (!value || *value > max_offset)
        return std::nullopt;
    return text.front() == '+' ? *value : -*value;
}

} // namespace tidings::inline v0::subscription::detail

#endif
