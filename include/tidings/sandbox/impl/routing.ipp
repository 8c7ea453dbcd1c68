// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_ROUTING_IPP
#define TIDINGS_SANDBOX_IMPL_ROUTING_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>
#include <tidings/sandbox/detail/lark.hpp>
#include <tidings/sandbox/detail/platform.hpp>
#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail {

TIDINGS_SANDBOX_DECL response not_found()
{
    response out;
    out.status = 404;
    out.content_type = "text/plain";
    out.body = "404 page not found";
    return out;
}

TIDINGS_SANDBOX_DECL response answer(state& s, request const& req, std::string_view refused)
{
    if (req.platform == brand::dingtalk)
        return dingtalk::answer(s, req, refused);
    if (req.platform == brand::wecom)
        return wecom::answer(s, req, refused);
    return lark::answer(s, req, refused);
}

TIDINGS_SANDBOX_DECL response scripted_throttle(state& s, request const& req, int wait_seconds)
{
    if (req.platform == brand::dingtalk)
        return dingtalk::throttled(s, req);
    if (req.platform == brand::wecom)
        return wecom::throttled(s, req);
    return lark::throttled(s, req, wait_seconds);
}

TIDINGS_SANDBOX_DECL void revoke_everywhere(state& s, std::string const& app_id)
{
    s.revoke_tokens(app_id);
    dingtalk::revoke(s, app_id);
    wecom::revoke(s, app_id);
}

} // namespace tidings::inline v0::sandbox::detail

#endif
