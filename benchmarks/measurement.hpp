// What all programs of the benchmark share: the message, the settings, and the measuring.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BENCHMARKS_MEASUREMENT_HPP
#define TIDINGS_BENCHMARKS_MEASUREMENT_HPP

#include "allocations.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/resource.h>
#include <sys/time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace benchmarks {

/// The person and the text of every message: 606 bytes of request body with a UUID.
inline constexpr std::string_view person = "7be5fg9a";
inline constexpr std::string_view message =
    "Backup of db-7 is late: the last good copy is 26 hours old, the limit is 24.\n"
    "Volume /srv/backup: 91 % full, 38 GB left; it grew by 6 GB since yesterday.\n"
    "Job \"nightly-full\" on runner-3 was started at 02:00 and has written nothing for 41 minutes; the two jobs "
    "behind it wait.\n"
    "What to do: look at the runner first (it was out of memory last Thursday), then start the job again by hand. "
    "Everything else is green.\n"
    "Runbook: https://wiki.example.com/backup/late#first-twenty-minutes";

struct settings
{
    bool fresh = false; ///< Nothing is reused but the connection; for the client that has both ways.
    bool tls = false;
    unsigned short port = 0;
    std::string ca;
    std::size_t count = 1000;
    std::size_t in_flight = 1;
    std::size_t connections = 0; ///< 0: as many as are in flight.
    bool pipelined = false;      ///< Several requests at once on one connection; for the client that can do so.
    bool batch = false;          ///< By the platform's batches; for the client that sends to many people.
    bool system = false;         ///< The system's authorities are trusted, instead of those in `ca`.
    std::size_t people = 1;
    unsigned each_person = 1'000'000'000; ///< Messages a second that one person may get.

    std::string authority() const { return "localhost:" + std::to_string(port); }
};

/// Tells the clients how long to go on, and takes the time between the end of the warm-up and the end.
class meter
{
public:
    meter(std::size_t warm_up, std::size_t count) noexcept : warm_up_(warm_up), total_(warm_up + count) {}

    /// Whether one more message is to be sent.
    bool next() noexcept { return started_ != total_ && ++started_ != 0; }
    /// Of a message that `next` asked for: distinct for each.
    std::size_t number() const noexcept { return started_; }

    /// A message was sent.
    void done() noexcept
    {
        if (++done_ == warm_up_)
            begin_ = now();
        else if (done_ == total_)
            end_ = now();
    }

    std::size_t sent() const noexcept { return done_; }

    /// How many are sent before what is measured.
    std::size_t warm_up() const noexcept { return warm_up_; }
    /// How many are to be sent, with the warm-up.
    std::size_t total() const noexcept { return total_; }

    /// What the sends after the warm-up took, as JSON, each per send; the memory is the process's.
    std::string report() const
    {
        auto const each = [n = static_cast<double>(total_ - warm_up_)](char const* name, auto from, auto to) {
            return '"' + std::string(name) + "\": " + std::to_string(static_cast<double>(to - from) / n);
        };
        auto const& a = begin_.allocations;
        auto const& b = end_.allocations;
        return '{' + each("cpu_ns", begin_.cpu, end_.cpu) + ", " + each("wall_ns", begin_.wall, end_.wall) + ", " +
               each("user_ns", begin_.user, end_.user) + ", " + each("system_ns", begin_.system, end_.system) + ", " +
               each("allocations", a.ours, b.ours) + ", " + each("allocated_bytes", a.ours_bytes, b.ours_bytes) + ", " +
               each("openssl_allocations", a.openssl, b.openssl) + ", " +
               each("openssl_allocated_bytes", a.openssl_bytes, b.openssl_bytes) +
               ", \"messages\": " + std::to_string(total_ - warm_up_) +
               ", \"max_rss_kb\": " + std::to_string(max_rss()) + '}';
    }

private:
    struct moment
    {
        std::int64_t cpu = 0;
        std::int64_t wall = 0;
        std::int64_t user = 0;
        std::int64_t system = 0;
        allocation_counts allocations;
    };

    /// In KiB, of this program alone: what getrusage says includes the process that started it.
    static long max_rss()
    {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;)
            if (long size = 0; word == "VmHWM:" && status >> size)
                return size;
        return used().ru_maxrss;
    }
    static rusage used() noexcept
    {
        rusage out{};
        ::getrusage(RUSAGE_SELF, &out);
        return out;
    }
    static std::int64_t nanoseconds(timeval t) noexcept
    {
        return (std::int64_t{t.tv_sec} * 1'000'000 + t.tv_usec) * 1000;
    }
    static std::int64_t read(clockid_t clock) noexcept
    {
        timespec t{};
        ::clock_gettime(clock, &t);
        return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
    }
    static moment now() noexcept
    {
        auto const so_far = used();
        return {read(CLOCK_PROCESS_CPUTIME_ID), read(CLOCK_MONOTONIC), nanoseconds(so_far.ru_utime),
                nanoseconds(so_far.ru_stime), allocated};
    }

    std::size_t warm_up_;
    std::size_t total_;
    std::size_t started_ = 0;
    std::size_t done_ = 0;
    moment begin_;
    moment end_;
};

inline settings read_settings(int argc, char** argv)
{
    settings out;
    for (int i = 1; i != argc; ++i)
    {
        std::string_view const name = argv[i];
        auto const value = [&] {
            if (++i == argc)
                throw std::runtime_error(std::string(name) + " needs a value");
            return argv[i];
        };
        auto const number = [&] { return std::strtoul(value(), nullptr, 10); };
        if (name == "--fresh")
            out.fresh = true;
        else if (name == "--tls")
            out.tls = true;
        else if (name == "--pipelined")
            out.pipelined = true;
        else if (name == "--batch")
            out.batch = true;
        else if (name == "--system")
            out.system = true;
        else if (name == "--port")
            out.port = static_cast<unsigned short>(number());
        else if (name == "--ca")
            out.ca = value();
        else if (name == "--count")
            out.count = number();
        else if (name == "--in-flight")
            out.in_flight = number();
        else if (name == "--connections")
            out.connections = number();
        else if (name == "--people")
            out.people = number();
        else if (name == "--each-person")
            out.each_person = static_cast<unsigned>(number());
        else
            throw std::runtime_error("unknown option: " + std::string(name));
    }
    if (out.connections == 0)
        out.connections = out.in_flight;
    if (out.port == 0 || out.count == 0 || out.in_flight == 0 || out.people == 0 || out.each_person == 0)
        throw std::runtime_error("--port and the numbers are at least 1");
    return out;
}

/// 20 for each that is in flight. With thousands, two are enough for each beyond the first 64: under the limit of a person
/// the rest would take minutes.
inline std::size_t warm_up(std::size_t in_flight) noexcept
{
    constexpr std::size_t few = 64;
    constexpr std::size_t each = 20;
    return std::min(each * in_flight, each * few + 2 * in_flight);
}

/// What every program here does: reads its settings, lets `send` make the sends, and reports.
///
/// @param send  Called as `send(context, settings, meter)`, or without the context by a client that is not Asio's.
template<class Send>
int run(int argc, char** argv, Send const& send)
try
{
    auto const given = read_settings(argc, argv);
    meter m(warm_up(given.in_flight), given.count);
    if constexpr (std::is_invocable_v<Send const&, boost::asio::io_context&, settings const&, meter&>)
    {
        boost::asio::io_context context(1);
        send(context, given, m);
    }
    else
        send(given, m);
    std::cout << m.report() << std::endl;
    return 0;
}
catch (std::exception const& e)
{
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
}

} // namespace benchmarks

#endif
