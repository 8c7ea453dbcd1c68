// The checks that all addresses share, and the strings that hold them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/address.hpp>

#include <tidings/detail/inline_string.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace address_test {

namespace {

using tidings::detail::check_address;
using tidings::detail::inline_string;

} // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(the_limit_is_the_longest_that_is_accepted)
{
    BOOST_TEST(check_address("12345", "word", 5).has_value());
    auto const over = check_address("123456", "word", 5);
    BOOST_REQUIRE(over.has_error());
    BOOST_TEST(over.error().message() == "the address of the recipient is not valid: the word is longer than 5 bytes");
    BOOST_TEST(check_address("", "word", 5).error().message() ==
               "the address of the recipient is not valid: the word is empty");
}

BOOST_AUTO_TEST_CASE(every_control_character_is_refused_and_nothing_else)
{
    for (int c = 0; c != 0x80; ++c)
    {
        std::string const text = {'a', static_cast<char>(c), 'b'};
        BOOST_TEST(check_address(text, "word", 5).has_value() == (c >= 0x20 && c != 0x7f), c);
        BOOST_TEST(tidings::detail::is_control(static_cast<char>(c)) == (c < 0x20 || c == 0x7f), c);
    }
    BOOST_TEST(!tidings::detail::is_control('\x80'));
    BOOST_TEST(check_address("\xc3\xa9", "word", 5).has_value());
    BOOST_TEST(check_address("a\xc3", "word", 5).error().message() ==
               "the address of the recipient is not valid: the word is not valid UTF-8");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(inline_strings)

BOOST_AUTO_TEST_CASE(text_of_any_length_is_kept_copied_and_moved)
{
    for (std::size_t const size : {0u, 1u, 63u, 64u, 65u, 1000u})
    {
        std::string const text(size, 't');
        inline_string const a(text);
        BOOST_TEST(a.view() == text);
        BOOST_TEST(a.empty() == (size == 0));
        inline_string b = a;
        BOOST_TEST(b.view() == text);
        inline_string const c = std::move(b);
        BOOST_TEST(c.view() == text);
        inline_string d;
        d = c;
        BOOST_TEST(std::string_view(d) == text);
        d.assign("x");
        BOOST_TEST(d.view() == "x");
        d.assign(text);
        BOOST_TEST(d.view() == text);
        d.assign({});
        BOOST_TEST(d.empty());
    }
    BOOST_TEST(inline_string().empty());
    BOOST_TEST(inline_string(std::string_view("a\0b", 3)).view().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_copy_stays_when_the_original_goes)
{
    inline_string copy;
    {
        inline_string const original("0123456789");
        copy = original;
        BOOST_TEST(static_cast<void const*>(copy.view().data()) != static_cast<void const*>(original.view().data()));
    }
    BOOST_TEST(copy.view() == "0123456789");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace address_test
