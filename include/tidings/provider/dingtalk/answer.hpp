// Reads the two frames that answers of DingTalk have.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_ANSWER_HPP
#define TIDINGS_PROVIDER_DINGTALK_ANSWER_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/dingtalk/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/reply.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

/// Reads the code, in whichever generation it comes, and the members in the table of the call. Without a table, only the
/// code matters.
///
/// The old API says `errcode`, 88 with the reason in `sub_code`; the new one says `code`, and nothing when it succeeds.
class answer final : public wire::table_reader
{
public:
    explicit answer(wire::bound_table const& table = {}) noexcept : table_reader(table) { add(own_lengths); }

    void on_scalar(std::string_view path, wire::json_scalar const& value) override
    {
        if (!may_read(path))
            return;
        if (own_lengths.has(path))
            read(path, value);
        else
            store(path, value);
    }
    void on_container(std::string_view path) override
    {
        if (path == "errcode")
            errcode_.mark_unclear();
        else if (path == "code")
            code_.mark_unclear();
    }

    /// The effective code; empty when the answer has none, or none that is clear; "0" when the old API succeeded.
    std::string_view code() const noexcept
    {
        if (errcode_.unclear() || code_.unclear())
            return {};
        std::string_view const by_number = errcode_.value() ? *errcode_.value() : std::string_view();
        std::string_view const by_name = code_.value() ? *code_.value() : std::string_view();
        if (!by_name.empty() && by_name != "0")
            return by_name;
        // The gateway's codes; the reason is behind them.
        if ((by_number == "88" || by_number == "22") && !sub_code_.empty())
            return sub_code_;
        return by_number.empty() ? by_name : by_number;
    }
    /// Whether the answer has neither member.
    bool lacks_code() const noexcept { return errcode_.absent() && code_.absent(); }

private:
    static constexpr wire::path_lengths own_lengths{"code", "errcode", "sub_code", "subCode"};

    BOOST_NOINLINE void read(std::string_view path, wire::json_scalar const& value)
    {
        if (path == "errcode")
            errcode_.read(number_in(value));
        else if (path == "sub_code" || path == "subCode")
            sub_code_ = value.is_integer() ? std::to_string(value.number()) : std::string(value.text());
        else if (path == "code")
            code_.read(code_in(value));
        else
            store(path, value);
    }
    static std::optional<std::string> number_in(wire::json_scalar const& value)
    {
        auto const number = value.integer();
        return number ? std::optional(std::to_string(*number)) : std::nullopt;
    }
    // A name; where it begins like a number, all of it is one: "0 " is neither success nor a refusal.
    static std::optional<std::string> code_in(wire::json_scalar const& value)
    {
        auto const text = value.text();
        if (value.is_integer() || (!text.empty() && text.front() >= '0' && text.front() <= '9'))
            return number_in(value);
        return text.empty() ? std::nullopt : std::optional(std::string(text));
    }

    wire::deciding_member<std::string> errcode_;
    wire::deciding_member<std::string> code_;
    std::string sub_code_;
};

/// Collects what a refusal says, which is added to its facts.
class refusal
{
public:
    explicit refusal(diagnostics& facts) noexcept : facts_(facts) {}

    void read_message(std::string_view text) { facts_.platform_message = text; }
    void read_other_message(std::string_view text)
    {
        if (facts_.platform_message.empty())
            facts_.platform_message = text;
    }
    void read_log_id(std::string_view text) { facts_.log_id = text; }
    void read_scope(std::string_view text) { facts_.scopes.emplace_back(text); }
    void read_wait(wire::json_scalar const& value) { wait_ = value.count(); }
    void read_status(wire::json_scalar const& value) { is_1111_ = value.integer() == 1111; }
    void read_punish(std::string_view) noexcept { has_punish_ = true; }
    void read_source(std::string_view text) noexcept { is_x5_ = text == "x5"; }

    /// Whether it is what the gateway in front of the platform says when it has banned the address:
    /// `{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"…"}`.
    bool says_banned() const noexcept { return is_1111_ && (has_punish_ || is_x5_); }
    std::int64_t ban_minutes() const noexcept { return wait_; }

private:
    diagnostics& facts_;
    std::int64_t wait_ = 0;
    bool is_1111_ = false;
    bool has_punish_ = false;
    bool is_x5_ = false;
};

namespace detail {

/// The scopes that a text lists in brackets: `应用尚未开通所需的权限：[a, b]`. Other brackets may precede them.
inline std::vector<std::string> scopes_in(std::string_view text)
{
    auto list = tidings::detail::span_of(text, "权限：[", "]");
    if (list.empty())
        list = tidings::detail::span_of(text, "requiredScopes=[", "]");
    auto out = tidings::detail::words_of(list);
    std::erase_if(out, [](std::string const& word) { return !tidings::detail::is_code(word); });
    return out;
}

/// The first address of a page in `text` that starts with `from`.
inline std::string link_in(std::string_view text, std::string_view from)
{
    auto const at = text.find(from);
    if (at == text.npos)
        return {};
    auto const rest = text.substr(at);
    auto const end = std::find_if(rest.begin(), rest.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f || c == ',' || c == ']';
    });
    return std::string(tidings::detail::link_of({rest.begin(), end}));
}

/// Whether a page is that of the gateway which has banned the address: status 200, HTML, and a script that leads to
/// the gateway's own page. Not what merely speaks of it, nor what may only repeat the message.
inline bool is_ban_page(wire::reply const& in) noexcept
{
    constexpr std::string_view path = "/_____tmd_____/punish?x5secdata=";
    auto const first = in.body().find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return in.status() == 200 && first != std::string_view::npos && in.body()[first] == '<' &&
           in.body().find(path) != std::string_view::npos && !(in.filter() && in.filter()->was_sent(path));
}

} // namespace detail

/// Makes a failure of an answer that is no success.
inline failure explain(std::string_view app_key, wire::reply const& in, about target = about::people)
{
    static constexpr wire::member_table rows{
        wire::member<&refusal::read_message>("message"),
        wire::member<&refusal::read_message>("sub_msg"),
        wire::member<&refusal::read_message>("subMsg"),
        wire::member<&refusal::read_other_message>("errmsg"),
        wire::member<&refusal::read_log_id>("requestid"),
        wire::member<&refusal::read_log_id>("request_id"),
        wire::member<&refusal::read_scope>("accessdenieddetail/requiredScopes/*"),
        wire::member<&refusal::read_wait>("wait"),
        wire::member<&refusal::read_status>("status"),
        wire::member<&refusal::read_punish>("punish"),
        wire::member<&refusal::read_source>("source"),
    };
    auto facts = tidings::detail::new_facts();
    refusal reasons(*facts);
    answer response(rows.into(reasons));
    bool const is_json = wire::read_refusal(in, response);
    facts->http_status = in.status();
    facts->console = console;
    facts->app_id = app_key;
    if (facts->log_id.empty())
        facts->log_id = in.clean_header("x-acs-request-id");

    if (!is_json || response.code().empty() || response.code() == "0")
    {
        // Behind a status of 500 or more is a gateway that may have passed the request on.
        bool const banned = is_json && response.lacks_code() && reasons.says_banned() && in.status() < 500;
        if (banned || detail::is_ban_page(in))
        {
            constexpr std::int64_t usual = 5;
            constexpr std::int64_t max_length = 24 * 60;
            auto const minutes = reasons.ban_minutes() > 0 ? std::min(reasons.ban_minutes(), max_length) : usual;
            facts->wait = std::chrono::minutes(minutes);
            facts->detail = "the platform has banned the public address of this machine";
            facts->remedy = &remedies::ip_ban;
            return {errc::rate_limited, std::move(facts)};
        }
        return wire::foreign_answer(std::move(facts), in);
    }

    auto const row = target == about::group ? classify_for_group(response.code(), in.status())
                                            : classify(response.code(), in.status());
    facts->platform_code = response.code();
    facts->remedy = row.remedy;
    if (row.wait != 0)
        facts->wait = std::chrono::seconds(row.wait);
    if (row.remedy != &remedies::scope)
        facts->scopes.clear();
    else
    {
        std::erase_if(facts->scopes, [](std::string const& scope) { return !tidings::detail::is_code(scope); });
        if (facts->scopes.empty())
            facts->scopes = detail::scopes_in(facts->platform_message);
        facts->link = detail::link_in(facts->platform_message, "https://open-dev.dingtalk.com/");
        if (facts->link.empty() && !facts->scopes.empty())
            facts->link = "https://open-dev.dingtalk.com/appscope/apply?content=" + std::string(app_key) + "%23" +
                          facts->scopes.front();
    }
    if (row.kind == errc::ip_not_allowed)
        facts->refused_ip =
            tidings::detail::ip_address_in(tidings::detail::span_of(facts->platform_message, "request ip=", " ,"));
    return {row.kind, std::move(facts)};
}

/// Reads an answer: the reader's values when the platform says that it succeeded, otherwise why not.
///
/// The old API succeeds with errcode 0. The new one succeeds with a 200 that has no code and, unless the call says
/// otherwise, what the caller came for.
inline result<void> read_old(answer& reader, std::string_view app_key, wire::reply const& in)
{
    if (wire::read_json(in.body(), reader) && reader.code() == "0")
        return {};
    return explain(app_key, in);
}

/// @param complete  Tells whether the reader found what the answer must have.
/// @param target    What the call was about: some codes mean something else in a group.
template<class Complete>
result<void> read_new(answer& reader, std::string_view app_key, wire::reply const& in, Complete&& complete,
                      about target = about::people)
{
    if (wire::read_json(in.body(), reader) && (reader.lacks_code() || reader.code() == "0") && in.status() < 300 &&
        complete())
        return {};
    return explain(app_key, in, target);
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
