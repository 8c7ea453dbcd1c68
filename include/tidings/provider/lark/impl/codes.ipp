// The codes of Lark and Feishu: what each means and what to do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_CODES_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_CODES_IPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/provider/detail/codes.hpp>
#include <tidings/provider/lark/codes.hpp>
#include <tidings/wire/reply.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace tidings::inline v0::providers::lark {

TIDINGS_COLD TIDINGS_DECL std::int64_t number_behind(std::string_view text, std::string_view mark) noexcept
{
    auto const at = text.find(mark);
    if (at == text.npos)
        return 0;
    std::int64_t out = 0;
    auto const digits = text.substr(at + mark.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string_view card_fault(std::string_view platform_message) noexcept
{
    auto const code = number_behind(platform_message, "ErrCode: ");
    auto const* const row =
        std::find_if(card_table.begin(), card_table.end(), [code](card_row const& r) { return r.code == code; });
    return row == card_table.end() ? std::string_view{} : row->meaning;
}

TIDINGS_COLD TIDINGS_DECL code_row classify(call what, std::int64_t code, std::string_view text,
                                            unsigned http_status) noexcept
{
    if (what == call::chat)
    {
        auto row = classify(call::send, code, text, http_status);
        if (row.kind == errc::recipient_not_found)
            row.remedy = &remedies::no_such_chat;
        else if (row.remedy == &remedies::blocked)
            row.remedy = &remedies::chat_rules;
        return row;
    }
    // The token call's "invalid param" is about the App ID or the App Secret.
    if (what == call::token && code == 10003)
        return {code, errc::bad_credentials, &remedies::credentials};
    if (what == call::send && code == 230001 && text.find("invalid receive_id") != text.npos &&
        text.find("invalid receive_id_type") == text.npos)
        return {code, errc::recipient_not_found, &remedies::not_found};
    // "Create message content fail", and the content is not to blame.
    if (code == 11246 && text.find("Service Internal Error") != text.npos)
        return {code, errc::server_error};
    if (what == call::user && code == 40001)
        return {code, errc::recipient_not_found, &remedies::no_such_id};

    if (auto const* const row = tidings::detail::find_code(code_table, code))
        return *row;
    if (http_status == 429)
        return {code, errc::rate_limited};
    bool const taken_perhaps = wire::may_have_been_taken(http_status) || wire::is_gateway_code(code);
    return {code, taken_perhaps ? errc::server_error : errc::platform_error};
}

} // namespace tidings::inline v0::providers::lark

#endif
