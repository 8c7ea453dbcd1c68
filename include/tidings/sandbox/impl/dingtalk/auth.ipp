// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_AUTH_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_AUTH_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

inline constexpr seconds token_span{7200};

// The same token while it is valid, and it lives longer by that.
inline std::string issue(call& c, dingtalk_app const& a)
{
    auto& token = c.platform_state().current_token[a.app_key];
    auto const known = c.platform_state().tokens.find(token);
    if (known == c.platform_state().tokens.end() || known->second.expires <= c.now)
    {
        token = c.state.fresh_id("", 32);
        c.platform_state().tokens[token] = {a.app_key, c.now + token_span, a.scopes};
        return token;
    }
    known->second.expires = c.now + token_span;
    if (c.world().modes.grant_works == "at_fetch")
        known->second.scopes = a.scopes;
    return token;
}

// The app, if the secret is its own.
inline dingtalk_app const* authenticate(call const& c, std::string_view key, std::string_view secret)
{
    auto const* const a = c.world().find_app(key);
    return a && a->app_secret == secret ? a : nullptr;
}

inline void check_not_stopped(call const& c, dingtalk_app const& a)
{
    if (!a.enabled && c.world().modes.stopped_at_token)
        refuse_at_gateway(c, 50003, "unauthorized.client");
}

inline void need_member(call const& c, char const* name)
{
    if (!c.member(name))
        refuse(c, std::string("Missing") + name, name);
}
TIDINGS_SANDBOX_DECL json::object fetch_token(call& c)
{
    need_member(c, "appKey");
    need_member(c, "appSecret");
    check_rate(c, c.text("appKey"));
    auto const* const a = authenticate(c, c.text("appKey"), c.text("appSecret"));
    if (!a)
        refuse(c, "invalidClientIdOrSecret");
    check_not_stopped(c, *a);
    return {{"expireIn", token_span.count()}, {"accessToken", jview(issue(c, *a))}};
}
TIDINGS_SANDBOX_DECL json::object get_token(call& c)
{
    auto const* const key = c.query_value("appkey");
    auto const* const secret = c.query_value("appsecret");
    if (!key || !secret || key->empty() || secret->empty())
        refuse(c, "40035", "corpid or appkey");
    check_rate(c, *key);
    auto const* const a = authenticate(c, *key, *secret);
    if (!a)
        refuse(c, std::to_string(c.world().modes.wrong_secret_code));
    check_not_stopped(c, *a);
    return {{"access_token", jview(issue(c, *a))}, {"expires_in", token_span.count()}};
}
TIDINGS_SANDBOX_DECL json::object corp_token(call& c)
{
    auto const segments = split(c.path, '/');
    if (percent_decoded(segments[3], false) != c.world().corp_id)
        refuse(c, "unknownError");
    for (auto const* name : {"client_id", "client_secret", "grant_type"})
        need_member(c, name);
    check_rate(c, c.text("client_id"));
    if (c.text("grant_type") != "client_credentials")
        refuse(c, "unsupported.grant.type");
    auto const* const a = authenticate(c, c.text("client_id"), c.text("client_secret"));
    if (!a)
        refuse(c, "invalid.client");
    check_not_stopped(c, *a);
    return {{"access_token", jview(issue(c, *a))}, {"expires_in", token_span.count()}};
}

inline void check_token(call& c)
{
    auto const modern = style_of(c.path) == style::modern;
    std::string token;
    if (modern)
        token = find_header(c.req.headers, "x-acs-dingtalk-access-token");
    else if (auto const* const in_query = c.query_value("access_token"))
        token = *in_query;
    // A JSON body is no place for the token, a form is.
    else if (lower(find_header(c.req.headers, "Content-Type")).starts_with("application/x-www-form-urlencoded"))
        token = c.text("access_token");
    if (token.empty())
        refuse_at_gateway(c, style_of(c.path) == style::topapi ? 40000 : 41001,
                          "AuthenticationFailed.MissingParameter");
    auto const known = c.platform_state().tokens.find(token);
    if (known == c.platform_state().tokens.end())
        refuse_at_gateway(c, 40014, "InvalidAuthentication");
    if (known->second.expires <= c.now)
        refuse_at_gateway(c, c.world().modes.expired_token_code, "InvalidAuthentication");
    c.caller = c.world().find_app(known->second.app_key);
    if (!c.caller)
        refuse_at_gateway(c, 40014, "InvalidAuthentication");
    c.granted = c.world().modes.grant_works == "at_once" ? c.caller->scopes : known->second.scopes;
}

inline void check_app(call& c)
{
    if (!c.caller->enabled)
        refuse_at_gateway(c, 50003, "unauthorized.client");
}

inline bool ip_allowed(std::vector<std::string> const& rules, std::string const& ip)
{
    return rules.empty() ||
           std::any_of(rules.begin(), rules.end(), [&](std::string const& rule) { return ip_fits(rule, ip); });
}

inline void check_ip(call& c)
{
    if (!ip_allowed(c.caller->ip_allow_list, c.req.peer))
        refuse_at_gateway(c, 60020, "Forbidden.AccessDenied.IpNotInWhiteList",
                          c.req.peer + " appKey(" + c.caller->app_key + ")");
}

inline void check_scope(call& c)
{
    std::string_view const scope = c.api.scope;
    auto const has = [&](std::vector<std::string> const& list) {
        return std::find(list.begin(), list.end(), scope) != list.end();
    };
    // Taken away at once; given only to those who have it in their token.
    if (!scope.empty() && (!has(c.caller->scopes) || !has(c.granted)))
        refuse_scope(c, scope);
}
TIDINGS_SANDBOX_DECL void check_rate(call& c, std::string const& caller)
{
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return;
    auto const api = std::string("dingtalk/") + c.api.path;
    auto& rates = c.state.rates;
    if (rates[api + "/all"].admit(c.now, limits.calls_per_second_of_all, seconds(1)))
        refuse_at_gateway(c, 90002, "Forbidden.AccessDenied.QpsLimitForApi");
    if (rates[api + "/s/" + caller].admit(c.now, limits.calls_per_second, seconds(1)))
        refuse_at_gateway(c, 90018, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    if (rates[api + "/m/" + caller].admit(c.now, limits.calls_per_minute, seconds(60)))
        refuse_at_gateway(c, 90006, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi");
}

inline void check_caller_rate(call& c)
{
    check_rate(c, c.caller->app_key);
}

inline void check_quota(call& c)
{
    auto const& quota = c.world().monthly_quota;
    if (quota && (c.api.flags & billed) && c.state.billed_calls(c.world().corp_id) >= *quota)
        refuse_at_gateway(c, 90020, "Forbidden.AccessDenied.ApiCountLimitForOrg");
}

TIDINGS_SANDBOX_DECL void check_before_body(call& c)
{
    if (!(c.api.flags & needs_token))
        return;
    check_token(c);
    static constexpr std::pair<std::string_view, void (*)(call&)> checks[]{{"app", check_app},
                                                                           {"ip", check_ip},
                                                                           {"scope", check_scope},
                                                                           {"rate", check_caller_rate},
                                                                           {"quota", check_quota}};
    for (auto const& name : c.world().modes.check_order)
        for (auto const& [known, check] : checks)
            if (known == name)
                check(c);
    // Refused by the gateway: not charged. Refused by the call itself: charged.
    if (c.api.flags & billed)
        ++c.state.billed_calls(c.world().corp_id);
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
