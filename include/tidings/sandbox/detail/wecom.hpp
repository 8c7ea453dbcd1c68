// WeCom's side of one call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_WECOM_HPP
#define TIDINGS_SANDBOX_DETAIL_WECOM_HPP

#include <tidings/sandbox/detail/state.hpp>

#include <span>

namespace tidings::inline v0::sandbox::detail::wecom {

// Every call of WeCom: routing, checks, handler, answer.
response answer(state& s, request const& req, std::string_view refused);
// Contradictions in the world: throws world_error.
void check_world(world const& w);
// Makes all tokens of `corp_id:agent_id` invalid, or of all apps of `corp_id`; does nothing if it is not an application
// of WeCom.
void revoke(state& s, std::string const& app_id);
// 45009, for scripted faults.
response throttled(state& s, request const& req);

struct endpoint;

// One call on its way through the checks to its handler.
struct call
{
    sandbox::detail::state& state;
    request const& req;
    endpoint const& api;
    std::vector<std::pair<std::string, std::string>> query;
    instant now;
    // Null at calls that need no token.
    wecom_app const* caller = nullptr;
    // Not empty: a scripted fault refuses the call with this code.
    std::string_view refused{};

    wecom_world const& world() const { return state.world.wecom; }
    wecom_state& platform_state() const { return state.wecom; }
    std::string query_value(std::string_view name) const;
};

// Answers with what comes after errcode and errmsg. An errmsg of its own takes the place of "ok".
using handler = json::object (*)(call&);

enum flag : unsigned
{
    needs_token = 1,
    // GET will not do: 40058.
    must_post = 2,
    // Secrets of that kind may not call: 48002.
    not_for_sync = 4,
    only_for_sync = 8,
    // Not counted by the basic frequency limits.
    sending = 16,
};

struct endpoint
{
    char const* path;
    handler handle;
    unsigned flags = 0;
    // The arrays that a failure has, too, though empty.
    std::span<char const* const> lists{};
};

// A failure on its way to the client.
struct refusal
{
    int code = 0;
    std::string text;
    // Ends with "hint: [...], from ip: ...".
    bool hint = true;
    // More members of the body.
    json::object more{};
};

[[noreturn]] void refuse(int code);
[[noreturn]] void refuse(int code, std::string text);
// 40058 for a field of the wrong length or form.
[[noreturn]] void refuse_field(std::string_view field, std::string_view what);

// The request's body as an object: 40033, 40058.
json::object body_object(call const& c);
// A member that must be a string if it is there; absent or null: empty. 40058.
std::string text_member(json::object const& o, std::string_view name, std::string_view path = {});
// A member that must be a whole number if it is there: 40058.
std::int64_t number_member(json::object const& o, std::string_view name, std::int64_t otherwise);
// A member that must be an object with something in it, or null.
json::object const* object_member(json::object const& o, std::string_view name);

// Whether it is still open: see wecom_gate.
bool admits(call const& c, std::string const& key, int limit, milliseconds span);

// The member of the organisation with this userid, in any letter case; not a person who has left.
person const* find_member(call const& c, std::string_view userid);
bool sees(call const& c, person const& p);

// A member that says with a number how a message is sent; digits in quotes are taken as well, unless switched off.
std::int64_t switch_member(call const& c, json::object const& body, std::string_view name, std::int64_t otherwise = 0);
// The same, 0 to `max`; else 40035.
void check_switch(call const& c, json::object const& body, std::string_view name, std::int64_t max);
// `agentid` is the caller's own: 40056, 301002.
void check_agent(call const& c, json::object const& body);
// The message's object, checked, as it is stored.
json::object app_content(call const& c, std::string const& msgtype, json::object const& body);
void check_articles(json::object const& news);
// 45034, or 40058 when it is longer than 2048 bytes.
void check_url(std::string_view field, std::string const& url);
// 40058 with the field's name.
void check_length(std::string_view field, std::size_t size, std::size_t least, std::size_t max_count);
void check_card(call const& c, json::object const& card);
// Whether people can answer the card: it then needs a task id and a callback, and gets a response_code.
bool card_answerable(json::object const& card);
void check_task(call const& c, json::object const& card);

// 40007 unless it was uploaded for that owner.
void check_media(call const& c, std::string const& owner, std::string const& media_id, std::string_view type);

// The handlers, by the file that has them.
json::object fetch_token(call&);                           // auth.ipp
json::object get_user(call&), get_by_mobile(call&);        // contact.ipp
json::object get_by_email(call&), list_id(call&);          //
json::object list_departments(call&), list_members(call&); //
json::object send_message(call&), recall_message(call&);   // message.ipp
json::object create_chat(call&), get_chat(call&);          // appchat.ipp
json::object send_to_chat(call&);                          //
json::object update_card(call&);                           // card.ipp
json::object upload_media(call&), upload_for_hook(call&);  // media.ipp
json::object hook_message(call&);                          // webhook.ipp

// The checks before a handler, in auth.ipp.
void check_before(call&);

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
