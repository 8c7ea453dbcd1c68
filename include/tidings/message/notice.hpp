// A notice: a title, facts, a body and links, laid out as each platform's card.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_NOTICE_HPP
#define TIDINGS_MESSAGE_NOTICE_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

/// How serious a notice is. Decides the colour of a card, or a word in front of the title.
enum class severity
{
    info,
    success,
    warning,
    critical
};

/// The name of an enumerator, as in the source.
constexpr std::string_view to_string(severity s) noexcept
{
    switch (s)
    {
    case severity::info: return "info";
    case severity::success: return "success";
    case severity::warning: return "warning";
    case severity::critical: return "critical";
    }
    return "unknown";
}

/// What a program has to report, for every platform in its own form: a card on Lark and Feishu, an action card on
/// DingTalk, a template card on WeCom. No text in it is markup, except in a body of Markdown.
///
/// Title, labels, values and footer are single lines: a line break in one becomes " / ". Control characters and the
/// escape sequences that colour a terminal are left out of all texts.
///
/// @code
/// notice("Disk almost full").level(severity::warning).fact("Host", "db-01").fact("Used", "91%")
///     .body(markdown("Run **cleanup** first.")).button("Runbook", "https://wiki.example/disk").footer("monitor-7");
/// @endcode
class notice
{
public:
    static constexpr std::string_view name = "notice";

    static constexpr std::size_t max_facts = 30;
    static constexpr std::size_t max_buttons = 8;

    /// A label and its value, one line each.
    class labelled
    {
    public:
        labelled(localized label, localized value) noexcept : label_(std::move(label)), value_(std::move(value)) {}

        localized const& label() const noexcept { return label_; }
        localized const& value() const noexcept { return value_; }

    private:
        localized label_;
        localized value_;
    };

    /// A button that opens a page.
    class link
    {
    public:
        link(localized label, std::string url) noexcept : label_(std::move(label)), url_(std::move(url)) {}

        localized const& label() const noexcept { return label_; }
        std::string const& url() const noexcept { return url_; }

    private:
        localized label_;
        std::string url_;
    };

    /// @param title  UTF-8 that shows something. Checked, like everything else, by `check()`.
    explicit notice(localized title) : title_(line(std::move(title))) {}

    /// Not set: `severity::info`.
    notice& level(severity s) & noexcept
    {
        level_ = s;
        return *this;
    }
    /// Adds a fact. Up to `max_facts`, no label empty.
    notice& fact(localized label, localized value) &
    {
        facts_.emplace_back(line(std::move(label)), line(std::move(value)));
        return *this;
    }
    /// The body as plain text, shown unchanged.
    notice& body(localized plain) &
    {
        body_ = lines(std::move(plain));
        body_is_markdown_ = false;
        return *this;
    }
    /// The body as portable Markdown.
    notice& body(markdown const& portable) &
    {
        body_ = lines(portable.languages());
        body_is_markdown_ = true;
        return *this;
    }
    /// Adds a button. Up to `max_buttons`.
    ///
    /// @param label  Not empty.
    /// @param url    `http://` or `https://`, up to 2048 bytes. Blanks, quotes, angle brackets and other characters
    ///               that are not allowed in an address are percent-encoded after the host: a blank becomes `%20`.
    notice& button(localized label, std::string url) &
    {
        buttons_.emplace_back(line(std::move(label)), encoded(std::move(url)));
        return *this;
    }
    /// A last line in small print: where the notice comes from.
    notice& footer(localized text) &
    {
        footer_ = line(std::move(text));
        return *this;
    }

    // The same for a notice that has no name yet.
    notice level(severity s) && noexcept { return std::move(level(s)); }
    notice fact(localized label, localized value) && { return std::move(fact(std::move(label), std::move(value))); }
    notice body(localized plain) && { return std::move(body(std::move(plain))); }
    notice body(markdown const& portable) && { return std::move(body(portable)); }
    notice button(localized label, std::string url) && { return std::move(button(std::move(label), std::move(url))); }
    notice footer(localized text) && { return std::move(footer(std::move(text))); }

    localized const& title() const noexcept { return title_; }
    severity level() const noexcept { return level_; }
    std::vector<labelled> const& facts() const noexcept { return facts_; }
    localized const& body() const noexcept { return body_; }
    bool body_is_markdown() const noexcept { return body_is_markdown_; }
    std::vector<link> const& buttons() const noexcept { return buttons_; }
    localized const& footer() const noexcept { return footer_; }

    /// Success, or the first thing that is wrong, with its place: "fact 2: the label is empty". Does not know the
    /// platforms' size limits.
    ///
    /// @returns `errc::message_invalid` for a title or label that shows nothing, text that is not UTF-8, a URL that is
    ///          not one of the web, too many facts or buttons.
    result<void> check() const;

    /// Reads a notice from JSON. Defined in `<tidings/message/notice_json.hpp>`, which documents the format.
    static result<notice> from_json(std::string_view json);

    /// Whether a button may open it: `http://` or `https://`, a host, no blanks, quotes or control characters, up to
    /// 2048 bytes.
    static bool is_web_url(std::string_view url) noexcept;

private:
    enum class presence
    {
        required,
        optional
    };
    static std::string what_is_wrong(localized const& all, presence how);

    static localized lines(localized text)
    {
        text.transform([](std::string item) { return tidings::detail::message_text(std::move(item)); });
        return text;
    }
    static localized line(localized text)
    {
        text.transform(
            [](std::string item) { return tidings::detail::one_line(tidings::detail::message_text(std::move(item))); });
        return text;
    }
    static std::string encoded(std::string url);

    localized title_;
    severity level_ = severity::info;
    bool body_is_markdown_ = false;
    std::vector<labelled> facts_;
    localized body_;
    std::vector<link> buttons_;
    localized footer_;
};

inline bool notice::is_web_url(std::string_view url) noexcept
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

inline std::string notice::encoded(std::string url)
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

inline std::string notice::what_is_wrong(localized const& all, presence how)
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

inline result<void> notice::check() const
{
    auto const invalid = [](std::string what) { return make_failure(errc::message_invalid, std::move(what)); };
    auto const place = [](char const* what, std::size_t i) { return what + (" " + std::to_string(i + 1)) + ": "; };

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
