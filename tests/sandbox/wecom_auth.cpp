// WeCom's envelope, tokens, and the checks before parameters.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <regex>

namespace wecom_auth_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_auth)

BOOST_AUTO_TEST_CASE(a_token_comes_with_its_seconds_to_live)
{
    wecom_talk t;
    auto const r = t.ask(good_secret);
    check_frame(r);
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok","access_token":")" + t.token + R"(","expires_in":7200})");
    BOOST_TEST(r.headers.at("x-w-no") == "4");
    BOOST_TEST(t.token.size() == 214u);
}

BOOST_AUTO_TEST_CASE(the_same_token_comes_again_until_it_expires)
{
    wecom_talk t;
    t.platform.advance(7199s);
    auto const again = t.ask(good_secret).object();
    BOOST_TEST(again.at("access_token").as_string() == t.token);
    BOOST_TEST(again.at("expires_in").as_int64() == 1);
    BOOST_TEST(errcode(t.send("ada")) == 0);
    t.platform.advance(1s);
    auto const r = t.send("ada");
    BOOST_TEST(errcode(r) == 42001);
    BOOST_TEST(errmsg(r) == "access_token expired");
    auto const fresh = t.fetch(good_secret);
    BOOST_TEST(fresh != t.token);
    t.token = fresh;
    BOOST_TEST(errcode(t.send("ada")) == 0);
}

BOOST_AUTO_TEST_CASE(a_token_can_be_fetched_by_post_with_a_json_body)
{
    wecom_talk t;
    auto const post = [&](std::string const& target, std::string const& body) {
        return t.wire.call("POST", "/cgi-bin/gettoken" + target, body, {{"Content-Type", "application/json"}});
    };
    auto const good = R"({"corpid":"wwtidings00000718","corpsecret":"wecom-secret-0718"})";
    BOOST_TEST(member(post("", good), "access_token") == t.token);
    BOOST_TEST(member(post("?corpid=" + corp + "&corpsecret=" + good_secret, ""), "access_token") == t.token);
    BOOST_TEST(errcode(post("", R"({"corpid":"wwtidings00000718","corpsecret":"wrong"})")) == 40001);
    BOOST_TEST(errcode(post("", R"({"corpsecret":"wecom-secret-0718"})")) == 41002);
    BOOST_TEST(errcode(post("", R"({"corpid":1,"corpsecret":2})")) == 41004);
    BOOST_TEST(errcode(post("", "{")) == 41004);
    BOOST_TEST(errcode(post("?corpid=" + corp + "&corpsecret=wrong", good)) == 40001);
}

BOOST_AUTO_TEST_CASE(every_fetch_can_bring_a_new_token)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.modes.same_token = false; });
    auto const second = t.fetch(good_secret);
    BOOST_TEST(second != t.token);
    BOOST_TEST(errcode(t.send("ada")) == 0);
    t.token = second;
    BOOST_TEST(errcode(t.send("ada")) == 0);
}

BOOST_AUTO_TEST_CASE(every_app_has_a_token_of_its_own)
{
    wecom_talk t;
    BOOST_TEST(t.fetch(bob_only_secret) != t.token);
}

struct token_refusal
{
    char const* query;
    int code;
    char const* text;
    friend std::ostream& operator<<(std::ostream& os, token_refusal const& r) { return os << r.query; }
};

token_refusal const token_refusals[]{
    {"", 41004, "corpsecret missing"},
    {"?corpid=wwtidings00000718", 41004, "corpsecret missing"},
    {"?corpsecret=wecom-secret-0718", 41002, "corpid missing"},
    {"?corpid=ww0&corpsecret=wecom-secret-0718", 40013, "invalid corpid"},
    {"?corpid=wwtidings00000718&corpsecret=wrong", 40001, "invalid credential"},
    {"?corpid=wwtidings00000718&corpsecret=wecom-secret-0e03", 40001, "invalid credential"},
};

BOOST_DATA_TEST_CASE(a_token_is_refused_with_the_documented_words, token_refusals)
{
    wecom_talk t;
    auto const r = t.wire.call("GET", std::string("/cgi-bin/gettoken") + sample.query);
    check_frame(r);
    BOOST_TEST(errcode(r) == sample.code);
    std::regex const shape(std::string(sample.text) +
                           R"(, hint: \[\d{10}_51_[0-9a-f]{32}\], from ip: 127\.0\.0\.1, more info at )"
                           R"(https://open\.work\.weixin\.qq\.com/devtool/query\?e=)" +
                           std::to_string(sample.code));
    BOOST_TEST(std::regex_match(member(r, "errmsg"), shape), member(r, "errmsg"));
    BOOST_TEST(member(r, "access_token") == "absent");
}

BOOST_AUTO_TEST_CASE(too_many_wrong_secrets_close_the_token_call_for_an_hour)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.limits.wrong_secrets_per_hour = 3; });
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(errcode(t.ask("wrong")) == 40001);
    auto const r = t.ask("wrong");
    BOOST_TEST(errcode(r) == 45009);
    BOOST_TEST(errmsg(r) == "api freq out of limit");
    BOOST_TEST(errcode(t.ask(good_secret)) == 45009);
    // The token that it has goes on working.
    BOOST_TEST(errcode(t.send("ada")) == 0);
    t.platform.advance(3599s);
    BOOST_TEST(errcode(t.ask(good_secret)) == 45009);
    t.platform.advance(1s);
    BOOST_TEST(errcode(t.ask(good_secret)) == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_corp_is_no_wrong_secret)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.limits.wrong_secrets_per_hour = 0; });
    BOOST_TEST(errcode(t.ask(good_secret, "ww0")) == 40013);
    BOOST_TEST(errcode(t.ask(good_secret)) == 0);
    BOOST_TEST(errcode(t.ask("wrong")) == 45009);
}

BOOST_AUTO_TEST_CASE(the_token_is_looked_for_in_the_query_only)
{
    wecom_talk t;
    auto const body = R"({"access_token":")" + t.token + R"("})";
    auto const r = t.wire.call("POST", send_path, body, {{"Authorization", "Bearer " + t.token}});
    check_frame(r);
    BOOST_TEST(errcode(r) == 41001);
    BOOST_TEST(errmsg(r) == "access_token missing");
    BOOST_TEST(member(r, "errmsg") != errmsg(r));
    BOOST_TEST(errcode(t.wire.call("POST", send_path + "?access_token=", body)) == 41001);
}

BOOST_AUTO_TEST_CASE(a_token_that_nobody_issued_is_refused_without_a_hint_and_with_empty_lists)
{
    wecom_talk t;
    t.token = "nobody";
    BOOST_TEST(t.send("ada").body == R"({"errcode":40014,"errmsg":"invalid access_token"})");
    BOOST_TEST(t.get("/cgi-bin/user/get", "&userid=ada").body ==
               R"({"errcode":40014,"errmsg":"invalid access_token","department":[],"order":[],"is_leader_in_dept":[],)"
               R"("direct_leader":[]})");
    BOOST_TEST(member(t.get("/cgi-bin/user/simplelist"), "userlist") == "[]");
    BOOST_TEST(member(t.get("/cgi-bin/department/simplelist"), "department_id") == "[]");
    BOOST_TEST(member(t.post("/cgi-bin/user/list_id", "{}"), "dept_user") == "[]");
}

BOOST_AUTO_TEST_CASE(a_revoked_token_is_invalid_and_the_next_one_is_another)
{
    wecom_talk t;
    auto const other = t.fetch(bob_only_secret);
    t.platform.revoke_tokens(corp + ":1000002");
    BOOST_TEST(errcode(t.send("ada")) == 40014);
    auto const fresh = t.fetch(good_secret);
    BOOST_TEST(fresh != t.token);
    t.token = other;
    BOOST_TEST(errcode(t.get("/cgi-bin/user/get", "&userid=bob")) == 0);
    t.platform.revoke_tokens(corp);
    for (auto const& token : {other, fresh})
    {
        t.token = token;
        BOOST_TEST(errcode(t.get("/cgi-bin/user/get", "&userid=bob")) == 40014);
    }
}

BOOST_AUTO_TEST_CASE(an_app_that_is_stopped_later_is_told_so)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].enabled = false; });
    BOOST_TEST(errcode(t.send("ada")) == 50003);
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].agent_id = 1000009; });
    BOOST_TEST(errcode(t.send("ada")) == 40014);
}

BOOST_AUTO_TEST_CASE(an_app_that_trusts_other_addresses_gets_a_token_and_nothing_more)
{
    wecom_talk t(untrusted_secret);
    BOOST_TEST(t.token.size() == 214u);
    auto const r = t.post(send_path, "{]");
    BOOST_TEST(errcode(r) == 60020);
    BOOST_TEST(errmsg(r) == "not allow to access from your ip");
    BOOST_TEST(member(r, "errmsg").find("from ip: 127.0.0.1, ") != std::string::npos);
    BOOST_TEST(errcode(t.get("/cgi-bin/user/get", "&userid=ada")) == 60020);
    t.with_world([](sandbox::wecom_world& w) { w.modes.send_checks_ip = false; });
    BOOST_TEST(errcode(t.post(send_path, "{]")) == 40058);
    BOOST_TEST(errcode(t.get("/cgi-bin/user/get", "&userid=ada")) == 60020);
    t.with_world([](sandbox::wecom_world& w) { w.apps[3].trusted_ips.emplace_back("127.0.0.1"); });
    BOOST_TEST(errcode(t.get("/cgi-bin/user/get", "&userid=ada")) == 0);
}

BOOST_AUTO_TEST_CASE(the_contact_synchronisation_may_not_send)
{
    wecom_talk t(sync_secret);
    for (auto const* path : {"/cgi-bin/message/send", "/cgi-bin/message/recall", "/cgi-bin/user/getuserid",
                             "/cgi-bin/user/get_userid_by_email", "/cgi-bin/message/update_template_card"})
    {
        auto const r = t.post(path, "{]");
        BOOST_TEST(errcode(r) == 48002, path);
        BOOST_TEST(errmsg(r) == "api forbidden");
    }
}

BOOST_AUTO_TEST_CASE(the_address_comes_before_the_kind_of_secret_unless_switched)
{
    wecom_talk t(sync_secret);
    t.with_world([](sandbox::wecom_world& w) { w.apps[4].trusted_ips = {"192.0.2.1"}; });
    BOOST_TEST(errcode(t.send("ada")) == 60020);
    t.with_world([](sandbox::wecom_world& w) { w.modes.kind_before_ip = true; });
    BOOST_TEST(errcode(t.send("ada")) == 48002);
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404_with_an_empty_body)
{
    wecom_talk t;
    for (auto const* path :
         {"/", "/cgi-bin/nothing?access_token=x", "/cgi-bin/message/send/", "/open-apis/im/v1/messages"})
    {
        auto const r = t.wire.call("POST", path, "{}");
        BOOST_TEST(r.status == 404u);
        BOOST_TEST(r.body.empty());
        BOOST_TEST(r.headers.count("error-code") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(get_will_not_do_where_a_body_is_needed)
{
    wecom_talk t;
    for (auto const* path : {"/cgi-bin/message/send", "/cgi-bin/message/recall", "/cgi-bin/user/getuserid"})
        BOOST_TEST(errcode(t.get(path)) == 40058, path);
}

BOOST_AUTO_TEST_CASE(no_content_type_is_asked_for)
{
    wecom_talk t;
    auto const body = wecom_talk::message("ada", "text", R"({"content":"hi"})");
    for (auto const* type : {"application/x-www-form-urlencoded", "text/plain", ""})
        BOOST_TEST(errcode(t.call("POST", send_path, {}, body, {{"Content-Type", type}})) == 0, type);
    BOOST_TEST(errcode(t.post(send_path, body)) == 0);
}

BOOST_AUTO_TEST_CASE(a_success_can_have_other_words)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.modes.success_text = "ok. Warning: wrong json format. "; });
    auto const r = t.wire.call("POST", send_path + "?access_token=" + t.token,
                               wecom_talk::message("ada", "text", R"({"content":"hi"})"));
    BOOST_TEST(errcode(r) == 0);
    BOOST_TEST(member(r, "errmsg") == "ok. Warning: wrong json format. ");
}

BOOST_AUTO_TEST_CASE(a_scripted_throttle_speaks_wecoms_words)
{
    wecom_talk t;
    t.platform.add_fault(fault(fault_kind::throttle).platform(sandbox::brand::wecom).path(send_path));
    auto const r = t.send("ada");
    BOOST_TEST(errcode(r) == 45009);
    BOOST_TEST(errmsg(r) == "api freq out of limit");
    BOOST_TEST(t.delivered() == 0u);
    BOOST_TEST(errcode(t.send("ada")) == 0);
}

BOOST_AUTO_TEST_CASE(a_scripted_refusal_looks_like_every_other)
{
    wecom_talk t;
    for (auto const* code : {"-1", "45033", "40014"})
        t.platform.add_fault(fault(fault_kind::refuse).path(send_path).code(code));
    auto r = t.send("ada"); // looks at the headers, too
    BOOST_TEST(errcode(r) == -1);
    BOOST_TEST(errmsg(r) == "system busy");
    r = t.send("ada");
    BOOST_TEST(errcode(r) == 45033);
    BOOST_TEST(member(r, "errmsg").find("api concurrent out of limit, hint: [") == 0u);
    BOOST_TEST(member(t.send("ada"), "errmsg") == "invalid access_token");
    BOOST_TEST(t.delivered() == 0u);
    BOOST_TEST(errcode(t.send("ada")) == 0);
}

BOOST_AUTO_TEST_CASE(the_first_app_is_the_good_one)
{
    wecom_talk t;
    auto const app = t.platform.wecom_app();
    BOOST_TEST(app.corp_id == corp);
    BOOST_TEST(app.secret == good_secret);
    BOOST_TEST(app.agent_id == 1000002);
    t.with_world([](sandbox::wecom_world& w) { w.apps.clear(); });
    BOOST_CHECK_THROW(t.platform.wecom_app(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_world_is_the_same_after_it_was_written_and_read)
{
    auto w = sandbox::world::standard();
    w.wecom.modes.duplicate_msgid = "absent";
    w.wecom.limits.organisation_size = 7;
    auto const text = to_json(w);
    auto const again = sandbox::world::from_json(text);
    BOOST_TEST(to_json(again) == text);
    BOOST_TEST(again.wecom.limits.wrong_lookups() == 1);
    BOOST_TEST(again.wecom.find_app(corp + ":1000003")->secret == bob_only_secret);
    BOOST_TEST((again.wecom.find_app(corp) == nullptr));
}

struct contradiction
{
    char const* what;
    void (*change)(sandbox::wecom_world&);
    friend std::ostream& operator<<(std::ostream& os, contradiction const& c) { return os << c.what; }
};

contradiction const contradictions[]{
    {"wecom.apps[0].corp_id: must be given", [](sandbox::wecom_world& w) { w.apps[0].corp_id.clear(); }},
    {"wecom.apps[0].secret: must be given", [](sandbox::wecom_world& w) { w.apps[0].secret.clear(); }},
    {"wecom.apps[1].secret: is there twice", [](sandbox::wecom_world& w) { w.apps[1].secret = w.apps[0].secret; }},
    {"wecom.apps[1].agent_id: is there twice", [](sandbox::wecom_world& w) { w.apps[1].agent_id = 1000002; }},
    {"wecom.apps[0].agent_id: expected 0 for",
     [](sandbox::wecom_world& w) { w.apps[0].agent_id = 0, w.apps.pop_back(); }},
    {"wecom.hooks[0].key: must be given", [](sandbox::wecom_world& w) { w.hooks[0].key.clear(); }},
    {"wecom.hooks[1].key: is there twice", [](sandbox::wecom_world& w) { w.hooks[1].key = w.hooks[0].key; }},
    {"wecom.modes.no_receiver_code: expected one of 82001, 81012",
     [](sandbox::wecom_world& w) { w.modes.no_receiver_code = 1; }},
    {"wecom.modes.duplicate_msgid: expected one of same, new, absent",
     [](sandbox::wecom_world& w) { w.modes.duplicate_msgid = "x"; }},
};

BOOST_DATA_TEST_CASE(a_world_that_contradicts_itself_is_refused_by_name, contradictions)
{
    wecom_talk t;
    BOOST_CHECK_EXCEPTION(t.with_world(sample.change), sandbox::world_error, [&](sandbox::world_error const& e) {
        BOOST_TEST(std::string(e.what()).starts_with(sample.what), e.what());
        return true;
    });
    BOOST_TEST(errcode(t.ask(good_secret)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_auth_test
