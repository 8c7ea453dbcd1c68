// Messages of DingTalk's bot to groups: what is written, and what is made of the answers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dingtalk_groups_test {

namespace {

using namespace tidings::providers::dingtalk;
using test::contains;
using test::json;
using test::kind;
using test::said;
using test::sent;
using tidings::dingtalk;
using tidings::dingtalk_work;
using tidings::errc;
using tidings::wire::idempotency;

application app()
{
    return {"dingeqqpkv3xxxxxx", "dingue4kfzdxbynxxxxxx", 123};
}

recipient const group("chat_id", "cid6KeBBLoveMJOGXoYKF5x7EeiodoA==");
content const hello("hi \"there\"");

std::string read(tidings::wire::operation& op, std::string_view body)
{
    return kind(op.decode(said(200, std::string(body)).view()));
}

std::string refusal_of(std::string_view code)
{
    return R"({"code":")" + std::string(code) + R"(","requestid":"01A08FE7","message":"some text"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(dingtalk_groups)

// The samples of "Send group chat messages with an app bot".
BOOST_AUTO_TEST_CASE(a_message_to_a_group_names_it_and_nobody)
{
    send_to_group op(app(), group, hello);
    sent const request(op);
    BOOST_TEST(request.line == "POST /v1.0/robot/groupMessages/send HTTP/1.1");
    BOOST_TEST(request.header("x-acs-dingtalk-access-token") == "t-1");
    BOOST_TEST(json(request.body) ==
               json(R"({"robotCode":"dingue4kfzdxbynxxxxxx","openConversationId":"cid6KeBBLoveMJOGXoYKF5x7EeiodoA==",
                   "msgKey":"sampleText","msgParam":"{\"content\":\"hi \\\"there\\\"\"}"})"));
    BOOST_TEST((op.idempotency() == idempotency::none));
    BOOST_TEST(op.host() == 0u);
    BOOST_TEST(read(op, R"({"processQueryKey":"jkasdfb8va9hndjksnvzkj"})") == "success");
    BOOST_TEST(op.message_id() == "jkasdfb8va9hndjksnvzkj");
    for (auto const* const body : {"{}", R"({"processQueryKey":""})", R"({"processQueryKey":null})", "[]", "<html>"})
        BOOST_TEST(read(op, body) != "success", body);
    BOOST_TEST(op.message_id() == "");

    content const card("sampleActionCard", R"({"title":"a","text":"b"})");
    BOOST_TEST(json(sent(send_to_group(app(), group, card)).body).at("msgKey").as_string() == "sampleActionCard");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_group_is_not_sent_to)
{
    for (std::string const id : {"", "chat05ac5bd6b1e5a0b1b8a8cd", "cid 1", "cid\n", "cid\xff"})
    {
        recipient const to("chat_id", id);
        tidings::wire::request out("", "");
        BOOST_TEST(kind(send_to_group(app(), to, hello).encode(out, "t")) == kind(errc::invalid_recipient), id);
        BOOST_TEST(kind(dingtalk::check(to)) == kind(errc::invalid_recipient), id);
        if (!id.empty()) // then it is a message to people
            BOOST_TEST(kind(recall(app(), "k", id).encode(out, "t")) == kind(errc::invalid_recipient), id);
        BOOST_TEST(kind(group_readers(app(), "k", id, "").encode(out, "t")) == kind(errc::invalid_recipient), id);
    }
    auto const old = recipient("chat_id", "chat05ac5bd6").check();
    BOOST_TEST_REQUIRE(old.has_error());
    BOOST_TEST(contains(old.error().message(), "use the openConversationId, which begins with cid"));

    auto const by_work = dingtalk_work::check(group);
    BOOST_TEST_REQUIRE(by_work.has_error());
    BOOST_TEST(contains(by_work.error().message(), "a work notification goes to people"));
    BOOST_TEST(dingtalk_work::check(recipient("ada")).has_value());
    BOOST_TEST(dingtalk_work::check(recipient("a,b")).has_error());
    BOOST_TEST(dingtalk::check(recipient("a,b")).has_value()); // its ids are an array
}

BOOST_AUTO_TEST_CASE(people_share_a_request_and_groups_do_not)
{
    BOOST_TEST(dingtalk::delivery::max_batch_for(recipient("ada")) == 20u);
    BOOST_TEST(dingtalk::delivery::max_batch_for(group) == 1u);
    BOOST_TEST(dingtalk_work::delivery::max_batch_for(recipient("ada")) == 100u);

    dingtalk::credentials const credentials("ding", tidings::secret("s"));
    std::vector<recipient> const one{group};
    dingtalk::delivery to_group(credentials, one, hello, "k");
    auto* const op = to_group.next();
    BOOST_TEST_REQUIRE(op != nullptr);
    BOOST_TEST(sent(*op).line == "POST /v1.0/robot/groupMessages/send HTTP/1.1");
    BOOST_TEST(read(*op, R"({"processQueryKey":"k1"})") == "success");
    BOOST_TEST(to_group.next() == nullptr);
    BOOST_TEST(to_group.message_id() == "k1");
    BOOST_TEST(to_group.outcome(0).has_value());

    std::vector<recipient> const two{recipient("ada"), recipient("bob")};
    dingtalk::delivery to_people(credentials, two, hello, "k");
    BOOST_TEST(sent(*to_people.next()).line == "POST /v1.0/robot/oToMessages/batchSend HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(a_message_to_a_group_is_taken_back_by_a_call_of_its_own)
{
    recall op(app(), "kna29", group.id());
    sent const request(op);
    BOOST_TEST(request.line == "POST /v1.0/robot/groupMessages/recall HTTP/1.1");
    BOOST_TEST(json(request.body) ==
               json(R"({"robotCode":"dingue4kfzdxbynxxxxxx","openConversationId":"cid6KeBBLoveMJOGXoYKF5x7EeiodoA==",
                   "processQueryKeys":["kna29"]})"));
    BOOST_TEST(op.limits()->api() == "v1.0/robot/groupMessages/recall");
    BOOST_TEST(read(op, R"({"successResult":["kna29"],"failedResult":{}})") == "success");
    BOOST_TEST(read(op, R"({"successResult":[],"failedResult":{"kna29":"SYSTEM_ERROR"}})") ==
               kind(errc::platform_error));

    dingtalk::credentials const credentials("ding", tidings::secret("s"));
    tidings::receipt const to_group("kna29", "chat_id", "cid1==");
    auto back = dingtalk::recall(credentials, "kna29", to_group);
    BOOST_TEST(sent(*back.next()).line == "POST /v1.0/robot/groupMessages/recall HTTP/1.1");
    for (auto const& to_people : {tidings::receipt("kna29", "ada", 1), tidings::receipt("kna29", "userid", "ada")})
    {
        auto from_people = dingtalk::recall(credentials, "kna29", to_people);
        BOOST_TEST(sent(*from_people.next()).line == "POST /v1.0/robot/otoMessages/batchRecall HTTP/1.1");
    }
}

BOOST_AUTO_TEST_CASE(the_readers_of_a_message_to_a_group_come_in_pages)
{
    dingtalk::credentials const credentials("ding", tidings::secret("s"));
    tidings::receipt const of("Kna29Ra5pdJznx1=", "chat_id", "cid1==");
    auto reading = dingtalk::readers(credentials, "Kna29Ra5pdJznx1=", of);
    auto* const first = reading.next();
    BOOST_TEST_REQUIRE(first != nullptr);
    sent const question(*first);
    BOOST_TEST(question.line == "POST /v1.0/robot/groupMessages/query HTTP/1.1");
    BOOST_TEST(json(question.body) ==
               json(R"({"robotCode":"ding","openConversationId":"cid1==","processQueryKey":"Kna29Ra5pdJznx1=",
                   "maxResults":200})"));
    BOOST_TEST(read(*first, R"({"sendStatus":"SUCCESS","readUserIds":["a","b"],"nextToken":"50","hasMore":true})") ==
               "success");
    auto* const second = reading.next();
    BOOST_TEST_REQUIRE(second != nullptr);
    BOOST_TEST(json(sent(*second).body).at("nextToken").as_string() == "50");
    // The same page again would never end.
    BOOST_TEST(read(*second, R"({"sendStatus":"SUCCESS","readUserIds":[],"nextToken":"50","hasMore":true})") ==
               kind(errc::protocol_error));
    BOOST_TEST(read(*second, R"({"sendStatus":"SUCCESS","readUserIds":["c"],"nextToken":"","hasMore":false})") ==
               "success");
    BOOST_TEST(reading.next() == nullptr);
    BOOST_TEST(reading.readers() == (std::vector<std::string>{"a", "b", "c"}), boost::test_tools::per_element());

    auto of_people = dingtalk::readers(credentials, "k", tidings::receipt("k", "ada", 1));
    BOOST_TEST(sent(*of_people.next()).line.find("GET /v1.0/robot/oToMessages/readStatus?") == 0u);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_call_about_a_group_is_about_the_group)
{
    struct
    {
        std::string_view code;
        errc expected;
        std::string_view remedy;
        std::string_view chinese;
    } const rows[] = {
        {"invalidParameter.robotCode.notExsit", errc::recipient_unreachable, "Add the app's bot to the group",
         "加入该群"},
        {"resource.not.found", errc::recipient_not_found, "Check the openConversationId", "openConversationId"},
        {"invalid.openConversationId", errc::recipient_not_found, "Check the openConversationId", "openConversationId"},
        {"invalidParameter.openConversationId.invalid", errc::recipient_not_found, "Check the openConversationId",
         "openConversationId"},
        {"miss.openConversationId", errc::recipient_not_found, "Check the openConversationId", "openConversationId"},
        {"group.disbanded", errc::recipient_not_found, "dissolved", "已解散"},
        {"send.forbidden", errc::recipient_unreachable, "owner", "群主"},
        {"bot.forbidden.sendMessage", errc::recipient_unreachable, "owner", "群主"},
        {"invalidParameter.robotCode.auth", errc::bot_disabled, "robot code", "robotCode"},
        {"invalidParameter.msgParam.tooLong", errc::message_too_long, "", ""},
        {"too.many.group", errc::rate_limited, "", ""},
        {"invalidParameter.token.invalid", errc::token_rejected, "", ""},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.code)
        {
            said const in(400, refusal_of(row.code));
            send_to_group op(app(), group, hello);
            auto const f = test::refused(op, in);
            BOOST_TEST(kind(f) == kind(row.expected));
            BOOST_TEST(contains(f.remedy(), row.remedy), f.remedy());
            BOOST_TEST(contains(f.remedy(tidings::language::chinese), row.chinese));
            recall back(app(), "k", group.id());
            BOOST_TEST(kind(test::refused(back, in)) == kind(row.expected));
            group_readers readers(app(), "k", group.id(), "");
            BOOST_TEST(kind(test::refused(readers, in)) == kind(row.expected));
        }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_groups_test
