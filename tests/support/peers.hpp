// Peers as networks have them: one that passes bytes on, one that never answers, one that says a text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_PEERS_HPP
#define TIDINGS_TESTS_SUPPORT_PEERS_HPP

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test {

/// Accepts connections on a thread of its own, until it goes.
class peer
{
public:
    using tcp = boost::asio::ip::tcp;

    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    virtual ~peer() = default;

    unsigned short port() const { return port_; }
    /// How many connections there were so far.
    int accepted() const { return accepted_; }

    /// The heads of requests that it has read itself.
    std::vector<std::string> heads() const
    {
        std::scoped_lock const lock(mutex_);
        return heads_;
    }

    /// Refuses connections from now on; those that are open stay.
    void close()
    {
        std::promise<void> done;
        boost::asio::post(io, [&] {
            acceptor_.close();
            done.set_value();
        });
        done.get_future().wait();
    }

protected:
    static constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);

    explicit peer(tcp::endpoint const& at) : acceptor_(io, at), port_(acceptor_.local_endpoint().port()) {}

    // Called by the constructor and the destructor of what derives from it: its `serve` must be there.
    void start()
    {
        boost::asio::co_spawn(io, accept(), boost::asio::detached);
        thread_ = std::thread([this] { io.run(); });
    }
    void stop()
    {
        io.stop();
        thread_.join();
    }

    virtual boost::asio::awaitable<void> serve(std::shared_ptr<tcp::socket> s) = 0;

    /// @returns Whether one came.
    boost::asio::awaitable<bool> read_head(tcp::socket& s)
    {
        std::string head;
        auto const [ec, size] =
            co_await boost::asio::async_read_until(s, boost::asio::dynamic_buffer(head), "\r\n\r\n", no_throw);
        std::scoped_lock const lock(mutex_);
        if (!ec)
            heads_.push_back(head.substr(0, size));
        co_return !ec;
    }

    boost::asio::io_context io{1};

private:
    boost::asio::awaitable<void> accept()
    {
        for (;;)
        {
            auto [ec, socket] = co_await acceptor_.async_accept(no_throw);
            if (ec)
                co_return;
            ++accepted_;
            boost::asio::co_spawn(io, serve(std::make_shared<tcp::socket>(std::move(socket))), boost::asio::detached);
        }
    }

    tcp::acceptor acceptor_;
    unsigned short port_;
    std::atomic<int> accepted_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> heads_;
    std::thread thread_;
};

/// Passes bytes on to a port of 127.0.0.1, and back.
class relay final : public peer
{
public:
    /// @param greeting  When there is one, it is a proxy: it reads a request's head, whatever that asks for, and says
    ///                  this before it passes on.
    relay(tcp::endpoint const& at, unsigned short to, std::string greeting = {})
        : peer(at), to_(boost::asio::ip::address_v4::loopback(), to), greeting_(std::move(greeting))
    {
        start();
    }
    ~relay() override { stop(); }

private:
    boost::asio::awaitable<void> serve(std::shared_ptr<tcp::socket> s) override
    {
        if (!greeting_.empty())
        {
            bool const asked = co_await read_head(*s);
            if (!asked)
                co_return;
            co_await boost::asio::async_write(*s, boost::asio::buffer(greeting_), no_throw);
        }
        auto const there = std::make_shared<tcp::socket>(io);
        auto const [ec] = co_await there->async_connect(to_, no_throw);
        if (ec)
            co_return;
        boost::asio::co_spawn(io, pass(s, there), boost::asio::detached);
        co_await pass(there, s);
    }

    static boost::asio::awaitable<void> pass(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to)
    {
        std::vector<char> bytes(16 * 1024);
        boost::system::error_code failed;
        while (!failed)
        {
            auto const [ec, n] = co_await from->async_read_some(boost::asio::buffer(bytes), no_throw);
            failed = ec;
            if (n == 0)
                continue;
            auto const [written, size] =
                co_await boost::asio::async_write(*to, boost::asio::buffer(bytes, n), no_throw);
            if (written)
                failed = written;
        }
        boost::system::error_code ignored;
        to->shutdown(tcp::socket::shutdown_send, ignored);
    }

    tcp::endpoint to_;
    std::string greeting_;
};

/// Says one text to whoever has sent a request's head, and waits for them to go.
class monologue final : public peer
{
public:
    explicit monologue(std::string text) : peer({boost::asio::ip::address_v4::loopback(), 0}), text_(std::move(text))
    {
        start();
    }
    ~monologue() override { stop(); }

private:
    boost::asio::awaitable<void> serve(std::shared_ptr<tcp::socket> s) override
    {
        bool const asked = co_await read_head(*s);
        if (!asked)
            co_return;
        co_await boost::asio::async_write(*s, boost::asio::buffer(text_), no_throw);
        boost::system::error_code ignored;
        s->shutdown(tcp::socket::shutdown_send, ignored);
        std::array<char, 256> rest;
        boost::system::error_code gone;
        while (!gone)
        {
            auto const [over, n] = co_await s->async_read_some(boost::asio::buffer(rest), no_throw);
            gone = over;
        }
    }

    std::string text_;
};

/// An address where nobody ever answers: its queue of connections is full, so that the system drops what comes.
class black_hole
{
public:
    using tcp = boost::asio::ip::tcp;

    explicit black_hole(tcp::endpoint const& at = {boost::asio::ip::address_v4::loopback(), 0})
        : acceptor_(io_), filler_(io_)
    {
        acceptor_.open(at.protocol());
        acceptor_.bind(at);
        acceptor_.listen(0);
        filler_.connect(acceptor_.local_endpoint());
    }

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    boost::asio::io_context io_;
    tcp::acceptor acceptor_;
    tcp::socket filler_;
};

} // namespace test

#endif
