// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_WEBHOOK_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_WEBHOOK_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

#include <tidings/sandbox/impl/dingtalk/auth.ipp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

// The secret is the key, the time and the secret are the message. Base64.
inline std::string robot_signature(std::string_view timestamp, std::string_view secret)
{
    auto const text = std::string(timestamp) + "\n" + std::string(secret);
    std::array<unsigned char, EVP_MAX_MD_SIZE> md{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(), md.data(), &length);
    std::array<unsigned char, 4 * (EVP_MAX_MD_SIZE / 3 + 1) + 1> out{};
    auto const n = EVP_EncodeBlock(out.data(), md.data(), static_cast<int>(length));
    return {reinterpret_cast<char const*>(out.data()), static_cast<std::size_t>(n)};
}

// 310000 in one of its two wordings.
[[noreturn]] inline void refuse_security(call const& c, std::string const& old_text, std::string const& problem,
                                         std::string const& solution)
{
    refuse(c, "310000",
           c.world().modes.new_hook_texts
               ? "description:" + problem + ";solution:" + solution +
                     ";link:请参考本接口对应文档获得具体要求，或者在https://open.dingtalk.com/document/  搜索相关文档;"
               : old_text + ", more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]");
}

inline void check_signature(call const& c, dingtalk_hook const& h)
{
    if (h.secret.empty())
        return;
    auto const* const timestamp = c.query_value("timestamp");
    auto const* const sign = c.query_value("sign");
    auto const at = timestamp ? to_number(*timestamp) : std::nullopt;
    if (!at || std::chrono::abs(c.now.time_since_epoch() - milliseconds(*at)) > std::chrono::hours(1))
        refuse_security(c, "invalid timestamp", "机器人发送签名过期",
                        "请确认签名生成时间(timestamp)和发送时间在1小时以内");
    if (!sign || *sign != robot_signature(*timestamp, h.secret))
        refuse_security(c, "sign not match", "机器人发送签名不匹配",
                        "请确认签名和生成签名的时间戳必须都放在调用的网址中，请确认机器人的密钥加密和填写正确");
}

inline void check_keywords(call const& c, dingtalk_hook const& h, std::string const& content)
{
    auto const contains_keyword = [&](std::string const& keyword) {
        return content.find(keyword) != std::string::npos;
    };
    if (!h.keywords.empty() && std::none_of(h.keywords.begin(), h.keywords.end(), contains_keyword))
        refuse_security(c, "keywords not in content", "关键词不匹配",
                        "请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词");
}

// 20 a minute, then silence. A message in the silence does not make it longer.
inline void check_speed(call& c, dingtalk_hook const& h)
{
    auto const throttled = std::to_string(c.world().modes.hook_throttled_code);
    if (h.monthly_cap && c.state.billed_calls("dingtalk/hook/" + h.access_token) >= *h.monthly_cap)
        refuse(c, throttled);
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return;
    auto& until = c.platform_state().silenced_until["hook/" + h.access_token];
    if (until > c.now)
        refuse(c, throttled);
    if (!c.state.rates["dingtalk/hook/" + h.access_token].admit(c.now, limits.hook_per_minute, seconds(60)))
        return;
    until = c.now + seconds(limits.hook_mute_seconds);
    refuse(c, throttled);
}

inline bool has_texts(json::value const* v, std::initializer_list<char const*> names)
{
    auto const* const o = v ? v->if_object() : nullptr;
    return o && std::all_of(names.begin(), names.end(), [&](char const* name) {
               auto const* const text = o->if_contains(name);
               return text && text->is_string() && !text->get_string().empty();
           });
}

inline bool has_items(json::object const& o, char const* list, std::initializer_list<char const*> names)
{
    auto const* const v = o.if_contains(list);
    if (!v || !v->is_array() || v->get_array().empty())
        return false;
    auto const& items = v->get_array();
    return std::all_of(items.begin(), items.end(), [&](json::value const& item) { return has_texts(&item, names); });
}
inline bool is_complete(std::string_view type, json::value const& content)
{
    if (type == "text")
        return has_texts(&content, {"content"});
    if (type == "link")
        return has_texts(&content, {"title", "text", "messageUrl"});
    if (type == "markdown")
        return has_texts(&content, {"title", "text"});
    if (type == "actionCard")
        return has_texts(&content, {"title", "text"}) &&
               (has_texts(&content, {"singleTitle", "singleURL"}) ||
                has_items(content.get_object(), "btns", {"title", "actionURL"}));
    return content.is_object() && has_items(content.get_object(), "links", {"title", "messageURL", "picURL"});
}

inline dingtalk_hook const& open_hook(call& c)
{
    auto const* const token = c.query_value("access_token");
    if (!token || token->empty())
        refuse(c, "40035", "access_token");
    auto const& hooks = c.world().hooks;
    auto const h = std::find_if(hooks.begin(), hooks.end(), [&](auto const& x) { return x.access_token == *token; });
    if (h == hooks.end())
        refuse(c, std::to_string(c.world().modes.hook_unknown_code));
    if (h->dissolved || h->removed || h->disabled)
        refuse(c, h->dissolved ? "400013" : h->removed ? "400106" : "400102");
    return *h;
}

TIDINGS_SANDBOX_DECL json::object hook_message(call& c)
{
    auto const& h = open_hook(c);
    if (c.req.body.empty())
        refuse(c, "40035", "json");
    if (!lower(find_header(c.req.headers, "Content-Type")).starts_with("application/json"))
        refuse(c, std::to_string(c.world().modes.hook_content_type_code));
    if (c.req.body.size() > static_cast<std::size_t>(c.world().limits.hook_bytes))
        refuse(c, "34016");
    if (!ip_allowed(h.ip_allow_list, c.req.peer))
        refuse_security(c, "ip " + c.req.peer + " not in whitelist", "ip " + c.req.peer + " 不在白名单(whitelist)之中",
                        "请联系群管理员查看此机器人的IP地址段");
    check_signature(c, h);
    auto const uuid = c.text("msgUuid");
    auto const once = h.access_token + "/" + uuid;
    if (!uuid.empty() && c.platform_state().hook_uuids.contains(once))
        return {};
    check_speed(c, h);
    auto const type = c.text("msgtype");
    static constexpr std::string_view types[]{"text", "link", "markdown", "actionCard", "feedCard"};
    if (std::find(std::begin(types), std::end(types), type) == std::end(types))
        refuse(c, "400105");
    auto const* const content = c.member(type);
    if (!content || !is_complete(type, *content))
        refuse(c, "40035", type);
    auto const text = compact(*content);
    check_keywords(c, h, text);
    if (auto const kind = censored_kind(c, text); !kind.empty())
        refuse(c, kind == "url" ? "430101" : kind == "text" ? "430102" : kind == "picture" ? "430103" : "430104");
    if (!uuid.empty())
        c.platform_state().hook_uuids.insert(once);
    ++c.state.billed_calls("dingtalk/hook/" + h.access_token);
    message row;
    row.to = row.chat_id = h.open_conversation_id;
    row.receive_id_type = "hook";
    row.receive_id = h.access_token;
    row.message_id = c.state.fresh_id("", 32);
    row.msg_type = type;
    row.content = compact(c.body);
    row.uuid = uuid;
    add_row(c, std::move(row));
    return {};
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
