// The visible part of a text: control characters and escape sequences removed, blank texts recognised.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_DETAIL_SHOWN_TEXT_HPP
#define TIDINGS_MESSAGE_DETAIL_SHOWN_TEXT_HPP

#include <tidings/detail/byte_scan.hpp>
#include <tidings/detail/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; // U+FEFF

/// The length of the terminal escape sequence (ISO/IEC 6429) at the start of a text; 0 if there is none.
///
/// A control string (a window title, a hyperlink) is a sequence only if its end is present: otherwise only its
/// introducer is removed, and the rest stays text.
constexpr std::size_t escape_sequence_length(std::string_view text) noexcept
{
    std::size_t at = 0;
    char kind = 0;
    if (text.substr(0, 1) == "\x1b" && text.size() > 1)
    {
        kind = text[1];
        at = 2;
    }
    else if (text.size() > 1 && text[0] == '\xc2' && (text[1] == '\x9b' || text[1] == '\x9d' || text[1] == '\x90'))
    {
        kind = static_cast<char>(text[1] - 0x40); // U+009B is ESC [
        at = 2;
    }
    else
        return text.substr(0, 1) == "\x1b" ? 1 : 0;

    auto const in = [&](char first, char last) { return at != text.size() && text[at] >= first && text[at] <= last; };
    if (kind == '[')
    {
        while (in('0', '?'))
            ++at;
        while (in(' ', '/'))
            ++at;
        return in('@', '~') ? at + 1 : at;
    }
    if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_')
    {
        constexpr std::size_t max_length = 4096;
        auto const end = text.substr(0, max_length).find_first_of("\x07\x1b\n", at);
        if (end == text.npos || text[end] == '\n')
            return at;
        return text[end] == '\x07' ? end + 1 : text.substr(end, 2) == "\x1b\\" ? end + 2 : at;
    }
    if (kind >= ' ' && kind <= '/')
    {
        while (in(' ', '/'))
            ++at;
        return in('0', '~') ? at + 1 : at;
    }
    return kind >= '0' && kind <= '~' ? at : 1;
}

/// The length of the control character, or of the escape sequence, at the start of a text; 0 when it starts with
/// anything else. Tabs and line breaks are not control characters here.
constexpr std::size_t control_length(std::string_view text) noexcept
{
    auto const c = static_cast<unsigned char>(text[0]);
    if (c == 0x1b || c == 0xc2)
        if (auto const length = escape_sequence_length(text); length != 0)
            return length;
    if (c == 0xc2)
        return text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0 &&
                       static_cast<unsigned char>(text[1]) >= 0x80
                   ? 2
                   : 0;
    return (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f ? 1 : 0;
}

/// A text as a platform shows it: without control characters, without the escape sequences that colour a terminal, and
/// without a byte order mark at its start. A carriage return that is no part of CR LF is a line feed (a progress bar).
/// Everything else stays as it is, and so does a text that is not UTF-8, which is refused later.
inline std::string clean_text(std::string text)
{
    auto const unusual = [](auto block) { return block.unprintable().without(block.between('\t', '\n')); };
    auto const suspicious = [](auto block) {
        constexpr unsigned char before_c1 = 0xc2; // the first byte of U+0080 to U+00BF
        return block.below(0x20).without(block.between('\t', '\n')) | block.equal(0x7f) | block.equal(before_c1);
    };
    if (std::string_view(text).starts_with(byte_order_mark))
        text.erase(0, byte_order_mark.size());
    auto const* const end = text.data() + text.size();
    auto const* first = find_byte(text.data(), end, unusual);
    if (first != end)
        first = find_byte(first, end, suspicious);
    if (first == end || find_invalid_utf8(text) != text.npos)
        return text;
    auto out = static_cast<std::size_t>(first - text.data());
    std::string_view const all = text;
    for (auto at = out; at != all.size();)
    {
        if (auto const length = control_length(all.substr(at)); length != 0)
        {
            at += length;
            continue;
        }
        bool const lone_return = all[at] == '\r' && all.substr(at, 2) != "\r\n";
        text[out++] = lone_return ? '\n' : all[at];
        ++at;
    }
    text.resize(out);
    return text;
}

/// Whether a reader sees anything of a text that `clean_text` made: more than blanks, characters without width and
/// fillers. Bytes that are not UTF-8 count as seen.
constexpr bool shows_something(std::string_view text) noexcept
{
    struct range
    {
        std::uint32_t first;
        std::uint32_t last;
    };
    constexpr std::array<range, 18> unseen{{{0x00, 0x20},
                                            {0x7f, 0xa0},
                                            {0xad, 0xad},
                                            {0x34f, 0x34f},
                                            {0x61c, 0x61c},
                                            {0x115f, 0x1160},
                                            {0x1680, 0x1680},
                                            {0x17b4, 0x17b5},
                                            {0x180b, 0x180f},
                                            {0x2000, 0x200f},
                                            {0x2028, 0x202f},
                                            {0x205f, 0x206f},
                                            {0x2800, 0x2800},
                                            {0x3000, 0x3000},
                                            {0x3164, 0x3164},
                                            {0xfe00, 0xfe0f},
                                            {0xfeff, 0xfeff},
                                            {0xffa0, 0xffa0}}};
    for (std::size_t i = 0; i != text.size();)
    {
        auto const lead = static_cast<unsigned char>(text[i]);
        if (lead > 0x20 && lead < 0x7f)
            return true;
        std::size_t const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (lead >= 0x80 && (lead < 0xc2 || lead > 0xf4 || i + length > text.size()))
            return true;
        std::uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
        for (std::size_t n = 1; n != length; ++n)
        {
            auto const next = static_cast<unsigned char>(text[i + n]);
            if ((next & 0xc0) != 0x80)
                return true;
            point = (point << 6) | (next & 0x3fu);
        }
        bool hidden = point >= 0xe0000 && point <= 0xe0fff;
        for (auto const& r : unseen)
            hidden = hidden || (point >= r.first && point <= r.last);
        if (!hidden)
            return true;
        i += length;
    }
    return false;
}

/// The text of a message: cleaned, and empty when it would show nothing.
inline std::string message_text(std::string text)
{
    text = clean_text(std::move(text));
    if (!shows_something(text))
        text.clear();
    return text;
}

/// A text on one line: what was on several lines is parted by " / ". Blank lines and the blanks around the line ends
/// are left out, a tab is a blank.
inline std::string one_line(std::string text)
{
    std::replace(text.begin(), text.end(), '\t', ' ');
    constexpr std::string_view breaks = "\r\n";
    if (text.find_first_of(breaks) == text.npos)
        return text;
    std::string out;
    out.reserve(text.size() + 8);
    for (std::string_view rest = text; !rest.empty();)
    {
        auto const end = std::min(rest.find_first_of(breaks), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        constexpr std::string_view blanks = " \t";
        auto const first = line.find_first_not_of(blanks);
        if (first == line.npos)
            continue;
        line = line.substr(first, line.find_last_not_of(blanks) + 1 - first);
        if (!out.empty())
            out += " / ";
        out += line;
    }
    return out;
}

} // namespace tidings::inline v0::detail

#endif
