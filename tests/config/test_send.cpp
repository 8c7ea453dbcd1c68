// A channel is tried with settings that are not saved.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/test_send.hpp>

#include "support/run.hpp"

#include <tidings/sandbox/server.hpp>

#include <string>
#include <string_view>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_before_save)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using test::run;

/// The settings of the good application of a channel, as an administrator would type them.
td::config::channel typed(td::sandbox::server const& platform, std::string_view name, std::string field = "email")
{
    auto made = *td::config::make_channel(name);
    td::config::problems wrong;
    auto const set = [&](std::string_view field_name, std::string_view text) {
        for (auto const& f : td::config::fields_of(made))
            if (f.description->name == field_name)
                BOOST_TEST_REQUIRE(td::config::read_text(f, text, field_name, wrong), td::config::to_string(wrong));
    };
    set("notification_field", field);
    set("base_url", platform.url(name));
    if (name == "wecom")
    {
        auto const app = platform.wecom_app();
        set("corp_id", app.corp_id);
        set("agent_id", std::to_string(app.agent_id));
        set("secret", app.secret);
    }
    else if (name == "dingtalk")
    {
        auto const app = platform.dingtalk_app();
        set("app_key", app.app_key);
        set("app_secret", app.app_secret);
        set("robot_code", app.robot_code.empty() ? app.app_key : app.robot_code);
        set("agent_id", std::to_string(app.agent_id));
    }
    else
    {
        auto const app = platform.app(name);
        set("app_id", app.app_id);
        set("app_secret", app.app_secret);
    }
    return made;
}

td::result<td::receipt> tested(td::config::channel settings, std::string receiver)
{
    td::result<td::receipt> out = td::make_failure(td::errc::cancelled, "");
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::config::notifier_options how;
        how.max_retries = 0;
        td::result<td::receipt> outcome =
            co_await td::config::test_send(ex, std::move(settings), std::move(receiver), std::move(how));
        out = std::move(outcome);
    });
    return out;
}

std::string receiver_of(std::string_view field)
{
    auto const ada = *td::sandbox::world::standard().find_person("ada");
    return field == "email" ? ada.email : field == "phone_number" ? ada.mobile : ada.login_name;
}

void check_report(td::result<td::receipt> const& outcome, td::errc expected, std::string_view part)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST((outcome.error() == expected), outcome.error());
    auto const report = td::config::test_report(outcome);
    BOOST_TEST(report.find(part) != std::string::npos, report << " lacks " << part);
    BOOST_TEST(!td::config::test_report(outcome, td::language::chinese).empty());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_test_message_arrives_on_each_channel_by_each_notification_field)
{
    for (auto const name : td::config::channel_names)
        for (std::string const field : {"login_name", "phone_number", "email"})
        {
            td::sandbox::server platform;
            auto const outcome = tested(typed(platform, name, field), receiver_of(field));
            BOOST_TEST_REQUIRE(outcome.has_value(), name << " by " << field << ": " << outcome.error());
            BOOST_TEST(td::config::test_report(outcome) == "Success");
            auto const ledger = platform.ledger();
            BOOST_TEST_REQUIRE(ledger.size() == 1u);
            BOOST_TEST(ledger.front().content.find("Test message: this channel works.") != std::string::npos);
        }
}

BOOST_AUTO_TEST_CASE(dingtalk_without_a_robot_code_sends_a_work_notification)
{
    td::sandbox::server platform;
    auto settings = std::get<td::config::dingtalk_channel>(typed(platform, "dingtalk", "phone_number"));
    settings.robot_code.clear();
    BOOST_TEST(tested(std::move(settings), receiver_of("phone_number")).has_value());
    bool work = false;
    for (auto const& request : platform.requests())
        work = work || request.target.find("asyncsend_v2") != std::string::npos;
    BOOST_TEST(work);
}

BOOST_AUTO_TEST_CASE(the_message_is_in_the_language_of_the_channel)
{
    td::sandbox::server platform;
    auto settings = std::get<td::config::lark_channel>(typed(platform, "lark"));
    settings.language = "zh-CN";
    BOOST_TEST(tested(std::move(settings), "ada@example.com").has_value());
    BOOST_TEST_REQUIRE(platform.ledger().size() == 1u);
    BOOST_TEST(platform.ledger().front().content.find("测试消息") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_person_who_cannot_be_found_is_reported_as_failed_to_obtain_user_id)
{
    for (auto const name : td::config::channel_names)
    {
        td::sandbox::server platform;
        auto const outcome = tested(typed(platform, name), "nobody@example.com");
        check_report(outcome, td::errc::recipient_not_found, "Failed to obtain user ID");
        BOOST_TEST(platform.ledger().empty());
    }
}

BOOST_AUTO_TEST_CASE(each_missing_scope_of_lark_is_reported_by_its_name)
{
    for (std::string const scope :
         {"contact:user.id:readonly", "contact:user.employee_id:readonly", "im:message:send_as_bot"})
        for (std::string const name : {"lark", "feishu"})
        {
            td::sandbox::server platform;
            platform.edit([&](td::sandbox::world& w) {
                for (auto& app : w.apps)
                    std::erase_if(app.scopes, [&scope](std::string const& held) {
                        return held == scope || (scope.starts_with("im:") && held.starts_with("im:message"));
                    });
            });
            // A login name is the employee id, which a scope of its own protects.
            std::string const field = scope.find("employee_id") != scope.npos ? "login_name" : "email";
            auto const outcome = tested(typed(platform, name, field), receiver_of(field));
            check_report(outcome, td::errc::permission_missing, scope);
        }
}

BOOST_AUTO_TEST_CASE(a_missing_bot_and_a_version_that_is_not_published_are_reported_with_what_to_do)
{
    for (std::string const name : {"lark", "feishu", "dingtalk"})
    {
        td::sandbox::server platform;
        auto const with = [&](bool bot, bool published) {
            platform.edit([&](td::sandbox::world& w) {
                for (auto& app : w.apps)
                    app.bot = bot, app.published = published;
                for (auto& app : w.dingtalk.apps)
                    app.robot = bot, app.published = published;
            });
            auto const outcome = tested(typed(platform, name), "ada@example.com");
            BOOST_TEST_REQUIRE(outcome.has_error(), name);
            BOOST_TEST((outcome.error() == td::errc::bot_disabled || outcome.error() == td::errc::app_not_published),
                       name << ": " << outcome.error());
            BOOST_TEST(!outcome.error().remedy().empty());
        };
        with(false, true);
        with(true, false);
    }
}

BOOST_AUTO_TEST_CASE(wecom_reports_81013_and_60020_with_what_to_do)
{
    td::sandbox::server platform;
    platform.edit([](td::sandbox::world& w) {
        for (auto& app : w.wecom.apps)
            app.visible_range.everyone = false, app.visible_range.people = {"bob"};
    });
    auto outcome = tested(typed(platform, "wecom", "login_name"), "ada");
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().platform_code() == "81013");
    BOOST_TEST(!outcome.error().remedy().empty());

    platform.edit([](td::sandbox::world& w) {
        for (auto& app : w.wecom.apps)
            app.trusted_ips = {"203.0.113.7"};
    });
    outcome = tested(typed(platform, "wecom", "login_name"), "ada");
    check_report(outcome, td::errc::ip_not_allowed, "60020");
    BOOST_TEST(outcome.error().refused_ip() == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_reported_and_no_report_contains_the_secret)
{
    for (auto const name : td::config::channel_names)
    {
        td::sandbox::server platform;
        auto settings = typed(platform, name);
        for (auto const& f : td::config::fields_of(settings))
            if (f.description->kind == td::config::field_kind::secret && td::config::has_value(f))
            {
                td::config::problems wrong;
                BOOST_TEST_REQUIRE(td::config::read_text(f, "typed-by-mistake", f.description->name, wrong));
            }
        auto const outcome = tested(std::move(settings), "ada@example.com");
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST((outcome.error() == td::errc::bad_credentials), name << ": " << outcome.error());
        for (auto const l : {td::language::english, td::language::chinese})
            BOOST_TEST(td::config::test_report(outcome, l).find("typed-by-mistake") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_valid_are_refused_before_any_byte_is_sent)
{
    td::sandbox::server platform;
    auto settings = std::get<td::config::lark_channel>(typed(platform, "lark"));
    settings.app_secret = td::config::secret_setting::parse("env:TIDINGS_TEST_NOT_SET");
    auto outcome = tested(settings, "ada@example.com");
    check_report(outcome, td::errc::invalid_argument, "TIDINGS_TEST_NOT_SET");
    settings.notification_field.clear();
    outcome = tested(settings, "ada@example.com");
    check_report(outcome, td::errc::invalid_argument, "notification_field");
    auto const good = typed(platform, "lark");
    BOOST_TEST((tested(good, "not an address").error() == td::errc::invalid_recipient));
    BOOST_TEST(platform.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
