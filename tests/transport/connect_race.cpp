// Several addresses of one host: in which order, and who wins.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/transport/detail/connect_race.hpp>

#include "support/peers.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace connect_race_test {

namespace {

namespace asio = boost::asio;
namespace ip = asio::ip;
using tcp = ip::tcp;
using namespace std::chrono_literals;
using tidings::transport::detail::connect;
using tidings::transport::detail::interleave;

std::vector<tcp::endpoint> endpoints(std::string_view names)
{
    std::vector<tcp::endpoint> out;
    for (char const c : names) // capitals are IPv6
        out.push_back(c < 'a' ? tcp::endpoint(ip::make_address("::" + std::to_string(c - 'A' + 1)), 1)
                              : tcp::endpoint(ip::make_address("10.0.0." + std::to_string(c - 'a' + 1)), 1));
    return out;
}

tcp::endpoint v4(int last, unsigned short port)
{
    return {ip::make_address("127.0.0." + std::to_string(last)), port};
}

// A port where nobody listens.
unsigned short closed_port()
{
    asio::io_context io;
    return tcp::acceptor(io, v4(1, 0)).local_endpoint().port();
}

constexpr auto never = std::chrono::steady_clock::time_point::max();

} // namespace

BOOST_AUTO_TEST_SUITE(connect_races)

BOOST_AUTO_TEST_CASE(the_families_take_turns_in_the_resolvers_order)
{
    struct
    {
        std::string_view before, after;
    } const rows[] = {{"", ""},           {"a", "a"},         {"A", "A"},          {"abc", "abc"},
                      {"ABCab", "AaBbC"}, {"abABC", "aAbBC"}, {"AaBb", "AaBb"},    {"aAbB", "aAbB"},
                      {"ABCDa", "AaBCD"}, {"Aabcd", "Aabcd"}, {"aAbcBd", "aAbBcd"}};
    for (auto const& row : rows)
        BOOST_TEST((interleave(endpoints(row.before)) == endpoints(row.after)), row.before);
}

BOOST_AUTO_TEST_CASE(the_next_address_is_tried_at_once_when_one_refuses)
{
    test::relay const server(v4(200, 0), closed_port());
    std::vector<tcp::endpoint> order;
    for (int last = 100; last != 140; ++last)
        order.push_back(v4(last, server.port()));
    order.push_back(v4(200, server.port()));
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tcp::socket socket(ex);
        // To wait for each would take ten seconds.
        auto const ec = co_await connect(socket, order, std::chrono::steady_clock::now() + 5s);
        BOOST_TEST(!ec, ec.message());
        BOOST_TEST((socket.remote_endpoint() == order.back()));
    });
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_costs_one_delay_and_the_first_that_does_wins)
{
    test::black_hole const first(v4(2, 0));
    test::black_hole const second(tcp::endpoint(ip::address_v6::loopback(), first.port()));
    test::relay const server(v4(3, first.port()), closed_port());
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tcp::socket socket(ex);
        std::vector<tcp::endpoint> const order{
            v4(2, first.port()), {ip::address_v6::loopback(), first.port()}, v4(3, first.port()), v4(2, first.port())};
        auto const ec = co_await connect(socket, order, never);
        BOOST_TEST(!ec, ec.message());
        BOOST_TEST((socket.remote_endpoint() == v4(3, first.port())));
    });
}

BOOST_AUTO_TEST_CASE(when_all_refuse_the_last_one_says_why)
{
    auto const port = closed_port();
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tcp::socket socket(ex);
        std::vector<tcp::endpoint> const order{v4(1, port), {ip::address_v6::loopback(), port}, v4(2, port)};
        auto const ec = co_await connect(socket, order, never);
        BOOST_TEST((ec == asio::error::connection_refused), ec.message());
    });
}

BOOST_AUTO_TEST_CASE(one_that_refuses_while_another_is_under_way_ends_nothing)
{
    test::black_hole const hole(v4(2, 0));
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tcp::socket socket(ex);
        auto const deadline = std::chrono::steady_clock::now() + 20ms;
        std::vector<tcp::endpoint> const order{v4(9, hole.port()), v4(2, hole.port())};
        auto const ec = co_await connect(socket, order, deadline);
        BOOST_TEST((ec == tidings::errc::timed_out), ec.message());
    });
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_it_and_leaves_nothing_under_way)
{
    test::black_hole const hole;
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tcp::socket socket(ex);
        std::vector<tcp::endpoint> const order{v4(1, hole.port()), v4(1, hole.port())};
        auto const ec = co_await connect(socket, order, std::chrono::steady_clock::now() + 20ms);
        BOOST_TEST((ec == tidings::errc::timed_out), ec.message());
        BOOST_TEST(!socket.is_open());
    });
}

BOOST_AUTO_TEST_CASE(a_cancellation_ends_it_and_leaves_nothing_under_way)
{
    test::black_hole const hole;
    asio::io_context io;
    asio::cancellation_signal stop;
    tcp::socket socket(io);
    boost::system::error_code got;
    asio::co_spawn(
        io, connect(socket, {v4(1, hole.port()), v4(1, hole.port())}, never),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, boost::system::error_code ec) { got = ec; }));
    io.poll();
    BOOST_TEST(!got);
    stop.emit(asio::cancellation_type::terminal);
    BOOST_TEST(io.run_for(10s) != 0u);
    BOOST_TEST(io.stopped());
    BOOST_TEST((got == asio::error::operation_aborted), got.message());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connect_race_test
