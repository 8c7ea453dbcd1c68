// One message from a program that was just started, by hand with Beast and Boost.JSON: the token, the person's id, the message,
// over one connection. What it costs to run is compared with `first.cpp`, and what it costs to compile with a program that
// includes this library.
//
//   first_beast --port PORT [--ca FILE | --system]
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

using stream = beast::ssl_stream<beast::tcp_stream>;
constexpr std::chrono::seconds timeout{10};

asio::awaitable<json::value> post(stream& s, std::string const& host, std::string const& token,
                                  std::string const& target, json::object const& body)
{
    http::request<http::string_body> request(http::verb::post, target, 11);
    request.set(http::field::host, host);
    request.set(http::field::content_type, "application/json; charset=utf-8");
    if (!token.empty())
        request.set(http::field::authorization, "Bearer " + token);
    request.body() = json::serialize(body);
    request.prepare_payload();
    beast::get_lowest_layer(s).expires_after(timeout);
    co_await http::async_write(s, request, asio::use_awaitable);
    beast::flat_buffer buffer;
    http::response<http::string_body> reply;
    co_await http::async_read(s, buffer, reply, asio::use_awaitable);
    auto answer = json::parse(reply.body());
    if (reply.result() != http::status::ok || answer.at("code").as_int64() != 0)
        throw std::runtime_error("refused: " + reply.body());
    co_return answer;
}

asio::awaitable<void> tell(stream& s, unsigned short port, std::string email, std::string text)
{
    asio::ip::tcp::resolver resolver(s.get_executor());
    auto const addresses =
        co_await resolver.async_resolve(asio::ip::tcp::v4(), "localhost", std::to_string(port), asio::use_awaitable);
    auto& lowest = beast::get_lowest_layer(s);
    lowest.expires_after(timeout);
    co_await lowest.async_connect(addresses, asio::use_awaitable);
    lowest.socket().set_option(asio::ip::tcp::no_delay(true));
    SSL_set_tlsext_host_name(s.native_handle(), "localhost");
    s.set_verify_mode(asio::ssl::verify_peer);
    s.set_verify_callback(asio::ssl::host_name_verification("localhost"));
    co_await s.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);

    std::string const host = "localhost:" + std::to_string(port);
    json::object app;
    app["app_id"] = "cli_9f427eec54ae901b";
    app["app_secret"] = "bE9vJ5rKm2sT8wXzQ4nLc7dFhA1gUyPi";
    auto const with_token = co_await post(s, host, {}, "/open-apis/auth/v3/tenant_access_token/internal", app);
    std::string const token(with_token.at("tenant_access_token").as_string());

    json::object people;
    people["emails"] = json::array{json::string(email)};
    auto const found = co_await post(s, host, token, "/open-apis/contact/v3/users/batch_get_id", people);

    json::object content;
    content["text"] = text;
    json::object message;
    message["receive_id"] = found.at("data").at("user_list").at(0).at("user_id").as_string();
    message["msg_type"] = "text";
    message["content"] = json::serialize(content);
    co_await post(s, host, token, "/open-apis/im/v1/messages?receive_id_type=open_id", message);
}

} // namespace

int main(int argc, char** argv)
try
{
    auto const begin = std::chrono::steady_clock::now();
    unsigned short port = 0;
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    for (int i = 1; i != argc; ++i)
        if (std::string_view(argv[i]) == "--system")
            tls.set_default_verify_paths();
        else if (std::string_view(argv[i]) == "--ca" && i + 1 != argc)
            tls.load_verify_file(argv[++i]);
        else if (std::string_view(argv[i]) == "--port" && i + 1 != argc)
            port = static_cast<unsigned short>(std::stoul(argv[++i]));
    stream s(context, tls);
    asio::co_spawn(context, tell(s, port, "person0@example.com", "Build is green"), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    context.run();
    std::chrono::duration<double, std::milli> const took = std::chrono::steady_clock::now() - begin;
    std::cout << "{\"last_ms\": " << took.count() << '}' << std::endl;
}
catch (std::exception const& e)
{
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
}
