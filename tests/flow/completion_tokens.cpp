// Every asynchronous operation with every kind of completion token, started where nobody runs the executor; deadlines
// of one call; total cancellation; shutdown.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/provider/lark/webhook.hpp>
#include <tidings/webhook.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <functional>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace completion_tokens_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

using notifier = td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::none>;
using webhook = td::webhook<td::lark, td::base_url, td::transport::http, td::retry::none>;

td::webhook_address group_of(td::sandbox::server const& platform)
{
    auto const& hooks = platform.world().hooks;
    for (auto const& h : hooks)
        if (td::sandbox::to_string(h.platform) == td::lark::name)
            return {"https://open.larksuite.com/open-apis/bot/v2/hook/" + h.token, td::secret(h.secret)};
    throw std::out_of_range("no such robot");
}

struct fixture
{
    td::sandbox::server platform;
    asio::io_context io;
    notifier notify{io, credentials<td::lark>(platform), url<td::lark>(platform)};

    void run_to_the_end()
    {
        io.restart();
        io.run_for(30s);
        BOOST_TEST_REQUIRE(io.stopped());
    }

    /// Runs until the platform has read so many requests, and not a step further.
    void run_until_requests(std::size_t count)
    {
        io.restart();
        for (auto const end = std::chrono::steady_clock::now() + 30s;
             platform.requests().size() < count && std::chrono::steady_clock::now() < end;)
            io.run_one_for(1ms);
        BOOST_TEST_REQUIRE(platform.requests().size() >= count);
    }

    td::receipt send_one()
    {
        auto sent = notify.async_send("ada", td::text{"first"}, asio::use_future);
        run_to_the_end();
        return sent.get().value();
    }
};

/// Starts an operation with one token after the other. `start()` and `start(token)` start it.
template<class T, class Start>
void completes_with_every_token(fixture& f, Start start)
{
    using result = td::result<T>;
    auto const check = [](char const* token, result const& got) {
        BOOST_TEST(got.has_value(), token << ": " << (got ? td::failure() : got.error()));
    };
    std::optional<result> got;
    auto const handler = [&got](result r) { got = std::move(r); };

    start(handler);
    BOOST_TEST(!got.has_value());
    f.run_to_the_end();
    BOOST_TEST_REQUIRE(got.has_value());
    check("a callback", *got);

    auto later = start(asio::use_future);
    f.run_to_the_end();
    check("use_future", later.get());

    got.reset();
    auto operation = start(asio::deferred);
    f.run_to_the_end();
    BOOST_TEST(!got.has_value()); // not started yet
    std::move(operation)(handler);
    f.run_to_the_end();
    BOOST_TEST_REQUIRE(got.has_value());
    check("deferred", *got);

    // A coroutine that has another executor.
    asio::io_context session;
    bool ended = false;
    auto whole = [&]() -> asio::awaitable<void> {
        auto const by_awaitable = co_await start(asio::use_awaitable);
        check("use_awaitable", by_awaitable);
        auto const by_default = co_await start();
        check("the default token", by_default);
        auto const [in_tuple] = co_await start(asio::as_tuple(asio::use_awaitable));
        check("as_tuple(use_awaitable)", in_tuple);
        auto const [deferred_tuple] = co_await start(asio::as_tuple(asio::deferred));
        check("as_tuple(deferred)", deferred_tuple);
        BOOST_TEST(session.get_executor().running_in_this_thread());
        ended = true;
    };
    asio::co_spawn(session, whole(), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    for (auto const end = std::chrono::steady_clock::now() + 30s; !ended && std::chrono::steady_clock::now() < end;)
    {
        session.restart();
        session.poll();
        f.io.restart();
        f.io.run_one_for(1ms);
    }
    BOOST_TEST_REQUIRE(ended);
    f.run_to_the_end();
}

using outcome = std::optional<td::result<td::receipt>>;

/// Time for what a test does while the platform has the message. Without it a test would pass, too.
fault late_answer()
{
    return fault(fault_kind::delay).path(std::string(send_path)).delay(50ms);
}

/// A handler that keeps the outcome, with a cancellation slot.
auto keep_in(outcome& told, asio::cancellation_signal& stop)
{
    return asio::bind_cancellation_slot(stop.slot(), [&told](td::result<td::receipt> r) { told = std::move(r); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(completion_tokens)

// ---- Every verb with every token

BOOST_FIXTURE_TEST_CASE(a_message_is_sent_with_every_completion_token, fixture)
{
    completes_with_every_token<td::receipt>(*this, [this](auto&&... token) {
        return notify.async_send("ada", td::text{"hi"}, std::forward<decltype(token)>(token)...);
    });
    completes_with_every_token<td::receipt>(*this, [this](auto&&... token) {
        return notify.async_send("ada", td::text{"hi"}, td::send_options().deadline(1min),
                                 std::forward<decltype(token)>(token)...);
    });
    BOOST_TEST(platform.ledger().size() == 14u);
}

BOOST_FIXTURE_TEST_CASE(a_message_is_sent_to_a_recipient_with_every_completion_token, fixture)
{
    auto found = notify.async_resolve("ada", asio::use_future);
    run_to_the_end();
    auto const ada = found.get().value();
    completes_with_every_token<td::receipt>(*this, [&](auto&&... token) {
        return notify.async_send(ada, td::text{"hi"}, std::forward<decltype(token)>(token)...);
    });
    completes_with_every_token<td::receipt>(*this, [&](auto&&... token) {
        return notify.async_send(ada, td::text{"hi"}, td::send_options().deadline(1min),
                                 std::forward<decltype(token)>(token)...);
    });
    BOOST_TEST(platform.ledger().size() == 14u);
}

BOOST_FIXTURE_TEST_CASE(many_people_are_sent_to_with_every_completion_token, fixture)
{
    std::vector<td::match::login_name> const people{"ada", "bob"};
    std::size_t delivered = 0;
    auto const sink = [&](std::size_t, auto const&, td::result<td::receipt> const& one) {
        BOOST_TEST(io.get_executor().running_in_this_thread());
        delivered += one.has_value();
    };
    completes_with_every_token<td::send_summary>(*this, [&](auto&&... token) {
        return notify.async_send_each(people, td::text{"hi"}, sink, std::forward<decltype(token)>(token)...);
    });
    BOOST_TEST(delivered == 14u);
    completes_with_every_token<td::send_summary>(*this, [&](auto&&... token) {
        return notify.async_send_each(std::vector<td::match::login_name>{"ada"}, td::text{"hi"}, sink,
                                      td::send_each_options().concurrency(1), std::forward<decltype(token)>(token)...);
    });
    BOOST_TEST(delivered == 21u);
}

BOOST_FIXTURE_TEST_CASE(questions_about_a_message_are_asked_with_every_completion_token, fixture)
{
    auto const sent = send_one();
    completes_with_every_token<std::vector<std::string>>(
        *this, [&](auto&&... token) { return notify.async_readers(sent, std::forward<decltype(token)>(token)...); });
    completes_with_every_token<std::vector<std::string>>(*this, [&](auto&&... token) {
        return notify.async_readers(sent, td::call_options().deadline(1min), std::forward<decltype(token)>(token)...);
    });
    // A message can be taken back once: one message for each token.
    std::vector<td::receipt> receipts;
    for (int i = 0; i != 14; ++i)
        receipts.push_back(send_one());
    auto const next = [&receipts] {
        auto one = receipts.back();
        receipts.pop_back();
        return one;
    };
    completes_with_every_token<void>(
        *this, [&](auto&&... token) { return notify.async_recall(next(), std::forward<decltype(token)>(token)...); });
    completes_with_every_token<void>(*this, [&](auto&&... token) {
        return notify.async_recall(next(), td::call_options().deadline(1min), std::forward<decltype(token)>(token)...);
    });
}

BOOST_FIXTURE_TEST_CASE(people_are_looked_up_with_every_completion_token, fixture)
{
    completes_with_every_token<notifier::recipient>(*this, [this](auto&&... token) {
        return notify.async_resolve("ada", std::forward<decltype(token)>(token)...);
    });
    completes_with_every_token<notifier::recipient>(*this, [this](auto&&... token) {
        return notify.async_resolve("ada", td::call_options().deadline(1min), std::forward<decltype(token)>(token)...);
    });
}

BOOST_FIXTURE_TEST_CASE(a_notifier_is_warmed_up_drained_and_closed_with_every_completion_token, fixture)
{
    completes_with_every_token<void>(
        *this, [this](auto&&... token) { return notify.async_warm_up(std::forward<decltype(token)>(token)...); });
    completes_with_every_token<void>(*this, [this](auto&&... token) {
        return notify.async_warm_up(td::call_options().deadline(1min), std::forward<decltype(token)>(token)...);
    });
    completes_with_every_token<void>(
        *this, [this](auto&&... token) { return notify.async_drain(std::forward<decltype(token)>(token)...); });
    completes_with_every_token<void>(
        *this, [this](auto&&... token) { return notify.async_close(std::forward<decltype(token)>(token)...); });
}

BOOST_FIXTURE_TEST_CASE(a_group_is_sent_to_with_every_completion_token, fixture)
{
    webhook group(io, group_of(platform), url<td::lark>(platform));
    completes_with_every_token<td::receipt>(*this, [&](auto&&... token) {
        return group.async_send(td::text{"hi"}, std::forward<decltype(token)>(token)...);
    });
    completes_with_every_token<td::receipt>(*this, [&](auto&&... token) {
        return group.async_send(td::text{"hi"}, td::send_options().deadline(1min),
                                std::forward<decltype(token)>(token)...);
    });
    completes_with_every_token<void>(
        *this, [&](auto&&... token) { return group.async_drain(std::forward<decltype(token)>(token)...); });
    completes_with_every_token<void>(
        *this, [&](auto&&... token) { return group.async_close(std::forward<decltype(token)>(token)...); });
    auto refused = group.async_send(td::text{"late"}, asio::use_future);
    run_to_the_end();
    BOOST_TEST(refused.get().has_error());
    BOOST_TEST(platform.ledger().size() == 14u);
}

// ---- Construction

BOOST_AUTO_TEST_CASE(make_notifier_deduces_the_policies_from_their_values)
{
    td::sandbox::server platform;
    asio::io_context io;
    auto by_context = td::make_notifier<td::lark, td::match::login_name>(
        io, credentials<td::lark>(platform), td::transport::http(), url<td::lark>(platform), td::pacing::none());
    static_assert(std::is_same_v<decltype(by_context), notifier>);
    auto by_executor =
        td::make_notifier<td::lark, td::match::login_name>(io.get_executor(), credentials<td::lark>(platform));
    static_assert(std::is_same_v<decltype(by_executor), td::notifier<td::lark, td::match::login_name>>);
    auto group = td::make_webhook<td::lark>(io, group_of(platform), url<td::lark>(platform), td::transport::http(),
                                            td::retry::none());
    static_assert(
        std::is_same_v<decltype(group), td::webhook<td::lark, td::base_url, td::transport::http, td::retry::none>>);
    auto sent = by_context.async_send("ada", td::text{"hi"}, asio::use_future);
    auto told = group.async_send(td::text{"hi"}, asio::use_future);
    io.run_for(30s);
    BOOST_TEST(sent.get().has_value());
    BOOST_TEST(told.get().has_value());
}

// ---- Deadlines of one call

BOOST_FIXTURE_TEST_CASE(the_deadline_of_a_call_takes_the_place_of_the_notifiers, fixture)
{
    using strict = td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::none,
                                td::deadline>;
    // Its own deadline has passed before any call begins.
    strict notify_strictly(io, credentials<td::lark>(platform), url<td::lark>(platform), td::deadline(-1s));
    auto late = notify_strictly.async_send("ada", td::text{"hi"}, asio::use_future);
    auto in_time =
        notify_strictly.async_send("ada", td::text{"hi"}, td::send_options().deadline(1min), asio::use_future);
    run_to_the_end();
    auto const sent = in_time.get();
    BOOST_TEST(sent.has_value());
    auto const missed = late.get();
    BOOST_TEST_REQUIRE(missed.has_error());
    BOOST_TEST((missed.error() == td::errc::timed_out), missed.error());

    // The same for the other verbs.
    std::vector<td::match::login_name> const people{"ada"};
    std::optional<td::result<td::receipt>> told;
    auto const sink = [&](std::size_t, auto const&, td::result<td::receipt> const& one) { told = one; };
    auto each = notify_strictly.async_send_each(people, td::text{"hi"}, sink, td::send_each_options().deadline(1min),
                                                asio::use_future);
    auto const how = td::call_options().deadline(1min);
    auto warm = notify_strictly.async_warm_up(how, asio::use_future);
    auto bob = notify_strictly.async_resolve("bob", how, asio::use_future);
    auto readers = notify_strictly.async_readers(*sent, how, asio::use_future);
    run_to_the_end();
    auto recalled = notify_strictly.async_recall(*sent, how, asio::use_future); // then it has no readers
    run_to_the_end();
    BOOST_TEST(each.get().has_value());
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->has_value());
    BOOST_TEST(warm.get().has_value());
    BOOST_TEST(bob.get().has_value());
    BOOST_TEST(readers.get().has_value());
    BOOST_TEST(recalled.get().has_value());
}

BOOST_FIXTURE_TEST_CASE(two_calls_of_one_notifier_have_different_deadlines, fixture)
{
    (void)send_one();
    platform.add_fault(fault(fault_kind::stall).path(std::string(send_path)).times(4));
    outcome early;
    outcome late;
    asio::cancellation_signal stop;
    notify.async_send("ada", td::text{"a"}, td::send_options().deadline(500ms),
                      [&](td::result<td::receipt> r) { early = std::move(r); });
    notify.async_send("ada", td::text{"b"}, td::send_options().deadline(1h), keep_in(late, stop));
    io.restart();
    for (auto const end = std::chrono::steady_clock::now() + 30s; !early && std::chrono::steady_clock::now() < end;)
        io.run_one_for(1ms);
    BOOST_TEST_REQUIRE(early.has_value());
    BOOST_TEST((early->error() == td::errc::outcome_unknown), early->error());
    BOOST_TEST((early->error().cause() == td::errc::timed_out));
    BOOST_TEST(!late.has_value());
    stop.emit(asio::cancellation_type::terminal);
    run_to_the_end();
    BOOST_TEST_REQUIRE(late.has_value());
    BOOST_TEST((late->error() == td::errc::outcome_unknown), late->error());
}

BOOST_FIXTURE_TEST_CASE(a_deadline_that_is_not_more_than_zero_is_refused_before_any_byte, fixture)
{
    webhook group(io, group_of(platform), url<td::lark>(platform));
    std::vector<td::match::login_name> const people{"ada"};
    auto const sink = [](std::size_t, auto const&, auto const&) {};
    for (auto const limit : {0s, -1s})
    {
        auto const how = td::call_options().deadline(limit);
        td::receipt const earlier("om_1", "ada", 1);
        auto sent = notify.async_send("ada", td::text{"hi"}, td::send_options().deadline(limit), asio::use_future);
        auto each = notify.async_send_each(people, td::text{"hi"}, sink, td::send_each_options().deadline(limit),
                                           asio::use_future);
        auto batch = notify.async_send_each(people, td::text{"hi"}, sink, td::native_batch_options().deadline(limit),
                                            asio::use_future);
        auto told = group.async_send(td::text{"hi"}, td::send_options().deadline(limit), asio::use_future);
        auto found = notify.async_resolve("ada", how, asio::use_future);
        auto readers = notify.async_readers(earlier, how, asio::use_future);
        std::vector<std::future<td::result<void>>> others;
        others.push_back(notify.async_warm_up(how, asio::use_future));
        others.push_back(notify.async_recall(earlier, how, asio::use_future));
        others.push_back(notify.async_drain(how, asio::use_future));
        others.push_back(notify.async_close(how, asio::use_future));
        run_to_the_end();
        auto const refused = [](auto const& got) {
            BOOST_TEST_REQUIRE(got.has_error());
            BOOST_TEST((got.error() == td::errc::invalid_argument), got.error());
            BOOST_TEST(got.error().message().find("deadline") != std::string::npos, got.error());
        };
        refused(sent.get());
        refused(each.get());
        refused(batch.get());
        refused(told.get());
        refused(found.get());
        refused(readers.get());
        for (auto& one : others)
            refused(one.get());
    }
    BOOST_TEST(platform.requests().empty());
    BOOST_TEST(send_one().message_id().empty() == false); // it was not closed
}

// ---- Total cancellation

BOOST_FIXTURE_TEST_CASE(a_total_cancellation_before_the_message_is_written_ends_the_call, fixture)
{
    // While the token is fetched, which delivers nothing: an answer that never comes is not waited for.
    platform.add_fault(fault(fault_kind::stall));
    outcome told;
    asio::cancellation_signal stop;
    notify.async_send("ada", td::text{"hi"}, keep_in(told, stop));
    run_until_requests(1);
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST_REQUIRE(told->has_error());
    BOOST_TEST((told->error() == td::errc::cancelled), told->error());
    BOOST_TEST(platform.ledger().empty());
    BOOST_TEST(platform.requests().size() == 1u);

    // Before anything has begun.
    told.reset();
    notify.async_send("ada", td::text{"hi"}, keep_in(told, stop));
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST((told->has_error() && told->error() == td::errc::cancelled));
    BOOST_TEST(platform.requests().size() == 1u);
    BOOST_TEST(!send_one().message_id().empty());
}

BOOST_FIXTURE_TEST_CASE(a_total_cancellation_after_the_message_was_written_is_ignored, fixture)
{
    (void)send_one();
    auto const before = platform.requests().size();
    platform.add_fault(late_answer());
    outcome told;
    asio::cancellation_signal stop;
    notify.async_send("ada", td::text{"hi"}, keep_in(told, stop));
    run_until_requests(before + 1);
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->has_value());
    BOOST_TEST(platform.ledger().size() == 2u);

    // Also where the answer is lost, and the message is sent once more under its key.
    platform.add_fault(fault(fault_kind::reply_lost).path(std::string(send_path)).times(2));
    auto const again = platform.requests().size();
    told.reset();
    notify.async_send("ada", td::text{"once more"}, keep_in(told, stop));
    run_until_requests(again + 1);
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->has_value());
    BOOST_TEST(platform.requests().size() == again + 3u);
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_total_cancellation_of_a_message_to_a_group_ends_it_only_until_the_message_is_written, fixture)
{
    using retrying = td::webhook<td::lark, td::base_url, td::transport::http>;
    outcome told;
    asio::cancellation_signal stop;
    // No one listens there: nothing was written when it waits for its second attempt.
    retrying nowhere(io, group_of(platform), td::base_url("http://127.0.0.1:1"));
    nowhere.async_send(td::text{"hi"}, keep_in(told, stop));
    io.restart();
    io.run_for(20ms);
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST_REQUIRE(told->has_error());
    BOOST_TEST((told->error() == td::errc::cancelled), told->error());

    retrying group(io, group_of(platform), url<td::lark>(platform));
    told.reset();
    group.async_send(td::text{"hi"}, keep_in(told, stop));
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST((told->has_error() && told->error() == td::errc::cancelled));
    BOOST_TEST(platform.requests().empty());

    // The message was written: it is retried all the same.
    platform.add_fault(fault(fault_kind::answer).status(429).body("slow down"));
    platform.add_fault(fault(fault_kind::delay).delay(50ms));
    told.reset();
    group.async_send(td::text{"hi"}, keep_in(told, stop));
    run_until_requests(1);
    stop.emit(asio::cancellation_type::total);
    run_until_requests(2);
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->has_value());
    BOOST_TEST(platform.requests().size() == 2u);
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_total_cancellation_of_an_awaited_send_leaves_a_written_message_alone, fixture)
{
    for (bool const written : {false, true})
    {
        if (written)
        {
            (void)send_one();
            platform.add_fault(late_answer());
        }
        else
            platform.add_fault(fault(fault_kind::stall)); // the token does not come
        auto const before = platform.requests().size();
        auto const delivered = platform.ledger().size();
        outcome told;
        asio::cancellation_signal stop;
        auto whole = [&]() -> asio::awaitable<void> {
            co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
            told = co_await notify.send("ada", td::text{"hi"});
        };
        asio::co_spawn(io, whole(), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
        run_until_requests(before + 1);
        stop.emit(asio::cancellation_type::total);
        run_to_the_end();
        BOOST_TEST_REQUIRE(told.has_value());
        BOOST_TEST(told->has_value() == written);
        if (!written)
            BOOST_TEST((told->error() == td::errc::cancelled), told->error());
        BOOST_TEST(platform.ledger().size() == delivered + written);
        platform.clear_faults();
    }
}

BOOST_FIXTURE_TEST_CASE(a_total_cancellation_of_many_completes_those_that_are_being_written, fixture)
{
    platform.add_fault(late_answer());
    std::vector<td::match::login_name> const people{"ada", "bob", "ada", "bob"};
    std::vector<bool> delivered;
    auto const sink = [&](std::size_t, auto const&, td::result<td::receipt> const& one) {
        delivered.push_back(one.has_value());
        if (!one)
            BOOST_TEST((one.error() == td::errc::cancelled), one.error());
    };
    asio::cancellation_signal stop;
    std::optional<td::result<td::send_summary>> told;
    notify.async_send_each(
        people, td::text{"hi"}, sink, td::send_each_options().concurrency(1).window(2),
        asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::send_summary> r) { told = std::move(r); }));
    run_until_requests(2); // the token and the first message
    stop.emit(asio::cancellation_type::total);
    run_to_the_end();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST_REQUIRE(told->has_value());
    BOOST_TEST((*told)->delivered == platform.ledger().size());
    BOOST_TEST((*told)->delivered >= 1u);
    BOOST_TEST((*told)->unknown == 0u);
    BOOST_TEST(!(*told)->complete);
    BOOST_TEST(delivered.size() == 2u);
    BOOST_TEST(delivered.at(0));
}

// ---- Shutdown

BOOST_FIXTURE_TEST_CASE(closing_lets_what_is_in_flight_end_and_refuses_what_comes_later, fixture)
{
    (void)send_one();
    auto const before = platform.requests().size();
    std::vector<std::string> order;
    outcome first;
    std::optional<td::result<void>> closed;
    outcome later;
    notify.async_send("ada", td::text{"in flight"}, [&](td::result<td::receipt> r) {
        order.push_back("sent");
        first = std::move(r);
    });
    notify.async_close([&](td::result<void> r) {
        order.push_back("closed");
        closed = std::move(r);
    });
    notify.async_send("ada", td::text{"too late"}, [&](td::result<td::receipt> r) {
        order.push_back("refused");
        later = std::move(r);
    });
    run_to_the_end();
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST(first->has_value());
    BOOST_TEST_REQUIRE(closed.has_value());
    BOOST_TEST(closed->has_value());
    BOOST_TEST_REQUIRE(later.has_value());
    BOOST_TEST_REQUIRE(later->has_error());
    BOOST_TEST((later->error() == td::errc::cancelled), later->error());
    BOOST_TEST(later->error().message().find("closed") != std::string::npos, later->error());
    BOOST_TEST(order == (std::vector<std::string>{"refused", "sent", "closed"}), boost::test_tools::per_element());
    BOOST_TEST(platform.requests().size() == before + 1);

    // No verb begins any more.
    std::vector<td::match::login_name> const people{"ada"};
    auto const sink = [](std::size_t, auto const&, auto const&) {};
    auto each = notify.async_send_each(people, td::text{"hi"}, sink, asio::use_future);
    auto found = notify.async_resolve("ada", asio::use_future);
    auto readers = notify.async_readers(**first, asio::use_future);
    auto recalled = notify.async_recall(**first, asio::use_future);
    auto warm = notify.async_warm_up(asio::use_future);
    run_to_the_end();
    auto const refused = [](auto const& got) {
        BOOST_TEST_REQUIRE(got.has_error());
        BOOST_TEST((got.error() == td::errc::cancelled), got.error());
    };
    refused(each.get());
    refused(found.get());
    refused(readers.get());
    refused(recalled.get());
    refused(warm.get());
    BOOST_TEST(platform.requests().size() == before + 1);
}

BOOST_FIXTURE_TEST_CASE(draining_waits_for_what_is_in_flight_and_refuses_nothing, fixture)
{
    (void)send_one();
    platform.add_fault(fault(fault_kind::stall).path(std::string(send_path)).times(2));
    outcome told;
    asio::cancellation_signal stop;
    notify.async_send("ada", td::text{"hi"}, td::send_options().deadline(1h), keep_in(told, stop));
    std::optional<td::result<void>> impatient;
    std::optional<td::result<void>> cancelled;
    std::optional<td::result<void>> drained;
    asio::cancellation_signal no_more;
    notify.async_drain(td::call_options().deadline(1ms), [&](td::result<void> r) { impatient = std::move(r); });
    notify.async_drain(asio::bind_cancellation_slot(no_more.slot(), [&](td::result<void> r) { cancelled = r; }));
    notify.async_drain([&](td::result<void> r) { drained = std::move(r); });
    io.restart();
    for (auto const end = std::chrono::steady_clock::now() + 30s; !impatient && std::chrono::steady_clock::now() < end;)
        io.run_one_for(1ms);
    BOOST_TEST_REQUIRE(impatient.has_value());
    BOOST_TEST((impatient->has_error() && impatient->error() == td::errc::timed_out));
    BOOST_TEST(!cancelled.has_value());
    no_more.emit(asio::cancellation_type::terminal);
    io.poll();
    BOOST_TEST_REQUIRE(cancelled.has_value());
    BOOST_TEST((cancelled->has_error() && cancelled->error() == td::errc::cancelled));
    BOOST_TEST(!drained.has_value());
    stop.emit(asio::cancellation_type::terminal);
    run_to_the_end();
    BOOST_TEST(told.has_value());
    BOOST_TEST_REQUIRE(drained.has_value());
    BOOST_TEST(drained->has_value());
    platform.clear_faults();
    BOOST_TEST(!send_one().message_id().empty());
}

BOOST_FIXTURE_TEST_CASE(what_was_started_before_an_awaited_close_is_in_flight, fixture)
{
    for (bool const close : {false, true})
    {
        std::vector<std::string> order;
        auto whole = [&]() -> asio::awaitable<void> {
            notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt> const& r) {
                order.push_back(r ? "sent" : r.error().message());
            });
            td::result<void> ended = td::errc::timed_out;
            if (close)
                ended = co_await notify.close();
            else
                ended = co_await notify.drain();
            order.push_back(ended ? "ended" : ended.error().message());
        };
        asio::co_spawn(io, whole(), asio::detached);
        run_to_the_end();
        BOOST_TEST(order == (std::vector<std::string>{"sent", "ended"}), boost::test_tools::per_element());
    }
}

BOOST_FIXTURE_TEST_CASE(a_weaker_cancellation_undoes_none_that_came_before, fixture)
{
    asio::cancellation_signal stop;
    outcome seen;
    notify.async_send("ada", td::text{"hi"}, asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> r) {
                          seen = std::move(r);
                      }));
    stop.emit(asio::cancellation_type::terminal);
    stop.emit(asio::cancellation_type::none);
    run_to_the_end();
    BOOST_TEST_REQUIRE(seen.has_value());
    BOOST_TEST_REQUIRE(seen->has_error());
    BOOST_TEST((seen->error() == td::errc::cancelled), seen->error());
    BOOST_TEST(platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(a_drain_that_is_abandoned_with_its_context_touches_nothing_that_is_gone)
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::stall));
    asio::io_context io;
    std::optional<notifier> notify;
    notify.emplace(io, credentials<td::lark>(platform), url<td::lark>(platform));
    notify->async_drain([](td::result<void> const&) {});
    notify->async_send("ada", td::text{"hi"}, [](td::result<td::receipt> const&) {});
    notify->async_drain([](td::result<void> const&) {});
    notify->async_close([](td::result<void> const&) {});
    for (auto const end = std::chrono::steady_clock::now() + 30s;
         platform.requests().empty() && std::chrono::steady_clock::now() < end;)
        io.run_one_for(1ms);
    notify.reset();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace completion_tokens_test
