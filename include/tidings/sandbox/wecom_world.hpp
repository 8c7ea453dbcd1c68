// What the sandbox knows about WeCom before the first request. Plain data.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_WECOM_WORLD_HPP
#define TIDINGS_SANDBOX_WECOM_WORLD_HPP

#include <tidings/sandbox/audience.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::sandbox {

/// What a secret of WeCom belongs to.
enum class wecom_app_kind
{
    /// An app of the organisation's own: sends, and sees whom it may see.
    self_built,
    /// The contact synchronisation: lists the directory, and sends nothing (48002).
    contact_sync,
};

/// One application of WeCom.
struct wecom_app
{
    wecom_app() = default;

    std::string corp_id;
    /// The app's own; it tells which app is meant. Unique within the organisation.
    std::string secret;
    /// Unique within the organisation. 0 for contact synchronisation.
    std::int64_t agent_id = 0;
    std::string name = "sandbox app";
    wecom_app_kind kind = wecom_app_kind::self_built;
    /// Not stopped. False: no token (40001), and 50003 with the one it has.
    bool enabled = true;
    /// False: the permission was withdrawn because the app was not used for long, 48006 at sending.
    bool may_send = true;
    /// Made before 2022-06-20: `user/get` shows phone number and email.
    bool sees_private_fields = false;
    /// Only for contact synchronisation: `user/get` answers. False: 48009, as from an address that is new to it.
    bool known_address = false;
    /// A callback URL is configured. False: cards that people can answer are refused.
    bool callback_configured = true;
    /// Single addresses. Empty: everybody may call, as with an app from before there was such a list. Else 60020.
    std::vector<std::string> trusted_ips;
    /// Whom the app sees and reaches. Outside: as if there was no such person.
    audience visible_range;
    /// Login names of those without a licence: in `unlicenseduser`, and nothing is delivered.
    std::vector<std::string> unlicensed;
    /// The visible range is set to the root department, which the `appchat` calls require. False: 60011.
    bool range_is_root = true;

    /// `corp_id:agent_id`, what the ledger and `server::revoke_tokens` call the app.
    std::string id() const { return corp_id + ":" + std::to_string(agent_id); }
};

/// One department, for `toparty`. Department 1 is the root: it has everybody, and need not be listed.
struct wecom_party
{
    wecom_party() = default;

    std::int64_t party_id = 0;
    std::int64_t parent_id = 1;
    std::string name;
    /// Login names of the direct members.
    std::vector<std::string> members;
};

/// One tag, for `totag`.
struct wecom_tag
{
    wecom_tag() = default;

    std::int64_t tag_id = 0;
    std::string name;
    /// Login names.
    std::vector<std::string> members;
    /// Departments that have the tag, with everybody below them.
    std::vector<std::int64_t> parties;
};

/// One group chat that an app created with `appchat/create`. Calls that succeed add to these.
struct wecom_chat
{
    wecom_chat() = default;

    /// Digits and letters, at most 32.
    std::string chat_id;
    std::string name;
    /// Login name.
    std::string owner;
    /// Login names.
    std::vector<std::string> members;
    /// `corp_id:agent_id` of the app that created it. Others get 86008.
    std::string app_id;
};

/// One robot of a group.
struct wecom_hook
{
    wecom_hook() = default;

    /// The `key` of its address.
    std::string key;
    /// Where its messages go.
    std::string chat_id;
    /// False: 93004.
    bool enabled = true;
    /// False: 93008.
    bool in_group = true;
};

/// WeCom's limits. The rates are off by default, so that a test is not slowed down by them; the two counts of mistakes
/// are always on.
struct wecom_limits
{
    wecom_limits() = default;

    bool enabled = false;
    /// Messages of one app to one member. More are dropped, and answered as if they were not.
    int member_per_minute = 30;
    int member_per_hour = 1000;
    /// Messages of one app, times receivers, per calendar day in China.
    std::int64_t app_per_day = 200'000;
    /// Per organisation and API; sending does not count.
    int calls_per_minute = 10'000;
    int calls_per_hour = 150'000;
    /// Per address of a caller.
    int address_per_minute = 20'000;
    int address_per_hour = 600'000;
    int hook_per_minute = 20;
    /// Messages to group chats, times members, of the organisation. More: 45009.
    int chat_people_per_minute = 20'000;
    /// Messages of one app to one member in group chats. More are dropped, and answered as if they were not.
    int chat_member_per_minute = 200;
    /// Calls with `debug=1`, per organisation and API.
    int debug_per_minute = 5;

    /// More wrong secrets than these from one address: it gets no token for an hour.
    int wrong_secrets_per_hour = 2000;
    /// How many people the organisation has, for the next one.
    int organisation_size = 1000;
    /// More wrong lookups than these: the lookup is closed for a day. Each lookup counts on its own.
    int wrong_lookups_percent = 20;

    int wrong_lookups() const noexcept { return organisation_size * wrong_lookups_percent / 100; }
};

/// Where WeCom's behaviour is not settled, or was seen in two forms: which one the sandbox shows.
struct wecom_modes
{
    wecom_modes() = default;

    /// `gettoken` repeats the token while it is valid. False: a new one each time, all valid.
    bool same_token = true;
    /// 48002 comes before 60020.
    bool kind_before_ip = false;
    /// `message/send` looks at the trusted addresses.
    bool send_checks_ip = true;
    /// `+86...` finds mainland numbers, not only the bare form.
    bool lookup_accepts_plus86 = true;
    /// The code for people outside the visible range: 60111, 60011 or 50002 at `user/get`.
    int member_out_of_range_code = 60111;
    /// The same at the lookups: 46004 or 60011.
    int lookup_out_of_range_code = 46004;
    /// The same at sending, if there is no other recipient: 81013, 60011 or 60021.
    int send_out_of_range_code = 81013;
    /// 60111 names the userid.
    bool long_not_found_text = false;
    /// JSON with `\uXXXX` is refused: 40033.
    bool strict_escapes = false;
    /// An `agentid` of digits in quotes is taken, as clients in production send it. False: 40056.
    bool agent_id_as_text = true;
    /// So are `safe`, `enable_id_trans`, `enable_duplicate_check` and `duplicate_check_interval`. False: 40058.
    bool switches_as_text = true;
    /// A list of a template card that is null counts as absent. False: 40058.
    bool null_lists = true;
    /// `msgtype` `taskcard`, which template cards replaced, is still taken. False: 40008.
    bool task_cards = true;
    /// `media/upload` takes the first part with a file name. False: only a part called `media`, else 44001.
    bool any_upload_part = true;
    /// No recipient: 82001 or 81012.
    int no_receiver_code = 82001;
    /// Only people without a licence: 0 or 81013.
    int only_unlicensed_code = 0;
    /// The day's messages are used up: 0 (dropped) or 45009.
    int app_per_day_code = 0;
    /// The id in the answer to a duplicate: `same`, `new` or `absent`.
    std::string duplicate_msgid = "same";
    /// `invaliduser` and its like are there even when empty.
    bool empty_lists = false;
    /// What a success says. `ok. Warning: wrong json format. ` was seen, too.
    std::string success_text = "ok";
    /// A group chat that does not exist: 86001 or 86003.
    int unknown_chat_code = 86001;
    /// Megabytes of an image: 10 or 5.
    int image_megabytes = 10;
    /// Uploads must look like what they claim to be. False: any bytes.
    bool check_media_format = true;
};

/// WeCom's own part of the world.
struct wecom_world
{
    wecom_world() = default;

    std::vector<wecom_app> apps;
    std::vector<wecom_party> parties;
    std::vector<wecom_tag> tags;
    std::vector<wecom_chat> chats;
    std::vector<wecom_hook> hooks;
    /// Not empty: content with it "could crash clients", 82004.
    std::string dangerous_text;
    wecom_limits limits;
    wecom_modes modes;

    /// The app of that `corp_id:agent_id`, or null. Does not throw.
    wecom_app* find_app(std::string_view id) noexcept;
    wecom_app const* find_app(std::string_view id) const noexcept;
};

} // namespace tidings::inline v0::sandbox

#endif
