// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_AUTH_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_AUTH_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

inline constexpr seconds token_life{7200};
// A token with less than this left is replaced.
inline constexpr seconds token_renewal{1800};

inline bool belongs_here(call const& c, app const& a)
{
    return a.platform == c.req.platform || c.world().modes.cross_brand_apps;
}

inline bool looks_like_app_id(std::string_view id)
{
    return id.size() > 4 && id.starts_with("cli_") &&
           std::all_of(id.begin() + 4, id.end(), [](unsigned char ch) { return std::isalnum(ch) != 0; });
}

inline std::string new_token(state& s, app const& a)
{
    auto const token = s.fresh_id("t-", 40);
    s.tokens[token] = {a.app_id, s.clock.now() + token_life};
    s.current_token[a.app_id] = token;
    return token;
}

// Once per second and per minute, under the limits of that API.
inline void check_rate(call& c, std::string const& caller)
{
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return;
    auto const per_second = (c.api.flags & five_per_second) ? 5 : limits.calls_per_second;
    auto const key = std::string(c.api.method) + c.api.path + "/" + caller;
    if (auto const wait = c.state.rates[key + "/s"].admit(c.now, per_second, seconds(1)))
        refuse_rate(c, per_second, *wait);
    if (auto const wait = c.state.rates[key + "/m"].admit(c.now, limits.calls_per_minute, seconds(60)))
        refuse_rate(c, limits.calls_per_minute, *wait);
    if (c.world().modes.rate_limit_headers_always)
        c.headers = throttled(per_second, 0, 200).headers;
}

// The decoded value of that name in a form's body, or nothing.
inline std::string form_value(std::string_view body, std::string_view name)
{
    for (auto const pair : split(body, '&'))
    {
        auto const equals = pair.find('=');
        if (equals != std::string_view::npos && percent_decoded(pair.substr(0, equals), true) == name)
            return percent_decoded(pair.substr(equals + 1), true);
    }
    return {};
}

// JSON or a form, as clients in production send it. The IP allow list does not count here.
TIDINGS_SANDBOX_DECL json::object issue_token(call& c)
{
    auto& s = c.state;
    boost::system::error_code ec;
    auto const body = json::parse(jview(c.req.body), ec);
    auto const form =
        lower(find_header(c.req.headers, "Content-Type")).starts_with("application/x-www-form-urlencoded");
    auto const text = [&](std::string_view name) {
        if (ec && form)
            return form_value(c.req.body, name);
        auto const* const v = body.is_object() ? body.get_object().if_contains(jview(name)) : nullptr;
        return v && v->is_string() ? std::string(view(v->get_string())) : std::string();
    };
    auto const app_id = text("app_id");
    auto const secret = text("app_secret");
    auto const* const a = s.world.find_app(app_id);
    if (secret.empty() || (!a && !looks_like_app_id(app_id)))
        refuse(10003);
    check_rate(c, app_id);
    if (!a || !belongs_here(c, *a))
        refuse(10014);
    if (secret != a->app_secret)
    {
        auto r = refusal_of(s.world.modes.wrong_secret_code);
        if (r.code == 10014)
            r.msg = "app secret invalid";
        throw r;
    }
    if (!a->enabled || !a->installed)
    {
        auto r = refusal_of(a->enabled ? 99991673 : s.world.modes.disabled_app_code);
        if (r.code == 10014)
            r.msg = "app unauthorized";
        r.status = 200;
        r.form = frame::bare;
        throw r;
    }

    auto token = a->fixed_token;
    auto left = token_life;
    if (token.empty())
    {
        token = s.current_token[app_id];
        auto const known = s.tokens.find(token);
        if (known == s.tokens.end() || known->second.expires - c.now < token_renewal)
            token = new_token(s, *a);
        left = std::chrono::floor<seconds>(s.tokens.at(token).expires - c.now);
    }
    s.fixed_revoked.erase(app_id);
    return {{"code", 0}, {"msg", "ok"}, {"tenant_access_token", jview(token)}, {"expire", left.count()}};
}

// Whose token it is, or null.
inline app const* owner_of(call const& c, std::string const& token)
{
    for (auto const& a : c.world().apps)
        if (!a.fixed_token.empty() && a.fixed_token == token && !c.state.fixed_revoked.contains(a.app_id))
            return &a;
    auto const at = c.state.tokens.find(token);
    if (at == c.state.tokens.end() || at->second.expires <= c.now)
        return nullptr;
    return c.world().find_app(at->second.app_id);
}
TIDINGS_SANDBOX_DECL void check_token(call& c)
{
    auto const refuse_token = [&](int code) {
        auto r = refusal_of(code);
        r.status = static_cast<unsigned>(c.world().modes.bad_token_status);
        throw r;
    };
    auto const header = find_header(c.req.headers, "Authorization");
    if (!header.starts_with("Bearer "))
        refuse_token(99991661);
    std::string const token(header.substr(7));
    c.caller = owner_of(c, token);
    if (c.caller && belongs_here(c, *c.caller))
        return;
    c.caller = nullptr;
    if (token.starts_with("t-"))
        refuse_token(99991663);
    if (token.starts_with("a-"))
        refuse_token(99991664);
    refuse_token(token.starts_with("u-") || token.starts_with("eyJ") ? 99991668 : 99991671);
}

inline void check_app(call& c)
{
    if (!c.caller->enabled)
        refuse(c.api.stopped_code);
    if (!c.caller->installed)
        refuse(c.api.not_installed_code);
}

inline void check_ip(call& c)
{
    auto const& list = c.caller->ip_allow_list;
    if (!list.empty() && std::find(list.begin(), list.end(), c.req.peer) == list.end())
        refuse(99991401, c.req.peer);
}

inline void check_caller_rate(call& c)
{
    check_rate(c, c.caller->app_id);
}

inline void check_quota(call& c)
{
    auto const& quota = c.caller->monthly_quota;
    if (!quota || !(c.api.flags & billed) || c.state.billed_calls(c.caller->app_id) < *quota)
        return;
    auto r = refusal_of(99991403);
    r.status = static_cast<unsigned>(c.world().modes.rate_limit_status);
    throw r;
}

inline void check_scope(call& c)
{
    need_scope(c, c.api.scopes);
}

// Confirmed: the token comes first. The rest is in the order that the world says.
TIDINGS_SANDBOX_DECL void check_before_parameters(call& c)
{
    if (!(c.api.flags & needs_token))
        return;
    check_token(c);
    static constexpr std::pair<std::string_view, void (*)(call&)> checks[]{{"app", check_app},
                                                                           {"ip", check_ip},
                                                                           {"rate", check_caller_rate},
                                                                           {"quota", check_quota},
                                                                           {"scope", check_scope}};
    for (auto const& name : c.world().modes.check_order)
        for (auto const& [known, check] : checks)
            if (known == name)
                check(c);
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
