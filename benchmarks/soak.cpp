// Sends through all four platforms for a set time, and prints what became of each message.
//
//   soak --seconds N [--rate N] [--in-flight N] [--seed N] < places.json
//
// `places.json` is an array: of what `tidings-sandbox --json` prints, each with a `name`, and with `hooks`, by platform
// the address of a group. Each line of the output is "PLACE PLATFORM KIND NUMBER WHOM OUTCOME MESSAGE-ID", or "memory
// KB". `benchmarks/soak` starts all, lets things go wrong at random, and compares with what arrived.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/directory/none.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/tidings.hpp>
#include <tidings/transport/by_scheme.hpp>
#include <tidings/webhook.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
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
    long rate = 200; // calls a second, of all channels
    long in_flight = 8;
    long channels = 1;
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

std::string text(json::value const& in, char const* member)
{
    return std::string(in.at(member).as_string());
}

template<class Provider>
typename Provider::credentials credentials(json::value const& app)
{
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return td::dingtalk::credentials(text(app, "app_key"), td::secret(text(app, "app_secret")))
            .robot_code(text(app, "robot_code"));
    else if constexpr (std::is_same_v<Provider, td::wecom>)
        return {text(app, "corp_id"), td::secret(text(app, "secret")), app.at("agent_id").as_int64()};
    else
        return {text(app, "app_id"), td::secret(text(app, "app_secret"))};
}

struct person
{
    char const* login_name;
    char const* phone_number;
    char const* email;
};
constexpr person people[] = {{"ada", "+6591234567", "ada@example.com"},
                             {"bob", "+8613011111111", "bob@example.com"},
                             {"chen", "+8613022222222", "chen@example.com"},
                             {"dana", "+12025550123", "dana@example.com"}};

// One platform: so many senders, each of which sends one message after the other until the time is up.
template<class Provider>
class channel
{
public:
    channel(asio::io_context& io, json::value const& server, settings const& s)
        : channel(io, server, server.at(std::string(tidings::platform_name_of<Provider>())), transport_to(server),
                  td::token_cache::in_memory(), s)
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
    // DingTalk does not find people by email address.
    static constexpr bool by_phone = std::is_same_v<Provider, td::dingtalk>;
    using look_up = std::conditional_t<by_phone, td::match::phone_number, td::match::email>;
    using transport = td::transport::by_scheme;
    // One person gets more here than the platforms permit: no pacing.
    template<class Match, class Directory>
    using notifier = td::notifier<Provider, Match, transport, td::base_url, td::token_cache::in_memory, Directory,
                                  td::deadline, td::pacing::none>;
    using hook = td::webhook<Provider, transport, td::base_url, td::deadline, td::pacing::none>;

    static constexpr std::chrono::seconds deadline{2};

    channel(asio::io_context& io, json::value const& server, json::value const& app, transport const& how,
            td::token_cache::in_memory const& tokens, settings const& s)
        : io_(io), server_(text(server, "name")),
          named_(io.get_executor(), credentials<Provider>(app), td::base_url(text(app, "url")), how, tokens,
                 td::deadline(deadline)),
          looked_up_(io.get_executor(), credentials<Provider>(app), td::base_url(text(app, "url")), how, tokens,
                     td::deadline(deadline)),
          group_(io.get_executor(), td::webhook_address(text(server.at("hooks"), Provider::name.data())),
                 td::base_url(text(app, "url")), how, td::deadline(deadline)),
          settings_(s), chance_(s.seed), until_(steady::now() + std::chrono::seconds(s.seconds))
    {
    }

    static transport transport_to(json::value const& server)
    {
        td::transport::https secure;
        if (auto const* const file = server.as_object().if_contains("ca_file"))
            secure.ca_file(std::string(file->as_string()));
        return transport(std::move(secure), td::transport::http());
    }

    int draw(int max) { return std::uniform_int_distribution<int>(1, max)(chance_); }

    static look_up found(person const& p) { return look_up(by_phone ? p.phone_number : p.email); }

    void report(char const* kind, long number, char const* recipient, td::result<td::receipt> const& sent) const
    {
        bool const unknown = !sent && sent.error() == td::errc::outcome_unknown;
        std::cout << server_ << ' ' << Provider::name << ' ' << kind << ' ' << number << ' ' << recipient << ' '
                  << (sent      ? "delivered"
                      : unknown ? "unknown"
                                : "failed")
                  << ' ' << (sent && !sent->message_id().empty() ? sent->message_id() : "-") << '\n';
        if (!sent && !unknown)
            std::cerr << sent.error().message() << '\n';
    }

    // What is sent and how, by chance: mostly text to one person.
    asio::awaitable<void> send(long number)
    {
        auto const& p = people[static_cast<std::size_t>(number) % std::size(people)];
        td::text what("soak " + std::to_string(number) + " <b>\"\n");
        switch (draw(12))
        {
        case 1:
        {
            td::file attached("soak.pdf", "soak " + std::to_string(number));
            auto const sent = co_await named_.send(p.login_name, std::move(attached));
            report("file", number, p.login_name, sent);
            co_return;
        }
        case 2:
            co_await send_to_several("several", number, std::move(what), td::send_each_options().window(2));
            co_return;
        case 3:
        {
            constexpr bool has_batches = td::supports_batch<Provider>;
            using options = std::conditional_t<has_batches, td::native_batch_options, td::send_each_options>;
            co_await send_to_several("batch", number, std::move(what), options());
            co_return;
        }
        case 4:
        {
            auto const sent = co_await group_.send(std::move(what));
            report("group", number, "group", sent);
            co_return;
        }
        case 5:
        case 6:
        case 7:
        case 8:
        {
            auto const sent = co_await looked_up_.send(found(p), std::move(what));
            report("look-up", number, p.login_name, sent);
            co_return;
        }
        default:
        {
            auto const sent = co_await named_.send(p.login_name, std::move(what));
            report("name", number, p.login_name, sent);
            co_return;
        }
        }
    }

    template<class Options>
    asio::awaitable<void> send_to_several(char const* kind, long number, td::text what, Options how)
    {
        std::vector<look_up> several;
        for (auto const& p : people)
            several.push_back(found(p));
        std::size_t reported = 0;
        auto sink = [this, kind, number, &reported](std::size_t i, look_up const&,
                                                    td::result<td::receipt> const& sent) {
            ++reported;
            report(kind, number, people[i].login_name, sent);
        };
        auto const all = co_await looked_up_.send_each(several, std::move(what), sink, std::move(how));
        // People who were not tried get nothing.
        td::failure const why = all ? td::failure(td::errc::cancelled) : all.error();
        for (; reported != several.size(); ++reported)
            report(kind, number, people[reported].login_name, why);
    }

    asio::awaitable<void> work()
    {
        asio::steady_timer timer(io_);
        auto const between = std::chrono::microseconds(std::chrono::seconds(1)) * settings_.channels *
                             settings_.in_flight / settings_.rate;
        std::uniform_int_distribution<long> pause(0, 2 * between.count());
        while (steady::now() < until_)
        {
            timer.expires_after(std::chrono::microseconds(pause(chance_)));
            co_await timer.async_wait(asio::use_awaitable);
            auto const number = ++last_;
            // One in fifty is given up after a moment.
            constexpr int cancel_interval = 50;
            auto const stop = std::make_shared<asio::cancellation_signal>(); // the timer's handler may come late
            asio::steady_timer soon(io_);
            if (draw(cancel_interval) == 1)
            {
                soon.expires_after(std::chrono::microseconds(draw(20'000)));
                soon.async_wait([stop](boost::system::error_code ec) {
                    if (!ec)
                        stop->emit(asio::cancellation_type::terminal);
                });
            }
            asio::steady_timer done(io_, steady::time_point::max());
            std::exception_ptr thrown;
            asio::co_spawn(io_, send(number), asio::bind_cancellation_slot(stop->slot(), [&](std::exception_ptr e) {
                               thrown = e;
                               done.cancel();
                           }));
            co_await done.async_wait(asio::as_tuple(asio::use_awaitable));
            if (thrown)
                std::rethrow_exception(thrown);
            soon.cancel();
        }
    }

    asio::io_context& io_;
    std::string server_;
    notifier<td::match::login_name, td::directory::in_memory> named_;
    notifier<look_up, td::directory::none> looked_up_;
    hook group_;
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

} // namespace

int main(int argc, char** argv)
try
{
    auto s = read_settings(argc, argv);
    auto const servers = json::parse(std::string(std::istreambuf_iterator<char>(std::cin), {}));
    constexpr int platforms = 4;
    s.channels = platforms * static_cast<long>(servers.as_array().size());

    asio::io_context io(1);
    std::deque<channel<td::lark>> lark;
    std::deque<channel<td::feishu>> feishu;
    std::deque<channel<td::dingtalk>> dingtalk;
    std::deque<channel<td::wecom>> wecom;
    for (auto const& server : servers.as_array())
    {
        lark.emplace_back(io, server, s).start();
        feishu.emplace_back(io, server, s).start();
        dingtalk.emplace_back(io, server, s).start();
        wecom.emplace_back(io, server, s).start();
    }
    asio::co_spawn(io, watch_memory(steady::now() + std::chrono::seconds(s.seconds)), asio::detached);
    io.run();
    std::cout << "memory " << memory() << std::endl;
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
