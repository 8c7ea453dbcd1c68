// Sends messages over warm connections with the library, used as its documentation says, and tells what one cost.
//
//   send --port PORT [--tls --ca FILE] [--count N] [--in-flight N] [--connections N] [--people N] [--each-person N]
//       [--pipelined]
//
// Prints one line of JSON: processor time, time and heap allocations per send, without the warm-up, and the memory of the
// process. The server runs in another process (`server.cpp`); `benchmarks/run` starts both, counts instructions and system calls
// too, and lets sends wait: for one of fewer connections, or for the limit of a person.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "measurement.hpp"

#include <tidings/tidings.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using benchmarks::meter;
using benchmarks::settings;

template<class Notifier>
boost::asio::awaitable<void> send_with(Notifier& notify, settings const& s, meter& m)
{
    while (m.next())
    {
        std::string to(benchmarks::person);
        if (s.people != 1)
            to += std::to_string(m.number() % s.people);
        auto const sent = co_await notify.send(std::move(to), tidings::text(std::string(benchmarks::message)));
        if (!sent)
            throw std::runtime_error(sent.error().message());
        m.done();
    }
}

template<class Transport>
void send_with_tidings(boost::asio::io_context& context, settings const& s, Transport how, meter& m)
{
    using notifier = tidings::notifier<tidings::lark, tidings::match::login_name, tidings::base_url,
                                       tidings::pacing::published, Transport, tidings::deadline>;
    // What pacing costs is part of a send; holding one back is not.
    constexpr unsigned plenty = 1'000'000'000;
    tidings::pacing::published pacing;
    pacing.limit(plenty, std::chrono::seconds(1)).limit(plenty, std::chrono::minutes(1));
    pacing.limit_each_person(s.each_person, std::chrono::seconds(1)).max_waiting(s.in_flight);
    typename notifier::credentials app("cli_9f427eec54ae901b", tidings::secret("bE9vJ5rKm2sT8wXzQ4nLc7dFhA1gUyPi"));
    constexpr std::chrono::minutes patient{10}; // who waits for a person's limit waits for long
    tidings::base_url const where((s.tls ? "https://" : "http://") + s.authority());
    notifier notify(context.get_executor(), std::move(app), where, pacing, std::move(how), tidings::deadline(patient));
    for (std::size_t i = 0; i != s.in_flight; ++i)
        boost::asio::co_spawn(context, send_with(notify, s, m), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    context.run();
}

template<class Transport>
void send_over(boost::asio::io_context& context, settings const& s, Transport how, meter& m)
{
    how.max_connections(s.connections).max_waiting(s.in_flight);
    if (s.pipelined)
        send_with_tidings(context, s, tidings::transport::pipelined(std::move(how)), m);
    else
        send_with_tidings(context, s, std::move(how), m);
}

} // namespace

int main(int argc, char** argv)
{
    return benchmarks::run(argc, argv, [](boost::asio::io_context& context, settings const& s, meter& m) {
        if (s.tls)
            send_over(context, s, tidings::transport::https().ca_file(s.ca), m);
        else
            send_over(context, s, tidings::transport::http(), m);
    });
}
