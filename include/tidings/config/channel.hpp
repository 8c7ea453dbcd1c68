// The settings of a personal channel on each platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_CHANNEL_HPP
#define TIDINGS_CONFIG_CHANNEL_HPP

#include <tidings/any_notifier.hpp>
#include <tidings/config/field.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tidings::inline v0::config {

namespace detail {

inline constexpr std::string_view notification_fields[] = {"login_name", "phone_number", "email"};

// What credentials look like: `credentials::check` of each platform asks for the same.
inline constexpr std::string_view id_pattern = "[!-~]{1,128}";
inline constexpr std::string_view secret_pattern = "[!-~]{1,128}";
inline constexpr std::string_view agent_id_pattern = "[1-9][0-9]{0,17}";

// The fields that every channel has.
inline constexpr field notification_field{
    .name = "notification_field",
    .kind = field_kind::choices,
    .required = true,
    .title = {"Notification field", "通知字段"},
    .help =
        {"By what people are found on the platform: login_name, phone_number or email. Of several, the first one "
         "that finds the person is used.",
         "按什么在平台上查找人员：login_name（登录名）、phone_number（手机号）或 email（邮箱）。可填多个，依次尝试。"},
    .choices = notification_fields};
inline constexpr field language_field{
    .name = "language",
    .title = {"Language", "语言"},
    .help = {"The language of messages to people whose language is not known: en, zh or another BCP 47 tag.",
             "收件人语言未知时使用的语言：en、zh 或其他 BCP 47 标签。"},
    .pattern = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}"};
inline constexpr field base_url_field{
    .name = "base_url",
    .kind = field_kind::url,
    .title = {"Base URL", "服务地址"},
    .help = {"Another address than the platform's own, for a private deployment or a test server: "
             "https://host[:port][/prefix]. Empty: the platform's own.",
             "私有部署或测试服务器的地址：https://host[:port][/prefix]。留空则使用平台地址。"},
    .pattern = "https?://[!-~]{1,2000}"};
inline constexpr field proxy_field{
    .name = "proxy",
    .kind = field_kind::secret,
    .title = {"Proxy", "代理"},
    .help = {"An HTTP proxy: http://[user:password@]host:port. May be a reference, such as env:HTTPS_PROXY.",
             "HTTP 代理：http://[用户:密码@]主机:端口。可以是引用，例如 env:HTTPS_PROXY。"},
    .pattern = "http://[!-~]{1,2000}"};
inline constexpr field ca_file_field{
    .name = "ca_file",
    .kind = field_kind::path,
    .title = {"CA file", "CA 文件"},
    .help = {"A PEM file with the certificate authorities to trust instead of the system's.",
             "PEM 文件，其中的证书颁发机构将代替系统的颁发机构受到信任。"}};

} // namespace detail

/// An application of Lark.
struct lark_channel
{
    static constexpr std::string_view name = "lark";
    static constexpr label title{"Feishu Lark", "Lark（飞书国际版）"};

    lark_channel() = default;
    BOOST_HANA_DEFINE_STRUCT(lark_channel, (std::string, app_id), (secret_setting, app_secret),
                             (choice_list, notification_field), (std::string, language), (std::string, base_url),
                             (secret_setting, proxy), (std::string, ca_file));

    static constexpr field fields[] = {
        {.name = "app_id",
         .required = true,
         .title = {"App ID", "App ID"},
         .help = {"In the developer console under Credentials & Basic Info; begins with cli_.",
                  "开发者后台“凭证与基础信息”中的 App ID，以 cli_ 开头。"},
         .pattern = detail::id_pattern},
        {.name = "app_secret",
         .kind = field_kind::secret,
         .required = true,
         .title = {"App Secret", "App Secret"},
         .help = {"On the same page. The secret itself, env:NAME or file:PATH.",
                  "与 App ID 在同一页。可填密钥本身、env:变量名 或 file:路径。"},
         .pattern = detail::secret_pattern},
        detail::notification_field,
        detail::language_field,
        detail::base_url_field,
        detail::proxy_field,
        detail::ca_file_field};
};

/// An application of Feishu: the same fields, other servers and other people.
struct feishu_channel
{
    static constexpr std::string_view name = "feishu";
    static constexpr label title{"Feishu", "飞书"};

    feishu_channel() = default;
    BOOST_HANA_DEFINE_STRUCT(feishu_channel, (std::string, app_id), (secret_setting, app_secret),
                             (choice_list, notification_field), (std::string, language), (std::string, base_url),
                             (secret_setting, proxy), (std::string, ca_file));

    static constexpr auto& fields = lark_channel::fields;
};

/// An application of DingTalk. With a robot code it sends as the robot, without one by work notification.
struct dingtalk_channel
{
    static constexpr std::string_view name = "dingtalk";
    static constexpr label title{"DingTalk", "钉钉"};

    dingtalk_channel() = default;
    BOOST_HANA_DEFINE_STRUCT(dingtalk_channel, (std::string, app_key), (secret_setting, app_secret),
                             (std::string, robot_code), (std::optional<std::int64_t>, agent_id),
                             (choice_list, notification_field), (std::string, language), (std::string, base_url),
                             (secret_setting, proxy), (std::string, ca_file));

    static constexpr field fields[] = {
        {.name = "app_key",
         .required = true,
         .title = {"Client ID (AppKey)", "Client ID（原 AppKey）"},
         .help = {"In the developer console under Credentials & Basic Info.", "开发者后台“凭证与基础信息”中。"},
         .pattern = detail::id_pattern},
        {.name = "app_secret",
         .kind = field_kind::secret,
         .required = true,
         .title = {"Client Secret (AppSecret)", "Client Secret（原 AppSecret）"},
         .help = {"On the same page. The secret itself, env:NAME or file:PATH.",
                  "与 AppKey 在同一页。可填密钥本身、env:变量名 或 file:路径。"},
         .pattern = detail::secret_pattern},
        {.name = "robot_code",
         .title = {"Robot code", "机器人编码（RobotCode）"},
         .help =
             {"On the page of the application's robot; often the same as the Client ID. Empty: messages are sent as "
              "work notifications, which need the AgentId.",
              "应用机器人页面上的 RobotCode，通常与 Client ID 相同。留空则以工作通知发送，需要 AgentId。"},
         .pattern = detail::id_pattern},
        {.name = "agent_id",
         .kind = field_kind::number,
         .title = {"AgentId", "AgentId"},
         .help = {"In the developer console under Credentials & Basic Info; digits. Needed for work notifications.",
                  "开发者后台“凭证与基础信息”中的数字。工作通知需要它。"},
         .pattern = detail::agent_id_pattern},
        detail::notification_field,
        detail::language_field,
        detail::base_url_field,
        detail::proxy_field,
        detail::ca_file_field};
};

/// An application of WeCom.
struct wecom_channel
{
    static constexpr std::string_view name = "wecom";
    static constexpr label title{"WeCom", "企业微信"};

    wecom_channel() = default;
    BOOST_HANA_DEFINE_STRUCT(wecom_channel, (std::string, corp_id), (std::optional<std::int64_t>, agent_id),
                             (secret_setting, secret), (secret_setting, callback_token),
                             (secret_setting, encoding_aes_key), (choice_list, notification_field),
                             (std::string, language), (std::string, base_url), (secret_setting, proxy),
                             (std::string, ca_file));

    static constexpr field fields[] = {
        {.name = "corp_id",
         .required = true,
         .title = {"Corp ID", "企业 ID"},
         .help = {"In the admin console under My Company, at the bottom of the page.",
                  "管理后台“我的企业”页面底部的企业 ID。"},
         .pattern = detail::id_pattern},
        {.name = "agent_id",
         .kind = field_kind::number,
         .required = true,
         .title = {"AgentId", "AgentId"},
         .help = {"On the application's page in the admin console; digits, such as 1000002.",
                  "管理后台应用详情页上的数字，例如 1000002。"},
         .pattern = detail::agent_id_pattern},
        {.name = "secret",
         .kind = field_kind::secret,
         .required = true,
         .title = {"Secret", "Secret"},
         .help = {"On the application's page. The secret itself, env:NAME or file:PATH.",
                  "应用详情页上的 Secret。可填密钥本身、env:变量名 或 file:路径。"},
         .pattern = detail::secret_pattern},
        {.name = "callback_token",
         .kind = field_kind::secret,
         .title = {"Callback token", "回调 Token"},
         .help = {"Under Receive Messages, for callbacks. The token itself, env:NAME or file:PATH.",
                  "“接收消息”中的 Token，用于回调。可填 Token 本身、env:变量名 或 file:路径。"},
         .pattern = "[A-Za-z0-9]{1,32}"},
        {.name = "encoding_aes_key",
         .kind = field_kind::secret,
         .title = {"EncodingAESKey", "EncodingAESKey"},
         .help = {"Under Receive Messages; 43 letters and digits. The key itself, env:NAME or file:PATH.",
                  "“接收消息”中的 43 位字母和数字。可填密钥本身、env:变量名 或 file:路径。"},
         .pattern = "[A-Za-z0-9]{43}"},
        detail::notification_field,
        detail::language_field,
        detail::base_url_field,
        detail::proxy_field,
        detail::ca_file_field};
};

/// The settings of a channel on any platform.
using channel = std::variant<lark_channel, feishu_channel, dingtalk_channel, wecom_channel>;

/// The names of the channels, in the order in which they are listed.
inline constexpr std::string_view channel_names[] = {feishu_channel::name, lark_channel::name, dingtalk_channel::name,
                                                     wecom_channel::name};

/// A channel with nothing filled in.
///
/// @param name  One of `channel_names`.
/// @returns Nothing for any other name.
TIDINGS_DECL std::optional<channel> make_channel(std::string_view name);

/// `lark`, `feishu`, `dingtalk`, `wecom`.
TIDINGS_DECL std::string_view name_of(channel const& c) noexcept;
/// The channel's name for people: "Feishu Lark".
TIDINGS_DECL label title_of(channel const& c) noexcept;
/// The App ID, AppKey or corp id, which is no secret.
TIDINGS_DECL std::string const& app_id_of(channel const& c) noexcept;
/// By what people are found.
TIDINGS_DECL choice_list const& notification_field_of(channel const& c) noexcept;
/// The descriptions of the channel's fields.
TIDINGS_DECL std::span<field const> descriptions_of(channel const& c) noexcept;
/// The channel's fields with their values.
TIDINGS_DECL std::vector<bound_field> fields_of(channel& c);

/// Checks what one field alone cannot tell: required fields, the kinds of address in a chain, what DingTalk sends by.
///
/// @param where  The JSON pointer of the channel, to which the field's name is added.
TIDINGS_DECL void check(channel const& c, std::string_view where, problems& out);

/// The name of the platform for `any_notifier`: a DingTalk channel without robot code is "dingtalk_work".
TIDINGS_DECL std::string_view provider_of(channel const& c) noexcept;

/// Settings of the notifier of a channel that the channel does not have.
struct notifier_options
{
    notifier_options() = default;

    std::chrono::steady_clock::duration deadline = std::chrono::seconds(10);
    unsigned max_retries = 3;
    std::string token_cache; ///< A directory, see `token_cache::file`. Empty: tokens are kept in memory.
};

/// The notifier of a channel; secrets are read from where they are now. Does no network I/O.
///
/// @returns `errc::invalid_argument` if a field is missing or not valid, or if a secret's reference cannot be resolved;
///          the message names the field. It never contains a secret.
[[nodiscard]] TIDINGS_DECL result<any_notifier> make_notifier(boost::asio::any_io_executor ex, channel const& c,
                                                              notifier_options const& options = notifier_options());

} // namespace tidings::inline v0::config

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/channel.ipp>
#endif

#endif
