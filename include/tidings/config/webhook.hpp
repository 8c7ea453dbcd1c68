// The settings of a group's webhook.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_WEBHOOK_HPP
#define TIDINGS_CONFIG_WEBHOOK_HPP

#include <tidings/any_webhook.hpp>
#include <tidings/config/channel.hpp>
#include <tidings/config/field.hpp>
#include <tidings/config/secret_setting.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/hana/define_struct.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::config {

namespace detail {
inline constexpr std::string_view webhook_platforms[] = {"lark", "feishu", "dingtalk", "wecom"};
} // namespace detail

/// A group's incoming webhook.
struct webhook_settings
{
    webhook_settings() = default;
    BOOST_HANA_DEFINE_STRUCT(webhook_settings, (std::string, platform), (secret_setting, url), (secret_setting, secret),
                             (std::string, language), (std::string, base_url), (secret_setting, proxy),
                             (std::string, ca_file));

    static constexpr field fields[] = {
        {.name = "platform",
         .kind = field_kind::choice,
         .required = true,
         .title = {"Platform", "平台"},
         .help = {"lark, feishu, dingtalk or wecom.", "lark、feishu、dingtalk 或 wecom。"},
         .choices = detail::webhook_platforms},
        {.name = "url",
         .kind = field_kind::secret,
         .required = true,
         .title = {"Webhook URL", "Webhook 地址"},
         .help = {"As the group's settings show it. It contains a token: the URL itself, env:NAME or file:PATH.",
                  "群设置中显示的地址，其中含有令牌。可填地址本身、env:变量名 或 file:路径。"},
         .pattern = "https?://[!-~]{1,2000}"},
        {.name = "secret",
         .kind = field_kind::secret,
         .title = {"Signing secret", "签名密钥"},
         .help = {"Where the webhook demands signatures. The secret itself, env:NAME or file:PATH.",
                  "启用签名校验时填写。可填密钥本身、env:变量名 或 file:路径。"},
         .pattern = "[!-~]{1,512}"},
        {.name = "language",
         .title = {"Language", "语言"},
         .help = {"The language of messages to the group: en, zh or another BCP 47 tag.",
                  "发往该群的消息所用的语言：en、zh 或其他 BCP 47 标签。"},
         .pattern = detail::language_field.pattern},
        detail::base_url_field,
        detail::proxy_field,
        detail::ca_file_field};
};

/// The webhook of some settings; secrets are read from where they are now. Does no network I/O.
///
/// @param ex        Where everything runs.
/// @param settings  See `webhook_settings`.
/// @param options   `deadline` and `max_retries`; a webhook has no tokens to keep.
/// @returns `errc::invalid_argument` if a field is missing or not valid, or if a reference cannot be resolved: the message
///          names the field. The same if the URL is not the address of a webhook of the platform, or another setting is
///          not usable: the message is that of `any_webhook::check`. It contains neither the URL, which has a token in
///          it, nor the signing secret.
///
/// @par Exception safety  Throws only `std::bad_alloc`.
[[nodiscard]] TIDINGS_DECL result<any_webhook> make_webhook(boost::asio::any_io_executor ex,
                                                            webhook_settings const& settings,
                                                            notifier_options const& options = notifier_options());

} // namespace tidings::inline v0::config

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/webhook.ipp>
#endif

#endif
