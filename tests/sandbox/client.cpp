// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <cctype>
#include <optional>
#include <variant>

namespace test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

json::object reply::object() const
{
    boost::system::error_code ec;
    auto v = json::parse(body, ec);
    return !ec && v.is_object() ? v.get_object() : json::object{{"not an object", body + error}};
}

std::int64_t reply::code() const
{
    auto const o = object();
    auto const* const v = o.if_contains("code");
    return v && v->is_int64() ? v->get_int64() : -1;
}

std::string reply::msg() const
{
    auto const o = object();
    auto const* const v = o.if_contains("msg");
    return v && v->is_string() ? std::string(v->get_string()) : body + error;
}

struct client::wire
{
    using tls_stream = asio::ssl::stream<tcp::socket>;

    asio::io_context context;
    std::string host;
    std::string port;
    std::optional<asio::ssl::context> tls;
    std::variant<std::monostate, tcp::socket, tls_stream> stream;
    boost::beast::flat_buffer buffer;

    // What to do with the stream, whichever it is. Connects when there is none.
    template<class F>
    void with(F const& f)
    {
        if (stream.index() == 0)
            connect();
        if (auto* const plain = std::get_if<tcp::socket>(&stream))
            f(*plain);
        else
            f(std::get<tls_stream>(stream));
    }

    void connect()
    {
        buffer.clear();
        tcp::socket socket(context);
        socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(port))});
        socket.set_option(tcp::no_delay(true));
        if (!tls)
        {
            stream = std::move(socket);
            return;
        }
        auto& s = stream.emplace<tls_stream>(std::move(socket), *tls);
        SSL_set_tlsext_host_name(s.native_handle(), host.c_str());
        s.set_verify_mode(asio::ssl::verify_peer);
        s.set_verify_callback(asio::ssl::host_name_verification(host));
        s.handshake(asio::ssl::stream_base::client);
    }
};

client::client(std::string const& url, std::string const& ca_pem) : wire_(std::make_unique<wire>())
{
    auto const authority = url.substr(url.find("//") + 2);
    wire_->host = authority.substr(0, authority.find(':'));
    wire_->port = authority.substr(authority.find(':') + 1);
    if (!url.starts_with("https:"))
        return;
    wire_->tls.emplace(asio::ssl::context::tls_client);
    if (!ca_pem.empty())
        wire_->tls->add_certificate_authority(asio::buffer(ca_pem));
}

client::~client() = default;

void client::drop()
{
    wire_->stream.emplace<std::monostate>();
}

bool client::has_ended()
{
    boost::system::error_code ec;
    wire_->with([&](auto& stream) {
        char byte;
        stream.lowest_layer().non_blocking(true);
        stream.read_some(asio::buffer(&byte, 1), ec);
        stream.lowest_layer().non_blocking(false);
    });
    return ec && ec != asio::error::would_block;
}

reply client::call(std::string const& method, std::string const& target, std::string const& body, headers const& h)
{
    http::request<http::string_body> request{http::string_to_verb(method), target, 11};
    request.set(http::field::host, wire_->host);
    for (auto const& [name, value] : h)
        request.set(name, value);
    request.body() = body;
    if (!body.empty() || method != "GET")
        request.content_length(body.size());

    reply out;
    http::response_parser<http::string_body> parser;
    parser.body_limit(16 * 1024 * 1024);
    parser.header_limit(1024 * 1024);
    auto keep = false;
    try
    {
        wire_->with([&](auto& stream) {
            http::write(stream, request);
            http::read(stream, wire_->buffer, parser);
            // An interim answer: the real one follows.
            if (parser.get().result() == http::status::continue_)
            {
                http::response_parser<http::string_body> final_answer;
                http::read(stream, wire_->buffer, final_answer);
                parser.get() = final_answer.release();
            }
        });
        out.status = parser.get().result_int();
        keep = parser.get().keep_alive();
        for (auto const& field : parser.get())
        {
            auto name = std::string(field.name_string());
            for (auto& c : name)
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            out.headers[name] = std::string(field.value());
        }
        out.body = parser.get().body();
    }
    catch (boost::system::system_error const& e)
    {
        out.error = e.code().message();
    }
    if (!keep)
        drop();
    return out;
}

void client::write(std::string const& bytes)
{
    wire_->with([&](auto& stream) { asio::write(stream, asio::buffer(bytes)); });
}

std::string client::read_all()
{
    std::string out;
    boost::system::error_code ec;
    wire_->with([&](auto& stream) { asio::read(stream, asio::dynamic_buffer(out), ec); });
    drop();
    return out;
}

} // namespace test
