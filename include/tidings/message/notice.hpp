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
    notice& level(severity s) & noexcept;
    /// Adds a fact. Up to `max_facts`, no label empty.
    notice& fact(localized label, localized value) &;
    /// The body as plain text, shown unchanged.
    notice& body(localized plain) &;
    /// The body as portable Markdown.
    notice& body(markdown const& portable) &;
    /// Adds a button. Up to `max_buttons`.
    ///
    /// @param label  Not empty.
    /// @param url    `http://` or `https://`, up to 2048 bytes. Blanks, quotes, angle brackets and other characters
    ///               that are not allowed in an address are percent-encoded after the host: a blank becomes `%20`.
    notice& button(localized label, std::string url) &;
    /// A last line in small print: where the notice comes from.
    notice& footer(localized text) &;

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

    static localized lines(localized text);
    static localized line(localized text);
    static std::string encoded(std::string url);

    localized title_;
    severity level_ = severity::info;
    bool body_is_markdown_ = false;
    std::vector<labelled> facts_;
    localized body_;
    std::vector<link> buttons_;
    localized footer_;
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/message/impl/notice.ipp>
#endif

#endif
