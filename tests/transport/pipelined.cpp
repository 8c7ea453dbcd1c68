// Several exchanges at once on one connection: what is shared, and what becomes of each when the connection breaks.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/exchanges.hpp"
#include "support/full_socket.hpp"
#include "support/peers.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_peer.hpp"

#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>
#include <tidings/transport/pipelined.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/exchange.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace pipelined_test {

BOOST_AUTO_TEST_SUITE(pipelined)

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace transport = tidings::transport;
using clock = std::chrono::steady_clock;
using boost::system::error_code;
using transport::progress;

std::string reply(std::string_view body, std::string_view more = {})
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" +
           std::string(body);
}

/// How many requests without a body have come, and which.
class arrivals
{
public:
    void add(std::string_view bytes)
    {
        pending_ += bytes;
        for (std::size_t end; (end = pending_.find("\r\n\r\n")) != pending_.npos; pending_.erase(0, end + 4))
            paths.push_back(pending_.substr(6, pending_.find(' ', 6) - 6));
    }

    std::vector<std::string> paths;

private:
    std::string pending_;
};

/// One connection of a `server`.
class session
{
public:
    explicit session(std::shared_ptr<asio::ip::tcp::socket> s, std::size_t n) : number(n), socket(std::move(s)) {}

    /// Waits for so many requests in all.
    ///
    /// @returns Whether they came.
    asio::awaitable<bool> read(std::size_t count)
    {
        std::array<char, 32 * 1024> bytes;
        while (got.paths.size() < count)
        {
            auto const [ec, size] = co_await socket->async_read_some(asio::buffer(bytes), no_throw);
            if (ec)
                co_return false;
            got.add({bytes.data(), size});
            ++reads;
        }
        co_return true;
    }
    asio::awaitable<void> write(std::string_view text) { return write_all(std::make_shared<std::string const>(text)); }
    /// Reads on until the client has gone.
    asio::awaitable<void> wait_for_the_end() { (void)co_await read(1'000'000); }

    std::size_t number;
    std::shared_ptr<asio::ip::tcp::socket> socket;
    arrivals got;
    int reads = 0;

private:
    static constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

    asio::awaitable<void> write_all(std::shared_ptr<std::string const> text)
    {
        co_await asio::async_write(*socket, asio::buffer(*text), no_throw);
    }
};

/// Does with each connection what a test wants.
class server final : public peer
{
public:
    using script = std::function<asio::awaitable<void>(session&)>;

    explicit server(script what) : peer({asio::ip::address_v4::loopback(), 0}), script_(std::move(what)) { start(); }
    ~server() override { stop(); }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

    /// Of each connection that has ended: what came, and in how many reads.
    std::vector<std::pair<std::vector<std::string>, int>> seen() const
    {
        std::scoped_lock const lock(mutex_);
        return seen_;
    }

private:
    asio::awaitable<void> serve(std::shared_ptr<tcp::socket> s) override
    {
        session one(std::move(s), static_cast<std::size_t>(accepted()) - 1);
        co_await script_(one);
        std::scoped_lock const lock(mutex_);
        seen_.emplace_back(one.got.paths, one.reads);
    }

    script script_;
    mutable std::mutex mutex_;
    std::vector<std::pair<std::vector<std::string>, int>> seen_;
};

/// Lets others do something.
asio::awaitable<void> pause()
{
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
    co_await timer.async_wait(asio::use_awaitable);
}

template<class Flag>
asio::awaitable<void> until(Flag const& flag)
{
    while (!flag)
        co_await pause();
}

/// Answers each request with its path.
///
/// @param answered  How many have been.
asio::awaitable<void> answer_each(session& s, std::size_t answered = 0)
{
    for (;;)
    {
        bool const came = co_await s.read(answered + 1);
        if (!came)
            co_return;
        std::string text;
        for (; answered != s.got.paths.size(); ++answered)
            text += reply(s.got.paths[answered]);
        co_await s.write(text);
    }
}

asio::awaitable<void> answer_each_of_all(session& s)
{
    return answer_each(s);
}

struct calls : std::deque<call>
{
    explicit calls(std::size_t n)
    {
        for (std::size_t i = 0; i != n; ++i)
            emplace_back(i);
    }

    /// One character for each: its own reply, an error after which it is repeated, another error.
    std::string ends() const
    {
        std::string out;
        for (std::size_t i = 0; i != size(); ++i)
        {
            auto const& c = (*this)[i];
            BOOST_TEST(c.ended == 1);
            out += !c.ec && c.x.in.reply().body() == std::to_string(i)     ? 'a'
                   : c.ec && c.x.reused_connection_closed && c.ec != timed ? 'r'
                   : c.ec == timed                                         ? 't'
                   : c.ec == asio::error::operation_aborted                ? 'c'
                                                                           : 'e';
        }
        return out;
    }

private:
    error_code const timed = make_error_code(tidings::errc::timed_out);
};

/// A transport whose requests share connections.
///
/// @param connections  How many at the most.
transport::pipelined<transport::http> sharing(std::size_t connections = 1)
{
    return transport::pipelined(transport::http().max_connections(connections));
}

/// All in one turn of the loop, and until nothing is left to do.
void run(caller& from, calls& all)
{
    from.run([&] {
        for (auto& c : all)
            from.start(c);
    });
}

/// So many calls in one turn of the loop, and how each ended.
std::string ends_of(caller& from, std::size_t count)
{
    calls all(count);
    run(from, all);
    return all.ends();
}

/// Runs a coroutine beside the calls. The lambda outlives it.
template<class F>
void spawn(caller& from, F f)
{
    auto const kept = std::make_shared<F>(std::move(f));
    asio::co_spawn(*from.io, (*kept)(), [kept](std::exception_ptr thrown) { BOOST_TEST(!thrown); });
}

} // namespace

BOOST_DATA_TEST_CASE(requests_of_one_turn_are_written_at_once_and_each_gets_its_own_reply,
                     boost::unit_test::data::make({false, true}), on_strand)
{
    server to(answer_each_of_all);
    {
        caller from(to.url(), sharing(), on_strand);
        for (int round = 0; round != 3; ++round)
        {
            calls all(8);
            run(from, all);
            BOOST_TEST(all.ends() == "aaaaaaaa");
            for (auto const& c : all)
            {
                BOOST_TEST(c.committed);
                BOOST_TEST((c.x.progress == progress::complete));
            }
        }
        BOOST_TEST(to.accepted() == 1);
    }
    while (to.seen().empty())
        std::this_thread::yield();
    BOOST_TEST(to.seen().front().first.size() == 24u);
    // The first of the later turns finds the connection idle, and leaves at once; the others wait until it is back.
    BOOST_TEST(to.seen().front().second == 5);
}

BOOST_AUTO_TEST_CASE(as_many_share_a_connection_as_the_depth_permits)
{
    for (std::size_t const depth : {1u, 2u, 3u, 8u})
    {
        std::size_t deepest = 0;
        server to([&](session& s) -> asio::awaitable<void> {
            for (std::size_t answered = 0;;)
            {
                bool const came = co_await s.read(answered + 1);
                if (!came)
                    co_return;
                std::string text;
                deepest = std::max(deepest, s.got.paths.size() - answered);
                for (; answered != s.got.paths.size(); ++answered)
                    text += reply(s.got.paths[answered]);
                co_await s.write(text);
            }
        });
        caller from(to.url(), transport::pipelined(transport::http().max_connections(1)).depth(depth));
        BOOST_TEST(ends_of(from, 16) == "aaaaaaaaaaaaaaaa");
        BOOST_TEST(deepest == depth);
        BOOST_TEST(to.accepted() == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_depth_out_of_range_is_refused)
{
    asio::io_context io;
    auto const where = transport::endpoint::parse("http://127.0.0.1:1");
    using transport_t = transport::pipelined<transport::http>;
    for (std::size_t const depth : {std::size_t(0), transport_t::max_depth + 1})
    {
        auto const opened = transport_t().depth(depth).open(io.get_executor(), *where);
        BOOST_TEST_REQUIRE(opened.has_error());
        BOOST_TEST((opened.error() == tidings::errc::invalid_argument));
    }
    BOOST_TEST(transport_t().depth(transport_t::max_depth).open(io.get_executor(), *where).has_value());
    BOOST_TEST(transport::pipelined<>().open(io.get_executor(), *where).has_error()); // it is not https
}

BOOST_AUTO_TEST_CASE(a_request_that_may_not_be_repeated_has_a_connection_to_itself)
{
    std::atomic<bool> together = false;
    server to([&](session& s) -> asio::awaitable<void> {
        for (std::size_t answered = 0;;)
        {
            bool const came = co_await s.read(answered + 1);
            if (!came)
                co_return;
            std::string text;
            bool const alone = s.got.paths.size() - answered == 1;
            for (; answered != s.got.paths.size(); ++answered)
            {
                together = together || (!alone && std::stoi(s.got.paths[answered]) % 3 == 1);
                text += reply(s.got.paths[answered]);
            }
            co_await s.write(text);
        }
    });
    for (std::size_t const connections : {1u, 2u, 5u})
    {
        caller from(to.url(), sharing(connections));
        for (int round = 0; round != 3; ++round)
        {
            calls all(0);
            for (std::size_t i = 0; i != 12; ++i)
                all.emplace_back(i, i % 3 != 1);
            run(from, all);
            BOOST_TEST(all.ends() == "aaaaaaaaaaaa");
        }
    }
    BOOST_TEST(!together);
}

BOOST_AUTO_TEST_CASE(requests_share_a_connection_only_as_far_as_one_tls_record_holds_them)
{
    std::size_t deepest = 0;
    server to([&](session& s) -> asio::awaitable<void> {
        std::string text;
        std::array<char, 64 * 1024> bytes;
        for (;;)
        {
            auto const [ec, size] =
                co_await s.socket->async_read_some(asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
            if (ec)
                co_return;
            text.append(bytes.data(), size);
            if (!text.ends_with('-'))
                continue;
            std::size_t n = 0;
            std::string replies;
            for (auto at = text.find("POST"); at != text.npos; at = text.find("POST", at + 1), ++n)
                replies += reply(std::string(1, text[at + 6]));
            deepest = std::max(deepest, n);
            text.clear();
            co_await s.write(replies);
        }
    });
    caller from(to.url(), sharing());
    calls all(0);
    for (std::size_t i = 0; i != 6; ++i)
        all.emplace_back(i, true, 5000);
    run(from, all);
    BOOST_TEST(all.ends() == "aaaaaa");
    BOOST_TEST(deepest == 3u);
}

BOOST_AUTO_TEST_CASE(of_a_connection_that_is_cut_those_without_a_reply_are_repeated)
{
    constexpr std::size_t count = 5;
    for (std::size_t answered = 0; answered != count + 1; ++answered)
        for (bool const within : {false, true})
        {
            server to([=](session& s) -> asio::awaitable<void> {
                if (s.number != 0)
                {
                    co_await answer_each(s);
                    co_return;
                }
                (void)co_await s.read(count);
                std::string text;
                for (std::size_t i = 0; i != answered; ++i)
                    text += reply(std::to_string(i));
                if (within)
                    text += "HTTP/1.1 200 OK\r\nConte";
                co_await s.write(text);
            });
            caller from(to.url(), sharing());
            calls all(count);
            run(from, all);
            auto expected = std::string(answered, 'a') + std::string(count - answered, 'r');
            if (within && answered != count)
                expected[answered] = 'e'; // its reply had begun
            BOOST_TEST(all.ends() == expected);
            for (auto const& c : all)
                BOOST_TEST((!c.ec || c.x.progress >= progress::sending));
            if (answered == count)
                continue;
            // From here on one at a time: the peer may not take several.
            BOOST_TEST(ends_of(from, count) == "aaaaa");
        }
}

BOOST_AUTO_TEST_CASE(behind_a_reply_that_closes_the_connection_all_are_repeated)
{
    for (auto const* const last : {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1",
                                   "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1", "HTTP/1.1 200 OK\r\n\r\n1"})
    {
        server to([=](session& s) -> asio::awaitable<void> {
            (void)co_await s.read(4);
            co_await s.write(reply("0") + last);
        });
        caller from(to.url(), sharing());
        BOOST_TEST(ends_of(from, 4) == "aarr");
    }
}

BOOST_AUTO_TEST_CASE(a_peer_that_closes_behind_each_reply_gets_one_request_at_a_time_after_the_first_attempt)
{
    std::size_t deepest_later = 0;
    server to([&](session& s) -> asio::awaitable<void> {
        (void)co_await s.read(1);
        if (s.number != 0)
            deepest_later = std::max(deepest_later, s.got.paths.size());
        co_await s.write(reply(s.got.paths.front(), "Connection: close\r\n"));
    });
    caller from(to.url(), sharing());
    BOOST_TEST(ends_of(from, 3) == "arr");
    BOOST_TEST(ends_of(from, 6) == "aaaaaa");
    BOOST_TEST(deepest_later == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_shared_to_the_end_before_may_close_without_consequences)
{
    std::size_t deepest_later = 0;
    server to([&](session& s) -> asio::awaitable<void> {
        (void)co_await s.read(4);
        if (s.number != 0)
        {
            deepest_later = s.got.paths.size();
            co_await s.write(reply("0") + reply("1") + reply("2") + reply("3"));
            co_return;
        }
        co_await s.write(reply("0") + reply("1") + reply("2") + reply("3"));
        (void)co_await s.read(5); // the one that finds the connection idle
        co_await s.write(reply("0"));
        (void)co_await s.read(8);
        co_await s.write(reply("1") + reply("2", "Connection: close\r\n"));
    });
    caller from(to.url(), sharing());
    BOOST_TEST(ends_of(from, 4) == "aaaa");
    BOOST_TEST(ends_of(from, 4) == "aaar");
    BOOST_TEST(ends_of(from, 4) == "aaaa");
    BOOST_TEST(deepest_later == 4u);
}

BOOST_AUTO_TEST_CASE(the_deadline_of_one_closes_the_connection_and_the_others_are_repeated)
{
    for (std::size_t const late : {0u, 1u, 2u})
    {
        server to([](session& s) -> asio::awaitable<void> { co_await s.wait_for_the_end(); });
        caller from(to.url(), sharing());
        calls all(3);
        all[late].x.deadline = clock::now() + 200ms;
        run(from, all);
        std::string expected = "rrr";
        expected[late] = 't';
        BOOST_TEST(all.ends() == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_deadline_holds_only_as_long_as_its_own_reply_is_waited_for)
{
    std::atomic<bool> go = false;
    server to([&](session& s) -> asio::awaitable<void> {
        (void)co_await s.read(2);
        co_await s.write(reply("0"));
        co_await until(go);
        co_await s.write(reply("1"));
        co_await s.wait_for_the_end();
    });
    caller from(to.url(), sharing());
    calls all(2);
    all[0].x.deadline = clock::now() + 300ms;
    asio::steady_timer later(*from.io, all[0].x.deadline + 50ms);
    from.run([&] {
        from.start(all[0], [&] { later.async_wait([&](error_code) { go = true; }); });
        from.start(all[1]);
    });
    if (all.ends() != "tr") // the machine was too slow
        BOOST_TEST(all.ends() == "aa");
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_ends_at_once_and_its_reply_is_dropped)
{
    for (std::size_t const gone : {0u, 1u, 3u})
        for (auto const type : {asio::cancellation_type::partial, asio::cancellation_type::terminal})
        {
            std::atomic<bool> came = false;
            std::atomic<bool> go = false;
            server to([&](session& s) -> asio::awaitable<void> {
                if (s.number == 0)
                    came = co_await s.read(4);
                co_await until(go);
                if (s.number != 0)
                {
                    co_await answer_each(s);
                    co_return;
                }
                co_await s.write(reply("0") + reply("1") + reply("2") + reply("3"));
                co_await answer_each(s, 4);
            });
            caller from(to.url(), sharing());
            calls all(4);
            auto cancelled = std::make_unique<call>(gone);
            from.run([&] {
                for (std::size_t i = 0; i != 4; ++i)
                    from.start(i == gone ? *cancelled : all[i]);
                spawn(from, [&]() -> asio::awaitable<void> {
                    co_await until(came);
                    cancelled->signal.emit(asio::cancellation_type::total); // ignored: it has been written
                    cancelled->signal.emit(type);
                    cancelled->signal.emit(type);
                    BOOST_TEST(cancelled->ended == 0);
                    co_await until(cancelled->ended);
                    BOOST_TEST(cancelled->ec == asio::error::operation_aborted);
                    BOOST_TEST(!cancelled->x.reused_connection_closed);
                    cancelled.reset(); // it is its owner's again
                    go = true;
                });
            });
            for (std::size_t i = 0; i != 4; ++i)
                if (i != gone)
                    BOOST_TEST(all[i].got() == std::to_string(i));
            call more(9);
            from.run([&] { from.start(more); });
            BOOST_TEST(more.got() == "9");
            BOOST_TEST(to.accepted() == (gone == 3 ? 2 : 1)); // nobody waits behind the last
        }
}

BOOST_AUTO_TEST_CASE(a_connection_whose_requests_are_all_cancelled_is_closed_at_once)
{
    for (bool const forward : {true, false})
    {
        std::atomic<bool> came = false;
        server to([&](session& s) -> asio::awaitable<void> {
            came = co_await s.read(3);
            co_await s.wait_for_the_end();
        });
        caller from(to.url(), sharing());
        calls all(3);
        for (auto& c : all)
            c.x.deadline = clock::now() + 24h;
        from.run([&] {
            for (auto& c : all)
                from.start(c);
            spawn(from, [&]() -> asio::awaitable<void> {
                co_await until(came);
                for (std::size_t i = 0; i != 3; ++i)
                    all[forward ? i : 2 - i].signal.emit(asio::cancellation_type::terminal);
            });
        });
        BOOST_TEST(all.ends() == "ccc");
    }
}

// On a strand, what a socket has reported may wait behind what cancels the last of them.
BOOST_AUTO_TEST_CASE(a_connection_whose_requests_are_all_cancelled_while_they_are_written_is_closed_at_once)
{
    server to([](session& s) -> asio::awaitable<void> {
        for (std::size_t n = 0;; ++n)
        {
            bool const came = co_await s.read(n + 1);
            if (!came)
                co_return;
            if (s.got.paths[n] == "0")
                co_await s.write(reply("0"));
        }
    });
    caller from(to.url(), sharing(2), true);
    call warm[2];
    from.run([&] {
        for (auto& c : warm)
            from.start(c);
    });
    calls all(4);
    for (auto& c : all)
        c.x.deadline = clock::now() + 24h;
    full_socket const full(2, 0, 2);
    from.run([&] {
        from.start(all[0]); // leaves at once, over the other connection
        from.start(all[1], [&] {
            // The one in its place waits until the socket takes more. Now it does.
            std::thread([&] { from.io->poll(); }).join();
            all[2].signal.emit(asio::cancellation_type::terminal);
            all[3].signal.emit(asio::cancellation_type::terminal);
        });
        from.start(all[2]);
        from.start(all[3]);
        asio::post(from.executor,
                   [&] { all[1].signal.emit(asio::cancellation_type::terminal); }); // when they have left
    });
    BOOST_TEST(full.was_full());
    BOOST_TEST(all.ends() == "accc");
}

BOOST_AUTO_TEST_CASE(a_request_cancelled_in_the_middle_of_its_reply_closes_the_connection_and_the_others_are_repeated)
{
    server to([&](session& s) -> asio::awaitable<void> {
        (void)co_await s.read(3);
        co_await s.write(reply("0") + "HTTP/1.1 200 OK\r\n");
        co_await s.wait_for_the_end();
    });
    caller from(to.url(), sharing());
    calls all(3);
    from.run([&] {
        from.start(all[0], [&] {
            spawn(from, [&]() -> asio::awaitable<void> {
                while (!all[1].x.in.started())
                    co_await pause();
                all[1].signal.emit(asio::cancellation_type::terminal);
            });
        });
        from.start(all[1]);
        from.start(all[2]);
    });
    BOOST_TEST(all.ends() == "acr");
}

BOOST_AUTO_TEST_CASE(requests_cancelled_or_late_before_they_leave_are_not_written)
{
    for (unsigned bits = 0; bits != 8; ++bits)
        for (bool const late : {false, true})
        {
            server to(answer_each_of_all);
            caller from(to.url(), sharing(2));
            calls two(2);
            run(from, two); // opens both
            calls all(4);
            auto const soon = clock::now() + 1ms;
            from.run([&] {
                for (std::size_t i = 0; i != 4; ++i)
                {
                    bool const goes = i != 0 && (bits >> (i - 1) & 1) != 0; // the first has left at once
                    if (goes && late)
                        all[i].x.deadline = soon;
                    from.start(all[i]);
                    if (goes && !late)
                        all[i].signal.emit(asio::cancellation_type::total);
                }
                while (late && clock::now() <= soon)
                    continue;
            });
            std::string expected = "a";
            for (std::size_t i = 1; i != 4; ++i)
                expected += (bits >> (i - 1) & 1) == 0 ? 'a' : late ? 't' : 'c';
            BOOST_TEST(all.ends() == expected);
            for (auto const& c : all)
                BOOST_TEST(c.committed == !c.ec);
            BOOST_TEST(to.accepted() == 2);
        }
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_leaves_the_others_alone)
{
    server to(answer_each_of_all);
    caller from(to.url(), sharing());
    calls all(5);
    BOOST_CHECK_THROW(from.run([&] {
        for (std::size_t i = 0; i != all.size(); ++i)
            from.start(all[i], [i] {
                if (i == 1)
                    throw std::runtime_error("a handler's");
            });
    }),
                      std::runtime_error);
    from.run();
    BOOST_TEST(all.ends() == "aaaaa");
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_calls_nothing_and_frees_everything)
{
    for (std::size_t const answered : {0u, 1u})
    {
        std::atomic<bool> came = false;
        server to([&](session& s) -> asio::awaitable<void> {
            came = co_await s.read(3);
            if (answered != 0)
                co_await s.write(reply("0"));
            co_await s.wait_for_the_end();
        });
        calls all(6);
        {
            caller from(to.url(), transport::pipelined(transport::http().max_connections(1)).depth(3));
            asio::post(*from.io, [&] {
                for (auto& c : all)
                    from.start(c);
            });
            while (!came || static_cast<std::size_t>(all[0].ended) != answered)
                from.io->run_one_for(1ms);
            all[1].signal.emit(asio::cancellation_type::terminal);
        }
        for (std::size_t i = answered; i != all.size(); ++i)
            BOOST_TEST(all[i].ended == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_destroyed_lets_its_requests_end)
{
    server to(answer_each_of_all);
    caller from(to.url(), sharing());
    calls all(4);
    from.run([&] {
        for (auto& c : all)
            from.start(c, [&] { from.client.reset(); });
    });
    BOOST_TEST(all.ends() == "aaaa");
}

BOOST_AUTO_TEST_CASE(a_reply_that_was_not_asked_for_ends_the_use_of_the_connection)
{
    server to([](session& s) -> asio::awaitable<void> {
        (void)co_await s.read(2);
        std::string text = reply("0") + reply("1");
        if (s.number == 0)
            text += reply("?");
        co_await s.write(text);
        co_await s.wait_for_the_end();
    });
    caller from(to.url(), sharing());
    for (int round = 0; round != 2; ++round)
    {
        BOOST_TEST(ends_of(from, 2) == "aa");
    }
    BOOST_TEST(to.accepted() == 2);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_reply_fail_only_the_request_whose_reply_they_would_be)
{
    server to([](session& s) -> asio::awaitable<void> {
        (void)co_await s.read(3);
        co_await s.write(reply("0") + "nonsense\r\n\r\n");
        co_await s.wait_for_the_end();
    });
    caller from(to.url(), sharing());
    calls all(3);
    run(from, all);
    BOOST_TEST(all.ends() == "aer");
}

namespace {

/// Replies of all kinds, to requests 0 to 3, and where the last of their bytes is.
std::string various_replies()
{
    return reply("0") + "HTTP/1.1 100 Continue\r\n\r\n" + reply("1") +
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n" + reply("3");
}

} // namespace

BOOST_AUTO_TEST_CASE(replies_may_be_divided_anywhere)
{
    auto const text = various_replies();
    std::atomic<std::size_t> cut = 0;
    server to([&](session& s) -> asio::awaitable<void> {
        for (std::size_t round = 1;; ++round)
        {
            bool const came = co_await s.read(4 * round);
            if (!came)
                co_return;
            co_await s.write(text.substr(0, cut));
            co_await pause();
            co_await s.write(text.substr(cut));
        }
    });
    for (cut = 0; cut <= text.size(); ++cut)
    {
        caller from(to.url(), sharing());
        calls all(4);
        run(from, all);
        BOOST_TEST(all.ends() == "aaaa", "cut at " << cut << ": " << all.ends());
    }
}

BOOST_AUTO_TEST_CASE(replies_may_be_divided_anywhere_into_records)
{
    authority const ca;
    auto const own = ca.server("localhost", "DNS:localhost");
    temporary_directory files;
    auto const file = files.write("ca.pem", ca.pem());
    auto const text = various_replies();
    std::atomic<std::size_t> cut = 0;
    std::atomic<bool> one_record = true;
    tls_peer to(&own, {}, [&](tls_session& s) {
        std::array<char, 32 * 1024> bytes;
        arrivals got;
        auto const size = SSL_read(s.native_handle(), bytes.data(), bytes.size());
        if (size > 0)
            got.add({bytes.data(), static_cast<std::size_t>(size)});
        if (got.paths.size() != 4)
            one_record = false;
        for (auto const& part : {text.substr(0, cut), text.substr(cut)})
            if (!part.empty())
                s.write(part);
        s.read_request(); // until it goes
    });
    for (cut = 0; cut <= text.size(); cut += 3)
    {
        caller from(to.url(), transport::pipelined(transport::https().ca_file(file).max_connections(1)));
        calls all(4);
        run(from, all);
        BOOST_TEST(all.ends() == "aaaa", "cut at " << cut << ": " << all.ends());
    }
    BOOST_TEST(one_record);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pipelined_test
