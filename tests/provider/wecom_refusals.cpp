// What the operations of WeCom make of refusals: every code of the wire document, every shape of body.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/wecom.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wecom_refusals_test {

namespace {

using namespace tidings::providers::wecom;
using test::contains;
using test::kind;
using test::said;
using tidings::errc;
using tidings::failure;
using tidings::language;

application app()
{
    return {"ww1", 1000002};
}

std::vector<recipient> const to{recipient("ann")};
content const what("text", "hi", max_content);

failure message_refused(said const& in)
{
    send_message op(app(), to, what, "key");
    return test::refused(op, in);
}
failure token_refused(said const& in)
{
    tidings::secret const s("s3cret");
    fetch_token op(app(), s);
    return test::refused(op, in);
}
failure mobile_refused(said const& in)
{
    get_by_mobile op(app(), "1");
    return test::refused(op, in);
}
failure email_refused(said const& in)
{
    get_by_email op(app(), "a@b", get_by_email::mailbox::personal, true);
    return test::refused(op, in);
}
failure user_refused(said const& in)
{
    get_user op(app(), "ann");
    return test::refused(op, in);
}
failure recall_refused(said const& in)
{
    recall op(app(), "m");
    return test::refused(op, in);
}

/// With the hint that most texts end with.
std::string text_of(std::int64_t code, std::string_view text)
{
    return std::string(text) +
           ", hint: [1589168158_51_ab], from ip: 1.2.3.4, more info at "
           "https://open.work.weixin.qq.com/devtool/query?e=" +
           std::to_string(code);
}
std::string body_of(std::int64_t code, std::string_view text = "some text")
{
    return R"({"errcode":)" + std::to_string(code) + R"(,"errmsg":")" + text_of(code, text) + R"("})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(wecom_classification)

BOOST_AUTO_TEST_CASE(every_code_of_the_document_has_its_kind)
{
    struct
    {
        errc expected;
        std::vector<std::int64_t> codes;
    } const rows[] = {
        {errc::token_rejected, {40014, 41001, 42001}},
        {errc::bad_credentials, {40001, 40013, 40091, 41002, 41004, 41011, 40056, 301002}},
        {errc::app_not_published, {48006, 50003}},
        {errc::permission_missing, {48001, 48002, 60011}},
        {errc::ip_not_allowed, {60020, 48009}},
        {errc::recipient_not_found, {40003, 40031, 46004, 60103, 60105, 60111, 81013}},
        {errc::recipient_unreachable, {50002, 60021}},
        {errc::message_too_long, {40006, 40009, 40011, 45001, 45002, 45007}},
        {errc::message_invalid,
         {40004, 40005, 40007, 40008, 40033, 40058, 40123, 40201, 41006, 41010, 41016, 44001, 44004, 45008, 45034,
          82004}},
        {errc::invalid_argument, {40032, 40035, 40063, 41009, 42052, 81012, 82001, 82002, 82003}},
        {errc::rate_limited, {45009, 45033}},
        {errc::server_error, {-1}},
        {errc::protocol_error, {43001, 43002, 43004}},
        {errc::platform_error, {1, 2, 60003, 999999999999}},
    };
    for (auto const& row : rows)
        for (auto const code : row.codes)
            BOOST_TEST_CONTEXT(code)
            {
                said const in(200, body_of(code));
                for (auto const& f : {message_refused(in), token_refused(in), mobile_refused(in), email_refused(in),
                                      user_refused(in), recall_refused(in)})
                {
                    BOOST_TEST(kind(f) == kind(row.expected));
                    BOOST_TEST(f.platform_code() == std::to_string(code));
                    BOOST_TEST(f.platform_message() == text_of(code, "some text"));
                    BOOST_TEST(f.log_id() == "1589168158_51_ab");
                    BOOST_TEST(f.http_status() == 200u);
                }
            }
}

BOOST_AUTO_TEST_CASE(a_block_lasts_as_long_as_the_limit_that_was_hit)
{
    said const in(200, body_of(45009, "api freq out of limit"));
    auto const sent = message_refused(in);
    BOOST_TEST(sent.wait()->count() == 60);
    BOOST_TEST((sent == tidings::condition::transient));

    auto const token = token_refused(in);
    BOOST_TEST(token.wait()->count() == 3600);
    BOOST_TEST(contains(token.remedy(), "checkCorpSpamBlock"));
    BOOST_TEST(contains(token.remedy(), "Stop the program"));
    BOOST_TEST(contains(token.remedy(language::chinese), "checkCorpSpamBlock"));

    for (auto const& f : {mobile_refused(in), email_refused(in)})
    {
        BOOST_TEST(f.wait()->count() == 24 * 3600);
        BOOST_TEST(contains(f.remedy(), "fifth of the organisation"));
        BOOST_TEST(contains(f.remedy(language::chinese), "20%"));
    }
    BOOST_TEST(user_refused(in).wait()->count() == 60);
    BOOST_TEST(message_refused(said(200, body_of(45033))).wait()->count() == 1);
    BOOST_TEST(!message_refused(said(200, body_of(-1))).wait().has_value());
    BOOST_TEST(!message_refused(said(200, body_of(60011))).wait().has_value());
}

BOOST_AUTO_TEST_CASE(codes_nobody_knows_are_judged_by_the_http_status)
{
    struct
    {
        unsigned status;
        errc expected;
    } const rows[] = {
        {200, errc::platform_error}, {400, errc::platform_error}, {429, errc::rate_limited},
        {500, errc::server_error},   {503, errc::server_error},
    };
    for (auto const& row : rows)
    {
        BOOST_TEST(kind(message_refused(said(row.status, R"({"errcode":123456789,"errmsg":"new"})"))) ==
                       kind(row.expected),
                   row.status);
        // One that is known is judged by itself.
        BOOST_TEST(kind(message_refused(said(row.status, body_of(60020)))) == kind(errc::ip_not_allowed));
    }
    BOOST_TEST(message_refused(said(200, R"({"errcode":9223372036854775807})")).platform_code() ==
               "9223372036854775807");
    BOOST_TEST(message_refused(said(200, R"({"errcode":-7})")).platform_code() == "-7");
}

BOOST_AUTO_TEST_CASE(the_code_comes_before_the_empty_fields_that_a_failure_carries)
{
    auto const f = user_refused(said(
        200,
        R"({"errcode":40014,"errmsg":"invalid access_token","userid":"ann","department":[],"order":[],"is_leader_in_dept":[],"direct_leader":[]})"));
    BOOST_TEST(kind(f) == kind(errc::token_rejected));
    BOOST_TEST(f.log_id() == ""); // it has no hint
    auto const all = message_refused(
        said(200, R"({"errcode":81013,"errmsg":"user & party & tag all invalid","invaliduser":"ann","msgid":"m"})"));
    BOOST_TEST(kind(all) == kind(errc::recipient_not_found));
    BOOST_TEST(contains(all.remedy(), "Visible range"));
}

BOOST_AUTO_TEST_CASE(a_robot_tells_a_long_message_from_a_wrong_address_by_the_text_only)
{
    auto const row = [](std::string_view text) { return classify(call::webhook, 93000, text, 200).kind; };
    BOOST_TEST((row("invalid webhook url") == errc::bad_credentials));
    BOOST_TEST((row("Invalid input : content exceed max length. invalid Request Parameter") == errc::message_too_long));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wecom_advice)

BOOST_AUTO_TEST_CASE(the_refused_address_is_told_with_the_place_to_allow_it)
{
    auto const f = message_refused(said(
        200,
        R"({"errcode":60020,"errmsg":"not allow to access from your ip, hint: [1688229570612130651539009], from ip: 1.1.1.1, more info at https://open.work.weixin.qq.com/devtool/query?e=60020"})"));
    BOOST_TEST(kind(f) == kind(errc::ip_not_allowed));
    BOOST_TEST(f.refused_ip() == "1.1.1.1");
    BOOST_TEST(f.log_id() == "1688229570612130651539009");
    for (auto const lang : {language::english, language::chinese})
    {
        BOOST_TEST(contains(f.remedy(lang), "1.1.1.1"));
        BOOST_TEST(contains(f.remedy(lang), "https://work.weixin.qq.com/wework_admin"));
    }
    BOOST_TEST(contains(f.remedy(), "callback URL"));

    auto const v6 = message_refused(
        said(200, R"({"errcode":60020,"errmsg":"not allow to access from your ip, hint: [1], from ip: 2001:db8::1"})"));
    BOOST_TEST(v6.refused_ip() == "2001:db8::1");

    auto const unnamed = message_refused(said(200, R"({"errcode":60020,"errmsg":"not allow"})"));
    BOOST_TEST(unnamed.refused_ip() == "");
    BOOST_TEST(contains(unnamed.remedy(), "Company Trusted IP"));
    BOOST_TEST(contains(unnamed.remedy(), "public address of this machine"));
    // Every text has an address; only this refusal is about it.
    BOOST_TEST(message_refused(said(200, body_of(40056))).refused_ip() == "");
}

BOOST_AUTO_TEST_CASE(the_page_of_the_code_is_linked)
{
    BOOST_TEST(message_refused(said(200, body_of(48002))).link() ==
               "https://open.work.weixin.qq.com/devtool/query?e=48002");
    BOOST_TEST(message_refused(said(200, R"({"errcode":48002,"errmsg":"api forbidden"})")).link() == "");
    BOOST_TEST(message_refused(said(200, body_of(48002))).scopes().empty()); // the platform has none
}

BOOST_AUTO_TEST_CASE(a_remedy_says_what_a_person_needs)
{
    struct
    {
        std::int64_t code;
        std::vector<std::string_view> parts;
    } const rows[] = {
        {40013, {"My Company", "ww or wx"}},
        {40001, {"Secret", "enabled", "blocks this address"}},
        {41004, {"Secret"}},
        {40056, {"AgentId"}},
        {301002, {"AgentId", "same app"}},
        {46004, {"misspelt", "visible range"}},
        {60111, {"visible range"}},
        {81013, {"Visible range", "userid"}},
        {60011, {"visible range"}},
        {60021, {"visible range"}},
        {48002, {"self-built"}},
        {48006, {"administrator", "enable"}},
        {50003, {"administrator", "enable"}},
        {40007, {"Upload", "three days"}},
        {45002, {"Shorten"}},
    };
    for (auto const& row : rows)
    {
        auto const f = message_refused(said(200, body_of(row.code)));
        for (auto const part : row.parts)
            BOOST_TEST(contains(f.remedy(), part), row.code << " lacks \"" << part << "\": " << f.remedy());
        BOOST_TEST(f.remedy(language::chinese) != "");
        BOOST_TEST(f.remedy(language::chinese) != f.remedy());
    }
}

BOOST_AUTO_TEST_CASE(every_remedy_has_both_languages_and_shows_no_gap)
{
    for (bool const known : {true, false})
        for (auto const& row : code_table)
        {
            auto const facts = tidings::detail::new_facts();
            facts->remedy = row.remedy;
            facts->console = console;
            if (known)
            {
                facts->refused_ip = "IP";
                facts->link = "LINK";
                facts->wait = std::chrono::seconds(9);
            }
            failure const f(row.kind, facts);
            for (auto const lang : {language::english, language::chinese})
            {
                auto const text = f.remedy(lang);
                BOOST_TEST(text.find_first_of("{}") == text.npos, row.code << ": " << text);
                BOOST_TEST(!contains(text, "  "), row.code << ": " << text);
                if (row.kind != errc::invalid_argument)
                    BOOST_TEST(!text.empty(), row.code);
                for (auto const fact : {"IP}", "LINK", "https://work.weixin"})
                    BOOST_TEST(contains(text, fact) == contains(f.remedy(), fact), row.code << " " << fact);
            }
        }
}

BOOST_AUTO_TEST_CASE(no_secret_is_told)
{
    for (auto const code : {40001, 40013, 41004, 45009})
    {
        auto const f = token_refused(said(200, body_of(code)));
        BOOST_TEST(!contains(f.message() + f.remedy() + f.remedy(language::chinese), "s3cret"));
    }
}

BOOST_AUTO_TEST_CASE(what_the_platform_says_is_told_in_one_line)
{
    auto const f = message_refused(said(200, R"({"errcode":60021,"errmsg":"first\nsecond\u001b[31m, hint: [a\nb]"})"));
    BOOST_TEST(f.message() == kind(errc::recipient_unreachable) +
                                  "; the platform says 60021 \"first second [31m, hint: [a b]\"; log id a b");
}

BOOST_AUTO_TEST_CASE(nobody_is_told_with_the_kind_of_the_address)
{
    auto const f = tidings::wecom::not_found_error("email");
    BOOST_TEST(kind(f) == kind(errc::recipient_not_found));
    BOOST_TEST(contains(f.message(), "has this email"));
    BOOST_TEST(contains(f.remedy(), "visible range"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wecom_is_not_speaking)

BOOST_AUTO_TEST_CASE(a_body_that_is_not_the_platforms_json_is_judged_by_the_http_status)
{
    struct
    {
        unsigned status;
        errc expected;
    } const rows[] = {
        {200, errc::protocol_error}, {301, errc::protocol_error}, {404, errc::protocol_error},
        {429, errc::rate_limited},   {500, errc::server_error},   {502, errc::server_error},
    };
    for (auto const& row : rows)
        for (std::string_view const body :
             {"", "<html>hush</html>", "{", "[1,2]", "7", "\"hush\"", "null", R"({"errcode":null,"errmsg":"hush"})",
              R"({"errcode":" 40014","errmsg":"hush"})", R"({"errcode":{},"errmsg":"hush"})", R"({"errcode":true})",
              R"({"errcode":1.5})", R"({"errcode":18446744073709551615})", R"({"errcode":60111,"errmsg":"hush")",
              R"({"errcode":0} {"errcode":1})", R"([{"errcode":0}])", R"({"data":{"errcode":0}})"})
            BOOST_TEST_CONTEXT(row.status << ' ' << body)
            {
                said const in(row.status, body);
                for (auto const& f : {message_refused(in), token_refused(in), mobile_refused(in), email_refused(in),
                                      user_refused(in), recall_refused(in)})
                {
                    BOOST_TEST(kind(f) == kind(row.expected));
                    BOOST_TEST(f.http_status() == row.status);
                    BOOST_TEST(f.platform_code() == "");
                    BOOST_TEST(!contains(f.message(), "hush"));
                    BOOST_TEST(contains(f.message(), "HTTP status " + std::to_string(row.status)));
                }
            }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_refusals_test
