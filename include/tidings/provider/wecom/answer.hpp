// Reads the frame that every answer of WeCom has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_ANSWER_HPP
#define TIDINGS_PROVIDER_WECOM_ANSWER_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

/// Reads the code, and the members in the table of the call. Without a table, only the code matters.
class answer final : public wire::coded_answer
{
public:
    explicit answer(wire::bound_table const& table = {}) noexcept : coded_answer("errcode", table) {}
};

namespace detail {

/// An address out of the platform's words, if it is a page of the platform: the words may repeat the message.
inline std::string_view own_page(std::string_view address) noexcept
{
    for (std::string_view const site : {"https://open.work.weixin.qq.com/", "https://developer.work.weixin.qq.com/"})
        if (address.starts_with(site))
            return tidings::detail::link_of(address);
    return {};
}

} // namespace detail

/// Makes a failure of an answer that is no success.
inline failure explain(call what, std::string_view corp_id, wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&diagnostics::platform_message>("errmsg")};
    auto facts = tidings::detail::new_facts();
    answer response(rows.into(*facts));
    bool const is_json = wire::read_refusal(in, response);
    facts->http_status = in.status();
    facts->console = console;
    facts->app_id = corp_id;

    if (!is_json || !response.code())
        return wire::foreign_answer(std::move(facts), in);

    auto const row = classify(what, *response.code(), facts->platform_message, in.status());
    facts->platform_code = std::to_string(row.code);
    facts->remedy = row.remedy;
    if (row.wait != 0)
        facts->wait = std::chrono::seconds(row.wait);
    // The platform has no request id; the hint is what its query page and its support take.
    facts->log_id = tidings::detail::span_of(facts->platform_message, "hint: [", "]");
    if (row.kind == errc::ip_not_allowed)
        facts->refused_ip =
            tidings::detail::ip_address_in(tidings::detail::span_of(facts->platform_message, "from ip: ", " ,"));
    if (row.kind != errc::ip_not_allowed && row.kind != errc::token_rejected)
        if (auto const page = tidings::detail::span_of(facts->platform_message, "more info at ", " ,"); !page.empty())
            facts->link = detail::own_page(page);
    return {row.kind, std::move(facts)};
}

/// Reads an answer: the reader's values when the platform's code is 0, otherwise why not. A few calls leave the code
/// out when they succeed; `complete` tells whether the reader then found what the caller came for.
template<class Complete>
result<void> read(answer& reader, call what, std::string_view corp_id, wire::reply const& in, Complete&& complete)
{
    if (wire::read_json(in.body(), reader) && (reader.code() == 0 || (reader.lacks_code() && complete())))
        return {};
    return explain(what, corp_id, in);
}

} // namespace tidings::inline v0::providers::wecom

#endif
