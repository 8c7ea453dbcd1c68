// What changes on DingTalk's side while the sandbox runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_DINGTALK_STATE_HPP
#define TIDINGS_SANDBOX_DETAIL_DINGTALK_STATE_HPP

#include <tidings/sandbox/detail/clock.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tidings::inline v0::sandbox::detail {

struct dingtalk_token
{
    std::string app_key;
    instant expires;
    // The scopes of the app when it fetched the token.
    std::vector<std::string> scopes;
};

// One send of a bot, to several people or a group.
struct dingtalk_send
{
    std::string robot_code;
    instant created;
    bool recalled = false;
    // The group it went to. Empty: to people.
    std::string group;
    // Into the ledger.
    std::vector<std::size_t> rows;
};

struct dingtalk_forbidden
{
    std::string code;
    std::string userid;
};

// One work notice.
struct dingtalk_task
{
    std::int64_t agent_id = 0;
    instant created;
    std::string msg_type;
    std::vector<std::size_t> rows;
    std::vector<std::string> invalid_users;
    std::vector<std::int64_t> invalid_departments;
    std::vector<dingtalk_forbidden> forbidden;
};

struct dingtalk_state
{
    std::unordered_map<std::string, dingtalk_token> tokens;
    // By app key.
    std::unordered_map<std::string, std::string> current_token;
    // By processQueryKey.
    std::map<std::string, dingtalk_send> sends;
    std::map<std::int64_t, dingtalk_task> tasks;
    // Addresses that called too often, and robots of groups that said too much.
    std::unordered_map<std::string, instant> silenced_until;
    // Work notices: person and content, by the day.
    std::set<std::string> noticed;
    std::unordered_map<std::string, int> counted;
    // Robot and msgUuid.
    std::set<std::string> hook_uuids;
};

} // namespace tidings::inline v0::sandbox::detail

#endif
