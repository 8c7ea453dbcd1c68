// What can be read out of a platform's words.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_PLATFORM_TEXT_IPP
#define TIDINGS_DETAIL_IMPL_PLATFORM_TEXT_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/platform_text.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL bool is_type_name(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 64;
    return text.size() <= max_length && is_code(text, "_");
}

TIDINGS_COLD TIDINGS_DECL std::string_view link_of(std::string_view text) noexcept
{
    auto const fits = [](char c) {
        return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7f && c != '*';
    };
    return text.starts_with("https://") && std::all_of(text.begin(), text.end(), fits) ? text : std::string_view();
}

TIDINGS_COLD TIDINGS_DECL std::string_view span_of(std::string_view text, std::string_view from,
                                                   std::string_view ends) noexcept
{
    auto const at = text.find(from);
    if (at == text.npos)
        return {};
    auto const rest = text.substr(at + from.size());
    return rest.substr(0, rest.find_first_of(ends));
}

TIDINGS_COLD TIDINGS_DECL std::string_view ip_address_in(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 45;
    auto const fits = [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f') || c == '.' || c == ':';
    };
    bool const has_separator = text.find_first_of(".:") != text.npos;
    return has_separator && text.size() <= max_length && std::all_of(text.begin(), text.end(), fits)
               ? text
               : std::string_view();
}

TIDINGS_COLD TIDINGS_DECL std::vector<std::string> words_of(std::string_view list)
{
    std::vector<std::string> out;
    while (!list.empty())
    {
        auto const comma = list.find(',');
        auto word = list.substr(0, comma);
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
        while (!word.empty() && word.front() == ' ')
            word.remove_prefix(1);
        if (!word.empty())
            out.emplace_back(word);
    }
    return out;
}

TIDINGS_COLD TIDINGS_DECL void hide(std::string& text, std::string_view word)
{
    constexpr std::string_view instead = "***";
    if (word.empty())
        return;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + instead.size()))
        text.replace(at, word.size(), instead);
}

} // namespace tidings::inline v0::detail

#endif
