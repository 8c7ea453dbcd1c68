// The connections that tidings-callback serves.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_CONNECTIONS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_CONNECTIONS_HPP

#include "asynchronous.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <cstddef>
#include <list>
#include <utility>

namespace tidings_callback {

class connection;

// Those that are served, in the order in which they began to wait for their peers.
struct connections
{
    std::list<connection*> all;
    std::size_t open = 0; // without those that were closed to make room
};

class connection
{
public:
    connection(connections& those, boost::asio::ip::tcp::socket socket)
        : stream(std::move(socket)), those_(those), self_(those.all.insert(those.all.end(), this))
    {
        ++those_.open;
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection()
    {
        those_.all.erase(self_);
        those_.open -= evicted ? 0 : 1;
    }

    // Begins to wait for the peer: from now on the connection may have to make room for others.
    void wait()
    {
        waiting = true;
        waiting_since = clock_type::now();
        those_.all.splice(those_.all.end(), those_.all, self_);
    }

    boost::beast::tcp_stream stream;
    boost::beast::flat_buffer buffer{std::size_t{64} * 1024};
    clock_type::time_point const since = clock_type::now();
    clock_type::time_point waiting_since = since;
    bool waiting = true;
    bool evicted = false;

private:
    connections& those_;
    std::list<connection*>::iterator self_;
};

} // namespace tidings_callback

#endif
