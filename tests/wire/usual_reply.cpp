// Which replies are read in one pass.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/detail/usual_reply.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace usual_reply_test {

namespace {

using tidings::transport::detail::usual_reply;

constexpr std::size_t max_head = 8192;

bool is_usual(std::string_view head, std::string_view body = "{}")
{
    return usual_reply::parse(std::string(head) + std::string(body), max_head).has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(usual_replies)

BOOST_AUTO_TEST_CASE(the_heads_that_the_platforms_send_are_usual)
{
    // Lark and Feishu.
    BOOST_TEST(is_usual("HTTP/1.1 200 OK\r\nServer: Tengine\r\nContent-Type: application/json; charset=utf-8\r\n"
                        "Content-Length: 2\r\nConnection: keep-alive\r\nDate: Mon, 01 Jun 2026 08:30:15 GMT\r\n"
                        "Request-Id: 7f1d5a52-21a1-4b55-8e42-0a8d4b5a9f10\r\nTt_stable: 1\r\n"
                        "X-Tt-Logid: 202606010830159778D691D6E05516DE2D\r\n"
                        "X-Tt-Trace-Tag: id=03;cdn-cache=miss;type=dyn\r\n"
                        "Set-Cookie: passport_web_did=1; Path=/; Max-Age=31536000; HttpOnly; Secure\r\n\r\n"));
    // DingTalk's new host.
    BOOST_TEST(is_usual("HTTP/1.1 200 OK\r\nServer: DingTalk/1.0.0\r\nContent-Type: application/json\r\n"
                        "Content-Length: 2\r\nx-acs-request-id: 0F1B2C3D-0000-0000-0000-000000000000\r\n"
                        "x-acs-trace-id: 9a8b7c6d5e4f3a2b\r\n\r\n"));
    // WeCom.
    BOOST_TEST(
        is_usual("HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Fri, 28 Jun 2024 02:10:08 GMT\r\n"
                 "Content-Type: application/json; charset=UTF-8\r\nContent-Length: 2\r\n"
                 "Connection: keep-alive\r\nError-Code: 40001\r\n"
                 "Error-Msg: invalid credential, hint: [1686402237354962763423746], from ip: 1.2.3.4, more info at "
                 "https://open.work.weixin.qq.com/devtool/query?e=40001\r\nX-W-No: 4\r\n\r\n"));
    BOOST_TEST(is_usual("HTTP/1.1 429 Too Many Requests\r\nx-ogw-ratelimit-reset: 1\r\ncontent-length:2\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(status_head_and_body_are_those_of_the_reply)
{
    auto const reply = usual_reply::parse("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", max_head);
    BOOST_TEST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->status == 404u);
    BOOST_TEST(reply->head == 45u);
    BOOST_TEST(reply->body == 4u);
}

BOOST_AUTO_TEST_CASE(bytes_behind_a_reply_are_none_of_it)
{
    for (auto const* const behind : {"\n", "HTTP/1.1 200 OK\r\n"})
    {
        auto const bytes = std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone") + behind;
        auto const reply = usual_reply::parse(bytes, max_head);
        BOOST_TEST_REQUIRE(reply.has_value());
        BOOST_TEST(reply->head == 45u);
        BOOST_TEST(reply->body == 4u);
    }
}

BOOST_AUTO_TEST_CASE(everything_else_is_left_to_the_parser)
{
    constexpr std::string_view unusual[] = {
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", // a byte is missing
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-LENGTH: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 00000002\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: identity\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nProxy-Connection: keep-alive\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: \t\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: \xc3\xa9\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"};
    for (auto const head : unusual)
        BOOST_TEST(!is_usual(head), head);
    BOOST_TEST(!is_usual("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: " + std::string(max_head, 'x') + "\r\n\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usual_reply_test
