// Sending through an app of WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace wecom_message_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_message)

BOOST_AUTO_TEST_CASE(an_accepted_message_has_an_id_and_is_in_the_ledger)
{
    wecom_talk t;
    auto const r = t.send("Ada", "text", R"({"content":"disk 91% full"})");
    BOOST_TEST_REQUIRE(t.delivered() == 1u);
    auto const m = t.platform.ledger().front();
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok","msgid":")" + m.message_id + "\"}");
    BOOST_TEST(m.provider == "wecom");
    BOOST_TEST(m.to == "ada");
    BOOST_TEST(m.receive_id_type == "userid");
    BOOST_TEST(m.receive_id == "Ada");
    BOOST_TEST(m.msg_type == "text");
    BOOST_TEST(m.content == R"({"content":"disk 91% full"})");
    BOOST_TEST(m.app_id == corp + ":1000002");
    BOOST_TEST(m.uuid.empty());
    BOOST_TEST(!m.recalled);
}

BOOST_AUTO_TEST_CASE(several_receivers_have_a_row_each_under_one_id)
{
    wecom_talk t;
    auto const r = t.send("ada|bob||BOB|");
    auto const rows = t.platform.ledger();
    BOOST_TEST_REQUIRE(rows.size() == 2u);
    BOOST_TEST(rows[0].to == "ada");
    BOOST_TEST(rows[1].to == "bob");
    BOOST_TEST(rows[0].message_id == member(r, "msgid"));
    BOOST_TEST(rows[1].message_id == member(r, "msgid"));
    BOOST_TEST(member(r, "invaliduser") == "absent");
}

BOOST_AUTO_TEST_CASE(partly_bad_receivers_are_a_success_that_lists_them_in_lower_case)
{
    wecom_talk t;
    auto const r = t.send("Otto|ada|NOBODY|rita|boris|vera|Boris");
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"ok","invaliduser":"otto|nobody|rita|vera","unlicenseduser":"boris",)"
                         R"("msgid":")" +
                             member(r, "msgid") + "\"}");
    BOOST_TEST_REQUIRE(t.delivered() == 1u);
    BOOST_TEST(t.platform.ledger().front().to == "ada");
}

BOOST_AUTO_TEST_CASE(nothing_but_bad_receivers_is_81013_with_the_list)
{
    wecom_talk t;
    auto const r = t.send("OTTO|nobody");
    BOOST_TEST(errcode(r) == 81013);
    BOOST_TEST(errmsg(r) == "user & party & tag all invalid");
    BOOST_TEST(member(r, "errmsg") != errmsg(r));
    BOOST_TEST(member(r, "invaliduser") == "otto|nobody");
    BOOST_TEST(member(r, "msgid") == "absent");
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(an_app_reaches_its_visible_range_only)
{
    wecom_talk t(bob_only_secret);
    auto const body = [](char const* to) {
        return std::string(R"({"touser":")") + to +
               R"(","toparty":"","totag":"","msgtype":"text","agentid":1000003,"text":{"content":"x"},"safe":0})";
    };
    BOOST_TEST(errcode(t.post(send_path, body("ada"))) == 81013);
    BOOST_TEST(errcode(t.post(send_path, body("@all"))) == 0);
    BOOST_TEST(t.delivered() == 1u);
    BOOST_TEST(t.platform.ledger().front().to == "bob");
    BOOST_TEST(t.platform.ledger().front().receive_id == "@all");
}

BOOST_AUTO_TEST_CASE(everybody_is_the_visible_range)
{
    wecom_talk t;
    auto const r = t.send("@all", "text", R"({"content":"x"})", R"(,"toparty":"77")");
    BOOST_TEST(member(r, "unlicenseduser") == "boris");
    BOOST_TEST(member(r, "invalidparty") == "absent");
    BOOST_TEST(t.delivered() == 4u);
    BOOST_TEST(member(t.send("ada|@all"), "invaliduser") == "@all");
}

BOOST_AUTO_TEST_CASE(everybody_of_an_empty_range_is_nobody)
{
    wecom_talk t;
    t.with_world(
        [](sandbox::wecom_world& w) { w.apps[0].visible_range = sandbox::audience(std::vector<std::string>()); });
    BOOST_TEST(errcode(t.send("@all")) == 81013);
    t.with_world([](sandbox::wecom_world& w) { w.modes.send_out_of_range_code = 60021; });
    BOOST_TEST(errcode(t.send("@all")) == 81013);
}

BOOST_AUTO_TEST_CASE(parties_and_tags_are_receivers_too)
{
    wecom_talk t;
    auto const r = t.send("ada", "text", R"({"content":"x"})", R"(,"toparty":"1|77","totag":"5|6")");
    BOOST_TEST(member(r, "invalidparty") == "77");
    BOOST_TEST(member(r, "invalidtag") == "5|6");
    auto const rows = t.platform.ledger();
    BOOST_TEST_REQUIRE(rows.size() == 4u);
    BOOST_TEST(rows[0].receive_id_type == "userid");
    BOOST_TEST(rows[1].receive_id_type == "partyid");
    BOOST_TEST(rows[1].receive_id == "1");
    auto const none = t.send("", "text", R"({"content":"x"})", R"(,"toparty":"77","totag":"5")");
    BOOST_TEST(errcode(none) == 81013);
    BOOST_TEST(member(none, "invalidparty") == "77");
    BOOST_TEST(member(none, "invalidtag") == "5");
}

BOOST_AUTO_TEST_CASE(people_without_a_licence_are_no_failure_unless_switched)
{
    wecom_talk t;
    BOOST_TEST(errcode(t.send("boris")) == 0);
    BOOST_TEST(member(t.send("boris|otto"), "unlicenseduser") == "boris");
    BOOST_TEST(t.delivered() == 0u);
    t.with_world([](sandbox::wecom_world& w) { w.modes.only_unlicensed_code = 81013; });
    auto const r = t.send("boris");
    BOOST_TEST(errcode(r) == 81013);
    BOOST_TEST(member(r, "unlicenseduser") == "boris");
}

BOOST_AUTO_TEST_CASE(who_is_out_of_range_can_have_a_code_of_its_own)
{
    wecom_talk t;
    for (auto const code : {60011, 60021})
    {
        t.with_world([&](sandbox::wecom_world& w) { w.modes.send_out_of_range_code = code; });
        BOOST_TEST(errcode(t.send("otto")) == code);
        BOOST_TEST(errcode(t.send("otto|nobody")) == 81013);
        BOOST_TEST(errcode(t.send("otto|ada")) == 0);
    }
}

BOOST_AUTO_TEST_CASE(empty_lists_can_be_there)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.modes.empty_lists = true; });
    BOOST_TEST(t.send("ada").body.starts_with(
        R"({"errcode":0,"errmsg":"ok","invaliduser":"","invalidparty":"","invalidtag":"","unlicenseduser":"","msgid":)"));
}

std::string many(std::size_t n, std::string const& id)
{
    std::string out;
    for (std::size_t i = 0; i < n; ++i)
        out += id + "|";
    return out;
}

BOOST_AUTO_TEST_CASE(receivers_are_counted)
{
    wecom_talk t;
    BOOST_TEST(errcode(t.send(many(1000, "ada"))) == 0);
    BOOST_TEST(errcode(t.send(many(1001, "ada"))) == 40032);
    auto const with = [](std::string const& name, std::size_t n) {
        return ",\"" + name + "\":\"" + many(n, "1") + "\"";
    };
    BOOST_TEST(errcode(t.send("", "text", R"({"content":"x"})", with("toparty", 100))) == 0);
    BOOST_TEST(errcode(t.send("", "text", R"({"content":"x"})", with("toparty", 101))) == 82002);
    BOOST_TEST(errcode(t.send("ada", "text", R"({"content":"x"})", with("totag", 100))) == 0);
    BOOST_TEST(errcode(t.send("ada", "text", R"({"content":"x"})", with("totag", 101))) == 82003);
}

BOOST_AUTO_TEST_CASE(somebody_must_be_asked_for)
{
    wecom_talk t;
    auto const nobody = R"({"msgtype":"text","agentid":1000002,"text":{"content":"x"}})";
    BOOST_TEST(errcode(t.post(send_path, nobody)) == 82001);
    BOOST_TEST(errcode(t.send("|")) == 82001);
    t.with_world([](sandbox::wecom_world& w) { w.modes.no_receiver_code = 81012; });
    BOOST_TEST(errcode(t.post(send_path, nobody)) == 81012);
    BOOST_TEST(
        errcode(t.post(send_path, R"({"touser":["ada"],"msgtype":"text","agentid":1000002,"text":{"content":"x"}})")) ==
        40031);
}

BOOST_AUTO_TEST_CASE(the_agent_id_is_the_integer_of_the_tokens_app)
{
    wecom_talk t;
    auto const with = [&](char const* agent) {
        return t.post(send_path, R"({"touser":"ada","msgtype":"text","text":{"content":"x"},"agentid":)" +
                                     std::string(agent) + "}");
    };
    BOOST_TEST(errcode(with("1000002")) == 0);
    // As Alertmanager, silenceper/wechat and others send it.
    BOOST_TEST(errcode(with("\"1000002\"")) == 0);
    for (auto const* agent : {"\"x\"", "\"\"", "\"1000002 \"", "1000002.5", "null", "1", "-1", "18446744073709551615"})
    {
        BOOST_TEST(errcode(with(agent)) == 40056, agent);
        BOOST_TEST(errmsg(with(agent)) == "invalid agentid");
    }
    BOOST_TEST(errcode(with("1000003")) == 301002);
    BOOST_TEST(errmsg(with("1000003")) == "not allow operate another agent with this accesstoken.");
    BOOST_TEST(errcode(with("\"1000003\"")) == 301002);
    t.with_world([](sandbox::wecom_world& w) { w.modes.agent_id_as_text = false; });
    BOOST_TEST(errcode(with("\"1000002\"")) == 40056);
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

std::string card_of(std::size_t title, std::size_t description, std::string const& more)
{
    return R"({"title":")" + std::string(title, 't') + R"(","description":")" + std::string(description, 'd') + "\"" +
           more + "}";
}

std::string articles(std::size_t n, std::string const& article)
{
    std::string out;
    for (std::size_t i = 0; i < n; ++i)
        out += (i ? "," : "") + article;
    return R"({"articles":[)" + out + "]}";
}

std::string const one_url = R"(,"url":"https://example.com")";

bad_message const bad_messages[]{
    {"smoke", R"({"content":"x"})", 40008, "invalid message type"},
    {"markdown_v2", R"({"content":"x"})", 40008, "invalid message type"},
    {"text", R"({"content":""})", 44004, "empty content"},
    {"text", "{}", 44004, "empty content"},
    {"text", R"({"content":1})", 40058, "content is no string. invalid Request Parameter"},
    {"markdown", R"({"content":""})", 44004, "empty content"},
    {"markdown", R"({"content":")" + std::string(2049, 'x') + "\"}", 45002, "content size out of limit"},
    {"image", "{}", 40063, "some parameters are empty"},
    {"image", R"({"media_id":"nothing"})", 40007, "invalid media_id"},
    {"voice", R"({"media_id":""})", 40007, "invalid media_id"},
    {"video", R"({"title":"x"})", 40007, "invalid media_id"},
    {"file", R"({"media_id":"nothing"})", 40007, "invalid media_id"},
    {"textcard", card_of(0, 1, one_url), 40058, "textcard.title exceed min length 1. invalid Request Parameter"},
    {"textcard", card_of(129, 1, one_url), 40058, "textcard.title exceed max length 128. invalid Request Parameter"},
    {"textcard", card_of(1, 0, one_url), 40058, "textcard.description exceed min length 1. invalid Request Parameter"},
    {"textcard", card_of(1, 513, one_url), 40058,
     "textcard.description exceed max length 512. invalid Request Parameter"},
    {"textcard", card_of(1, 1, R"(,"url":"example.com")"), 45034, "url without scheme"},
    {"textcard", card_of(1, 1, ""), 45034, "url without scheme"},
    {"textcard", card_of(1, 1, R"(,"url":"https://)" + std::string(2041, 'u') + "\""), 40058,
     "textcard.url exceed max length 2048. invalid Request Parameter"},
    {"textcard", card_of(1, 1, one_url + R"(,"btntxt":"abcde")"), 40058,
     "textcard.btntxt exceed max length 4. invalid Request Parameter"},
    {"news", articles(0, ""), 45008, "article number out of limit"},
    {"news", articles(9, R"({"title":"x"})"), 45008, "article number out of limit"},
    {"news", articles(1, R"({"url":"https://example.com"})"), 40058,
     "articles.title exceed min length 1. invalid Request Parameter"},
    {"news", articles(1, R"({"title":"x","url":"example.com"})"), 45034, "url without scheme"},
    {"news", articles(1, "1"), 40058, "articles is no array of objects. invalid Request Parameter"},
    {"news", R"({"articles":{}})", 40058, "articles is no array. invalid Request Parameter"},
    {"mpnews", articles(9, R"({"title":"x"})"), 45008, "article number out of limit"},
    {"mpnews", articles(1, R"({"title":"x"})"), 44004, "empty content"},
    {"mpnews", articles(1, R"({"title":"x","content":"x","thumb_media_id":"nothing"})"), 40007, "invalid media_id"},
    {"mpnews", articles(1, R"({"title":"x","content":")" + std::string(666 * 1024 + 1, 'x') + "\"}"), 45002,
     "content size out of limit"},
    {"miniprogram_notice", "{}", 40063, "some parameters are empty"},
};

BOOST_DATA_TEST_CASE(a_bad_message_is_refused_with_the_documented_code, bad_messages)
{
    wecom_talk t;
    auto const r = t.send("ada", sample.msgtype, sample.content);
    BOOST_TEST(errcode(r) == sample.code);
    BOOST_TEST(errmsg(r) == sample.text);
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(every_kind_of_message_is_accepted_at_its_limits)
{
    wecom_talk t;
    t.platform.edit([](sandbox::world& w) { w.accept_any_resource = true; });
    auto const dots = std::string("\xe2\x80\xa6\xe2\x80\xa6\xe2\x80\xa6\xe2\x80\xa6");
    std::pair<std::string, std::string> const kinds[]{
        {"text", R"({"content":"a\n<a href=\"https://example.com\">b</a>"})"},
        {"markdown", R"({"content":")" + std::string(2048, 'x') + "\"}"},
        {"textcard",
         card_of(128, 512, R"(,"url":"https://)" + std::string(2040, 'u') + R"(","btntxt":")" + dots + "\"")},
        {"news", articles(8, R"({"title":"x","url":"https://example.com","picurl":"https://example.com/p"})")},
        {"news", articles(1, R"({"title":"x","appid":"wx1","pagepath":"p"})")},
        {"mpnews",
         articles(1, R"({"title":"x","thumb_media_id":"m","content":")" + std::string(666 * 1024, 'x') + "\"}")},
        {"image", R"({"media_id":"m"})"},
        {"voice", R"({"media_id":"m"})"},
        {"video", R"({"media_id":"m","title":"t","description":"d"})"},
        {"file", R"({"media_id":"m"})"},
        {"miniprogram_notice", R"({"appid":"wx1","title":"t"})"}};
    for (auto const& [msgtype, content] : kinds)
    {
        BOOST_TEST(errcode(t.send("ada", msgtype, content)) == 0, msgtype);
        BOOST_TEST(t.platform.ledger().back().msg_type == msgtype);
        BOOST_TEST(t.platform.ledger().back().content == content);
    }
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_silently_after_the_last_whole_character)
{
    wecom_talk t;
    BOOST_TEST(errcode(t.send("ada", "text", R"({"content":")" + std::string(2049, 'x') + "\"}")) == 0);
    BOOST_TEST(t.platform.ledger().back().content == R"({"content":")" + std::string(2048, 'x') + "\"}");
    std::string dots;
    for (int i = 0; i < 700; ++i)
        dots += "\xe2\x80\xa6";
    BOOST_TEST(errcode(t.send("ada", "text", R"({"content":")" + dots + "\"}")) == 0);
    BOOST_TEST(t.platform.ledger().back().content == R"({"content":")" + dots.substr(0, 2046) + "\"}");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_40058)
{
    wecom_talk t;
    for (auto const* body : {"", "{]", "[]", "\"x\"", "\xff"})
    {
        auto const r = t.post(send_path, body);
        BOOST_TEST(errcode(r) == 40058, body);
        BOOST_TEST(errmsg(r) == "invalid json. invalid Request Parameter");
    }
}

BOOST_AUTO_TEST_CASE(escapes_are_accepted_unless_switched)
{
    wecom_talk t;
    auto const escaped = R"({"content":"\u4f60"})";
    BOOST_TEST(errcode(t.send("ada", "text", escaped)) == 0);
    BOOST_TEST(t.platform.ledger().back().content == "{\"content\":\"\xe4\xbd\xa0\"}");
    t.with_world([](sandbox::wecom_world& w) { w.modes.strict_escapes = true; });
    BOOST_TEST(errcode(t.send("ada", "text", escaped)) == 40033);
    BOOST_TEST(errcode(t.send("ada")) == 0);
}

BOOST_AUTO_TEST_CASE(switches_have_their_values)
{
    wecom_talk t;
    auto const with = [&](char const* more) {
        return errcode(t.send("ada", "text", R"({"content":"x"})", "," + std::string(more)));
    };
    BOOST_TEST(with(R"("safe":1)") == 0);
    BOOST_TEST(with(R"("safe":2)") == 40035);
    BOOST_TEST(with(R"("safe":"0")") == 0);
    BOOST_TEST(with(R"("safe":"2")") == 40035);
    for (auto const* bad : {R"("safe":"")", R"("safe":"no")", R"("safe":"0 ")", R"("safe":true)"})
        BOOST_TEST(with(bad) == 40058, bad);
    BOOST_TEST(with(R"("enable_id_trans":"1")") == 0);
    t.with_world([](sandbox::wecom_world& w) { w.modes.switches_as_text = false; });
    BOOST_TEST(with(R"("safe":"0")") == 40058);
    t.with_world([](sandbox::wecom_world& w) { w.modes.switches_as_text = true; });
    BOOST_TEST(with(R"("enable_id_trans":2)") == 40035);
    BOOST_TEST(with(R"("enable_duplicate_check":-1)") == 40035);
    BOOST_TEST(with(R"("duplicate_check_interval":14400)") == 0);
    BOOST_TEST(with(R"("duplicate_check_interval":14401)") == 40035);
    t.platform.edit([](sandbox::world& w) { w.accept_any_resource = true; });
    BOOST_TEST(errcode(t.send("ada", "mpnews", articles(1, R"({"title":"x","thumb_media_id":"m","content":"x"})"),
                              R"(,"safe":2)")) == 0);
}

BOOST_AUTO_TEST_CASE(names_take_the_place_of_userids_when_asked_for)
{
    wecom_talk t;
    auto const content = R"({"content":"$userName=bob$ and $userName=otto$ and $userName="})";
    t.send("ada", "text", content);
    BOOST_TEST(t.platform.ledger().back().content == content);
    t.send("ada", "text", content, R"(,"enable_id_trans":1)");
    BOOST_TEST(t.platform.ledger().back().content == R"({"content":"Bob and $userName=otto$ and $userName="})");
}

BOOST_AUTO_TEST_CASE(an_app_without_permission_and_dangerous_content_are_refused)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.dangerous_text = "boom"; });
    BOOST_TEST(errcode(t.send("ada", "text", R"({"content":"a boom"})")) == 82004);
    BOOST_TEST(errcode(t.send("ada")) == 0);
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].may_send = false; });
    BOOST_TEST(errcode(t.send("ada")) == 48006);
    BOOST_TEST(t.delivered() == 1u);
}

// ---- duplicates

std::string const check_duplicates = R"(,"enable_duplicate_check":1,"duplicate_check_interval":60)";

BOOST_AUTO_TEST_CASE(the_same_bytes_within_the_interval_are_delivered_once)
{
    wecom_talk t;
    auto const send = [&](char const* words) {
        return t.send("ada|otto", "text", R"({"content":")" + std::string(words) + "\"}", check_duplicates);
    };
    auto const first = send("a");
    BOOST_TEST(send("a").body == first.body);
    BOOST_TEST(t.delivered() == 1u);
    BOOST_TEST(errcode(send("b")) == 0);
    BOOST_TEST(errcode(t.send("ada|otto", "text", R"({ "content":"a"})", check_duplicates)) == 0);
    BOOST_TEST(t.delivered() == 3u);
    t.platform.advance(59s);
    send("a");
    BOOST_TEST(t.delivered() == 3u);
    t.platform.advance(1s);
    BOOST_TEST(member(send("a"), "msgid") != member(first, "msgid"));
    BOOST_TEST(t.delivered() == 4u);
}

BOOST_AUTO_TEST_CASE(duplicates_are_delivered_when_nobody_asked_for_the_check)
{
    wecom_talk t;
    t.send("ada");
    t.send("ada");
    BOOST_TEST(t.delivered() == 2u);
}

BOOST_AUTO_TEST_CASE(the_check_lasts_half_an_hour_by_default)
{
    wecom_talk t;
    auto const send = [&] { return t.send("ada", "text", R"({"content":"x"})", R"(,"enable_duplicate_check":1)"); };
    send();
    t.platform.advance(1799s);
    send();
    BOOST_TEST(t.delivered() == 1u);
    t.platform.advance(1s);
    send();
    BOOST_TEST(t.delivered() == 2u);
}

BOOST_AUTO_TEST_CASE(the_id_of_a_duplicate_can_be_switched)
{
    wecom_talk t;
    auto const send = [&] { return member(t.send("ada", "text", R"({"content":"x"})", check_duplicates), "msgid"); };
    auto const first = send();
    t.with_world([](sandbox::wecom_world& w) { w.modes.duplicate_msgid = "new"; });
    auto const second = send();
    BOOST_TEST(second != first);
    BOOST_TEST(second.size() == first.size());
    t.with_world([](sandbox::wecom_world& w) { w.modes.duplicate_msgid = "absent"; });
    BOOST_TEST(send() == "absent");
    BOOST_TEST(t.delivered() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_message_may_be_sent_again)
{
    wecom_talk t;
    auto const send = [&] { return errcode(t.send("otto", "text", R"({"content":"x"})", check_duplicates)); };
    BOOST_TEST(send() == 81013);
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].visible_range = sandbox::audience(); });
    BOOST_TEST(send() == 0);
    BOOST_TEST(t.delivered() == 1u);
}

// ---- limits

BOOST_AUTO_TEST_CASE(the_31st_message_of_a_minute_is_dropped_and_nobody_is_told)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) { w.limits.enabled = true; });
    for (int i = 0; i < 30; ++i)
        t.send("ada");
    BOOST_TEST(t.delivered() == 30u);
    auto const r = t.send("ada|bob");
    BOOST_TEST(errcode(r) == 0);
    BOOST_TEST(member(r, "invaliduser") == "absent");
    BOOST_TEST(t.delivered() == 31u);
    BOOST_TEST(t.platform.ledger().back().to == "bob");
    t.platform.advance(60s);
    t.send("ada");
    BOOST_TEST(t.delivered() == 32u);
}

BOOST_AUTO_TEST_CASE(the_hour_of_a_member_has_a_limit_too)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) {
        w.limits.enabled = true;
        w.limits.member_per_hour = 2;
    });
    for (int i = 0; i < 3; ++i)
        t.send("ada");
    BOOST_TEST(t.delivered() == 2u);
    t.platform.advance(3600s);
    t.send("ada");
    BOOST_TEST(t.delivered() == 3u);
}

BOOST_AUTO_TEST_CASE(members_have_no_limits_by_default)
{
    wecom_talk t;
    for (int i = 0; i < 40; ++i)
        t.send("ada");
    BOOST_TEST(t.delivered() == 40u);
}

BOOST_AUTO_TEST_CASE(the_day_of_an_app_ends_at_midnight_in_china)
{
    using namespace std::chrono;
    wecom_talk t(good_secret, still().starts_at(sys_days(2026y / 3 / 1) + 15h + 59min));
    t.with_world([](sandbox::wecom_world& w) {
        w.limits.enabled = true;
        w.limits.app_per_day = 2;
    });
    BOOST_TEST(errcode(t.send("ada|bob|chen")) == 0);
    BOOST_TEST(t.delivered() == 2u);
    t.with_world([](sandbox::wecom_world& w) { w.modes.app_per_day_code = 45009; });
    BOOST_TEST(errcode(t.send("ada")) == 45009);
    t.platform.advance(60s);
    BOOST_TEST(errcode(t.send("ada|bob|chen")) == 45009);
    BOOST_TEST(errcode(t.send("ada|bob")) == 0);
    BOOST_TEST(t.delivered() == 4u);
}

BOOST_AUTO_TEST_CASE(the_basic_limits_do_not_count_messages)
{
    wecom_talk t;
    t.with_world([](sandbox::wecom_world& w) {
        w.limits.enabled = true;
        w.limits.calls_per_minute = 2;
    });
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(errcode(t.send("ada")) == 0);
    auto const read = [&] { return errcode(t.get("/cgi-bin/user/get", "&userid=ada")); };
    for (auto const code : {0, 0, 45009})
        BOOST_TEST(read() == code);
    t.platform.advance(59s);
    BOOST_TEST(read() == 45009);
    t.platform.advance(1s);
    BOOST_TEST(read() == 0);
    BOOST_TEST(errcode(t.get("/cgi-bin/department/simplelist")) == 0);
}

BOOST_AUTO_TEST_CASE(hours_addresses_and_debugging_have_limits)
{
    wecom_talk t;
    auto const limit = [&](int sandbox::wecom_limits::* which, int n) {
        t.with_world([&](sandbox::wecom_world& w) {
            w.limits = sandbox::wecom_limits();
            w.limits.enabled = true;
            w.limits.*which = n;
        });
    };
    limit(&sandbox::wecom_limits::calls_per_hour, 1);
    BOOST_TEST(errcode(t.get("/cgi-bin/department/simplelist")) == 0);
    BOOST_TEST(errcode(t.get("/cgi-bin/department/simplelist")) == 45009);
    t.platform.advance(3600s);
    limit(&sandbox::wecom_limits::address_per_minute, 1);
    BOOST_TEST(errcode(t.send("ada")) == 0);
    BOOST_TEST(errcode(t.ask(good_secret)) == 45009);
    t.platform.advance(60s);
    limit(&sandbox::wecom_limits::address_per_hour, 2);
    BOOST_TEST(errcode(t.send("ada")) == 0);
    BOOST_TEST(errcode(t.send("ada")) == 45009);
    t.platform.advance(3600s);
    t.token = t.fetch(good_secret);
    limit(&sandbox::wecom_limits::debug_per_minute, 5);
    auto const debug = [&] {
        return errcode(t.call("POST", send_path, "&debug=1", wecom_talk::message("ada", "text", R"({"content":"x"})")));
    };
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(debug() == 0);
    BOOST_TEST(debug() == 45009);
    BOOST_TEST(errcode(t.send("ada")) == 0);
}

// ---- recall

BOOST_AUTO_TEST_CASE(a_recall_takes_the_message_from_everybody)
{
    wecom_talk t;
    auto const id = member(t.send("ada|bob"), "msgid");
    t.send("ada");
    BOOST_TEST(t.post("/cgi-bin/message/recall", R"({"msgid":")" + id + "\"}").body ==
               R"({"errcode":0,"errmsg":"ok"})");
    auto const rows = t.platform.ledger();
    BOOST_TEST(rows[0].recalled);
    BOOST_TEST(rows[1].recalled);
    BOOST_TEST(!rows[2].recalled);
}

BOOST_AUTO_TEST_CASE(a_recall_is_for_the_apps_own_messages_of_a_day)
{
    wecom_talk t;
    auto const id = member(t.send("ada"), "msgid");
    auto const recall = [&](std::string const& msgid) {
        return errcode(t.post("/cgi-bin/message/recall", R"({"msgid":")" + msgid + "\"}"));
    };
    BOOST_TEST(recall("nothing") == 40058);
    BOOST_TEST(recall("") == 40063);
    auto const own = std::exchange(t.token, t.fetch(bob_only_secret));
    BOOST_TEST(recall(id) == 40058);
    t.platform.advance(24h);
    t.token = t.fetch(good_secret);
    BOOST_TEST(recall(id) == 0);
    t.platform.advance(1s);
    BOOST_TEST(recall(id) == 42052);
    BOOST_TEST(own != t.token);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_message_test
