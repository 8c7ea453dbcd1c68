// The program of the guides to the platforms: one message through a channel that tidings-channels configured.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channels.hpp>
#include <tidings/message/text.hpp>

#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <tidings/sandbox/server.hpp>

#include <boost/json.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

BOOST_AUTO_TEST_SUITE(first_message)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
namespace json = boost::json;

//[first_message
// Sends to one person through a channel of the file that tidings-channels wrote.
asio::awaitable<td::result<td::receipt>> send_first_message(std::string file, std::string channel, std::string person)
{
    auto const channels = td::config::channels::load(file).value(); // throws, and names every problem of the file
    td::config::channel const* const settings = channels.find(channel);
    if (!settings)
        throw std::runtime_error(channel + " is not configured");
    auto const executor = co_await asio::this_coro::executor;
    td::any_notifier notify = td::config::make_notifier(executor, *settings).value();

    td::any_address to(std::move(person)); // by the channel's notification field
    td::any_message what{td::text("Build is green")};
    td::result<td::receipt> sent = co_await notify.send(std::move(to), std::move(what));
    co_return sent; // a failure has message() and remedy()
}
//]

/// Writes a file of settings that only its owner can read, as `channels::load` demands of one with secrets.
std::string write_settings(test::temporary_directory const& folder, json::object const& channels)
{
    auto const path =
        folder.write("channels.json", json::serialize(json::object{{"version", 1}, {"channels", channels}}));
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
    return path;
}

json::object settings_of(td::sandbox::server const& platform, std::string const& channel)
{
    json::object out{{"notification_field", "email"}, {"base_url", platform.url(channel)}};
    if (channel == "wecom")
    {
        auto const app = platform.wecom_app();
        out["corp_id"] = app.corp_id;
        out["agent_id"] = app.agent_id;
        out["secret"] = app.secret;
    }
    else if (channel == "dingtalk")
    {
        auto const app = platform.dingtalk_app();
        out["app_key"] = app.app_key;
        out["app_secret"] = app.app_secret;
        out["robot_code"] = app.robot_code.empty() ? app.app_key : app.robot_code;
    }
    else
    {
        auto const app = platform.app(channel);
        out["app_id"] = app.app_id;
        out["app_secret"] = app.app_secret;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_program_of_the_guides_reaches_a_person_on_each_platform)
{
    for (auto const name : td::config::channel_names)
    {
        std::string const channel(name);
        td::sandbox::server platform;
        test::temporary_directory const folder;
        auto const file = write_settings(folder, json::object{{channel, settings_of(platform, channel)}});
        test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
            auto const sent = co_await send_first_message(file, channel, "ada@example.com");
            BOOST_TEST_REQUIRE(sent.has_value(), channel << ": " << sent.error());
            auto const other = co_await send_first_message(file, channel, "nobody@example.com");
            BOOST_TEST((other.error() == td::errc::recipient_not_found), channel << ": " << other.error());
        });
        BOOST_TEST_REQUIRE(platform.ledger().size() == 1u);
        BOOST_TEST(platform.ledger().front().content.find("Build is green") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
