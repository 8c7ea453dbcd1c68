// A request, byte by byte.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/request.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace request_test {

namespace {

using tidings::wire::request;

// The path and query of a request, without method and version.
std::string target(std::string_view bytes)
{
    auto const line = bytes.substr(0, bytes.find("\r\n"));
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    return std::string(line.substr(first + 1, last - first - 1));
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_)

BOOST_AUTO_TEST_CASE(a_get_has_no_body_and_no_length)
{
    request out("", "Host: h\r\n");
    out.start("GET", "/open-apis/bot/v3/info");
    out.header("Authorization", "Bearer ", "t-1");
    BOOST_TEST(out.finish() == "GET /open-apis/bot/v3/info HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t-1\r\n\r\n");
    BOOST_TEST(out.body_size() == 0u);
    BOOST_TEST(out.body_text().empty());
}

BOOST_AUTO_TEST_CASE(a_request_without_headers_of_its_own_is_complete_too)
{
    request out("", "Host: h\r\n");
    out.start("DELETE", "/x");
    BOOST_TEST(out.finish() == "DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_post_tells_the_length_of_its_body)
{
    request out("", "Host: h\r\n");
    out.start("POST", "/p");
    out.header("A", "b");
    out.body().open_object().member("k", "v").close_object();
    BOOST_TEST(out.body_text() == R"({"k":"v"})");
    BOOST_TEST(out.body_size() == 9u);
    BOOST_TEST(out.finish() ==
               "POST /p HTTP/1.1\r\nHost: h\r\nA: b\r\nContent-Type: application/json; charset=utf-8\r\n"
               "Content-Length: 9\r\n\r\n{\"k\":\"v\"}");
}

BOOST_AUTO_TEST_CASE(the_length_is_right_whatever_its_number_of_digits)
{
    request out("/prefix", "Host: h\r\n");
    for (std::size_t const size :
         {2u, 9u, 10u, 11u, 99u, 100u, 999u, 1000u, 9999u, 10'000u, 100'000u, 1'000'000u, 12u, 2u})
    {
        out.start("POST", "/p");
        out.body().string(std::string(size - 2, 'x'));
        std::string const bytes(out.finish());
        auto const head = bytes.substr(0, bytes.find("\r\n\r\n") + 4);
        BOOST_TEST(head == "POST /prefix/p HTTP/1.1\r\nHost: h\r\nContent-Type: application/json; charset=utf-8\r\n"
                           "Content-Length: " +
                               std::to_string(size) + "\r\n\r\n");
        BOOST_TEST((bytes.substr(head.size()) == '"' + std::string(size - 2, 'x') + '"'));
        BOOST_TEST(out.body_size() == size);
    }
}

namespace {

constexpr char one_call = 0;
constexpr char another_call = 0;

// A request of a call that is made again and again. Counts how often its head is written.
std::string repeated(request& out, void const* call, std::string_view variant, std::string_view token,
                     std::string_view text, int& written)
{
    out.body(tidings::wire::head_key(call, variant, token),
             [&] {
                 ++written;
                 out.start("POST", call == &one_call ? "/one" : "/another");
                 out.query("type", variant);
                 out.header("Authorization", "Bearer ", token);
             })
        .string(text);
    return std::string(out.finish());
}

std::string expected(std::string_view path, std::string_view variant, std::string_view token, std::string_view text)
{
    std::string all = "POST /p";
    (((all += path) += "?type=") += variant) += " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ";
    (all += token) += "\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ";
    ((all += std::to_string(text.size() + 2)) += "\r\n\r\n\"") += text;
    return all += '"';
}

} // namespace

BOOST_AUTO_TEST_CASE(a_head_is_written_once_and_again_when_anything_that_it_depends_on_is_another)
{
    request out("/p", "Host: h\r\n");
    int written = 0;
    auto const check = [&](void const* call, std::string_view variant, std::string_view token, std::string_view text,
                           int times) {
        auto const* const path = call == &one_call ? "/one" : "/another";
        BOOST_TEST(repeated(out, call, variant, token, text, written) == expected(path, variant, token, text));
        BOOST_TEST(written == times);
    };
    check(&one_call, "open_id", "t-1", "a", 1);
    check(&one_call, "open_id", "t-1", "another text", 1);
    check(&one_call, "open_id", "t-1", std::string(1000, 'x'), 1);
    check(&one_call, "open_id", "t-1", "", 1);
    check(&one_call, "open_id", "t-2", "a", 2); // a fresh token
    check(&one_call, "open_id", "t-22", "a", 3);
    check(&one_call, "open_id", "t-22", "b", 3);
    check(&one_call, "chat_id", "t-22", "b", 4);
    check(&another_call, "chat_id", "t-22", "b", 5);
    check(&one_call, "chat_id", "t-22", "b", 6);
}

BOOST_AUTO_TEST_CASE(a_head_is_not_kept_past_another_request)
{
    request out("/p", "Host: h\r\n");
    int written = 0;
    auto const again = [&] { return repeated(out, &one_call, "open_id", "t-1", "a", written); };
    auto const whole = again();
    out.start("GET", "/else");
    BOOST_TEST(out.finish() == "GET /p/else HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(again() == whole);
    BOOST_TEST(written == 2);
    out.clear();
    BOOST_TEST(out.finish().empty());
    BOOST_TEST(again() == whole);
    BOOST_TEST(written == 3);
    out.start("POST", "/form");
    out.body("text/plain") += "x";
    (void)out.finish();
    BOOST_TEST(again() == whole);
    BOOST_TEST(written == 4);
}

BOOST_AUTO_TEST_CASE(a_head_that_could_not_be_written_is_not_kept)
{
    request out("/p", "Host: h\r\n");
    int written = 0;
    auto const whole = repeated(out, &one_call, "open_id", "t-1", "a", written);
    struct no_memory
    {
    };
    tidings::wire::head_key const key(&one_call, "open_id", "t-2");
    BOOST_CHECK_THROW((void)out.body(key,
                                     [&] {
                                         out.start("POST", "/one");
                                         throw no_memory();
                                     }),
                      no_memory);
    BOOST_TEST(repeated(out, &one_call, "open_id", "t-1", "a", written) == whole);
    BOOST_TEST(written == 2);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_used_again_keeps_nothing_of_the_one_before)
{
    request out("", "Host: h\r\n");
    out.start("POST", "/first/and/long/path");
    out.query("a", "1");
    out.header("Authorization", "Bearer ", "t-a-long-token-that-must-not-come-back");
    out.body().open_object().member("long", std::string(5000, 'x')).close_object();
    out.finish();

    out.start("GET", "/second");
    out.query("b", "2");
    BOOST_TEST(out.finish() == "GET /second?b=2 HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(out.body_text().empty());
    BOOST_TEST(out.body_size() == 0u);

    out.start("POST", "/third");
    out.body().open_object().close_object();
    BOOST_TEST(out.finish() == "POST /third HTTP/1.1\r\nHost: h\r\nContent-Type: application/json; charset=utf-8\r\n"
                               "Content-Length: 2\r\n\r\n{}");
}

BOOST_AUTO_TEST_CASE(the_prefix_of_the_base_url_stands_before_every_path)
{
    request out("/proxy/lark", "");
    out.start("GET", "/open-apis");
    out.segment("a");
    BOOST_TEST(target(out.finish()) == "/proxy/lark/open-apis/a");
}

BOOST_AUTO_TEST_CASE(path_segments_are_percent_encoded_as_by_the_platforms_own_clients)
{
    struct
    {
        std::string_view text;
        std::string_view encoded;
    } const rows[] = {
        {"7be5fg9a", "7be5fg9a"},
        {"\xe5\x8a\xa0\xe5\xa4\x9a", "%E5%8A%A0%E5%A4%9A"},
        {"a/b", "a%2Fb"},
        {"a b", "a%20b"},
        {"a?b#c&d=e+f%g", "a%3Fb%23c%26d%3De%2Bf%25g"},
        {"a\r\nHost: evil", "a%0D%0AHost%3A%20evil"},
        {"-._~", "-._~"},
        {"ann@example.com", "ann%40example.com"},
        {std::string_view("\0", 1), "%00"},
        {"\xf0\x9f\x98\x80", "%F0%9F%98%80"},
    };
    request out("", "");
    for (auto const& row : rows)
    {
        out.start("GET", "/u");
        out.segment(row.text);
        BOOST_TEST(target(out.finish()) == "/u/" + std::string(row.encoded));
        out.start("GET", "/u");
        out.query("q", row.text);
        BOOST_TEST(target(out.finish()) == "/u?q=" + std::string(row.encoded));
    }
}

BOOST_AUTO_TEST_CASE(the_first_query_has_a_question_mark_and_the_others_an_ampersand)
{
    request out("", "");
    out.start("GET", "/u");
    out.query("a", "1");
    out.query("b", "");
    out.query("c", "x y");
    BOOST_TEST(target(out.finish()) == "/u?a=1&b=&c=x%20y");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_started_is_counted_without_being_finished)
{
    request out("", "Host: h\r\n");
    out.start("POST", "/p");
    auto json = out.body();
    BOOST_TEST(out.body_size() == 0u);
    json.open_array();
    BOOST_TEST(out.body_size() == 1u);
    json.number(5).close_array();
    BOOST_TEST(out.body_text() == "[5]");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace request_test
