// What DingTalk permits.
//
// Sources: "How to process API throttling on the DingTalk server" (20 calls a second of one application and one API in
// the standard edition, up to 60 in others), "Send work notifications" and "Custom robot access" of the platform's
// documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_LIMITS_HPP
#define TIDINGS_PROVIDER_DINGTALK_LIMITS_HPP

#include <tidings/wire/limits.hpp>

#include <chrono>
#include <string_view>

namespace tidings::inline v0::providers::dingtalk::apis {

constexpr wire::api_limits standard(std::string_view api) noexcept
{
    return wire::api_limits(api).calls({20, std::chrono::seconds(1)});
}

inline constexpr wire::api_limits fetch_token = standard("v1.0/oauth2/accessToken");
inline constexpr wire::api_limits get_token = standard("gettoken");
inline constexpr wire::api_limits get_by_mobile = standard("topapi/v2/user/getbymobile");
inline constexpr wire::api_limits get_user = standard("topapi/v2/user/get");
inline constexpr wire::api_limits scopes = standard("auth/scopes");
inline constexpr wire::api_limits list_departments = standard("topapi/v2/department/listsub");
inline constexpr wire::api_limits list_people = standard("topapi/v2/user/list");
inline constexpr wire::api_limits upload = standard("media/upload");
inline constexpr wire::api_limits send = standard("v1.0/robot/oToMessages/batchSend");
/// Nothing is published of messages to one group; `send.too.fast` and `too.many.group` are heeded.
inline constexpr wire::api_limits send_to_group = standard("v1.0/robot/groupMessages/send");
inline constexpr wire::api_limits group_readers = standard("v1.0/robot/groupMessages/query");
inline constexpr wire::api_limits group_recall = standard("v1.0/robot/groupMessages/recall");
inline constexpr wire::api_limits read_status = standard("v1.0/robot/oToMessages/readStatus");
inline constexpr wire::api_limits recall = standard("v1.0/robot/otoMessages/batchRecall");
/// 5000 people a minute, and 500 notifications a day to one of them: what is more, the platform accepts and does not
/// deliver.
inline constexpr wire::api_limits send_work = standard("topapi/message/corpconversation/asyncsend_v2")
                                                  .people({5000, std::chrono::minutes(1)})
                                                  .each_person({500, std::chrono::hours(24)});
inline constexpr wire::api_limits send_result = standard("topapi/message/corpconversation/getsendresult");
inline constexpr wire::api_limits recall_work = standard("topapi/message/corpconversation/recall");
/// Of one robot, which is mute for ten minutes when there are more.
inline constexpr wire::api_limits webhook = wire::api_limits("robot/send").calls({20, std::chrono::minutes(1)});

} // namespace tidings::inline v0::providers::dingtalk::apis

#endif
