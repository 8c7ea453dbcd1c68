// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_CONTENT_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_CONTENT_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

// In bytes unless the documentation says otherwise.
inline constexpr std::size_t max_text = 2048;
inline constexpr std::size_t max_url = 2048;
inline constexpr std::size_t max_mpnews_kilobytes = 666;

TIDINGS_SANDBOX_DECL void check_length(std::string_view field, std::size_t size, std::size_t least,
                                       std::size_t max_count)
{
    if (size < least)
        refuse_field(field, "exceed min length " + std::to_string(least));
    if (size > max_count)
        refuse_field(field, "exceed max length " + std::to_string(max_count));
}

TIDINGS_SANDBOX_DECL void check_url(std::string_view field, std::string const& url)
{
    check_length(field, url.size(), 0, max_url);
    auto const colon = url.find("://");
    if (colon == 0 || colon == std::string::npos || colon + 3 == url.size())
        refuse(45034);
}

// Cut on a byte limit, after the last whole character.
inline std::string cut_to(std::string text, std::size_t max_count)
{
    if (text.size() <= max_count)
        return text;
    while (max_count > 0 && (static_cast<unsigned char>(text[max_count]) & 0xc0) == 0x80)
        --max_count;
    text.resize(max_count);
    return text;
}

inline std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

inline json::array const& article_list(json::object const& content)
{
    auto const* const articles = content.if_contains("articles");
    if (!articles || !articles->is_array())
        refuse_field("articles", "is no array");
    auto const& list = articles->get_array();
    if (list.empty() || list.size() > 8)
        refuse(45008);
    if (!std::all_of(list.begin(), list.end(), [](json::value const& v) { return v.is_object(); }))
        refuse_field("articles", "is no array of objects");
    return list;
}

TIDINGS_SANDBOX_DECL void check_articles(json::object const& news)
{
    for (auto const& article : article_list(news))
    {
        auto const& a = article.get_object();
        check_length("articles.title", text_member(a, "title").size(), 1, std::string::npos);
        for (auto const* name : {"url", "picurl"})
            if (auto const url = text_member(a, name); !url.empty())
                check_url(std::string("articles.") + name, url);
    }
}

inline void check_mpnews(call const& c, json::object const& content)
{
    auto const kilobyte = static_cast<std::size_t>(c.state.world.modes.kilobyte);
    for (auto const& article : article_list(content))
    {
        auto const& a = article.get_object();
        check_length("articles.title", text_member(a, "title").size(), 1, std::string::npos);
        auto const text = text_member(a, "content");
        if (text.empty())
            refuse(44004);
        if (text.size() > max_mpnews_kilobytes * kilobyte)
            refuse(45002);
        check_media(c, c.caller->corp_id, text_member(a, "thumb_media_id"), "image");
    }
}

// As the platform's older pages describe it.
inline void check_task_card(call const& c, json::object const& card)
{
    check_length("taskcard.title", text_member(card, "title").size(), 1, 128);
    check_length("taskcard.description", text_member(card, "description").size(), 1, 512);
    if (auto const url = text_member(card, "url"); !url.empty())
        check_url("taskcard.url", url);
    check_length("taskcard.task_id", text_member(card, "task_id").size(), 1, 128);
    check_task(c, card);
    auto const* const buttons = card.if_contains("btn");
    if (!buttons || !buttons->is_array())
        refuse_field("taskcard.btn", "is no array");
    check_length("taskcard.btn", buttons->get_array().size(), 1, 2);
    for (auto const& button : buttons->get_array())
        for (auto const* name : {"key", "name"})
            if (!button.is_object() || text_member(button.get_object(), name).empty())
                refuse_field(std::string("taskcard.btn.") + name, "must be given");
}

inline void check_textcard(json::object const& card)
{
    check_length("textcard.title", text_member(card, "title").size(), 1, 128);
    check_length("textcard.description", text_member(card, "description").size(), 1, 512);
    check_length("textcard.btntxt", characters(text_member(card, "btntxt")), 0, 4);
    check_url("textcard.url", text_member(card, "url"));
}

TIDINGS_SANDBOX_DECL json::object app_content(call const& c, std::string const& msgtype, json::object const& body)
{
    static constexpr std::string_view types[]{"text",          "image",   "voice",  "video",    "file",
                                              "textcard",      "news",    "mpnews", "markdown", "miniprogram_notice",
                                              "template_card", "taskcard"};
    if (std::find(std::begin(types), std::end(types), msgtype) == std::end(types) ||
        (msgtype == "taskcard" && !c.world().modes.task_cards))
        refuse(40008);
    auto const words = msgtype == "text" || msgtype == "markdown";
    auto const* const given = object_member(body, msgtype);
    if (!given)
        refuse(words ? 44004 : 40063);
    auto content = *given;
    if (words)
    {
        auto text = text_member(content, "content");
        if (text.empty())
            refuse(44004);
        if (msgtype == "markdown" && text.size() > max_text)
            refuse(45002);
        content["content"] = jview(cut_to(std::move(text), max_text));
    }
    else if (msgtype == "textcard")
        check_textcard(content);
    else if (msgtype == "taskcard")
        check_task_card(c, content);
    else if (msgtype == "news")
        check_articles(content);
    else if (msgtype == "mpnews")
        check_mpnews(c, content);
    else if (msgtype == "template_card")
    {
        check_card(c, content);
        check_task(c, content);
    }
    else if (msgtype != "miniprogram_notice") // image, voice, video, file
        check_media(c, c.caller->corp_id, text_member(content, "media_id"), msgtype);
    auto const& dangerous = c.world().dangerous_text;
    if (!dangerous.empty() && compact(content).find(dangerous) != std::string::npos)
        refuse(82004);
    return content;
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
