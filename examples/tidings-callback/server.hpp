// Serves HTTP on this machine.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_SERVER_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_SERVER_HPP

#include "application.hpp"
#include "connections.hpp"
#include "diagnostics.hpp"
#include "http.hpp"
#include "line_output.hpp"
#include "settings.hpp"

#include <tidings/callback/replay_memory.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace tidings_callback {

class server
{
public:
    // The connections outlive the context, whose coroutines hold them.
    server(boost::asio::io_context& io, connections& those, settings const& given, application const& app,
           diagnostics& log);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    // Accepts connections and serves them, until the context ends.
    boost::asio::awaitable<void> accept();

    line_output& output() noexcept { return output_; }

private:
    // Waits until one more may be served. When there are too many, the connection that has waited longest for its
    // peer is closed, after it had a fair time: so many new ones cannot push each other out before one of them has sent
    // anything. The others wait in the listening socket. Whose they are is not looked at: behind a web server all have
    // the same address.
    boost::asio::awaitable<void> make_room();
    connection* oldest_waiting();
    void evict(connection& c);
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
    // Whether another request may follow on the connection.
    boost::asio::awaitable<bool> serve_one(connection& peer);
    // Reads for a moment what the peer still sends: closed at once, the connection would be reset and the answer lost.
    boost::asio::awaitable<void> linger(connection& peer);
    boost::asio::awaitable<response> respond(request const& asked);

    settings const& settings_;
    application const& app_;
    diagnostics& log_;
    connections& connections_;
    line_output output_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer room_;
    tidings::replay_memory seen_;
    std::set<std::string> being_written_;
};

} // namespace tidings_callback

#endif
