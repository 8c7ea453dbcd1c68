// Messages that share a connection, from the notifier to the platform's ledger.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/transport/pipelined.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pipelined_flow {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;

template<class Provider, class... Policies>
using notifier = td::notifier<Provider, td::match::login_name, td::transport::pipelined<td::transport::http>,
                              td::base_url, td::pacing::none, Policies...>;

/// Sends so many messages to Bob at once.
template<class Notifier>
asio::awaitable<std::vector<td::result<td::receipt>>> send_at_once(Notifier& notify, std::size_t count)
{
    auto const ex = co_await asio::this_coro::executor;
    std::vector<std::optional<td::result<td::receipt>>> results(count);
    asio::steady_timer all_ended(ex, asio::steady_timer::time_point::max());
    std::size_t left = count;
    for (std::size_t i = 0; i != count; ++i)
        asio::co_spawn(ex, notify.send("bob", td::text("message " + std::to_string(i) + ".")),
                       [&, i](std::exception_ptr thrown, td::result<td::receipt> r) {
                           BOOST_TEST(!thrown);
                           results[i] = std::move(r);
                           if (--left == 0)
                               all_ended.cancel();
                       });
    while (left != 0)
        co_await all_ended.async_wait(asio::as_tuple(asio::use_awaitable));
    std::vector<td::result<td::receipt>> out;
    for (auto& r : results)
        out.push_back(*std::move(r));
    co_return out;
}

/// How often each message has arrived.
std::map<std::string, int> arrivals(td::sandbox::server const& platform)
{
    std::map<std::string, int> out;
    for (auto const& m : platform.ledger())
        ++out[m.content];
    return out;
}

/// Each is delivered, with the id that the platform gave to just that one.
void check_all(td::sandbox::server const& platform, std::vector<td::result<td::receipt>> const& sent)
{
    auto const ledger = platform.ledger();
    for (std::size_t i = 0; i != sent.size(); ++i)
    {
        BOOST_TEST_REQUIRE(sent[i].has_value(), sent[i].error());
        std::string of_message;
        for (auto const& m : ledger)
            if (m.content.find("message " + std::to_string(i) + ".") != std::string::npos)
                of_message += m.message_id;
        BOOST_TEST(of_message == sent[i]->message_id());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(pipelined_messages)

BOOST_AUTO_TEST_CASE(messages_sent_at_once_share_a_connection_and_each_has_its_own_receipt)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::transport::pipelined one(td::transport::http().max_connections(1));
        notifier<td::lark> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform), one);
        auto const sent = co_await send_at_once(notify, 40);
        check_all(platform, sent);
        BOOST_TEST(platform.connections() == 1u);
        BOOST_TEST(arrivals(platform).size() == 40u);
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_under_a_shared_connection_is_fetched_once_and_every_message_arrives_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::transport::pipelined one(td::transport::http().max_connections(1));
        notifier<td::lark> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform), one);
        auto const ready = co_await notify.send("bob", td::text("first"));
        BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
        platform.revoke_tokens(platform.app("lark").app_id);
        auto const sent = co_await send_at_once(notify, 8);
        check_all(platform, sent);
        BOOST_TEST(count_requests(platform, token_path) == 2);
        BOOST_TEST(count_requests(platform, send_path) == 1 + 8 + 8);
        BOOST_TEST(platform.connections() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_under_several_messages_costs_none_of_them)
{
    using td::sandbox::fault;
    using td::sandbox::fault_kind;
    for (auto const what : {fault_kind::cut_before_reading, fault_kind::cut_before_headers, fault_kind::reply_lost,
                            fault_kind::cut_in_headers, fault_kind::cut_in_body, fault_kind::close_after,
                            fault_kind::connection_close, fault_kind::linger, fault_kind::byte_by_byte})
        for (int after = 0; after != 4; ++after)
        {
            td::sandbox::server platform;
            run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
                td::transport::pipelined one(td::transport::http().max_connections(1));
                notifier<td::lark> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform), one);
                auto const ready = co_await notify.send("bob", td::text("first"));
                BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
                platform.add_fault(fault(what).on(td::sandbox::brand::lark).path(std::string(send_path)).after(after));
                auto const sent = co_await send_at_once(notify, 5);
                check_all(platform, sent);
                for (auto const& [content, times] : arrivals(platform))
                    BOOST_TEST(times == 1, content << " arrived " << times << " times");
            });
        }
}

BOOST_AUTO_TEST_CASE(messages_without_a_key_have_a_connection_to_themselves)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        auto const ready = co_await notify.send("bob", td::text("first"));
        BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
        auto const before = platform.connections();
        auto const sent = co_await send_at_once(notify, 6);
        for (auto const& one : sent)
            BOOST_TEST(one.has_value(), one.error());
        BOOST_TEST(platform.connections() >= before + 5);
    });
}

namespace {

using tidings::idempotency_key;
using tidings::secret;
using tidings::text;

//[pipelined
using busy_notifier =
    tidings::notifier<tidings::lark, tidings::match::email, tidings::transport::pipelined<tidings::transport::https>>;

tidings::transport::pipelined<tidings::transport::https> busy_network()
{
    return tidings::transport::pipelined(tidings::transport::https().max_connections(4)).depth(16);
}
//]

} // namespace

BOOST_AUTO_TEST_CASE(the_example_is_a_notifier)
{
    asio::io_context io;
    busy_notifier const notify(io.get_executor(), busy_notifier::credentials("cli_1", secret("x")), busy_network());
    BOOST_TEST((notify.get_executor() == io.get_executor()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pipelined_flow
