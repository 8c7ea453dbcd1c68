// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_CARD_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_CARD_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail {

// Template cards (§4.2). The document names no codes for them: 40058 throughout.

inline bool is_task_id(std::string_view id)
{
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](unsigned char ch) {
        return ch < 0x80 && (std::isalnum(ch) != 0 || ch == '_' || ch == '-' || ch == '@');
    });
}

inline void check_card_list(wecom_call const& c, json::object const& card, std::string_view name, std::size_t max_count)
{
    auto const* const list = card.if_contains(jview(name));
    if (list && list->is_null() && c.world().modes.null_lists)
        return;
    if (list && !list->is_array())
        refuse_wecom_field(name, "is no array");
    if (list && list->get_array().size() > max_count)
        refuse_wecom_field(name, "exceed max length " + std::to_string(max_count));
}

inline void check_text_notice(json::object const& card)
{
    auto const* const title = wecom_object(card, "main_title");
    if ((!title || wecom_text(*title, "title").empty()) && wecom_text(card, "sub_title_text").empty())
        refuse_wecom_field("main_title.title", "or sub_title_text must be given");
    if (!wecom_object(card, "card_action"))
        refuse_wecom_field("card_action", "must be given");
}

TIDINGS_SANDBOX_DECL bool wecom_card_answerable(json::object const& card)
{
    auto const type = wecom_text(card, "card_type");
    return type.ends_with("_interaction") || wecom_object(card, "action_menu");
}

TIDINGS_SANDBOX_DECL void check_wecom_card(wecom_call const& c, json::object const& card)
{
    static constexpr std::string_view types[]{"text_notice", "news_notice", "button_interaction", "vote_interaction",
                                              "multiple_interaction"};
    auto const type = wecom_text(card, "card_type");
    if (std::find(std::begin(types), std::end(types), type) == std::end(types))
        refuse_wecom_field("card_type", "is unknown");
    if (type == "text_notice")
        check_text_notice(card);
    if (auto const* const action = wecom_object(card, "card_action"); action && wecom_number(*action, "type", 0) == 1)
        check_wecom_url("card_action.url", wecom_text(*action, "url"));
    check_card_list(c, card, "horizontal_content_list", 6);
    check_card_list(c, card, "jump_list", 3);
}

TIDINGS_SANDBOX_DECL void check_wecom_task(wecom_call const& c, json::object const& card)
{
    auto const id = wecom_text(card, "task_id");
    if (wecom_card_answerable(card) || !id.empty())
        if (!is_task_id(id))
            refuse_wecom_field("task_id", "must be 1 to 128 letters, digits, _-@");
    if (wecom_card_answerable(card) && !c.caller->callback_configured)
        refuse_wecom_field("template_card", "needs a callback url");
}

// Whose cards are meant: arrays of ids, unlike at sending.
inline bool card_update_concerns(json::object const& body, std::string const& login)
{
    if (wecom_number(body, "atall", 0) == 1)
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
    auto anybody = wecom_number(body, "atall", 0) == 1;
    for (auto const* name : {"userids", "partyids", "tagids"})
        if (auto const* const list = body.if_contains(name))
        {
            if (!list->is_array())
                refuse_wecom_field(name, "is no array");
            anybody = anybody || !list->get_array().empty();
        }
    if (!anybody)
        refuse_wecom(82001);
}

TIDINGS_SANDBOX_DECL json::object wecom_update_card(wecom_call& c)
{
    auto const body = wecom_body(c);
    check_wecom_agent(c, body);
    check_card_receivers(body);
    auto const* const button = wecom_object(body, "button");
    auto const* const card = wecom_object(body, "template_card");
    if (card)
        check_wecom_card(c, *card);
    else if (!button || wecom_text(*button, "replace_name").empty())
        refuse_wecom_field("button.replace_name", "or template_card must be given");
    auto& cards = c.memory().cards;
    auto const at = cards.find(wecom_text(body, "response_code"));
    if (at == cards.end() || at->second.app_id != c.caller->id() || at->second.expires <= c.now)
        refuse_wecom_field("response_code", "is invalid");
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

} // namespace tidings::inline v0::sandbox::detail

#endif
