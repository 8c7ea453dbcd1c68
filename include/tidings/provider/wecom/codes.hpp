// The codes of WeCom: what each means and what to do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_CODES_HPP
#define TIDINGS_PROVIDER_WECOM_CODES_HPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/provider/detail/codes.hpp>
#include <tidings/wire/reply.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace tidings::inline v0::providers::wecom {

inline constexpr std::string_view console = "https://work.weixin.qq.com/wework_admin";

/// The calls that give some codes a meaning of their own.
enum class call
{
    token,
    look_up,
    send,
    /// `send`, to departments or tags.
    group,
    chat,
    webhook,
    other
};

namespace remedies {

inline constexpr tidings::detail::stored_remedy corp_id{
    "Copy the corp id again from {console} > My Company > Company Information > Company ID; it starts with ww or wx.",
    "请从 {console} > 我的企业 > 企业信息 重新复制企业 ID（ww 或 wx 开头）。"};
inline constexpr tidings::detail::stored_remedy app_secret{
    "Copy the app's Secret again from {console} > App Management > Self-built > the app, and check that the app is "
    "enabled. Do not go on with the old secret: after many failures WeCom blocks this address for an hour.",
    "请从 {console} > 应用管理 > 自建 > 应用 重新复制 Secret，并确认应用已启用。请勿继续使用旧的 Secret：多次失败后企"
    "业微信会封禁本机地址一小时。"};
inline constexpr tidings::detail::stored_remedy blocked{
    "WeCom has blocked this address for an hour after too many wrong secrets. Stop the program that uses an old one; "
    "https://open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock lifts the block earlier.",
    "由于多次使用错误的 Secret，企业微信已封禁本机地址一小时。请停止使用旧 Secret 的程序；可在 "
    "https://open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock 自助解封。"};
inline constexpr tidings::detail::stored_remedy misses{
    "Too many look-ups found no person (more than a fifth of the organisation's size): WeCom blocks them for a day. "
    "Name people by userid meanwhile, and check where the wrong addresses come from.",
    "查无此人的次数过多（超过企业人数的 20%）：企业微信将封禁查询一天。请暂时改用 userid，并检查错误地址的来源。"};
inline constexpr tidings::detail::stored_remedy ip{
    "The app's trusted addresses ({console} > App Management > the app > Company Trusted IP) lack the public address "
    "of this machine. WeCom saw {ip}: add it. An address can be entered only after a trusted domain or a callback "
    "URL is set. It works after a minute.",
    "应用的企业可信 IP（{console} > 应用管理 > 应用 > 企业可信 IP）不含本机的公网地址。企业微信看到的地址是 "
    "{ip}，请加入。需先设置可信域名或接收消息的回调 URL，约一分钟后生效。"};
inline constexpr tidings::detail::stored_remedy not_found{
    "Most likely first: the address is misspelt; the person is outside the app's visible range ({console} > App "
    "Management > the app > Visible range); the address is not the one of their member entry; the person has left.",
    "可能的原因（由高到低）：地址有误；此人不在应用可见范围内（{console} > 应用管理 > 应用 > "
    "可见范围）；与其成员资料不一致；此人已离职。"};
inline constexpr tidings::detail::stored_remedy range{
    "Add the person to the app's visible range in {console} > App Management > the app > Visible range, and check the "
    "userid (Contacts > the member > Account).",
    "请在 {console} > 应用管理 > 应用 > 可见范围 加入此人，并核对账号（通讯录 > 成员 > 账号）。"};
inline constexpr tidings::detail::stored_remedy licence{
    "The person is in range but has no interface licence: assign one in {console} > "
    "App Management > Interface licence.",
    "此人在可见范围内但没有接口许可：请在 {console} > 应用管理 > 接口许可 分配。"};
inline constexpr tidings::detail::stored_remedy agent{
    "Copy AgentId and Secret again from the same app's page in {console} > App Management: this token belongs to "
    "another app.",
    "请从 {console} > 应用管理 的同一应用页面重新复制 AgentId 和 Secret：该令牌属于另一个应用。"};
inline constexpr tidings::detail::stored_remedy forbidden{
    "Use the Secret of a self-built app: the secret of contact synchronisation, for one, may not call this.",
    "请使用自建应用的 Secret：通讯录同步等 Secret 无权调用该接口。"};
inline constexpr tidings::detail::stored_remedy app_state{
    "Ask an administrator to enable the app in {console} > App Management.",
    "请管理员在 {console} > 应用管理 启用该应用。"};
inline constexpr tidings::detail::stored_remedy media{
    "Upload the file again: a media id lives three days and belongs to one kind.",
    "请重新上传文件：media_id 有效期三天，且只能用于对应类型。"};
inline constexpr tidings::detail::stored_remedy media_kind{
    "Send images as JPG or PNG, and everything else as a file: WeCom does not take this kind of upload.",
    "图片请使用 JPG 或 PNG 格式，其他内容请以文件发送：企业微信不支持该类型的上传。"};
inline constexpr tidings::detail::stored_remedy media_size{
    "Shrink the upload: WeCom takes images of up to 10 MB and files of up to 20 MB, of more than five bytes each.",
    "请减小上传内容：企业微信的图片上限为 10 MB，文件上限为 20 MB，且须大于 5 字节。"};
inline constexpr tidings::detail::stored_remedy unauthorized{
    "Use the Secret of a self-built app that has this permission: the app of this token may not call this interface "
    "({console} > App Management > the app).",
    "请使用拥有该权限的自建应用的 Secret：该令牌所属的应用无权调用此接口（{console} > 应用管理 > 应用）。"};
inline constexpr tidings::detail::stored_remedy missing_title{"Give each article and card of the message a title.",
                                                              "请为消息中的每篇图文或卡片填写标题。"};
inline constexpr tidings::detail::stored_remedy missing_field{
    "Add the member of the native message that WeCom's message names.", "请按企业微信的提示补充原生消息缺少的字段。"};
inline constexpr tidings::detail::stored_remedy changed_request{
    "Something between this program and WeCom changes the method or the body of requests: check proxies and gateways.",
    "本程序与企业微信之间的设备改动了请求方法或内容：请检查代理和网关。"};
inline constexpr tidings::detail::stored_remedy robot{
    "Copy the webhook address again from the group robot's page: its key is wrong, or the robot was removed.",
    "请从群机器人页面重新复制 Webhook 地址：key 有误或机器人已被移除。"};

inline constexpr tidings::detail::stored_remedy group_range{
    "Check the number of the department or the tag ({console} > Contacts), and that it has members inside the app's "
    "visible range ({console} > App Management > the app > Visible range).",
    "请核对部门或标签的编号（{console} > 通讯录），并确认其中有成员在应用可见范围内（{console} > 应用管理 > 应用 > "
    "可见范围）。"};
inline constexpr tidings::detail::stored_remedy left_out{
    "Do not send it again: the others have it. Assign interface licences to the members without one ({console} > App "
    "Management > Interface licence), and check the app's visible range; then send to those members alone.",
    "请勿整体重发：其他成员已收到。请为缺少接口许可的成员分配许可（{console} > 应用管理 > 接口许可），并检查应用可见"
    "范围，然后单独发送给这些成员。"};
inline constexpr tidings::detail::stored_remedy no_such_chat{
    "Check the chat id: only a chat that this very app created (appchat/create) can be sent to. For any other group "
    "use a group robot's webhook.",
    "请核对群聊 ID：只能发送到由本应用创建（appchat/create）的群聊。其他群请使用群机器人的 Webhook。"};
inline constexpr tidings::detail::stored_remedy root_range{
    "WeCom lets only self-built apps whose visible range is the root department send to chats: set it in {console} > "
    "App Management > the app > Visible range.",
    "只有可见范围为根部门的自建应用才能发送群聊消息：请在 {console} > 应用管理 > 应用 > 可见范围 设置。"};

} // namespace remedies

using code_row = tidings::detail::code_row<std::int64_t>;

/// Every code this library knows, in ascending order. Sources: the platform's global error codes and the pages of the
/// single calls; the grouping is ours.
inline constexpr std::array code_table{
    code_row{-1, errc::server_error},
    code_row{40001, errc::bad_credentials, &remedies::app_secret},
    code_row{40003, errc::recipient_not_found, &remedies::not_found},
    code_row{40004, errc::message_invalid, &remedies::media_kind},
    code_row{40005, errc::message_invalid, &remedies::media_kind},
    code_row{40006, errc::message_too_long, &remedies::media_size},
    code_row{40007, errc::message_invalid, &remedies::media},
    code_row{40008, errc::message_invalid},
    code_row{40009, errc::message_too_long, &remedies::media_size},
    code_row{40011, errc::message_too_long, &remedies::media_size},
    code_row{40013, errc::bad_credentials, &remedies::corp_id},
    code_row{40014, errc::token_rejected},
    code_row{40031, errc::recipient_not_found, &remedies::not_found},
    code_row{40032, errc::invalid_argument},
    code_row{40033, errc::message_invalid},
    code_row{40035, errc::invalid_argument},
    code_row{40056, errc::bad_credentials, &remedies::agent},
    code_row{40058, errc::message_invalid},
    code_row{40063, errc::invalid_argument},
    code_row{40091, errc::bad_credentials, &remedies::app_secret},
    code_row{40123, errc::message_invalid, &remedies::media_kind},
    code_row{40201, errc::message_invalid},
    code_row{41001, errc::token_rejected},
    code_row{41002, errc::bad_credentials, &remedies::corp_id},
    code_row{41004, errc::bad_credentials, &remedies::app_secret},
    code_row{41006, errc::message_invalid, &remedies::missing_field},
    code_row{41009, errc::invalid_argument},
    code_row{41010, errc::message_invalid, &remedies::missing_field},
    code_row{41011, errc::bad_credentials, &remedies::agent},
    code_row{41016, errc::message_invalid, &remedies::missing_title},
    code_row{42001, errc::token_rejected},
    code_row{42052, errc::invalid_argument},
    code_row{43001, errc::protocol_error, &remedies::changed_request},
    code_row{43002, errc::protocol_error, &remedies::changed_request},
    code_row{43004, errc::protocol_error, &remedies::changed_request},
    code_row{44001, errc::message_invalid},
    code_row{44004, errc::message_invalid},
    code_row{45001, errc::message_too_long},
    code_row{45002, errc::message_too_long},
    code_row{45007, errc::message_too_long},
    code_row{45008, errc::message_invalid},
    code_row{45009, errc::rate_limited, nullptr, 60},
    code_row{45033, errc::rate_limited, nullptr, 1},
    code_row{45034, errc::message_invalid},
    code_row{46004, errc::recipient_not_found, &remedies::not_found},
    code_row{48001, errc::permission_missing, &remedies::unauthorized},
    code_row{48002, errc::permission_missing, &remedies::forbidden},
    code_row{48006, errc::app_not_published, &remedies::app_state},
    code_row{48009, errc::ip_not_allowed, &remedies::ip},
    code_row{50002, errc::recipient_unreachable, &remedies::range},
    code_row{50003, errc::app_not_published, &remedies::app_state},
    code_row{60011, errc::permission_missing, &remedies::range},
    code_row{60020, errc::ip_not_allowed, &remedies::ip},
    code_row{60021, errc::recipient_unreachable, &remedies::range},
    code_row{60103, errc::recipient_not_found, &remedies::not_found},
    code_row{60105, errc::recipient_not_found, &remedies::not_found},
    code_row{60111, errc::recipient_not_found, &remedies::not_found},
    code_row{81012, errc::invalid_argument},
    code_row{81013, errc::recipient_not_found, &remedies::range},
    code_row{82001, errc::invalid_argument},
    code_row{82002, errc::invalid_argument},
    code_row{82003, errc::invalid_argument},
    code_row{82004, errc::message_invalid},
    code_row{86001, errc::recipient_not_found, &remedies::no_such_chat},
    code_row{86003, errc::recipient_not_found, &remedies::no_such_chat},
    code_row{86008, errc::recipient_unreachable, &remedies::no_such_chat},
    code_row{86201, errc::invalid_argument},
    code_row{86205, errc::recipient_not_found, &remedies::no_such_chat},
    code_row{93000, errc::bad_credentials, &remedies::robot},
    code_row{93004, errc::bot_disabled, &remedies::robot},
    code_row{93008, errc::bot_disabled, &remedies::robot},
    code_row{301002, errc::bad_credentials, &remedies::agent},
};
static_assert(tidings::detail::is_ascending(code_table));

/// Classifies a refusal by the call that was refused, the platform's code and, where the code is ambiguous, its text.
TIDINGS_DECL code_row classify(call what, std::int64_t code, std::string_view text, unsigned http_status) noexcept;

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/codes.ipp>
#endif

#endif
