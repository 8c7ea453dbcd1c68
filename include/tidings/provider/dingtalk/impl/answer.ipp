// Reads the two frames that answers of DingTalk have.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_ANSWER_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_ANSWER_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/dingtalk/answer.hpp>
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

TIDINGS_DECL void answer::on_scalar(std::string_view path, wire::json_scalar const& value)
{
    if (!may_read(path))
        return;
    if (own_lengths.has(path))
        read(path, value);
    else
        store(path, value);
}

TIDINGS_DECL void answer::on_container(std::string_view path)
{
    if (path == "errcode")
        errcode_.mark_unclear();
    else if (path == "code")
        code_.mark_unclear();
}

TIDINGS_DECL std::string_view answer::code() const noexcept
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

TIDINGS_DECL BOOST_NOINLINE void answer::read(std::string_view path, wire::json_scalar const& value)
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

TIDINGS_DECL std::optional<std::string> answer::number_in(wire::json_scalar const& value)
{
    auto const number = value.integer();
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

TIDINGS_DECL std::optional<std::string> answer::code_in(wire::json_scalar const& value)
{
    auto const text = value.text();
    if (value.is_integer() || (!text.empty() && text.front() >= '0' && text.front() <= '9'))
        return number_in(value);
    return text.empty() ? std::nullopt : std::optional(std::string(text));
}

TIDINGS_COLD TIDINGS_DECL void refusal::read_other_message(std::string_view text)
{
    if (facts_.platform_message.empty())
        facts_.platform_message = text;
}

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

TIDINGS_COLD TIDINGS_DECL std::vector<std::string> scopes_in(std::string_view text)
{
    auto list = tidings::detail::span_of(text, "权限：[", "]");
    if (list.empty())
        list = tidings::detail::span_of(text, "requiredScopes=[", "]");
    auto out = tidings::detail::words_of(list);
    std::erase_if(out, [](std::string const& word) { return !tidings::detail::is_code(word); });
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string link_in(std::string_view text, std::string_view from)
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

TIDINGS_COLD TIDINGS_DECL bool is_ban_page(wire::reply const& in) noexcept
{
    constexpr std::string_view path = "/_____tmd_____/punish?x5secdata=";
    auto const first = in.body().find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return in.status() == 200 && first != std::string_view::npos && in.body()[first] == '<' &&
           in.body().find(path) != std::string_view::npos && !(in.filter() && in.filter()->was_sent(path));
}

} // namespace detail

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_COLD TIDINGS_DECL failure explain(std::string_view app_key, wire::reply const& in, about target)
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

TIDINGS_DECL result<void> read_old(answer& reader, std::string_view app_key, wire::reply const& in)
{
    if (wire::read_json(in.body(), reader) && reader.code() == "0")
        return {};
    return explain(app_key, in);
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
