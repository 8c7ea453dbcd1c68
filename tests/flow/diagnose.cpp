// Whether messages would be delivered: each check is proven by breaking what it is about.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/diagnose.hpp>

#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/any_notifier.hpp>
#include <tidings/sandbox/server.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(diagnoses)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using td::check_status;
using test::run;

constexpr std::string_view providers[] = {"lark", "feishu", "dingtalk", "dingtalk_work", "wecom"};

std::string brand_of(std::string_view provider)
{
    return std::string(provider == "dingtalk_work" ? "dingtalk" : provider);
}

td::any_credentials app_of(td::sandbox::server const& platform, std::string_view provider)
{
    if (provider == "wecom")
    {
        auto const app = platform.wecom_app();
        return td::any_credentials(app.corp_id, td::secret(app.secret)).agent_id(app.agent_id);
    }
    if (brand_of(provider) == "dingtalk")
    {
        auto const app = platform.dingtalk_app();
        return td::any_credentials(app.app_key, td::secret(app.app_secret)).agent_id(app.agent_id);
    }
    auto const app = platform.app(provider);
    return td::any_credentials(app.app_id, td::secret(app.app_secret));
}

/// A diagnosis to make: for the good application, unless a test changes something.
struct patient
{
    patient(td::sandbox::server const& server, std::string_view provider_name)
        : provider(provider_name), app(app_of(server, provider_name)), url(server.url(brand_of(provider_name)))
    {
    }

    std::string provider;
    std::vector<std::string> match{"email"};
    std::vector<std::string> people{"ada@example.com"};
    td::any_credentials app;
    std::string url;
    std::string ca_file;
};

td::diagnosis diagnosed(patient const& of)
{
    td::diagnosis out;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::any_settings how;
        how.base_url(of.url).directory_scan().max_retries(0).deadline(std::chrono::seconds(5)).ca_file(of.ca_file);
        auto made = td::any_notifier::make(ex, of.provider, of.match, of.app, std::move(how));
        BOOST_TEST_REQUIRE(made.has_value(), made.error());
        std::vector<td::any_address> people(of.people.begin(), of.people.end());
        td::result<td::diagnosis> found = co_await made->diagnose(std::move(people));
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        out = *std::move(found);
    });
    return out;
}

std::string text_of(td::diagnosis const& d)
{
    std::string out;
    for (auto const& c : d.checks())
        out += "\n" + std::string(c.id()) + ": " + std::string(to_string(c.status())) + ", " + c.message();
    return out;
}

check_status status_of(td::diagnosis const& d, std::string_view id)
{
    auto const* const found = d.find(id);
    BOOST_TEST_REQUIRE(found != nullptr, id);
    return found->status();
}

/// Exactly this check fails, and says what to do.
void check_single_failure(td::diagnosis const& d, std::string_view id, std::string_view about)
{
    BOOST_TEST((status_of(d, id) == check_status::fail), about << text_of(d));
    for (auto const& c : d.checks())
        if (c.status() == check_status::fail)
        {
            BOOST_TEST(c.id() == id, about << text_of(d));
            BOOST_TEST(!c.message().empty());
            BOOST_TEST(!c.remedy().empty(), about << text_of(d));
            BOOST_TEST(!c.remedy(td::language::chinese).empty());
        }
    BOOST_TEST(d.any_failed());
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_fails_for_a_good_application_and_nothing_passes_that_cannot_be_told)
{
    for (auto const provider : providers)
    {
        td::sandbox::server platform;
        auto const d = diagnosed(patient(platform, provider));
        BOOST_TEST(!d.any_failed(), provider << text_of(d));
        bool const lark = provider == "lark" || provider == "feishu";
        bool const work = provider == "dingtalk_work";
        auto const expected = [](bool passes) { return passes ? check_status::pass : check_status::unknown; };
        std::map<std::string_view, check_status> const all{
            {"reachable", check_status::pass},         {"tls", check_status::unknown},
            {"credentials", check_status::pass},       {"application", expected(lark)},
            {"bot", expected(provider != "dingtalk")}, {"scopes", expected(lark || work)},
            {"trusted_ip", check_status::pass},        {"recipient", check_status::pass},
            {"limits", check_status::unknown}};
        for (auto const& [id, status] : all)
            BOOST_TEST((status_of(d, id) == status), provider << ' ' << id << text_of(d));
        BOOST_TEST(platform.ledger().empty());
        BOOST_TEST_MESSAGE(provider << text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(an_unreachable_host_fails_the_check_of_that_and_the_rest_is_unknown)
{
    for (auto const provider : providers)
    {
        td::sandbox::server platform;
        patient p(platform, provider);
        asio::io_context io;
        asio::ip::tcp::acceptor closed(io, {asio::ip::address_v4::loopback(), 0});
        p.url = "http://127.0.0.1:" + std::to_string(closed.local_endpoint().port());
        closed.close();
        auto const d = diagnosed(p);
        check_single_failure(d, td::check::reachable, provider);
        for (auto const& c : d.checks())
            BOOST_TEST((c.id() == td::check::reachable || c.status() == check_status::unknown), text_of(d));
        BOOST_TEST(d.find("credentials")->message().find("\"reachable\" failed") != std::string::npos, text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(a_host_that_does_not_answer_in_time_is_not_reachable)
{
    td::sandbox::server platform;
    platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::stall).times(0));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        patient const p(platform, "lark");
        td::any_settings how;
        how.base_url(p.url).max_retries(0).deadline(std::chrono::milliseconds(100));
        auto made = td::any_notifier::make(ex, p.provider, p.match, p.app, std::move(how));
        BOOST_TEST_REQUIRE(made.has_value());
        td::result<td::diagnosis> const d = co_await made->diagnose();
        BOOST_TEST_REQUIRE(d.has_value());
        check_single_failure(*d, td::check::reachable, "a stall");
    });
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_trusted_fails_the_check_of_tls_and_a_trusted_one_passes)
{
    td::sandbox::server platform(td::sandbox::options().tls());
    for (auto const provider : providers)
    {
        patient p(platform, provider);
        auto d = diagnosed(p);
        check_single_failure(d, td::check::tls, provider);
        BOOST_TEST((status_of(d, td::check::reachable) == check_status::pass));
        p.ca_file = platform.ca_file();
        d = diagnosed(p);
        BOOST_TEST(!d.any_failed(), text_of(d));
        BOOST_TEST((status_of(d, td::check::tls) == check_status::pass));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_fails_the_check_of_credentials)
{
    for (auto const provider : providers)
    {
        td::sandbox::server platform;
        patient p(platform, provider);
        p.app = td::any_credentials(p.app.app_id(), td::secret("wrong")).agent_id(p.app.agent_id());
        auto const d = diagnosed(p);
        check_single_failure(d, td::check::credentials, provider);
        BOOST_TEST((status_of(d, td::check::reachable) == check_status::pass));
        BOOST_TEST((status_of(d, td::check::recipient) == check_status::unknown));
        BOOST_TEST(text_of(d).find("wrong") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_application_of_the_other_brand_fails_the_check_of_credentials_whose_remedy_names_the_brand)
{
    td::sandbox::server platform;
    patient p(platform, "lark");
    p.url = platform.url("feishu");
    p.provider = "feishu";
    auto const d = diagnosed(p);
    check_single_failure(d, td::check::credentials, "lark at feishu");
    BOOST_TEST(d.find("credentials")->remedy().find("belongs to this platform") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_valid_fail_a_check_of_their_own)
{
    td::sandbox::server platform;
    patient p(platform, "lark");
    p.url = "nonsense";
    auto const d = diagnosed(p);
    check_single_failure(d, td::check::settings, "a base URL");
    BOOST_TEST(platform.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_for_any_reason_fails_the_check_of_credentials)
{
    for (auto const provider : providers)
    {
        td::sandbox::server platform;
        bool const dingtalk = brand_of(provider) == "dingtalk";
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .status(dingtalk ? 400 : 200)
                               .body(dingtalk              ? R"({"code":"strange","message":"none of your business"})"
                                     : provider == "wecom" ? R"({"errcode":99999,"errmsg":"none of your business"})"
                                                           : R"({"code":99999,"msg":"none of your business"})"));
        auto const d = diagnosed(patient(platform, provider));
        check_single_failure(d, td::check::credentials, provider);
        BOOST_TEST(d.find("credentials")->message().find("none of your business") != std::string::npos, text_of(d));
        BOOST_TEST((status_of(d, td::check::reachable) == check_status::pass), text_of(d));
        BOOST_TEST(d.find("recipient")->message().find("\"credentials\" failed") != std::string::npos, text_of(d));
        // In Chinese the reason is named by its title, and the platform's words are behind their meaning.
        BOOST_TEST(d.find("recipient")->message(td::language::chinese).find("应用凭证") != std::string::npos);
        auto const chinese = d.find("credentials")->message(td::language::chinese);
        BOOST_TEST(chinese.starts_with("平台拒绝了请求（"), chinese);
        BOOST_TEST(chinese.find("none of your business") != std::string::npos, chinese);
    }
}

BOOST_AUTO_TEST_CASE(a_finding_in_one_language_is_the_same_in_the_other)
{
    td::diagnosis d;
    d.pass(td::check::bot, "there is one");
    d.unknown(td::check::range, td::finding_text("nobody knows", "未知"));
    BOOST_TEST(d.find("bot")->message(td::language::chinese) == "there is one");
    BOOST_TEST(d.find("range")->message(td::language::chinese) == "未知");
    BOOST_TEST(d.find("range")->message() == "nobody knows");
}

BOOST_AUTO_TEST_CASE(every_check_has_a_chinese_title_of_its_own)
{
    std::vector<std::string_view> titles;
    for (auto const id : td::check::all)
    {
        BOOST_TEST(td::check::title_of(id) == id);
        titles.push_back(td::check::title_of(id, td::language::chinese));
        BOOST_TEST(titles.back() != id);
    }
    std::sort(titles.begin(), titles.end());
    BOOST_TEST((std::adjacent_find(titles.begin(), titles.end()) == titles.end()));
    BOOST_TEST(td::check::title_of("moon phase", td::language::chinese) == "moon phase");
}

BOOST_AUTO_TEST_CASE(what_the_platform_refuses_to_say_is_unknown_with_its_words)
{
    struct expectation
    {
        std::string_view provider;
        std::string path;
        std::string_view id;
    };
    for (auto const& [provider, path, id] :
         {expectation{"lark", "/open-apis/bot/v3/info", td::check::bot},
          expectation{"lark", "/open-apis/application/v6/scopes", td::check::scopes},
          expectation{"feishu", "/open-apis/contact/v3/scopes", td::check::range},
          expectation{"dingtalk", "/auth/scopes", td::check::range},
          expectation{"wecom", "/cgi-bin/department/simplelist", td::check::trusted_ip}})
    {
        td::sandbox::server platform;
        auto const* const body = brand_of(provider) == "lark" || provider == "feishu"
                                     ? R"({"code":99999,"msg":"strange"})"
                                     : R"({"errcode":99999,"errmsg":"strange"})";
        platform.add_fault(
            td::sandbox::fault(td::sandbox::fault_kind::answer).path(path).status(200).body(body).times(0));
        patient p(platform, provider);
        p.match = {"phone_number"};
        p.people.clear();
        auto const d = diagnosed(p);
        BOOST_TEST(!d.any_failed(), path << text_of(d));
        BOOST_TEST((status_of(d, id) == check_status::unknown), path << text_of(d));
        BOOST_TEST(d.find(id)->message().find("99999") != std::string::npos, path << text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_without_the_status_of_the_application_is_no_failure)
{
    for (std::string const body : {R"({"code":0,"msg":"ok"})", R"({"code":0,"bot":{"app_name":"Alerts"}})"})
    {
        td::sandbox::server platform;
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/open-apis/bot/v3/info")
                               .status(200)
                               .body(body)
                               .times(0));
        auto const d = diagnosed(patient(platform, "lark"));
        BOOST_TEST(!d.any_failed(), text_of(d));
        BOOST_TEST((status_of(d, td::check::application) == check_status::unknown), text_of(d));
        BOOST_TEST((status_of(d, td::check::bot) == check_status::unknown), text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_wecoms_does_not_show_that_the_address_is_trusted)
{
    for (int const status : {200, 403})
    {
        td::sandbox::server platform;
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/cgi-bin/department/simplelist")
                               .status(status)
                               .body(R"({"message":"log in to the guest network"})")
                               .times(0));
        patient p(platform, "wecom");
        p.people.clear();
        auto const d = diagnosed(p);
        BOOST_TEST((status_of(d, td::check::trusted_ip) == check_status::unknown), status << text_of(d));
        BOOST_TEST((status_of(d, td::check::reachable) == check_status::fail), status << text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(a_contacts_range_of_user_groups_alone_is_not_empty)
{
    td::sandbox::server platform;
    platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                           .path("/open-apis/contact/v3/scopes")
                           .status(200)
                           .body(R"({"code":0,"data":{"group_ids":["g1"],"has_more":false}})")
                           .times(0));
    auto const d = diagnosed(patient(platform, "lark"));
    BOOST_TEST((status_of(d, td::check::range) == check_status::pass), text_of(d));
    BOOST_TEST(d.find("range")->message().find("1 user groups") != std::string::npos, text_of(d));
}

BOOST_AUTO_TEST_CASE(without_an_address_no_check_speaks_of_a_person)
{
    for (auto const provider : providers)
    {
        td::sandbox::server platform;
        patient p(platform, provider);
        p.people.clear();
        auto const d = diagnosed(p);
        BOOST_TEST(d.find("recipient")->message() == "no address was given");
        BOOST_TEST(d.find("range")->remedy().empty(), provider << text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(an_address_is_reported_as_it_was_given)
{
    td::sandbox::server platform;
    for (std::string const address : {"+65 9999-9999", "ada@example.com"})
    {
        patient p(platform, "lark");
        p.match = {"phone_number"};
        p.people = {address};
        auto const d = diagnosed(p);
        BOOST_TEST(d.find("recipient")->address() == address);
    }
}

namespace {

/// Changes the good application of each platform.
struct changes
{
    std::function<void(td::sandbox::app&)> lark;
    std::function<void(td::sandbox::dingtalk_app&)> dingtalk;
    std::function<void(td::sandbox::wecom_app&)> wecom;
};

void change(td::sandbox::server& platform, changes const& how)
{
    platform.edit([&how](td::sandbox::world& w) {
        for (auto& app : w.apps)
            if (how.lark)
                how.lark(app);
        for (auto& app : w.dingtalk.apps)
            if (how.dingtalk)
                how.dingtalk(app);
        for (auto& app : w.wecom.apps)
            if (how.wecom)
                how.wecom(app);
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(an_application_that_is_stopped_or_not_installed_fails_the_check_of_the_application)
{
    for (auto const provider : {"lark", "feishu", "dingtalk", "dingtalk_work"})
    {
        td::sandbox::server platform;
        changes stopped;
        stopped.lark = [](auto& app) { app.enabled = false; };
        stopped.dingtalk = [](auto& app) { app.enabled = false; };
        change(platform, stopped);
        check_single_failure(diagnosed(patient(platform, provider)), td::check::application, provider);
    }
    for (auto const provider : {"lark", "feishu"})
    {
        td::sandbox::server platform;
        changes removed;
        removed.lark = [](auto& app) { app.installed = false; };
        change(platform, removed);
        check_single_failure(diagnosed(patient(platform, provider)), td::check::application, provider);
        for (int const status : {0, 1, 3, 4, 5, 6, 7})
        {
            changes waiting;
            waiting.lark = [status](auto& app) { app.installed = true, app.activate_status = status; };
            change(platform, waiting);
            check_single_failure(diagnosed(patient(platform, provider)), td::check::application,
                                 std::to_string(status));
        }
    }
}

BOOST_AUTO_TEST_CASE(wecom_answers_for_a_stopped_application_as_for_a_wrong_secret)
{
    td::sandbox::server platform;
    changes stopped;
    stopped.wecom = [](auto& app) { app.enabled = false; };
    change(platform, stopped);
    auto const d = diagnosed(patient(platform, "wecom"));
    check_single_failure(d, td::check::credentials, "wecom");
    BOOST_TEST(d.find("credentials")->remedy().find("enabled") != std::string::npos);
    BOOST_TEST((status_of(d, td::check::application) == check_status::unknown));
}

BOOST_AUTO_TEST_CASE(a_missing_bot_and_one_that_is_not_published_fail_the_check_of_the_bot)
{
    for (auto const provider : {"lark", "feishu"})
        for (bool const added : {false, true})
        {
            td::sandbox::server platform;
            changes without;
            without.lark = [added](auto& app) { app.bot = added, app.published = false; };
            change(platform, without);
            check_single_failure(diagnosed(patient(platform, provider)), td::check::bot, provider);
        }
    // Here it shows only when a message is sent.
    td::sandbox::server platform;
    changes without;
    without.dingtalk = [](auto& app) { app.robot = false; };
    change(platform, without);
    auto const d = diagnosed(patient(platform, "dingtalk"));
    BOOST_TEST((status_of(d, td::check::bot) == check_status::unknown));
    BOOST_TEST(!d.find("bot")->remedy().empty());
}

BOOST_AUTO_TEST_CASE(each_missing_scope_is_named)
{
    struct expectation
    {
        std::string_view scope;
        std::string match;
        std::string address;
    };
    auto const ada = *td::sandbox::world::standard().find_person("ada");
    for (auto const& [scope, match, address] :
         {expectation{"im:message:send_as_bot", "email", ada.email},
          expectation{"contact:user.id:readonly", "email", ada.email},
          expectation{"contact:user.id:readonly", "phone_number", ada.mobile},
          expectation{"contact:user.employee_id:readonly", "login_name", ada.login_name}})
        for (auto const provider : {"lark", "feishu"})
        {
            td::sandbox::server platform;
            changes without;
            without.lark = [name = scope](auto& app) {
                std::erase_if(app.scopes, [name](std::string const& held) {
                    return held == name || (name.starts_with("im:") && held.starts_with("im:message"));
                });
            };
            change(platform, without);
            patient p(platform, provider);
            p.match = {match};
            p.people = {address};
            auto const d = diagnosed(p);
            check_single_failure(d, td::check::scopes, scope);
            auto const* const found = d.find("scopes");
            BOOST_TEST(found->message().find(scope) != std::string::npos, text_of(d));
            BOOST_TEST(found->remedy().find(scope) != std::string::npos, found->remedy());
            BOOST_TEST(!found->link().empty());
        }
    for (auto const& [scope, match, address] : {expectation{"qyapi_get_member_by_mobile", "phone_number", ada.mobile},
                                                expectation{"qyapi_get_department_list", "email", ada.email}})
        for (auto const provider : {"dingtalk", "dingtalk_work"})
        {
            td::sandbox::server platform;
            changes without;
            without.dingtalk = [name = scope](auto& app) {
                std::erase_if(app.scopes, [name](std::string const& held) { return held == name; });
            };
            change(platform, without);
            patient p(platform, provider);
            p.match = {match};
            p.people = {address};
            auto const d = diagnosed(p);
            check_single_failure(d, td::check::scopes, scope);
            BOOST_TEST(d.find("scopes")->remedy().find(scope) != std::string::npos, text_of(d));
        }
}

BOOST_AUTO_TEST_CASE(a_scope_that_only_the_diagnosis_would_use_is_no_failure)
{
    auto const withdrawn = [](std::string const& scope) {
        return scope.starts_with("contact:contact") || scope == "qyapi_get_member";
    };
    for (auto const provider : {"lark", "feishu", "dingtalk", "dingtalk_work"})
    {
        td::sandbox::server platform;
        changes without;
        without.lark = [&](auto& app) { std::erase_if(app.scopes, withdrawn); };
        without.dingtalk = [&](auto& app) { std::erase_if(app.scopes, withdrawn); };
        change(platform, without);
        patient p(platform, provider);
        p.match = {"login_name"};
        p.people = {"ada"};
        // A message to a login name needs no look-up.
        auto const d = diagnosed(p);
        BOOST_TEST(!d.any_failed(), provider << text_of(d));
        BOOST_TEST((status_of(d, td::check::recipient) == check_status::unknown), provider << text_of(d));
        // Nor does one whose other fields are not given.
        p.match = {"login_name", "phone_number"};
        p.people = {"ada"};
        BOOST_TEST(!diagnosed(p).any_failed(), provider);
    }
}

BOOST_AUTO_TEST_CASE(dingtalk_without_the_field_of_email_addresses_finds_nobody_and_names_the_permission)
{
    td::sandbox::server platform;
    changes without;
    without.dingtalk = [](auto& app) { app.reads_email = false; };
    change(platform, without);
    auto const d = diagnosed(patient(platform, "dingtalk"));
    check_single_failure(d, td::check::recipient, "email");
    BOOST_TEST(d.find("recipient")->remedy().find("personal information scope") != std::string::npos, text_of(d));
}

BOOST_AUTO_TEST_CASE(an_empty_contacts_range_fails_and_a_small_one_is_unknown_when_somebody_is_not_found)
{
    for (auto const provider : {"lark", "feishu", "dingtalk"})
    {
        td::sandbox::server platform;
        changes none;
        none.lark = [](auto& app) { app.contact_range.everyone = false, app.contact_range.people.clear(); };
        none.dingtalk = [](auto& app) { app.contact_range.everyone = false, app.contact_range.people.clear(); };
        change(platform, none);
        patient p(platform, provider);
        p.people.clear();
        check_single_failure(diagnosed(p), td::check::range, provider);

        changes others;
        others.lark = [](auto& app) { app.contact_range.people = {"bob"}; };
        others.dingtalk = [](auto& app) { app.contact_range.people = {"bob"}; };
        change(platform, others);
        auto d = diagnosed(p);
        BOOST_TEST((status_of(d, td::check::range) == check_status::pass), text_of(d));
        p.people = {"ada@example.com"};
        d = diagnosed(p);
        BOOST_TEST((status_of(d, td::check::range) != check_status::pass), provider << text_of(d));
        BOOST_TEST((status_of(d, td::check::recipient) == check_status::fail), provider << text_of(d));
        BOOST_TEST(!d.find("range")->remedy().empty(), provider << text_of(d));
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_the_platform_does_not_trust_fails_the_check_of_trusted_ip)
{
    for (auto const provider : providers)
    {
        td::sandbox::server platform;
        changes elsewhere;
        elsewhere.lark = [](auto& app) { app.ip_allow_list = {"203.0.113.7"}; };
        elsewhere.dingtalk = [](auto& app) { app.ip_allow_list = {"203.0.113.7"}; };
        elsewhere.wecom = [](auto& app) { app.trusted_ips = {"203.0.113.7"}; };
        change(platform, elsewhere);
        auto const d = diagnosed(patient(platform, provider));
        check_single_failure(d, td::check::trusted_ip, provider);
    }
}

BOOST_AUTO_TEST_CASE(a_person_who_is_not_found_fails_the_check_of_the_recipient_by_each_field)
{
    for (auto const provider : providers)
        for (std::string const match : {"login_name", "phone_number", "email"})
        {
            td::sandbox::server platform;
            patient p(platform, provider);
            p.match = {match};
            p.people = {match == "email" ? "nobody@example.com" : match == "login_name" ? "nobody" : "+6599999999"};
            auto const d = diagnosed(p);
            check_single_failure(d, td::check::recipient, std::string(provider) + " by " + match);
            BOOST_TEST(d.find("recipient")->match() == match);
            BOOST_TEST(d.find("recipient")->address() == p.people.front());
            BOOST_TEST(platform.ledger().empty());
        }
}

BOOST_AUTO_TEST_CASE(a_person_who_has_left_fails_the_check_of_the_recipient_by_each_field)
{
    td::sandbox::server platform;
    auto const rita = *platform.world().find_person("rita");
    for (auto const provider : providers)
        for (auto const& [match, address] :
             {std::pair<std::string, std::string>("login_name", rita.login_name), {"email", rita.email}})
        {
            patient p(platform, provider);
            p.match = {match};
            p.people = {address};
            check_single_failure(diagnosed(p), td::check::recipient, match);
        }
}

BOOST_AUTO_TEST_CASE(each_address_is_looked_up_by_each_field_that_it_can_be_of)
{
    td::sandbox::server platform;
    auto const ada = *platform.world().find_person("ada");
    patient p(platform, "feishu");
    p.match = {"login_name", "phone_number", "email"};
    p.people = {"ada", "bob@example.com", ada.mobile};
    auto const d = diagnosed(p);
    std::vector<std::string> found;
    for (auto const& c : d.checks())
        if (c.id() == td::check::recipient && c.status() == check_status::pass)
            found.push_back(std::string(c.match()) + ' ' + c.address());
    for (auto const& expected :
         {std::string("login_name ada"), std::string("email bob@example.com"), "phone_number " + ada.mobile})
        BOOST_TEST((std::find(found.begin(), found.end(), expected) != found.end()), expected << text_of(d));
}

BOOST_AUTO_TEST_CASE(a_used_up_quota_fails_the_check_of_limits)
{
    for (auto const provider : {"lark", "feishu"})
    {
        td::sandbox::server platform;
        changes used;
        used.lark = [](auto& app) { app.monthly_quota = 0; };
        change(platform, used);
        check_single_failure(diagnosed(patient(platform, provider)), td::check::limits, provider);
    }
}

BOOST_AUTO_TEST_CASE(after_a_failure_that_concerns_all_people_nobody_else_is_looked_up)
{
    for (std::string const provider : {"lark", "wecom", "dingtalk"})
    {
        td::sandbox::server platform;
        std::string const path = provider == "lark"    ? "/open-apis/contact/v3/users/batch_get_id"
                                 : provider == "wecom" ? "/cgi-bin/user/getuserid"
                                                       : "/topapi/v2/user/getbymobile";
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::throttle).path(path).times(0));
        patient p(platform, provider);
        p.match = {"phone_number"};
        p.people = {"+6581234567", "+6581234568", "+6581234569", "nobody"};
        auto const d = diagnosed(p);
        BOOST_TEST((status_of(d, td::check::limits) == check_status::fail), provider << text_of(d));
        std::vector<std::string> rows;
        for (auto const& c : d.checks())
            if (c.id() == td::check::recipient)
                rows.push_back(std::string(to_string(c.status())) + ' ' + c.address());
        std::vector<std::string> const expected{"unknown +6581234567", "unknown +6581234568", "unknown +6581234569",
                                                "fail nobody"};
        BOOST_TEST(rows == expected, boost::test_tools::per_element());
        auto const requests = platform.requests();
        BOOST_TEST(std::count_if(requests.begin(), requests.end(),
                                 [&path](auto const& request) { return request.target.starts_with(path); }) == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_diagnosis_that_is_cancelled_is_reported_as_cancelled)
{
    td::sandbox::server platform;
    platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::stall).times(0));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        patient const p(platform, "lark");
        auto made = td::any_notifier::make(ex, p.provider, p.match, p.app, td::any_settings().base_url(p.url));
        BOOST_TEST_REQUIRE(made.has_value());
        asio::cancellation_signal stop;
        bool done = false;
        asio::co_spawn(
            ex, made->diagnose(),
            asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr thrown, td::result<td::diagnosis> out) {
                done = true;
                BOOST_TEST(!thrown);
                BOOST_TEST_REQUIRE(out.has_error());
                BOOST_TEST((out.error() == td::errc::cancelled));
            }));
        asio::steady_timer pause(ex, std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::use_awaitable);
        stop.emit(asio::cancellation_type::terminal);
        while (!done)
        {
            pause.expires_after(std::chrono::milliseconds(1));
            co_await pause.async_wait(asio::use_awaitable);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_diagnosis_by_a_closed_notifier_is_reported_as_cancelled)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        patient const p(platform, "lark");
        auto made = td::any_notifier::make(ex, p.provider, p.match, p.app, td::any_settings().base_url(p.url));
        BOOST_TEST_REQUIRE(made.has_value());
        td::result<void> const closed = co_await made->close();
        BOOST_TEST(closed.has_value());
        td::result<td::diagnosis> const d = co_await made->diagnose();
        BOOST_TEST_REQUIRE(d.has_error());
        BOOST_TEST((d.error() == td::errc::cancelled));
    });
}

BOOST_AUTO_TEST_CASE(a_notifier_of_one_platform_is_diagnosed_by_a_function_of_its_own_header)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::login_name, td::match::email>;
        td::notifier<td::lark, chain, td::transport::http> const notify(ex, test::credentials<td::lark>(platform),
                                                                        test::url<td::lark>(platform));
        std::vector<chain> people;
        people.emplace_back(td::match::login_name("ada"), td::match::email("ada@example.com"));
        std::string report;
        //[diagnose
        td::result<td::diagnosis> const d = co_await td::diagnose(notify, std::move(people));
        if (!d)
            co_return; // it was cancelled
        for (td::check_result const& c : d->checks())
            if (c.status() == td::check_status::fail)
                report += std::string(c.id()) + ": " + c.message() + "\n" + c.remedy() + "\n";
        //]
        BOOST_TEST(report.empty(), report);
        BOOST_TEST(std::count_if(d->checks().begin(), d->checks().end(), [](auto const& c) {
                       return c.id() == td::check::recipient && c.status() == check_status::pass;
                   }) == 2);

        std::vector<chain> nobody;
        nobody.emplace_back(std::nullopt, std::nullopt);
        td::result<td::diagnosis> const without = co_await td::diagnose(notify, std::move(nobody));
        BOOST_TEST_REQUIRE(without.has_value());
        auto const* const address = without->find(td::check::recipient);
        BOOST_TEST_REQUIRE(address);
        BOOST_TEST((address->status() == check_status::fail));
        BOOST_TEST(address->message().find("no link of the chain has an address") != std::string::npos);
    });
}

BOOST_AUTO_TEST_SUITE_END()
