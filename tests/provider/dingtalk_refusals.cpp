// What the operations of DingTalk make of refusals: every code of the wire document, both generations, every shape.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace dingtalk_refusals_test {

namespace {

using namespace tidings::providers::dingtalk;
using test::contains;
using test::kind;
using test::said;
using tidings::errc;
using tidings::failure;
using tidings::language;

application app()
{
    return {"dingkey", "dingrobot", 123};
}

std::vector<recipient> const to{recipient("u")};
content const what("hi");

failure bot_refused(said const& in)
{
    batch_send op(app(), to, what);
    return test::refused(op, in);
}
failure work_refused(said const& in)
{
    send_work op(app(), to, what);
    return test::refused(op, in);
}
failure look_up_refused(said const& in)
{
    get_by_mobile op(app(), "1");
    return test::refused(op, in);
}
failure token_refused(said const& in)
{
    tidings::secret const s("s3cret");
    fetch_token op(app(), s);
    return test::refused(op, in);
}
failure old_token_refused(said const& in)
{
    tidings::secret const s("s3cret");
    get_token op(app(), s);
    return test::refused(op, in);
}

std::string new_body(std::string_view code, std::string_view message = "some text", std::string_view more = {})
{
    return R"({"code":")" + std::string(code) + R"(","requestid":"01A08FE7","message":")" + std::string(message) +
           "\"" + std::string(more) + "}";
}
std::string old_body(std::string_view code, std::string_view message = "some text")
{
    return R"({"errcode":)" + std::string(code) + R"(,"errmsg":")" + std::string(message) + R"("})";
}
/// As the gateway in front of /topapi puts it.
std::string wrapped_body(std::string_view code, std::string_view message = "some text")
{
    return R"({"errcode":88,"sub_code":")" + std::string(code) + R"(","sub_msg":")" + std::string(message) +
           R"(","errmsg":"ding talk error[subcode=)" + std::string(code) + ",submsg=" + std::string(message) +
           R"(]","request_id":"16l4ew3d47pdp"})";
}

struct row
{
    errc expected;
    std::vector<std::string_view> codes;
};

void check_scopes(failure const& f, std::vector<std::string> const& expected)
{
    BOOST_TEST(f.scopes() == expected, boost::test_tools::per_element());
}

// The page on which a scope is granted, of an application.
std::string const apply = "https://open-dev.dingtalk.com/appscope/apply?content=";

} // namespace

BOOST_AUTO_TEST_SUITE(dingtalk_classification)

BOOST_AUTO_TEST_CASE(every_code_of_the_old_api_has_its_kind_direct_and_wrapped)
{
    row const rows[] = {
        {errc::token_rejected, {"40001", "40014", "42001", "40000", "41001"}},
        {errc::bad_credentials, {"40089", "40096", "33001", "40056", "52019", "41020"}},
        {errc::permission_missing, {"60011", "50004"}},
        {errc::ip_not_allowed, {"60020"}},
        {errc::app_not_published, {"50003", "50005"}},
        {errc::recipient_not_found, {"33012", "60111", "60121", "40104"}},
        {errc::recipient_unreachable, {"50002"}},
        {errc::message_too_long, {"34016", "40006", "45001"}},
        {errc::message_invalid, {"34004", "34014", "40004", "40005", "40007"}},
        {errc::invalid_argument, {"400002", "40035", "41052"}},
        {errc::rate_limited,
         {"90018", "90002", "90005", "90006", "90001", "90003", "90004", "90007", "90010", "90017"}},
        {errc::quota_exhausted, {"90020"}},
        {errc::server_error, {"-1", "500", "60003"}},
        {errc::protocol_error, {"404", "43001", "43002", "43004"}},
        {errc::platform_error, {"1", "60019", "123456789"}},
    };
    for (auto const& r : rows)
        for (auto const code : r.codes)
            BOOST_TEST_CONTEXT(code)
            {
                for (auto const& body : {old_body(code), wrapped_body(code)})
                    for (auto const& f : {look_up_refused(said(200, body)), work_refused(said(200, body)),
                                          old_token_refused(said(200, body))})
                    {
                        BOOST_TEST(kind(f) == kind(r.expected));
                        BOOST_TEST(f.platform_code() == code);
                        BOOST_TEST(f.platform_message() == "some text");
                        BOOST_TEST(f.http_status() == 200u);
                    }
                BOOST_TEST(look_up_refused(said(200, wrapped_body(code))).log_id() == "16l4ew3d47pdp");
            }
}

BOOST_AUTO_TEST_CASE(every_code_of_the_new_api_has_its_kind)
{
    struct
    {
        unsigned status;
        row what;
    } const rows[] = {
        {400, {errc::token_rejected, {"InvalidAuthentication", "token.notExisted", "invalidParameter.token.invalid"}}},
        {400, {errc::protocol_error, {"AuthenticationFailed.MissingParameter", "Missingbody", "Invalidbody"}}},
        {400, {errc::bad_credentials, {"invalidClientIdOrSecret", "invalid.client"}}},
        {401, {errc::token_rejected, {"-", "whatever"}}},
        {401, {errc::app_not_published, {"unauthorized.client"}}},
        {403, {errc::permission_missing, {"Forbidden.AccessDenied.AccessTokenPermissionDenied", "Forbidden.New"}}},
        {403, {errc::ip_not_allowed, {"Forbidden.AccessDenied.IpNotInWhiteList"}}},
        {400, {errc::ip_not_allowed, {"ip.not.match"}}},
        {403,
         {errc::rate_limited,
          {"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",
           "Forbidden.AccessDenied.QpsLimitForApi", "Forbidden.AccessDenied.SomeNewLimitForCorp"}}},
        {403, {errc::quota_exhausted, {"Forbidden.AccessDenied.ApiCountLimitForOrg"}}},
        {400, {errc::rate_limited, {"send.too.fast", "send.byToken.tooFast", "too.many.people", "too.many.group"}}},
        {429, {errc::rate_limited, {"systemBusy", "another"}}},
        {404, {errc::protocol_error, {"-", "error.notFound"}}},
        {500,
         {errc::server_error,
          {"system.error", "unknownError", "system.busy", "news", "RateLimitOfGateway", "Forbidden.Gateway"}}},
        {503, {errc::server_error, {"-"}}},
        {400,
         {errc::bot_disabled,
          {"invalidParameter.robotCode.empty", "invalidParameter.robotCode.invalid",
           "invalidParameter.robotCode.notExsit", "invalidParameter.robotCode.auth", "invalidParameter.robotCode",
           "not.allowed.robotCode", "template.stopped", "template.not.existed", "chatbotId.notAllow.sendOTO",
           "bot.stopped", "send.forbidden", "bot.forbidden.sendMessage"}}},
        {400, {errc::recipient_unreachable, {"robot.oto.notExist"}}},
        {400, {errc::recipient_not_found, {"staffId.notExisted"}}},
        {400,
         {errc::invalid_argument,
          {"invalidParameter.userIds.empty", "MissinguserIds", "invalidParameter.userId.empty",
           "invalidParameter.userIds.overMax", "batch.toolarge", "receivers.exceed",
           "invalidParameter.robotCode.missing", "invalidParameter.processQueryKey.missing",
           "invalidParameter.processQueryKeys.overMax", "invalid.processQueryKey", "processQueryKey.expireTime",
           "robot.processQueryKey.expired"}}},
        {400,
         {errc::message_invalid,
          {"invalidParameter.msgKey.empty", "invalidParameter.msgKey.invalid", "invalidParameter.msgParam.invalid",
           "invalidParameter.msgBody.invalid", "invalidParameter.msg.unsupport", "miss.param.markdownTotitle",
           "miss.param.contentOfText", "contain.unsafe.url", "contain.notAllowed.text", "contain.notAllowed.picture",
           "contain.notAllowed.content", "keywords.not.match", "sign.not.match"}}},
        {400, {errc::message_too_long, {"invalidParameter.msgParam.tooLong"}}},
        {400,
         {errc::platform_error,
          {"session.notExisted", "session.expired", "sendMessage.model.notMatch", "illegal.receivers",
           "illegal.excludes", "invalidParameter.param.invalid", "resource.not.found", "unknown.send.result",
           "notRevoke.all.messages", "news"}}},
    };
    for (auto const& r : rows)
        for (auto const code : r.what.codes)
            BOOST_TEST_CONTEXT(code << " with HTTP " << r.status)
            {
                auto const f = bot_refused(said(r.status, new_body(code)));
                BOOST_TEST(kind(f) == kind(r.what.expected));
                BOOST_TEST(f.platform_code() == code);
                BOOST_TEST(f.platform_message() == "some text");
                BOOST_TEST(f.log_id() == "01A08FE7");
                BOOST_TEST(f.http_status() == r.status);
                BOOST_TEST(kind(token_refused(said(r.status, new_body(code)))) == kind(r.what.expected));
            }
}

BOOST_AUTO_TEST_CASE(throttling_that_calls_itself_forbidden_is_no_missing_permission)
{
    auto const f = bot_refused(said(403, new_body("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
                                                  "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了")));
    BOOST_TEST(kind(f) == kind(errc::rate_limited));
    BOOST_TEST((f == tidings::condition::transient));
    check_scopes(f, {});
    BOOST_TEST(f.link() == "");
    BOOST_TEST(contains(f.remedy(), "Wait 1 second before"));
}

BOOST_AUTO_TEST_CASE(the_time_to_wait_follows_from_the_limit)
{
    struct
    {
        std::string_view code;
        int seconds;
    } const rows[] = {
        {"90018", 1},  {"90002", 1},    {"90005", 60},   {"90006", 60},
        {"90001", 60}, {"410100", 600}, {"130101", 600}, {"660026", 600},
    };
    for (auto const& r : rows)
    {
        auto const f = work_refused(said(200, old_body(r.code)));
        BOOST_REQUIRE(f.wait().has_value());
        BOOST_TEST(f.wait()->count() == r.seconds, r.code);
    }
    BOOST_TEST(bot_refused(said(403, new_body("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"))).wait()->count() ==
               60);
    // The month's quota: waiting does not help, and nobody shall be told to.
    for (auto const& f : {bot_refused(said(403, new_body("Forbidden.AccessDenied.ApiCountLimitForOrg"))),
                          work_refused(said(200, wrapped_body("90020")))})
    {
        BOOST_TEST(!f.wait().has_value());
        BOOST_TEST((f != tidings::condition::transient));
        BOOST_TEST(contains(f.remedy(), "monthly quota"));
    }
}

BOOST_AUTO_TEST_CASE(a_code_is_read_in_either_spelling_and_as_text_or_number)
{
    struct
    {
        std::string_view body;
        std::string_view code;
    } const rows[] = {
        {R"({"errcode":88,"sub_code":"40014"})", "40014"},
        {R"({"sub_code":"40014","errcode":88})", "40014"},
        {R"({"errcode":88,"subCode":"40014","subMsg":"x"})", "40014"},
        {R"({"errcode":"88","sub_code":40014})", "40014"},
        {R"({"errcode":88})", "88"},
        {R"({"errcode":88,"sub_code":""})", "88"},
        {R"({"errcode":88,"sub_code":null})", "88"},
        {R"({"errcode":60121,"sub_code":"40014"})", "60121"},
        {R"({"errcode":"60121"})", "60121"},
        {R"({"errcode":9223372036854775807})", "9223372036854775807"},
        {R"({"errcode":-7})", "-7"},
        {R"({"code":"InvalidAuthentication"})", "InvalidAuthentication"},
    };
    for (auto const& r : rows)
        BOOST_TEST(look_up_refused(said(200, r.body)).platform_code() == r.code, r.body);
}

BOOST_AUTO_TEST_CASE(an_unknown_method_and_an_unknown_address)
{
    auto const method = look_up_refused(said(
        200, R"({"errcode":22,"sub_msg":"不合法ApiName","errmsg":"Invalid method[submsg=...]","request_id":"r"})"));
    BOOST_TEST(kind(method) == kind(errc::invalid_argument));
    BOOST_TEST(method.platform_message() == "不合法ApiName");
    auto const address = look_up_refused(said(200, R"({"errcode":404,"errmsg":"请求的URI地址不存在"})"));
    BOOST_TEST(kind(address) == kind(errc::protocol_error));
    BOOST_TEST(contains(address.remedy(), "base URL"));
}

BOOST_AUTO_TEST_CASE(a_bad_token_is_recognised_on_both_hosts)
{
    BOOST_TEST(kind(bot_refused(said(400, R"({"code":"InvalidAuthentication","requestid":"01A08FE7-68C3-7BBD-B223",
                                               "message":"不合法的access_token"})"))) == kind(errc::token_rejected));
    BOOST_TEST(kind(look_up_refused(said(200, R"({"errcode":88,"sub_code":"40014","sub_msg":"不合法的access_token",
                 "errmsg":"ding talk error[subcode=40014,submsg=不合法的access_token]","request_id":"16l4ew3d47pdp"})"))) ==
               kind(errc::token_rejected));
    BOOST_TEST(kind(look_up_refused(said(200, R"({"errcode":40014,"errmsg":"不合法的access_token"})"))) ==
               kind(errc::token_rejected));
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_told_with_the_place_of_the_right_ones)
{
    for (
        auto const& f :
        {token_refused(said(
             400,
             R"({"requestid":"01A08FE7","code":"invalidClientIdOrSecret","message":"无效的clientId或者clientSecret"})")),
         old_token_refused(said(200, R"({"errcode":40096,"errmsg":"不合法的appKey或appSecret"})")),
         old_token_refused(said(200, R"({"errcode":40089,"errmsg":"不合法的corpId或corpSecret"})"))})
    {
        BOOST_TEST(kind(f) == kind(errc::bad_credentials));
        BOOST_TEST(contains(f.remedy(), "Client ID"));
        BOOST_TEST(contains(f.remedy(), "https://open-dev.dingtalk.com > the app > Credentials"));
        BOOST_TEST(contains(f.remedy(language::chinese), "凭证与基础信息"));
        BOOST_TEST(!contains(f.message() + f.remedy() + f.remedy(language::chinese), "s3cret"));
    }
}

BOOST_AUTO_TEST_CASE(the_table_has_no_code_twice)
{
    for (std::size_t i = 0; i != code_table.size(); ++i)
        for (std::size_t j = 0; j != i; ++j)
            BOOST_TEST(code_table[i].code != code_table[j].code);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dingtalk_permissions)

BOOST_AUTO_TEST_CASE(the_scope_comes_from_the_detail_of_the_new_api)
{
    auto const f = bot_refused(said(403, R"({"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied",
        "requestid":"8197EF","message":"没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission",
        "accessdenieddetail":{"requiredScopes":["Contact.User.Read","b_c"]}})"));
    BOOST_TEST(kind(f) == kind(errc::permission_missing));
    check_scopes(f, {"Contact.User.Read", "b_c"});
    BOOST_TEST(f.link() == apply + "dingkey%23Contact.User.Read");
    BOOST_TEST(contains(f.remedy(), "Grant Contact.User.Read, b_c to the app. Open " + apply));
    BOOST_TEST(contains(f.remedy(language::chinese), "Contact.User.Read"));
}

BOOST_AUTO_TEST_CASE(otherwise_from_the_brackets_of_the_text_with_the_link_that_it_gives)
{
    std::string const text = "应用尚未开通所需的权限：[qyapi_robot_sendmsg, other.one]，点击链接申请并开通即可：" +
                             apply + "dingother%23qyapi_robot_sendmsg";
    auto const f = bot_refused(said(403, new_body("Forbidden.AccessDenied.AccessTokenPermissionDenied", text)));
    check_scopes(f, {"qyapi_robot_sendmsg", "other.one"});
    BOOST_TEST(f.link() == apply + "dingother%23qyapi_robot_sendmsg");
}

BOOST_AUTO_TEST_CASE(the_old_api_wraps_the_same_text_in_other_brackets)
{
    std::string const text = "应用尚未开通所需的权限：[qyapi_get_member_by_mobile]，点击链接申请并开通即可：" + apply +
                             "dingx%23qyapi_get_member_by_mobile, {requiredScopes=[qyapi_get_member_by_mobile]}";
    std::string const only_errmsg =
        R"({"errcode":88,"sub_code":"60011","errmsg":"ding talk error[subcode=60011,submsg=)" + text +
        R"(]","request_id":"r"})";
    std::string const short_form = R"({"errcode":60011,"errmsg":"x[y] {requiredScopes=[qyapi_get_member_by_mobile]}"})";
    for (auto const& body : {wrapped_body("60011", text), only_errmsg})
    {
        auto const f = look_up_refused(said(200, body));
        BOOST_TEST(kind(f) == kind(errc::permission_missing));
        check_scopes(f, {"qyapi_get_member_by_mobile"});
        BOOST_TEST(f.link() == apply + "dingx%23qyapi_get_member_by_mobile");
    }
    auto const f = look_up_refused(said(200, short_form));
    check_scopes(f, {"qyapi_get_member_by_mobile"});
    BOOST_TEST(f.link() == apply + "dingkey%23qyapi_get_member_by_mobile");
}

BOOST_AUTO_TEST_CASE(a_refusal_that_names_no_scope_still_says_where_to_look)
{
    for (std::string_view const text : {"", "权限：", "权限：[]", "权限：[", "[subcode=60011]", "权限：[a b, <c>]"})
    {
        auto const f = look_up_refused(said(200, wrapped_body("60011", text)));
        BOOST_TEST(kind(f) == kind(errc::permission_missing), text);
        check_scopes(f, {});
        BOOST_TEST(f.link() == "");
        BOOST_TEST(contains(f.remedy(), "https://open-dev.dingtalk.com > the app > Permission Management"));
        BOOST_TEST(contains(f.remedy(language::chinese), "权限管理"));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_scope_becomes_no_link)
{
    auto const f = bot_refused(said(403, new_body("Forbidden.AccessDenied.AccessTokenPermissionDenied", "x",
                                                  R"(,"accessdenieddetail":{"requiredScopes":["a b\r\n","",null,7,
                                                       "https://evil.example/?","good"]})")));
    check_scopes(f, {"good"});
    BOOST_TEST(f.link() == apply + "dingkey%23good");
}

BOOST_AUTO_TEST_CASE(only_a_missing_scope_has_scopes_and_a_link)
{
    constexpr std::string_view detail = R"(,"accessdenieddetail":{"requiredScopes":["x"]})";
    for (auto const& f :
         {bot_refused(said(403, new_body("Forbidden.AccessDenied.QpsLimitForApi", "权限：[x]", detail))),
          look_up_refused(said(200, wrapped_body("50004", "权限：[x]"))),
          // A robot's: its brackets hold a page.
          look_up_refused(
              said(200, old_body("310000", "keywords not in content, more: [https://ding-doc.dingtalk.com]"))),
          bot_refused(said(400, "{\"accessdenieddetail\":{\"requiredScopes\":[\"x\"]},\"code\":\"Forb"))})
    {
        check_scopes(f, {});
        BOOST_TEST(f.link() == "");
    }
}

BOOST_AUTO_TEST_CASE(the_refused_address_is_told_when_the_platform_tells_it)
{
    auto const old = look_up_refused(said(
        200,
        R"({"errcode":60020,"errmsg":"访问ip不在白名单之中，请参考FAQ：https://open.dingtalk.com/document/org-faq/app-faq,request ip=120.230.136.230 appKey\u0028dingxxxx\u0029"})"));
    BOOST_TEST(kind(old) == kind(errc::ip_not_allowed));
    BOOST_TEST(old.refused_ip() == "120.230.136.230");
    BOOST_TEST(contains(old.remedy(), "120.230.136.230"));
    BOOST_TEST(contains(old.remedy(language::chinese), "120.230.136.230"));

    auto const fresh =
        bot_refused(said(403, new_body("Forbidden.AccessDenied.IpNotInWhiteList", "访问ip不在白名单之中")));
    BOOST_TEST(kind(fresh) == kind(errc::ip_not_allowed));
    BOOST_TEST(fresh.refused_ip() == "");
    BOOST_TEST(contains(fresh.remedy(), "https://open-dev.dingtalk.com > the app > Development configuration"));
    BOOST_TEST(contains(fresh.remedy(), "public address of this machine"));
    BOOST_TEST(contains(fresh.remedy(language::chinese), "安全设置"));
}

BOOST_AUTO_TEST_CASE(the_request_id_comes_from_the_body_and_otherwise_from_the_head)
{
    constexpr std::string_view header = "x-acs-request-id: H\r\n";
    BOOST_TEST(bot_refused(said(400, R"({"code":"x","requestid":"B"})", header)).log_id() == "B");
    BOOST_TEST(bot_refused(said(400, R"({"code":"x"})", header)).log_id() == "H");
    BOOST_TEST(look_up_refused(said(200, R"({"errcode":1,"request_id":"R"})")).log_id() == "R");
    BOOST_TEST(bot_refused(said(502, "<html>", header)).log_id() == "H");
}

BOOST_AUTO_TEST_CASE(the_bots_refusals_say_where_to_publish_it)
{
    auto const f = bot_refused(said(400, new_body("invalidParameter.robotCode.notExsit",
                                                  "错误描述: robot 不存在；解决方案:请确认 robotCode 是否正确；")));
    BOOST_TEST(contains(f.remedy(), "Version Management & Release"));
    BOOST_TEST(contains(f.remedy(), "Client ID"));
    BOOST_TEST(contains(f.remedy(language::chinese), "版本管理与发布"));
}

BOOST_AUTO_TEST_CASE(every_remedy_has_both_languages_and_shows_no_gap)
{
    for (bool const known : {true, false})
        for (auto const& r : code_table)
        {
            auto const facts = tidings::detail::new_facts();
            facts->remedy = r.remedy;
            facts->console = console;
            if (known)
            {
                facts->link = "LINK";
                facts->scopes.emplace_back("SCOPE");
                facts->refused_ip = "IP";
                facts->wait = std::chrono::seconds(9);
            }
            failure const f(r.kind, facts);
            for (auto const lang : {language::english, language::chinese})
            {
                auto const text = f.remedy(lang);
                BOOST_TEST(text.find_first_of("{}") == text.npos, r.code << ": " << text);
                BOOST_TEST(!contains(text, "  "), r.code << ": " << text);
                if (r.kind != errc::invalid_argument)
                    BOOST_TEST(!text.empty(), r.code);
                for (auto const fact : {"LINK", "SCOPE", "IP", "https://open-dev"})
                    BOOST_TEST(contains(text, fact) == contains(f.remedy(), fact), r.code << " " << fact);
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dingtalk_is_not_speaking)

BOOST_AUTO_TEST_CASE(a_banned_address_is_throttling_in_both_shapes_that_the_gateway_has)
{
    constexpr std::string_view body = R"({"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"xxx"})";
    for (unsigned const status : {200u, 403u, 429u})
        for (auto const& f :
             {bot_refused(said(status, body)), work_refused(said(status, body)), look_up_refused(said(status, body)),
              token_refused(said(status, body)), old_token_refused(said(status, body))})
        {
            BOOST_TEST(kind(f) == kind(errc::rate_limited), status);
            BOOST_REQUIRE(f.wait().has_value());
            BOOST_TEST(f.wait()->count() == 300);
            BOOST_TEST(contains(f.message(), "banned the public address"));
            BOOST_TEST(contains(f.remedy(), "10,000 calls"));
            BOOST_TEST(contains(f.remedy(language::chinese), "10000"));
            BOOST_TEST(f.platform_code() == "");
        }
    auto const page = bot_refused(said(200, "<html><script>location='/_____tmd_____/punish?x5secdata=a'</script>"));
    BOOST_TEST(kind(page) == kind(errc::rate_limited));
    BOOST_TEST(page.wait()->count() == 300);
}

BOOST_AUTO_TEST_CASE(what_only_speaks_of_a_ban_is_none)
{
    struct
    {
        unsigned status;
        std::string_view body;
        errc expected;
    } const rows[] = {
        // A gateway's page that repeats the message, which may say anything.
        {502, "<html>no answer to {\"content\":\"spammers are punished\"}</html>", errc::server_error},
        {504, "<html><script>location='/_____tmd_____/punish?x5secdata=a'</script>", errc::server_error},
        {503, R"({"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"xxx"})", errc::server_error},
        {200, "<html>spammers are punished</html>", errc::protocol_error},
        {200, "<html>x5sec</html>", errc::protocol_error},
        {200, "look at /_____tmd_____/punish?x5secdata=a", errc::protocol_error},
        {404, "<html>/_____tmd_____/punish?x5secdata=a</html>", errc::protocol_error},
        {200, R"({"punish":"deny","wait":5})", errc::protocol_error},
        {200, R"({"source":"x5"})", errc::protocol_error},
        {200, R"({"status":1111})", errc::protocol_error},
        {200, R"({"status":1112,"source":"x5","punish":"deny"})", errc::protocol_error},
        {200, R"({"echo":{"status":1111,"source":"x5","punish":"deny"}})", errc::protocol_error},
        {200, R"({"status":1111,"wait":5,"source":"x5","punish":"deny")", errc::protocol_error},
        {200, R"({"errcode":null,"status":1111,"source":"x5","punish":"deny"})", errc::protocol_error},
    };
    for (auto const& r : rows)
        for (auto const& f : {bot_refused(said(r.status, r.body)), work_refused(said(r.status, r.body)),
                              look_up_refused(said(r.status, r.body)), token_refused(said(r.status, r.body))})
        {
            BOOST_TEST(kind(f) == kind(r.expected), r.status << ' ' << r.body);
            BOOST_TEST(!f.wait().has_value(), r.status << ' ' << r.body);
        }
}

BOOST_AUTO_TEST_CASE(the_minutes_of_a_ban_are_not_believed_without_end)
{
    for (auto const& [wait, seconds] : {std::pair<std::string_view, int>("7", 420),
                                        {"0", 300},
                                        {"-1", 300},
                                        {"null", 300},
                                        {"\"9\"", 540}, // as text
                                        {"\"soon\"", 300},
                                        {"9223372036854775807", 24 * 3600}})
        BOOST_TEST(bot_refused(said(200, R"({"status":1111,"punish":"deny","wait":)" + std::string(wait) + "}"))
                           .wait()
                           ->count() == seconds,
                   wait);
}

BOOST_AUTO_TEST_CASE(any_other_body_is_judged_by_the_http_status)
{
    struct
    {
        unsigned status;
        errc expected;
    } const rows[] = {
        {200, errc::protocol_error}, {302, errc::protocol_error}, {400, errc::protocol_error},
        {404, errc::protocol_error}, {429, errc::rate_limited},   {500, errc::server_error},
        {502, errc::server_error},
    };
    for (auto const& r : rows)
        for (std::string_view const body :
             {"", "<html>hush</html>", "{", "[1,2]", "7", "\"hush\"", "null", R"({"errcode":null,"errmsg":"hush"})",
              R"({"errcode":{},"message":"hush"})", R"({"code":"","message":"hush"})", R"({"code":true})",
              R"({"errcode":60121,"errmsg":"hush")", R"({"errcode":1} {"errcode":0})"})
            BOOST_TEST_CONTEXT(r.status << ' ' << body)
            {
                for (auto const& f : {bot_refused(said(r.status, body)), work_refused(said(r.status, body)),
                                      look_up_refused(said(r.status, body)), token_refused(said(r.status, body))})
                {
                    BOOST_TEST(kind(f) == kind(r.expected));
                    BOOST_TEST(f.http_status() == r.status);
                    BOOST_TEST(f.platform_code() == "");
                    BOOST_TEST(!contains(f.message(), "hush"));
                    BOOST_TEST(contains(f.message(), "HTTP status " + std::to_string(r.status)));
                }
            }
}

BOOST_AUTO_TEST_CASE(what_the_platform_says_is_told_in_one_line)
{
    auto const f = bot_refused(said(400, new_body("robot.oto.notExist", R"(first\nsecond\u001b[31m\u0000\u007f)")));
    BOOST_TEST(f.message() == kind(errc::recipient_unreachable) +
                                  "; the platform says robot.oto.notExist \"first second [31m  \"; log id 01A08FE7");
    auto const odd = bot_refused(said(400, R"({"code":"a\nb","requestid":"c\nd","message":7})"));
    BOOST_TEST(!contains(odd.message(), "\n"));
}

BOOST_AUTO_TEST_CASE(a_success_of_the_wrong_generation_is_none)
{
    // The old host says nothing without errcode; the new one nothing with another status.
    BOOST_TEST(kind(look_up_refused(said(200, R"({"result":{"userid":"u"}})"))) == kind(errc::protocol_error));
    BOOST_TEST(kind(bot_refused(said(200, R"({"errcode":40014,"errmsg":"x","processQueryKey":"k"})"))) ==
               kind(errc::token_rejected));
    BOOST_TEST(kind(bot_refused(said(200, R"({"code":"staffId.notExisted","processQueryKey":"k"})"))) ==
               kind(errc::recipient_not_found));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_for_each_kind_of_address)
{
    using tidings::dingtalk;
    auto const by_email = dingtalk::not_found_error("email");
    auto const by_phone = dingtalk::not_found_error("phone number");
    BOOST_TEST(kind(by_email) == kind(errc::recipient_not_found));
    BOOST_TEST(contains(by_email.remedy(), "Permission Management"));
    BOOST_TEST(contains(by_phone.message(), "phone number"));
    BOOST_TEST(contains(by_phone.remedy(), "userid"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_refusals_test
