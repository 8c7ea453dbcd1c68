// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "server.hpp"

#include "asynchronous.hpp"

#include <tidings/provider/wecom/callback.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace tidings_callback {

namespace {

constexpr std::chrono::seconds write_timeout{2}; // Lark and Feishu wait 3 s for the answer

} // namespace

server::server(asio::io_context& io, connections& those, settings const& given, application const& app,
               diagnostics& log)
    : settings_(given), app_(app), log_(log), connections_(those), output_(io),
      acceptor_(io, {asio::ip::address_v4::loopback(), given.port}), room_(io)
{
}

asio::awaitable<void> server::accept()
{
    constexpr std::chrono::milliseconds pause(50);
    for (;;)
    {
        auto [ec, socket] = co_await acceptor_.async_accept(quietly);
        if (!ec)
        {
            co_await make_room();
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
            continue;
        }
        log_.write("cannot accept a connection: " + ec.message());
        if (auto* const oldest = oldest_waiting())
            evict(*oldest); // no descriptors left, perhaps
        asio::steady_timer timer(acceptor_.get_executor(), pause);
        co_await timer.async_wait(quietly);
    }
}

asio::awaitable<void> server::make_room()
{
    auto const fair = std::min<clock_type::duration>(settings_.timeout / 2, std::chrono::milliseconds(500));
    while (connections_.open >= settings_.max_connections)
    {
        auto* const oldest = oldest_waiting();
        auto const until = oldest ? oldest->waiting_since + fair : clock_type::time_point::max();
        if (oldest && until <= clock_type::now())
        {
            evict(*oldest);
            continue;
        }
        room_.expires_at(until);
        co_await room_.async_wait(quietly); // or until one ends
    }
}

connection* server::oldest_waiting()
{
    auto const found = std::find_if(connections_.all.begin(), connections_.all.end(),
                                    [](connection const* c) { return c->waiting && !c->evicted; });
    return found == connections_.all.end() ? nullptr : *found;
}

void server::evict(connection& c)
{
    c.evicted = true;
    --connections_.open;
    c.stream.close();
}

asio::awaitable<void> server::serve(asio::ip::tcp::socket socket)
{
    try
    {
        connection peer(connections_, std::move(socket));
        for (bool keep_alive = true; keep_alive;)
            keep_alive = co_await serve_one(peer);
    }
    catch (std::exception const& e)
    {
        log_.write(std::string("a request was dropped: ") + e.what());
    }
    room_.cancel();
}

asio::awaitable<bool> server::serve_one(connection& peer)
{
    constexpr std::uint32_t max_head = 16 * 1024;
    constexpr int requests_of_time = 12; // so many timeouts is the life of a connection
    http::request_parser<http::string_body> parser;
    parser.header_limit(max_head);
    parser.body_limit(tidings::providers::wecom::callback::max_body);
    // One limit for all of the request: bytes that trickle in do not prolong it.
    peer.wait();
    peer.stream.expires_after(settings_.timeout);
    auto [error, size] = co_await http::async_read_header(peer.stream, peer.buffer, parser, quietly);
    std::optional<response> refused;
    // Where such a body ends is not known: what follows would be read as another request.
    bool const unframed =
        !error && !parser.chunked() && parser.get().find(http::field::transfer_encoding) != parser.get().end();
    if (unframed)
    {
        log_.write("a request has a Transfer-Encoding that is not chunked");
        refused = answer(parser.get(), http::status::bad_request);
    }
    else if (!error)
        refused = app_.refusal(parser.get());
    if (!error && !refused && !parser.is_done())
    {
        auto const expected = parser.get()[http::field::expect];
        if (beast::iequals(expected, "100-continue"))
        {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            auto const [write_error, written] = co_await asio::async_write(peer.stream, asio::buffer(go_on), quietly);
            error = write_error;
        }
        if (!error)
        {
            auto const [read_error, read] = co_await http::async_read(peer.stream, peer.buffer, parser, quietly);
            error = read_error;
        }
    }
    if (error == http::error::body_limit || error == http::error::header_limit)
        refused = answer(parser.get(), http::status::payload_too_large);
    else if (error && error != http::error::end_of_stream && error != http::error::partial_message &&
             error.category() == error_code(http::error::bad_method).category())
    {
        log_.write("a request is not HTTP/1.1: " + error.message() + " (HTTPS is the web server's in front)");
        refused = answer(request(http::verb::get, "/", 11), http::status::bad_request);
    }
    else if (error)
        co_return false;

    response out;
    if (refused)
        out = std::move(*refused);
    else
    {
        peer.waiting = false;
        out = co_await respond(parser.get());
        peer.wait();
    }
    if (error || unframed || !parser.is_done() || clock_type::now() - peer.since > requests_of_time * settings_.timeout)
        out.keep_alive(false);
    peer.stream.expires_after(settings_.timeout);
    auto const [write_error, written] = co_await http::async_write(peer.stream, out, quietly);
    if (!write_error && !out.keep_alive())
        co_await linger(peer);
    co_return !write_error && out.keep_alive();
}

asio::awaitable<void> server::linger(connection& peer)
{
    constexpr std::chrono::seconds moment(1);
    constexpr std::size_t enough = std::size_t{4} << 20;
    error_code ignored;
    peer.stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    peer.stream.expires_after(moment);
    std::array<char, 4096> scratch;
    for (std::size_t read = 0; read < enough;)
    {
        auto const [error, size] = co_await peer.stream.async_read_some(asio::buffer(scratch), quietly);
        if (error)
            break;
        read += size;
    }
}

//[replay
asio::awaitable<response> server::respond(request const& asked)
{
    auto made = app_.decide(asked);
    if (!made.line)
        co_return std::move(made.answer);
    if (!seen_.insert(made.id))
    {
        // A repetition, or a request that somebody recorded. While the first one is being written, nobody knows
        // yet.
        bool const kept = being_written_.find(made.id) == being_written_.end();
        log_.write("an event was received again, and is not printed again");
        co_return kept ? std::move(made.answer) : answer(asked, http::status::service_unavailable);
    }
    being_written_.insert(made.id);
    auto const error = co_await output_.write(app_.line_of(*made.line), clock_type::now() + write_timeout);
    being_written_.erase(made.id);
    if (!error)
        co_return std::move(made.answer);
    seen_.erase(made.id); // so that the platform's repetition is accepted
    log_.write("an event could not be written to standard output: " + error.message() +
               "; the platform is asked to repeat it");
    co_return answer(asked, http::status::internal_server_error);
}
//]

} // namespace tidings_callback
