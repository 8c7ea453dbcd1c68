// How old a signed request is, and which events were received already.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/callback/freshness.hpp>
#include <tidings/callback/replay_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace replay_test {

namespace {

using namespace std::chrono_literals;
using tidings::replay_memory;
using system_time = std::chrono::system_clock::time_point;

long long seconds_of(system_time t)
{
    return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

} // namespace

BOOST_AUTO_TEST_SUITE(callback_freshness)

BOOST_AUTO_TEST_CASE(a_time_in_seconds_has_exactly_ten_digits)
{
    BOOST_TEST(seconds_of(tidings::detail::read_unix_seconds("1700000000").value()) == 1700000000);
    BOOST_TEST(seconds_of(tidings::detail::read_unix_seconds("0000000001").value()) == 1);
    for (std::string_view const bad_text :
         {"", "1", "170000000", "17000000000", "1700000000123", "170000000 ", " 700000000", "+170000000", "-170000000",
          "17000000.0", "170000000a", "0x17000000", "9999999999", "\xd9\xa1\xd9\xa7\xd9\xa0\xd9\xa0\xd9\xa0"})
        BOOST_TEST(!tidings::detail::read_unix_seconds(bad_text).has_value(), bad_text);
}

BOOST_AUTO_TEST_CASE(a_time_as_go_prints_it_is_read_whatever_stands_behind_its_offset)
{
    for (std::string_view const same :
         {"2023-11-14 22:13:20 +0000", "2023-11-14 22:13:20.052290112 +0000 UTC m=+3612.1",
          "2023-11-15 06:13:20.5 +0800 CST", "2023-11-15 06:13:20.5 +0800 CST m=+0.0000001",
          "2023-11-14 16:43:20 -0530 -0530"})
        BOOST_TEST(seconds_of(tidings::detail::read_go_time(same).value()) == 1700000000, same);
    for (std::string_view const bad_text :
         {"", "1700000000", "2023-11-14 22:13:20", "2023-11-14 22:13:20 +000", "2023-11-14 22:13:20 +00001",
          "2023-11-14 22:13:20. +0000", "2023-11-14 22:13:20.1234567890 +0000", "2023-11-14 22:13:20.1x +0000",
          "2023-11-14T22:13:20 +0000", "2023-11-14 22:13:20Z", "2023-13-14 22:13:20 +0000", "2023-02-30 22:13:20 +0000",
          "2023-11-14 24:13:20 +0000", "2023-11-14 22:60:20 +0000", "9999-11-14 22:13:20 +0000",
          "0001-01-01 00:00:00 +0000 UTC", "2023-11-14 22:13:20.5", "2023-11-14 22:13:20 0000 "})
        BOOST_TEST(!tidings::detail::read_go_time(bad_text).has_value(), bad_text);
}

BOOST_AUTO_TEST_CASE(a_request_is_recent_up_to_its_age_and_a_little_ahead_of_the_clock)
{
    system_time const now(1'700'000'000s);
    BOOST_TEST(tidings::is_recent(now, now));
    BOOST_TEST(!tidings::is_recent(std::nullopt, now));
    BOOST_TEST(tidings::is_recent(now - 8h, now));
    BOOST_TEST(!tidings::is_recent(now - 8h - 1s, now));
    BOOST_TEST(tidings::is_recent(now + 5min, now));
    BOOST_TEST(!tidings::is_recent(now + 5min + 1s, now));
    BOOST_TEST(!tidings::is_recent(system_time(9'000'000'000s), now));
    BOOST_TEST(!tidings::is_recent(system_time(), now));
    BOOST_TEST(tidings::is_recent(now - 60s, now, 60s, 0s));
    BOOST_TEST(!tidings::is_recent(now - 61s, now, 60s, 0s));
    BOOST_TEST(!tidings::is_recent(now + 1s, now, 60s, 0s));
    // The last repetition of Lark, counted from the event: 15 s, 5 min, 1 h and 6 h.
    BOOST_TEST((tidings::max_callback_age > 15s + 5min + 1h + 6h));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(callback_replay_memory)

BOOST_AUTO_TEST_CASE(an_id_is_new_once_within_its_lifetime)
{
    replay_memory seen(60s, 10);
    replay_memory::clock::time_point const start{};
    BOOST_TEST(seen.insert("a", start));
    BOOST_TEST(!seen.insert("a", start));
    BOOST_TEST(seen.insert("b", start + 30s));
    BOOST_TEST(!seen.insert("a", start + 59s));
    BOOST_TEST(seen.insert("a", start + 60s)); // a repetition does not prolong it
    BOOST_TEST(!seen.insert("b", start + 60s));
    BOOST_TEST(seen.size() == 2u);
    BOOST_TEST(seen.insert("c", start + 24h));
    BOOST_TEST(seen.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_id_that_was_erased_is_new_again)
{
    replay_memory seen;
    BOOST_TEST(seen.insert("a"));
    seen.erase("a");
    seen.erase("b");
    BOOST_TEST(seen.size() == 0u);
    BOOST_TEST(seen.insert("a"));
    BOOST_TEST(!seen.insert("a"));
}

BOOST_AUTO_TEST_CASE(a_full_memory_forgets_the_oldest_id_and_does_not_grow)
{
    replay_memory seen(60s, 3);
    replay_memory::clock::time_point const start{};
    for (std::string_view const id : {"a", "b", "c"})
        BOOST_TEST(seen.insert(id, start));
    BOOST_TEST(!seen.insert("a", start));
    BOOST_TEST(seen.insert("d", start));
    BOOST_TEST(seen.size() == 3u);
    BOOST_TEST(!seen.insert("b", start));
    BOOST_TEST(!seen.insert("d", start));
    BOOST_TEST(seen.insert("a", start));
    for (int i = 0; i != 10'000; ++i)
        BOOST_TEST_REQUIRE(seen.insert(std::to_string(i), start));
    BOOST_TEST(seen.size() == 3u);
    replay_memory none(60s, 0);
    BOOST_TEST(none.insert("a"));
    BOOST_TEST(!none.insert("a"));
}

BOOST_AUTO_TEST_CASE(ids_of_any_bytes_and_any_length_are_told_apart)
{
    replay_memory seen;
    std::string const longer(1 << 20, 'x');
    using namespace std::string_view_literals;
    for (std::string_view const id : {""sv, "\0"sv, "\0\0"sv, "a"sv, "A"sv, "a "sv, std::string_view(longer),
                                      std::string_view(longer).substr(1), "\xff"sv})
    {
        BOOST_TEST(seen.insert(id));
        BOOST_TEST(!seen.insert(id));
    }
}

BOOST_AUTO_TEST_CASE(of_several_threads_one_is_told_that_an_id_is_new)
{
    replay_memory seen(60s, 1000);
    std::atomic<int> fresh = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i != 500; ++i)
                fresh += seen.insert(std::to_string(i)) ? 1 : 0;
        });
    for (auto& t : threads)
        t.join();
    BOOST_TEST(fresh == 500);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace replay_test
