// How old a signed request is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CALLBACK_IMPL_FRESHNESS_IPP
#define TIDINGS_CALLBACK_IMPL_FRESHNESS_IPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/config.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::inline v0 {

namespace detail {

TIDINGS_DECL long long number_of(std::string_view digits) noexcept
{
    long long out = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return out;
}

TIDINGS_DECL std::optional<wall_time> read_unix_seconds(std::string_view text) noexcept
{
    constexpr std::size_t digits = 10;
    constexpr std::string_view last = "9000000000"; // the year 2255; the clock's nanoseconds end in 2262
    if (text.size() != digits || !are_digits(text) || text > last)
        return {};
    return wall_time(std::chrono::seconds(number_of(text)));
}

TIDINGS_DECL std::optional<wall_time> read_go_time(std::string_view text) noexcept
{
    constexpr std::string_view form = "dddd-dd-dd dd:dd:dd";
    if (text.size() < form.size())
        return {};
    for (std::size_t i = 0; i != form.size(); ++i)
        if (form[i] == 'd' ? !are_digits(text.substr(i, 1)) : text[i] != form[i])
            return {};
    auto const at = [text](std::size_t begin, std::size_t size) {
        return static_cast<int>(number_of(text.substr(begin, size)));
    };
    std::chrono::year_month_day const day(std::chrono::year(at(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(at(5, 2))),
                                          std::chrono::day(static_cast<unsigned>(at(8, 2))));
    auto const hour = at(11, 2);
    auto const minute = at(14, 2);
    auto const second = at(17, 2);
    auto rest = text.substr(form.size());
    if (rest.starts_with('.'))
    {
        auto const fraction = rest.substr(1, rest.find(' ') - 1);
        constexpr std::size_t nanoseconds = 9;
        if (!are_digits(fraction) || fraction.size() > nanoseconds)
            return {};
        rest.remove_prefix(1 + fraction.size());
    }
    constexpr std::size_t offset_size = 6; // " +0800"
    if (rest.size() < offset_size || (rest.size() > offset_size && rest[offset_size] != ' ') || rest[0] != ' ' ||
        (rest[1] != '+' && rest[1] != '-') || !are_digits(rest.substr(2, 4)))
        return {};
    std::chrono::minutes const offset(number_of(rest.substr(2, 2)) * 60 + number_of(rest.substr(4, 2)));
    if (!day.ok() || day.year() < std::chrono::year(1970) || day.year() > std::chrono::year(2254) || hour > 23 ||
        minute > 59 || second > 60)
        return {};
    auto const local = std::chrono::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                       std::chrono::seconds(second);
    return rest[1] == '+' ? local - offset : local + offset;
}

} // namespace detail

} // namespace tidings::inline v0

#endif
