// The observers for spdlog and Prometheus: what a log has and a scrape shows of the same calls, and what neither has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/observer/prometheus.hpp>
#include <tidings/observer/spdlog.hpp>

#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/observer/all_of.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <prometheus/exposer.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace observer_adapters_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

constexpr char const* ada = "+6591234567";
constexpr char const* nobody = "+6599999999";
constexpr char const* content = "the content of this message";

//[types
using observer = tidings::observer::all_of<tidings::observer::spdlog, tidings::observer::prometheus>;
using notifier = tidings::notifier<tidings::lark, tidings::match::phone_number, tidings::transport::http,
                                   tidings::base_url, tidings::retry::safe, observer>;
//]

class throwing_sink : public spdlog::sinks::base_sink<std::mutex>
{
    void sink_it_(spdlog::details::log_msg const&) override { throw std::runtime_error("the disk is full"); }
    void flush_() override {}
};

/// Every kind of event but those of the breaker and of a limit that was waited for.
asio::awaitable<void> send_some(asio::any_io_executor ex, td::sandbox::server& platform, observer observers)
{
    auto const app = credentials<td::lark>(platform);
    auto const where = url<td::lark>(platform);
    auto const retry = td::retry::safe().initial_backoff(1ms);
    auto const& executor = ex;
    //[pass
    notifier notify{executor, app, where, retry, observers};
    //]
    platform.add_fault(fault(fault_kind::reply_lost).path(std::string(send_path)).times(2));
    auto const sent = co_await notify.send(ada, td::text{content});
    BOOST_TEST(sent.has_value(), sent.error());
    BOOST_TEST((co_await notify.send(nobody, td::text{content})).has_error());
    platform.add_fault(fault(fault_kind::refuse).path(std::string(send_path)).code("230006"));
    BOOST_TEST((co_await notify.send(ada, td::text{content})).has_error());
}

/// What `curl` shows of an endpoint of Prometheus.
std::string scrape(int port)
{
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
    asio::write(socket,
                asio::buffer(std::string("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")));
    std::string out;
    boost::system::error_code ec;
    asio::read(socket, asio::dynamic_buffer(out), ec);
    BOOST_TEST((ec == asio::error::eof));
    return out;
}

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        out.push_back(line.substr(0, line.find('\r')));
    return out;
}

bool has_line(std::string const& text, std::string_view wanted)
{
    auto const all = lines_of(text);
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

/// Nothing that a log or a monitoring system must not have.
void check_confidential(std::string const& text, td::sandbox::server const& platform)
{
    std::vector<std::string> secrets{
        ada, nobody, "6591234567", "6599999999", content, "lark-secret-0718", "cli_a1b2c3d4e5f60718"};
    for (auto const& request : platform.requests())
        if (auto const token = token_in(request); !token.empty())
            secrets.push_back(token);
    for (auto const& row : platform.ledger())
        secrets.insert(secrets.end(), {row.message_id, row.to});
    for (auto const& person : platform.world().people)
        secrets.push_back(person.email);
    BOOST_TEST(secrets.size() > 12u);
    for (auto const& secret : secrets)
        BOOST_TEST(text.find(secret) == text.npos, secret);
}

} // namespace

BOOST_AUTO_TEST_SUITE(observer_adapters)

BOOST_AUTO_TEST_CASE(a_log_and_a_scrape_tell_of_the_same_calls_and_of_nothing_confidential)
{
    td::sandbox::server platform;
    std::ostringstream lines;
    auto const sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines);
    //[make
    auto const logger = std::make_shared<spdlog::logger>("tidings", sink);
    auto const registry = std::make_shared<prometheus::Registry>();
    prometheus::Exposer exposer{"127.0.0.1:0"};
    exposer.RegisterCollectable(registry);

    observer const observers{tidings::observer::spdlog{logger}, tidings::observer::prometheus{registry}};
    //]
    logger->set_pattern("%l %v");
    logger->set_level(spdlog::level::trace);
    run([&](asio::any_io_executor ex) { return send_some(ex, platform, observers); });

    auto const shown = scrape(exposer.GetListeningPorts().at(0));
    for (std::string_view const line : {
             R"(tidings_requests_total{operation="fetch access token",platform="lark",result="ok"} 1)",
             R"(tidings_requests_total{operation="look up person",platform="lark",result="ok"} 2)",
             R"(tidings_requests_total{operation="send message",platform="lark",result="ok"} 1)",
             R"(tidings_requests_total{operation="send message",platform="lark",result="outcome_unknown"} 2)",
             R"(tidings_requests_total{operation="send message",platform="lark",result="bot_disabled"} 1)",
             R"(tidings_request_duration_seconds_count{operation="send message",platform="lark"} 4)",
             R"(tidings_request_duration_seconds_bucket{operation="send message",platform="lark",le="30"} 4)",
             R"(tidings_requests_in_flight{platform="lark"} 0)",
             R"(tidings_retries_total{operation="send message",platform="lark",reason="outcome_unknown"} 2)",
             R"(tidings_token_fetch_duration_seconds_count{platform="lark"} 1)",
             R"(tidings_people_resolved_total{match="phone_number",platform="lark",result="ok",source="looked_up"} 1)",
             R"(tidings_people_resolved_total{match="phone_number",platform="lark",result="ok",source="remembered"} 1)",
             R"(tidings_deliveries_total{outcome="ok",platform="lark"} 1)",
             R"(tidings_deliveries_total{outcome="recipient_not_found",platform="lark"} 1)",
             R"(tidings_deliveries_total{outcome="bot_disabled",platform="lark"} 1)",
             R"(tidings_delivery_duration_seconds_count{platform="lark"} 3)",
             "# TYPE tidings_requests_total counter",
             "# TYPE tidings_request_duration_seconds histogram",
         })
        BOOST_TEST(has_line(shown, line), line << " is not in\n" << shown);
    check_confidential(shown, platform);

    auto const log = lines.str();
    auto const line_starts = [&](std::string_view with) {
        auto const all = lines_of(log);
        return std::count_if(all.begin(), all.end(), [with](auto const& line) { return line.starts_with(with); });
    };
    auto const host = " host=" + platform.url("lark").substr(std::string_view("http://").size());
    auto const send = R"(platform=lark operation="send message")" + host;
    BOOST_TEST(line_starts("trace attempt_begun " + send + " attempt=") == 4, log);
    BOOST_TEST(line_starts("debug attempt_ended " + send + " attempt=3 result=ok duration_ms=") == 1, log);
    BOOST_TEST(line_starts("debug attempt_ended " + send + " attempt=1 result=bot_disabled duration_ms=") == 1, log);
    BOOST_TEST(log.find(" platform_code=230006 log_id=") != log.npos, log);
    BOOST_TEST(line_starts(R"(info retry_planned platform=lark operation="send message" reason=outcome_unknown)") == 2,
               log);
    BOOST_TEST(log.find(" retry=1 wait_ms=") != log.npos, log);
    BOOST_TEST(line_starts("info token_fetched platform=lark duration_ms=") == 1, log);
    BOOST_TEST(
        line_starts(R"(debug person_resolved platform=lark match=phone_number source=remembered result=ok)") == 1, log);
    BOOST_TEST(line_starts("info delivery_settled platform=lark result=ok attempts=3 duration_ms=") == 1, log);
    BOOST_TEST(line_starts("error delivery_settled platform=lark result=bot_disabled attempts=1 duration_ms=") == 1,
               log);
    check_confidential(log, platform);
}

BOOST_AUTO_TEST_CASE(limits_and_breakers_are_told_of)
{
    std::ostringstream lines;
    auto const logger = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines));
    logger->set_pattern("%l %v");
    logger->set_level(spdlog::level::debug);
    auto const registry = std::make_shared<prometheus::Registry>();
    prometheus::Exposer exposer("127.0.0.1:0");
    exposer.RegisterCollectable(registry);
    observer adapters{td::observer::spdlog{logger}, td::observer::prometheus{registry}};

    td::event::breaker_opened opened;
    opened.platform = "lark";
    opened.host = "open.larksuite.com";
    opened.pause = 1500ms;
    adapters.on(opened);
    auto const gauge = R"(tidings_breaker_open{host="open.larksuite.com",platform="lark"} )";
    auto const port = exposer.GetListeningPorts().at(0);
    BOOST_TEST(has_line(scrape(port), gauge + std::string("1")));
    td::event::breaker_closed closed;
    closed.platform = opened.platform;
    closed.host = opened.host;
    adapters.on(closed);
    BOOST_TEST(has_line(scrape(port), gauge + std::string("0")));

    td::event::permit_waited waited;
    waited.platform = "wecom";
    waited.operation = "send message";
    waited.limit = "message/send";
    waited.duration = 2s;
    waited.error = td::errc::rate_limited;
    adapters.on(waited);
    BOOST_TEST(
        has_line(scrape(port), R"(tidings_permit_wait_seconds_sum{operation="send message",platform="wecom"} 2)"));

    // What a cause of the system's, and a text with quotes, look like.
    td::event::attempt_ended ended;
    ended.platform = "pigeon";
    ended.operation = R"(say "hi")";
    ended.host = "localhost";
    ended.duration = 7us;
    ended.error = td::errc::connect_failed;
    ended.cause = asio::error::connection_refused;
    adapters.on(ended);
    td::event::delivery_settled settled;
    settled.platform = "pigeon";
    settled.error = td::errc::outcome_unknown;
    settled.cause = td::errc::timed_out;
    adapters.on(settled);
    auto const expected = std::vector<std::string>{
        "warning breaker_opened platform=lark host=open.larksuite.com pause_ms=1500.000",
        "info breaker_closed platform=lark host=open.larksuite.com",
        R"(debug permit_waited platform=wecom operation="send message" limit=message/send result=rate_limited )"
        "duration_ms=2000.000",
        R"(debug attempt_ended platform=pigeon operation="say \"hi\"" host=localhost attempt=1 result=connect_failed )"
        "cause=system:111 duration_ms=0.007 request_bytes=0 reply_bytes=0",
        "warning delivery_settled platform=pigeon result=outcome_unknown cause=timed_out attempts=0 duration_ms=0.000"};
    auto const written = lines_of(lines.str());
    BOOST_TEST(written == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_written_loses_no_message_and_a_level_that_is_off_writes_no_line)
{
    td::sandbox::server platform;
    auto const broken = std::make_shared<spdlog::logger>("", std::make_shared<throwing_sink>());
    broken->set_level(spdlog::level::trace);
    broken->set_error_handler([](std::string const& what) { throw std::runtime_error(what); });
    auto const registry = std::make_shared<prometheus::Registry>();
    observer const adapters{td::observer::spdlog{broken}, td::observer::prometheus{registry}};
    run([&](asio::any_io_executor ex) { return send_some(ex, platform, adapters); });
    BOOST_TEST(platform.ledger().size() == 1u);

    std::ostringstream lines;
    auto const quiet = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines));
    quiet->set_level(spdlog::level::err);
    observer const of_errors{td::observer::spdlog{quiet}, td::observer::prometheus{registry}};
    run([&](asio::any_io_executor ex) { return send_some(ex, platform, of_errors); });
    BOOST_TEST(lines_of(lines.str()).size() == 2u, lines.str());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace observer_adapters_test
