// The settings of a group's webhook become a webhook.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channels.hpp>
#include <tidings/config/webhook.hpp>

#include "support/peers.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <tidings/sandbox/server.hpp>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(webhook_settings)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using test::run;

/// The token of a custom bot of the sandbox that asks for signatures, where there is one, and its secret.
struct bot
{
    std::string address; ///< Of the sandbox, without the token.
    std::string token;
    std::string signing;

    std::string url() const { return address + token; }
};

bot bot_of(td::sandbox::server const& platform, std::string_view name)
{
    auto const world = platform.world();
    auto const base = platform.url(name);
    if (name == "dingtalk")
        return {base + "/robot/send?access_token=", world.dingtalk.hooks.at(1).access_token,
                world.dingtalk.hooks.at(1).secret};
    if (name == "wecom")
        return {base + "/cgi-bin/webhook/send?key=", world.wecom.hooks.at(0).key, ""};
    bot out{base + "/open-apis/bot/v2/hook/", "", ""};
    for (auto const& h : world.hooks)
        if (td::sandbox::to_string(h.platform) == name)
        {
            out.token = h.token;
            out.signing = h.secret;
        }
    return out;
}

/// As an administrator would write them.
td::config::webhook_settings settings_of(td::sandbox::server const& platform, std::string_view name)
{
    auto const there = bot_of(platform, name);
    td::config::webhook_settings out;
    out.platform = name;
    out.url = td::config::secret_setting::parse(there.url());
    out.secret = td::config::secret_setting::parse(there.signing);
    out.base_url = platform.url(name);
    return out;
}

td::any_webhook made(asio::any_io_executor ex, td::config::webhook_settings const& settings)
{
    auto out = td::config::make_webhook(ex, settings);
    BOOST_TEST_REQUIRE(out.has_value(), out.error());
    return *std::move(out);
}

std::string everything_of(td::failure const& f)
{
    std::ostringstream out;
    out << f << '\n' << f.message() << '\n' << f.remedy() << '\n' << f.remedy(td::language::chinese);
    return out.str();
}

/// What the failure says; it repeats nothing of the address and no secret.
std::string why_not(td::config::webhook_settings const& settings)
{
    asio::io_context io;
    auto const out = td::config::make_webhook(io.get_executor(), settings);
    BOOST_TEST_REQUIRE(out.has_error());
    auto const why = everything_of(out.error());
    BOOST_TEST((out.error() == td::errc::invalid_argument), why);
    BOOST_TEST(why.find("hidden") == std::string::npos, why);
    return why;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_platforms_of_the_settings_are_those_that_have_webhooks)
{
    BOOST_TEST(td::any_webhook::platforms() ==
                   std::vector<std::string_view>(std::begin(td::config::detail::webhook_platforms),
                                                 std::end(td::config::detail::webhook_platforms)),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_settings_of_each_platform_reach_the_group)
{
    td::sandbox::server platform;
    for (auto const name : td::any_webhook::platforms())
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto settings = settings_of(platform, name);
            settings.language = "zh";
            auto to = made(ex, settings);
            BOOST_TEST(to.platform() == name);
            auto const sent = co_await to.send(td::text(td::localized("hi").in("zh", "你好")));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            auto const last = platform.ledger().back();
            BOOST_TEST(last.provider == name);
            BOOST_TEST(last.receive_id == bot_of(platform, name).token);
            BOOST_TEST(last.content.find("你好") != std::string::npos);
        });
    BOOST_TEST(platform.ledger().size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_url_of_a_host_of_no_platform_needs_no_base_url)
{
    td::sandbox::server platform;
    for (auto const name : td::any_webhook::platforms())
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto settings = settings_of(platform, name);
            settings.base_url.clear();
            auto const official = bot_of(platform, name).url();
            auto const path = official.find('/', std::string_view("https://").size());
            settings.url = td::config::secret_setting::parse(platform.url(name) + official.substr(path));
            auto to = made(ex, settings);
            auto const sent = co_await to.send(td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        });
    BOOST_TEST(platform.ledger().size() == 4u);
    // Also of one that begins like that of a platform.
    asio::io_context io;
    auto similar = settings_of(platform, "feishu");
    similar.base_url.clear();
    similar.url = td::config::secret_setting::parse("https://open.feishu.cn.example.org/open-apis/bot/v2/hook/token");
    BOOST_TEST(td::config::make_webhook(io.get_executor(), similar).has_value());
    // The URL of one platform in the settings of another one is a mistake.
    auto mistaken = settings_of(platform, "lark");
    mistaken.base_url.clear();
    mistaken.url = td::config::secret_setting::parse("https://open.feishu.cn/open-apis/bot/v2/hook/hidden");
    BOOST_TEST(why_not(mistaken).find("does not lead to") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_part_of_the_path_of_an_address_is_in_a_failure)
{
    test::monologue moved(
        "HTTP/1.1 301 Moved\r\nServer: /hidden-door\r\nLocation: https://gw.example.org/hidden-door/login\r\n"
        "Content-Length: 0\r\n\r\n");
    for (std::string const rest :
         {"lark /open-apis/bot/v2/hook/", "dingtalk /robot/send?access_token=", "wecom /cgi-bin/webhook/send?key="})
    {
        td::config::webhook_settings settings;
        settings.platform = rest.substr(0, rest.find(' '));
        settings.url =
            td::config::secret_setting::parse("http://127.0.0.1:" + std::to_string(moved.port()) + "/hidden-door" +
                                              rest.substr(rest.find(' ') + 1) + "hidden-token");
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto to = made(ex, settings);
            auto const outcome = co_await to.send(td::text("hi"));
            BOOST_TEST_REQUIRE(outcome.has_error());
            auto const why = everything_of(outcome.error());
            BOOST_TEST(why.find("127.0.0.1") != std::string::npos, why);
            BOOST_TEST(why.find("hidden") == std::string::npos, why);
        });
    }
}

BOOST_AUTO_TEST_CASE(references_are_read_when_the_webhook_is_made)
{
    td::sandbox::server platform;
    test::temporary_directory const directory;
    for (auto const& [name, text] :
         {std::pair{"url", bot_of(platform, "dingtalk").url()}, std::pair{"key", bot_of(platform, "dingtalk").signing}})
        std::filesystem::permissions(directory.write(name, text + "\n"), std::filesystem::perms::owner_read);
    auto settings = settings_of(platform, "dingtalk");
    settings.url = td::config::secret_setting::parse("file:url", directory.path());
    settings.secret = td::config::secret_setting::parse("file:key", directory.path());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto to = made(ex, settings);
        auto const sent = co_await to.send(td::text("hi"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    });

    // A document, as a program reads it.
    auto const read = td::config::channels::parse(
        R"({"version":1,"webhooks":{"ops":{"platform":"dingtalk","url":"file:url","secret":"file:key","base_url":")" +
            platform.url("dingtalk") + R"("}}})",
        directory.path());
    BOOST_TEST_REQUIRE(read.has_value());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        //[make_webhook
        tidings::config::notifier_options options;
        options.deadline = std::chrono::seconds(20);
        auto group = tidings::config::make_webhook(ex, read->webhooks.at("ops"), options);
        if (!group)
            co_return; // group.error() names the field
        auto const sent = co_await group->send(tidings::markdown("**Build is green**"));
        //]
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(settings_that_make_no_webhook_are_named_without_the_address)
{
    td::config::webhook_settings good;
    good.platform = "lark";
    good.url = td::config::secret_setting::parse("https://open.larksuite.com/open-apis/bot/v2/hook/hidden-token");
    good.secret = td::config::secret_setting::parse("hidden-key");
    asio::io_context io;
    BOOST_TEST(td::config::make_webhook(io.get_executor(), good).has_value());

    auto const refuses = [&good](auto change, std::string_view part) {
        auto settings = good;
        change(settings);
        auto const why = why_not(settings);
        BOOST_TEST(why.find(part) != std::string::npos, '"' << why << "\" lacks \"" << part << '"');
    };
    using settings_t = td::config::webhook_settings;
    using td::config::secret_setting;
    refuses([](settings_t& s) { s.platform.clear(); }, "platform: is missing");
    refuses([](settings_t& s) { s.url = secret_setting(); }, "url: is missing");
    refuses([](settings_t& s) { s.platform = "slack"; }, "the platforms are lark, feishu, dingtalk and wecom");
    refuses([](settings_t& s) { s.url = secret_setting::parse("env:TIDINGS_TEST_IS_NOT_SET"); },
            "url: the environment variable \"TIDINGS_TEST_IS_NOT_SET\" is not set");
    refuses([](settings_t& s) { s.secret = secret_setting::parse("file:/does/not/exist"); },
            "secret: the file \"/does/not/exist\"");
    refuses([](settings_t& s) { s.proxy = secret_setting::parse("env:TIDINGS_TEST_IS_NOT_SET"); }, "proxy: ");
    refuses([](settings_t& s) { s.platform = "feishu"; }, "webhook address does not lead to https://open.feishu.cn");
    refuses([](settings_t& s) { s.url = secret_setting::parse("hidden"); }, "webhook address is not a URL");
    refuses([](settings_t& s) { s.secret = secret_setting::parse("hidden\tkey"); }, "signing secret");
    refuses([](settings_t& s) { s.base_url = "ftp://hidden"; }, "base URL");
    refuses([](settings_t& s) { s.proxy = secret_setting::parse("socks5://hidden@127.0.0.1:1"); }, "proxy");
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_and_an_unknown_token_are_not_shown_and_the_deadline_is_that_of_the_options)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::config::notifier_options late;
        late.deadline = std::chrono::milliseconds(-1);
        auto never = td::config::make_webhook(ex, settings_of(platform, "lark"), late);
        BOOST_TEST_REQUIRE(never.has_value());
        auto const too_late = co_await never->send(td::text("hi"));
        BOOST_TEST((too_late.error() == td::errc::timed_out), too_late.error());
        BOOST_TEST(platform.requests().empty());

        auto unsigned_settings = settings_of(platform, "dingtalk");
        unsigned_settings.secret = td::config::secret_setting::parse("SEC-hidden");
        auto wrong = made(ex, unsigned_settings);
        auto const refused = co_await wrong.send(td::text("hi"));
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error() == td::errc::bad_credentials));

        auto unknown_settings = settings_of(platform, "wecom");
        auto const url = bot_of(platform, "wecom").address + "hidden-token";
        unknown_settings.url = td::config::secret_setting::parse(url);
        auto unknown = made(ex, unknown_settings);
        auto const nobody = co_await unknown.send(td::text("hi"));
        BOOST_TEST_REQUIRE(nobody.has_error());
        BOOST_TEST((nobody.error() == td::errc::bad_credentials), nobody.error());
        for (auto const& error : {refused.error(), nobody.error()})
        {
            auto const why = everything_of(error);
            BOOST_TEST(why.find("hidden") == std::string::npos, why);
            BOOST_TEST(why.find(bot_of(platform, "dingtalk").token) == std::string::npos, why);
        }
    });
    BOOST_TEST(platform.ledger().empty());
}

BOOST_AUTO_TEST_SUITE_END()
