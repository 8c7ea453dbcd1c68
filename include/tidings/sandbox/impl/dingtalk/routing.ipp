// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_ROUTING_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_ROUTING_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

#include <tidings/sandbox/impl/dingtalk/auth.ipp>
#include <tidings/sandbox/impl/dingtalk/check.ipp>
#include <tidings/sandbox/impl/dingtalk/contact.ipp>
#include <tidings/sandbox/impl/dingtalk/errors.ipp>
#include <tidings/sandbox/impl/dingtalk/media.ipp>
#include <tidings/sandbox/impl/dingtalk/robot.ipp>
#include <tidings/sandbox/impl/dingtalk/webhook.ipp>
#include <tidings/sandbox/impl/dingtalk/work_notice.ipp>

#include <charconv>

namespace tidings::inline v0::sandbox::detail::dingtalk {

// Which of them are billed: what the documentation lists outside the quota.
inline constexpr endpoint endpoints[]{
    {"POST", "/v1.0/oauth2/accessToken", fetch_token},
    {"POST", "/v1.0/oauth2/*/token", corp_token},
    {"POST", "/v1.0/contact/users/search", search_users, needs_token | billed, "qyapi_addresslist_search"},
    {"POST", "/v1.0/robot/oToMessages/batchSend", send_to_people, needs_token | billed, "qyapi_robot_sendmsg"},
    {"GET", "/v1.0/robot/oToMessages/readStatus", read_status, needs_token | billed, "qyapi_robot_sendmsg"},
    {"POST", "/v1.0/robot/otoMessages/batchRecall", recall_sends, needs_token | billed, "qyapi_robot_sendmsg"},
    {"POST", "/v1.0/robot/groupMessages/send", send_to_group, needs_token | billed, "qyapi_robot_sendmsg"},
    {"POST", "/v1.0/robot/groupMessages/query", group_readers, needs_token | billed, "qyapi_robot_sendmsg"},
    {"POST", "/v1.0/robot/groupMessages/recall", recall_group_sends, needs_token | billed, "qyapi_robot_sendmsg"},
    {"GET", "/gettoken", get_token},
    {"GET", "/auth/scopes", auth_scopes, needs_token, "qyapi_base"},
    {"POST", "/robot/send", hook_message},
    {"POST", "/media/upload", upload_media, needs_token | billed, "qyapi_base"},
    {"POST", "/topapi/v2/user/getbymobile", get_by_mobile, needs_token, "qyapi_get_member_by_mobile"},
    {"POST", "/topapi/v2/user/get", get_user, needs_token, "qyapi_get_member"},
    {"POST", "/topapi/user/getbyunionid", get_by_unionid, needs_token, "qyapi_get_member"},
    {"POST", "/topapi/v2/department/listsub", list_sub, needs_token, "qyapi_get_department_list"},
    {"POST", "/topapi/v2/department/listsubid", list_sub_ids, needs_token, "qyapi_get_department_list"},
    {"POST", "/topapi/v2/user/list", list_users, needs_token, "qyapi_get_department_member"},
    {"POST", "/topapi/message/corpconversation/asyncsend_v2", send_work_notice, needs_token | billed, "qyapi_base"},
    {"POST", "/topapi/message/corpconversation/getsendprogress", work_progress, needs_token | billed, "qyapi_base"},
    {"POST", "/topapi/message/corpconversation/getsendresult", work_result, needs_token | billed, "qyapi_base"},
    {"POST", "/topapi/message/corpconversation/recall", recall_work_notice, needs_token | billed, "qyapi_base"},
    {"POST", "/topapi/message/corpconversation/status_bar/update", update_status_bar, needs_token | billed,
     "qyapi_base"},
};

// "*" is any one segment.
inline bool fits(std::string_view pattern, std::string_view path)
{
    auto const star = pattern.find('*');
    if (star == std::string_view::npos)
        return pattern == path;
    auto const tail = pattern.substr(star + 1);
    if (path.size() < pattern.size() || !path.starts_with(pattern.substr(0, star)) || !path.ends_with(tail))
        return false;
    return path.substr(star, path.size() - star - tail.size()).find('/') == std::string_view::npos;
}

TIDINGS_SANDBOX_DECL std::optional<std::int64_t> to_number(std::string_view text)
{
    std::int64_t out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

TIDINGS_SANDBOX_DECL pairs decoded_pairs(std::string_view text)
{
    pairs out;
    for (auto const pair : split(text, '&'))
    {
        auto const equals = pair.find('=');
        auto const value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        if (!pair.empty())
            out.emplace_back(percent_decoded(pair.substr(0, equals), true), percent_decoded(value, true));
    }
    return out;
}

TIDINGS_SANDBOX_DECL std::string day_of(instant t)
{
    std::chrono::year_month_day const d(std::chrono::floor<std::chrono::days>(t));
    return std::to_string(static_cast<int>(d.year())) + "-" + std::to_string(static_cast<unsigned>(d.month())) + "-" +
           std::to_string(static_cast<unsigned>(d.day()));
}

TIDINGS_SANDBOX_DECL std::optional<std::vector<std::string>> texts(json::value const* v)
{
    std::vector<std::string> out;
    if (!v || !v->is_array())
        return std::nullopt;
    for (auto const& element : v->get_array())
    {
        if (!element.is_string())
            return std::nullopt;
        out.emplace_back(view(element.get_string()));
    }
    return out;
}

TIDINGS_SANDBOX_DECL std::string const* call::query_value(std::string_view name) const
{
    for (auto const& [key, value] : query)
        if (key == name)
            return &value;
    return nullptr;
}

TIDINGS_SANDBOX_DECL json::value const* call::member(std::string_view name) const
{
    auto const* const v = body.if_contains(jview(name));
    return v && !v->is_null() ? v : nullptr;
}

TIDINGS_SANDBOX_DECL std::string call::text(std::string_view name) const
{
    auto const* const v = member(name);
    if (!v || (!v->is_string() && !v->is_int64()))
        return {};
    return v->is_string() ? std::string(view(v->get_string())) : compact(*v);
}

TIDINGS_SANDBOX_DECL std::optional<std::int64_t> call::number(std::string_view name) const
{
    return to_number(text(name));
}

TIDINGS_SANDBOX_DECL bool call::truth(std::string_view name) const
{
    auto const* const v = member(name);
    return v && (v->is_bool() ? v->get_bool() : text(name) == "true");
}

TIDINGS_SANDBOX_DECL std::size_t add_row(call& c, message row)
{
    stored_message m;
    m.created = m.updated = c.now;
    row.provider = "dingtalk";
    if (c.caller)
        row.app_id = c.caller->app_key;
    m.row = std::move(row);
    c.state.add_message(std::move(m));
    return c.state.messages.size() - 1;
}

TIDINGS_SANDBOX_DECL std::string censored_kind(call const& c, std::string_view text)
{
    for (auto const& censored : c.world().censored)
        if (text.find(censored.text) != std::string_view::npos)
            return censored.kind;
    return {};
}

// JSON or a form.
inline void read_old_body(call& c)
{
    auto const type = lower(find_header(c.req.headers, "Content-Type"));
    if (type.starts_with("application/x-www-form-urlencoded"))
    {
        for (auto const& [name, value] : decoded_pairs(c.req.body))
            c.body[name] = jview(value);
        return;
    }
    boost::system::error_code ec;
    auto v = json::parse(jview(c.req.body), ec);
    if (!ec && v.is_object())
        c.body = std::move(v.get_object());
}
inline void read_modern_body(call& c)
{
    auto const type = lower(find_header(c.req.headers, "Content-Type"));
    if (c.req.body.empty() || !type.starts_with("application/json"))
        refuse(c, "Missingbody");
    boost::system::error_code ec;
    auto v = json::parse(jview(c.req.body), ec);
    if (ec || !v.is_object())
        refuse(c, "Invalidbody");
    c.body = std::move(v.get_object());
}

inline json::object perform(call& c)
{
    auto const form = style_of(c.path);
    // A form may hold the token.
    if (form != style::modern)
        read_old_body(c);
    if (!c.refused.empty())
        refuse_as_scripted(c, c.refused);
    check_before_body(c);
    if (form == style::modern)
    {
        if (c.req.method == "POST")
            read_modern_body(c);
        return c.api.handle(c);
    }
    json::object out{{"errcode", 0}, {"errmsg", "ok"}};
    for (auto& [name, value] : c.api.handle(c))
        out[name] = std::move(value);
    if (form == style::topapi)
        out["request_id"] = jview(c.request_id);
    return out;
}

// No such path, or another method.
inline response no_such_call(state& s, style form, std::string_view path, std::string const& request_id,
                             char const* wanted)
{
    if (form == style::modern)
        return failure(s, form, refusal_of(form, "error.notFound"), request_id);
    if (wanted)
    {
        auto r = refusal_of(form, std::string_view(wanted) == "POST" ? "43002" : "43001");
        return failure(s, style::plain, r, request_id);
    }
    if (form == style::plain)
        return failure(s, form, refusal_of(form, "404"), request_id);
    auto name = "dingtalk.oapi" + std::string(path.substr(7));
    std::replace(name.begin(), name.end(), '/', '.');
    auto const sub_msg = "不合法ApiName，ApiName = " + name;
    response out;
    out.body = compact(json::object{{"errcode", 22},
                                    {"sub_msg", jview(sub_msg)},
                                    {"errmsg", jview("Invalid method[submsg=" + sub_msg + "]")},
                                    {"request_id", jview(request_id)}});
    finish_response(out, form, request_id);
    return out;
}

// An address that calls too often gets no answer of the platform for five minutes.
inline std::optional<response> banned(state& s, request const& req)
{
    auto const& limits = s.world.dingtalk.limits;
    if (!limits.enabled)
        return std::nullopt;
    auto const now = s.clock.now();
    auto& until = s.dingtalk.silenced_until["address/" + req.peer];
    if (until <= now && s.rates["dingtalk/address/" + req.peer].admit(now, limits.calls_per_address, seconds(20)))
        until = now + seconds(300);
    if (until <= now)
        return std::nullopt;
    response out;
    if (s.world.dingtalk.modes.ban_is_html)
    {
        out.content_type = "text/html";
        out.body = "<html><body>访问被阻断</body></html>";
        return out;
    }
    out.content_type = "application/json";
    out.body = compact(json::object{
        {"status", 1111}, {"wait", 5}, {"source", "x5"}, {"punish", "deny"}, {"uuid", jview(s.fresh_id("", 32))}});
    return out;
}

inline std::string_view path_of(request const& req)
{
    return std::string_view(req.target).substr(0, req.target.find('?'));
}

TIDINGS_SANDBOX_DECL response answer(state& s, request const& req, std::string_view refused)
{
    if (auto ban = banned(s, req))
        return std::move(*ban);
    auto const path = path_of(req);
    auto const form = style_of(path);
    auto const request_id = make_request_id(s, form);
    char const* wanted = nullptr;
    for (auto const& api : endpoints)
    {
        if (!fits(api.path, path))
            continue;
        wanted = api.method;
        if (req.method != wanted)
            continue;
        call c{s, req, api, path, {}, s.clock.now(), request_id};
        c.refused = refused;
        if (path.size() < req.target.size())
            c.query = decoded_pairs(std::string_view(req.target).substr(path.size() + 1));
        try
        {
            response out;
            out.body = compact(perform(c));
            finish_response(out, form, request_id);
            return out;
        }
        catch (refusal const& r)
        {
            return failure(s, form, r, request_id);
        }
    }
    return no_such_call(s, form, path, request_id, wanted);
}

TIDINGS_SANDBOX_DECL response throttled(state& s, request const& req)
{
    auto const path = path_of(req);
    auto const form = style_of(path);
    auto const id = make_request_id(s, form);
    if (path == "/robot/send")
        return failure(s, form, refusal_of(form, std::to_string(s.world.dingtalk.modes.hook_throttled_code)), id);
    auto r = refusal_of(form, form == style::modern ? "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi" : "90018");
    r.gateway = true;
    return failure(s, form, r, id);
}

TIDINGS_SANDBOX_DECL void revoke(state& s, std::string const& app_id)
{
    std::erase_if(s.dingtalk.tokens, [&](auto const& t) { return t.second.app_key == app_id; });
    s.dingtalk.current_token.erase(app_id);
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
