// A set of characters.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_CHARACTER_SET_HPP
#define TIDINGS_DETAIL_CHARACTER_SET_HPP

#include <algorithm>
#include <bitset>
#include <climits>
#include <string_view>

namespace tidings::inline v0::detail {

/// The characters that some texts consist of: a text with any other one is in none of them.
class character_set
{
public:
    void clear() noexcept { has_.reset(); }
    void add(std::string_view text) noexcept
    {
        for (char const c : text)
            has_[static_cast<unsigned char>(c)] = true;
    }
    bool has_all_of(std::string_view text) const noexcept
    {
        return std::all_of(text.begin(), text.end(), [this](char c) { return has_[static_cast<unsigned char>(c)]; });
    }

private:
    std::bitset<UCHAR_MAX + 1> has_;
};

} // namespace tidings::inline v0::detail

#endif
