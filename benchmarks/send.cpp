// Sends messages over warm connections and tells what one of them cost.
//
//   send --client tidings|beast_reused|beast_textbook --port PORT [--tls --ca FILE] [--count N] [--in-flight N]
//
// Prints one line of JSON: processor time, time and heap allocations per send, without the warm-up. The server runs in
// another process (`server.cpp`); `benchmarks/run` starts both and counts instructions too.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "beast_client.hpp"
#include "measurement.hpp"
#include "tidings_client.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace {

benchmarks::settings read(int argc, char** argv)
{
    benchmarks::settings out;
    for (int i = 1; i != argc; ++i)
    {
        std::string_view const name = argv[i];
        auto const value = [&] {
            if (++i == argc)
                throw std::runtime_error(std::string(name) + " needs a value");
            return argv[i];
        };
        auto const number = [&] { return std::strtoul(value(), nullptr, 10); };
        if (name == "--client")
            out.client = value();
        else if (name == "--tls")
            out.tls = true;
        else if (name == "--port")
            out.port = static_cast<unsigned short>(number());
        else if (name == "--ca")
            out.ca = value();
        else if (name == "--count")
            out.count = number();
        else if (name == "--in-flight")
            out.in_flight = number();
        else
            throw std::runtime_error("unknown option: " + std::string(name));
    }
    if (out.port == 0 || out.count == 0 || out.in_flight == 0)
        throw std::runtime_error("--port, --count and --in-flight are at least 1");
    return out;
}

} // namespace

int main(int argc, char** argv)
try
{
    auto const settings = read(argc, argv);
    constexpr std::size_t warm_up_each = 20;
    benchmarks::meter meter(warm_up_each * settings.in_flight, settings.count);
    boost::asio::io_context context(1);
    if (settings.client == "tidings")
        benchmarks::send_with_tidings(context, settings, meter);
    else if (settings.client == "beast_reused")
        benchmarks::send_with_beast(context, settings, true, meter);
    else if (settings.client == "beast_textbook")
        benchmarks::send_with_beast(context, settings, false, meter);
    else
        throw std::runtime_error("no such client: " + settings.client);
    std::cout << meter.report() << std::endl;
}
catch (std::exception const& e)
{
    std::cerr << "send: " << e.what() << '\n';
    return 1;
}
