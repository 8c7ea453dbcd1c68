// The codes of DingTalk: what each means and what to do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_CODES_HPP
#define TIDINGS_PROVIDER_DINGTALK_CODES_HPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/provider/detail/codes.hpp>
#include <tidings/wire/reply.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace tidings::inline v0::providers::dingtalk {

inline constexpr std::string_view console = "https://open-dev.dingtalk.com";

namespace remedies {

inline constexpr tidings::detail::stored_remedy credentials{
    "Copy Client ID (AppKey) and Client Secret (AppSecret) again from {console} > the app > Credentials & Basic Info, "
    "whole and without spaces. A secret that was reset makes the old one useless.",
    "请从 {console} > 应用 > 凭证与基础信息 重新复制 Client ID（AppKey）和 Client Secret（AppSecret），不要遗漏或多出"
    "空格。重置后旧的 Secret 失效。"};
inline constexpr tidings::detail::stored_remedy scope{
    "Grant {scopes} to the app. Open {link} and confirm. All permissions are in {console} > the app > Permission "
    "Management. A token issued before may go on failing: allow up to two hours, or restart with a fresh token.",
    "请为应用开通 {scopes}。打开 {link} 确认。全部权限见 {console} > 应用 > 权限管理。"
    "开通前签发的令牌可能继续失败，最长两小时。"};
inline constexpr tidings::detail::stored_remedy ip{
    "The app's server egress IP list ({console} > the app > Development configuration > Security settings) lacks the "
    "public address of this machine. DingTalk saw {ip}: add it.",
    "应用的服务器出口 IP 列表（{console} > 应用 > 开发配置 > 安全设置）不含本机的公网地址。"
    "钉钉看到的地址是 {ip}，请加入。"};
inline constexpr tidings::detail::stored_remedy ip_ban{
    "DingTalk has blocked the public address of this machine for about five minutes, because more than 10,000 calls "
    "came from it within 20 seconds. Stop the program that calls so often.",
    "由于 20 秒内调用超过 10000 次，钉钉已封禁本机公网地址约五分钟。请停止频繁调用的程序。"};
inline constexpr tidings::detail::stored_remedy bot{
    "Enable the bot in {console} > the app > App capabilities > Robot and publish it. Then create and publish a "
    "version in Version Management & Release, with the recipients inside its visible range. The robot code is the "
    "app's Client ID unless you were given another.",
    "请在 {console} > 应用 > 应用能力 > 机器人 启用并发布机器人，然后在 版本管理与发布 "
    "创建并发布版本，并将收件人加入可见范围。robotCode 默认即应用的 Client ID。"};
inline constexpr tidings::detail::stored_remedy not_found{
    "Most likely first: the number or userid is misspelt; the person has left or belongs to another organisation; the "
    "number is not the one of their DingTalk account. The userid is shown in the admin console (oa.dingtalk.com) > "
    "Contacts > Members.",
    "可能的原因（由高到低）：号码或 userid 有误；此人已离职或属于其他企业；该号码不是其钉钉账号的号码。userid "
    "可在管理后台（oa.dingtalk.com）> 通讯录 > 成员管理 查看。"};
inline constexpr tidings::detail::stored_remedy no_such_email{
    "No person in the departments that this app may read has this address as email or company mailbox. Check the "
    "spelling, and that {console} > the app > Permission Management grants the personal information scope, without "
    "which addresses are hidden.",
    "在应用可读取的部门中无人使用该邮箱或企业邮箱。请检查拼写，并确认已在 {console} > 应用 > 权限管理 "
    "开通“邮箱等个人信息”权限。"};
inline constexpr tidings::detail::stored_remedy hidden_email{
    "Grant the personal information scope (email and the like) in {console} > the app > Permission Management, or name "
    "people by phone number or userid.",
    "请在 {console} > 应用 > 权限管理 开通“邮箱等个人信息”权限，或改用手机号、userid。"};
inline constexpr tidings::detail::stored_remedy range{
    "Add the person to the app's contacts range and visible range in {console} > the app > Version Management & "
    "Release (visible range) and Permission Management (contacts range).",
    "请在 {console} > 应用 > 版本管理与发布（可见范围）及 权限管理（通讯录权限范围）中加入此人。"};
inline constexpr tidings::detail::stored_remedy filtered{
    "DingTalk accepted the request and filtered this person out without saying why. Check that the person is inside "
    "the app's visible range and has not turned the bot off.",
    "钉钉接受了请求但过滤了此人，未说明原因。请确认此人在应用可见范围内且未屏蔽机器人。"};
inline constexpr tidings::detail::stored_remedy muted{
    "The bot or this kind of message is forbidden: ask an administrator of the "
    "organisation.",
    "机器人被禁言或该类消息被禁止：请联系企业管理员。"};
inline constexpr tidings::detail::stored_remedy content{
    "Change the text, link or picture: DingTalk's content check refused it.",
    "请修改文本、链接或图片：未通过钉钉内容检查。"};
inline constexpr tidings::detail::stored_remedy app_state{"Ask an administrator to enable the app in the admin console "
                                                          "(oa.dingtalk.com > Workbench).",
                                                          "请管理员在管理后台（oa.dingtalk.com > 工作台）启用该应用。"};
inline constexpr tidings::detail::stored_remedy quota{
    "The organisation's monthly quota of API calls is used up; an administrator can enlarge the plan.",
    "企业本月 API 调用额度已用完；管理员可升级套餐。"};
inline constexpr tidings::detail::stored_remedy agent{
    "Copy AgentId again from {console} > the app > Credentials & Basic Info; it belongs to the same app as the key.",
    "请从 {console} > 应用 > 凭证与基础信息 重新复制 AgentId，它与 AppKey 属于同一应用。"};
inline constexpr tidings::detail::stored_remedy two_apps{
    "AgentId and AppKey belong to two different apps: copy both from the same page, {console} > the app > Credentials "
    "& Basic Info.",
    "AgentId 与 AppKey 属于两个不同的应用：请从同一页面（{console} > 应用 > 凭证与基础信息）重新复制两者。"};
inline constexpr tidings::detail::stored_remedy media_kind{
    "Send images as JPG, PNG, GIF or BMP, and everything else as a file: DingTalk does not take this kind of upload.",
    "图片请使用 JPG、PNG、GIF 或 BMP 格式，其他内容请以文件发送：钉钉不支持该类型的上传。"};
inline constexpr tidings::detail::stored_remedy media_size{
    "Shrink the upload: DingTalk takes up to 20 MB, of a work notification's file "
    "up to 10 MB.",
    "请减小上传内容：钉钉的上限为 20 MB，工作通知的文件上限为 10 MB。"};
inline constexpr tidings::detail::stored_remedy media_id{"Upload the file again: DingTalk does not know its media id.",
                                                         "请重新上传文件：钉钉不认识该 media_id。"};
inline constexpr tidings::detail::stored_remedy no_header{
    "Something between this program and DingTalk takes the header x-acs-dingtalk-access-token out of requests: check "
    "proxies and gateways.",
    "本程序与钉钉之间的设备去掉了请求头 x-acs-dingtalk-access-token：请检查代理和网关。"};
inline constexpr tidings::detail::stored_remedy changed_request{
    "Something between this program and DingTalk changes the method or the body of requests: check proxies and "
    "gateways.",
    "本程序与钉钉之间的设备改动了请求方法或内容：请检查代理和网关。"};
inline constexpr tidings::detail::stored_remedy directory_changed{
    "The department does not exist any more: the directory changed while it was read. Try again.",
    "该部门已不存在：通讯录在读取期间发生了变化。请重试。"};
inline constexpr tidings::detail::stored_remedy same_content{
    "DingTalk delivers the same work notification to the same person only once a day: change the content, for instance "
    "by adding the time.",
    "同一工作通知内容每天只会投递给同一人一次：请修改内容，例如加上时间。"};
inline constexpr tidings::detail::stored_remedy daily{
    "The app has sent this person as many work notifications today as DingTalk allows.",
    "应用今天发送给此人的工作通知已达上限。"};
inline constexpr tidings::detail::stored_remedy once_a_day{
    "Send the very same notification again: DingTalk delivers it to the same person at most once a day.",
    "请原样重新发送：同一工作通知内容每天最多只会投递给同一人一次。"};
inline constexpr tidings::detail::stored_remedy robot_security{
    "The robot's security settings refused the message. Check the keyword, the signing secret, this machine's clock "
    "and the IP list in the group's robot settings, as the platform's message says.",
    "机器人安全设置拒绝了该消息。请按平台提示检查群机器人设置中的关键词、加签密钥、本机时间和 IP 段。"};
inline constexpr tidings::detail::stored_remedy robot_address{
    "Copy the webhook address again from the group's robot settings: this one is unknown, or the robot was removed.",
    "请从群机器人设置重新复制 Webhook 地址：该地址未知，或机器人已被移除。"};

inline constexpr tidings::detail::stored_remedy not_in_group{
    "Add the app's bot to the group: group settings > Bots > Add. Check that {console} > the app > App capabilities > "
    "Robot is published, and that the robot code is the app's Client ID unless you were given another.",
    "请将应用的机器人加入该群：群设置 > 机器人 > 添加。并确认已在 {console} > 应用 > 应用能力 > 机器人 "
    "发布机器人；robotCode 默认即应用的 Client ID。"};
inline constexpr tidings::detail::stored_remedy no_such_group{
    "Check the openConversationId (cid...) and that the app's bot is in the group. An older chatId, a conversation of "
    "two, and a group that was dissolved do not work; name a person by userid.",
    "请核对 openConversationId（cid 开头），并确认应用的机器人在群内。旧的 chatId、单聊会话和已解散的群均无法使用；"
    "单聊请使用 userid。"};
inline constexpr tidings::detail::stored_remedy group_rules{
    "Bots are muted in this group: ask its owner to let the bot write.",
    "该群已禁止机器人发言：请联系群主允许机器人发言。"};

} // namespace remedies

/// What a call was about.
enum class about
{
    people,
    group
};

using code_row = tidings::detail::code_row<std::string_view>;

/// The codes of both generations of the API. Sources: the global error table and the pages of the single calls; the
/// grouping is ours.
inline constexpr std::array code_table{
    code_row{"-1", errc::server_error},
    code_row{"22", errc::invalid_argument},
    code_row{"404", errc::protocol_error},
    code_row{"error.notFound", errc::protocol_error},
    code_row{"500", errc::server_error},
    // Token and credentials
    code_row{"40001", errc::token_rejected},
    code_row{"40014", errc::token_rejected},
    code_row{"42001", errc::token_rejected},
    code_row{"40000", errc::token_rejected},
    code_row{"41001", errc::token_rejected},
    code_row{"40089", errc::bad_credentials, &remedies::credentials},
    code_row{"40096", errc::bad_credentials, &remedies::credentials},
    code_row{"InvalidAuthentication", errc::token_rejected},
    code_row{"AuthenticationFailed.MissingParameter", errc::protocol_error, &remedies::no_header},
    code_row{"43001", errc::protocol_error, &remedies::changed_request},
    code_row{"43002", errc::protocol_error, &remedies::changed_request},
    code_row{"43004", errc::protocol_error, &remedies::changed_request},
    code_row{"Missingbody", errc::protocol_error, &remedies::changed_request},
    code_row{"Invalidbody", errc::protocol_error, &remedies::changed_request},
    code_row{"token.notExisted", errc::token_rejected},
    code_row{"invalidParameter.token.invalid", errc::token_rejected},
    code_row{"invalidClientIdOrSecret", errc::bad_credentials, &remedies::credentials},
    code_row{"invalid.client", errc::bad_credentials, &remedies::credentials},
    code_row{"unauthorized.client", errc::app_not_published, &remedies::app_state},
    // Permission
    code_row{"60011", errc::permission_missing, &remedies::scope},
    code_row{"Forbidden.AccessDenied.AccessTokenPermissionDenied", errc::permission_missing, &remedies::scope},
    code_row{"60020", errc::ip_not_allowed, &remedies::ip},
    code_row{"Forbidden.AccessDenied.IpNotInWhiteList", errc::ip_not_allowed, &remedies::ip},
    code_row{"ip.not.match", errc::ip_not_allowed, &remedies::robot_security},
    code_row{"50003", errc::app_not_published, &remedies::app_state},
    code_row{"50005", errc::app_not_published, &remedies::app_state},
    code_row{"33001", errc::bad_credentials, &remedies::credentials},
    // People
    code_row{"33012", errc::recipient_not_found, &remedies::not_found},
    code_row{"60111", errc::recipient_not_found, &remedies::not_found},
    code_row{"60121", errc::recipient_not_found, &remedies::not_found},
    code_row{"40104", errc::recipient_not_found, &remedies::not_found},
    code_row{"staffId.notExisted", errc::recipient_not_found, &remedies::not_found},
    code_row{"50002", errc::recipient_unreachable, &remedies::range},
    code_row{"50004", errc::permission_missing, &remedies::range},
    code_row{"robot.oto.notExist", errc::recipient_unreachable, &remedies::range},
    code_row{"60003", errc::server_error, &remedies::directory_changed},
    // Bot
    code_row{"invalidParameter.robotCode.empty", errc::bot_disabled, &remedies::bot},
    code_row{"invalidParameter.robotCode.invalid", errc::bot_disabled, &remedies::bot},
    code_row{"invalidParameter.robotCode.notExsit", errc::bot_disabled, &remedies::bot},
    code_row{"invalidParameter.robotCode.auth", errc::bot_disabled, &remedies::bot},
    code_row{"invalidParameter.robotCode", errc::bot_disabled, &remedies::bot},
    code_row{"not.allowed.robotCode", errc::bot_disabled, &remedies::bot},
    code_row{"template.stopped", errc::bot_disabled, &remedies::bot},
    code_row{"template.not.existed", errc::bot_disabled, &remedies::bot},
    code_row{"chatbotId.notAllow.sendOTO", errc::bot_disabled, &remedies::bot},
    code_row{"bot.stopped", errc::bot_disabled, &remedies::bot},
    code_row{"send.forbidden", errc::bot_disabled, &remedies::muted},
    code_row{"bot.forbidden.sendMessage", errc::bot_disabled, &remedies::muted},
    // Messages
    code_row{"invalidParameter.msgParam.tooLong", errc::message_too_long},
    code_row{"34016", errc::message_too_long},
    code_row{"40004", errc::message_invalid, &remedies::media_kind},
    code_row{"40005", errc::message_invalid, &remedies::media_kind},
    code_row{"40006", errc::message_too_long, &remedies::media_size},
    code_row{"40007", errc::message_invalid, &remedies::media_id},
    code_row{"45001", errc::message_too_long, &remedies::media_size},
    code_row{"34004", errc::message_invalid},
    code_row{"34014", errc::message_invalid},
    code_row{"41052", errc::invalid_argument},
    code_row{"400002", errc::invalid_argument},
    code_row{"40035", errc::invalid_argument},
    code_row{"41020", errc::bad_credentials, &remedies::two_apps},
    code_row{"40056", errc::bad_credentials, &remedies::agent},
    code_row{"52019", errc::bad_credentials, &remedies::agent},
    code_row{"keywords.not.match", errc::message_invalid, &remedies::robot_security},
    code_row{"sign.not.match", errc::message_invalid, &remedies::robot_security},
    code_row{"invalidParameter.param.invalid", errc::platform_error},
    code_row{"batch.toolarge", errc::invalid_argument},
    code_row{"receivers.exceed", errc::invalid_argument},
    code_row{"430101", errc::message_invalid, &remedies::content},
    code_row{"430102", errc::message_invalid, &remedies::content},
    code_row{"430103", errc::message_invalid, &remedies::content},
    code_row{"430104", errc::message_invalid, &remedies::content},
    // Throttling. "Forbidden" in these does not mean permission.
    code_row{"90018", errc::rate_limited, nullptr, 1},
    code_row{"90002", errc::rate_limited, nullptr, 1},
    code_row{"90005", errc::rate_limited, nullptr, 60},
    code_row{"90006", errc::rate_limited, nullptr, 60},
    code_row{"90020", errc::quota_exhausted, &remedies::quota},
    code_row{"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", errc::rate_limited, nullptr, 1},
    code_row{"Forbidden.AccessDenied.QpsLimitForApi", errc::rate_limited, nullptr, 1},
    code_row{"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", errc::rate_limited, nullptr, 60},
    code_row{"Forbidden.AccessDenied.ApiCountLimitForOrg", errc::quota_exhausted, &remedies::quota},
    code_row{"send.too.fast", errc::rate_limited, nullptr, 1},
    code_row{"send.byToken.tooFast", errc::rate_limited, nullptr, 1},
    code_row{"too.many.people", errc::rate_limited, nullptr, 1},
    code_row{"too.many.group", errc::rate_limited, nullptr, 1},
    code_row{"systemBusy", errc::rate_limited, nullptr, 1},
    // Work notifications, for one person
    code_row{"143103", errc::rate_limited, nullptr, 60},
    code_row{"143104", errc::rate_limited, nullptr, 60},
    code_row{"143105", errc::quota_exhausted, &remedies::daily},
    code_row{"143106", errc::duplicate_message, &remedies::same_content},
    code_row{"143203", errc::rate_limited, nullptr, 60},
    code_row{"143204", errc::rate_limited, nullptr, 60},
    code_row{"143205", errc::quota_exhausted, &remedies::daily},
    code_row{"143206", errc::duplicate_message, &remedies::same_content},
    code_row{"1430000", errc::recipient_not_found, &remedies::not_found},
    code_row{"1430002", errc::message_invalid, &remedies::content},
    code_row{"1430003", errc::recipient_unreachable, &remedies::muted},
    code_row{"1430004", errc::recipient_unreachable, &remedies::muted},
    // Group robots
    code_row{"300005", errc::bad_credentials, &remedies::robot_address},
    code_row{"400101", errc::bad_credentials, &remedies::robot_address},
    code_row{"400106", errc::bot_disabled, &remedies::robot_address},
    code_row{"400102", errc::bot_disabled, &remedies::muted},
    code_row{"400013", errc::recipient_not_found, &remedies::robot_address},
    code_row{"400105", errc::message_invalid},
    code_row{"310000", errc::permission_missing, &remedies::robot_security},
    // Beyond 20 messages a minute a robot is mute for ten minutes.
    code_row{"410100", errc::rate_limited, nullptr, 600},
    code_row{"130101", errc::rate_limited, nullptr, 600},
    code_row{"660026", errc::rate_limited, nullptr, 600},
    // After sending
    code_row{"processQueryKey.expireTime", errc::invalid_argument},
    code_row{"invalid.processQueryKey", errc::invalid_argument},
    code_row{"robot.processQueryKey.expired", errc::invalid_argument},
};

/// Classifies a refusal by its code; families of codes by how they begin, the rest by the HTTP status.
TIDINGS_DECL code_row classify(std::string_view code, unsigned http_status) noexcept;

/// The same for calls about a group.
TIDINGS_DECL code_row classify_for_group(std::string_view code, unsigned http_status) noexcept;

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/codes.ipp>
#endif

#endif
