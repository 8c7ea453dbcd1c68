// Group webhooks (custom robots) of DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_WEBHOOK_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_WEBHOOK_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/limits.hpp>
#include <tidings/provider/dingtalk/sign.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/webhook_address.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

TIDINGS_DECL code_row security_refusal(std::string_view text) noexcept
{
    auto const mentions = [text](std::string_view a, std::string_view b) {
        return text.find(a) != text.npos || text.find(b) != text.npos;
    };
    constexpr std::string_view code = "310000";
    if (mentions("whitelist", "白名单"))
        return {code, errc::ip_not_allowed, &remedies::hook_ip};
    if (mentions("keyword", "关键词"))
        return {code, errc::message_invalid, &remedies::hook_keywords};
    // Before the signature: its text speaks of the time, too.
    if (mentions("invalid timestamp", "签名过期"))
        return {code, errc::bad_credentials, &remedies::webhook_clock};
    if (mentions("sign", "签名"))
        return {code, errc::bad_credentials, &remedies::hook_signature};
    if (mentions("timestamp", "时间戳"))
        return {code, errc::bad_credentials, &remedies::webhook_clock};
    return {code, errc::permission_missing, &remedies::robot_security};
}

TIDINGS_DECL failure explain_hook(wire::reply const& in)
{
    auto const plain = explain({}, in);
    auto kind = static_cast<errc>(plain.code().value());
    auto facts = tidings::detail::new_facts();
    *facts = *plain.facts();
    facts->console = {}; // of applications, and there is none
    std::string_view const code = facts->platform_code;
    if (code == "310000")
    {
        auto const row = security_refusal(facts->platform_message);
        kind = row.kind;
        facts->remedy = row.remedy;
        facts->refused_ip.clear();
        if (kind == errc::ip_not_allowed)
            facts->refused_ip =
                tidings::detail::ip_address_in(tidings::detail::span_of(facts->platform_message, "ip ", " ,"));
    }
    else if (code == "40035" && facts->platform_message.find("access_token") != std::string::npos)
    {
        kind = errc::bad_credentials;
        facts->remedy = &remedies::robot_address;
    }
    else if (code == "40035")
        kind = errc::message_invalid;
    else if (code == "300001" || code == "43002" || code == "43004")
        kind = errc::protocol_error; // a proxy has changed method or header
    else if (code == "130101" || code == "410100" || code == "660026")
        facts->remedy = &remedies::hook_rate;
    return {kind, std::move(facts)};
}

} // namespace detail

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL send_to_webhook::send_to_webhook(tidings::detail::webhook_key const& where, content const& what,
                                              std::string_view key, tidings::detail::webhook_clock now) noexcept
    : operation("send to group", wire::idempotency::with_key, false), where_(where), what_(what), key_(key), now_(now)
{
}

TIDINGS_DECL result<void> send_to_webhook::check(content const& what)
{
    if (auto const valid = what.check(); !valid)
        return valid;
    constexpr std::size_t frame = 150; // the key and its escapes, brackets
    tidings::detail::wiped_string measured;
    wire::json_writer json(measured);
    write(json, what);
    auto const size = measured.size() + frame;
    if (size <= max_length)
        return {};
    return make_failure(errc::message_too_long, "the request would have " + std::to_string(size) +
                                                    " bytes; a group's robot takes " + std::to_string(max_length));
}

TIDINGS_DECL result<void> send_to_webhook::encode(wire::request& out, std::string_view) const
{
    std::string timestamp;
    std::string signature;
    if (!where_.signing().empty())
    {
        auto const at = now_();
        auto made = webhook_signature(at, where_.signing());
        if (!made)
            return made.error();
        signature = *std::move(made);
        timestamp = std::to_string(at.time_since_epoch().count());
    }
    out.start("POST", "/robot/send");
    out.query("access_token", where_.token());
    if (!signature.empty())
    {
        out.query("timestamp", timestamp);
        out.query("sign", signature); // encoded here, and only here
    }
    auto json = out.body();
    json.open_object();
    write(json, what_);
    json.member("msgUuid", key_).close_object();
    return {};
}

TIDINGS_DECL result<void> send_to_webhook::decode(wire::reply const& in)
{
    answer response;
    if (wire::read_json(in.body(), response) && response.code() == "0")
        return {};
    return detail::explain_hook(in);
}

TIDINGS_DECL void send_to_webhook::write(wire::json_writer& json, content const& what)
{
    if (what.is_text())
        json.member("msgtype", "text").key("text").open_object().member("content", what.text()).close_object();
    else
        json.member("msgtype", what.kind()).key(what.kind()).raw(what.params());
}

TIDINGS_DECL result<std::string_view> webhook::token_in(tidings::detail::webhook_parts const& parts)
{
    if (parts.path() != "/robot/send")
        return tidings::detail::refuse_webhook("has not the shape " + std::string(base_url) +
                                               "/robot/send?access_token=TOKEN");
    return tidings::detail::check_webhook_token(parts.parameter("access_token"));
}

TIDINGS_DECL content webhook::content_of(text const& what, language_tag const& lang)
{
    return content(tidings::detail::message_text(what.body(lang)));
}

TIDINGS_DECL content webhook::content_of(markdown const& what, language_tag const& lang)
{
    std::string_view const body = what.body(lang);
    return {"markdown", detail::markdown_params(body)};
}

TIDINGS_DECL content webhook::content_of(notice const& what, language_tag const& lang)
{
    auto const rendered = notice_for_webhook(what, lang);
    return {rendered.type(), rendered.json()};
}

TIDINGS_DECL result<void> webhook::check(content const& what)
{
    // Types are names; anything else could end the member it becomes.
    if (!tidings::detail::is_alphanumeric(what.kind(), "_"))
        return make_failure(errc::message_invalid, "the kind of the native message is not a msgtype");
    return send_to_webhook::check(what);
}

TIDINGS_DECL webhook::delivery::delivery(tidings::detail::webhook_key const& where, content const& what,
                                         std::string_view key) noexcept
    : webhook_delivery(where, what, key)
{
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
