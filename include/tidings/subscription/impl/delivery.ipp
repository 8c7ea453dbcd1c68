// The keys of messages, and messages as text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_DELIVERY_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_DELIVERY_IPP

#include <tidings/impl/derived_key.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/subscription/delivery.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::inline v0::subscription {

namespace detail {

inline void append_html(std::string& out, std::string_view text)
{
    for (char const c : text)
        switch (c)
        {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        case '\n': out += "<br>\n"; break;
        default: out += c;
        }
}

inline void append_html_link(std::string& out, std::string_view url, std::string_view label)
{
    out += "<a href=\"";
    append_html(out, url);
    out += "\">";
    append_html(out, label);
    out += "</a>";
}

inline std::string_view colon_of(language_tag const& language) noexcept
{
    return language.primary() == "zh" ? "：" : ": ";
}

/// The bytes of the longest language, of which at most so many count.
inline std::size_t bytes_of(localized const& text, std::size_t max_bytes)
{
    std::size_t longest = 0;
    text.for_each([&](language_tag const&, std::string const& one) { longest = std::max(longest, one.size()); });
    return std::min(longest, max_bytes);
}

/// The bytes of a notice if each of its texts has at most so many.
inline std::size_t bytes_of(notice const& message, std::size_t max_text)
{
    std::size_t out = bytes_of(message.title(), max_text) + bytes_of(message.body(), max_text) +
                      bytes_of(message.footer(), std::string::npos);
    for (auto const& fact : message.facts())
        out += bytes_of(fact.label(), max_text) + bytes_of(fact.value(), max_text);
    for (auto const& button : message.buttons())
        out += bytes_of(button.label(), max_text) + button.url().size();
    return out;
}

/// @param max_bytes  More than those of "…".
inline localized cut(localized text, std::size_t max_bytes)
{
    constexpr std::string_view ellipsis = "…";
    text.transform([&](std::string one) {
        if (one.size() <= max_bytes)
            return one;
        auto end = max_bytes - ellipsis.size();
        constexpr unsigned leading_bits = 0xC0;
        constexpr unsigned continuation = 0x80;
        while (end != 0 && (static_cast<unsigned char>(one[end]) & leading_bits) == continuation)
            --end;
        one.erase(end);
        return one += ellipsis;
    });
    return text;
}

} // namespace detail

TIDINGS_DECL notice shortened(notice const& message, std::size_t max_bytes)
{
    constexpr std::size_t min_text = 16;
    auto max_text = max_bytes;
    while (max_text > min_text && detail::bytes_of(message, max_text) > max_bytes)
        max_text -= std::max<std::size_t>(max_text / min_text, 1);
    max_text = std::max(max_text, min_text);
    notice out(detail::cut(message.title(), max_text));
    out.level(message.level());
    for (auto const& fact : message.facts())
        out.fact(detail::cut(fact.label(), max_text), detail::cut(fact.value(), max_text));
    // A cut may split a markup: a body that is cut is plain text.
    if (message.body_is_markdown() && detail::bytes_of(message.body(), max_text + 1) <= max_text)
        out.body(markdown(message.body()));
    else
        out.body(detail::cut(message.body(), max_text));
    for (auto const& button : message.buttons())
        out.button(detail::cut(button.label(), max_text), button.url());
    out.footer(message.footer());
    return out;
}

TIDINGS_DECL idempotency_key delivery_id::key() const
{
    // None of the parts has a line break.
    return tidings::detail::derived_key(idempotency_key("event"), {event, "\n", person, "\n", route});
}

TIDINGS_DECL std::string plain_text_of(notice const& message, language_tag const& language, bool with_title)
{
    std::string out;
    auto const line = [&out](auto const&... parts) {
        if (!out.empty())
            out += '\n';
        (void)(out += ... += parts);
    };
    if (with_title)
        line(message.title().str(language));
    for (auto const& fact : message.facts())
        line(fact.label().str(language), detail::colon_of(language), fact.value().str(language));
    if (!message.body().empty())
        line(message.body().str(language));
    for (auto const& button : message.buttons())
        line(button.label().str(language), detail::colon_of(language), button.url());
    if (!message.footer().empty())
        line(message.footer().str(language));
    return out;
}

TIDINGS_DECL std::string html_of(notice const& message, language_tag const& language)
{
    std::string out;
    if (!message.facts().empty())
    {
        out += "<table>\n";
        for (auto const& fact : message.facts())
        {
            out += "<tr><td>";
            detail::append_html(out, fact.label().str(language));
            out += "</td><td>";
            detail::append_html(out, fact.value().str(language));
            out += "</td></tr>\n";
        }
        out += "</table>\n";
    }
    if (!message.body().empty())
    {
        out += "<p>";
        detail::append_html(out, message.body().str(language));
        out += "</p>\n";
    }
    for (auto const& button : message.buttons())
    {
        out += "<p>";
        detail::append_html_link(out, button.url(), button.label().str(language));
        out += "</p>\n";
    }
    if (!message.footer().empty())
    {
        auto const& text = message.footer().str(language);
        out += "<p><small>";
        if (notice::is_web_url(text))
            detail::append_html_link(out, text, text);
        else
            detail::append_html(out, text);
        out += "</small></p>\n";
    }
    return out;
}

} // namespace tidings::inline v0::subscription

#endif
