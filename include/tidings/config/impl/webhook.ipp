// Uses the settings of a group's webhook.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_WEBHOOK_IPP
#define TIDINGS_CONFIG_IMPL_WEBHOOK_IPP

#include <tidings/config/detail/fields.hpp>
#include <tidings/config/detail/usable_settings.hpp>
#include <tidings/config/webhook.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/webhook_address.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace tidings::inline v0::config {

namespace detail {

/// The base URL of a webhook that is not on a platform's own host, such as that of a private deployment; empty for others.
/// The URL of one platform in the settings of another one stays a mistake that is found.
inline std::string base_of_webhook(std::string_view url)
{
    constexpr std::string_view own_hosts[] = {"open.larksuite.com", "open.feishu.cn", "oapi.dingtalk.com",
                                              "qyapi.weixin.qq.com"};
    constexpr std::string_view paths[] = {"/open-apis/bot/", "/robot/send", "/cgi-bin/webhook/send"};
    constexpr std::string_view before_host = "://";
    auto const scheme = url.find(before_host);
    if (scheme == url.npos)
        return {};
    auto const host = url.substr(scheme + before_host.size());
    for (auto const own : own_hosts)
        if (tidings::detail::equal_ignoring_case(host.substr(0, host.find_first_of(":/?#")), own))
            return {};
    for (auto const path : paths)
        if (auto const at = url.find(path); at != url.npos)
            return std::string(url.substr(0, at));
    return {};
}

} // namespace detail

TIDINGS_DECL result<any_webhook> make_webhook(boost::asio::any_io_executor ex, webhook_settings const& settings,
                                              notifier_options const& options)
{
    auto const known = std::find(std::begin(detail::webhook_platforms), std::end(detail::webhook_platforms),
                                 std::string_view(settings.platform));
    auto const platform = known == std::end(detail::webhook_platforms) ? std::string_view() : *known;
    problems wrong;
    auto copy = settings; // the fields of a constant would be a second kind of reference
    detail::check_required(fields_of(copy), "", wrong);
    if (!wrong.empty())
        return detail::unusable_setting(platform, to_string(wrong));
    auto url = detail::resolve(platform, "url", settings.url);
    if (!url)
        return url.error();
    auto signing_key = detail::resolve(platform, "secret", settings.secret);
    if (!signing_key)
        return signing_key.error();
    auto how = detail::settings_of(platform, settings, options);
    if (!how)
        return how.error();
    if (settings.base_url.empty())
        how->base_url(detail::base_of_webhook(url->reveal()));
    auto made = any_webhook::make(std::move(ex), settings.platform,
                                  webhook_address(*std::move(url), *std::move(signing_key)), *std::move(how));
    if (made)
        if (auto const usable = made->check(); !usable)
            return usable.error();
    return made;
}

} // namespace tidings::inline v0::config

#endif
