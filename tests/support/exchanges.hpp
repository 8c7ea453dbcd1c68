// Exchanges over a transport's connections, without a notifier.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_EXCHANGES_HPP
#define TIDINGS_TESTS_SUPPORT_EXCHANGES_HPP

#include <tidings/transport/http.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/exchange.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace test {

/// One exchange, and how it ended.
struct call
{
    /// @param number  The path of its request.
    /// @param body    How many bytes its request has behind the head.
    explicit call(std::size_t number = 0, bool may_repeat = true, std::size_t body = 0)
        : bytes("POST /" + std::to_string(number) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body) +
                "\r\n\r\n" + std::string(body, '-'))
    {
        x.reset();
        x.request_bytes = bytes;
        x.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        x.may_repeat = may_repeat;
        x.committed = &committed;
    }

    /// The body of the reply, or the fault.
    std::string got() const
    {
        if (ended != 1)
            return "ended " + std::to_string(ended) + " times";
        if (ec)
            return ec.message() + (x.reused_connection_closed ? ", to be repeated" : "");
        return std::string(x.in.reply().body());
    }

    std::string bytes;
    tidings::transport::exchange x;
    bool committed = false;
    boost::asio::cancellation_signal signal;
    int ended = 0;
    boost::system::error_code ec;
};

/// A client on a context of its own.
struct caller
{
    /// @param on_strand  Whether it is on a strand.
    template<tidings::transport_policy Transport = tidings::transport::http>
    explicit caller(std::string const& url, Transport const& how = {}, bool on_strand = false)
    {
        if (on_strand)
            executor = boost::asio::make_strand(*io);
        auto const where = tidings::transport::endpoint::parse(url);
        BOOST_TEST_REQUIRE(where.has_value());
        auto opened = how.open(executor, *where);
        BOOST_TEST_REQUIRE(opened.has_value());
        client = *std::move(opened);
    }

    void start(call& c, std::function<void()> then = {})
    {
        client->async_round_trip(
            c.x, boost::asio::bind_cancellation_slot(c.signal.slot(), [&c, then](boost::system::error_code ec) {
                ++c.ended;
                c.ec = ec;
                if (then)
                    then();
            }));
    }

    /// All in one turn of the loop, and until nothing is left to do.
    void run(std::function<void()> const& turn = {})
    {
        if (turn)
            boost::asio::post(executor, turn);
        io->restart();
        io->run_for(std::chrono::seconds(25));
        BOOST_TEST(io->stopped(), "something is left to do");
    }

    std::unique_ptr<boost::asio::io_context> io = std::make_unique<boost::asio::io_context>(1);
    boost::asio::any_io_executor executor = io->get_executor();
    std::unique_ptr<tidings::transport::detail::client> client;
};

} // namespace test

#endif
