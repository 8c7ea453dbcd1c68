// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_IM_AFTER_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_IM_AFTER_IPP

#include <tidings/sandbox/detail/lark_messages.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

inline constexpr std::chrono::days card_update_window{14};
inline constexpr std::chrono::days read_state_window{7};
inline constexpr int max_edits = 20;

TIDINGS_SANDBOX_DECL stored_message& visible_message(call& c)
{
    auto const& id = c.args[0];
    if (!id.starts_with("om_"))
        refuse_parameter("invalid message_id");
    auto* const m = c.state.find_message(id);
    if (!m)
        refuse(99992354, id);
    if (!bot_works(*c.caller))
        refuse(230006);
    // Another app's bot in the same group sees the message; in a chat of two it does not.
    if (m->row.app_id != c.caller->app_id && m->to_person)
        refuse(230050);
    return *m;
}

// The message, if it is the caller's own and still there.
inline stored_message& own_message(call& c, int not_sender_code)
{
    auto& m = visible_message(c);
    if (m.row.app_id != c.caller->app_id)
        refuse(not_sender_code);
    if (m.row.recalled)
        refuse(230110);
    return m;
}

TIDINGS_SANDBOX_DECL json::object edit_message(call& c)
{
    auto const d = read_draft(body_object(c));
    if (d.msg_type.empty())
        refuse_field("msg_type", "msg_type is required");
    auto& m = own_message(c, 230071);
    if ((d.msg_type != "text" && d.msg_type != "post") || (m.row.msg_type != "text" && m.row.msg_type != "post"))
        refuse(230054);
    if (m.edits >= max_edits)
        refuse(230072);
    if (c.now - m.created > seconds(c.world().edit_window_seconds))
        refuse(230075);
    auto checked = check_draft(c, d, m.to_person);
    ++m.edits;
    m.updated = c.now;
    m.shown = std::move(checked.shown);
    m.mentions = std::move(checked.mentions);
    m.row.updated = true;
    m.row.msg_type = d.msg_type;
    m.row.content = d.content;
    return success(describe_message(c, m));
}

// Old and new card need config.update_multi.
inline bool shared_card(std::string_view content)
{
    boost::system::error_code ec;
    auto const v = json::parse(jview(content), ec);
    auto const* const config = !ec && v.is_object() ? v.get_object().if_contains("config") : nullptr;
    auto const* const multi =
        config && config->is_object() ? config->get_object().if_contains("update_multi") : nullptr;
    return multi && multi->is_bool() && multi->get_bool();
}

TIDINGS_SANDBOX_DECL json::object patch_card(call& c)
{
    auto d = read_draft(body_object(c));
    d.msg_type = "interactive";
    auto& m = own_message(c, 230012);
    if (m.row.msg_type != "interactive")
        refuse_parameter("This message is NOT a card");
    if (c.now - m.created > card_update_window)
        refuse(230031);
    auto const checked = check_draft(c, d, m.to_person);
    if (!shared_card(m.row.content) || !shared_card(d.content))
        refuse_parameter("invalid message content, config.update_multi must be true");
    check_receiver_rate(c, m.row.message_id);
    m.updated = c.now;
    m.shown = checked.shown;
    m.row.updated = true;
    m.row.content = d.content;
    return {{"code", 0}, {"data", json::object()}, {"msg", "ok"}};
}

TIDINGS_SANDBOX_DECL json::object recall_message(call& c)
{
    auto& m = own_message(c, 230026);
    if (c.now - m.created > seconds(c.world().recall_window_seconds))
        refuse(230009);
    m.row.recalled = true;
    return success(json::object());
}

TIDINGS_SANDBOX_DECL json::object read_message(call& c)
{
    auto const& m = visible_message(c);
    if (m.row.recalled)
        refuse(230110);
    return success(json::object{{"items", json::array{describe_message(c, m)}}});
}
TIDINGS_SANDBOX_DECL json::object read_users(call& c)
{
    if (c.query_value("user_id_type").empty())
        refuse_field("user_id_type", "user_id_type is required");
    auto const id_type = user_id_type(c);
    auto const size = c.query_number("page_size", 20);
    auto const start = c.query_number("page_token", 0);
    if (size < 1 || size > 100)
        refuse_field("page_size", "page_size must be 1 to 100");
    if (start < 0)
        refuse_field("page_token", "page_token is invalid");
    auto const& m = own_message(c, 230012);
    if (c.now - m.created > read_state_window)
        refuse(230033);
    json::array items;
    auto const first = std::min(static_cast<std::size_t>(start), m.row.readers.size());
    auto const last = std::min(first + static_cast<std::size_t>(size), m.row.readers.size());
    for (auto i = first; i < last; ++i)
    {
        auto const& login = m.row.readers[i];
        auto const* const user = c.world().find_person(login);
        items.push_back(json::object{{"user_id_type", jview(id_type)},
                                     {"user_id", jview(user ? id_of(c, *user, id_type) : login)},
                                     {"timestamp", std::to_string(m.reads.at(login).time_since_epoch().count())},
                                     {"tenant_key", jview(c.caller->tenant_key)}});
    }
    auto const more = last < m.row.readers.size();
    json::object data{{"items", std::move(items)}, {"has_more", more}};
    if (more)
        data["page_token"] = std::to_string(last);
    return success(std::move(data));
}

TIDINGS_SANDBOX_DECL json::object urgent_app(call& c)
{
    auto const id_type = user_id_type(c);
    auto const ids = list_member(body_object(c), "user_id_list");
    if (ids.empty() || ids.size() > 200)
        refuse_field("user_id_list", ids.empty() ? "user_id_list is required" : "the max len is 200");
    auto& m = own_message(c, 230012);
    json::array invalid;
    for (auto const& id : ids)
    {
        auto const found = find_by_id(c, id_type, id);
        auto const* const group = m.to_person ? nullptr : find_chat(c, m.row.chat_id);
        auto const in_chat =
            found.user && (m.to_person ? found.user->login_name == m.row.to
                                       : group && std::find(group->members.begin(), group->members.end(),
                                                            found.user->login_name) != group->members.end());
        if (!in_chat)
            invalid.emplace_back(jview(id));
    }
    if (invalid.size() == ids.size())
        refuse_parameter("all ids in the user_id_list are invalid");
    m.row.urgent = true;
    return success(json::object{{"invalid_user_id_list", std::move(invalid)}});
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
