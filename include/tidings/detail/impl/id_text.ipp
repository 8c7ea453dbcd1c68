// The common base of addresses that are ids.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_ID_TEXT_IPP
#define TIDINGS_DETAIL_IMPL_ID_TEXT_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/id_text.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL result<void> check_id(std::string_view text, std::string_view what)
{
    constexpr std::size_t max_length = 256;
    if (auto const valid = check_address(text, what, max_length); !valid)
        return valid;
    if (auto const plain = check_look_alikes(text, what, 0); !plain)
        return plain;
    if (!is_graphic(text))
        return refuse(what, "contains a blank or a character outside ASCII");
    return {};
}

TIDINGS_DECL result<void> check_prefixed_id(std::string_view text, std::string_view what, std::string_view prefix)
{
    if (auto const valid = check_id(text, what); !valid)
        return valid;
    if (!text.starts_with(prefix) || text.size() == prefix.size())
        return refuse(what, "does not begin with " + std::string(prefix));
    return {};
}

TIDINGS_DECL result<void> check_number_id(std::string_view text, std::string_view what)
{
    constexpr std::size_t max_digits = 18; // any of them is a number of 64 bits
    if (auto const valid = check_id(text, what); !valid)
        return valid;
    if (text.size() > max_digits || !std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); }) ||
        text.front() == '0')
        return refuse(what, "is not a number such as 2");
    return {};
}

} // namespace tidings::inline v0::detail

#endif
