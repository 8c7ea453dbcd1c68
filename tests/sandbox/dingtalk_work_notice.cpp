// DingTalk's work notices and uploads.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "dingtalk_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace dingtalk_work_notice_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_dingtalk_work_notice)

std::string const hello = R"({"msgtype":"text","text":{"content":"hello"}})";

struct office : ding_talk
{
    using ding_talk::ding_talk;

    reply notify(std::string const& receivers, std::string const& msg = hello)
    {
        return old(work_calls + "asyncsend_v2", R"({"agent_id":2718,)" + receivers + R"(,"msg":)" + msg + "}");
    }
    std::string task(std::string const& receivers, std::string const& msg = hello)
    {
        auto const r = notify(receivers, msg);
        BOOST_TEST_REQUIRE(errcode(r) == "0", r.body);
        return at(r, "/task_id");
    }
    reply ask(std::string const& call, std::string const& task_id, std::string const& more = {})
    {
        return old(work_calls + call, R"({"agent_id":2718,"task_id":)" + task_id + more + "}");
    }
    std::string result(std::string const& task_id, std::string const& list)
    {
        return at(ask("getsendresult", task_id), "/send_result/" + list);
    }
    reply recall(std::string const& task_id)
    {
        return old(work_calls + "recall", R"({"agent_id":2718,"msg_task_id":)" + task_id + "}");
    }
};

BOOST_AUTO_TEST_CASE(a_notice_reaches_each_person_and_is_one_task)
{
    office t;
    auto const r = t.notify(R"("userid_list":"ada,bob","to_all_user":false)");
    auto const id = at(r, "/task_id");
    BOOST_TEST(without_request_id(r) == R"({"errcode":0,"errmsg":"ok","task_id":)" + id + "}");
    auto const ledger = t.platform.ledger();
    BOOST_TEST_REQUIRE(ledger.size() == 2u);
    BOOST_TEST(ledger[0].to == "ada");
    BOOST_TEST(ledger[1].to == "bob");
    BOOST_TEST(ledger[0].receive_id_type == "work");
    BOOST_TEST(ledger[0].receive_id == "ada");
    BOOST_TEST(ledger[0].message_id == id);
    BOOST_TEST(ledger[0].msg_type == "text");
    BOOST_TEST(ledger[0].content == hello);
    BOOST_TEST(ledger[0].app_id == ding_app);
}

BOOST_AUTO_TEST_CASE(a_form_is_as_good_as_json_and_numbers_may_be_text)
{
    office t;
    auto const form = t.wire.call("POST", work_calls + "asyncsend_v2?access_token=" + t.token,
                                  "agent_id=2718&userid_list=ada%2Cbob&msg=" + percent_encoded(hello), as_form);
    BOOST_TEST(errcode(form) == "0", form.body);
    BOOST_TEST(t.platform.ledger().size() == 2u);
    BOOST_TEST(t.platform.ledger()[0].content == hello);
    auto const as_text = t.old(work_calls + "asyncsend_v2",
                               text(json::object{{"agent_id", "2718"}, {"userid_list", "chen"}, {"msg", hello}}));
    BOOST_TEST(errcode(as_text) == "0", as_text.body);
}

BOOST_AUTO_TEST_CASE(departments_with_everything_below_and_everybody_can_be_told)
{
    office t;
    t.task(R"("dept_id_list":"11")");
    BOOST_TEST(t.platform.ledger().size() == 2u); // bob, and chen below
    auto const id = t.task(R"("dept_id_list":"99,20","userid_list":"ada,nobody,otto")",
                           R"({"msgtype":"text","text":{"content":"other"}})");
    BOOST_TEST(t.result(id, "invalid_dept_id_list") == "[99]");
    BOOST_TEST(t.result(id, "invalid_user_id_list") == R"(["nobody","otto"])");
    BOOST_TEST(t.result(id, "unread_user_id_list") == R"(["ada","dana","boris"])");
    auto const all = t.task(R"("to_all_user":true)", R"({"msgtype":"text","text":{"content":"all"}})");
    BOOST_TEST(t.result(all, "unread_user_id_list") == R"(["ada","bob","chen","dana","boris"])");
}

BOOST_AUTO_TEST_CASE(progress_and_result_can_be_asked_for_a_day)
{
    office t(ding_app, ding_talk::with([](auto& w) { w.modes.record_delay_seconds = 2; }));
    auto const id = t.task(R"("userid_list":"ada,bob")");
    BOOST_TEST(at(t.ask("getsendprogress", id), "/progress") == R"({"progress_in_percent":0,"status":0})");
    t.platform.advance(2s);
    BOOST_TEST(at(t.ask("getsendprogress", id), "/progress") == R"({"progress_in_percent":50,"status":1})");
    t.platform.advance(2s);
    BOOST_TEST(without_request_id(t.ask("getsendprogress", id)) ==
               R"({"errcode":0,"errmsg":"ok","progress":{"progress_in_percent":100,"status":2}})");
    t.platform.mark_read(id, "bob");
    BOOST_TEST(without_request_id(t.ask("getsendresult", id)) ==
               R"({"errcode":0,"errmsg":"ok","send_result":{"invalid_user_id_list":[],"forbidden_user_id_list":[],)"
               R"("failed_user_id_list":[],"read_user_id_list":["bob"],"unread_user_id_list":["ada"],)"
               R"("invalid_dept_id_list":[],"forbidden_list":[]}})");
    t.platform.advance(25h);
    t.token = t.fetch();
    BOOST_TEST(errcode(t.ask("getsendprogress", id)) == "500");
    BOOST_TEST(errcode(t.ask("getsendresult", id)) == "500");
    BOOST_TEST(errcode(t.recall(id)) == "500");
}

BOOST_AUTO_TEST_CASE(the_same_content_is_delivered_once_a_day_and_nobody_says_so_at_first)
{
    using namespace std::chrono;
    office t(ding_app, still().starts_at(sys_days(2026y / 8 / 22) + 22h));
    t.task(R"("userid_list":"ada")");
    auto const again = t.task(R"("userid_list":"ada,bob")");
    BOOST_TEST(t.platform.ledger().size() == 2u);
    BOOST_TEST(t.result(again, "forbidden_list") == R"([{"code":"143106","count":1,"userid":"ada"}])");
    BOOST_TEST(t.result(again, "unread_user_id_list") == R"(["bob"])");
    t.task(R"("userid_list":"ada")", R"({"msgtype":"text","text":{"content":"another"}})");
    BOOST_TEST(t.platform.ledger().size() == 3u);
    t.platform.advance(2h);
    t.token = t.fetch();
    t.task(R"("userid_list":"ada")");
    BOOST_TEST(t.platform.ledger().size() == 4u);
}

BOOST_AUTO_TEST_CASE(what_is_above_a_limit_is_accepted_and_not_delivered)
{
    auto const numbered = [](int n) { return R"({"msgtype":"text","text":{"content":")" + std::to_string(n) + "\"}}"; };
    office t(ding_app, ding_talk::with([](auto& w) { w.limits.work_per_person_per_day = 1; }));
    t.task(R"("userid_list":"ada")", numbered(1));
    BOOST_TEST(t.result(t.task(R"("userid_list":"ada")", numbered(2)), "forbidden_list/0/code") == "143105");
    t.edit([](auto& w) {
        w.limits.work_per_person_per_day = 500;
        w.limits.work_people_per_minute = 2;
    });
    auto const task = t.task(R"("userid_list":"ada,bob,chen")", numbered(3));
    BOOST_TEST(t.result(task, "forbidden_list") ==
               R"([{"code":"143103","count":1,"userid":"bob"},{"code":"143103","count":1,"userid":"chen"}])");
    t.edit([](auto& w) {
        w.limits.work_people_per_minute = 5000;
        w.limits.work_to_all_per_day = 1;
        w.censored.resize(1);
        w.censored[0].text = "666";
    });
    t.task(R"("to_all_user":true)", numbered(4));
    auto const second = t.task(R"("to_all_user":true)", numbered(5));
    BOOST_TEST(t.result(second, "unread_user_id_list") == "[]");
    BOOST_TEST(t.result(second, "forbidden_list/0/code") == "143105");
    BOOST_TEST(t.result(t.task(R"("userid_list":"ada")", numbered(666)), "forbidden_list/0/code") == "1430002");
}

struct message_form
{
    char const* msg;
    // "0": accepted.
    char const* code;
};

std::ostream& operator<<(std::ostream& out, message_form const& f)
{
    return out << f.msg;
}

message_form const message_forms[]{
    {R"({"msgtype":"markdown","markdown":{"title":"T","text":"x"}})", "0"},
    {R"({"msgtype":"link","link":{"title":"T","text":"x","messageUrl":"u","picUrl":"p"}})", "0"},
    {R"({"msgtype":"action_card","action_card":{"title":"T","markdown":"x","single_title":"s","single_url":"u"}})",
     "0"},
    {R"({"msgtype":"action_card","action_card":{"title":"T","markdown":"x","btn_orientation":"0",
        "btn_json_list":[{"title":"b","action_url":"u"}]}})",
     "0"},
    {R"({"msgtype":"image","image":{"media_id":"@l"}})", "0"},
    {R"({"msgtype":"voice","voice":{"media_id":"@l","duration":"10"}})", "0"},
    {R"({"msgtype":"voice","voice":{"media_id":"@l","duration":59}})", "0"},
    {R"({"msgtype":"file","file":{"media_id":"@l"}})", "0"},
    {R"({"msgtype":"oa","oa":{"message_url":"u","head":{"bgcolor":"F","text":"h"},"body":{"title":"T"}}})", "0"},
    {R"({"msgtype":"hologram","hologram":{}})", "34004"},
    {R"({"text":{"content":"x"}})", "34004"},
    {R"({"msgtype":"text"})", "34014"},
    {R"({"msgtype":"text","text":{"content":""}})", "34014"},
    {R"({"msgtype":"markdown","markdown":{"title":"T"}})", "34014"},
    {R"({"msgtype":"link","link":{"title":"T","text":"x","messageUrl":"u"}})", "34014"},
    {R"({"msgtype":"action_card","action_card":{"title":"T","markdown":"x"}})", "34014"},
    {R"({"msgtype":"action_card","action_card":{"title":"T","markdown":"x","btn_orientation":"0",
        "btn_json_list":[]}})",
     "34014"},
    {R"({"msgtype":"action_card","action_card":{"title":"T","markdown":"x","single_title":"one two three four five",
        "single_url":"u"}})",
     "34016"},
    {R"({"msgtype":"voice","voice":{"media_id":"@l","duration":60}})", "34014"},
    {R"({"msgtype":"voice","voice":{"media_id":"@l"}})", "34014"},
    {R"({"msgtype":"oa","oa":{"message_url":"u","body":{}}})", "34014"},
    {R"("not json")", "34014"},
    {R"([])", "34014"},
};

BOOST_DATA_TEST_CASE(a_message_has_one_of_the_documented_forms, boost::unit_test::data::make(message_forms), form)
{
    office t;
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada")", form.msg)) == form.code);
    BOOST_TEST(t.platform.ledger().size() == (form.code == std::string("0") ? 1u : 0u));
}

BOOST_AUTO_TEST_CASE(texts_and_whole_messages_have_limits)
{
    office t;
    auto const text_of = [](std::size_t n, char const* unit) {
        std::string content;
        for (std::size_t i = 0; i < n; ++i)
            content += unit;
        return R"({"msgtype":"text","text":{"content":")" + content + "\"}}";
    };
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada")", text_of(500, "陈"))) == "0");
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada")", text_of(501, "x"))) == "34016");
    auto const markdown = [](std::size_t n) {
        return R"({"msgtype":"markdown","markdown":{"title":"T","text":")" + std::string(n - 57, 'x') + "\"}}";
    };
    BOOST_TEST(markdown(2048).size() == 2048u);
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada")", markdown(2048))) == "0");
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada")", markdown(2049))) == "34016");
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_wrong_in_a_notice_is_said_at_once)
{
    office t;
    auto const send = [&](std::string const& body) { return t.old(work_calls + "asyncsend_v2", body); };
    auto const more = R"("userid_list":"ada","msg":)" + hello + "}";
    BOOST_TEST(errcode(send("{" + more)) == "40035");
    BOOST_TEST(errcode(send(R"({"agent_id":1,)" + more)) == "40056");
    BOOST_TEST(errcode(send(R"({"agent_id":2701,)" + more)) == "40056");
    t.edit([](auto& w) { w.modes.wrong_agent_code = 52019; });
    BOOST_TEST(errcode(send(R"({"agent_id":1,)" + more)) == "52019");
    BOOST_TEST(errcode(send(R"({"agent_id":2718,"userid_list":"ada"})")) == "40035");
    BOOST_TEST(errcode(t.notify(R"("to_all_user":false)")) == "40035");
    std::string list = "ada";
    for (int i = 0; i < 99; ++i)
        list += ",ada";
    BOOST_TEST(errcode(t.notify(R"("userid_list":")" + list + "\"")) == "0");
    BOOST_TEST(errcode(t.notify(R"("userid_list":")" + list + ",bob\"")) == "400002");
    BOOST_TEST(errcode(t.notify(R"("dept_id_list":"1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1")")) == "400002");
}

BOOST_AUTO_TEST_CASE(a_task_is_known_to_its_own_agent_only)
{
    office t;
    auto const id = t.task(R"("userid_list":"ada")");
    BOOST_TEST(errcode(t.ask("getsendprogress", "1")) == "40035");
    BOOST_TEST(errcode(t.ask("getsendresult", "1")) == "40035");
    BOOST_TEST(errcode(t.recall("1")) == "400002");
    BOOST_TEST(errcode(t.old(work_calls + "getsendresult", R"({"agent_id":2718})")) == "40035");
    BOOST_TEST(errcode(t.old(work_calls + "getsendresult", R"({"agent_id":2701,"task_id":)" + id + "}")) == "40056");
    t.app_key = ding_unpublished;
    t.token = t.fetch();
    BOOST_TEST(errcode(t.old(work_calls + "recall", R"({"agent_id":2702,"msg_task_id":)" + id + "}")) == "400002");
}

BOOST_AUTO_TEST_CASE(a_notice_can_be_recalled)
{
    office t;
    auto const id = t.task(R"("userid_list":"ada,bob")");
    BOOST_TEST(without_request_id(t.recall(id)) == R"({"errcode":0,"errmsg":"ok"})");
    BOOST_TEST((t.platform.ledger()[0].recalled && t.platform.ledger()[1].recalled));
}

BOOST_AUTO_TEST_CASE(the_status_bar_of_an_oa_message_can_be_changed)
{
    office t;
    auto const oa = [](char const* title) {
        return std::string(R"({"msgtype":"oa","oa":{"message_url":"u","head":{"bgcolor":"F","text":"h"},)") +
               R"("body":{"title":")" + title + R"("},"status_bar":{"status_value":"open","status_bg":"0xFF"}}})";
    };
    auto const id = t.task(R"("userid_list":"ada")", oa("T"));
    auto const done = R"(,"status_value":"done","status_bg":"0x00")";
    BOOST_TEST(errcode(t.ask("status_bar/update", id, done)) == "0");
    auto const m = t.platform.ledger()[0];
    BOOST_TEST(m.updated);
    BOOST_TEST(m.content.find(R"("status_bar":{"status_value":"done","status_bg":"0x00"})") != std::string::npos);
    BOOST_TEST(errcode(t.ask("status_bar/update", id)) == "40035");
    BOOST_TEST(errcode(t.ask("status_bar/update", "1", done)) == "41052");
    auto const plain = t.task(R"("userid_list":"ada")");
    BOOST_TEST(errcode(t.ask("status_bar/update", plain, done)) == "41052");
    BOOST_TEST(errcode(t.old(work_calls + "status_bar/update", R"({"agent_id":1,"task_id":)" + id + done + "}")) ==
               "40056");
    t.platform.advance(24h * 7 + 1s);
    t.token = t.fetch();
    BOOST_TEST(errcode(t.ask("status_bar/update", id, done)) == "500");
    // At most five receivers.
    t.edit([](auto& w) { w.apps[0].availability = {}; });
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada,bob,chen,dana,boris")", oa("five"))) == "0");
    BOOST_TEST(errcode(t.notify(R"("userid_list":"ada,bob,chen,dana,boris,otto")", oa("six"))) == "400002");
}

reply upload(ding_talk& t, std::string const& type, std::string const& content, std::string const& name = "media",
             std::string const& file = "; filename=\"a.png\"")
{
    auto const body = "--b0\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\nx\r\n"
                      "--b0\r\nContent-Disposition: form-data; name=\"" +
                      name + "\"" + file + "\r\nContent-Type: image/png\r\n\r\n" + content + "\r\n--b0--\r\n";
    return t.wire.call("POST", "/media/upload?access_token=" + t.token + "&type=" + type, body,
                       {{"Content-Type", "multipart/form-data; boundary=b0"}});
}

BOOST_AUTO_TEST_CASE(an_upload_gives_a_media_id)
{
    ding_talk t;
    auto const r = upload(t, "image", "bytes");
    auto const id = at(r, "/media_id");
    BOOST_TEST(id.starts_with("@"));
    auto const now = std::chrono::floor<std::chrono::milliseconds>(t.platform.now()).time_since_epoch().count();
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok","media_id":")" + id + R"(","created_at":)" +
                             std::to_string(now) + R"(,"type":"image"})");
    BOOST_TEST(at(upload(t, "file", "bytes"), "/media_id").starts_with("$"));
    BOOST_TEST(at(upload(t, "video", "bytes"), "/media_id") != id);
}

BOOST_AUTO_TEST_CASE(an_upload_that_is_none_is_refused)
{
    ding_talk t;
    BOOST_TEST(errcode(upload(t, "", "bytes")) == "40035");
    BOOST_TEST(errcode(upload(t, "hologram", "bytes")) == "400002");
    BOOST_TEST(errcode(upload(t, "image", "")) == "40035");
    BOOST_TEST(errcode(upload(t, "image", "bytes", "file")) == "40035");
    BOOST_TEST(errcode(upload(t, "image", "bytes", "media", "")) == "40035");
    BOOST_TEST(errcode(t.old("/media/upload", "{}")) == "40035");
    BOOST_TEST(errcode(t.wire.call("POST", "/media/upload?type=image&access_token=" + t.token, "{}", as_json)) ==
               "40035");
    BOOST_TEST(errcode(upload(t, "voice", std::string(2 * 1024 * 1024, 'x'))) == "0");
    BOOST_TEST(errcode(upload(t, "voice", std::string(2 * 1024 * 1024 + 1, 'x'))) == "400002");
    t.token = "made-up";
    BOOST_TEST(upload(t, "image", "bytes").body == R"({"errcode":40014,"errmsg":"不合法的access_token"})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_work_notice_test
