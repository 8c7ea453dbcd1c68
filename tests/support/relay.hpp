// A port between a client and a server, for what befalls a connection before any server has a say in it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_RELAY_HPP
#define TIDINGS_TESTS_SUPPORT_RELAY_HPP

#include "support/connection_behaviour.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// Passes connections on to a server until it is told otherwise; those that are open already go on.
///
/// The port stays its own while nobody listens on it: what is refused here is refused by nobody else's accident. Used
/// on its executor only.
class faulty_relay
{
    using tcp = boost::asio::ip::tcp;

public:
    faulty_relay(boost::asio::any_io_executor ex, std::uint16_t target) : state_(std::make_shared<state>(ex, target))
    {
        state_->listen();
    }
    faulty_relay(faulty_relay const&) = delete;
    faulty_relay& operator=(faulty_relay const&) = delete;
    ~faulty_relay() { state_->stop(); }

    std::uint16_t port() const { return state_->address.port(); }

    /// @param times  So many connections; those behind them are passed on. 0: all.
    void treat(connection_behaviour how, unsigned times = 0) { state_->treat(how, times); }
    /// From now on it is a proxy: it answers each request for a connection before it treats it.
    void be_a_proxy() { state_->is_proxy = true; }
    /// Where connections are passed on to from now on.
    void pass_to(std::uint16_t target) { state_->target = target; }
    /// How many connections have come about.
    unsigned connections() const { return state_->accepted; }
    /// Closes the connections that it has passed on.
    void drop() { state_->drop(); }

private:
    struct state : std::enable_shared_from_this<state>
    {
        state(boost::asio::any_io_executor ex, std::uint16_t t)
            : target(t), reserve(ex), acceptor(ex), soon(ex), executor(std::move(ex))
        {
            take(reserve, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
            address = reserve.local_endpoint();
        }

        static void take(tcp::acceptor& a, tcp::endpoint const& where)
        {
            a.open(where.protocol());
            a.set_option(tcp::acceptor::reuse_address(true));
            a.bind(where);
        }

        void listen(int backlog = tcp::acceptor::max_listen_connections)
        {
            take(acceptor, address);
            acceptor.listen(backlog);
            if (backlog != 0)
                boost::asio::co_spawn(executor, accept(shared_from_this()), boost::asio::detached);
        }

        void treat(connection_behaviour next, unsigned times)
        {
            left = times;
            bool const listened = acceptor.is_open() && how != connection_behaviour::backlog_full;
            bool const listens = next != connection_behaviour::refuse && next != connection_behaviour::refuse_first &&
                                 next != connection_behaviour::backlog_full;
            how = next;
            if (!listens || !listened)
            {
                soon.cancel();
                acceptor.close();
                clients.clear();
            }
            if (listens && !listened)
                listen();
            if (next == connection_behaviour::backlog_full)
                fill();
            if (next == connection_behaviour::refuse_first)
            {
                // A client that comes at once is refused; one that waits a little before it comes again is not.
                soon.expires_after(std::chrono::milliseconds(30));
                soon.async_wait([self = shared_from_this()](boost::system::error_code ec) {
                    if (!ec)
                        self->treat(connection_behaviour::pass, 0);
                });
            }
        }

        /// A queue for one, and one in it.
        void fill()
        {
            listen(0);
            for (int i = 0; i != 2; ++i)
            {
                clients.emplace_back(executor).async_connect(address, [](boost::system::error_code) {});
            }
        }

        void drop()
        {
            for (auto const& s : open)
                if (auto const socket = s.lock())
                    close(*socket);
            open.clear();
        }

        void stop()
        {
            soon.cancel();
            acceptor.close();
            clients.clear();
            drop();
        }

        static void close(tcp::socket& socket)
        {
            boost::system::error_code ignored;
            socket.close(ignored);
        }

        using socket_ptr = std::shared_ptr<tcp::socket>;

        static boost::asio::awaitable<void> accept(std::shared_ptr<state> self)
        {
            constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);
            for (;;)
            {
                auto const client = std::make_shared<tcp::socket>(self->executor);
                auto const [ec] = co_await self->acceptor.async_accept(*client, no_throw);
                if (ec)
                    co_return;
                ++self->accepted;
                self->open.push_back(client);
                boost::asio::co_spawn(self->executor, serve(self, client), boost::asio::detached);
            }
        }

        static boost::asio::awaitable<void> serve(std::shared_ptr<state> self, socket_ptr client)
        {
            constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);
            auto const how = self->how;
            if (self->left != 0 && --self->left == 0)
                self->how = connection_behaviour::pass;
            boost::system::error_code ignored;
            if (self->is_proxy)
            {
                std::string asked;
                auto const [ec, head] = co_await boost::asio::async_read_until(
                    *client, boost::asio::dynamic_buffer(asked), "\r\n\r\n", no_throw);
                static constexpr std::string_view yes = "HTTP/1.1 200 Connection established\r\n\r\n";
                if (!ec)
                    co_await boost::asio::async_write(*client, boost::asio::buffer(yes), no_throw);
            }
            bool const cuts = how == connection_behaviour::cut_answer || how == connection_behaviour::reset_answer;
            if (how == connection_behaviour::pass || cuts)
            {
                auto const server = std::make_shared<tcp::socket>(self->executor);
                tcp::endpoint const there(boost::asio::ip::address_v4::loopback(), self->target);
                auto const [ec] = co_await server->async_connect(there, no_throw);
                if (ec)
                    co_return;
                self->open.push_back(server);
                boost::asio::co_spawn(self->executor, pump(client, server), boost::asio::detached);
                if (!cuts)
                {
                    co_await pump(server, client);
                    co_return;
                }
                // Less than a server says in its half of a TLS handshake.
                std::array<char, 100> first;
                co_await boost::asio::async_read(*server, boost::asio::buffer(first), no_throw);
                co_await boost::asio::async_write(*client, boost::asio::buffer(first), no_throw);
                if (how == connection_behaviour::reset_answer && client->is_open())
                    client->set_option(tcp::socket::linger(true, 0), ignored);
                close(*client);
                close(*server);
                co_return;
            }
            std::array<char, 4096> buffer;
            for (bool over = how == connection_behaviour::close; !over;
                 over = over || how != connection_behaviour::swallow)
            {
                auto const [ec, size] = co_await client->async_read_some(boost::asio::buffer(buffer), no_throw);
                over = ec.failed();
            }
            if (how == connection_behaviour::babble)
            {
                static constexpr std::string_view words = "220 mail.example.com ESMTP\r\n";
                co_await boost::asio::async_write(*client, boost::asio::buffer(words), no_throw);
                client->shutdown(tcp::socket::shutdown_send, ignored);
            }
            if (how == connection_behaviour::reset && client->is_open())
                client->set_option(tcp::socket::linger(true, 0), ignored);
            close(*client);
        }

        /// Until one side ends; then both do.
        static boost::asio::awaitable<void> pump(socket_ptr from, socket_ptr to)
        {
            constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);
            std::array<char, 16 * 1024> bytes;
            for (;;)
            {
                auto const [ec, size] = co_await from->async_read_some(boost::asio::buffer(bytes), no_throw);
                if (ec)
                    break;
                auto const [bad, sent] =
                    co_await boost::asio::async_write(*to, boost::asio::buffer(bytes.data(), size), no_throw);
                if (bad)
                    break;
            }
            close(*from);
            close(*to);
        }

        std::uint16_t target;
        connection_behaviour how = connection_behaviour::pass;
        unsigned left = 0; // connections to treat so; 0: all
        bool is_proxy = false;
        unsigned accepted = 0;
        tcp::acceptor reserve; // bound and never listening: keeps the port
        tcp::acceptor acceptor;
        tcp::endpoint address;
        boost::asio::steady_timer soon;
        std::list<tcp::socket> clients;
        std::vector<std::weak_ptr<tcp::socket>> open;
        boost::asio::any_io_executor executor;
    };

    std::shared_ptr<state> state_;
};

} // namespace test

#endif
