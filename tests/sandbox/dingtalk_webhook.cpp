// DingTalk's group robots.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "dingtalk_fixture.hpp"

namespace dingtalk_webhook_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_dingtalk_webhook)

std::string const open_robot = std::string(63, '0') + "1";
std::string const signed_robot = std::string(63, '0') + "2";
std::string const keyword_robot = std::string(63, '0') + "3";
std::string const hello = R"({"msgtype":"text","text":{"content":"hello"}})";
std::string const ok = R"({"errcode":0,"errmsg":"ok"})";

reply post(ding_talk& t, std::string const& robot, std::string const& body = hello, std::string const& more = {},
           std::string const& type = "application/json; charset=utf-8")
{
    auto const r = t.wire.call("POST", "/robot/send?access_token=" + robot + more, body, {{"Content-Type", type}});
    BOOST_TEST(r.status == 200u);
    return r;
}

BOOST_AUTO_TEST_CASE(a_message_through_a_robot_is_in_the_groups_ledger)
{
    ding_talk t;
    auto const body = std::string(R"({"msgtype":"text","text":{"content":"hello @ada"},"at":{"atUserIds":["ada"]}})");
    BOOST_TEST(post(t, open_robot, body).body == ok);
    auto const m = t.platform.ledger().front();
    BOOST_TEST(m.provider == "dingtalk");
    BOOST_TEST(m.to == "cidtidings0718==");
    BOOST_TEST(m.receive_id_type == "hook");
    BOOST_TEST(m.receive_id == open_robot);
    BOOST_TEST(m.msg_type == "text");
    BOOST_TEST(m.content == body);
    BOOST_TEST(m.app_id.empty());
}

BOOST_AUTO_TEST_CASE(every_documented_body_is_accepted_and_others_are_not)
{
    ding_talk t;
    for (auto const* body :
         {R"({"msgtype":"link","link":{"title":"T","text":"x","messageUrl":"u"}})",
          R"({"msgtype":"markdown","markdown":{"title":"T","text":"x"}})",
          R"({"msgtype":"actionCard","actionCard":{"title":"T","text":"x","singleTitle":"s","singleURL":"u"}})",
          R"({"msgtype":"actionCard","actionCard":{"title":"T","text":"x","btnOrientation":1,
              "btns":[{"title":"b","actionURL":"u"}]}})",
          R"({"msgtype":"feedCard","feedCard":{"links":[{"title":"T","messageURL":"u","picURL":"p"}]}})"})
        BOOST_TEST(post(t, open_robot, body).body == ok, body);
    for (auto const& [body, code] :
         {std::pair<std::string, std::string>(R"({"msgtype":"image","image":{}})", "400105"),
          {R"({"text":{"content":"x"}})", "400105"},
          {"not json", "400105"},
          {R"({"msgtype":"text"})", "40035"},
          {R"({"msgtype":"text","text":{"content":""}})", "40035"},
          {R"({"msgtype":"link","link":{"title":"T","text":"x"}})", "40035"},
          {R"({"msgtype":"actionCard","actionCard":{"title":"T","text":"x"}})", "40035"},
          {R"({"msgtype":"actionCard","actionCard":{"title":"T","text":"x","btns":[{"title":"b"}]}})", "40035"},
          {R"({"msgtype":"feedCard","feedCard":{"links":[]}})", "40035"}})
        BOOST_TEST(errcode(post(t, open_robot, body)) == code, body);
    BOOST_TEST(t.platform.ledger().size() == 5u);
}

BOOST_AUTO_TEST_CASE(refusals_have_http_200_and_the_documented_bodies)
{
    ding_talk t;
    BOOST_TEST(post(t, "").body == R"({"errcode":40035,"errmsg":"缺少参数 access_token"})");
    BOOST_TEST(post(t, open_robot, "").body == R"({"errcode":40035,"errmsg":"缺少参数 json"})");
    BOOST_TEST(t.wire.call("GET", "/robot/send?access_token=" + open_robot).body ==
               R"({"errcode":43002,"errmsg":"需要POST请求"})");
    BOOST_TEST(post(t, "made-up").body == R"({"errcode":300005,"errmsg":"token is not exist"})");
    BOOST_TEST(post(t, open_robot, hello, "", "text/plain").body == R"({"errcode":300001,"errmsg":"param error"})");
    t.edit([](auto& w) {
        w.modes.hook_unknown_code = 400101;
        w.modes.hook_content_type_code = 43004;
    });
    BOOST_TEST(errcode(post(t, "made-up")) == "400101");
    BOOST_TEST(post(t, open_robot, hello, "", "text/plain").body ==
               R"({"errcode":43004,"errmsg":"无效的HTTP HEADER Content-Type"})");
    t.edit([](auto& w) { w.hooks[0].disabled = true; });
    BOOST_TEST(post(t, open_robot).body == R"({"errcode":400102,"errmsg":"机器人已停用"})");
    t.edit([](auto& w) { w.hooks[0].removed = true; });
    BOOST_TEST(post(t, open_robot).body == R"({"errcode":400106,"errmsg":"机器人不存在"})");
    t.edit([](auto& w) { w.hooks[0].dissolved = true; });
    BOOST_TEST(post(t, open_robot).body == R"({"errcode":400013,"errmsg":"群已被解散"})");
    BOOST_TEST(t.platform.ledger().empty());
}

// The vectors of the wire document.
BOOST_AUTO_TEST_CASE(a_signature_is_good_for_an_hour_and_after_one_decoding)
{
    using namespace std::chrono;
    struct vector
    {
        std::int64_t timestamp;
        char const* secret;
        char const* sign;
        char const* in_url;
    };
    for (auto const& v :
         {vector{1700000000000, "SECtest",
                 "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=", "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D"},
          vector{1577262236757, "this is secret",
                 "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=", "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"},
          vector{
              1583333333333, "SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
              "pPOmIu+3qZWOkHlsutDqmPiX+R5ZS/UewO38DrxiWtY=", "pPOmIu%2B3qZWOkHlsutDqmPiX%2BR5ZS%2FUewO38DrxiWtY%3D"}})
    {
        auto w = sandbox::world::standard();
        w.dingtalk.hooks[1].secret = v.secret;
        ding_talk t(ding_app, still().world(w).starts_at(sys_time<milliseconds>(milliseconds(v.timestamp))));
        auto const stamp = "&timestamp=" + std::to_string(v.timestamp);
        auto const refused = [&](std::string const& more) {
            auto const r = post(t, signed_robot, hello, more);
            BOOST_TEST(errcode(r) == "310000", more);
            return at(r, "/errmsg");
        };
        BOOST_TEST(post(t, signed_robot, hello, stamp + "&sign=" + v.in_url).body == ok);
        BOOST_TEST(refused(stamp + "&sign=" + percent_encoded(v.in_url)).find("签名不匹配") != std::string::npos);
        if (std::string(v.sign).find('+') != std::string::npos)
            BOOST_TEST(refused(stamp + "&sign=" + v.sign).find("签名不匹配") != std::string::npos);
        BOOST_TEST(refused(stamp).find("签名不匹配") != std::string::npos);
        BOOST_TEST(refused("").find("签名过期") != std::string::npos);
        t.platform.advance(1h);
        BOOST_TEST(post(t, signed_robot, hello, stamp + "&sign=" + v.in_url).body == ok);
        t.platform.advance(1ms);
        BOOST_TEST(refused(stamp + "&sign=" + v.in_url).find("签名过期") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(security_refusals_have_an_old_and_a_new_wording)
{
    ding_talk t;
    t.edit([](auto& w) { w.hooks[0].ip_allow_list = {"10.0.0.0/8", "192.168.1.1"}; });
    auto const message = [](reply const& r) {
        BOOST_TEST(errcode(r) == "310000");
        return at(r, "/errmsg");
    };
    BOOST_TEST(message(post(t, keyword_robot)) ==
               "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;"
               "link:请参考本接口对应文档获得具体要求，或者在https://open.dingtalk.com/document/  搜索相关文档;");
    BOOST_TEST(message(post(t, open_robot)).find("白名单") != std::string::npos);
    t.edit([](auto& w) { w.modes.new_hook_texts = false; });
    auto const more = std::string(", more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]");
    BOOST_TEST(message(post(t, keyword_robot)) == "keywords not in content" + more);
    BOOST_TEST(message(post(t, open_robot)) == "ip 127.0.0.1 not in whitelist" + more);
    BOOST_TEST(message(post(t, signed_robot)) == "invalid timestamp" + more);
    auto const now = std::chrono::floor<std::chrono::milliseconds>(t.platform.now()).time_since_epoch().count();
    BOOST_TEST(message(post(t, signed_robot, hello, "&sign=x&timestamp=" + std::to_string(now))) ==
               "sign not match" + more);
    BOOST_TEST(post(t, keyword_robot, R"({"msgtype":"text","text":{"content":"red alert"}})").body == ok);
}

BOOST_AUTO_TEST_CASE(a_message_with_the_same_uuid_is_there_once)
{
    ding_talk t;
    auto const body = std::string(R"({"msgtype":"text","text":{"content":"hello"},"msgUuid":"u-1"})");
    BOOST_TEST(post(t, open_robot, body).body == ok);
    BOOST_TEST(post(t, open_robot, body).body == ok);
    BOOST_TEST(t.platform.ledger().size() == 1u);
    BOOST_TEST(t.platform.ledger()[0].uuid == "u-1");
    // What was refused did not use it up; another robot has its own.
    auto const alert = std::string(R"({"msgtype":"text","text":{"content":"alert"},"msgUuid":"u-1"})");
    BOOST_TEST(errcode(post(t, keyword_robot, body)) == "310000");
    BOOST_TEST(post(t, keyword_robot, alert).body == ok);
    BOOST_TEST(t.platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(twenty_a_minute_and_then_silence_for_ten)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) { w.limits.enabled = true; }));
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(post(t, open_robot).body == ok);
    BOOST_TEST(post(t, open_robot).body == R"({"errcode":660026,"errmsg":"sending too many messages per minute"})");
    BOOST_TEST(post(t, keyword_robot, R"({"msgtype":"text","text":{"content":"alert"}})").body == ok);
    t.edit([](auto& w) { w.modes.hook_throttled_code = 130101; });
    t.platform.advance(599s);
    BOOST_TEST(post(t, open_robot).body ==
               R"({"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"})");
    t.edit([](auto& w) { w.modes.hook_throttled_code = 410100; });
    BOOST_TEST(post(t, open_robot).body == R"({"errcode":410100,"errmsg":"发送速度太快而限流"})");
    t.platform.advance(1s);
    BOOST_TEST(post(t, open_robot).body == ok);
}

BOOST_AUTO_TEST_CASE(an_admin_can_cap_a_robot_by_the_month)
{
    using namespace std::chrono;
    auto w = sandbox::world::standard();
    w.dingtalk.hooks[0].monthly_cap = 1;
    ding_talk t(ding_app, still().world(w).starts_at(sys_days(2026y / 9 / 30)));
    BOOST_TEST(post(t, open_robot).body == ok);
    BOOST_TEST(errcode(post(t, open_robot)) == "660026");
    t.platform.advance(24h);
    BOOST_TEST(post(t, open_robot).body == ok);
}

BOOST_AUTO_TEST_CASE(the_content_check_and_the_size_limit_refuse)
{
    ding_talk t;
    for (auto const& [kind, code] :
         {std::pair("url", "430101"), {"text", "430102"}, {"picture", "430103"}, {"content", "430104"}})
    {
        t.edit([&](auto& w) {
            w.censored.resize(1);
            w.censored[0].text = "hello";
            w.censored[0].kind = kind;
        });
        BOOST_TEST(errcode(post(t, open_robot)) == code);
    }
    auto const sized = [](std::size_t n) {
        return R"({"msgtype":"text","text":{"content":")" + std::string(n - 40, 'x') + "\"}}";
    };
    BOOST_TEST(sized(100).size() == 100u);
    BOOST_TEST(post(t, open_robot, sized(20000)).body == ok);
    BOOST_TEST(errcode(post(t, open_robot, sized(20001))) == "34016");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_webhook_test
