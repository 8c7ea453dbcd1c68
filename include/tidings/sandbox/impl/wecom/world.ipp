// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_WORLD_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_WORLD_IPP

#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/world.hpp>

#include <tuple>

namespace tidings::inline v0::sandbox {

namespace detail {

template<>
struct names_of<wecom_app_kind>
{
    static constexpr std::array<char const*, 2> list{"self_built", "contact_sync"};
};

template<class F>
void members(F&& f, is_a<wecom_app> auto& x)
{
    f("corp_id", x.corp_id);
    f("secret", x.secret);
    f("agent_id", x.agent_id);
    f("name", x.name);
    f("kind", x.kind);
    f("enabled", x.enabled);
    f("may_send", x.may_send);
    f("sees_private_fields", x.sees_private_fields);
    f("known_address", x.known_address);
    f("callback_configured", x.callback_configured);
    f("trusted_ips", x.trusted_ips);
    f("visible_range", x.visible_range);
    f("unlicensed", x.unlicensed);
    f("range_is_root", x.range_is_root);
}

template<class F>
void members(F&& f, is_a<wecom_party> auto& x)
{
    f("party_id", x.party_id);
    f("parent_id", x.parent_id);
    f("name", x.name);
    f("members", x.members);
}

template<class F>
void members(F&& f, is_a<wecom_tag> auto& x)
{
    f("tag_id", x.tag_id);
    f("name", x.name);
    f("members", x.members);
    f("parties", x.parties);
}

template<class F>
void members(F&& f, is_a<wecom_chat> auto& x)
{
    f("chat_id", x.chat_id);
    f("name", x.name);
    f("owner", x.owner);
    f("members", x.members);
    f("app_id", x.app_id);
}

template<class F>
void members(F&& f, is_a<wecom_hook> auto& x)
{
    f("key", x.key);
    f("chat_id", x.chat_id);
    f("enabled", x.enabled);
    f("in_group", x.in_group);
}

template<class F>
void members(F&& f, is_a<wecom_limits> auto& x)
{
    f("enabled", x.enabled);
    f("member_per_minute", x.member_per_minute);
    f("member_per_hour", x.member_per_hour);
    f("app_per_day", x.app_per_day);
    f("calls_per_minute", x.calls_per_minute);
    f("calls_per_hour", x.calls_per_hour);
    f("address_per_minute", x.address_per_minute);
    f("address_per_hour", x.address_per_hour);
    f("hook_per_minute", x.hook_per_minute);
    f("chat_people_per_minute", x.chat_people_per_minute);
    f("chat_member_per_minute", x.chat_member_per_minute);
    f("debug_per_minute", x.debug_per_minute);
    f("wrong_secrets_per_hour", x.wrong_secrets_per_hour);
    f("organisation_size", x.organisation_size);
    f("wrong_lookups_percent", x.wrong_lookups_percent);
}

template<class F>
void members(F&& f, is_a<wecom_modes> auto& x)
{
    f("same_token", x.same_token);
    f("kind_before_ip", x.kind_before_ip);
    f("send_checks_ip", x.send_checks_ip);
    f("lookup_accepts_plus86", x.lookup_accepts_plus86);
    f("member_out_of_range_code", x.member_out_of_range_code);
    f("lookup_out_of_range_code", x.lookup_out_of_range_code);
    f("send_out_of_range_code", x.send_out_of_range_code);
    f("long_not_found_text", x.long_not_found_text);
    f("strict_escapes", x.strict_escapes);
    f("agent_id_as_text", x.agent_id_as_text);
    f("switches_as_text", x.switches_as_text);
    f("null_lists", x.null_lists);
    f("task_cards", x.task_cards);
    f("any_upload_part", x.any_upload_part);
    f("no_receiver_code", x.no_receiver_code);
    f("only_unlicensed_code", x.only_unlicensed_code);
    f("app_per_day_code", x.app_per_day_code);
    f("duplicate_msgid", x.duplicate_msgid);
    f("empty_lists", x.empty_lists);
    f("success_text", x.success_text);
    f("unknown_chat_code", x.unknown_chat_code);
    f("image_megabytes", x.image_megabytes);
    f("check_media_format", x.check_media_format);
}

template<class F>
void members(F&& f, is_a<wecom_world> auto& x)
{
    f("apps", x.apps);
    f("parties", x.parties);
    f("tags", x.tags);
    f("chats", x.chats);
    f("hooks", x.hooks);
    f("dangerous_text", x.dangerous_text);
    f("limits", x.limits);
    f("modes", x.modes);
}

inline wecom_app standard_wecom_app(std::int64_t agent_id, char const* secret, char const* name)
{
    wecom_app a;
    a.corp_id = "wwtidings00000718";
    a.secret = secret;
    a.agent_id = agent_id;
    a.name = name;
    a.visible_range = audience({"ada", "bob", "chen", "dana", "rita", "boris", "vera"});
    a.unlicensed = {"boris"};
    return a;
}

// WeCom's part of the standard world.
inline wecom_world standard_wecom()
{
    wecom_world w;
    w.apps = {standard_wecom_app(1000002, "wecom-secret-0718", "good"),
              standard_wecom_app(1000003, "wecom-secret-0e01", "sees bob only"),
              standard_wecom_app(1000004, "wecom-secret-0e03", "stopped by the admin"),
              standard_wecom_app(1000005, "wecom-secret-0e04", "trusts other addresses"),
              standard_wecom_app(0, "wecom-secret-sync", "contact synchronisation")};
    w.apps[1].visible_range = audience({"bob"});
    w.apps[1].range_is_root = false;
    w.apps[2].enabled = false;
    w.apps[3].trusted_ips = {"192.0.2.1"};
    w.apps[4].kind = wecom_app_kind::contact_sync;
    w.apps[4].visible_range = audience();

    for (auto const& [id, parent, name, people] :
         {std::tuple(2, 1, "Engineering", std::vector<std::string>{"ada", "rita"}),
          std::tuple(3, 2, "Databases", std::vector<std::string>{"chen"}),
          std::tuple(4, 1, "Board", std::vector<std::string>{"otto"})})
    {
        auto& party = w.parties.emplace_back();
        party.party_id = id;
        party.parent_id = parent;
        party.name = name;
        party.members = people;
    }
    w.tags.resize(2);
    w.tags[0].tag_id = 1;
    w.tags[0].name = "on call";
    w.tags[0].members = {"bob"};
    w.tags[0].parties = {3};
    w.tags[1].tag_id = 2;
    w.tags[1].name = "nobody in range";
    w.tags[1].members = {"otto"};
    auto& group = w.chats.emplace_back();
    group.chat_id = "tidingsoncall0718";
    group.name = "on call";
    group.owner = "ada";
    group.members = {"ada", "bob", "chen"};
    group.app_id = w.apps[0].id();

    w.hooks.resize(3);
    auto digit = '1';
    for (auto& h : w.hooks)
    {
        h.key = std::string("0a1b2c3d-0000-4000-8000-00000000010") + digit++;
        h.chat_id = "wecom-group";
    }
    w.hooks[1].enabled = false;
    w.hooks[2].in_group = false;
    return w;
}

} // namespace detail

TIDINGS_SANDBOX_DECL wecom_app const* wecom_world::find_app(std::string_view id) const noexcept
{
    auto const at = std::find_if(apps.begin(), apps.end(), [&](wecom_app const& a) {
        return id.size() > a.corp_id.size() && id.starts_with(a.corp_id) && id[a.corp_id.size()] == ':' &&
               id.substr(a.corp_id.size() + 1) == std::to_string(a.agent_id);
    });
    return at == apps.end() ? nullptr : &*at;
}

TIDINGS_SANDBOX_DECL wecom_app* wecom_world::find_app(std::string_view id) noexcept
{
    return const_cast<wecom_app*>(static_cast<wecom_world const*>(this)->find_app(id));
}

} // namespace tidings::inline v0::sandbox

#endif
