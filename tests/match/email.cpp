// Which email addresses are accepted.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/match/email.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace email_test {

namespace {

using tidings::errc;
using tidings::match::email;

} // namespace

BOOST_AUTO_TEST_SUITE(match_email)

BOOST_AUTO_TEST_CASE(an_address_is_kept_as_it_was_written)
{
    BOOST_TEST(email("Ann@Example.com").view() == "Ann@Example.com");
    BOOST_TEST(email(std::string("a@b")).view() == "a@b");
    BOOST_TEST(email(std::string_view("a@bcd", 3)).view() == "a@b");
    BOOST_TEST(email::name == "email");
    email const long_one(std::string(200, 'a') + "@b"); // longer than what is kept inline
    auto const copy = long_one;
    BOOST_TEST(copy.view() == std::string(200, 'a') + "@b");
}

BOOST_AUTO_TEST_CASE(addresses_with_one_at_sign_between_two_parts_are_accepted)
{
    for (std::string const& good : {std::string("a@b"), std::string("ann.o'neil+tag@sub.example.com"),
                                    std::string("\xe5\xa4\x9a@\xe4\xbe\x8b.cn"), std::string("\"quoted\"@example.com"),
                                    std::string(252, 'a') + "@b"})
        BOOST_TEST(email(good).check().has_value(), good);
}

BOOST_AUTO_TEST_CASE(characters_that_are_not_shown_are_no_part_of_an_address_at_its_ends)
{
    for (std::string_view const written : {"a@b.cn\xe2\x80\x8b",
                                           "\xef\xbb\xbf"
                                           "a@b.cn",
                                           "\xe2\x80\xad\xe2\x80\x8e"
                                           "a@b.cn\xe2\x80\xac\xe2\x81\xa9"})
    {
        BOOST_TEST(email(written).view() == "a@b.cn");
        BOOST_TEST(email(written).check().has_value());
    }
    BOOST_TEST(email("\xe5\xa4\x9a@\xe4\xbe\x8b").view() == "\xe5\xa4\x9a@\xe4\xbe\x8b");
    BOOST_TEST(email("a@b\x80\x8b").view() == "a@b\x80\x8b");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_refused_without_being_repeated)
{
    struct
    {
        std::string address;
        std::string_view reason;
    } const rows[] = {
        {"", "the email is empty"},
        {"private", "is not of the form name@domain"},
        {"@private", "is not of the form name@domain"},
        {"private@", "is not of the form name@domain"},
        {"@", "is not of the form name@domain"},
        {"private@a@b", "is not of the form name@domain"},
        {"private@@b", "is not of the form name@domain"},
        {"private one@b", "contains a blank"},
        {" private@b", "contains a blank"},
        {"private@b ", "contains a blank"},
        {"private@b\n", "contains a control character"},
        {"private\t@b", "contains a control character"},
        {"private@b\x7f", "contains a control character"},
        {std::string("private@b\0", 10), "contains a control character"},
        {"private@b\xff", "is not valid UTF-8"},
        {std::string(253, 'a') + "@b", "is longer than 254 bytes"},
        {"private\xe2\x80\x8b@b", "contains U+200B, which is not shown, at byte 7"},
        {"\xe2\x80\x8eprivate\xe2\x80\x8b@b", "contains U+200B, which is not shown, at byte 10"},
        {"private@b\xef\xb8\x8f.cn", "contains U+FE0F, which is not shown, at byte 9"},
        {"private\xf3\xa0\x81\x81@b", "contains U+E0041, which is not shown, at byte 7"},
        {"private\xc2\xa0@b", "contains U+00A0, which looks like a blank, at byte 7"},
        {"private@b\xe3\x80\x80", "contains U+3000, which looks like a blank, at byte 9"},
        {"private\xef\xbc\xa0@b", "contains U+FF20, which looks like '@', at byte 7"},
        {"private@b\xe3\x80\x82"
         "cn",
         "contains U+3002, which looks like '.', at byte 9"},
        {"\xe2\x80\x8b", "the email is empty"},
    };
    for (auto const& row : rows)
    {
        auto const checked = email(row.address).check();
        BOOST_REQUIRE(checked.has_error());
        BOOST_TEST((checked.error() == errc::invalid_recipient));
        auto const message = checked.error().message();
        BOOST_TEST(message.find(row.reason) != message.npos, message);
        BOOST_TEST(message.find("private") == message.npos, message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace email_test
