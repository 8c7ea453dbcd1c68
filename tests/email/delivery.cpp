// What a real SMTP server receives: over STARTTLS, over TLS, with a login.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/email.hpp>

#include "email/mail_server.hpp"
#include "support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace email_delivery_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::mail_server;
using test::run;

constexpr char const* password = "correct horse battery";
constexpr char const* ada = "ada@example.org";

td::subscription::mail greeting(std::string_view key = "greeting-1")
{
    return td::subscription::mail(td::idempotency_key(key), "Build is green", "All tests passed.\n",
                                  "<p>All <b>tests</b> passed.</p>");
}

/// Sends one message by itself.
td::result<td::receipt> sent(td::config::smtp_settings settings, std::string to, td::subscription::mail what,
                             td::call_options how = td::call_options())
{
    td::result<td::receipt> out = td::failure(td::errc::cancelled);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::subscription::smtp server(ex, std::move(settings));
        td::result<td::receipt> outcome = co_await server.send(std::move(to), std::move(what), how);
        out = std::move(outcome);
    });
    return out;
}

std::string text_of(boost::json::object const& message, char const* name)
{
    auto const* const value = message.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool is_empty_list(boost::json::object const& message, char const* name)
{
    return message.at(name).as_array().empty();
}

void check_whole(boost::json::object const& message, std::string_view where)
{
    BOOST_TEST_CONTEXT(where)
    {
        BOOST_TEST_REQUIRE(!message.empty());
        BOOST_TEST(is_empty_list(message, "defects"), message);
        BOOST_TEST(is_empty_list(message, "header_defects"), message);
        BOOST_TEST(message.at("longest_line").as_int64() <= 78);
        BOOST_TEST(message.at("ascii").as_bool());
        std::size_t const headers = text_of(message, "type") == "text/plain" ? 9 : 8;
        BOOST_TEST(message.at("headers").as_array().size() == headers, message.at("headers"));
    }
}

/// Where a caller gets the text to print.
asio::awaitable<void> documented(asio::any_io_executor executor, td::config::channels const& channels,
                                 std::vector<std::string>& lines)
{
    //[send
    tidings::subscription::smtp server{executor, *channels.smtp};

    tidings::subscription::mail what{tidings::idempotency_key("task-17:approved:ada"), "Task 17 was approved",
                                     "Ben approved task 17.", "<p>Ben approved <b>task 17</b>.</p>"};
    auto const outcome = co_await server.send("ada@example.org", what);
    if (outcome)
        lines.push_back("sent: " + std::string(outcome->message_id()));
    else
        lines.push_back(outcome.error().message() + ". " + outcome.error().remedy());
    //]
}

} // namespace

BOOST_AUTO_TEST_SUITE(email_delivery)

BOOST_AUTO_TEST_CASE(a_message_arrives_over_starttls_after_a_login_with_both_parts)
{
    mail_server const server("starttls", password);
    auto const outcome = sent(server.settings(password), ada, greeting());
    BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
    BOOST_TEST(outcome->person_id() == ada);
    BOOST_TEST(outcome->recipient_type() == "email");
    BOOST_TEST(outcome->attempts() == 1u);

    auto const got = server.message(1);
    check_whole(got, "STARTTLS");
    BOOST_TEST(text_of(got, "subject") == "Build is green");
    BOOST_TEST(text_of(got, "from") == "notify@example.com");
    BOOST_TEST(text_of(got, "to") == ada);
    BOOST_TEST(text_of(got, "mail_from") == "notify@example.com");
    BOOST_TEST(got.at("rcpt_tos").as_array().size() == 1u);
    BOOST_TEST(text_of(got, "message_id") == outcome->message_id());
    BOOST_TEST(text_of(got, "auto_submitted") == "auto-generated");
    BOOST_TEST(text_of(got, "type") == "multipart/alternative");
    BOOST_TEST(got.at("login").as_bool());
    BOOST_TEST(got.at("tls").as_bool());
    BOOST_TEST(std::abs(got.at("date").as_int64() - std::time(nullptr)) < 60);
    auto const& parts = got.at("parts").as_array();
    BOOST_TEST_REQUIRE(parts.size() == 2u);
    BOOST_TEST(text_of(parts[0].as_object(), "type") == "text/plain");
    BOOST_TEST(text_of(parts[0].as_object(), "text") == "All tests passed.\n");
    BOOST_TEST(text_of(parts[1].as_object(), "type") == "text/html");
    BOOST_TEST(text_of(parts[1].as_object(), "text") == "<p>All <b>tests</b> passed.</p>");
}

BOOST_AUTO_TEST_CASE(a_message_arrives_over_tls_from_the_first_byte_and_over_a_plain_connection)
{
    for (std::string const security : {"tls", "none"})
    {
        mail_server const server(security, password);
        auto const outcome = sent(server.settings(password), ada, greeting());
        BOOST_TEST_REQUIRE(outcome.has_value(), security << ": " << outcome.error());
        check_whole(server.message(1), security);
        BOOST_TEST(server.message(1).at("login").as_bool());
        BOOST_TEST(server.message(1).at("tls").as_bool() == (security == "tls"));
    }
}

BOOST_AUTO_TEST_CASE(texts_in_every_script_arrive_as_they_were_written)
{
    mail_server const server("none");
    std::string subject = "审批通过: Ünïcödé — ";
    for (int i = 0; i != 20; ++i)
        subject += "任务已执行🎉 ";
    subject += "end";
    std::string text = ".\n..\nFrom here on\n\n";
    for (int i = 0; i != 500; ++i)
        text += "这一行没有换行 ";
    text += "\n.\n";
    std::string const html = "<p title=\"=_tidings\">--=_tidings--</p>\n";
    auto const outcome =
        sent(server.settings(), ada, td::subscription::mail(td::idempotency_key("scripts"), subject, text, html));
    BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
    auto const got = server.message(1);
    check_whole(got, "scripts");
    BOOST_TEST(text_of(got, "subject") == subject);
    BOOST_TEST((text_of(got.at("parts").as_array().at(0).as_object(), "text") == text));
    BOOST_TEST(text_of(got.at("parts").as_array().at(1).as_object(), "text") == html);

    auto const plain =
        sent(server.settings(), ada, td::subscription::mail(td::idempotency_key("plain"), "=?UTF-8?Q?no?= code", text));
    BOOST_TEST_REQUIRE(plain.has_value(), plain.error());
    check_whole(server.message(2), "plain");
    BOOST_TEST(text_of(server.message(2), "subject") == "=?UTF-8?Q?no?= code");
    BOOST_TEST(text_of(server.message(2), "type") == "text/plain");
    BOOST_TEST((text_of(server.message(2).at("parts").as_array().at(0).as_object(), "text") == text));
}

BOOST_AUTO_TEST_CASE(a_large_message_arrives_whole)
{
    mail_server const server("starttls", password);
    std::string text;
    while (text.size() < 3u << 20)
        text += "line " + std::to_string(text.size()) + '\n';
    auto const outcome =
        sent(server.settings(password), ada, td::subscription::mail(td::idempotency_key("large"), "Large", text));
    BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
    BOOST_TEST((text_of(server.message(1).at("parts").as_array().at(0).as_object(), "text") == text));
}

BOOST_AUTO_TEST_CASE(the_same_key_gives_the_same_message_id_and_another_key_another_one)
{
    mail_server const server("none");
    std::vector<std::string> ids;
    for (std::string_view const key : {"order-17", "order-17", "order-18"})
    {
        auto const outcome = sent(server.settings(), ada, greeting(key));
        BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
        ids.emplace_back(outcome->message_id());
        BOOST_TEST(text_of(server.message(static_cast<int>(ids.size())), "message_id") == ids.back());
    }
    BOOST_TEST(ids[0] == ids[1]);
    BOOST_TEST(ids[0] != ids[2]);
    BOOST_TEST(ids[0].starts_with('<'));
    BOOST_TEST(ids[0].ends_with("@example.com>"));
}

BOOST_AUTO_TEST_CASE(no_text_becomes_another_header_or_another_recipient)
{
    mail_server const server("none");
    std::vector<std::string> const subjects{"hello\r\nBcc: eve@example.org", "hello\nBcc: eve@example.org\n\nbody",
                                            "hello\rBcc: eve@example.org", "hello\r\n.\r\nMAIL FROM:<eve@example.org>",
                                            "hello\xe2\x80\xa8"
                                            "Bcc: eve@example.org"};
    int count = 0;
    for (auto const& subject : subjects)
    {
        auto const what =
            td::subscription::mail(td::idempotency_key("injected"), subject, "\r\n.\r\nQUIT\r\n", subject);
        auto const outcome = sent(server.settings(), ada, what);
        BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
        auto const got = server.message(++count);
        check_whole(got, subject);
        BOOST_TEST(text_of(got, "subject").starts_with("hello "));
        BOOST_TEST(got.at("rcpt_tos").as_array().size() == 1u);
        BOOST_TEST(got.at("parts").as_array().size() == 2u);
    }
    BOOST_TEST(server.count() == count);

    for (std::string const to :
         {"ada@example.org\r\nBcc: eve@example.org", "ada@example.org>\r\nRCPT TO:<eve@example.org", "a b@example.org",
          "ada@example.org,eve@example.org", "ada@example.org>", "<ada@example.org>", "\"a\"@example.org", "ada",
          "@example.org", "ada@", ".ada@example.org", "a..b@example.org", "ada@exa mple.org", "ada@-x.org",
          "ada@example..org", "ädå@example.org", "ada@bücher.example", "ada@example.org\xe2\x80\xa8x", ""})
    {
        auto const outcome = sent(server.settings(), to, greeting());
        BOOST_TEST_REQUIRE(outcome.has_error(), to);
        BOOST_TEST((outcome.error() == td::errc::invalid_recipient), to << ": " << outcome.error());
        BOOST_TEST(outcome.error().recipient() == to);
        BOOST_TEST(outcome.error().attempts() == 0u);
        auto settings = server.settings();
        settings.from = to;
        auto const from = sent(settings, ada, greeting());
        BOOST_TEST((from.has_error() && from.error() == td::errc::invalid_argument), to);
    }
    BOOST_TEST(server.count() == count);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_reported_with_the_servers_reply_and_without_the_password)
{
    mail_server const server("starttls", password);
    std::string const wrong = "not-the-password";
    auto const outcome = sent(server.settings(wrong), ada, greeting());
    BOOST_TEST_REQUIRE(outcome.has_error());
    auto const& error = outcome.error();
    BOOST_TEST((error == td::errc::bad_credentials), error);
    BOOST_TEST(error.platform() == "email");
    BOOST_TEST(error.platform_code() == "535");
    BOOST_TEST(error.remedy().find("password") != std::string::npos);
    BOOST_TEST(!error.remedy(td::language::chinese).empty());
    BOOST_TEST((error.message() + error.remedy()).find(wrong) == std::string::npos);

    auto const nobody = sent(server.settings(), ada, greeting()); // the server demands a login
    BOOST_TEST_REQUIRE(nobody.has_error());
    BOOST_TEST((nobody.error() == td::errc::bad_credentials), nobody.error());
    BOOST_TEST(nobody.error().platform_code() == "530");
    BOOST_TEST(server.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_mailbox_that_does_not_exist_and_a_content_that_is_refused_are_reported_as_such)
{
    mail_server const server("starttls", password);
    auto const unknown = sent(server.settings(password), "unknown@example.org", greeting());
    BOOST_TEST_REQUIRE(unknown.has_error());
    BOOST_TEST((unknown.error() == td::errc::recipient_not_found), unknown.error());
    BOOST_TEST(unknown.error().platform_code() == "550");
    BOOST_TEST(unknown.error().platform_message() == "5.1.1 No such user here");
    BOOST_TEST(unknown.error().recipient() == "unknown@example.org");
    BOOST_TEST(unknown.error().message().find("unknown@") == std::string::npos);

    auto const refused =
        sent(server.settings(password), ada, td::subscription::mail(td::idempotency_key("r"), "refuse this", "text"));
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == td::errc::message_invalid), refused.error());
    BOOST_TEST(refused.error().platform_code() == "554");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_trusted_or_of_another_host_stops_the_message)
{
    for (std::string const security : {"starttls", "tls"})
    {
        mail_server const server(security, password);
        auto settings = server.settings(password);
        settings.ca_file.clear(); // the system's authorities
        auto const untrusted = sent(settings, ada, greeting());
        BOOST_TEST_REQUIRE(untrusted.has_error());
        BOOST_TEST((untrusted.error() == td::errc::tls_failed), security << ": " << untrusted.error());
        BOOST_TEST(untrusted.error().remedy().find("ca_file") != std::string::npos);

        settings.ca_file = server.files().path() + "/missing.pem";
        auto const missing = sent(settings, ada, greeting());
        BOOST_TEST_REQUIRE(missing.has_error());
        BOOST_TEST((missing.error() == td::errc::invalid_argument), security << ": " << missing.error());
        BOOST_TEST(server.count() == 0);

        mail_server const other(security, password, "DNS:other.example");
        auto const host = sent(other.settings(password), ada, greeting());
        BOOST_TEST_REQUIRE(host.has_error());
        BOOST_TEST((host.error() == td::errc::tls_failed), security << ": " << host.error());
        BOOST_TEST(other.count() == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_server_without_starttls_gets_neither_password_nor_message)
{
    mail_server const server("none", password);
    auto settings = server.settings(password);
    for (std::string const security : {"starttls", ""})
    {
        settings.security = security;
        auto const outcome = sent(settings, ada, greeting());
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST((outcome.error() == td::errc::tls_failed), outcome.error());
    }
    settings.security = "tls";
    auto const outcome = sent(settings, ada, greeting());
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST((outcome.error() == td::errc::tls_failed), outcome.error());
    BOOST_TEST(server.count() == 0);
}

BOOST_AUTO_TEST_CASE(many_messages_share_a_few_connections_and_all_arrive)
{
    mail_server const server("starttls", password);
    constexpr int messages = 30;
    int delivered = 0;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::subscription::smtp mailer(ex, server.settings(password), 3);
        int ended = 0;
        auto one = [&](int number) -> asio::awaitable<void> {
            auto const outcome = co_await mailer.send("p" + std::to_string(number) + "@example.org",
                                                      greeting("message-" + std::to_string(number)));
            BOOST_TEST(outcome.has_value(), outcome.error());
            delivered += outcome.has_value() ? 1 : 0;
            ++ended;
        };
        for (int i = 0; i != messages; ++i)
            asio::co_spawn(ex, one(i), asio::detached);
        co_await test::wait_until([&] { return ended == messages; });
    });
    BOOST_TEST(delivered == messages);
    BOOST_TEST(server.count() == messages);
    std::vector<std::string> people;
    for (int i = 1; i <= messages; ++i)
    {
        people.push_back(text_of(server.message(i), "to"));
        BOOST_TEST(server.message(i).at("most_at_once").as_int64() <= 3);
    }
    std::sort(people.begin(), people.end());
    BOOST_TEST((std::unique(people.begin(), people.end()) == people.end()));
}

BOOST_AUTO_TEST_CASE(messages_that_are_under_way_arrive_though_the_object_is_destroyed)
{
    mail_server const server("starttls", password);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto mailer = std::make_unique<td::subscription::smtp>(ex, server.settings(password), 2);
        int delivered = 0;
        auto one = [&](asio::awaitable<td::result<td::receipt>> operation) -> asio::awaitable<void> {
            auto const outcome = co_await std::move(operation);
            BOOST_TEST(outcome.has_value(), outcome.error());
            delivered += outcome.has_value() ? 1 : 0;
        };
        for (int i = 0; i != 5; ++i)
            asio::co_spawn(ex, one(mailer->send(ada, greeting("d" + std::to_string(i)))), asio::detached);
        asio::steady_timer timer(ex, 5ms);
        co_await timer.async_wait(asio::use_awaitable);
        mailer.reset();
        co_await test::wait_until([&] { return delivered == 5; });
    });
    BOOST_TEST(server.count() == 5);
}

BOOST_AUTO_TEST_CASE(a_context_may_be_destroyed_with_messages_under_way)
{
    mail_server const server("starttls", password);
    for (int i = 0; i != 20; ++i)
    {
        asio::io_context io;
        td::subscription::smtp mailer(io.get_executor(), server.settings(password), 2);
        for (int k = 0; k != 4; ++k)
            asio::co_spawn(io, mailer.send(ada, greeting()), asio::detached);
        io.run_for(std::chrono::milliseconds(i));
    }
}

BOOST_AUTO_TEST_CASE(what_the_guide_shows_works_with_settings_of_a_file)
{
    mail_server const server("starttls", password);
    ::setenv("TIDINGS_TEST_SMTP_PASSWORD", password, 1);
    auto const text = R"({"version":1,"smtp":{"host":"localhost","port":)" +
                      std::to_string(server.settings().port.value()) +
                      R"(,"user":"ada","password":"env:TIDINGS_TEST_SMTP_PASSWORD","from":"notify@example.com",)" +
                      R"("ca_file":")" + server.settings().ca_file + R"("}})";
    auto const channels = td::config::channels::parse(text);
    BOOST_TEST_REQUIRE(channels.has_value());
    std::vector<std::string> lines;
    run([&](asio::any_io_executor ex) { return documented(ex, *channels, lines); });
    BOOST_TEST_REQUIRE(lines.size() == 1u);
    BOOST_TEST(lines[0] == "sent: " + text_of(server.message(1), "message_id"));
    ::unsetenv("TIDINGS_TEST_SMTP_PASSWORD");
    lines.clear();
    run([&](asio::any_io_executor ex) { return documented(ex, *channels, lines); });
    BOOST_TEST_REQUIRE(lines.size() == 1u);
    BOOST_TEST(lines[0].find("TIDINGS_TEST_SMTP_PASSWORD") != std::string::npos, lines[0]);
    BOOST_TEST(server.count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace email_delivery_test
