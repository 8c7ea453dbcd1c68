// The codes of Lark and Feishu: what each means and what to do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_CODES_HPP
#define TIDINGS_PROVIDER_LARK_CODES_HPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/provider/detail/codes.hpp>
#include <tidings/wire/reply.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace tidings::inline v0::providers::lark {

/// The calls that give some codes a meaning of their own.
enum class call
{
    token,
    look_up,
    user,
    send,
    /// `send`, to a chat.
    chat,
    info
};

namespace remedies {

inline constexpr tidings::detail::stored_remedy credentials{
    "Copy App ID (cli_...) and App Secret again from {console} > Credentials & Basic Info, whole and without spaces. "
    "Check that the App ID belongs to this platform: one made at Feishu does not work at Lark, nor the other way "
    "round. The App Secret changes when it is reset.",
    "请从 {console} > 凭证与基础信息 重新复制 App ID（cli_ 开头）和 App Secret，不要遗漏或多出空格。"
    "请确认 App ID 属于该平台：飞书与 Lark 的应用不能混用。App Secret 重置后会改变。"};
inline constexpr tidings::detail::stored_remedy disabled{
    "Ask an administrator to enable the application in the admin console (Workplace > App management). If it was never "
    "released, create a version in {console} > Version Management & Release first.",
    "请管理员在管理后台（工作台 > 应用管理）启用该应用。若从未发布，请先在 {console} > 版本管理与发布 创建版本。"};
inline constexpr tidings::detail::stored_remedy not_installed{
    "Create a version of the application in {console} > Version Management & Release and have an administrator approve "
    "it: the application is not installed in this organisation.",
    "请在 {console} > 版本管理与发布 创建版本并由管理员审核：该应用尚未安装到此企业。"};
inline constexpr tidings::detail::stored_remedy scope{
    "Grant one of these permissions: {scopes}. Open {link} to add it. Then create a version in {console} > Version "
    "Management & Release: a permission works once that version is approved.",
    "请开通以下任一权限：{scopes}。打开 {link} 申请。然后在 {console} > 版本管理与发布 "
    "创建版本：审核通过后权限才生效。"};
inline constexpr tidings::detail::stored_remedy im_permission{
    "The bot may not do this: grant im:message:send_as_bot in {console} > Permissions & Scopes and release a version; "
    "for a chat with outsiders, allow external chats for the bot.",
    "机器人无此权限：请在 {console} > 权限管理 开通 im:message:send_as_bot "
    "并发布版本；若为外部群，请允许机器人加入外部群。"};
inline constexpr tidings::detail::stored_remedy ip{
    "The application's IP allow list lacks the address this program calls from. Add {ip} in {console} > Security "
    "settings > IP allow list; it works at once.",
    "应用的 IP 白名单不含本程序的出口地址。请在 {console} > 安全设置 > IP 白名单 加入 {ip}，立即生效。"};
inline constexpr tidings::detail::stored_remedy bot{
    "Add the bot in {console} > Features > Add features > Bot. Then create a version in Version Management & Release: "
    "a bot that was added works only once that version is approved.",
    "请在 {console} > 应用能力 > 添加应用能力 添加机器人。然后在 版本管理与发布 创建版本：审核通过后机器人才可用。"};
inline constexpr tidings::detail::stored_remedy not_found{
    "Most likely first: the address is misspelt; the person is outside the application's contacts range ({console} > "
    "Permissions & Scopes > Data permissions, then release a version); the address is a business mailbox or a number "
    "other than the one of the account; the person has left or belongs to another organisation.",
    "可能的原因（由高到低）：地址有误；此人不在应用的通讯录权限范围内（{console} > 权限管理 > 数据权限，修改后发布版"
    "本）；填写的是企业邮箱，或不是账号绑定的手机号；此人已离职或属于其他企业。"};
inline constexpr tidings::detail::stored_remedy no_such_id{
    "Check the login name (user_id) in the admin console; ids of another organisation, and open_ids obtained by "
    "another application, do not work.",
    "请在管理后台核对登录名（user_id）；其他企业的 ID，或其他应用取得的 open_id 均无法使用。"};
inline constexpr tidings::detail::stored_remedy unavailable{
    "Widen the application's availability to this person in {console} > Version Management & Release and have the "
    "version approved; check that the person has not left.",
    "请在 {console} > 版本管理与发布 将此人加入可用范围并审核通过；并确认此人未离职。"};
inline constexpr tidings::detail::stored_remedy contact_range{
    "Add the person to the contacts range in {console} > Permissions & Scopes > Data permissions and release a "
    "version.",
    "请在 {console} > 权限管理 > 数据权限 将此人加入通讯录权限范围，并发布版本。"};
inline constexpr tidings::detail::stored_remedy resigned{"The person has left the organisation: remove this recipient.",
                                                         "此人已离职：请移除该收件人。"};
inline constexpr tidings::detail::stored_remedy blocked{
    "The person, or a rule of the organisation, stops this bot: only they can allow it again.",
    "此人或企业规则已屏蔽该机器人：只能由对方重新允许。"};
inline constexpr tidings::detail::stored_remedy sensitive{
    "Reword the message: the organisation's rules stop it. Plain phone numbers and "
    "email addresses are a known cause.",
    "请修改措辞：消息被企业安全规则拦截，明文手机号和邮箱是常见原因。"};
inline constexpr tidings::detail::stored_remedy not_in_batch{
    "The platform does not know this id: check it in the admin console. A person who has left, an id of another "
    "organisation and an open_id obtained by another application do not work.",
    "平台认为该 ID 无效：请在管理后台核对。已离职的人员、其他企业的 ID，或其他应用取得的 open_id 均无法使用。"};
inline constexpr tidings::detail::stored_remedy image_key{
    "Upload the image again with this very application, and use the key that it then gets.",
    "请使用当前应用重新上传图片，并使用新得到的图片 Key。"};
inline constexpr tidings::detail::stored_remedy no_chat{
    "Check the id of the chat that the message shares (oc_...): it does not exist, or the bot is not a member.",
    "请核对消息所分享的群 ID（oc_ 开头）：该群不存在，或机器人不在群内。"};
inline constexpr tidings::detail::stored_remedy not_in_chat{
    "Add the application's bot to the chat: chat settings > Bots > Add bot.",
    "请将应用的机器人加入该群：群设置 > 群机器人 > 添加机器人。"};
inline constexpr tidings::detail::stored_remedy no_such_chat{
    "Check the chat id (oc_...). A chat that was dissolved, and a chat of another organisation, do not work.",
    "请核对群 ID（oc_ 开头）。已解散的群和其他企业的群均无法使用。"};
inline constexpr tidings::detail::stored_remedy chat_rules{
    "The settings of the chat do not let the bot write: ask the owner of the chat to allow it, or to lift the mute.",
    "该群的设置不允许机器人发言：请联系群主允许机器人发言或解除禁言。"};
inline constexpr tidings::detail::stored_remedy mention_of_all{
    "Leave the mention of everybody out of the message: only administrators may use it.",
    "请去掉消息中的 @所有人：仅管理员可以使用。"};
inline constexpr tidings::detail::stored_remedy test_message{
    "The platform takes this for a test message and stops it: send real content.",
    "平台判定这是无效的测试消息并已拦截：请改为真实的消息内容。"};
inline constexpr tidings::detail::stored_remedy batch_quota{
    "The 500,000 messages that an application may send in batches each day are used up: send the rest tomorrow, or one "
    "by one.",
    "应用当天可批量发送的 50 万条消息已用完：请明天再发，或逐条发送。"};
inline constexpr tidings::detail::stored_remedy no_header{
    "Something between this program and the platform takes the Authorization header out of requests: check proxies "
    "and gateways.",
    "本程序与平台之间的设备去掉了请求头 Authorization：请检查代理和网关。"};
inline constexpr tidings::detail::stored_remedy tenant_key{
    "The organisation deleted the key that encrypts its messages: only its administrator can help.",
    "企业的消息加密密钥已被删除：请联系企业管理员。"};
inline constexpr tidings::detail::stored_remedy encrypted_chat{
    "Send this person or chat no message by a bot: the chat is encrypted.", "该会话为加密会话，机器人无法发送消息。"};
inline constexpr tidings::detail::stored_remedy recall_expired{
    "The time in which the organisation allows to recall a message has passed.", "已超过企业允许撤回消息的时限。"};
inline constexpr tidings::detail::stored_remedy not_the_sender{
    "Use the application that sent the message, and an id of a message that the bot can see.",
    "请使用发送该消息的应用，并确认机器人可以看到该消息。"};
inline constexpr tidings::detail::stored_remedy too_old{"Who has read a message can be asked for seven days.",
                                                        "仅可在七天内查询消息的已读情况。"};
inline constexpr tidings::detail::stored_remedy quota{
    "The monthly quota of the organisation's plan is used up until the first of next "
    "month; an administrator can enlarge the plan.",
    "企业套餐的本月调用额度已用完，下月 1 日恢复；管理员可升级套餐。"};

} // namespace remedies

using code_row = tidings::detail::code_row<std::int64_t>;

/// Every code this library knows, in ascending order. Sources: the platforms' error code list and the pages of the
/// single calls; the grouping is ours.
inline constexpr std::array code_table{
    code_row{1500, errc::server_error},
    code_row{1642, errc::server_error},
    code_row{1663, errc::server_error},
    code_row{1668, errc::server_error},
    code_row{2200, errc::server_error},
    code_row{9499, errc::message_invalid},
    code_row{10002, errc::message_invalid},
    code_row{10003, errc::invalid_argument},
    code_row{10005, errc::bad_credentials, &remedies::credentials},
    code_row{10012, errc::bad_credentials, &remedies::credentials},
    code_row{10013, errc::bad_credentials, &remedies::credentials},
    code_row{10014, errc::bad_credentials, &remedies::credentials},
    code_row{10015, errc::bad_credentials, &remedies::credentials},
    code_row{11101, errc::recipient_not_found, &remedies::no_such_id},
    code_row{11203, errc::permission_missing, &remedies::scope, "im:message:send_multi_users"},
    code_row{11204, errc::permission_missing, &remedies::scope, "im:message:send_multi_depts"},
    code_row{11205, errc::bot_disabled, &remedies::bot},
    code_row{11207, errc::app_not_published, &remedies::disabled},
    code_row{11209, errc::app_not_published, &remedies::disabled},
    code_row{11210, errc::app_not_published, &remedies::not_installed},
    code_row{11223, errc::permission_missing, &remedies::scope, "im:message,im:message:send_as_bot"},
    code_row{11225, errc::recipient_unreachable, &remedies::unavailable},
    code_row{11227, errc::message_invalid, &remedies::image_key},
    code_row{11231, errc::message_invalid, &remedies::no_chat},
    code_row{11232, errc::rate_limited},
    code_row{11233, errc::rate_limited},
    code_row{11235, errc::message_invalid, &remedies::mention_of_all},
    code_row{11236, errc::recipient_unreachable, &remedies::resigned},
    code_row{11240, errc::bot_disabled, &remedies::bot},
    code_row{11246, errc::message_invalid},
    code_row{11247, errc::quota_exhausted, &remedies::batch_quota},
    code_row{11248, errc::message_invalid},
    code_row{11312, errc::message_invalid, &remedies::sensitive},
    code_row{18121, errc::outcome_unknown},
    code_row{20009, errc::app_not_published, &remedies::not_installed},
    code_row{20010, errc::recipient_unreachable, &remedies::unavailable},
    code_row{40001, errc::invalid_argument},
    code_row{40003, errc::server_error},
    code_row{40004, errc::recipient_unreachable, &remedies::contact_range},
    code_row{41012, errc::recipient_not_found, &remedies::no_such_id},
    code_row{41050, errc::recipient_unreachable, &remedies::contact_range},
    code_row{55001, errc::server_error},
    code_row{212100, errc::app_not_published, &remedies::not_installed},
    code_row{230001, errc::message_invalid},
    code_row{230002, errc::recipient_unreachable, &remedies::not_in_chat},
    code_row{230006, errc::bot_disabled, &remedies::bot},
    code_row{230009, errc::invalid_argument, &remedies::recall_expired},
    code_row{230011, errc::invalid_argument, &remedies::not_the_sender},
    code_row{230012, errc::invalid_argument, &remedies::not_the_sender},
    code_row{230013, errc::recipient_unreachable, &remedies::unavailable},
    code_row{230015, errc::message_invalid, &remedies::no_chat},
    code_row{230017, errc::message_invalid, &remedies::image_key},
    code_row{230018, errc::recipient_unreachable, &remedies::chat_rules},
    code_row{230020, errc::rate_limited},
    code_row{230022, errc::message_invalid, &remedies::sensitive},
    code_row{230024, errc::quota_exhausted},
    code_row{230025, errc::message_too_long},
    code_row{230026, errc::invalid_argument, &remedies::not_the_sender},
    code_row{230027, errc::permission_missing, &remedies::im_permission},
    code_row{230028, errc::message_invalid, &remedies::sensitive},
    code_row{230029, errc::recipient_unreachable, &remedies::resigned},
    code_row{230033, errc::invalid_argument, &remedies::too_old},
    code_row{230034, errc::recipient_not_found, &remedies::no_such_id},
    code_row{230035, errc::recipient_unreachable, &remedies::blocked},
    code_row{230036, errc::recipient_unreachable, &remedies::tenant_key},
    code_row{230038, errc::recipient_unreachable, &remedies::no_such_id},
    code_row{230049, errc::outcome_unknown},
    code_row{230050, errc::invalid_argument, &remedies::not_the_sender},
    code_row{230053, errc::recipient_unreachable, &remedies::blocked},
    code_row{230054, errc::message_invalid},
    code_row{230055, errc::message_invalid},
    code_row{230075, errc::recipient_unreachable, &remedies::encrypted_chat},
    code_row{230099, errc::message_invalid},
    code_row{230100, errc::message_invalid, &remedies::test_message},
    code_row{232009, errc::recipient_not_found, &remedies::no_such_chat},
    code_row{232025, errc::bot_disabled, &remedies::bot},
    code_row{232034, errc::app_not_published, &remedies::not_installed},
    code_row{232096, errc::server_error},
    code_row{234001, errc::message_invalid},
    code_row{234006, errc::message_too_long},
    code_row{234007, errc::bot_disabled, &remedies::bot},
    code_row{234010, errc::message_invalid},
    code_row{234011, errc::message_invalid},
    code_row{234039, errc::message_invalid},
    code_row{1000004, errc::rate_limited},
    code_row{1000005, errc::rate_limited},
    code_row{99991400, errc::rate_limited},
    code_row{99991401, errc::ip_not_allowed, &remedies::ip},
    code_row{99991403, errc::quota_exhausted, &remedies::quota},
    code_row{99991406, errc::quota_exhausted, &remedies::quota},
    code_row{99991543, errc::bad_credentials, &remedies::credentials},
    code_row{99991661, errc::protocol_error, &remedies::no_header},
    code_row{99991662, errc::app_not_published, &remedies::disabled},
    code_row{99991663, errc::token_rejected},
    code_row{99991664, errc::token_rejected},
    code_row{99991665, errc::token_rejected},
    code_row{99991668, errc::token_rejected},
    code_row{99991671, errc::token_rejected},
    code_row{99991672, errc::permission_missing, &remedies::scope},
    code_row{99991673, errc::app_not_published, &remedies::disabled},
    code_row{99991676, errc::permission_missing, &remedies::scope},
    code_row{99991677, errc::token_rejected},
    code_row{99991679, errc::permission_missing, &remedies::scope},
    code_row{99992351, errc::recipient_not_found, &remedies::no_such_id},
    code_row{99992354, errc::invalid_argument, &remedies::not_the_sender},
    code_row{99992355, errc::recipient_not_found, &remedies::no_such_chat},
    code_row{99992356, errc::recipient_not_found, &remedies::no_such_chat},
    code_row{99992360, errc::recipient_not_found, &remedies::no_such_id},
    code_row{99992361, errc::recipient_not_found, &remedies::no_such_id},
    code_row{99992363, errc::recipient_not_found, &remedies::no_such_id},
    code_row{99992364, errc::recipient_not_found, &remedies::no_such_id},
    code_row{99992381, errc::recipient_not_found, &remedies::no_such_id},
    code_row{99992402, errc::message_invalid},
};
static_assert(tidings::detail::is_ascending(code_table));

/// Why a card was refused: the number behind `ErrCode:` in the text of 230099 and 11246.
struct card_row
{
    constexpr card_row(std::int64_t c, std::string_view m) noexcept : code(c), meaning(m) {}

    std::int64_t code;
    std::string_view meaning;
};

inline constexpr std::array card_table{
    card_row{11310, "the card has more than 200 elements, too many tables, or a template the application may not use"},
    card_row{100290, "the id of a person in the card is invalid"},
    card_row{200380, "the card template does not exist or is not published"},
    card_row{200381, "the application may not use the card template"},
    card_row{200550, "a chart in the card is invalid"},
    card_row{200570, "an image key in the card is invalid"},
    card_row{200621, "the card is not valid JSON"},
    card_row{200732, "a template variable has the wrong type"},
    card_row{200737, "a template variable has the wrong format"},
    card_row{200861, "the card has a tag of JSON 1.0 in a card of JSON 2.0"},
    card_row{200914, "the rows of a table in the card are invalid"},
    card_row{200915, "a row of a table in the card names no declared column"},
    card_row{300220, "the audio in the card needs enable_forward to be false"},
    card_row{300230, "the card has the same audio id twice"},
    card_row{300240, "the audio in the card was not uploaded by this application"},
};

/// The number behind `mark` in `text`, or 0.
TIDINGS_DECL std::int64_t number_behind(std::string_view text, std::string_view mark) noexcept;

/// The fault of a card, in words; empty if the platform's text names no known reason.
TIDINGS_DECL std::string_view card_fault(std::string_view platform_message) noexcept;

/// Classifies a refusal by the call that was refused, the platform's code and, where the code is ambiguous, its text.
/// Codes that are not known fall back on the HTTP status.
TIDINGS_DECL code_row classify(call what, std::int64_t code, std::string_view text, unsigned http_status) noexcept;

} // namespace tidings::inline v0::providers::lark

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/codes.ipp>
#endif

#endif
