// Group chats of WeCom's apps (`appchat`), departments and tags.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

namespace wecom_appchat_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_appchat)

std::string const standard_chat = "tidingsoncall0718";

reply create(wecom_talk& t, std::string const& body)
{
    return t.post("/cgi-bin/appchat/create", body);
}

reply get(wecom_talk& t, std::string const& id)
{
    return t.get("/cgi-bin/appchat/get", "&chatid=" + id);
}

reply send(wecom_talk& t, std::string const& id, std::string const& msgtype = "text",
           std::string const& content = R"({"content":"hi"})")
{
    return t.post("/cgi-bin/appchat/send",
                  R"({"chatid":")" + id + R"(","msgtype":")" + msgtype + R"(",")" + msgtype + "\":" + content + "}");
}

std::string reached(sandbox::message const& m)
{
    return text(json::value_from(m.reached));
}

BOOST_AUTO_TEST_CASE(a_message_to_a_group_chat_is_one_row_with_all_members)
{
    wecom_talk t;
    auto const r = send(t, standard_chat);
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok"})");
    BOOST_TEST_REQUIRE(t.delivered() == 1u);
    auto const m = t.platform.ledger().front();
    BOOST_TEST(m.to == standard_chat);
    BOOST_TEST(m.receive_id_type == "chatid");
    BOOST_TEST(m.receive_id == standard_chat);
    BOOST_TEST(m.app_id == corp + ":1000002");
    BOOST_TEST(m.content == R"({"content":"hi"})");
    BOOST_TEST(reached(m) == R"(["ada","bob","chen"])");
    t.platform.mark_read(m.message_id, "bob");
    BOOST_TEST(t.platform.ledger().front().readers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_created_chat_can_be_read_and_written_to)
{
    wecom_talk t;
    auto const r = create(t, R"({"name":"release","owner":"BOB","userlist":["Ada","bob","dana"],"chatid":"rel1"})");
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok","chatid":"rel1"})");
    BOOST_TEST(get(t, "rel1").body == R"({"errcode":0,"errmsg":"ok","chat_info":{"chatid":"rel1","name":"release",)"
                                      R"("owner":"bob","userlist":["ada","bob","dana"]}})");
    BOOST_TEST(errcode(send(t, "rel1")) == 0);
    BOOST_TEST(reached(t.platform.ledger().front()) == R"(["ada","bob","dana"])");
    // It is in the world, too, and the world can be read back.
    auto const w = sandbox::world::from_json(to_json(t.platform.world()));
    BOOST_TEST(w.wecom.chats.back().chat_id == "rel1");
    BOOST_TEST(w.wecom.chats.back().app_id == corp + ":1000002");

    auto const unnamed = create(t, R"({"userlist":["ada","bob"]})");
    BOOST_TEST(member(unnamed, "chatid").size() == 32u);
    BOOST_TEST(member(get(t, member(unnamed, "chatid")), "chat_info").find(R"("owner":"ada")") != std::string::npos);
    std::string name;
    for (auto i = 0; i < 51; ++i)
        name += "值";
    BOOST_TEST(errcode(create(t, R"({"name":")" + name + R"(","userlist":["ada","bob"],"chatid":"long"})")) == 0);
    BOOST_TEST(t.platform.world().wecom.chats.back().name == name.substr(0, 50 * 3));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_created_has_its_code)
{
    wecom_talk t;
    auto const code = [&](std::string const& body) { return errcode(create(t, body)); };
    BOOST_TEST(code(R"({"userlist":["ada","bob"],"chatid":"tidingsoncall0718"})") == 86215);
    BOOST_TEST(code(R"({"userlist":["ada","bob"],"chatid":"no-dash"})") == 86001);
    BOOST_TEST(code(R"({"userlist":["ada","bob"],"chatid":")" + std::string(33, 'x') + "\"}") == 86205);
    BOOST_TEST(code("{}") == 86204);
    BOOST_TEST(code(R"({"userlist":"ada"})") == 40058);
    BOOST_TEST(code(R"({"userlist":["ada"]})") == 86006);
    BOOST_TEST(code(R"({"userlist":["ada","ADA"]})") == 86006);
    BOOST_TEST(code(R"({"userlist":["ada","nobody"]})") == 86216);
    BOOST_TEST(code(R"({"userlist":["ada","rita"]})") == 86216);
    BOOST_TEST(code(R"({"userlist":["ada",1]})") == 86216);
    BOOST_TEST(code(R"({"userlist":["ada","bob"],"owner":"dana"})") == 86207);
    BOOST_TEST(t.platform.world().wecom.chats.size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_app_that_created_a_chat_may_use_it)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) {
        w.apps[1].range_is_root = true;
        w.apps[2].enabled = true;
    });
    t.token = t.fetch(bob_only_secret);
    BOOST_TEST(errcode(get(t, standard_chat)) == 86008);
    BOOST_TEST(errcode(send(t, standard_chat)) == 86008);
    t.token = t.fetch(sync_secret);
    BOOST_TEST(errcode(send(t, standard_chat)) == 48002);
    BOOST_TEST(errcode(get(t, standard_chat)) == 48002);
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(an_app_that_does_not_see_the_root_department_may_not_use_chats)
{
    wecom_talk t(bob_only_secret);
    BOOST_TEST(errcode(create(t, R"({"userlist":["ada","bob"]})")) == 60011);
    BOOST_TEST(errcode(get(t, standard_chat)) == 60011);
    BOOST_TEST(errcode(send(t, standard_chat)) == 60011);
    BOOST_TEST(errmsg(send(t, standard_chat)) == "no privilege to access/modify contact/party/agent");
}

BOOST_AUTO_TEST_CASE(an_unknown_chat_has_the_code_that_was_seen_or_the_documented_one)
{
    wecom_talk t;
    BOOST_TEST(errcode(send(t, "unknown")) == 86001);
    BOOST_TEST(errcode(send(t, "")) == 86201);
    BOOST_TEST(errcode(t.get("/cgi-bin/appchat/get")) == 86201);
    t.with_world([](sandbox::wecom_world& w) { w.modes.unknown_chat_code = 86003; });
    BOOST_TEST(errcode(send(t, "unknown")) == 86003);
    BOOST_TEST(errcode(get(t, "unknown")) == 86003);
}

BOOST_AUTO_TEST_CASE(a_group_chat_takes_fewer_kinds_of_messages_than_a_person)
{
    wecom_talk t;
    BOOST_TEST(errcode(send(t, standard_chat, "markdown")) == 0);
    BOOST_TEST(errcode(send(t, standard_chat, "template_card", "{}")) == 40008);
    BOOST_TEST(errcode(send(t, standard_chat, "text", R"({"content":""})")) == 44004);
    BOOST_TEST(errcode(send(t, standard_chat, "image", R"({"media_id":"x"})")) == 40007);
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].may_send = false; });
    BOOST_TEST(errcode(send(t, standard_chat)) == 48006);
}

BOOST_AUTO_TEST_CASE(too_many_messages_to_chats_are_refused_and_to_one_member_dropped)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) {
        w.limits.enabled = true;
        w.limits.chat_member_per_minute = 2;
        w.limits.chat_people_per_minute = 9;
    });
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(errcode(send(t, standard_chat)) == 0);
    BOOST_TEST(t.delivered() == 2u);
    BOOST_TEST(errcode(send(t, standard_chat)) == 45009);
    t.platform.advance(61s);
    BOOST_TEST(errcode(send(t, standard_chat)) == 0);
    BOOST_TEST(t.delivered() == 3u);
}

BOOST_AUTO_TEST_CASE(a_department_is_everybody_in_it_and_below_it_whom_the_app_sees)
{
    wecom_talk t;
    auto const r = t.send("", "text", R"({"content":"x"})", R"(,"toparty":"2|4|x|99")");
    BOOST_TEST(errcode(r) == 0);
    // 4 has only people out of range.
    BOOST_TEST(member(r, "invalidparty") == "4|x|99");
    auto const rows = t.platform.ledger();
    BOOST_TEST_REQUIRE(rows.size() == 2u);
    BOOST_TEST(rows[0].to == "ada");
    BOOST_TEST(rows[1].to == "chen");
    for (auto const& m : rows)
    {
        BOOST_TEST(m.receive_id_type == "partyid");
        BOOST_TEST(m.receive_id == "2");
        BOOST_TEST(m.message_id == member(r, "msgid"));
        BOOST_TEST(reached(m) == "[\"" + m.to + "\"]");
    }
}

BOOST_AUTO_TEST_CASE(a_tag_is_its_people_and_the_people_of_its_departments)
{
    wecom_talk t;
    auto const r = t.send("bob", "text", R"({"content":"x"})", R"(,"totag":"1|2|77")");
    BOOST_TEST(member(r, "invalidtag") == "2|77");
    auto const rows = t.platform.ledger();
    BOOST_TEST_REQUIRE(rows.size() == 2u);
    // A person who is asked for twice gets one message.
    BOOST_TEST(rows[0].to == "bob");
    BOOST_TEST(rows[0].receive_id_type == "userid");
    BOOST_TEST(rows[1].to == "chen");
    BOOST_TEST(rows[1].receive_id_type == "tagid");
    BOOST_TEST(rows[1].receive_id == "1");
    auto const none = t.send("", "text", R"({"content":"x"})", R"(,"totag":"2")");
    BOOST_TEST(errcode(none) == 81013);
    BOOST_TEST(member(none, "invalidtag") == "2");
}

BOOST_AUTO_TEST_CASE(contradictions_in_departments_tags_and_chats_are_named_with_their_place)
{
    auto const complaint = [](std::function<void(sandbox::wecom_world&)> const& change) -> std::string {
        auto w = sandbox::world::standard();
        change(w.wecom);
        try
        {
            sandbox::server const platform(still().world(w));
        }
        catch (sandbox::world_error const& e)
        {
            return e.what();
        }
        return "none";
    };
    auto const starts = [&](std::function<void(sandbox::wecom_world&)> const& change, std::string const& path) {
        auto const words = complaint(change);
        BOOST_TEST(words.starts_with(path), words);
    };
    starts([](auto& w) { w.parties[1].party_id = 2; }, "wecom.parties[1].party_id");
    starts([](auto& w) { w.parties[1].party_id = 0; }, "wecom.parties[1].party_id");
    starts([](auto& w) { w.parties[1].parent_id = 99; }, "wecom.parties[1].parent_id");
    starts([](auto& w) { w.parties[0].parent_id = 3; }, "wecom.parties[0].parent_id: goes round in circles");
    starts([](auto& w) { w.tags[1].tag_id = 1; }, "wecom.tags[1].tag_id");
    starts([](auto& w) { w.chats.push_back(w.chats[0]); }, "wecom.chats[1].chat_id");
    starts([](auto& w) { w.modes.unknown_chat_code = 1; }, "wecom.modes.unknown_chat_code");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_appchat_test
