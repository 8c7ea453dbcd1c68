// A real HTTP proxy on loopback: tinyproxy, of the Debian package of that name.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_TINYPROXY_HPP
#define TIDINGS_TESTS_SUPPORT_TINYPROXY_HPP

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

class tinyproxy
{
public:
    /// Listens when the constructor returns.
    ///
    /// @param settings  More lines of its configuration file: `BasicAuth ada secret`, `ConnectPort 443`, `ReverseOnly
    ///                  Yes`. Without a `ConnectPort` it connects to all.
    explicit tinyproxy(std::vector<std::string> const& settings = {})
    {
        // Somebody else may take the port that was free a moment ago.
        for (int attempt = 0; attempt != 5; ++attempt)
        {
            port_ = free_port();
            std::string text =
                "Listen 127.0.0.1\nPort " + std::to_string(port_) + "\nTimeout 60\nMaxClients 100\nLogLevel Connect\n";
            for (auto const& line : settings)
                text += line + '\n';
            std::vector<std::string> command{"tinyproxy", "-d", "-c"};
            command.push_back(files_.write("tinyproxy.conf", text));
            process_ = std::make_unique<child_process>(std::move(command), files_.path() + "/log");
            if (listens())
                return;
        }
        throw std::runtime_error("tinyproxy does not start: " + log());
    }

    unsigned short port() const noexcept { return port_; }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    /// What it wrote about the requests so far.
    std::string log() const { return files_.read("log"); }

    void stop() { process_->stop(); }

private:
    static unsigned short free_port()
    {
        boost::asio::io_context io;
        boost::asio::ip::tcp::acceptor const a(io, {boost::asio::ip::address_v4::loopback(), 0});
        return a.local_endpoint().port();
    }

    bool listens()
    {
        constexpr std::chrono::milliseconds between{10};
        for (int i = 0; i != 1000 && !process_->wait(between); ++i)
        {
            boost::asio::io_context io;
            boost::asio::ip::tcp::socket s(io);
            boost::system::error_code ec;
            s.connect({boost::asio::ip::address_v4::loopback(), port_}, ec);
            if (!ec)
                return process_->running();
        }
        return false;
    }

    temporary_directory files_;
    unsigned short port_ = 0;
    std::unique_ptr<child_process> process_;
};

} // namespace test

#endif
