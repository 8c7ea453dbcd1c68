// How portable messages look on DingTalk.
//
// Sources: "Message types supported by robots", "Send one-to-one messages by robot in batches", "Work notification
// message types" and "Custom robot" of DingTalk's open platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_DIALECT_HPP
#define TIDINGS_PROVIDER_DINGTALK_DIALECT_HPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/wire/json_writer.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

/// Headings, quotes, bold, italics, links, images and lists; a line break needs two blanks before and after it. No
/// code, no strike-through, no rule. The backslash is not documented; it is that of every Markdown, and what the
/// bridges from Prometheus to DingTalk write. It is used only where asterisks, a bracket or the start of a line would
/// be read as markup.
inline constexpr tidings::detail::markup_dialect markdown_dialect{
    .escape = tidings::detail::markup_dialect::escaping::backslashes,
    .strong = "**",
    .emphasis = "*",
    .headings = true,
    .lists = true,
    .links = true,
    .blanks_around_breaks = true,
    .pairs = "*",
    .rule = "──────────",
};

inline constexpr std::size_t max_buttons = 5;      // sampleActionCard5; more than that belongs into the text
inline constexpr std::size_t max_button = 20;      // characters, of a work notification
inline constexpr std::size_t max_single_url = 500; // of a work notification with one button
inline constexpr std::size_t max_url = 700;        // with more

/// The text of a notice. Its buttons as links where the message has no buttons.
TIDINGS_DECL std::string notice_text(notice const& what, language_tag const& language, bool links);

TIDINGS_DECL std::size_t characters(std::string_view utf8) noexcept;

TIDINGS_DECL native_message markdown_notice(std::string_view type, notice const& what, language_tag const& language);

} // namespace detail

/// Portable Markdown in DingTalk's dialect, for robots and work notifications.
///
/// Code becomes plain, fenced code a quote, a rule a line of dashes; struck-out text is put between tildes. Literal
/// text is not markup: a backslash precedes each character that would be. An `@` is harmless: it mentions only people
/// whom the request names.
TIDINGS_DECL std::string render_markdown(std::string_view portable);

/// Text as sampleText and the messages of type `text` take it: unchanged, they have no markup.
TIDINGS_DECL std::string plain_text(std::string_view text);

/// A notice as a robot sends it to a person.
///
/// @param what      Checked.
/// @param language  Of the person; empty for the default.
/// @returns `msgKey` and the document that is `msgParam`: sampleMarkdown without buttons, sampleActionCard with one,
///          sampleActionCard2 to 5, and sampleMarkdown with links for more.
TIDINGS_DECL native_message notice_for_robot(notice const& what, language_tag const& language = {});

/// A notice as a group's custom robot takes it.
///
/// @returns `msgtype`, "actionCard" or "markdown" when it has no buttons, and the member of that name.
TIDINGS_DECL native_message notice_for_webhook(notice const& what, language_tag const& language = {});

/// A notice as a work notification.
///
/// @returns `msgtype`, "action_card" or "markdown", and the member of that name. It is Markdown with links when it has
///          no buttons, more than five, or one whose label (20 characters) or address (500 bytes alone, 700 among
///          others) is too long for a button.
TIDINGS_DECL native_message notice_for_work(notice const& what, language_tag const& language = {});

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/dialect.ipp>
#endif

#endif
