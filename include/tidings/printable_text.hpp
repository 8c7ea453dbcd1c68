// Makes foreign text safe to print.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PRINTABLE_TEXT_HPP
#define TIDINGS_PRINTABLE_TEXT_HPP

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace tidings::inline v0 {

namespace detail {

/// Whether a terminal obeys this character, or does not show it: C0, DEL and C1 controls, ends of lines, marks that
/// change the direction of text, characters of no width, tags.
constexpr bool is_unprintable(std::uint32_t c) noexcept
{
    struct range
    {
        std::uint32_t first;
        std::uint32_t last;
    };
    constexpr range ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},
        {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0x3164, 0x3164},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
        {0xfffe, 0xffff}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (auto const& r : ranges)
        if (c <= r.last)
            return c >= r.first;
    return false;
}

/// Appends at most `max_bytes` of `text`, as `printable_text` writes it; "..." behind it when there is more.
inline void append_printable(std::string& out, std::string_view text, std::size_t max_bytes = std::string_view::npos)
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    auto size = std::min(text.size(), max_bytes);
    while (size != 0 && size != text.size() && (text[size] & 0xc0) == 0x80)
        --size; // not within a character
    char const* const end = text.data() + size;
    for (char const* at = text.data(); at != end;)
    {
        char const* const start = at;
        auto const point = utf8::decode(at, end);
        if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete)
        {
            out += replacement;
            at = std::next(start);
        }
        else if (is_unprintable(point))
            out += ' ';
        else
            out.append(start, at);
    }
    if (size != text.size())
        out += "...";
}

} // namespace detail

/// Makes foreign text safe to print: on a terminal, in a line of a log, in a JSON string (in which a JSON library still
/// has to escape quotes and backslashes).
///
/// The result is one line of valid UTF-8 that neither changes a terminal's state nor hides text. Control characters
/// (also DEL and U+0080 to U+009F), ends of lines (U+2028, U+2029), marks that change the direction of text, and
/// characters of no width become blanks. Bytes that are not UTF-8 become U+FFFD, among them the single bytes 0x80 to
/// 0x9f that some terminals take for controls.
///
/// `failure::message()` and `failure::remedy()` are printable already. Use this for every other text of a platform, a
/// proxy or a person: `failure::platform_message()` and the other single facts, events of callbacks, names and
/// addresses that were typed.
///
/// @param text       Any bytes.
/// @param max_bytes  Longer texts are cut after so many bytes, between two characters, and end in "...".
/// @returns The printable text. It may have up to three times the bytes of `text`.
///
/// @par Thread safety  Safe.
inline std::string printable_text(std::string_view text, std::size_t max_bytes = std::string_view::npos)
{
    std::string out;
    detail::append_printable(out, text, max_bytes);
    return out;
}

/// Makes a JSON text safe to print, and keeps its values: the same characters that `printable_text` takes out become
/// `\\u` escapes.
///
/// @param json  Well-formed JSON, but for bytes that are not UTF-8: these become U+FFFD. Ends of lines and tabs between
///              its values become blanks, so the result is one line. If it is not well-formed, the result is printable
///              and not well-formed either.
/// @returns One line of JSON. May have up to six times the bytes of `json`.
///
/// @par Thread safety  Safe.
inline std::string printable_json(std::string_view json)
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    std::string out;
    out.reserve(json.size());
    auto const escape = [&out](std::uint32_t unit) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += "\\u";
        for (unsigned const shift : {12u, 8u, 4u, 0u})
            out += digits[unit >> shift & 0xf];
    };
    char const* const end = json.data() + json.size();
    for (char const* at = json.data(); at != end;)
    {
        char const* const start = at;
        auto const point = static_cast<std::uint32_t>(utf8::decode(at, end));
        if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete)
        {
            out += "\xef\xbf\xbd";
            at = std::next(start);
        }
        else if (!detail::is_unprintable(point))
            out.append(start, at);
        else if (point == '\t' || point == '\n' || point == '\r')
            out += ' ';
        else if (point < 0x10000)
            escape(point);
        else
        {
            escape(0xd800 + ((point - 0x10000) >> 10));
            escape(0xdc00 + ((point - 0x10000) & 0x3ff));
        }
    }
    return out;
}

} // namespace tidings::inline v0

#endif
