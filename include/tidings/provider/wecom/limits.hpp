// What WeCom permits.
//
// Sources: pages 90312 (frequency limits), 90248 (messages to chats) and 99110 (group robots) of the platform's
// developer documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_LIMITS_HPP
#define TIDINGS_PROVIDER_WECOM_LIMITS_HPP

#include <tidings/wire/limits.hpp>

#include <chrono>
#include <string_view>

namespace tidings::inline v0::providers::wecom::apis {

/// The basic frequency: of one organisation, all its applications together.
constexpr wire::api_limits basic(std::string_view api) noexcept
{
    return wire::api_limits(api).calls({10'000, std::chrono::minutes(1)}, {150'000, std::chrono::hours(1)});
}

/// Nothing is published of it; what it refuses is heeded: wrong secrets block this machine's address.
inline constexpr wire::api_limits token("gettoken");
inline constexpr wire::api_limits get_by_mobile = basic("user/getuserid");
inline constexpr wire::api_limits get_by_email = basic("user/get_userid_by_email");
inline constexpr wire::api_limits get_user = basic("user/get");
inline constexpr wire::api_limits upload = basic("media/upload");
/// Sending does not count for the basic frequency. The platform drops further messages to one person without an error.
inline constexpr wire::api_limits send =
    wire::api_limits("message/send").each_person({30, std::chrono::minutes(1)}, {1000, std::chrono::hours(1)});
/// The same for all members of a department or of a tag: a member of several may still be above the limit.
inline constexpr wire::api_limits send_to_departments =
    wire::api_limits("message/send, toparty").each_person({30, std::chrono::minutes(1)}, {1000, std::chrono::hours(1)});
inline constexpr wire::api_limits send_to_tags =
    wire::api_limits("message/send, totag").each_person({30, std::chrono::minutes(1)}, {1000, std::chrono::hours(1)});
/// Of each member of a chat; more is dropped without a word. The 20,000 members a minute of the whole organisation
/// cannot be counted here: nobody knows how many a chat has.
inline constexpr wire::api_limits send_to_chat =
    wire::api_limits("appchat/send").each_person({200, std::chrono::minutes(1)}, {10'000, std::chrono::hours(24)});
inline constexpr wire::api_limits recall = basic("message/recall");
/// Of one robot.
inline constexpr wire::api_limits webhook = wire::api_limits("webhook/send").calls({20, std::chrono::minutes(1)});

} // namespace tidings::inline v0::providers::wecom::apis

#endif
