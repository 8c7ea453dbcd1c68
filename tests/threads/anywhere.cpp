// Calls from threads that are not the notifier's; for the sanitizers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"

#include <tidings/provider/lark/webhook.hpp>
#include <tidings/webhook.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace anywhere_test {

namespace {

using namespace test;
namespace asio = boost::asio;

using notifier = td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::none>;

constexpr int threads = 4;
constexpr int calls = 2'000;

// Two threads serve the notifier's strand, and others call.
struct service
{
    asio::thread_pool pool{2};
    asio::strand<asio::thread_pool::executor_type> strand = asio::make_strand(pool);
    td::sandbox::server platform;
    std::optional<notifier> notify{std::in_place, strand, credentials<td::lark>(platform), url<td::lark>(platform)};

    // Runs `part(t, i)` for each call of each thread, and ends the notifier on its strand.
    template<class Part>
    void play(Part const& part)
    {
        std::vector<std::thread> callers;
        for (int t = 0; t != threads; ++t)
            callers.emplace_back([&part, t] {
                for (int i = 0; i != calls; ++i)
                    part(t, i);
            });
        for (auto& caller : callers)
            caller.join();
        pool.join();
        notify.reset();
    }
};

// One in a hundred calls is really made; the others are refused without I/O.
std::string address(int i)
{
    return i % 100 == 0 ? "ada" : "no login name: it is much too long for an address, and has blanks in it";
}

constexpr auto delivered_calls = threads * calls / 100;

// Long enough not to be kept in the string itself.
td::text message(int t, int i)
{
    return td::text("message " + std::to_string(i) + " of thread " + std::to_string(t) + ", which is not a short one");
}

} // namespace

BOOST_AUTO_TEST_SUITE(called_anywhere)

BOOST_AUTO_TEST_CASE(async_send_may_be_called_on_any_thread)
{
    service s;
    std::atomic<int> completed = 0;
    std::atomic<int> delivered = 0;
    std::atomic<int> elsewhere = 0;
    s.play([&](int t, int i) {
        s.notify->async_send(address(i), message(t, i), [&](td::result<td::receipt> const& sent) {
            ++completed;
            delivered += sent.has_value();
            elsewhere += !s.strand.running_in_this_thread();
        });
    });
    BOOST_TEST(completed == threads * calls);
    BOOST_TEST(delivered == delivered_calls);
    BOOST_TEST(elsewhere == 0);
    BOOST_TEST(s.platform.ledger().size() == static_cast<std::size_t>(delivered_calls));
}

BOOST_AUTO_TEST_CASE(send_may_be_called_on_any_thread_when_it_is_awaited_on_the_executor)
{
    service s;
    std::atomic<int> completed = 0;
    std::atomic<int> delivered = 0;
    s.play([&](int t, int i) {
        asio::co_spawn(s.strand, s.notify->send(address(i), message(t, i)),
                       [&](std::exception_ptr, td::result<td::receipt> const& sent) {
                           ++completed;
                           delivered += sent.has_value();
                       });
    });
    BOOST_TEST(completed == threads * calls);
    BOOST_TEST(delivered == delivered_calls);
}

BOOST_AUTO_TEST_CASE(a_call_of_another_thread_may_be_cancelled_there)
{
    service s;
    std::atomic<int> completed = 0;
    s.play([&](int t, int i) {
        asio::cancellation_signal stop;
        s.notify->async_send(
            address(i), message(t, i),
            asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const&) { ++completed; }));
        if (i % 2 == 0)
            std::this_thread::yield();
        stop.emit(asio::cancellation_type::terminal);
    });
    BOOST_TEST(completed == threads * calls);
}

BOOST_AUTO_TEST_CASE(a_webhook_may_be_called_on_any_thread)
{
    service s;
    auto const address = s.platform.url("lark") + "/open-apis/bot/v2/hook/00000000-0000-0000-0000-000000000000";
    td::webhook<td::lark, td::transport::http, td::base_url, td::pacing::none> group(
        s.strand, td::webhook_address(address), url<td::lark>(s.platform));
    std::atomic<int> completed = 0;
    s.play([&](int t, int i) {
        group.async_send(i % 100 == 0 ? message(t, i) : td::text(""),
                         [&](td::result<td::receipt> const&) { ++completed; });
    });
    BOOST_TEST(completed == threads * calls);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace anywhere_test
