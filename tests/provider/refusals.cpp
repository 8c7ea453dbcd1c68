// What the operations make of refusals: every code of the wire document, every shape of body.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/lark/answer.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refusals_test {

namespace {

using namespace tidings::providers::lark;
using test::contains;
using test::kind;
using test::said;
using test::send_refused;
using tidings::errc;
using tidings::failure;

std::string body_of(std::int64_t code, std::string_view msg)
{
    return R"({"code":)" + std::to_string(code) + R"(,"msg":")" + std::string(msg) + R"("})";
}

failure token_refused(said const& in, application const& app = test::lark_app())
{
    tidings::secret const s("s");
    fetch_token op(app, s);
    return test::refused(op, in);
}

failure look_up_refused(said const& in, application const& app = test::lark_app())
{
    look_up op(app, look_up::by::email, "ann@example.com");
    return test::refused(op, in);
}

failure user_refused(said const& in)
{
    get_user op(test::lark_app(), "7be5fg9a");
    return test::refused(op, in);
}

failure info_refused(said const& in)
{
    bot_info op(test::lark_app());
    return test::refused(op, in);
}

void check_scopes(failure const& f, std::vector<std::string> const& expected)
{
    BOOST_TEST(f.scopes() == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(classification)

// Section 11 of the wire document, row by row, as any business call sees it.
BOOST_AUTO_TEST_CASE(every_code_of_the_document_has_its_kind)
{
    struct
    {
        errc expected;
        std::vector<std::int64_t> codes;
    } const rows[] = {
        {errc::token_rejected, {99991663, 99991664, 99991665, 99991668, 99991671, 99991677}},
        {errc::bad_credentials, {10014, 10015, 10012, 10013, 10005, 99991543}},
        {errc::app_not_published, {99991662, 99991673, 11207, 11209, 11210, 212100, 232034, 20009}},
        {errc::permission_missing, {99991672, 99991676, 99991679, 230027, 11203, 11204, 11223}},
        {errc::ip_not_allowed, {99991401}},
        {errc::bot_disabled, {230006, 11205, 11240, 234007, 232025}},
        {errc::recipient_not_found,
         {230034, 99992351, 99992360, 99992361, 99992363, 99992364, 99992381, 41012, 11101, 232009, 99992355,
          99992356}},
        {errc::recipient_unreachable,
         {230013, 230029, 230035, 230038, 230053, 41050, 40004, 11225, 11236, 20010, 230002, 230018, 230036, 230075}},
        {errc::message_invalid,
         {230001, 230022, 230028, 230055, 230099, 9499,  99992402, 234001, 234010, 234011, 234039,
          11246,  11248,  11312,  10002,  11227,  11231, 11235,    230015, 230017, 230054, 230100}},
        {errc::invalid_argument, {230009, 230011, 230012, 230026, 230033, 230050, 99992354}},
        {errc::protocol_error, {99991661}},
        {errc::message_too_long, {230025, 234006}},
        {errc::rate_limited, {99991400, 230020, 11232, 11233}},
        {errc::quota_exhausted, {99991403, 99991406, 11247, 230024}},
        {errc::outcome_unknown, {230049, 18121}},
        {errc::server_error, {1500, 1642, 1663, 1668, 2200, 55001, 232096, 40003}},
        {errc::platform_error, {1, -1, 230019, 1000040351}},
    };
    for (auto const& row : rows)
        for (auto const code : row.codes)
            for (unsigned const status : {200u, 400u})
                BOOST_TEST_CONTEXT("code " << code << " with HTTP " << status)
                {
                    said const in(status, body_of(code, "some text"));
                    for (auto const& f :
                         {send_refused(in), look_up_refused(in), user_refused(in), info_refused(in), token_refused(in)})
                    {
                        BOOST_TEST(kind(f) == kind(row.expected));
                        BOOST_TEST(f.platform_code() == std::to_string(code));
                        BOOST_TEST(f.platform_message() == "some text");
                        BOOST_TEST(f.http_status() == status);
                    }
                }
}

BOOST_AUTO_TEST_CASE(some_codes_mean_something_of_their_own_to_one_call)
{
    // The token call's "invalid param" is about id or secret.
    said const param(200, R"({"code":10003,"data":{},"msg":"invalid param"})");
    BOOST_TEST(kind(token_refused(param)) == kind(errc::bad_credentials));
    BOOST_TEST(kind(send_refused(param)) == kind(errc::invalid_argument));
    BOOST_TEST(kind(look_up_refused(param)) == kind(errc::invalid_argument));
    // Reading one person, "invalid parameter" is about the id.
    said const parameter(400, body_of(40001, "invalid parameter"));
    BOOST_TEST(kind(user_refused(parameter)) == kind(errc::recipient_not_found));
    BOOST_TEST(kind(look_up_refused(parameter)) == kind(errc::invalid_argument));
    BOOST_TEST(kind(info_refused(parameter)) == kind(errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(what_the_token_call_says)
{
    struct
    {
        unsigned status;
        std::string_view body;
        errc expected;
    } const rows[] = {
        {200, R"({"code":10003,"data":{},"msg":"invalid param"})", errc::bad_credentials},
        {200, R"({"code":10014,"msg":"app id not exists"})", errc::bad_credentials},
        {200, R"({"code":10014,"msg":"app secret invalid"})", errc::bad_credentials},
        {200, R"({"code":10014,"msg":"app unauthorized"})", errc::bad_credentials},
        {200, R"({"code":10015,"msg":"wrong app secret"})", errc::bad_credentials},
        {200, R"({"code":10012,"msg":"get app access token fail"})", errc::bad_credentials},
        {200, R"({"code":10013,"msg":"get tenant access token fail"})", errc::bad_credentials},
        {200, R"({"code":10005,"msg":"app id unauthorized"})", errc::bad_credentials},
        {200, R"({"code":99991543,"msg":"login_user invalid"})", errc::bad_credentials},
        {200, R"({"code":99991662,"msg":"app not in use"})", errc::app_not_published},
        {200, R"({"code":99991673,"msg":"unauthorized app"})", errc::app_not_published},
        {200, R"({"code":2200,"msg":"internal error"})", errc::server_error},
        {429, R"({"code":99991400,"msg":"request trigger frequency limit"})", errc::rate_limited},
        {404, "404 page not found", errc::protocol_error},
    };
    for (auto const& row : rows)
    {
        auto const f = token_refused(said(row.status, row.body));
        BOOST_TEST(kind(f) == kind(row.expected), row.body);
        if (row.expected == errc::bad_credentials)
        {
            // A person has to learn of the trap that Lark and Feishu are two platforms.
            BOOST_TEST(contains(f.remedy(), "https://open.larksuite.com/app > Credentials & Basic Info"));
            BOOST_TEST(contains(f.remedy(), "Feishu"));
            BOOST_TEST(contains(f.remedy(tidings::language::chinese), "App Secret"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_bad_token_is_recognised_with_http_400_and_with_http_200)
{
    constexpr std::string_view text =
        "Invalid access token for authorization. Please make a request with token attached.";
    for (unsigned const status : {400u, 200u})
        for (auto const& f : {send_refused(said(status, body_of(99991663, text))),
                              look_up_refused(said(status, body_of(99991663, text)))})
        {
            BOOST_TEST(kind(f) == kind(errc::token_rejected));
            BOOST_TEST(f.platform_message() == text);
        }
    BOOST_TEST(kind(send_refused(said(400, body_of(99991671, "Invalid token: must start with t-/u-")))) ==
               kind(errc::token_rejected));
}

BOOST_AUTO_TEST_CASE(an_unknown_receiver_is_told_from_an_unusable_request_by_the_text)
{
    constexpr std::string_view frame = "Your request contains an invalid request parameter, ext=";
    struct
    {
        std::string_view reason;
        errc expected;
    } const rows[] = {
        {"invalid receive_id", errc::recipient_not_found},
        {"invalid receive_id.", errc::recipient_not_found},
        {"invalid receive_id_type", errc::message_invalid},
        {"invalid receive_id_type.", errc::message_invalid},
        {"invalid msg_type", errc::message_invalid},
        {"content cannot be empty", errc::message_invalid},
        {"invalid message content: content is not a string in json format", errc::message_invalid},
        {"invalid image_key", errc::message_invalid},
        {"this operation to bots is currently not supported", errc::message_invalid},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.reason)
        {
            said const in(400, body_of(230001, std::string(frame) + std::string(row.reason)));
            BOOST_TEST(kind(send_refused(in)) == kind(row.expected));
            // Only a send has a receiver.
            BOOST_TEST(kind(look_up_refused(in)) == kind(errc::message_invalid));
        }
    BOOST_TEST(kind(send_refused(said(400, body_of(230001, "Your request contains an invalid request parameter.")))) ==
               kind(errc::message_invalid));
}

BOOST_AUTO_TEST_CASE(a_code_nobody_knows_is_judged_by_the_http_status)
{
    struct
    {
        unsigned status;
        errc expected;
    } const rows[] = {
        {200, errc::platform_error}, {400, errc::platform_error}, {403, errc::platform_error},
        {404, errc::platform_error}, {429, errc::rate_limited},   {500, errc::server_error},
        {502, errc::server_error},   {504, errc::server_error},
    };
    for (auto const& row : rows)
    {
        auto const f = send_refused(said(row.status, R"({"code":123456789,"msg":"new trouble"})"));
        BOOST_TEST(kind(f) == kind(row.expected), row.status);
        BOOST_TEST(f.platform_code() == "123456789");
        BOOST_TEST(f.platform_message() == "new trouble");
        BOOST_TEST(contains(f.message(), "123456789 \"new trouble\""));
    }
}

BOOST_AUTO_TEST_CASE(a_known_code_is_judged_by_itself_whatever_the_http_status)
{
    BOOST_TEST(kind(send_refused(said(429, body_of(99991403, "This month's API call quota has been exceeded")))) ==
               kind(errc::quota_exhausted));
    BOOST_TEST(kind(send_refused(said(500, body_of(1663, "internal error")))) == kind(errc::server_error));
    BOOST_TEST(kind(send_refused(said(500, body_of(230013, "Bot has NO availability to this user.")))) ==
               kind(errc::recipient_unreachable));
    BOOST_TEST(kind(look_up_refused(said(429, body_of(99991672, "Access denied.")))) == kind(errc::permission_missing));
}

BOOST_AUTO_TEST_CASE(codes_as_large_as_64_bits_are_kept)
{
    BOOST_TEST(send_refused(said(400, body_of(9223372036854775807, "x"))).platform_code() == "9223372036854775807");
    BOOST_TEST(send_refused(said(400, body_of(-7, "x"))).platform_code() == "-7");
}

BOOST_AUTO_TEST_CASE(the_table_has_no_code_twice)
{
    for (std::size_t i = 1; i < code_table.size(); ++i)
        BOOST_TEST(code_table[i - 1].code < code_table[i].code);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(no_platform_speaks)

BOOST_AUTO_TEST_CASE(a_body_that_is_not_the_platforms_json_is_judged_by_the_http_status)
{
    struct
    {
        unsigned status;
        std::string_view body;
        errc expected;
    } const rows[] = {
        {502, "<html><head><title>502 Bad Gateway</title></head></html>", errc::server_error},
        {504, "", errc::server_error},
        {500, "Internal Server Error", errc::server_error},
        {404, "404 page not found", errc::protocol_error},
        {200, "", errc::protocol_error},
        {200, "<html>Please log in</html>", errc::protocol_error},
        {200, R"({"code":0,"msg":"success","data":{"message_id":"om_1")", errc::protocol_error},
        {200, R"({"code":0,"msg":"success","data":{"message_id":"om_1"}}trailing)", errc::protocol_error},
        {200, R"({"code":0}{"code":0})", errc::protocol_error},
        {400, R"({"code":"99991663 ","msg":"x"})", errc::protocol_error},
        {200, R"({"code":" 0","msg":"x"})", errc::protocol_error},
        {200, R"({"code":"00","msg":"x"})", errc::protocol_error},
        {200, R"({"code":null})", errc::protocol_error},
        {200, R"({"code":0.0})", errc::protocol_error},
        {200, R"({"code":true})", errc::protocol_error},
        {200, R"({"code":false})", errc::protocol_error},
        {200, R"({"code":{}})", errc::protocol_error},
        {200, R"({"code":[0]})", errc::protocol_error},
        {200, R"({"msg":"success","data":{"message_id":"om_1"}})", errc::protocol_error},
        {200, R"({"data":{"code":0}})", errc::protocol_error},
        {200, R"([{"code":0}])", errc::protocol_error},
        {200, R"({"code":0,"code":"x"})", errc::protocol_error},
        {200, "{}", errc::protocol_error},
        {200, "null", errc::protocol_error},
        {200, "0", errc::protocol_error},
        {503, "{}", errc::server_error},
        {429, "slow down", errc::rate_limited},
        {429, R"({"msg":"x"})", errc::rate_limited},
        {301, "", errc::protocol_error},
        {407, "<html>proxy</html>", errc::protocol_error},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT("HTTP " << row.status << ": " << row.body)
        {
            said const in(row.status, row.body);
            for (auto const& f :
                 {send_refused(in), look_up_refused(in), token_refused(in), user_refused(in), info_refused(in)})
            {
                BOOST_TEST(kind(f) == kind(row.expected));
                BOOST_TEST(f.platform_code() == "");
                BOOST_TEST(f.platform_message() == "");
                BOOST_TEST(f.http_status() == row.status);
                BOOST_TEST(contains(f.message(), "HTTP status " + std::to_string(row.status)));
                BOOST_TEST(contains(f.message(), std::to_string(row.body.size()) + " bytes"));
            }
        }
}

BOOST_AUTO_TEST_CASE(a_log_id_in_the_head_survives_a_body_that_is_no_json)
{
    auto const f = send_refused(said(502, "<html>", "X-Tt-Logid: 2024A\r\n"));
    BOOST_TEST(f.log_id() == "2024A");
    BOOST_TEST(contains(f.message(), "log id 2024A"));
}

BOOST_AUTO_TEST_CASE(a_refusal_with_missing_null_empty_or_odd_parts_is_a_refusal_all_the_same)
{
    for (std::string_view const rest :
         {R"()", R"(,"msg":null)", R"(,"msg":"")", R"(,"msg":5)", R"(,"msg":{"a":1})", R"(,"data":null)",
          R"(,"data":{})", R"(,"data":[1])", R"(,"error":null)", R"(,"error":"x")", R"(,"error":[])", R"(,"error":{})",
          R"(,"error":{"log_id":5,"permission_violations":{},"helps":"x"})",
          R"(,"error":{"permission_violations":[null,5,"x",{}],"helps":[{"url":null}]})"})
        BOOST_TEST_CONTEXT(rest)
        {
            auto const f = look_up_refused(said(400, R"({"code":99991672)" + std::string(rest) + "}"));
            BOOST_TEST(kind(f) == kind(errc::permission_missing));
            BOOST_TEST(f.platform_code() == "99991672");
            BOOST_TEST(f.platform_message() == "");
            BOOST_TEST(f.scopes().empty());
            BOOST_TEST(f.link() == "");
            BOOST_TEST(f.log_id() == "");
            BOOST_TEST(contains(f.remedy(), "Version Management")); // what is known is still said
        }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(facts)

BOOST_AUTO_TEST_CASE(a_missing_scope_at_lark)
{
    constexpr std::string_view live = R"({"code":99991672,
 "msg":"Access denied. One of the following scopes is required: [contact:user.id:readonly]",
 "error":{
  "log_id":"20250101000000AAAAAAAAAAAAAAAAAAAA",
  "troubleshooter":"Troubleshooting suggestions: https://open.larksuite.com/search?from=openapi&log_id=2025&code=99991672&method_id=7",
  "permission_violations":[{"type":"action_scope_required","subject":"contact:user.id:readonly"}],
  "helps":[{"url":"https://open.larksuite.com/app/cli_a1/auth?q=contact:user.id:readonly&op_from=openapi&token_type=tenant",
            "description":"Learn more about scopes and how to add them: [contact:user.id:readonly]"}]}})";
    auto const f = look_up_refused(said(400, live));
    BOOST_TEST(kind(f) == kind(errc::permission_missing));
    check_scopes(f, {"contact:user.id:readonly"});
    BOOST_TEST(
        f.link() ==
        "https://open.larksuite.com/app/cli_a1/auth?q=contact:user.id:readonly&op_from=openapi&token_type=tenant");
    BOOST_TEST(f.log_id() == "20250101000000AAAAAAAAAAAAAAAAAAAA");
    for (auto const part :
         {"contact:user.id:readonly", "https://open.larksuite.com/app/cli_a1/auth?q=", "create a version"})
    {
        BOOST_TEST(contains(f.remedy(), part), part);
    }
    BOOST_TEST(contains(f.remedy(tidings::language::chinese), "contact:user.id:readonly"));
}

BOOST_AUTO_TEST_CASE(a_missing_scope_at_feishu_with_its_chinese_tail)
{
    constexpr std::string_view live = R"({"code":99991672,
 "msg":"Access denied. One of the following scopes is required: [im:message, im:message:send_as_bot].应用尚未开通所需的应用身份权限：[im:message, im:message:send_as_bot]，点击链接申请并开通任一权限即可：https://open.feishu.cn/app/cli_a1/auth?q=im:message,im:message:send_as_bot&op_from=openapi&token_type=tenant",
 "error":{"message":"Refer to the documentation to fix the error: https://open.feishu.cn/document/x/how-to-fix-the-99991672-error",
  "log_id":"L1","troubleshooter":"排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/search?x",
  "permission_violations":[{"type":"action_scope_required","subject":"im:message"},{"type":"action_scope_required","subject":"im:message:send_as_bot"}],
  "helps":[{"url":"https://open.feishu.cn/app/cli_a1/auth?q=im:message,im:message:send_as_bot\u0026op_from=openapi\u0026token_type=tenant","description":"d"}]}})";
    auto const f = send_refused(said(400, live), test::feishu_app());
    BOOST_TEST(kind(f) == kind(errc::permission_missing));
    check_scopes(f, {"im:message", "im:message:send_as_bot"});
    BOOST_TEST(
        f.link() ==
        "https://open.feishu.cn/app/cli_a1/auth?q=im:message,im:message:send_as_bot&op_from=openapi&token_type=tenant");
    BOOST_TEST(contains(f.remedy(), "im:message, im:message:send_as_bot"));
    BOOST_TEST(contains(f.remedy(), "https://open.feishu.cn/app > Version"));
    BOOST_TEST(contains(f.platform_message(), "应用尚未开通"));
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_no_link)
{
    for (std::string_view const url : {"https://h\\n\\u001b[31m", "javascript:alert(1)", "http://h/", "https://h/ x"})
    {
        auto const f = look_up_refused(
            said(400, R"({"code":99991672,"msg":"no","error":{"helps":[{"url":")" + std::string(url) + R"("}]}})"));
        BOOST_TEST(f.link() == "", url);
    }
}

BOOST_AUTO_TEST_CASE(a_missing_scope_as_the_documentation_prints_it)
{
    auto const f = look_up_refused(said(400, R"({"code":99991672,"msg":"Access denied.","error":{"subcode":20709003,
        "permission_violations":[{"scope":"contact:contact:readonly","url":"https://open.larksuite.com/fix"},
                                 {"scope":"contact:user.id:readonly","url":"https://open.larksuite.com/other"}]}})"));
    check_scopes(f, {"contact:contact:readonly", "contact:user.id:readonly"});
    BOOST_TEST(f.link() == "https://open.larksuite.com/fix");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_scope_becomes_no_part_of_a_link)
{
    for (std::string const text : {"required: [a b, im:message, x&y=z]", "required: [\u00e9, im:message]"})
    {
        auto const f = look_up_refused(said(400, body_of(99991672, text)));
        check_scopes(f, {"im:message"});
        BOOST_TEST(f.link() == "https://open.larksuite.com/app/cli_a1b2c3d4e5f60718/auth?q=im:message"
                               "&op_from=openapi&token_type=tenant");
    }
    auto const f = look_up_refused(said(400, R"({"code":99991672,"msg":"Access denied.","error":
        {"permission_violations":[{"subject":"a b"},{"subject":"c:d"},{"scope":"x&y"}]}})"));
    check_scopes(f, {"c:d"});
}

BOOST_AUTO_TEST_CASE(a_missing_scope_without_a_type_gets_a_link_that_we_build)
{
    said const in(
        400,
        R"({"code":99991672,"msg":"Access denied.","error":{"permission_violations":[{"subject":"a:b"},{"subject":"c:d"}]}})");
    auto const f = look_up_refused(in);
    check_scopes(f, {"a:b", "c:d"});
    BOOST_TEST(f.link() ==
               "https://open.larksuite.com/app/cli_a1b2c3d4e5f60718/auth?q=a:b,c:d&op_from=openapi&token_type=tenant");
    BOOST_TEST(look_up_refused(in, test::feishu_app()).link() ==
               "https://open.feishu.cn/app/cli_a1b2c3d4e5f60718/auth?q=a:b,c:d&op_from=openapi&token_type=tenant");
}

BOOST_AUTO_TEST_CASE(a_missing_scope_without_any_details_is_read_from_the_text)
{
    auto const f = look_up_refused(said(
        400, body_of(99991672,
                     "Access denied. One of the following scopes is required: [contact:user.id:readonly, a:b,c:d]")));
    check_scopes(f, {"contact:user.id:readonly", "a:b", "c:d"});
    BOOST_TEST(f.link() == "https://open.larksuite.com/app/cli_a1b2c3d4e5f60718/auth?q=contact:user.id:readonly,a:b,c:d"
                           "&op_from=openapi&token_type=tenant");
}

BOOST_AUTO_TEST_CASE(brackets_in_a_text_are_read_as_they_are)
{
    check_scopes(look_up_refused(said(400, body_of(99991672, "no brackets"))), {});
    check_scopes(look_up_refused(said(400, body_of(99991672, "open [a"))), {});
    check_scopes(look_up_refused(said(400, body_of(99991672, "] closed first [a]"))), {"a"});
    check_scopes(look_up_refused(said(400, body_of(99991672, "[]"))), {});
    check_scopes(look_up_refused(said(400, body_of(99991672, "[, ,a]"))), {"a"});
}

BOOST_AUTO_TEST_CASE(only_a_missing_permission_has_a_link)
{
    auto const f = send_refused(said(400, R"({"code":230013,"msg":"Bot has NO availability to this user.",
        "error":{"helps":[{"url":"https://open.larksuite.com/general"}]}})"));
    BOOST_TEST(f.link() == "");
    BOOST_TEST(f.scopes().empty());
}

BOOST_AUTO_TEST_CASE(the_refused_address_is_told)
{
    auto const f = send_refused(said(400, body_of(99991401, "ip 203.0.113.7 is denied by app setting")));
    BOOST_TEST(kind(f) == kind(errc::ip_not_allowed));
    BOOST_TEST(f.refused_ip() == "203.0.113.7");
    BOOST_TEST(contains(f.remedy(), "Add 203.0.113.7 in https://open.larksuite.com/app > Security settings"));
    BOOST_TEST(contains(f.remedy(tidings::language::chinese), "203.0.113.7"));
    BOOST_TEST(send_refused(said(400, body_of(99991401, "ip 2001:db8::1 is denied"))).refused_ip() == "2001:db8::1");
    BOOST_TEST(send_refused(said(400, body_of(99991401, "denied"))).refused_ip() == "");
    BOOST_TEST(send_refused(said(400, body_of(230001, "ip 1.2.3.4 is x"))).refused_ip() == "");
}

BOOST_AUTO_TEST_CASE(the_log_id_of_the_head_comes_before_that_of_the_body_and_both_before_the_older_names)
{
    struct
    {
        std::string_view headers;
        std::string_view error;
        std::string_view expected;
    } const rows[] = {
        {"X-Tt-Logid: H\r\n", R"("log_id":"B")", "H"},
        {"x-tt-logid: H\r\nX-Request-Id: R\r\n", "", "H"},
        {"X-Request-Id: R\r\nX-Tt-Logid: H\r\n", R"("logid":"B")", "H"},
        {"", R"("log_id":"B")", "B"},
        {"", R"("logid":"B")", "B"},
        {"", R"("logid":"old","log_id":"B")", "B"},
        {"", R"("log_id":"B","logid":"old")", "B"},
        {"X-Request-Id: R\r\n", R"("log_id":"B")", "B"},
        {"X-Request-Id: R\r\nRequest-Id: Q\r\n", "", "R"},
        {"request-id: Q\r\n", "", "Q"},
        {"X-Tt-Logid: \r\nX-Request-Id: R\r\n", "", "R"},
        {"", "", ""},
    };
    for (auto const& row : rows)
    {
        auto const body = R"({"code":230013,"msg":"x","error":{)" + std::string(row.error) + "}}";
        BOOST_TEST(send_refused(said(400, body, row.headers)).log_id() == row.expected,
                   row.headers << " with " << row.error);
    }
}

BOOST_AUTO_TEST_CASE(the_time_to_wait_is_told_by_a_header)
{
    auto const body = body_of(99991400, "request trigger frequency limit");
    for (unsigned const status : {429u, 400u})
    {
        auto const f = send_refused(
            said(status, body,
                 "Content-Type: application/json\r\nx-ogw-ratelimit-limit: 100\r\nx-ogw-ratelimit-reset: 52\r\n"));
        BOOST_TEST(kind(f) == kind(errc::rate_limited));
        BOOST_REQUIRE(f.wait().has_value());
        BOOST_TEST(f.wait()->count() == 52);
        BOOST_TEST(contains(f.remedy(), "Wait 52 seconds"));
        BOOST_TEST(contains(f.remedy(tidings::language::chinese), "52 秒"));
    }
    BOOST_TEST(send_refused(said(429, body, "X-Ogw-Ratelimit-Reset: 0\r\n")).wait()->count() == 0);
    for (std::string_view const odd :
         {"", "x-ogw-ratelimit-reset: \r\n", "x-ogw-ratelimit-reset: soon\r\n", "x-ogw-ratelimit-reset: -1\r\n",
          "x-ogw-ratelimit-reset: 99999999999999999999\r\n"})
    {
        auto const f = send_refused(said(429, body, odd));
        BOOST_TEST(!f.wait().has_value(), odd);
        BOOST_TEST(contains(f.remedy(), "Send more slowly"));
        BOOST_TEST(!contains(f.remedy(), "wait"));
    }
}

BOOST_AUTO_TEST_CASE(why_a_card_was_refused_is_told_in_words)
{
    for (auto const& row : card_table)
        for (std::int64_t const code : {230099, 11246})
        {
            auto const text = "Failed to create card content, ext=ErrCode: " + std::to_string(row.code) +
                              "; ErrMsg: some words; ErrorValue: 7";
            auto const f = send_refused(said(400, body_of(code, text)));
            BOOST_TEST(kind(f) == kind(errc::message_invalid));
            BOOST_TEST(contains(f.message(), row.meaning), row.code);
            BOOST_TEST(f.platform_message() == text);
        }
    struct
    {
        std::int64_t code;
        std::string_view word;
    } const documented[] = {
        {100290, "person"},   {11310, "200 elements"}, {200380, "template"}, {200381, "template"}, {200621, "JSON"},
        {200732, "variable"}, {200737, "variable"},    {200550, "chart"},    {200861, "tag"},      {200570, "image"},
        {200914, "table"},    {200915, "table"},       {300240, "audio"},    {300230, "audio"},    {300220, "audio"},
    };
    for (auto const& row : documented)
        BOOST_TEST(contains(card_fault("x, ext=ErrCode: " + std::to_string(row.code) + "; ErrMsg: y"), row.word),
                   row.code);
    for (std::string_view const unknown : {"", "no number", "ErrCode: ", "ErrCode: x", "ErrCode: 1", "ErrCode: -11310",
                                           "ErrCode: 99999999999999999999999"})
        BOOST_TEST(card_fault(unknown).empty(), unknown);
    BOOST_TEST(contains(card_fault("ErrCode: 11310"), "elements"));
}

BOOST_AUTO_TEST_CASE(fields_that_are_wrong_are_named_and_their_values_are_not)
{
    auto const f = send_refused(said(400, R"({"code":99992402,"msg":"field validation failed","error":{"log_id":"L",
        "field_violations":[{"field":"receive_id_type","value":"private","description":"receive_id_type is required"},
                            {"field":"uuid"}]}})"));
    BOOST_TEST(kind(f) == kind(errc::message_invalid));
    BOOST_TEST(f.platform_message() == "field validation failed (receive_id_type, receive_id_type is required, uuid)");
    BOOST_TEST(!contains(f.message(), "private"));
}

BOOST_AUTO_TEST_CASE(the_console_is_that_of_the_brand)
{
    auto const body = body_of(230006, "Bot ability is not activated.");
    BOOST_TEST(contains(send_refused(said(400, body)).remedy(), "https://open.larksuite.com/app > Features"));
    BOOST_TEST(
        contains(send_refused(said(400, body), test::feishu_app()).remedy(), "https://open.feishu.cn/app > Features"));
    BOOST_TEST(contains(send_refused(said(400, body), test::feishu_app()).remedy(tidings::language::chinese),
                        "https://open.feishu.cn/app"));
    BOOST_TEST(contains(token_refused(said(200, body_of(10014, "app id not exists")), test::feishu_app()).remedy(),
                        "https://open.feishu.cn/app > Credentials"));
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_message_to_a_chat_is_about_the_chat)
{
    struct
    {
        std::string body;
        errc expected;
        std::string_view remedy;
        std::string_view chinese;
    } const rows[] = {
        {body_of(230002, "The bot can not be outside the group."), errc::recipient_unreachable, "bot to the chat",
         "机器人加入该群"},
        {body_of(230001, "Your request contains an invalid request parameter, ext=invalid receive_id"),
         errc::recipient_not_found, "Check the chat id (oc_...)", "请核对群 ID"},
        {body_of(99992356, "these chat ids not existed: [oc_1]"), errc::recipient_not_found,
         "Check the chat id (oc_...)", "请核对群 ID"},
        {body_of(230034, "The receive_id is invalid."), errc::recipient_not_found, "Check the chat id (oc_...)",
         "请核对群 ID"},
        {body_of(232009, "Your request specifies a chat which has already been dissolved."), errc::recipient_not_found,
         "dissolved", "已解散"},
        {body_of(230018, "These operations are NOT allowed at current group settings."), errc::recipient_unreachable,
         "owner of the chat", "群主"},
        {body_of(230035, "Send Message Permission deny."), errc::recipient_unreachable, "owner of the chat", "群主"},
        {body_of(230006, "Bot ability is not activated."), errc::bot_disabled, "Add the bot", "机器人"},
    };
    recipient const to("chat_id", "oc_1");
    content const what(content::kind::text, "hi");
    for (auto const& row : rows)
    {
        send_message op(test::lark_app(), to, what, "k");
        auto const f = test::refused(op, said(400, row.body));
        BOOST_TEST_CONTEXT(row.body)
        {
            BOOST_TEST(kind(f) == kind(row.expected));
            BOOST_TEST(contains(f.remedy(), row.remedy), f.remedy());
            BOOST_TEST(contains(f.remedy(tidings::language::chinese), row.chinese));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_remedy_says_what_a_person_needs)
{
    struct
    {
        std::int64_t code;
        std::string_view text;
        std::vector<std::string_view> parts;
    } const rows[] = {
        {230006,
         "Bot ability is not activated.",
         {"https://open.larksuite.com/app > Features", "Bot", "create a version"}},
        {11205, "app do not have bot", {"Add the bot", "approved"}},
        {230013,
         "Bot has NO availability to this user.",
         {"availability", "https://open.larksuite.com/app > Version", "left"}},
        {41050,
         "no user authority",
         {"contacts range", "https://open.larksuite.com/app > Permissions", "Data permissions"}},
        {230029, "User has resigned.", {"left the organisation", "remove"}},
        {230053, "The user has stopped the bot from sending messages.", {"only they"}},
        {230022, "sensitive", {"Reword"}},
        {230028, "audit", {"phone numbers", "email addresses"}},
        {99991403, "This month's API call quota has been exceeded", {"first of next month", "plan"}},
        {99991662, "app not in use", {"administrator", "enable", "admin console"}},
        {212100, "app not install", {"Create a version", "https://open.larksuite.com/app > Version", "approve"}},
        {230027,
         "Lack of necessary permissions.",
         {"im:message:send_as_bot", "https://open.larksuite.com/app > Permissions"}},
        {99992361, "open_id cross app", {"another application"}},
        {230001, "x, ext=invalid receive_id", {"misspelt", "contacts range", "business mailbox"}},
        {230025, "The length of the message content reaches its limit.", {"Shorten"}},
        {1663, "internal error", {"later", "log id"}},
        {230049, "The message is being sent.", {"same idempotency key", "hour"}},
        {99991663, "Invalid access token", {"id and the secret"}},
        {123456, "news", {"platform's code"}},
    };
    for (auto const& row : rows)
    {
        auto const f = send_refused(said(400, body_of(row.code, row.text)));
        for (auto const part : row.parts)
            BOOST_TEST(contains(f.remedy(), part), row.code << " lacks \"" << part << "\": " << f.remedy());
        BOOST_TEST(!f.remedy(tidings::language::chinese).empty());
        BOOST_TEST(f.remedy(tidings::language::chinese) != f.remedy());
    }
}

BOOST_AUTO_TEST_CASE(no_remedy_shows_a_gap_where_a_fact_is_missing)
{
    auto const check = [](errc e, tidings::remedy_text const* own, std::string_view what) {
        auto const facts = tidings::detail::new_facts();
        facts->remedy = own;
        failure const f(e, facts);
        for (auto const lang : {tidings::language::english, tidings::language::chinese})
        {
            auto const text = f.remedy(lang);
            BOOST_TEST(text.find_first_of("{}") == text.npos, what << ": " << text);
            BOOST_TEST(!contains(text, "  "), what << ": " << text);
        }
    };
    for (auto const& row : code_table)
        check(row.kind, row.remedy, std::to_string(row.code));
    for (int i = 1; i <= static_cast<int>(errc::invalid_argument); ++i)
        check(static_cast<errc>(i), nullptr, kind(static_cast<errc>(i)));
}

BOOST_AUTO_TEST_CASE(with_all_facts_every_remedy_has_both_languages_and_no_gap)
{
    for (auto const& row : code_table)
    {
        auto const facts = tidings::detail::new_facts();
        facts->remedy = row.remedy;
        facts->console = "CONSOLE";
        facts->link = "LINK";
        facts->scopes.emplace_back("SCOPE");
        facts->refused_ip = "IP";
        facts->app_id = "APP";
        facts->wait = std::chrono::seconds(9);
        failure const f(row.kind, facts);
        for (auto const lang : {tidings::language::english, tidings::language::chinese})
        {
            auto const text = f.remedy(lang);
            BOOST_TEST(text.find_first_of("{}") == text.npos, row.code << ": " << text);
            if (row.kind != errc::invalid_argument)
                BOOST_TEST(!text.empty(), row.code);
            // Nothing of the text was dropped: both languages name the same facts.
            for (auto const fact : {"CONSOLE", "LINK", "SCOPE", "IP"})
                BOOST_TEST(contains(text, fact) == contains(f.remedy(), fact), row.code << " " << fact);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refused_address_that_nobody_names_still_has_a_remedy)
{
    BOOST_TEST(send_refused(said(400, body_of(99991401, "denied"))).remedy() != "");
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_platform_is_told_in_one_line)
{
    auto const f =
        send_refused(said(400, R"({"code":230013,"msg":"first\nsecond\u001b[31m\u0000\u007f"})", "X-Tt-Logid: L\r\n"));
    BOOST_TEST(f.message() ==
               kind(errc::recipient_unreachable) + "; the platform says 230013 \"first second [31m  \"; log id L");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace refusals_test
