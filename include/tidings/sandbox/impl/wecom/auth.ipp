// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_AUTH_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_AUTH_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

inline constexpr seconds token_life{7200};
// The real ones are about as long; 512 bytes are allowed.
inline constexpr std::size_t token_length = 214;
inline constexpr seconds one_minute{60};
inline constexpr seconds one_hour{3600};

inline std::string fresh_token(state& s)
{
    std::string out;
    while (out.size() < token_length)
        out += s.fresh_id("", std::min<std::size_t>(64, token_length - out.size()));
    return out;
}

TIDINGS_SANDBOX_DECL bool admits(call const& c, std::string const& key, int limit, milliseconds span)
{
    return c.platform_state().gates[key].admit(c.now, limit, span);
}

// A call from an address that sent too many wrong secrets is refused, also if its secret is right.
inline wecom_app const& app_of_secret(call const& c, std::string const& corp_id, std::string const& secret)
{
    auto const& apps = c.world().apps;
    auto const mistakes = "secrets/" + c.req.peer;
    if (c.platform_state().gates[mistakes].closed(c.now))
        refuse(45009);
    if (std::none_of(apps.begin(), apps.end(), [&](wecom_app const& a) { return a.corp_id == corp_id; }))
        refuse(40013);
    auto const at = std::find_if(apps.begin(), apps.end(),
                                 [&](wecom_app const& a) { return a.corp_id == corp_id && a.secret == secret; });
    if (at == apps.end())
        refuse(admits(c, mistakes, c.world().limits.wrong_secrets_per_hour, one_hour) ? 40001 : 45009);
    if (!at->enabled)
        refuse(40001);
    return *at;
}
TIDINGS_SANDBOX_DECL json::object fetch_token(call& c)
{
    auto const corp_id = c.query_value("corpid");
    auto const secret = c.query_value("corpsecret");
    if (secret.empty())
        refuse(41004);
    if (corp_id.empty())
        refuse(41002);
    auto const id = app_of_secret(c, corp_id, secret).id();
    auto& memory = c.platform_state();
    auto& current = memory.current_token[id];
    auto at = memory.tokens.find(current);
    if (!c.world().modes.same_token || at == memory.tokens.end() || at->second.expires <= c.now)
    {
        current = fresh_token(c.state);
        at = memory.tokens.emplace(current, wecom_token{id, c.now + token_life}).first;
    }
    auto const left = std::chrono::ceil<seconds>(at->second.expires - c.now).count();
    return {{"access_token", jview(current)}, {"expires_in", left}};
}

TIDINGS_SANDBOX_DECL void revoke(state& s, std::string const& app_id)
{
    auto const of_it = [&](auto const& t) {
        auto const& id = t.second.app_id;
        return id == app_id || id.substr(0, id.rfind(':')) == app_id;
    };
    std::erase_if(s.wecom.tokens, of_it);
}

inline wecom_app const& caller_of(call const& c)
{
    auto const token = c.query_value("access_token");
    if (token.empty())
        refuse(41001);
    auto const& tokens = c.platform_state().tokens;
    auto const at = tokens.find(token);
    auto const* const a = at == tokens.end() ? nullptr : c.world().find_app(at->second.app_id);
    if (!a)
        refuse(40014);
    if (at->second.expires <= c.now)
        refuse(42001);
    if (!a->enabled)
        refuse(50003);
    return *a;
}

inline void check_ip(call const& c)
{
    auto const& trusted = c.caller->trusted_ips;
    if ((c.api.flags & sending) && !c.world().modes.send_checks_ip)
        return;
    if (!trusted.empty() && std::find(trusted.begin(), trusted.end(), c.req.peer) == trusted.end())
        refuse(60020);
}

inline void check_kind(call const& c)
{
    auto const sync = c.caller->kind == wecom_app_kind::contact_sync;
    if (c.api.flags & (sync ? not_for_sync : only_for_sync))
        refuse(48002);
}

// The limits, without what counts per receiver.
inline void check_rates(call const& c)
{
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return;
    auto const need = [&](std::string const& key, int limit, seconds span) {
        if (!admits(c, key, limit, span))
            refuse(45009);
    };
    need("address/m/" + c.req.peer, limits.address_per_minute, one_minute);
    need("address/h/" + c.req.peer, limits.address_per_hour, one_hour);
    auto const caller = (c.caller ? c.caller->corp_id : c.query_value("corpid")) + c.api.path;
    if (c.query_value("debug") == "1")
        need("debug/" + caller, limits.debug_per_minute, one_minute);
    if (c.api.flags & sending)
        return;
    need("calls/m/" + caller, limits.calls_per_minute, one_minute);
    need("calls/h/" + caller, limits.calls_per_hour, one_hour);
}

// `gettoken` is also called by POST with the parameters in a JSON body, which count where the query has none.
inline void take_body_credentials(call& c)
{
    boost::system::error_code ec;
    auto const body = json::parse(jview(c.req.body), ec);
    if (ec || !body.is_object())
        return;
    for (auto const* name : {"corpid", "corpsecret"})
        if (auto const* const v = body.get_object().if_contains(name); v && v->is_string())
            c.query.emplace_back(name, view(v->get_string()));
}

TIDINGS_SANDBOX_DECL void check_before(call& c)
{
    if (c.api.handle == fetch_token && c.req.method == "POST")
        take_body_credentials(c);
    if (c.api.flags & needs_token)
    {
        c.caller = &caller_of(c);
        auto const kind_first = c.world().modes.kind_before_ip;
        if (kind_first)
            check_kind(c);
        check_ip(c);
        if (!kind_first)
            check_kind(c);
    }
    check_rates(c);
    if ((c.api.flags & must_post) && c.req.method != "POST")
        refuse(40058);
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
