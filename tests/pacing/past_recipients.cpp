// People to whom one request went: the table against one of the standard library.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/pacing/detail/past_recipients.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <unordered_map>

namespace past_recipients_test {

namespace {

using namespace std::chrono_literals;
using tidings::detail::past_recipients;
using time_point = past_recipients::time_point;

constexpr time_point start{1h};

} // namespace

BOOST_AUTO_TEST_SUITE(recipients_of_one_request)

BOOST_AUTO_TEST_CASE(whoever_counts_is_found_whatever_comes_and_goes)
{
    std::mt19937 random(5);
    past_recipients table(1s);
    std::unordered_map<std::uint64_t, time_point> expected;
    auto now = start;
    for (int step = 0; step != 100'000; ++step)
    {
        now += std::chrono::microseconds(random() % 2000);
        std::uint64_t const key = random() % 3000; // close to each other: long runs in the table
        if (table.find(key))
        {
            auto const late = *table.find(key) - expected.at(key);
            BOOST_TEST_REQUIRE((late >= 0ns && late <= 1us));
            table.erase(key);
            expected.erase(key);
        }
        else
        {
            auto const known = expected.find(key);
            BOOST_TEST_REQUIRE((known == expected.end() || known->second + 1s <= now));
            table.add(key, now, now);
            expected[key] = now;
        }
    }
    for (auto const& [key, from] : expected)
        BOOST_TEST_REQUIRE((table.find(key) || from + 1s <= now));
}

BOOST_AUTO_TEST_CASE(no_more_are_kept_than_about_twice_as_many_as_count)
{
    past_recipients table(1s);
    std::size_t most = 0;
    for (std::uint64_t i = 0; i != 100'000; ++i)
    {
        auto const now = start + i * 1ms;
        table.add(i * 0x9E3779B97F4A7C15u, now, now);
        most = std::max(most, table.size());
    }
    BOOST_TEST(most >= 1000u);
    BOOST_TEST(most <= 2000u);
}

BOOST_AUTO_TEST_CASE(the_older_half_can_be_forgotten)
{
    past_recipients table(1h);
    table.forget_older_half();
    for (std::uint64_t i = 0; i != 100; ++i)
        table.add(i, start + i * 1s, start);
    table.forget_older_half();
    BOOST_TEST(table.size() == 50u);
    BOOST_TEST(!table.find(49));
    auto const late = table.find(50).value() - (start + 50s);
    BOOST_TEST((late >= 0ns && late <= 4ms)); // a millionth of the period
    while (table.size() != 0)
    {
        auto const before = table.size();
        table.forget_older_half();
        BOOST_TEST_REQUIRE(table.size() < before);
    }
}

BOOST_AUTO_TEST_CASE(two_people_with_the_same_40_bits_are_one_for_whom_the_later_request_counts)
{
    constexpr std::uint64_t key = 7;
    constexpr std::uint64_t same = key | std::uint64_t{1} << 40;
    past_recipients table(1h);
    table.add(key, start + 10s, start + 10s);
    table.add(same, start + 20s, start + 20s);
    BOOST_TEST(table.size() == 1u);
    table.add(key, start + 15s, start + 20s);
    BOOST_TEST(table.size() == 1u);
    for (auto const one : {key, same})
    {
        auto const late = table.find(one).value() - (start + 20s);
        BOOST_TEST((late >= 0ns && late <= 4ms));
    }
    table.erase(key);
    BOOST_TEST(table.size() == 0u);
    table.forget_older_half(); // nobody is the oldest
    BOOST_TEST(table.size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace past_recipients_test
