// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_CARD_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_CARD_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

// Template cards. The document names no codes for them: 40058 throughout.

inline bool is_task_id(std::string_view id)
{
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](unsigned char ch) {
        return ch < 0x80 && (std::isalnum(ch) != 0 || ch == '_' || ch == '-' || ch == '@');
    });
}

inline void check_card_list(call const& c, json::object const& card, std::string_view name, std::size_t max_count)
{
    auto const* const list = card.if_contains(jview(name));
    if (list && list->is_null() && c.world().modes.null_lists)
        return;
    if (list && !list->is_array())
        refuse_field(name, "is no array");
    if (list && list->get_array().size() > max_count)
        refuse_field(name, "exceed max length " + std::to_string(max_count));
}

inline void check_text_notice(json::object const& card)
{
    auto const* const title = object_member(card, "main_title");
    if ((!title || text_member(*title, "title").empty()) && text_member(card, "sub_title_text").empty())
        refuse_field("main_title.title", "or sub_title_text must be given");
    if (!object_member(card, "card_action"))
        refuse_field("card_action", "must be given");
}

TIDINGS_SANDBOX_DECL bool card_answerable(json::object const& card)
{
    auto const type = text_member(card, "card_type");
    return type.ends_with("_interaction") || object_member(card, "action_menu");
}

TIDINGS_SANDBOX_DECL void check_card(call const& c, json::object const& card)
{
    static constexpr std::string_view types[]{"text_notice", "news_notice", "button_interaction", "vote_interaction",
                                              "multiple_interaction"};
    auto const type = text_member(card, "card_type");
    if (std::find(std::begin(types), std::end(types), type) == std::end(types))
        refuse_field("card_type", "is unknown");
    if (type == "text_notice")
        check_text_notice(card);
    if (auto const* const action = object_member(card, "card_action"); action && number_member(*action, "type", 0) == 1)
        check_url("card_action.url", text_member(*action, "url"));
    check_card_list(c, card, "horizontal_content_list", 6);
    check_card_list(c, card, "jump_list", 3);
}

TIDINGS_SANDBOX_DECL void check_task(call const& c, json::object const& card)
{
    auto const id = text_member(card, "task_id");
    if (card_answerable(card) || !id.empty())
        if (!is_task_id(id))
            refuse_field("task_id", "must be 1 to 128 letters, digits, _-@");
    if (card_answerable(card) && !c.caller->callback_configured)
        refuse_field("template_card", "needs a callback url");
}

// Whose cards are meant: arrays of ids, unlike at sending.
inline bool card_update_concerns(json::object const& body, std::string const& login)
{
    if (number_member(body, "atall", 0) == 1)
        return true;
    auto const* const users = body.if_contains("userids");
    auto const is_it = [&](json::value const& v) { return v.is_string() && same_text(view(v.get_string()), login); };
    auto const* const parties = body.if_contains("partyids");
    auto const everybody = [](json::value const& v) { return v.is_int64() && v.get_int64() == 1; };
    return (users && std::any_of(users->get_array().begin(), users->get_array().end(), is_it)) ||
           (parties && std::any_of(parties->get_array().begin(), parties->get_array().end(), everybody));
}

inline void check_card_receivers(json::object const& body)
{
    auto anybody = number_member(body, "atall", 0) == 1;
    for (auto const* name : {"userids", "partyids", "tagids"})
        if (auto const* const list = body.if_contains(name))
        {
            if (!list->is_array())
                refuse_field(name, "is no array");
            anybody = anybody || !list->get_array().empty();
        }
    if (!anybody)
        refuse(82001);
}

TIDINGS_SANDBOX_DECL json::object update_card(call& c)
{
    auto const body = body_object(c);
    check_agent(c, body);
    check_card_receivers(body);
    auto const* const button = object_member(body, "button");
    auto const* const card = object_member(body, "template_card");
    if (card)
        check_card(c, *card);
    else if (!button || text_member(*button, "replace_name").empty())
        refuse_field("button.replace_name", "or template_card must be given");
    auto& cards = c.platform_state().cards;
    auto const at = cards.find(text_member(body, "response_code"));
    if (at == cards.end() || at->second.app_id != c.caller->id() || at->second.expires <= c.now)
        refuse_field("response_code", "is invalid");
    for (auto& m : c.state.messages)
        if (m.row.message_id == at->second.msgid && card_update_concerns(body, m.row.to))
        {
            m.row.updated = true;
            m.updated = c.now;
            if (card)
                m.row.content = compact(*card);
        }
    cards.erase(at);
    return {};
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
