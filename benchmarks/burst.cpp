// Sends a burst to platforms that keep to their limits, and says how many requests they refused and how much of what
// they permit was used. Takes as long as the limits do: over four minutes for 5000 messages.
//
//   burst [--count N]
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/sandbox/server.hpp>
#include <tidings/tidings.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using steady = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

// So many that no person's own limit counts.
constexpr std::size_t people = 1000;
// WeCom limits only what one person gets: so few that it counts in each minute (5000 messages are 125 to each), and
// does not in the hour.
constexpr std::size_t wecom_people = 40;

td::sandbox::world strict()
{
    auto world = td::sandbox::world::standard();
    for (std::size_t i = 0; i != people; ++i)
    {
        td::sandbox::person person;
        person.login_name = "p" + std::to_string(i);
        person.name = person.login_name;
        world.people.push_back(person);
        for (auto& app : world.apps)
            app.availability.people.push_back(person.login_name);
        for (auto& app : world.dingtalk.apps)
            app.availability.people.push_back(person.login_name);
        for (auto& app : world.wecom.apps)
            app.visible_range.people.push_back(person.login_name);
    }
    world.limits.enabled = world.dingtalk.limits.enabled = world.wecom.limits.enabled = true;
    // DingTalk says that there are limits by the minute, too, and not which: what the sandbox takes for them is a
    // guess.
    world.dingtalk.limits.calls_per_minute = world.dingtalk.limits.robot_per_minute = 1'000'000;
    return world;
}

// What a platform permits: so many in each second, and in each minute where there is such a limit.
struct permitted
{
    std::size_t each_second;
    std::size_t each_minute;

    /// From the first of `count` messages to the last, if no time is lost.
    seconds min_duration(std::size_t count) const
    {
        auto const last = count - 1;
        if (each_minute == 0)
            return seconds(static_cast<double>(last / each_second));
        return seconds(60.0 * static_cast<double>(last / each_minute) +
                       static_cast<double>(last % each_minute / each_second));
    }
};

// One platform: whom it is sent to, what it permits, and the path of the request that sends.
struct burst
{
    std::string url;
    std::string_view path;
    permitted limit;
    std::size_t receivers = people;
    /// The limit is each receiver's own.
    bool of_each = false;
};

struct outcome
{
    std::string_view platform;
    std::string_view path;
    std::size_t delivered = 0;
    std::size_t failed = 0;
    seconds took{0};
    seconds min_duration{0};
};

template<class Provider>
outcome send(typename Provider::credentials app, burst const& to, std::size_t count)
{
    asio::io_context io(1);
    td::notifier<Provider, td::match::login_name, td::transport::http, td::base_url, td::deadline> notify(
        io.get_executor(), std::move(app), td::base_url(to.url), td::deadline(std::chrono::seconds(0)));
    outcome out;
    out.platform = Provider::name;
    out.path = to.path;
    out.min_duration = to.limit.min_duration(to.of_each ? (count + to.receivers - 1) / to.receivers : count);
    steady::time_point first{};
    for (std::size_t i = 0; i != count; ++i)
        notify.async_send("p" + std::to_string(i % to.receivers), td::text{"burst"},
                          [&](td::result<td::receipt> const& sent) {
                              if (!sent)
                                  std::cerr << sent.error() << '\n';
                              ++(sent ? out.delivered : out.failed);
                              auto const now = steady::now();
                              if (first == steady::time_point{})
                                  first = now;
                              out.took = now - first;
                          });
    io.run();
    return out;
}

// Requests that a platform did not take: it said so, or it said yes and delivered nothing, as WeCom does.
std::ptrdiff_t refused(td::sandbox::server const& server, outcome const& seen)
{
    std::ptrdiff_t out = 0;
    for (auto const& r : server.requests())
        if (to_string(r.platform) == seen.platform && (r.status != 200 || r.target.starts_with(seen.path)))
            ++out;
    for (auto const& m : server.ledger())
        if (m.provider == seen.platform)
            --out;
    return out;
}

} // namespace

int main(int argc, char** argv)
try
{
    std::size_t count = 5000;
    if (argc == 3 && std::string_view(argv[1]) == "--count")
        count = std::strtoul(argv[2], nullptr, 10);
    else if (argc != 1)
        count = 0;
    if (count == 0)
    {
        std::cerr << "usage: burst [--count N]\n";
        return 2;
    }

    td::sandbox::server server(td::sandbox::options().world(strict()));
    constexpr permitted as_tier_4{50, 1000};
    std::vector<outcome> seen(4);
    std::vector<std::thread> senders;
    senders.emplace_back([&] {
        auto const app = server.app("lark");
        burst const to{server.url("lark"), "/open-apis/im/v1/messages", as_tier_4};
        seen[0] = send<td::lark>({app.app_id, td::secret(app.app_secret)}, to, count);
    });
    senders.emplace_back([&] {
        auto const app = server.app("feishu");
        burst const to{server.url("feishu"), "/open-apis/im/v1/messages", as_tier_4};
        seen[1] = send<td::feishu>({app.app_id, td::secret(app.app_secret)}, to, count);
    });
    senders.emplace_back([&] {
        auto const robot = server.dingtalk_app();
        burst const to{server.url("dingtalk"), "/v1.0/robot/oToMessages/batchSend", {20, 0}};
        td::dingtalk::credentials app(robot.app_key, td::secret(robot.app_secret));
        app.robot_code(robot.robot_code);
        seen[2] = send<td::dingtalk>(std::move(app), to, count);
    });
    senders.emplace_back([&] {
        auto const app = server.wecom_app();
        burst const to{server.url("wecom"), "/cgi-bin/message/send", {30, 30}, wecom_people, true};
        seen[3] = send<td::wecom>({app.corp_id, td::secret(app.secret), app.agent_id}, to, count);
    });
    for (auto& sender : senders)
        sender.join();

    std::cout << "| platform | delivered | failed | refused | seconds | at best | used |\n"
                 "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
              << std::fixed;
    bool good = true;
    for (auto const& result : seen)
    {
        auto const refusals = refused(server, result);
        auto const used =
            result.min_duration.count() > 0 ? result.min_duration / result.took : 1.0; // or no limit was met
        std::cout << "| " << result.platform << " | " << result.delivered << " | " << result.failed << " | " << refusals
                  << " | " << std::setprecision(1) << result.took.count() << " | " << result.min_duration.count()
                  << " | " << std::setprecision(3) << used << " |\n";
        constexpr double enough = 0.95;
        good = good && result.delivered == count && refusals == 0 && used >= enough;
    }
    return good ? 0 : 1;
}
catch (std::exception const& e)
{
    std::cerr << "burst: " << e.what() << '\n';
    return 2;
}
