// Reads the frame that every answer of WeCom has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_ANSWER_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_ANSWER_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/wecom/answer.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

namespace detail {

TIDINGS_COLD TIDINGS_DECL std::string_view own_page(std::string_view address) noexcept
{
    for (std::string_view const site : {"https://open.work.weixin.qq.com/", "https://developer.work.weixin.qq.com/"})
        if (address.starts_with(site))
            return tidings::detail::link_of(address);
    return {};
}

} // namespace detail

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

TIDINGS_COLD TIDINGS_DECL failure explain(call what, std::string_view corp_id, wire::reply const& in)
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

} // namespace tidings::inline v0::providers::wecom

#endif
