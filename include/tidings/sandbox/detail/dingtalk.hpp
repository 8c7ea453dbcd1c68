// DingTalk's side of one call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_DINGTALK_HPP
#define TIDINGS_SANDBOX_DETAIL_DINGTALK_HPP

#include <tidings/sandbox/detail/state.hpp>

#include <span>

namespace tidings::inline v0::sandbox::detail::dingtalk {

// Every call of DingTalk: routing, checks, handler, answer.
response answer(state& s, request const& req, std::string_view refused);
// Contradictions in the world: throws world_error.
void check_world(world const& w);
// Makes all tokens of that application invalid; does nothing if it is not an application of DingTalk.
void revoke(state& s, std::string const& app_id);
// The answer to a throttled call, in the form of the API that it went to.
response throttled(state& s, request const& req);

// Common parts of the handlers.
// Which of the three error bodies an address has.
enum class style
{
    // `/v1.0/`: a real status, and a code that is text.
    modern,
    // `/topapi/`: 200, and the gateway's codes inside of 88.
    topapi,
    // The rest: 200, errcode and errmsg.
    plain,
};
style style_of(std::string_view path);

// A failure on its way to the client.
struct refusal
{
    std::string code;
    std::string text;
    unsigned status = 400;
    // The gateway refused, not the call itself: wrapped at `/topapi/`.
    bool gateway = false;
    // More members of the body.
    json::object more{};
};

struct call;
using handler = json::object (*)(call&);

enum flag : unsigned
{
    needs_token = 1,
    // Counts against the monthly quota.
    billed = 2,
};

// One row of the routing table. A `*` in the path matches one segment.
struct endpoint
{
    char const* method;
    char const* path;
    handler handle;
    unsigned flags = 0;
    char const* scope = "";
};

using pairs = std::vector<std::pair<std::string, std::string>>;

struct call
{
    detail::state& state;
    request const& req;
    endpoint const& api;
    std::string_view path;
    pairs query;
    instant now;
    std::string request_id;
    // Members of the JSON or form body.
    json::object body{};
    // Null until the token is checked, and at calls that need none.
    dingtalk_app const* caller = nullptr;
    // The scopes that the token is good for.
    std::vector<std::string> granted{};
    // Not empty: a scripted fault refuses the call with this code.
    std::string_view refused{};

    dingtalk_world const& world() const { return state.world.dingtalk; }
    dingtalk_state& platform_state() const { return state.dingtalk; }
    // Null when it is not there.
    std::string const* query_value(std::string_view name) const;
    // The body's member; null when it is absent or null.
    json::value const* member(std::string_view name) const;
    // Text, or a number as text. Empty when it is neither.
    std::string text(std::string_view name) const;
    // A number, or a number as text. Nothing when it is neither.
    std::optional<std::int64_t> number(std::string_view name) const;
    bool truth(std::string_view name) const;
};

// The tables of codes. `value` takes the place of "%v".
[[noreturn]] void refuse(call const& c, std::string_view code, std::string_view value = {});
// By the gateway: `code` at the old API, `modern_code` at the new one.
[[noreturn]] void refuse_at_gateway(call const& c, int code, std::string_view modern_code, std::string_view value = {});
[[noreturn]] void refuse_scope(call const& c, std::string_view scope);
// With a code that may be the gateway's or the call's own.
[[noreturn]] void refuse_as_scripted(call const& c, std::string_view code);
response failure(state& s, style form, refusal const& r, std::string const& request_id);
std::string make_request_id(state& s, style form);
void finish_response(response& out, style form, std::string const& request_id);

pairs decoded_pairs(std::string_view text);
std::optional<std::int64_t> to_number(std::string_view text);
// `2026-11-22`
std::string day_of(instant t);
// The list's elements, if all of them are text.
std::optional<std::vector<std::string>> texts(json::value const* v);
// The code of the content check's refusal, as `kind`; empty: passed.
std::string censored_kind(call const& c, std::string_view text);

// A person who has not left the organisation, or null.
person const* employee(call const& c, std::string_view userid);
std::vector<std::int64_t> departments_of(dingtalk_world const& w, std::string_view login_name);
// Whether the department is one of these or below one of them.
bool is_below(dingtalk_world const& w, std::int64_t dept_id, std::span<std::int64_t const> tops);
dingtalk_department const* find_department(dingtalk_world const& w, std::int64_t dept_id);
// Puts one row into the ledger; gives back where.
std::size_t add_row(call& c, message row);

// The checks before a handler, in the order of the platform.
void check_before_body(call& c);
void check_rate(call& c, std::string const& caller);

// The handlers, by the file that has them.
json::object fetch_token(call&), get_token(call&), corp_token(call&);      // auth.ipp
json::object get_by_mobile(call&), get_user(call&), get_by_unionid(call&); // contact.ipp
json::object search_users(call&), auth_scopes(call&), list_sub(call&), list_sub_ids(call&), list_users(call&);
json::object send_to_people(call&), send_to_group(call&), read_status(call&), recall_sends(call&); // robot.ipp
json::object group_readers(call&), recall_group_sends(call&);                                      //
json::object send_work_notice(call&), work_progress(call&), work_result(call&);                    // work_notice.ipp
json::object recall_work_notice(call&), update_status_bar(call&);
json::object hook_message(call&); // webhook.ipp
json::object upload_media(call&); // media.ipp

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
