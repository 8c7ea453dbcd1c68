// Receives what WeCom, Lark and Feishu send to an application: each event is one line of JSON on standard output.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "usage_error.hpp"

#include <tidings/callback/lark.hpp>
#include <tidings/callback/wecom.hpp>
#include <tidings/version.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

namespace {

using boost::system::error_code;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

std::string setting(char const* name)
{
    char const* const value = std::getenv(name);
    return value ? value : "";
}

response answer(request const& asked, http::status status, std::string body = {},
                std::string_view type = "text/plain; charset=utf-8")
{
    response out(status, asked.version());
    out.keep_alive(asked.keep_alive());
    if (!body.empty())
        out.set(http::field::content_type, beast::string_view(type.data(), type.size()));
    out.body() = std::move(body);
    out.prepare_payload();
    return out;
}

// The sender learns nothing about why; whoever runs this program does.
response refuse(request const& asked, tidings::failure const& why)
{
    std::cerr << "tidings-callback: " << why << std::endl;
    return answer(asked, http::status::forbidden);
}

void print(json::object const& line)
{
    std::cout << json::serialize(line) << std::endl;
}

//[wecom
response from_wecom(tidings::wecom_wire::callback const& wecom, request const& asked, std::string_view query)
{
    if (asked.method() == http::verb::get)
    {
        auto const echo = wecom.verify_url(query);
        return echo ? answer(asked, http::status::ok, *echo) : refuse(asked, echo.error());
    }
    auto const event = wecom.decrypt(query, asked.body());
    if (!event)
        return refuse(asked, event.error());
    print({{"platform", "wecom"}, {"event", *event}}); // compare its MsgId with those already seen: WeCom repeats
    return answer(asked, http::status::ok);
}
//]

// What the platform says, without the Verification Token that stands in it.
json::value shown(std::string_view event)
{
    error_code ec;
    auto out = json::parse(event, ec);
    if (ec)
        return json::value(event);
    auto& root = out.as_object();
    root.erase("token");
    if (auto* const head = root.if_contains("header"); head && head->is_object())
        head->as_object().erase("token");
    return out;
}

std::string header(request const& asked, char const* name)
{
    auto const value = asked[name];
    return {value.data(), value.size()};
}

//[lark
response from_lark(tidings::lark_wire::callback const& lark, request const& asked, std::string_view platform)
{
    tidings::lark_wire::callback_headers const headers(header(asked, "X-Lark-Request-Timestamp"),
                                                       header(asked, "X-Lark-Request-Nonce"),
                                                       header(asked, "X-Lark-Signature"));
    auto const event = lark.open(headers, asked.body());
    if (!event)
        return refuse(asked, event.error());
    if (event->is_url_verification())
        return answer(asked, http::status::ok, event->challenge_reply(), "application/json");
    print({{"platform", platform}, {"type", event->type()}, {"id", event->id()}, {"event", shown(event->json())}});
    return answer(asked, http::status::ok);
}
//]

// What is not set is not served.
struct application
{
    std::optional<tidings::wecom_wire::callback> wecom;
    std::optional<tidings::lark_wire::callback> lark;
    std::optional<tidings::lark_wire::callback> feishu;

    response respond(request const& asked) const
    {
        std::string_view const target(asked.target().data(), asked.target().size());
        auto const mark = target.find('?');
        auto const path = target.substr(0, mark);
        auto const query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
        bool const to_wecom = path == "/wecom" && wecom;
        auto const& brand = path == "/lark" ? lark : feishu;
        bool const to_lark = (path == "/lark" || path == "/feishu") && brand;
        if (!to_wecom && !to_lark)
            return answer(asked, http::status::not_found);
        if (asked.method() != http::verb::post && !(to_wecom && asked.method() == http::verb::get))
            return answer(asked, http::status::method_not_allowed);
        return to_wecom ? from_wecom(*wecom, asked, query) : from_lark(*brand, asked, path.substr(1));
    }
};

// Leaves the count right however a connection ends.
class counted
{
public:
    explicit counted(unsigned& n) noexcept : n_(n) { ++n_; }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { --n_; }

private:
    unsigned& n_;
};

asio::awaitable<void> serve(asio::ip::tcp::socket socket, application const& app, unsigned& open)
{
    counted const one(open);
    constexpr std::chrono::seconds patience(5); // for a whole request: the platforms wait no longer, either
    constexpr std::uint32_t longest_head = 16 * 1024;
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    for (;;)
    {
        http::request_parser<http::string_body> parser;
        parser.header_limit(longest_head);
        parser.body_limit(tidings::wecom_wire::callback::longest_body);
        stream.expires_after(patience);
        auto const [read_error, read] = co_await http::async_read(stream, buffer, parser, quietly);
        bool const too_long = read_error == http::error::body_limit || read_error == http::error::header_limit;
        if (read_error && !too_long)
            co_return;
        auto out = too_long ? answer(parser.get(), http::status::payload_too_large) : app.respond(parser.get());
        if (too_long)
            out.keep_alive(false);
        auto const [write_error, written] = co_await http::async_write(stream, out, quietly);
        if (write_error || !out.keep_alive())
            break;
    }
    error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

asio::awaitable<void> accept(asio::ip::tcp::acceptor& acceptor, application const& app, unsigned& open)
{
    constexpr unsigned most = 64; // a platform opens few; more are closed at once
    constexpr std::chrono::milliseconds pause(100);
    for (;;)
    {
        auto [ec, socket] = co_await acceptor.async_accept(quietly);
        if (!ec && open < most)
            asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), app, open), asio::detached);
        if (ec)
        {
            asio::steady_timer timer(acceptor.get_executor(), pause); // no file descriptors left, perhaps
            co_await timer.async_wait(quietly);
        }
    }
}

// The descriptor is only waited for: to make it non-blocking would make it so for the shell, too.
asio::awaitable<void> wait_for_end_of_input(asio::io_context& io)
{
    asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
    std::array<char, 4096> ignored;
    for (;;)
    {
        auto const [ec] = co_await input.async_wait(asio::posix::stream_descriptor::wait_read, quietly);
        if (ec || ::read(input.native_handle(), ignored.data(), ignored.size()) <= 0)
            break;
    }
    io.stop();
}

application from_environment()
{
    using tidings::secret;
    application out;
    secret const token(setting("TIDINGS_CALLBACK_TOKEN"));
    secret const aes_key(setting("TIDINGS_CALLBACK_AES_KEY"));
    auto const corp = setting("TIDINGS_CORP_ID");
    if (!token.empty() || !aes_key.empty() || !corp.empty())
    {
        out.wecom.emplace(token, aes_key, corp);
        out.wecom->check().value();
    }
    secret const encrypt_key(setting("TIDINGS_ENCRYPT_KEY"));
    secret const verification(setting("TIDINGS_VERIFICATION_TOKEN"));
    if (!encrypt_key.empty() || !verification.empty())
    {
        out.lark.emplace(tidings::lark_wire::lark_brand, encrypt_key, verification);
        out.feishu.emplace(tidings::lark_wire::feishu_brand, encrypt_key, verification);
        out.lark->check().value();
    }
    if (!out.wecom && !out.lark)
        throw std::runtime_error("set TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY and TIDINGS_CORP_ID for WeCom, "
                                 "or TIDINGS_ENCRYPT_KEY "
                                 "or TIDINGS_VERIFICATION_TOKEN for Lark and Feishu");
    return out;
}

} // namespace

int main(int argc, char** argv)
{
    std::uint16_t port = 0;
    CLI::App cli{"Receives the callbacks of WeCom (/wecom), Lark (/lark) and Feishu (/feishu) on 127.0.0.1 and prints "
                 "each event as one line of JSON. Put a web server with HTTPS in front. Serves until standard input "
                 "ends."};
    cli.set_version_flag("--version", "tidings-callback " TIDINGS_VERSION_STRING, "The version, and leave");
    cli.add_option("--port", port, "Where to listen. Default: a free port, named in the first line of output")
        ->check(CLI::Range(0, 65535));
    cli.failure_message(usage_error);
    try
    {
        cli.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        return cli.exit(e) == 0 ? EXIT_SUCCESS : 2;
    }

    try
    {
        auto const app = from_environment();
        unsigned open = 0;
        asio::io_context io(1); // goes before what its coroutines refer to
        asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), port});
        asio::signal_set signals(io, SIGINT, SIGTERM);
        signals.async_wait([&io](error_code, int) { io.stop(); });
        asio::co_spawn(io, wait_for_end_of_input(io), asio::detached);
        asio::co_spawn(io, accept(acceptor, app, open), asio::detached);
        print({{"url", "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port())}});
        io.run();
    }
    catch (std::exception const& e)
    {
        std::cerr << "tidings-callback: " << e.what() << '\n';
        return 2;
    }
    return EXIT_SUCCESS;
}
