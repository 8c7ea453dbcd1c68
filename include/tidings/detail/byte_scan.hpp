// Finds bytes of a few kinds, eight at a time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_BYTE_SCAN_HPP
#define TIDINGS_DETAIL_BYTE_SCAN_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tidings::inline v0::detail {

inline constexpr std::uint64_t low_bits = 0x0101010101010101u;
inline constexpr std::uint64_t high_bits = 0x8080808080808080u;

/// The highest bit of each byte of `word` that is less than `limit`, which is at most 0x80. Marks above the lowest one may
/// be wrong.
constexpr std::uint64_t marks_below(std::uint64_t word, unsigned char limit) noexcept
{
    return (word - low_bits * limit) & ~word & high_bits;
}
/// The same for the bytes that are `value`.
constexpr std::uint64_t marks_of(std::uint64_t word, unsigned char value) noexcept
{
    return marks_below(word ^ low_bits * value, 1);
}

/// The first byte of [from, end) of a kind, or `end`.
///
/// @param marks  Of a word: the highest bit of each byte that may be of the kind, no mark above the lowest one being
///               relied on.
/// @param is     Whether a byte is.
template<class Marks, class Is>
char const* find_byte(char const* from, char const* end, Marks marks, Is is) noexcept
{
    if constexpr (std::endian::native == std::endian::little)
    {
        std::uint64_t word;
        while (static_cast<std::size_t>(end - from) >= sizeof word)
        {
            std::memcpy(&word, from, sizeof word);
            auto const found = marks(word);
            if (found == 0)
            {
                from += sizeof word;
                continue;
            }
            from += std::countr_zero(found) / 8;
            if (is(*from))
                return from;
            ++from;
        }
    }
    while (from != end && !is(*from))
        ++from;
    return from;
}

} // namespace tidings::inline v0::detail

#endif
