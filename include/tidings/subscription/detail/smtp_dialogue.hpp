// How far a conversation with an SMTP server has come, and what the server's replies mean.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DETAIL_SMTP_DIALOGUE_HPP
#define TIDINGS_SUBSCRIPTION_DETAIL_SMTP_DIALOGUE_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::inline v0::subscription::detail {

/// The last command that was sent.
enum class smtp_stage
{
    connect, ///< None so far.
    hello,
    starttls,
    login,
    sender,
    recipient,
    data,
    content ///< The server has asked for the message: from here on it may have accepted it.
};

/// What a line of the server's is.
enum class smtp_reply
{
    invalid,
    partial, ///< More lines follow.
    complete
};

/// Follows a conversation. Keeps nothing of what is sent: that has the password.
class smtp_dialogue
{
public:
    /// @param bytes  A command, with its line end, as it was sent.
    void sent(std::string_view bytes) noexcept
    {
        struct row
        {
            std::string_view start;
            smtp_stage stage;
        };
        // No line of a login, which is Base64, begins like one of these.
        constexpr row commands[] = {{"EHLO ", smtp_stage::hello},           {"HELO ", smtp_stage::hello},
                                    {"STARTTLS\r\n", smtp_stage::starttls}, {"AUTH ", smtp_stage::login},
                                    {"MAIL FROM:", smtp_stage::sender},     {"RCPT TO:", smtp_stage::recipient},
                                    {"DATA\r\n", smtp_stage::data}};
        for (auto const& command : commands)
            if (bytes.starts_with(command.start))
                stage_ = command.stage;
    }

    /// @param line  A line of the server's, with or without its line end.
    /// @returns `invalid` also for a reply that has too many lines.
    smtp_reply received(std::string_view line)
    {
        constexpr std::size_t code_size = 3;
        constexpr std::size_t max_text = 1000;
        constexpr std::size_t max_lines = 500;
        while (line.ends_with('\n') || line.ends_with('\r'))
            line.remove_suffix(1);
        bool const has_code = line.size() >= code_size && line[0] >= '2' && line[0] <= '5' &&
                              tidings::detail::is_digit(line[1]) && tidings::detail::is_digit(line[2]);
        lines_ = complete_ ? 1 : lines_ + 1;
        if (!has_code || lines_ > max_lines)
            return smtp_reply::invalid;
        if (complete_)
            text_.clear();
        complete_ = line.size() == code_size || line[code_size] != '-';
        code_ = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        auto text = line.substr(std::min(line.size(), code_size + 1));
        if (!text_.empty() && !enhanced_of(text_).empty() && enhanced_of(text) == enhanced_of(text_))
            text.remove_prefix(std::min(text.size(), enhanced_of(text).size() + 1)); // each line repeats it
        if (!text_.empty() && !text.empty())
            text_ += ' ';
        text_ += text.substr(0, max_text - std::min(max_text, text_.size()));
        if (complete_ && stage_ == smtp_stage::data && code_ == 354)
            stage_ = smtp_stage::content;
        return complete_ ? smtp_reply::complete : smtp_reply::partial;
    }

    smtp_stage stage() const noexcept { return stage_; }
    /// Whether the server may have the message.
    bool content_begun() const noexcept { return stage_ == smtp_stage::content; }
    /// Whether the server has confirmed that it has the message.
    bool accepted() const noexcept { return content_begun() && complete_ && code_ / 100 == 2; }
    /// Whether the last complete reply is a refusal.
    bool refused() const noexcept { return complete_ && code_ >= 400; }
    /// The code of the last reply; 0 if there was none.
    int code() const noexcept { return code_; }
    /// The text of the last reply, as the server wrote it.
    std::string const& text() const noexcept { return text_; }
    /// The enhanced status code of the last reply (RFC 3463), such as `5.1.1`; empty if it has none.
    std::string_view enhanced_code() const noexcept { return enhanced_of(text_); }

private:
    static std::string_view enhanced_of(std::string_view text) noexcept
    {
        auto const word = text.substr(0, text.find(' '));
        auto const is_part = [](char c) { return tidings::detail::is_digit(c) || c == '.'; };
        bool const fits = word.size() >= 5 && word[0] >= '2' && word[0] <= '5' && word[1] == '.' &&
                          std::count(word.begin(), word.end(), '.') == 2 &&
                          std::all_of(word.begin(), word.end(), is_part);
        return fits ? word : std::string_view();
    }

    smtp_stage stage_ = smtp_stage::connect;
    bool complete_ = true;
    std::size_t lines_ = 0; ///< Of the last reply.
    int code_ = 0;
    std::string text_;
};

/// What a refusal means.
///
/// @param code      The reply code, 400 to 599.
/// @param enhanced  The enhanced status code, if the reply has one.
constexpr errc kind_of_reply(smtp_stage stage, int code, std::string_view enhanced) noexcept
{
    bool const is_policy = enhanced.size() > 2 && enhanced.substr(1, 3) == ".7.";
    if (code < 500) // another attempt may succeed
        return stage != smtp_stage::login && (code == 450 || is_policy) ? errc::rate_limited : errc::server_error;
    if (stage == smtp_stage::login || code == 530 || code == 534 || code == 535)
        return errc::bad_credentials;
    if (enhanced == "5.3.4")
        return errc::message_too_long;
    if (code == 552 && stage != smtp_stage::recipient)
        return errc::message_invalid;
    switch (stage)
    {
    case smtp_stage::starttls: return errc::tls_failed;
    case smtp_stage::sender: return errc::invalid_argument;
    case smtp_stage::recipient:
        return !is_policy && (code == 550 || code == 551 || code == 553) ? errc::recipient_not_found
                                                                         : errc::recipient_unreachable;
    case smtp_stage::data:
    case smtp_stage::content: return errc::message_invalid;
    case smtp_stage::connect:
    case smtp_stage::hello:
    case smtp_stage::login: break;
    }
    return errc::platform_error;
}

/// What a person can do about a failed e-mail. The remedies of `errc` are about applications of platforms.
inline remedy_text const* smtp_remedy(errc kind) noexcept
{
    struct row
    {
        errc kind;
        remedy_text text;
    };
    static constexpr row rows[] = {
        {errc::bad_credentials,
         {"Correct the user and the password of the mail server in the settings. Some providers demand a password of "
          "its own for programs, and some demand that SMTP is switched on for the account.",
          "请更正设置中邮件服务器的用户名和密码。部分服务商要求使用专用的应用密码（授权码），或需先为账户开启 SMTP。"}},
        {errc::recipient_not_found,
         {"Check the spelling of the address; the server says that there is no such mailbox.",
          "请检查邮箱地址的拼写：服务器表示该邮箱不存在。"}},
        {errc::recipient_unreachable,
         {"Ask the administrator of the mail server whether the sender may write to this address; the server's text "
          "has its reason.",
          "请邮件服务器管理员确认发件人可以向该地址发信；原因见服务器返回的文字。"}},
        {errc::message_invalid,
         {"Correct the message; the server's text has its reason.", "请修改邮件内容；原因见服务器返回的文字。"}},
        {errc::rate_limited,
         {"Send more slowly. The server may accept the message some minutes later.",
          "请放慢发送速度。服务器可能在几分钟后接受该邮件。"}},
        {errc::server_error,
         {"Try again later; if it lasts, ask the administrator of the mail server.",
          "请稍后重试；若持续失败，请联系邮件服务器管理员。"}},
        {errc::protocol_error,
         {"Check that host and port are those of an SMTP server, and that security is starttls or tls as the port "
          "demands: 587 is usually starttls, 465 tls.",
          "请确认主机和端口属于 SMTP 服务器，且 security 与端口相符：587 通常为 starttls，465 为 tls。"}},
        {errc::platform_error,
         {"Ask the administrator of the mail server; the server's text has its reason.",
          "请联系邮件服务器管理员；原因见服务器返回的文字。"}},
        {errc::connect_failed,
         {"Check host and port of the mail server, the network and the firewall; many networks block port 25.",
          "请检查邮件服务器的主机和端口、网络和防火墙；许多网络会屏蔽 25 端口。"}},
        {errc::tls_failed,
         {"Check the host name and the clock of this machine. If the server's certificate is of a private authority, "
          "set ca_file to the certificate of that authority; if the server expects TLS from the first byte on, set "
          "security to tls.",
          "请检查主机名和本机时间。若服务器证书由私有机构签发，请将 ca_file 设为该机构的证书；若服务器从首字节起即要求 "
          "TLS，请将 security 设为 tls。"}},
        {errc::outcome_unknown,
         {"Look whether the message has arrived before you send it again. With the same key it has the same "
          "Message-ID, by which many mailboxes show it only once.",
          "重新发送前请先确认邮件是否已送达。使用相同的键时 Message-ID 也相同，许多邮箱据此只显示一封。"}},
        {errc::invalid_argument, {"Correct the settings of the mail server.", "请更正邮件服务器的设置。"}},
    };
    for (auto const& r : rows)
        if (r.kind == kind)
            return &r.text;
    return nullptr;
}

} // namespace tidings::inline v0::subscription::detail

#endif
