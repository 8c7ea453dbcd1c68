// What changes on WeCom's side while the sandbox runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_WECOM_STATE_HPP
#define TIDINGS_SANDBOX_DETAIL_WECOM_STATE_HPP

#include <tidings/sandbox/detail/clock.hpp>
#include <tidings/sandbox/detail/json_io.hpp>

#include <map>
#include <set>
#include <string>
#include <unordered_map>

namespace tidings::inline v0::sandbox::detail {

// A limit that, once broken, stays closed for as long as it counts.
class wecom_gate
{
public:
    bool closed(instant now) const { return now < until_; }

    // True: counted. False: one too many, and closed from now on.
    bool admit(instant now, int limit, milliseconds span)
    {
        if (closed(now))
            return false;
        if (!window_.admit(now, limit, span))
            return true;
        until_ = now + span;
        return false;
    }

private:
    rate_window window_;
    instant until_;
};

struct wecom_token
{
    std::string app_id;
    instant expires;
};

struct wecom_media
{
    // The organisation, or the robot's key.
    std::string owner;
    std::string type;
    instant expires;
};

// An accepted message, delivered to at least one person or not.
struct wecom_sent
{
    std::string app_id;
    instant when;
};

// A card that can be replaced once.
struct wecom_card
{
    std::string app_id;
    std::string msgid;
    instant expires;
};

struct wecom_duplicate
{
    json::object answer;
    instant until;
};

struct wecom_state
{
    std::unordered_map<std::string, wecom_token> tokens;
    // By app.
    std::unordered_map<std::string, std::string> current_token;
    std::unordered_map<std::string, wecom_gate> gates;
    std::unordered_map<std::string, rate_window> members;
    std::unordered_map<std::string, wecom_media> media;
    std::unordered_map<std::string, wecom_sent> sent;
    // By response_code.
    std::unordered_map<std::string, wecom_card> cards;
    // App and task_id.
    std::set<std::pair<std::string, std::string>> tasks;
    // By app and request body.
    std::unordered_map<std::string, wecom_duplicate> duplicates;
    // By app and day in China.
    std::map<std::pair<std::string, std::chrono::sys_days>, std::int64_t> per_day;
};

} // namespace tidings::inline v0::sandbox::detail

#endif
