// What the caller's own functions throw: sinks, ranges, policies.
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

namespace exceptions_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

template<class Provider, class Match, class... Policies>
using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url, td::pacing::none, Policies...>;

// A retry policy that throws when it is asked, as long as `armed`.
class broken_retry
{
public:
    using policy_kind = td::retry_kind;

    explicit broken_retry(std::shared_ptr<bool> armed) : armed_(std::move(armed)) {}

    td::retry_decision next(td::retry_context const&) const
    {
        if (*armed_)
            throw std::runtime_error("retry");
        return td::retry_decision::stop();
    }

private:
    std::shared_ptr<bool> armed_;
};

// A clock that throws when it is asked for the `n`-th time.
class broken_clock
{
public:
    using policy_kind = td::clock_kind;

    explicit broken_clock(std::shared_ptr<int> n) : left_(std::move(n)) {}

    std::chrono::steady_clock::time_point now() const
    {
        if (*left_ > 0 && --*left_ == 0)
            throw std::runtime_error("clock");
        return std::chrono::steady_clock::now();
    }

private:
    std::shared_ptr<int> left_;
};

std::vector<std::string> ten_people()
{
    std::vector<std::string> out;
    for (int i = 0; i != 10; ++i)
        out.push_back("p" + std::to_string(i));
    return out;
}

// Runs `body`, which throws within a `send_each`, in a coroutine that is cancelled afterwards. As in every other
// coroutine, that has to end it.
template<class Body>
void throws_and_can_be_cancelled_as_before(asio::io_context& io, Body body, std::string const& what)
{
    asio::cancellation_signal stop;
    std::string caught;
    bool as_it_was = false;
    bool went_on = false;
    auto whole = [&]() -> asio::awaitable<void> {
        try
        {
            co_await body();
        }
        catch (std::runtime_error const& e)
        {
            caught = e.what();
        }
        as_it_was = co_await asio::this_coro::throw_if_cancelled();
        asio::steady_timer timer(co_await asio::this_coro::executor, 10ms);
        boost::system::error_code ec;
        stop.emit(asio::cancellation_type::terminal);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        went_on = true;
    };
    asio::co_spawn(io, whole(), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    io.restart();
    io.run_for(20s);
    BOOST_TEST(caught == what);
    BOOST_TEST(as_it_was);
    BOOST_TEST(!went_on);
}

} // namespace

BOOST_AUTO_TEST_SUITE(exceptions)

BOOST_AUTO_TEST_CASE(a_sink_that_throws_is_still_told_of_everybody_who_was_sent_to)
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(10)));
    asio::io_context io;
    notifier<td::wecom, td::match::login_name> notify(io.get_executor(), credentials<td::wecom>(platform),
                                                      url<td::wecom>(platform));
    auto const people = ten_people();
    std::vector<std::size_t> told;
    auto const sink = [&](std::size_t i, auto const&, td::result<td::receipt> const& sent) {
        BOOST_TEST(sent.has_value());
        told.push_back(i);
        if (i == 1 || i == 3)
            throw std::runtime_error("sink " + std::to_string(i));
    };
    auto const waits = [&](std::size_t i, auto const& who,
                           td::result<td::receipt> const& sent) -> asio::awaitable<void> {
        co_await asio::post(io, asio::use_awaitable);
        sink(i, who, sent);
    };
    auto const each = [&](auto const& to) -> asio::awaitable<void> {
        td::send_each_options how;
        how.window(5);
        (void)co_await notify.send_each(people, td::text{"hi"}, to, how);
    };
    std::vector<std::size_t> const window{0, 1, 2, 3, 4};
    auto const once = [&]() -> asio::awaitable<void> { return each(sink); };
    throws_and_can_be_cancelled_as_before(io, once, "sink 1");
    BOOST_TEST(told == window, boost::test_tools::per_element());
    BOOST_TEST(count_requests(platform, "/cgi-bin/message/send") == 1); // the second window was not begun

    told.clear();
    auto const awaited = [&]() -> asio::awaitable<void> { return each(waits); };
    throws_and_can_be_cancelled_as_before(io, awaited, "sink 1");
    BOOST_TEST(told == window, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_range_that_throws_ends_the_call_before_the_window_it_belongs_to)
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(10)));
    asio::io_context io;
    notifier<td::wecom, td::match::login_name> notify(io.get_executor(), credentials<td::wecom>(platform),
                                                      url<td::wecom>(platform));
    auto const people = ten_people();
    auto range = std::views::iota(0, 10) | std::views::transform([&](int i) -> td::match::login_name {
                     if (i == 7)
                         throw std::runtime_error("range");
                     return people[static_cast<std::size_t>(i)];
                 });
    outcomes seen;
    auto const body = [&]() -> asio::awaitable<void> {
        td::send_each_options how;
        how.window(5);
        (void)co_await notify.send_each(range, td::text{"hi"}, seen.sink(), how);
    };
    throws_and_can_be_cancelled_as_before(io, body, "range");
    BOOST_TEST(seen.order.size() == 5u);
    BOOST_TEST(count_requests(platform, "/cgi-bin/message/send") == 1);
}

BOOST_AUTO_TEST_CASE(a_completion_handler_learns_that_the_sink_or_the_range_threw_and_what_was_delivered)
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(10)));
    asio::io_context io;
    notifier<td::wecom, td::match::login_name> notify(io.get_executor(), credentials<td::wecom>(platform),
                                                      url<td::wecom>(platform));
    auto people = ten_people();
    people[2].clear(); // no address
    auto const outcome_of = [&](auto const& range, auto sink) {
        td::failure why;
        notify.async_send_each(range, td::text{"hi"}, sink, td::send_each_options().window(5),
                               [&](td::result<td::send_summary> const& summary) {
                                   BOOST_TEST_REQUIRE(summary.has_error());
                                   why = summary.error();
                               });
        io.restart();
        io.run_for(10s);
        return why;
    };
    auto const has = [](td::failure const& f, std::string const& text) {
        return f.message().find(text) != std::string::npos;
    };
    auto const throws = [](std::size_t i, auto const&, auto const&) {
        if (i == 3)
            throw std::runtime_error("disk full");
    };
    auto const from_sink = outcome_of(people, throws);
    BOOST_TEST((from_sink == td::errc::partly_delivered), from_sink);
    BOOST_TEST(has(from_sink, "the sink threw: disk full; delivered: 4, failed: 1, unknown: 0"), from_sink);
    BOOST_TEST(from_sink.remedy().find("send only to the others") != std::string::npos);

    auto const waits = [&](std::size_t i, auto const& who, auto const& sent) -> asio::awaitable<void> {
        co_await asio::post(io, asio::use_awaitable);
        throws(i, who, sent);
    };
    BOOST_TEST(has(outcome_of(people, waits), "the sink threw: disk full"));

    std::vector<std::string> const nobody(5);
    auto const nothing_sent = outcome_of(nobody, throws);
    BOOST_TEST((nothing_sent == td::errc::cancelled), nothing_sent);
    BOOST_TEST(has(nothing_sent, "delivered: 0, failed: 5, unknown: 0"), nothing_sent);

    auto const range = std::views::iota(0, 10) | std::views::transform([&](int i) -> td::match::login_name {
                           if (i == 7)
                               throw i; // no std::exception
                           return people[static_cast<std::size_t>(i)];
                       });
    auto const from_range = outcome_of(range, [](std::size_t, auto const&, auto const&) {});
    BOOST_TEST((from_range == td::errc::partly_delivered), from_range);
    BOOST_TEST(has(from_range, "the range threw; delivered: 4, failed: 1, unknown: 0"), from_range);
}

BOOST_AUTO_TEST_CASE(a_policy_that_throws_loses_no_outcome_of_many)
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(10)));
    asio::io_context io;
    auto const armed = std::make_shared<bool>(true);
    notifier<td::lark, td::match::login_name, broken_retry> notify(io.get_executor(), credentials<td::lark>(platform),
                                                                   url<td::lark>(platform), broken_retry(armed));
    auto const people = ten_people();
    outcomes seen;
    auto const body = [&]() -> asio::awaitable<void> {
        (void)co_await notify.send_each(people, td::text{"hi"}, seen.sink());
    };
    // Half an answer: without any, a connection that was kept may be replaced without asking the policy.
    platform.add_fault(fault(fault_kind::cut_in_body).path(std::string(send_path)).after(4));
    throws_and_can_be_cancelled_as_before(io, body, "retry");
    BOOST_TEST(seen.order.size() == 10u);
    std::size_t delivered = 0;
    std::size_t unknown = 0;
    for (auto const& [who, outcome] : seen.told)
    {
        delivered += outcome.has_value();
        unknown += outcome.has_error() && outcome.error() == td::errc::outcome_unknown;
    }
    BOOST_TEST(delivered == 9u);
    BOOST_TEST(unknown == 1u);
    BOOST_TEST(platform.ledger().size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_policy_that_throws_leaves_the_notifier_as_it_was)
{
    td::sandbox::server platform;
    for (int n = 1; n != 12; ++n)
        BOOST_TEST_CONTEXT("time asked " << n)
        {
            asio::io_context io;
            auto const left = std::make_shared<int>(n);
            notifier<td::lark, td::match::email, broken_clock> notify(
                io.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform), broken_clock(left));
            bool told = false;
            notify.async_send("ada@example.com", td::text{"1"}, [&](td::result<td::receipt> const& sent) {
                told = true;
                if (!sent)
                {
                    BOOST_TEST((sent.error() == td::errc::outcome_unknown));
                    BOOST_TEST(sent.error().message().find("clock") != std::string::npos);
                }
            });
            io.run_for(10s);
            BOOST_TEST(told);
            *left = 0;
            bool delivered = false;
            notify.async_send("ada@example.com", td::text{"2"},
                              [&](td::result<td::receipt> const& sent) { delivered = sent.has_value(); });
            io.restart();
            io.run_for(10s);
            BOOST_TEST(delivered);
        }
}

// The id was remembered, the first answer is lost, and the person has another id when the message is repeated.
BOOST_AUTO_TEST_CASE(a_person_who_is_renamed_while_an_answer_is_lost_is_not_sent_to_under_the_new_id)
{
    td::sandbox::server platform;
    auto const path = std::string("/cgi-bin/message/send");
    auto const answer = R"({"errcode":0,"errmsg":"ok","msgid":"m","invaliduser":"bob"})";
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::phone_number> notify(ex, credentials<td::wecom>(platform),
                                                            url<td::wecom>(platform));
        BOOST_TEST((co_await notify.send("+8613011111111", td::text{"1"})).has_value());
        auto const look_ups = count_requests(platform, "/cgi-bin/user/getuserid");
        platform.add_fault(fault(fault_kind::reply_lost).path(path));
        platform.add_fault(fault(fault_kind::answer).path(path).status(200).body(answer));
        auto const sent = co_await notify.send("+8613011111111", td::text{"2"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(count_requests(platform, "/cgi-bin/user/getuserid") == look_ups);
        BOOST_TEST(platform.ledger().size() == 2u);

        platform.add_fault(fault(fault_kind::reply_lost).path(path));
        platform.add_fault(fault(fault_kind::answer).path(path).status(200).body(answer));
        outcomes seen;
        std::vector<std::string> const people{"+8613011111111"};
        auto const all = co_await notify.send_each(people, td::text{"3"}, seen.sink());
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST(all->unknown == 1u);
        BOOST_TEST(count_requests(platform, "/cgi-bin/user/getuserid") == look_ups);
        BOOST_TEST(platform.ledger().size() == 3u);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace exceptions_test
