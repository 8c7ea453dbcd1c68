// The n-th allocation of a message fails, for every n: the call ends unless Asio itself lost it, and the next message is
// delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/email.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace {

// Allocations of this thread until one fails. 0: none does. The server has a thread of its own.
thread_local long allocations_until_failure = 0;

} // namespace

void* operator new(std::size_t size)
{
    if (allocations_until_failure != 0 && --allocations_until_failure == 0)
        throw std::bad_alloc();
    if (void* const out = std::malloc(size == 0 ? 1 : size))
        return out;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept
{
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept
{
    std::free(p);
}

namespace email_out_of_memory_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

/// Accepts every message, one connection after the other.
class server
{
public:
    server() : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), thread_([this] { serve(); }) {}
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    ~server()
    {
        stopped_ = true;
        boost::system::error_code ignored;
        tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }

    td::config::smtp_settings settings() const
    {
        td::config::smtp_settings out;
        out.host = "127.0.0.1";
        out.port = acceptor_.local_endpoint().port();
        out.security = "none";
        out.from = "notify@example.com";
        return out;
    }

private:
    void serve()
    {
        while (!stopped_)
        {
            tcp::socket socket(io_);
            boost::system::error_code ec;
            acceptor_.accept(socket, ec);
            std::string input;
            std::string next = "220 ready\r\n";
            while (!ec)
            {
                asio::write(socket, asio::buffer(next), ec);
                bool const is_content = next.starts_with("354");
                auto const size =
                    asio::read_until(socket, asio::dynamic_buffer(input), is_content ? "\r\n.\r\n" : "\r\n", ec);
                next = input.starts_with("DATA") ? "354 go on\r\n" : "250 ok\r\n";
                input.erase(0, size);
            }
        }
    }

    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::atomic<bool> stopped_{false};
    std::thread thread_;
};

/// Runs a context to its end. False: an exception left it, and with it the call.
bool ran(asio::io_context& io)
{
    bool whole = true;
    io.restart();
    for (;;)
        try
        {
            io.run();
            return whole;
        }
        catch (std::bad_alloc const&)
        {
            whole = false;
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(email_out_of_memory)

BOOST_AUTO_TEST_CASE(whichever_allocation_fails_the_next_message_is_delivered)
{
    server const there;
    bool failed = true;
    for (long n = 1; failed; ++n)
    {
        asio::io_context io;
        td::subscription::smtp mailer(io.get_executor(), there.settings());
        std::optional<td::result<td::receipt>> outcome;
        auto const send = [&] {
            outcome.reset();
            td::subscription::mail what(td::idempotency_key("key"), "Hello", "Hello Ada.", "<p>Hello Ada.</p>");
            mailer.async_send("ada@example.org", std::move(what), td::call_options().deadline(20s),
                              [&](td::result<td::receipt> got) {
                                  failed = std::exchange(allocations_until_failure, 0) == 0;
                                  outcome = std::move(got);
                              });
        };
        failed = true;
        allocations_until_failure = n;
        bool begun = true;
        try
        {
            send();
        }
        catch (std::bad_alloc const&)
        {
            begun = false;
        }
        bool const whole = ran(io);
        allocations_until_failure = 0;
        BOOST_TEST(outcome.has_value() == (begun && whole), n);
        bool const came_about = failed;
        if (!came_about)
            BOOST_TEST(outcome->has_value(), outcome->error());
        send();
        BOOST_TEST(ran(io));
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->has_value(), n << ": " << outcome->error());
        failed = came_about;
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace email_out_of_memory_test
