// What is read out of a platform's words.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/platform_text.hpp>

#include <boost/test/unit_test.hpp>

namespace platform_text_test {

using tidings::detail::hide;
using tidings::detail::redact;
using tidings::detail::span_of;
using tidings::detail::words_of;

BOOST_AUTO_TEST_SUITE(platform_text)

BOOST_AUTO_TEST_CASE(a_span_begins_behind_its_mark_and_ends_at_the_first_of_its_ends)
{
    BOOST_TEST(span_of("not allow, from ip: 192.0.2.1, more info at", "from ip: ", " ,") == "192.0.2.1");
    BOOST_TEST(span_of("from ip: 192.0.2.1", "from ip: ", " ,") == "192.0.2.1");
    BOOST_TEST(span_of("ip ip x", "ip ", " ") == "ip");
    BOOST_TEST(span_of("from ip: ", "from ip: ", " ,") == "");
    BOOST_TEST(span_of("nothing of the kind", "from ip: ", " ,") == "");
    BOOST_TEST(span_of("", "x", " ") == "");
}

BOOST_AUTO_TEST_CASE(a_list_has_words_between_its_commas)
{
    auto const check = [](std::string_view list, std::vector<std::string> const& words) {
        BOOST_TEST(words_of(list) == words, boost::test_tools::per_element());
    };
    check("a:b, c:d,e", {"a:b", "c:d", "e"});
    check("a", {"a"});
    check(", ,a,,", {"a"});
    check("", {});
    check(" ,  ", {});
}

BOOST_AUTO_TEST_CASE(a_word_is_hidden_wherever_it_stands_and_stars_may_be_the_word)
{
    auto const told = [](std::string text, std::string_view word) {
        hide(text, word);
        return text;
    };
    BOOST_TEST(told("a:pw and pw", "pw") == "a:*** and ***");
    BOOST_TEST(told("2 * 3 ** 4", "*") == "2 *** 3 ****** 4");
    BOOST_TEST(told("x", "") == "x");
}

BOOST_AUTO_TEST_CASE(what_is_confidential_is_taken_out_wherever_it_stands_and_also_its_beginning_at_the_end)
{
    auto const told = [](std::string text, std::string_view confidential) {
        redact(text, confidential);
        return text;
    };
    BOOST_TEST(told("token t-12345678 is not valid: t-12345678", "t-12345678") == "token *** is not valid: ***");
    BOOST_TEST(told("t-12345678", "t-12345678") == "***");
    BOOST_TEST(told("it was t-12345", "t-12345678") == "it was ***");
    BOOST_TEST(told("it was t-1234567t-123456", "t-12345678") == "it was t-1234567***");
    BOOST_TEST(told("it was t-123", "t-12345678") == "it was t-123");
    BOOST_TEST(told("", "t-12345678") == "");
    BOOST_TEST(told("nothing, really", "") == "nothing, really");
    BOOST_TEST(told("nothing, really", "a") == "nothing, really");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace platform_text_test
