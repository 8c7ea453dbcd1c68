// The route email: messages about events, by a real SMTP server.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/dispatcher.hpp>
#include <tidings/subscription/email.hpp>
#include <tidings/subscription/event_types.hpp>

#include "email/mail_server.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace email_route_test {

namespace {

namespace td = tidings;
namespace sub = tidings::subscription;
namespace asio = boost::asio;
using sub::ready_made;

constexpr std::string_view directory = R"({"login_name":"ada","name":"Ada","email":"ada@example.org","language":"zh-CN"}
{"login_name":"ben"}
)";

std::string text_of(boost::json::object const& message, std::size_t part)
{
    return std::string(message.at("parts").as_array().at(part).as_object().at("text").as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(email_routes)

BOOST_AUTO_TEST_CASE(a_person_gets_the_event_in_their_language_with_both_parts_and_everything_escaped)
{
    test::mail_server const server("starttls", "secret word");
    auto everyone = sub::people::from_json_lines(directory);
    BOOST_TEST_REQUIRE(everyone.has_value());
    constexpr auto approved = ready_made::at<sub::sql_task::node::approved>();
    sub::subscriptions rules(ready_made::types);
    BOOST_TEST(rules.turn_on(approved, "email").has_value());
    BOOST_TEST(rules.add_receiver(approved, "ben").has_value());
    sub::event what;
    what.id = "e-1";
    what.at = approved;
    what.subject = "Change <b>#42</b> & \"more\"";
    what.submitter = "ada";
    what.fields.emplace_back("Database", "orders");
    what.link = "https://console.example.com/42?a=1&b='2'";
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        sub::dispatcher<> send(ex, rules, sub::people_directory(*everyone));
        send.set_route("email", sub::email_route(sub::smtp(ex, server.settings("secret word"))));
        auto const report = co_await send.dispatch(what);
        BOOST_TEST_REQUIRE(report.has_value());
        BOOST_TEST_REQUIRE(report->outcomes.size() == 4u);
        BOOST_TEST((report->outcomes[0].status == sub::delivery_status::unconfigured)); // there is no inbox here
        BOOST_TEST((report->outcomes[1].status == sub::delivery_status::delivered), *report->outcomes[1].why);
        auto const& without_address = report->outcomes[3];
        BOOST_TEST((without_address.status == sub::delivery_status::failed));
        BOOST_TEST((*without_address.why == td::errc::recipient_not_found));
        BOOST_TEST(without_address.why->message().find("no e-mail address") != std::string::npos);

        auto const got = server.message(1);
        BOOST_TEST(got.at("message_id").as_string() == report->outcomes[1].message_id);
        BOOST_TEST(got.at("subject").as_string() == "SQL 任务审批通过：Change <b>#42</b> & \"more\"");
        BOOST_TEST(text_of(got, 0).find("Database：orders") != std::string::npos, text_of(got, 0));
        BOOST_TEST(text_of(got, 0).find(what.link) != std::string::npos, text_of(got, 0));
        auto const html = text_of(got, 1);
        BOOST_TEST(html.find("Change &lt;b&gt;#42&lt;/b&gt; &amp; &quot;more&quot;") != std::string::npos, html);
        BOOST_TEST(html.find("<b>") == std::string::npos, html);
        BOOST_TEST(html.find("<a href=\"https://console.example.com/42?a=1&amp;b=&#39;2&#39;\">") != std::string::npos,
                   html);

        auto const again = co_await send.dispatch(what);
        BOOST_TEST((again->outcomes[1].status == sub::delivery_status::already));
        BOOST_TEST(server.message(2).empty());
    });
}

BOOST_AUTO_TEST_CASE(a_title_that_is_too_long_for_a_subject_is_cut_and_whole_in_the_text)
{
    test::mail_server const server("none");
    std::string title;
    for (int i = 0; i != 1000; ++i)
        title += "审批";
    sub::person ada("ada");
    ada.email = "ada@example.org";
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        sub::email_route route(sub::smtp(ex, server.settings()));
        sub::notification const what(ada, td::notice(title), td::idempotency_key("long"));
        auto const outcome = co_await route.deliver(what);
        BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
        auto const got = server.message(1);
        auto const subject = std::string(got.at("subject").as_string());
        BOOST_TEST(subject.starts_with("审批审批"));
        BOOST_TEST(subject.ends_with("…"));
        BOOST_TEST(text_of(got, 0).find(title) != std::string::npos);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace email_route_test
