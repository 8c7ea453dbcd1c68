// How portable messages look on Lark and Feishu.
//
// Sources: "Message content structure" (text, post, the `md` tag), "Card JSON 2.0 structure" and its "Rich text
// (Markdown)" component of the platforms' server API documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_DIALECT_HPP
#define TIDINGS_PROVIDER_LARK_DIALECT_HPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/wire/json_writer.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::providers::lark {

namespace detail {

/// The Markdown of a post's `md` element: no headings, no inline code, styles do not stand within each other except
/// bold and italics. No escape is documented. A bare address ends at its first `_` in the client.
inline constexpr tidings::detail::markup_dialect post_dialect{
    .escape = tidings::detail::markup_dialect::escaping::bytes,
    .strong = "**",
    .emphasis = "*",
    .strike = "~~",
    .lists = true,
    .fences = true,
    .links = true,
    .flat_styles = true,
    .pairs = "*~",
    .wraps_addresses = true,
    .rule = " --- ",
};

/// The Markdown of a card 2.0: CommonMark without HTML. Special characters are written as HTML entities.
inline constexpr tidings::detail::markup_dialect card_dialect{
    .escape = tidings::detail::markup_dialect::escaping::entities,
    .strong = "**",
    .emphasis = "*",
    .strike = "~~",
    .code = "`",
    .headings = true,
    .lists = true,
    .fences = true,
    .links = true,
    .wraps_addresses = true,
    .rule = "---",
};

TIDINGS_DECL void write_plain(wire::json_writer& json, std::string_view text, std::string_view size,
                              std::string_view color);

TIDINGS_DECL void write_button(wire::json_writer& json, std::string_view label, std::string_view url, bool first);

constexpr std::string_view header_template(severity s) noexcept
{
    switch (s)
    {
    case severity::info: return "blue";
    case severity::success: return "green";
    case severity::warning: return "orange";
    case severity::critical: return "red";
    }
    return "blue";
}

} // namespace detail

/// Portable Markdown as the text of a post's `md` element.
///
/// Headings become bold, code without a fence plain, bare addresses links. Literal text mentions nobody and hides no
/// link. The dialect documents no escape: where text would be read as markup, `post_is_exact` is false.
///
/// @param portable  UTF-8 of the subset that `markdown` describes; any other bytes do no harm.
TIDINGS_DECL std::string render_markdown(std::string_view portable);

/// Whether a post of `render_markdown` shows all literal text as it is.
TIDINGS_DECL bool post_is_exact(std::string_view portable);

/// Portable Markdown as the content of a `markdown` element in a card of JSON 2.0. Literal text is escaped with HTML
/// entities, as the documentation says.
TIDINGS_DECL std::string render_card_markdown(std::string_view portable);

/// Portable Markdown as a card of JSON 2.0 without a header, for calls that take no `md` element. Empty when nothing is
/// left of it.
TIDINGS_DECL std::string markdown_card(std::string_view portable);

/// Any text as the text of a card's `markdown` element: shown as it is.
TIDINGS_DECL std::string escape_card_markdown(std::string_view literal);

/// Writes the content of a post that shows text as it is: one paragraph for each line, `text` elements in them. A
/// message of type `text` would read `<at …>`, `<b>` and `[text](url)` in it, and documents no escape.
///
/// @param text    UTF-8.
/// @param locale  `brand::locale`.
/// @param title   Left out when empty.
TIDINGS_DECL void write_plain_text(wire::json_writer& json, std::string_view text, std::string_view locale,
                                   std::string_view title = {});

/// The same as a string: the `content` of a message of type `post`.
TIDINGS_DECL std::string plain_text(std::string_view text, std::string_view locale, std::string_view title = {});

/// What a text costs, in bytes of the request, once it is a post of `plain_text`: for `detail::split_text`. Each line
/// is a paragraph of its own; what stands around the first is not counted.
struct plain_text_cost
{
    std::size_t operator()(std::string_view text) const noexcept;
};

/// A notice as a card of JSON 2.0, in one language. The colour of its header tells the severity.
///
/// @param what      Checked.
/// @param language  Of the person; empty for the default.
/// @returns `msg_type` "interactive" and the card: the text of `content`, or the member `card` of a custom bot's
///          request.
TIDINGS_DECL native_message notice_card(notice const& what, language_tag const& language = {});

} // namespace tidings::inline v0::providers::lark

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/dialect.ipp>
#endif

#endif
