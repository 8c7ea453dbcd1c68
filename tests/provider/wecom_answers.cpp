// What the operations of WeCom make of successes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/wecom.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace wecom_answers_test {

namespace {

using namespace tidings::providers::wecom;
using test::contains;
using test::json;
using test::kind;
using test::said;
using test::sent;
using tidings::errc;
using tidings::wecom;

application app()
{
    return {"ww1", 1000002};
}

wecom::credentials credentials()
{
    return {"ww1", tidings::secret("s3cret"), 1000002};
}

std::string decoded(tidings::wire::operation& op, std::string_view body, unsigned status = 200)
{
    return kind(op.decode(said(status, body).view()));
}

constexpr std::string_view nobody = R"({"errcode":46004,"errmsg":"user no exist, hint: [1_2_3], from ip: 1.1.1.1"})";

} // namespace

BOOST_AUTO_TEST_SUITE(wecom_tokens)

BOOST_AUTO_TEST_CASE(a_token_and_its_lifetime_are_read)
{
    tidings::secret const s("x");
    fetch_token op(app(), s);
    for (
        std::string_view const body :
        {R"({"errcode":0,"errmsg":"ok","access_token":"accesstoken000001","expires_in":7200})",
         R"({"expires_in":7200,"access_token":"accesstoken000001"})",
         R"({"errcode":0,"errmsg":"ok. Warning: wrong json format. ","access_token":"accesstoken000001","expires_in":7200})"})
    {
        BOOST_TEST(decoded(op, body) == "success", body);
        BOOST_TEST(op.lifetime().count() == 7200);
        BOOST_TEST(op.take_token().reveal() == "accesstoken000001");
    }
    // Until its end the platform hands out the same token.
    BOOST_TEST(op.margins().refresh.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_lifetime_that_is_none_makes_a_token_for_one_use_and_a_long_one_is_not_believed)
{
    tidings::secret const s("x");
    for (auto const& [expires, seconds] : {std::pair<std::string, int>("", 0),
                                           {R"("expires_in":null,)", 0},
                                           {R"("expires_in":"72 00",)", 0},
                                           {R"("expires_in":"7200",)", 7200},
                                           {R"("expires_in":-5,)", 0},
                                           {R"("expires_in":1e9,)", 0},
                                           {R"("expireIn":7200,)", 0},
                                           {R"("expires_in":9223372036854775807,)", 86400}})
    {
        fetch_token op(app(), s);
        BOOST_TEST(decoded(op, R"({"errcode":0,)" + expires + R"("access_token":"t"})") == "success");
        BOOST_TEST(op.lifetime().count() == seconds, expires);
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_is_none_is_refused_and_not_repeated)
{
    tidings::secret const s("x");
    std::string const longest(512, 't');
    for (std::string const& token :
         {std::string(), std::string(R"("access_token":null)"), std::string(R"("access_token":"")"),
          std::string(R"("access_token":7)"), std::string(R"("access_token":["t"])"),
          std::string(R"("access_token":"hush\r\nX: y")"), std::string(R"("access_token":"hush hush")"),
          std::string(R"("access_token":"hush\u0000")"), std::string(R"("access_token":"hush\u007f")"),
          R"("access_token":")" + longest + "t\""})
    {
        fetch_token op(app(), s);
        auto const f = test::refused(op, said(200, R"({"errcode":0)" + (token.empty() ? "" : "," + token) + "}"));
        BOOST_TEST(kind(f) == kind(errc::protocol_error), token);
        BOOST_TEST(!contains(f.message() + f.remedy(), "hush"));
        BOOST_TEST(op.take_token().empty());
    }
    fetch_token op(app(), s);
    BOOST_TEST(decoded(op, R"({"access_token":")" + longest + "\"}") == "success");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wecom_people)

BOOST_AUTO_TEST_CASE(the_owner_of_a_number_is_read_and_forgotten_before_the_next_answer)
{
    get_by_mobile op(app(), "+8613430388888");
    BOOST_TEST(decoded(op, R"({"errcode":0,"errmsg":"ok","userid":"zhangsan"})") == "success");
    BOOST_TEST(op.userid() == "zhangsan");
    for (std::string_view const rest : {"", R"(,"userid":null)", R"(,"userid":"")", R"(,"userid":7)",
                                        R"(,"userid":["x"])", R"(,"result":{"userid":"x"})"})
    {
        BOOST_TEST(decoded(op, R"({"errcode":0)" + std::string(rest) + "}") == "success", rest);
        BOOST_TEST(op.userid() == "", rest);
    }
    // Where the code is missing, there has to be what was asked for.
    BOOST_TEST(decoded(op, R"({"userid":"zhangsan"})") == "success");
    BOOST_TEST(op.userid() == "zhangsan");
    BOOST_TEST(decoded(op, R"({"errmsg":"ok"})") == kind(errc::protocol_error));
    BOOST_TEST(decoded(op, "{}") == kind(errc::protocol_error));
}

BOOST_AUTO_TEST_CASE(an_email_address_is_looked_for_among_company_mailboxes_and_then_personal_ones)
{
    auto const app_credentials = credentials();
    tidings::match::email const address("12345@qq.com");

    wecom::finder<tidings::match::email> company(app_credentials);
    company.add(address);
    auto* op = company.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(json(sent(*op).body) == json(R"({"email":"12345@qq.com","email_type":1})"));
    BOOST_TEST(decoded(*op, R"({"errcode":0,"errmsg":"ok","userid":"zhangsan"})") == "success");
    BOOST_TEST(!company.next()); // each miss counts: no call more than needed
    BOOST_TEST(company.id_of(0) == "zhangsan");

    wecom::finder<tidings::match::email> personal(app_credentials);
    personal.add(address);
    op = personal.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(decoded(*op, nobody) == "success"); // not yet a failure
    op = personal.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(json(sent(*op).body) == json(R"({"email":"12345@qq.com","email_type":2})"));
    BOOST_TEST(decoded(*op, R"({"errcode":0,"errmsg":"ok","userid":"lisi"})") == "success");
    BOOST_TEST(!personal.next());
    BOOST_TEST(personal.id_of(0) == "lisi");

    wecom::finder<tidings::match::email> neither(app_credentials);
    neither.add(address);
    BOOST_TEST(decoded(*neither.next(), nobody) == "success");
    BOOST_TEST(decoded(*neither.next(), nobody) == kind(errc::recipient_not_found));
    BOOST_TEST(neither.id_of(0) == "");

    // Only "nobody" leads to the second question.
    wecom::finder<tidings::match::email> blocked(app_credentials);
    blocked.add(address);
    BOOST_TEST(decoded(*blocked.next(), R"({"errcode":45009,"errmsg":"api freq out of limit"})") ==
               kind(errc::rate_limited));
    wecom::finder<tidings::match::email> forbidden(app_credentials);
    forbidden.add(address);
    BOOST_TEST(decoded(*forbidden.next(), R"({"errcode":48002,"errmsg":"api forbidden"})") ==
               kind(errc::permission_missing));
}

BOOST_AUTO_TEST_CASE(the_other_finders_ask_once)
{
    auto const app_credentials = credentials();
    wecom::finder<tidings::match::phone_number> by_phone(app_credentials);
    by_phone.add(tidings::match::phone_number("+86 134-3038-8888")); // it keeps what it needs
    auto* op = by_phone.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(json(sent(*op).body) == json(R"({"mobile":"13430388888"})"));
    BOOST_TEST(decoded(*op, R"({"errcode":0,"userid":"zhangsan"})") == "success");
    BOOST_TEST(!by_phone.next());
    BOOST_TEST(by_phone.id_of(0) == "zhangsan");

    wecom::finder<tidings::match::login_name> by_name(app_credentials);
    by_name.add(tidings::match::login_name("ZhangSan"));
    op = by_name.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(sent(*op).line == "GET /cgi-bin/user/get?access_token=t-1&userid=ZhangSan HTTP/1.1");
    BOOST_TEST(decoded(*op, R"({"errcode":0,"userid":"zhangsan","status":1})") == "success");
    BOOST_TEST(!by_name.next());
    BOOST_TEST(by_name.id_of(0) == "zhangsan");
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_several_people_or_everybody_is_none)
{
    get_by_mobile number(app(), "+8613430388888");
    get_by_email mailbox(app(), "a@example.com", get_by_email::mailbox::company, true);
    get_user member(app(), "zhangsan");
    for (std::string_view const id : {"a|b", "@all", "a,b", "zhang san"})
    {
        auto const answer = R"({"errcode":0,"status":1,"userid":")" + std::string(id) + "\"}";
        BOOST_TEST(decoded(number, answer) == kind(errc::protocol_error), id);
        BOOST_TEST(decoded(mailbox, answer) == kind(errc::protocol_error), id);
        BOOST_TEST(decoded(member, answer) == kind(errc::protocol_error), id);
    }
}

BOOST_AUTO_TEST_CASE(a_member_who_has_left_is_nobody)
{
    get_user op(app(), "zhangsan");
    for (auto const& [status, id] : {std::pair<std::string, std::string_view>(R"("status":1,)", "zhangsan"),
                                     {R"("status":4,)", "zhangsan"},
                                     {"", "zhangsan"},
                                     {R"("status":null,)", "zhangsan"},
                                     {R"("status":5,)", ""}})
    {
        BOOST_TEST(decoded(op, R"({"errcode":0,"errmsg":"ok","department":[1,2],)" + status +
                                   R"("userid":"zhangsan","extattr":{"attrs":[{"userid":"x"}]}})") == "success");
        BOOST_TEST(op.userid() == id, status);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wecom_sends)

BOOST_AUTO_TEST_CASE(a_message_has_an_id)
{
    auto const app_credentials = credentials();
    std::vector<recipient> const to{recipient("zhangsan")};
    content const what("text", "x", max_content);
    wecom::delivery delivery(app_credentials, to, what, "key");
    auto* const op = delivery.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(decoded(*op, R"({"errcode":0,"errmsg":"ok","msgid":"3yzdAQ63"})") == "success");
    BOOST_TEST(!delivery.next());
    BOOST_TEST(delivery.pause().count() == 0);
    BOOST_TEST(delivery.message_id() == "3yzdAQ63");
    BOOST_TEST(kind(delivery.outcome(0)) == "success");
}

BOOST_AUTO_TEST_CASE(the_lists_name_people_in_lower_case_and_so_on)
{
    std::vector<recipient> to;
    for (std::string_view const id : {"Ann", "BOB", "cat", "Dan@Corp", "ann2"})
        to.emplace_back(id);
    content const what("text", "x", max_content);
    send_message op(app(), to, what, "key");
    BOOST_TEST(decoded(op, R"({"errcode":0,"errmsg":"ok","invaliduser":"ann|dan@corp|","invalidparty":"cat",
                               "invalidtag":"","unlicenseduser":"bob","msgid":"m","response_code":"r"})") == "success");
    BOOST_TEST(kind(op.outcome(0)) == kind(errc::recipient_not_found));
    BOOST_TEST(kind(op.outcome(1)) == kind(errc::recipient_unreachable));
    BOOST_TEST(kind(op.outcome(2)) == "success");
    BOOST_TEST(kind(op.outcome(3)) == kind(errc::recipient_not_found));
    BOOST_TEST(kind(op.outcome(4)) == "success"); // not a part of another's id
    auto const missing = op.outcome(0).error();
    BOOST_TEST(missing.platform_code() == "invaliduser");
    BOOST_TEST(contains(missing.remedy(), "Visible range"));
    BOOST_TEST(contains(missing.remedy(tidings::language::chinese), "可见范围"));
    BOOST_TEST(contains(op.outcome(1).error().remedy(), "licence"));
}

BOOST_AUTO_TEST_CASE(a_long_list_is_compared_with_the_recipients_once)
{
    constexpr int count = 1000;
    constexpr int listed = count / 2;
    std::vector<recipient> to;
    for (int i = 0; i != count; ++i)
        to.emplace_back("person" + std::to_string(i));
    std::string list;
    for (int round = 0; round != 20; ++round)
        for (int i = 0; i != listed; ++i)
            list += "person" + std::to_string(count - 1 - i) + "|";
    content const what("text", "x", max_content);
    send_message op(app(), to, what, "key");
    auto const start = std::clock();
    BOOST_TEST(decoded(op, R"({"errcode":0,"msgid":"m","invaliduser":")" + list + "\"}") == "success");
    for (int i = 0; i != count; ++i)
        BOOST_TEST(op.outcome(static_cast<std::size_t>(i)).has_value() == (i < count - listed), i);
    constexpr auto limit = 20; // seconds of CPU; once for each person takes many times as long
    BOOST_TEST((std::clock() - start) / CLOCKS_PER_SEC < limit);
}

BOOST_AUTO_TEST_CASE(lists_may_be_absent_null_or_empty_and_are_forgotten_before_the_next_answer)
{
    std::vector<recipient> const to{recipient("ann")};
    content const what("text", "x", max_content);
    send_message op(app(), to, what, "key");
    BOOST_TEST(decoded(op, R"({"errcode":0,"msgid":"m","invaliduser":"ann","unlicenseduser":"ann"})") == "success");
    for (std::string_view const lists :
         {"", R"(,"invaliduser":"","unlicenseduser":"")", R"(,"invaliduser":null)", R"(,"invaliduser":"|")",
          R"(,"invaliduser":[])", R"(,"invaliduser":[null,""])"})
    {
        BOOST_TEST(decoded(op, R"({"errcode":0)" + std::string(lists) + "}") == "success", lists);
        BOOST_TEST(kind(op.outcome(0)) == "success", lists);
        BOOST_TEST(op.message_id() == "", lists);
    }
}

BOOST_AUTO_TEST_CASE(without_a_code_there_has_to_be_a_message_id)
{
    std::vector<recipient> const to{recipient("ann")};
    content const what("text", "x", max_content);
    send_message op(app(), to, what, "key");
    BOOST_TEST(decoded(op, R"({"msgid":"m"})") == "success");
    for (std::string_view const body :
         {"{}", R"({"errmsg":"ok"})", R"({"msgid":null})", R"({"msgid":7})", R"({"msgid":""})", "[]", "null"})
        BOOST_TEST(decoded(op, body) == kind(errc::protocol_error), body);
}

BOOST_AUTO_TEST_CASE(a_recall_succeeds_with_code_0_only)
{
    recall op(app(), "m");
    BOOST_TEST(decoded(op, R"({"errcode":0,"errmsg":"ok"})") == "success");
    BOOST_TEST(decoded(op, "{}") == kind(errc::protocol_error));
    auto const app_credentials = credentials();
    auto back = wecom::recall(app_credentials, "m");
    BOOST_TEST(json(sent(*back.next()).body) == json(R"({"msgid":"m"})"));
    BOOST_TEST(!back.next());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_answers_test
