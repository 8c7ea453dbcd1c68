// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_ROUTING_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_ROUTING_IPP

#include <tidings/sandbox/detail/lark.hpp>
#include <tidings/sandbox/impl/lark/auth.ipp>
#include <tidings/sandbox/impl/lark/batch.ipp>
#include <tidings/sandbox/impl/lark/contact.ipp>
#include <tidings/sandbox/impl/lark/content.ipp>
#include <tidings/sandbox/impl/lark/errors.ipp>
#include <tidings/sandbox/impl/lark/im.ipp>
#include <tidings/sandbox/impl/lark/im_after.ipp>
#include <tidings/sandbox/impl/lark/self_info.ipp>
#include <tidings/sandbox/impl/lark/upload.ipp>
#include <tidings/sandbox/impl/lark/webhook.ipp>

#include <cstdio>

namespace tidings::inline v0::sandbox::detail::lark {

// Scopes: any one of a list.
inline constexpr char const* id_scopes[]{"contact:user.id:readonly"};
inline constexpr char const* contact_call_scopes[]{"contact:contact.base:readonly", "contact:contact:access_as_app",
                                                   "contact:contact:readonly", "contact:contact:readonly_as_app"};
inline constexpr char const* contact_batch_scopes[]{"contact:contact.base:readonly"};
inline constexpr char const* profile_scopes[]{"contact:user.basic_profile:readonly"};
inline constexpr char const* send_scopes[]{"im:message", "im:message:send_as_bot", "im:message:send"};
inline constexpr char const* update_scopes[]{"im:message", "im:message:send_as_bot", "im:message:update"};
inline constexpr char const* recall_scopes[]{"im:message", "im:message:recall", "im:message:send_as_bot"};
inline constexpr char const* read_scopes[]{"im:message", "im:message:readonly", "im:message:basic"};
inline constexpr char const* batch_scopes[]{"im:message:send_multi_depts", "im:message:send_multi_users"};
inline constexpr char const* urgent_scopes[]{"im:message.urgent", "im:message.urgent:app_send"};
inline constexpr char const* upload_scopes[]{"im:resource", "im:resource:upload"};

inline constexpr unsigned im = needs_token | billed;

inline constexpr endpoint endpoints[]{
    {"POST", "/open-apis/auth/v3/tenant_access_token/internal", issue_token},
    {"POST", "/open-apis/contact/v3/users/batch_get_id", batch_get_id, needs_token, id_scopes},
    {"GET", "/open-apis/contact/v3/users/batch", get_users, needs_token, contact_batch_scopes},
    {"POST", "/open-apis/contact/v3/users/basic_batch", basic_batch, needs_token | five_per_second, profile_scopes},
    {"GET", "/open-apis/contact/v3/users/:user_id", get_user, needs_token, contact_call_scopes},
    {"GET", "/open-apis/contact/v3/scopes", contact_scopes, needs_token, contact_call_scopes},
    {"POST", "/open-apis/im/v1/messages", send_message, im, send_scopes},
    {"POST", "/open-apis/im/v1/messages/:message_id/reply", reply_message, im, send_scopes},
    {"PUT", "/open-apis/im/v1/messages/:message_id", edit_message, im, update_scopes},
    {"PATCH", "/open-apis/im/v1/messages/:message_id", patch_card, im, update_scopes},
    {"DELETE", "/open-apis/im/v1/messages/:message_id", recall_message, im, recall_scopes},
    {"GET", "/open-apis/im/v1/messages/:message_id", read_message, im, read_scopes},
    {"GET", "/open-apis/im/v1/messages/:message_id/read_users", read_users, im, read_scopes},
    {"PATCH", "/open-apis/im/v1/messages/:message_id/urgent_app", urgent_app, im, urgent_scopes},
    {"POST", "/open-apis/message/v4/batch_send", batch_send, im | always_200, {}, 11207, 11210},
    {"GET", "/open-apis/im/v1/batch_messages/:id/get_progress", batch_progress, im, batch_scopes},
    {"GET", "/open-apis/im/v1/batch_messages/:id/read_user", batch_readers, im, batch_scopes},
    {"DELETE", "/open-apis/im/v1/batch_messages/:id", batch_recall, im, batch_scopes},
    {"POST", "/open-apis/im/v1/images", upload_image, im, upload_scopes},
    {"POST", "/open-apis/im/v1/files", upload_file, im, upload_scopes},
    {"POST", "/open-apis/bot/v2/hook/:token", hook_message, always_200},
    {"POST", "/open-apis/bot/hook/:token", hook_message_v1, always_200},
    {"GET", "/open-apis/bot/v3/info", bot_info, im},
    {"POST", "/open-apis/bot/v3/info", bot_info, im},
    {"GET", "/open-apis/application/v6/scopes", app_scopes, im, {}, 99991662, 212100},
};

// The ":name" segments of a path that fits, nothing of one that does not.
inline std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path)
{
    auto const want = split(pattern, '/');
    auto const have = split(path, '/');
    if (want.size() != have.size())
        return std::nullopt;
    std::vector<std::string> args;
    for (std::size_t i = 0; i < want.size(); ++i)
        if (want[i].starts_with(':') && !have[i].empty())
            args.push_back(percent_decoded(have[i], false));
        else if (want[i] != have[i])
            return std::nullopt;
    return args;
}

TIDINGS_SANDBOX_DECL char const* open_host(brand b)
{
    return b == brand::lark ? "https://open.larksuite.com" : "https://open.feishu.cn";
}

TIDINGS_SANDBOX_DECL std::string make_log_id(state& s)
{
    auto const now = s.clock.now();
    auto const day = std::chrono::floor<std::chrono::days>(now);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(std::chrono::floor<seconds>(now - day));
    char stamp[64];
    std::snprintf(stamp, sizeof stamp, "%04d%02u%02u%02d%02d%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    auto tail = s.fresh_id("log", 20).substr(3);
    for (auto& c : tail)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return stamp + tail;
}

TIDINGS_SANDBOX_DECL std::string call::query_value(std::string_view name, std::string_view otherwise) const
{
    for (auto const& [key, value] : query)
        if (key == name)
            return value;
    return std::string(otherwise);
}

TIDINGS_SANDBOX_DECL int call::query_number(std::string_view name, int otherwise) const
{
    auto const text = query_value(name);
    if (text.empty())
        return otherwise;
    auto const good = text.size() < 9 && text.find_first_not_of("0123456789") == std::string::npos;
    return good ? std::stoi(text) : -1;
}

TIDINGS_SANDBOX_DECL bool call::has_scope(std::string_view scope) const
{
    return std::find(caller->scopes.begin(), caller->scopes.end(), scope) != caller->scopes.end();
}

TIDINGS_SANDBOX_DECL bool call::has_any(std::span<char const* const> scopes) const
{
    return std::any_of(scopes.begin(), scopes.end(), [&](char const* scope) { return has_scope(scope); });
}

TIDINGS_SANDBOX_DECL void need_scope(call const& c, std::span<char const* const> scopes)
{
    if (!scopes.empty() && !c.has_any(scopes))
        refuse_scope(c, scopes);
}

TIDINGS_SANDBOX_DECL json::object success(json::value data, char const* msg)
{
    return {{"code", 0}, {"msg", msg}, {"data", std::move(data)}};
}

TIDINGS_SANDBOX_DECL json::object body_object(call const& c)
{
    boost::system::error_code ec;
    auto v = json::parse(jview(c.req.body), ec);
    if (ec || !v.is_object())
        refuse(9499);
    return std::move(v.get_object());
}

TIDINGS_SANDBOX_DECL std::string text_member(json::object const& o, std::string_view name)
{
    auto const* const v = o.if_contains(jview(name));
    if (!v || v->is_null())
        return {};
    if (!v->is_string())
        refuse(9499);
    return std::string(view(v->get_string()));
}

TIDINGS_SANDBOX_DECL std::vector<std::string> list_member(json::object const& o, std::string_view name)
{
    std::vector<std::string> out;
    auto const* const v = o.if_contains(jview(name));
    if (!v || v->is_null())
        return out;
    if (!v->is_array())
        refuse(9499);
    for (auto const& element : v->get_array())
    {
        if (!element.is_string())
            refuse(9499);
        out.emplace_back(view(element.get_string()));
    }
    return out;
}

// The 19 digits that name an API in troubleshooter links.
inline std::string method_id(endpoint const& api)
{
    auto hex = hex_digest(std::string(api.method) + api.path, 18);
    for (auto& c : hex)
        c = static_cast<char>('0' + hex_value(c) % 10);
    return "7" + hex;
}

// The body of a failure.
inline std::string failure_body(call const& c, refusal r)
{
    json::object out{{"code", r.code}};
    if (r.form == frame::empty_data)
        out["data"] = json::object();
    out["msg"] = jview(r.msg);
    if (r.form == frame::full)
    {
        auto const* const prefix = c.req.platform == brand::lark ? "Troubleshooting suggestions: "
                                                                 : "排查建议查看(Troubleshooting suggestions): ";
        json::object error{
            {"log_id", jview(c.log_id)},
            {"troubleshooter", jview(prefix + std::string(open_host(c.req.platform)) + "/search?from=openapi&log_id=" +
                                     c.log_id + "&code=" + std::to_string(r.code) + "&method_id=" + method_id(c.api))}};
        for (auto& [name, value] : r.error)
            error[name] = std::move(value);
        out["error"] = std::move(error);
    }
    return compact(out);
}

// Header, charset and escapes, as the world wants them.
inline void finish_response(world const& w, response& r)
{
    if (r.content_type.empty())
        r.content_type = w.modes.charset ? "application/json; charset=utf-8" : "application/json";
    if (!w.modes.escape_ampersand)
        return;
    // In JSON text an ampersand can only stand inside a string.
    for (auto at = r.body.find('&'); at != std::string::npos; at = r.body.find('&', at))
        r.body.replace(at, 1, "\\u0026");
}

inline response perform(call& c)
{
    response out;
    try
    {
        if (!c.refused.empty())
            refuse(numeric(c.refused));
        check_before_parameters(c);
        out.body = compact(c.api.handle(c));
    }
    catch (refusal const& r)
    {
        auto shown = r;
        // The gateway's own codes keep their status everywhere.
        if ((c.api.flags & always_200) && r.code < 99990000)
        {
            shown.status = 200;
            shown.form = r.form == frame::full ? frame::bare : r.form;
        }
        out.status = shown.status;
        out.body = failure_body(c, shown);
        c.headers.insert(c.headers.end(), r.headers.begin(), r.headers.end());
    }
    if ((c.api.flags & billed) && c.caller && out.status < 400)
        ++c.state.billed_calls(c.caller->app_id);
    out.headers = std::move(c.headers);
    out.pending_uuid = std::move(c.pending_uuid);
    finish_response(c.world(), out);
    return out;
}

TIDINGS_SANDBOX_DECL response answer(state& s, request const& req, std::string_view refused)
{
    auto const log_id = make_log_id(s);
    auto const question = req.target.find('?');
    auto path = std::string_view(req.target).substr(0, question);
    if (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);

    auto out = not_found();
    for (auto const& api : endpoints)
    {
        if (req.method != api.method)
            continue;
        auto args = fit(api.path, path);
        if (!args)
            continue;
        call c{s, req, api, std::move(*args), {}, s.clock.now(), log_id, nullptr, {}, {}, refused};
        if (question != std::string::npos)
            for (auto const pair : split(std::string_view(req.target).substr(question + 1), '&'))
            {
                auto const equals = pair.find('=');
                auto const value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
                c.query.emplace_back(percent_decoded(pair.substr(0, equals), true), percent_decoded(value, true));
            }
        out = perform(c);
        break;
    }
    out.headers.emplace_back("X-Tt-Logid", log_id);
    return out;
}

TIDINGS_SANDBOX_DECL response throttled(state& s, request const&, int wait_seconds)
{
    return throttled(50, wait_seconds, static_cast<unsigned>(s.world.modes.rate_limit_status));
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
