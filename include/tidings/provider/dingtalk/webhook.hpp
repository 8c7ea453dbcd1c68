// Group webhooks (custom robots) of DingTalk.
//
// Sources: "Custom robot access" and "Customize Robot Security Settings" of DingTalk's open platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_WEBHOOK_HPP
#define TIDINGS_PROVIDER_DINGTALK_WEBHOOK_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
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

inline constexpr tidings::detail::stored_remedy hook_signature{
    "Copy the signing secret (SEC...) again, whole, from the group's robot settings > Security settings > Sign, and "
    "give it to the webhook's address.",
    "请从群机器人设置 > 安全设置 > 加签 重新完整复制密钥（SEC 开头），并填入 Webhook 地址的密钥。"};
inline constexpr tidings::detail::stored_remedy webhook_clock{
    "Set this machine's clock: DingTalk takes no signature that is more than an hour off. A robot that asks for "
    "signatures needs the signing secret (SEC...).",
    "请校准本机时间：签名时间与钉钉相差不得超过一小时。开启加签的机器人必须提供密钥（SEC 开头）。"};
inline constexpr tidings::detail::stored_remedy hook_keywords{
    "Put one of the keywords from the group's robot settings > Security settings into the message.",
    "请在消息中包含群机器人设置 > 安全设置 里的任一关键词。"};
inline constexpr tidings::detail::stored_remedy hook_ip{
    "Add this machine's public address to the IP list in the group's robot settings > Security settings. DingTalk saw "
    "{ip}.",
    "请在群机器人设置 > 安全设置 的 IP 地址段中加入本机公网地址。钉钉看到的地址是 {ip}。"};
inline constexpr tidings::detail::stored_remedy hook_rate{
    "Do not send for {wait} seconds, and put several messages into one: a robot takes 20 messages a minute, and is "
    "mute for ten minutes when there are more.",
    "请在 {wait} 秒内停止发送，并合并消息：机器人每分钟最多 20 条，超过后将被禁言十分钟。"};

} // namespace remedies

namespace detail {

/// The refusals of a robot's security settings: one code for all, distinguished by the platform's text, old and new.
TIDINGS_DECL code_row security_refusal(std::string_view text) noexcept;

/// Makes a failure of a robot's answer that is no success.
TIDINGS_DECL failure explain_hook(wire::reply const& in);

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
                    tidings::detail::webhook_clock now = &tidings::detail::system_time) noexcept;

    /// Success, or what is wrong with the message.
    static result<void> check(content const& what);

    result<void> encode(wire::request& out, std::string_view) const override;

    result<void> decode(wire::reply const& in) override;

    std::string_view confidential() const noexcept override { return where_.token(); }
    std::string_view also_confidential() const noexcept override { return where_.signing().reveal(); }
    std::string_view confidential_path() const noexcept override { return where_.path(); }
    wire::api_limits const* limits() const noexcept override { return &apis::webhook; }

private:
    /// No one is mentioned: that needs a member `at`, which is not written.
    static void write(wire::json_writer& json, content const& what);

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

    static result<std::string_view> token_in(tidings::detail::webhook_parts const& parts);

    static std::string_view elsewhere(std::string_view) noexcept { return {}; }

    static content content_of(text const& what, language_tag const& lang);
    static content content_of(markdown const& what, language_tag const& lang);
    static content content_of(notice const& what, language_tag const& lang);
    /// `kind` is a `msgtype` here: "link", "actionCard", "feedCard".
    static content content_of(native const& what, language_tag const&) { return {what.type(), what.json()}; }

    static result<void> check(content const& what);

    /// Sends one message to the group.
    class delivery final : public tidings::detail::webhook_delivery<send_to_webhook>
    {
    public:
        /// The arguments outlive the procedure.
        delivery(tidings::detail::webhook_key const& where, content const& what, std::string_view key) noexcept;
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

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/webhook.ipp>
#endif

#endif
