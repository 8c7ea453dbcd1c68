// What the sandbox knows about DingTalk before the first request. Plain data.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DINGTALK_WORLD_HPP
#define TIDINGS_SANDBOX_DINGTALK_WORLD_HPP

#include <tidings/sandbox/audience.hpp>

#include <cstdint>
#include <optional>

namespace tidings::inline v0::sandbox {

/// One internal app of DingTalk.
struct dingtalk_app
{
    dingtalk_app() = default;

    /// The Client ID.
    std::string app_key;
    std::string app_secret;
    /// The bot's code. Empty: the app key, as on the real platform.
    std::string robot_code;
    std::int64_t agent_id = 0;
    /// The organisation's admin has not stopped the app. False: 50003, or 401 `unauthorized.client`.
    bool enabled = true;
    /// The bot capability was added. False: `invalidParameter.robotCode.notExsit`.
    bool robot = true;
    /// A version that has the bot was released. False: `modes.unpublished_code`.
    bool published = true;
    /// The bot was switched off. True: `bot.stopped`.
    bool robot_stopped = false;
    /// Not empty: every send of the bot that is in order is refused with this code (`send.forbidden`,
    /// `sign.not.match`, `session.expired` ...).
    std::string send_refusal;
    /// The scopes in effect.
    std::vector<std::string> scopes;
    /// The field permissions: without them `email`, or `mobile`, is not shown.
    bool reads_email = true;
    bool reads_mobile = true;
    /// Whom the app may write to. Outside: `modes.unreachable`.
    audience availability;
    /// Whom the lookups may see: everyone in `contact_departments`, or exactly these people. Outside: 50002.
    audience contact_range;
    /// With everything below them. Outside: 50004. Count only when `contact_range` is everyone.
    std::vector<std::int64_t> contact_departments{1};
    /// IPv4 addresses, `1.2.3.*`, or CIDR. Empty: everybody may call.
    std::vector<std::string> ip_allow_list;
    /// The bot's own security settings: `keywords.not.match`, `ip.not.match`.
    std::vector<std::string> robot_keywords;
    std::vector<std::string> robot_ip_allow_list;
};

/// One department. The root is 1; it is there even if the world does not list it.
struct dingtalk_department
{
    dingtalk_department() = default;

    std::int64_t dept_id = 0;
    std::int64_t parent_id = 1;
    std::string name;
    /// Login names of the direct members.
    std::vector<std::string> members;
};

/// One group with app bots in it.
struct dingtalk_group
{
    dingtalk_group() = default;

    std::string open_conversation_id;
    std::string name;
    /// Robot codes. A bot that is not in the group: `modes.robot_outside_group_code`.
    std::vector<std::string> robots;
    /// Login names.
    std::vector<std::string> members;
    /// False: bots are muted in the group, `send.forbidden`.
    bool bots_may_speak = true;
    /// `group.disbanded`.
    bool dissolved = false;
};

/// One custom robot of a group: an incoming webhook.
struct dingtalk_hook
{
    dingtalk_hook() = default;

    std::string access_token;
    /// Where its messages go.
    std::string open_conversation_id;
    /// Not empty: messages must be signed with it. `SEC` and 64 hex digits on the real platform.
    std::string secret;
    /// Not empty: a message must contain one of them.
    std::vector<std::string> keywords;
    /// IPv4 addresses, `1.2.3.*`, or CIDR. Empty: everybody.
    std::vector<std::string> ip_allow_list;
    /// 400102.
    bool disabled = false;
    /// Taken out of the group: 400106.
    bool removed = false;
    /// The group is gone: 400013.
    bool dissolved = false;
    /// Messages a calendar month that the admin allows; nothing: no limit.
    std::optional<std::int64_t> monthly_cap;
};

/// An account that the organisation itself hosts (a paid feature): it can be found by its login id.
struct dingtalk_hosted_account
{
    dingtalk_hosted_account() = default;

    /// One of the world's people.
    std::string login_name;
    std::string login_id;
};

/// Something that the content check does not let through.
struct dingtalk_censored
{
    dingtalk_censored() = default;

    /// A message that contains this is refused.
    std::string text;
    /// `url`, `text`, `picture` or `content`.
    std::string kind = "content";
};

/// DingTalk's limits. Those of the first group are off by default, so that a test is not slowed down by them.
struct dingtalk_limits
{
    dingtalk_limits() = default;

    bool enabled = false;
    /// Per API and app: 90018, `QpsLimitForAppkeyAndApi`.
    int calls_per_second = 20;
    /// Per API and app: 90006, `QpmLimitForAppkeyAndApi`.
    int calls_per_minute = 1000;
    /// Per API, all apps together: 90002, `QpsLimitForApi`.
    int calls_per_second_of_all = 300;
    /// Per address in 20 seconds; then five minutes of answers that are no answers.
    int calls_per_address = 10000;
    /// Of one bot to one person in a minute; above: `flowControlledStaffIdList`.
    int per_person_per_minute = 20;
    /// Sends of one bot in a minute; above: `send.too.fast`.
    int robot_per_minute = 600;
    /// Then the robot is muted.
    int hook_per_minute = 20;
    int hook_mute_seconds = 600;

    /// Work notices: always counted. Further notices are accepted, and not delivered.
    int work_per_person_per_day = 500;
    int work_people_per_minute = 5000;
    int work_to_all_per_day = 3;
    /// Bytes.
    int msg_param_bytes = 15000;
    int hook_bytes = 20000;
};

/// Where DingTalk's behaviour is not settled, or was seen in two forms: which one the sandbox shows.
struct dingtalk_modes
{
    dingtalk_modes() = default;

    /// A stopped app gets no token. False: its calls are refused.
    bool stopped_at_token = true;
    /// A missing scope in its newer words, with the link.
    bool new_scope_text = true;
    /// 60020 inside of 88 at `/topapi/`. False: bare.
    bool wrapped_ip_refusal = false;
    /// The old token call's answer to a wrong secret: 40096 or 40089.
    int wrong_secret_code = 40096;
    /// An expired token at the old API: 40014 or 42001.
    int expired_token_code = 40014;
    /// A newly granted scope works `at_once`, `at_fetch` (of the same token again) or `at_expiry` of the token.
    std::string grant_works = "at_fetch";
    /// How mobiles of other countries are written: `plus` (+65...), `dash` (65-... and +65-...), `digits` (65...),
    /// `any` of these, or `none`.
    std::string foreign_mobile = "any";
    /// `+86...` finds mainland numbers, not only the 11 digits.
    bool mainland_accepts_plus86 = false;
    /// An unknown userid at `user/get`: 33012 or 60121.
    int missing_user_code = 33012;
    /// Whom the app may not write to: `robot.oto.notExist` (if no other recipient is left), or `invalidStaffIdList`.
    std::string unreachable = "robot.oto.notExist";
    /// People who blocked the bot are in `filteredStaffIdList`, `invalidStaffIdList`, or in `none` of them (and get
    /// nothing).
    std::string blocked = "filteredStaffIdList";
    /// `invalidParameter.userIds.overMax`, `batch.toolarge` or `receivers.exceed`.
    std::string too_many_code = "invalidParameter.userIds.overMax";
    /// `template.stopped`, `chatbotId.notAllow.sendOTO`, `template.not.existed` or
    /// `invalidParameter.robotCode.notExsit`.
    std::string unpublished_code = "template.stopped";
    /// A group that does not exist: `resource.not.found` or `invalid.openConversationId`.
    std::string unknown_group_code = "resource.not.found";
    /// A bot that is not in the group: `invalidParameter.robotCode.notExsit` or `resource.not.found`.
    std::string robot_outside_group_code = "invalidParameter.robotCode.notExsit";
    /// Several ids and all unknown: 400 `staffId.notExisted`. False: 200 and all of them in the list.
    bool all_unknown_refused = false;
    /// Lists that are empty are left out of the answer.
    bool empty_lists_absent = false;
    /// `sendStatus` is `SUCESS`, as in the documentation's sample.
    bool misspelt_success = false;
    /// So long after a send there is no record of it yet, then for as long again it is being processed.
    std::int64_t record_delay_seconds = 0;
    /// A bad agent id: 40056 or 52019.
    int wrong_agent_code = 40056;
    /// Unknown robot at the webhook: 300005 or 400101.
    int hook_unknown_code = 300005;
    /// 660026, 130101 or 410100.
    int hook_throttled_code = 660026;
    /// A webhook body that is not announced as JSON: 300001 or 43004.
    int hook_content_type_code = 300001;
    /// 310000 in its newer words.
    bool new_hook_texts = true;
    /// An address that calls too often gets an HTML page. False: JSON of another kind.
    bool ban_is_html = false;
    /// The checks between token and parameters, each exactly once.
    std::vector<std::string> check_order{"app", "ip", "scope", "rate", "quota"};
};

/// DingTalk's own part of the world: one organisation.
struct dingtalk_world
{
    dingtalk_world() = default;

    /// The organisation's id, for the token call that names it.
    std::string corp_id = "ding9f50b15bccd16741";
    std::vector<dingtalk_app> apps;
    std::vector<dingtalk_department> departments;
    std::vector<dingtalk_group> groups;
    std::vector<dingtalk_hook> hooks;
    std::vector<dingtalk_hosted_account> hosted_accounts;
    std::vector<dingtalk_censored> censored;
    /// Billed calls of the whole organisation per calendar month; nothing: no limit.
    std::optional<std::int64_t> monthly_quota;
    dingtalk_limits limits;
    dingtalk_modes modes;

    /// The app with this key, or null. Does not throw.
    dingtalk_app const* find_app(std::string_view app_key) const noexcept
    {
        for (auto const& a : apps)
            if (a.app_key == app_key)
                return &a;
        return nullptr;
    }
    dingtalk_app* find_app(std::string_view app_key) noexcept
    {
        return const_cast<dingtalk_app*>(static_cast<dingtalk_world const*>(this)->find_app(app_key));
    }
};

} // namespace tidings::inline v0::sandbox

#endif
