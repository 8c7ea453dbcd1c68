// Reads, checks and uses the settings of a channel on any platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_CHANNEL_IPP
#define TIDINGS_CONFIG_IMPL_CHANNEL_IPP

#include <tidings/config/channel.hpp>
#include <tidings/config/detail/fields.hpp>
#include <tidings/config/detail/usable_settings.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::config {

namespace detail {

template<class... Settings>
std::optional<channel> make_named(std::string_view name, std::type_identity<std::variant<Settings...>>)
{
    std::optional<channel> out;
    (void)((name == Settings::name && (out.emplace(Settings()), true)) || ...);
    return out;
}

// The two fields that every application has, under the names of each platform.

inline std::string const& app_id_in(lark_channel const& c) noexcept
{
    return c.app_id;
}
inline std::string const& app_id_in(feishu_channel const& c) noexcept
{
    return c.app_id;
}
inline std::string const& app_id_in(dingtalk_channel const& c) noexcept
{
    return c.app_key;
}
inline std::string const& app_id_in(wecom_channel const& c) noexcept
{
    return c.corp_id;
}

template<class Settings>
secret_setting const& app_secret_in(Settings const& c) noexcept
{
    return c.app_secret;
}
inline secret_setting const& app_secret_in(wecom_channel const& c) noexcept
{
    return c.secret;
}

} // namespace detail

TIDINGS_DECL std::optional<channel> make_channel(std::string_view name)
{
    return detail::make_named(name, std::type_identity<channel>());
}

TIDINGS_DECL std::string_view name_of(channel const& c) noexcept
{
    return std::visit([](auto const& settings) { return settings.name; }, c);
}

TIDINGS_DECL label title_of(channel const& c) noexcept
{
    return std::visit([](auto const& settings) { return settings.title; }, c);
}

TIDINGS_DECL std::string const& app_id_of(channel const& c) noexcept
{
    return std::visit([](auto const& settings) -> std::string const& { return detail::app_id_in(settings); }, c);
}

TIDINGS_DECL std::span<field const> descriptions_of(channel const& c) noexcept
{
    return std::visit([](auto const& settings) { return std::span<field const>(settings.fields); }, c);
}

TIDINGS_DECL std::vector<bound_field> fields_of(channel& c)
{
    return std::visit([](auto& settings) { return config::fields_of(settings); }, c);
}

TIDINGS_DECL choice_list const& notification_field_of(channel const& c) noexcept
{
    return std::visit([](auto const& settings) -> choice_list const& { return settings.notification_field; }, c);
}

TIDINGS_DECL void check(channel const& c, std::string_view where, problems& out)
{
    auto copy = c; // the fields of a constant would be a second kind of reference
    detail::check_required(fields_of(copy), where, out);
    if (auto const* const settings = std::get_if<dingtalk_channel>(&c);
        settings && settings->robot_code.empty() && !settings->agent_id)
        out.emplace_back(
            std::string(where),
            "needs robot_code, to send as the application's robot, or agent_id, to send work notifications",
            "需要 robot_code（以机器人发送）或 agent_id（以工作通知发送）");
}

TIDINGS_DECL std::string_view provider_of(channel const& c) noexcept
{
    auto const* const settings = std::get_if<dingtalk_channel>(&c);
    return settings && settings->robot_code.empty() ? "dingtalk_work" : name_of(c);
}

TIDINGS_DECL result<any_notifier> make_notifier(boost::asio::any_io_executor ex, channel const& c,
                                                notifier_options const& options)
{
    problems wrong;
    check(c, "", wrong);
    if (!wrong.empty())
        return detail::unusable_setting(name_of(c), to_string(wrong));
    return std::visit(
        [&](auto const& settings) -> result<any_notifier> {
            auto app_secret = detail::resolve(name_of(c), "the application's secret", detail::app_secret_in(settings));
            if (!app_secret)
                return app_secret.error();
            auto how = detail::settings_of(name_of(c), settings, options);
            if (!how)
                return how.error();
            any_credentials app(detail::app_id_in(settings), *std::move(app_secret));
            if constexpr (requires { settings.agent_id; })
                app.agent_id(settings.agent_id.value_or(0));
            if constexpr (requires { settings.robot_code; })
            {
                app.robot_code(settings.robot_code);
                how->directory_scan();
            }
            return any_notifier::make(std::move(ex), provider_of(c), settings.notification_field, std::move(app),
                                      *std::move(how));
        },
        c);
}

} // namespace tidings::inline v0::config

#endif
