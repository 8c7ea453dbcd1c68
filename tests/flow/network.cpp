// Networks and servers as they really are: TLS that must fail closed, peers that stall, cut, close and babble.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/transport/pipelined.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

using namespace test;
using td::sandbox::fault;
using td::sandbox::fault_kind;

BOOST_AUTO_TEST_SUITE(network)

namespace {

// What a single exchange comes to: repetitions are another test's. One person is sent more than Feishu permits.
template<class Transport>
using notifier = td::notifier<td::feishu, td::match::login_name, Transport, td::base_url, td::deadline,
                              td::pacing::none, td::retry::none>;
using plain = notifier<td::transport::http>;
using tls = notifier<td::transport::https>;

plain make_plain(asio::any_io_executor ex, td::sandbox::server& platform,
                 std::chrono::milliseconds limit = std::chrono::seconds(10), td::transport::http how = {})
{
    return plain(ex, credentials<td::feishu>(platform), url<td::feishu>(platform), td::deadline(limit), how);
}

tls make_tls(asio::any_io_executor ex, td::sandbox::server& platform, std::string ca_file)
{
    return tls(ex, credentials<td::feishu>(platform), url<td::feishu>(platform),
               td::transport::https().ca_file(std::move(ca_file)));
}

td::sandbox::fault on_send(fault_kind what)
{
    return fault(what).path(std::string(send_path));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_message_is_delivered_over_verified_tls_by_name_and_by_address)
{
    td::sandbox::server platform(td::sandbox::options().tls());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make_tls(ex, platform, platform.ca_file());
        for (int i = 0; i < 3; ++i)
            BOOST_TEST((co_await notify.send("ada", td::text{"hi"})).has_value());
        BOOST_TEST(platform.connections() == 1u);

        auto by_address = platform.url("feishu");
        by_address.replace(by_address.find("localhost"), 9, "127.0.0.1");
        tls other(ex, credentials<td::feishu>(platform), td::base_url(by_address),
                  td::transport::https().ca_file(platform.ca_file()));
        auto const sent = co_await other.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_a_wrong_name_and_an_expired_certificate_fail_closed)
{
    struct row
    {
        td::sandbox::certificate shown;
        bool trusted;
        char const* said;
    };
    row const rows[] = {{td::sandbox::certificate::good, false, "certificate"},
                        {td::sandbox::certificate::wrong_host, true, "hostname mismatch"},
                        {td::sandbox::certificate::expired, true, "expired"}};
    for (auto const& one : rows)
    {
        td::sandbox::server platform(td::sandbox::options().tls().certificate(one.shown));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make_tls(ex, platform, one.trusted ? platform.ca_file() : std::string());
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::tls_failed), sent.error());
            BOOST_TEST(sent.error().message().find(one.said) != std::string::npos, sent.error());
            BOOST_TEST(sent.error().attempts() == 0u);
        });
        BOOST_TEST(platform.requests().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_is_no_tls_server)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto there = platform.url("feishu");
        there.replace(0, 4, "https");
        tls notify(ex, credentials<td::feishu>(platform), td::base_url(there));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::connect_failed), sent.error());
        BOOST_TEST(sent.error().message().find("the server does not answer in TLS") != std::string::npos, sent.error());
        BOOST_TEST(sent.error().remedy().find("the port of the base URL") != std::string::npos, sent.error());
    });
}

BOOST_AUTO_TEST_CASE(a_transport_with_tls_sends_nothing_to_an_address_without)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tls notify(ex, credentials<td::feishu>(platform), td::base_url(platform.url("feishu")));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::invalid_argument), sent.error());
    });
    BOOST_TEST(platform.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(authorities_that_cannot_be_read_are_named)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tls notify(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url("https://localhost:1"),
                   td::transport::https().ca_file("/no/such/file.pem"));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::invalid_argument));
        BOOST_TEST(sent.error().message().find("/no/such/file.pem") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_refused_connection_and_an_unknown_host_are_two_errors_that_name_the_host)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        asio::ip::tcp::acceptor taken(ex, {asio::ip::address_v4::loopback(), 0});
        auto const port = std::to_string(taken.local_endpoint().port());
        taken.close();
        plain refused(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url("http://127.0.0.1:" + port));
        auto sent = co_await refused.send("ada", td::text{"hi"});
        BOOST_TEST((sent.error() == td::errc::connect_failed));
        BOOST_TEST((sent.error().cause() == asio::error::connection_refused));
        BOOST_TEST(sent.error().message().find("127.0.0.1:" + port + ", while connecting") != std::string::npos);

        plain unknown(ex, td::feishu::credentials("cli_1", td::secret("s")),
                      td::base_url("http://no-such-host.invalid"));
        sent = co_await unknown.send("ada", td::text{"hi"});
        BOOST_TEST((sent.error() == td::errc::connect_failed));
        BOOST_TEST(sent.error().message().find("no-such-host.invalid, the host name cannot be resolved") !=
                       std::string::npos,
                   sent.error());
    });
}

BOOST_AUTO_TEST_CASE(answers_that_are_odd_but_sound_are_read)
{
    for (auto what : {fault_kind::byte_by_byte, fault_kind::chunked, fault_kind::continue_first,
                      fault_kind::connection_close, fault_kind::close_after, fault_kind::delay})
    {
        td::sandbox::server platform;
        platform.add_fault(on_send(what).delay(std::chrono::milliseconds(what == fault_kind::delay ? 20 : 0)));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make_plain(ex, platform);
            for (int i = 0; i < 3; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST(sent.has_value(), static_cast<int>(what) << ' ' << i << ' ' << sent.error());
            }
        });
        BOOST_TEST(platform.ledger().size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_lost_leaves_the_outcome_unknown_and_the_key_makes_asking_again_safe)
{
    for (auto what :
         {fault_kind::reply_lost, fault_kind::cut_in_headers, fault_kind::cut_in_body, fault_kind::truncated_json,
          fault_kind::wrong_length, fault_kind::big_headers, fault_kind::big_body})
    {
        td::sandbox::server platform;
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make_plain(ex, platform);
            // Twice: on a connection that was idle before, a keyed request may be made again by itself.
            BOOST_TEST((co_await notify.warm_up()).has_value());
            platform.add_fault(on_send(what).size(2 * 1024 * 1024).times(2));
            auto const sent = co_await notify.send("ada", td::text{"hi"}, td::idempotency_key{"k"});
            BOOST_TEST_REQUIRE(sent.has_error(), static_cast<int>(what));
            BOOST_TEST((sent.error() == td::errc::outcome_unknown), static_cast<int>(what) << ' ' << sent.error());
            BOOST_TEST((sent.error() == td::condition::unknown));
            BOOST_TEST(sent.error().cause());
            platform.clear_faults();
            // The platform may still be at work on the first request: then it says so, and asking again is the answer.
            auto again = co_await notify.send("ada", td::text{"hi"}, td::idempotency_key{"k"});
            asio::steady_timer pause(ex);
            for (int i = 0; i < 1000 && again.has_error() && again.error().platform_code() == "230049"; ++i)
            {
                pause.expires_after(std::chrono::milliseconds(2));
                co_await pause.async_wait(asio::use_awaitable);
                again = co_await notify.send("ada", td::text{"hi"}, td::idempotency_key{"k"});
            }
            BOOST_TEST(again.has_value(), again.error());
        });
        BOOST_TEST(platform.ledger().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_gateways_page_is_no_delivery)
{
    struct row
    {
        int status;
        char const* body;
        td::errc expected;
    };
    row const rows[] = {
        {502, "<html><body>Bad Gateway</body></html>", td::errc::outcome_unknown},
        {504, "", td::errc::outcome_unknown},
        {200, "<html>login please</html>", td::errc::outcome_unknown},
        {200, "", td::errc::outcome_unknown},
        {200, "{}", td::errc::outcome_unknown},
        {404, "404 page not found", td::errc::protocol_error},
        {500, R"({"code":1663,"msg":"internal error"})", td::errc::outcome_unknown},
        {200, R"({"code":230020,"msg":"This operation triggers the frequency limit."})", td::errc::rate_limited}};
    for (auto const& one : rows)
    {
        td::sandbox::server platform;
        platform.add_fault(on_send(fault_kind::answer).status(one.status).body(one.body));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make_plain(ex, platform);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == one.expected), one.status << one.body << ' ' << sent.error());
            BOOST_TEST(sent.error().http_status() == static_cast<unsigned>(one.status));
        });
    }
}

BOOST_AUTO_TEST_CASE(throttling_says_how_long_to_wait)
{
    td::sandbox::server platform;
    platform.add_fault(on_send(fault_kind::throttle).wait_seconds(52));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make_plain(ex, platform);
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::rate_limited));
        BOOST_TEST((sent.error().wait() == std::chrono::seconds(52)));
        BOOST_TEST(sent.error().remedy().find("52 seconds") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_meanwhile_is_replaced_unnoticed)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make_plain(ex, platform);
        for (int i = 0; i < 5; ++i)
        {
            platform.add_fault(on_send(fault_kind::close_after));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->attempts() <= 2u); // twice, where the end came just then
        }
        BOOST_TEST((co_await notify.send("ada", td::text{"hi"})).has_value());
        // Closed just as the request arrives: the connection was idle before, so the keyed request is made again.
        platform.add_fault(on_send(fault_kind::cut_before_reading));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 7u);
}

BOOST_AUTO_TEST_CASE(a_deadline_covers_every_way_to_stall)
{
    struct row
    {
        fault_kind what;
        std::string_view path;
        td::errc expected;
    };
    row const rows[] = {{fault_kind::stall, token_path, td::errc::timed_out},
                        {fault_kind::stall_in_headers, token_path, td::errc::timed_out},
                        {fault_kind::stall_in_body, token_path, td::errc::timed_out},
                        {fault_kind::stall, send_path, td::errc::outcome_unknown},
                        {fault_kind::stall_in_headers, send_path, td::errc::outcome_unknown},
                        {fault_kind::stall_in_body, send_path, td::errc::outcome_unknown}};
    for (auto const& one : rows)
    {
        td::sandbox::server platform;
        platform.add_fault(fault(one.what).path(std::string(one.path)));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make_plain(ex, platform, std::chrono::milliseconds(500));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == one.expected), sent.error());
            if (one.expected == td::errc::outcome_unknown)
                BOOST_TEST((sent.error().cause() == td::errc::timed_out));
            auto const next = co_await notify.send("ada", td::text{"next"});
            BOOST_TEST(next.has_value(), next.error());
        });
    }
}

BOOST_AUTO_TEST_CASE(a_deadline_covers_a_server_that_never_accepts_and_one_that_never_shakes_hands)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        asio::ip::tcp::acceptor silent(ex, {asio::ip::address_v4::loopback(), 0});
        auto const there = "https://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
        tls notify(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url(there),
                   td::deadline(std::chrono::milliseconds(500)));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::timed_out), sent.error());
        BOOST_TEST(sent.error().message().find("TLS handshake") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_connection_is_served_in_turn_or_times_out_alone)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make_plain(ex, platform, std::chrono::seconds(10), td::transport::http().max_connections(1));
        BOOST_TEST((co_await notify.warm_up()).has_value());
        platform.add_fault(on_send(fault_kind::delay).delay(std::chrono::milliseconds(100)));
        int served = 0;
        for (int i = 0; i < 4; ++i)
            notify.async_send("ada", td::text{std::to_string(i)},
                              [&](td::result<td::receipt> r) { served += r.has_value(); });
        asio::steady_timer timer(ex);
        for (int i = 0; i < 2000 && served != 4; ++i)
        {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(asio::use_awaitable);
        }
        BOOST_TEST(served == 4);
        auto const ledger = platform.ledger();
        for (std::size_t i = 0; i < ledger.size(); ++i)
            BOOST_TEST(ledger[i].content == "{\"text\":\"" + std::to_string(i) + "\"}");

        // The only connection is taken by a request that is never answered. The one in line behind it runs out of time;
        // the one that has the connection does not notice.
        platform.add_fault(on_send(fault_kind::stall).times(0));
        asio::cancellation_signal stop;
        std::optional<td::result<td::receipt>> stalled;
        std::optional<td::result<td::receipt>> waiting;
        notify.async_send("ada", td::text{"stalled"},
                          asio::bind_cancellation_slot(stop.slot(), [&](auto r) { stalled = std::move(r); }));
        notify.async_send("ada", td::text{"late"}, td::send_options{}.deadline(std::chrono::milliseconds(40)),
                          [&](td::result<td::receipt> r) { waiting = std::move(r); });
        while (!waiting)
        {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(asio::use_awaitable);
        }
        BOOST_TEST_REQUIRE(waiting->has_error());
        BOOST_TEST((waiting->error() == td::errc::timed_out), waiting->error());
        BOOST_TEST(!stalled.has_value());
        stop.emit(asio::cancellation_type::terminal);
        while (!stalled)
        {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(asio::use_awaitable);
        }
        BOOST_TEST(stalled->has_error());
        BOOST_TEST(platform.ledger().size() == 4u);
    });
}

BOOST_AUTO_TEST_CASE(a_full_queue_is_said_at_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify =
            make_plain(ex, platform, std::chrono::seconds(10), td::transport::http().max_connections(1).max_waiting(1));
        BOOST_TEST((co_await notify.warm_up()).has_value());
        int delivered = 0;
        int refused = 0;
        for (int i = 0; i < 5; ++i)
            notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt> r) {
                delivered += r.has_value();
                refused += r.has_error() && r.error() == td::errc::queue_full;
            });
        co_await wait_until([&] { return delivered + refused == 5; });
        BOOST_TEST(delivered == 2);
        BOOST_TEST(refused == 3);
    });
}

// Cancels at every point of the way that a stalled server makes reachable, then sends again on the same notifier.
BOOST_AUTO_TEST_CASE(a_cancelled_send_says_so_truthfully_and_leaves_the_notifier_usable)
{
    struct row
    {
        std::string_view stalled;
        td::errc expected;
    };
    for (auto const& one : {row{token_path, td::errc::cancelled}, row{send_path, td::errc::outcome_unknown}})
        for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial})
        {
            td::sandbox::server platform;
            platform.add_fault(fault(fault_kind::stall).path(std::string(one.stalled)));
            asio::io_context io;
            auto notify = make_plain(io.get_executor(), platform);
            asio::cancellation_signal signal;
            td::failure got;
            notify.async_send("ada", td::text{"hi"},
                              asio::bind_cancellation_slot(signal.slot(), [&](td::result<td::receipt> r) {
                                  got = r.has_error() ? r.error() : td::failure();
                              }));
            while (count_requests(platform, one.stalled) == 0)
                io.run_one_for(std::chrono::milliseconds(5));
            signal.emit(type);
            io.run();
            BOOST_TEST((got == one.expected), got);
            if (one.expected == td::errc::outcome_unknown)
                BOOST_TEST((got.cause() == td::errc::cancelled));

            bool delivered = false;
            notify.async_send("ada", td::text{"again"}, [&](td::result<td::receipt> r) { delivered = r.has_value(); });
            io.restart();
            io.run();
            BOOST_TEST(delivered);
        }
}

BOOST_AUTO_TEST_CASE(a_notifier_and_its_context_destroyed_in_the_middle_of_everything_leak_nothing)
{
    td::sandbox::server platform(td::sandbox::options().tls());
    for (auto const path : {token_path, send_path})
    {
        // Some calls are in flight, others have left idle connections behind, and the sanitizers are the judges.
        platform.add_fault(fault(fault_kind::stall).path(std::string(path)));
        asio::io_context io;
        int completed = 0;
        {
            auto notify = make_tls(io.get_executor(), platform, platform.ca_file());
            for (int i = 0; i < 20; ++i)
                notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt>) { ++completed; });
            io.run_for(std::chrono::milliseconds(200));
        }
        BOOST_TEST(completed < 20);
        platform.clear_faults();
    }
}

namespace {

// Handlers own the notifier. The context goes after so many steps, in whatever state everything is then.
//
// @param drains  Whether the last of them is that of a drain.
// @returns Whether all had ended before.
template<class Notifier>
bool run_owned(std::function<std::shared_ptr<Notifier>(asio::any_io_executor)> const& make, bool drains, int steps)
{
    constexpr int calls = 3;
    int completed = 0;
    bool is_over = false;
    std::weak_ptr<Notifier> left;
    {
        asio::io_context io;
        auto notify = make(io.get_executor());
        left = notify;
        for (int i = 0; i != calls; ++i)
            notify->async_send("ada", td::text{"hi"}, [notify, &completed](td::result<td::receipt> const& sent) {
                BOOST_TEST(sent.has_value(), sent.error());
                ++completed;
            });
        if (drains)
            notify->async_drain([notify](td::result<void> const&) {});
        notify.reset();
        for (int i = 0; i != steps && !is_over; ++i)
            is_over = io.run_one_for(std::chrono::seconds(20)) == 0;
        BOOST_TEST((left.expired() || !is_over));
    }
    BOOST_TEST(left.expired());
    BOOST_TEST((!is_over || completed == calls));
    return is_over;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_notifier_that_its_handlers_own_goes_with_the_last_of_them_or_with_the_context)
{
    using sharing = notifier<td::transport::pipelined<td::transport::https>>;
    td::sandbox::server platform(td::sandbox::options().tls());
    auto const secure = td::transport::https().ca_file(platform.ca_file());
    auto const one = [&](asio::any_io_executor ex) {
        return std::make_shared<tls>(ex, credentials<td::feishu>(platform), url<td::feishu>(platform), secure);
    };
    auto const several = [&](asio::any_io_executor ex) {
        return std::make_shared<sharing>(ex, credentials<td::feishu>(platform), url<td::feishu>(platform),
                                         td::transport::pipelined(td::transport::https(secure).max_connections(1)));
    };
    for (bool const drains : {false, true})
    {
        for (int steps = 0; !run_owned<tls>(one, drains, steps); ++steps)
            BOOST_TEST_REQUIRE(steps < 1000);
        for (int steps = 0; !run_owned<sharing>(several, drains, steps); ++steps)
            BOOST_TEST_REQUIRE(steps < 1000);
    }
}

BOOST_AUTO_TEST_CASE(a_call_cancelled_after_any_number_of_steps_ends_at_once)
{
    td::sandbox::server platform;
    platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::stall).path(std::string(test::send_path)).times(0));
    constexpr int max_steps = 60; // more than there are up to the wait for the answer
    for (int steps = 0; steps != max_steps; ++steps)
    {
        asio::io_context io;
        td::notifier<td::lark, td::match::email, td::transport::http, td::base_url> notify(
            io.get_executor(), test::credentials<td::lark>(platform), test::url<td::lark>(platform));
        asio::cancellation_signal stop;
        bool ended = false;
        notify.async_send("ada@example.com", td::text{"hello"},
                          asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& sent) {
                              ended = true;
                              BOOST_TEST((sent.has_error() && (sent.error() == td::errc::cancelled ||
                                                               sent.error() == td::errc::outcome_unknown)));
                          }));
        for (int i = 0; i != steps && !ended; ++i)
            io.run_one_for(std::chrono::milliseconds(5));
        BOOST_TEST(!ended);
        stop.emit(asio::cancellation_type::terminal);
        for (int i = 0; i != 1000 && !ended; ++i)
            io.run_one_for(std::chrono::milliseconds(5));
        BOOST_TEST_REQUIRE(ended, "cancelled after " << steps << " steps, and goes on");
    }
}

BOOST_AUTO_TEST_SUITE_END()
