// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_ERRORS_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_ERRORS_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

struct error_text
{
    int code;
    char const* text;
};

// The document has no words for some of them; theirs are made up, as nobody should rely on words.
inline constexpr error_text error_texts[]{
    {-1, "system busy"},
    {40001, "invalid credential"},
    {40003, "invalid userid"},
    {40005, "invalid file type"},
    {40007, "invalid media_id"},
    {40008, "invalid message type"},
    {40013, "invalid corpid"},
    {40014, "invalid access_token"},
    {40031, "invalid user list"},
    {40032, "invalid user list size"},
    {40033, "invalid charset, request contains characters in the form \\uXXXX"},
    {40035, "invalid parameter"},
    {40056, "invalid agentid"},
    {40058, "invalid json. invalid Request Parameter"},
    {40063, "some parameters are empty"},
    {41001, "access_token missing"},
    {41002, "corpid missing"},
    {41004, "corpsecret missing"},
    {41009, "userid missing"},
    {42001, "access_token expired"},
    {42052, "msgid expired"},
    {44001, "empty media data"},
    {44004, "empty content"},
    {45001, "media size out of limit"},
    {45002, "content size out of limit"},
    {45007, "playtime out of limit"},
    {45008, "article number out of limit"},
    {45009, "api freq out of limit"},
    {45033, "api concurrent out of limit"},
    {45034, "url without scheme"},
    {46004, "user no exist"},
    {48002, "api forbidden"},
    {48006, "api forbidden, app unused for long"},
    {48009, "api forbidden from a new address"},
    {50002, "user out of range"},
    {50003, "app disabled"},
    {60011, "no privilege to access/modify contact/party/agent"},
    {60020, "not allow to access from your ip"},
    {60021, "user not in range"},
    {60103, "invalid mobile"},
    {60105, "invalid email"},
    {60111, "userid not found"},
    {81012, "user & party & tag all empty"},
    {81013, "user & party & tag all invalid"},
    {82001, "user & party & tag all empty"},
    {82002, "party list size out of limit"},
    {82003, "tag list size out of limit"},
    {82004, "content not allowed"},
    {86001, "chatid invalid"},
    {86003, "chatid not exist"},
    {86006, "chat member size out of limit"},
    {86008, "chat was created by another app"},
    {86201, "chatid missing"},
    {86204, "userlist missing"},
    {86205, "chatid too long"},
    {86207, "owner not in userlist"},
    {86215, "chatid existed"},
    {86216, "invalid chat member"},
    {93000, "invalid webhook url"},
    {93004, "robot disabled"},
    {93008, "robot not in group"},
    {301002, "not allow operate another agent with this accesstoken."},
};

TIDINGS_SANDBOX_DECL void refuse(int code)
{
    auto const* const at = std::find_if(std::begin(error_texts), std::end(error_texts),
                                        [&](error_text const& e) { return e.code == code; });
    refuse(code, at == std::end(error_texts) ? "error" : at->text);
}

TIDINGS_SANDBOX_DECL void refuse(int code, std::string text)
{
    // The one without a hint.
    throw refusal{code, std::move(text), code != 40014};
}

TIDINGS_SANDBOX_DECL void refuse_field(std::string_view field, std::string_view what)
{
    refuse(40058, std::string(field) + " " + std::string(what) + ". invalid Request Parameter");
}

// The words that a person can paste into the platform's page.
inline std::string hinted(state& s, std::string const& text, int code, std::string const& peer)
{
    auto const now = std::chrono::floor<seconds>(s.clock.now()).time_since_epoch().count();
    return text + ", hint: [" + std::to_string(now) + "_51_" + s.fresh_id("", 32) + "], from ip: " + peer +
           ", more info at https://open.work.weixin.qq.com/devtool/query?e=" + std::to_string(code);
}

// The headers say the same as the body.
inline response answered(json::object body)
{
    response out;
    out.content_type = "application/json; charset=UTF-8";
    out.headers = {{"Server", "nginx"},
                   {"Error-Code", compact(body.at("errcode"))},
                   {"Error-Msg", std::string(view(body.at("errmsg").get_string()))},
                   {"X-W-No", "4"}};
    out.body = compact(body);
    return out;
}

inline response failed(state& s, request const& req, refusal const& r, std::span<char const* const> lists)
{
    auto const text = r.hint ? hinted(s, r.text, r.code, req.peer) : r.text;
    json::object body{{"errcode", r.code}, {"errmsg", jview(text)}};
    for (auto const* name : lists)
        body[name] = json::array();
    for (auto const& [name, value] : r.more)
        body[name] = value;
    return answered(std::move(body));
}

TIDINGS_SANDBOX_DECL response throttled(state& s, request const& req)
{
    return failed(s, req, {45009, "api freq out of limit"}, {});
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
