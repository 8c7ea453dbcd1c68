// The part of a world that is Lark and Feishu only.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_LARK_WORLD_HPP
#define TIDINGS_SANDBOX_LARK_WORLD_HPP

#include <tidings/sandbox/audience.hpp>
#include <tidings/sandbox/brand.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tidings::inline v0::sandbox {

/// One self-built app of Lark or Feishu.
struct app
{
    app() = default;

    /// `cli_` and 16 hex digits on the real platform; any non-empty text here.
    std::string app_id;
    std::string app_secret;
    /// The platform the app was made on.
    brand platform = brand::lark;
    /// The name that the self-info call shows.
    std::string name = "sandbox app";
    std::string tenant_key = "736588c9260f175e";
    /// Not empty: this very token is handed out, never expires, and works without having been fetched.
    std::string fixed_token;
    /// The tenant's admin has not stopped the app. False: 99991662.
    bool enabled = true;
    /// The app is installed in the tenant. False: 99991673 (212100 and 11210 at the calls that say so).
    bool installed = true;
    /// The bot capability was added. False: 230006, 11205, 234007.
    bool bot = true;
    /// A version that has the bot capability was released. False acts like `bot == false`.
    bool published = true;
    /// 0 to 6; what `bot/v3/info` reports. 2: enabled.
    int activate_status = 2;
    /// The scopes in effect.
    std::vector<std::string> scopes;
    /// Scopes asked for and not (yet) granted; only `application/v6/scopes` shows them.
    std::vector<std::string> pending_scopes;
    /// Whom the bot may write to. Outside: 230013.
    audience availability;
    /// Whom the contact calls may see. Outside: no id, or 41050.
    audience contact_range;
    /// Single IPv4 addresses. Empty: everybody may call.
    std::vector<std::string> ip_allow_list;
    /// Billed calls per calendar month; nothing: no limit.
    std::optional<std::int64_t> monthly_quota;
    /// Open id of the app's own bot. Empty: derived.
    std::string bot_open_id;
};

/// One group chat.
struct chat
{
    chat() = default;

    /// `oc_` and hex digits.
    std::string chat_id;
    std::string name;
    /// App ids whose bots are members. Not a member: 230002.
    std::vector<std::string> bots;
    /// Login names.
    std::vector<std::string> members;
    /// False: the group restricts who may speak, 230018.
    bool bots_may_speak = true;
    /// 232009.
    bool dissolved = false;
};

/// One custom bot of a group: an incoming webhook.
struct hook
{
    hook() = default;

    /// The last segment of the hook's address.
    std::string token;
    brand platform = brand::lark;
    /// Where its messages go.
    std::string chat_id;
    /// Not empty: messages must be signed with it.
    std::string secret;
    /// Not empty: a message must contain one of them.
    std::vector<std::string> keywords;
    /// Addresses, `1.2.3.*`, or CIDR. Empty: everybody.
    std::vector<std::string> ip_allow_list;
};

/// An image or file that counts as uploaded.
struct resource
{
    resource() = default;

    /// `img_...` or `file_...`.
    std::string key;
    /// The app that uploaded it. Empty: usable by every app. Another app's: 230017.
    std::string app_id;
    /// `image`, or the upload's file_type. Empty: fits every message type. Else 230055 when it does not fit.
    std::string type;
};

/// The platform's limits. Off by default, so that a test is not slowed down by them.
struct limits
{
    limits() = default;

    bool enabled = false;
    /// Per API and app, unless the API has limits of its own.
    int calls_per_minute = 1000;
    int calls_per_second = 50;
    /// Messages to one person or chat, and updates of one card, per second.
    int per_receiver_per_second = 5;
    int hook_per_minute = 100;
    int hook_per_second = 5;
    /// Batch messages per app and day.
    int batch_per_day = 500000;
};

/// Where the platform's behaviour is not settled, or was seen in two forms: which one the sandbox shows.
/// The defaults are those of the wire document, or else the ones that a careless client notices first.
struct modes
{
    modes() = default;

    /// An app of the other platform may fetch tokens and call here. False: 10014 `app id not exists`.
    bool cross_brand_apps = false;
    /// HTTP status of 99991661 to 99991671: 400 or 200.
    int bad_token_status = 400;
    /// A wrong secret: 10014 or 10015.
    int wrong_secret_code = 10014;
    /// A stopped app at the token call: 99991662, 10005 or 10014.
    int disabled_app_code = 99991662;
    /// `+86...` finds mainland numbers, not only the bare form.
    bool lookup_accepts_plus86 = false;
    /// The lookup echoes addresses in lower case. False: as they came.
    bool lookup_echo_lower_case = false;
    /// An address asked for twice is answered once.
    bool lookup_merges_duplicates = false;
    /// More than 50 entries in a list: 99992402. False: answered.
    bool lookup_refuses_over_fifty = true;
    /// `user_id` of a person who was not found: `absent`, `empty` or `null`.
    std::string lookup_miss = "absent";
    /// Unknown ids at the contact calls: 99992351, 99992360, 99992363. False: 41012.
    bool contact_ids_by_gateway = true;
    /// 99992351 in its older wording.
    bool old_id_error_text = false;
    /// `receive_id_type=email` also finds business mailboxes.
    bool enterprise_email_receives = false;
    /// An open id of another app, at send: 99992361 or 230001.
    int cross_app_code = 99992361;
    /// Sending to a person who resigned: 230029 or 230013.
    int resigned_code = 230029;
    /// Sending to a person who turned the bot off: 230053 or 230035.
    int blocked_bot_code = 230053;
    /// The uuid of a message already sent: 0 answers with the first message's data; else this code.
    int uuid_repeat_code = 0;
    /// The uuid of a message whose answer is still under way: 230049 or 18121.
    int uuid_in_flight_code = 230049;
    /// A uuid counts per receiver, not for the whole app.
    bool uuid_per_receiver = false;
    /// A refused message uses up its uuid: the refusal is repeated.
    bool uuid_burnt_by_failure = false;
    /// A batch send lists people whom the bot may not write to as invalid. False: they are counted and get nothing.
    bool batch_lists_unseen = false;
    /// 1024 or 1000.
    int kilobyte = 1024;
    /// The size limits look at `content`. False: at the whole body.
    bool size_counts_content = false;
    /// HTTP status of 99991400 and 99991403: 429 or 400.
    int rate_limit_status = 429;
    /// `x-ogw-ratelimit-*` also on answers that are not limited.
    bool rate_limit_headers_always = false;
    /// `&` is written as `\u0026`.
    bool escape_ampersand = false;
    /// `Content-Type: application/json; charset=utf-8`. False: without charset.
    bool charset = true;
    /// Uploaded images must start like an image. False: any bytes.
    bool check_image_format = true;
    /// The checks between token and parameters, each exactly once.
    std::vector<std::string> check_order{"app", "ip", "rate", "quota", "scope"};
};

} // namespace tidings::inline v0::sandbox

#endif
