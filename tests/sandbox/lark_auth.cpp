// Tokens, and the checks before parameters.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace auth_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_auth)

BOOST_AUTO_TEST_CASE(a_token_comes_at_the_top_level_with_its_seconds_to_live)
{
    client_session t;
    auto const r = t.ask_token(lark_app);
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.at("content-type") == "application/json; charset=utf-8");
    BOOST_TEST(r.body == R"({"code":0,"msg":"ok","tenant_access_token":")" + t.bearer + R"(","expire":7200})");
    BOOST_TEST(t.bearer.starts_with("t-"));
}

BOOST_AUTO_TEST_CASE(the_token_call_takes_a_trailing_slash_and_any_content_type)
{
    client_session t;
    std::string const body = R"({"app_secret":"lark-secret-0718", "app_id": "cli_a1b2c3d4e5f60718"})";
    BOOST_TEST(t.wire.call("POST", token_path + "/", body).code() == 0);
    for (auto const* type : {"application/json", "application/json; charset=utf-8"})
        BOOST_TEST(t.wire.call("POST", token_path, body, {{"Content-Type", type}}).code() == 0);
}

BOOST_AUTO_TEST_CASE(a_token_with_thirty_minutes_left_is_handed_out_again)
{
    client_session t;
    t.platform.advance(5400s);
    auto const r = t.ask_token(lark_app).object();
    BOOST_TEST(r.at("tenant_access_token").as_string() == t.bearer);
    BOOST_TEST(r.at("expire").as_int64() == 1800);
}

BOOST_AUTO_TEST_CASE(a_token_with_less_than_thirty_minutes_left_is_replaced_and_both_work)
{
    client_session t;
    auto const old = t.bearer;
    t.platform.advance(5401s);
    auto const r = t.ask_token(lark_app).object();
    auto const fresh = std::string(r.at("tenant_access_token").as_string());
    BOOST_TEST(fresh != old);
    BOOST_TEST(r.at("expire").as_int64() == 7200);
    for (auto const& token : {old, fresh})
    {
        t.bearer = token;
        BOOST_TEST(t.send("user_id", "ada").code() == 0);
    }
    t.platform.advance(1799s);
    t.bearer = old;
    BOOST_TEST(t.send("user_id", "ada").code() == 99991663);
    t.bearer = fresh;
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
}

BOOST_AUTO_TEST_CASE(revoked_tokens_are_refused_and_the_next_fetch_brings_another)
{
    client_session t;
    t.platform.revoke_tokens(lark_app);
    BOOST_TEST(t.send("user_id", "ada").code() == 99991663);
    auto const old = t.bearer;
    t.bearer = t.fetch(lark_app);
    BOOST_TEST(t.bearer != old);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
}

BOOST_AUTO_TEST_CASE(a_fixed_token_works_unfetched_and_is_what_a_fetch_brings)
{
    auto w = sandbox::world::standard();
    w.find_app(lark_app)->fixed_token = "t-fixture";
    client_session t(lark_app, still().world(w));
    BOOST_TEST(t.bearer == "t-fixture");
    t.platform.advance(100h);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    t.platform.revoke_tokens(lark_app);
    BOOST_TEST(t.send("user_id", "ada").code() == 99991663);
}

struct refused
{
    char const* body;
    char const* answer;
    friend std::ostream& operator<<(std::ostream& os, refused const& r) { return os << r.body; }
};

refused const refused_credentials[]{
    {"", R"({"code":10003,"data":{},"msg":"invalid param"})"},
    {"{]", R"({"code":10003,"data":{},"msg":"invalid param"})"},
    {R"({"app_id":"cli_a1b2c3d4e5f60718"})", R"({"code":10003,"data":{},"msg":"invalid param"})"},
    {R"({"app_id":"not an id","app_secret":"x"})", R"({"code":10003,"data":{},"msg":"invalid param"})"},
    {R"({"app_id":"cli_0000000000000000","app_secret":"x"})", R"({"code":10014,"msg":"app id not exists"})"},
    {R"({"app_id":"cli_b1b2c3d4e5f60718","app_secret":"feishu-secret-0718"})",
     R"({"code":10014,"msg":"app id not exists"})"},
    {R"({"app_id":"cli_a1b2c3d4e5f60718","app_secret":"wrong"})", R"({"code":10014,"msg":"app secret invalid"})"},
    {R"({"app_id":"cli_a1b2c3d4e5f60e03","app_secret":"lark-secret-0e03"})",
     R"({"code":99991662,"msg":"app not in use"})"},
};

BOOST_DATA_TEST_CASE(bad_credentials_are_refused_with_http_200, refused_credentials)
{
    client_session t;
    auto const r = t.wire.call("POST", token_path, sample.body);
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.body == sample.answer);
}

BOOST_AUTO_TEST_CASE(credentials_may_come_as_a_form)
{
    headers const form{{"Content-Type", "application/x-www-form-urlencoded"}};
    for (auto const& [app, secret] : {std::pair(lark_app, "lark-secret-0718"), {feishu_app, "feishu-secret-0718"}})
    {
        client_session t(app);
        auto const ask = [&](std::string const& body, headers const& h) {
            return t.wire.call("POST", token_path + "/", body, h);
        };
        auto const r = ask("app_id=" + app + "&app_secret=" + secret, form);
        BOOST_TEST(r.status == 200u);
        BOOST_TEST(r.object().at("tenant_access_token").as_string() == t.bearer);
        BOOST_TEST(ask("app_secret=lark%2Dsecret%2d0718&x&app_id=" + app, form).code() ==
                   (app == lark_app ? 0 : 10014));
        BOOST_TEST(ask("app_id=" + app, form).code() == 10003);
        BOOST_TEST(ask("app_id=" + app + "&app_secret=" + secret, {}).code() == 10003);
        // As curl -d sends JSON.
        BOOST_TEST(ask(text(json::object{{"app_id", app}, {"app_secret", secret}}), form).code() == 0);
    }
}

BOOST_AUTO_TEST_CASE(the_credential_codes_can_be_switched)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) {
        w.modes.wrong_secret_code = 10015;
        w.modes.disabled_app_code = 10014;
        w.modes.cross_brand_apps = true;
    });
    BOOST_TEST(t.wire.call("POST", token_path, refused_credentials[6].body).body ==
               R"({"code":10015,"msg":"wrong app secret"})");
    BOOST_TEST(t.wire.call("POST", token_path, refused_credentials[7].body).body ==
               R"({"code":10014,"msg":"app unauthorized"})");
    BOOST_TEST(t.wire.call("POST", token_path, refused_credentials[5].body).code() == 0);
}

struct bad_token
{
    char const* header;
    int code;
    char const* msg;
    friend std::ostream& operator<<(std::ostream& os, bad_token const& b) { return os << b.header; }
};

bad_token const bad_tokens[]{
    {"", 99991661, "Missing access token for authorization. Please make a request with token attached."},
    {"Basic abc", 99991661, "Missing access token for authorization. Please make a request with token attached."},
    {"Bearer t-nobody", 99991663, "Invalid access token for authorization. Please make a request with token attached."},
    {"Bearer a-nobody", 99991664, "invalid app token"},
    {"Bearer u-nobody", 99991668, "Invalid access token for authorization. Please make a request with token attached."},
    {"Bearer eyJhbGciOi", 99991668,
     "Invalid access token for authorization. Please make a request with token attached."},
    {"Bearer nobody", 99991671, "Invalid token: must start with t-/u-"},
};

BOOST_DATA_TEST_CASE(a_bad_token_is_refused_before_the_parameters_are_looked_at, bad_tokens)
{
    client_session t;
    headers h;
    if (*sample.header)
        h["Authorization"] = sample.header;
    auto r = t.wire.call("POST", "/open-apis/im/v1/messages", "{]", h);
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.code() == sample.code);
    BOOST_TEST(r.msg() == sample.msg);
    t.platform.edit([](sandbox::world& w) { w.modes.bad_token_status = 200; });
    r = t.wire.call("POST", "/open-apis/im/v1/messages", "{]", h);
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.code() == sample.code);
}

BOOST_AUTO_TEST_CASE(the_log_id_of_the_header_is_the_one_in_the_error)
{
    client_session t;
    auto const r = t.send("user_id", "nobody");
    auto const log_id = r.headers.at("x-tt-logid");
    auto const error = r.object().at("error").as_object();
    BOOST_TEST(log_id.size() == 34u);
    BOOST_TEST(error.at("log_id").as_string() == log_id);
    auto const help = std::string(error.at("troubleshooter").as_string());
    auto const expected =
        "Troubleshooting suggestions: https://open.larksuite.com/search?from=openapi&log_id=" + log_id +
        "&code=99992360&method_id=";
    BOOST_TEST(help.substr(0, expected.size()) == expected);
    BOOST_TEST(help.size() == expected.size() + 19);
    BOOST_TEST(t.send("user_id", "nobody").headers.at("x-tt-logid") != log_id);
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_explained_with_a_link_on_lark)
{
    client_session t(no_scopes_app);
    auto const r = t.call("POST", "/open-apis/contact/v3/users/batch_get_id", "{}");
    BOOST_TEST(r.status == 400u);
    auto o = r.object();
    BOOST_TEST(o.at("code").as_int64() == 99991672);
    BOOST_TEST(o.at("msg").as_string() ==
               "Access denied. One of the following scopes is required: [contact:user.id:readonly]");
    auto& error = o.at("error").as_object();
    BOOST_TEST(text(error.at("permission_violations")) ==
               R"([{"type":"action_scope_required","subject":"contact:user.id:readonly"}])");
    BOOST_TEST(text(error.at("helps")) ==
               R"([{"url":"https://open.larksuite.com/app/cli_a1b2c3d4e5f60e01/auth?q=contact:user.id:readonly)"
               R"(&op_from=openapi&token_type=tenant","description":)"
               R"("Learn more about scopes and how to add them: [contact:user.id:readonly]"}])");
}

BOOST_AUTO_TEST_CASE(a_missing_scope_has_a_chinese_tail_on_feishu)
{
    client_session t(feishu_app);
    t.platform.edit([](sandbox::world& w) { w.find_app(feishu_app)->scopes.clear(); });
    auto const r = t.send("email", "ada@example.com");
    BOOST_TEST(r.msg() ==
               "Access denied. One of the following scopes is required: [im:message, im:message:send_as_bot, "
               "im:message:send] 应用尚未开通所需的应用身份权限：[im:message, im:message:send_as_bot, "
               "im:message:send]，点击链接申请并开通任一权限即可：https://open.feishu.cn/app/"
               "cli_b1b2c3d4e5f60718/auth?q=im:message,im:message:send_as_bot,im:message:send"
               "&op_from=openapi&token_type=tenant");
    auto const error = r.object().at("error").as_object();
    BOOST_TEST(std::string(error.at("message").as_string())
                   .starts_with("Refer to the documentation to fix the error: https://open.feishu.cn/document/"));
    BOOST_TEST(std::string(error.at("troubleshooter").as_string())
                   .starts_with("排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/"));
}

BOOST_AUTO_TEST_CASE(app_state_address_and_quota_are_checked_in_that_order)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) {
        auto& a = *w.find_app(lark_app);
        a.enabled = a.installed = false;
        a.ip_allow_list = {"203.0.113.9"};
        a.monthly_quota = 0;
        a.scopes.clear();
    });
    auto const fix = [&](auto const& change) {
        t.platform.edit([&](sandbox::world& w) { change(*w.find_app(lark_app)); });
    };
    BOOST_TEST(t.send("email", "ada@example.com").msg() == "app not in use");
    fix([](sandbox::app& a) { a.enabled = true; });
    BOOST_TEST(t.send("email", "ada@example.com").code() == 99991673);
    fix([](sandbox::app& a) { a.installed = true; });
    BOOST_TEST(t.send("email", "ada@example.com").msg() == "ip 127.0.0.1 is denied by app setting");
    fix([](sandbox::app& a) { a.ip_allow_list.clear(); });
    auto const r = t.send("email", "ada@example.com");
    BOOST_TEST(r.status == 429u);
    BOOST_TEST(r.body == R"({"code":99991403,"msg":"This month's API call quota has been exceeded"})");
    t.platform.edit([](sandbox::world& w) { w.modes.check_order = {"scope", "quota", "rate", "ip", "app"}; });
    BOOST_TEST(t.send("email", "ada@example.com").code() == 99991672);
}

BOOST_AUTO_TEST_CASE(the_quota_counts_messages_and_not_lookups_and_starts_again_each_month)
{
    auto w = sandbox::world::standard();
    w.find_app(lark_app)->monthly_quota = 2;
    using namespace std::chrono;
    client_session t(lark_app, still().world(w).starts_at(sys_days(2026y / January / 31) + 23h));
    t.call("POST", "/open-apis/contact/v3/users/batch_get_id", "{}");
    BOOST_TEST(t.send("user_id", "nobody").code() == 99992360); // 400: not counted
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    BOOST_TEST(t.send("user_id", "ada").code() == 99991403);
    t.platform.advance(1h);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
}

BOOST_AUTO_TEST_CASE(the_fifty_first_call_of_a_second_is_limited_until_the_second_has_passed)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.limits.enabled = true; });
    auto const call = [&] { return t.call("POST", "/open-apis/contact/v3/users/batch_get_id", "{}"); };
    for (int i = 0; i < 50; ++i)
        BOOST_TEST_REQUIRE(call().code() == 0);
    auto const r = call();
    BOOST_TEST(r.status == 429u);
    BOOST_TEST(r.body == R"({"code":99991400,"msg":"request trigger frequency limit"})");
    BOOST_TEST(r.headers.at("x-ogw-ratelimit-limit") == "50");
    BOOST_TEST(r.headers.at("x-ogw-ratelimit-reset") == "1");
    BOOST_TEST(t.send("user_id", "ada").code() == 0); // another API
    t.platform.advance(1s);
    BOOST_TEST(call().code() == 0);
    BOOST_TEST(call().headers.count("x-ogw-ratelimit-limit") == 0u);
    t.platform.edit([](sandbox::world& w) { w.modes.rate_limit_headers_always = true; });
    BOOST_TEST(call().headers.count("x-ogw-ratelimit-limit") == 1u);
}

BOOST_AUTO_TEST_CASE(the_thousand_and_first_call_of_a_minute_is_limited_until_the_minute_has_passed)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.limits.enabled = true; });
    auto const call = [&] { return t.call("POST", "/open-apis/contact/v3/users/batch_get_id", "{}"); };
    for (int i = 0; i < 1000; ++i)
    {
        if (i % 50 == 0)
            t.platform.advance(1s);
        BOOST_TEST_REQUIRE(call().code() == 0);
    }
    t.platform.advance(1s);
    auto const r = call();
    BOOST_TEST(r.headers.at("x-ogw-ratelimit-limit") == "1000");
    BOOST_TEST(r.headers.at("x-ogw-ratelimit-reset") == "40");
    t.platform.edit([](sandbox::world& w) { w.modes.rate_limit_status = 400; });
    BOOST_TEST(call().status == 400u);
    t.platform.advance(40s);
    BOOST_TEST(call().code() == 0);
}

BOOST_AUTO_TEST_CASE(what_the_platform_does_not_have_is_404_in_plain_text)
{
    client_session t;
    for (auto const& [method, target] : {std::pair("GET", "/"),
                                         {"GET", "/open-apis/nothing"},
                                         {"GET", "/open-apis/auth/v3/tenant_access_token/internal"},
                                         {"POST", "/open-apis/im/v1/messages/om_x/nothing"}})
    {
        auto const r = t.call(method, target, "");
        BOOST_TEST(r.status == 404u);
        BOOST_TEST(r.headers.at("content-type") == "text/plain");
        BOOST_TEST(r.body == "404 page not found");
        BOOST_TEST(r.headers.at("x-tt-logid").size() == 34u);
    }
}

BOOST_AUTO_TEST_CASE(charset_and_ampersands_can_be_switched)
{
    client_session t(no_scopes_app);
    t.platform.edit([](sandbox::world& w) {
        w.modes.charset = false;
        w.modes.escape_ampersand = true;
    });
    auto const r = t.send("email", "ada@example.com");
    BOOST_TEST(r.headers.at("content-type") == "application/json");
    BOOST_TEST(r.body.find('&') == std::string::npos);
    BOOST_TEST(r.body.find("\\u0026token_type=tenant") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace auth_test
