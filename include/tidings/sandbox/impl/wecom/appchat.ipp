// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_APPCHAT_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_APPCHAT_IPP

#include <tidings/sandbox/impl/wecom/content.ipp>

namespace tidings::inline v0::sandbox::detail::wecom {

// Group chats that an app creates and writes to. From the platform's pages 90244 to 90248 and its list of codes.

inline constexpr std::size_t max_chat_id = 32;
inline constexpr std::size_t max_chat_members = 2000;
inline constexpr std::size_t max_chat_name = 50;

inline void check_chat_caller(call const& c)
{
    if (!c.caller->range_is_root)
        refuse(60011);
}

inline void check_chat_id(std::string const& id)
{
    if (id.empty())
        refuse(86201);
    if (id.size() > max_chat_id)
        refuse(86205);
    if (!std::all_of(id.begin(), id.end(), [](char ch) {
            auto const u = static_cast<unsigned char>(ch);
            return u < 0x80 && std::isalnum(u) != 0;
        }))
        refuse(86001);
}

inline wecom_chat const* find_chat(call const& c, std::string_view id)
{
    for (auto const& chat : c.world().chats)
        if (chat.chat_id == id)
            return &chat;
    return nullptr;
}

// The caller's own chat of that id: 86201, 86205, 86001, `modes.unknown_chat_code`, 86008.
inline wecom_chat const& own_chat(call const& c, std::string const& id)
{
    check_chat_caller(c);
    check_chat_id(id);
    auto const* const chat = find_chat(c, id);
    if (!chat)
        refuse(c.world().modes.unknown_chat_code);
    if (chat->app_id != c.caller->id())
        refuse(86008);
    return *chat;
}

inline std::vector<std::string> chat_members(call const& c, json::object const& body)
{
    auto const* const list = body.if_contains("userlist");
    if (!list || list->is_null())
        refuse(86204);
    if (!list->is_array())
        refuse_field("userlist", "is no array");
    std::vector<std::string> out;
    for (auto const& v : list->get_array())
    {
        auto const* const member = v.is_string() ? find_member(c, view(v.get_string())) : nullptr;
        if (!member)
            refuse(86216);
        if (std::find(out.begin(), out.end(), member->login_name) == out.end())
            out.push_back(member->login_name);
    }
    if (out.size() < 2 || out.size() > max_chat_members)
        refuse(86006);
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

TIDINGS_SANDBOX_DECL json::object create_chat(call& c)
{
    check_chat_caller(c);
    auto const body = body_object(c);
    wecom_chat chat;
    chat.chat_id = text_member(body, "chatid");
    if (chat.chat_id.empty())
        chat.chat_id = c.state.fresh_id("", max_chat_id);
    check_chat_id(chat.chat_id);
    if (find_chat(c, chat.chat_id))
        refuse(86215);
    chat.name = shortened(text_member(body, "name"), max_chat_name);
    chat.members = chat_members(c, body);
    chat.owner = chat.members.front();
    if (auto const owner = text_member(body, "owner"); !owner.empty())
    {
        auto const* const member = find_member(c, owner);
        if (!member || std::find(chat.members.begin(), chat.members.end(), member->login_name) == chat.members.end())
            refuse(86207);
        chat.owner = member->login_name;
    }
    chat.app_id = c.caller->id();
    c.state.world.wecom.chats.push_back(chat);
    return {{"chatid", jview(chat.chat_id)}};
}

TIDINGS_SANDBOX_DECL json::object get_chat(call& c)
{
    auto const& chat = own_chat(c, c.query_value("chatid"));
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
TIDINGS_SANDBOX_DECL json::object send_to_chat(call& c)
{
    static constexpr std::string_view types[]{"text",     "image", "voice",  "video",   "file",
                                              "textcard", "news",  "mpnews", "markdown"};
    if (!c.caller->may_send)
        refuse(48006);
    auto const body = body_object(c);
    auto const& chat = own_chat(c, text_member(body, "chatid"));
    auto const msgtype = text_member(body, "msgtype");
    if (std::find(std::begin(types), std::end(types), msgtype) == std::end(types))
        refuse(40008);
    auto const content = app_content(c, msgtype, body);
    check_switch(c, body, "safe", msgtype == "mpnews" ? 2 : 1);

    auto const& limits = c.world().limits;
    auto members = c.state.members_of(chat.chat_id);
    if (limits.enabled)
    {
        for (std::size_t i = 0; i < members.size(); ++i)
            if (!admits(c, c.caller->corp_id + "/appchat", limits.chat_people_per_minute, seconds(60)))
                refuse(45009);
        std::erase_if(members, [&](std::string const& login_name) {
            return c.platform_state().members[c.caller->id() + "/" + login_name + "/appchat"].admit(
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

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
