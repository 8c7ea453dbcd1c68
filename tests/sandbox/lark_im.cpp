// Sending to one person or chat.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <thread>
#include <tuple>

namespace im_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_im)

std::string const group_chat = "oc_5ad11d72b830411d72b836c20";
std::string const foreign_chat = "oc_5ad11d72b830411d72b836c21";

BOOST_AUTO_TEST_CASE(an_accepted_message_is_answered_with_itself_and_is_in_the_ledger)
{
    using namespace std::chrono;
    client_session t(lark_app, still().starts_at(sys_time<milliseconds>(milliseconds(1615380573411))));
    auto const content = std::string(R"({"text":"disk 91% full"})");
    auto const r = t.send("email", "Ada@example.com", "text", content, "ntf-1");
    BOOST_TEST(r.status == 200u);
    BOOST_TEST_REQUIRE(t.platform.ledger().size() == 1u);
    auto const m = t.platform.ledger().front();
    BOOST_TEST(r.body == R"({"code":0,"msg":"success","data":{"message_id":")" + m.message_id +
                             R"(","msg_type":"text","create_time":"1615380573411","update_time":"1615380573411",)"
                             R"("deleted":false,"updated":false,"chat_id":")" +
                             m.chat_id +
                             R"(","sender":{"id":"cli_a1b2c3d4e5f60718","id_type":"app_id","sender_type":"app",)"
                             R"("tenant_key":"736588c9260f175e"},"body":{"content":"{\"text\":\"disk 91% full\"}"}}})");
    BOOST_TEST(m.provider == "lark");
    BOOST_TEST(m.to == "ada");
    BOOST_TEST(m.receive_id_type == "email");
    BOOST_TEST(m.receive_id == "Ada@example.com");
    BOOST_TEST(m.msg_type == "text");
    BOOST_TEST(m.content == content);
    BOOST_TEST(m.uuid == "ntf-1");
    BOOST_TEST(m.app_id == lark_app);
    BOOST_TEST(m.message_id.size() == 35u);
    BOOST_TEST(!m.recalled);
}

BOOST_AUTO_TEST_CASE(every_kind_of_id_reaches_the_same_person_in_the_same_chat)
{
    client_session t;
    auto const union_id = t.platform.world().find_person("bob")->union_id;
    for (auto const& [type, id] : {std::pair<std::string, std::string>("open_id", t.open_id("bob")),
                                   {"union_id", union_id},
                                   {"user_id", "bob"},
                                   {"email", "bob@example.com"}})
        BOOST_TEST(t.send(type, id).code() == 0, type);
    auto const chat = t.platform.ledger().front().chat_id;
    BOOST_TEST(t.send("chat_id", chat).code() == 0);
    for (auto const& m : t.platform.ledger())
    {
        BOOST_TEST(m.to == "bob");
        BOOST_TEST(m.chat_id == chat);
    }
    BOOST_TEST(t.send("chat_id", group_chat).code() == 0);
    auto const to_group = t.platform.ledger().back();
    BOOST_TEST(to_group.to == group_chat);
    BOOST_TEST(text(json::value_from(to_group.reached)) == R"(["ada","bob","chen"])");
    BOOST_TEST(text(json::value_from(t.platform.ledger().front().reached)) == R"(["bob"])");
    BOOST_TEST(t.platform.ledger().back().to == group_chat);
}

struct refusal
{
    char const* type;
    std::string to;
    int code;
    char const* msg;
    friend std::ostream& operator<<(std::ostream& os, refusal const& r) { return os << r.type << " " << r.to; }
};

refusal const refusals[]{
    {"open_id", "ou_0", 99992351, "not a valid open_id or not exists. Invalid ids: [ou_0]"},
    {"user_id", "nobody", 99992360, "these ids not existed: [nobody]"},
    {"user_id", "vera", 99992364, "user id cross tenant"},
    {"union_id", "on_0", 99992363, "these ids not existed: [on_0]"},
    {"email", "nobody@example.com", 230001,
     "Your request contains an invalid request parameter, ext=invalid receive_id"},
    {"email", "ada@corp.example", 230001, "Your request contains an invalid request parameter, ext=invalid receive_id"},
    {"chat_id", "ou_0", 230001, "Your request contains an invalid request parameter, ext=invalid receive_id"},
    {"open_id", "bob", 230001, "Your request contains an invalid request parameter, ext=invalid receive_id"},
    {"phone", "1", 230001, "Your request contains an invalid request parameter, ext=invalid receive_id_type"},
    {"chat_id", "oc_0", 99992356, "these chat ids not existed: [oc_0]"},
    {"chat_id", foreign_chat, 230002, "The bot can not be outside the group."},
    {"user_id", "otto", 230013, "Bot has NO availability to this user."},
    {"user_id", "rita", 230029, "User has resigned."},
    {"user_id", "boris", 230053, "The user has stopped the bot from sending messages."},
    {"email", "vera@example.com", 230038, "Cross tenant p2p chat operate forbid."},
};

BOOST_DATA_TEST_CASE(who_cannot_be_reached_is_refused_with_the_documented_words, refusals)
{
    client_session t;
    auto const r = t.send(sample.type, sample.to);
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.code() == sample.code);
    BOOST_TEST(r.msg() == sample.msg);
    BOOST_TEST(t.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(an_open_id_of_another_app_is_told_apart)
{
    client_session t;
    auto const foreign = t.open_id("ada", feishu_app);
    BOOST_TEST(t.send("open_id", foreign).code() == 99992361);
    BOOST_TEST(t.send("open_id", t.platform.world().find_app(lark_app)->bot_open_id).code() == 230013);
    t.platform.edit([](sandbox::world& w) {
        w.modes.cross_app_code = 230001;
        w.modes.old_id_error_text = true;
    });
    BOOST_TEST(t.send("open_id", foreign).code() == 230001);
    BOOST_TEST(t.send("open_id", "ou_0").msg() == "these open ids not existed: [ou_0]");
}

BOOST_AUTO_TEST_CASE(unsettled_refusals_can_be_switched)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) {
        w.modes.resigned_code = 230013;
        w.modes.blocked_bot_code = 230035;
        w.modes.enterprise_email_receives = true;
    });
    BOOST_TEST(t.send("user_id", "rita").code() == 230013);
    BOOST_TEST(t.send("user_id", "boris").msg() == "Send Message Permission deny.");
    BOOST_TEST(t.send("email", "ada@corp.example").code() == 0);
}

BOOST_AUTO_TEST_CASE(a_bot_that_was_not_published_cannot_send)
{
    client_session t(unpublished_app);
    BOOST_TEST(without_error(t.send("user_id", "ada")) == R"({"code":230006,"msg":"Bot ability is not activated."})");
}

BOOST_AUTO_TEST_CASE(dissolved_and_restricted_groups_refuse)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.chats[0].bots_may_speak = false; });
    BOOST_TEST(t.send("chat_id", group_chat).code() == 230018);
    t.platform.edit([](sandbox::world& w) { w.chats[0].dissolved = true; });
    BOOST_TEST(t.send("chat_id", group_chat).code() == 232009);
}

BOOST_AUTO_TEST_CASE(missing_fields_are_named)
{
    client_session t;
    auto const r = t.call("POST", "/open-apis/im/v1/messages", R"({"content":"{}"})");
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(without_error(r) == R"({"code":99992402,"msg":"field validation failed"})");
    BOOST_TEST(text(r.object().at("error").at("field_violations")) ==
               R"([{"field":"receive_id_type","description":"receive_id_type is required"},)"
               R"({"field":"receive_id","description":"receive_id is required"},)"
               R"({"field":"msg_type","description":"msg_type is required"}])");
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", std::string(50, 'u')).code() == 0);
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", std::string(51, 'u')).code() == 99992402);
}

BOOST_AUTO_TEST_CASE(content_that_is_no_string_is_a_bad_request)
{
    client_session t;
    auto const path = "/open-apis/im/v1/messages?receive_id_type=user_id";
    auto r = t.call("POST", path, R"({"receive_id":"ada","msg_type":"text","content":{"text":"x"}})");
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.body == R"({"code":9499,"data":{},"msg":"Bad Request"})");
    BOOST_TEST(t.call("POST", path, "{]").code() == 9499);
    // Spacing and order of keys are free.
    BOOST_TEST(
        t.call("POST", path,
               "{ \"content\" : \"{ \\\"text\\\" : \\\"x\\\" }\", \"msg_type\":\"text\",\n \"receive_id\":\"ada\" }")
            .code() == 0);
}

struct content_case
{
    char const* msg_type;
    std::string content;
    int code; // 0: accepted
    char const* part;
    friend std::ostream& operator<<(std::ostream& os, content_case const& c)
    {
        return os << c.msg_type << " " << c.content;
    }
};

content_case const contents[]{
    {"text", "", 230001, "ext=content cannot be empty"},
    {"text", "{", 230001, "content is not a string in json format"},
    {"text", "[]", 230001, "content format of the text type is incorrect"},
    {"text", R"({"text":""})", 230001, "content format of the text type is incorrect"},
    {"shout", R"({"text":"x"})", 230001, "ext=invalid msg_type"},
    {"post",
     R"({"en_us":{"title":"Deploy","content":[[{"tag":"text","text":"Build ","style":["bold"]},)"
     R"({"tag":"a","text":"#42","href":"https://ci.example/42"}],[{"tag":"at","user_id":"all"}],[{"tag":"hr"}]]}})",
     0, ""},
    {"post", R"({"zh_cn":{"content":[[{"tag":"md","text":"**x** <at user_id=\"ada\">A</at>"}]]}})", 0, ""},
    {"post", R"({"zh_cn":{"content":[[{"tag":"md","text":"<at user_id=\"ghost\">A</at>"}]]}})", 230001,
     "md tag has an invalid user id"},
    {"post", R"({"zh_cn":{"content":[[{"tag":"md","text":"x"},{"tag":"hr"}]]}})", 230001, "must be alone"},
    {"post",
     R"({"zh_cn":{"content":[[{"tag":"text","text":"x"},{"tag":"img","image_key":"img_v3_mine","width":300}]]}})", 0,
     ""},
    {"post", R"({"zh_cn":{"content":[[{"tag":"text","text":"x"},{"tag":"media","file_key":"file_v3_mp4"}]]}})", 230001,
     "must be alone"},
    {"post", "{}", 230001, "content format of the post type is incorrect"},
    {"post", R"({"en_us":{"title":"x"}})", 230001, "content format of the post type is incorrect"},
    {"post", R"({"en_us":{"content":[[{"tag":"blink","text":"x"}]]}})", 230001, "wrong tag"},
    {"post", R"({"en_us":{"content":[[{"tag":"a","text":"x"}]]}})", 230001, "required field href can't be nil"},
    {"post", R"({"en_us":{"content":[[{"tag":"a","text":"x","href":"not legal"}]]}})", 230001, "validate content fail"},
    {"post", R"({"en_us":{"content":[[{"tag":"img","image_key":"img_v3_0"}]]}})", 230001, "ext=invalid image_key"},
    {"image", R"({"image_key":"img_v3_0"})", 230001, "ext=invalid image_key"},
    {"image", R"({})", 230001, "image_key can't be nil"},
    {"image", R"({"image_key":"img_v3_mine"})", 0, ""},
    {"image", R"({"image_key":"img_v3_theirs"})", 230017, "Bot is NOT the owner of the resource."},
    {"file", R"({"file_key":"file_v3_0"})", 230001, "ext=invalid file_key"},
    {"file", R"({"file_key":"file_v3_mp4"})", 230055, "does not match the type of message"},
    {"media", R"({"file_key":"file_v3_mp4"})", 0, ""},
    {"audio", R"({"file_key":"file_v3_mp4"})", 230055, "does not match the type of message"},
    {"share_chat", R"({"chat_id":"oc_5ad11d72b830411d72b836c20"})", 0, ""},
    {"share_chat", R"({"chat_id":"oc_5ad11d72b830411d72b836c21"})", 230002, "outside the group"},
    {"share_user", R"({"user_id":"ou_0"})", 99992351, "ou_0"},
    {"system", R"({"type":"divider","params":{"divider_text":{"text":"New"}},"options":{"need_rollup":true}})", 0, ""},
    {"system", R"({"type":"divider","params":{"divider_text":{"text":"a text of more than 20"}}})", 230001,
     "divider text"},
    {"interactive",
     R"({"config":{"wide_screen_mode":true},"header":{"title":{"tag":"plain_text","content":"Alert"}},)"
     R"("elements":[{"tag":"markdown","content":"**disk** <at id=ada></at>"},{"tag":"hr"}]})",
     0, ""},
    {"interactive", R"({"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"x"}]}})", 0, ""},
    {"interactive", R"({"type":"template","data":{"template_id":"AAq1"}})", 0, ""},
    {"interactive", R"({"type":"card","data":{"card_id":"7371713483664506900"}})", 0, ""},
    {"interactive", "{", 230099,
     "Failed to create card content, ext=ErrCode: 200621; ErrMsg: parse card json err; ErrorValue: "},
    {"interactive", R"({"schema":"2.0","body":{"elements":[{"tag":"note","elements":[]}]}})", 230099,
     "ErrCode: 200861; ErrMsg: unsupported tag note"},
    {"interactive", R"({"elements":[{"tag":"markdown","content":"<at id=\"ghost\"></at>"}]})", 230099,
     "ErrCode: 100290"},
    {"interactive", R"({"elements":[{"tag":"img","img_key":"img_v3_0"}]})", 230099,
     "ErrCode: 200570; ErrMsg: invalid image keys; ErrorValue: img_v3_0"},
};

struct with_resources : client_session
{
    with_resources()
    {
        platform.edit([](sandbox::world& w) {
            for (auto const& [key, app, type] : {std::tuple("img_v3_mine", lark_app, "image"),
                                                 {"img_v3_theirs", feishu_app, "image"},
                                                 {"file_v3_mp4", lark_app, "mp4"}})
            {
                auto& r = w.resources.emplace_back();
                r.key = key;
                r.app_id = app;
                r.type = type;
            }
        });
    }
};

BOOST_DATA_TEST_CASE(content_is_checked_as_its_type_wants, contents)
{
    with_resources t;
    auto const r = t.send("user_id", "ada", sample.msg_type, sample.content);
    BOOST_TEST(r.code() == sample.code, r.body);
    BOOST_TEST(r.msg().find(sample.part) != std::string::npos, r.msg());
    BOOST_TEST(t.platform.ledger().size() == (sample.code == 0 ? 1u : 0u));
}

BOOST_AUTO_TEST_CASE(any_key_can_be_made_to_count_as_uploaded)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.accept_any_resource = true; });
    BOOST_TEST(t.send("user_id", "ada", "image", R"({"image_key":"img_v3_0"})").code() == 0);
}

BOOST_AUTO_TEST_CASE(a_card_has_at_most_two_hundred_elements_and_known_templates)
{
    client_session t;
    auto const card = [](int n) {
        json::array elements(static_cast<std::size_t>(n), json::object{{"tag", "hr"}});
        return text(json::object{{"elements", elements}});
    };
    BOOST_TEST(t.send("user_id", "ada", "interactive", card(200)).code() == 0);
    BOOST_TEST(t.send("user_id", "ada", "interactive", card(201))
                   .msg()
                   .find("ErrCode: 11310; ErrMsg: element exceeds the limit") != std::string::npos);
    t.platform.edit([](sandbox::world& w) { w.card_templates = {"AAq1"}; });
    auto const templated = [&](std::string const& id) {
        return t.send("user_id", "ada", "interactive", R"({"type":"template","data":{"template_id":")" + id + "\"}}");
    };
    BOOST_TEST(templated("AAq1").code() == 0);
    BOOST_TEST(templated("AAq2").msg().find("ErrCode: 200380") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(system_messages_are_for_chats_of_two)
{
    client_session t;
    auto const divider = R"({"type":"divider","params":{"divider_text":{"text":"New"}}})";
    BOOST_TEST(t.send("chat_id", group_chat, "system", divider)
                   .msg()
                   .find("sending system messages in group chats is not supported") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_chat_of_two_cannot_be_shared)
{
    client_session t;
    t.send("user_id", "bob");
    auto const chat = t.platform.ledger().front().chat_id;
    BOOST_TEST(t.send("user_id", "ada", "share_chat", R"({"chat_id":")" + chat + "\"}").code() == 230015);
}

BOOST_AUTO_TEST_CASE(messages_over_the_size_limit_are_refused)
{
    client_session t;
    auto const send = [&](std::size_t body_size, std::string const& type, std::string const& before,
                          std::string const& after) {
        json::object body{{"receive_id", "ada"}, {"msg_type", type}, {"content", before + after}};
        auto const fill = body_size - text(body).size();
        body["content"] = before + std::string(fill, 'x') + after;
        BOOST_TEST_REQUIRE(text(body).size() == body_size);
        return t.call("POST", "/open-apis/im/v1/messages?receive_id_type=user_id", text(body)).code();
    };
    BOOST_TEST(send(150 * 1024, "text", R"({"text":")", "\"}") == 0);
    BOOST_TEST(send(150 * 1024 + 1, "text", R"({"text":")", "\"}") == 230025);
    auto const post = R"({"en_us":{"content":[[{"tag":"text","text":")";
    BOOST_TEST(send(30 * 1024, "post", post, "\"}]]}}") == 0);
    BOOST_TEST(send(30 * 1024 + 1, "post", post, "\"}]]}}") == 230025);
    t.platform.edit([](sandbox::world& w) { w.modes.size_counts_content = true; });
    BOOST_TEST(send(30 * 1024 + 1, "post", post, "\"}]]}}") == 0);
    t.platform.edit([](sandbox::world& w) {
        w.modes.size_counts_content = false;
        w.modes.kilobyte = 1000;
    });
    BOOST_TEST(send(30 * 1000 + 1, "post", post, "\"}]]}}") == 230025);
}

BOOST_AUTO_TEST_CASE(mentions_become_placeholders_in_the_answer)
{
    client_session t;
    auto const content =
        R"({"text":"<at user_id=\"ada\">A</at> and <at user_id=\"all\"></at> and <at user_id=\"ghost\">G</at>"})";
    auto const data = t.send("user_id", "ada", "text", content).object().at("data").as_object();
    BOOST_TEST(data.at("body").at("content").as_string() ==
               R"({"text":"@_user_1 and @_all and <at user_id=\"ghost\">G</at>"})");
    BOOST_TEST(text(data.at("mentions")) ==
               R"([{"key":"@_user_1","id":")" + t.open_id("ada") +
                   R"(","id_type":"open_id","name":"Ada","tenant_key":"736588c9260f175e"}])");
    BOOST_TEST(t.platform.ledger().front().content == content);
}

BOOST_AUTO_TEST_CASE(the_same_uuid_within_an_hour_brings_the_first_message_again)
{
    client_session t;
    auto const first = t.send("user_id", "ada", "text", R"({"text":"one"})", "u-1");
    t.platform.advance(3599s);
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"two"})", "u-1").body == first.body);
    BOOST_TEST(t.send("user_id", "bob", "text", R"({"text":"two"})", "u-1").body == first.body);
    BOOST_TEST(t.platform.ledger().size() == 1u);
    t.platform.edit([](sandbox::world& w) { w.modes.uuid_repeat_code = 230049; });
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"two"})", "u-1").msg() == "The message is being sent.");
    t.platform.advance(1s);
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"two"})", "u-1").code() == 0);
    BOOST_TEST(t.platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_refused_message_keeps_its_uuid_free_unless_the_world_says_otherwise)
{
    client_session t;
    BOOST_TEST(t.send("user_id", "nobody", "text", R"({"text":"x"})", "u-1").code() == 99992360);
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1").code() == 0);
    t.platform.edit([](sandbox::world& w) { w.modes.uuid_burnt_by_failure = true; });
    BOOST_TEST(t.send("user_id", "nobody", "text", R"({"text":"x"})", "u-2").code() == 99992360);
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", "u-2").code() == 99992360);
}

BOOST_AUTO_TEST_CASE(a_uuid_can_be_made_to_count_per_receiver)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.modes.uuid_per_receiver = true; });
    t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1");
    t.send("user_id", "bob", "text", R"({"text":"x"})", "u-1");
    t.send("user_id", "bob", "text", R"({"text":"x"})", "u-1");
    BOOST_TEST(t.platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_uuid_is_in_flight_until_its_answer_has_left)
{
    client_session t;
    t.platform.add_fault(fault(fault_kind::stall).path("/open-apis/im").processed(true));
    client other(t.platform.url());
    std::string const body = R"({"receive_id":"ada","msg_type":"text","content":"{\"text\":\"x\"}","uuid":"u-1"})";
    other.write(
        "POST /open-apis/im/v1/messages?receive_id_type=user_id HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
        t.bearer + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    while (t.platform.ledger().empty())
        std::this_thread::yield();
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1").code() == 230049);
    t.platform.edit([](sandbox::world& w) { w.modes.uuid_in_flight_code = 18121; });
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1").msg() == "create request is being processed");
    other.drop();
    auto code = std::int64_t{18121};
    while (code == 18121)
        code = t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1").code();
    BOOST_TEST(code == 0);
    BOOST_TEST(t.platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_person_takes_five_messages_a_second)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.limits.enabled = true; });
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(t.send("user_id", "ada").code() == 0);
    auto const r = t.send("email", "ada@example.com");
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(without_error(r) == R"({"code":230020,"msg":"This operation triggers the frequency limit."})");
    BOOST_TEST(t.send("user_id", "bob").code() == 0);
    t.platform.advance(1s);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace im_test
