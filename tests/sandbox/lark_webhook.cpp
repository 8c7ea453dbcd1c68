// Group webhooks.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

#include <tidings/sandbox/detail/digest.hpp>

namespace webhook_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_webhook)

std::string const open_hook = "/open-apis/bot/v2/hook/0a1b2c3d-0000-4000-8000-000000000001";
std::string const signed_hook = "/open-apis/bot/v2/hook/0a1b2c3d-0000-4000-8000-000000000002";
std::string const hello = R"({"msg_type":"text","content":{"text":"hello"}})";

// A hook wants no token.
reply post(client_session& t, std::string const& hook, std::string const& body)
{
    auto r = t.wire.call("POST", hook, body);
    BOOST_TEST(r.status == 200u);
    return r;
}

BOOST_AUTO_TEST_CASE(a_message_through_a_hook_is_in_the_groups_ledger)
{
    client_session t;
    BOOST_TEST(post(t, open_hook + "/", hello).body ==
               R"({"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"})");
    auto const m = t.platform.ledger().front();
    BOOST_TEST(m.to == "oc_5ad11d72b830411d72b836c20");
    BOOST_TEST(m.receive_id_type == "hook");
    BOOST_TEST(m.content == R"({"text":"hello"})");
    BOOST_TEST(m.app_id.empty());
}

BOOST_AUTO_TEST_CASE(every_documented_body_is_accepted)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.accept_any_resource = true; });
    for (auto const* body :
         {R"({"msg_type":"post","content":{"post":{"en_us":{"title":"T","content":[[{"tag":"text","text":"x"}]]}}}})",
          R"({"msg_type":"image","content":{"image_key":"img_v3_0"}})",
          R"({"msg_type":"share_chat","content":{"share_chat_id":"oc_5ad11d72b830411d72b836c20"}})",
          R"({"msg_type":"interactive","card":{"elements":[{"tag":"hr"}]}})",
          R"({"msg_type":"interactive","card":{"type":"template","data":{"template_id":"AAq1"}}})"})
        BOOST_TEST(post(t, open_hook, body).code() == 0, body);
    BOOST_TEST(
        post(t, "/open-apis/bot/hook/0a1b2c3d-0000-4000-8000-000000000001", R"({"title":"T","text":"x"})").code() == 0);
    BOOST_TEST(t.platform.ledger().back().content == R"({"title":"T","text":"x"})");
}

BOOST_AUTO_TEST_CASE(what_live_suites_of_other_clients_send_is_accepted)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.accept_any_resource = true; });
    auto const success = R"({"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"})";
    auto const as_text = [](std::string const& type, std::string const& content) {
        return text(json::object{{"msg_type", type}, {"content", content}});
    };
    for (auto const& body :
         {std::string(R"({"msg_type":"share_chat","content":{"share_open_chat_id":"oc_5ad11d72b830411d72b836c20"}})"),
          as_text("share_chat", R"({"share_chat_id":"oc_5ad11d72b830411d72b836c20"})"),
          as_text("post", R"({"post":{"zh_cn":{"title":"T","content":[[{"tag":"text","text":"x"},)"
                          R"({"tag":"img","image_key":"img_v3_0"}]]}}})"),
          as_text("image", R"({"image_key":"img_v3_0"})"), as_text("text", R"({"text":"hi"})")})
        BOOST_TEST(post(t, open_hook, body).body == success, body);
    BOOST_TEST(t.platform.ledger().back().content == R"({"text":"hi"})");

    for (auto const* bad : {"hi", "", "[]", "\"hi\"", "{}"})
        BOOST_TEST(post(t, open_hook, as_text("text", bad)).code() == 19002, bad);
    t.platform.edit([](sandbox::world& w) { w.hooks[0].keywords = {"alert"}; });
    BOOST_TEST(post(t, open_hook, as_text("text", R"({"text":"hi"})")).code() == 19024);
    BOOST_TEST(post(t, open_hook, as_text("image", R"({"image_key":"img_v3_0"})")).code() == 19024);
    BOOST_TEST(post(t, open_hook, as_text("text", R"({"text":"\u0061lert"})")).code() == 0);
}

BOOST_AUTO_TEST_CASE(refusals_have_http_200_and_the_documented_bodies)
{
    client_session t;
    auto const token_invalid =
        R"({"code":19001,"data":{},"msg":"param invalid: incoming webhook access token invalid"})";
    BOOST_TEST(post(t, "/open-apis/bot/v2/hook/nobody", hello).body == token_invalid);
    BOOST_TEST(post(t, "/open-apis/bot/v2/hook/0a1b2c3d-0000-4000-8000-000000000003", hello).body == token_invalid);
    BOOST_TEST(post(t, open_hook, "{]").body == R"({"code":9499,"data":{},"msg":"Bad Request"})");
    BOOST_TEST(post(t, open_hook, "{}").body == R"({"code":19002,"msg":"params error, msg_type need"})");
    BOOST_TEST(post(t, open_hook, R"({"msg_type":"text","content":{}})").code() == 19002);
    BOOST_TEST(post(t, open_hook, R"({"msg_type":"interactive","card":{}})").msg().find("ErrCode: 200621;") !=
               std::string::npos);
    BOOST_TEST(post(t, open_hook, R"({"msg_type":"interactive","card":{}})").code() == 11246);
    auto const sized = [](std::size_t n) {
        return R"({"msg_type":"text","content":{"text":")" + std::string(n, 'x') + "\"}}";
    };
    BOOST_TEST(post(t, open_hook, sized(20 * 1024 - 44)).code() == 0);
    BOOST_TEST(post(t, open_hook, sized(20 * 1024)).code() == 9499);
    BOOST_TEST(post(t, open_hook, sized(30 * 1024)).code() == 19036);
    BOOST_TEST(t.platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_published_signature_is_ours_too)
{
    using tidings::sandbox::detail::hook_signature;
    BOOST_TEST(hook_signature("1661860880", "xxx") == "QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU=");
    BOOST_TEST(hook_signature("100", "demo") == "jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=");
    BOOST_TEST(hook_signature("1599360473", "") == "bTgbk2pXnbLSbeiYuPU4Xb5u0Ucy6Ht2YrCPIEpaI58=");
}

BOOST_AUTO_TEST_CASE(a_signature_is_good_for_an_hour)
{
    using namespace std::chrono;
    auto w = sandbox::world::standard();
    w.hooks[1].secret = "xxx";
    client_session t(lark_app, still().world(w).starts_at(sys_seconds(1661860880s)));
    auto const message = [](std::string const& timestamp, std::string const& sign) {
        return R"({"timestamp":)" + timestamp + R"(,"sign":")" + sign +
               R"(","msg_type":"text","content":{"text":"x"}})";
    };
    auto const sign = std::string("QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU=");
    auto const refused =
        R"({"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"})";
    BOOST_TEST(post(t, signed_hook, message("\"1661860880\"", sign)).code() == 0);
    BOOST_TEST(post(t, signed_hook, hello).body == refused);
    BOOST_TEST(post(t, signed_hook, message("\"1661860881\"", sign)).body == refused);
    t.platform.advance(3600s);
    BOOST_TEST(post(t, signed_hook, message("\"1661860880\"", sign)).code() == 0);
    t.platform.advance(1s);
    BOOST_TEST(post(t, signed_hook, message("\"1661860880\"", sign)).body == refused);
}

BOOST_AUTO_TEST_CASE(keywords_and_addresses_are_checked)
{
    client_session t;
    auto const set = [&](std::vector<std::string> keywords, std::vector<std::string> ips) {
        t.platform.edit([&](sandbox::world& w) {
            w.hooks[0].keywords = keywords;
            w.hooks[0].ip_allow_list = ips;
        });
        return post(t, open_hook, hello).body;
    };
    auto const good = R"({"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"})";
    BOOST_TEST(set({"alert"}, {}) == R"({"code":19024,"msg":"Key Words Not Found"})");
    BOOST_TEST(set({"alert", "ell"}, {}) == good);
    BOOST_TEST(set({}, {"203.0.113.9"}) == R"({"code":19022,"msg":"Ip Not Allowed"})");
    BOOST_TEST(set({}, {"203.0.113.9", "127.0.0.1"}) == good);
    BOOST_TEST(set({}, {"127.0.0.*"}) == good);
    BOOST_TEST(set({}, {"127.0.1.*"}) == R"({"code":19022,"msg":"Ip Not Allowed"})");
    BOOST_TEST(set({}, {"127.0.0.0/8"}) == good);
    BOOST_TEST(set({}, {"127.0.1.0/24"}) == R"({"code":19022,"msg":"Ip Not Allowed"})");
}

BOOST_AUTO_TEST_CASE(a_hook_takes_five_a_second_and_a_hundred_a_minute)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.limits.enabled = true; });
    auto const refused =
        R"({"code":11232,"data":{},"msg":"frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"})";
    for (int i = 0; i < 100; ++i)
    {
        if (i == 5)
            BOOST_TEST(post(t, open_hook, hello).body == refused);
        if (i % 5 == 0)
            t.platform.advance(1s);
        BOOST_TEST_REQUIRE(post(t, open_hook, hello).code() == 0);
    }
    t.platform.advance(1s);
    BOOST_TEST(post(t, open_hook, hello).body == refused);
    t.platform.advance(60s);
    BOOST_TEST(post(t, open_hook, hello).code() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace webhook_test
