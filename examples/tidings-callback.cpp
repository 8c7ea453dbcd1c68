// Receives what WeCom, Lark and Feishu send to an application: each event is one line of JSON on standard output.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-callback/application.hpp"
#include "tidings-callback/asynchronous.hpp"
#include "tidings-callback/connections.hpp"
#include "tidings-callback/diagnostics.hpp"
#include "tidings-callback/server.hpp"
#include "tidings-callback/settings.hpp"
#include "tools/self_description.hpp"
#include "tools/usage_error.hpp"

#include <tidings/version.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

using namespace tidings_callback;

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

// A descriptor of the standard streams that is closed would be the next socket's.
void check_standard_streams()
{
    if (::fcntl(STDOUT_FILENO, F_GETFD) < 0)
        throw std::runtime_error("standard output is closed: events would be lost");
    for (int const fd : {STDIN_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd)
            throw std::runtime_error("a standard stream is closed");
}

// Some descriptors are needed for other things than connections.
void respect_descriptor_limit(settings& given)
{
    constexpr rlim_t others = 16;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        given.max_connections = std::min<std::size_t>(
            given.max_connections, limit.rlim_cur > others ? static_cast<std::size_t>(limit.rlim_cur - others) : 1);
}

asio::awaitable<void> begin(asio::io_context& io, server& receiver, int& status)
{
    json::object const line{{"url", "http://127.0.0.1:" + std::to_string(receiver.port())}};
    constexpr std::chrono::seconds write_timeout(5);
    auto const error =
        co_await receiver.output().write(json::serialize(line) + '\n', clock_type::now() + write_timeout);
    if (!error)
        co_return;
    std::cerr << "tidings-callback: the address could not be written to standard output: " << error.message() << '\n';
    status = 2;
    io.stop();
}

} // namespace

int main(int argc, char** argv)
{
    settings given;
    std::int64_t max_age = given.max_age.count();
    double timeout = std::chrono::duration<double>(given.timeout).count();
    CLI::App cli{"Receives the callbacks of WeCom (/wecom), Lark (/lark) and Feishu (/feishu) on 127.0.0.1 and prints "
                 "each event as one line of JSON. Put a web server with HTTPS in front. Serves until standard input "
                 "ends."};
    cli.set_version_flag("--version", "tidings-callback " TIDINGS_VERSION_STRING, "The version, and leave");
    tools::declare_self_description(cli, "tidings-callback", TIDINGS_VERSION_STRING);
    cli.add_option("--port", given.port, "Where to listen. Default: a free port, named in the first line of output")
        ->check(CLI::Range(0, 65535));
    cli.add_option("--max-age", max_age,
                   "Seconds after which a signed request is refused; 0: never. Default: 28800, for Lark's last "
                   "repetition comes after 6 hours")
        ->check(CLI::Range(0, 10 * 365 * 24 * 3600));
    cli.add_option("--timeout", timeout, "Seconds for a whole request to arrive. Default: 5")
        ->check(CLI::Range(0.05, 60.0));
    cli.add_option("--max-connections", given.max_connections,
                   "How many at once; one more closes the one that has waited longest for its peer. Default: 128")
        ->check(CLI::Range(1, 10000));
    cli.footer("Settings, from the environment:\n"
               "  TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY, TIDINGS_CORP_ID    WeCom\n"
               "  TIDINGS_ENCRYPT_KEY, TIDINGS_VERIFICATION_TOKEN                      Lark and Feishu\n"
               "What is refused or not served is said on standard error. An event that cannot be written to standard\n"
               "output is answered with 500, so that the platform repeats it.\n"
               "Exit status: 0 standard input ended or a signal came; 2 an option, a setting, the port or standard\n"
               "output is not usable.");
    cli.failure_message(tools::usage_error);
    try
    {
        cli.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        return cli.exit(e) == 0 ? EXIT_SUCCESS : 2;
    }

    int status = EXIT_SUCCESS;
    try
    {
        check_standard_streams();
        for (int const signal_number :
             {SIGPIPE, SIGXFSZ}) // a closed pipe and a file that may not grow are errors of write
            std::signal(signal_number, SIG_IGN);
        if (!std::isfinite(timeout))
            throw std::runtime_error("--timeout is not a number");
        given.max_age = std::chrono::seconds(max_age);
        given.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout * 1000));
        respect_descriptor_limit(given);
        diagnostics log;
        application const app(given, log);
        connections those;
        asio::io_context io(1); // goes before what its coroutines refer to when they go
        server receiver(io, those, given, app, log);
        asio::signal_set signals(io, SIGINT, SIGTERM);
        signals.async_wait([&io](boost::system::error_code, int) { io.stop(); });
        asio::co_spawn(io, wait_for_end_of_input(io), asio::detached);
        asio::co_spawn(io, receiver.output().run(), asio::detached);
        asio::co_spawn(io, receiver.accept(), asio::detached);
        asio::co_spawn(io, begin(io, receiver, status), asio::detached);
        io.run();
    }
    catch (std::exception const& e)
    {
        std::cerr << "tidings-callback: " << e.what() << '\n';
        return 2;
    }
    return status;
}
