// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_CHECK_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_CHECK_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

// What DingTalk's part must be for the rest of it to rely on. Throws world_error.
class world_check
{
public:
    explicit world_check(sandbox::world const& w) : people_(w), w_(w.dingtalk) {}

    void run() const
    {
        unique("apps", w_.apps, "app_key", [](auto const& a) { return a.app_key; });
        unique("apps", w_.apps, "agent_id", [](auto const& a) { return std::to_string(a.agent_id); });
        unique("hooks", w_.hooks, "access_token", [](auto const& h) { return h.access_token; });
        unique("groups", w_.groups, "open_conversation_id", [](auto const& g) { return g.open_conversation_id; });
        unique("departments", w_.departments, "dept_id", [](auto const& d) { return std::to_string(d.dept_id); });
        unique("hosted_accounts", w_.hosted_accounts, "login_id", [](auto const& a) { return a.login_id; });
        for (std::size_t i = 0; i < w_.departments.size(); ++i)
            check_department(w_.departments[i], "dingtalk.departments[" + std::to_string(i) + "]");
        for (std::size_t i = 0; i < w_.hosted_accounts.size(); ++i)
            if (!people_.find_person(w_.hosted_accounts[i].login_name))
                throw world_error("dingtalk.hosted_accounts[" + std::to_string(i) + "].login_name",
                                  "no such person: " + w_.hosted_accounts[i].login_name);
        for (std::size_t i = 0; i < w_.censored.size(); ++i)
            one_of("censored[" + std::to_string(i) + "].kind", w_.censored[i].kind,
                   {"url", "text", "picture", "content"});
        check_modes(w_.modes);
    }

private:
    static void check_modes(dingtalk_modes const& m)
    {
        auto const number = [](char const* name, int value, std::initializer_list<std::string_view> allowed) {
            one_of(std::string("modes.") + name, std::to_string(value), allowed);
        };
        auto const text = [](char const* name, std::string const& value,
                             std::initializer_list<std::string_view> allowed) {
            one_of(std::string("modes.") + name, value, allowed);
        };
        number("wrong_secret_code", m.wrong_secret_code, {"40096", "40089"});
        number("expired_token_code", m.expired_token_code, {"40014", "42001"});
        number("missing_user_code", m.missing_user_code, {"33012", "60121"});
        number("wrong_agent_code", m.wrong_agent_code, {"40056", "52019"});
        number("hook_unknown_code", m.hook_unknown_code, {"300005", "400101"});
        number("hook_throttled_code", m.hook_throttled_code, {"660026", "130101", "410100"});
        number("hook_content_type_code", m.hook_content_type_code, {"300001", "43004"});
        text("grant_works", m.grant_works, {"at_once", "at_fetch", "at_expiry"});
        text("foreign_mobile", m.foreign_mobile, {"plus", "dash", "digits", "any", "none"});
        text("unreachable", m.unreachable, {"robot.oto.notExist", "invalidStaffIdList"});
        text("blocked", m.blocked, {"filteredStaffIdList", "invalidStaffIdList", "none"});
        text("too_many_code", m.too_many_code,
             {"invalidParameter.userIds.overMax", "batch.toolarge", "receivers.exceed"});
        text("unpublished_code", m.unpublished_code,
             {"template.stopped", "chatbotId.notAllow.sendOTO", "template.not.existed",
              "invalidParameter.robotCode.notExsit"});
        text("unknown_group_code", m.unknown_group_code, {"resource.not.found", "invalid.openConversationId"});
        text("robot_outside_group_code", m.robot_outside_group_code,
             {"invalidParameter.robotCode.notExsit", "resource.not.found"});
        auto sorted = m.check_order;
        std::sort(sorted.begin(), sorted.end());
        if (sorted != std::vector<std::string>{"app", "ip", "quota", "rate", "scope"})
            throw world_error("dingtalk.modes.check_order",
                              "expected app, ip, scope, rate, quota, each once, in any order");
    }

    // Every way up must end at the root.
    void check_department(dingtalk_department const& d, std::string const& path) const
    {
        auto const* at = &d;
        for (std::size_t steps = 0; at && at->dept_id != 1; ++steps)
        {
            if (steps > w_.departments.size())
                throw world_error(path + ".parent_id", "goes round in circles");
            if (at->parent_id == 1)
                return;
            at = find_department(w_, at->parent_id);
        }
        if (!at)
            throw world_error(path + ".parent_id", "no such department: " + std::to_string(d.parent_id));
    }

    template<class T, class Key>
    static void unique(std::string const& list, std::vector<T> const& all, std::string const& name, Key const& key)
    {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < all.size(); ++i)
        {
            auto const path = "dingtalk." + list + "[" + std::to_string(i) + "]." + name;
            if (key(all[i]).empty())
                throw world_error(path, "must be given");
            if (!seen.insert(key(all[i])).second)
                throw world_error(path, "is there twice: " + key(all[i]));
        }
    }

    static void one_of(std::string const& path, std::string const& value,
                       std::initializer_list<std::string_view> allowed)
    {
        if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
            return;
        std::string text;
        for (auto const a : allowed)
            text += (text.empty() ? "" : ", ") + std::string(a);
        throw world_error("dingtalk." + path, "expected one of " + text);
    }

    sandbox::world const& people_;
    dingtalk_world const& w_;
};

TIDINGS_SANDBOX_DECL void check_world(world const& w)
{
    world_check(w).run();
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
