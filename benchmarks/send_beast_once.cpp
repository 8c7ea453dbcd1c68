// The same exchange as in `send.cpp`, as the examples in Beast's documentation show a client: a look-up of the host, a
// connection, a request, its reply, and the end of the connection, for every message.
//
//   send_beast_once --port PORT [--tls --ca FILE] [--count N] [--in-flight N]
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "prepared.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using benchmarks::meter;
using benchmarks::settings;

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds timeout{30};

template<class Stream>
asio::awaitable<void> exchange(Stream& stream, settings const& s, std::string body)
{
    constexpr bool is_tls = !std::is_same_v<Stream, beast::tcp_stream>;
    asio::ip::tcp::resolver resolver(stream.get_executor());
    auto const addresses =
        co_await resolver.async_resolve(asio::ip::tcp::v4(), "localhost", std::to_string(s.port), asio::use_awaitable);
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(timeout);
    co_await lowest.async_connect(addresses, asio::use_awaitable);
    if constexpr (is_tls)
    {
        SSL_set_tlsext_host_name(stream.native_handle(), "localhost");
        stream.set_verify_mode(asio::ssl::verify_peer);
        stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
        co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    }

    auto const view = [](std::string_view text) { return beast::string_view(text.data(), text.size()); };
    http::request<http::string_body> request(http::verb::post, view(benchmarks::target), 11);
    request.set(http::field::host, s.authority());
    request.set(http::field::user_agent, view(benchmarks::user_agent));
    request.set(http::field::accept, "application/json");
    request.set(http::field::authorization, view(benchmarks::bearer));
    request.set(http::field::content_type, view(benchmarks::content_type));
    request.body() = std::move(body);
    request.prepare_payload();
    co_await http::async_write(stream, request, asio::use_awaitable);

    beast::flat_buffer buffer;
    http::response<http::string_body> reply;
    co_await http::async_read(stream, buffer, reply, asio::use_awaitable);
    if (reply.result() != http::status::ok || !benchmarks::is_accepted(reply.body()))
        throw std::runtime_error("an unexpected reply");

    boost::system::error_code ignored; // the server closes without an answer to close_notify
    if constexpr (is_tls)
        co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    else
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> send_all(asio::io_context& context, asio::ssl::context& tls, settings const& s, meter& m)
{
    benchmarks::request_body body;
    while (m.next())
    {
        body.set_number(m.number());
        if (s.tls)
        {
            beast::ssl_stream<beast::tcp_stream> stream(context, tls);
            co_await exchange(stream, s, body.text());
        }
        else
        {
            beast::tcp_stream stream(context);
            co_await exchange(stream, s, body.text());
        }
        m.done();
    }
}

void send_with_beast(asio::io_context& context, settings const& s, meter& m)
{
    asio::ssl::context tls(asio::ssl::context::tls_client);
    if (s.tls)
        tls.load_verify_file(s.ca);
    for (std::size_t i = 0; i != s.in_flight; ++i)
        asio::co_spawn(context, send_all(context, tls, s, m), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    context.run();
}

} // namespace

int main(int argc, char** argv)
{
    return benchmarks::run(argc, argv, send_with_beast);
}
