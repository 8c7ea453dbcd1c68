// What quiet hours and digests hold, and what is sent when it is due.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "world.hpp"

#include "support/run.hpp"

#include <chrono>

BOOST_AUTO_TEST_SUITE(held_messages)

using namespace dispatch_test;
using namespace std::chrono_literals;
using sql = sub::sql_task::node;

namespace {

constexpr std::string_view sleepers =
    R"({"login_name":"ada","quiet_hours":{"from":"22:00","to":"07:00"},"time_zone":"+08:00","language":"zh"}
{"login_name":"dan","digest":["09:00","17:00"]}
{"login_name":"bob","quiet_hours":{"from":"00:00","to":"00:00"}}
)";

constexpr std::string_view everything_by_lark =
    R"({"type":"sql_task","node":"approved","personal_channels":["lark"],"routes":["webhook:ops"]},)"
    R"({"type":"sql_task","node":"executed","personal_channels":["lark"]},)"
    R"({"type":"sql_task","node":"execution_failed","personal_channels":["lark"]})";

std::chrono::sys_seconds at(int hour, int minute = 0)
{
    return std::chrono::sys_days(std::chrono::year(2026) / 11 / 30) + std::chrono::hours(hour) +
           std::chrono::minutes(minute);
}

/// An office whose clock a test moves.
class night
{
public:
    explicit night(asio::any_io_executor ex, std::string_view lines = sleepers)
        : o(std::move(ex), everything_by_lark, lines, clock())
    {
    }

    std::shared_ptr<std::chrono::sys_seconds> now = std::make_shared<std::chrono::sys_seconds>(at(16));
    office o;

private:
    sub::dispatch_options clock()
    {
        sub::dispatch_options how;
        how.now = [time = now] { return *time; };
        return how;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(quiet_hours_hold_what_goes_to_a_person_until_they_end_in_the_persons_time_zone)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        *n.now = at(16); // midnight of +08:00
        auto const held = co_await n.o.send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*held, "ada inbox held", "ada webhook:ops delivered", "ada personal:lark held");
        BOOST_TEST((held->outcomes[0].until == at(23)));
        auto const again = co_await n.o.send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*again, "ada inbox held", "ada webhook:ops already", "ada personal:lark held");
        auto const early = co_await n.o.send.release();
        BOOST_TEST(early->outcomes.empty());
        *n.now = at(22, 59);
        auto const still_early = co_await n.o.send.release();
        BOOST_TEST(still_early->outcomes.empty());
        *n.now = at(23);
        auto const released = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*released, "ada inbox delivered", "ada personal:lark delivered");
        BOOST_TEST(n.o.lark.delivered().front().message.title().str("en") == "Change #42: SQL task approved");
        BOOST_TEST(
            (n.o.lark.delivered().front().key.view() == sub::delivery_id("e-1", "ada", "personal:lark").key().view()));
        auto const nothing = co_await n.o.send.release();
        BOOST_TEST(nothing->outcomes.empty());
        auto const late = co_await n.o.send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*late, "ada inbox already", "ada webhook:ops already", "ada personal:lark already");
        BOOST_TEST(n.o.inbox.delivered().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(an_urgent_message_breaks_through)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto const report = co_await n.o.send.dispatch(event_at<sql::execution_failed>());
        TIDINGS_TEST_LINES(*report, "ada inbox delivered", "ada personal:lark delivered", "dan inbox delivered",
                           "dan personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(an_event_given_again_after_the_quiet_hours_is_sent_and_no_longer_held)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto const held = co_await n.o.send.dispatch(event_at<sql::approved>());
        BOOST_TEST((held->outcomes[0].status == delivery_status::held));
        *n.now = at(23, 30);
        auto const sent = co_await n.o.send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*sent, "ada inbox delivered", "ada webhook:ops already", "ada personal:lark delivered");
        auto const released = co_await n.o.send.release();
        BOOST_TEST(released->outcomes.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_person_whose_whole_day_is_quiet_gets_messages_once_a_day)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto what = event_at<sql::approved>();
        what.submitter = "bob";
        auto const held = co_await n.o.send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*held, "bob inbox held", "bob webhook:ops delivered", "bob personal:lark held");
        BOOST_TEST((held->outcomes[0].until == at(24)));
        *n.now = at(24);
        auto const released = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*released, "bob inbox delivered", "bob personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(quiet_hours_that_were_taken_away_hold_nothing_any_more)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const now = std::make_shared<std::chrono::sys_seconds>(at(16));
        sub::dispatch_options how;
        how.now = [now] { return *now; };
        sub::people_directory directory(people_of(sleepers));
        sub::dispatcher<> send(ex, rules_of(""), directory, sub::memory_log(), how);
        scripted_route inbox;
        send.set_route("inbox", inbox);
        auto const held = co_await send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*held, "ada inbox held");
        directory.all().publish(people_of(R"({"login_name":"ada"})"));
        auto const released = co_await send.release();
        TIDINGS_TEST_LINES(*released, "ada inbox delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_held_message_that_fails_stays_held)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto const held = co_await n.o.send.dispatch(event_at<sql::approved>());
        BOOST_TEST((held->outcomes[2].status == delivery_status::held));
        *n.now = at(23);
        n.o.lark.becomes(fails_with(td::errc::connect_failed));
        auto const first = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*first, "ada inbox delivered", "ada personal:lark failed");
        n.o.lark.becomes({});
        auto const second = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*second, "ada personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_held_message_is_not_sent_by_a_channel_that_the_person_is_not_bound_to_any_more)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const now = std::make_shared<std::chrono::sys_seconds>(at(16));
        auto const is_allowed = std::make_shared<bool>(true);
        sub::dispatch_options how;
        how.now = [now] { return *now; };
        how.allow = [is_allowed](sub::event const&, sub::person const&, std::string_view name) {
            return *is_allowed || name == "inbox";
        };
        sub::people_directory directory(people_of(sleepers));
        sub::dispatcher<> send(ex, rules_of(everything_by_lark), directory, sub::memory_log(), how);
        scripted_route inbox;
        scripted_route lark;
        send.set_route("inbox", inbox);
        send.set_route("personal:lark", lark);
        send.set_route("webhook:ops", scripted_route({}, sub::audience::group));
        auto const held = co_await send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*held, "ada inbox held", "ada webhook:ops delivered", "ada personal:lark held");
        *now = at(23);
        directory.all().publish(people_of(R"({"login_name":"ada","channels":["feishu"]})"));
        auto const unbound = co_await send.release();
        TIDINGS_TEST_LINES(*unbound, "ada inbox delivered");
        directory.all().publish(people_of(R"({"login_name":"ada","channels":["lark"]})"));
        *is_allowed = false;
        auto const refused = co_await send.release();
        BOOST_TEST(refused->outcomes.empty());
        *is_allowed = true;
        auto const bound = co_await send.release();
        TIDINGS_TEST_LINES(*bound, "ada personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_held_message_whose_route_is_gone_is_unconfigured_and_stays_held)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto const held = co_await n.o.send.dispatch(event_at<sql::approved>());
        BOOST_TEST((held->outcomes[2].status == delivery_status::held));
        *n.now = at(23);
        n.o.send.remove_route("personal:lark");
        auto const first = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*first, "ada inbox delivered", "ada personal:lark unconfigured");
        n.o.send.set_route("personal:lark", n.o.lark);
        auto const second = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*second, "ada personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_digest_is_one_message_of_each_route_and_has_an_outcome_for_each_event)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        for (auto const* const id : {"e-1", "e-2", "e-3"})
        {
            auto what = event_at<sql::executed>(id);
            what.submitter = "dan";
            what.link = std::string("https://console.example.com/") + id;
            auto const held = co_await n.o.send.dispatch(std::move(what));
            TIDINGS_TEST_LINES(*held, "dan inbox held", "dan personal:lark held");
            BOOST_TEST((held->outcomes[0].until == at(17)));
        }
        auto const early = co_await n.o.send.release();
        BOOST_TEST(early->outcomes.empty());
        *n.now = at(17);
        n.o.lark.becomes(fails_with(td::errc::connect_failed));
        auto const first = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*first, "dan inbox delivered", "dan personal:lark failed", "dan inbox delivered",
                           "dan personal:lark failed", "dan inbox delivered", "dan personal:lark failed");
        BOOST_TEST_REQUIRE(n.o.inbox.delivered().size() == 1u);
        auto const& digest = n.o.inbox.delivered().front();
        BOOST_TEST(digest.message.title().str("en") == "3 messages");
        BOOST_TEST(digest.message.title().str("zh") == "3 条消息");
        BOOST_TEST(digest.events.size() == 3u);
        auto const& body = digest.message.body().str("en");
        BOOST_TEST(body.starts_with("- Change #42: SQL task executed\n  Subject: Change #42\n"), body);
        BOOST_TEST(body.find("\n  https://console.example.com/e-2\n- ") != std::string::npos, body);
        BOOST_TEST(digest.message.body().str("zh").find("主题：Change #42") != std::string::npos);
        n.o.lark.becomes({});
        auto const second = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*second, "dan personal:lark delivered", "dan personal:lark delivered",
                           "dan personal:lark delivered");
        for (auto const& outcome : second->outcomes)
            BOOST_TEST(outcome.message_id == "m-1");
        BOOST_TEST(n.o.lark.delivered().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_digest_lists_events_in_the_order_in_which_they_were_held)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        std::vector<std::string> const ids{"e-9", "e-10", "e-8"};
        for (auto const& id : ids)
        {
            auto what = event_at<sql::executed>(id);
            what.submitter = "dan";
            auto const held = co_await n.o.send.dispatch(std::move(what));
            BOOST_TEST((held->outcomes[0].status == delivery_status::held));
        }
        // One that fails and stays held keeps its place.
        *n.now = at(17);
        n.o.lark.becomes(fails_with(td::errc::connect_failed));
        auto const first = co_await n.o.send.release();
        BOOST_TEST(first->outcomes.size() == 2 * ids.size());
        n.o.lark.becomes({});
        auto const second = co_await n.o.send.release();
        BOOST_TEST(second->outcomes.size() == ids.size());
        BOOST_TEST(n.o.inbox.delivered().at(0).events == ids, boost::test_tools::per_element());
        BOOST_TEST(n.o.lark.delivered().at(0).events == ids, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_digest_of_one_event_is_the_message_itself)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto what = event_at<sql::executed>();
        what.submitter = "dan";
        auto const held = co_await n.o.send.dispatch(std::move(what));
        BOOST_TEST((held->outcomes[0].status == delivery_status::held));
        *n.now = at(17);
        auto const released = co_await n.o.send.release();
        TIDINGS_TEST_LINES(*released, "dan inbox delivered", "dan personal:lark delivered");
        BOOST_TEST(n.o.lark.delivered().front().message.title().str("en") == "Change #42: SQL task executed");
    });
}

BOOST_AUTO_TEST_CASE(many_messages_become_several_digests_and_none_is_lost)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        constexpr std::size_t count = 35;
        for (std::size_t i = 0; i != count; ++i)
        {
            auto what = event_at<sql::executed>("e-" + std::to_string(i));
            what.submitter = "dan";
            auto const held = co_await n.o.send.dispatch(std::move(what));
            BOOST_TEST((held->outcomes[0].status == delivery_status::held));
        }
        *n.now = at(17);
        auto const released = co_await n.o.send.release();
        BOOST_TEST(released->outcomes.size() == 2 * count);
        BOOST_TEST(n.o.lark.delivered().size() == 4u);
        std::size_t events = 0;
        for (auto const& message : n.o.lark.delivered())
            events += message.events.size();
        BOOST_TEST(events == count);
    });
}

BOOST_AUTO_TEST_CASE(what_wants_an_action_does_not_wait_for_a_digest)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        auto const report = co_await n.o.send.dispatch(event_at<sql::to_be_executed>());
        TIDINGS_TEST_LINES(*report, "dan inbox delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_route_may_be_left_out_of_quiet_hours_and_digests)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        night n(ex);
        sub::route_options at_once;
        at_once.held_by.quiet_hours = false;
        at_once.held_by.digest = false;
        n.o.send.set_route("inbox", n.o.inbox, at_once);
        auto const report = co_await n.o.send.dispatch(event_at<sql::executed>());
        TIDINGS_TEST_LINES(*report, "ada inbox delivered", "ada personal:lark held", "dan inbox delivered",
                           "dan personal:lark held");
    });
}

BOOST_AUTO_TEST_SUITE_END()
