// What is repeated, what is not, and what is said about it.
#include "support/platform.hpp"
#include "support/relay.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace test;
using td::sandbox::fault;
using td::sandbox::fault_kind;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(retries)

namespace {

template<class Provider, class Retry = td::retry::safe>
using notifier = td::notifier<Provider, td::match::login_name, td::transport::http, td::base_url, td::deadline, Retry>;

template<class Provider, class Retry = td::retry::safe>
notifier<Provider, Retry> make(asio::any_io_executor ex, td::sandbox::server& platform, Retry how = Retry(),
                               std::chrono::milliseconds limit = 10s)
{
    return notifier<Provider, Retry>(ex, credentials<Provider>(platform), url<Provider>(platform), td::deadline(limit),
                                     std::move(how.initial_backoff(1ms)));
}

constexpr std::string_view dingtalk_send = "/v1.0/robot/oToMessages/batchSend";

fault on(std::string_view path, fault_kind what)
{
    return fault(what).path(std::string(path));
}

std::vector<td::sandbox::recorded_request> requests_to(td::sandbox::server const& platform, std::string_view path)
{
    auto all = platform.requests();
    std::erase_if(all, [path](auto const& r) { return r.target.compare(0, path.size(), path) != 0; });
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_message_whose_answer_was_lost_is_sent_again_under_its_key_and_arrives_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::lark>(ex, platform);
        for (auto const what : {fault_kind::reply_lost, fault_kind::cut_in_body, fault_kind::truncated_json})
        {
            platform.add_fault(on(send_path, what));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->attempts() == 2u);
            BOOST_TEST(sent->message_id() == platform.ledger().back().message_id);
        }
    });
    BOOST_TEST(platform.ledger().size() == 3u);
    auto const made = requests_to(platform, send_path);
    BOOST_TEST_REQUIRE(made.size() == 6u);
    for (std::size_t i = 0; i != made.size(); i += 2)
        BOOST_TEST(made[i].body == made[i + 1].body); // the key is in it
}

BOOST_AUTO_TEST_CASE(a_message_is_not_sent_again_under_a_key_that_the_platform_may_have_forgotten)
{
    td::sandbox::server platform;
    platform.add_fault(
        on(send_path, fault_kind::reply_lost).times(2)); // one is a kept connection's: made again at once
    manual_clock clock;
    asio::io_context io;
    td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::deadline, manual_clock,
                 td::retry::safe>
        notify(io.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform), td::deadline(0s), clock,
               td::retry::safe().initial_backoff(500ms));
    std::optional<td::result<td::receipt>> sent;
    notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt> const& got) { sent = got; });
    while (count_requests(platform, send_path) != 2)
        io.run_one_for(5ms);
    clock.advance(26min);
    while (!sent)
        io.run_one_for(5ms);
    BOOST_TEST_REQUIRE(sent->has_error());
    BOOST_TEST((sent->error() == td::errc::outcome_unknown), sent->error());
    BOOST_TEST(platform.ledger().size() == 1u);
    BOOST_TEST(count_requests(platform, send_path) == 2);
}

BOOST_AUTO_TEST_CASE(where_there_is_no_key_a_lost_answer_is_an_unknown_outcome_and_nothing_is_sent_twice)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::dingtalk>(ex, platform);
        platform.add_fault(on(dingtalk_send, fault_kind::reply_lost));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(sent.error().remedy().find("Look whether the message has arrived") == 0u);
    });
    BOOST_TEST(platform.ledger().size() == 1u);
    BOOST_TEST(count_requests(platform, dingtalk_send) == 1);
}

BOOST_AUTO_TEST_CASE(at_least_once_sends_it_again_all_the_same)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::dingtalk>(ex, platform, td::retry::at_least_once());
        platform.add_fault(on(dingtalk_send, fault_kind::reply_lost));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 2u); // as the name says
}

BOOST_AUTO_TEST_CASE(all_steps_of_a_call_share_one_number_of_repetitions)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::lark>(ex, platform, td::retry::safe().max_retries(3));
        platform.add_fault(on(token_path, fault_kind::cut_before_headers).times(2));
        platform.add_fault(on(send_path, fault_kind::cut_before_headers).times(0));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(sent.error().attempts() == 3u);
    });
    BOOST_TEST(count_requests(platform, token_path) == 3);
    BOOST_TEST(count_requests(platform, send_path) == 3); // the first met a connection that had been kept alive
}

// Of 700 ms, in each of which there is time for one or two answers.
template<class Provider>
void all_steps_share_a_deadline()
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::delay).delay(300ms).times(0));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<Provider, td::match::phone_number, td::transport::http, td::base_url, td::deadline> notify(
            ex, credentials<Provider>(platform), url<Provider>(platform), td::deadline(700ms));
        auto const sent = co_await notify.send("+6591234567", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        auto const& why = sent.error();
        BOOST_TEST((why == td::errc::timed_out || why.cause() == td::errc::timed_out), why);
        platform.clear_faults();
        auto const again = co_await notify.send("+6591234567", td::text{"again"}, td::send_options().deadline(10s));
        BOOST_TEST(again.has_value(), again.error());
    });
}

BOOST_AUTO_TEST_CASE(all_steps_of_a_call_share_one_deadline)
{
    all_steps_share_a_deadline<td::lark>();
    all_steps_share_a_deadline<td::dingtalk>();
    all_steps_share_a_deadline<td::dingtalk_work>();
    all_steps_share_a_deadline<td::wecom>();
}

// Remembers what it was asked and said.
class recording_retry
{
public:
    using policy_kind = td::retry_kind;
    using durations = std::vector<td::retry_context::duration>;
    struct notes
    {
        durations last;
        durations said;
        std::vector<double> jitters;
    };

    recording_retry() = default;

    td::retry_decision next(td::retry_context const& q) const
    {
        notes_->last.push_back(q.last_wait);
        notes_->jitters.push_back(q.jitter);
        auto const verdict = td::retry::safe().initial_backoff(1ms).next(q);
        if (verdict.wait())
            notes_->said.push_back(*verdict.wait());
        return verdict;
    }
    notes const& seen() const noexcept { return *notes_; }

private:
    std::shared_ptr<notes> notes_ = std::make_shared<notes>();
};

BOOST_AUTO_TEST_CASE(a_policy_is_told_the_last_wait_and_draws_anew_each_time)
{
    td::sandbox::server platform;
    recording_retry const how;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, recording_retry> notify(
            ex, credentials<td::lark>(platform), url<td::lark>(platform), how);
        platform.add_fault(on(send_path, fault_kind::reply_lost).times(0));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_error());
    });
    auto const& seen = how.seen();
    BOOST_TEST_REQUIRE(seen.said.size() == 3u);
    BOOST_TEST_REQUIRE(seen.last.size() == 4u);
    BOOST_TEST((seen.last[0] == 0ms));
    for (std::size_t i = 0; i != seen.said.size(); ++i)
        BOOST_TEST((seen.last[i + 1] == seen.said[i]), i);
    std::set<double> const different(seen.jitters.begin(), seen.jitters.end());
    BOOST_TEST(different.size() == seen.jitters.size());
    BOOST_TEST((*different.begin() >= 0 && *different.rbegin() <= 1));
}

BOOST_AUTO_TEST_CASE(a_message_that_may_have_arrived_is_never_called_undelivered_later)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::lark>(ex, platform, td::retry::safe().max_retries(2));
        platform.add_fault(on(send_path, fault_kind::reply_lost));
        platform.add_fault(on(send_path, fault_kind::throttle).times(0).wait_seconds(-1));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(sent.error().message().find("then: lark: send message: the platform limits the rate") !=
                   std::string::npos);
        BOOST_TEST(sent.error().attempts() == 4u);
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

// Of a second: in the answer, or what the platform's documents say of its code.
template<class Provider>
void waits_as_the_platform_asks(fault const& what)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<Provider>(ex, platform);
        platform.add_fault(what);
        auto const before = std::chrono::steady_clock::now();
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 2u);
        BOOST_TEST((std::chrono::steady_clock::now() - before >= 1s), Provider::name);
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_wait_that_a_platform_asks_for_is_waited)
{
    waits_as_the_platform_asks<td::lark>(on(send_path, fault_kind::throttle).wait_seconds(1));
    waits_as_the_platform_asks<td::feishu>(on(send_path, fault_kind::throttle).wait_seconds(1));
    waits_as_the_platform_asks<td::dingtalk>(on(dingtalk_send, fault_kind::refuse)
                                                 .on(td::sandbox::brand::dingtalk)
                                                 .code("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"));
    waits_as_the_platform_asks<td::wecom>(
        on("/cgi-bin/message/send", fault_kind::refuse).on(td::sandbox::brand::wecom).code("45033"));
}

BOOST_AUTO_TEST_CASE(a_wait_past_the_deadline_is_reported_at_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::feishu>(ex, platform);
        platform.add_fault(on(send_path, fault_kind::throttle).wait_seconds(52));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::rate_limited), sent.error());
        BOOST_TEST((sent.error().wait() == std::optional<std::chrono::seconds>(52)));
        BOOST_TEST(sent.error().attempts() == 1u);
    });
    BOOST_TEST(platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(a_definite_refusal_is_not_repeated)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make<td::lark>(ex, platform);
        auto const sent = co_await notify.send("rita", td::text{"hi"}); // has left
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::recipient_unreachable), sent.error());
    });
    BOOST_TEST(count_requests(platform, send_path) == 1);
}

// Cancelled in the wait between two attempts: the caller learns what stood in the way, and the notifier goes on.
BOOST_AUTO_TEST_CASE(who_gives_up_between_two_attempts_learns_what_stood_in_the_way)
{
    struct row
    {
        fault_kind what;
        td::errc expected;
        td::error_code cause;
    };
    for (auto const& one :
         {row{fault_kind::throttle, td::errc::cancelled, make_error_code(td::errc::rate_limited)},
          row{fault_kind::reply_lost, td::errc::outcome_unknown, boost::beast::http::error::end_of_stream}})
    {
        td::sandbox::server platform;
        platform.add_fault(on(send_path, one.what).wait_seconds(-1).times(2)); // not only on a connection kept alive
        asio::io_context io;
        notifier<td::lark> notify(io.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform),
                                  td::deadline(1h), td::retry::safe().initial_backoff(10min).max_backoff(10min));
        asio::cancellation_signal stop;
        td::failure got;
        notify.async_send("ada", td::text{"hi"},
                          asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& sent) {
                              got = sent.has_error() ? sent.error() : td::failure();
                          }));
        std::size_t const made = one.what == fault_kind::reply_lost ? 2 : 1;
        for (int i = 0; i != 1000 && requests_to(platform, send_path).size() < made; ++i)
            io.run_one_for(5ms);
        while (io.run_one_for(500ms) != 0)
            continue;
        // The wait has begun: nothing else is left to do.
        BOOST_TEST_REQUIRE(!got.code());
        stop.emit(asio::cancellation_type::terminal);
        for (int i = 0; i != 1000 && !got.code(); ++i)
            io.run_one_for(5ms);
        BOOST_TEST((got == one.expected), got);
        BOOST_TEST(got.cause() == one.cause);

        platform.clear_faults();
        bool delivered = false;
        notify.async_send("ada", td::text{"again"},
                          [&](td::result<td::receipt> const& r) { delivered = r.has_value(); });
        io.restart();
        io.run();
        BOOST_TEST(delivered);
    }
}

// Opening a connection in advance is an operation as every other.
BOOST_AUTO_TEST_CASE(a_connection_that_cannot_be_opened_in_advance_is_tried_again_as_the_policy_says)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const where = td::transport::endpoint::parse(platform.url("lark")).value();
        for (unsigned const retries : {0u, 3u})
        {
            faulty_relay between(ex, static_cast<std::uint16_t>(std::stoul(where.port())));
            notifier<td::lark> notify(ex, credentials<td::lark>(platform),
                                      td::base_url("http://127.0.0.1:" + std::to_string(between.port())),
                                      td::retry::safe().max_retries(retries).initial_backoff(100ms));
            auto const ready = co_await notify.warm_up();
            BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
            auto const requests = platform.requests().size();
            between.drop();
            between.treat(connection_behaviour::refuse_first);
            auto const again = co_await notify.warm_up();
            BOOST_TEST(again.has_value() == (retries != 0));
            if (!again)
            {
                BOOST_TEST((again.error() == td::errc::connect_failed), again.error());
                BOOST_TEST(again.error().operation() == "open connection");
            }
            BOOST_TEST(platform.requests().size() == requests); // nothing is sent for it
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
