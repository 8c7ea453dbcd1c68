// Uses the settings of a group's webhook.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_WEBHOOK_IPP
#define TIDINGS_CONFIG_IMPL_WEBHOOK_IPP

#include <tidings/config/detail/fields.hpp>
#include <tidings/config/detail/usable_settings.hpp>
#include <tidings/config/webhook.hpp>
#include <tidings/webhook_address.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace tidings::inline v0::config {

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
    auto made = any_webhook::make(std::move(ex), settings.platform,
                                  webhook_address(*std::move(url), *std::move(signing_key)), *std::move(how));
    if (made)
        if (auto const usable = made->check(); !usable)
            return usable.error();
    return made;
}

} // namespace tidings::inline v0::config

#endif
