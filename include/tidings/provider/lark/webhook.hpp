// Group webhooks (custom bots) of Lark and Feishu.
//
// Source: "Custom bot usage guide" of the platforms' developer documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_WEBHOOK_HPP
#define TIDINGS_PROVIDER_LARK_WEBHOOK_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/lark/limits.hpp>
#include <tidings/provider/lark/sign.hpp>
#include <tidings/webhook_address.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::lark {

namespace remedies {

inline constexpr tidings::detail::stored_remedy hook_address{
    "Copy the webhook address again from the group's settings > Bots > the custom bot: this one is unknown, or the bot "
    "was removed from the group.",
    "请从群设置 > 群机器人 > 自定义机器人 重新复制 Webhook 地址：该地址未知，或机器人已被移除。"};
inline constexpr tidings::detail::stored_remedy hook_signature{
    "Copy the signing secret again from the custom bot's security settings, and check this machine's clock: a "
    "signature is good for an hour. Without a secret, the bot takes nothing while signature verification is on.",
    "请从自定义机器人的安全设置重新复制签名密钥，并检查本机时间：签名一小时内有效。开启签名校验后必须提供密钥。"};
inline constexpr tidings::detail::stored_remedy hook_ip{
    "Add this machine's public address to the IP allow list in the custom bot's security settings.",
    "请在自定义机器人安全设置的 IP 白名单中加入本机的公网地址。"};
inline constexpr tidings::detail::stored_remedy hook_keywords{
    "Put one of the keywords from the custom bot's security settings into the message, or change the keywords.",
    "请在消息中包含自定义机器人安全设置里的任一关键词，或修改关键词。"};
inline constexpr tidings::detail::stored_remedy hook_rate{
    "Send more slowly: a custom bot takes 5 messages a second and 100 a minute. Full and half hours are crowded. The "
    "platform asks to wait {wait} seconds.",
    "请放慢发送速度：自定义机器人每秒最多 5 条、每分钟最多 100 条，整点和半点较拥挤。平台要求等待 {wait} 秒。"};

} // namespace remedies

namespace detail {

/// The codes of custom bots, and the codes that mean something else there.
inline constexpr std::array hook_codes{
    code_row{9499, errc::message_invalid},
    code_row{11232, errc::rate_limited, &remedies::hook_rate},
    code_row{11233, errc::rate_limited, &remedies::hook_rate},
    code_row{19001, errc::bad_credentials, &remedies::hook_address},
    code_row{19002, errc::message_invalid},
    code_row{19021, errc::bad_credentials, &remedies::hook_signature},
    code_row{19022, errc::ip_not_allowed, &remedies::hook_ip},
    code_row{19024, errc::message_invalid, &remedies::hook_keywords},
    code_row{19036, errc::message_too_long},
};

/// Makes a failure of a custom bot's answer that is no success.
TIDINGS_DECL failure explain_hook(brand const& region, wire::reply const& in);

} // namespace detail

/// A message as a custom bot takes it. May show parts of the message it was made of.
class hook_content
{
public:
    /// Text, as a post where a message of type `text` would make more of it than it is.
    static hook_content words(std::string body);
    /// A card that was rendered, and belongs to the content.
    static hook_content rendered(std::string json) noexcept;
    /// @param msg_type  The platform's name of the kind.
    /// @param json      The member `content`, or `card` of type "interactive". The arguments outlive the content.
    static hook_content native(std::string_view msg_type, std::string_view json) noexcept;

    std::string_view msg_type() const noexcept { return type_; }

    /// Writes `"msg_type":…,"content":…`; unlike a message to a person, the content is an object.
    void write(wire::json_writer& json, brand const& region) const;

    /// Success, or what is wrong with the message.
    result<void> check(brand const& region) const;

private:
    enum class kind
    {
        text,
        post,
        json
    };

    hook_content(kind what, std::string_view type, std::string_view body) noexcept;

    std::string_view body() const noexcept { return own_.empty() ? view_ : std::string_view(own_); }

    kind kind_;
    std::string_view type_;
    std::string_view view_;
    std::string own_;
};

/// Sends one message to a group by its custom bot. The platform knows no idempotency key for it, and names no message.
class send_to_webhook final : public wire::operation
{
public:
    /// The arguments outlive the operation.
    ///
    /// @param now  Called when a request that has to be signed is written.
    send_to_webhook(brand const& region, tidings::detail::webhook_key const& where, hook_content const& what,
                    tidings::detail::webhook_clock now = &tidings::detail::system_time) noexcept;

    result<void> encode(wire::request& out, std::string_view) const override;

    result<void> decode(wire::reply const& in) override;

    std::string_view confidential() const noexcept override { return where_.token(); }
    std::string_view also_confidential() const noexcept override { return where_.signing().reveal(); }
    std::string_view confidential_path() const noexcept override { return where_.path(); }
    wire::api_limits const* limits() const noexcept override { return &apis::webhook; }

private:
    brand const& region_;
    tidings::detail::webhook_key const& where_;
    hook_content const& what_;
    tidings::detail::webhook_clock now_;
};

/// The group webhooks of one brand.
template<brand const& Brand>
class webhook
{
public:
    static constexpr std::string_view base_url = Brand.base_url;
    static constexpr bool signs = true;
    static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, card, native>;

    static result<std::string_view> token_in(tidings::detail::webhook_parts parts)
    {
        using tidings::detail::refuse_webhook;
        if (parts.path().starts_with("/open-apis/bot/hook/"))
            return refuse_webhook("is of version 1, which takes only plain text; add the bot to the group anew");
        if (!parts.skip("/open-apis/bot/v2/hook/") || parts.has_query())
            return refuse_webhook("has not the shape " + std::string(base_url) + "/open-apis/bot/v2/hook/TOKEN");
        auto token = parts.path();
        if (token.ends_with('/'))
            token.remove_suffix(1);
        return tidings::detail::check_webhook_token(token);
    }

    static std::string_view elsewhere(std::string_view host) noexcept
    {
        constexpr bool is_lark = Brand.name == lark_brand.name;
        constexpr std::string_view other = is_lark ? feishu_brand.base_url : lark_brand.base_url;
        constexpr std::string_view scheme = "https://";
        if (!tidings::detail::equal_ignoring_case(host, other.substr(scheme.size())))
            return {};
        return is_lark ? ", but to Feishu: use tidings::feishu" : ", but to Lark: use tidings::lark";
    }

    static hook_content content_of(text const& what, language_tag const& lang)
    {
        return hook_content::words(tidings::detail::message_text(what.body(lang)));
    }
    /// As a card: the `md` element of posts is not for custom bots.
    static hook_content content_of(markdown const& what, language_tag const& lang)
    {
        return hook_content::rendered(markdown_card(what.body(lang)));
    }
    static hook_content content_of(notice const& what, language_tag const& lang)
    {
        return hook_content::rendered(notice_card(what, lang).json());
    }
    static hook_content content_of(card const& what, language_tag const&) noexcept
    {
        return hook_content::native("interactive", what.body());
    }
    static hook_content content_of(native const& what, language_tag const&) noexcept
    {
        return hook_content::native(what.type(), what.json());
    }

    static result<void> check(hook_content const& what) { return what.check(Brand); }

    /// Sends one message to the group.
    class delivery final : public tidings::detail::webhook_delivery<send_to_webhook>
    {
    public:
        /// The arguments outlive the procedure. The key is not sent: there is no place for it.
        delivery(tidings::detail::webhook_key const& where, hook_content const& what, std::string_view) noexcept
            : webhook_delivery(Brand, where, what)
        {
        }
    };
};

} // namespace tidings::inline v0::providers::lark

namespace tidings::inline v0 {

template<>
struct webhook_traits<lark> : providers::lark::webhook<providers::lark::lark_brand>
{
};
template<>
struct webhook_traits<feishu> : providers::lark::webhook<providers::lark::feishu_brand>
{
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/webhook.ipp>
#endif

#endif
