// Quiet hours and digests, by the clock of a person's time zone.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/holding.hpp>

#include <boost/test/unit_test.hpp>

#include "support/zones.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(held_messages)

namespace {

namespace td = tidings;
namespace sub = tidings::subscription;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using td::tests::utc;

constexpr sub::node_description informs{"informs", {}, {}, sub::purpose::information, false};
constexpr sub::node_description asks{"asks", {}, {}, sub::purpose::action, false};
constexpr sub::node_description alarms{"alarms", {}, {}, sub::purpose::information, true};

sub::person somebody(std::string zone, std::optional<sub::quiet_hours> quiet, std::vector<minutes> digest = {})
{
    sub::person out("ada");
    out.time_zone = std::move(zone);
    out.quiet = quiet;
    out.digest_times = std::move(digest);
    return out;
}

std::optional<sub::hold> held(sub::person const& p, sys_seconds now, sub::node_description const& node = informs)
{
    return sub::hold_until(p, node, now, td::tests::offset_in_zone);
}

bool due(sub::hold const& h, sub::person const& p, sys_seconds now, sub::node_description const& node = informs)
{
    return sub::is_due(h, p, node, now, td::tests::offset_in_zone);
}

std::string shown(sys_seconds when)
{
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date(day);
    auto const two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    auto const rest = (when - day).count();
    return std::to_string(static_cast<int>(date.year())) + '-' + two(static_cast<unsigned>(date.month())) + '-' +
           two(static_cast<unsigned>(date.day())) + ' ' + two(rest / 3600) + ':' + two(rest / 60 % 60) + ':' +
           two(rest % 60);
}

/// A message that is held, and due from then on.
void check(std::optional<sub::hold> const& found, sub::hold_reason reason, sys_seconds until)
{
    BOOST_TEST_REQUIRE(found.has_value(), "not held, instead of until " << shown(until));
    BOOST_TEST((found->reason == reason));
    BOOST_TEST((found->until == until), shown(found->until) << " instead of " << shown(until));
}

void check_quiet(sub::person const& p, sys_seconds now, sys_seconds until)
{
    auto const found = held(p, now, asks);
    check(found, sub::hold_reason::quiet_hours, until);
    BOOST_TEST(!due(*found, p, now, asks));
    BOOST_TEST(!due(*found, p, until - seconds(1), asks));
    BOOST_TEST(due(*found, p, until, asks));
}

void check_digest(sub::person const& p, sys_seconds now, sys_seconds until)
{
    auto const found = held(p, now);
    check(found, sub::hold_reason::digest, until);
    BOOST_TEST(!due(*found, p, now));
    BOOST_TEST(!due(*found, p, until - seconds(1)));
    BOOST_TEST(due(*found, p, until));
}

constexpr sub::quiet_hours night{hours(22), hours(7)};

// ---- A model that goes by minutes. It knows nothing but what a clock shows.

/// Whether the clock shows a time at a moment, or has just been put forward over it.
bool passes(td::tests::zone const& in, minutes time, sys_seconds at)
{
    auto const shows = std::chrono::floor<minutes>(at.time_since_epoch()) + in.offset(at);
    auto const showed = std::chrono::floor<minutes>(at.time_since_epoch()) - minutes(1) + in.offset(at - minutes(1));
    if (shows % hours(24) == time)
        return true;
    if (shows - showed > hours(24))
        return false;
    for (auto skipped = showed + minutes(1); skipped < shows; skipped += minutes(1))
        if (skipped % hours(24) == time)
            return true;
    return false;
}

std::optional<sub::hold> by_the_minute(sub::person const& p, sub::node_description const& node, sys_seconds now,
                                       td::tests::zone const& in, sub::hold_rules rules)
{
    auto const quiet_at = [&](sys_seconds when) {
        return rules.quiet_hours && p.quiet &&
               p.quiet->contains(std::chrono::floor<minutes>(when.time_since_epoch() + in.offset(when)) % hours(24));
    };
    bool const has_digest = rules.digest && node.wants == sub::purpose::information && !p.digest_times.empty();
    bool const starts_quiet = quiet_at(now);
    if (node.urgent || (!starts_quiet && !has_digest))
        return std::nullopt;
    std::vector<minutes> useful;
    if (has_digest)
        for (auto const time : p.digest_times)
            if (!rules.quiet_hours || !p.quiet || !p.quiet->contains(time))
                useful.push_back(time);
    sub::hold out;
    out.reason = has_digest ? sub::hold_reason::digest : sub::hold_reason::quiet_hours;
    out.until = std::chrono::floor<minutes>(now);
    for (bool found = false; !found;)
    {
        out.until += minutes(1);
        found = useful.empty() ? passes(in, p.quiet->to, out.until) || (starts_quiet && !quiet_at(out.until))
                               : std::any_of(useful.begin(), useful.end(),
                                             [&](minutes time) { return passes(in, time, out.until); });
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_database_only_utc_and_fixed_offsets_are_known)
{
    auto const offset = [](std::string_view zone) { return sub::utc_only(zone, utc(2026, 7, 1, 0)); };
    for (auto const* const zone : {"", "UTC", "Etc/UTC", "Z", "+00:00", "-00:00"})
        BOOST_TEST((offset(zone) == seconds(0)), zone);
    BOOST_TEST((offset("+08:00") == hours(8)));
    BOOST_TEST((offset("-03:30") == -minutes(210)));
    BOOST_TEST((offset("+14:00") == hours(14)));
    for (auto const* const zone :
         {"+14:01", "+24:00", "+8:00", "08:00", "+", "-", "+08:60", "+08:00 ", "Asia/Shanghai", "utc", "+0800"})
        BOOST_TEST(!offset(zone), zone);
}

BOOST_AUTO_TEST_CASE(a_message_in_quiet_hours_is_held_until_they_end)
{
    auto const p = somebody("", night);
    check_quiet(p, utc(2026, 5, 4, 22), utc(2026, 5, 5, 7));
    check_quiet(p, utc(2026, 5, 4, 23, 59, 59), utc(2026, 5, 5, 7));
    check_quiet(p, utc(2026, 5, 5, 0), utc(2026, 5, 5, 7));
    check_quiet(p, utc(2026, 5, 5, 6, 59, 59), utc(2026, 5, 5, 7));
    BOOST_TEST(!held(p, utc(2026, 5, 5, 7)));
    BOOST_TEST(!held(p, utc(2026, 5, 5, 21, 59, 59)));
    BOOST_TEST(!held(somebody("", std::nullopt), utc(2026, 5, 5, 0)));
    check_quiet(somebody("Asia/Kolkata", night), utc(2026, 5, 4, 16, 30), utc(2026, 5, 5, 1, 30));
    check_quiet(somebody("-03:30", night), utc(2026, 5, 5, 3), utc(2026, 5, 5, 7)); // not of this table: UTC
    check(sub::hold_until(somebody("-03:30", night), asks, utc(2026, 5, 5, 3), sub::utc_only),
          sub::hold_reason::quiet_hours, utc(2026, 5, 5, 10, 30));
    check(sub::hold_until(somebody("-03:30", night), asks, utc(2026, 5, 5, 3), {}), sub::hold_reason::quiet_hours,
          utc(2026, 5, 5, 10, 30));
}

BOOST_AUTO_TEST_CASE(an_urgent_message_is_never_held)
{
    auto const p = somebody("", sub::quiet_hours{hours(9), hours(9)}, {hours(9)});
    BOOST_TEST(!held(p, utc(2026, 5, 4, 12), alarms));
    BOOST_TEST(held(p, utc(2026, 5, 4, 12), asks).has_value());
    BOOST_TEST(due({sub::hold_reason::quiet_hours, utc(2026, 5, 5, 9)}, p, utc(2026, 5, 4, 12), alarms));
}

BOOST_AUTO_TEST_CASE(a_person_whose_whole_day_is_quiet_gets_messages_once_a_day)
{
    auto const p = somebody("Asia/Kolkata", sub::quiet_hours{hours(9), hours(9)});
    check_quiet(p, utc(2026, 5, 4, 3, 29), utc(2026, 5, 4, 3, 30));
    check_quiet(p, utc(2026, 5, 4, 3, 30), utc(2026, 5, 5, 3, 30));
    auto const h = *held(p, utc(2026, 5, 4, 12), asks);
    BOOST_TEST(due(h, p, h.until + hours(5), asks)); // a program that was not running
    for (auto const& quiet : {sub::quiet_hours{hours(0), hours(24)}, sub::quiet_hours{hours(24), hours(0)}})
        check_quiet(somebody("", quiet), utc(2026, 5, 4, 3), utc(2026, 5, 5, 0));
}

BOOST_AUTO_TEST_CASE(quiet_hours_end_by_the_clock_on_days_on_which_it_is_changed)
{
    // Forward: the night is an hour shorter. Back: an hour longer.
    check_quiet(somebody("America/New_York", night), utc(2026, 3, 8, 3), utc(2026, 3, 8, 11));
    check_quiet(somebody("America/New_York", night), utc(2026, 11, 1, 2), utc(2026, 11, 1, 12));
    check_quiet(somebody("Europe/Berlin", night), utc(2026, 3, 28, 21), utc(2026, 3, 29, 5));
    check_quiet(somebody("Europe/Berlin", night), utc(2026, 10, 24, 20), utc(2026, 10, 25, 6));
    // An end that does not exist is the moment at which the clock is put forward.
    sub::quiet_hours const short_night{hours(22), minutes(150)};
    check_quiet(somebody("Europe/Berlin", short_night), utc(2026, 3, 29, 0), utc(2026, 3, 29, 1));
    check_quiet(somebody("America/New_York", short_night), utc(2026, 3, 8, 3), utc(2026, 3, 8, 7));
    BOOST_TEST(!held(somebody("Europe/Berlin", short_night), utc(2026, 3, 29, 1)));
    BOOST_TEST(!due({sub::hold_reason::quiet_hours, utc(2026, 3, 29, 1)}, somebody("Europe/Berlin", short_night),
                    utc(2026, 3, 29, 20))); // the next evening, after a program that was not running
    // An end that is there twice: the first one; and until the second one, it is quiet again.
    check_quiet(somebody("Europe/Berlin", short_night), utc(2026, 10, 25, 0, 29), utc(2026, 10, 25, 0, 30));
    BOOST_TEST(!held(somebody("Europe/Berlin", short_night), utc(2026, 10, 25, 0, 59)));
    check_quiet(somebody("Europe/Berlin", short_night), utc(2026, 10, 25, 1), utc(2026, 10, 25, 1, 30));
    // The clock is put back out of the quiet hours.
    check_quiet(somebody("Europe/Berlin", sub::quiet_hours{minutes(150), hours(7)}), utc(2026, 10, 25, 0, 45),
                utc(2026, 10, 25, 1));
    check_quiet(somebody("Australia/Lord_Howe", sub::quiet_hours{hours(22), minutes(135)}), utc(2026, 10, 3, 14),
                utc(2026, 10, 3, 15, 30));
}

BOOST_AUTO_TEST_CASE(a_clock_put_forward_over_all_the_time_that_is_not_quiet_ends_the_quiet_hours)
{
    auto const p = somebody("Europe/Berlin", sub::quiet_hours{hours(3), minutes(150)}); // not quiet: 02:30 to 03:00
    check_quiet(p, utc(2026, 3, 28, 2), utc(2026, 3, 29, 1));
    auto const h = *held(p, utc(2026, 3, 28, 2), asks);
    BOOST_TEST(due(h, p, h.until + hours(1), asks)); // or it would wait another day
    check_quiet(p, utc(2026, 3, 29, 1), utc(2026, 3, 30, 0, 30));
    // Other quiet hours that begin at such a moment hold it.
    BOOST_TEST(!due(h, somebody("Europe/Berlin", sub::quiet_hours{hours(3), hours(4)}), h.until, asks));
}

BOOST_AUTO_TEST_CASE(a_day_that_a_country_leaves_out_has_neither_ends_of_quiet_hours_nor_digests)
{
    auto const p = somebody("Pacific/Apia", night, {hours(9)});
    check_quiet(p, utc(2011, 12, 30, 9), utc(2011, 12, 30, 17));   // 23:00 on the 29th; 07:00 on the 31st
    check_digest(p, utc(2011, 12, 29, 19), utc(2011, 12, 30, 19)); // 09:00 on the 29th; on the 31st
}

BOOST_AUTO_TEST_CASE(messages_that_inform_wait_for_the_next_digest)
{
    auto const p = somebody("Asia/Kolkata", std::nullopt, {hours(9), hours(17)});
    check_digest(p, utc(2026, 5, 4, 3, 29, 59), utc(2026, 5, 4, 3, 30));
    check_digest(p, utc(2026, 5, 4, 3, 30), utc(2026, 5, 4, 11, 30));
    check_digest(p, utc(2026, 5, 4, 11, 30), utc(2026, 5, 5, 3, 30));
    BOOST_TEST(!held(p, utc(2026, 5, 4, 3, 29), asks));
    BOOST_TEST(!held(p, utc(2026, 5, 4, 3, 29), alarms));
    check_digest(somebody("Asia/Kolkata", std::nullopt, {hours(17), hours(9)}), utc(2026, 5, 4, 3),
                 utc(2026, 5, 4, 3, 30)); // in any order
    // A digest time that does not exist, and one that is there twice.
    auto const early = somebody("America/New_York", std::nullopt, {minutes(90), minutes(150)});
    check_digest(early, utc(2026, 3, 8, 6, 30), utc(2026, 3, 8, 7));
    check_digest(early, utc(2026, 3, 8, 7), utc(2026, 3, 9, 5, 30));
    check_digest(early, utc(2026, 11, 1, 5), utc(2026, 11, 1, 5, 30));
    check_digest(early, utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6, 30));
    // One that does not exist, on whose day the quiet hours have begun when the clock is put forward.
    check_digest(somebody("America/New_York", sub::quiet_hours{hours(3), hours(1)}, {minutes(150)}),
                 utc(2026, 3, 7, 7, 30), utc(2026, 3, 8, 7));
}

BOOST_AUTO_TEST_CASE(digest_times_in_quiet_hours_do_not_count)
{
    auto const p = somebody("", night, {hours(6), hours(9), hours(23)});
    check_digest(p, utc(2026, 5, 4, 23), utc(2026, 5, 5, 9));
    check_digest(p, utc(2026, 5, 4, 5), utc(2026, 5, 4, 9));
    check_digest(p, utc(2026, 5, 4, 12), utc(2026, 5, 5, 9));
    check_quiet(p, utc(2026, 5, 4, 23), utc(2026, 5, 5, 7)); // what wants an action
    // All of them are quiet: the end of the quiet hours is the digest.
    auto const useless = somebody("", night, {hours(6), hours(23)});
    check_digest(useless, utc(2026, 5, 4, 23), utc(2026, 5, 5, 7));
    check_digest(useless, utc(2026, 5, 4, 12), utc(2026, 5, 5, 7));
    check_digest(somebody("", sub::quiet_hours{hours(8), hours(8)}, {hours(12)}), utc(2026, 5, 4, 9),
                 utc(2026, 5, 5, 8));
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_switched_off_holds_nothing)
{
    auto const p = somebody("", night, {hours(6), hours(9)});
    sub::hold_rules no_digest;
    no_digest.digest = false;
    sub::hold_rules no_quiet;
    no_quiet.quiet_hours = false;
    auto const now = utc(2026, 5, 4, 23);
    check(sub::hold_until(p, informs, now, {}, no_digest), sub::hold_reason::quiet_hours, utc(2026, 5, 5, 7));
    check(sub::hold_until(p, informs, now, {}, no_quiet), sub::hold_reason::digest, utc(2026, 5, 5, 6));
    BOOST_TEST(!sub::hold_until(p, asks, now, {}, no_quiet));
    BOOST_TEST(!sub::hold_until(p, informs, utc(2026, 5, 4, 12), {}, no_digest));
    sub::hold const digest{sub::hold_reason::digest, utc(2026, 5, 5, 6)};
    BOOST_TEST(sub::is_due(digest, p, informs, utc(2026, 5, 5, 6), {}, no_quiet));
    BOOST_TEST(!sub::is_due(digest, p, informs, utc(2026, 5, 5, 6), {}));
    BOOST_TEST(sub::is_due(digest, p, informs, utc(2026, 5, 4, 12), {}, no_digest));
    BOOST_TEST(!sub::is_due(digest, p, informs, utc(2026, 5, 4, 12), {}));
}

BOOST_AUTO_TEST_CASE(whether_a_held_message_is_due_is_decided_by_the_settings_of_now)
{
    auto const until = utc(2026, 5, 5, 7);
    sub::hold const quiet{sub::hold_reason::quiet_hours, until};
    sub::hold const digest{sub::hold_reason::digest, until};
    auto const before = until - hours(3);
    // No quiet hours any more; or others, that do not contain this moment.
    BOOST_TEST(due(quiet, somebody("", std::nullopt), before));
    BOOST_TEST(due(quiet, somebody("", sub::quiet_hours{hours(22), hours(2)}), before));
    BOOST_TEST(!due(quiet, somebody("", night), before));
    // They are longer now.
    BOOST_TEST(!due(quiet, somebody("", sub::quiet_hours{hours(22), hours(9)}), until));
    // Another time zone: it is evening there.
    BOOST_TEST(due(quiet, somebody("America/New_York", night), utc(2026, 5, 5, 1)));
    // The whole day is quiet now: the time that was found counts.
    auto const always = somebody("", sub::quiet_hours{hours(12), hours(12)});
    BOOST_TEST(!due(quiet, always, before));
    BOOST_TEST(due(quiet, always, until));
    BOOST_TEST(due(digest, always, until));
    // The digest was removed, or the quiet hours hold what waits for it.
    BOOST_TEST(due(digest, somebody("", std::nullopt), before));
    BOOST_TEST(!due(digest, somebody("", std::nullopt, {hours(15)}), before));
    BOOST_TEST(due(digest, somebody("", std::nullopt, {hours(15)}), until));
    BOOST_TEST(due(digest, somebody("", std::nullopt, {hours(15)}), before, asks));
    BOOST_TEST(!due(digest, somebody("", night), before));
    BOOST_TEST(!due(digest, somebody("", sub::quiet_hours{hours(22), hours(9)}, {hours(15)}), until));
    // A person who waits for digests since today: what was held for quiet hours goes out when they end.
    BOOST_TEST(due(quiet, somebody("", night, {hours(15)}), until));
    BOOST_TEST(due(quiet, somebody("", std::nullopt, {hours(15)}), before));
    BOOST_TEST(!due(quiet, somebody("", night, {hours(15)}), before));
}

BOOST_AUTO_TEST_CASE(random_settings_hold_as_long_as_a_model_that_goes_by_minutes)
{
    std::mt19937 random(20261130);
    auto const below = [&random](std::size_t n) {
        return static_cast<std::size_t>(std::uniform_int_distribution<std::size_t>(0, n - 1)(random));
    };
    auto const any_time = [&] { return minutes(below(2) == 0 ? 15 * below(16) : below(24 * 60)); };
    std::size_t count = 0;
    for (int i = 0; i != 4000; ++i)
    {
        auto const& in = td::tests::zones()[below(td::tests::zones().size())];
        auto const spread = hours(72);
        auto const middle =
            !in.changes.empty() && below(4) != 0
                ? in.changes[below(in.changes.size())].at - spread / 2
                : in.first + spread +
                      seconds(below(static_cast<std::size_t>((in.last - in.first - 3 * spread).count())));
        auto now = middle + seconds(below(static_cast<std::size_t>(seconds(spread).count())));
        if (below(2) == 0)
            now = std::chrono::floor<minutes>(now);
        std::optional<sub::quiet_hours> quiet;
        if (below(4) != 0)
        {
            quiet = sub::quiet_hours{any_time(), any_time()};
            if (below(8) == 0)
                quiet->to = quiet->from;
            else if (below(4) == 0) // nearly the whole day
                quiet->to = (quiet->from + hours(24) - minutes(1 + below(70))) % hours(24);
        }
        std::vector<minutes> digest(below(4));
        std::generate(digest.begin(), digest.end(), any_time);
        auto const p = somebody(std::string(in.name), quiet, digest);
        auto const node = std::vector{informs, asks, informs, alarms}[below(4)];
        sub::hold_rules rules;
        rules.quiet_hours = below(6) != 0;
        rules.digest = below(6) != 0;

        auto const found = sub::hold_until(p, node, now, td::tests::offset_in_zone, rules);
        auto const expected = by_the_minute(p, node, now, in, rules);
        auto const what = [&] {
            std::string out = std::string(in.name) + " at " + shown(now) + " UTC";
            if (quiet)
                out += ", quiet " + std::to_string(quiet->from.count()) + " to " + std::to_string(quiet->to.count());
            for (auto const time : digest)
                out += ", digest " + std::to_string(time.count());
            return out + ": " + (found ? shown(found->until) : "now") + " instead of " +
                   (expected ? shown(expected->until) : "now");
        };
        BOOST_TEST_REQUIRE((found == expected), what());
        auto const is_due = [&](sub::hold const& h, sys_seconds when) {
            return sub::is_due(h, p, node, when, td::tests::offset_in_zone, rules);
        };
        if (found)
        {
            ++count;
            BOOST_TEST((found->until > now), what());
            BOOST_TEST((found->until <= now + hours(25)), what());
            BOOST_TEST(!is_due(*found, now), what());
            BOOST_TEST(!is_due(*found, found->until - seconds(1)), what());
            BOOST_TEST(is_due(*found, found->until), what());
        }
        // What is not due, whatever it was held for, can be held again.
        for (auto const reason : {sub::hold_reason::quiet_hours, sub::hold_reason::digest})
            for (auto const until : {now - hours(2), now, now + hours(2)})
                if (!is_due({reason, until}, now))
                    BOOST_TEST(found.has_value(), what());
    }
    BOOST_TEST(count > 1500u);
}

BOOST_AUTO_TEST_CASE(a_program_asks_whether_a_message_waits)
{
    sub::people directory;
    directory.add(somebody("+08:00", night));
    directory.add(sub::person("bob"));
    std::vector<std::string> reported;
    std::vector<std::pair<std::string, sys_seconds>> waiting;
    std::vector<std::string> sent;
    auto const now = utc(2026, 5, 4, 15);
    auto const& node = asks;
    auto const report = [&](std::string const& text) { reported.push_back(text); };
    auto const keep = [&](std::string const& login_name, sys_seconds until) {
        waiting.emplace_back(login_name, until);
    };
    auto const send = [&](std::string const& login_name) { sent.push_back(login_name); };
    //[hold
    sub::zone_offset const offsets = sub::utc_only; // or sub::time_zones()
    for (auto const& problem : sub::check_time_zones(directory, offsets))
        report(problem.text());
    for (auto const& [login_name, person] : directory)
        if (auto const wait = sub::hold_until(person, node, now, offsets))
            keep(login_name, wait->until);
        else
            send(login_name);
    //]
    BOOST_TEST(reported.empty());
    BOOST_TEST((waiting == std::vector{std::pair{std::string("ada"), utc(2026, 5, 4, 23)}}));
    BOOST_TEST((sent == std::vector<std::string>{"bob"}));
}

BOOST_AUTO_TEST_CASE(a_message_is_due_some_time_whatever_a_users_own_offsets_are)
{
    auto const p = somebody("x", night, {hours(9)});
    bool odd = false;
    auto const nonsense = [&odd](std::string_view, sys_seconds) -> std::optional<seconds> {
        odd = !odd;
        return odd ? hours(0) : hours(24);
    };
    auto const now = utc(2026, 5, 4, 23);
    auto const h = sub::hold_until(p, informs, now, nonsense);
    BOOST_TEST_REQUIRE(h.has_value());
    BOOST_TEST((h->until > now));
    BOOST_TEST((h->until <= now + hours(72)));
}

BOOST_AUTO_TEST_CASE(a_time_zone_that_is_not_known_is_reported_with_the_person)
{
    sub::people all;
    for (auto const& [name, zone] : {std::pair{"ada", "Europe/Berlin"}, std::pair{"bob", "Mars/Olympus"},
                                     std::pair{"dan", ""}, std::pair{"eve", "Asia/Kolkata"}})
    {
        sub::person p(name);
        p.time_zone = zone;
        all.add(std::move(p));
    }
    auto const with_table = [](std::string_view zone, sys_seconds when) {
        return zone.empty() ? std::optional(seconds(0)) : td::tests::offset_in_zone(zone, when);
    };
    auto const found = sub::check_time_zones(all, with_table);
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].text().starts_with("bob: time_zone: Mars/Olympus is not known"), found[0].text());
    BOOST_TEST(found[0].text(td::language::chinese).find("Mars/Olympus 在此系统上未知") != std::string::npos);
    BOOST_TEST(sub::check_time_zones(all, {}).size() == 3u);
    BOOST_TEST(sub::check_time_zones(all, sub::utc_only).size() == 3u);
    // Until then it is UTC.
    check_quiet(somebody("Mars/Olympus", night), utc(2026, 5, 4, 23), utc(2026, 5, 5, 7));
}

BOOST_AUTO_TEST_SUITE_END()
