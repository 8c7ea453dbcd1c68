// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WORLD_IPP
#define TIDINGS_SANDBOX_IMPL_WORLD_IPP

#include <tidings/sandbox/world.hpp>

#include <tidings/sandbox/detail/digest.hpp>
#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/impl/audience.ipp>
#include <tidings/sandbox/impl/dingtalk/world.ipp>
#include <tidings/sandbox/impl/wecom/world.ipp>

#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace tidings::inline v0::sandbox {

namespace detail {

template<>
struct names_of<brand>
{
    static constexpr std::array<char const*, 4> list{"lark", "feishu", "dingtalk", "wecom"};
};

template<class F>
void members(F&& f, is_a<app> auto& x)
{
    f("app_id", x.app_id);
    f("app_secret", x.app_secret);
    f("platform", x.platform);
    f("name", x.name);
    f("tenant_key", x.tenant_key);
    f("fixed_token", x.fixed_token);
    f("enabled", x.enabled);
    f("installed", x.installed);
    f("bot", x.bot);
    f("published", x.published);
    f("activate_status", x.activate_status);
    f("scopes", x.scopes);
    f("pending_scopes", x.pending_scopes);
    f("availability", x.availability);
    f("contact_range", x.contact_range);
    f("ip_allow_list", x.ip_allow_list);
    f("monthly_quota", x.monthly_quota);
    f("bot_open_id", x.bot_open_id);
}

template<class F>
void members(F&& f, is_a<person> auto& x)
{
    f("login_name", x.login_name);
    f("name", x.name);
    f("email", x.email);
    f("enterprise_email", x.enterprise_email);
    f("mobile", x.mobile);
    f("union_id", x.union_id);
    f("open_ids", x.open_ids);
    f("departments", x.departments);
    f("resigned", x.resigned);
    f("frozen", x.frozen);
    f("blocked_bot", x.blocked_bot);
    f("other_tenant", x.other_tenant);
}

template<class F>
void members(F&& f, is_a<chat> auto& x)
{
    f("chat_id", x.chat_id);
    f("name", x.name);
    f("bots", x.bots);
    f("members", x.members);
    f("bots_may_speak", x.bots_may_speak);
    f("dissolved", x.dissolved);
}

template<class F>
void members(F&& f, is_a<hook> auto& x)
{
    f("token", x.token);
    f("platform", x.platform);
    f("chat_id", x.chat_id);
    f("secret", x.secret);
    f("keywords", x.keywords);
    f("ip_allow_list", x.ip_allow_list);
}

template<class F>
void members(F&& f, is_a<resource> auto& x)
{
    f("key", x.key);
    f("app_id", x.app_id);
    f("type", x.type);
}

template<class F>
void members(F&& f, is_a<limits> auto& x)
{
    f("enabled", x.enabled);
    f("calls_per_minute", x.calls_per_minute);
    f("calls_per_second", x.calls_per_second);
    f("per_receiver_per_second", x.per_receiver_per_second);
    f("hook_per_minute", x.hook_per_minute);
    f("hook_per_second", x.hook_per_second);
    f("batch_per_day", x.batch_per_day);
}

template<class F>
void members(F&& f, is_a<modes> auto& x)
{
    f("cross_brand_apps", x.cross_brand_apps);
    f("bad_token_status", x.bad_token_status);
    f("wrong_secret_code", x.wrong_secret_code);
    f("disabled_app_code", x.disabled_app_code);
    f("lookup_accepts_plus86", x.lookup_accepts_plus86);
    f("lookup_echo_lower_case", x.lookup_echo_lower_case);
    f("lookup_merges_duplicates", x.lookup_merges_duplicates);
    f("lookup_refuses_over_fifty", x.lookup_refuses_over_fifty);
    f("lookup_miss", x.lookup_miss);
    f("contact_ids_by_gateway", x.contact_ids_by_gateway);
    f("old_id_error_text", x.old_id_error_text);
    f("enterprise_email_receives", x.enterprise_email_receives);
    f("cross_app_code", x.cross_app_code);
    f("resigned_code", x.resigned_code);
    f("blocked_bot_code", x.blocked_bot_code);
    f("uuid_repeat_code", x.uuid_repeat_code);
    f("uuid_in_flight_code", x.uuid_in_flight_code);
    f("uuid_per_receiver", x.uuid_per_receiver);
    f("uuid_burnt_by_failure", x.uuid_burnt_by_failure);
    f("batch_lists_unseen", x.batch_lists_unseen);
    f("kilobyte", x.kilobyte);
    f("size_counts_content", x.size_counts_content);
    f("rate_limit_status", x.rate_limit_status);
    f("rate_limit_headers_always", x.rate_limit_headers_always);
    f("escape_ampersand", x.escape_ampersand);
    f("charset", x.charset);
    f("check_image_format", x.check_image_format);
    f("check_order", x.check_order);
}

template<class F>
void members(F&& f, is_a<world> auto& x)
{
    f("apps", x.apps);
    f("people", x.people);
    f("chats", x.chats);
    f("hooks", x.hooks);
    f("resources", x.resources);
    f("accept_any_resource", x.accept_any_resource);
    f("card_templates", x.card_templates);
    f("recall_window_seconds", x.recall_window_seconds);
    f("edit_window_seconds", x.edit_window_seconds);
    f("limits", x.limits);
    f("modes", x.modes);
    f("dingtalk", x.dingtalk);
    f("wecom", x.wecom);
}

} // namespace detail

TIDINGS_SANDBOX_DECL std::string_view to_string(brand which) noexcept
{
    return detail::names_of<brand>::list[static_cast<std::size_t>(which)];
}

TIDINGS_SANDBOX_DECL void world::enforce_limits(double factor)
{
    if (!(factor > 0 && factor <= 1000))
        throw std::invalid_argument("the factor for limits must be more than 0 and at most 1000");
    auto const scale = [&](auto&... rates) {
        auto const read_rate = [&]<class T>(T& rate) {
            auto const max_count = static_cast<double>(std::numeric_limits<T>::max() / 2);
            rate = static_cast<T>(std::clamp(std::round(static_cast<double>(rate) * factor), 1.0, max_count));
        };
        (read_rate(rates), ...);
    };
    auto& l = limits;
    auto& d = dingtalk.limits;
    auto& w = wecom.limits;
    l.enabled = d.enabled = w.enabled = true;
    scale(l.calls_per_minute, l.calls_per_second, l.per_receiver_per_second, l.hook_per_minute, l.hook_per_second,
          l.batch_per_day);
    scale(d.calls_per_second, d.calls_per_minute, d.calls_per_second_of_all, d.calls_per_address,
          d.per_person_per_minute, d.robot_per_minute, d.hook_per_minute, d.work_per_person_per_day,
          d.work_people_per_minute, d.work_to_all_per_day);
    scale(w.member_per_minute, w.member_per_hour, w.app_per_day, w.calls_per_minute, w.calls_per_hour,
          w.address_per_minute, w.address_per_hour, w.hook_per_minute, w.chat_people_per_minute,
          w.chat_member_per_minute, w.debug_per_minute);
}

TIDINGS_SANDBOX_DECL void world::derive_ids()
{
    for (auto& a : apps)
        if (a.bot_open_id.empty())
            a.bot_open_id = "ou_" + detail::hex_digest("bot/" + a.app_id, 32);
    for (auto& p : people)
    {
        if (p.union_id.empty())
            p.union_id = "on_" + detail::hex_digest("union/" + p.login_name, 32);
        for (auto const& a : apps)
            if (auto& id = p.open_ids[a.app_id]; id.empty())
                id = "ou_" + detail::hex_digest("open/" + a.app_id + "/" + p.login_name, 32);
    }
}

TIDINGS_SANDBOX_DECL sandbox::app const* world::find_app(std::string_view app_id) const noexcept
{
    auto const at = std::find_if(apps.begin(), apps.end(), [&](auto const& a) { return a.app_id == app_id; });
    return at == apps.end() ? nullptr : &*at;
}

TIDINGS_SANDBOX_DECL sandbox::app* world::find_app(std::string_view app_id) noexcept
{
    return const_cast<sandbox::app*>(std::as_const(*this).find_app(app_id));
}

TIDINGS_SANDBOX_DECL person const* world::find_person(std::string_view login_name) const noexcept
{
    auto const at =
        std::find_if(people.begin(), people.end(), [&](auto const& p) { return p.login_name == login_name; });
    return at == people.end() ? nullptr : &*at;
}

TIDINGS_SANDBOX_DECL person* world::find_person(std::string_view login_name) noexcept
{
    return const_cast<person*>(std::as_const(*this).find_person(login_name));
}

namespace detail {

// What a world must be for the rest of the sandbox to rely on it. Throws world_error.
class world_check
{
public:
    explicit world_check(world const& w) : w_(w) {}

    void run() const
    {
        unique("apps", w_.apps, "app_id", &app::app_id);
        unique("people", w_.people, "login_name", &person::login_name);
        unique("chats", w_.chats, "chat_id", &chat::chat_id);
        unique("hooks", w_.hooks, "token", &hook::token);
        unique("resources", w_.resources, "key", &resource::key);
        auto const& m = w_.modes;
        one_of("bad_token_status", m.bad_token_status, {400, 200});
        one_of("wrong_secret_code", m.wrong_secret_code, {10014, 10015});
        one_of("disabled_app_code", m.disabled_app_code, {99991662, 10005, 10014});
        one_of("cross_app_code", m.cross_app_code, {99992361, 230001});
        one_of("resigned_code", m.resigned_code, {230029, 230013});
        one_of("blocked_bot_code", m.blocked_bot_code, {230053, 230035});
        one_of("uuid_repeat_code", m.uuid_repeat_code, {0, 230049, 18121});
        one_of("uuid_in_flight_code", m.uuid_in_flight_code, {230049, 18121});
        one_of("kilobyte", m.kilobyte, {1024, 1000});
        one_of("rate_limit_status", m.rate_limit_status, {429, 400});
        if (m.lookup_miss != "absent" && m.lookup_miss != "empty" && m.lookup_miss != "null")
            throw world_error("modes.lookup_miss", "expected one of absent, empty, null");
        auto sorted = m.check_order;
        std::sort(sorted.begin(), sorted.end());
        if (sorted != std::vector<std::string>{"app", "ip", "quota", "rate", "scope"})
            throw world_error("modes.check_order", "expected app, ip, rate, quota, scope, each once, in any order");
    }

private:
    template<class T, class Member>
    static void unique(std::string const& list, std::vector<T> const& all, std::string const& name, Member member)
    {
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < all.size(); ++i)
        {
            auto const path = list + "[" + std::to_string(i) + "]." + name;
            if ((all[i].*member).empty())
                throw world_error(path, "must be given");
            if (!seen.insert(all[i].*member).second)
                throw world_error(path, "is there twice: " + all[i].*member);
        }
    }

    static void one_of(std::string const& name, int value, std::initializer_list<int> allowed)
    {
        if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
            return;
        std::string text;
        for (auto const a : allowed)
            text += (text.empty() ? "" : ", ") + std::to_string(a);
        throw world_error("modes." + name, "expected one of " + text);
    }

    world const& w_;
};

inline app standard_app(char const* id, char const* secret, brand platform, char const* name)
{
    app a;
    a.app_id = id;
    a.app_secret = secret;
    a.platform = platform;
    a.name = name;
    a.scopes = {"im:message:send_as_bot",
                "im:message:readonly",
                "im:message:recall",
                "im:message:update",
                "im:message.urgent",
                "im:message:send_sys_msg",
                "im:message:send_multi_users",
                "im:message:send_multi_depts",
                "im:resource:upload",
                "contact:user.id:readonly",
                "contact:user.employee_id:readonly",
                "contact:contact.base:readonly",
                "contact:user.base:readonly",
                "contact:user.email:readonly",
                "contact:user.phone:readonly",
                "contact:user.employee:readonly",
                "contact:user.basic_profile:readonly"};
    a.availability = audience({"ada", "bob", "chen", "dana", "rita", "boris", "vera"});
    return a;
}

inline person standard_person(char const* login, char const* name, char const* mobile)
{
    person p;
    p.login_name = login;
    p.name = name;
    p.email = std::string(login) + "@example.com";
    p.enterprise_email = std::string(login) + "@corp.example";
    p.mobile = mobile;
    p.departments = {"od-0011223344556677"};
    return p;
}

} // namespace detail

TIDINGS_SANDBOX_DECL world world::standard()
{
    using detail::standard_app;
    using detail::standard_person;

    world w;
    auto& apps = w.apps;
    apps.push_back(standard_app("cli_a1b2c3d4e5f60718", "lark-secret-0718", brand::lark, "good on Lark"));
    apps.push_back(standard_app("cli_b1b2c3d4e5f60718", "feishu-secret-0718", brand::feishu, "good on Feishu"));
    apps.push_back(standard_app("cli_a1b2c3d4e5f60e01", "lark-secret-0e01", brand::lark, "has no scopes"));
    apps.back().pending_scopes = std::exchange(apps.back().scopes, {});
    apps.push_back(standard_app("cli_a1b2c3d4e5f60e02", "lark-secret-0e02", brand::lark, "bot not published"));
    apps.back().published = false;
    apps.push_back(standard_app("cli_a1b2c3d4e5f60e03", "lark-secret-0e03", brand::lark, "stopped by the admin"));
    apps.back().enabled = false;
    apps.back().activate_status = 1;

    w.people = {standard_person("ada", "Ada", "+6591234567"),
                standard_person("bob", "Bob", "+8613011111111"),
                standard_person("chen", "\xe9\x99\x88\xe6\x99\xa8", "+8613022222222"),
                standard_person("dana", "Dana", "+12025550123"),
                standard_person("otto", "Otto", "+6591230001"),
                standard_person("rita", "Rita", "+6591230002"),
                standard_person("boris", "Boris", "+6591230003"),
                standard_person("vera", "Vera", "+6591230004")};
    w.find_person("rita")->resigned = true;
    w.find_person("boris")->blocked_bot = true;
    w.find_person("vera")->other_tenant = true;

    w.chats.resize(2);
    auto& good = w.chats[0];
    good.chat_id = "oc_5ad11d72b830411d72b836c20";
    good.name = "on call";
    good.bots = {"cli_a1b2c3d4e5f60718", "cli_b1b2c3d4e5f60718"};
    good.members = {"ada", "bob", "chen"};
    auto& foreign = w.chats[1];
    foreign.chat_id = "oc_5ad11d72b830411d72b836c21";
    foreign.name = "without the bot";
    foreign.members = {"ada"};

    for (auto const& [token, platform, secret] :
         {std::tuple("0a1b2c3d-0000-4000-8000-000000000001", brand::lark, ""),
          std::tuple("0a1b2c3d-0000-4000-8000-000000000002", brand::lark, "hook-secret"),
          std::tuple("0a1b2c3d-0000-4000-8000-000000000003", brand::feishu, "")})
    {
        auto& h = w.hooks.emplace_back();
        h.token = token;
        h.platform = platform;
        h.secret = secret;
        h.chat_id = good.chat_id;
    }
    w.dingtalk = detail::standard_dingtalk();
    w.wecom = detail::standard_wecom();
    w.derive_ids();
    return w;
}

TIDINGS_SANDBOX_DECL world world::from_json(std::string_view text)
{
    world w;
    detail::read(detail::parse_or_explain(text, "world"), w, "");
    detail::world_check(w).run();
    w.derive_ids();
    return w;
}

TIDINGS_SANDBOX_DECL std::string to_json(world const& w)
{
    std::string out;
    detail::print(detail::write(w), out, "");
    return out + "\n";
}

} // namespace tidings::inline v0::sandbox

#endif
