// How portable messages look on DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_DIALECT_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_DIALECT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/native.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/markup_writer.hpp>
#include <tidings/provider/detail/severity_words.hpp>
#include <tidings/provider/dingtalk/dialect.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

TIDINGS_DECL std::string notice_text(notice const& what, language_tag const& language, bool links)
{
    tidings::detail::markup_writer out(markdown_dialect);
    out.block();
    out.raw("### ");
    out.literal(tidings::detail::title_with_severity(what, language));
    bool first = true;
    for (auto const& fact : what.facts())
    {
        out.open_item(out.bullet, first, false);
        out.block();
        out.strong(fact.label().view(language));
        out.raw(tidings::detail::label_end(language.primary()));
        out.literal(fact.value().view(language));
        out.close_item();
        first = false;
    }
    if (auto const body = what.body().view(language); !body.empty())
    {
        out.block();
        if (what.body_is_markdown())
            out.raw(tidings::detail::render_markup(body, markdown_dialect));
        else
            out.literal(body);
    }
    first = true;
    for (auto const& button : what.buttons())
        if (links)
        {
            out.open_item(out.bullet, first, false);
            out.block();
            out.link(button.label().view(language), button.url());
            out.close_item();
            first = false;
        }
    if (auto const footer = what.footer().view(language); !footer.empty())
    {
        out.open_quote();
        out.block();
        out.literal(footer);
        out.close_quote();
    }
    return std::move(out).take();
}

TIDINGS_DECL std::size_t characters(std::string_view utf8) noexcept
{
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

TIDINGS_DECL native_message markdown_notice(std::string_view type, notice const& what, language_tag const& language)
{
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("title", tidings::detail::title_with_severity(what, language));
    json.member("text", notice_text(what, language, true)).close_object();
    return {type, std::string(out.view())};
}

} // namespace detail

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL std::string render_markdown(std::string_view portable)
{
    return tidings::detail::render_markup(portable, detail::markdown_dialect);
}

TIDINGS_DECL std::string plain_text(std::string_view text)
{
    return std::string(text);
}

TIDINGS_DECL native_message notice_for_robot(notice const& what, language_tag const& language)
{
    constexpr std::string_view keys[] = {"sampleMarkdown",    "sampleActionCard",  "sampleActionCard2",
                                         "sampleActionCard3", "sampleActionCard4", "sampleActionCard5"};
    auto const count = what.buttons().size();
    if (count == 0 || count > detail::max_buttons)
        return detail::markdown_notice(keys[0], what, language);
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("title", tidings::detail::title_with_severity(what, language));
    json.member("text", detail::notice_text(what, language, false));
    if (count == 1)
    {
        auto const& button = what.buttons().front();
        json.member("singleTitle", button.label().view(language)).member("singleURL", button.url());
    }
    else
        for (std::size_t i = 0; i != count; ++i)
        {
            auto const number = std::to_string(i + 1);
            json.member("actionTitle" + number, what.buttons()[i].label().view(language));
            json.member("actionURL" + number, what.buttons()[i].url());
        }
    json.close_object();
    return {keys[count], std::string(out.view())};
}

TIDINGS_DECL native_message notice_for_webhook(notice const& what, language_tag const& language)
{
    if (what.buttons().empty())
        return detail::markdown_notice("markdown", what, language);
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("title", tidings::detail::title_with_severity(what, language));
    json.member("text", detail::notice_text(what, language, false));
    if (what.buttons().size() == 1)
    {
        auto const& button = what.buttons().front();
        json.member("singleTitle", button.label().view(language)).member("singleURL", button.url());
    }
    else
    {
        json.member("btnOrientation", "0").key("btns").open_array();
        for (auto const& button : what.buttons())
        {
            json.open_object().member("title", button.label().view(language));
            json.member("actionURL", button.url()).close_object();
        }
        json.close_array();
    }
    json.close_object();
    return {"actionCard", std::string(out.view())};
}

TIDINGS_DECL native_message notice_for_work(notice const& what, language_tag const& language)
{
    auto const count = what.buttons().size();
    auto const max_url = count == 1 ? detail::max_single_url : detail::max_url;
    bool const fit = std::all_of(what.buttons().begin(), what.buttons().end(), [&](notice::link const& button) {
        return detail::characters(button.label().view(language)) <= detail::max_button &&
               button.url().size() <= max_url;
    });
    if (count == 0 || count > detail::max_buttons || !fit)
        return detail::markdown_notice("markdown", what, language);
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    json.open_object().member("title", tidings::detail::title_with_severity(what, language));
    json.member("markdown", detail::notice_text(what, language, false));
    if (count == 1)
    {
        auto const& button = what.buttons().front();
        json.member("single_title", button.label().view(language)).member("single_url", button.url());
    }
    else
    {
        json.member("btn_orientation", "0").key("btn_json_list").open_array();
        for (auto const& button : what.buttons())
        {
            json.open_object().member("title", button.label().view(language));
            json.member("action_url", button.url()).close_object();
        }
        json.close_array();
    }
    json.close_object();
    return {"action_card", std::string(out.view())};
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
