// The search for characters that need an escape, byte by byte and many at a time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/json_text.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <random>
#include <string>

namespace json_text_test {

namespace {

using tidings::detail::find_special;
using tidings::detail::is_special;

std::size_t slowly(std::string const& text)
{
    std::size_t at = 0;
    while (at != text.size() && !is_special(text[at]))
        ++at;
    return at;
}

std::size_t quickly(std::string const& text)
{
    auto const* const begin = text.data();
    return static_cast<std::size_t>(find_special(begin, begin + text.size()) - begin);
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(quotes_backslashes_and_control_characters_are_special_and_nothing_else_is)
{
    for (int c = 0; c != 256; ++c)
        BOOST_TEST(is_special(static_cast<char>(c)) == (c < 0x20 || c == '"' || c == '\\'), c);
}

BOOST_AUTO_TEST_CASE(every_byte_is_judged_the_same_at_every_place_beside_every_neighbour)
{
    unsigned errors = 0;
    for (int c = 0; c != 256; ++c)
        for (std::size_t at = 0; at != 40; ++at)
            for (char const filler : {'a', ' ', '!', '#', '[', ']', '\x7f', '\x80', '\xa2', '\xdc', '\xff'})
            {
                std::string text(40, filler);
                text[at] = static_cast<char>(c);
                errors += quickly(text) != slowly(text);
            }
    BOOST_TEST(errors == 0u);
}

BOOST_AUTO_TEST_CASE(random_text_is_searched_the_same_both_ways)
{
    std::mt19937 dice(7); // the same every time
    std::uniform_int_distribution<int> byte(0, 255);
    unsigned errors = 0;
    for (int round = 0; round != 20'000; ++round)
    {
        std::string text(static_cast<std::size_t>(round % 67), ' ');
        for (auto& c : text)
            c = static_cast<char>(byte(dice) | (byte(dice) % 8 != 0 ? 0x40 : 0));
        errors += quickly(text) != slowly(text);
    }
    BOOST_TEST(errors == 0u);
    BOOST_TEST(quickly("") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace json_text_test
