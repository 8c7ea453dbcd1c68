// What is UTF-8 and what is not.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/utf8.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace utf8_test {

namespace {

using tidings::detail::find_invalid_utf8;
constexpr auto npos = std::string_view::npos;

// The encoding of any number, also of those that must not be encoded.
std::string encoded(unsigned point, unsigned bytes)
{
    if (bytes == 1)
        return std::string(1, static_cast<char>(point));
    std::string out(bytes, ' ');
    for (unsigned i = bytes; i-- > 1; point >>= 6)
        out[i] = static_cast<char>(0x80 | (point & 0x3f));
    constexpr unsigned lead[] = {0, 0, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc};
    out[0] = static_cast<char>(lead[bytes] | point);
    return out;
}

unsigned min_length(unsigned point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

} // namespace

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(every_code_point_is_accepted_and_no_surrogate)
{
    unsigned errors = 0;
    for (unsigned point = 0; point <= 0x110100; ++point)
    {
        bool const valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
        errors += (find_invalid_utf8(encoded(point, min_length(point))) == npos) != valid;
    }
    BOOST_TEST(errors == 0u);
}

BOOST_AUTO_TEST_CASE(no_overlong_form_is_accepted)
{
    unsigned accepted = 0;
    for (unsigned point = 0; point < 0x10000; ++point)
        for (unsigned bytes = min_length(point) + 1; bytes <= 4; ++bytes)
            accepted += find_invalid_utf8(encoded(point, bytes)) != 0;
    BOOST_TEST(accepted == 0u);
    for (unsigned const bytes : {5u, 6u})
        for (unsigned const point : {0u, 'a' + 0u, 0x20acu, 0x1f600u, 0x200000u})
            BOOST_TEST(find_invalid_utf8(encoded(point, bytes)) == 0u);
}

BOOST_AUTO_TEST_CASE(no_single_byte_above_ascii_is_accepted)
{
    for (unsigned byte = 0; byte != 0x100; ++byte)
        BOOST_TEST((find_invalid_utf8(std::string(1, static_cast<char>(byte))) == npos) == (byte < 0x80), byte);
}

BOOST_AUTO_TEST_CASE(the_place_of_the_first_fault_is_told_at_every_offset)
{
    for (std::string const filler : {"a", "\xc3\xa9", "\xe5\x8a\xa0", "\xf0\x9f\x98\x80"})
        for (std::size_t count = 0; count != 40; ++count)
        {
            std::string before;
            for (std::size_t i = 0; i != count; ++i)
                before += filler;
            BOOST_TEST(find_invalid_utf8(before) == npos);
            for (std::string_view const bad :
                 {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe5\x8a", "\xf0\x9f\x98"})
            {
                BOOST_TEST(find_invalid_utf8(before + std::string(bad)) == before.size());
                BOOST_TEST(find_invalid_utf8(before + std::string(bad) + "and ASCII behind it \xff") == before.size());
            }
            // A sound character at that offset, with ASCII on both sides.
            BOOST_TEST(find_invalid_utf8(std::string(count, 'x') + filler + std::string(count, 'y')) == npos);
        }
}

BOOST_AUTO_TEST_CASE(a_character_that_is_cut_at_the_end_is_a_fault)
{
    for (std::string_view const whole : {"\xc3\xa9", "\xe5\x8a\xa0", "\xf0\x9f\x98\x80"})
        for (std::size_t size = 1; size != whole.size(); ++size)
            for (std::size_t before = 0; before != 10; ++before)
                BOOST_TEST(find_invalid_utf8(std::string(before, 'a') + std::string(whole.substr(0, size))) == before);
}

BOOST_AUTO_TEST_CASE(empty_text_and_zero_bytes_are_fine)
{
    BOOST_TEST(find_invalid_utf8("") == npos);
    BOOST_TEST(find_invalid_utf8(std::string_view()) == npos);
    BOOST_TEST(find_invalid_utf8(std::string(20, '\0')) == npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace utf8_test
