// Keeping to the platforms' limits, against platforms that enforce them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(pacing)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test;
using clock = std::chrono::steady_clock;

template<class Provider, class... Policies>
using notifier = td::notifier<Provider, td::match::login_name, td::transport::http, td::base_url, Policies...>;

/// A world whose platforms refuse, with many people more.
td::sandbox::world strict(int people)
{
    auto world = td::sandbox::world::standard();
    for (int i = 0; i != people; ++i)
    {
        td::sandbox::person one;
        one.login_name = "p" + std::to_string(i);
        one.name = one.login_name;
        one.email = one.login_name + "@example.com";
        world.people.push_back(one);
        for (auto& app : world.apps)
            if (!app.availability.everyone)
                app.availability.people.push_back(one.login_name);
        for (auto& app : world.dingtalk.apps)
            if (!app.availability.everyone)
                app.availability.people.push_back(one.login_name);
    }
    world.limits.enabled = world.dingtalk.limits.enabled = world.wecom.limits.enabled = true;
    return world;
}

/// What became of many sends.
struct outcomes
{
    std::size_t delivered = 0;
    std::vector<td::failure> failures;
    std::size_t over = 0;

    auto count()
    {
        return [this](td::result<td::receipt> const& sent) {
            ++over;
            if (sent)
                ++delivered;
            else
                failures.push_back(sent.error());
        };
    }
    asio::awaitable<void> all(std::size_t n) const
    {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (over != n)
        {
            timer.expires_after(5ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
    }
};

/// Requests that the platform did not take.
std::size_t refused(td::sandbox::server const& platform)
{
    auto const all = platform.requests();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](auto const& r) { return r.status != 200; }));
}

td::deadline patient()
{
    return td::deadline(0s);
}

} // namespace

namespace {

// Lark permits 50 messages a second and 1000 a minute. Its clock runs forty times as fast here, and so do the limits.
std::size_t refused_of_five_thousand()
{
    constexpr std::size_t count = 5000;
    constexpr int people = 1000;
    td::sandbox::server platform(td::sandbox::options().world(strict(people)).clock_speed(40));
    auto pacing = td::pacing::published();
    pacing.limit("im/v1/messages", 0, 1s).limit("im/v1/messages", 0, 1min);
    pacing.limit("im/v1/messages", 50, 25ms).limit("im/v1/messages", 1000, 1500ms);
    asio::io_context io;
    notifier<td::lark, td::pacing::published, td::deadline> notify(io.get_executor(), credentials<td::lark>(platform),
                                                                   url<td::lark>(platform), pacing, patient());
    outcomes seen;
    auto const started = clock::now();
    for (std::size_t i = 0; i != count; ++i)
        notify.async_send("p" + std::to_string(i % people), td::text{"burst"}, seen.count());
    io.run_for(2min);
    BOOST_TEST(seen.delivered == count);
    for (auto const& why : seen.failures)
        BOOST_TEST(false, why);
    BOOST_TEST(platform.ledger().size() == count);
    // The limits were what held it up: the fifth thousand has to wait for four of Lark's minutes. How well they are
    // used is asserted in virtual time, where no other program takes the processor.
    BOOST_TEST((clock::now() - started >= 6s));
    return refused(platform);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_burst_of_five_thousand_messages_is_never_refused)
{
    // A request may take very different times when other programs take the processor, and a millisecond here is forty
    // of the platform's: then once more. A limiter that is wrong is so each time.
    std::size_t refusals = 1;
    for (int tries = 0; refusals != 0 && tries != 3; ++tries)
        refusals = refused_of_five_thousand();
    BOOST_TEST(refusals == 0u);
}

BOOST_AUTO_TEST_CASE(many_people_of_one_call_wait_for_their_turn_beyond_the_deadline)
{
    constexpr int count = 150;
    auto world = strict(count);
    world.limits.calls_per_second = 50;
    td::sandbox::server platform(td::sandbox::options().world(std::move(world)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::deadline> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform),
                                                td::deadline(1500ms)); // the last wait two seconds
        std::vector<std::string> people;
        for (int i = 0; i != count; ++i)
            people.push_back("p" + std::to_string(i));
        auto const sent = co_await notify.send_each(
            people, td::text{"all hands"}, [](std::size_t, auto const&, td::result<td::receipt> const& outcome) {
                BOOST_TEST(outcome.has_value(), outcome.error());
            });
        BOOST_TEST_REQUIRE(sent.has_value());
        BOOST_TEST(sent->delivered == static_cast<std::size_t>(count));
    });
    BOOST_TEST(refused(platform) == 0u);
}

BOOST_AUTO_TEST_CASE(one_person_gets_no_more_than_the_platform_permits_and_others_do_not_wait_for_them)
{
    td::sandbox::server platform(td::sandbox::options().world(strict(40)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::feishu, td::deadline> notify(ex, credentials<td::feishu>(platform), url<td::feishu>(platform),
                                                  td::deadline(1min));
        constexpr std::size_t rounds = 14; // the last one waits two seconds
        outcomes ada;
        outcomes others;
        for (std::size_t i = 0; i != rounds; ++i)
            notify.async_send("ada", td::text{"again"}, ada.count());
        for (int i = 0; i != 40; ++i)
            notify.async_send("p" + std::to_string(i), td::text{"once"}, others.count());
        co_await others.all(40);
        BOOST_TEST(others.delivered == 40u);
        BOOST_TEST(ada.delivered < rounds);
        co_await ada.all(rounds);
        BOOST_TEST(ada.delivered == rounds);
    });
    BOOST_TEST(refused(platform) == 0u);
}

// Beyond 30 a minute WeCom says yes and delivers nothing.
BOOST_AUTO_TEST_CASE(what_wecom_would_drop_without_a_word_is_refused_here_and_said)
{
    td::sandbox::server platform(td::sandbox::options().world(strict(0)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        outcomes seen;
        for (int i = 0; i != 35; ++i)
            for (auto const* who : {"ada", "bob"})
                notify.async_send(who, td::text{"number " + std::to_string(i)}, seen.count());
        co_await seen.all(70);
        BOOST_TEST(seen.delivered == 60u);
        BOOST_TEST_REQUIRE(seen.failures.size() == 10u);
        for (auto const& why : seen.failures)
        {
            BOOST_TEST((why == td::errc::rate_limited));
            BOOST_TEST((why.wait() > 40s && why.wait() <= 61s));
            BOOST_TEST(why.platform() == "wecom");
            BOOST_TEST(why.operation() == "send message");
            BOOST_TEST(why.attempts() == 0u);
            BOOST_TEST(why.message().find("our own limiter") != std::string::npos);
        }
        // Somebody else can be told something at once.
        auto const other = co_await notify.send("chen", td::text{"hi"});
        BOOST_TEST(other.has_value());
    });
    BOOST_TEST(platform.ledger().size() == 61u);
    BOOST_TEST(count_requests(platform, "/cgi-bin/message/send") == 61);
}

// Two a minute here, and a minute is a second.
BOOST_AUTO_TEST_CASE(one_request_to_many_waits_until_each_of_them_may_be_told)
{
    auto world = strict(0);
    world.wecom.limits.member_per_minute = 2;
    td::sandbox::server platform(td::sandbox::options().world(std::move(world)).clock_speed(60));
    auto pacing = td::pacing::published();
    pacing.limit_each_person("message/send", 0, 1min).limit_each_person("message/send", 2, 1s);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::pacing::published> notify(ex, credentials<td::wecom>(platform),
                                                          url<td::wecom>(platform), pacing);
        std::vector<std::string> const people{"ada", "bob", "chen"};
        for (int i = 0; i != 3; ++i)
        {
            auto const alone = co_await notify.send("bob", td::text{"to you"});
            BOOST_TEST(alone.has_value());
            auto const sent =
                co_await notify.send_each(people, td::text{"to all"}, [](std::size_t, auto const&, auto const&) {});
            BOOST_TEST_REQUIRE(sent.has_value());
            BOOST_TEST(sent->delivered == people.size());
        }
    });
    // Nobody's message was dropped.
    BOOST_TEST(platform.ledger().size() == 12u);
    BOOST_TEST(count_requests(platform, "/cgi-bin/message/send") == 6);
}

// DingTalk permits 20 calls a second, other plans more.
BOOST_AUTO_TEST_CASE(a_limit_that_was_raised_is_used_and_kept)
{
    constexpr std::size_t count = 180;
    auto world = strict(60);
    world.dingtalk.limits.calls_per_second = 60;
    td::sandbox::server platform(td::sandbox::options().world(std::move(world)));
    auto pacing = td::pacing::published();
    pacing.limit(60, 1s);
    auto const started = clock::now();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk, td::pacing::published, td::deadline> notify(
            ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform), pacing, patient());
        outcomes seen;
        for (std::size_t i = 0; i != count; ++i)
            notify.async_send("p" + std::to_string(i % 60), td::text{"hi"}, seen.count());
        co_await seen.all(count);
        BOOST_TEST(seen.delivered == count);
    });
    BOOST_TEST(refused(platform) == 0u);
    BOOST_TEST((clock::now() - started >= 2s));
}

// Somebody else uses the same application: the platform refuses although we kept to the limit.
BOOST_AUTO_TEST_CASE(when_the_platform_refuses_the_next_wait_as_long_as_it_says)
{
    auto world = strict(40);
    world.limits.calls_per_second = 10;
    td::sandbox::server platform(td::sandbox::options().world(std::move(world)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::retry::none> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        outcomes burst;
        for (int i = 0; i != 20; ++i)
            notify.async_send("p" + std::to_string(i), td::text{"hi"}, burst.count());
        co_await burst.all(20);
        // Ten of each, unless the burst takes longer than a second.
        auto const refusals = refused(platform);
        BOOST_TEST(burst.delivered >= 10u);
        BOOST_TEST(refusals > 0u);
        BOOST_TEST(burst.delivered + refusals == 20u);
        outcomes rest;
        for (int i = 20; i != 30; ++i)
            notify.async_send("p" + std::to_string(i), td::text{"hi"}, rest.count());
        co_await rest.all(10);
        BOOST_TEST(rest.delivered == 10u);
        BOOST_TEST(refused(platform) == refusals);
    });
}

BOOST_AUTO_TEST_CASE(a_group_robot_is_not_made_mute)
{
    td::sandbox::server platform(td::sandbox::options().world(strict(0)));
    auto const hook = platform.world().dingtalk.hooks.front();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        std::string const address = platform.url("dingtalk") + "/robot/send?access_token=" + hook.access_token;
        td::webhook<td::dingtalk, td::transport::http, td::base_url> group(ex, td::webhook_address(address),
                                                                           url<td::dingtalk>(platform));
        outcomes seen;
        for (int i = 0; i != 25; ++i)
            group.async_send(td::text{"hi"}, seen.count());
        co_await seen.all(25);
        BOOST_TEST(seen.delivered == 20u);
        for (auto const& why : seen.failures)
        {
            BOOST_TEST((why == td::errc::rate_limited));
            BOOST_TEST(why.message().find(hook.access_token) == std::string::npos);
        }
    });
    BOOST_TEST(platform.requests().size() == 20u);
    BOOST_TEST(platform.ledger().size() == 20u);
}

BOOST_AUTO_TEST_CASE(a_send_that_waits_for_its_turn_can_be_cancelled)
{
    td::sandbox::server platform(td::sandbox::options().world(strict(0)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        outcomes first;
        for (int i = 0; i != 5; ++i)
            notify.async_send("ada", td::text{"hi"}, first.count());
        co_await first.all(5);
        asio::cancellation_signal stop;
        outcomes sixth;
        notify.async_send("ada", td::text{"hi"}, asio::bind_cancellation_slot(stop.slot(), sixth.count()));
        asio::post(ex, [&stop] { stop.emit(asio::cancellation_type::terminal); });
        co_await sixth.all(1);
        BOOST_TEST_REQUIRE(sixth.failures.size() == 1u);
        BOOST_TEST((sixth.failures.front() == td::errc::cancelled));
        auto const again = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(again.has_value());
    });
    BOOST_TEST(platform.ledger().size() == 6u);
}

BOOST_AUTO_TEST_SUITE_END()
