// The file with an organisation's channels.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_CHANNELS_HPP
#define TIDINGS_CONFIG_CHANNELS_HPP

#include <tidings/config/channel.hpp>
#include <tidings/config/field.hpp>
#include <tidings/config/problem.hpp>
#include <tidings/config/webhook.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::config {

namespace detail {
inline constexpr std::string_view smtp_security[] = {"starttls", "tls", "none"};
} // namespace detail

/// The server that sends e-mail.
struct smtp_settings
{
    smtp_settings() = default;
    BOOST_HANA_DEFINE_STRUCT(smtp_settings, (std::string, host), (std::optional<std::int64_t>, port),
                             (std::string, security), (std::string, user), (secret_setting, password),
                             (std::string, from), (std::string, ca_file));

    static constexpr field fields[] = {
        {.name = "host",
         .required = true,
         .title = {"Host", "主机"},
         .help = {"The name or the address of the SMTP server.", "SMTP 服务器的名称或地址。"},
         .pattern = "[A-Za-z0-9.:_-]{1,253}|\\[[A-Fa-f0-9:.]{2,45}\\]"},
        {.name = "port",
         .kind = field_kind::number,
         .title = {"Port", "端口"},
         .help = {"Empty: 587, with security tls 465, with none 25.",
                  "留空：587；security 为 tls 时 465，为 none 时 25。"},
         .pattern = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"},
        {.name = "security",
         .kind = field_kind::choice,
         .title = {"Security", "加密"},
         .help = {"starttls (the default), tls or none.", "starttls（默认）、tls 或 none。"},
         .choices = detail::smtp_security},
        {.name = "user", .title = {"User", "用户"}, .help = {"Empty: no authentication.", "留空则不认证。"}},
        {.name = "password",
         .kind = field_kind::secret,
         .title = {"Password", "密码"},
         .help = {"The password itself, env:NAME or file:PATH.", "可填密码本身、env:变量名 或 file:路径。"}},
        {.name = "from",
         .required = true,
         .title = {"Sender", "发件人"},
         .help = {"The address that messages come from: notify@example.com.", "发件地址：notify@example.com。"},
         .pattern = "[^\\s<>@]{1,64}@[^\\s<>@]{1,255}"},
        detail::ca_file_field};
};

/// The channels of an organisation, its webhooks and its mail server: what `channels.json` contains.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class channels
{
public:
    /// The version that is written. Older ones are read.
    static constexpr std::int64_t version = 1;

    /// No channel is configured.
    channels() = default;

    /// Reads a document. References to secrets are not resolved, so that listing channels needs no secret.
    ///
    /// @param text       `{"version":1,"channels":{"lark":{…},"feishu":{…},"dingtalk":{…},"wecom":{…}},"webhooks":{"NAME":{…}},"smtp":{…}}`;
    ///                   docs/channels.md lists the members.
    /// @param directory  What the path of `file:PATH` is relative to. Empty: the working directory.
    /// @returns All problems of the document at once, each with its JSON pointer.
    [[nodiscard]] static TIDINGS_DECL checked<channels> parse(std::string_view text, std::string_view directory = {});

    /// Reads a file.
    ///
    /// @returns A missing or unreadable file is one problem. A file that contains a secret and that other users can
    ///          read or change is one, too.
    [[nodiscard]] static TIDINGS_DECL checked<channels> load(std::string const& path);

    /// Replaces the file as a whole: another process sees the old content or the new one. Its mode becomes 0600 if it
    /// contains a secret. References are written as references.
    ///
    /// @returns The system's error as `errc::invalid_argument`, with the old file in place.
    [[nodiscard]] TIDINGS_DECL result<void> save(std::string const& path) const;

    /// The document with references to secrets, and without secrets themselves: for display.
    TIDINGS_DECL std::string text_without_secrets() const;

    /// Null: the channel is not configured.
    ///
    /// @param name  One of `channel_names`.
    TIDINGS_DECL channel const* find(std::string_view name) const noexcept;
    /// Configures a channel, in place of its former settings.
    TIDINGS_DECL void set(channel c);
    /// @returns False if it was not configured.
    TIDINGS_DECL bool remove(std::string_view name);

    /// "Unconfigured" or "Configured: <app id>".
    TIDINGS_DECL std::string status_of(std::string_view name) const;

    std::map<std::string, webhook_settings, std::less<>> webhooks; ///< By name.
    std::optional<smtp_settings> smtp;

private:
    TIDINGS_DECL bool has_secret() const;
    TIDINGS_DECL void write(tidings::detail::wiped_string& out, bool with_secrets) const;

    std::map<std::string, channel, std::less<>> channels_;
};

} // namespace tidings::inline v0::config

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/channels.ipp>
#endif

#endif
