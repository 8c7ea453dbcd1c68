// A group's webhook on a platform that is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/any_webhook.hpp>

#include "support/each_token.hpp"
#include "support/run.hpp"

#include <tidings/event.hpp>
#include <tidings/sandbox/server.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(any_webhooks)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using test::completes_with_each_token;
using test::run;

/// A custom bot of the sandbox's world.
struct group
{
    std::string url;
    std::string signing;
    std::string token;
    std::string chat;

    td::webhook_address address() const { return {url, td::secret(signing)}; }
};

/// @param signs  The bot asks for signatures.
group group_of(td::sandbox::server const& platform, std::string_view name, bool signs = false)
{
    auto const world = platform.world();
    if (name == "dingtalk")
    {
        auto const& h = world.dingtalk.hooks.at(signs ? 1 : 0);
        return {"https://oapi.dingtalk.com/robot/send?access_token=" + h.access_token, h.secret, h.access_token,
                h.open_conversation_id};
    }
    if (name == "wecom")
    {
        auto const& h = world.wecom.hooks.at(0);
        return {"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + h.key, "", h.key, h.chat_id};
    }
    auto const host = name == "lark" ? "https://open.larksuite.com" : "https://open.feishu.cn";
    for (auto const& h : world.hooks)
        if (td::sandbox::to_string(h.platform) == name && h.secret.empty() != signs)
            return {host + ("/open-apis/bot/v2/hook/" + h.token), h.secret, h.token, h.chat_id};
    BOOST_FAIL("the sandbox has no such bot");
    return {};
}

td::any_settings settings(td::sandbox::server const& platform, std::string_view name)
{
    return td::any_settings().base_url(platform.url(name));
}

td::any_webhook make(asio::any_io_executor ex, td::sandbox::server const& platform, std::string_view name,
                     td::webhook_address const& where)
{
    auto made = td::any_webhook::make(ex, name, where, settings(platform, name));
    BOOST_TEST_REQUIRE(made.has_value(), made.error());
    return *std::move(made);
}

/// Everything that is printed of a failure.
std::string everything_of(td::failure const& f)
{
    std::ostringstream out;
    out << f << '\n' << f.message() << '\n' << f.remedy() << '\n' << f.remedy(td::language::chinese);
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_platforms_are_named_and_an_unknown_one_is_refused_with_their_names)
{
    std::vector<std::string_view> const expected{"lark", "feishu", "dingtalk", "wecom"};
    BOOST_TEST(td::any_webhook::platforms() == expected, boost::test_tools::per_element());
    asio::io_context io;
    for (auto const* const name : {"slack\x1b", "dingtalk_work", ""})
    {
        auto const made =
            td::any_webhook::make(io.get_executor(), name, td::webhook_address("https://e.example/hidden"));
        BOOST_TEST_REQUIRE(made.has_error());
        BOOST_TEST((made.error() == td::errc::invalid_argument));
        auto const why = everything_of(made.error());
        BOOST_TEST(why.find("the platforms are lark, feishu, dingtalk and wecom") != std::string::npos, why);
        BOOST_TEST(why.find("hidden") == std::string::npos, why);
        BOOST_TEST(why.find('\x1b') == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(messages_of_each_kind_reach_the_group_on_each_platform)
{
    td::sandbox::server platform;
    std::map<std::string_view, td::any_native> const natives{
        {"lark", td::any_native("text", R"({"text":"hi"})")},
        {"feishu", td::any_native("text", R"({"text":"hi"})")},
        {"dingtalk", td::any_native("text", R"({"content":"hi"})")},
        {"wecom", td::any_native("text", R"({"content":"hi"})")}};
    for (auto const name : td::any_webhook::platforms())
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto const there = group_of(platform, name);
            auto to = make(ex, platform, name, there.address());
            BOOST_TEST(to.platform() == name);
            BOOST_TEST((to.get_executor() == ex));
            BOOST_TEST(to.check().has_value());
            std::vector<td::any_webhook_message> messages;
            messages.emplace_back(td::text("hi"));
            messages.emplace_back(td::markdown("**hi**"));
            messages.emplace_back(td::notice("hi").fact("Host", "db-01"));
            messages.emplace_back(natives.at(name));
            for (auto const& message : messages)
            {
                auto const before = platform.ledger().size();
                auto const sent = co_await to.send(message);
                BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
                auto const ledger = platform.ledger();
                BOOST_TEST_REQUIRE(ledger.size() == before + 1);
                BOOST_TEST(ledger.back().provider == name);
                BOOST_TEST(ledger.back().receive_id == there.token);
                BOOST_TEST(ledger.back().to == there.chat);
            }
        });
}

BOOST_AUTO_TEST_CASE(a_group_is_named_by_its_platform_and_its_address)
{
    td::sandbox::server platform;
    auto const there = group_of(platform, "dingtalk", true);
    std::string const name = "dingtalk";
    std::string const url = there.url;
    std::string const signing_secret = there.signing;
    auto const settings = any_webhooks::settings(platform, name);
    run([&](asio::any_io_executor executor) -> asio::awaitable<void> {
        //[any_webhook
        tidings::webhook_address const where(url, tidings::secret(signing_secret)); // empty: nothing is signed
        auto group = tidings::any_webhook::make(executor, name, where, settings);
        if (!group)
            co_return; // an unknown name: group.error() has the names there are
        auto const sent = co_await group->send(tidings::text("Build is green"));
        if (!sent)
            std::cerr << sent.error() << '\n';
        //]
        BOOST_TEST(sent.has_value());
    });
    BOOST_TEST_REQUIRE(platform.ledger().size() == 1u);
    BOOST_TEST(platform.ledger().back().to == there.chat);
}

BOOST_AUTO_TEST_CASE(a_bot_that_asks_for_signatures_gets_one_and_refuses_a_wrong_one)
{
    td::sandbox::server platform;
    platform.edit([](td::sandbox::world& w) {
        for (auto& h : w.hooks)
            if (td::sandbox::to_string(h.platform) == "feishu")
                h.secret = "feishu-signs-too";
    });
    for (auto const* const name : {"lark", "feishu", "dingtalk"})
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto there = group_of(platform, name, true);
            auto to = make(ex, platform, name, there.address());
            auto const sent = co_await to.send(td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(platform.ledger().back().to == there.chat);

            there.signing = "SEC-not-the-secret";
            auto wrong = make(ex, platform, name, there.address());
            auto const refused = co_await wrong.send(td::text("hi"));
            BOOST_TEST_REQUIRE(refused.has_error());
            BOOST_TEST((refused.error() == td::errc::bad_credentials), refused.error());
            auto const why = everything_of(refused.error());
            BOOST_TEST(why.find(there.signing) == std::string::npos, why);
            BOOST_TEST(why.find(there.token) == std::string::npos, why);
        });
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_unknown_token_is_refused_by_the_platform_without_being_shown)
{
    td::sandbox::server platform;
    for (auto const name : td::any_webhook::platforms())
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto there = group_of(platform, name);
            auto const token = "f" + there.token.substr(1, there.token.size() - 2) + "f";
            there.url.replace(there.url.size() - token.size(), token.size(), token);
            auto to = make(ex, platform, name, there.address());
            BOOST_TEST(to.check().has_value()); // only the platform knows
            auto const sent = co_await to.send(td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::bad_credentials), sent.error());
            auto const why = everything_of(sent.error());
            BOOST_TEST(why.find(token) == std::string::npos, why);
        });
    BOOST_TEST(platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(an_address_or_a_setting_that_is_not_usable_is_found_without_any_byte)
{
    td::sandbox::server platform;
    auto const lark = group_of(platform, "lark");
    auto const wecom = group_of(platform, "wecom");
    struct row
    {
        char const* name;
        td::webhook_address where;
        td::any_settings how;
        char const* why;
    };
    std::vector<row> const rows{
        {"feishu", lark.address(), settings(platform, "feishu"), "does not lead to https://open.feishu.cn"},
        {"lark", td::webhook_address("hidden"), settings(platform, "lark"), "is not a URL"},
        {"wecom", td::webhook_address(wecom.url, td::secret("hidden")), settings(platform, "wecom"),
         "leave the signing secret out"},
        {"lark", lark.address(), td::any_settings().base_url("ftp://hidden"), "base URL"}};
    for (auto const& row : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto made = td::any_webhook::make(ex, row.name, row.where, row.how);
            BOOST_TEST_REQUIRE(made.has_value(), made.error());
            auto const unusable = made->check();
            BOOST_TEST_REQUIRE(unusable.has_error());
            auto const sent = co_await made->send(td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_error());
            for (auto const& error : {unusable.error(), sent.error()})
            {
                BOOST_TEST((error == td::errc::invalid_argument), error);
                auto const why = everything_of(error);
                BOOST_TEST(why.find(row.why) != std::string::npos, why);
                BOOST_TEST(why.find("hidden") == std::string::npos, why);
                BOOST_TEST(why.find(lark.token) == std::string::npos, why);
            }
            auto const closed = co_await made->close();
            BOOST_TEST(closed.has_value(), closed.error());
        });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto late = td::any_webhook::make(ex, "lark", lark.address(),
                                          settings(platform, "lark").deadline(std::chrono::milliseconds(-1)));
        auto const never = co_await late->send(td::text("hi"));
        BOOST_TEST((never.error() == td::errc::timed_out), never.error());
        auto to = make(ex, platform, "lark", lark.address());
        auto const empty = co_await to.send(td::text(""));
        BOOST_TEST((empty.error() == td::errc::message_invalid), empty.error());
    });
    BOOST_TEST(platform.requests().empty());
}

BOOST_AUTO_TEST_CASE(every_operation_of_a_webhook_completes_with_each_token)
{
    td::sandbox::server platform;
    asio::io_context io;
    auto to = make(io.get_executor(), platform, "dingtalk", group_of(platform, "dingtalk").address());
    auto const how = td::call_options().deadline(std::chrono::minutes(1));
    completes_with_each_token<td::receipt>(io, [&](auto&&... t) { return to.async_send(td::text("1"), t...); });
    BOOST_TEST(platform.ledger().size() == 4u);
    td::send_options const once(td::idempotency_key("change-42"));
    completes_with_each_token<td::receipt>(io, [&](auto&&... t) { return to.async_send(td::text("2"), once, t...); });
    BOOST_TEST(platform.ledger().size() == 5u); // one key
    completes_with_each_token<void>(io, [&](auto&&... t) { return to.async_drain(t...); });
    completes_with_each_token<void>(io, [&](auto&&... t) { return to.async_drain(how, t...); });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto here = make(ex, platform, "wecom", group_of(platform, "wecom").address());
        auto const drained = co_await here.drain();
        BOOST_TEST(drained.has_value());
        auto const sent = co_await here.send(td::text("3"));
        BOOST_TEST(sent.has_value());
        auto const closed = co_await here.close();
        BOOST_TEST(closed.has_value());
        auto const late = co_await here.send(td::text("4"));
        BOOST_TEST((late.error() == td::errc::cancelled));
    });
    completes_with_each_token<void>(io, [&](auto&&... t) { return to.async_close(t...); });
    completes_with_each_token<void>(io, [&](auto&&... t) { return to.async_close(how, t...); });
    auto late = to.async_send(td::text("5"), asio::use_future);
    io.restart();
    io.run();
    BOOST_TEST((late.get().error() == td::errc::cancelled));
    BOOST_TEST(platform.ledger().size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_total_cancellation_is_ignored_once_the_message_is_written)
{
    using td::sandbox::fault;
    using td::sandbox::fault_kind;
    td::sandbox::server platform;
    asio::io_context io;
    auto to = make(io.get_executor(), platform, "dingtalk", group_of(platform, "dingtalk").address());
    asio::cancellation_signal stop;
    std::optional<td::result<td::receipt>> outcome;
    auto const start = [&] {
        to.async_send(td::text("hi"),
                      asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> r) { outcome = r; }));
    };
    start();
    stop.emit(asio::cancellation_type::total);
    io.run();
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->error() == td::errc::cancelled));
    BOOST_TEST(platform.requests().empty());

    // Its answer is lost: it is repeated under its key.
    platform.add_fault(fault(fault_kind::reply_lost));
    outcome.reset();
    start();
    io.restart();
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (platform.requests().empty() && std::chrono::steady_clock::now() < end)
        io.run_one_for(std::chrono::milliseconds(1));
    stop.emit(asio::cancellation_type::total);
    io.run();
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST_REQUIRE(outcome->has_value(), outcome->error());
    BOOST_TEST(platform.requests().size() == 2u);
    BOOST_TEST(platform.ledger().size() == 1u);
}

namespace {

/// Counts what it gets.
class delivery_counter
{
public:
    using policy_kind = td::observer_kind;

    void on(td::event::delivery_settled const& e) noexcept { ++(e.error ? *failed_ : *delivered_); }

    int delivered() const { return *delivered_; }
    int failed() const { return *failed_; }

private:
    std::shared_ptr<int> delivered_ = std::make_shared<int>(0);
    std::shared_ptr<int> failed_ = std::make_shared<int>(0);
};

} // namespace

BOOST_AUTO_TEST_CASE(the_settings_of_a_webhook_are_those_of_the_policies)
{
    td::sandbox::server platform;
    auto const there = group_of(platform, "dingtalk");
    delivery_counter counter;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto made = td::any_webhook::make(ex, "dingtalk", there.address(),
                                          settings(platform, "dingtalk")
                                              .language("zh")
                                              .max_retries(1)
                                              .initial_backoff(std::chrono::milliseconds(1))
                                              .observer(counter)
                                              .token_cache("/nowhere/that/exists")
                                              .directory_scan());
        BOOST_TEST_REQUIRE(made.has_value(), made.error());
        td::any_webhook first = *std::move(made);
        td::any_webhook to(std::move(first));
        td::text const what(td::localized("hi").in("zh", "你好"));
        auto const sent = co_await to.send(what);
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().content.find("你好") != std::string::npos);
        auto const english = td::send_options().language("en");
        auto const other = co_await to.send(what, english);
        BOOST_TEST_REQUIRE(other.has_value(), other.error());
        BOOST_TEST(platform.ledger().back().content.find("hi") != std::string::npos);

        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer).times(2).status(503));
        auto const failed = co_await to.send(what);
        BOOST_TEST_REQUIRE(failed.has_error());
        BOOST_TEST(failed.error().attempts() == 2u);
    });
    BOOST_TEST(counter.delivered() == 2);
    BOOST_TEST(counter.failed() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
