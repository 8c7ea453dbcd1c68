// The parts of the notifier of a channel and of a webhook, and the failures of settings that are not usable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_DETAIL_USABLE_SETTINGS_HPP
#define TIDINGS_CONFIG_DETAIL_USABLE_SETTINGS_HPP

#include <tidings/any_settings.hpp>
#include <tidings/config/channel.hpp>
#include <tidings/config/secret_setting.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/transport/proxy.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::config::detail {

/// @param platform  A literal, or empty.
inline failure unusable_setting(std::string_view platform, std::string detail)
{
    return make_failure(errc::invalid_argument, [&](diagnostics& facts) {
        facts.platform = platform;
        facts.operation = "read settings";
        facts.detail = std::move(detail);
    });
}

/// Reads the secret of a field; the failure names the field.
///
/// @param platform  A literal, or empty.
inline result<tidings::secret> resolve(std::string_view platform, std::string_view field_name,
                                       secret_setting const& setting)
{
    auto value = setting.resolve();
    if (value)
        return value;
    auto const* const facts = value.error().facts();
    return unusable_setting(platform,
                            std::string(field_name) + ": " + (facts ? facts->detail : value.error().message()));
}

/// The settings that channels and webhooks have under the same names.
///
/// @param platform  A literal, or empty.
template<class Settings>
result<any_settings> settings_of(std::string_view platform, Settings const& from, notifier_options const& options)
{
    auto proxy = resolve(platform, "proxy", from.proxy);
    if (!proxy)
        return proxy.error();
    any_settings out;
    out.base_url(from.base_url).language(language_tag(from.language)).ca_file(from.ca_file);
    out.proxy(transport::proxy(proxy->reveal())).token_cache(options.token_cache);
    out.deadline(options.deadline).max_retries(options.max_retries);
    return out;
}

} // namespace tidings::inline v0::config::detail

#endif
