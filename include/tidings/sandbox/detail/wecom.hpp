// WeCom's side of one call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_WECOM_HPP
#define TIDINGS_SANDBOX_DETAIL_WECOM_HPP

#include <tidings/sandbox/detail/state.hpp>

#include <span>

namespace tidings::inline v0::sandbox::detail {

// Every call of WeCom: routing, checks, handler, answer.
response answer_wecom(state& s, request const& req, std::string_view refused);
// Contradictions in the world: throws world_error.
void check_wecom(world const& w);
// Makes all tokens of `corp_id:agent_id` invalid, or of all apps of `corp_id`; does nothing if it is not an application
// of WeCom.
void revoke_wecom(state& s, std::string const& app_id);
// 45009 (§6), for scripted faults.
response wecom_throttled(state& s, request const& req);

struct wecom_endpoint;

// One call on its way through the checks (§1) to its handler.
struct wecom_call
{
    sandbox::detail::state& state;
    request const& req;
    wecom_endpoint const& api;
    std::vector<std::pair<std::string, std::string>> query;
    instant now;
    // Null at calls that need no token.
    wecom_app const* caller = nullptr;
    // Not empty: a scripted fault refuses the call with this code.
    std::string_view refused{};

    wecom_world const& world() const { return state.world.wecom; }
    wecom_state& memory() const { return state.wecom; }
    std::string query_value(std::string_view name) const;
};

// Answers with what comes after errcode and errmsg. An errmsg of its own takes the place of "ok".
using wecom_handler = json::object (*)(wecom_call&);

enum wecom_flag : unsigned
{
    wecom_token_needed = 1,
    // GET will not do: 40058.
    wecom_post = 2,
    // Secrets of that kind may not call: 48002.
    wecom_not_for_sync = 4,
    wecom_only_for_sync = 8,
    // Not counted by the basic frequency limits.
    wecom_sending = 16,
};

struct wecom_endpoint
{
    char const* path;
    wecom_handler handle;
    unsigned flags = 0;
    // The arrays that a failure has, too, though empty.
    std::span<char const* const> lists{};
};

// A failure on its way to the client.
struct wecom_refusal
{
    int code = 0;
    std::string text;
    // Ends with "hint: [...], from ip: ...".
    bool hint = true;
    // More members of the body.
    json::object more{};
};

[[noreturn]] void refuse_wecom(int code);
[[noreturn]] void refuse_wecom(int code, std::string text);
// 40058 for a field of the wrong length or form.
[[noreturn]] void refuse_wecom_field(std::string_view field, std::string_view what);

// The request's body as an object: 40033, 40058.
json::object wecom_body(wecom_call const& c);
// A member that must be a string if it is there; absent or null: empty. 40058.
std::string wecom_text(json::object const& o, std::string_view name, std::string_view path = {});
// A member that must be a whole number if it is there: 40058.
std::int64_t wecom_number(json::object const& o, std::string_view name, std::int64_t otherwise);
// A member that must be an object with something in it, or null.
json::object const* wecom_object(json::object const& o, std::string_view name);

// Whether it is still open: see wecom_gate.
bool wecom_admits(wecom_call const& c, std::string const& key, int limit, milliseconds span);

// The member of the organisation with this userid, in any letter case; not a person who has left.
person const* wecom_member(wecom_call const& c, std::string_view userid);
bool wecom_sees(wecom_call const& c, person const& p);

// A member that says with a number how a message is sent; digits in quotes are taken as well, unless switched off.
std::int64_t wecom_switch(wecom_call const& c, json::object const& body, std::string_view name,
                          std::int64_t otherwise = 0);
// The same, 0 to `max`; else 40035.
void check_wecom_switch(wecom_call const& c, json::object const& body, std::string_view name, std::int64_t max);
// `agentid` is the caller's own: 40056, 301002.
void check_wecom_agent(wecom_call const& c, json::object const& body);
// The message's object, checked (§4.2), as it is stored.
json::object wecom_app_content(wecom_call const& c, std::string const& msgtype, json::object const& body);
void check_wecom_articles(json::object const& news);
// 45034, or 40058 when it is longer than 2048 bytes.
void check_wecom_url(std::string_view field, std::string const& url);
// 40058 with the field's name.
void check_wecom_length(std::string_view field, std::size_t size, std::size_t least, std::size_t max_count);
void check_wecom_card(wecom_call const& c, json::object const& card);
// Whether people can answer the card: it then needs a task id and a callback, and gets a response_code.
bool wecom_card_answerable(json::object const& card);
void check_wecom_task(wecom_call const& c, json::object const& card);

// 40007 unless it was uploaded for that owner.
void check_wecom_media(wecom_call const& c, std::string const& owner, std::string const& media_id,
                       std::string_view type);

// The handlers, by the file that has them.
json::object wecom_gettoken(wecom_call&);                                 // auth.ipp
json::object wecom_user_get(wecom_call&), wecom_by_mobile(wecom_call&);   // contact.ipp
json::object wecom_by_email(wecom_call&), wecom_list_id(wecom_call&);     //
json::object wecom_departments(wecom_call&), wecom_members(wecom_call&);  //
json::object wecom_send(wecom_call&), wecom_recall(wecom_call&);          // message.ipp
json::object wecom_chat_create(wecom_call&), wecom_chat_get(wecom_call&); // appchat.ipp
json::object wecom_chat_send(wecom_call&);                                //
json::object wecom_update_card(wecom_call&);                              // card.ipp
json::object wecom_upload(wecom_call&), wecom_hook_upload(wecom_call&);   // media.ipp
json::object wecom_hook_send(wecom_call&);                                // webhook.ipp

// The checks before a handler, in auth.ipp.
void check_before_wecom(wecom_call&);

} // namespace tidings::inline v0::sandbox::detail

#endif
