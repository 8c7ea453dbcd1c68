// The running server: its thread, its sockets, and the state that the platforms share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_ENGINE_HPP
#define TIDINGS_SANDBOX_DETAIL_ENGINE_HPP

#include <tidings/sandbox/detail/connection.hpp>
#include <tidings/sandbox/detail/platform.hpp>
#include <tidings/sandbox/detail/script.hpp>
#include <tidings/sandbox/options.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

namespace tidings::inline v0::sandbox::detail {

using http_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// A file in a directory of its own that goes away with this object.
class temporary_file
{
public:
    temporary_file() = default;
    temporary_file(temporary_file const&) = delete;
    temporary_file& operator=(temporary_file const&) = delete;
    ~temporary_file();

    void write(std::string const& name, std::string const& text);
    std::string path() const { return file_.string(); }

private:
    std::filesystem::path file_;
};

// What became of the bytes that a session read.
enum class arrival
{
    complete,
    // The other side went away.
    over,
    // No HTTP.
    malformed,
};

// Everything behind a server. Its members are for server.ipp and session.ipp.
class engine
{
public:
    explicit engine(options const& o);
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;
    ~engine();

    struct listener
    {
        brand platform;
        tcp::acceptor acceptor;
        std::string url;
    };

    void listen(brand b, std::uint16_t port);
    listener const& at(std::string_view brand_name) const;

    // On the server's thread.
    asio::awaitable<void> accept(listener& l);
    asio::awaitable<void> serve(std::shared_ptr<connection> c, request origin);
    asio::awaitable<arrival> feed(connection& c, http_parser& parser, std::string& pending, bool only_head);
    asio::awaitable<bool> act_out(connection& c, std::vector<step> const& steps);
    void stop();

    std::optional<fault> next_fault(brand b, std::string_view method, std::string_view target, bool connecting);
    // The whole answer to one request, recorded. `forbidden`: not empty when the request must not be answered.
    script respond(request const& req, std::string const& forbidden, fault const* f, bool keep_alive,
                   std::string& pending_uuid);
    // Closes the connection that has waited longest for a request. False: none waits.
    bool make_room();

    // Guards `state` and `resumed`.
    mutable std::mutex mutex;
    sandbox::detail::state state;
    std::size_t resumed = 0;

    asio::io_context context{1};
    std::vector<std::string> allowed_hosts;
    std::optional<asio::ssl::context> tls;
    std::string ca;
    temporary_file ca_file;
    std::vector<std::unique_ptr<listener>> listeners;
    // Of the server's thread only.
    std::set<std::shared_ptr<connection>> live;
    bool stopping = false;
    std::thread thread;
};

} // namespace tidings::inline v0::sandbox::detail

#endif
