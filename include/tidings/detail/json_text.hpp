// Which characters of a JSON string are more than themselves.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_JSON_TEXT_HPP
#define TIDINGS_DETAIL_JSON_TEXT_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tidings::inline v0::detail {

/// A quote, a backslash, or below 0x20.
constexpr bool is_special(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The number of bytes, out of eight, before the first special one; 8 if none is special.
inline std::size_t plain_bytes(std::uint64_t word) noexcept
{
    // The highest bit of each special byte; those above the lowest mark may be wrong.
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t highs = 0x8080808080808080u;
    auto const marks =
        ((word - ones * 0x20) | ((word ^ ones * '"') - ones) | ((word ^ ones * '\\') - ones)) & ~word & highs;
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

/// The first special byte of [from, end), or `end`.
inline char const* find_special(char const* from, char const* end) noexcept
{
    if constexpr (std::endian::native == std::endian::little)
    {
        std::uint64_t word;
        while (static_cast<std::size_t>(end - from) >= sizeof word)
        {
            std::memcpy(&word, from, sizeof word);
            auto const plain = plain_bytes(word);
            from += plain;
            if (plain != sizeof word)
                return from;
        }
    }
    while (from != end && !is_special(*from))
        ++from;
    return from;
}

} // namespace tidings::inline v0::detail

#endif
