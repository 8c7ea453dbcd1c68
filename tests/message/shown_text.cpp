// What of a text is shown.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/message/detail/shown_text.hpp>

#include <tidings/detail/utf8.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/split.hpp>

#include "support/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace shown_text_test {

using tidings::detail::clean_text;
using tidings::detail::headline_of;
using tidings::detail::message_text;
using tidings::detail::one_line;
using tidings::detail::shows_something;

BOOST_AUTO_TEST_SUITE(shown_text)

BOOST_AUTO_TEST_CASE(escape_sequences_of_terminals_are_removed_as_a_whole)
{
    BOOST_TEST(clean_text("\x1b[31mFAILED\x1b[0m") == "FAILED");
    BOOST_TEST(clean_text("a\x1b[1;38;5;196mb\x1b[Kc\x1b[2Jd") == "abcd");
    BOOST_TEST(clean_text("\x1b]8;;https://e.example\x1b\\link\x1b]8;;\x1b\\ x") == "link x");
    BOOST_TEST(clean_text("\x1b]0;title\x07x") == "x");
    BOOST_TEST(clean_text("\x1b]no end\nx") == "no end\nx"); // what has no end is text
    BOOST_TEST(clean_text("\x1b(Bx\x1b=y\x1bMz") == "xyz");
    BOOST_TEST(clean_text("\xc2\x9b"
                          "31mx") == "x"); // U+009B is ESC [
    BOOST_TEST(clean_text("x\x1b") == "x");
    BOOST_TEST(clean_text("x\x1b[") == "x");
    BOOST_TEST(clean_text("x\x1b\ny") == "x\ny");
    BOOST_TEST(clean_text("x\x1b[31\ny") == "x\ny");
}

BOOST_AUTO_TEST_CASE(control_characters_are_removed_and_line_breaks_stay)
{
    BOOST_TEST(clean_text(std::string("a\0b\x01\b\x7f"
                                      "c\xc2\x85"
                                      "d",
                                      11)) == "abcd");
    BOOST_TEST(clean_text("a\tb\nc\r\nd") == "a\tb\nc\r\nd");
    BOOST_TEST(clean_text("10%\r20%\r") == "10%\n20%\n");
    BOOST_TEST(clean_text("\xef\xbb\xbf"
                          "a") == "a");
    BOOST_TEST(clean_text("\xc2\xa0"
                          "é\xf0\x9f\x8e\x89") == "\xc2\xa0"
                                                  "é\xf0\x9f\x8e\x89");
    for (auto const* const no_utf8 : {"\xff\xc2", "a\x01\xff", "\xc2\x01\x85"}) // refused later, with its place
        BOOST_TEST(clean_text(no_utf8) == no_utf8);
}

BOOST_AUTO_TEST_CASE(a_clean_text_stays_as_it_is)
{
    test::hostile_text next(30);
    for (int i = 0; i != 5000; ++i)
    {
        auto const text = next(20);
        BOOST_TEST_REQUIRE(clean_text(text) == text);
        BOOST_TEST_REQUIRE(clean_text("\x1b[1m" + text + "\x1b[0m") == text);
    }
}

BOOST_AUTO_TEST_CASE(no_bytes_are_cleaned_to_control_characters)
{
    test::hostile_text next(31);
    for (int i = 0; i != 20000; ++i)
    {
        std::string bytes;
        for (auto n = next.pick(30); n != 0; --n)
            bytes += static_cast<char>(
                next.pick(2) == 0 ? next.pick(256) : static_cast<unsigned char>("\x1b[]m\xc2\x9b;1"[next.pick(8)]));
        if (tidings::detail::find_invalid_utf8(bytes) != bytes.npos)
            continue;
        auto const clean = clean_text(bytes);
        for (std::size_t at = 0; at != clean.size(); ++at)
            BOOST_TEST_REQUIRE((clean[at] == '\r' || static_cast<unsigned char>(clean[at]) >= ' ' ||
                                clean[at] == '\n' || clean[at] == '\t'));
        BOOST_TEST_REQUIRE(clean.find("\xc2\x9b") == clean.npos);
        BOOST_TEST_REQUIRE(tidings::detail::find_invalid_utf8(clean) == clean.npos);
    }
}

BOOST_AUTO_TEST_CASE(what_shows_nothing_is_told_from_what_does)
{
    for (auto const* const blank :
         {"", " ", "\n\n", "\t\r\n", "\xe2\x80\x8b", "\xe3\x80\x80", "\xc2\xa0", "\xe2\x81\xa0", "\xef\xbb\xbf",
          "\xe2\x80\xae ", "\xe3\x85\xa4", "\xef\xb8\x8f", "\xf3\xa0\x81\xbf", "\xe2\xa0\x80", "\xc2\xad"})
    {
        BOOST_TEST(!shows_something(blank));
        BOOST_TEST(message_text(blank).empty());
    }
    for (auto const* const seen :
         {".", " a", "é", "\xe2\x80\x8b.", "一", "\xf0\x9f\x8e\x89", "\xff", "\xe2\x80", "\xcc\x81"})
        BOOST_TEST(shows_something(seen));
    BOOST_TEST(message_text("\x1b[31m\x1b[0m \x01").empty());
}

BOOST_AUTO_TEST_CASE(several_lines_become_one)
{
    BOOST_TEST(one_line("fix: a\n\nbody line\r\n  x  \n") == "fix: a / body line / x");
    BOOST_TEST(one_line("  a  b\t") == "  a  b ");
    BOOST_TEST(one_line("\n\r\n") == "");
}

BOOST_AUTO_TEST_CASE(a_headline_is_the_first_line_that_shows_something_without_markup_and_addresses)
{
    constexpr std::size_t max_size = 60;
    BOOST_TEST(headline_of("[Build #42](https://ci.example.com/42) **failed** on `main_x`", max_size) ==
               "Build #42 failed on main_x");
    BOOST_TEST(headline_of("- [runbook](https://e.example)\n- x", max_size) == "runbook");
    BOOST_TEST(headline_of("![](https://e.example/a.png)\n---\n\n> # `a_b` *c*", max_size) == "a_b c");
    BOOST_TEST(headline_of("![a plot](https://e.example/a.png)", max_size) == "a plot");
    BOOST_TEST(headline_of("\xe3\x80\x80\n\x1b[31mred\x1b[0m\nx", max_size) == "red");
    BOOST_TEST(headline_of("```sh\nrm -rf *\n```", max_size) == "rm -rf *");
    BOOST_TEST(headline_of("see https://e.example/a__b", max_size) == "see https://e.example/a__b");
    BOOST_TEST(headline_of("构建失败构建失败", 10) == "构建失");
    BOOST_TEST(headline_of("ab\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 10) ==
               "ab"); // one character of eleven bytes
    BOOST_TEST(headline_of("> \n", max_size) == "");
}

BOOST_AUTO_TEST_CASE(no_part_of_a_divided_text_shows_nothing)
{
    std::string text(30, 'a');
    text += "\n";
    for (int i = 0; i != 20; ++i)
        text += "\xe2\x80\x8b";
    text += "\nb";
    for (auto const& piece : tidings::detail::split_text(text, 30, tidings::detail::utf8_cost()))
        BOOST_TEST(shows_something(piece));
    auto const cost = [](std::string_view piece) { return piece.size(); };
    for (auto const& piece : tidings::detail::split_markdown("aaaa\n\n```\n \n```\n\n> \n\nbbbbbbbbbbb", 12, cost))
        BOOST_TEST(shows_something(tidings::detail::plain_markup(piece)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace shown_text_test
