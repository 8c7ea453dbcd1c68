// The time zones of the system, for quiet hours and digests. Optional: no other header includes this one.
//
// With a standard library that has the time zones of C++20 (`__cpp_lib_chrono` is 201907 or more) it needs nothing else.
// With another, it needs Howard Hinnant's date library 3.0 or newer: on Debian `apt-get install libhowardhinnant-date-dev`,
// in CMake `find_package(date CONFIG)` and `target_link_libraries(app PRIVATE date::date-tz)`. With either, the system's
// time zone data must be installed: `apt-get install tzdata`.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_TIME_ZONE_HPP
#define TIDINGS_SUBSCRIPTION_TIME_ZONE_HPP

#include <tidings/subscription/holding.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string_view>

#if !defined(__cpp_lib_chrono) || __cpp_lib_chrono < 201907L
#ifndef USE_OS_TZDB // the classes of <date/tz.h> differ
#error \
    "tidings/subscription/time_zone.hpp: define USE_OS_TZDB as date-tz was compiled; CMake's date::date-tz does; for Debian's package: -DUSE_OS_TZDB=1"
#endif
#include <date/tz.h>
#endif

namespace tidings::inline v0::subscription {

namespace detail {

#if defined(__cpp_lib_chrono) && __cpp_lib_chrono >= 201907L
namespace zone_library = std::chrono;
#else
namespace zone_library = date;
#endif

/// Null: none has this name.
///
/// @param sorted  By their names.
template<class Range>
auto const* find_named(Range const& sorted, std::string_view name) noexcept
{
    auto const found = std::lower_bound(sorted.begin(), sorted.end(), name,
                                        [](auto const& each, std::string_view n) { return each.name() < n; });
    return found == sorted.end() || found->name() != name ? nullptr : &*found;
}

/// Null: no zone and no other name of a zone.
template<class Database>
auto const* find_zone(Database const& in, std::string_view name) noexcept
{
    auto const* zone = find_named(in.zones, name);
    if constexpr (requires { in.links; }) // in some databases, other names are zones, too
        if (!zone)
            if (auto const* const link = find_named(in.links, name))
                zone = find_named(in.zones, link->target());
    return zone;
}

} // namespace detail

/// A `zone_offset` that knows the zones of the system, and what `utc_only` knows.
///
/// A zone that the system does not have is not known; without time zone data, none is (see `check_time_zones`). The data is
/// read once, when the first zone is asked for: a program that runs while it is updated uses the old data until it is
/// started again. A call then takes less than a microsecond. It never throws.
///
/// Version 3.0 of the date library reads the changes of the clock that are listed in the data, up to 2037 in Debian's.
///
/// @par Thread safety  Safe.
class time_zones
{
public:
    std::optional<std::chrono::seconds> operator()(std::string_view zone, std::chrono::sys_seconds when) const noexcept
    {
        if (auto const known = utc_only(zone, when))
            return known;
        try
        {
            static auto const* const data = load();
            if (auto const* const found = data ? detail::find_zone(*data, zone) : nullptr)
                return found->get_info(when).offset;
        }
        catch (std::exception const&) // the data of this zone cannot be read
        {
            return std::nullopt;
        }
        return std::nullopt;
    }

private:
    static detail::zone_library::tzdb const* load() noexcept
    {
        try
        {
            return &detail::zone_library::get_tzdb();
        }
        catch (std::exception const&) // no data
        {
            return nullptr;
        }
    }
};

} // namespace tidings::inline v0::subscription

#endif
