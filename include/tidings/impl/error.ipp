// How a failure is put into words.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ERROR_IPP
#define TIDINGS_IMPL_ERROR_IPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/printable_text.hpp>

#include <openssl/crypto.h>

#include <ostream>

namespace tidings::inline v0 {

namespace detail {

/// Put behind the remedy of a connection that did not come about.
inline constexpr tidings::detail::stored_remedy use_the_proxy{
    "The environment variable {proxy} names a proxy, which is not used. To use it, call proxy_from_environment() on "
    "the transport; with tidings-send, add --proxy-from-environment.",
    "环境变量 {proxy} 指定了代理，但未被使用。如需使用，请对传输层调用 proxy_from_environment()；使用 tidings-send "
    "时请加上 --proxy-from-environment。"};

TIDINGS_COLD TIDINGS_DECL remedy_text const& remedy_of(errc e) noexcept
{
    static constexpr remedy_text bad_credentials{
        "Copy the application's id and secret again from the developer console {console}, whole and without spaces.",
        "请从开发者后台 {console} 重新复制应用的 ID 和密钥，不要多空格，也不要遗漏。"};
    static constexpr remedy_text token_rejected{"Check that the id and the secret belong to this platform and that "
                                                "the application is enabled.",
                                                "请确认 ID 和密钥属于该平台，且应用已启用。"};
    static constexpr remedy_text permission{
        "Grant one of these permissions to the application: {scopes}. Open {link}, then release a new version of the "
        "application.",
        "请为应用开通以下任一权限：{scopes}。打开 {link} 申请，然后发布应用的新版本。"};
    static constexpr remedy_text app_state{"Ask an administrator of the organisation to install and enable the "
                                           "application.",
                                           "请管理员在企业中安装并启用该应用。"};
    static constexpr remedy_text bot{"Add the bot to the application in the developer console {console} and release "
                                     "a new version.",
                                     "请在开发者后台 {console} 为应用添加机器人能力，并发布新版本。"};
    static constexpr remedy_text ip{"Add {ip} to the application's IP allow list in the developer console {console}.",
                                    "请在开发者后台 {console} 将 {ip} 加入应用的 IP 白名单。"};
    static constexpr remedy_text not_found{"Check the spelling, and that the application may see this person.",
                                           "请检查拼写，并确认应用有权限看到此人。"};
    static constexpr remedy_text unreachable{"Check that the application is available to this person.",
                                             "请确认此人在应用的可用范围内。"};
    static constexpr remedy_text ambiguous{"Use something that belongs to one person only, such as the login name.",
                                           "请改用唯一标识，例如登录名。"};
    static constexpr remedy_text content{"Correct the message; the platform's message says what is wrong with it.",
                                         "请按平台的提示修改消息内容。"};
    static constexpr remedy_text too_long{"Shorten the message or send it in parts.", "请缩短消息或分段发送。"};
    static constexpr remedy_text rate{"Send more slowly. Wait {wait} seconds before the next request.",
                                      "请放慢发送速度。请等待 {wait} 秒后再发送。"};
    static constexpr remedy_text quota{"Wait for the next period or enlarge the plan.",
                                       "请等待下一个周期，或升级套餐。"};
    static constexpr remedy_text server{"Try again later; if it lasts, give the log id to the platform's support.",
                                        "请稍后重试；若持续失败，请将日志 ID 提供给平台支持。"};
    static constexpr remedy_text protocol{"Check that the base URL is the platform's, and what proxies in between do "
                                          "with the traffic.",
                                          "请检查服务地址是否正确，以及中间的代理是否改动了流量。"};
    static constexpr remedy_text platform{"Look up the platform's code, or give the log id to its support.",
                                          "请查询平台错误码，或将日志 ID 提供给平台支持。"};
    static constexpr remedy_text connect{"Check the network, the firewall and the base URL.",
                                         "请检查网络、防火墙和服务地址。"};
    static constexpr remedy_text tls{
        "Check the host name and the clock of this machine; if the server has a certificate of a private authority, "
        "pass that authority as CA file.",
        "请检查域名和本机时间；若服务器证书由私有机构签发，请将其 CA 证书作为 CA 文件传入。"};
    static constexpr remedy_text deadline{"Try again, or allow more time.", "请重试，或延长超时时间。"};
    static constexpr remedy_text nothing{"", ""};
    static constexpr remedy_text unknown{"Send again with the same idempotency key within half an hour: the platform "
                                         "then delivers it at most once.",
                                         "请在半小时内使用相同的幂等键重新发送：平台最多只会投递一次。"};
    static constexpr remedy_text proxy{"Correct the user name and the password of the proxy, or have those who run it "
                                       "allow the platform's host and port.",
                                       "请更正代理的用户名和密码，或请代理管理员放行平台的域名和端口。"};
    static constexpr remedy_text duplicate{"Change the content, for instance by adding the time.",
                                           "请修改消息内容，例如加上时间。"};
    static constexpr remedy_text rest{"Send only the rest; or all of it again with the same idempotency key, where the "
                                      "platform knows one.",
                                      "请只发送剩余部分；若平台支持幂等键，也可使用相同的幂等键重新发送全部内容。"};
    static constexpr remedy_text address{"Correct the address.", "请更正收件人地址。"};
    static constexpr remedy_text queue{"Send more slowly or enlarge the queue.", "请放慢发送速度或扩大队列。"};

    switch (e)
    {
    case errc::bad_credentials: return bad_credentials;
    case errc::token_rejected: return token_rejected;
    case errc::permission_missing: return permission;
    case errc::app_not_published: return app_state;
    case errc::bot_disabled: return bot;
    case errc::ip_not_allowed: return ip;
    case errc::recipient_not_found: return not_found;
    case errc::recipient_unreachable: return unreachable;
    case errc::ambiguous_recipient: return ambiguous;
    case errc::message_invalid: return content;
    case errc::message_too_long: return too_long;
    case errc::rate_limited: return rate;
    case errc::quota_exhausted: return quota;
    case errc::server_error: return server;
    case errc::protocol_error: return protocol;
    case errc::platform_error: return platform;
    case errc::connect_failed: return connect;
    case errc::tls_failed: return tls;
    case errc::timed_out: return deadline;
    case errc::cancelled:
    case errc::invalid_argument: return nothing;
    case errc::outcome_unknown: return unknown;
    case errc::queue_full: return queue;
    case errc::proxy_refused: return proxy;
    case errc::duplicate_message: return duplicate;
    case errc::partly_delivered: return rest;
    case errc::invalid_recipient: return address;
    }
    return nothing;
}

/// The remedy of a message that this library refused, or that the platform refused without a word.
inline constexpr tidings::detail::stored_remedy correct_the_message{"Correct the message.", "请修改消息内容。"};

TIDINGS_COLD TIDINGS_DECL std::string join(std::vector<std::string> const& words)
{
    std::string out;
    for (auto const& word : words)
    {
        if (!out.empty())
            out += ", ";
        out += word;
    }
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string value_of(std::string_view name, diagnostics const& facts)
{
    if (name == "scopes")
        return join(facts.scopes);
    if (name == "link")
        return facts.link;
    if (name == "console")
        return facts.console;
    if (name == "app")
        return facts.app_id;
    if (name == "ip")
        return facts.refused_ip;
    if (name == "proxy")
        return std::string(facts.unused_proxy);
    if (name == "wait" && facts.wait)
        return std::to_string(facts.wait->count());
    return {};
}

/// Where the first sentence of `text` ends: behind ". ", or behind the ideographic full stop.
TIDINGS_COLD TIDINGS_DECL std::size_t sentence_end(std::string_view text) noexcept
{
    constexpr std::string_view ideographic = "。";
    auto const western = text.find(". ");
    auto const eastern = text.find(ideographic);
    if (western == text.npos && eastern == text.npos)
        return text.size();
    return western < eastern ? western + 2 : eastern + ideographic.size();
}

/// Appends text that somebody else wrote, as far as it helps to understand a failure.
TIDINGS_COLD TIDINGS_DECL void append_foreign(std::string& out, std::string_view text)
{
    constexpr std::size_t max_bytes = 600;
    append_printable(out, text, max_bytes);
}

/// Fills in the facts. A sentence that asks for a fact nobody knows is left out.
TIDINGS_COLD TIDINGS_DECL std::string render(std::string_view text, diagnostics const& facts)
{
    std::string out;
    while (!text.empty())
    {
        auto sentence = text.substr(0, sentence_end(text));
        text.remove_prefix(sentence.size());
        std::string filled;
        bool complete = true;
        while (complete && !sentence.empty())
        {
            auto const open = sentence.find('{');
            filled += sentence.substr(0, open);
            if (open == sentence.npos)
                break;
            auto const close = sentence.find('}', open);
            auto const value = value_of(sentence.substr(open + 1, close - open - 1), facts);
            complete = !value.empty();
            append_foreign(filled, value);
            sentence.remove_prefix(close + 1);
            constexpr std::string_view plural = " seconds";
            if (value == "1" && sentence.starts_with(plural))
            {
                filled += plural.substr(0, plural.size() - 1);
                sentence.remove_prefix(plural.size());
            }
        }
        if (complete)
            out += filled;
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

} // namespace detail

TIDINGS_DECL diagnostics::~diagnostics()
{
    auto const wipe = [](std::string& text) {
        text.resize(text.capacity());
        OPENSSL_cleanse(text.data(), text.size());
    };
    for (auto* const text : {&recipient, &detail, &platform_code, &platform_message, &log_id, &link, &refused_ip})
        wipe(*text);
    for (auto* const list : {&links, &scopes})
        for (auto& text : *list)
            wipe(text);
}

TIDINGS_COLD TIDINGS_DECL std::string failure::remedy(language lang) const
{
    if (code_.category() != category())
        return {};
    static diagnostics const none;
    auto const& facts = facts_ ? *facts_ : none;
    bool const speechless = *this == errc::message_invalid && facts.platform_message.empty();
    auto const& text = facts.remedy ? *facts.remedy
                       : speechless ? detail::correct_the_message
                                    : detail::remedy_of(static_cast<errc>(code_.value()));
    auto const in = [lang](remedy_text const& t) { return lang == language::chinese ? t.chinese : t.english; };
    auto out = detail::render(in(text), facts);
    if (!facts.unused_proxy.empty())
    {
        out += lang == language::chinese ? "" : " ";
        out += detail::render(in(detail::use_the_proxy), facts);
    }
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string failure::message() const
{
    std::string out;
    auto const add = [&out](std::string_view before, std::string_view text) {
        if (text.empty())
            return;
        out += before;
        detail::append_foreign(out, text);
    };
    if (facts_)
    {
        add("", facts_->platform);
        add(out.empty() ? "" : ": ", facts_->operation);
    }
    add(out.empty() ? "" : ": ", code_.message());
    if (!facts_)
        return out;
    add(": ", facts_->detail);
    if (facts_->cause && facts_->cause != code_)
        add(" (", facts_->cause.message() + ")");
    add("; the platform says ", facts_->platform_code);
    add(facts_->platform_code.empty() ? "; the platform says \"" : " \"", facts_->platform_message);
    if (!facts_->platform_message.empty())
        out += '"';
    add("; log id ", facts_->log_id);
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::ostream& operator<<(std::ostream& out, failure const& f)
{
    auto const remedy = f.remedy();
    out << f.message();
    if (!remedy.empty())
        out << ". " << remedy;
    return out;
}

TIDINGS_COLD TIDINGS_DECL error::error(failure f) : system_error(f.code(), f.message()), why_(std::move(f)) {}

TIDINGS_COLD TIDINGS_DECL void throw_exception_from_error(failure const& f, boost::source_location const& where)
{
    boost::throw_exception(error(f), where);
}

} // namespace tidings::inline v0

#endif
