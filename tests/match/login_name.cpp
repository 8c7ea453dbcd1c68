// Which login names are accepted.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/match/login_name.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace login_name_test {

namespace {

using tidings::errc;
using tidings::match::login_name;

} // namespace

BOOST_AUTO_TEST_SUITE(match_login_name)

BOOST_AUTO_TEST_CASE(a_name_is_free_text_of_1_to_64_bytes)
{
    for (std::string const& good : {std::string("7be5fg9a"), std::string("a"), std::string("ann o'neil/2"),
                                    std::string("\xe5\x8a\xa0\xe5\xa4\x9a"), std::string(64, 'x')})
    {
        BOOST_TEST(login_name(good).check().has_value(), good);
        BOOST_TEST(login_name(good).view() == good);
    }
    BOOST_TEST(login_name("7be5fg9a").view() == "7be5fg9a");
    BOOST_TEST(login_name(std::string_view("abc", 2)).view() == "ab");
    BOOST_TEST(login_name::name == "login_name");
}

BOOST_AUTO_TEST_CASE(characters_that_are_not_shown_are_no_part_of_a_name_at_its_ends)
{
    BOOST_TEST(login_name("\xe2\x80\x8e"
                          "ada\xe2\x80\x8b")
                   .view() == "ada");
    BOOST_TEST(login_name("\xe2\x80\x8e"
                          "ada\xe2\x80\x8b")
                   .check()
                   .has_value());
    BOOST_TEST(login_name("\xe2\x80\x8b\xe5\xa4\x9a\xe2\x80\x8b").view() == "\xe5\xa4\x9a");
}

BOOST_AUTO_TEST_CASE(what_is_no_name_is_refused_without_being_repeated)
{
    struct
    {
        std::string text;
        std::string_view reason;
    } const rows[] = {
        {"", "the login name is empty"},
        {std::string(65, 'x'), "is longer than 64 bytes"},
        {"private\tname", "contains a control character"},
        {"private\n", "contains a control character"},
        {std::string("private\0", 8), "contains a control character"},
        {"private\x80", "is not valid UTF-8"},
        {"private\xe2\x80\xae"
         "x",
         "contains U+202E, which is not shown, at byte 7"},
        {"private\xe3\x80\x80name", "contains U+3000, which looks like a blank, at byte 7"},
        {"private\xef\xbc\x91", "contains U+FF11, which looks like '1', at byte 7"},
        {"\xe2\x80\x8b\xc2\xad", "the login name is empty"},
    };
    for (auto const& row : rows)
    {
        auto const checked = login_name(row.text).check();
        BOOST_REQUIRE(checked.has_error());
        BOOST_TEST((checked.error() == errc::invalid_recipient));
        auto const message = checked.error().message();
        BOOST_TEST(message.find(row.reason) != message.npos, message);
        BOOST_TEST(message.find("private") == message.npos, message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace login_name_test
