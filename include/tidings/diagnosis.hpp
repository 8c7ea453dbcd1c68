// The result of checking whether messages to people would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIAGNOSIS_HPP
#define TIDINGS_DIAGNOSIS_HPP

#include <tidings/error.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

/// The result of one check.
enum class check_status
{
    pass,
    fail,
    unknown ///< The platform cannot tell, or an earlier check failed.
};

constexpr std::string_view to_string(check_status s) noexcept
{
    return s == check_status::pass ? "pass" : s == check_status::fail ? "fail" : "unknown";
}

/// The status for people.
constexpr std::string_view to_string(check_status s, language l) noexcept
{
    if (l != language::chinese)
        return to_string(s);
    return s == check_status::pass ? "通过" : s == check_status::fail ? "失败" : "未知";
}

/// The checks of a diagnosis.
namespace check {
inline constexpr std::string_view settings = "settings";       ///< The settings are valid.
inline constexpr std::string_view reachable = "reachable";     ///< The host accepts connections and answers.
inline constexpr std::string_view tls = "tls";                 ///< The host proves its identity.
inline constexpr std::string_view credentials = "credentials"; ///< The platform issues an access token.
inline constexpr std::string_view brand = "brand";             ///< The application belongs to this of Lark and Feishu.
inline constexpr std::string_view application = "application"; ///< It is installed, enabled and published.
inline constexpr std::string_view bot = "bot";                 ///< It has a bot.
inline constexpr std::string_view scopes = "scopes";           ///< It has the permissions that sending needs.
inline constexpr std::string_view range = "range";             ///< Whom it may see.
inline constexpr std::string_view availability = "availability"; ///< To whom it may write.
inline constexpr std::string_view trusted_ip = "trusted_ip";     ///< The platform accepts requests from this address.
inline constexpr std::string_view recipient = "recipient";       ///< The person is found. One check for each address.
inline constexpr std::string_view limits = "limits";             ///< Rate limits and quotas leave room.

/// All, in the order in which they are reported.
inline constexpr std::string_view all[] = {settings, reachable, tls,          credentials, brand,     application, bot,
                                           scopes,   range,     availability, trusted_ip,  recipient, limits};

/// The name of a check for people: its id in English, a word such as 权限 in Chinese.
///
/// @param id  One of `all`; any other is returned.
/// @param l   The language.
constexpr std::string_view title_of(std::string_view id, language l = language::english) noexcept
{
    // In the order of `all`.
    constexpr std::string_view chinese[] = {"设置",     "网络连接", "TLS 证书", "应用凭证",   "平台",
                                            "应用状态", "机器人",   "权限",     "通讯录范围", "可用范围",
                                            "可信 IP",  "收件人",   "限额"};
    static_assert(std::size(chinese) == std::size(all));
    for (std::size_t i = 0; l == language::chinese && i != std::size(all); ++i)
        if (all[i] == id)
            return chinese[i];
    return id;
}

/// The check that a failure is about; empty if it is about none of them.
constexpr std::string_view concerned_by(errc kind) noexcept
{
    switch (kind)
    {
    case errc::connect_failed:
    case errc::timed_out:
    case errc::proxy_refused:
    case errc::protocol_error:
    case errc::server_error: return reachable;
    case errc::tls_failed: return tls;
    case errc::bad_credentials:
    case errc::token_rejected: return credentials;
    case errc::app_not_published: return application;
    case errc::bot_disabled: return bot;
    case errc::permission_missing: return scopes;
    case errc::ip_not_allowed: return trusted_ip;
    case errc::rate_limited:
    case errc::quota_exhausted: return limits;
    case errc::recipient_not_found:
    case errc::recipient_unreachable:
    case errc::ambiguous_recipient:
    case errc::invalid_recipient: return recipient;
    case errc::invalid_argument: return settings;
    default: return {};
    }
}
} // namespace check

namespace detail {

/// What an error of this kind means, in Chinese.
constexpr std::string_view chinese_text_of(errc kind) noexcept
{
    switch (kind)
    {
    case errc::bad_credentials: return "平台不接受应用的 ID 或密钥";
    case errc::token_rejected: return "平台不接受访问令牌";
    case errc::permission_missing: return "应用缺少权限";
    case errc::app_not_published: return "应用未在该企业启用";
    case errc::bot_disabled: return "应用的机器人不可用";
    case errc::ip_not_allowed: return "平台拒绝本程序的出口地址";
    case errc::recipient_not_found: return "获取收件人的用户 ID 失败";
    case errc::recipient_unreachable: return "无法向收件人发送";
    case errc::ambiguous_recipient: return "有多人与该收件人匹配";
    case errc::message_invalid: return "消息无效";
    case errc::message_too_long: return "消息过长";
    case errc::rate_limited: return "平台限制了请求频率";
    case errc::quota_exhausted: return "额度已用完";
    case errc::server_error: return "平台发生故障";
    case errc::protocol_error: return "应答不符合平台的协议";
    case errc::platform_error: return "平台拒绝了请求";
    case errc::connect_failed: return "无法连接到平台";
    case errc::tls_failed: return "无法与平台建立可信的 TLS 连接";
    case errc::timed_out: return "已超过时限";
    case errc::cancelled: return "操作已取消";
    case errc::outcome_unknown: return "应答丢失，无法确定结果";
    case errc::queue_full: return "等待发送的消息过多";
    case errc::invalid_argument: return "参数或设置无效";
    case errc::proxy_refused: return "代理拒绝了连接";
    case errc::duplicate_message: return "此人已收到相同的消息";
    case errc::partly_delivered: return "消息只送达了一部分";
    case errc::invalid_recipient: return "收件人的地址无效";
    }
    return "发生错误";
}

} // namespace detail

/// What a check found, in both languages.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class finding_text
{
public:
    finding_text() = default;
    /// One text for both languages.
    finding_text(std::string text) : english_(text), chinese_(std::move(text)) {}
    finding_text(char const* text) : finding_text(std::string(text)) {}
    finding_text(std::string english, std::string chinese) noexcept
        : english_(std::move(english)), chinese_(std::move(chinese))
    {
    }
    finding_text(remedy_text const& text) : english_(text.english), chinese_(text.chinese) {}
    /// The failure's message, which is English; in Chinese behind what an error of its kind means.
    static finding_text of(failure const& why)
    {
        return {why.message(), std::string(detail::chinese_text_of(why.kind())) + "（" + why.message() + "）"};
    }

    bool empty() const noexcept { return english_.empty(); }
    std::string const& in(language l) const noexcept { return l == language::chinese ? chinese_ : english_; }

private:
    std::string english_;
    std::string chinese_;
};

/// One check and its result.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class check_result
{
public:
    /// @param id       One of `check::all`.
    /// @param status   The result.
    /// @param finding  What was found, or why it is unknown.
    explicit check_result(std::string_view id, check_status status, finding_text finding = finding_text()) noexcept
        : id_(id), status_(status), finding_(std::move(finding))
    {
    }

    /// A failed check.
    explicit check_result(std::string_view id, failure why) noexcept
        : id_(id), status_(check_status::fail), why_(std::move(why))
    {
    }

    std::string_view id() const noexcept { return id_; }
    check_status status() const noexcept { return status_; }
    /// The failure behind `check_status::fail`.
    failure const& why() const noexcept { return why_; }
    /// Of `check::recipient`: the address, which is personal data, and its kind ("email").
    std::string const& address() const noexcept { return address_; }
    std::string_view match() const noexcept { return match_; }

    /// The finding in one line, without secrets. The platform's words in it may repeat the address. In Chinese, the message of
    /// a failure is English, behind what an error of its kind means.
    std::string message(language l = language::english) const
    {
        return finding_.empty() && why_.code() ? finding_text::of(why_).in(l) : finding_.in(l);
    }
    /// What to do about it; empty if there is nothing to do.
    std::string remedy(language l = language::english) const
    {
        // Not every failure has a remedy of its own: the message of one about a setting says what is valid.
        static constexpr remedy_text correct_it{"Correct what the message names.", "请按消息的说明更正。"};
        if (why_.code())
        {
            auto own = why_.remedy(l);
            return !own.empty() ? own : std::string(l == language::chinese ? correct_it.chinese : correct_it.english);
        }
        return advice_ ? std::string(l == language::chinese ? advice_->chinese : advice_->english) : std::string();
    }
    /// The page on which an administrator can correct it; empty if there is none.
    std::string link() const
    {
        auto const* const facts = why_.facts();
        return !facts ? std::string() : facts->link.empty() ? facts->console : facts->link;
    }

    check_result& advice(remedy_text const& text) noexcept
    {
        advice_ = &text;
        return *this;
    }
    check_result& about(std::string address, std::string_view match) noexcept
    {
        address_ = std::move(address);
        match_ = match;
        return *this;
    }
    check_result& finding(finding_text text) noexcept
    {
        finding_ = std::move(text);
        return *this;
    }

private:
    std::string_view id_;
    check_status status_;
    finding_text finding_;
    failure why_;
    remedy_text const* advice_ = nullptr;
    std::string address_;
    std::string_view match_;
};

/// The checks of one application, in the order of `check::all`.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class diagnosis
{
public:
    std::vector<check_result> const& checks() const noexcept { return checks_; }

    /// Whether a check failed. An unknown one did not.
    bool any_failed() const noexcept
    {
        return std::any_of(checks_.begin(), checks_.end(),
                           [](check_result const& c) { return c.status() == check_status::fail; });
    }

    /// The first result of a check; null if there is none.
    check_result const* find(std::string_view id) const noexcept
    {
        auto const found =
            std::find_if(checks_.begin(), checks_.end(), [id](check_result const& c) { return c.id() == id; });
        return found == checks_.end() ? nullptr : &*found;
    }

    /// Adds a result. Of several for one check a failure counts before a pass, and a pass before an unknown; of two of
    /// the same kind the first. Each `check::recipient` is one of its own.
    void add(check_result result)
    {
        auto const same = std::find_if(checks_.begin(), checks_.end(), [&result](check_result const& c) {
            return c.id() == result.id() && c.id() != check::recipient;
        });
        auto const rank = [](check_status s) { return s == check_status::fail ? 2 : s == check_status::pass ? 1 : 0; };
        if (same != checks_.end())
        {
            if (rank(result.status()) > rank(same->status()))
                *same = std::move(result);
            return;
        }
        auto const position = [](std::string_view id) {
            return std::find(std::begin(check::all), std::end(check::all), id) - std::begin(check::all);
        };
        checks_.insert(std::upper_bound(checks_.begin(), checks_.end(), result,
                                        [&](check_result const& a, check_result const& b) {
                                            return position(a.id()) < position(b.id());
                                        }),
                       std::move(result));
    }

    void pass(std::string_view id, finding_text finding = finding_text())
    {
        add(check_result(id, check_status::pass, std::move(finding)));
    }
    void fail(std::string_view id, failure why) { add(check_result(id, std::move(why))); }
    void unknown(std::string_view id, finding_text finding)
    {
        add(check_result(id, check_status::unknown, std::move(finding)));
    }

private:
    std::vector<check_result> checks_;
};

} // namespace tidings::inline v0

#endif
