// Group webhooks (custom robots) of DingTalk.
//
// Sources: "Custom robot access" and "Customize Robot Security Settings" of DingTalk's open platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_WEBHOOK_HPP
#define TIDINGS_PROVIDER_DINGTALK_WEBHOOK_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/limits.hpp>
#include <tidings/provider/dingtalk/sign.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/webhook_address.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::dingtalk {

namespace remedies {

inline constexpr remedy_text hook_signature{
    "Copy the signing secret (SEC...) again, whole, from the group's robot settings > Security settings > Sign, and "
    "give it to the webhook's address.",
    "请从群机器人设置 > 安全设置 > 加签 重新完整复制密钥（SEC 开头），并填入 Webhook 地址的密钥。"};
inline constexpr remedy_text webhook_clock{
    "Set this machine's clock: DingTalk takes no signature that is more than an hour off. A robot that asks for "
    "signatures needs the signing secret (SEC...).",
    "请校准本机时间：签名时间与钉钉相差不得超过一小时。开启加签的机器人必须提供密钥（SEC 开头）。"};
inline constexpr remedy_text hook_keywords{
    "Put one of the keywords from the group's robot settings > Security settings into the message.",
    "请在消息中包含群机器人设置 > 安全设置 里的任一关键词。"};
inline constexpr remedy_text hook_ip{
    "Add this machine's public address to the IP list in the group's robot settings > Security settings. DingTalk saw "
    "{ip}.",
    "请在群机器人设置 > 安全设置 的 IP 地址段中加入本机公网地址。钉钉看到的地址是 {ip}。"};
inline constexpr remedy_text hook_rate{
    "Do not send for {wait} seconds, and put several messages into one: a robot takes 20 messages a minute, and is "
    "mute for ten minutes when there are more.",
    "请在 {wait} 秒内停止发送，并合并消息：机器人每分钟最多 20 条，超过后将被禁言十分钟。"};

} // namespace remedies

namespace detail {

/// The refusals of a robot's security settings: one code for all, distinguished by the platform's text, old and new.
inline code_row security_refusal(std::string_view text) noexcept
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

/// Makes a failure of a robot's answer that is no success.
inline failure explain_hook(wire::reply const& in)
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

/// Sends one message to a group by its custom robot. The idempotency key goes along; the platform names no message.
class send_to_webhook final : public wire::operation
{
public:
    /// Bytes of the whole body. The documentation names no limit; this one is in wide use.
    static constexpr std::size_t max_length = 20'000;

    /// The arguments outlive the operation.
    ///
    /// @param now  Called when a request that has to be signed is written.
    send_to_webhook(tidings::detail::webhook_key const& where, content const& what, std::string_view key,
                    tidings::detail::webhook_clock now = &tidings::detail::system_time) noexcept
        : operation("send to group", wire::idempotency::with_key, false), where_(where), what_(what), key_(key),
          now_(now)
    {
    }

    /// Success, or what is wrong with the message.
    static result<void> check(content const& what)
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

    result<void> encode(wire::request& out, std::string_view) const override
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

    result<void> decode(wire::reply const& in) override
    {
        answer response;
        if (wire::read_json(in.body(), response) && response.code() == "0")
            return {};
        return detail::explain_hook(in);
    }

    std::string_view confidential() const noexcept override { return where_.token(); }
    std::string_view also_confidential() const noexcept override { return where_.signing().reveal(); }
    std::string_view confidential_path() const noexcept override { return where_.path(); }
    wire::api_limits const* limits() const noexcept override { return &apis::webhook; }

private:
    /// No one is mentioned: that needs a member `at`, which is not written.
    static void write(wire::json_writer& json, content const& what)
    {
        if (what.is_text())
            json.member("msgtype", "text").key("text").open_object().member("content", what.text()).close_object();
        else
            json.member("msgtype", what.kind()).key(what.kind()).raw(what.params());
    }

    tidings::detail::webhook_key const& where_;
    content const& what_;
    std::string_view key_;
    tidings::detail::webhook_clock now_;
};

/// The group webhooks.
class webhook
{
public:
    static constexpr std::string_view base_url = "https://oapi.dingtalk.com";
    static constexpr bool signs = true;
    static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, native>;

    static result<std::string_view> token_in(tidings::detail::webhook_parts const& parts)
    {
        if (parts.path() != "/robot/send")
            return tidings::detail::refuse_webhook("has not the shape " + std::string(base_url) +
                                                   "/robot/send?access_token=TOKEN");
        return tidings::detail::check_webhook_token(parts.parameter("access_token"));
    }

    static std::string_view elsewhere(std::string_view) noexcept { return {}; }

    static content content_of(text const& what, language_tag const& lang)
    {
        return content(tidings::detail::message_text(what.body(lang)));
    }
    static content content_of(markdown const& what, language_tag const& lang)
    {
        std::string_view const body = what.body(lang);
        return {"markdown", detail::markdown_params(body)};
    }
    static content content_of(notice const& what, language_tag const& lang)
    {
        auto const rendered = notice_for_webhook(what, lang);
        return {rendered.type(), rendered.json()};
    }
    /// `kind` is a `msgtype` here: "link", "actionCard", "feedCard".
    static content content_of(native const& what, language_tag const&) { return {what.type(), what.json()}; }

    static result<void> check(content const& what)
    {
        // Types are names; anything else could end the member it becomes.
        if (!tidings::detail::is_alphanumeric(what.kind(), "_"))
            return make_failure(errc::message_invalid, "the kind of the native message is not a msgtype");
        return send_to_webhook::check(what);
    }

    /// Sends one message to the group.
    class delivery final : public tidings::detail::webhook_delivery<send_to_webhook>
    {
    public:
        /// The arguments outlive the procedure.
        delivery(tidings::detail::webhook_key const& where, content const& what, std::string_view key) noexcept
            : webhook_delivery(where, what, key)
        {
        }
    };
};

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0 {

/// The group's robot is neither the application's bot nor its work notifications: it is the same for both.
template<>
struct webhook_traits<dingtalk> : providers::dingtalk::webhook
{
};
template<>
struct webhook_traits<dingtalk_work> : providers::dingtalk::webhook
{
};

} // namespace tidings::inline v0

#endif
