// Which phone numbers are accepted, and in which form they are kept.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/match/phone_number.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace phone_number_test {

namespace {

using tidings::errc;
using tidings::match::phone_number;

} // namespace

BOOST_AUTO_TEST_SUITE(match_phone_number)

BOOST_AUTO_TEST_CASE(separators_are_dropped)
{
    for (std::string_view const written : {"+6591234567", "+65 9123 4567", "+65-9123-4567", "+65.9123.4567",
                                           "+65 (9123) 4567", " +6591234567 ", "(+65) 91234567"})
    {
        phone_number const number(written);
        BOOST_TEST(number.view() == "+6591234567", written);
        BOOST_TEST(number.check().has_value(), written);
    }
    BOOST_TEST(phone_number(std::string("+86 130 1111 1111")).view() == "+8613011111111");
    BOOST_TEST(phone_number("+86 130 1111 1111").check().has_value());
    BOOST_TEST(phone_number::name == "phone_number");
}

BOOST_AUTO_TEST_CASE(what_a_phone_shows_as_the_same_number_is_the_same_number)
{
    for (std::string_view const written : {
             "\xe2\x80\xad+6591234567\xe2\x80\xac", // U+202D, U+202C: as contact lists write it
             "\xe2\x80\x8e+65\xe2\x80\x8b"
             "91234567\xef\xbb\xbf", // U+200E, U+200B, U+FEFF
             "\xef\xbc\x8b"
             "6591234567", // U+FF0B
             "+\xef\xbc\x96\xef\xbc\x95"
             "91234567", // U+FF16, U+FF15
             "+65\xc2\xa0"
             "9123\xe3\x80\x80"
             "4567", // U+00A0, U+3000
             "+65\xe2\x80\x91"
             "9123\xef\xbc\x8d"
             "4567", // U+2011, U+FF0D
             "\xef\xbc\x88+65\xef\xbc\x89"
             "91234567", // U+FF08, U+FF09
             "006591234567",
             "00 65 9123 4567",
             "(00)6591234567",
         })
    {
        phone_number const number(written);
        BOOST_TEST(number.view() == "+6591234567");
        BOOST_TEST(number.check().has_value(), number.view());
    }
}

BOOST_AUTO_TEST_CASE(a_number_has_8_to_15_digits)
{
    BOOST_TEST(phone_number("+12345678").check().has_value());
    BOOST_TEST(phone_number("+123456789012345").check().has_value());
    BOOST_TEST(phone_number("+1234567").check().has_error());
    BOOST_TEST(phone_number("+1234567890123456").check().has_error());
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_refused_without_being_repeated)
{
    struct
    {
        std::string text;
        std::string_view reason;
    } const rows[] = {
        {"", "the phone number is empty"},
        {" -.()", "the phone number is empty"},
        {"99887766", "has no country code"},
        {"065 99887766", "has no country code"},
        {"000 65 99887766", "is not an international number"},
        {"+0065 99887766", "is not an international number"},
        {"tel:+6599887766", "has no country code"},
        {"+", "is not an international number"},
        {"+099887766", "is not an international number"},
        {"+9988", "is not an international number"},
        {"++6599887766", "contains something other than digits"},
        {"+65 9988 7766 ext 1", "contains something other than digits"},
        {"+65\t99887766", "contains something other than digits"},
        {"+65/99887766", "contains something other than digits"},
        {"+65 9988 7766 #1", "contains something other than digits: '#'"},
        {"+65\t99887766", "contains something other than digits: U+0009"},
        {"+65\xd9\xa1"
         "99887766",
         "contains something other than digits: U+0661"},
        {"+65\xff"
         "99887766",
         "contains something other than digits: a byte that is not UTF-8"},
        {"+65\xc2", "contains something other than digits: a byte that is not UTF-8"},
        {std::string("+6599887766\0", 12), "contains something other than digits"},
    };
    for (auto const& row : rows)
    {
        auto const checked = phone_number(row.text).check();
        BOOST_REQUIRE(checked.has_error());
        BOOST_TEST((checked.error() == errc::invalid_recipient));
        auto const message = checked.error().message();
        BOOST_TEST(message.find(row.reason) != message.npos, message);
        BOOST_TEST(message.find("9988") == message.npos, message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace phone_number_test
