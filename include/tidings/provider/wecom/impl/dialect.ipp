// How portable messages look on WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_DIALECT_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_DIALECT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/provider/wecom/dialect.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL std::string render_markdown(std::string_view portable)
{
    return tidings::detail::render_markup(portable, detail::markdown_dialect);
}

TIDINGS_DECL std::string markdown_content(std::string_view portable)
{
    if (!tidings::detail::shows_something(tidings::detail::plain_markup(portable)))
        return {};
    return render_markdown(portable);
}

TIDINGS_DECL std::string plain_text(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        char const c = text[i];
        if (c == '=' && tidings::detail::ends_in_dollar_name(text.substr(0, i)))
            out += tidings::detail::word_joiner;
        out += c;
        if (c == '<' && tidings::detail::opens_platform_tag(text.substr(i + 1)))
            out += tidings::detail::word_joiner;
    }
    return out;
}

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

namespace detail {

TIDINGS_DECL void append_line(std::string& out, std::string_view line)
{
    if (line.empty())
        return;
    if (!out.empty())
        out += '\n';
    out += line;
}

TIDINGS_DECL std::string plain_body(notice const& what, language_tag const& language)
{
    auto const body = what.body().view(language);
    return plain_text(what.body_is_markdown() ? tidings::detail::plain_markup(body) : std::string(body));
}

TIDINGS_DECL native_message template_card(notice const& what, language_tag const& language)
{
    auto const& facts = what.facts();
    auto const& buttons = what.buttons();
    // Parts without a member of their own are put into the text.
    std::string text = plain_body(what, language);
    for (std::size_t i = max_facts; i < facts.size(); ++i)
    {
        std::string line(facts[i].label().view(language));
        line += tidings::detail::label_end(language.primary());
        line += facts[i].value().view(language);
        append_line(text, plain_text(line));
    }
    for (std::size_t i = max_jumps; i < buttons.size(); ++i)
    {
        std::string line(buttons[i].label().view(language));
        line += tidings::detail::label_end(language.primary());
        append_line(text, plain_text(line) + buttons[i].url());
    }
    append_line(text, plain_text(what.footer().view(language)));

    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("card_type", "text_notice");
    if (auto const word = tidings::detail::severity_word(what.level(), language.primary()); !word.empty())
    {
        json.key("source").open_object().member("desc", word);
        json.key("desc_color").number(source_color(what.level())).close_object();
    }
    json.key("main_title").open_object().member("title", plain_text(what.title().view(language))).close_object();
    if (!text.empty())
        json.member("sub_title_text", text);
    if (!facts.empty())
    {
        json.key("horizontal_content_list").open_array();
        for (std::size_t i = 0; i != std::min(facts.size(), max_facts); ++i)
        {
            json.open_object().member("keyname", plain_text(facts[i].label().view(language)));
            if (auto const value = facts[i].value().view(language); !value.empty())
                json.member("value", plain_text(value));
            json.close_object();
        }
        json.close_array();
    }
    json.key("jump_list").open_array();
    for (std::size_t i = 0; i != std::min(buttons.size(), max_jumps); ++i)
    {
        json.open_object().key("type").number(1).member("url", buttons[i].url());
        json.member("title", plain_text(buttons[i].label().view(language))).close_object();
    }
    json.close_array();
    json.key("card_action").open_object().key("type").number(1).member("url", buttons.front().url()).close_object();
    json.close_object();
    return {"template_card", std::string(out.view())};
}

TIDINGS_DECL std::string notice_text(notice const& what, language_tag const& language)
{
    tidings::detail::markup_writer out(markdown_dialect);
    out.block();
    out.raw("### ");
    if (auto const word = tidings::detail::severity_word(what.level(), language.primary()); !word.empty())
    {
        out.raw("<font color=\"");
        out.raw(font_color(what.level()));
        out.raw("\">");
        out.raw(word);
        out.raw("</font> ");
    }
    out.literal(what.title().view(language));
    if (!what.facts().empty())
    {
        out.open_quote(true);
        for (auto const& fact : what.facts())
        {
            out.block(true);
            out.literal(fact.label().view(language));
            out.raw(tidings::detail::label_end(language.primary()));
            out.literal(fact.value().view(language));
        }
        out.close_quote();
    }
    if (auto const body = what.body().view(language); !body.empty())
    {
        out.block();
        if (what.body_is_markdown())
            out.raw(tidings::detail::render_markup(body, markdown_dialect));
        else
            out.literal(body);
    }
    if (auto const footer = what.footer().view(language); !footer.empty())
    {
        out.block();
        out.raw("<font color=\"comment\">");
        out.literal(footer);
        out.raw("</font>");
    }
    return std::move(out).take();
}

} // namespace detail

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL native_message notice_for_app(notice const& what, language_tag const& language)
{
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    if (what.buttons().empty())
    {
        json.open_object().member("content", detail::notice_text(what, language)).close_object();
        return {"markdown", std::string(out.view())};
    }
    if (what.buttons().size() == 1 && what.facts().empty())
    {
        auto const title = plain_text(tidings::detail::title_with_severity(what, language));
        auto text = detail::plain_body(what, language);
        if (auto const footer = plain_text(what.footer().view(language)); !footer.empty())
            detail::append_line(text, footer);
        auto const label = plain_text(what.buttons().front().label().view(language));
        auto const characters = std::count_if(label.begin(), label.end(),
                                              [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
        if (!text.empty() && text.size() <= detail::max_card_text && title.size() <= detail::max_card_title &&
            static_cast<std::size_t>(characters) <= detail::max_card_button)
        {
            json.open_object().member("title", title).member("description", text);
            json.member("url", what.buttons().front().url()).member("btntxt", label).close_object();
            return {"textcard", std::string(out.view())};
        }
    }
    return detail::template_card(what, language);
}

TIDINGS_DECL std::string notice_for_chat(notice const& what, language_tag const& language)
{
    auto out = detail::notice_text(what, language);
    for (auto const& button : what.buttons())
    {
        tidings::detail::markup_writer link(detail::markdown_dialect);
        link.link(button.label().view(language), button.url());
        (out += '\n') += std::move(link).take();
    }
    return out;
}

TIDINGS_DECL native_message notice_for_webhook(notice const& what, language_tag const& language)
{
    if (what.buttons().empty())
        return notice_for_app(what, language);
    return detail::template_card(what, language);
}

} // namespace tidings::inline v0::providers::wecom

#endif
