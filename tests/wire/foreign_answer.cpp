// What is said of an answer that is not the platform's, as tables.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/detail/foreign_answer.hpp>

#include <tidings/wire/answer.hpp>
#include <tidings/wire/detail/redaction.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace foreign_answer_test {

namespace {

namespace td = tidings;
using td::errc;
using namespace std::chrono_literals;

constexpr std::string_view token = "t-g1044qeGEDXTB6NDJOGV4";

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

class token_filter final : public td::wire::text_filter
{
public:
    token_filter() { hidden_.add(token); }
    bool clean(td::detail::wiped_string& text) const override { return hidden_.redact(text); }

private:
    td::detail::redactor hidden_;
};

// An answer, as it came off the wire.
class answer
{
public:
    explicit answer(std::string head, std::string body = {})
        : head_(std::move(head) + "\r\n\r\n"), body_(std::move(body))
    {
    }

    td::wire::reply reply() const { return {static_cast<unsigned>(std::stoul(head_.substr(9, 3))), head_, body_}; }

    td::failure as_failure(
        std::string_view base = "http://127.0.0.1:8080",
        std::string_view request = "POST /open-apis/x?corpsecret=hunter2 HTTP/1.1\r\nHost: h\r\n") const
    {
        auto const decoded = td::wire::foreign_answer(td::detail::new_facts(), reply());
        BOOST_TEST(decoded.facts()->foreign);
        token_filter const filter;
        return td::detail::describe_foreign_answer(decoded, reply().with(filter),
                                                   td::transport::endpoint::parse(base).value(), request);
    }

private:
    std::string head_;
    std::string body_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(foreign_answers)

BOOST_AUTO_TEST_CASE(who_answered_what_is_said_in_one_line)
{
    struct
    {
        answer in;
        std::string_view message;
    } const rows[] = {
        {answer("HTTP/1.1 400 Bad Request\r\nServer: nginx/1.25\r\nContent-Type: text/html; charset=utf-8",
                "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"),
         "http://127.0.0.1:8080/open-apis/x answered 400 Bad Request, a page with the title \"400 The plain HTTP "
         "request "
         "was sent to HTTPS port\", Content-Type: text/html, Server: nginx/1.25, 90 bytes that are not the platform's "
         "JSON"},
        {answer(
             "HTTP/1.1 301 Moved Permanently\r\nLocation: https://portal.example.com/login?next=%2Fx%3Fsecret%3Dy#z"),
         "answered 301 Moved Permanently, Location: https://portal.example.com/login, 0 bytes"},
        {answer("HTTP/1.1 302 Found\r\nLocation: https://ada:hunter2@portal.example.com/login"),
         "Location: https://portal.example.com/login, "},
        {answer("HTTP/1.1 302 Found\r\nLocation: /login?x=hunter2"), "Location: /login, "},
        {answer("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nVia: 1.1 squid", "\x1f\x8b"),
         "answered 200 OK, the body is compressed (gzip), Via: 1.1 squid, 2 bytes that"},
        {answer("HTTP/1.1 200 OK\r\nContent-Encoding: identity", "x"), "answered 200 OK, 1 bytes"},
        {answer("HTTP/1.1 502"), "answered 502, 0 bytes"},
        {answer("HTTP/1.0 502 \r\nServer:  x "), "answered 502, Server: x, 0 bytes"},
        // A title over several lines, one in capitals, one that never ends.
        {answer("HTTP/1.1 404 Not Found", "<TITLE lang=en>\n  Not\r\n\tfound </TITLE>"), "the title \"Not found\""},
        {answer("HTTP/1.1 404 Not Found", "<title>Not found"), "answered 404 Not Found, 16 bytes"},
        {answer("HTTP/1.1 404 Not Found", "<title></title>"), "answered 404 Not Found, 15 bytes"},
        {answer("HTTP/1.1 404 Not Found", "<title"), "answered 404 Not Found, 6 bytes"},
    };
    for (auto const& row : rows)
    {
        auto const f = row.in.as_failure();
        BOOST_TEST(has(f.message(), row.message), f.message());
        BOOST_TEST(!has(f.message(), "hunter2"), f.message());
        BOOST_TEST(!has(f.message(), "corpsecret"), f.message());
    }
}

BOOST_AUTO_TEST_CASE(what_somebody_else_wrote_is_cut_and_has_no_secret_and_no_control_character)
{
    auto const repeated = std::string("Oops ") + std::string(token) + "\x1b[2J";
    answer const loud("HTTP/1.1 500 " + repeated + "\r\nServer: " + repeated + "\r\nVia: " + std::string(500, 'v') +
                          "\r\nContent-Type: " + repeated,
                      "<title>" + repeated + "</title>");
    auto const f = loud.as_failure("http://h", "GET /hook/" + std::string(token) + " HTTP/1.1\r\n");
    auto const message = f.message();
    BOOST_TEST(!has(message, token), message);
    BOOST_TEST(!has(message, "\x1b"), message);
    BOOST_TEST(has(message, "http://h/hook/*** answered 500 Oops ***"), message);
    BOOST_TEST(message.size() < 900u, message);
    // Half a secret would not be found: it is taken out first.
    answer const late("HTTP/1.1 500 " + std::string(50, 'x') + std::string(token));
    BOOST_TEST(!has(late.as_failure().message(), token.substr(0, 4)), late.as_failure().message());
    // Not within a character.
    answer const wide("HTTP/1.1 404 x", "<title>" + std::string(159, 'x') + "\xe4\xbd\xa0\xe5\xa5\xbd</title>");
    BOOST_TEST(has(wide.as_failure().message(), std::string(159, 'x') + "...\""), wide.as_failure().message());
}

BOOST_AUTO_TEST_CASE(what_to_do_depends_on_who_answered)
{
    struct
    {
        answer in;
        std::string_view base, advice;
    } const rows[] = {
        {answer("HTTP/1.1 400 Bad Request", "<title>400 The plain HTTP request was sent to HTTPS port</title>"),
         "http://h", "write https:// in the base URL"},
        {answer("HTTP/1.0 400 Bad Request", "Client sent an HTTP request to an HTTPS server."), "http://h",
         "write https:// in the base URL"},
        {answer("HTTP/1.1 301 Moved\r\nLocation: https://h/open-apis/x"), "http://h", "write https:// in the base URL"},
        {answer("HTTP/1.1 301 Moved\r\nLocation: https://portal/"), "http://h", "Redirects are not followed"},
        {answer("HTTP/1.1 302 Found\r\nLocation: /login"), "https://h", "Redirects are not followed"},
        {answer("HTTP/1.1 304 Not Modified"), "https://h", "Check that the base URL is the platform's"},
        {answer("HTTP/1.1 404 Not Found"), "https://h/open-apis", "Leave the path out of the base URL"},
        {answer("HTTP/1.1 404 Not Found"), "https://h", "Check that the base URL is the platform's"},
        {answer("HTTP/1.1 200 OK\r\nContent-Encoding: br"), "https://h", "compresses answers"},
        {answer("HTTP/1.1 502 Bad Gateway"), "https://h", "A gateway or proxy answered"},
        {answer("HTTP/1.1 200 OK", "<html>"), "https://h", "Check that the base URL is the platform's"},
    };
    for (auto const& row : rows)
    {
        auto const f = row.in.as_failure(row.base);
        BOOST_TEST(has(f.remedy(), row.advice), f);
        BOOST_TEST(!f.remedy(td::language::chinese).empty());
    }
}

BOOST_AUTO_TEST_CASE(the_kind_of_a_foreign_answer_follows_from_its_status)
{
    struct
    {
        unsigned status;
        errc kind;
    } const rows[] = {{200, errc::protocol_error}, {301, errc::protocol_error}, {404, errc::protocol_error},
                      {408, errc::server_error},   {409, errc::protocol_error}, {429, errc::rate_limited},
                      {499, errc::server_error},   {500, errc::server_error},   {503, errc::server_error}};
    for (auto const& row : rows)
        BOOST_TEST((answer("HTTP/1.1 " + std::to_string(row.status) + " x").as_failure() == row.kind), row.status);
}

BOOST_AUTO_TEST_CASE(a_date_has_one_of_three_forms)
{
    using std::chrono::sys_seconds;
    auto const expected = sys_seconds(784111777s);
    for (std::string_view const text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT"})
        BOOST_TEST((td::detail::http_date(text) == expected), text);
    for (std::string_view const text :
         {"", "x", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT", "Sun, 30 Feb 2024 08:49:37 GMT",
          ", , , , , ,", "Sun, aa Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 xx:yy:zz GMT"})
        BOOST_TEST(!td::detail::http_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_gateways_wish_to_wait_is_seconds_or_a_date_and_an_hour_at_most)
{
    auto const now = std::chrono::sys_seconds(784111777s);
    struct
    {
        std::string_view headers;
        std::optional<std::chrono::seconds> expected;
    } const rows[] = {
        {"X: y", std::nullopt},
        {"Retry-After: 2", 2s},
        {"retry-after:  120  ", 120s},
        {"Retry-After: 0", 0s},
        {"Retry-After: 7200", 3600s},
        {"Retry-After: 99999999999999999999999999", 3600s},
        {"Retry-After: -5", std::nullopt},
        {"Retry-After: soon", std::nullopt},
        {"Retry-After: 1.5", std::nullopt},
        {"Retry-After: Sun, 06 Nov 1994 08:49:47 GMT", 10s},
        {"Retry-After: Sun, 06 Nov 1994 08:49:00 GMT", 0s},
        {"Retry-After: Mon, 07 Nov 1994 08:49:47 GMT", 3600s},
        // The gateway's clock is another: it is compared with itself.
        {"Date: Sun, 06 Nov 1994 09:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 09:49:47 GMT", 10s},
    };
    for (auto const& row : rows)
    {
        answer const in("HTTP/1.1 503 x\r\n" + std::string(row.headers));
        BOOST_TEST((td::detail::retry_after(in.reply(), now) == row.expected), row.headers);
    }
}

BOOST_AUTO_TEST_CASE(the_platforms_own_wish_to_wait_comes_first)
{
    auto const heeded = [](unsigned status, errc kind, std::optional<std::chrono::seconds> own) {
        answer const in("HTTP/1.1 " + std::to_string(status) + " x\r\nRetry-After: 7");
        auto facts = td::detail::new_facts();
        facts->wait = own;
        return td::detail::heed_retry_after({kind, std::move(facts)}, in.reply(), {}).wait();
    };
    BOOST_TEST((heeded(429, errc::rate_limited, std::nullopt) == 7s));
    BOOST_TEST((heeded(503, errc::server_error, std::nullopt) == 7s));
    BOOST_TEST((heeded(429, errc::rate_limited, 3s) == 3s));
    BOOST_TEST((heeded(502, errc::server_error, std::nullopt) == std::nullopt));
    BOOST_TEST((heeded(429, errc::quota_exhausted, std::nullopt) == std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace foreign_answer_test
