// Letters and digits, whatever the locale.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/ascii.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

#include <string_view>

namespace ascii_test {

namespace d = tidings::detail;

BOOST_AUTO_TEST_SUITE(ascii)

BOOST_AUTO_TEST_CASE(each_of_256_characters_is_a_digit_a_letter_or_neither)
{
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view large = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int i = 0; i != 256; ++i)
    {
        auto const c = static_cast<char>(i);
        bool const digit = digits.find(c) != digits.npos;
        bool const letter = small.find(c) != small.npos || large.find(c) != large.npos;
        BOOST_TEST(d::is_digit(c) == digit, i);
        BOOST_TEST(d::is_letter(c) == letter, i);
        BOOST_TEST(d::is_alphanumeric(c) == (digit || letter), i);
        auto const at = large.find(c);
        BOOST_TEST(d::to_lower(c) == (at == large.npos ? c : small[at]), i);
    }
}

BOOST_AUTO_TEST_CASE(only_letters_are_equal_in_another_case)
{
    BOOST_TEST(d::to_lower(std::string_view("Ada-LOVELACE_1 Ä")) == "ada-lovelace_1 Ä");
    BOOST_TEST(d::equal_ignoring_case("Content-TYPE", "content-type"));
    BOOST_TEST(!d::equal_ignoring_case("a", "ab"));
    BOOST_TEST(!d::equal_ignoring_case("[", "{")); // they differ by the same bit as letters do
}

/// Texts of several lengths with each character in each place. Calls `check(text, place, character)`.
template<class Check>
void for_each_character_anywhere(Check const& check)
{
    for (std::size_t const size : {1u, 5u, 8u, 13u, 16u, 40u})
        for (std::size_t at = 0; at != size; ++at)
            for (int c = 0; c != 256; ++c)
            {
                std::string text(size, 'a');
                text[at] = static_cast<char>(c);
                check(text, at, c);
            }
}

BOOST_AUTO_TEST_CASE(texts_that_differ_only_in_letter_case_have_the_same_hash_and_no_others)
{
    for_each_character_anywhere([](std::string const& text, std::size_t at, int c) {
        std::string other = text;
        other[at] = static_cast<char>(c ^ 0x20);
        bool const same_hash = d::hash_ignoring_case(text) == d::hash_ignoring_case(other);
        BOOST_TEST_REQUIRE(same_hash == d::equal_ignoring_case(text, other));
    });
    BOOST_TEST(d::hash_ignoring_case("") != d::hash_ignoring_case(std::string_view("\0", 1)));
    BOOST_TEST(d::hash_ignoring_case("12345678") != d::hash_ignoring_case(std::string_view("12345678\0", 9)));
}

BOOST_AUTO_TEST_CASE(a_text_may_have_the_marks_that_are_given)
{
    BOOST_TEST(d::is_alphanumeric("oc_1-A", "_-"));
    BOOST_TEST(!d::is_alphanumeric("oc_1-A", "_"));
    BOOST_TEST(d::is_alphanumeric(""));
    BOOST_TEST(!d::is_alphanumeric("a b"));
}

BOOST_AUTO_TEST_CASE(a_blank_is_printable_and_not_graphic_and_no_other_character_is_one_without_the_other)
{
    for_each_character_anywhere([](std::string const& text, std::size_t, int c) {
        bool const graphic = c > ' ' && c <= '~';
        BOOST_TEST_REQUIRE(tidings::detail::is_graphic(text) == graphic);
        BOOST_TEST_REQUIRE(tidings::detail::is_printable(text) == (graphic || c == ' '));
    });
    BOOST_TEST(tidings::detail::is_graphic(""));
    BOOST_TEST(tidings::detail::is_printable(""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ascii_test
