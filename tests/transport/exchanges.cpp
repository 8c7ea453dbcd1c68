// Exchanges over the connections of a pool, at the moments when something else happens, too.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/exchanges.hpp"
#include "support/full_socket.hpp"
#include "support/peers.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_peer.hpp"

#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/exchange.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// In place of the system's: Asio writes with it where there is one buffer.
extern "C" ssize_t send(int socket, void const* from, size_t size, int flags)
{
    auto const taken = test::full_socket::take(size);
    if (taken == 0 && size != 0)
    {
        errno = EAGAIN;
        return -1;
    }
    auto const out = ::sendto(socket, from, taken, flags, nullptr, 0);
    if (out < 0 && errno == EAGAIN)
        ++test::full_socket::refused;
    return out;
}

namespace exchanges_test {

BOOST_AUTO_TEST_SUITE(exchanges)

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace transport = tidings::transport;
using clock = std::chrono::steady_clock;
using boost::system::error_code;
using transport::progress;

// Answers every request of every connection.
class server final : public peer
{
public:
    server() : peer({boost::asio::ip::address_v4::loopback(), 0}) { start(); }
    ~server() override { stop(); }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

private:
    asio::awaitable<void> serve(std::shared_ptr<tcp::socket> s) override
    {
        std::string const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        for (;;)
        {
            bool const asked = co_await read_head(*s);
            if (!asked)
                co_return;
            co_await asio::async_write(*s, asio::buffer(answer), no_throw);
        }
    }
};

// Opens `n` connections, which are idle then.
void open(caller& from, int n)
{
    std::deque<call> all(static_cast<std::size_t>(n));
    from.run([&] {
        for (auto& c : all)
            from.start(c);
    });
    for (auto const& c : all)
        BOOST_TEST(!c.ec, c.ec.message());
}

// Writes the request of a call when it is asked to; without a text, it cannot.
struct late_request final : transport::request_writer
{
    late_request(call& c, std::string_view t) : x(c.x), text(t)
    {
        x.request_bytes = {};
        x.writer = this;
    }
    bool write_request() noexcept override
    {
        ++asked;
        x.request_bytes = text;
        return !text.empty();
    }

    transport::exchange& x;
    std::string_view text;
    int asked = 0;
};

// The first of a turn is written at once, the others with the end of the turn.
struct three_of_a_turn
{
    three_of_a_turn() { open(from, 3); }

    server to;
    caller from{to.url()};
    call first;
    call second;
    call third;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_handler_that_throws_at_the_end_of_a_turn_leaves_the_others_of_the_turn_alone, three_of_a_turn)
{
    BOOST_CHECK_THROW(from.run([&] {
        from.start(first);
        from.start(second, [] { throw std::runtime_error("a handler's"); });
        from.start(third);
        second.signal.emit(asio::cancellation_type::total);
    }),
                      std::runtime_error);
    from.run();
    BOOST_TEST(second.ec == asio::error::operation_aborted);
    for (auto const* const c : {&first, &second, &third})
        BOOST_TEST(c->ended == 1);
    BOOST_TEST(!first.ec);
    BOOST_TEST(!third.ec);
    BOOST_TEST(to.heads().size() == 3u + 2u);
    open(from, 3);
}

BOOST_FIXTURE_TEST_CASE(a_request_cancelled_before_the_end_of_the_turn_is_not_written_and_its_connection_is_kept,
                        three_of_a_turn)
{
    for (auto const type :
         {asio::cancellation_type::total, asio::cancellation_type::partial, asio::cancellation_type::terminal})
    {
        call one;
        call other;
        from.run([&] {
            from.start(one);
            from.start(other);
            other.signal.emit(type);
            other.signal.emit(type);
        });
        BOOST_TEST(!one.ec);
        BOOST_TEST(other.ended == 1);
        BOOST_TEST(other.ec == asio::error::operation_aborted);
        BOOST_TEST(!other.committed);
        BOOST_TEST((other.x.progress == progress::connected));
        other.signal.emit(type); // nobody is there
    }
    BOOST_TEST(to.heads().size() == 3u + 3u);
    open(from, 3);
    BOOST_TEST(to.accepted() == 3);
}

BOOST_FIXTURE_TEST_CASE(a_request_whose_deadline_passed_before_it_is_written_is_not_written, three_of_a_turn)
{
    from.run([&] {
        from.start(first);
        second.x.deadline = clock::now() + 1ms;
        from.start(second);
        from.start(third);
        while (clock::now() <= second.x.deadline)
            continue;
    });
    BOOST_TEST(!first.ec);
    BOOST_TEST(second.ec == make_error_code(tidings::errc::timed_out));
    BOOST_TEST((second.x.progress == progress::connected));
    BOOST_TEST(!second.committed);
    BOOST_TEST(!second.x.reused_connection_closed);
    BOOST_TEST(!third.ec);
    BOOST_TEST(to.heads().size() == 3u + 2u);
    open(from, 3);
    BOOST_TEST(to.accepted() == 3);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_written_yet_is_when_there_is_a_connection_which_another_gets_if_it_cannot_be)
{
    server to;
    caller from(to.url(), transport::http().max_connections(1));
    call first;
    call second;
    call third;
    call fourth;
    late_request written(second, second.bytes);
    late_request unwritten(third, {});
    from.run([&] {
        from.start(first);
        BOOST_TEST(!from.client->writes_late());
        for (auto* const c : {&second, &third, &fourth})
            from.start(*c);
        BOOST_TEST(from.client->writes_late());
        BOOST_TEST(written.asked == 0);
    });
    for (auto const* const c : {&first, &second, &fourth})
        BOOST_TEST(!c->ec, c->ec.message());
    BOOST_TEST(written.asked == 1);
    BOOST_TEST(unwritten.asked == 1);
    BOOST_TEST(third.ended == 1);
    BOOST_TEST(third.ec == asio::error::invalid_argument);
    BOOST_TEST(!third.committed);
    BOOST_TEST(to.heads().size() == 3u);
    BOOST_TEST(to.accepted() == 1);
}

// The breaker refuses the one that waited, in the turn in which it is woken.
BOOST_AUTO_TEST_CASE(a_handler_may_throw_when_no_connection_may_be_opened)
{
    std::string url;
    {
        server const gone;
        url = gone.url();
    }
    caller from(url, transport::http().max_connections(1).breaker(1, 60s));
    call first;
    call second;
    BOOST_CHECK_THROW(from.run([&] {
        from.start(first);
        from.start(second, [] { throw std::runtime_error("a handler's"); });
    }),
                      std::runtime_error);
    from.run();
    BOOST_TEST(first.ec == asio::error::connection_refused);
    BOOST_TEST(second.ec == asio::error::connection_refused);
    BOOST_TEST(first.ended == 1);
    BOOST_TEST(second.ended == 1);
}

BOOST_AUTO_TEST_CASE(an_opening_is_cancelled_by_each_type_in_the_turn_in_which_it_begins)
{
    black_hole const nobody;
    for (auto const type :
         {asio::cancellation_type::total, asio::cancellation_type::partial, asio::cancellation_type::terminal})
    {
        caller from("http://127.0.0.1:" + std::to_string(nobody.port()));
        call one;
        auto const begun = clock::now();
        from.run([&] {
            from.start(one);
            one.signal.emit(type);
            one.signal.emit(type);
        });
        BOOST_TEST(one.ec == asio::error::operation_aborted);
        BOOST_TEST((clock::now() - begun < 10s));
    }
}

namespace {

// A server by TLS 1.2 whose last bytes of the handshake arrive together with what `serve` writes first.
struct hasty
{
    explicit hasty(std::function<void(tls_session&)> serve)
        : own(ca.server("localhost", "DNS:localhost")), file(files.write("ca.pem", ca.pem())),
          to(
              &own,
              [](SSL_CTX* c) {
                  SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
                  SSL_CTX_set_info_callback(c, [](SSL const* ssl, int, int) {
                      if (SSL_get_state(ssl) == TLS_ST_SR_FINISHED || SSL_get_state(ssl) == TLS_ST_SR_CHANGE)
                          hold(ssl, 1);
                  });
              },
              std::move(serve))
    {
    }

    static void hold(SSL const* ssl, int whether)
    {
        ::setsockopt(SSL_get_fd(ssl), IPPROTO_TCP, TCP_CORK, &whether, sizeof whether);
    }

    authority ca;
    identity own;
    temporary_directory files;
    std::string file;
    tls_peer to;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_that_came_with_the_handshake_is_read)
{
    hasty here([](tls_session& s) {
        s.write("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno");
        hasty::hold(s.native_handle(), 0);
        s.read_request();
        s.read_request(); // until it goes
    });
    caller from(here.to.url(), transport::https().ca_file(here.file));
    call one;
    one.x.deadline = clock::now() + 10s;
    from.run([&] { from.start(one); });
    BOOST_TEST(!one.ec, one.ec.message());
    BOOST_TEST_REQUIRE((one.x.progress == progress::complete));
    BOOST_TEST(one.x.in.reply().status() == 503);
}

namespace {

// A server that says something unasked over its first connection. The call has to be answered over another one.
struct forward
{
    static void serve(tls_session& s)
    {
        if (s.number() == 0)
            s.write("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno");
        hasty::hold(s.native_handle(), 0);
        if (!s.read_request().empty())
            s.answer("{}");
        s.read_request();
    }
    void run(std::function<void()> const& turn)
    {
        one.x.deadline = clock::now() + 10s;
        from.run(turn);
        BOOST_TEST(one.got() == "{}");
        BOOST_TEST(here.to.accepted() == 2);
    }

    hasty here{&serve};
    caller from{here.to.url(), transport::https().ca_file(here.file).max_connections(1)};
    call one;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_connection_whose_server_has_spoken_already_is_not_kept_for_later, forward)
{
    call opening;
    opening.x.request_bytes = {};
    from.run([&] { from.start(opening); });
    BOOST_TEST(!opening.ec, opening.ec.message());
    one.x.may_repeat = false; // so that it looks, should the words come late
    run([&] { from.start(one); });
}

// The next call would take it for its own reply, and the one after that the next call's.
BOOST_AUTO_TEST_CASE(a_second_reply_to_one_request_is_not_taken_for_the_next_ones)
{
    std::promise<void> read;
    std::promise<void> said;
    hasty here([&](tls_session& s) {
        hasty::hold(s.native_handle(), 0);
        int const at_once = 1;
        ::setsockopt(SSL_get_fd(s.native_handle()), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        for (int n = 0; !s.read_request().empty(); ++n)
        {
            s.answer("{}");
            if (s.number() != 0 || n != 0)
                continue;
            read.get_future().wait();
            s.answer(R"({"late":1})");
            said.set_value();
        }
    });
    caller from{here.to.url(), transport::https().ca_file(here.file).max_connections(1)};
    call first;
    from.run([&] { from.start(first); });
    BOOST_TEST(first.got() == "{}");
    read.set_value();
    said.get_future().wait();
    std::this_thread::sleep_for(2ms); // longer than a connection may rest without a look
    call second;
    from.run([&] { from.start(second); });
    BOOST_TEST(second.got() == "{}");
}

// The call that waits for the connection gets it at once, and does not look at it.
BOOST_FIXTURE_TEST_CASE(a_connection_opened_early_whose_server_has_spoken_already_is_not_used, forward)
{
    run([&] {
        from.client->open_early(1, one.x.deadline);
        from.start(one);
    });
}

namespace {

constexpr std::size_t larger_than_any_socket = 24 * 1024 * 1024;

// What a connection is worth whose peer reads a part of the request.
struct upload
{
    // @param answer  What the peer says when it has read the beginning. It resets the connection behind it.
    // @param fin     Whether it closes its side first.
    upload(bool secure, std::string_view answer, bool fin) : text(answer), first_closes(fin)
    {
        if (!secure)
            plain.emplace(*this);
        else
            tls.emplace(&own, nullptr, [this](tls_session& s) {
                std::array<char, 1000> bytes;
                SSL_read(s.native_handle(), bytes.data(), bytes.size());
                if (!text.empty())
                    s.write(text);
                end(SSL_get_fd(s.native_handle()));
            });
    }

    void run(call& c)
    {
        if (plain)
            caller_of("http://127.0.0.1:" + std::to_string(plain->port()), transport::http(), c);
        else
            caller_of(tls->url(), transport::https().ca_file(file), c);
    }

private:
    struct plain_peer final : peer
    {
        explicit plain_peer(upload& u) : peer({asio::ip::address_v4::loopback(), 0}), of(u) { start(); }
        ~plain_peer() override { stop(); }

    private:
        asio::awaitable<void> serve(std::shared_ptr<tcp::socket> s) override
        {
            bool const asked = co_await read_head(*s);
            if (!asked)
                co_return;
            co_await asio::async_write(*s, asio::buffer(of.text), no_throw);
            of.end(s->native_handle());
        }

        upload& of;
    };

    // There are bytes that were not read, so that closing resets the connection.
    void end(int socket) const
    {
        if (first_closes)
            ::shutdown(socket, SHUT_WR);
    }

    template<class Transport>
    static void caller_of(std::string const& url, Transport const& how, call& c)
    {
        caller from(url, how);
        from.run([&] { from.start(c); });
    }

    std::string text;
    bool first_closes;
    authority ca;
    identity own = ca.server("localhost", "DNS:localhost");
    temporary_directory files;
    std::string file = files.write("ca.pem", ca.pem());
    std::optional<plain_peer> plain;
    std::optional<tls_peer> tls;
};

std::sig_atomic_t volatile pipe_signals = 0;

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_that_comes_while_the_request_is_written_is_reported_though_the_connection_is_reset)
{
    for (bool const secure : {false, true})
        for (bool const fin : {false, true})
            BOOST_TEST_CONTEXT((secure ? "TLS" : "plain") << (fin ? ", closed first" : ""))
            {
                upload here(secure, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig", fin);
                call one(0, false, larger_than_any_socket);
                here.run(one);
                BOOST_TEST(one.got() == "big");
                if (!one.ec)
                    BOOST_TEST(one.x.in.reply().status() == 413);
            }
}

BOOST_AUTO_TEST_CASE(a_request_whose_peer_is_gone_while_it_is_written_fails_without_a_signal)
{
    pipe_signals = 0;
    auto* const before = std::signal(SIGPIPE, [](int) { pipe_signals = pipe_signals + 1; });
    for (bool const secure : {false, true})
        for (bool const fin : {false, true})
            for (std::string const answer : {"", "HTTP/1.1 413 Too Lar"})
                BOOST_TEST_CONTEXT((secure ? "TLS" : "plain") << (fin ? ", closed first" : "") << ": " << answer)
                {
                    upload here(secure, answer, fin);
                    call one(0, false, larger_than_any_socket);
                    here.run(one);
                    BOOST_TEST((one.ec == asio::error::connection_reset || one.ec == asio::error::broken_pipe),
                               one.ec.message());
                    BOOST_TEST((one.x.progress == progress::sending));
                }
    std::signal(SIGPIPE, before);
    BOOST_TEST(pipe_signals == 0);
}

namespace {

// A server that changes its key with each second reply and behind the others, and asks for another key of the client when `type` does.
struct key_changer
{
    // @param when_full  Whether the first change comes when the client's socket is full, and no request is read before.
    explicit key_changer(int type, bool when_full = false)
        : to(
              std::in_place, &own, [](SSL_CTX* c) { SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION); },
              [=, this](tls_session& s) {
                  int const at_once = 1;
                  ::setsockopt(SSL_get_fd(s.native_handle()), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
                  SSL_set_msg_callback(s.native_handle(),
                                       [](int is_written, int, int what, void const* bytes, size_t, SSL*, void* count) {
                                           if (!is_written && what == SSL3_RT_HANDSHAKE &&
                                               *static_cast<unsigned char const*>(bytes) == SSL3_MT_KEY_UPDATE)
                                               ++*static_cast<std::atomic<int>*>(count);
                                       });
                  SSL_set_msg_callback_arg(s.native_handle(), &keys);
                  if (when_full)
                  {
                      while (full_socket::refused == 0)
                          std::this_thread::yield();
                      change(s, type);
                  }
                  for (bool before = false;; before = !before)
                  {
                      auto const request = s.read_request();
                      if (request.empty())
                          return;
                      received.push_back(request);
                      hasty::hold(s.native_handle(), 1);
                      if (before) // the second is why the first is answered before the reply is read
                          for (int i = 0; i != 2; ++i)
                              change(s, type);
                      s.answer("{}");
                      hasty::hold(s.native_handle(), 0);
                      if (!before)
                          change(s, type);
                  }
              })
    {
    }

    std::vector<std::string> received;
    std::atomic<int> keys = 0; // of the client
    authority ca;
    identity own = ca.server("localhost", "DNS:localhost");
    temporary_directory files;
    std::string file = files.write("ca.pem", ca.pem());
    std::optional<tls_peer> to;

private:
    static void change(tls_session& s, int type)
    {
        SSL_key_update(s.native_handle(), type);
        SSL_do_handshake(s.native_handle());
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(whichever_write_the_socket_does_not_take_at_once_it_is_made_later)
{
    for (int const type : {SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED})
        for (std::size_t const part : {0u, 1u, 10u})
        {
            bool was_full = true;
            int writes = 0;
            for (; was_full; ++writes)
                BOOST_TEST_CONTEXT("key update " << type << ", write " << writes + 1 << ", taken " << part)
                {
                    key_changer here(type);
                    std::vector<std::string> sent;
                    {
                        full_socket const full(writes + 1, part);
                        caller from(here.to->url(), transport::https().ca_file(here.file).max_connections(1));
                        for (std::size_t i = 0; i != 4; ++i)
                        {
                            call one(i, false, i == 1 ? 40'000 : 10);
                            from.run([&] { from.start(one); });
                            BOOST_TEST(one.got() == "{}");
                            sent.push_back(one.bytes);
                        }
                        was_full = full.was_full();
                    }
                    BOOST_TEST(here.to->accepted() == 1);
                    here.to.reset();
                    BOOST_TEST(here.received == sent);
                }
            // Two of the handshake, six of the requests, and those of new keys: OpenSSL sends one for several.
            BOOST_TEST((type == SSL_KEY_UPDATE_REQUESTED ? writes - 1 > 8 : writes - 1 == 8));
        }
}

BOOST_AUTO_TEST_CASE(a_new_key_that_comes_when_the_socket_is_full_is_taken_behind_the_request)
{
    for (int const type : {SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED})
    {
        full_socket::refused = 0;
        key_changer here(type, true);
        std::vector<std::string> sent;
        {
            caller from(here.to->url(), transport::https().ca_file(here.file).max_connections(1));
            for (std::size_t const size : {larger_than_any_socket, std::size_t(10)})
            {
                call one(0, false, size);
                from.run([&] { from.start(one); });
                BOOST_TEST(one.got() == "{}");
                sent.push_back(one.bytes);
            }
        }
        BOOST_TEST(here.to->accepted() == 1);
        here.to.reset();
        BOOST_TEST((here.received == sent));
        BOOST_TEST((type == SSL_KEY_UPDATE_REQUESTED ? here.keys > 0 : here.keys == 0));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace exchanges_test
