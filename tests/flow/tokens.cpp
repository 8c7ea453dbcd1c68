// Access tokens: fetched once, refreshed ahead, dropped when rejected.
#include "support/platform.hpp"
#include "support/relay.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

using namespace test;
using td::sandbox::fault;
using td::sandbox::fault_kind;

namespace {

using token_notifier = td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, manual_clock,
                                    td::token_cache::in_memory, td::deadline, td::pacing::none>;

// A notifier whose clock and the platform's are moved together.
struct token_fixture
{
    td::sandbox::server platform;
    manual_clock clock;
    td::token_cache::in_memory cache;

    token_notifier make(asio::any_io_executor ex, std::chrono::milliseconds limit = std::chrono::seconds(10))
    {
        return token_notifier(ex, credentials<td::lark>(platform), url<td::lark>(platform), clock, cache,
                              td::deadline(limit));
    }
    void advance(std::chrono::minutes by)
    {
        platform.advance(by);
        clock.advance(by);
    }
    std::ptrdiff_t fetched() const { return count_requests(platform, token_path); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tokens, token_fixture)

BOOST_AUTO_TEST_CASE(a_thousand_concurrent_first_sends_fetch_one_token)
{
    asio::io_context io;
    auto notify = make(io.get_executor());
    int delivered = 0;
    for (int i = 0; i < 1000; ++i)
        notify.async_send("ada", td::text{"hello"}, [&](td::result<td::receipt> r) {
            BOOST_TEST(r.has_value(), r.error());
            delivered += r.has_value();
        });
    io.run();
    BOOST_TEST(delivered == 1000);
    BOOST_TEST(platform.ledger().size() == 1000u);
    BOOST_TEST(fetched() == 1);
    BOOST_TEST(platform.connections() <= 16u);
}

BOOST_AUTO_TEST_CASE(without_a_cache_each_operation_fetches)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::token_cache::none> notify(
            ex, credentials<td::lark>(platform), url<td::lark>(platform));
        BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
        BOOST_TEST((co_await notify.send("ada", td::text{"2"})).has_value());
    });
    BOOST_TEST(fetched() == 2);
}

BOOST_AUTO_TEST_CASE(a_token_is_refreshed_in_the_background_when_less_than_thirty_minutes_are_left)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
        advance(std::chrono::minutes(89));
        BOOST_TEST((co_await notify.send("ada", td::text{"2"})).has_value());
        BOOST_TEST(fetched() == 1);

        advance(std::chrono::minutes(2));
        auto const before = platform.requests().size();
        BOOST_TEST((co_await notify.send("ada", td::text{"3"})).has_value());
        co_await wait_until([&] { return fetched() == 2; });
        // The send did not wait for the new token: it carried the old one.
        auto const requests = platform.requests();
        auto const old_token = requests[before - 1].header("Authorization");
        auto const carried = std::find_if(requests.begin() + static_cast<std::ptrdiff_t>(before), requests.end(),
                                          [](auto const& r) { return r.target.find(send_path) == 0; });
        BOOST_TEST_REQUIRE((carried != requests.end()));
        BOOST_TEST(carried->header("Authorization") == old_token);

        // The new one is in use for the rest of its life.
        advance(std::chrono::minutes(60));
        BOOST_TEST((co_await notify.send("ada", td::text{"4"})).has_value());
        BOOST_TEST(fetched() == 2);
        BOOST_TEST(platform.requests().back().header("Authorization") != old_token);
    });
}

BOOST_AUTO_TEST_CASE(a_refresh_that_fails_costs_no_message_and_is_not_repeated_at_once)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
        advance(std::chrono::minutes(100));
        platform.add_fault(fault(fault_kind::answer).path(std::string(token_path)).status(502).body("<html>").times(0));
        for (int i = 0; i < 5; ++i)
        {
            BOOST_TEST((co_await notify.send("ada", td::text{"2"})).has_value());
            co_await wait_until([&] { return fetched() == 2; });
        }
        BOOST_TEST(fetched() == 2);
    });
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_fetched_before_the_send)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
        advance(std::chrono::minutes(121));
        auto const sent = co_await notify.send("ada", td::text{"2"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 1u);
    });
    BOOST_TEST(fetched() == 2);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_replaced_and_the_message_sent_once_in_both_shapes_of_the_refusal)
{
    for (int status : {400, 200})
    {
        platform.edit([status](td::sandbox::world& w) { w.modes.bad_token_status = status; });
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex);
            BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
            auto const tokens = fetched();
            auto const messages = platform.ledger().size();
            platform.revoke_tokens(platform.app("lark").app_id);
            auto const sent = co_await notify.send("ada", td::text{"2"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->attempts() == 2u);
            BOOST_TEST(platform.ledger().size() == messages + 1);
            BOOST_TEST(fetched() == tokens + 1);
        });
    }
}

BOOST_AUTO_TEST_CASE(a_platform_that_rejects_every_token_is_asked_twice_and_no_more)
{
    platform.add_fault(fault(fault_kind::answer)
                           .path(std::string(send_path))
                           .status(400)
                           .header("Content-Type", "application/json")
                           .body(R"({"code":99991663,"msg":"Invalid access token for authorization."})")
                           .times(0));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        auto const sent = co_await notify.send("ada", td::text{"1"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::token_rejected), sent.error());
        BOOST_TEST(sent.error().attempts() == 2u);
    });
    BOOST_TEST(count_requests(platform, send_path) == 2);
    BOOST_TEST(fetched() == 2);
}

BOOST_AUTO_TEST_CASE(a_thousand_senders_with_wrong_credentials_ask_once_and_all_learn_why)
{
    asio::io_context io;
    auto const app = platform.app("lark");
    token_notifier notify(io.get_executor(), td::lark::credentials(app.app_id, td::secret("wrong")),
                          url<td::lark>(platform));
    int refused = 0;
    for (int i = 0; i < 1000; ++i)
        notify.async_send("ada", td::text{"hello"}, [&](td::result<td::receipt> r) {
            refused += r.has_error() && r.error() == td::errc::bad_credentials && r.error().platform_code() == "10014";
        });
    io.run();
    BOOST_TEST(refused == 1000);
    BOOST_TEST(fetched() == 1);
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_asked_with_once_a_minute_and_others_are_not_affected)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const good = credentials<td::lark>(platform);
        td::lark::credentials const wrong(good.app_id(), td::secret("wrong"));
        token_notifier refused(ex, wrong, url<td::lark>(platform), clock, cache);
        auto sent = co_await refused.send("ada", td::text{"1"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST(sent.error().attempts() == 1u);
        for (int i = 0; i != 5; ++i)
        {
            token_notifier another(ex, wrong, url<td::lark>(platform), clock, cache);
            sent = co_await another.send("ada", td::text{"2"});
            BOOST_TEST_REQUIRE(sent.has_error());
            td::failure const why = sent.error();
            BOOST_TEST((why == td::errc::bad_credentials), why);
            BOOST_TEST(why.platform_code() == "10014");
            BOOST_TEST(why.operation() == "fetch access token");
            BOOST_TEST(why.attempts() == 0u);
            BOOST_TEST(why.message().find("next try in 60 s") != std::string::npos, why);
            BOOST_TEST(why.remedy().find("App Secret") != std::string::npos, why);
        }
        BOOST_TEST(platform.requests().size() == 1u);

        auto right = make(ex);
        BOOST_TEST((co_await right.send("ada", td::text{"3"})).has_value());
        BOOST_TEST(fetched() == 2);

        clock.advance(std::chrono::seconds(60));
        sent = co_await refused.send("ada", td::text{"4"});
        BOOST_TEST((sent.error() == td::errc::bad_credentials));
        BOOST_TEST(sent.error().attempts() == 1u);
        BOOST_TEST(fetched() == 3);
    });
}

BOOST_AUTO_TEST_CASE(for_how_long_wrong_credentials_are_remembered_is_a_setting_of_the_cache)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::lark::credentials const wrong(credentials<td::lark>(platform).app_id(), td::secret("wrong"));
        for (auto const lasts : {std::chrono::seconds(0), std::chrono::seconds(5)})
        {
            token_notifier notify(ex, wrong, url<td::lark>(platform), clock,
                                  td::token_cache::in_memory().refusal_lifetime(lasts));
            auto const before = fetched();
            for (int i = 0; i != 3; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"1"});
                BOOST_TEST((sent.error() == td::errc::bad_credentials));
            }
            BOOST_TEST(fetched() == before + (lasts.count() == 0 ? 3 : 1));
            clock.advance(lasts);
            auto const sent = co_await notify.send("ada", td::text{"2"});
            BOOST_TEST((sent.error() == td::errc::bad_credentials));
            BOOST_TEST(fetched() == before + (lasts.count() == 0 ? 4 : 2));
        }
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_waiter_disturbs_nobody)
{
    platform.add_fault(fault(fault_kind::delay).path(std::string(token_path)).delay(std::chrono::milliseconds(500)));
    asio::io_context io;
    auto notify = make(io.get_executor());
    int delivered = 0;
    int cancelled = 0;
    std::vector<asio::cancellation_signal> signals(10);
    for (std::size_t i = 0; i < signals.size(); ++i)
        notify.async_send("ada", td::text{"hello"},
                          asio::bind_cancellation_slot(signals[i].slot(), [&](td::result<td::receipt> r) {
                              delivered += r.has_value();
                              cancelled += r.has_error() && r.error() == td::errc::cancelled;
                          }));
    while (fetched() == 0)
        io.run_one_for(std::chrono::milliseconds(5));
    for (std::size_t i = 1; i < signals.size(); i += 2)
        signals[i].emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST(delivered == 5);
    BOOST_TEST(cancelled == 5);
    BOOST_TEST(fetched() == 1);
}

BOOST_AUTO_TEST_CASE(when_the_one_who_fetches_is_cancelled_another_takes_over)
{
    platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
    asio::io_context io;
    auto notify = make(io.get_executor());
    int delivered = 0;
    bool leader_cancelled = false;
    asio::cancellation_signal leader;
    notify.async_send("ada", td::text{"first"},
                      asio::bind_cancellation_slot(leader.slot(), [&](td::result<td::receipt> r) {
                          leader_cancelled = r.has_error() && r.error() == td::errc::cancelled;
                      }));
    for (int i = 0; i < 9; ++i)
        notify.async_send("ada", td::text{"follower"}, [&](td::result<td::receipt> r) { delivered += r.has_value(); });
    while (fetched() == 0)
        io.run_one_for(std::chrono::milliseconds(5));
    leader.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST(leader_cancelled);
    BOOST_TEST(delivered == 9);
    BOOST_TEST(fetched() == 2);
}

BOOST_AUTO_TEST_CASE(destroying_a_notifier_ends_its_background_refresh)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        {
            auto notify = make(ex);
            BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
            advance(std::chrono::minutes(100));
            platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
            BOOST_TEST((co_await notify.send("ada", td::text{"2"})).has_value());
            co_await wait_until([&] { return fetched() == 2; });
        }
        co_return; // `run` fails the test if the refresh keeps the context busy until its deadline
    });
}

BOOST_AUTO_TEST_CASE(closing_a_notifier_ends_its_background_refresh_and_waits_for_that)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
        advance(std::chrono::minutes(100));
        platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
        BOOST_TEST((co_await notify.send("ada", td::text{"2"})).has_value());
        co_await wait_until([&] { return fetched() == 2; });
        // The refresh is in flight, and has ten seconds.
        auto const waited = co_await notify.drain(td::call_options().deadline(std::chrono::milliseconds(1)));
        BOOST_TEST((waited.has_error() && waited.error() == td::errc::timed_out));
        auto const closed = co_await notify.close();
        BOOST_TEST(closed.has_value());
    });
}

// The cancellation of a refresh once was posted to a context that nobody ran, with a pointer into the notifier.
BOOST_AUTO_TEST_CASE(a_notifier_that_has_refreshed_its_token_may_go_or_be_replaced_while_nobody_runs_its_context)
{
    for (bool const hangs : {false, true})
        for (bool const replaced : {false, true})
        {
            asio::io_context io;
            std::optional<token_notifier> notify(make(io.get_executor()));
            int delivered = 0;
            auto const count = [&](td::result<td::receipt> const& r) { delivered += r.has_value(); };
            notify->async_send("ada", td::text{"1"}, count);
            io.run();
            advance(std::chrono::minutes(100));
            if (hangs)
                platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
            auto const before = fetched();
            notify->async_send("ada", td::text{"2"}, count);
            io.restart();
            while (delivered != 2 || fetched() == before)
                io.run_one_for(std::chrono::milliseconds(10));
            for (int i = 0; !hangs && i != 20; ++i) // the refresh ends
                io.run_one_for(std::chrono::milliseconds(10));
            if (replaced)
            {
                *notify = make(io.get_executor());
                notify->async_send("ada", td::text{"3"}, count);
            }
            else
                notify.reset();
            io.restart();
            io.run_for(std::chrono::seconds(20));
            BOOST_TEST(io.stopped());
            BOOST_TEST(delivered == (replaced ? 3 : 2));
            advance(std::chrono::minutes(121));
        }
}

// ---- Connections for those who wait for it

BOOST_AUTO_TEST_CASE(connections_are_opened_while_the_token_is_fetched)
{
    platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
    asio::io_context io;
    auto notify = make(io.get_executor());
    for (int i = 0; i < 5; ++i)
        notify.async_send("ada", td::text{"hello"}, [](td::result<td::receipt> const&) {});
    for (int i = 0; i != 2000 && (fetched() == 0 || platform.connections() < 5); ++i)
        io.run_one_for(std::chrono::milliseconds(5));
    BOOST_TEST(platform.connections() == 5u); // the first call's is the one of the fetch
    BOOST_TEST(platform.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_connections_that_were_opened_early_are_those_that_are_used)
{
    asio::io_context io;
    auto notify = make(io.get_executor());
    int delivered = 0;
    for (int i = 0; i < 40; ++i)
        notify.async_send("ada", td::text{"hello"},
                          [&](td::result<td::receipt> const& r) { delivered += r.has_value(); });
    io.run();
    BOOST_TEST(delivered == 40);
    BOOST_TEST(platform.connections() <= 16u);
}

// Otherwise the program would go on for as long as the calls might have.
BOOST_AUTO_TEST_CASE(connections_are_not_opened_any_more_when_nobody_waits_for_the_token)
{
    td::sandbox::server secure(td::sandbox::options().tls());
    secure.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
    temporary_directory const files;
    auto const where = td::transport::endpoint::parse(secure.url("lark")).value();
    asio::io_context outside;
    faulty_relay between(outside.get_executor(), static_cast<std::uint16_t>(std::stoul(where.port())));
    asio::io_context io;
    td::notifier<td::lark, td::match::login_name, td::base_url> notify(
        io.get_executor(), credentials<td::lark>(secure),
        td::base_url("https://localhost:" + std::to_string(between.port())),
        td::transport::https().ca_file(files.write("ca.pem", secure.ca_pem())).resolve("localhost", "127.0.0.1"));
    auto const both = [&] {
        outside.poll();
        io.run_one_for(std::chrono::milliseconds(1));
    };
    int ended = 0;
    std::list<asio::cancellation_signal> stop(3);
    auto const send = [&](asio::cancellation_signal& by) {
        notify.async_send("ada", td::text{"hello"},
                          asio::bind_cancellation_slot(by.slot(), [&](td::result<td::receipt> const& r) {
                              BOOST_TEST((r.error() == td::errc::cancelled), r.error());
                              ++ended;
                          }));
    };
    send(stop.front());
    for (int i = 0; i != 5000 && secure.requests().empty(); ++i)
        both();
    between.treat(connection_behaviour::swallow);
    for (auto at = std::next(stop.begin()); at != stop.end(); ++at)
        send(*at);
    for (int i = 0; i != 5000 && between.connections() < 3; ++i)
        both();
    BOOST_TEST(between.connections() == 3u);
    for (auto& one : stop)
        one.emit(asio::cancellation_type::terminal);
    for (int i = 0; i != 1000 && !io.stopped(); ++i)
        both();
    BOOST_TEST(ended == 3);
    BOOST_TEST(io.stopped(), "something was left to do when all calls had ended");
}

BOOST_AUTO_TEST_SUITE_END()
