// What the checks of all addresses share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ADDRESS_HPP
#define TIDINGS_DETAIL_ADDRESS_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/result.hpp>

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// The refusal of an address. It does not repeat the address: that may be what must not be logged.
///
/// @param kind  `errc::invalid_recipient` for the address of a recipient.
inline failure refuse(std::string_view what, std::string_view why, errc kind = errc::invalid_recipient)
{
    std::string text = "the ";
    text += what;
    text += ' ';
    text += why;
    return make_failure(kind, std::move(text));
}

inline bool is_control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

inline result<void> check_text(std::string_view text, std::string_view what, std::size_t max_length, errc kind)
{
    if (text.empty())
        return refuse(what, "is empty", kind);
    if (text.size() > max_length)
        return refuse(what, "is longer than " + std::to_string(max_length) + " bytes", kind);
    if (std::any_of(text.begin(), text.end(), is_control))
        return refuse(what, "contains a control character", kind);
    if (find_invalid_utf8(text) != text.npos)
        return refuse(what, "is not valid UTF-8", kind);
    return {};
}

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
inline std::string code_point_name(std::uint32_t c)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr int min_digits = 4;
    std::string out;
    for (int digits = 0; digits < min_digits || c != 0; ++digits, c >>= 4)
        out.insert(out.begin(), hex[c & 0xf]);
    return "U+" + out;
}

/// An address without the characters at its ends that are not shown. Copying from a contact list or a web page brings
/// them along, and they are no part of any address.
inline std::string_view visible_part(std::string_view text) noexcept
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    auto const ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    // An illegal sequence decodes to a value beyond Unicode, which counts as shown.
    while (!text.empty() && !ascii(text.front()))
    {
        char const* at = text.data();
        if (!is_not_shown(utf8::decode(at, text.data() + text.size())))
            break;
        text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    }
    while (!text.empty() && !ascii(text.back()))
    {
        auto start = text.size() - 1;
        while (start != 0 && (text[start] & 0xc0) == 0x80)
            --start;
        char const* at = text.data() + start;
        char const* const end = text.data() + text.size();
        if (!is_not_shown(utf8::decode(at, end)) || at != end)
            break;
        text.remove_suffix(text.size() - start);
    }
    return text;
}

/// Refuses characters that are not shown, and those that look like one of ASCII.
///
/// @param text    Valid UTF-8.
/// @param before  Bytes that stood before `text` in what the caller wrote.
inline result<void> check_look_alikes(std::string_view text, std::string_view what, std::size_t before)
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    char const* const end = text.data() + text.size();
    for (char const* at = text.data(); at != end;)
    {
        if (static_cast<unsigned char>(*at) < 0x80)
        {
            ++at;
            continue;
        }
        auto const where = before + static_cast<std::size_t>(at - text.data());
        auto const point = utf8::decode(at, end);
        auto const like = look_alike_of(point);
        if (!like && !is_not_shown(point))
            continue;
        auto why = "contains " + code_point_name(point) + ", which ";
        if (!like)
            why += "is not shown";
        else if (like == ' ')
            why += "looks like a blank";
        else
            (why += "looks like '") += std::string{like, '\''};
        return refuse(what, why + ", at byte " + std::to_string(where));
    }
    return {};
}

} // namespace tidings::inline v0::detail

#endif
