// Sends messages through all four platforms for a set time, and prints what became of each.
//
//   soak --seconds N [--rate N] [--in-flight N] [--seed N] < sandbox.json
//
// `sandbox.json` is the line that `tidings-sandbox --json` prints. Each line of the output is "PLATFORM NUMBER
// OUTCOME", or "memory KB". `benchmarks/soak` starts both, lets things go wrong at random, and compares with what
// arrived.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/tidings.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace td = tidings;
namespace asio = boost::asio;
namespace json = boost::json;
using steady = std::chrono::steady_clock;

struct settings
{
    long seconds = 10;
    long rate = 200; // messages a second, of all platforms
    long in_flight = 8;
    unsigned seed = 1;
};

settings read_settings(int argc, char** argv)
{
    settings out;
    std::map<std::string_view, long> given;
    for (int i = 1; i + 1 < argc; i += 2)
        given[argv[i]] = std::strtol(argv[i + 1], nullptr, 10);
    for (auto const& [name, value] : given)
        if (name == "--seconds")
            out.seconds = value;
        else if (name == "--rate")
            out.rate = value;
        else if (name == "--in-flight")
            out.in_flight = value;
        else if (name == "--seed")
            out.seed = static_cast<unsigned>(value);
        else
            throw std::runtime_error("unknown option: " + std::string(name));
    if (out.seconds <= 0 || out.rate <= 0 || out.in_flight <= 0)
        throw std::runtime_error("--seconds, --rate and --in-flight are at least 1");
    return out;
}

// Resident memory in KB.
long memory()
{
    std::ifstream in("/proc/self/statm");
    long total = 0;
    long resident = 0;
    in >> total >> resident;
    return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

std::string_view outcome_of(td::result<td::receipt> const& sent)
{
    if (sent)
        return "delivered";
    return sent.error() == td::errc::outcome_unknown ? "unknown" : "failed";
}

// One platform: so many senders, each of which sends one message after the other until the time is up.
template<class Provider>
class channel
{
public:
    using notifier = td::notifier<Provider, td::match::login_name, td::transport::http, td::base_url, td::deadline,
                                  td::pacing::none>; // one person gets more here than the platforms permit

    channel(asio::io_context& io, typename Provider::credentials app, std::string const& url, settings const& s)
        : io_(io), notify_(io.get_executor(), std::move(app), td::base_url(url), td::deadline(deadline)), settings_(s),
          chance_(s.seed), until_(steady::now() + std::chrono::seconds(s.seconds))
    {
    }

    void start()
    {
        for (long i = 0; i != settings_.in_flight; ++i)
            asio::co_spawn(io_, work(), [](std::exception_ptr thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
    }

private:
    static constexpr std::chrono::seconds deadline{2};
    static constexpr int platforms = 4;

    asio::awaitable<void> work()
    {
        asio::steady_timer timer(io_);
        auto const between =
            std::chrono::microseconds(std::chrono::seconds(1)) * platforms * settings_.in_flight / settings_.rate;
        std::uniform_int_distribution<long> pause(0, 2 * between.count());
        while (steady::now() < until_)
        {
            timer.expires_after(std::chrono::microseconds(pause(chance_)));
            co_await timer.async_wait(asio::use_awaitable);
            auto const number = ++last_;
            char const* const people[] = {"ada", "bob", "chen", "dana"};
            auto const* const who = people[static_cast<std::size_t>(number) % std::size(people)];
            td::text what("soak " + std::to_string(number) + " <b>\"\n");
            // One in fifty is given up after a moment.
            constexpr int seldom = 50;
            auto const stop = std::make_shared<asio::cancellation_signal>(); // the timer's handler may come late
            asio::steady_timer soon(io_);
            if (std::uniform_int_distribution<int>(1, seldom)(chance_) == 1)
            {
                constexpr int longest = 20'000;
                soon.expires_after(std::chrono::microseconds(std::uniform_int_distribution<int>(0, longest)(chance_)));
                soon.async_wait([stop](boost::system::error_code ec) {
                    if (!ec)
                        stop->emit(asio::cancellation_type::terminal);
                });
            }
            asio::steady_timer done(io_, steady::time_point::max());
            td::result<td::receipt> outcome;
            notify_.async_send(who, std::move(what),
                               asio::bind_cancellation_slot(stop->slot(), [&](td::result<td::receipt> sent) {
                                   outcome = std::move(sent);
                                   done.cancel();
                               }));
            co_await done.async_wait(asio::as_tuple(asio::use_awaitable));
            soon.cancel();
            std::cout << Provider::name << ' ' << number << ' ' << outcome_of(outcome) << '\n';
            if (!outcome && outcome.error() != td::errc::outcome_unknown)
                std::cerr << outcome.error().message() << '\n';
        }
    }

    asio::io_context& io_;
    notifier notify_;
    settings settings_;
    std::minstd_rand chance_;
    steady::time_point until_;
    long last_ = 0;
};

asio::awaitable<void> watch_memory(steady::time_point until)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (steady::now() < until)
    {
        std::cout << "memory " << memory() << std::endl;
        timer.expires_after(std::chrono::seconds(1));
        co_await timer.async_wait(asio::use_awaitable);
    }
}

std::string text(json::value const& in, char const* member)
{
    return std::string(in.at(member).as_string());
}

} // namespace

int main(int argc, char** argv)
try
{
    auto const s = read_settings(argc, argv);
    auto const there = json::parse(std::string(std::istreambuf_iterator<char>(std::cin), {}));
    auto const& lark = there.at("lark");
    auto const& feishu = there.at("feishu");
    auto const& dingtalk = there.at("dingtalk");
    auto const& wecom = there.at("wecom");

    asio::io_context io(1);
    td::dingtalk::credentials robot(text(dingtalk, "app_key"), td::secret(text(dingtalk, "app_secret")));
    robot.robot_code(text(dingtalk, "robot_code"));
    channel<td::lark> one(io, {text(lark, "app_id"), td::secret(text(lark, "app_secret"))}, text(lark, "url"), s);
    channel<td::feishu> two(io, {text(feishu, "app_id"), td::secret(text(feishu, "app_secret"))}, text(feishu, "url"),
                            s);
    channel<td::dingtalk> three(io, std::move(robot), text(dingtalk, "url"), s);
    channel<td::wecom> four(
        io, {text(wecom, "corp_id"), td::secret(text(wecom, "secret")), wecom.at("agent_id").as_int64()},
        text(wecom, "url"), s);
    one.start();
    two.start();
    three.start();
    four.start();
    asio::co_spawn(io, watch_memory(steady::now() + std::chrono::seconds(s.seconds)), asio::detached);
    io.run();
    std::cout << "memory " << memory() << std::endl;
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
