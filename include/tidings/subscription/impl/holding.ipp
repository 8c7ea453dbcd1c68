// Finds the end of quiet hours and the next digest by a clock that may be put forward and back.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_HOLDING_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_HOLDING_IPP

#include <tidings/subscription/detail/time_of_day.hpp>
#include <tidings/subscription/holding.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace tidings::inline v0::subscription {

namespace detail {

inline constexpr std::chrono::seconds one_day = std::chrono::hours(24);

/// The time of the day of a time since some midnight: not negative, less than a day.
template<class Duration>
constexpr Duration in_day(Duration time) noexcept
{
    auto const rest = time % one_day;
    return std::chrono::duration_cast<Duration>(rest < rest.zero() ? rest + one_day : rest);
}

/// The clock on the wall of a person.
class wall_clock
{
public:
    /// @param zone, offset_of  Outlive this object.
    wall_clock(std::string_view zone, zone_offset const& offset_of) noexcept : zone_(zone), offset_of_(offset_of) {}

    std::chrono::seconds offset(std::chrono::sys_seconds when) const
    {
        return (offset_of_ ? offset_of_(zone_, when) : utc_only(zone_, when)).value_or(std::chrono::seconds());
    }

    std::chrono::minutes time_of_day(std::chrono::sys_seconds when) const
    {
        return std::chrono::floor<std::chrono::minutes>(in_day(when.time_since_epoch() + offset(when)));
    }

    /// Whether the clock is put forward at a moment, and never shows `time` for that reason.
    bool skips(std::chrono::minutes time, std::chrono::sys_seconds at) const
    {
        return skips(time, at, offset(at - std::chrono::seconds(1)), offset(at));
    }

    /// The first moment after `now` at which the clock shows one of `times`, or is put forward over it.
    ///
    /// @param stops_at  Asked about each moment before that at which the clock is put forward or back: true, and this is
    ///                  the moment.
    template<class F>
    std::chrono::sys_seconds next(std::span<std::chrono::minutes const> times, std::chrono::sys_seconds now,
                                  F const& stops_at) const
    {
        // No zone has two changes within an hour. Each time is there within little more than a day.
        constexpr std::chrono::hours step(1);
        constexpr int max_steps = 3 * 24;
        auto from = now;
        auto before = offset(from);
        for (int i = 0; i != max_steps; ++i)
        {
            auto end = from + step;
            auto after = offset(end);
            if (after != before)
            {
                end = find_change(from, end, before);
                after = offset(end);
            }
            auto first = end;
            for (auto const time : times)
                if (auto const shown = from + in_day(time - from.time_since_epoch() - before); shown > now)
                    first = std::min(first, shown);
            if (first != end)
                return first;
            if (after != before &&
                (std::any_of(times.begin(), times.end(), [&](auto time) { return skips(time, end, before, after); }) ||
                 stops_at(end)))
                return end;
            from = end;
            before = after;
        }
        return now + one_day; // `offset_of` is not that of a clock
    }

private:
    static bool skips(std::chrono::minutes time, std::chrono::sys_seconds at, std::chrono::seconds before,
                      std::chrono::seconds after) noexcept
    {
        auto const skipped = after - before;
        return skipped < one_day && in_day(time - at.time_since_epoch() - before) < skipped;
    }

    /// The first moment in (from, to] with another offset than that of `from`.
    std::chrono::sys_seconds find_change(std::chrono::sys_seconds from, std::chrono::sys_seconds to,
                                         std::chrono::seconds before) const
    {
        while (to - from > std::chrono::seconds(1))
        {
            auto const middle = from + (to - from) / 2;
            (offset(middle) == before ? from : to) = middle;
        }
        return to;
    }

    std::string_view zone_;
    zone_offset const& offset_of_;
};

/// The settings of a person that hold messages about a node.
class hold_settings
{
public:
    hold_settings(person const& of, node_description const& node, hold_rules rules)
    {
        if (rules.quiet_hours && of.quiet)
            quiet_ = quiet_hours{in_day(of.quiet->from), in_day(of.quiet->to)};
        if (rules.digest && node.wants == purpose::information)
            for (auto const time : of.digest_times)
            {
                has_digest_ = true;
                if (!is_quiet(in_day(time)))
                    digest_times_.push_back(in_day(time));
            }
    }

    bool is_quiet(std::chrono::minutes time_of_day) const noexcept { return quiet_ && quiet_->contains(time_of_day); }
    /// Only of a person with quiet hours.
    std::chrono::minutes end_of_quiet() const noexcept { return quiet_->to; }
    bool is_always_quiet() const noexcept { return quiet_ && quiet_->from == quiet_->to; }
    bool has_digest() const noexcept { return has_digest_; }
    /// Those outside of quiet hours.
    std::vector<std::chrono::minutes> const& digest_times() const noexcept { return digest_times_; }

private:
    std::optional<quiet_hours> quiet_;
    bool has_digest_ = false;
    std::vector<std::chrono::minutes> digest_times_;
};

} // namespace detail

TIDINGS_DECL std::optional<std::chrono::seconds> utc_only(std::string_view zone, std::chrono::sys_seconds) noexcept
{
    if (zone.empty() || zone == "UTC" || zone == "Etc/UTC" || zone == "Z")
        return std::chrono::seconds();
    return detail::fixed_offset(zone);
}

TIDINGS_DECL config::problems check_time_zones(people const& all, zone_offset const& offset_of)
{
    config::problems out;
    for (auto const& [login_name, p] : all)
        if (constexpr std::chrono::sys_seconds any;
            !(offset_of ? offset_of(p.time_zone, any) : utc_only(p.time_zone, any)))
            out.emplace_back(login_name + ": time_zone",
                             p.time_zone +
                                 " is not known here; write the name as the IANA database has it, such as "
                                 "Asia/Shanghai, or an offset such as +08:00, and install the system's time zone data",
                             p.time_zone + " 在此系统上未知；请使用 IANA 数据库中的名称（例如 "
                                           "Asia/Shanghai）或偏移（例如 +08:00），并安装系统时区数据");
    return out;
}

TIDINGS_DECL std::optional<hold> hold_until(person const& to, node_description const& node,
                                            std::chrono::sys_seconds now, zone_offset const& offset_of,
                                            hold_rules rules)
{
    if (node.urgent)
        return std::nullopt;
    detail::hold_settings const settings(to, node, rules);
    detail::wall_clock const clock(to.time_zone, offset_of);
    bool const is_quiet = settings.is_quiet(clock.time_of_day(now));
    if (!is_quiet && !settings.has_digest())
        return std::nullopt;
    hold out;
    out.reason = settings.has_digest() ? hold_reason::digest : hold_reason::quiet_hours;
    if (!settings.digest_times().empty())
        out.until = clock.next(settings.digest_times(), now, [](auto) { return false; });
    else
    {
        auto const end = settings.end_of_quiet();
        out.until = clock.next({&end, 1}, now, [&](std::chrono::sys_seconds change) {
            return is_quiet && !settings.is_quiet(clock.time_of_day(change));
        });
    }
    return out;
}

TIDINGS_DECL bool is_due(hold const& held, person const& to, node_description const& node, std::chrono::sys_seconds now,
                         zone_offset const& offset_of, hold_rules rules)
{
    if (node.urgent)
        return true;
    detail::hold_settings const settings(to, node, rules);
    detail::wall_clock const clock(to.time_zone, offset_of);
    if (!settings.is_quiet(clock.time_of_day(now)))
        return held.reason == hold_reason::quiet_hours || !settings.has_digest() || held.until <= now;
    if (held.until > now)
        return false;
    auto const skipped = [&](std::chrono::minutes time) { return clock.skips(time, held.until); };
    return settings.is_always_quiet() ||
           (settings.is_quiet(clock.time_of_day(held.until)) &&
            (skipped(settings.end_of_quiet()) ||
             (held.reason == hold_reason::digest &&
              std::any_of(settings.digest_times().begin(), settings.digest_times().end(), skipped))));
}

} // namespace tidings::inline v0::subscription

#endif
