// Which messages an event makes, and what becomes of them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/dispatcher.hpp>

#include "world.hpp"

#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>

namespace dispatch_test {
namespace {

// Each has exactly what its concept names.
class route_archetype
{
public:
    route_archetype() = delete;
    route_archetype(route_archetype&&) = default;
    asio::awaitable<td::result<td::receipt>> deliver(sub::notification const&) { co_return td::receipt(); }
};
static_assert(sub::delivery_route<route_archetype>);

class source_archetype
{
public:
    source_archetype() = delete;
    source_archetype(source_archetype&&) = default;
    asio::awaitable<td::result<sub::people>> find(sub::people_query const&) { co_return sub::people(); }
};
static_assert(sub::people_source<source_archetype>);

class log_archetype
{
public:
    log_archetype() = delete;
    log_archetype(log_archetype&&) = default;
    asio::awaitable<td::result<sub::attempt>> begin(sub::delivery_id const&, td::idempotency_key const&)
    {
        co_return sub::attempt(sub::attempt::kind::first);
    }
    asio::awaitable<td::result<void>> end(sub::delivery_id const&, delivery_status) { co_return td::result<void>(); }
    asio::awaitable<td::result<sub::attempt>> hold(sub::held_delivery const&)
    {
        co_return sub::attempt(sub::attempt::kind::first);
    }
    asio::awaitable<td::result<std::vector<sub::held_delivery>>> held() { co_return std::vector<sub::held_delivery>(); }
};
static_assert(sub::delivery_log<log_archetype>);

} // namespace
} // namespace dispatch_test

template class dispatch_test::sub::dispatcher<dispatch_test::source_archetype, dispatch_test::log_archetype>;

BOOST_AUTO_TEST_SUITE(dispatching)

using namespace dispatch_test;
using sql = sub::sql_task::node;

namespace {

constexpr std::string_view approvals_by_all =
    R"({"type":"sql_task","node":"to_be_approved","routes":["webhook:ops"],"personal_channels":["lark"]})";

} // namespace

BOOST_AUTO_TEST_CASE(an_event_without_a_row_goes_to_the_default_receivers_by_the_default_route)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex);
        auto const approval = co_await o.send.dispatch(event_at<sql::to_be_approved>("e-1"));
        TIDINGS_TEST_LINES(*approval, "bob inbox delivered");
        auto const executed = co_await o.send.dispatch(event_at<sql::executed>("e-2"));
        TIDINGS_TEST_LINES(*executed, "ada inbox delivered", "dan inbox delivered");
        BOOST_TEST(o.lark.delivered().empty());
        auto const& n = o.inbox.delivered().front();
        BOOST_TEST(n.message.title().str("en") == "Change #42: SQL task of Ada waits for your approval");
        BOOST_TEST(n.language.view() == "zh-cn");
        BOOST_TEST((n.wants == sub::purpose::action));
        BOOST_TEST(n.urgent);
    });
}

BOOST_AUTO_TEST_CASE(an_event_that_names_no_approvers_goes_to_everybody_with_the_right)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex);
        auto what = event_at<sql::to_be_approved>();
        what.approvers.clear();
        auto const report = co_await o.send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, "bob inbox delivered", "cai inbox delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_person_gets_the_message_by_the_default_route_and_by_the_personal_channel)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*report, "bob inbox delivered", "bob webhook:ops delivered", "bob personal:lark delivered");
        BOOST_TEST(report->outcomes.back().message_id == "m-1");
        BOOST_TEST(o.lark.receivers().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_person_who_is_listed_twice_is_reached_once)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, R"({"type":"sql_task","node":"executed","receivers":["ada","dan","ada"]})");
        auto what = event_at<sql::executed>();
        what.executor = "ada";
        auto const report = co_await o.send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, "ada inbox delivered", "dan inbox delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_group_gets_one_message_and_there_is_an_outcome_for_each_person)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, R"({"type":"sql_task","node":"executed","routes":["webhook:ops"]})");
        auto const report = co_await o.send.dispatch(event_at<sql::executed>());
        TIDINGS_TEST_LINES(*report, "ada inbox delivered", "ada webhook:ops delivered", "dan inbox delivered",
                           "dan webhook:ops delivered");
        BOOST_TEST_REQUIRE(o.ops.delivered().size() == 1u);
        auto const& n = o.ops.delivered().front();
        BOOST_TEST(n.to.login_name.empty());
        BOOST_TEST(n.message.facts().back().value().str() == "Ada, dan");
        auto const again = co_await o.send.dispatch(event_at<sql::executed>());
        BOOST_TEST(o.ops.delivered().size() == 1u);
        BOOST_TEST((again->outcomes[1].status == delivery_status::already));
    });
}

BOOST_AUTO_TEST_CASE(an_event_that_concerns_nobody_still_goes_to_the_group)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, R"({"type":"sql_task","node":"approved","routes":["webhook:ops"],"personal_channels":["lark"]})");
        auto what = event_at<sql::approved>();
        what.submitter.clear();
        auto const report = co_await o.send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, " webhook:ops delivered");
        BOOST_TEST(o.ops.delivered().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_failed_route_does_not_touch_the_others_and_is_tried_again_with_the_same_key)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        std::vector<std::string> keys;
        o.lark.becomes([&keys](sub::notification const& n) {
            keys.emplace_back(n.key.view());
            return td::result<void>(td::failure(td::errc::bad_credentials));
        });
        auto const first = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*first, "bob inbox delivered", "bob webhook:ops delivered", "bob personal:lark failed");
        BOOST_TEST((*first->outcomes[2].why == td::errc::bad_credentials));
        o.lark.becomes([&keys](sub::notification const& n) {
            keys.emplace_back(n.key.view());
            return td::result<void>();
        });
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*second, "bob inbox already", "bob webhook:ops already", "bob personal:lark delivered");
        auto const third = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*third, "bob inbox already", "bob webhook:ops already", "bob personal:lark already");
        BOOST_TEST(o.inbox.delivered().size() == 1u);
        BOOST_TEST(o.lark.delivered().size() == 1u);
        BOOST_TEST_REQUIRE(keys.size() == 2u);
        BOOST_TEST(keys[0] == keys[1]);
    });
}

BOOST_AUTO_TEST_CASE(keys_differ_by_event_person_and_route)
{
    std::vector<std::string> all;
    for (auto const* const event : {"e-1", "e-2"})
        for (auto const* const person : {"ada", "bob", ""})
            for (auto const* const route : {"inbox", "personal:lark"})
                all.emplace_back(sub::delivery_id(event, person, route).key().view());
    BOOST_TEST(all.front() == sub::delivery_id("e-1", "ada", "inbox").key().view());
    std::sort(all.begin(), all.end());
    BOOST_TEST((std::unique(all.begin(), all.end()) == all.end()));
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_is_not_sent_again)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        o.lark.becomes(fails_with(td::errc::outcome_unknown));
        auto const first = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        BOOST_TEST((first->outcomes[2].status == delivery_status::unknown));
        o.lark.becomes({});
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        BOOST_TEST((second->outcomes[2].status == delivery_status::already));
        BOOST_TEST(o.lark.delivered().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_route_that_does_not_exist_is_unconfigured_until_it_does)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, R"({"type":"sql_task","node":"to_be_approved","personal_channels":["wecom"]})");
        auto const before = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*before, "bob inbox delivered", "bob personal:wecom unconfigured");
        BOOST_TEST(before->outcomes[1].why->message().find("Unconfigured") != std::string::npos);
        scripted_route wecom;
        o.send.set_route("personal:wecom", wecom);
        auto const after = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*after, "bob inbox already", "bob personal:wecom delivered");
        o.send.remove_route("personal:wecom");
        auto const removed = co_await o.send.dispatch(event_at<sql::to_be_approved>("e-2"));
        TIDINGS_TEST_LINES(*removed, "bob inbox delivered", "bob personal:wecom unconfigured");
    });
}

BOOST_AUTO_TEST_CASE(a_person_who_is_bound_to_other_channels_is_left_out)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, R"({"type":"sql_task","node":"to_be_approved","personal_channels":["lark","feishu"]})");
        scripted_route feishu;
        o.send.set_route("personal:feishu", feishu);
        auto what = event_at<sql::to_be_approved>();
        what.approvers = {"cai"};
        auto const report = co_await o.send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, "cai inbox delivered", "cai personal:feishu delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_condition_of_the_users_decides_on_each_message)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        sub::dispatch_options how;
        how.allow = [](sub::event const&, sub::person const& to, std::string_view route_name) {
            return route_name == "inbox" || to.has_role("approver");
        };
        office o(ex, R"({"type":"sql_task","node":"executed","receivers":["bob"],"personal_channels":["lark"]})",
                 everybody, how);
        auto const report = co_await o.send.dispatch(event_at<sql::executed>());
        TIDINGS_TEST_LINES(*report, "ada inbox delivered", "dan inbox delivered", "bob inbox delivered",
                           "bob personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(somebody_whom_the_directory_does_not_have_gets_the_message_by_login_name)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex);
        auto what = event_at<sql::approved>();
        what.submitter = "zoe";
        auto const report = co_await o.send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, "zoe inbox delivered");
        BOOST_TEST(o.inbox.delivered().front().to.login_name == "zoe");
    });
}

BOOST_AUTO_TEST_CASE(an_event_of_no_type_or_without_an_id_reaches_nobody)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex);
        auto nameless = event_at<sql::approved>("");
        auto const first = co_await o.send.dispatch(std::move(nameless));
        BOOST_TEST((first.error() == td::errc::invalid_argument));
        auto broken = event_at<sql::approved>("a\nb");
        broken.id = "a\nb";
        auto const second = co_await o.send.dispatch(std::move(broken));
        BOOST_TEST((second.error() == td::errc::invalid_argument));
        auto foreign = event_at<sql::approved>();
        foreign.at.type = 17;
        auto const third = co_await o.send.dispatch(std::move(foreign));
        BOOST_TEST((third.error() == td::errc::invalid_argument));
        BOOST_TEST(o.inbox.delivered().empty());
    });
}

namespace {

/// Delivers nothing until a test lets it.
class stalled_route
{
public:
    explicit stalled_route(asio::any_io_executor ex)
        : gate_(std::make_shared<asio::steady_timer>(ex, asio::steady_timer::time_point::max()))
    {
    }

    asio::awaitable<td::result<td::receipt>> deliver(sub::notification const&)
    {
        boost::system::error_code ec;
        ++*waiting_;
        co_await gate_->async_wait(asio::redirect_error(asio::use_awaitable, ec));
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            co_return td::failure(td::errc::cancelled);
        co_return td::receipt("late", "", 1);
    }

    void open() { gate_->expires_at(asio::steady_timer::time_point::min()); }
    int waiting() const { return *waiting_; }

private:
    std::shared_ptr<asio::steady_timer> gate_;
    std::shared_ptr<int> waiting_ = std::make_shared<int>(0);
};

} // namespace

BOOST_AUTO_TEST_CASE(a_stalled_route_does_not_delay_the_others)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        sub::dispatch_options how;
        how.concurrency = 1; // of each route
        office o(ex, R"({"type":"sql_task","node":"executed","routes":["webhook:ops"],"personal_channels":["lark"]})",
                 everybody, how);
        stalled_route stalled(ex);
        o.send.set_route("personal:lark", stalled);
        std::vector<std::string> known;
        bool opened = false;
        auto const report =
            co_await o.send.dispatch(event_at<sql::executed>(), [&](sub::delivery_outcome const& outcome) {
                BOOST_TEST((outcome.id.route != "personal:lark" || opened));
                known.push_back(outcome.id.route);
                if (known.size() == 4) // both persons by the inbox and by the group
                    opened = true;
                if (known.size() >= 4)
                    stalled.open();
            });
        BOOST_TEST(known.size() == 6u);
        BOOST_TEST(report->outcomes.size() == 6u);
    });
}

BOOST_AUTO_TEST_CASE(the_same_event_twice_at_the_same_time_reaches_nobody_twice)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        stalled_route stalled(ex);
        o.send.set_route("personal:lark", stalled);
        std::vector<std::string> first;
        o.send.async_dispatch(event_at<sql::to_be_approved>(), {},
                              [&](td::result<sub::dispatch_report> report) { first = lines_of(*report); });
        co_await test::wait_until([&] { return stalled.waiting() == 1; });
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*second, "bob inbox already", "bob webhook:ops already", "bob personal:lark already");
        stalled.open();
        co_await test::wait_until([&] { return !first.empty(); });
        BOOST_TEST(first.back() == "bob personal:lark delivered");
        BOOST_TEST(o.inbox.delivered().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(what_was_cancelled_is_sent_when_the_event_is_given_again)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        sub::dispatch_options how;
        how.concurrency = 1;
        office o(ex, R"({"type":"sql_task","node":"executed","personal_channels":["lark"]})", everybody, how);
        stalled_route stalled(ex);
        o.send.set_route("personal:lark", stalled);
        asio::cancellation_signal stop;
        std::vector<std::string> first;
        std::size_t seen = 0;
        o.send.async_dispatch(
            event_at<sql::executed>(), [&](sub::delivery_outcome const&) { ++seen; },
            asio::bind_cancellation_slot(stop.slot(), [&](td::result<sub::dispatch_report> report) {
                first = lines_of(*report);
                for (auto const& outcome : report->outcomes)
                    BOOST_TEST((outcome.status != delivery_status::failed || *outcome.why == td::errc::cancelled));
            }));
        co_await test::wait_until([&] { return stalled.waiting() == 1 && o.inbox.delivered().size() == 2; });
        stop.emit(asio::cancellation_type::terminal);
        co_await test::wait_until([&] { return !first.empty(); });
        std::vector<std::string> const expected{"ada inbox delivered", "ada personal:lark failed",
                                                "dan inbox delivered", "dan personal:lark failed"};
        BOOST_TEST(first == expected, boost::test_tools::per_element());
        BOOST_TEST(seen == 4u);
        o.send.set_route("personal:lark", o.lark);
        auto const second = co_await o.send.dispatch(event_at<sql::executed>());
        TIDINGS_TEST_LINES(*second, "ada inbox already", "ada personal:lark delivered", "dan inbox already",
                           "dan personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_route_is_an_unknown_outcome_of_that_message_alone)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        o.lark.becomes([](sub::notification const&) -> td::result<void> { throw std::runtime_error("out of order"); });
        auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*report, "bob inbox delivered", "bob webhook:ops delivered", "bob personal:lark unknown");
        BOOST_TEST(report->outcomes[2].why->message().find("out of order") != std::string::npos);
    });
}

namespace {

/// Throws before there is a coroutine.
class route_that_cannot_be_called
{
public:
    asio::awaitable<td::result<td::receipt>> deliver(sub::notification const&) { throw std::runtime_error("no line"); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_route_that_throws_when_it_is_called_has_no_effect_on_the_others)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        o.send.set_route("personal:lark", route_that_cannot_be_called());
        auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*report, "bob inbox delivered", "bob webhook:ops delivered", "bob personal:lark unknown");
        BOOST_TEST(report->outcomes[2].why->message().find("no line") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_sink_is_thrown_when_all_messages_are_sent)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, R"({"type":"sql_task","node":"executed","personal_channels":["lark"]})");
        bool thrown = false;
        try
        {
            auto const report = co_await o.send.dispatch(
                event_at<sql::executed>(), [](sub::delivery_outcome const&) { throw std::logic_error("no"); });
            boost::ignore_unused(report);
        }
        catch (std::logic_error const&)
        {
            thrown = true;
        }
        BOOST_TEST(thrown);
        BOOST_TEST(o.inbox.delivered().size() == 2u);
        BOOST_TEST(o.lark.delivered().size() == 2u);
    });
}

namespace {

/// Fails at one step.
class broken_log : public sub::memory_log
{
public:
    explicit broken_log(std::string_view step) : step_(step) {}

    asio::awaitable<td::result<sub::attempt>> begin(sub::delivery_id const& id, td::idempotency_key const& key)
    {
        if (step_ == "begin")
            co_return td::failure(td::errc::server_error);
        if (step_ == "begin throws")
            throw std::runtime_error("disk full");
        co_return co_await memory_log::begin(id, key);
    }
    asio::awaitable<td::result<void>> end(sub::delivery_id const& id, delivery_status became)
    {
        if (step_ == "end")
            co_return td::failure(td::errc::server_error);
        co_return co_await memory_log::end(id, became);
    }

private:
    std::string_view step_;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_cannot_be_remembered_is_not_sent)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (auto const* const step : {"begin", "begin throws"})
        {
            sub::dispatcher<sub::people_directory, broken_log> send(ex, rules_of(""), people_of(everybody),
                                                                    broken_log(step));
            scripted_route inbox;
            send.set_route("inbox", inbox);
            auto const report = co_await send.dispatch(event_at<sql::approved>());
            TIDINGS_TEST_LINES(*report, "ada inbox failed");
            BOOST_TEST(inbox.delivered().empty());
        }
    });
}

BOOST_AUTO_TEST_CASE(an_outcome_that_cannot_be_remembered_is_reported)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        sub::dispatcher<sub::people_directory, broken_log> send(ex, rules_of(""), people_of(everybody),
                                                                broken_log("end"));
        scripted_route inbox;
        send.set_route("inbox", inbox);
        auto const report = co_await send.dispatch(event_at<sql::approved>());
        TIDINGS_TEST_LINES(*report, "ada inbox delivered");
        BOOST_TEST(report->not_recorded.has_value());
    });
}

namespace {

/// A source of the user's own, which counts its queries.
class asked_source
{
public:
    asked_source(std::shared_ptr<std::vector<sub::people_query>> asked, td::result<sub::people> answer)
        : asked_(std::move(asked)), answer_(std::move(answer))
    {
    }

    asio::awaitable<td::result<sub::people>> find(sub::people_query const& q)
    {
        asked_->push_back(q);
        co_return answer_;
    }

private:
    std::shared_ptr<std::vector<sub::people_query>> asked_;
    td::result<sub::people> answer_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_source_of_people_is_asked_once_for_an_event)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const asked = std::make_shared<std::vector<sub::people_query>>();
        sub::dispatcher<asked_source> send(
            ex, rules_of(R"({"type":"sql_task","node":"to_be_approved","receivers":["dan"]})"),
            asked_source(asked, people_of(everybody)));
        scripted_route inbox;
        send.set_route("inbox", inbox);
        auto what = event_at<sql::to_be_approved>();
        what.approvers.clear();
        auto const report = co_await send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, "bob inbox delivered", "cai inbox delivered", "dan inbox delivered");
        BOOST_TEST_REQUIRE(asked->size() == 1u);
        std::vector<std::string> const roles{"approver"};
        BOOST_TEST(asked->front().roles == roles, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(when_the_people_cannot_be_found_nobody_gets_a_message)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const asked = std::make_shared<std::vector<sub::people_query>>();
        sub::dispatcher<asked_source> send(ex, rules_of(""), asked_source(asked, td::failure(td::errc::server_error)));
        scripted_route inbox;
        send.set_route("inbox", inbox);
        auto const report = co_await send.dispatch(event_at<sql::approved>());
        BOOST_TEST((report.error() == td::errc::server_error));
        BOOST_TEST(inbox.delivered().empty());
    });
}

BOOST_AUTO_TEST_CASE(subscriptions_change_while_messages_are_sent)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        office o(ex, approvals_by_all);
        stalled_route stalled(ex);
        o.send.set_route("personal:lark", stalled);
        std::vector<std::string> first;
        o.send.async_dispatch(event_at<sql::to_be_approved>(), {},
                              [&](td::result<sub::dispatch_report> report) { first = lines_of(*report); });
        co_await test::wait_until([&] { return stalled.waiting() == 1; });
        o.send.rules().edit([](sub::subscriptions& all) {
            BOOST_TEST(all.turn_off(ready_made::at<sql::to_be_approved>(), "personal:lark").has_value());
        });
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>("e-2"));
        TIDINGS_TEST_LINES(*second, "bob inbox delivered", "bob webhook:ops delivered");
        stalled.open();
        co_await test::wait_until([&] { return !first.empty(); });
        BOOST_TEST(first.back() == "bob personal:lark delivered");
    });
}

BOOST_AUTO_TEST_CASE(a_dispatcher_may_be_destroyed_while_it_sends)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        std::vector<std::string> lines;
        stalled_route stalled(ex);
        {
            office o(ex, approvals_by_all);
            o.send.set_route("personal:lark", stalled);
            o.send.async_dispatch(event_at<sql::to_be_approved>(), {},
                                  [&](td::result<sub::dispatch_report> report) { lines = lines_of(*report); });
            co_await test::wait_until([&] { return stalled.waiting() == 1; });
        }
        stalled.open();
        co_await test::wait_until([&] { return !lines.empty(); });
        BOOST_TEST(lines.back() == "bob personal:lark delivered");
    });
}

BOOST_AUTO_TEST_SUITE_END()
