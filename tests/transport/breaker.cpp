// When a host is tried again that could not be connected to.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/transport/detail/breaker.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::transport::detail {

static std::ostream& operator<<(std::ostream& out, breaker::attempt a)
{
    return out << (a == breaker::attempt::denied ? "denied" : a == breaker::attempt::usual ? "usual" : "probe");
}

} // namespace tidings::inline v0::transport::detail

namespace breaker_test {

namespace {

using namespace std::chrono_literals;
using tidings::transport::detail::breaker;
using tidings::transport::detail::breaker_settings;
using attempt = breaker::attempt;

constexpr breaker::time_point start{1000h};

// What happens, one after the other: a second passes, somebody asks, an attempt ends.
std::string story(breaker b, std::string_view events)
{
    std::string out;
    auto now = start;
    attempt last = attempt::denied;
    for (char const e : events)
        switch (e)
        {
        case 't': now += 1s; break;
        case 'm': now += 1min; break;
        case 'a':
        {
            auto const answer = b.ask(now);
            out += answer == attempt::denied ? '-' : answer == attempt::usual ? 'u' : 'p';
            last = answer == attempt::denied ? last : answer;
            break;
        }
        case '+': b.succeeded(); break;
        case 'x': b.failed(last, now); break;
        case 'l': b.failed(attempt::usual, now); break; // one that was under way for long
        case '0': b.abandoned(last); break;
        default: BOOST_FAIL("no such event"); break;
        }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(breakers)

BOOST_AUTO_TEST_CASE(it_opens_after_some_failures_lets_one_try_at_a_time_and_closes_with_a_success)
{
    struct
    {
        std::string_view events, answers, why;
    } const rows[] = {
        {"a+a+a+a+", "uuuu", "what works is not disturbed"},
        {"axaxaxa", "uuu-", "three failures open it"},
        {"axaxa+axaxa", "uuuuuu", "a success in between starts anew"},
        {"aaaaxxxa", "uuuu-", "attempts at the same time count, too"},
        {"axaxaxata", "uuu-p", "after the pause there is a probe"},
        {"axaxaxtaaa", "uuup--", "and only one"},
        {"axaxaxta+aa", "uuupuu", "which closes it when it succeeds"},
        {"axaxaxta+axaxa", "uuupuuu", "and then it takes three failures again"},
        {"axaxaxtaxtata", "uuup-p", "or else the pause is twice as long"},
        {"axaxaxtaxttaxtttata", "uuupp-p", "and again"},
        {"axaxaxta+axaxaxta", "uuupuuup", "a success makes it short again"},
        {"axaxaxta0a", "uuupp", "a probe that was cancelled tells nothing: the next one may try"},
        {"axaxaxllta", "uuup", "those that were under way do not make the pause longer"},
        {"axaxa0a0a0axa", "uuuuuu-", "what was cancelled neither counts nor clears"},
        {"axaxax+a", "uuuu", "one that was under way and succeeds closes it"},
        {"axaxaxta+xa", "uuupu", "a probe that ends when it is closed already is one failure"},
    };
    for (auto const& row : rows)
        BOOST_TEST(story(breaker(breaker_settings(3, 1s)), row.events) == row.answers, row.why);
}

BOOST_AUTO_TEST_CASE(the_pause_grows_up_to_a_minute)
{
    breaker b(breaker_settings(1, 1s));
    auto now = start;
    b.failed(b.ask(now), now);
    std::vector<breaker::duration> pauses;
    for (int i = 0; i != 9; ++i)
    {
        auto const since = now;
        while (b.look(now) == attempt::denied)
            now += 1s;
        pauses.push_back(now - since);
        b.failed(b.ask(now), now);
    }
    BOOST_TEST((pauses == std::vector<breaker::duration>{1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}));
    // A pause that is longer from the first stays as it is.
    BOOST_TEST(story(breaker(breaker_settings(1, 2min)), "axmammaxmama") == "u-p-p");
}

BOOST_AUTO_TEST_CASE(with_zero_failures_it_is_off_and_without_a_pause_the_next_one_tries)
{
    BOOST_TEST(story(breaker(breaker_settings(0, 1s)), "axaxaxaxaxaxa") == "uuuuuuu");
    BOOST_TEST(story(breaker(breaker_settings(1, 0s)), "axaxaaaxa") == "upp--p");
}

BOOST_AUTO_TEST_CASE(who_looks_does_not_take_the_probe)
{
    breaker b(breaker_settings(1, 1s));
    b.failed(b.ask(start), start);
    BOOST_TEST(b.look(start) == attempt::denied);
    BOOST_TEST(b.look(start + 1s) == attempt::probe);
    BOOST_TEST(b.look(start + 1s) == attempt::probe);
    BOOST_TEST(b.ask(start + 1s) == attempt::probe);
    BOOST_TEST(b.look(start + 1s) == attempt::denied);
}

BOOST_AUTO_TEST_CASE(it_reports_each_pause_that_begins_and_the_success_that_closes_it)
{
    breaker b(breaker_settings(2, 1s));
    BOOST_TEST(!b.succeeded());
    BOOST_TEST(!b.failed(attempt::usual, start).has_value());
    BOOST_TEST((b.failed(attempt::usual, start) == 1s));
    BOOST_TEST(!b.failed(attempt::usual, start).has_value());
    BOOST_TEST((b.failed(b.ask(start + 1s), start + 1s) == 2s));
    BOOST_TEST(b.succeeded());
    BOOST_TEST(!b.succeeded());
    breaker off(breaker_settings(0, 1s));
    BOOST_TEST(!off.failed(attempt::usual, start).has_value());
    BOOST_TEST(!off.succeeded());
}

BOOST_AUTO_TEST_CASE(it_says_why_and_until_when)
{
    breaker b(breaker_settings(2, 3s));
    b.failed(b.ask(start), start);
    b.failed(b.ask(start), start);
    BOOST_TEST(b.describe(start) == "not tried: the last 2 attempts to connect failed, the next try is in 3 s");
    BOOST_TEST(b.describe(start + 100ms) == "not tried: the last 2 attempts to connect failed, the next try is in 3 s");
    BOOST_TEST(b.describe(start + 2500ms) ==
               "not tried: the last 2 attempts to connect failed, the next try is in 1 s");
    BOOST_TEST(b.ask(start + 3s) == attempt::probe);
    BOOST_TEST(b.describe(start + 3s) == "not tried: the last 2 attempts to connect failed, the next is under way");
    breaker strict(breaker_settings(1, 1s));
    strict.failed(strict.ask(start), start);
    BOOST_TEST(strict.describe(start) == "not tried: the last 1 attempt to connect failed, the next try is in 1 s");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace breaker_test
