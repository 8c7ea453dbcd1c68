// Group robots of WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace wecom_webhook_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_webhook)

std::string const good_key = "0a1b2c3d-0000-4000-8000-000000000101";
std::string const disabled_key = "0a1b2c3d-0000-4000-8000-000000000102";
std::string const removed_key = "0a1b2c3d-0000-4000-8000-000000000103";

struct robot : wecom_talk
{
    reply post(std::string const& body, std::string const& key = good_key)
    {
        auto r = wire.call("POST", "/cgi-bin/webhook/send?key=" + key, body);
        check_frame(r);
        return r;
    }
    reply say(std::string const& msgtype, std::string const& content, std::string const& key = good_key)
    {
        return post(R"({"msgtype":")" + msgtype + R"(",")" + msgtype + "\":" + content + "}", key);
    }
    reply upload(std::string const& type, std::string const& bytes, std::string const& key = good_key)
    {
        auto r = wire.call("POST", "/cgi-bin/webhook/upload_media?key=" + key + "&type=" + type, multipart(bytes),
                           multipart_type);
        check_frame(r);
        return r;
    }
};

std::string const hello = R"({"content":"hello"})";

BOOST_AUTO_TEST_CASE(a_message_through_a_robot_is_in_the_groups_ledger)
{
    robot t;
    auto const r =
        t.say("text", R"({"content":"hello","mentioned_list":["ada","@all"],"mentioned_mobile_list":["1"]})");
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok"})");
    BOOST_TEST(r.headers.at("content-length") == "27");
    auto const m = t.platform.ledger().front();
    BOOST_TEST(m.provider == "wecom");
    BOOST_TEST(m.to == "wecom-group");
    BOOST_TEST(m.receive_id_type == "hook");
    BOOST_TEST(m.receive_id == good_key);
    BOOST_TEST(m.msg_type == "text");
    BOOST_TEST(m.content == R"({"content":"hello","mentioned_list":["ada","@all"],"mentioned_mobile_list":["1"]})");
    BOOST_TEST(m.app_id.empty());
}

BOOST_AUTO_TEST_CASE(a_bad_key_is_refused_with_the_documented_code)
{
    robot t;
    for (auto const& [key, code, words] : {std::tuple(std::string("nobody"), 93000, "invalid webhook url"),
                                           {"", 93000, "invalid webhook url"},
                                           {disabled_key, 93004, "robot disabled"},
                                           {removed_key, 93008, "robot not in group"}})
    {
        auto const r = t.say("text", hello, key);
        BOOST_TEST(errcode(r) == code);
        BOOST_TEST(errmsg(r) == words);
        BOOST_TEST(member(r, "errmsg") != errmsg(r));
    }
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(every_documented_body_is_accepted)
{
    robot t;
    auto const image = R"({"base64":"iVBORw0KGgpyZXN0","md5":"fe70374a342a551816afeafd712d358c"})";
    std::pair<std::string, std::string> const kinds[]{
        {"text", R"({"content":")" + std::string(2048, 'x') + "\"}"},
        {"markdown", R"({"content":")" + std::string(4096, 'x') + "\"}"},
        {"markdown_v2", R"({"content":"| a |\n| - |"})"},
        {"image", image},
        {"news", R"({"articles":[{"title":"x","url":"https://example.com"}]})"},
        {"template_card", R"({"card_type":"news_notice","main_title":{"title":"x"}})"},
        {"template_card", R"({"card_type":"text_notice","sub_title_text":"x","card_action":{"type":2}})"}};
    for (auto const& [msgtype, content] : kinds)
    {
        BOOST_TEST(errcode(t.say(msgtype, content)) == 0, msgtype);
        BOOST_TEST(t.platform.ledger().back().content == content);
    }
}

struct bad_message
{
    char const* msgtype;
    std::string content;
    int code;
    char const* text;
    friend std::ostream& operator<<(std::ostream& os, bad_message const& b)
    {
        return os << b.msgtype << b.content.substr(0, 60);
    }
};

bad_message const bad_messages[]{
    {"voicemail", hello, 40008, "invalid message type"},
    {"textcard", R"({"title":"x"})", 40008, "invalid message type"},
    {"text", R"({"content":""})", 44004, "empty content"},
    {"markdown_v2", "{}", 44004, "empty content"},
    {"text", R"({"content":")" + std::string(2049, 'x') + "\"}", 93000,
     "Invalid input : content exceed max length. invalid Request Parameter"},
    {"markdown", R"({"content":")" + std::string(4097, 'x') + "\"}", 93000,
     "Invalid input : content exceed max length. invalid Request Parameter"},
    {"text", R"({"content":"x","mentioned_list":"ada"})", 40058,
     "mentioned_list is no array of strings. invalid Request Parameter"},
    {"text", R"({"content":"x","mentioned_mobile_list":[1]})", 40058,
     "mentioned_mobile_list is no array of strings. invalid Request Parameter"},
    {"image", "{}", 40063, "some parameters are empty"},
    {"image", R"({"base64":"","md5":"0"})", 44001, "empty media data"},
    {"image", R"({"base64":"@@@@","md5":"0"})", 44001, "empty media data"},
    {"image", R"({"base64":"iVBORw0KGgpyZXN0","md5":"0"})", 40058, "image.md5 does not fit. invalid Request Parameter"},
    {"image", R"({"base64":"eA==","md5":"9dd4e461268c8034f5c8564e155c67a6"})", 40005, "invalid file type"},
    {"news", R"({"articles":[]})", 45008, "article number out of limit"},
    {"news", R"({"articles":[{"title":"x"}]})", 45034, "url without scheme"},
    {"file", R"({"media_id":"nothing"})", 40007, "invalid media_id"},
    {"template_card", R"({"card_type":"button_interaction","task_id":"t"})", 40058,
     "card_type is not for robots. invalid Request Parameter"},
};

BOOST_DATA_TEST_CASE(a_bad_message_is_refused_with_the_documented_code, bad_messages)
{
    robot t;
    auto const r = t.say(sample.msgtype, sample.content);
    BOOST_TEST(errcode(r) == sample.code);
    BOOST_TEST(errmsg(r) == sample.text);
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_40058)
{
    robot t;
    BOOST_TEST(errcode(t.post("{]")) == 40058);
    BOOST_TEST(errcode(t.wire.call("GET", "/cgi-bin/webhook/send?key=" + good_key)) == 40058);
}

BOOST_AUTO_TEST_CASE(an_image_has_two_megabytes_at_most)
{
    robot t;
    std::string encoded;
    for (std::size_t i = 0; i < 2u * 1024u * 1024u / 3u + 1u; ++i)
        encoded += "eHh4";
    BOOST_TEST(errcode(t.say("image", R"({"base64":")" + encoded + R"(","md5":"0"})")) == 45001);
}

BOOST_AUTO_TEST_CASE(the_21st_message_of_a_minute_is_refused)
{
    robot t;
    t.with_world([](sandbox::wecom_world& w) { w.limits.enabled = true; });
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(errcode(t.say("text", hello)) == 0);
    auto const r = t.say("text", hello);
    BOOST_TEST(errcode(r) == 45009);
    BOOST_TEST(errmsg(r) == "api freq out of limit");
    t.platform.advance(59s);
    BOOST_TEST(errcode(t.say("text", hello)) == 45009);
    t.platform.advance(1s);
    BOOST_TEST(errcode(t.say("text", hello)) == 0);
    BOOST_TEST(t.delivered() == 21u);
}

BOOST_AUTO_TEST_CASE(an_upload_is_for_its_own_robot_and_three_days)
{
    robot t;
    t.with_world([](sandbox::wecom_world& w) { w.hooks[1].enabled = true; });
    auto const r = t.upload("file", "anything");
    BOOST_TEST(r.body.starts_with(R"({"errcode":0,"errmsg":"","type":"file","media_id":")"));
    auto const content = R"({"media_id":")" + member(r, "media_id") + "\"}";
    BOOST_TEST(errcode(t.say("file", content)) == 0);
    BOOST_TEST(errcode(t.say("voice", content)) == 40007);
    BOOST_TEST(errcode(t.say("file", content, disabled_key)) == 40007);
    BOOST_TEST(errcode(t.send("ada", "file", content)) == 40007);
    t.platform.advance(72h);
    BOOST_TEST(errcode(t.say("file", content)) == 40007);
}

BOOST_AUTO_TEST_CASE(an_empty_upload_is_seen_before_a_bad_key)
{
    robot t;
    BOOST_TEST(errcode(t.upload("file", "", "nobody")) == 44001);
    BOOST_TEST(errcode(t.upload("file", "anything", "nobody")) == 93000);
    BOOST_TEST(errcode(t.upload("file", "anything", disabled_key)) == 93004);
    BOOST_TEST(errcode(t.upload("image", png)) == 40035);
    BOOST_TEST(errcode(t.upload("voice", "#!AMR\nxx")) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_webhook_test
