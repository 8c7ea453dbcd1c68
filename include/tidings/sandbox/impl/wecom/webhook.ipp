// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_WEBHOOK_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_WEBHOOK_IPP

#include <tidings/sandbox/detail/wecom.hpp>
#include <tidings/sandbox/impl/wecom/media.ipp>

namespace tidings::inline v0::sandbox::detail::wecom {

inline constexpr std::size_t largest_hook_image = 2 * 1024 * 1024;

inline wecom_hook const& open_hook(call const& c)
{
    auto const key = c.query_value("key");
    auto const& hooks = c.world().hooks;
    auto const at = std::find_if(hooks.begin(), hooks.end(), [&](wecom_hook const& h) { return h.key == key; });
    if (at == hooks.end())
        refuse(93000);
    if (!at->enabled)
        refuse(93004);
    if (!at->in_group)
        refuse(93008);
    return *at;
}

inline void check_hook_words(std::string const& msgtype, json::object const& content)
{
    auto const text = text_member(content, "content");
    if (text.empty())
        refuse(44004);
    // So 93000 alone does not prove a bad key.
    if (text.size() > (msgtype == "text" ? 2048u : 4096u))
        refuse(93000, "Invalid input : content exceed max length. invalid Request Parameter");
    for (auto const* name : {"mentioned_list", "mentioned_mobile_list"})
        if (auto const* const list = content.if_contains(name))
            if (!list->is_array() || !std::all_of(list->get_array().begin(), list->get_array().end(),
                                                  [](json::value const& v) { return v.is_string(); }))
                refuse_field(name, "is no array of strings");
}

// Nothing when it is no base64.
inline std::string from_base64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0)
        return {};
    std::string out(text.size() / 4 * 3, '\0');
    auto const n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    auto const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    out.resize(n < padding ? 0 : static_cast<std::size_t>(n - padding));
    return out;
}

inline std::string md5_hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> md{};
    unsigned length = 0;
    EVP_Digest(bytes.data(), bytes.size(), md.data(), &length, EVP_md5(), nullptr);
    std::string out;
    for (unsigned i = 0; i < length; ++i)
    {
        out += "0123456789abcdef"[md[i] >> 4];
        out += "0123456789abcdef"[md[i] & 15];
    }
    return out;
}

inline void check_hook_image(call const& c, json::object const& content)
{
    auto const bytes = from_base64(text_member(content, "base64"));
    if (bytes.empty())
        refuse(44001);
    if (bytes.size() > largest_hook_image)
        refuse(45001);
    if (md5_hex(bytes) != lower(text_member(content, "md5")))
        refuse_field("image.md5", "does not fit");
    if (c.world().modes.check_media_format)
        check_format("image", bytes);
}

inline void check_hook_news(json::object const& content)
{
    check_articles(content);
    for (auto const& article : content.at("articles").get_array())
        check_url("articles.url", text_member(article.get_object(), "url"));
}

inline void check_hook_card(call const& c, json::object const& card)
{
    check_card(c, card);
    if (!text_member(card, "card_type").ends_with("_notice"))
        refuse_field("card_type", "is not for robots");
}
inline json::object hook_content(call const& c, wecom_hook const& h, std::string const& msgtype,
                                 json::object const& body)
{
    static constexpr std::string_view types[]{"text", "markdown", "markdown_v2", "image",
                                              "news", "file",     "voice",       "template_card"};
    if (std::find(std::begin(types), std::end(types), msgtype) == std::end(types))
        refuse(40008);
    auto const words = msgtype == "text" || msgtype.starts_with("markdown");
    auto const* const content = object_member(body, msgtype);
    if (!content)
        refuse(words ? 44004 : 40063);
    if (words)
        check_hook_words(msgtype, *content);
    else if (msgtype == "image")
        check_hook_image(c, *content);
    else if (msgtype == "news")
        check_hook_news(*content);
    else if (msgtype == "template_card")
        check_hook_card(c, *content);
    else
        check_media(c, h.key, text_member(*content, "media_id"), msgtype);
    return *content;
}

TIDINGS_SANDBOX_DECL json::object hook_message(call& c)
{
    auto const& h = open_hook(c);
    auto const& limits = c.world().limits;
    if (limits.enabled && !admits(c, "hook/" + h.key, limits.hook_per_minute, seconds(60)))
        refuse(45009);
    auto const body = body_object(c);
    auto const msgtype = text_member(body, "msgtype");
    auto const content = hook_content(c, h, msgtype, body);
    stored_message m;
    m.created = m.updated = c.now;
    m.row.provider = to_string(c.req.platform);
    m.row.to = h.chat_id;
    m.row.chat_id = h.chat_id;
    m.row.receive_id_type = "hook";
    m.row.receive_id = h.key;
    m.row.message_id = c.state.fresh_id("", 60);
    m.row.msg_type = msgtype;
    m.row.content = compact(content);
    c.state.add_message(std::move(m));
    return {};
}

TIDINGS_SANDBOX_DECL json::object upload_for_hook(call& c)
{
    auto const bytes = media_part(c.req, c.world().modes.any_upload_part);
    // Seen before a bad key is.
    if (bytes.empty())
        refuse(44001);
    auto const& h = open_hook(c);
    auto const type = c.query_value("type");
    if (type != "file" && type != "voice")
        refuse(40035);
    return keep_media(c, h.key, bytes);
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
