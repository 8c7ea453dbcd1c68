// A network of which the other end is far away: passes bytes on to a port of this machine, each half a round trip late.
//
//   relay --to PORT --round-trip MILLISECONDS
//
// Prints its port; ends when its standard input does. The kernel opens a connection to it at once; the round trip that this
// takes in a real network is added to the first bytes of the client.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using clock_type = std::chrono::steady_clock;

/// Bytes on their way in one direction. An empty text is the end of them.
struct direction
{
    explicit direction(asio::io_context& context) : arrived(context, clock_type::time_point::max()) {}

    struct piece
    {
        clock_type::time_point due;
        std::string bytes;
    };
    std::deque<piece> pieces;
    asio::steady_timer arrived; ///< Cancelled when there is one more.
};

struct link
{
    link(asio::io_context& context, tcp::socket accepted)
        : near(std::move(accepted)), far(context), out(context), back(context)
    {
    }

    tcp::socket near;
    tcp::socket far;
    direction out;
    direction back;
};
using link_ptr = std::shared_ptr<link>;

asio::awaitable<void> take(link_ptr, tcp::socket& from, direction& into, clock_type::time_point open,
                           clock_type::duration delay)
{
    for (error_code failed; !failed;)
    {
        std::array<char, 16 * 1024> bytes;
        auto const n =
            co_await from.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
        auto const due = std::max(clock_type::now(), open) + delay;
        into.pieces.emplace_back(due, std::string(bytes.data(), n));
        if (failed && n != 0)
            into.pieces.emplace_back(due, std::string());
        into.arrived.cancel();
    }
}

asio::awaitable<void> give(link_ptr, direction& from, tcp::socket& to)
{
    asio::steady_timer timer(to.get_executor());
    error_code failed;
    while (!failed)
    {
        if (from.pieces.empty())
        {
            error_code woken;
            co_await from.arrived.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            continue;
        }
        auto const next = std::move(from.pieces.front());
        from.pieces.pop_front();
        timer.expires_at(next.due);
        co_await timer.async_wait(asio::use_awaitable);
        if (next.bytes.empty())
            break;
        co_await asio::async_write(to, asio::buffer(next.bytes), asio::redirect_error(asio::use_awaitable, failed));
    }
    to.shutdown(tcp::socket::shutdown_send, failed);
}

asio::awaitable<void> accept(asio::io_context& context, tcp::acceptor& acceptor, unsigned short port,
                             std::chrono::microseconds round_trip)
{
    for (;;)
    {
        auto const made = std::make_shared<link>(context, co_await acceptor.async_accept(asio::use_awaitable));
        auto const open = clock_type::now() + round_trip;
        co_await made->far.async_connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), asio::use_awaitable);
        made->near.set_option(tcp::no_delay(true));
        made->far.set_option(tcp::no_delay(true));
        auto const half = round_trip / 2;
        asio::co_spawn(context, take(made, made->near, made->out, open, half), asio::detached);
        asio::co_spawn(context, take(made, made->far, made->back, {}, half), asio::detached);
        asio::co_spawn(context, give(made, made->out, made->far), asio::detached);
        asio::co_spawn(context, give(made, made->back, made->near), asio::detached);
    }
}

} // namespace

int main(int argc, char** argv)
try
{
    if (argc != 5 || std::string_view(argv[1]) != "--to" || std::string_view(argv[3]) != "--round-trip")
    {
        std::cerr << "usage: relay --to PORT --round-trip MILLISECONDS\n";
        return 2;
    }
    auto const port = static_cast<unsigned short>(std::strtoul(argv[2], nullptr, 10));
    std::chrono::milliseconds const round_trip(std::strtol(argv[4], nullptr, 10));
    asio::io_context context(1);
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    std::cout << acceptor.local_endpoint().port() << std::endl;
    asio::co_spawn(context, accept(context, acceptor, port, round_trip), asio::detached);
    asio::posix::stream_descriptor input(context, ::dup(STDIN_FILENO));
    std::array<char, 1> byte;
    input.async_read_some(asio::buffer(byte), [&](error_code, std::size_t) { context.stop(); });
    context.run();
}
catch (std::exception const& e)
{
    std::cerr << "relay: " << e.what() << '\n';
    return 1;
}
