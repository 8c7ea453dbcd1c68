// What notifiers of several threads share: one fetch, one limit, one directory of tokens.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/counted_call.hpp"
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace shared_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

/// Runs `part(0)` to `part(n - 1)`, each on a thread of its own, to their ends.
template<class Part>
void on_threads(std::size_t n, Part const& part)
{
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != n; ++i)
        threads.emplace_back([&part, i] { part(i); });
    for (auto& t : threads)
        t.join();
}

asio::awaitable<void> go(td::pacing::published::entry& entry, td::wire::operation const& op,
                         std::vector<clock::time_point>& went)
{
    auto mine = entry.take(op, clock::now());
    if (!mine)
    {
        auto granted = co_await entry.wait(op, clock::time_point::max());
        if (!granted)
            co_return;
        mine = *std::move(granted);
    }
    auto const now = clock::now();
    went.push_back(now);
    mine.on_reply(now, clock::now());
}

} // namespace

BOOST_AUTO_TEST_SUITE(shared_by_threads)

BOOST_AUTO_TEST_CASE(one_fetch)
{
    td::sandbox::server const platform;
    td::token_cache::in_memory const cache;
    std::atomic<int> delivered = 0;
    on_threads(4, [&](std::size_t) {
        asio::io_context io;
        td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::token_cache::in_memory,
                     td::pacing::none>
            notify(io.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform), cache);
        for (int i = 0; i < 50; ++i)
            notify.async_send("ada", td::text{"hello"},
                              [&](td::result<td::receipt> const& r) { delivered += r.has_value(); });
        io.run();
    });
    BOOST_TEST(delivered == 200);
    BOOST_TEST(count_requests(platform, token_path) == 1);
}

BOOST_AUTO_TEST_CASE(the_platforms_limits)
{
    constexpr int each = 60;
    auto world = many_recipients(each);
    world.limits.enabled = true;
    td::sandbox::server const platform(td::sandbox::options().world(std::move(world)));
    td::pacing::published const pacing;
    std::atomic<int> delivered = 0;
    on_threads(2, [&](std::size_t) {
        asio::io_context io;
        td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::published,
                     td::deadline>
            notify(io.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform), pacing,
                   td::deadline(0s));
        for (int i = 0; i != each; ++i)
            notify.async_send("p" + std::to_string(i), td::text{"hi"},
                              [&](td::result<td::receipt> const& r) { delivered += r.has_value(); });
        io.run();
    });
    BOOST_TEST(delivered == 2 * each);
    auto const all = platform.requests();
    BOOST_TEST(std::count_if(all.begin(), all.end(), [](auto const& r) { return r.status != 200; }) == 0);
}

BOOST_AUTO_TEST_CASE(a_limit_that_holds_for_all_of_them_together)
{
    constexpr unsigned max_count = 10;
    constexpr auto per = 50ms;
    constexpr std::size_t each = 50;
    constexpr td::wire::api_limits limits = td::wire::api_limits("api").calls({max_count, per});
    td::pacing::published const pacing;
    std::array<std::vector<clock::time_point>, 3> times;
    on_threads(times.size(), [&](std::size_t i) {
        auto const entry = td::pacing::published(pacing).entry_for("app");
        counted_call const op(limits);
        asio::io_context io;
        for (std::size_t n = 0; n != each; ++n)
            asio::co_spawn(io, go(*entry, op, times[i]), asio::detached);
        io.run();
    });
    std::vector<clock::time_point> all;
    for (auto const& mine : times)
        all.insert(all.end(), mine.begin(), mine.end());
    std::sort(all.begin(), all.end());
    BOOST_TEST_REQUIRE(all.size() == times.size() * each);
    for (std::size_t i = max_count; i != all.size(); ++i)
        BOOST_TEST((all[i] - all[i - max_count] >= per));
}

BOOST_AUTO_TEST_CASE(a_directory_of_tokens_and_copies_of_a_cache)
{
    constexpr std::size_t threads = 8;
    constexpr std::size_t rounds = 20;
    std::string const key = "lark|https://h|cli_1|4e738ca5563c06cf";
    temporary_directory const home;
    auto const directory = home.path() + "/tokens";
    auto const now = clock::now();
    std::atomic<std::size_t> asked = 0;
    std::atomic<std::size_t> got_one = 0;
    td::token_cache::file const common(directory);
    on_threads(threads, [&](std::size_t t) {
        for (std::size_t round = 0; round != rounds; ++round)
        {
            asio::io_context io;
            auto cache = t % 2 == 0 ? common : td::token_cache::file(directory);
            auto const entry = cache.entry_for(key);
            td::token_fetch const fetch = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
                auto const n = ++asked;
                asio::steady_timer timer(io, 1ms);
                co_await timer.async_wait(asio::use_awaitable);
                co_return std::make_shared<td::access_token const>(td::secret("t-" + std::to_string(n)), now + 2h);
            };
            auto const obtain_once = [&]() -> asio::awaitable<void> {
                auto const got = co_await entry->obtain(fetch, now, clock::now() + 20s);
                got_one += got.has_value();
                if (got && round % 5 == t % 5)
                    entry->drop(*got);
            };
            asio::co_spawn(io, obtain_once(), asio::detached);
            io.run();
        }
    });
    BOOST_TEST(got_one == threads * rounds);
    BOOST_TEST(asked <= 1 + threads * rounds / 5); // a fetch for each drop at most
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace shared_test
