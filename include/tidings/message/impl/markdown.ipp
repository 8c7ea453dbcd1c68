// Text with markup.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_IMPL_MARKDOWN_IPP
#define TIDINGS_MESSAGE_IMPL_MARKDOWN_IPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/long_text.hpp>
#include <tidings/message/markdown.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

TIDINGS_DECL markdown& markdown::when_long(long_text what) & noexcept
{
    when_long_ = what;
    return *this;
}

TIDINGS_DECL markdown markdown::when_long(long_text what) && noexcept
{
    when_long_ = what;
    return std::move(*this);
}

TIDINGS_DECL std::string markdown::escape(std::string_view text_from_people)
{
    std::string out;
    out.reserve(text_from_people.size() + text_from_people.size() / 8);
    bool line_start = true; // only blanks so far
    bool number = false;    // only digits so far
    bool blank = false;     // just now
    for (char const c : text_from_people)
    {
        bool const digit = c >= '0' && c <= '9';
        bool const opens_block = line_start && (c == '#' || c == '>' || c == '-' || c == '+');
        bool const ends_heading = blank && c == '#';
        bool const ends_number = number && (c == '.' || c == ')');
        constexpr std::string_view anywhere = "\\`*_~[]<";
        if (opens_block || ends_heading || ends_number || anywhere.find(c) != anywhere.npos)
            out += '\\';
        out += c;
        blank = c == ' ' || c == '\t';
        if (c == '\n' || c == '\r')
        {
            line_start = true;
            number = false;
            continue;
        }
        number = digit && (line_start || number);
        line_start = line_start && blank;
    }
    return out;
}

} // namespace tidings::inline v0

#endif
