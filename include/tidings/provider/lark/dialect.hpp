// How portable messages look on Lark and Feishu.
//
// Sources: "Message content structure" (text, post, the `md` tag), "Card JSON 2.0 structure" and its "Rich text
// (Markdown)" component of the platforms' server API documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_DIALECT_HPP
#define TIDINGS_PROVIDER_LARK_DIALECT_HPP

#include <tidings/message/localized.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
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

inline void write_plain(wire::json_writer& json, std::string_view text, std::string_view size, std::string_view color)
{
    json.open_object().member("tag", "div").key("text").open_object();
    json.member("tag", "plain_text").member("content", text);
    if (!size.empty())
        json.member("text_size", size);
    if (!color.empty())
        json.member("text_color", color);
    json.close_object().close_object();
}

inline void write_button(wire::json_writer& json, std::string_view label, std::string_view url, bool first)
{
    json.open_object().member("tag", "column").member("width", "auto").key("elements").open_array();
    json.open_object().member("tag", "button").key("text").open_object();
    json.member("tag", "plain_text").member("content", label).close_object();
    json.member("type", first ? "primary" : "default").key("behaviors").open_array().open_object();
    json.member("type", "open_url").member("default_url", url).close_object().close_array();
    json.close_object().close_array().close_object();
}

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
inline std::string render_markdown(std::string_view portable)
{
    return tidings::detail::render_markup(portable, detail::post_dialect);
}

/// Whether a post of `render_markdown` shows all literal text as it is.
inline bool post_is_exact(std::string_view portable)
{
    tidings::detail::markup_writer out(detail::post_dialect);
    out.document(portable);
    out.block();
    return out.exact();
}

/// Portable Markdown as the content of a `markdown` element in a card of JSON 2.0. Literal text is escaped with HTML
/// entities, as the documentation says.
inline std::string render_card_markdown(std::string_view portable)
{
    return tidings::detail::render_markup(portable, detail::card_dialect);
}

/// Portable Markdown as a card of JSON 2.0 without a header, for calls that take no `md` element. Empty when nothing is
/// left of it.
inline std::string markdown_card(std::string_view portable)
{
    if (!tidings::detail::shows_something(tidings::detail::plain_markup(portable)))
        return {};
    auto const shown = render_card_markdown(portable);
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("schema", "2.0").key("body").open_object().key("elements").open_array();
    json.open_object().member("tag", "markdown").member("content", shown).close_object();
    json.close_array().close_object().close_object();
    return std::string(out.view());
}

/// Any text as the text of a card's `markdown` element: shown as it is.
inline std::string escape_card_markdown(std::string_view literal)
{
    tidings::detail::markup_writer out(detail::card_dialect);
    out.literal(literal);
    return std::move(out).take();
}

/// Writes the content of a post that shows text as it is: one paragraph for each line, `text` elements in them. A
/// message of type `text` would read `<at …>`, `<b>` and `[text](url)` in it, and documents no escape.
///
/// @param text    UTF-8.
/// @param locale  `brand::locale`.
/// @param title   Left out when empty.
inline void write_plain_text(wire::json_writer& json, std::string_view text, std::string_view locale,
                             std::string_view title = {})
{
    json.open_object().key(locale).open_object();
    if (!title.empty())
        json.member("title", title);
    json.key("content").open_array();
    while (true)
    {
        auto const end = text.find('\n');
        auto line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        // The platform takes no element without text.
        json.open_array().open_object().member("tag", "text").member("text", line.empty() ? " " : line);
        json.key("un_escape").boolean(false).close_object().close_array();
        if (end == text.npos)
            break;
        text.remove_prefix(end + 1);
    }
    json.close_array().close_object().close_object();
}

/// The same as a string: the `content` of a message of type `post`.
inline std::string plain_text(std::string_view text, std::string_view locale, std::string_view title = {})
{
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    write_plain_text(json, text, locale, title);
    return std::string(out.view());
}

/// What a text costs, in bytes of the request, once it is a post of `plain_text`: for `detail::split_text`. Each line
/// is a paragraph of its own; what stands around the first is not counted.
struct plain_text_cost
{
    std::size_t operator()(std::string_view text) const noexcept
    {
        constexpr std::size_t paragraph = 64;
        return tidings::detail::nested_json_cost()(text) +
               paragraph * static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
};

/// A notice as a card of JSON 2.0, in one language. The colour of its header tells the severity.
///
/// @param what      Checked.
/// @param language  Of the person; empty for the default.
/// @returns `msg_type` "interactive" and the card: the text of `content`, or the member `card` of a custom bot's
///          request.
inline native_message notice_card(notice const& what, language_tag const& language = {})
{
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("schema", "2.0");
    json.key("header").open_object().key("title").open_object();
    json.member("tag", "plain_text").member("content", what.title().view(language)).close_object();
    json.member("template", detail::header_template(what.level())).close_object();
    json.key("body").open_object().key("elements").open_array();
    if (!what.facts().empty())
    {
        tidings::detail::markup_writer facts(detail::card_dialect);
        for (auto const& fact : what.facts())
        {
            if (!facts.empty())
                facts.line_break();
            facts.strong(fact.label().view(language));
            facts.raw(tidings::detail::label_end(language.primary()));
            facts.literal(fact.value().view(language));
        }
        json.open_object().member("tag", "markdown").member("content", std::move(facts).take()).close_object();
    }
    if (auto const body = what.body().view(language); !body.empty())
    {
        if (what.body_is_markdown())
            json.open_object().member("tag", "markdown").member("content", render_card_markdown(body)).close_object();
        else
            detail::write_plain(json, body, {}, {});
    }
    if (!what.buttons().empty())
    {
        json.open_object().member("tag", "column_set").member("flex_mode", "flow").key("columns").open_array();
        bool first = true;
        for (auto const& button : what.buttons())
        {
            detail::write_button(json, button.label().view(language), button.url(), first);
            first = false;
        }
        json.close_array().close_object();
    }
    if (auto const footer = what.footer().view(language); !footer.empty())
        detail::write_plain(json, footer, "notation", "grey");
    json.close_array().close_object().close_object();
    return {"interactive", std::string(out.view())};
}

} // namespace tidings::inline v0::providers::lark

#endif
