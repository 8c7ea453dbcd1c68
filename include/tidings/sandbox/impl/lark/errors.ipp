// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_ERRORS_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_ERRORS_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

struct known_error
{
    int code;
    char const* text;
    unsigned status = 400;
    frame form = frame::full;
};

// Sorted by code. Texts are the platform's; those marked "ours" stand where the wire document quotes none.
inline constexpr known_error known_errors[]{
    {1663, "internal error", 500, frame::bare},
    // Token, batch
    {10003, "invalid param", 200, frame::empty_data},
    {10005, "app id unauthorized", 200, frame::bare},
    {10014, "app id not exists", 200, frame::bare},
    {10015, "wrong app secret", 200, frame::bare},
    {11203, "Send employee ids permission denied.", 200, frame::bare},
    {11204, "Send department list permission denied.", 200, frame::bare},
    {11205, "app do not have bot", 200, frame::bare},
    {11207, "App is not usage.", 200, frame::bare},
    {11210, "App usage info not exist.", 200, frame::bare},
    {11223, "Do not have im write permission.", 200, frame::bare},
    {11227, "Image key not exist.", 200, frame::bare},
    {11231, "Chat not found.", 200, frame::bare},
    // Webhook
    {11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]", 200, frame::empty_data},
    {11246, "Create message content fail, ext=%v", 200, frame::bare}, // ours, around the sub-code
    {11247, "Internal send message trigger rate limit.", 200, frame::bare},
    {18121, "create request is being processed"},
    {19001, "param invalid: incoming webhook access token invalid", 200, frame::empty_data},
    {19002, "params error, msg_type need", 200, frame::bare},
    {19021, "sign match fail or timestamp is not within one hour from current time", 200, frame::bare},
    {19022, "Ip Not Allowed", 200, frame::bare},
    {19024, "Key Words Not Found", 200, frame::bare},
    {19036, "request body too large", 200, frame::bare}, // ours
    // Contact
    {40001, "invalid parameter"},
    {40003, "internal error"},
    {40011, "page size is invalid"},  // ours
    {40012, "page token is invalid"}, // ours
    {41012, "user id invalid error"},
    {41050, "no user authority"},
    {212100, "app not install"},
    {9499, "Bad Request", 400, frame::empty_data},
    {230001, "Your request contains an invalid request parameter, ext=%v"},
    {230002, "The bot can not be outside the group."},
    {230006, "Bot ability is not activated."},
    {230009, "Message has expired when recall message."},
    {230011, "The message is recalled."},
    {230012, "Bot is NOT the sender of the message."},
    {230013, "Bot has NO availability to this user."},
    {230015, "P2P chat can NOT be shared."},
    {230017, "Bot is NOT the owner of the resource."},
    {230018, "These operations are NOT allowed at current group settings."},
    {230020, "This operation triggers the frequency limit."},
    {230025, "The length of the message content reaches its limit."},
    {230026, "No permission to recall this message."},
    {230029, "User has resigned."},
    {230030, "The message id is invalid, record not found."},
    {230031, "The card can no longer be updated."},                      // ours
    {230033, "The read state of the message can no longer be queried."}, // ours
    {230035, "Send Message Permission deny."},
    {230038, "Cross tenant p2p chat operate forbid."},
    {230049, "The message is being sent."},
    {230050, "The message is invisible to the operator."},
    {230053, "The user has stopped the bot from sending messages."},
    {230054, "This operation is not supported for this message type."},
    {230055, "The type of file upload does not match the type of message being sent."},
    {230071, "The operator is not the sender of the message."},      // ours
    {230072, "The message has been edited the maximum of times."},   // ours
    {230075, "The message has exceeded the time it can be edited."}, // ours
    {230099, "Failed to create card content, ext=%v"},
    {230110, "Action unavailable as the message has been deleted."},
    {232009, "Your request specifies a chat which has already been dissolved."},
    // Uploads
    {234001, "Invalid request param."},
    {234006, "The file size exceed the max value."},
    {234007, "App does not enable bot feature."},
    {234010, "File's size can't be 0."},
    {234011, "Can't regonnize the image format."},
    {234039, "Image resolution exceeds limit."},
    // Gateway
    {99991400, "request trigger frequency limit", 429, frame::bare},
    {99991401, "ip %v is denied by app setting"},
    {99991403, "This month's API call quota has been exceeded", 429, frame::bare},
    {99991661, "Missing access token for authorization. Please make a request with token attached."},
    {99991662, "app not in use"},
    {99991663, "Invalid access token for authorization. Please make a request with token attached."},
    {99991664, "invalid app token"},
    {99991668, "Invalid access token for authorization. Please make a request with token attached."},
    {99991671, "Invalid token: must start with t-/u-"},
    {99991672, "Access denied. One of the following scopes is required: [%v]"},
    {99991673, "unauthorized app"},
    {99992351, "not a valid open_id or not exists. Invalid ids: [%v]"},
    {99992354, "these ids not existed: [%v]"},
    {99992356, "these chat ids not existed: [%v]"}, // ours: "chat ids not existed"
    {99992360, "these ids not existed: [%v]"},
    {99992361, "open_id cross app"},
    {99992363, "these ids not existed: [%v]"},
    {99992364, "user id cross tenant", 400, frame::empty_data},
    {99992381, "union_id cross tenant"},
    {99992402, "field validation failed"},
};

TIDINGS_SANDBOX_DECL refusal refusal_of(int code, std::string_view value)
{
    auto const at = std::find_if(std::begin(known_errors), std::end(known_errors),
                                 [&](known_error const& e) { return e.code == code; });
    if (at == std::end(known_errors))
        throw std::logic_error("sandbox: no text for code " + std::to_string(code));
    refusal out{code, at->text, at->status, at->form, {}, {}};
    if (auto const hole = out.msg.find("%v"); hole != std::string::npos)
        out.msg.replace(hole, 2, value);
    return out;
}

TIDINGS_SANDBOX_DECL void refuse(int code, std::string_view value)
{
    throw refusal_of(code, value);
}

TIDINGS_SANDBOX_DECL void refuse_saying(int code, std::string_view text)
{
    auto r = refusal_of(code);
    r.msg = text;
    throw r;
}

TIDINGS_SANDBOX_DECL void refuse_parameter(std::string_view reason)
{
    refuse(230001, reason);
}

TIDINGS_SANDBOX_DECL void refuse_card(int sub_code, std::string_view text, std::string_view value)
{
    refuse(230099, "ErrCode: " + std::to_string(sub_code) + "; ErrMsg: " + std::string(text) +
                       "; ErrorValue: " + std::string(value));
}

TIDINGS_SANDBOX_DECL void refuse_fields(json::array violations)
{
    auto r = refusal_of(99992402);
    r.error["field_violations"] = std::move(violations);
    throw r;
}

TIDINGS_SANDBOX_DECL void refuse_field(std::string_view field, std::string_view description)
{
    refuse_fields({json::object{{"field", jview(field)}, {"description", jview(description)}}});
}

TIDINGS_SANDBOX_DECL void refuse_scope(call const& c, std::span<char const* const> scopes)
{
    std::string listed_scopes;
    std::string query;
    json::array violations;
    for (auto const* scope : scopes)
    {
        listed_scopes += (listed_scopes.empty() ? "" : ", ") + std::string(scope);
        query += (query.empty() ? "" : ",") + std::string(scope);
        violations.push_back({{"type", "action_scope_required"}, {"subject", scope}});
    }
    auto const platform = c.req.platform;
    auto const url = std::string(open_host(platform)) + "/app/" + c.caller->app_id + "/auth?q=" + query +
                     "&op_from=openapi&token_type=tenant";
    auto r = refusal_of(99991672, listed_scopes);
    if (platform == brand::feishu)
    {
        // "The app has not been granted any of these; follow the link and apply for any one of them."
        r.msg += " 应用尚未开通所需的应用身份权限：[" + listed_scopes + "]，点击链接申请并开通任一权限即可：" + url;
        r.error["message"] = "Refer to the documentation to fix the error: https://open.feishu.cn/document/"
                             "server-docs/api-call-guide/how-to-fix-the-99991672-error";
    }
    r.error["permission_violations"] = std::move(violations);
    r.error["helps"] = json::array{
        json::object{{"url", jview(url)},
                     {"description", jview("Learn more about scopes and how to add them: [" + listed_scopes + "]")}}};
    throw r;
}

TIDINGS_SANDBOX_DECL response throttled(int limit, int wait_seconds, unsigned status)
{
    response out;
    out.status = status;
    out.content_type = "application/json";
    if (wait_seconds >= 0)
        out.headers = {{"x-ogw-ratelimit-limit", std::to_string(limit)},
                       {"x-ogw-ratelimit-reset", std::to_string(wait_seconds)}};
    out.body = R"({"code":99991400,"msg":"request trigger frequency limit"})";
    return out;
}

TIDINGS_SANDBOX_DECL void refuse_rate(call const& c, int limit, milliseconds wait)
{
    auto const shown = throttled(limit, static_cast<int>(std::chrono::ceil<seconds>(wait).count()), 429);
    auto r = refusal_of(99991400);
    r.status = static_cast<unsigned>(c.world().modes.rate_limit_status);
    r.headers = shown.headers;
    throw r;
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
