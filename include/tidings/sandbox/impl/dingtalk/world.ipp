// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_WORLD_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_WORLD_IPP

#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/world.hpp>

#include <tuple>

namespace tidings::inline v0::sandbox::detail {

template<class F>
void members(F&& f, is_a<dingtalk_app> auto& x)
{
    f("app_key", x.app_key);
    f("app_secret", x.app_secret);
    f("robot_code", x.robot_code);
    f("agent_id", x.agent_id);
    f("enabled", x.enabled);
    f("robot", x.robot);
    f("published", x.published);
    f("robot_stopped", x.robot_stopped);
    f("send_refusal", x.send_refusal);
    f("scopes", x.scopes);
    f("reads_email", x.reads_email);
    f("reads_mobile", x.reads_mobile);
    f("availability", x.availability);
    f("contact_range", x.contact_range);
    f("contact_departments", x.contact_departments);
    f("ip_allow_list", x.ip_allow_list);
    f("robot_keywords", x.robot_keywords);
    f("robot_ip_allow_list", x.robot_ip_allow_list);
}

template<class F>
void members(F&& f, is_a<dingtalk_department> auto& x)
{
    f("dept_id", x.dept_id);
    f("parent_id", x.parent_id);
    f("name", x.name);
    f("members", x.members);
}

template<class F>
void members(F&& f, is_a<dingtalk_group> auto& x)
{
    f("open_conversation_id", x.open_conversation_id);
    f("name", x.name);
    f("robots", x.robots);
    f("members", x.members);
    f("bots_may_speak", x.bots_may_speak);
    f("dissolved", x.dissolved);
}

template<class F>
void members(F&& f, is_a<dingtalk_hook> auto& x)
{
    f("access_token", x.access_token);
    f("open_conversation_id", x.open_conversation_id);
    f("secret", x.secret);
    f("keywords", x.keywords);
    f("ip_allow_list", x.ip_allow_list);
    f("disabled", x.disabled);
    f("removed", x.removed);
    f("dissolved", x.dissolved);
    f("monthly_cap", x.monthly_cap);
}

template<class F>
void members(F&& f, is_a<dingtalk_hosted_account> auto& x)
{
    f("login_name", x.login_name);
    f("login_id", x.login_id);
}

template<class F>
void members(F&& f, is_a<dingtalk_censored> auto& x)
{
    f("text", x.text);
    f("kind", x.kind);
}

template<class F>
void members(F&& f, is_a<dingtalk_limits> auto& x)
{
    f("enabled", x.enabled);
    f("calls_per_second", x.calls_per_second);
    f("calls_per_minute", x.calls_per_minute);
    f("calls_per_second_of_all", x.calls_per_second_of_all);
    f("calls_per_address", x.calls_per_address);
    f("per_person_per_minute", x.per_person_per_minute);
    f("robot_per_minute", x.robot_per_minute);
    f("hook_per_minute", x.hook_per_minute);
    f("hook_mute_seconds", x.hook_mute_seconds);
    f("work_per_person_per_day", x.work_per_person_per_day);
    f("work_people_per_minute", x.work_people_per_minute);
    f("work_to_all_per_day", x.work_to_all_per_day);
    f("msg_param_bytes", x.msg_param_bytes);
    f("hook_bytes", x.hook_bytes);
}

template<class F>
void members(F&& f, is_a<dingtalk_modes> auto& x)
{
    f("stopped_at_token", x.stopped_at_token);
    f("wrong_secret_code", x.wrong_secret_code);
    f("expired_token_code", x.expired_token_code);
    f("grant_works", x.grant_works);
    f("new_scope_text", x.new_scope_text);
    f("wrapped_ip_refusal", x.wrapped_ip_refusal);
    f("foreign_mobile", x.foreign_mobile);
    f("mainland_accepts_plus86", x.mainland_accepts_plus86);
    f("missing_user_code", x.missing_user_code);
    f("unreachable", x.unreachable);
    f("blocked", x.blocked);
    f("all_unknown_refused", x.all_unknown_refused);
    f("unknown_group_code", x.unknown_group_code);
    f("robot_outside_group_code", x.robot_outside_group_code);
    f("too_many_code", x.too_many_code);
    f("unpublished_code", x.unpublished_code);
    f("empty_lists_absent", x.empty_lists_absent);
    f("misspelt_success", x.misspelt_success);
    f("record_delay_seconds", x.record_delay_seconds);
    f("wrong_agent_code", x.wrong_agent_code);
    f("hook_unknown_code", x.hook_unknown_code);
    f("hook_throttled_code", x.hook_throttled_code);
    f("hook_content_type_code", x.hook_content_type_code);
    f("new_hook_texts", x.new_hook_texts);
    f("ban_is_html", x.ban_is_html);
    f("check_order", x.check_order);
}

template<class F>
void members(F&& f, is_a<dingtalk_world> auto& x)
{
    f("corp_id", x.corp_id);
    f("apps", x.apps);
    f("departments", x.departments);
    f("groups", x.groups);
    f("hooks", x.hooks);
    f("hosted_accounts", x.hosted_accounts);
    f("censored", x.censored);
    f("monthly_quota", x.monthly_quota);
    f("limits", x.limits);
    f("modes", x.modes);
}

inline dingtalk_app standard_dingtalk_app(std::string const& tail, std::int64_t agent_id)
{
    dingtalk_app a;
    a.app_key = "dingtidings" + tail;
    a.app_secret = "ding-secret-" + tail;
    a.robot_code = a.app_key;
    a.agent_id = agent_id;
    a.scopes = {"qyapi_base",
                "qyapi_get_member_by_mobile",
                "qyapi_get_member",
                "qyapi_addresslist_search",
                "qyapi_get_department_list",
                "qyapi_get_department_member",
                "qyapi_robot_sendmsg"};
    a.availability = audience({"ada", "bob", "chen", "dana", "rita", "boris", "vera"});
    return a;
}

// DingTalk's part of the standard world.
inline dingtalk_world standard_dingtalk()
{
    dingtalk_world w;
    w.apps = {standard_dingtalk_app("0718", 2718), standard_dingtalk_app("0e01", 2701),
              standard_dingtalk_app("0e02", 2702), standard_dingtalk_app("0e03", 2703),
              standard_dingtalk_app("0e04", 2704)};
    w.apps[1].scopes = {"qyapi_base"};
    w.apps[2].published = false;
    w.apps[3].enabled = false;
    w.apps[4].ip_allow_list = {"203.0.113.7"};

    for (auto const& [id, parent, name, people] :
         {std::tuple(1, 0, "Example", std::vector<std::string>{"dana"}),
          std::tuple(10, 1, "Engineering", std::vector<std::string>{"ada", "otto", "rita"}),
          std::tuple(11, 10, "Platform", std::vector<std::string>{"bob"}),
          std::tuple(12, 11, "Databases", std::vector<std::string>{"chen"}),
          std::tuple(20, 1, "Sales", std::vector<std::string>{"boris", "dana"})})
    {
        auto& d = w.departments.emplace_back();
        d.dept_id = id;
        d.parent_id = parent;
        d.name = name;
        d.members = people;
    }

    w.groups.resize(2);
    auto& group = w.groups[0];
    group.open_conversation_id = "cidtidings0718==";
    group.name = "on call";
    group.robots = {w.apps[0].robot_code};
    group.members = {"ada", "bob", "chen"};
    w.groups[1].open_conversation_id = "cidtidings0719==";
    w.groups[1].name = "a group without the bot";
    w.groups[1].members = {"ada", "dana"};

    w.hooks.resize(3);
    auto const zeros = std::string(63, '0');
    for (std::size_t i = 0; i < w.hooks.size(); ++i)
    {
        w.hooks[i].access_token = zeros + std::to_string(i + 1);
        w.hooks[i].open_conversation_id = group.open_conversation_id;
    }
    w.hooks[1].secret = "SEC0718";
    w.hooks[2].keywords = {"alert"};
    return w;
}

} // namespace tidings::inline v0::sandbox::detail

#endif
