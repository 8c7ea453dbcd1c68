// What an observer is told, in which order, of the main ways that a call can go.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/relay.hpp"
#include "support/run.hpp"

#include <tidings/observer/all_of.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace observer_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;
namespace event = td::event;
using strings = std::vector<std::string>;

/// Writes down every event, each as a line without what differs from run to run.
class recorder
{
public:
    using policy_kind = td::observer_kind;

    void on(event::attempt_begun const& e) noexcept
    {
        add("begun " + name_of(e) + ' ' + std::to_string(e.attempt), e.platform, e.host);
    }
    void on(event::attempt_ended const& e) noexcept
    {
        auto line = "ended " + name_of(e) + ' ' + std::to_string(e.attempt) + ' ' + shown(e.error, e.cause);
        if (!e.platform_code.empty())
            line += ' ' + std::string(e.platform_code);
        if (e.error && e.http_status != 0)
            BOOST_TEST(!e.log_id.empty());
        bool const has_reply = e.operation != "open connection" && (!e.error || e.http_status != 0);
        BOOST_TEST((e.reply_bytes > 0) == has_reply);
        BOOST_TEST((e.request_bytes > 100 || !has_reply));
        BOOST_TEST((e.duration > 0ns));
        add(std::move(line), e.platform, e.host);
    }
    void on(event::retry_planned const& e) noexcept
    {
        BOOST_TEST((e.wait > 0ns) == (e.retry != 0));
        add("retry " + name_of(e) + ' ' + std::to_string(e.retry) + ' ' + shown(e.reason, e.cause), e.platform);
    }
    void on(event::token_fetched const& e) noexcept
    {
        BOOST_TEST((e.duration > 0ns));
        BOOST_TEST((e.lifetime > 0s && e.lifetime <= 2h));
        add("token", e.platform);
    }
    void on(event::person_resolved const& e) noexcept
    {
        add(std::string(e.match) + ' ' + std::string(to_string(e.source)) + ' ' + shown(e.error), e.platform);
    }
    void on(event::permit_waited const& e) noexcept
    {
        add("permit " + name_of(e) + ' ' + std::string(e.limit) + ' ' + shown(e.error), e.platform);
    }
    void on(event::breaker_opened const& e) noexcept
    {
        add("breaker opened " + std::to_string(std::chrono::floor<std::chrono::seconds>(e.pause).count()), e.platform,
            e.host);
    }
    void on(event::breaker_closed const& e) noexcept { add("breaker closed", e.platform, e.host); }
    void on(event::delivery_settled const& e) noexcept
    {
        BOOST_TEST((e.duration >= 0ns));
        add("settled " + shown(e.error, e.cause) + ' ' + std::to_string(e.attempts), e.platform);
    }

    /// Compares what was written since the last call.
    void check(strings const& expected, std::source_location where = std::source_location::current()) const
    {
        auto const written = take();
        BOOST_TEST_CONTEXT("at line " << where.line())
        BOOST_TEST(written == expected, boost::test_tools::per_element());
    }
    /// What was written since the last call.
    strings take() const { return std::exchange(sink_->lines, {}); }
    std::string platform() const { return sink_->platform; }
    std::string host() const { return sink_->host; }
    /// Called at each event with its line.
    void then(std::function<void(std::string const&)> f) const { sink_->then = std::move(f); }

private:
    struct sink
    {
        strings lines;
        std::string platform;
        std::string host;
        std::function<void(std::string const&)> then;
    };

    template<class Event>
    static std::string name_of(Event const& e)
    {
        return '\'' + std::string(e.operation) + '\'';
    }
    static std::string shown(td::error_code ec, td::error_code cause = {})
    {
        if (!ec)
            return "ok";
        std::string out(to_string(static_cast<td::errc>(ec.value())));
        if (cause && cause.category() == td::category())
            (out += " by ") += to_string(static_cast<td::errc>(cause.value()));
        return out;
    }
    void add(std::string line, std::string_view platform, std::string_view host = {}) const
    {
        sink_->platform = platform;
        if (!host.empty())
            sink_->host = host;
        sink_->lines.push_back(std::move(line));
        if (sink_->then)
            sink_->then(sink_->lines.back());
    }

    std::shared_ptr<sink> sink_ = std::make_shared<sink>();
};

//[of_your_own
/// Counts messages that are not known to have been delivered.
class undelivered
{
public:
    using policy_kind = tidings::observer_kind;

    explicit undelivered(std::shared_ptr<std::atomic<int>> count) : count_(std::move(count)) {}

    void on(tidings::event::delivery_settled const& e) noexcept
    {
        if (e.error)
            ++*count_;
    }

private:
    std::shared_ptr<std::atomic<int>> count_;
};
static_assert(tidings::observes<undelivered, tidings::event::delivery_settled>);
//]
static_assert(!td::observes<undelivered, event::attempt_ended>);
static_assert(!td::observes<td::observer::all_of<undelivered, td::observer::none>, event::attempt_ended>);

// Several observers that get no events are like none: no event is made, and nothing is stored.
template<class... Observers>
constexpr bool costs_nothing()
{
    using observer = td::observer::all_of<Observers...>;
    static_assert(td::detail::is_observer<observer>());
    static_assert(
        std::is_same_v<td::detail::attempt_report_for<observer>, td::detail::attempt_report_for<td::observer::none>>);
    return std::is_empty_v<observer> && !td::detail::observes_some_event<observer>;
}
static_assert(costs_nothing<>());
static_assert(costs_nothing<td::observer::none>());
static_assert(costs_nothing<td::observer::none, td::observer::none>());
static_assert(costs_nothing<td::observer::all_of<td::observer::none>, td::observer::none>());
static_assert(sizeof(td::observer::all_of<td::observer::none, undelivered, td::observer::none>) == sizeof(undelivered));
static_assert(!td::observes<td::observer::none, event::delivery_settled>);

using observer = td::observer::all_of<undelivered, recorder>;
template<class Provider, class Match, class... More>
using notifier_for = td::notifier<Provider, Match, td::transport::http, td::base_url, observer, manual_clock,
                                  td::retry::safe, td::pacing::published, More...>;
using notifier = notifier_for<td::lark, td::match::phone_number>;

struct observed_platform
{
    td::sandbox::server platform;
    manual_clock clock;
    recorder log;
    std::shared_ptr<std::atomic<int>> failed = std::make_shared<std::atomic<int>>(0);
    td::retry::safe retry = td::retry::safe().initial_backoff(1ms);
    td::pacing::published pacing;

    notifier make(asio::any_io_executor ex, td::transport::http how = {}, std::string base_url = {})
    {
        return notifier(ex, credentials<td::lark>(platform),
                        base_url.empty() ? url<td::lark>(platform) : td::base_url(base_url),
                        observer(undelivered(failed), log), clock, retry, pacing, std::move(how));
    }
};

constexpr char const* ada = "+6591234567";

strings operator+(strings a, strings const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

strings const token{"begun 'fetch access token' 1", "ended 'fetch access token' 1 ok", "token"};
strings const look_up{"begun 'look up person' 1", "ended 'look up person' 1 ok", "phone_number looked_up ok"};
strings const warm{"phone_number remembered ok", "begun 'send message' 1", "ended 'send message' 1 ok", "settled ok 1"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(observers, observed_platform)

BOOST_AUTO_TEST_CASE(several_observers_that_get_no_events_are_like_none)
{
    td::sandbox::server platform;
    auto const settings = url<td::lark>(platform);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url,
                     td::observer::all_of<td::observer::none, td::observer::none>>
            notify(ex, credentials<td::lark>(platform), settings,
                   td::observer::all_of(td::observer::none(), td::observer::none()));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
}

BOOST_AUTO_TEST_CASE(one_observer_alone_gets_its_events)
{
    recorder log;
    td::observer::all_of alone(log);
    static_assert(std::is_same_v<decltype(alone), td::observer::all_of<recorder>>);
    alone.on(event::breaker_closed());
    log.check({"breaker closed"});
}

BOOST_AUTO_TEST_CASE(a_first_message_fetches_a_token_and_looks_the_person_up_and_a_warm_one_does_neither)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        auto const first = co_await notify.send(ada, td::text{"hi"});
        BOOST_TEST_REQUIRE(first.has_value(), first.error());
        log.check(token + look_up + strings{"begun 'send message' 1", "ended 'send message' 1 ok", "settled ok 1"});
        auto const second = co_await notify.send(ada, td::text{"hi"});
        BOOST_TEST_REQUIRE(second.has_value(), second.error());
        log.check(warm);
        auto const to = co_await notify.resolve(ada);
        log.check(strings{"phone_number remembered ok"});
        auto const third = co_await notify.send(to.value(), td::text{"hi"});
        BOOST_TEST_REQUIRE(third.has_value(), third.error());
        log.check(strings(warm.begin() + 1, warm.end()));
    });
    BOOST_TEST(log.platform() == "lark");
    BOOST_TEST("http://" + log.host() == platform.url("lark"));
    BOOST_TEST(*failed == 0);
}

BOOST_AUTO_TEST_CASE(a_person_whom_nobody_knows_is_told_of_and_remembered)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        for (int i = 0; i != 2; ++i)
            BOOST_TEST((co_await notify.send("+6599999999", td::text{"hi"})).has_error());
        log.check(token + strings{"begun 'look up person' 1", "ended 'look up person' 1 ok",
                                  "phone_number looked_up recipient_not_found", "settled recipient_not_found 1",
                                  "phone_number remembered recipient_not_found", "settled recipient_not_found 0"});
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_an_attempt_that_ended_and_each_repetition_is_told_with_its_reason)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.resolve(ada)).has_value());
        log.take();
        // The first of them meets a connection that was kept.
        platform.add_fault(fault(fault_kind::reply_lost).path(std::string(send_path)).times(2));
        BOOST_TEST((co_await notify.send(ada, td::text{"hi"})).has_value());
        log.check({"phone_number remembered ok", "begun 'send message' 1", "ended 'send message' 1 outcome_unknown",
                   "retry 'send message' 0 outcome_unknown", "begun 'send message' 2",
                   "ended 'send message' 2 outcome_unknown", "retry 'send message' 1 outcome_unknown",
                   "begun 'send message' 3", "ended 'send message' 3 ok", "settled ok 3"});
    });
}

BOOST_AUTO_TEST_CASE(a_refusal_has_the_platforms_code_and_log_id)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.resolve(ada)).has_value());
        log.take();
        platform.add_fault(fault(fault_kind::refuse).path(std::string(send_path)).code("230006"));
        BOOST_TEST((co_await notify.send(ada, td::text{"hi"})).has_error());
        log.check({"phone_number remembered ok", "begun 'send message' 1", "ended 'send message' 1 bot_disabled 230006",
                   "settled bot_disabled 1"});
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_the_platform_no_longer_takes_is_a_repetition_and_a_new_token)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.resolve(ada)).has_value());
        log.take();
        platform.add_fault(fault(fault_kind::refuse).path(std::string(send_path)).code("99991663"));
        BOOST_TEST((co_await notify.send(ada, td::text{"hi"})).has_value());
        log.check(strings{"phone_number remembered ok", "begun 'send message' 1",
                          "ended 'send message' 1 token_rejected 99991663", "retry 'send message' 0 token_rejected"} +
                  token + strings{"begun 'send message' 2", "ended 'send message' 2 ok", "settled ok 2"});
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refreshed_in_the_background_is_told_of)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        auto const to = co_await notify.resolve(ada);
        log.take();
        platform.advance(100min);
        clock.advance(100min);
        BOOST_TEST((co_await notify.send(to.value(), td::text{"hi"})).has_value());
    });
    // Which of the two answers comes first is left to chance.
    auto told = log.take();
    auto expected = strings(warm.begin() + 1, warm.end()) + token;
    std::sort(told.begin(), told.end());
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_ends_the_attempt_that_was_under_way)
{
    asio::io_context io;
    auto notify = make(io.get_executor());
    asio::cancellation_signal stop;
    std::optional<td::result<td::receipt>> sent;
    auto const send = [&] {
        sent.reset();
        notify.async_send(
            ada, td::text{"hi"},
            asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& r) { sent = r; }));
        io.restart();
        io.run();
        BOOST_TEST_REQUIRE(sent.has_value());
        BOOST_TEST(sent->has_error());
    };

    // Nothing of the request is written when the attempt begins.
    log.then([&](std::string const& line) {
        if (line == "begun 'look up person' 1")
            stop.emit(asio::cancellation_type::terminal);
    });
    send();
    log.check(token + strings{"begun 'look up person' 1", "ended 'look up person' 1 cancelled",
                              "phone_number looked_up cancelled", "settled cancelled 0"});

    platform.add_fault(fault(fault_kind::stall).path(std::string(send_path)));
    log.then({});
    sent.reset();
    notify.async_send(ada, td::text{"hi"},
                      asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& r) { sent = r; }));
    io.restart();
    while (count_requests(platform, send_path) != 1)
        io.run_one_for(5ms);
    stop.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST_REQUIRE(sent.has_value());
    log.check(look_up + strings{"begun 'send message' 1", "ended 'send message' 1 outcome_unknown by cancelled",
                                "settled outcome_unknown by cancelled 1"});
}

BOOST_AUTO_TEST_CASE(a_cancellation_that_an_observer_asks_for_when_all_is_settled_comes_too_late)
{
    asio::io_context io;
    auto notify = make(io.get_executor());
    asio::cancellation_signal stop;
    log.then([&](std::string const& line) {
        if (line == "settled ok 1")
            stop.emit(asio::cancellation_type::total);
    });
    bool delivered = false;
    notify.async_send(ada, td::text{"hi"},
                      asio::bind_cancellation_slot(
                          stop.slot(), [&](td::result<td::receipt> const& sent) { delivered = sent.has_value(); }));
    io.run();
    BOOST_TEST(delivered);
}

BOOST_AUTO_TEST_CASE(an_attempt_whose_context_is_destroyed_ends_too)
{
    platform.add_fault(fault(fault_kind::stall).path(std::string(send_path)));
    {
        asio::io_context io;
        auto notify = make(io.get_executor());
        notify.async_send(ada, td::text{"hi"}, [](td::result<td::receipt> const&) {});
        while (count_requests(platform, send_path) != 1)
            io.run_one_for(5ms);
    }
    log.check(token + look_up + strings{"begun 'send message' 1", "ended 'send message' 1 outcome_unknown"});
    BOOST_TEST(*failed == 0);
}

BOOST_AUTO_TEST_CASE(a_breaker_that_opens_and_closes_is_told_of_with_its_pause)
{
    retry.max_retries(0);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const where = td::transport::endpoint::parse(platform.url("lark")).value();
        faulty_relay between(ex, static_cast<std::uint16_t>(std::stoul(where.port())));
        auto notify =
            make(ex, td::transport::http().breaker(2, 0s), "http://127.0.0.1:" + std::to_string(between.port()));
        between.treat(connection_behaviour::refuse);
        strings const unreached{"begun 'fetch access token' 1", "ended 'fetch access token' 1 connect_failed",
                                "phone_number looked_up connect_failed", "settled connect_failed 0"};
        auto const sent = co_await notify.send(ada, td::text{"hi"});
        BOOST_TEST(sent.has_error());
        log.check(unreached);
        for (int i = 0; i != 2; ++i)
        {
            BOOST_TEST((co_await notify.send(ada, td::text{"hi"})).has_error());
            log.check(strings{unreached[0], "breaker opened 0"} + strings(unreached.begin() + 1, unreached.end()));
        }
        between.treat(connection_behaviour::pass);
        auto const ready = co_await notify.warm_up();
        BOOST_TEST(ready.has_value(), ready.error());
        log.check(strings{token[0], "breaker closed", token[1], token[2], "begun 'open connection' 1",
                          "ended 'open connection' 1 ok"});
    });
}

BOOST_AUTO_TEST_CASE(a_request_that_waits_for_a_limit_is_told_of_with_its_api)
{
    pacing.limit("im/v1/messages", 1, 50ms);
    asio::io_context io;
    auto notify = make(io.get_executor());
    int over = 0;
    auto const count = [&](td::result<td::receipt> const& sent) {
        BOOST_TEST(sent.has_value(), sent.error());
        ++over;
    };
    notify.async_send(ada, td::text{"1"}, count);
    io.run();
    BOOST_TEST(over == 1);
    log.take();
    for (auto const* const text : {"2", "3"}) // the third waits for the second at least
        notify.async_send(ada, td::text{text}, count);
    io.restart();
    io.run();
    BOOST_TEST(over == 3);
    auto const told = log.take();
    auto const waits = std::count(told.begin(), told.end(), "permit 'send message' im/v1/messages ok");
    BOOST_TEST((waits == 1 || waits == 2));
}

BOOST_AUTO_TEST_CASE(send_each_tells_of_every_recipient_and_of_requests_for_many_once)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        std::vector<std::string> const people{ada, "+6599999999", "nobody", ada};
        auto const sent = co_await notify.send_each(people, td::text{"hi"}, [](auto&&...) {});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        log.check(token + strings{"begun 'look up person' 1", "ended 'look up person' 1 ok",
                                  "phone_number looked_up ok", "phone_number looked_up recipient_not_found",
                                  "begun 'send message' 1", "ended 'send message' 1 ok", "settled ok 1",
                                  "settled recipient_not_found 1", "settled invalid_recipient 0", "settled ok 1"});
    });
    BOOST_TEST(*failed == 2);
}

BOOST_AUTO_TEST_CASE(a_divided_text_is_one_delivery)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.resolve(ada)).has_value());
        log.take();
        auto const sent =
            co_await notify.send(ada, td::text(std::string(200'000, 'x')).when_long(td::long_text::split));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        log.check(strings(warm.begin(), warm.end() - 1) + strings(warm.begin(), warm.end() - 1) +
                  strings{"settled ok 2"});
    });
}

BOOST_AUTO_TEST_CASE(a_notifier_that_cannot_be_used_settles_its_messages_all_the_same)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, {}, "no URL");
        BOOST_TEST((co_await notify.send(ada, td::text{"hi"})).has_error());
        log.check({"settled invalid_argument 0"});
    });
}

BOOST_AUTO_TEST_CASE(each_link_of_a_chain_is_told_of_and_so_is_the_index_of_a_directory)
{
    using chain = td::match::first_of<td::match::phone_number, td::match::email>;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier_for<td::dingtalk, chain, td::addressing::directory_scan> notify(
            ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform), observer(undelivered(failed), log),
            clock, retry, pacing);
        chain const who(td::match::phone_number("+6599999999"), td::match::email("ada@example.com"));
        BOOST_TEST((co_await notify.resolve(who)).has_value());
        auto told = log.take();
        std::erase_if(told, [](auto const& line) { return !line.starts_with("phone") && !line.starts_with("email"); });
        strings const expected{"phone_number looked_up recipient_not_found", "email scanned ok"};
        BOOST_TEST(told == expected, boost::test_tools::per_element());
        BOOST_TEST((co_await notify.resolve(who)).has_value());
        log.check({"phone_number remembered recipient_not_found", "email scanned ok"});
    });
    BOOST_TEST(log.platform() == "dingtalk");
}

BOOST_AUTO_TEST_CASE(a_webhook_tells_of_its_attempts_and_deliveries_and_not_of_its_address)
{
    auto const hook = platform.world().hooks.front();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::webhook<td::lark, td::transport::http, td::base_url, observer> tell(
            ex, td::webhook_address("https://open.larksuite.com/open-apis/bot/v2/hook/" + hook.token),
            url<td::lark>(platform), observer(undelivered(failed), log));
        BOOST_TEST((co_await tell.send(td::text{"hi"})).has_value());
        log.check({"begun 'send to group' 1", "ended 'send to group' 1 ok", "settled ok 1"});
    });
    BOOST_TEST("http://" + log.host() == platform.url("lark"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace observer_test
