// Messages of WeCom to departments, tags and chats: what is written, and what is made of the answers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/wecom.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace wecom_groups_test {

namespace {

using namespace tidings::providers::wecom;
using test::contains;
using test::json;
using test::kind;
using test::said;
using test::sent;
using tidings::errc;
using tidings::wecom;
using tidings::wire::idempotency;

application app()
{
    return {"ww123", 1000002};
}

content const hello("text", "hi", max_content);
recipient const chat("chat_id", "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA");

std::vector<recipient> of(std::string_view type, std::initializer_list<std::string_view> ids)
{
    std::vector<recipient> out;
    for (auto const id : ids)
        out.emplace_back(type, id);
    return out;
}

std::string read(tidings::wire::operation& op, std::string_view body)
{
    return kind(op.decode(said(200, std::string(body)).view()));
}

std::string encoding(tidings::wire::operation const& op)
{
    tidings::wire::request out("", "");
    return kind(op.encode(out, "t-1"));
}

std::string refusal_of(std::int64_t code)
{
    return R"({"errcode":)" + std::to_string(code) + R"(,"errmsg":"some text"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(wecom_groups)

BOOST_AUTO_TEST_CASE(departments_and_tags_stand_in_a_list_of_their_own_and_are_protected_from_doubles)
{
    struct
    {
        std::string_view type;
        std::string_view member;
    } const rows[] = {{"department", "toparty"}, {"tag", "totag"}};
    for (auto const& row : rows)
    {
        auto const to = of(row.type, {"1", "22"});
        send_to_groups const op(app(), to, hello, "key-1");
        sent const request(op);
        BOOST_TEST(request.line == "POST /cgi-bin/message/send?access_token=t-1 HTTP/1.1");
        auto body = json(request.body).as_object();
        BOOST_TEST(body.at("duplicate_check_interval").to_number<int>() >= 3600);
        body.erase("duplicate_check_interval");
        BOOST_TEST(boost::json::value(body) ==
                   json(R"({")" + std::string(row.member) +
                        R"(":"1|22","agentid":1000002,"msgtype":"text","text":{"content":"hi"},"safe":0,
                            "enable_id_trans":0,"enable_duplicate_check":1})"));
        BOOST_TEST((op.idempotency() == idempotency::with_key));
        BOOST_TEST(sent(op).body == request.body); // a repetition is the same to the byte
        BOOST_TEST(sent(send_to_groups(app(), to, hello, "key-2")).body != request.body);
        BOOST_TEST(op.recipient_count() == 2u);
        BOOST_TEST(op.recipient_id(1) == "22");
    }
    BOOST_TEST(wecom::delivery::max_batch_for(recipient("department", "1")) == 100u);
    BOOST_TEST(wecom::delivery::max_batch_for(recipient("tag", "1")) == 100u);
    BOOST_TEST(wecom::delivery::max_batch_for(recipient("ada")) == 1000u);
    BOOST_TEST(wecom::delivery::max_batch_for(chat) == 1u);
}

BOOST_AUTO_TEST_CASE(an_id_is_never_several_and_never_everybody)
{
    for (auto const* const type : {"department", "tag"})
        for (std::string const id : {"", "0", "01", "-1", "1|2", "@all", "1,2", "1 ", " 1", "a", "1\n", "1.0", "0x1",
                                     "1111111111111111111", "\xef\xbc\x91"})
        {
            BOOST_TEST(kind(wecom::check(recipient(type, id))) == kind(errc::invalid_recipient), id);
            std::vector<recipient> const to{recipient(type, id)};
            BOOST_TEST(encoding(send_to_groups(app(), to, hello, "k")) == kind(errc::invalid_recipient), id);
        }
    for (std::string const& id :
         std::vector<std::string>{"", "@all", "a|b", "a b", "a/b", "a\n", "a@b", "\xe5\x8a\xa0", std::string(65, 'a')})
    {
        BOOST_TEST(kind(wecom::check(recipient("chat_id", id))) == kind(errc::invalid_recipient), id);
        recipient const to("chat_id", id);
        BOOST_TEST(encoding(send_to_chat(app(), to, hello)) == kind(errc::invalid_recipient), id);
    }
    for (std::string const id : {"", "@all", "a|b", "@userid", "a b"})
        BOOST_TEST(kind(wecom::check(recipient(id))) == kind(errc::invalid_recipient), id);
    BOOST_TEST(wecom::check(recipient("department", "999999999999999999")).has_value());
    BOOST_TEST(wecom::check(chat).has_value());
    BOOST_TEST(wecom::check(recipient("party", "1")).has_error());

    // One request, one type; each call only what it is for.
    std::vector<recipient> const mixed{recipient("department", "1"), recipient("tag", "1")};
    BOOST_TEST(encoding(send_to_groups(app(), mixed, hello, "k")) == kind(errc::invalid_argument));
    std::vector<recipient> const person{recipient("1")};
    BOOST_TEST(encoding(send_to_groups(app(), person, hello, "k")) == kind(errc::invalid_argument));
    BOOST_TEST(encoding(send_to_groups(app(), {}, hello, "k")) == kind(errc::invalid_argument));
    std::vector<recipient> const many(101, recipient("tag", "1"));
    BOOST_TEST(encoding(send_to_groups(app(), many, hello, "k")) == kind(errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_group_that_the_platform_lists_failed_alone)
{
    for (auto const* const list : {R"("invalidparty":"22")", R"("invalidparty":"22|")", R"("invalidparty":22)",
                                   R"("invalidparty":["22"])", R"("invalidparty":[22])"})
    {
        auto const to = of("department", {"2", "22"});
        send_to_groups op(app(), to, hello, "k");
        BOOST_TEST(read(op, R"({"errcode":0,"errmsg":"ok","msgid":"m1",)" + std::string(list) + "}") == "success");
        BOOST_TEST(op.message_id() == "m1");
        BOOST_TEST(op.outcome(0).has_value(), list);
        auto const second = op.outcome(1);
        BOOST_TEST_REQUIRE(second.has_error(), list);
        BOOST_TEST(kind(second) == kind(errc::recipient_not_found));
        BOOST_TEST(second.error().platform_code() == "invalidparty");
        BOOST_TEST(contains(second.error().remedy(), "number of the department or the tag"));
        BOOST_TEST(contains(second.error().remedy(tidings::language::chinese), "部门或标签"));
    }
    // An id that nobody asked for makes it unclear who is meant.
    auto const to = of("department", {"2"});
    send_to_groups strange(app(), to, hello, "k");
    for (auto const* const list : {R"("invalidparty":"7")", R"("invalidparty":{"2":"x"})",
                                   R"("unlicenseduser":{"a":1})", R"("invaliduser":true)"})
    {
        BOOST_TEST(read(strange, R"({"errcode":0,"errmsg":"ok","msgid":"m1",)" + std::string(list) + "}") == "success");
        BOOST_TEST(kind(strange.outcome(0)) == kind(errc::outcome_unknown), list);
    }
    // The list of the other type is not about these.
    auto const tags = of("tag", {"22"});
    send_to_groups op(app(), tags, hello, "k");
    BOOST_TEST(read(op, R"({"errcode":0,"msgid":"m1","invalidparty":"22","invalidtag":""})") == "success");
    BOOST_TEST(op.outcome(0).has_value());
    BOOST_TEST(read(op, R"({"errcode":0,"msgid":"m1","invalidtag":"22"})") == "success");
    BOOST_TEST(kind(op.outcome(0)) == kind(errc::recipient_not_found));
    BOOST_TEST(read(op, R"({"errcode":0,"msgid":"m1"})") == "success"); // of the answer before, nothing is left
    BOOST_TEST(op.outcome(0).has_value());
}

BOOST_AUTO_TEST_CASE(a_group_of_which_members_got_nothing_is_not_called_delivered)
{
    for (auto const* const list :
         {R"("unlicenseduser":"bob|chen")", R"("invaliduser":"bob|chen")",
          R"("invaliduser":"bob","unlicenseduser":"chen|")", R"("unlicenseduser":["bob","chen"])"})
    {
        auto const to = of("department", {"2"});
        send_to_groups op(app(), to, hello, "k");
        BOOST_TEST(read(op, R"({"errcode":0,"errmsg":"ok","msgid":"m1",)" + std::string(list) + "}") == "success");
        auto const outcome = op.outcome(0);
        BOOST_TEST_REQUIRE(outcome.has_error(), list);
        BOOST_TEST(kind(outcome) == kind(errc::partly_delivered));
        BOOST_TEST(contains(outcome.error().message(), "2 members who did not get the message"),
                   outcome.error().message());
        BOOST_TEST(contains(outcome.error().remedy(), "Do not send it again"));
        BOOST_TEST(!contains(outcome.error().message(), "bob"));
    }
    auto const to = of("department", {"2"});
    send_to_groups op(app(), to, hello, "k");
    BOOST_TEST(read(op, R"({"errcode":0,"msgid":"m1","unlicenseduser":"","invaliduser":"","invalidparty":[]})") ==
               "success");
    BOOST_TEST(op.outcome(0).has_value());
}

BOOST_AUTO_TEST_CASE(a_message_to_a_chat_has_no_agent_no_check_for_doubles_and_no_id)
{
    send_to_chat op(app(), chat, hello);
    sent const request(op);
    BOOST_TEST(request.line == "POST /cgi-bin/appchat/send?access_token=t-1 HTTP/1.1");
    BOOST_TEST(json(request.body) == json(R"({"chatid":"wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA","msgtype":"text",
                                              "text":{"content":"hi"},"safe":0})"));
    BOOST_TEST((op.idempotency() == idempotency::none));
    BOOST_TEST(read(op, R"({"errcode":0,"errmsg":"ok"})") == "success");
    BOOST_TEST(op.message_id() == "");
    BOOST_TEST(read(op, R"({"errcode":0,"errmsg":"ok","msgid":"m"})") == "success"); // should it come to have one
    BOOST_TEST(op.message_id() == "m");
    BOOST_TEST(read(op, "{}") != "success");
    BOOST_TEST(read(op, R"({"msgid":"m"})") != "success");
}

BOOST_AUTO_TEST_CASE(a_chat_gets_cards_as_markdown_and_refuses_what_it_does_not_take)
{
    auto const notice = tidings::notice("Disk [1] full")
                            .fact("Host", "db-01")
                            .button("Run[book]", "https://wiki.example/disk")
                            .button("Silence", "https://wiki.example/silence?a=b");
    auto const card = wecom::content_of(notice, {});
    BOOST_TEST(card.type() == "template_card");
    BOOST_TEST(wecom::check(card, chat).has_value());
    auto const body = json(sent(send_to_chat(app(), chat, card)).body);
    BOOST_TEST(body.at("msgtype").as_string() == "markdown");
    std::string const shown(body.at("markdown").at("content").as_string());
    for (std::string_view const part :
         {"Disk", "db-01", "https://wiki.example/disk", "https://wiki.example/silence?a=b", "Silence"})
        BOOST_TEST(contains(shown, part), shown);
    std::vector<recipient> const person{recipient("ada")};
    BOOST_TEST(json(sent(send_message(app(), person, card, "k")).body).at("msgtype").as_string() == "template_card");

    // An address leads where it says, whatever brackets it has.
    auto const brackets = tidings::notice("x")
                              .button("a", "https://x.example/a)b")
                              .button("b", "https://x.example/a(b")
                              .button("c", "https://x.example/((((a))))");
    std::string const links(json(sent(send_to_chat(app(), chat, wecom::content_of(brackets, {}))).body)
                                .at("markdown")
                                .at("content")
                                .as_string());
    for (std::string_view const link : {"[a](https://x.example/a%29b)", "[b](https://x.example/a%28b)",
                                        "[c](https://x.example/%28%28%28%28a%29%29%29%29)"})
        BOOST_TEST(contains(links, link), links);

    auto const huge =
        tidings::notice("x").body(std::string(2100, 'x')).button("a", "https://b.c").button("d", "https://e.f");
    auto const refused = wecom::check(wecom::content_of(huge, {}), chat);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(kind(refused) == kind(errc::message_too_long));

    auto const native =
        wecom::check(wecom::content_of(wecom::native("template_card", R"({"card_type":"x"})"), {}), chat);
    BOOST_TEST_REQUIRE(native.has_error());
    BOOST_TEST(kind(native) == kind(errc::message_invalid));
    BOOST_TEST(contains(native.error().message(), "a chat of WeCom takes no template_card"));
    BOOST_TEST(wecom::check(wecom::content_of(wecom::native("news", R"({"articles":[]})"), {}), chat).has_value());
    BOOST_TEST(wecom::check(wecom::content_of(wecom::native("template_card", "{}"), {}), person.front()).has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_is_about_the_group_or_the_chat)
{
    struct
    {
        std::int64_t code;
        errc expected;
        std::string_view remedy;
    } const of_chats[] = {
        {86001, errc::recipient_not_found, "Check the chat id"},
        {86003, errc::recipient_not_found, "Check the chat id"},
        {86008, errc::recipient_unreachable, "this very app created"},
        {86205, errc::recipient_not_found, "Check the chat id"},
        {60011, errc::permission_missing, "root department"},
        {40008, errc::message_invalid, ""},
        {45009, errc::rate_limited, ""},
        {42001, errc::token_rejected, ""},
    };
    for (auto const& row : of_chats)
    {
        send_to_chat op(app(), chat, hello);
        auto const f = test::refused(op, said(200, refusal_of(row.code)));
        BOOST_TEST(kind(f) == kind(row.expected), row.code);
        BOOST_TEST(contains(f.remedy(), row.remedy), f.remedy());
    }
    auto const to = of("department", {"9"});
    send_to_groups op(app(), to, hello, "k");
    auto const nobody = test::refused(
        op, said(200, R"({"errcode":81013,"errmsg":"user & party & tag all invalid","invalidparty":"9"})"));
    BOOST_TEST(kind(nobody) == kind(errc::recipient_not_found));
    BOOST_TEST(contains(nobody.remedy(), "number of the department or the tag"), nobody.remedy());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_groups_test
