// What is shown of text that somebody else wrote.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/utf8.hpp>
#include <tidings/error.hpp>
#include <tidings/printable_text.hpp>

#include <tidings/detail/failure.hpp>

#include <boost/json.hpp>
#include <boost/locale/utf.hpp>
#include <boost/test/unit_test.hpp>

#include <iterator>
#include <random>
#include <string>
#include <string_view>

namespace printable_text_test {

using tidings::printable_text;

BOOST_AUTO_TEST_SUITE(printable_text_suite)

BOOST_AUTO_TEST_CASE(letters_of_all_languages_and_pictures_stay_as_they_are)
{
    for (std::string_view const text :
         {"", "plain ASCII: ~!@#$%^&*()", "中文，日本語。", "Ünïcödé", "العربية", "👍❤️", "\xf4\x8f\xbf\xbd"})
        BOOST_TEST(printable_text(text) == text);
}

BOOST_AUTO_TEST_CASE(what_a_terminal_obeys_or_does_not_show_becomes_a_blank)
{
    BOOST_TEST(printable_text(std::string_view("a\0b\x1b[2Jc\r\nd\te\x7f", 13)) == "a b [2Jc  d e");
    BOOST_TEST(printable_text("\xc2\x80|\xc2\x9b"
                              "31m|\xc2\x9f|\xc2\xa0|") == " | 31m| |\xc2\xa0|");
    // U+200B to U+200F, U+061C, U+2028, U+2029, U+202A, U+202E, U+2060, U+2066, U+2069, U+FEFF, U+00AD
    for (std::string_view const mark :
         {"\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xd8\x9c", "\xe2\x80\xa8",
          "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa6", "\xe2\x81\xa9",
          "\xef\xbb\xbf", "\xc2\xad", "\xf3\xa0\x81\x81"})
        BOOST_TEST(printable_text("a" + std::string(mark) + "b") == "a b");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_become_the_replacement_character)
{
    constexpr std::string_view r = "\xef\xbf\xbd";
    auto const with = [r](std::string_view before, std::size_t n, std::string_view after) {
        std::string out(before);
        for (; n != 0; --n)
            out += r;
        return out += after;
    };
    BOOST_TEST(printable_text("x\x9b"
                              "2J\x9d"
                              "0") == "x" + std::string(r) + "2J" + std::string(r) + "0"); // raw C1
    BOOST_TEST(printable_text("a\xff\xfe"
                              "b") == with("a", 2, "b"));
    BOOST_TEST(printable_text("a\xe4\xb8") == with("a", 2, ""));       // cut
    BOOST_TEST(printable_text("a\xe4\xb8z") == with("a", 2, "z"));     // cut, and it goes on
    BOOST_TEST(printable_text("\xc0\xaf") == with("", 2, ""));         // "/" in two bytes
    BOOST_TEST(printable_text("\xed\xa0\x80") == with("", 3, ""));     // a surrogate
    BOOST_TEST(printable_text("\xf4\x90\x80\x80") == with("", 4, "")); // beyond the last character
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_between_two_characters)
{
    BOOST_TEST(printable_text("abcdef", 6) == "abcdef");
    BOOST_TEST(printable_text("abcdef", 5) == "abcde...");
    BOOST_TEST(printable_text("a中文", 4) == "a中...");
    BOOST_TEST(printable_text("a中文", 5) == "a中...");
    BOOST_TEST(printable_text("a中文", 3) == "a...");
    BOOST_TEST(printable_text("中", 1) == "...");
}

BOOST_AUTO_TEST_CASE(any_bytes_become_valid_utf8_without_control_characters)
{
    std::minstd_rand chance(1);
    for (int n = 0; n != 20'000; ++n)
    {
        std::string text(chance() % 24, '\0');
        for (auto& c : text)
            c = static_cast<char>(chance() % 3 ? 0x80 + chance() % 0x80 : chance() % 0x100);
        auto const shown = printable_text(text, chance() % 2 ? 12 : 600);
        BOOST_REQUIRE(tidings::detail::find_invalid_utf8(shown) == std::string::npos);
        bool obeyed = false;
        for (std::size_t i = 0; i != shown.size(); ++i)
        {
            auto const c = static_cast<unsigned char>(shown[i]);
            obeyed = obeyed || c < 0x20 || c == 0x7f || (c == 0xc2 && static_cast<unsigned char>(shown[i + 1]) < 0xa0);
        }
        BOOST_REQUIRE(!obeyed);
        BOOST_REQUIRE(printable_text(shown) == shown);
    }
}

BOOST_AUTO_TEST_CASE(json_keeps_its_values_and_loses_what_a_terminal_obeys)
{
    using tidings::printable_json;
    for (std::string_view const same : {"", "{}", R"({"a":"\"\\\u202e\n","b":[1,-2.5e3,true,null]})", "\"中文 👍\""})
        BOOST_TEST(printable_json(same) == same);
    BOOST_TEST(printable_json("{\n\t\"a\":\r\n\"\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\"}") ==
               R"({  "a":  "\u007f\u009b\u202e\udb40\udc41"})");
    BOOST_TEST(printable_json("\"\x9b\xff\xe4\xb8\"") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    // Any text, serialized by a library that escapes only what JSON asks for, reads back as it was.
    std::minstd_rand chance(1);
    for (int n = 0; n != 5'000; ++n)
    {
        boost::json::string text;
        for (auto left = chance() % 8; left != 0; --left)
        {
            auto const code = static_cast<boost::locale::utf::code_point>(chance() % (chance() % 2 ? 0x300 : 0x110000));
            std::string encoded;
            if (boost::locale::utf::is_valid_codepoint(code))
                boost::locale::utf::utf_traits<char>::encode(code, std::back_inserter(encoded));
            text.append(encoded.begin(), encoded.end());
        }
        boost::json::value const value{text};
        auto const shown = printable_json(boost::json::serialize(value));
        BOOST_REQUIRE(boost::json::parse(shown) == value);
        BOOST_REQUIRE(printable_text(shown) == shown);
    }
}

BOOST_AUTO_TEST_CASE(messages_and_remedies_have_foreign_facts_in_printable_form)
{
    auto facts = tidings::detail::new_facts();
    facts->platform_code = "1\x9b";
    facts->platform_message = "no\x9b"
                              "31m\xe2\x80\x8f";
    facts->log_id = "\x9d"
                    "0;t\x9c";
    facts->detail = "proxy\x9b";
    facts->refused_ip = "192.0.2.1\x9b";
    tidings::failure const why(tidings::errc::ip_not_allowed, std::move(facts));
    for (auto const& text : {why.message(), why.remedy(), why.remedy(tidings::language::chinese)})
        BOOST_TEST(tidings::detail::find_invalid_utf8(text) == std::string::npos);
    BOOST_TEST(why.message().find("no\xef\xbf\xbd"
                                  "31m \"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace printable_text_test
