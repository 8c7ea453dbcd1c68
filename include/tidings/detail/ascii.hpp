// The characters of ASCII: independent of the locale, unlike <cctype>.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ASCII_HPP
#define TIDINGS_DETAIL_ASCII_HPP

#include <tidings/detail/byte_scan.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_alphanumeric(char c) noexcept
{
    return is_letter(c) || is_digit(c);
}

constexpr char to_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Eight characters in lower case.
constexpr std::uint64_t eight_to_lower(std::uint64_t characters) noexcept
{
    constexpr std::uint64_t each = 0x0101010101010101;
    auto const low_bits = characters & (each * 0x7f);
    // Nothing is carried from one character to the next.
    auto const from_a = low_bits + each * (0x80 - 'A');
    auto const beyond_z = low_bits + each * (0x7f - 'Z');
    auto const is_upper = ~characters & (from_a ^ beyond_z) & (each * 0x80);
    return characters | (is_upper >> 2);
}

/// The same for texts that differ only in letter case. It depends on the order of bytes of the machine.
inline std::uint64_t hash_ignoring_case(std::string_view text) noexcept
{
    constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;
    std::uint64_t out = text.size();
    auto const add = [&out](std::uint64_t characters) {
        out = (out ^ eight_to_lower(characters)) * factor;
        out ^= out >> 32; // the lower bits of a product do not depend on the higher ones of its factors
    };
    std::uint64_t characters = 0;
    for (; text.size() >= sizeof characters; text.remove_prefix(sizeof characters))
    {
        std::memcpy(&characters, text.data(), sizeof characters);
        add(characters);
    }
    characters = 0;
    if (!text.empty())
        std::memcpy(&characters, text.data(), text.size());
    add(characters);
    return out;
}

inline std::string to_lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        c = to_lower(c);
    return out;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// Whether a text consists of letters, digits and these marks only. True of an empty one.
constexpr bool is_alphanumeric(std::string_view text, std::string_view marks = {}) noexcept
{
    return std::all_of(text.begin(), text.end(),
                       [marks](char c) { return is_alphanumeric(c) || marks.find(c) != marks.npos; });
}

/// Whether a text consists of printable characters only, which a blank is too. True of an empty one.
inline bool is_printable(std::string_view text) noexcept
{
    auto const* const end = text.data() + text.size();
    return find_byte(text.data(), end, [](auto block) { return block.unprintable(); }) == end;
}

/// The same without blanks.
inline bool is_graphic(std::string_view text) noexcept
{
    auto const* const end = text.data() + text.size();
    return find_byte(text.data(), end, [](auto block) { return block.unprintable() | block.equal(' '); }) == end;
}

} // namespace tidings::inline v0::detail

#endif
