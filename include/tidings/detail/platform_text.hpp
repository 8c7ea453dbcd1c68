// What can be read out of a platform's words.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_PLATFORM_TEXT_HPP
#define TIDINGS_DETAIL_PLATFORM_TEXT_HPP

#include <string>
#include <string_view>
#include <vector>

namespace tidings::detail {

/// What stands in `text` behind `from`, up to the first of `ends`.
inline std::string_view span_of(std::string_view text, std::string_view from, std::string_view ends) noexcept
{
    auto const at = text.find(from);
    if (at == text.npos)
        return {};
    auto const rest = text.substr(at + from.size());
    return rest.substr(0, rest.find_first_of(ends));
}

/// The words of a list with commas, without the blanks in front of them.
inline std::vector<std::string> words_of(std::string_view list)
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

} // namespace tidings::detail

#endif
