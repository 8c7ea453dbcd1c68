// The first byte of a kind, found many bytes at a time, with each kind of block that there is here.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/byte_scan.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <random>
#include <string>

namespace byte_scan_test {

using namespace tidings::detail;

namespace {

template<class Block>
std::size_t find(std::string const& text)
{
    auto const unusual = [](auto block) {
        return block.below(0x20).without(block.equal('\n')) | block.equal(0x7f) | block.equal(0xc2) |
               block.between('0', '9');
    };
    return static_cast<std::size_t>(find_byte<Block>(text.data(), text.data() + text.size(), unusual) - text.data());
}

bool is_unusual(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f || byte == 0xc2 || (c >= '0' && c <= '9');
}

/// Each answer of a block, as the bits of its bytes.
template<class Block, class Ask>
std::string marked(std::string const& text, Ask const& ask)
{
    std::string out;
    for (std::size_t i = 0; i != Block::size; ++i)
    {
        // Only this byte, and then whether it is the one that is marked first.
        auto others = text;
        for (std::size_t n = 0; n != i; ++n)
            others[n] = 'm';
        out += ask(Block::load(others.data())).first() == i ? '1' : '0';
    }
    return out;
}

template<class Block>
void answers_are_those_of_each_byte()
{
    std::mt19937 random(11);
    for (int round = 0; round != 2000; ++round)
    {
        std::string text(Block::size, 'm');
        for (auto& c : text)
            c = static_cast<char>(random());
        auto const expect = [&](auto const& ask, auto const& is) {
            std::string expected;
            for (char const c : text)
                expected += is(static_cast<unsigned char>(c)) ? '1' : '0';
            BOOST_TEST_REQUIRE(marked<Block>(text, ask) == expected);
        };
        expect([](Block b) { return b.not_ascii(); }, [](unsigned char c) { return c >= 0x80; });
        expect([](Block b) { return b.unprintable(); }, [](unsigned char c) { return c < 0x20 || c > 0x7e; });
        expect([](Block b) { return b.below(0x20) | b.equal(0xff); },
               [](unsigned char c) { return c < 0x20 || c == 0xff; });
        expect([](Block b) { return (~(b.with(0x20).between('a', 'z') | b.between('0', '9'))).without(b.equal(0)); },
               [](unsigned char c) {
                   return c != 0 && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9');
               });
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(bytes_of_a_kind)

BOOST_AUTO_TEST_CASE(each_byte_at_each_place_is_found_where_it_is)
{
    std::mt19937 random(7);
    constexpr std::size_t max_size = 53;
    for (int round = 0; round != 20000; ++round)
    {
        // Mostly bytes at the edges of what is looked for.
        constexpr unsigned char edges[] = {0x00, 0x1f, 0x20, 0x21, 0x2f, 0x30, 0x39, 0x3a, 0x7e,
                                           0x7f, 0x80, 0x81, 0xc1, 0xc2, 0xc3, 0xff, '\n'};
        std::string text(random() % max_size, 'a');
        auto const rare = 1 + random() % 64;
        for (auto& c : text)
            if (random() % rare == 0)
                c = static_cast<char>(edges[random() % std::size(edges)]);
        auto const expected =
            static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_unusual) - text.begin());
        BOOST_TEST_REQUIRE(find<byte_block>(text) == expected);
        BOOST_TEST_REQUIRE(find<word_block>(text) == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_block_answers_of_each_byte_whatever_its_neighbours_are)
{
    answers_are_those_of_each_byte<byte_block>();
    answers_are_those_of_each_byte<word_block>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byte_scan_test
