// What is read out of a platform's words.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/platform_text.hpp>

#include <boost/test/unit_test.hpp>

namespace platform_text_test {

using tidings::detail::hide;
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
    auto const cleaned = [](std::string text, std::string_view word) {
        hide(text, word);
        return text;
    };
    BOOST_TEST(cleaned("a:pw and pw", "pw") == "a:*** and ***");
    BOOST_TEST(cleaned("2 * 3 ** 4", "*") == "2 *** 3 ****** 4");
    BOOST_TEST(cleaned("x", "") == "x");
}

BOOST_AUTO_TEST_CASE(an_ip_address_is_one_and_a_link_has_nothing_hidden_in_it)
{
    using tidings::detail::ip_address_in;
    using tidings::detail::link_of;
    for (std::string_view const address : {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"})
        BOOST_TEST(ip_address_in(address) == address);
    for (std::string_view const other : {"", "***", "denied", "192.0.2.1;", "t-g1044", "1234", "dead"})
        BOOST_TEST(ip_address_in(other) == "", other);
    BOOST_TEST(link_of("https://a.example/x?y=1") == "https://a.example/x?y=1");
    for (std::string_view const other : {"http://a.example", "https://a.example/***", "https://a.example/ x"})
        BOOST_TEST(link_of(other) == "", other);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace platform_text_test
