// Divides text that is too long for one message.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_SPLIT_IPP
#define TIDINGS_PROVIDER_IMPL_SPLIT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/json_text.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/provider/detail/characters.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/split.hpp>

#include <cstddef>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::size_t json_cost::operator()(std::string_view text) const noexcept
{
    std::size_t out = text.size();
    for (char const c : text)
        if (is_special(c))
            out += has_short_escape(c) ? 1 : 5;
    return out;
}

TIDINGS_DECL std::size_t nested_json_cost::operator()(std::string_view text) const noexcept
{
    std::size_t out = text.size();
    for (char const c : text)
        if (c == '"' || c == '\\')
            out += 3;
        else if (is_special(c))
            out += json_cost::has_short_escape(c) ? 2 : 6;
    return out;
}

} // namespace tidings::inline v0::detail

#endif
