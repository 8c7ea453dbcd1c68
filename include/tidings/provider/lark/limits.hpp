// What Lark and Feishu permit.
//
// Sources: "Frequency Control" (tier 4) and "Send message" of the platforms' server API documentation, and "Custom bot
// usage guide".
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_LIMITS_HPP
#define TIDINGS_PROVIDER_LARK_LIMITS_HPP

#include <tidings/wire/limits.hpp>

#include <chrono>
#include <string_view>

namespace tidings::inline v0::providers::lark::apis {

/// Most APIs for messages and people: of one application in one organisation.
constexpr wire::api_limits tier_4(std::string_view api) noexcept
{
    return wire::api_limits(api).calls({50, std::chrono::seconds(1)}, {1000, std::chrono::minutes(1)});
}

/// Nothing is published of it; what it refuses is heeded.
inline constexpr wire::api_limits token("auth/v3/tenant_access_token");
inline constexpr wire::api_limits look_up = tier_4("contact/v3/users/batch_get_id");
inline constexpr wire::api_limits user = tier_4("contact/v3/users/:user_id");
inline constexpr wire::api_limits send =
    tier_4("im/v1/messages").each_person({5, std::chrono::seconds(1)}, {}, "230020");
/// People are served later, as the platform sees fit: no limit of theirs.
inline constexpr wire::api_limits batch = tier_4("message/v4/batch_send");
inline constexpr wire::api_limits upload_image = tier_4("im/v1/images");
inline constexpr wire::api_limits upload_file = tier_4("im/v1/files");
inline constexpr wire::api_limits recall = tier_4("im/v1/messages/:message_id");
inline constexpr wire::api_limits readers = tier_4("im/v1/messages/:message_id/read_users");
/// Of one custom bot.
inline constexpr wire::api_limits webhook =
    wire::api_limits("bot/v2/hook").calls({5, std::chrono::seconds(1)}, {100, std::chrono::minutes(1)});

} // namespace tidings::inline v0::providers::lark::apis

#endif
