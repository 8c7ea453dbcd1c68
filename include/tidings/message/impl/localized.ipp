// One text in several languages.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_IMPL_LOCALIZED_IPP
#define TIDINGS_MESSAGE_IMPL_LOCALIZED_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

TIDINGS_DECL language_tag::language_tag(std::string_view tag) : text_(tag)
{
    for (char& c : text_)
        c = c == '_' ? '-' : detail::to_lower(c);
}

TIDINGS_DECL localized& localized::in(language_tag language, std::string text) &
{
    if (language.empty())
    {
        text_ = std::move(text);
        return *this;
    }
    for (auto& other : others_)
        if (other.first == language)
        {
            other.second = std::move(text);
            return *this;
        }
    others_.emplace_back(std::move(language), std::move(text));
    return *this;
}

TIDINGS_DECL localized localized::in(language_tag language, std::string text) &&
{
    in(std::move(language), std::move(text));
    return std::move(*this);
}

TIDINGS_DECL std::string const& localized::str(language_tag const& language) const noexcept
{
    if (others_.empty() || language.empty())
        return text_;
    std::string const* near = nullptr;
    bool general = false;
    for (auto const& [tag, text] : others_)
    {
        if (tag == language)
            return text;
        bool const bare = tag.view() == language.primary();
        if (tag.primary() == language.primary() && (!near || (bare && !general)))
        {
            near = &text;
            general = bare;
        }
    }
    return near ? *near : text_;
}

} // namespace tidings::inline v0

#endif
