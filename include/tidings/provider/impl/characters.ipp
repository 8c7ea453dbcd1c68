// Characters as a reader sees them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_CHARACTERS_IPP
#define TIDINGS_PROVIDER_IMPL_CHARACTERS_IPP

#include <tidings/detail/config.hpp>
#include <tidings/provider/detail/characters.hpp>

#include <cstddef>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::size_t character_length(std::string_view text, std::size_t at) noexcept
{
    auto const lead = static_cast<unsigned char>(text[at]);
    std::size_t const wanted = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::size_t n = 1;
    while (n != wanted && at + n != text.size() && (static_cast<unsigned char>(text[at + n]) & 0xc0) == 0x80)
        ++n;
    return n;
}

TIDINGS_DECL bool extends_character(std::string_view c) noexcept
{
    auto const in = [c](std::string_view first, std::string_view last) {
        return c.size() == first.size() && c >= first && c <= last;
    };
    return in("\xcc\x80", "\xcd\xaf")                     // U+0300 to U+036F
           || in("\xe0\xb8\xb4", "\xe0\xb8\xba")          // Thai vowels U+0E34 to U+0E3A
           || in("\xe0\xb9\x87", "\xe0\xb9\x8e")          // U+0E47 to U+0E4E
           || in("\xe1\xaa\xb0", "\xe1\xab\xbf")          // U+1AB0 to U+1AFF
           || in("\xe2\x80\x8c", "\xe2\x80\x8d")          // U+200C, U+200D
           || in("\xe2\x81\xa0", "\xe2\x81\xa0")          // U+2060
           || in("\xe2\x83\x90", "\xe2\x83\xbf")          // U+20D0 to U+20FF
           || in("\xe3\x82\x99", "\xe3\x82\x9a")          // U+3099, U+309A
           || in("\xef\xb8\x80", "\xef\xb8\x8f")          // U+FE00 to U+FE0F
           || in("\xef\xb8\xa0", "\xef\xb8\xaf")          // U+FE20 to U+FE2F
           || in("\xf0\x9f\x8f\xbb", "\xf0\x9f\x8f\xbf")  // skin tones U+1F3FB to U+1F3FF
           || in("\xf3\xa0\x80\xa0", "\xf3\xa0\x81\xbf")  // tags U+E0020 to U+E007F
           || in("\xf3\xa0\x84\x80", "\xf3\xa0\x87\xaf"); // U+E0100 to U+E01EF
}

TIDINGS_DECL std::size_t cluster_length(std::string_view text, std::size_t at) noexcept
{
    constexpr std::size_t max_count = 128; // bytes; beyond it nobody sees a character
    auto const is_flag_letter = [](std::string_view c) {
        return c.size() == 4 && c >= "\xf0\x9f\x87\xa6" && c <= "\xf0\x9f\x87\xbf"; // U+1F1E6 to U+1F1FF
    };
    auto const first = text.substr(at, character_length(text, at));
    if (first == "\r" && text.substr(at, 2) == "\r\n")
        return 2;
    auto length = first.size();
    bool joined = false;
    bool flag = is_flag_letter(first);
    while (at + length != text.size() && length < max_count)
    {
        auto const next = text.substr(at + length, character_length(text, at + length));
        bool const second_letter = flag && is_flag_letter(next);
        if (!extends_character(next) && !joined && !second_letter)
            break;
        if (static_cast<unsigned char>(next[0]) <= ' ')
            break;
        joined = next == "\xe2\x80\x8d"; // U+200D makes one of what is on its sides
        flag = false;
        length += next.size();
    }
    return length;
}

} // namespace tidings::inline v0::detail

#endif
