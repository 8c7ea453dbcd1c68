// The codes of DingTalk: what each means and what to do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_CODES_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_CODES_IPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/provider/detail/codes.hpp>
#include <tidings/provider/dingtalk/codes.hpp>
#include <tidings/wire/reply.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_COLD TIDINGS_DECL code_row classify(std::string_view code, unsigned http_status) noexcept
{
    auto const* const row =
        std::find_if(code_table.begin(), code_table.end(), [code](code_row const& r) { return r.code == code; });
    if (row != code_table.end())
        return *row;
    auto const has = [code](std::string_view part) { return code.find(part) != code.npos; };
    // A gateway's code may be like one of these, and it may have passed the request on.
    std::int64_t number = 0;
    auto const* const end = code.data() + code.size();
    bool const is_number = std::from_chars(code.data(), end, number).ptr == end;
    if (wire::may_have_been_taken(http_status) || (is_number && wire::is_gateway_code(number)))
        return {code, errc::server_error};
    // In this order: throttling calls itself forbidden, too.
    if (has("Limit") || http_status == 429)
        return {code, errc::rate_limited, nullptr, 1};
    if (has("Forbidden") || http_status == 403)
        return {code, errc::permission_missing, &remedies::scope};
    if (code.starts_with("contain."))
        return {code, errc::message_invalid, &remedies::content};
    if (code.starts_with("miss.param.") || code.starts_with("invalidParameter.msg"))
        return {code, errc::message_invalid};
    if (code.starts_with("900") && code.size() == 5)
        return {code, errc::rate_limited, nullptr, 60};
    if (code.starts_with("Missing") || code.starts_with("Invalid") || code.starts_with("invalidParameter."))
        return {code, errc::invalid_argument};
    if (http_status == 401)
        return {code, errc::token_rejected};
    if (http_status == 404)
        return {code, errc::protocol_error};
    if (has("system.error") || has("unknownError") || has("system.busy"))
        return {code, errc::server_error};
    return {code, errc::platform_error};
}

TIDINGS_COLD TIDINGS_DECL code_row classify_for_group(std::string_view code, unsigned http_status) noexcept
{
    auto const is_one_of = [code](auto... words) { return ((code == words) || ...); };
    // The text of this one says that the robot does not exist, and the documentation that it may not be in the group.
    if (code == "invalidParameter.robotCode.notExsit")
        return {code, errc::recipient_unreachable, &remedies::not_in_group};
    if (is_one_of("send.forbidden", "bot.forbidden.sendMessage"))
        return {code, errc::recipient_unreachable, &remedies::group_rules};
    if (is_one_of("resource.not.found", "group.disbanded", "invalid.openConversationId", "miss.openConversationId",
                  "openConversationId.notExisted") ||
        code.starts_with("invalidParameter.openConversationId"))
        return {code, errc::recipient_not_found, &remedies::no_such_group};
    return classify(code, http_status);
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
