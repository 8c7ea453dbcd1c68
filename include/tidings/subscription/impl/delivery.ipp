// The keys of messages, and messages as text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_DELIVERY_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_DELIVERY_IPP

#include <tidings/impl/derived_key.hpp>
#include <tidings/subscription/delivery.hpp>

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

} // namespace detail

TIDINGS_DECL idempotency_key delivery_id::key() const
{
    // None of the parts has a line break.
    return tidings::detail::derived_key(idempotency_key("event"), event + '\n' + person + '\n' + route);
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
