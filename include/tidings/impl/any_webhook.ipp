// The webhooks of all platforms, behind one class.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ANY_WEBHOOK_IPP
#define TIDINGS_IMPL_ANY_WEBHOOK_IPP

#include <tidings/any_webhook.hpp>
#include <tidings/basic_client.hpp>
#include <tidings/capabilities.hpp>
#include <tidings/detail/enumerate.hpp>
#include <tidings/impl/any_client.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/webhook.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

/// The platforms with group webhooks.
inline constexpr auto webhook_providers = boost::hana::tuple_t<lark, feishu, dingtalk, wecom>;

/// The webhook of one platform.
template<class Provider>
class any_webhook_of final : public any_webhook_base
{
    using webhook_t = webhook<Provider, transport::by_scheme, observer::any>;

public:
    any_webhook_of(boost::asio::any_io_executor ex, webhook_address const& where, any_settings const& settings)
        : webhook_(with_policies(
              settings, [&](auto... policies) { return webhook_t(std::move(ex), where, std::move(policies)...); }))
    {
    }

    boost::asio::any_io_executor get_executor() const noexcept override { return webhook_.get_executor(); }
    std::string_view platform() const noexcept override { return Provider::name; }
    result<void> check() const override { return client_access::check(webhook_); }

    delivery send(any_webhook_message what, send_options how) override
    {
        return visit_message<Provider, delivery>(std::move(what), [&](auto message) {
            return client_access::start(webhook_, std::move(message), std::move(how));
        });
    }

    boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue) override
    {
        return client_access::end(webhook_, how, close, queue);
    }

private:
    webhook_t webhook_;
};

TIDINGS_DECL std::span<std::string_view const> platforms_with_webhooks()
{
    static constexpr auto names =
        boost::hana::unpack(webhook_providers, [](auto... each) { return std::array{decltype(each)::type::name...}; });
    return names;
}

TIDINGS_DECL result<std::unique_ptr<any_webhook_base>> make_any_webhook(boost::asio::any_io_executor ex,
                                                                        std::string_view platform,
                                                                        webhook_address const& where,
                                                                        any_settings const& settings)
{
    std::unique_ptr<any_webhook_base> out;
    boost::hana::for_each(webhook_providers, [&](auto candidate) {
        using provider_t = typename decltype(candidate)::type;
        if (is_same_name(provider_t::name, platform))
            out = std::make_unique<any_webhook_of<provider_t>>(ex, where, settings);
    });
    if (!out)
        return cannot_make("make webhook", "there is no platform \"" + printable_text(platform) +
                                               "\" with group webhooks; the platforms are " +
                                               enumerate(platforms_with_webhooks(), [](auto name) { return name; }));
    return out;
}

} // namespace detail

} // namespace tidings::inline v0

#endif
