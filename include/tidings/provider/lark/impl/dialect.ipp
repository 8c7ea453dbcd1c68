// How portable messages look on Lark and Feishu.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_DIALECT_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_DIALECT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/provider/lark/dialect.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0::providers::lark {

namespace detail {

TIDINGS_DECL void write_plain(wire::json_writer& json, std::string_view text, std::string_view size,
                              std::string_view color)
{
    json.open_object().member("tag", "div").key("text").open_object();
    json.member("tag", "plain_text").member("content", text);
    if (!size.empty())
        json.member("text_size", size);
    if (!color.empty())
        json.member("text_color", color);
    json.close_object().close_object();
}

TIDINGS_DECL void write_button(wire::json_writer& json, std::string_view label, std::string_view url, bool first)
{
    json.open_object().member("tag", "column").member("width", "auto").key("elements").open_array();
    json.open_object().member("tag", "button").key("text").open_object();
    json.member("tag", "plain_text").member("content", label).close_object();
    json.member("type", first ? "primary" : "default").key("behaviors").open_array().open_object();
    json.member("type", "open_url").member("default_url", url).close_object().close_array();
    json.close_object().close_array().close_object();
}

} // namespace detail

} // namespace tidings::inline v0::providers::lark

namespace tidings::inline v0::providers::lark {

TIDINGS_DECL std::string render_markdown(std::string_view portable)
{
    return tidings::detail::render_markup(portable, detail::post_dialect);
}

TIDINGS_DECL bool post_is_exact(std::string_view portable)
{
    tidings::detail::markup_writer out(detail::post_dialect);
    out.document(portable);
    out.block();
    return out.exact();
}

TIDINGS_DECL std::string render_card_markdown(std::string_view portable)
{
    return tidings::detail::render_markup(portable, detail::card_dialect);
}

TIDINGS_DECL std::string markdown_card(std::string_view portable)
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

TIDINGS_DECL std::string escape_card_markdown(std::string_view literal)
{
    tidings::detail::markup_writer out(detail::card_dialect);
    out.literal(literal);
    return std::move(out).take();
}

TIDINGS_DECL void write_plain_text(wire::json_writer& json, std::string_view text, std::string_view locale,
                                   std::string_view title)
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

TIDINGS_DECL std::string plain_text(std::string_view text, std::string_view locale, std::string_view title)
{
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    write_plain_text(json, text, locale, title);
    return std::string(out.view());
}

TIDINGS_DECL std::size_t plain_text_cost::operator()(std::string_view text) const noexcept
{
    constexpr std::size_t paragraph = 64;
    return tidings::detail::nested_json_cost()(text) +
           paragraph * static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TIDINGS_DECL native_message notice_card(notice const& what, language_tag const& language)
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
