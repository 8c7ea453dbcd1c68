// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_ERRORS_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_ERRORS_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

struct known_error
{
    std::string_view code;
    char const* text;
    unsigned status = 400;
};

// Texts are the platform's where the wire document quotes one.
inline constexpr known_error old_errors[]{
    {"-1", "系统繁忙"},
    {"404", "请求的URI地址不存在"},
    {"500", "系统错误"},
    {"33012", "无效的USERID"},
    {"34004", "不合法的消息类型"},
    {"34014", "消息内容不完整"},
    {"34016", "消息内容超过长度限制"},
    {"40000", "access_token is blank"},
    {"40014", "不合法的access_token"},
    {"40035", "缺少参数 %v"},
    {"40056", "不合法的agentId"},
    {"40089", "不合法的corpId或corpSecret"},
    {"40096", "不合法的appKey或appSecret"},
    {"40104", "无效的手机号"},
    {"41001", "缺少access_token参数"},
    {"41052", "不合法的task_id"},
    {"42001", "access_token超时"},
    {"43001", "需要GET请求"},
    {"43002", "需要POST请求"},
    {"43004", "无效的HTTP HEADER Content-Type"},
    {"50002", "请求的员工userid不在授权范围内"},
    {"50003", "应用已停用"},
    {"50004", "请求的部门id不在授权范围内"},
    {"52019", "无效的agentId"},
    {"60003", "部门不存在"},
    {"60019", "从部门查询人员失败"},
    {"60020", "访问ip不在白名单之中，请参考FAQ：https://open.dingtalk.com/document/org-faq/app-faq,request ip=%v"},
    {"60121", "找不到该用户"},
    {"90002", "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了"},
    {"90006", "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了"},
    {"90018", "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了"},
    {"90020", "您的企业当月的接口调用次数已用完"},
    {"130101", "send too fast, exceed 20 times per minute"},
    {"300001", "param error"},
    {"300005", "token is not exist"},
    {"310000", "%v"},
    {"400002", "无效的参数：%v"},
    {"400013", "群已被解散"},
    {"400101", "access_token不存在"},
    {"400102", "机器人已停用"},
    {"400105", "不支持的消息类型"},
    {"400106", "机器人不存在"},
    {"410100", "发送速度太快而限流"},
    {"430101", "含有不安全的外链"},
    {"430102", "含有不合适的文本"},
    {"430103", "含有不合适的图片"},
    {"430104", "含有不合适的内容"},
    {"660026", "sending too many messages per minute"},
};

inline constexpr known_error modern_errors[]{
    {"AuthenticationFailed.MissingParameter", "缺少参数：x-acs-dingtalk-access-token"},
    {"InvalidAuthentication", "不合法的access_token"},
    {"Missingbody", "body is mandatory for this action."},
    {"Invalidbody", "Specified parameter body is not valid. JSON parsing error"},
    {"Missing", "%v is mandatory for this action."},
    {"Forbidden.AccessDenied.IpNotInWhiteList", "访问ip不在白名单之中", 403},
    {"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了",
     403},
    {"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了",
     403},
    {"Forbidden.AccessDenied.QpsLimitForApi", "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了", 403},
    {"Forbidden.AccessDenied.ApiCountLimitForOrg", "您的企业当月的接口调用次数已用完", 403},
    {"error.notFound", "请求的URI地址不存在", 404},
    {"systemBusy", "请求太频繁", 429},
    {"system.error", "未知的系统错误", 500},
    {"unknownError", "未知错误", 500},
    {"invalidClientIdOrSecret", "无效的clientId或者clientSecret"},
    {"invalid.client", "无效的client_id或者client_secret"},
    {"unsupported.grant.type", "不支持的grant_type"},
    {"unauthorized.client", "应用未授权", 401},
    {"parameter.error", "参数错误"},
    {"invalidParameter.robotCode", "错误描述: robotCode 无效；解决方案:请确认 robotCode 是否正确；"},
    {"invalidParameter.robotCode.missing", "错误描述: 缺少 robotCode；解决方案:请传入 robotCode；"},
    {"invalidParameter.robotCode.empty", "错误描述: robotCode 为空；解决方案:请传入 robotCode；"},
    {"invalidParameter.robotCode.invalid", "错误描述: robotCode 无效；解决方案:请确认 robotCode 是否正确；"},
    {"invalidParameter.robotCode.notExsit", "错误描述: robot 不存在；解决方案:请确认 robotCode 是否正确；"},
    {"invalidParameter.robotCode.auth", "错误描述: robot 不属于该应用；解决方案:请确认 robotCode 是否正确；"},
    {"template.stopped", "错误描述: 机器人模板已停用；解决方案:请启用并发布机器人；"},
    {"template.not.existed", "错误描述: 机器人模板不存在；解决方案:请启用并发布机器人；"},
    {"chatbotId.notAllow.sendOTO", "错误描述: 不允许主动发单聊；解决方案:请检查机器人状态是否已启用；"},
    {"bot.stopped", "错误描述: 机器人已经停用；解决方案:请启用机器人；"},
    {"robot.oto.notExist", "错误描述: 单聊会话不存在；解决方案:请确认用户在应用的可见范围内；"},
    {"staffId.notExisted", "错误描述: 用户不存在；解决方案:请确认 userId 是否正确；"},
    {"invalidParameter.userIds.empty", "错误描述: userIds 为空；解决方案:请传入 userIds；"},
    {"invalidParameter.userId.empty", "错误描述: userId 为空；解决方案:请确认 userIds 是否正确；"},
    {"invalidParameter.userIds.overMax", "错误描述: userIds 超过 100 个；解决方案:请减少 userIds；"},
    {"batch.toolarge", "每批接受人数超20"},
    {"receivers.exceed", "错误描述: 接收者过多；解决方案:请减少接收者；"},
    {"invalidParameter.msgKey.empty", "错误描述: msgKey 为空；解决方案:请传入 msgKey；"},
    {"invalidParameter.msgKey.invalid", "错误描述: msgKey 无效；解决方案:请确认 msgKey 是否正确；"},
    {"invalidParameter.msgParam.invalid", "错误描述: msgParam 无效；解决方案:请传入 JSON 字符串；"},
    {"invalidParameter.msgParam.tooLong", "错误描述: msgParam 过长；解决方案:请缩短消息；"},
    {"invalidParameter.param.invalid", "错误描述: 参数无效；解决方案:请确认参数是否正确；"},
    {"miss.param.", "错误描述: 缺少参数 %v；解决方案:请传入该参数；"},
    {"contain.unsafe.url", "含有不安全的外链"},
    {"contain.notAllowed.text", "含有不合适的文本"},
    {"contain.notAllowed.picture", "含有不合适的图片"},
    {"contain.notAllowed.content", "含有不合适的内容"},
    {"send.too.fast", "错误描述: 发送过快；解决方案:请降低发送速度；"},
    {"keywords.not.match", "错误描述: 关键词不匹配；解决方案:请在消息中包含关键词；"},
    {"ip.not.match", "错误描述: ip 不匹配；解决方案:请检查机器人的 ip 设置；"},
    {"resource.not.found", "错误描述: robot 不存在；解决方案:请确认 robotCode 是否正确；"},
    {"invalid.openConversationId", "无效的openConversationId"},
    {"openConversationId.notExisted", "openConversationId不能和token同时为空"},
    {"group.disbanded", "群已解散"},
    {"send.forbidden", "机器人被禁言"},
    {"invalidParameter.cursor.invalid", "无效的nextToken"},
    {"invalidParameter.pageSize.invalid", "无效的maxResults"},
    {"invalidParameter.processQueryKey.missing", "错误描述: 缺少 processQueryKey；解决方案:请传入 processQueryKey；"},
    {"invalidParameter.processQueryKeys.overMax", "错误描述: processQueryKeys 超过 20 个；解决方案:请分批；"},
    {"invalid.processQueryKey", "错误描述: processQueryKey 无效；解决方案:请确认 processQueryKey 是否正确；"},
    {"processQueryKey.expireTime", "错误描述: processQueryKey 已过期；解决方案:请在24小时内查询；"},
    {"robot.processQueryKey.expired", "错误描述: processQueryKey 已过期；解决方案:请在24小时内撤回；"},
    {"not.allowed.robotCode", "错误描述: 消息不是该机器人发送的；解决方案:请确认 robotCode 是否正确；"},
    {"notRevoke.all.messages", "错误描述: 所有消息都没有撤回；解决方案:请确认 processQueryKeys 是否正确；"},
};

TIDINGS_SANDBOX_DECL style style_of(std::string_view path)
{
    return path.starts_with("/v1.0/") ? style::modern : path.starts_with("/topapi/") ? style::topapi : style::plain;
}

// The first entry whose code is the beginning of this one: some codes end in the name of what is missing.
inline refusal refusal_of(std::span<known_error const> table, std::string_view code, std::string_view value)
{
    refusal out{std::string(code), {}};
    auto at = std::find_if(table.begin(), table.end(), [&](known_error const& e) { return e.code == code; });
    if (at == table.end())
        at = std::find_if(table.begin(), table.end(), [&](known_error const& e) { return code.starts_with(e.code); });
    if (at == table.end())
        throw std::logic_error("sandbox: no text for code " + std::string(code));
    out.text = at->text;
    out.status = at->status;
    if (auto const hole = out.text.find("%v"); hole != std::string::npos)
        out.text.replace(hole, 2, value);
    return out;
}

inline refusal refusal_of(style form, std::string_view code, std::string_view value = {})
{
    if (form == style::modern)
        return refusal_of(modern_errors, code, value);
    auto out = refusal_of(old_errors, code, value);
    out.status = 200;
    return out;
}

TIDINGS_SANDBOX_DECL void refuse(call const& c, std::string_view code, std::string_view value)
{
    throw refusal_of(style_of(c.path), code, value);
}

TIDINGS_SANDBOX_DECL void refuse_at_gateway(call const& c, int code, std::string_view modern_code,
                                            std::string_view value)
{
    auto const form = style_of(c.path);
    auto r = form == style::modern ? refusal_of(form, modern_code) : refusal_of(form, std::to_string(code), value);
    r.gateway = true;
    throw r;
}

// Token, permission and rate are the gateway's business.
TIDINGS_SANDBOX_DECL void refuse_as_scripted(call const& c, std::string_view code)
{
    auto r = refusal_of(style_of(c.path), code);
    for (auto const gateways : {"40000", "40014", "41001", "42001", "50003", "60011", "60020", "900"})
        r.gateway = r.gateway || code.starts_with(gateways);
    throw r;
}
TIDINGS_SANDBOX_DECL void refuse_scope(call const& c, std::string_view scope)
{
    auto const name = std::string(scope);
    auto const apply =
        "应用尚未开通所需的权限：[" + name +
        "]，点击链接申请并开通即可：https://open-dev.dingtalk.com/appscope/apply?content=" + c.caller->app_key + "%23" +
        name;
    refusal r;
    r.gateway = true;
    if (style_of(c.path) != style::modern)
    {
        r.code = "60011";
        r.status = 200;
        r.text = apply + ", {requiredScopes=[" + name + "]}";
        throw r;
    }
    r.code = "Forbidden.AccessDenied.AccessTokenPermissionDenied";
    r.status = 403;
    r.text = c.world().modes.new_scope_text ? apply
                                            : "没有调用该接口的权限，接口权限申请参考："
                                              "https://open.dingtalk.com/document/orgapp-server/add-api-permission";
    r.more["accessdenieddetail"] = json::object{{"requiredScopes", json::array{jview(name)}}};
    throw r;
}

TIDINGS_SANDBOX_DECL std::string make_request_id(state& s, style form)
{
    if (form != style::modern)
        return s.fresh_id("", 13);
    auto id = s.fresh_id("", 32);
    for (auto& ch : id)
        ch = static_cast<char>(std::toupper(static_cast<unsigned char>(ch)));
    for (auto const at : {20, 16, 12, 8})
        id.insert(static_cast<std::size_t>(at), 1, '-');
    return id;
}

// The headers that were seen.
TIDINGS_SANDBOX_DECL void finish_response(response& out, style form, std::string const& request_id)
{
    auto const modern = form == style::modern;
    if (out.content_type.empty())
        out.content_type = modern ? "application/json;charset=utf-8" : "application/json;charset=UTF-8";
    if (modern)
        out.headers = {{"Server", "DingTalk/1.0.0"},
                       {"x-acs-request-id", request_id},
                       {"x-acs-trace-id", lower(request_id.substr(0, 8))}};
}
TIDINGS_SANDBOX_DECL response failure(state& s, style form, refusal const& r, std::string const& request_id)
{
    json::object body;
    auto const id = jview(request_id);
    if (form == style::modern)
    {
        body = {{"code", jview(r.code)}, {"requestid", id}, {"message", jview(r.text)}};
        for (auto const& [name, value] : r.more)
            body[name] = value;
    }
    else if (form == style::topapi && r.gateway && (r.code != "60020" || s.world.dingtalk.modes.wrapped_ip_refusal))
        body = {{"errcode", 88},
                {"sub_code", jview(r.code)},
                {"sub_msg", jview(r.text)},
                {"errmsg", jview("ding talk error[subcode=" + r.code + ",submsg=" + r.text + "]")},
                {"request_id", id}};
    else
    {
        body = {{"errcode", *to_number(r.code)}, {"errmsg", jview(r.text)}};
        if (form == style::topapi && !r.gateway)
            body["request_id"] = id;
    }
    response out;
    out.status = r.status;
    out.body = compact(body);
    // The only text whose parentheses arrive escaped.
    if (r.code == "60020")
        for (auto const& [plain, escaped] : {std::pair("(", "\\u0028"), std::pair(")", "\\u0029")})
            for (auto at = out.body.find(plain); at != std::string::npos; at = out.body.find(plain))
                out.body.replace(at, 1, escaped);
    finish_response(out, form, request_id);
    return out;
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
