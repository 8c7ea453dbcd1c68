// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_APPCHAT_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_APPCHAT_IPP

#include <tidings/sandbox/impl/wecom/content.ipp>

namespace tidings::inline v0::sandbox::detail {

// Group chats that an app creates and writes to. From the platform's pages 90244 to 90248 and its list of codes.

inline constexpr std::size_t max_wecom_chat_id = 32;
inline constexpr std::size_t max_wecom_chat_members = 2000;
inline constexpr std::size_t max_wecom_chat_name = 50;

inline void check_wecom_chat_caller(wecom_call const& c)
{
    if (!c.caller->range_is_root)
        refuse_wecom(60011);
}

inline void check_wecom_chat_id(std::string const& id)
{
    if (id.empty())
        refuse_wecom(86201);
    if (id.size() > max_wecom_chat_id)
        refuse_wecom(86205);
    if (!std::all_of(id.begin(), id.end(), [](char ch) {
            auto const u = static_cast<unsigned char>(ch);
            return u < 0x80 && std::isalnum(u) != 0;
        }))
        refuse_wecom(86001);
}

inline wecom_chat const* find_wecom_chat(wecom_call const& c, std::string_view id)
{
    for (auto const& chat : c.world().chats)
        if (chat.chat_id == id)
            return &chat;
    return nullptr;
}

// The caller's own chat of that id: 86201, 86205, 86001, `modes.unknown_chat_code`, 86008.
inline wecom_chat const& own_wecom_chat(wecom_call const& c, std::string const& id)
{
    check_wecom_chat_caller(c);
    check_wecom_chat_id(id);
    auto const* const chat = find_wecom_chat(c, id);
    if (!chat)
        refuse_wecom(c.world().modes.unknown_chat_code);
    if (chat->app_id != c.caller->id())
        refuse_wecom(86008);
    return *chat;
}

inline std::vector<std::string> wecom_chat_members(wecom_call const& c, json::object const& body)
{
    auto const* const list = body.if_contains("userlist");
    if (!list || list->is_null())
        refuse_wecom(86204);
    if (!list->is_array())
        refuse_wecom_field("userlist", "is no array");
    std::vector<std::string> out;
    for (auto const& v : list->get_array())
    {
        auto const* const who = v.is_string() ? wecom_member(c, view(v.get_string())) : nullptr;
        if (!who)
            refuse_wecom(86216);
        if (std::find(out.begin(), out.end(), who->login_name) == out.end())
            out.push_back(who->login_name);
    }
    if (out.size() < 2 || out.size() > max_wecom_chat_members)
        refuse_wecom(86006);
    return out;
}

// The first characters of a name, at most so many.
inline std::string shortened(std::string text, std::size_t max)
{
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 && ++seen > max)
        {
            text.resize(i);
            break;
        }
    return text;
}

TIDINGS_SANDBOX_DECL json::object wecom_chat_create(wecom_call& c)
{
    check_wecom_chat_caller(c);
    auto const body = wecom_body(c);
    wecom_chat chat;
    chat.chat_id = wecom_text(body, "chatid");
    if (chat.chat_id.empty())
        chat.chat_id = c.state.fresh_id("", max_wecom_chat_id);
    check_wecom_chat_id(chat.chat_id);
    if (find_wecom_chat(c, chat.chat_id))
        refuse_wecom(86215);
    chat.name = shortened(wecom_text(body, "name"), max_wecom_chat_name);
    chat.members = wecom_chat_members(c, body);
    chat.owner = chat.members.front();
    if (auto const owner = wecom_text(body, "owner"); !owner.empty())
    {
        auto const* const who = wecom_member(c, owner);
        if (!who || std::find(chat.members.begin(), chat.members.end(), who->login_name) == chat.members.end())
            refuse_wecom(86207);
        chat.owner = who->login_name;
    }
    chat.app_id = c.caller->id();
    c.state.world.wecom.chats.push_back(chat);
    return {{"chatid", jview(chat.chat_id)}};
}

TIDINGS_SANDBOX_DECL json::object wecom_chat_get(wecom_call& c)
{
    auto const& chat = own_wecom_chat(c, c.query_value("chatid"));
    json::array members;
    for (auto const& login_name : chat.members)
        members.emplace_back(jview(login_name));
    return {{"chat_info",
             {{"chatid", jview(chat.chat_id)},
              {"name", jview(chat.name)},
              {"owner", jview(chat.owner)},
              {"userlist", std::move(members)}}}};
}

// The answer has no id: a message to a group chat cannot be recalled.
TIDINGS_SANDBOX_DECL json::object wecom_chat_send(wecom_call& c)
{
    static constexpr std::string_view types[]{"text",     "image", "voice",  "video",   "file",
                                              "textcard", "news",  "mpnews", "markdown"};
    if (!c.caller->may_send)
        refuse_wecom(48006);
    auto const body = wecom_body(c);
    auto const& chat = own_wecom_chat(c, wecom_text(body, "chatid"));
    auto const msgtype = wecom_text(body, "msgtype");
    if (std::find(std::begin(types), std::end(types), msgtype) == std::end(types))
        refuse_wecom(40008);
    auto const content = wecom_app_content(c, msgtype, body);
    check_wecom_switch(c, body, "safe", msgtype == "mpnews" ? 2 : 1);

    auto const& limits = c.world().limits;
    auto members = c.state.members_of(chat.chat_id);
    if (limits.enabled)
    {
        for (std::size_t i = 0; i < members.size(); ++i)
            if (!wecom_admits(c, c.caller->corp_id + "/appchat", limits.chat_people_per_minute, seconds(60)))
                refuse_wecom(45009);
        std::erase_if(members, [&](std::string const& login_name) {
            return c.memory().members[c.caller->id() + "/" + login_name + "/appchat"].admit(
                c.now, limits.chat_member_per_minute, seconds(60));
        });
        if (members.empty())
            return {};
    }
    stored_message m;
    m.created = m.updated = c.now;
    m.shown = compact(content);
    m.row.provider = to_string(c.req.platform);
    m.row.to = m.row.receive_id = m.row.chat_id = chat.chat_id;
    m.row.receive_id_type = "chatid";
    m.row.message_id = c.state.fresh_id("", 60);
    m.row.msg_type = msgtype;
    m.row.content = compact(content);
    m.row.app_id = c.caller->id();
    m.row.reached = std::move(members);
    c.state.add_message(std::move(m));
    return {};
}

} // namespace tidings::inline v0::sandbox::detail

#endif
