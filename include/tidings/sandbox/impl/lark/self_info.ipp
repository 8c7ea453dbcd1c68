// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_SELF_INFO_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_SELF_INFO_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

// Note `bot` at top level.
TIDINGS_SANDBOX_DECL json::object bot_info(call& c)
{
    auto const& a = *c.caller;
    if (!bot_works(a))
        refuse(11205);
    return {{"code", 0},
            {"msg", "ok"},
            {"bot",
             {{"activate_status", a.activate_status},
              {"app_name", jview(a.name)},
              {"avatar_url", jview(std::string(open_host(a.platform)) + "/avatar/" + a.app_id)},
              {"ip_white_list", write(a.ip_allow_list)},
              {"open_id", jview(a.bot_open_id)}}}};
}

TIDINGS_SANDBOX_DECL json::object app_scopes(call& c)
{
    json::array out;
    for (auto const& scope : c.caller->scopes)
        out.push_back(json::object{{"scope_name", jview(scope)}, {"grant_status", 1}});
    for (auto const& scope : c.caller->pending_scopes)
        out.push_back(json::object{{"scope_name", jview(scope)}, {"grant_status", 2}});
    return success(json::object{{"scopes", std::move(out)}});
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
