// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_WEBHOOK_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_WEBHOOK_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

inline hook const* find_hook(call const& c)
{
    for (auto const& h : c.world().hooks)
        if (h.token == c.args[0] && h.platform == c.req.platform)
            return &h;
    return nullptr;
}

inline void check_hook_rate(call& c, hook const& h)
{
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return;
    if (c.state.rates["hook/s/" + h.token].admit(c.now, limits.hook_per_second, seconds(1)) ||
        c.state.rates["hook/m/" + h.token].admit(c.now, limits.hook_per_minute, seconds(60)))
        refuse(11232);
}

// 2: `timestamp` in seconds, within an hour of the server.
inline void check_signature(call const& c, hook const& h, json::object const& body)
{
    if (h.secret.empty())
        return;
    auto const* const v = body.if_contains("timestamp");
    auto const timestamp = !v ? std::string() : v->is_string() ? std::string(view(v->get_string())) : compact(*v);
    auto const digits =
        !timestamp.empty() && timestamp.size() < 12 && timestamp.find_first_not_of("0123456789") == std::string::npos;
    auto const age = digits ? c.now.time_since_epoch() - seconds(std::stoll(timestamp)) : std::chrono::hours(24);
    if (std::chrono::abs(age) > seconds(3600) || text_member(body, "sign") != hook_signature(timestamp, h.secret))
        refuse(19021);
}

inline json::object accept_hook_message(call& c, hook const& h, std::string const& msg_type, json::value const& content)
{
    auto const text = compact(content);
    auto const found = [&](std::string const& keyword) { return text.find(keyword) != std::string::npos; };
    if (!h.keywords.empty() && std::none_of(h.keywords.begin(), h.keywords.end(), found))
        refuse(19024);
    stored_message m;
    m.created = m.updated = c.now;
    m.row.provider = to_string(c.req.platform);
    m.row.to = h.chat_id;
    m.row.receive_id_type = "hook";
    m.row.receive_id = h.token;
    m.row.message_id = c.state.fresh_id("om_", 32);
    m.row.msg_type = msg_type;
    m.row.content = text;
    m.row.chat_id = h.chat_id;
    c.state.add_message(std::move(m));
    return {{"StatusCode", 0}, {"StatusMessage", "success"}, {"code", 0}, {"data", json::object()}, {"msg", "success"}};
}

// The checks that both versions share; gives back the body.
inline json::object open_hook(call& c, hook const* h)
{
    if (!h)
        refuse(19001);
    auto const may_call = [&](std::string const& rule) { return ip_fits(rule, c.req.peer); };
    if (!h->ip_allow_list.empty() && std::none_of(h->ip_allow_list.begin(), h->ip_allow_list.end(), may_call))
        refuse(19022);
    check_hook_rate(c, *h);
    auto const kilobyte = static_cast<std::size_t>(c.world().modes.kilobyte);
    if (c.req.body.size() > 30 * kilobyte)
        refuse(19036);
    if (c.req.body.size() > 20 * kilobyte)
        refuse(9499);
    auto body = body_object(c);
    check_signature(c, *h, body);
    return body;
}

// `content` may also be the JSON text of the object.
inline void parse_text_content(json::object& body)
{
    auto const* const text = body.if_contains("content");
    if (!text || !text->is_string())
        return;
    boost::system::error_code ec;
    auto content = json::parse(text->get_string(), ec);
    if (ec || !content.is_object())
        refuse(19002);
    body["content"] = std::move(content);
}
TIDINGS_SANDBOX_DECL json::object hook_message(call& c)
{
    auto const* const h = find_hook(c);
    auto body = open_hook(c, h);
    parse_text_content(body);
    static constexpr std::string_view types[]{"text", "post", "image", "share_chat", "interactive"};
    auto const msg_type = text_member(body, "msg_type");
    auto const content = object_form_content(body, msg_type);
    if (std::find(std::begin(types), std::end(types), msg_type) == std::end(types) || content.is_null())
        refuse(19002);
    content_rules rules;
    rules.style_tags = false;
    try
    {
        check_content(c, msg_type, content, rules);
    }
    catch (refusal const& r)
    {
        if (r.code == 230099)
            refuse(11246, r.msg.substr(r.msg.find("ext=") + 4));
        refuse(19002);
    }
    return accept_hook_message(c, *h, msg_type, content);
}

// Legacy: title and text only.
TIDINGS_SANDBOX_DECL json::object hook_message_v1(call& c)
{
    auto const* const h = find_hook(c);
    auto const body = open_hook(c, h);
    auto const text = text_member(body, "text");
    auto const title = text_member(body, "title");
    if (text.empty() && title.empty())
        refuse(19002);
    return accept_hook_message(c, *h, "text", json::object{{"title", jview(title)}, {"text", jview(text)}});
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
