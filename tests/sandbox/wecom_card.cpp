// WeCom's template cards.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace wecom_card_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_card)

std::string const notice =
    R"({"card_type":"text_notice","source":{"desc":"ops","desc_color":1},"main_title":{"title":"disk","desc":"db"},)"
    R"("horizontal_content_list":[{"keyname":"room","value":"1"}],)"
    R"("card_action":{"type":1,"url":"https://example.com/alert/123"}})";

std::string question(std::string const& task, char const* type = "button_interaction")
{
    return R"({"card_type":")" + std::string(type) + R"(","main_title":{"title":"ok?"},"task_id":")" + task + "\"}";
}

BOOST_AUTO_TEST_CASE(a_notice_needs_no_task_and_has_no_response_code)
{
    wecom_talk t;
    auto const r = t.send("ada", "template_card", notice);
    BOOST_TEST(errcode(r) == 0);
    BOOST_TEST(member(r, "response_code") == "absent");
    BOOST_TEST(t.platform.ledger().back().content == notice);
    BOOST_TEST(errcode(t.send("ada", "template_card", R"({"card_type":"news_notice","main_title":{"title":"x"}})")) ==
               0);
    BOOST_TEST(errcode(t.send(
                   "ada", "template_card",
                   R"({"card_type":"text_notice","sub_title_text":"x","card_action":{"type":2,"appid":"a"}})")) == 0);
}

BOOST_AUTO_TEST_CASE(a_card_that_people_answer_has_a_response_code)
{
    wecom_talk t;
    for (auto const* type : {"button_interaction", "vote_interaction", "multiple_interaction"})
    {
        auto const r = t.send("ada", "template_card", question(type, type));
        BOOST_TEST(errcode(r) == 0, type);
        BOOST_TEST(member(r, "response_code").size() == 64u);
    }
    auto const menu = R"({"card_type":"text_notice","sub_title_text":"x","card_action":{"type":2},"task_id":"m",)"
                      R"("action_menu":{"desc":"d"}})";
    BOOST_TEST(member(t.send("ada", "template_card", menu), "response_code").size() == 64u);
}

struct bad_card
{
    std::string card;
    int code;
    char const* text;
    friend std::ostream& operator<<(std::ostream& os, bad_card const& b) { return os << b.card.substr(0, 90); }
};

std::string list_of(char const* name, std::size_t n)
{
    std::string out;
    for (std::size_t i = 0; i < n; ++i)
        out += i ? ",{}" : "{}";
    return R"({"card_type":"news_notice",")" + std::string(name) + "\":[" + out + "]}";
}

bad_card const bad_cards[]{
    {R"({"card_type":"poster"})", 40058, "card_type is unknown"},
    {R"({"main_title":{"title":"x"}})", 40058, "card_type is unknown"},
    {R"({"card_type":"text_notice","main_title":{"desc":"x"},"card_action":{"type":2}})", 40058,
     "main_title.title or sub_title_text must be given"},
    {R"({"card_type":"text_notice","sub_title_text":"x"})", 40058, "card_action must be given"},
    {R"({"card_type":"text_notice","sub_title_text":"x","card_action":{"type":1,"url":"example.com"}})", 45034,
     "url without scheme"},
    {R"({"card_type":"text_notice","sub_title_text":"x","card_action":{"type":1}})", 45034, "url without scheme"},
    {R"({"card_type":"news_notice","jump_list":{}})", 40058, "jump_list is no array"},
    {list_of("horizontal_content_list", 7), 40058, "horizontal_content_list exceed max length 6"},
    {list_of("jump_list", 4), 40058, "jump_list exceed max length 3"},
    {question(""), 40058, "task_id must be 1 to 128 letters, digits, _-@"},
    {question("a b"), 40058, "task_id must be 1 to 128 letters, digits, _-@"},
    {question(std::string(129, 'a')), 40058, "task_id must be 1 to 128 letters, digits, _-@"},
    {R"({"card_type":"news_notice","action_menu":{"desc":"d"}})", 40058,
     "task_id must be 1 to 128 letters, digits, _-@"},
};

BOOST_DATA_TEST_CASE(a_bad_card_is_refused, bad_cards)
{
    wecom_talk t;
    auto const r = t.send("ada", "template_card", sample.card);
    BOOST_TEST(errcode(r) == sample.code);
    BOOST_TEST(errmsg(r) == sample.text + std::string(sample.code == 40058 ? ". invalid Request Parameter" : ""));
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(null_lists_are_absent_ones_unless_switched)
{
    wecom_talk t;
    auto const card = R"({"card_type":"text_notice","source":{"icon_url":"","desc":"d","desc_color":0},)"
                      R"("main_title":{"title":"t","desc":""},"horizontal_content_list":null,"jump_list":null,)"
                      R"("card_action":{"type":1,"url":"https://example.com/1","appid":"","pagepath":""}})";
    BOOST_TEST(errcode(t.send("ada", "template_card", card)) == 0);
    t.with_world([](sandbox::wecom_world& w) { w.modes.null_lists = false; });
    auto const r = t.send("ada", "template_card", card);
    BOOST_TEST(errcode(r) == 40058);
    BOOST_TEST(errmsg(r) == "horizontal_content_list is no array. invalid Request Parameter");
}

BOOST_AUTO_TEST_CASE(task_cards_are_still_taken_unless_switched)
{
    wecom_talk t;
    auto const card = [](std::string const& id, std::string const& buttons = R"([{"key":"k","name":"n"}])") {
        return R"({"title":"t","description":"d","url":"https://example.com","task_id":")" + id + R"(","btn":)" +
               buttons + "}";
    };
    auto const code = [&](std::string const& content) { return errcode(t.send("ada", "taskcard", content)); };
    BOOST_TEST(code(card("t1")) == 0);
    BOOST_TEST(t.platform.ledger().front().msg_type == "taskcard");
    // The task id is used up, for template cards as well.
    BOOST_TEST(code(card("t1")) == 40058);
    for (auto const* buttons : {"[]", "null", "{}", R"([{"key":"k"}])", R"([{"key":"","name":"n"}])", "[1]",
                                R"([{"key":"a","name":"n"},{"key":"b","name":"n"},{"key":"c","name":"n"}])"})
        BOOST_TEST(code(card("t2", buttons)) == 40058, buttons);
    BOOST_TEST(code(card("")) == 40058);
    BOOST_TEST(code(card("not legal")) == 40058);
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].callback_configured = false; });
    BOOST_TEST(code(card("t3")) == 0);
    t.with_world([](sandbox::wecom_world& w) { w.modes.task_cards = false; });
    BOOST_TEST(code(card("t4")) == 40008);
}

BOOST_AUTO_TEST_CASE(lists_at_their_limits_are_accepted)
{
    wecom_talk t;
    BOOST_TEST(errcode(t.send("ada", "template_card", list_of("horizontal_content_list", 6))) == 0);
    BOOST_TEST(errcode(t.send("ada", "template_card", list_of("jump_list", 3))) == 0);
    BOOST_TEST(errcode(t.send("ada", "template_card", question(std::string(124, 'a') + "_-@9"))) == 0);
}

BOOST_AUTO_TEST_CASE(a_task_id_is_used_once_per_app)
{
    wecom_talk t;
    BOOST_TEST(errcode(t.send("otto", "template_card", question("t1"))) == 81013);
    BOOST_TEST(errcode(t.send("ada", "template_card", question("t1"))) == 0);
    auto const again = t.send("bob", "template_card", question("t1"));
    BOOST_TEST(errcode(again) == 40058);
    BOOST_TEST(errmsg(again) == "task_id was used before. invalid Request Parameter");
    t.token = t.fetch(bob_only_secret);
    BOOST_TEST(errcode(t.post(send_path, R"({"touser":"bob","msgtype":"template_card","agentid":1000003,)"
                                         R"("template_card":)" +
                                             question("t1") + "}")) == 0);
}

BOOST_AUTO_TEST_CASE(a_repeated_card_is_a_duplicate_before_its_task_is_used)
{
    wecom_talk t;
    auto const send = [&] { return t.send("ada", "template_card", question("t1"), R"(,"enable_duplicate_check":1)"); };
    BOOST_TEST(send().body == send().body);
    BOOST_TEST(t.delivered() == 1u);
}

BOOST_AUTO_TEST_CASE(a_card_that_people_answer_needs_a_callback)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].callback_configured = false; });
    BOOST_TEST(errmsg(t.send("ada", "template_card", question("t1"))) ==
               "template_card needs a callback url. invalid Request Parameter");
    BOOST_TEST(errcode(t.send("ada", "template_card", notice)) == 0);
}

struct asked : wecom_talk
{
    std::string code;

    asked() { code = member(send("ada|bob", "template_card", question("t1")), "response_code"); }

    reply update(std::string const& who, std::string const& what = R"("button":{"replace_name":"done"})",
                 char const* agent = "1000002")
    {
        return post("/cgi-bin/message/update_template_card", R"({"agentid":)" + std::string(agent) +
                                                                 R"(,"response_code":")" + code + "\"," + who + "," +
                                                                 what + "}");
    }
};

BOOST_AUTO_TEST_CASE(a_card_is_updated_once_for_whom_it_is_meant)
{
    asked t;
    BOOST_TEST(t.update(R"("userids":["Ada"])").body == R"({"errcode":0,"errmsg":"ok"})");
    auto const rows = t.platform.ledger();
    BOOST_TEST(rows[0].updated);
    BOOST_TEST(rows[0].content == question("t1"));
    BOOST_TEST(!rows[1].updated);
    auto const again = t.update(R"("userids":["ada"])");
    BOOST_TEST(errcode(again) == 40058);
    BOOST_TEST(errmsg(again) == "response_code is invalid. invalid Request Parameter");
}

BOOST_AUTO_TEST_CASE(a_card_is_replaced_by_another)
{
    for (auto const* who : {R"("atall":1)", R"("partyids":[1],"tagids":[44])"})
    {
        asked t;
        BOOST_TEST(errcode(t.update(who, R"("template_card":)" + notice)) == 0, who);
        for (auto const& row : t.platform.ledger())
            BOOST_TEST(row.content == notice);
    }
}

BOOST_AUTO_TEST_CASE(a_bad_update_leaves_the_response_code_good)
{
    asked t;
    BOOST_TEST(errcode(t.update(R"("userids":"ada")")) == 40058);
    BOOST_TEST(errcode(t.update(R"("userids":[])")) == 82001);
    BOOST_TEST(errcode(t.update(R"("atall":1)", R"("button":{})")) == 40058);
    BOOST_TEST(errcode(t.update(R"("atall":1)", R"("template_card":{"card_type":"x"})")) == 40058);
    BOOST_TEST(errcode(t.update(R"("atall":1)", R"("button":{"replace_name":"x"})", "1000003")) == 301002);
    BOOST_TEST(errcode(t.update(R"("atall":1)", R"("button":{"replace_name":"x"})", "\"x\"")) == 40056);
    BOOST_TEST(errcode(t.update(R"("atall":1)")) == 0);
}

BOOST_AUTO_TEST_CASE(a_response_code_lasts_72_hours)
{
    asked t;
    t.platform.advance(72h);
    t.token = t.fetch(good_secret);
    BOOST_TEST(errcode(t.update(R"("atall":1)")) == 40058);
    BOOST_TEST(!t.platform.ledger().front().updated);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_card_test
