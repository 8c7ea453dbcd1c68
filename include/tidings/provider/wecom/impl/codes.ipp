// The codes of WeCom: what each means and what to do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_CODES_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_CODES_IPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/provider/detail/codes.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/wire/reply.hpp>

#include <cstdint>
#include <string_view>

namespace tidings::inline v0::providers::wecom {

TIDINGS_COLD TIDINGS_DECL code_row classify(call what, std::int64_t code, std::string_view text,
                                            unsigned http_status) noexcept
{
    if (what == call::group || what == call::chat)
    {
        auto row = classify(call::send, code, text, http_status);
        if (what == call::group && (row.remedy == &remedies::range || row.remedy == &remedies::not_found))
            row.remedy = &remedies::group_range;
        else if (what == call::chat && row.remedy == &remedies::range)
            row.remedy = &remedies::root_range;
        return row;
    }
    constexpr int hour = 60 * 60;
    // A block lasts as long as the window of the limit that was hit.
    if (code == 45009 && what == call::token)
        return {code, errc::rate_limited, &remedies::blocked, hour};
    if (code == 45009 && what == call::look_up)
        return {code, errc::rate_limited, &remedies::misses, 24 * hour};
    if (code == 93000 && text.find("content exceed max length") != text.npos)
        return {code, errc::message_too_long};

    if (auto const* const row = tidings::detail::find_code(code_table, code))
        return *row;
    if (http_status == 429)
        return {code, errc::rate_limited, nullptr, 60};
    bool const taken_perhaps = wire::may_have_been_taken(http_status) || wire::is_gateway_code(code);
    return {code, taken_perhaps ? errc::server_error : errc::platform_error};
}

} // namespace tidings::inline v0::providers::wecom

#endif
