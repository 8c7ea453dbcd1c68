// What the checks of all addresses share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ADDRESS_HPP
#define TIDINGS_DETAIL_ADDRESS_HPP

#include <tidings/detail/inline_string.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::detail {

/// The refusal of an address. It does not repeat the address: that may be what must not be logged.
inline failure refuse(std::string_view what, std::string_view why)
{
    std::string text = "the ";
    text += what;
    text += ' ';
    text += why;
    return fail(errc::invalid_argument, std::move(text));
}

inline bool is_control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

inline result<void> check_address(std::string_view text, std::string_view what, std::size_t longest)
{
    if (text.empty())
        return refuse(what, "is empty");
    if (text.size() > longest)
        return refuse(what, "is longer than " + std::to_string(longest) + " bytes");
    if (std::any_of(text.begin(), text.end(), is_control))
        return refuse(what, "contains a control character");
    if (find_invalid_utf8(text) != text.npos)
        return refuse(what, "is not valid UTF-8");
    return {};
}

} // namespace tidings::detail

#endif
