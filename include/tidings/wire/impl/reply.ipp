// What came back, as a decoder sees it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_REPLY_IPP
#define TIDINGS_WIRE_IMPL_REPLY_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/reply.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0::wire {

TIDINGS_DECL std::string reply::cleaned(std::string_view text) const
{
    if (!filter_ || text.empty())
        return std::string(text);
    tidings::detail::wiped_string out;
    filter_->clean(out.assign(text));
    return std::string(out.view());
}

TIDINGS_DECL std::string_view reply::reason() const noexcept
{
    constexpr std::string_view before = "HTTP/1.1 200";
    auto line = head_.substr(0, head_.find('\n'));
    line.remove_prefix(std::min(line.size(), before.size()));
    return trimmed(line);
}

TIDINGS_DECL std::string_view reply::header(std::string_view name) const noexcept
{
    auto rest = head_;
    while (!rest.empty())
    {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.size() <= 1)
            break;
        auto const colon = line.find(':');
        if (colon == line.npos || !tidings::detail::equal_ignoring_case(line.substr(0, colon), name))
            continue;
        line.remove_prefix(colon + 1);
        return trimmed(line);
    }
    return {};
}

TIDINGS_DECL std::string_view reply::trimmed(std::string_view text) noexcept
{
    auto const blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace tidings::inline v0::wire

#endif
