// What is told of a failure whose answer repeats secrets, and what is taken for the id of a message.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "mistakes/test_environment.hpp"

#include <tidings/detail/utf8.hpp>

#include <sstream>

namespace secrets_test {

namespace {

using namespace test;
using td::match::login_name;

/// Whether a text has eight characters of a secret in a row, in either letter case, percent-encoded or not.
bool repeats(std::string text, std::string_view secret)
{
    auto const plain = [](std::string_view from) {
        std::string out;
        for (std::size_t i = 0; i != from.size(); ++i)
            if (from[i] == '%' && i + 2 < from.size())
            {
                out += static_cast<char>(std::stoi(std::string(from.substr(i + 1, 2)), nullptr, 16));
                i += 2;
            }
            else
                out += static_cast<char>(std::tolower(static_cast<unsigned char>(from[i])));
        for (auto& c : out)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return out;
    };
    auto const in = plain(text);
    auto const of = plain(secret);
    for (std::size_t i = 0; i + 8 <= of.size(); ++i)
        if (in.find(of.substr(i, 8)) != in.npos)
            return true;
    return false;
}

std::string all_of(td::failure const& f)
{
    std::ostringstream out;
    out << f << '|' << f.message() << '|' << f.remedy() << '|' << f.remedy(td::language::chinese) << '|'
        << f.platform_code() << '|' << f.platform_message() << '|' << f.log_id() << '|' << f.link() << '|'
        << f.refused_ip();
    for (auto const& scope : f.scopes())
        out << '|' << scope;
    for (auto const& link : f.links())
        out << '|' << link;
    if (f.facts())
        out << '|' << f.facts()->detail;
    return out.str();
}

/// Answers that repeat `what` in each place out of which facts are read.
template<class Provider>
std::vector<std::string> answers_with(std::string const& what)
{
    if constexpr (std::is_same_v<Provider, td::wecom>)
        return {R"({"errcode":40058,"errmsg":"bad )" + what + R"( here"})",
                R"({"errcode":60020,"errmsg":"not allow, hint: [)" + what + "], from ip: " + what + R"("})",
                R"({"errcode":48002,"errmsg":"no, more info at https://open.work.weixin.qq.com/)" + what + R"("})"};
    else if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return {R"({"code":")" + what + R"(","message":"x"})",
                R"({"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","requestid":")" + what +
                    R"(","message":"x","accessdenieddetail":{"requiredScopes":[")" + what + R"("]}})",
                R"({"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"权限：[)" + what +
                    "]，https://open-dev.dingtalk.com/" + what + R"("})",
                R"({"code":"Forbidden.AccessDenied.IpNotInWhiteList","message":"x,request ip=)" + what + R"( y"})"};
    else if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
        return {R"({"errcode":88,"sub_code":")" + what + R"(","sub_msg":"x"})",
                R"({"errcode":88,"sub_code":"60011","sub_msg":"权限：[)" + what + R"(]"})",
                R"({"errcode":34004,"errmsg":")" + what + R"("})",
                R"({"errcode":60020,"errmsg":"x,request ip=)" + what + R"( y"})"};
    else
        return {R"({"code":99991672,"msg":"Access denied","error":{"permission_violations":[{"subject":")" + what +
                    R"("}],"log_id":")" + what + R"("}})",
                R"({"code":99991672,"msg":"one of: [)" + what + R"(]","error":{"helps":[{"url":"https://a.example/)" +
                    what + R"("}]}})",
                R"({"code":99991401,"msg":"ip )" + what + R"( denied"})",
                R"({"code":230001,"msg":"x","error":{"field_violations":[{"field":")" + what + R"(","description":")" +
                    what + R"("}]}})"};
}

std::string percent_encoded(std::string_view text)
{
    std::string out;
    for (char const c : text)
    {
        constexpr std::string_view digits = "0123456789abcdef";
        out += '%';
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::vector<std::string> forms_of(std::string const& secret)
{
    std::string escaped;
    for (char const c : secret)
    {
        char digits[8];
        std::snprintf(digits, sizeof digits, "\\u%04x", static_cast<unsigned>(c));
        escaped += digits;
    }
    return {secret, percent_encoded(secret), escaped, secret.substr(1), secret.substr(0, secret.size() - 1) + "..."};
}

template<class Provider>
std::string message_id_answer(std::string const& id)
{
    if constexpr (std::is_same_v<Provider, td::wecom>)
        return R"({"errcode":0,"errmsg":"ok","msgid":")" + id + R"("})";
    else if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return R"({"processQueryKey":")" + id + R"("})";
    else
        return R"({"code":0,"data":{"message_id":")" + id + R"("}})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(secrets_in_answers)

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_told_of_a_failure_repeats_a_token_or_the_secret, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const app = credentials<Provider>(there.platform);
        auto notify = there.template make<login_name>(ex, std::chrono::seconds(2));
        auto sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::string const replaced = token_in(there.sends().back());
        there.revoke(); // so that the next message has another token
        sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::string const token = token_in(there.sends().back());
        BOOST_TEST_REQUIRE(token != replaced);
        for (std::string const& secret : {token, replaced, std::string(app.app_secret().reveal())})
            for (auto const& form : forms_of(secret))
                for (auto const& body : answers_with<Provider>(form))
                {
                    there.answer(wire_of<Provider>::send, 400, body, 1);
                    sent = co_await notify.send("ada", hello());
                    BOOST_TEST_REQUIRE(sent.has_error(), body);
                    BOOST_TEST(!sent.error().platform_code().empty(), body);
                    BOOST_TEST(!repeats(all_of(sent.error()), secret), all_of(sent.error()));
                    there.platform.clear_faults();
                }
        // The head of an answer, and an answer that is no platform's.
        there.platform.add_fault(fault(fault_kind::answer)
                                     .path(std::string(wire_of<Provider>::send))
                                     .status(400)
                                     .header("X-Tt-Logid", token)
                                     .header("x-acs-request-id", token)
                                     .header("Server", token)
                                     .header("Location", "https://portal.example/" + token)
                                     .body("<title>" + token + "</title>"));
        sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST(!repeats(all_of(sent.error()), token), all_of(sent.error()));
    });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_fetch_of_a_token_does_not_repeat_the_secret, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const app = credentials<Provider>(there.platform);
        std::string const secret(app.app_secret().reveal());
        for (auto const& form : forms_of(secret))
            for (auto const& body : answers_with<Provider>(form))
            {
                test_environment<Provider> fresh;
                fresh.answer(wire_of<Provider>::token, 400, body);
                auto notify = fresh.template make<login_name>(ex, app, std::chrono::milliseconds(300));
                auto const sent = co_await notify.send("ada", hello());
                BOOST_TEST_REQUIRE(sent.has_error(), body);
                BOOST_TEST(!repeats(all_of(sent.error()), secret), all_of(sent.error()));
            }
    });
}

using with_text_ids = std::tuple<td::lark, td::feishu, td::dingtalk, td::wecom>;

BOOST_AUTO_TEST_CASE_TEMPLATE(what_cannot_be_the_id_of_a_message_is_no_id_and_the_message_is_delivered, Provider,
                              with_text_ids)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const app = credentials<Provider>(there.platform);
        auto notify = there.template make<login_name>(ex);
        auto sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::string const token = token_in(there.sends().back());
        std::string const secret(app.app_secret().reveal());
        auto const id_of = [&](std::string const& id) -> asio::awaitable<std::string> {
            there.answer(wire_of<Provider>::send, 200, message_id_answer<Provider>(id), 1);
            auto const got = co_await notify.send("ada", hello());
            BOOST_TEST_REQUIRE(got.has_value(), got.error());
            co_return std::string(got->message_id());
        };
        for (std::string const id : {"om_dc13264520392913993dd051dba21dcf", "x", "zcxx+/=", "3yzdAQ63"})
        {
            auto const got = co_await id_of(id);
            BOOST_TEST(got == id);
        }
        for (std::string const& id :
             {token, "id-" + token, token.substr(3), token.substr(0, token.size() - 2), secret,
              std::string("om_1\\u001b[2K\\rforged: delivered to bob"), std::string("\\u001b]0;PWNED\\u0007"),
              std::string("a b"), std::string("om_\x9b"), std::string("om_\\u202e"), std::string(600, 'x')})
        {
            auto const got = co_await id_of(id);
            BOOST_TEST(got == "", id);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_webhook_does_not_repeat_its_token_or_its_signing_secret)
{
    td::sandbox::server platform;
    std::string const token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    std::string const signing = "SECfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543";
    platform.add_fault(fault(fault_kind::answer)
                           .path("/robot/send")
                           .status(200)
                           .times(0)
                           .body(R"({"errcode":310000,"errmsg":"sign of /robot/send?access_token=)" +
                                 percent_encoded(token) + " with " + signing.substr(2) + R"( is wrong"})"));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using hook = td::webhook<td::dingtalk, td::transport::http, td::base_url>;
        hook group(ex,
                   td::webhook_address(td::secret("https://oapi.dingtalk.com/robot/send?access_token=" + token),
                                       td::secret(signing)),
                   url<td::dingtalk>(platform));
        auto const sent = co_await group.send(td::text("hi"));
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::bad_credentials), sent.error());
        BOOST_TEST(!repeats(all_of(sent.error()), token), all_of(sent.error()));
        BOOST_TEST(!repeats(all_of(sent.error()), signing), all_of(sent.error()));
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace secrets_test
