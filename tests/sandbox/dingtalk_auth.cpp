// DingTalk's tokens, and what stands before every call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "dingtalk_fixture.hpp"

namespace dingtalk_auth_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_dingtalk_auth)

std::string const by_mobile = "/topapi/v2/user/getbymobile";
std::string const bobs_number = R"({"mobile":"13011111111"})";
std::string const bad_token = "不合法的access_token";

BOOST_AUTO_TEST_CASE(both_token_calls_hand_out_the_same_token_while_it_is_valid)
{
    ding_talk t;
    auto const r = t.ask_token();
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.body == R"({"expireIn":7200,"accessToken":")" + t.token + "\"}");
    BOOST_TEST(t.token.size() == 32u);
    BOOST_TEST(r.headers.at("content-type") == "application/json;charset=utf-8");
    BOOST_TEST(r.headers.at("server") == "DingTalk/1.0.0");
    BOOST_TEST(r.headers.contains("x-acs-trace-id"));
    auto const old = t.ask_old_token();
    BOOST_TEST(old.body == R"({"errcode":0,"errmsg":"ok","access_token":")" + t.token + R"(","expires_in":7200})");
    BOOST_TEST(old.headers.at("content-type") == "application/json;charset=UTF-8");
}

BOOST_AUTO_TEST_CASE(asking_again_makes_a_token_live_longer_and_then_there_is_a_new_one)
{
    ding_talk t;
    auto const first = t.token;
    t.platform.advance(7199s);
    BOOST_TEST(t.fetch() == first);
    t.platform.advance(7199s);
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
    t.platform.advance(1s);
    BOOST_TEST(without_request_id(t.old(by_mobile, bobs_number)) == wrapped("40014", bad_token));
    check_modern(t.send({"bob"}), 400, "InvalidAuthentication");
    t.edit([](auto& w) { w.modes.expired_token_code = 42001; });
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "42001");
    t.token = t.fetch();
    BOOST_TEST(t.token != first);
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
}

BOOST_AUTO_TEST_CASE(revoked_tokens_are_unknown_and_only_those_of_that_app)
{
    ding_talk t;
    auto const old_token = t.token;
    t.platform.revoke_tokens(ding_elsewhere);
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
    t.platform.revoke_tokens(ding_app);
    check_modern(t.send({"bob"}), 400, "InvalidAuthentication");
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "40014");
    BOOST_TEST(t.fetch() != old_token);
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_told_in_three_ways)
{
    ding_talk t;
    auto const post = [&](std::string const& path, std::string const& body) {
        return t.wire.call("POST", path, body, as_json);
    };
    auto const refused = post("/v1.0/oauth2/accessToken", R"({"appKey":"dingtidings0718","appSecret":"no"})");
    check_modern(refused, 400, "invalidClientIdOrSecret");
    BOOST_TEST(at(refused, "/message") == "无效的clientId或者clientSecret");
    check_modern(post("/v1.0/oauth2/accessToken", R"({"appKey":"nobody","appSecret":"ding-secret-0718"})"), 400,
                 "invalidClientIdOrSecret");
    check_modern(post("/v1.0/oauth2/accessToken", R"({"appKey":"nobody"})"), 400, "MissingappSecret");

    BOOST_TEST(t.wire.call("GET", "/gettoken?appkey=dingtidings0718&appsecret=no").body ==
               R"({"errcode":40096,"errmsg":"不合法的appKey或appSecret"})");
    BOOST_TEST(t.wire.call("GET", "/gettoken", R"({"appkey":"x","appsecret":"y"})").body ==
               R"({"errcode":40035,"errmsg":"缺少参数 corpid or appkey"})");
    t.edit([](auto& w) { w.modes.wrong_secret_code = 40089; });
    BOOST_TEST(errcode(t.wire.call("GET", "/gettoken?appkey=dingtidings0718&appsecret=no")) == "40089");
}

BOOST_AUTO_TEST_CASE(the_call_that_names_the_organisation_gives_the_same_token)
{
    ding_talk t;
    auto const ask = [&](std::string const& corp, std::string const& id, std::string const& secret,
                         std::string const& type) {
        return t.wire.call("POST", "/v1.0/oauth2/" + corp + "/token",
                           text(json::object{{"client_id", id}, {"client_secret", secret}, {"grant_type", type}}),
                           as_json);
    };
    auto const corp = t.platform.world().dingtalk.corp_id;
    auto const good = "client_credentials";
    BOOST_TEST(ask(corp, ding_app, "ding-secret-0718", good).body ==
               R"({"access_token":")" + t.token + R"(","expires_in":7200})");
    check_modern(ask("dingmadeup", ding_app, "ding-secret-0718", good), 500, "unknownError");
    check_modern(ask(corp, ding_app, "wrong", good), 400, "invalid.client");
    check_modern(ask(corp, ding_app, "ding-secret-0718", "password"), 400, "unsupported.grant.type");
    check_modern(ask(corp, ding_stopped, "ding-secret-0e03", good), 401, "unauthorized.client");
    check_modern(t.wire.call("POST", "/v1.0/oauth2/" + corp + "/token", "{}", as_json), 400, "Missingclient_id");
}

BOOST_AUTO_TEST_CASE(a_stopped_app_gets_no_token_or_cannot_use_it)
{
    ding_talk t(ding_stopped);
    check_modern(t.ask_token(), 401, "unauthorized.client");
    BOOST_TEST(t.ask_old_token().body == R"({"errcode":50003,"errmsg":"应用已停用"})");
    t.edit([](auto& w) { w.modes.stopped_at_token = false; });
    t.token = t.fetch();
    BOOST_TEST(t.token.size() == 32u);
    check_modern(t.send({"bob"}), 401, "unauthorized.client");
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "50003");
}

BOOST_AUTO_TEST_CASE(the_new_api_wants_its_token_in_its_own_header)
{
    ding_talk t;
    auto const body = t.send_body({"bob"});
    auto const bare = t.wire.call("POST", batch_send + "?access_token=" + t.token, body, as_json);
    check_modern(bare, 400, "AuthenticationFailed.MissingParameter");
    BOOST_TEST(at(bare, "/message") == "缺少参数：x-acs-dingtalk-access-token");
    // The missing header wins over a body that is not even there.
    check_modern(t.wire.call("POST", batch_send, "", {{"Authorization", "Bearer " + t.token}}), 400,
                 "AuthenticationFailed.MissingParameter");
    auto const refused = t.wire.call("POST", batch_send, "", {{"x-acs-dingtalk-access-token", "made-up"}});
    check_modern(refused, 400, "InvalidAuthentication");
    BOOST_TEST(at(refused, "/message") == bad_token);
}

BOOST_AUTO_TEST_CASE(the_old_api_wants_its_token_in_the_query_or_in_a_form)
{
    ding_talk t;
    auto const token_in_header =
        t.wire.call("POST", by_mobile, bobs_number,
                    {{"Content-Type", "application/json"}, {"x-acs-dingtalk-access-token", t.token}});
    BOOST_TEST(token_in_header.status == 200u);
    BOOST_TEST(without_request_id(token_in_header) == wrapped("40000", "access_token is blank"));
    auto const in_json =
        t.wire.call("POST", by_mobile, R"({"mobile":"13011111111","access_token":")" + t.token + "\"}", as_json);
    BOOST_TEST(at(in_json, "/sub_code") == "40000");
    auto const in_form = t.wire.call("POST", by_mobile, "mobile=13011111111&access_token=" + t.token, as_form);
    BOOST_TEST(at(in_form, "/result/userid") == "bob");
    BOOST_TEST(t.wire.call("GET", "/auth/scopes?access_token=made-up").body ==
               R"({"errcode":40014,"errmsg":"不合法的access_token"})");
    BOOST_TEST(errcode(t.wire.call("GET", "/auth/scopes")) == "41001");
}

BOOST_AUTO_TEST_CASE(unknown_addresses_and_wrong_verbs_have_bodies_of_their_own)
{
    ding_talk t;
    auto const get = [&](std::string const& target) { return t.wire.call("GET", target); };
    auto const unknown = t.wire.call("POST", "/topapi/v2/user/notexist", "{}", as_json);
    BOOST_TEST(unknown.status == 200u);
    BOOST_TEST(without_request_id(unknown) ==
               R"({"errcode":22,"sub_msg":"不合法ApiName，ApiName = dingtalk.oapi.v2.user.notexist",)"
               R"("errmsg":"Invalid method[submsg=不合法ApiName，ApiName = dingtalk.oapi.v2.user.notexist]"})");
    BOOST_TEST(get("/robot/oToMessages/batchSend").body == R"({"errcode":404,"errmsg":"请求的URI地址不存在"})");
    BOOST_TEST(get(by_mobile).body == R"({"errcode":43002,"errmsg":"需要POST请求"})");
    BOOST_TEST(t.wire.call("POST", "/gettoken", "{}").body == R"({"errcode":43001,"errmsg":"需要GET请求"})");
    check_modern(get("/v1.0/robot/nothing"), 404, "error.notFound");
    // The letter case of these two paths differs on the real platform, too.
    check_modern(t.modern("POST", "/v1.0/robot/otoMessages/batchSend", "{}"), 404, "error.notFound");
    check_modern(t.modern("POST", "/v1.0/robot/oToMessages/batchRecall", "{}"), 404, "error.notFound");
    check_modern(get("/v1.0/oauth2/a/b/token"), 404, "error.notFound");
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_named_with_a_link)
{
    ding_talk t(ding_no_scopes);
    auto const link = [](std::string const& scope) {
        return "应用尚未开通所需的权限：[" + scope +
               "]，点击链接申请并开通即可：https://open-dev.dingtalk.com/appscope/apply?content=dingtidings0e01%23" +
               scope;
    };
    auto const r = t.send({"bob"});
    check_modern(r, 403, "Forbidden.AccessDenied.AccessTokenPermissionDenied");
    BOOST_TEST(at(r, "/message") == link("qyapi_robot_sendmsg"));
    BOOST_TEST(at(r, "/accessdenieddetail") == R"({"requiredScopes":["qyapi_robot_sendmsg"]})");
    auto const scope = std::string("qyapi_get_member_by_mobile");
    BOOST_TEST(without_request_id(t.old(by_mobile, bobs_number)) ==
               wrapped("60011", link(scope) + ", {requiredScopes=[" + scope + "]}"));
    t.edit([](auto& w) {
        w.modes.new_scope_text = false;
        w.find_app(ding_no_scopes)->scopes.clear();
    });
    BOOST_TEST(at(t.send({"bob"}), "/message").starts_with("没有调用该接口的权限"));
    BOOST_TEST(errcode(t.wire.call("GET", "/auth/scopes?access_token=" + t.token)) == "60011");
}

BOOST_AUTO_TEST_CASE(every_call_asks_for_its_scope)
{
    ding_talk t(ding_no_scopes);
    for (auto const& [path, scope] : {std::pair<std::string, std::string>("user/get", "qyapi_get_member"),
                                      {"user/list", "qyapi_get_department_member"},
                                      {"department/listsub", "qyapi_get_department_list"},
                                      {"department/listsubid", "qyapi_get_department_list"}})
        BOOST_TEST(at(t.old("/topapi/v2/" + path, "{}"), "/sub_msg").find("[" + scope + "]") != std::string::npos,
                   path);
    BOOST_TEST(at(t.old("/topapi/user/getbyunionid", "{}"), "/sub_code") == "60011");
    for (auto const* path :
         {"/v1.0/contact/users/search", "/v1.0/robot/groupMessages/send", "/v1.0/robot/otoMessages/batchRecall"})
        BOOST_TEST(t.modern("POST", path, "{}").status == 403u, path);
    BOOST_TEST(t.modern("GET", "/v1.0/robot/oToMessages/readStatus").status == 403u);
    // Work notices need no grant.
    BOOST_TEST(errcode(t.old(work_calls + "asyncsend_v2", "{}")) == "40035");
}

BOOST_AUTO_TEST_CASE(a_scope_granted_later_works_when_the_token_is_fetched_again)
{
    auto const grant = [](sandbox::dingtalk_world& w) {
        w.find_app(ding_no_scopes)->scopes.push_back("qyapi_robot_sendmsg");
    };
    {
        ding_talk t(ding_no_scopes);
        t.edit(grant);
        BOOST_TEST(t.send({"bob"}).status == 403u);
        BOOST_TEST(t.fetch() == t.token);
        BOOST_TEST(t.send({"bob"}).status == 200u);
    }
    {
        ding_talk t(ding_no_scopes, ding_talk::with([](auto& w) { w.modes.grant_works = "at_once"; }));
        t.edit(grant);
        BOOST_TEST(t.send({"bob"}).status == 200u);
        t.edit([](auto& w) { w.find_app(ding_no_scopes)->scopes.clear(); });
        BOOST_TEST(t.send({"bob"}).status == 403u);
    }
    {
        ding_talk t(ding_no_scopes, ding_talk::with([](auto& w) { w.modes.grant_works = "at_expiry"; }));
        t.edit(grant);
        BOOST_TEST(t.fetch() == t.token);
        BOOST_TEST(t.send({"bob"}).status == 403u);
        t.platform.advance(2h);
        t.token = t.fetch();
        BOOST_TEST(t.send({"bob"}).status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_allowed_is_told_so_in_both_generations)
{
    ding_talk t(ding_elsewhere);
    auto const r = t.send({"bob"});
    check_modern(r, 403, "Forbidden.AccessDenied.IpNotInWhiteList");
    BOOST_TEST(at(r, "/message") == "访问ip不在白名单之中");
    auto const bare = R"({"errcode":60020,"errmsg":"访问ip不在白名单之中，请参考FAQ：)"
                      R"(https://open.dingtalk.com/document/org-faq/app-faq,request ip=127.0.0.1 )"
                      R"(appKey\u0028dingtidings0e04\u0029"})";
    BOOST_TEST(t.old(by_mobile, bobs_number).body == bare);
    BOOST_TEST(t.wire.call("GET", "/auth/scopes?access_token=" + t.token).body == bare);
    t.edit([](auto& w) { w.modes.wrapped_ip_refusal = true; });
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "60020");
    t.edit([](auto& w) { w.find_app(ding_elsewhere)->ip_allow_list = {"10.0.0.1", "127.0.0.0/8"}; });
    BOOST_TEST(t.send({"bob"}).status == 200u);
}

BOOST_AUTO_TEST_CASE(too_many_calls_are_refused_in_both_generations)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) {
                    w.limits.enabled = true;
                    w.limits.calls_per_second = 2;
                    w.limits.calls_per_minute = 3;
                }));
    auto const text = "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了";
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
    BOOST_TEST(without_request_id(t.old(by_mobile, bobs_number)) == wrapped("90018", text));
    t.platform.advance(1s);
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "90006");
    // Each API has its own budget.
    t.send({"bob"});
    t.send({"bob"});
    auto const r = t.send({"bob"});
    check_modern(r, 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    BOOST_TEST(at(r, "/message") == text);
    BOOST_TEST(!r.headers.contains("retry-after"));
    t.platform.advance(1s);
    t.send({"bob"});
    check_modern(t.send({"bob"}), 403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi");
    // The token call itself is throttled.
    t.ask_token();
    t.ask_token();
    check_modern(t.ask_token(), 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    // Without the gateway's envelope.
    t.ask_old_token();
    t.ask_old_token();
    BOOST_TEST(errcode(t.ask_old_token()) == "90018");
}

BOOST_AUTO_TEST_CASE(the_limit_of_all_apps_together_has_codes_of_its_own)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) {
                    w.limits.enabled = true;
                    w.limits.calls_per_second_of_all = 1;
                }));
    t.send({"bob"});
    check_modern(t.send({"bob"}), 403, "Forbidden.AccessDenied.QpsLimitForApi");
    t.old(by_mobile, bobs_number);
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "90002");
}

BOOST_AUTO_TEST_CASE(an_address_that_calls_too_often_hears_nothing_sensible_for_five_minutes)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) {
                    w.limits.enabled = true;
                    w.limits.calls_per_address = 2;
                }));
    BOOST_TEST(t.send({"bob"}).status == 200u);
    auto const r = t.send({"bob"});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.body.starts_with(R"({"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":")"), r.body);
    t.platform.advance(299s);
    t.edit([](auto& w) { w.modes.ban_is_html = true; });
    BOOST_TEST(t.old(by_mobile, bobs_number).body.starts_with("<html>"));
    t.platform.advance(1s);
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
}

BOOST_AUTO_TEST_CASE(the_quota_counts_sends_and_not_lookups_and_ends_with_the_month)
{
    using namespace std::chrono;
    auto w = sandbox::world::standard();
    w.dingtalk.monthly_quota = 2;
    ding_talk t(ding_app, still().world(w).starts_at(sys_days(2026y / 11 / 30)));
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
    BOOST_TEST(t.send({"bob"}).status == 200u);
    // A call that was refused for what it said is charged.
    BOOST_TEST(t.send({"nobody"}).status == 400u);
    check_modern(t.send({"bob"}), 403, "Forbidden.AccessDenied.ApiCountLimitForOrg");
    BOOST_TEST(at(t.old(work_calls + "asyncsend_v2", "{}"), "/sub_code") == "90020");
    t.platform.advance(24h);
    t.token = t.fetch();
    BOOST_TEST(t.send({"bob"}).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_order_of_the_checks_is_the_worlds)
{
    ding_talk t(ding_elsewhere);
    t.edit([](auto& w) { w.find_app(ding_elsewhere)->scopes.clear(); });
    BOOST_TEST(at(t.send({"bob"}), "/code") == "Forbidden.AccessDenied.IpNotInWhiteList");
    t.edit([](auto& w) { w.modes.check_order = {"scope", "ip", "app", "rate", "quota"}; });
    BOOST_TEST(at(t.send({"bob"}), "/code") == "Forbidden.AccessDenied.AccessTokenPermissionDenied");
}

BOOST_AUTO_TEST_CASE(a_scripted_throttle_speaks_the_language_of_the_address)
{
    ding_talk t;
    t.platform.add_fault(fault(fault_kind::throttle).times(0));
    check_modern(t.send({"bob"}), 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "90018");
    BOOST_TEST(errcode(t.wire.call("GET", "/auth/scopes")) == "90018");
    BOOST_TEST(errcode(t.wire.call("POST", "/robot/send?access_token=x", "{}")) == "660026");
    BOOST_TEST(t.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(a_scripted_refusal_has_the_form_of_the_address_and_of_who_refuses)
{
    ding_talk t;
    for (auto const* code : {"systemBusy", "system.error", "send.too.fast"})
        t.platform.add_fault(fault(fault_kind::refuse).path(batch_send).code(code));
    for (auto const* code : {"90002", "-1"})
        t.platform.add_fault(fault(fault_kind::refuse).path(by_mobile).code(code));
    check_modern(t.send({"bob"}), 429, "systemBusy");
    check_modern(t.send({"bob"}), 500, "system.error");
    check_modern(t.send({"bob"}), 400, "send.too.fast");
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/sub_code") == "90002"); // by the gateway
    BOOST_TEST(at(t.old(by_mobile, bobs_number), "/errcode") == "-1");     // by the call itself
    BOOST_TEST(t.platform.ledger().empty());
    BOOST_TEST(t.send({"bob"}).status == 200u);
    BOOST_TEST(errcode(t.old(by_mobile, bobs_number)) == "0");
}

BOOST_AUTO_TEST_CASE(a_big_answer_is_still_the_platforms)
{
    ding_talk t;
    t.platform.add_fault(fault(fault_kind::big_body).path(batch_send).size(1000));
    auto const r = t.send({"bob"});
    BOOST_TEST(at(r, "/padding").size() == 1000u);
    BOOST_TEST(at(r, "/processQueryKey") == t.platform.ledger().front().message_id);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_auth_test
