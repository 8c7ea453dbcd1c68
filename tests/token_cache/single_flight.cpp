// What a failed fetch means for those who ask after it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/token_cache/detail/single_flight.hpp>

#include "support/run.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <vector>

namespace single_flight_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using td::detail::remembers;
using test::run;

constexpr auto never = steady_clock::time_point::max();

using flight = td::detail::single_flight<td::access_token>;

// A platform that refuses, and a place that asks it.
struct fixture
{
    flight::fetcher const fetch = [this]() -> asio::awaitable<td::result<td::token_ptr>> {
        ++asked;
        if (refuses != td::errc())
        {
            auto facts = td::detail::new_facts();
            facts->platform_code = "10014";
            facts->attempts = 1;
            co_return td::failure(refuses, std::move(facts));
        }
        co_return std::make_shared<td::access_token const>(td::secret("t-1"), now + lifetime,
                                                           td::wire::token_margins(60s, 30min));
    };

    td::failure obtain(flight& from)
    {
        td::failure out;
        run([&](asio::any_io_executor) -> asio::awaitable<void> {
            auto const got = co_await from.obtain(fetch, now, steady_clock::now() + 10s);
            if (!got)
                out = got.error();
        });
        return out;
    }

    td::errc refuses = td::errc::bad_credentials;
    std::chrono::minutes lifetime = 2h;
    steady_clock::time_point now = steady_clock::now();
    int asked = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(single_flight, fixture)

BOOST_AUTO_TEST_CASE(only_what_no_repetition_mends_is_remembered)
{
    using enum td::errc;
    for (auto const kind :
         {bad_credentials, token_rejected, permission_missing, app_not_published, bot_disabled, ip_not_allowed,
          recipient_not_found, rate_limited, quota_exhausted, server_error, protocol_error, platform_error,
          connect_failed, tls_failed, timed_out, cancelled, outcome_unknown, queue_full, invalid_argument})
        BOOST_TEST((remembers(kind, 60s) == (kind == bad_credentials ? 60s : 0s)), to_string(kind));
    BOOST_TEST((remembers(bad_credentials, 0s) == 0s));
    BOOST_TEST((remembers(td::failure(asio::error::timed_out), 60s) == 0s));
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_asked_with_once_in_the_time_that_was_set)
{
    flight tokens(60s);
    auto const first = obtain(tokens);
    BOOST_TEST((first == td::errc::bad_credentials));
    BOOST_TEST(first.attempts() == 1u);
    BOOST_TEST(first.message().find("remembered") == std::string::npos);

    now += 14500ms;
    auto const second = obtain(tokens);
    BOOST_TEST((second == td::errc::bad_credentials));
    BOOST_TEST(second.platform_code() == "10014");
    BOOST_TEST(second.attempts() == 0u);
    BOOST_TEST(second.message().find("remembered, the platform was not asked again; next try in 46 s") !=
               std::string::npos);
    BOOST_TEST(asked == 1);

    now += 45499ms;
    BOOST_TEST(obtain(tokens).message().find("next try in 1 s") != std::string::npos);
    BOOST_TEST(asked == 1);
    now += 1ms;
    BOOST_TEST(obtain(tokens).attempts() == 1u);
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(other_failures_and_a_setting_of_zero_ask_each_time)
{
    flight tokens(60s);
    for (auto const kind : {td::errc::server_error, td::errc::rate_limited, td::errc::connect_failed})
    {
        refuses = kind;
        BOOST_TEST((obtain(tokens) == kind));
        BOOST_TEST((obtain(tokens) == kind));
    }
    BOOST_TEST(asked == 6);
    flight never;
    refuses = td::errc::bad_credentials;
    obtain(never);
    obtain(never);
    BOOST_TEST(asked == 8);
}

BOOST_AUTO_TEST_CASE(credentials_that_become_right_are_right_at_once)
{
    flight tokens(60s);
    obtain(tokens);
    now += 60s;
    refuses = td::errc();
    BOOST_TEST((obtain(tokens).code() == td::error_code()));
    now += 2h;
    refuses = td::errc::server_error;
    BOOST_TEST((obtain(tokens) == td::errc::server_error)); // nothing is left of the refusal
    BOOST_TEST(asked == 3);
}

// Threads share a place; the context of one of them ends while it waits for what another one fetches.
BOOST_AUTO_TEST_CASE(who_goes_while_waiting_is_not_called_when_the_flight_lands)
{
    flight tokens;
    asio::io_context here;
    asio::steady_timer answer(here, never);
    flight::fetcher const slowly = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        boost::system::error_code ec;
        co_await answer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        td::result<td::token_ptr> got = co_await fetch();
        co_return got;
    };
    refuses = td::errc();
    int got = 0;
    auto const ask = [&](asio::io_context& io) {
        auto asking = [&]() -> asio::awaitable<void> {
            auto const token = co_await tokens.obtain(slowly, now, never);
            got += token.has_value();
        };
        asio::co_spawn(io, std::move(asking), asio::detached);
        io.poll();
    };
    ask(here);
    {
        asio::io_context there;
        ask(there);
        ask(there);
    }
    asio::io_context elsewhere;
    ask(elsewhere);
    answer.cancel();
    here.run();
    elsewhere.restart();
    elsewhere.run_for(10s);
    BOOST_TEST(got == 2);
    BOOST_TEST(asked == 1);
}

// Its context is stopped and kept, as at the end of many programs; or its call has no deadline and the peer is silent.
BOOST_AUTO_TEST_CASE(a_flight_that_never_lands_is_followed_by_another)
{
    flight tokens;
    asio::io_context here;
    asio::steady_timer answer(here, never);
    flight::fetcher const forever = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        boost::system::error_code ec;
        co_await answer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        td::result<td::token_ptr> got = td::failure(td::errc::cancelled);
        co_return got;
    };
    bool ended = false;
    auto asking = [&]() -> asio::awaitable<void> {
        auto const token = co_await tokens.obtain(forever, now, std::chrono::steady_clock::now() + 10ms);
        ended = true;
    };
    asio::co_spawn(here, std::move(asking), asio::detached);
    here.poll();
    refuses = td::errc();
    BOOST_TEST((obtain(tokens).code() == td::error_code()));
    BOOST_TEST(asked == 1);
    BOOST_TEST(!ended);
    // Should it land after all, it disturbs nobody.
    answer.cancel();
    here.restart();
    here.run();
    BOOST_TEST(ended);
    BOOST_TEST((obtain(tokens).code() == td::error_code()));
    BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_CASE(only_so_many_may_wait_for_a_fetch_and_the_next_is_refused_at_once)
{
    constexpr std::size_t max_waiting = 3;
    flight there(0s, 30s, max_waiting);
    asio::io_context io;
    flight::fetcher const slow = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        asio::steady_timer timer(io, 20ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_return std::make_shared<td::access_token const>(td::secret("t-1"), now + 2h,
                                                           td::wire::token_margins(60s, 30min));
    };
    std::size_t got = 0;
    std::size_t refused = 0;
    auto const ask = [&]() -> asio::awaitable<void> {
        td::result<td::token_ptr> const token = co_await there.obtain(slow, now, never);
        got += token.has_value();
        if (!token)
        {
            BOOST_TEST((token.error() == td::errc::queue_full), token.error());
            BOOST_TEST(got == 0u);
            ++refused;
        }
    };
    for (std::size_t i = 0; i != max_waiting + 3; ++i)
        asio::co_spawn(io, ask(), asio::detached);
    io.run_for(10s);
    BOOST_TEST(got == max_waiting + 1);
    BOOST_TEST(refused == 2u);
    asio::co_spawn(io, ask(), asio::detached); // there is room again
    io.restart();
    io.run_for(10s);
    BOOST_TEST(got == max_waiting + 2);
}

// An exception that leaves the fetch is the caller's own; the others fetch for themselves.
BOOST_AUTO_TEST_CASE(when_a_fetch_ends_by_an_exception_one_of_those_who_wait_fetches)
{
    flight there;
    asio::io_context io;
    flight::fetcher const broken = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        asio::steady_timer timer(io, 5ms);
        co_await timer.async_wait(asio::use_awaitable);
        if (++asked == 1)
            throw std::bad_alloc();
        co_return std::make_shared<td::access_token const>(td::secret("t-1"), now + 2h,
                                                           td::wire::token_margins(60s, 30min));
    };
    int got = 0;
    int thrown = 0;
    auto const ask = [&]() -> asio::awaitable<void> {
        td::result<td::token_ptr> const token = co_await there.obtain(broken, now, never);
        got += token.has_value();
    };
    for (int i = 0; i != 4; ++i)
        asio::co_spawn(io, ask(), [&](std::exception_ptr e) { thrown += e != nullptr; });
    io.run_for(10s);
    BOOST_TEST(got == 3);
    BOOST_TEST(thrown == 1);
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(what_stood_in_the_way_of_who_gave_up_is_told_to_who_gives_up_after)
{
    flight tokens;
    asio::io_context here;
    asio::steady_timer answer(here, never);
    flight::fetcher const in_vain = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        boost::system::error_code ec;
        co_await answer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        td::failure const refused(td::errc::connect_failed);
        td::result<td::token_ptr> got = td::detail::because_of(td::errc::timed_out, refused);
        co_return got;
    };
    flight::fetcher const too_late = []() -> asio::awaitable<td::result<td::token_ptr>> {
        td::result<td::token_ptr> got = td::failure(td::errc::timed_out);
        co_return got;
    };
    std::vector<td::failure> why;
    auto const ask = [&](flight::fetcher const& how) {
        auto asking = [&]() -> asio::awaitable<void> {
            auto const token = co_await tokens.obtain(how, now, never);
            why.push_back(token.error());
        };
        asio::co_spawn(here, std::move(asking), asio::detached);
        here.poll();
    };
    ask(in_vain);
    ask(too_late);
    answer.cancel();
    here.restart();
    here.run_for(10s);
    BOOST_TEST_REQUIRE(why.size() == 2u);
    BOOST_TEST((why.back() == td::errc::timed_out));
    BOOST_TEST(why.back().cause() == make_error_code(td::errc::connect_failed));
    BOOST_TEST(why.back().message().find("before that: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refresh_that_was_refused_is_remembered_too_and_costs_no_message)
{
    flight tokens(60s);
    refuses = td::errc();
    obtain(tokens);
    now += 100min;
    refuses = td::errc::bad_credentials;
    run([&](asio::any_io_executor) -> asio::awaitable<void> {
        co_await tokens.refresh(fetch, now);
        co_await tokens.refresh(fetch, now);
    });
    BOOST_TEST(asked == 2);
    BOOST_TEST((obtain(tokens).code() == td::error_code())); // the old token still works
    now += 20min - 30s;
    BOOST_TEST((obtain(tokens) == td::errc::bad_credentials));
    BOOST_TEST(asked == 3);
    BOOST_TEST((obtain(tokens) == td::errc::bad_credentials));
    BOOST_TEST(asked == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace single_flight_test
