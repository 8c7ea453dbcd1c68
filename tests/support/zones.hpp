// Some time zones in some years, as the IANA database (2025b) has them: so that tests need no database.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_ZONES_HPP
#define TIDINGS_TESTS_SUPPORT_ZONES_HPP

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace tidings::tests {

/// A moment in UTC.
inline std::chrono::sys_seconds utc(int year, unsigned month, unsigned day, int hour, int minute = 0, int second = 0)
{
    return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) +
           std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

/// From a moment on, a clock shows UTC and so many minutes.
struct zone_change
{
    std::chrono::sys_seconds at;
    std::chrono::minutes offset;
};

struct zone
{
    std::string_view name;
    std::chrono::sys_seconds first; ///< The changes are complete from here
    std::chrono::sys_seconds last;  ///< up to here.
    std::chrono::minutes before;    ///< The first offset.
    std::vector<zone_change> changes;

    std::chrono::minutes offset(std::chrono::sys_seconds when) const
    {
        auto out = before;
        for (auto const& change : changes)
            if (change.at <= when)
                out = change.offset;
        return out;
    }
};

inline std::vector<zone> const& zones()
{
    using std::chrono::minutes;
    auto const begin = utc(2026, 1, 1, 0);
    auto const end = utc(2026, 12, 31, 0);
    static std::vector<zone> const all{
        {"America/New_York",
         begin,
         end,
         minutes(-300),
         {{utc(2026, 3, 8, 7), minutes(-240)}, {utc(2026, 11, 1, 6), minutes(-300)}}},
        {"Europe/Berlin",
         begin,
         end,
         minutes(60),
         {{utc(2026, 3, 29, 1), minutes(120)}, {utc(2026, 10, 25, 1), minutes(60)}}},
        {"Australia/Lord_Howe", // by half an hour
         begin,
         end,
         minutes(660),
         {{utc(2026, 4, 4, 15), minutes(630)}, {utc(2026, 10, 3, 15, 30), minutes(660)}}},
        {"Asia/Kolkata", begin, end, minutes(330), {}},
        {"Pacific/Apia", // the 30th of December 2011 is no day there
         utc(2011, 1, 1, 0),
         utc(2012, 1, 30, 0),
         minutes(-600),
         {{utc(2011, 4, 2, 14), minutes(-660)},
          {utc(2011, 9, 24, 14), minutes(-600)},
          {utc(2011, 12, 30, 10), minutes(840)}}}};
    return all;
}

/// A `zone_offset` with only these.
inline std::optional<std::chrono::seconds> offset_in_zone(std::string_view name, std::chrono::sys_seconds when)
{
    for (auto const& z : zones())
        if (z.name == name)
            return z.offset(when);
    return std::nullopt;
}

} // namespace tidings::tests

#endif
