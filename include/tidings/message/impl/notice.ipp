// A notice: a title, facts, a body and links, laid out as each platform's card.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_IMPL_NOTICE_IPP
#define TIDINGS_MESSAGE_IMPL_NOTICE_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

TIDINGS_DECL notice& notice::level(severity s) & noexcept
{
    level_ = s;
    return *this;
}

TIDINGS_DECL notice& notice::fact(localized label, localized value) &
{
    facts_.emplace_back(line(std::move(label)), line(std::move(value)));
    return *this;
}

TIDINGS_DECL notice& notice::body(localized plain) &
{
    body_ = lines(std::move(plain));
    body_is_markdown_ = false;
    return *this;
}

TIDINGS_DECL notice& notice::body(markdown const& portable) &
{
    body_ = lines(portable.languages());
    body_is_markdown_ = true;
    return *this;
}

TIDINGS_DECL notice& notice::button(localized label, std::string url) &
{
    buttons_.emplace_back(line(std::move(label)), encoded(std::move(url)));
    return *this;
}

TIDINGS_DECL notice& notice::footer(localized text) &
{
    footer_ = line(std::move(text));
    return *this;
}

TIDINGS_DECL localized notice::lines(localized text)
{
    text.transform([](std::string item) { return tidings::detail::message_text(std::move(item)); });
    return text;
}

TIDINGS_DECL localized notice::line(localized text)
{
    text.transform(
        [](std::string item) { return tidings::detail::one_line(tidings::detail::message_text(std::move(item))); });
    return text;
}

TIDINGS_DECL bool notice::is_web_url(std::string_view url) noexcept
{
    constexpr std::size_t max_length = 2048;
    if (url.size() > max_length || tidings::detail::find_invalid_utf8(url) != url.npos)
        return false;
    auto const starts_with = [&url](std::string_view scheme) {
        for (std::size_t i = 0; i != scheme.size(); ++i)
            if (i == url.size() || (url[i] | (scheme[i] >= 'a' ? 0x20 : 0)) != scheme[i])
                return false;
        url.remove_prefix(scheme.size());
        return true;
    };
    if (!starts_with("https://") && !starts_with("http://"))
        return false;
    if (url.find_first_of("/?#:@") == 0 || url.empty())
        return false;
    for (char const c : url)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '"' || c == '<' || c == '>' || c == '\\')
            return false;
    return true;
}

TIDINGS_DECL std::string notice::encoded(std::string url)
{
    constexpr std::string_view spaces = " \t\r\n";
    url.erase(0, std::min(url.find_first_not_of(spaces), url.size()));
    url.erase(url.find_last_not_of(spaces) + 1);
    auto const scheme = url.find("://");
    auto const host_end = scheme == url.npos ? url.npos : url.find_first_of("/?#", scheme + 3);
    constexpr std::string_view never = " \"<>\\^`{|}";
    if (host_end == url.npos || url.find_first_of(never, host_end) == url.npos)
        return url;
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out = url.substr(0, host_end);
    for (auto i = host_end; i != url.size(); ++i)
        if (never.find(url[i]) == never.npos)
            out += url[i];
        else
        {
            auto const byte = static_cast<unsigned char>(url[i]);
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 0xf];
        }
    return out;
}

TIDINGS_DECL std::string notice::what_is_wrong(localized const& all, presence how)
{
    std::string problem;
    all.for_each([&](language_tag const& language, std::string const& text) {
        if (!problem.empty())
            return;
        if (how == presence::required && text.empty())
            problem = "is empty";
        if (auto const at = tidings::detail::find_invalid_utf8(text); at != text.npos)
            problem = "is not valid UTF-8 at byte " + std::to_string(at);
        if (!problem.empty() && !language.empty())
            problem += " (" + std::string(language.view()) + ")";
    });
    return problem;
}

TIDINGS_DECL result<void> notice::check() const
{
    auto const invalid = [](std::string what) { return make_failure(errc::message_invalid, std::move(what)); };
    auto const place = [](std::string what, std::size_t i) {
        what += ' ';
        what += std::to_string(i + 1);
        what += ": ";
        return what;
    };

    if (auto const problem = what_is_wrong(title_, presence::required); !problem.empty())
        return invalid("the title " + problem);
    if (facts_.size() > max_facts)
        return invalid("a notice may have " + std::to_string(max_facts) + " facts; this one has " +
                       std::to_string(facts_.size()));
    for (std::size_t i = 0; i != facts_.size(); ++i)
    {
        if (auto const problem = what_is_wrong(facts_[i].label(), presence::required); !problem.empty())
            return invalid(place("fact", i) + "the label " + problem);
        if (auto const problem = what_is_wrong(facts_[i].value(), presence::optional); !problem.empty())
            return invalid(place("fact", i) + "the value " + problem);
    }
    if (auto const problem = what_is_wrong(body_, presence::optional); !problem.empty())
        return invalid("the body " + problem);
    if (buttons_.size() > max_buttons)
        return invalid("a notice may have " + std::to_string(max_buttons) + " buttons; this one has " +
                       std::to_string(buttons_.size()));
    for (std::size_t i = 0; i != buttons_.size(); ++i)
    {
        if (auto const problem = what_is_wrong(buttons_[i].label(), presence::required); !problem.empty())
            return invalid(place("button", i) + "the label " + problem);
        if (!is_web_url(buttons_[i].url()))
            return invalid(place("button", i) + "the URL must start with http:// or https:// and have a host and at "
                                                "most 2048 bytes");
    }
    if (auto const problem = what_is_wrong(footer_, presence::optional); !problem.empty())
        return invalid("the footer " + problem);
    return {};
}

} // namespace tidings::inline v0

#endif
