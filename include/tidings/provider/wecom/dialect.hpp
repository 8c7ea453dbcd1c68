// How portable messages look on WeCom.
//
// Sources: "Send application messages" and "Group robot configuration" of WeCom's developer documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_DIALECT_HPP
#define TIDINGS_PROVIDER_WECOM_DIALECT_HPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/wire/json_writer.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::providers::wecom {

/// The maximum of UTF-8 bytes of an application's `text` or `markdown`. The platform cuts off the rest without an
/// error.
inline constexpr std::size_t max_content = 2048;
/// UTF-8 bytes of a group robot's `markdown`.
inline constexpr std::size_t max_webhook_markdown = 4096;

namespace detail {

/// Headings, bold, links, inline code, quotes and coloured text; no lists, italics or fences. No escape is documented.
inline constexpr tidings::detail::markup_dialect markdown_dialect{
    .escape = tidings::detail::markup_dialect::escaping::bytes,
    .strong = "**",
    .code = "`",
    .headings = true,
    .links = true,
    .dollar_names = true,
    .pairs = "*",
    .shortest_mark = 2,
    .rule = "──────────",
};

inline constexpr std::size_t max_facts = 6; // horizontal_content_list
inline constexpr std::size_t max_jumps = 3; // jump_list
inline constexpr std::size_t max_card_title = 128;
inline constexpr std::size_t max_card_text = 512;
inline constexpr std::size_t max_card_button = 4; // characters

/// Of a template card's source: 0 grey, 1 black, 2 red, 3 green.
constexpr int source_color(severity s) noexcept
{
    switch (s)
    {
    case severity::info: return 0;
    case severity::success: return 3;
    case severity::warning: return 1;
    case severity::critical: return 2;
    }
    return 0;
}

/// Of a `<font>`: info is green, warning orange, comment grey.
constexpr std::string_view font_color(severity s) noexcept
{
    return s == severity::success ? "info" : "warning";
}

} // namespace detail

/// Portable Markdown in WeCom's dialect, for applications (up to `max_content` bytes) and for group robots (up to
/// `max_webhook_markdown`).
///
/// List items start with a bullet or their number, each line of fenced code is inline code in a quote, a rule is a line
/// of dashes; struck-out text is put between tildes. The dialect documents no escape. A word with `**` that would be
/// bold is shown as code; a backtick stays unchanged; a word joiner breaks text that would be a `<@userid>` mention, a
/// `<font>`, a `$userName=…$` or a link that hides its address.
TIDINGS_DECL std::string render_markdown(std::string_view portable);

/// The same as the content of a message; empty when it would show nothing.
TIDINGS_DECL std::string markdown_content(std::string_view portable);

/// Text for messages of type `text`, and for the text of cards: a word joiner keeps `<a href>`, `<@userid>`, `<div>`,
/// `<font>` and `$userName=…$` from being more than text.
TIDINGS_DECL std::string plain_text(std::string_view text);

namespace detail {

TIDINGS_DECL void append_line(std::string& out, std::string_view line);

TIDINGS_DECL std::string plain_body(notice const& what, language_tag const& language);

/// A template card, which always leads somewhere: to its first button.
TIDINGS_DECL native_message template_card(notice const& what, language_tag const& language);

TIDINGS_DECL std::string notice_text(notice const& what, language_tag const& language);

} // namespace detail

/// A notice as an application sends it to a person.
///
/// @param what      Checked.
/// @param language  Of the person; empty for the default.
/// @returns `msgtype` and the member of that name. Without buttons `markdown`, which may be longer than
///          `max_content` and is not shown within WeChat. With one button, no facts and a short text `textcard`.
///          Otherwise `template_card`: up to three buttons and six facts have their own place in it, the others stand
///          in its text.
TIDINGS_DECL native_message notice_for_app(notice const& what, language_tag const& language = {});

/// A notice as Markdown for a chat, which takes no `template_card`: the buttons become links at the end.
TIDINGS_DECL std::string notice_for_chat(notice const& what, language_tag const& language = {});

/// A notice as a group robot takes it: it knows no `textcard`.
TIDINGS_DECL native_message notice_for_webhook(notice const& what, language_tag const& language = {});

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/dialect.ipp>
#endif

#endif
