// Which characters of a JSON string are more than themselves.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_JSON_TEXT_HPP
#define TIDINGS_DETAIL_JSON_TEXT_HPP

#include <tidings/detail/byte_scan.hpp>

namespace tidings::inline v0::detail {

/// A quote, a backslash, or below 0x20.
constexpr bool is_special(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The special bytes of a block.
inline constexpr auto special_bytes = [](auto block) noexcept {
    return block.below(0x20) | block.equal('"') | block.equal('\\');
};

/// The first special byte of [from, end), or `end`.
inline char const* find_special(char const* from, char const* end) noexcept
{
    return find_byte(from, end, special_bytes);
}

} // namespace tidings::inline v0::detail

#endif
