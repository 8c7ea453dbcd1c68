// The offsets of the system's time zones.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/holding.hpp>
#include <tidings/subscription/time_zone.hpp>

#include <boost/test/unit_test.hpp>

#include "support/zones.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(time_zones_of_the_system)

namespace {

namespace td = tidings;
namespace sub = tidings::subscription;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using td::tests::utc;

sub::time_zones const known;

} // namespace

BOOST_AUTO_TEST_CASE(the_clocks_of_the_tests_are_those_of_the_system)
{
    for (auto const& zone : td::tests::zones())
    {
        for (auto const& change : zone.changes)
            for (auto const near : {-hours(1), hours(0), hours(1)})
                for (auto const second : {-1, 0, 1})
                {
                    auto const when = change.at + near + seconds(second);
                    BOOST_TEST((known(zone.name, when) == zone.offset(when)),
                               zone.name << ' ' << when.time_since_epoch().count());
                }
        for (auto when = zone.first; when < zone.last; when += hours(12))
            BOOST_TEST((known(zone.name, when) == zone.offset(when)),
                       zone.name << ' ' << when.time_since_epoch().count());
    }
}

BOOST_AUTO_TEST_CASE(other_names_of_a_zone_are_known)
{
    auto const when = utc(2026, 7, 1, 0);
    BOOST_TEST((known("Asia/Calcutta", when) == minutes(330)));
    BOOST_TEST((known("US/Eastern", when) == -hours(4)));
    BOOST_TEST((known("PRC", when) == hours(8)));
    BOOST_TEST((known("Etc/GMT+8", when) == -hours(8)));
    // What needs no data.
    BOOST_TEST((known("", when) == hours(0)));
    BOOST_TEST((known("UTC", when) == hours(0)));
    BOOST_TEST((known("-03:30", when) == -minutes(210)));
}

BOOST_AUTO_TEST_CASE(an_unknown_zone_is_not_known_and_throws_nothing)
{
    static_assert(std::is_nothrow_invocable_v<sub::time_zones const&, std::string_view, std::chrono::sys_seconds>);
    for (auto const& name :
         {std::string("Mars/Olympus"), std::string("asia/shanghai"), std::string("Asia"), std::string("Asia/"),
          std::string("../../../etc/passwd"), std::string("/usr/share/zoneinfo/UTC"),
          std::string("Asia/Shanghai\0", sizeof("Asia/Shanghai")), std::string("Asia/Shanghai "),
          std::string(100000, 'A'), std::string("\xff\xfe"), std::string("zone.tab"), std::string("tzdata.zi")})
        BOOST_TEST(!known(name, utc(2026, 7, 1, 0)), name.substr(0, 40));
}

BOOST_AUTO_TEST_CASE(a_time_zone_may_be_asked_for_by_many_threads)
{
    std::vector<std::size_t> right(8);
    std::vector<std::thread> threads;
    for (auto& count : right)
        threads.emplace_back([&count] {
            for (int i = 0; i != 200; ++i)
                for (auto const& zone : td::tests::zones())
                    count += known(zone.name, zone.first) == zone.before;
        });
    for (auto& thread : threads)
        thread.join();
    for (auto const count : right)
        BOOST_TEST(count == 200 * td::tests::zones().size());
}

BOOST_AUTO_TEST_CASE(messages_are_held_by_the_clocks_of_the_system)
{
    sub::person p("ada");
    p.time_zone = "Europe/Berlin";
    p.quiet = sub::quiet_hours{hours(22), hours(7)};
    sub::node_description const node{"asks", {}, {}, sub::purpose::action, false};
    auto const until = [&](auto const& offsets, std::chrono::sys_seconds now) {
        auto const h = sub::hold_until(p, node, now, offsets);
        BOOST_TEST_REQUIRE(h.has_value());
        return h->until;
    };
    BOOST_TEST((until(known, utc(2026, 3, 28, 21)) == utc(2026, 3, 29, 5)));
    BOOST_TEST((until(known, utc(2026, 10, 24, 20)) == utc(2026, 10, 25, 6)));
    BOOST_TEST((until(sub::utc_only, utc(2026, 3, 28, 22)) == utc(2026, 3, 29, 7)));
    sub::people all;
    all.add(p);
    BOOST_TEST(sub::check_time_zones(all, known).empty());
    BOOST_TEST(sub::check_time_zones(all, sub::utc_only).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
