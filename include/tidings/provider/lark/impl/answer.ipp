// Reads the frame that every answer of Lark and Feishu has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_ANSWER_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_ANSWER_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/lark/answer.hpp>
#include <tidings/provider/lark/brand.hpp>
#include <tidings/provider/lark/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::lark {

TIDINGS_COLD TIDINGS_DECL void refusal::read_other_log_id(std::string_view text)
{
    if (facts_.log_id.empty())
        facts_.log_id = text;
}

TIDINGS_COLD TIDINGS_DECL void refusal::read_link(std::string_view text)
{
    if (facts_.link.empty())
        facts_.link = tidings::detail::link_of(text);
}

TIDINGS_COLD TIDINGS_DECL void refusal::read_violation(std::string_view text)
{
    violations_ += violations_.empty() ? "" : ", ";
    violations_ += text;
}

TIDINGS_COLD TIDINGS_DECL void keep_scopes(std::vector<std::string>& words)
{
    std::erase_if(words, [](std::string const& word) { return !tidings::detail::is_code(word, "_.-:"); });
}

TIDINGS_COLD TIDINGS_DECL std::vector<std::string> scopes_in(std::string_view text)
{
    auto const open = text.find('[');
    auto const close = text.find(']', open);
    if (open == text.npos || close == text.npos)
        return {};
    auto out = tidings::detail::words_of(text.substr(open + 1, close - open - 1));
    keep_scopes(out);
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string scope_link(brand const& region, std::string_view app_id,
                                                 std::vector<std::string> const& scopes)
{
    std::string out(region.console);
    out += '/';
    out += app_id;
    out += "/auth?q=";
    for (auto const& scope : scopes)
    {
        if (&scope != &scopes.front())
            out += ',';
        out += scope;
    }
    out += "&op_from=openapi&token_type=tenant";
    return out;
}

TIDINGS_COLD TIDINGS_DECL failure explain(call what, brand const& region, std::string_view app_id,
                                          wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&refusal::read_message>("msg"),
        wire::member<&refusal::read_log_id>("error/log_id"),
        wire::member<&refusal::read_other_log_id>("error/logid"),
        // Live answers say "subject", the documentation says "scope".
        wire::member<&refusal::read_scope>("error/permission_violations/*/subject"),
        wire::member<&refusal::read_scope>("error/permission_violations/*/scope"),
        wire::member<&refusal::read_link>("error/permission_violations/*/url"),
        wire::member<&refusal::read_link>("error/helps/*/url"),
        wire::member<&refusal::read_violation>("error/field_violations/*/field"),
        wire::member<&refusal::read_violation>("error/field_violations/*/description"),
    };
    auto facts = tidings::detail::new_facts();
    refusal reasons(*facts);
    answer response(rows.into(reasons));
    bool const is_json = wire::read_refusal(in, response);
    facts->http_status = in.status();
    facts->console = region.console;
    facts->app_id = app_id;
    // The header is what the platform's support asks for; the older names are fall-backs.
    for (auto const name : {"X-Tt-Logid", "X-Request-Id", "Request-Id"})
        if (facts->log_id.empty() || std::string_view(name) == "X-Tt-Logid")
            if (auto id = in.clean_header(name); !id.empty())
                facts->log_id = std::move(id);
    std::int64_t reset = 0;
    auto const seconds = in.header("x-ogw-ratelimit-reset");
    constexpr std::int64_t max_wait = 31 * 24 * 60 * 60;
    if (std::from_chars(seconds.data(), seconds.data() + seconds.size(), reset).ec == std::errc{} && reset >= 0)
        facts->wait = std::chrono::seconds(std::min(reset, max_wait));

    if (!is_json || !response.code())
        return wire::foreign_answer(std::move(facts), in);

    if (!reasons.violations().empty())
        facts->platform_message += " (" + reasons.violations() + ")";
    auto row = classify(what, *response.code(), facts->platform_message, in.status());
    // The gateway says it to those who send too often, too.
    auto const mentions = [&](std::string_view part) {
        return facts->platform_message.find(part) != std::string::npos;
    };
    if (row.code == 9499 && (mentions("too many request") || mentions("frequency")))
        row = {row.code, errc::rate_limited};
    facts->platform_code = std::to_string(row.code);
    facts->remedy = row.remedy;
    if (row.kind == errc::permission_missing)
    {
        keep_scopes(facts->scopes);
        if (facts->scopes.empty())
            facts->scopes =
                row.scopes.empty() ? scopes_in(facts->platform_message) : tidings::detail::words_of(row.scopes);
        if (facts->link.empty() && !facts->scopes.empty())
            facts->link = scope_link(region, app_id, facts->scopes);
    }
    else
        facts->link.clear(); // "helps" of other codes leads to general pages
    if (row.kind == errc::ip_not_allowed)
        facts->refused_ip =
            tidings::detail::ip_address_in(tidings::detail::span_of(facts->platform_message, "ip ", " "));
    if (auto const fault = card_fault(facts->platform_message); !fault.empty())
        facts->detail = fault;
    return {row.kind, std::move(facts)};
}

} // namespace tidings::inline v0::providers::lark

#endif
