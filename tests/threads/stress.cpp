// One notifier per thread, and everything that they may share shared, while calls are cancelled and notifiers, and
// whole contexts, end at moments chosen at random. The sanitizers see what is touched; what was said is compared with
// what arrived.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/temporary_directory.hpp"

#include <tidings/transport/pipelined.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <vector>

BOOST_AUTO_TEST_SUITE(threads)

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr int people = 120;

// A message that somebody meant to send, and what they were told. Nothing: they went before they were told anything.
struct intention
{
    std::string text;
    std::optional<td::result<td::receipt>> outcome;
};

// What the notifiers of all threads share.
template<class Cache>
struct commons
{
    explicit commons(td::sandbox::server const& at, Cache cache) : platform(at), tokens(std::move(cache)) {}

    td::sandbox::server const& platform;
    Cache tokens;
    td::directory::in_memory directory;
    td::pacing::published pacing;
};

// How people are addressed who have to be looked up.
template<class Provider>
using look_up = std::conditional_t<std::is_same_v<Provider, td::dingtalk>, td::match::phone_number, td::match::email>;

// A thread's part: rounds with a context and a notifier of their own.
template<class Provider, class Cache>
class sender
{
public:
    sender(commons<Cache> const& all, unsigned number) : all_(all), number_(number), chance_(number) {}

    std::deque<intention> const& intentions() const noexcept { return intentions_; }

    void play(int rounds)
    {
        for (int i = 0; i != rounds; ++i)
            play_one();
    }

private:
    using notifier = td::notifier<Provider, look_up<Provider>, td::transport::by_scheme, td::base_url, Cache,
                                  td::directory::in_memory, td::pacing::published>;

    std::string anybody()
    {
        auto const i = draw(people);
        if constexpr (std::is_same_v<Provider, td::dingtalk>)
            return "+65" + std::to_string(80000000 + i);
        else
            return "p" + std::to_string(i) + "@example.com";
    }

    unsigned draw(unsigned below) { return std::uniform_int_distribution<unsigned>(0, below - 1)(chance_); }

    td::transport::by_scheme transport() const
    {
        td::transport::https secure;
        if (auto authority = all_.platform.ca_file(); !authority.empty())
            secure.ca_file(std::move(authority));
        return td::transport::by_scheme(std::move(secure), td::transport::http());
    }

    void play_one()
    {
        std::deque<asio::cancellation_signal> stops; // outlive what they may stop
        asio::io_context io;
        std::optional<notifier> notify(std::in_place, io.get_executor(), credentials<Provider>(all_.platform),
                                       url<Provider>(all_.platform), transport(), all_.tokens, all_.directory,
                                       all_.pacing);
        for (auto calls = 1 + draw(6); calls != 0; --calls)
        {
            auto& i = intentions_.emplace_back();
            i.text = std::to_string(number_) + ":" + std::to_string(intentions_.size());
            notify->async_send(
                anybody(), td::text(i.text),
                asio::bind_cancellation_slot(stops.emplace_back().slot(), [&i](td::result<td::receipt> outcome) {
                    i.outcome = std::move(outcome);
                }));
        }
        for (auto steps = draw(100); steps != 0; --steps)
            io.run_one_for(10ms);
        switch (draw(4))
        {
        case 0: stops[draw(static_cast<unsigned>(stops.size()))].emit(asio::cancellation_type::terminal); break;
        case 1: notify.reset(); break;
        case 2: return; // the context goes, whatever is under way
        default: break;
        }
        io.run_for(20s);
    }

    commons<Cache> const& all_;
    unsigned number_;
    std::minstd_rand chance_;
    std::deque<intention> intentions_;
};

template<class Provider>
std::string application(td::sandbox::server const& platform)
{
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return platform.dingtalk_app().app_key;
    else if constexpr (std::is_same_v<Provider, td::wecom>)
        return platform.wecom_app().id();
    else
        return platform.app(Provider::name).app_id;
}

constexpr unsigned count = 4;
constexpr int many = 25; // rounds

// Lets the senders loose, one on each thread, and meanwhile revokes their token now and then.
template<class Provider, class Cache>
void let_loose(td::sandbox::server& platform, std::deque<sender<Provider, Cache>>& senders, int rounds)
{
    std::atomic<unsigned> busy = static_cast<unsigned>(senders.size());
    std::vector<std::thread> threads;
    for (auto& s : senders)
        threads.emplace_back([&s, &busy, rounds] {
            s.play(rounds);
            --busy;
        });
    auto const app_id = application<Provider>(platform);
    while (busy != 0)
    {
        std::this_thread::sleep_for(20ms);
        platform.revoke_tokens(app_id);
    }
    for (auto& t : threads)
        t.join();
}

// How often each message has arrived, by the last text of its content.
std::unordered_map<std::string, int> arrivals(td::sandbox::server const& platform)
{
    std::unordered_map<std::string, int> out;
    for (auto const& message : platform.ledger())
    {
        std::string_view text(message.content);
        text.remove_suffix(text.size() - text.rfind('"'));
        text.remove_prefix(text.rfind('"') + 1);
        ++out[std::string(text)];
    }
    return out;
}

// What was said of a message is compared with how often it arrived.
void check(intention const& i, int there)
{
    BOOST_TEST_CONTEXT(i.text)
    {
        BOOST_TEST(there <= 1);
        if (!i.outcome)
            return;
        if (*i.outcome)
        {
            BOOST_TEST(there == 1);
            return;
        }
        auto const& why = i.outcome->error();
        // A token that was revoked twice during one call is no longer asked for.
        BOOST_TEST((why == td::errc::cancelled || why == td::errc::outcome_unknown || why == td::errc::token_rejected),
                   why);
        if (why != td::errc::outcome_unknown)
            BOOST_TEST(there == 0);
    }
}

template<class Provider, class Cache>
void reconcile(td::sandbox::server const& platform, std::deque<sender<Provider, Cache>> const& senders)
{
    auto there = arrivals(platform);
    int delivered = 0;
    int abandoned = 0;
    for (auto const& sender : senders)
        for (auto const& i : sender.intentions())
        {
            check(i, there[i.text]);
            delivered += i.outcome && *i.outcome;
            abandoned += !i.outcome;
        }
    BOOST_TEST(delivered > 0);
    BOOST_TEST(abandoned > 0);
}

// Threads that share everything.
template<class Provider>
void stress(bool secure = false, int rounds = many)
{
    BOOST_TEST_CONTEXT(Provider::name << (secure ? ", TLS" : ""))
    {
        td::sandbox::server platform(td::sandbox::options().world(many_recipients(people)).tls(secure));
        commons const all(platform, td::token_cache::in_memory());
        std::deque<sender<Provider, td::token_cache::in_memory>> senders;
        for (unsigned i = 0; i != count; ++i)
            senders.emplace_back(all, i + 1);
        let_loose(platform, senders, rounds);
        reconcile(platform, senders);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(notifiers_of_several_threads_share_tokens_people_and_limits_while_calls_end_at_random)
{
    stress<td::lark>();
    stress<td::lark>(true);
    stress<td::dingtalk>(false, 6); // 20 requests a second
    stress<td::wecom>();
}

BOOST_AUTO_TEST_CASE(as_they_do_when_the_token_is_in_a_file_and_each_thread_has_a_cache_of_its_own)
{
    temporary_directory const home;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(people)));
    std::deque<commons<td::token_cache::file>> caches;
    std::deque<sender<td::lark, td::token_cache::file>> senders;
    for (unsigned i = 0; i != count; ++i)
    {
        if (i % 2 == 0) // and two share one
            caches.emplace_back(platform, td::token_cache::file(home.path()));
        senders.emplace_back(caches.back(), i + 1);
    }
    let_loose(platform, senders, many);
    reconcile(platform, senders);
}

namespace {

// A notifier on a strand, for the threads of a pool, which send at the same time. Some cancel what they have sent.
//
// @param cancelled  Of so many messages one; 0: none.
template<class Transport>
void serve_a_pool(td::sandbox::server const& platform, Transport const& how, int cancelled)
{
    constexpr int all = 200;
    struct message : intention
    {
        asio::cancellation_signal stop;
    };
    asio::thread_pool pool(count);
    auto const strand = asio::make_strand(pool.get_executor());
    using notifier = td::notifier<td::lark, td::match::email, Transport, td::base_url, td::pacing::none>;
    std::optional<notifier> notify(std::in_place, strand, credentials<td::lark>(platform), url<td::lark>(platform),
                                   how);
    std::deque<message> messages(all);
    std::promise<void> end;
    int left = all;
    for (int i = 0; i != all; ++i)
    {
        auto& m = messages[static_cast<std::size_t>(i)];
        m.text = std::to_string(i);
        asio::post(pool, [&, i] {
            asio::post(strand, [&, i] {
                notify->async_send("p" + std::to_string(i % people) + "@example.com", td::text(m.text),
                                   asio::bind_cancellation_slot(m.stop.slot(), [&](td::result<td::receipt> outcome) {
                                       m.outcome = std::move(outcome);
                                       if (--left == 0)
                                           end.set_value();
                                   }));
            });
            if (cancelled != 0 && i % cancelled == 0)
                asio::post(pool, [&] { asio::post(strand, [&] { m.stop.emit(asio::cancellation_type::terminal); }); });
        });
    }
    end.get_future().wait();
    asio::post(strand, [&] { notify.reset(); });
    pool.join();
    auto there = arrivals(platform);
    int delivered = 0;
    for (auto const& m : messages)
    {
        check(m, there[m.text]);
        delivered += m.outcome && *m.outcome;
    }
    if (cancelled == 0)
        BOOST_TEST(delivered == all);
    else
        BOOST_TEST((delivered >= all - all / cancelled && delivered < all));
}

} // namespace

BOOST_AUTO_TEST_CASE(one_notifier_on_a_strand_serves_the_threads_of_a_pool)
{
    for (int const cancelled : {0, 5})
        for (bool const secure : {false, true})
        {
            auto const options = td::sandbox::options().world(many_recipients(people)).tls(secure);
            td::sandbox::server const first(options);
            td::sandbox::server const second(options);
            if (secure)
            {
                serve_a_pool(first, td::transport::https().ca_file(first.ca_file()).max_connections(3), cancelled);
                serve_a_pool(
                    second,
                    td::transport::pipelined(td::transport::https().ca_file(second.ca_file()).max_connections(3)),
                    cancelled);
            }
            else
            {
                serve_a_pool(first, td::transport::http().max_connections(3), cancelled);
                serve_a_pool(second, td::transport::pipelined(td::transport::http().max_connections(3)), cancelled);
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
