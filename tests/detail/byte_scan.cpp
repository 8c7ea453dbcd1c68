// The first byte of a kind, found eight bytes at a time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/byte_scan.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>

namespace byte_scan_test {

using namespace tidings::detail;

BOOST_AUTO_TEST_SUITE(bytes_of_a_kind)

BOOST_AUTO_TEST_CASE(each_byte_at_each_place_is_found_where_it_is)
{
    auto const marks = [](std::uint64_t word) {
        return marks_below(word, 0x20) | marks_of(word, 0x7f) | marks_of(word, 0xc2);
    };
    auto const is = [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n') || byte == 0x7f || byte == 0xc2;
    };
    std::mt19937 random(7);
    constexpr std::size_t max_size = 27;
    for (int round = 0; round != 20000; ++round)
    {
        // Mostly bytes at the edges of what is looked for.
        constexpr unsigned char edges[] = {0x00, 0x1f, 0x20, 0x21, 0x7e, 0x7f, 0x80,
                                           0x81, 0xc1, 0xc2, 0xc3, 0xff, '\n'};
        std::string text(random() % max_size, 'a');
        for (auto& c : text)
            if (random() % 4 == 0)
                c = static_cast<char>(edges[random() % std::size(edges)]);
        auto const expected = std::find_if(text.begin(), text.end(), is) - text.begin();
        auto const found = find_byte(text.data(), text.data() + text.size(), marks, is) - text.data();
        BOOST_TEST_REQUIRE(found == expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byte_scan_test
