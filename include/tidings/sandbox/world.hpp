// The sandbox's world: apps, people, chats, hooks, and how the platform behaves. Plain data.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_WORLD_HPP
#define TIDINGS_SANDBOX_WORLD_HPP

#include <tidings/sandbox/audience.hpp>
#include <tidings/sandbox/brand.hpp>
#include <tidings/sandbox/detail/config.hpp>
#include <tidings/sandbox/dingtalk_world.hpp>
#include <tidings/sandbox/lark_world.hpp>
#include <tidings/sandbox/wecom_world.hpp>
#include <tidings/sandbox/world_error.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::sandbox {

/// One person.
struct person
{
    person() = default;

    /// The platform's `user_id`: the name that people log in with. Unique in the world.
    std::string login_name;
    std::string name;
    /// The account's address: looked up, and good as `receive_id_type=email`.
    std::string email;
    /// The business mailbox: shown, but not looked up.
    std::string enterprise_email;
    /// E.164, `+` and country code.
    std::string mobile;
    /// `on_` and 32 hex digits. Empty: derived from the login name.
    std::string union_id;
    /// app id -> open id. Missing ones are derived from app id and login name.
    std::map<std::string, std::string> open_ids;
    /// Departments (open_department_id) for batch sends.
    std::vector<std::string> departments;
    bool resigned = false;
    /// Shown in `status`; changes nothing else.
    bool frozen = false;
    /// The person turned the bot off.
    bool blocked_bot = false;
    /// The person belongs to another tenant.
    bool other_tenant = false;
};

/// Everything that the sandbox knows before the first request.
struct world
{
    world() = default;

    std::vector<sandbox::app> apps;
    std::vector<person> people;
    std::vector<chat> chats;
    std::vector<hook> hooks;
    std::vector<resource> resources;
    /// Every image or file key counts as uploaded.
    bool accept_any_resource = false;
    /// Known card templates. Empty: every template id is known.
    std::vector<std::string> card_templates;
    /// A message can be recalled this long.
    std::int64_t recall_window_seconds = 24 * 60 * 60;
    /// A message can be edited this long.
    std::int64_t edit_window_seconds = 24 * 60 * 60;
    sandbox::limits limits;
    sandbox::modes modes;
    /// The part of DingTalk only. People are shared: the userid is the login name.
    dingtalk_world dingtalk;
    /// The part of WeCom only. People are shared: the userid is the login name.
    wecom_world wecom;

    /// A small world to start with: a good app per platform, apps with the mistakes of newcomers, a few people.
    ///
    /// Apps: `cli_a1b2c3d4e5f60718` (lark) and `cli_b1b2c3d4e5f60718` (feishu) are good. On lark also: one without
    /// scopes (`...0e01`), one whose bot was not published (`...0e02`), one that is stopped (`...0e03`).
    /// People: `ada` (+65), `bob` (+86), `chen` (+86), `dana` (+1) can be reached in every way; `otto` is out of
    /// availability, `rita` has resigned, `boris` blocked the bot.
    ///
    /// @par Exception safety    Throws only `std::bad_alloc`.
    static world standard();

    /// Reads a world file. Members that are left out have their defaults; unknown members are errors.
    ///
    /// @param text  JSON, UTF-8.
    /// @par Errors  Throws `world_error`, which names the bad member, its path, and what was expected.
    static world from_json(std::string_view text);

    /// Turns the rate limits of all platforms on.
    ///
    /// @param factor  Scales the numbers of calls and messages, which stay at least 1: 0.5 allows half as many in the
    ///                same time. More than 0, at most 1000.
    /// @par Errors  Throws `std::invalid_argument` for another factor; the world is then as before.
    void enforce_limits(double factor = 1);

    /// Fills in the ids that were not given. The same names give the same ids, everywhere.
    void derive_ids();

    /// The app with this id, or null. Does not throw.
    sandbox::app* find_app(std::string_view app_id) noexcept;
    sandbox::app const* find_app(std::string_view app_id) const noexcept;

    /// The person with this login name, or null. Does not throw.
    person* find_person(std::string_view login_name) noexcept;
    person const* find_person(std::string_view login_name) const noexcept;
};

/// The world as a file that `world::from_json` reads back to the same world.
std::string to_json(world const& w);

} // namespace tidings::inline v0::sandbox

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/sandbox/impl/world.ipp>
#endif

#endif
