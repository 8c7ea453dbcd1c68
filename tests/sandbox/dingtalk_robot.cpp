// DingTalk's bot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "dingtalk_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace dingtalk_robot_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_dingtalk_robot)

reply status_of(ding_talk& t, std::string const& key, std::string const& robot = ding_app)
{
    return t.modern("GET", "/v1.0/robot/oToMessages/readStatus?robotCode=" + robot +
                               "&processQueryKey=" + percent_encoded(key));
}

reply recall(ding_talk& t, std::vector<std::string> const& keys, std::string const& robot = ding_app)
{
    return t.modern("POST", batch_recall,
                    text(json::object{{"robotCode", robot}, {"processQueryKeys", json::value_from(keys)}}));
}

// The lists of an answer, without its key.
std::string lists(reply const& r)
{
    auto o = r.object();
    o.erase("processQueryKey");
    return text(o);
}

BOOST_AUTO_TEST_CASE(an_accepted_message_has_a_row_for_each_receiver_and_one_key)
{
    ding_talk t;
    auto const r = t.send({"ada", "bob", "ada"}, "sampleMarkdown", R"({"title":"Disk","text":"**91%** full"})");
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(lists(r) == R"({"flowControlledStaffIdList":[],"invalidStaffIdList":[]})");
    BOOST_TEST(r.headers.at("content-type") == "application/json;charset=utf-8");
    auto const ledger = t.platform.ledger();
    BOOST_TEST_REQUIRE(ledger.size() == 2u);
    for (std::size_t i = 0; i < 2; ++i)
    {
        BOOST_TEST(ledger[i].provider == "dingtalk");
        BOOST_TEST(ledger[i].to == (i == 0 ? "ada" : "bob"));
        BOOST_TEST(ledger[i].receive_id_type == "userid");
        BOOST_TEST(ledger[i].receive_id == ledger[i].to);
        BOOST_TEST(ledger[i].message_id == at(r, "/processQueryKey"));
        BOOST_TEST(ledger[i].msg_type == "sampleMarkdown");
        BOOST_TEST(ledger[i].content == R"({"title":"Disk","text":"**91%** full"})");
        BOOST_TEST(ledger[i].app_id == ding_app);
    }
}

BOOST_AUTO_TEST_CASE(a_body_may_come_in_chunks)
{
    ding_talk t;
    auto const body = t.send_body({"ada"});
    char size[16];
    std::snprintf(size, sizeof size, "%zx", body.size());
    t.wire.write("POST " + batch_send + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n" +
                 "x-acs-dingtalk-access-token: " + t.token + "\r\n\r\n" + size + "\r\n" + body + "\r\n0\r\n\r\n");
    BOOST_TEST(t.wire.read_all().starts_with("HTTP/1.1 200 "));
    BOOST_TEST(t.platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(keys_hold_characters_that_must_be_encoded)
{
    ding_talk t;
    auto const key = t.sent_key({"ada"});
    BOOST_TEST(key.find_first_of("+") != std::string::npos);
    BOOST_TEST(key.find_first_of("/") != std::string::npos);
    BOOST_TEST(key.ends_with("="));
    BOOST_TEST(status_of(t, key).status == 200u);
    check_modern(
        t.modern("GET", "/v1.0/robot/oToMessages/readStatus?processQueryKey=" + key + "&robotCode=" + ding_app), 400,
        "invalid.processQueryKey");
}

BOOST_AUTO_TEST_CASE(a_single_unknown_id_is_refused_and_several_are_listed)
{
    ding_talk t;
    for (auto const* id : {"nobody", "rita", "vera"})
        check_modern(t.send({id}), 400, "staffId.notExisted");
    auto const mixed = t.send({"nobody", "ada", "rita"});
    BOOST_TEST(mixed.status == 200u);
    BOOST_TEST(lists(mixed) == R"({"flowControlledStaffIdList":[],"invalidStaffIdList":["nobody","rita"]})");
    BOOST_TEST(t.platform.ledger().size() == 1u);
    auto const all = t.send({"nobody", "rita"});
    BOOST_TEST(all.status == 200u);
    BOOST_TEST(at(all, "/invalidStaffIdList") == R"(["nobody","rita"])");
    t.edit([](auto& w) { w.modes.all_unknown_refused = true; });
    check_modern(t.send({"nobody", "rita"}), 400, "staffId.notExisted");
}

BOOST_AUTO_TEST_CASE(who_is_out_of_availability_is_refused_or_listed)
{
    ding_talk t;
    check_modern(t.send({"otto"}), 400, "robot.oto.notExist");
    check_modern(t.send({"otto", "nobody"}), 400, "robot.oto.notExist");
    BOOST_TEST(at(t.send({"otto", "ada"}), "/invalidStaffIdList") == R"(["otto"])");
    t.edit([](auto& w) { w.modes.unreachable = "invalidStaffIdList"; });
    auto const r = t.send({"otto"});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(at(r, "/invalidStaffIdList") == R"(["otto"])");
    BOOST_TEST(t.platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_blocked_the_bot_is_filtered)
{
    ding_talk t;
    auto const r = t.send({"boris"});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(lists(r) == R"({"flowControlledStaffIdList":[],"invalidStaffIdList":[],)"
                           R"("filteredStaffIdList":["boris"]})");
    t.edit([](auto& w) { w.modes.blocked = "invalidStaffIdList"; });
    BOOST_TEST(lists(t.send({"boris"})) == R"({"flowControlledStaffIdList":[],"invalidStaffIdList":["boris"]})");
    t.edit([](auto& w) { w.modes.all_unknown_refused = true; });
    BOOST_TEST(at(t.send({"nobody", "boris"}), "/invalidStaffIdList") == R"(["nobody","boris"])");
    t.edit([](auto& w) { w.modes.blocked = "none"; });
    BOOST_TEST(lists(t.send({"boris"})) == R"({"flowControlledStaffIdList":[],"invalidStaffIdList":[]})");
    BOOST_TEST(t.platform.ledger().empty());
    t.edit([](auto& w) { w.modes.empty_lists_absent = true; });
    BOOST_TEST(lists(t.send({"ada"})) == "{}");
}

BOOST_AUTO_TEST_CASE(limits_per_person_and_per_robot_have_their_own_answers)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) {
                    w.limits.enabled = true;
                    w.limits.per_person_per_minute = 1;
                    w.limits.robot_per_minute = 3;
                }));
    t.send({"ada"});
    auto const r = t.send({"ada", "bob"});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(at(r, "/flowControlledStaffIdList") == R"(["ada"])");
    BOOST_TEST(t.platform.ledger().back().to == "bob");
    t.send({"chen"});
    check_modern(t.send({"dana"}), 400, "send.too.fast");
    t.platform.advance(60s);
    BOOST_TEST(at(t.send({"ada"}), "/flowControlledStaffIdList") == "[]");
}

BOOST_AUTO_TEST_CASE(the_body_is_checked_before_what_it_says)
{
    ding_talk t;
    auto const post = [&](std::string const& body, std::string const& type) {
        return t.wire.call("POST", batch_send, body,
                           {{"x-acs-dingtalk-access-token", t.token}, {"Content-Type", type}});
    };
    auto const json_type = std::string("application/json; charset=utf-8");
    check_modern(post("", json_type), 400, "Missingbody");
    auto const form = post(t.send_body({"ada"}), "text/plain");
    check_modern(form, 400, "Missingbody");
    BOOST_TEST(at(form, "/message") == "body is mandatory for this action.");
    auto const broken = post("{]", json_type);
    check_modern(broken, 400, "Invalidbody");
    BOOST_TEST(at(broken, "/message") == "Specified parameter body is not valid. JSON parsing error");
    check_modern(post("[]", json_type), 400, "Invalidbody");
    for (auto const* name : {"robotCode", "userIds", "msgKey", "msgParam"})
    {
        auto body = json::parse(t.send_body({"ada"})).as_object();
        body.erase(name);
        auto const r = post(text(body), json_type);
        check_modern(r, 400, std::string("Missing") + name);
        BOOST_TEST(at(r, "/message") == std::string(name) + " is mandatory for this action.");
    }
    BOOST_TEST(post(t.send_body({"ada"}), json_type).status == 200u);
}

struct bad_member
{
    char const* name;
    char const* json_value;
    char const* code;
};

std::ostream& operator<<(std::ostream& out, bad_member const& b)
{
    return out << b.name << " = " << b.json_value;
}

bad_member const bad_members[]{
    {"robotCode", R"("")", "invalidParameter.robotCode.empty"},
    {"robotCode", R"("dingnobody")", "invalidParameter.robotCode.notExsit"},
    {"robotCode", R"("dingtidings0e02")", "invalidParameter.robotCode.invalid"},
    {"userIds", "[]", "invalidParameter.userIds.empty"},
    {"userIds", R"([""])", "invalidParameter.userId.empty"},
    {"userIds", R"("ada")", "invalidParameter.param.invalid"},
    {"userIds", "[1]", "invalidParameter.param.invalid"},
    {"msgKey", R"("")", "invalidParameter.msgKey.empty"},
    {"msgKey", R"("sampleHologram")", "invalidParameter.msgKey.invalid"},
    {"msgParam", R"({"content":"hi"})", "invalidParameter.msgParam.invalid"},
    {"msgParam", R"("")", "invalidParameter.msgParam.invalid"},
    {"msgParam", R"("hi")", "invalidParameter.msgParam.invalid"},
    {"msgParam", R"("[]")", "invalidParameter.msgParam.invalid"},
    {"msgParam", R"("{\"content\":\"x\",\"more\":1}")", "invalidParameter.msgParam.invalid"},
    {"msgParam", R"("{}")", "miss.param.contentOfText"},
};

BOOST_DATA_TEST_CASE(a_bad_member_has_its_own_code, boost::unit_test::data::make(bad_members), bad)
{
    ding_talk t;
    auto body = json::parse(t.send_body({"ada"})).as_object();
    body[bad.name] = json::parse(bad.json_value);
    check_modern(t.modern("POST", batch_send, text(body)), 400, bad.code);
    BOOST_TEST(t.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(twenty_receivers_are_the_most)
{
    ding_talk t;
    std::vector<std::string> ids(19, "nobody");
    ids.push_back("ada");
    BOOST_TEST(t.send(ids).status == 200u);
    ids.push_back("bob");
    check_modern(t.send(ids), 400, "invalidParameter.userIds.overMax");
    for (auto const* code : {"batch.toolarge", "receivers.exceed"})
    {
        t.edit([&](auto& w) { w.modes.too_many_code = code; });
        check_modern(t.send(ids), 400, code);
    }
}

BOOST_AUTO_TEST_CASE(a_message_has_a_limit_in_bytes)
{
    ding_talk t;
    auto const sized = [](std::size_t n) { return R"({"content":")" + std::string(n - 14, 'x') + "\"}"; };
    BOOST_TEST(t.send({"ada"}, "sampleText", sized(15000)).status == 200u);
    check_modern(t.send({"ada"}, "sampleText", sized(15001)), 400, "invalidParameter.msgParam.tooLong");
}

struct form_of
{
    char const* key;
    // All of them required.
    std::vector<std::pair<char const*, char const*>> fields;
    // What the first one is called when it is missing.
    char const* first_missing;
    char const* last_missing;
};

std::ostream& operator<<(std::ostream& out, form_of const& f)
{
    return out << f.key;
}

std::vector<std::pair<char const*, char const*>> buttons(int n)
{
    static char const* const names[]{"actionTitle1", "actionURL1",   "actionTitle2", "actionURL2",   "actionTitle3",
                                     "actionURL3",   "actionTitle4", "actionURL4",   "actionTitle5", "actionURL5"};
    std::vector<std::pair<char const*, char const*>> out{{"title", "T"}, {"text", "x"}};
    for (int i = 0; i < 2 * n; ++i)
        out.emplace_back(names[i], "https://example.com");
    return out;
}

form_of const forms[]{
    {"sampleText", {{"content", "hi"}}, "contentOfText", "contentOfText"},
    {"sampleMarkdown", {{"title", "T"}, {"text", "x"}}, "markdownTotitle", "markdownTotext"},
    {"sampleImageMsg", {{"photoURL", "@lADP"}}, "imageTophotoURL", "imageTophotoURL"},
    {"sampleLink",
     {{"title", "T"}, {"text", "x"}, {"messageUrl", "https://example.com"}},
     "linkTotitle",
     "linkTomessageUrl"},
    {"sampleActionCard",
     {{"title", "T"}, {"text", "x"}, {"singleTitle", "Open"}, {"singleURL", "https://example.com"}},
     "actionCardTotitle",
     "actionCardTosingleUrl"},
    {"sampleActionCard2", buttons(2), "actionCardTotitle", "actionCardToactionUrl2"},
    {"sampleActionCard3", buttons(3), "actionCardTotitle", "actionCardToactionUrl3"},
    {"sampleActionCard4", buttons(4), "actionCardTotitle", "actionCardToactionUrl4"},
    {"sampleActionCard5", buttons(5), "actionCardTotitle", "actionCardToactionUrl5"},
    {"sampleActionCard6",
     {{"title", "T"},
      {"text", "x"},
      {"buttonTitle1", "a"},
      {"buttonUrl1", "https://example.com"},
      {"buttonTitle2", "b"},
      {"buttonUrl2", "https://example.com"}},
     "actionCardTotitle",
     "actionCardTobuttonUrl2"},
    {"sampleAudio", {{"mediaId", "@lADP"}, {"duration", "3000"}}, "audioTomediaId", "audioToduration"},
    {"sampleFile", {{"mediaId", "@lADP"}, {"fileName", "a"}, {"fileType", "pdf"}}, "fileTomediaId", "fileTofileType"},
    {"sampleVideo",
     {{"videoMediaId", "@lADP"}, {"videoType", "mp4"}, {"picMediaId", "@lADQ"}, {"duration", "3"}},
     "videoTovideoMediaId",
     "videoToduration"},
};

BOOST_DATA_TEST_CASE(every_template_wants_its_fields, boost::unit_test::data::make(forms), form)
{
    ding_talk t;
    json::object param;
    for (auto const& [name, value] : form.fields)
        param[name] = value;
    BOOST_TEST(t.send({"ada"}, form.key, text(param)).status == 200u);
    BOOST_TEST(t.platform.ledger().back().msg_type == form.key);
    auto without_first = param;
    without_first.erase(form.fields.front().first);
    check_modern(t.send({"ada"}, form.key, text(without_first)), 400, std::string("miss.param.") + form.first_missing);
    param[form.fields.back().first] = "";
    check_modern(t.send({"ada"}, form.key, text(param)), 400, std::string("miss.param.") + form.last_missing);
}

BOOST_AUTO_TEST_CASE(files_and_videos_are_of_known_types)
{
    ding_talk t;
    check_modern(t.send({"ada"}, "sampleFile", R"({"mediaId":"@l","fileName":"a","fileType":"exe"})"), 400,
                 "invalidParameter.param.invalid");
    check_modern(
        t.send({"ada"}, "sampleVideo", R"({"videoMediaId":"@l","picMediaId":"@l","duration":"3","videoType":"avi"})"),
        400, "invalidParameter.param.invalid");
}

BOOST_AUTO_TEST_CASE(a_bot_that_is_not_ready_says_why)
{
    ding_talk t(ding_unpublished);
    for (auto const* code : {"template.stopped", "chatbotId.notAllow.sendOTO", "template.not.existed",
                             "invalidParameter.robotCode.notExsit"})
    {
        t.edit([&](auto& w) { w.modes.unpublished_code = code; });
        check_modern(t.send({"ada"}), 400, code);
    }
    t.edit([](auto& w) {
        w.find_app(ding_unpublished)->published = true;
        w.find_app(ding_unpublished)->robot_stopped = true;
    });
    check_modern(t.send({"ada"}), 400, "bot.stopped");
    t.edit([](auto& w) { w.find_app(ding_unpublished)->robot = false; });
    auto const r = t.send({"ada"});
    check_modern(r, 400, "invalidParameter.robotCode.notExsit");
    BOOST_TEST(at(r, "/message") == "错误描述: robot 不存在；解决方案:请确认 robotCode 是否正确；");
}

BOOST_AUTO_TEST_CASE(an_empty_robot_code_of_the_world_means_the_app_key)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) { w.apps[0].robot_code.clear(); }));
    auto body = json::parse(t.send_body({"ada"})).as_object();
    body["robotCode"] = ding_app;
    BOOST_TEST(t.modern("POST", batch_send, text(body)).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_bots_security_settings_and_the_content_check_refuse)
{
    ding_talk t;
    t.edit([](auto& w) { w.apps[0].robot_keywords = {"alert"}; });
    check_modern(t.send({"ada"}), 400, "keywords.not.match");
    BOOST_TEST(t.send({"ada"}, "sampleText", R"({"content":"red alert"})").status == 200u);
    t.edit([](auto& w) {
        w.apps[0].robot_keywords.clear();
        w.apps[0].robot_ip_allow_list = {"10.0.0.0/8"};
    });
    check_modern(t.send({"ada"}), 400, "ip.not.match");
    t.edit([](auto& w) { w.apps[0].robot_ip_allow_list.clear(); });
    for (auto const& [kind, code] : {std::pair("url", "contain.unsafe.url"),
                                     {"text", "contain.notAllowed.text"},
                                     {"picture", "contain.notAllowed.picture"},
                                     {"content", "contain.notAllowed.content"}})
    {
        t.edit([&](auto& w) {
            w.censored.resize(1);
            w.censored[0].text = "hi";
            w.censored[0].kind = kind;
        });
        check_modern(t.send({"ada"}), 400, code);
    }
}

BOOST_AUTO_TEST_CASE(the_world_can_have_every_send_refused)
{
    ding_talk t;
    for (auto const& [code, status] : {std::pair("send.forbidden", 400u),
                                       {"sign.not.match", 400u},
                                       {"session.expired", 400u},
                                       {"system.error", 500u}})
    {
        t.edit([&](auto& w) { w.apps[0].send_refusal = code; });
        check_modern(t.send({"ada"}), status, code);
    }
    BOOST_TEST(t.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(the_read_status_is_of_each_receiver)
{
    ding_talk t;
    auto const key = t.sent_key({"ada", "bob", "boris"});
    auto const unread = status_of(t, key);
    BOOST_TEST(unread.body == R"({"sendStatus":"SUCCESS","messageReadInfoList":[)"
                              R"({"name":"Ada","userId":"ada","readStatus":"UNREAD"},)"
                              R"({"name":"Bob","userId":"bob","readStatus":"UNREAD"}]})");
    t.platform.mark_read(key, "bob");
    BOOST_TEST(at(status_of(t, key), "/messageReadInfoList/0/readStatus") == "UNREAD");
    BOOST_TEST(at(status_of(t, key), "/messageReadInfoList/1/readStatus") == "READ");
    auto const by_call =
        t.wire.call("POST", "/_sandbox/read", text(json::object{{"message_id", key}, {"login_name", "ada"}}), as_json);
    BOOST_TEST(by_call.status == 200u);
    BOOST_TEST(at(status_of(t, key), "/messageReadInfoList/0/readStatus") == "READ");
    BOOST_TEST(t.platform.ledger()[1].readers.size() == 1u);
    t.edit([](auto& w) { w.modes.misspelt_success = true; });
    BOOST_TEST(at(status_of(t, key), "/sendStatus") == "SUCESS");
}

BOOST_AUTO_TEST_CASE(a_record_can_be_late_and_goes_after_a_day)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) { w.modes.record_delay_seconds = 5; }));
    auto const key = t.sent_key({"ada"});
    check_modern(status_of(t, key), 400, "processQueryKey.expireTime");
    t.platform.advance(5s);
    BOOST_TEST(at(status_of(t, key), "/sendStatus") == "PROCESSING");
    t.platform.advance(5s);
    BOOST_TEST(at(status_of(t, key), "/sendStatus") == "SUCCESS");
    t.platform.advance(24h);
    t.token = t.fetch();
    check_modern(status_of(t, key), 400, "processQueryKey.expireTime");
    BOOST_TEST(at(recall(t, {key}), "/code") == "robot.processQueryKey.expired");
}

BOOST_AUTO_TEST_CASE(a_read_status_that_cannot_be_told_is_refused)
{
    ding_talk t;
    auto const key = percent_encoded(t.sent_key({"ada"}));
    auto const ask = [&](std::string const& query) {
        return t.modern("GET", "/v1.0/robot/oToMessages/readStatus" + query);
    };
    check_modern(ask("?processQueryKey=" + key), 400, "invalidParameter.robotCode.missing");
    check_modern(ask("?robotCode=&processQueryKey=" + key), 400, "invalidParameter.robotCode.empty");
    check_modern(ask("?robotCode=nobody&processQueryKey=" + key), 400, "invalidParameter.robotCode.notExsit");
    check_modern(ask("?robotCode=dingtidings0e02&processQueryKey=" + key), 400, "invalidParameter.robotCode.invalid");
    check_modern(ask("?robotCode=" + ding_app), 400, "invalidParameter.processQueryKey.missing");
    check_modern(ask("?processQueryKey=made-up&robotCode=" + ding_app), 400, "invalid.processQueryKey");
}

BOOST_AUTO_TEST_CASE(a_recalled_message_is_recalled_for_everybody)
{
    ding_talk t;
    auto const key = t.sent_key({"ada", "bob"});
    auto const other = t.sent_key({"chen"});
    auto const r = recall(t, {key, "made-up"});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.body ==
               R"({"successResult":[")" + key + R"("],"failedResult":{"made-up":"invalid.processQueryKey"}})");
    auto const ledger = t.platform.ledger();
    BOOST_TEST((ledger[0].recalled && ledger[1].recalled && !ledger[2].recalled));
    BOOST_TEST(at(status_of(t, key), "/sendStatus") == "RECALLED");
    BOOST_TEST(at(status_of(t, other), "/sendStatus") == "SUCCESS");
    BOOST_TEST(recall(t, {other}).body == R"({"successResult":[")" + other + R"("],"failedResult":{}})");
}

BOOST_AUTO_TEST_CASE(a_recall_of_nothing_is_refused)
{
    ding_talk t;
    auto const key = t.sent_key({"ada"});
    check_modern(recall(t, {"made-up"}), 400, "invalid.processQueryKey");
    check_modern(recall(t, {"made-up", "as-well"}), 400, "notRevoke.all.messages");
    check_modern(recall(t, {}), 400, "invalidParameter.processQueryKey.missing");
    check_modern(recall(t, std::vector<std::string>(21, key)), 400, "invalidParameter.processQueryKeys.overMax");
    check_modern(recall(t, {key}, "nobody"), 400, "invalidParameter.robotCode");
    check_modern(t.modern("POST", batch_recall, R"({"robotCode":"dingtidings0718"})"), 400,
                 "invalidParameter.processQueryKey.missing");
    check_modern(t.modern("POST", batch_recall, R"({"robotCode":"dingtidings0718","processQueryKeys":"x"})"), 400,
                 "invalidParameter.param.invalid");
    // Another app's bot.
    t.app_key = ding_unpublished;
    t.token = t.fetch();
    check_modern(recall(t, {key}, ding_unpublished), 400, "not.allowed.robotCode");
    BOOST_TEST(!t.platform.ledger()[0].recalled);
}

std::string const own_group = "cidtidings0718==";

reply send_to_group(ding_talk& t, std::string const& group, std::string const& robot = ding_app)
{
    return t.modern("POST", "/v1.0/robot/groupMessages/send",
                    text(json::object{{"robotCode", robot},
                                      {"openConversationId", group},
                                      {"msgKey", "sampleText"},
                                      {"msgParam", R"({"content":"hi"})"}}));
}

BOOST_AUTO_TEST_CASE(a_group_gets_one_message_from_its_own_bot)
{
    ding_talk t;
    auto const send = [&](std::string const& group, std::string const& robot = ding_app) {
        return send_to_group(t, group, robot);
    };
    auto const r = send("cidtidings0718==");
    BOOST_TEST(r.status == 200u);
    auto const m = t.platform.ledger().front();
    BOOST_TEST(r.body == R"({"processQueryKey":")" + m.message_id + "\"}");
    BOOST_TEST(m.to == "cidtidings0718==");
    BOOST_TEST(m.receive_id_type == "group");
    BOOST_TEST(m.content == R"({"content":"hi"})");
    BOOST_TEST(text(json::value_from(m.reached)) == R"(["ada","bob","chen"])");
    check_modern(send("made-up"), 400, "resource.not.found");
    check_modern(send("cidtidings0719=="), 400, "invalidParameter.robotCode.notExsit");
    check_modern(send("cidtidings0718==", ding_unpublished), 400, "invalidParameter.robotCode.auth");
    check_modern(t.modern("POST", "/v1.0/robot/groupMessages/send",
                          R"({"robotCode":"x","msgKey":"y","openConversationId":"z"})"),
                 400, "MissingmsgParam");
    t.edit([](auto& w) {
        w.groups[0].robots.clear();
        w.modes.robot_outside_group_code = "resource.not.found";
        w.modes.unknown_group_code = "invalid.openConversationId";
    });
    check_modern(send("cidtidings0718=="), 400, "resource.not.found");
    check_modern(send("made-up"), 400, "invalid.openConversationId");
    // Status and recall at these paths are for one-to-one messages.
    check_modern(status_of(t, m.message_id), 400, "invalid.processQueryKey");
    check_modern(recall(t, {m.message_id}), 400, "invalid.processQueryKey");
}

BOOST_AUTO_TEST_CASE(a_group_that_takes_no_messages_of_bots_says_why)
{
    ding_talk t;
    t.edit([](auto& w) { w.groups[0].bots_may_speak = false; });
    check_modern(send_to_group(t, own_group), 400, "send.forbidden");
    t.edit([](auto& w) { w.groups[0].dissolved = true; });
    check_modern(send_to_group(t, own_group), 400, "group.disbanded");
    BOOST_TEST(t.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(readers_of_a_group_message_come_in_pages)
{
    ding_talk t;
    auto const key = at(send_to_group(t, own_group), "/processQueryKey");
    auto const ask = [&](json::object more = {}) {
        json::object body{{"robotCode", ding_app}, {"openConversationId", own_group}, {"processQueryKey", key}};
        for (auto const& [name, value] : more)
            body[name] = value;
        return t.modern("POST", "/v1.0/robot/groupMessages/query", text(body));
    };
    BOOST_TEST(ask().body == R"({"sendStatus":"SUCCESS","readUserIds":[],"nextToken":"","hasMore":false})");
    for (auto const* who : {"chen", "ada", "bob"})
        t.platform.mark_read(key, who);
    BOOST_TEST(at(ask(), "/readUserIds") == R"(["chen","ada","bob"])");
    auto const first = ask({{"maxResults", 2}});
    BOOST_TEST(first.body == R"({"sendStatus":"SUCCESS","readUserIds":["chen","ada"],"nextToken":"2","hasMore":true})");
    auto const second = ask({{"maxResults", 2}, {"nextToken", at(first, "/nextToken")}});
    BOOST_TEST(second.body == R"({"sendStatus":"SUCCESS","readUserIds":["bob"],"nextToken":"","hasMore":false})");

    check_modern(ask({{"maxResults", 201}}), 400, "invalidParameter.pageSize.invalid");
    check_modern(ask({{"maxResults", 0}}), 400, "invalidParameter.pageSize.invalid");
    check_modern(ask({{"nextToken", "x"}}), 400, "invalidParameter.cursor.invalid");
    check_modern(ask({{"nextToken", "4"}}), 400, "invalidParameter.cursor.invalid");
    check_modern(ask({{"robotCode", ""}}), 400, "invalidParameter.robotCode.missing");
    check_modern(ask({{"processQueryKey", ""}}), 400, "invalidParameter.processQueryKey.missing");
    check_modern(ask({{"processQueryKey", "x"}}), 400, "invalid.processQueryKey");
    check_modern(ask({{"openConversationId", ""}}), 400, "openConversationId.notExisted");
    check_modern(ask({{"openConversationId", "x"}}), 400, "invalid.openConversationId");
    check_modern(ask({{"openConversationId", "cidtidings0719=="}}), 400, "invalid.processQueryKey");
    check_modern(ask({{"processQueryKey", t.sent_key({"ada"})}}), 400, "invalid.processQueryKey");
    t.platform.advance(25h);
    t.token = t.fetch();
    check_modern(ask(), 400, "processQueryKey.expireTime");
}

BOOST_AUTO_TEST_CASE(a_group_message_can_be_recalled_with_its_group)
{
    ding_talk t;
    auto const key = at(send_to_group(t, own_group), "/processQueryKey");
    auto const take_back = [&](std::string const& group, std::string const& which) {
        return t.modern("POST", "/v1.0/robot/groupMessages/recall",
                        text(json::object{{"robotCode", ding_app},
                                          {"openConversationId", group},
                                          {"processQueryKeys", json::array{which}}}));
    };
    check_modern(take_back("x", key), 400, "invalid.openConversationId");
    check_modern(take_back("cidtidings0719==", key), 400, "invalid.processQueryKey");
    check_modern(take_back(own_group, t.sent_key({"ada"})), 400, "invalid.processQueryKey");
    check_modern(t.modern("POST", "/v1.0/robot/groupMessages/recall",
                          R"({"robotCode":"dingtidings0718","processQueryKeys":["x"]})"),
                 400, "MissingopenConversationId");
    BOOST_TEST(!t.platform.ledger().front().recalled);
    BOOST_TEST(take_back(own_group, key).body == R"({"successResult":[")" + key + R"("],"failedResult":{}})");
    BOOST_TEST(t.platform.ledger().front().recalled);
    auto const readers = t.modern(
        "POST", "/v1.0/robot/groupMessages/query",
        text(json::object{{"robotCode", ding_app}, {"openConversationId", own_group}, {"processQueryKey", key}}));
    BOOST_TEST(at(readers, "/sendStatus") == "RECALLED");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_robot_test
