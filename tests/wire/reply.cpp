// Headers of a reply.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/reply.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace reply_test {

namespace {

using tidings::wire::reply;

} // namespace

BOOST_AUTO_TEST_SUITE(reply_)

BOOST_AUTO_TEST_CASE(status_and_body_are_those_given)
{
    reply const in(429, "", "{}");
    BOOST_TEST(in.status() == 429u);
    BOOST_TEST(in.body() == "{}");
    BOOST_TEST(in.header("Anything").empty());
}

BOOST_AUTO_TEST_CASE(a_header_is_found_whatever_the_letter_case_of_its_name)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nx-tt-logid: 2024A\r\nX-Request-Id: r1\r\n\r\n", "");
    for (std::string_view const name : {"X-Tt-Logid", "x-tt-logid", "X-TT-LOGID"})
        BOOST_TEST(in.header(name) == "2024A");
    BOOST_TEST(in.header("x-request-id") == "r1");
}

BOOST_AUTO_TEST_CASE(the_letter_case_of_a_value_is_kept)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nA: MiXed\r\n\r\n", "");
    BOOST_TEST(in.header("a") == "MiXed");
}

BOOST_AUTO_TEST_CASE(blanks_around_a_value_are_dropped_and_those_inside_kept)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nA:x\r\nB: \t y z\t \r\nC:\r\nD: \r\n\r\n", "");
    BOOST_TEST(in.header("A") == "x");
    BOOST_TEST(in.header("B") == "y z");
    BOOST_TEST(in.header("C").empty());
    BOOST_TEST(in.header("D").empty());
}

BOOST_AUTO_TEST_CASE(a_name_has_to_match_as_a_whole)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nX-Request-Id: r\r\n\r\n", "");
    BOOST_TEST(in.header("Request-Id").empty());
    BOOST_TEST(in.header("X-Request").empty());
    BOOST_TEST(in.header("").empty());
    BOOST_TEST(in.header("X-Request-Id2").empty());
}

BOOST_AUTO_TEST_CASE(the_first_of_several_headers_counts)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nA: first\r\na: second\r\n\r\n", "");
    BOOST_TEST(in.header("A") == "first");
}

BOOST_AUTO_TEST_CASE(a_value_may_have_colons)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nLocation: https://h:1/x\r\n\r\n", "");
    BOOST_TEST(in.header("location") == "https://h:1/x");
}

BOOST_AUTO_TEST_CASE(a_head_without_its_end_is_searched_all_the_same)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nA: x", "");
    BOOST_TEST(in.header("A") == "x");
    BOOST_TEST(in.header("B").empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_looks_like_a_header_is_none)
{
    reply const in(200, "HTTP/1.1 200 OK\r\nA: x\r\n\r\n", "B: y\r\n");
    BOOST_TEST(in.header("B").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace reply_test
