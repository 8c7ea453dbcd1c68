// What the checks of all addresses share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ADDRESS_HPP
#define TIDINGS_DETAIL_ADDRESS_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// The refusal of an address. It does not repeat the address: that may be what must not be logged.
///
/// @param kind  `errc::invalid_recipient` for the address of a recipient.
TIDINGS_DECL failure refuse(std::string_view what, std::string_view why, errc kind = errc::invalid_recipient);

inline bool is_control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

TIDINGS_DECL result<void> check_text(std::string_view text, std::string_view what, std::size_t max_length, errc kind);

/// Refuses the address of a recipient that cannot be one.
inline result<void> check_address(std::string_view text, std::string_view what, std::size_t max_length)
{
    return check_text(text, what, max_length, errc::invalid_recipient);
}

/// Refuses a setting, such as a part of the credentials, that cannot be one.
inline result<void> check_setting(std::string_view text, std::string_view what, std::size_t max_length)
{
    return check_text(text, what, max_length, errc::invalid_argument);
}

// ---- Characters that are not what they seem

/// Whether a character outside of ASCII is not shown: marks of direction, characters of no width, variation selectors.
constexpr bool is_not_shown(std::uint32_t c) noexcept
{
    return c >= 0x80 && (is_unprintable(c) || (c >= 0xfe00 && c <= 0xfe0f));
}

/// The ASCII character that one outside of ASCII looks like: a blank, a digit, a sign. 0: none.
constexpr char look_alike_of(std::uint32_t c) noexcept
{
    if (c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000)
        return ' ';
    if (c >= 0xff01 && c <= 0xff5e)
        return static_cast<char>(c - 0xff01 + '!');
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe58 || c == 0xfe63)
        return '-';
    if (c == 0x3002 || c == 0xff61 || c == 0xfe52)
        return '.';
    return c == 0xfe62 ? '+' : c == 0xfe6b ? '@' : '\0';
}

/// A character in the notation of Unicode: "U+202D".
TIDINGS_DECL std::string code_point_name(std::uint32_t c);

/// An address without the characters at its ends that are not shown. Copying from a contact list or a web page brings
/// them along, and they are no part of any address.
TIDINGS_DECL std::string_view visible_part(std::string_view text) noexcept;

/// Refuses characters that are not shown, and those that look like one of ASCII.
///
/// @param text    Valid UTF-8.
/// @param before  Bytes that stood before `text` in what the caller wrote.
TIDINGS_DECL result<void> check_look_alikes(std::string_view text, std::string_view what, std::size_t before);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/address.ipp>
#endif

#endif
