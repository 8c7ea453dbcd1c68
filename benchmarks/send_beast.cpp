// The same exchange as in `send.cpp`, written by hand with Beast: with everything reused, or (`--fresh`) as Beast's
// examples show it. A program of its own, so that what the compiler inlines in one is not decided by the other.
//
//   send_beast --port PORT [--fresh] [--tls --ca FILE] [--count N] [--in-flight N]
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "measurement.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/optional/optional.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using benchmarks::message;
using benchmarks::meter;
using benchmarks::person;
using benchmarks::settings;

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::string_view target = "/open-apis/im/v1/messages?receive_id_type=user_id";
constexpr std::string_view authorization = "Bearer t-g1044ghJRUIJJ5ELPOTAMTZ3GJUWOCTA";
constexpr std::chrono::seconds timeout{10};

template<class Body>
void describe(http::request<Body>& out, settings const& s)
{
    out.version(11);
    out.method(http::verb::post);
    out.target({target.data(), target.size()});
    out.set(http::field::host, s.authority());
    out.set(http::field::user_agent, "tidings-benchmark");
    out.set(http::field::accept, "application/json");
    out.set(http::field::authorization, beast::string_view(authorization.data(), authorization.size()));
    out.set(http::field::content_type, "application/json; charset=utf-8");
}

asio::ip::tcp::socket& socket_of(asio::ip::tcp::socket& lowest) noexcept
{
    return lowest;
}
asio::ip::tcp::socket& socket_of(beast::tcp_stream& lowest) noexcept
{
    return lowest.socket();
}

template<class Stream>
asio::awaitable<void> open(Stream& stream, settings const& s)
{
    asio::ip::tcp::endpoint const where(asio::ip::address_v4::loopback(), s.port);
    auto& lowest = beast::get_lowest_layer(stream);
    co_await lowest.async_connect(where, asio::use_awaitable);
    socket_of(lowest).set_option(asio::ip::tcp::no_delay(true));
    if constexpr (!std::is_same_v<std::remove_reference_t<decltype(lowest)>, Stream>)
    {
        SSL_set_tlsext_host_name(stream.native_handle(), "localhost");
        stream.set_verify_mode(asio::ssl::verify_peer);
        stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
        co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    }
}

/// Everything is kept: the request with its fields, in whose prepared body only a number changes, the buffer, the
/// reply's body and the parser's place. Nothing is escaped, no JSON is parsed, there is no deadline: less than a real
/// client can do.
template<class Stream>
asio::awaitable<void> send_reusing(Stream stream, settings const& s, meter& m)
{
    co_await open(stream, s);

    http::request<http::string_body> request;
    describe(request, s);
    boost::json::object const content{{"text", boost::json::string_view(message.data(), message.size())}};
    std::string_view const number = "00000000-0000-4000-8000-000000000000";
    request.body() = boost::json::serialize(boost::json::object{
        {"receive_id", boost::json::string_view(person.data(), person.size())},
        {"msg_type", "text"},
        {"content", boost::json::serialize(content)},
        {"uuid", boost::json::string_view(number.data(), number.size())},
    });
    request.prepare_payload();
    auto const number_at = request.body().find(number);

    beast::flat_buffer buffer;
    http::response<http::string_body> reply;
    boost::optional<http::response_parser<http::string_body>> parser;
    while (m.next())
    {
        std::array<char, 8> digits;
        digits.fill('0');
        std::to_chars(digits.data(), digits.data() + digits.size(), m.number(), 16);
        request.body().replace(number_at, digits.size(), digits.data(), digits.size());

        co_await http::async_write(stream, request, asio::use_awaitable);
        reply.clear();
        reply.body().clear();
        parser.emplace(std::move(reply));
        co_await http::async_read(stream, buffer, *parser, asio::use_awaitable);
        reply = parser->release();
        if (reply.result_int() != 200 || reply.body().find("\"code\":0,") == std::string::npos)
            throw std::runtime_error("an unexpected reply");
        m.done();
    }
}

/// As in Beast's examples: a new request, buffer and reply for every message, and JSON by way of `boost::json::value`.
template<class Stream>
asio::awaitable<void> send_as_in_textbook(Stream stream, settings const& s, meter& m)
{
    co_await open(stream, s);
    while (m.next())
    {
        boost::json::object content;
        content["text"] = boost::json::string_view(message.data(), message.size());
        boost::json::object body;
        body["receive_id"] = boost::json::string_view(person.data(), person.size());
        body["msg_type"] = "text";
        body["content"] = boost::json::serialize(content);
        body["uuid"] = boost::uuids::to_string(boost::uuids::random_generator()());

        http::request<http::string_body> request;
        describe(request, s);
        request.body() = boost::json::serialize(body);
        request.prepare_payload();

        beast::get_lowest_layer(stream).expires_after(timeout);
        co_await http::async_write(stream, request, asio::use_awaitable);
        beast::flat_buffer buffer;
        http::response<http::string_body> reply;
        co_await http::async_read(stream, buffer, reply, asio::use_awaitable);

        auto const answer = boost::json::parse(reply.body());
        if (reply.result() != http::status::ok || answer.at("code").as_int64() != 0 ||
            answer.at("data").at("message_id").as_string().empty())
            throw std::runtime_error("an unexpected reply");
        m.done();
    }
}

/// One connection for each that is in flight.
void send_with_beast(asio::io_context& context, settings const& s, meter& m)
{
    asio::ssl::context tls(asio::ssl::context::tls_client);
    if (s.tls)
        tls.load_verify_file(s.ca);
    auto const spawn = [&](asio::awaitable<void> client) {
        asio::co_spawn(context, std::move(client), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    };
    for (std::size_t i = 0; i != s.in_flight; ++i)
        if (s.fresh && s.tls)
            spawn(send_as_in_textbook(beast::ssl_stream<beast::tcp_stream>(context, tls), s, m));
        else if (s.fresh)
            spawn(send_as_in_textbook(beast::tcp_stream(context), s, m));
        else if (s.tls)
            spawn(send_reusing(asio::ssl::stream<asio::ip::tcp::socket>(context, tls), s, m));
        else
            spawn(send_reusing(asio::ip::tcp::socket(context), s, m));
    context.run();
}

} // namespace

int main(int argc, char** argv)
{
    return benchmarks::run(argc, argv, send_with_beast);
}
