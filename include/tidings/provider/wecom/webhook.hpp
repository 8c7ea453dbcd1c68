// Group webhooks (group robots) of WeCom.
//
// Source: "Group robot configuration" of WeCom's developer documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_WEBHOOK_HPP
#define TIDINGS_PROVIDER_WECOM_WEBHOOK_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/limits.hpp>
#include <tidings/webhook_address.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

namespace remedies {

inline constexpr tidings::detail::stored_remedy hook_rate{
    "Do not send for {wait} seconds: a group robot takes 20 messages a minute. Put several into one.",
    "请在 {wait} 秒内停止发送：群机器人每分钟最多 20 条消息，请合并消息。"};

} // namespace remedies

/// Sends one message to a group by its robot. The platform knows no idempotency key for it, and names no message.
class send_to_webhook final : public wire::operation
{
public:
    /// The arguments outlive the operation.
    send_to_webhook(tidings::detail::webhook_key const& where, content const& what) noexcept;

    result<void> encode(wire::request& out, std::string_view) const override;

    result<void> decode(wire::reply const& in) override;

    std::string_view confidential() const noexcept override { return where_.token(); }
    std::string_view confidential_path() const noexcept override { return where_.path(); }
    wire::api_limits const* limits() const noexcept override { return &apis::webhook; }

private:
    tidings::detail::webhook_key const& where_;
    content const& what_;
};

/// The group webhooks.
class webhook
{
public:
    static constexpr std::string_view base_url = platform::base_urls[0];
    static constexpr bool signs = false;
    static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, native>;

    static result<std::string_view> token_in(tidings::detail::webhook_parts const& parts);

    static std::string_view elsewhere(std::string_view) noexcept { return {}; }

    static content content_of(text const& what, language_tag const& lang);
    static content content_of(markdown const& what, language_tag const& lang);
    static content content_of(notice const& what, language_tag const& lang);
    /// "news", "markdown_v2", "image", "file", "voice", "template_card" and so on.
    static content content_of(native const& what, language_tag const&) { return {what.type(), what.json()}; }

    static result<void> check(content const& what);

    /// Sends one message to the group.
    class delivery final : public tidings::detail::webhook_delivery<send_to_webhook>
    {
    public:
        /// The arguments outlive the procedure. The key is not sent: there is no place for it.
        delivery(tidings::detail::webhook_key const& where, content const& what, std::string_view) noexcept;
    };
};

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0 {

template<>
struct webhook_traits<wecom> : providers::wecom::webhook
{
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/webhook.ipp>
#endif

#endif
