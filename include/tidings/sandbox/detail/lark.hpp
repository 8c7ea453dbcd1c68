// Lark and Feishu: what the handlers have in common.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_LARK_HPP
#define TIDINGS_SANDBOX_DETAIL_LARK_HPP

#include <tidings/sandbox/detail/platform.hpp>

#include <span>

namespace tidings::inline v0::sandbox::detail::lark {

response answer(state& s, request const& req, std::string_view refused);
response throttled(state& s, request const& req, int wait_seconds);

struct endpoint;

// One call on its way through the checks to its handler.
struct call
{
    sandbox::detail::state& state;
    request const& req;
    endpoint const& api;
    // The path's ":name" segments, decoded, in order.
    std::vector<std::string> args;
    std::vector<std::pair<std::string, std::string>> query;
    instant now;
    std::string log_id;
    // Null until the token is checked, and at calls that need none.
    app const* caller = nullptr;
    header_list headers;
    std::string pending_uuid;
    // Not empty: a scripted fault refuses the call with this code.
    std::string_view refused;

    sandbox::world const& world() const { return state.world; }
    std::string query_value(std::string_view name, std::string_view otherwise = {}) const;
    // A small number; -1 if it is not one.
    int query_number(std::string_view name, int otherwise) const;
    bool has_scope(std::string_view scope) const;
    bool has_any(std::span<char const* const> scopes) const;
};

using handler = json::object (*)(call&);

enum flag : unsigned
{
    needs_token = 1,
    // Counts against the monthly quota (contact and auth do not).
    billed = 2,
    // Failures have HTTP 200 and no error frame.
    always_200 = 4,
    // Limited to `calls_per_second` 5.
    five_per_second = 8,
};

// One row of the routing table.
struct endpoint
{
    char const* method;
    char const* path;
    handler handle;
    unsigned flags = 0;
    // Any one is enough; none: no scope needed.
    std::span<char const* const> scopes{};
    int stopped_code = 99991662;
    int not_installed_code = 99991673;
};

// The table of codes. `value` takes the place of "%v", where there is one.
refusal refusal_of(int code, std::string_view value = {});
[[noreturn]] void refuse(int code, std::string_view value = {});
// For codes that have several texts.
[[noreturn]] void refuse_saying(int code, std::string_view text);
// 230001 with its reason.
[[noreturn]] void refuse_parameter(std::string_view reason);
// 230099 with its sub-code.
[[noreturn]] void refuse_card(int sub_code, std::string_view text, std::string_view value = {});
// 99992402 with the violated fields.
[[noreturn]] void refuse_fields(json::array violations);
[[noreturn]] void refuse_field(std::string_view field, std::string_view description);
// 99991672. One of the scopes would have been enough.
[[noreturn]] void refuse_scope(call const& c, std::span<char const* const> scopes);
[[noreturn]] void refuse_rate(call const& c, int limit, milliseconds wait);

// Throws 99991672 unless the caller has one of them.
void need_scope(call const& c, std::span<char const* const> scopes);

json::object success(json::value data, char const* msg = "success");

// The request's body as an object, or 9499.
json::object body_object(call const& c);
// A member that must be a string if it is there; absent or null: empty.
std::string text_member(json::object const& o, std::string_view name);
// A member that must be an array of strings if it is there.
std::vector<std::string> list_member(json::object const& o, std::string_view name);

// The log id in its 34 characters.
std::string make_log_id(state& s);
// `https://open.larksuite.com` or `https://open.feishu.cn`.
char const* open_host(brand b);

// A negative wait leaves the headers out.
response throttled(int limit, int wait_seconds, unsigned status);
// The person with an id. Null, with a code, if no person has it (0: the id is malformed).
struct found_person
{
    person const* user = nullptr;
    int code = 0;
};
found_person find_by_id(call const& c, std::string_view id_type, std::string_view id);
// The id of that kind which the caller would see.
std::string id_of(call const& c, person const& p, std::string_view id_type);
// `user_id_type` from the query, checked. `user_id` needs a scope of its own.
std::string user_id_type(call const& c);
inline constexpr std::array<char const*, 1> employee_id_scope{"contact:user.employee_id:readonly"};
chat const* find_chat(call const& c, std::string_view id);
bool bot_works(app const& a);
json::object describe_status(person const& p);

// What the content checks need to know about where the message goes.
struct content_rules
{
    bool style_tags = true;
    bool to_person = true;
};
struct checked_content
{
    std::string shown;
    json::array mentions;
};
// 7. `content` is the object inside; throws 230001, 230099 and their like.
checked_content check_content(call const& c, std::string_view msg_type, json::value const& content,
                              content_rules const& rules);
// The image or file behind a key: 230001 or 230017 or 230055 when it will not do.
void check_resource(call const& c, std::string_view key, std::string_view kind, std::string_view msg_type);
// A card of any of its four forms. Throws 230099.
void check_card(call const& c, json::value const& card);
std::int64_t size_limit(call const& c, std::string_view msg_type);

// The form that webhooks and batch sends use: `content` (or `card`) is an object. Gives back the
// content in the form of check_content; null when there is none.
json::value object_form_content(json::object const& body, std::string_view msg_type);

// The handlers, by the file that has them.
json::object issue_token(call&);                                                         // auth.ipp
json::object batch_get_id(call&), get_user(call&), get_users(call&), basic_batch(call&); // contact.ipp
json::object contact_scopes(call&);
json::object send_message(call&), reply_message(call&);                     // im.ipp
json::object edit_message(call&), patch_card(call&), recall_message(call&); // im_after.ipp
json::object read_message(call&), read_users(call&), urgent_app(call&);
json::object batch_send(call&), batch_progress(call&), batch_readers(call&), batch_recall(call&); // batch.ipp
json::object upload_image(call&), upload_file(call&);                                             // upload.ipp
json::object hook_message(call&), hook_message_v1(call&);                                         // webhook.ipp
json::object bot_info(call&), app_scopes(call&);                                                  // self_info.ipp

// The checks before a handler, in auth.ipp.
void check_token(call&);
void check_before_parameters(call&);

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
