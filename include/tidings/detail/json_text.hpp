// Which characters of a JSON string are more than themselves.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_JSON_TEXT_HPP
#define TIDINGS_DETAIL_JSON_TEXT_HPP

#include <tidings/detail/byte_scan.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tidings::inline v0::detail {

/// A quote, a backslash, or below 0x20.
constexpr bool is_special(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The marks of the special bytes: see `find_byte`.
constexpr std::uint64_t marks_of_special(std::uint64_t word) noexcept
{
    // All of them are less than 0x80, so that one mask serves for all.
    return ((word - low_bits * 0x20) | ((word ^ low_bits * '"') - low_bits) | ((word ^ low_bits * '\\') - low_bits)) &
           ~word & high_bits;
}

/// The number of bytes, out of eight, before the first special one; 8 if none is special.
inline std::size_t plain_bytes(std::uint64_t word) noexcept
{
    return static_cast<std::size_t>(std::countr_zero(marks_of_special(word))) / 8;
}

/// The first special byte of [from, end), or `end`.
inline char const* find_special(char const* from, char const* end) noexcept
{
    return find_byte(from, end, marks_of_special, is_special);
}

} // namespace tidings::inline v0::detail

#endif
