// Answers that are not quite what the platforms write, the same for all of them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wire.hpp"

#include <tidings/impl/outcome.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/webhook.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>

namespace odd_answers_test {

namespace {

using test::contains;
using test::kind;
using test::said;
using tidings::errc;
using tidings::failure;
using tidings::result;

tidings::providers::dingtalk::application dingtalk_app()
{
    return {"dingkey", "dingrobot", 123};
}

// How a message to "ada" fared according to an answer; `frame` says how the call names its code.
struct call
{
    std::string_view name;
    std::string_view code;    // the member
    std::string_view success; // what else a success has
    std::function<result<void>(said const&)> read;
};

template<class Operation>
result<void> outcome_of(Operation& op, said const& in)
{
    auto const done = op.decode(in.view());
    if (!done)
        return tidings::detail::map_refusal(done.error(), op.idempotency());
    if constexpr (requires { op.outcome(0); })
        return op.outcome(0);
    else
        return done;
}

std::vector<call> calls()
{
    using namespace tidings;
    static providers::lark::recipient const open_id("open_id", "ada");
    static providers::lark::content const text{providers::lark::content::kind::text, "x"};
    static std::vector<providers::lark::recipient> const lark_people{open_id};
    static std::vector<providers::dingtalk::recipient> const ding_people{providers::dingtalk::recipient("ada")};
    static providers::dingtalk::content const ding_text("x");
    static std::vector<providers::wecom::recipient> const wecom_people{providers::wecom::recipient("ada")};
    static providers::wecom::content const wecom_text("text", "x", 2048);
    static tidings::detail::webhook_key const hook(secret("webhook-token-1"), secret());
    static auto const hook_text = providers::lark::hook_content::words("x");
    return {{"lark", "code", R"("data":{"message_id":"om_1"})",
             [](said const& in) {
                 providers::lark::send_message op(test::lark_app(), open_id, text, "k");
                 return outcome_of(op, in);
             }},
            {"lark batch", "code", R"("data":{"message_id":"bm-1"})",
             [](said const& in) {
                 providers::lark::batch_send op(test::lark_app(), lark_people, text);
                 return outcome_of(op, in);
             }},
            {"lark hook", "code", R"("msg":"ok")",
             [](said const& in) {
                 providers::lark::send_to_webhook op(providers::lark::lark_brand, hook, hook_text);
                 return outcome_of(op, in);
             }},
            {"dingtalk", "code", R"("processQueryKey":"k")",
             [](said const& in) {
                 providers::dingtalk::batch_send op(dingtalk_app(), ding_people, ding_text);
                 return outcome_of(op, in);
             }},
            {"dingtalk, old member", "errcode", R"("processQueryKey":"k")",
             [](said const& in) {
                 providers::dingtalk::batch_send op(dingtalk_app(), ding_people, ding_text);
                 return outcome_of(op, in);
             }},
            {"dingtalk work", "errcode", R"("task_id":7)",
             [](said const& in) {
                 providers::dingtalk::send_work op(dingtalk_app(), ding_people, ding_text);
                 return outcome_of(op, in);
             }},
            {"dingtalk hook", "errcode", R"("errmsg":"ok")",
             [](said const& in) {
                 providers::dingtalk::send_to_webhook op(hook, ding_text, "k");
                 return outcome_of(op, in);
             }},
            {"wecom", "errcode", R"("msgid":"m")",
             [](said const& in) {
                 providers::wecom::send_message op({"ww1", 1}, wecom_people, wecom_text, "k");
                 return outcome_of(op, in);
             }},
            {"wecom hook", "errcode", R"("errmsg":"ok")", [](said const& in) {
                 providers::wecom::send_to_webhook op(hook, wecom_text);
                 return outcome_of(op, in);
             }}};
}

std::string body_of(call const& c, std::string_view code)
{
    return R"({")" + std::string(c.code) + R"(":)" + std::string(code) + "," + std::string(c.success) + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(odd_answers)

BOOST_AUTO_TEST_CASE(zero_is_success_as_a_number_and_as_text_and_behind_a_byte_order_mark)
{
    for (auto const& c : calls())
        for (std::string_view const code : {"0", "\"0\"", "-0"})
        {
            BOOST_TEST(kind(c.read(said(200, body_of(c, code)))) == "success", c.name << ": " << code);
            BOOST_TEST(kind(c.read(said(200, "\xef\xbb\xbf" + body_of(c, code)))) == "success", c.name << ": " << code);
        }
}

BOOST_AUTO_TEST_CASE(a_code_as_text_is_the_code)
{
    for (auto const& c : calls())
    {
        auto const number = c.read(said(200, body_of(c, "45009")));
        auto const text = c.read(said(200, body_of(c, "\"45009\"")));
        BOOST_REQUIRE(number.has_error());
        BOOST_REQUIRE(text.has_error());
        BOOST_TEST(text.error().message() == number.error().message(), c.name);
        BOOST_TEST(number.error().platform_code() == "45009", c.name);
    }
}

BOOST_AUTO_TEST_CASE(a_code_that_is_unclear_makes_the_outcome_unknown)
{
    for (auto const& c : calls())
        for (std::string_view const code :
             {"0.0", "45009.0", "1e5", "null", "true", "false", "{}", "[]", "[0]", R"({"a":0})", "18446744073709551616",
              R"("")", R"("0 ")", R"("00")", R"("0x0")", R"("4 5009")"})
        {
            auto const fared = c.read(said(200, body_of(c, code)));
            BOOST_TEST(kind(fared) == kind(errc::outcome_unknown), c.name << ": " << code);
        }
}

BOOST_AUTO_TEST_CASE(a_gateway_that_answers_in_the_platforms_frame_makes_the_outcome_unknown)
{
    for (auto const& c : calls())
    {
        for (std::string_view const code : {"408", "499", "500", "502", "504"})
            for (unsigned const status : {200u, 408u, 499u, 504u})
                BOOST_TEST(kind(c.read(said(status, body_of(c, code)))) == kind(errc::outcome_unknown),
                           c.name << ": " << status << ' ' << code);
        // Any code that nobody knows, when the status says that the server behind was slow.
        BOOST_TEST(kind(c.read(said(408, body_of(c, "987654321")))) == kind(errc::outcome_unknown), c.name);
    }
}

BOOST_AUTO_TEST_CASE(two_codes_that_differ_make_the_outcome_unknown)
{
    for (auto const& c : calls())
    {
        auto const twice = [&c](std::string_view first, std::string_view second) {
            auto const name = "\"" + std::string(c.code) + "\":";
            return "{" + name + std::string(first) + "," + std::string(c.success) + "," + name + std::string(second) +
                   "}";
        };
        BOOST_TEST(kind(c.read(said(200, twice("0", "0")))) == "success", c.name);
        BOOST_TEST(kind(c.read(said(200, twice("0", "\"0\"")))) == "success", c.name);
        for (auto const& [first, second] :
             {std::pair("0", "1"), std::pair("1", "0"), std::pair("0", "null"), std::pair("null", "0"),
              std::pair("0", "[]"), std::pair("{}", "0"), std::pair("45009", "45033")})
            BOOST_TEST(kind(c.read(said(200, twice(first, second)))) == kind(errc::outcome_unknown),
                       c.name << ": " << first << ' ' << second);
    }
    // Of DingTalk's two members the one that refuses decides.
    auto const ding = calls()[3];
    BOOST_TEST(kind(ding.read(said(200, R"({"errcode":0,"code":"staffId.notExisted","processQueryKey":"k"})"))) ==
               kind(errc::recipient_not_found));
    BOOST_TEST(kind(ding.read(said(200, R"({"errcode":60121,"code":"0","processQueryKey":"k"})"))) ==
               kind(errc::recipient_not_found));
    BOOST_TEST(kind(ding.read(said(200, R"({"errcode":88,"sub_code":"60121","code":0,"processQueryKey":"k"})"))) ==
               kind(errc::recipient_not_found));
}

BOOST_AUTO_TEST_CASE(a_person_in_a_list_was_not_reached_however_the_list_is_written)
{
    struct
    {
        std::size_t call;
        std::string_view list; // a format with one gap
        errc expected;
    } const lists[] = {
        {1, R"({"code":0,"data":{"message_id":"bm-1","invalid_open_ids":%}})", errc::recipient_not_found},
        {3, R"({"processQueryKey":"k","invalidStaffIdList":%})", errc::recipient_not_found},
        {3, R"({"processQueryKey":"k","flowControlledStaffIdList":%})", errc::rate_limited},
        {3, R"({"processQueryKey":"k","filteredStaffIdList":%})", errc::recipient_unreachable},
        {7, R"({"errcode":0,"msgid":"m","invaliduser":%})", errc::recipient_not_found},
        {7, R"({"errcode":0,"msgid":"m","unlicenseduser":%})", errc::recipient_unreachable},
    };
    auto const all = calls();
    for (auto const& l : lists)
    {
        auto const fared = [&](std::string_view value) {
            std::string body(l.list);
            body.replace(body.find('%'), 1, value);
            return kind(all[l.call].read(said(200, body)));
        };
        for (std::string_view const named :
             {R"("ada")", R"(["ada"])", R"(" ada")", R"("ada ")", R"("ada|")", R"("bob,ada")", R"("bob, ada")",
              R"("bob|ada")", R"("bob;ada")", R"(["bob","ada"])", R"(["bob|ada"])", R"(["bob", " ada\n"])"})
            BOOST_TEST(fared(named) == kind(l.expected), l.list << ' ' << named);
        for (std::string_view const nobody : {R"("")", "[]", "null", R"("|")", R"(" ")", R"(["",null])"})
            BOOST_TEST(fared(nobody) == "success", l.list << ' ' << nobody);
        // Somebody was not reached, and nobody knows whether it is this person.
        for (std::string_view const other : {R"("bob")", R"(["bob"])", "7", "0", "true", "false", "1.5",
                                             R"({"ada":"x"})", R"([{"id":"ada"}])", R"([["ada"]])", R"("adabob")"})
            BOOST_TEST(fared(other) == kind(errc::outcome_unknown), l.list << ' ' << other);
    }
}

BOOST_AUTO_TEST_CASE(an_id_that_has_a_separator_in_it_is_found_in_a_list)
{
    using namespace tidings::providers::dingtalk;
    std::vector<recipient> const to{recipient("zhang san"), recipient("a|b"), recipient("san")};
    content const what("x");
    batch_send op(dingtalk_app(), to, what);
    BOOST_TEST(
        kind(op.decode(said(200, R"({"processQueryKey":"k","invalidStaffIdList":["zhang san","a|b"]})").view())) ==
        "success");
    BOOST_TEST(kind(op.outcome(0)) == kind(errc::recipient_not_found));
    BOOST_TEST(kind(op.outcome(1)) == kind(errc::recipient_not_found));
    BOOST_TEST(kind(op.decode(said(200, R"({"processQueryKey":"k","invalidStaffIdList":["a|b"]})").view())) ==
               "success");
    BOOST_TEST(kind(op.outcome(0)) == "success");
}

BOOST_AUTO_TEST_CASE(two_people_for_one_address_are_ambiguous)
{
    using namespace tidings;
    match::phone_number const number("+6591234567");
    match::email const address("ada@example.com");

    providers::lark::look_up lark_op(test::lark_app());
    lark_op.add(providers::lark::look_up::by::email, address.view());
    lark_op.add(providers::lark::look_up::by::phone_number, number.view());
    auto const lark_users = [&lark_op](std::string_view users) {
        return kind(
            lark_op.decode(said(200, R"({"code":0,"data":{"user_list":[)" + std::string(users) + "]}}").view()));
    };
    BOOST_TEST(lark_users(R"({"user_id":"a","email":"ada@example.com"},{"user_id":"b","email":"Ada@example.com"},
                             {"user_id":"c","mobile":"+6591234567"})") == "success");
    BOOST_TEST(lark_op.is_ambiguous(0));
    BOOST_TEST(!lark_op.is_ambiguous(1)); // the others of the same question are found
    BOOST_TEST(lark_op.id_of(1) == "c");
    BOOST_TEST(lark_users(R"({"user_id":"a","email":"ada@example.com"},{"user_id":"","email":"ada@example.com"},
                             {"user_id":"a","email":"ada@example.com"})") == "success");
    BOOST_TEST(!lark_op.is_ambiguous(0));
    BOOST_TEST(lark_op.id_of(0) == "a");

    auto const ambiguous = kind(errc::ambiguous_recipient);
    providers::lark::get_user lark_user(test::lark_app(), "ada");
    BOOST_TEST(kind(lark_user.decode(
                   said(200, R"({"code":0,"data":{"user":{"open_id":"a","open_id":"b"}}})").view())) == ambiguous);

    providers::wecom::get_by_mobile wecom_phone({"ww1", 1}, number.view());
    providers::wecom::get_by_email wecom_mail({"ww1", 1}, address.view(),
                                              providers::wecom::get_by_email::mailbox::company, true);
    providers::wecom::get_user wecom_user({"ww1", 1}, "ada");
    for (auto* const op : {static_cast<wire::operation*>(&wecom_phone), static_cast<wire::operation*>(&wecom_mail),
                           static_cast<wire::operation*>(&wecom_user)})
    {
        BOOST_TEST(kind(op->decode(said(200, R"({"errcode":0,"userid":"a","userid":"b"})").view())) == ambiguous);
        BOOST_TEST(kind(op->decode(said(200, R"({"errcode":0,"userid":"a","userid":"a"})").view())) == "success");
    }

    providers::dingtalk::get_user ding_user(dingtalk_app(), providers::dingtalk::get_user::by::userid, "ada");
    BOOST_TEST(kind(ding_user.decode(said(200, R"({"errcode":0,"result":{"userid":"a","userid":"b"}})").view())) ==
               ambiguous);
    providers::dingtalk::get_by_mobile ding_op(dingtalk_app(), number.view());
    for (auto const& [found, expected, id] :
         {std::tuple(R"({"userid":"a"})", "success", "a"),
          std::tuple(R"({"exclusive_account_userid_list":["a"]})", "success", "a"),
          std::tuple(R"({"userid":"","exclusive_account_userid_list":["a"]})", "success", "a"),
          std::tuple(R"({"userid":"a","exclusive_account_userid_list":["a"]})", "success", "a"),
          std::tuple(R"({"userid":"a","exclusive_account_userid_list":[]})", "success", "a"),
          std::tuple(R"({"exclusive_account_userid_list":[]})", "success", ""),
          std::tuple(R"({"exclusive_account_userid_list":["a","b"]})", ambiguous.c_str(), "b"),
          std::tuple(R"({"userid":"a","exclusive_account_userid_list":["b"]})", ambiguous.c_str(), "b"),
          std::tuple(R"({"userid":"a","userid":"b"})", ambiguous.c_str(), "b")})
    {
        BOOST_TEST(kind(ding_op.decode(said(200, R"({"errcode":0,"result":)" + std::string(found) + "}").view())) ==
                       expected,
                   found);
        BOOST_TEST(ding_op.userid() == id, found);
    }
}

BOOST_AUTO_TEST_CASE(a_link_out_of_wecoms_words_leads_to_wecom)
{
    auto const link_in = [](std::string_view text) {
        tidings::providers::wecom::get_by_mobile op({"ww1", 1}, "+6591234567");
        auto const f = test::refused(op, said(200, R"({"errcode":48002,"errmsg":")" + std::string(text) + "\"}"));
        return std::string(f.link());
    };
    BOOST_TEST(link_in("api forbidden, more info at https://open.work.weixin.qq.com/devtool/query?e=48002") ==
               "https://open.work.weixin.qq.com/devtool/query?e=48002");
    BOOST_TEST(link_in("api forbidden, more info at https://evil.example/devtool") == "");
    BOOST_TEST(link_in("api forbidden, more info at https://open.work.weixin.qq.com.evil.example/") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace odd_answers_test
