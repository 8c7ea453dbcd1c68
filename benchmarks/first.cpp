// A program that was just started and tells people something: nothing is known yet, neither the token nor the people's ids, and
// no connection is open.
//
//   first --port PORT [--ca FILE | --system] [--count N]
//
// `--count` messages at once, each to another person, by TLS. Prints one line of JSON: how long the notifier's constructor took,
// and when the first and the last message was delivered, counted from the beginning of `main`. `first_beast` is the same for one
// message by hand.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "measurement.hpp"

#include <tidings/tidings.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using notifier = tidings::notifier<tidings::lark, tidings::match::email, tidings::base_url, tidings::transport::https>;
using clock_type = std::chrono::steady_clock;

double milliseconds_since(clock_type::time_point begin)
{
    return std::chrono::duration<double, std::milli>(clock_type::now() - begin).count();
}

struct times
{
    clock_type::time_point begin = clock_type::now();
    double first = 0;
    double last = 0;
};

boost::asio::awaitable<void> tell(notifier& notify, std::string to, times& t)
{
    auto const sent = co_await notify.send(std::move(to), tidings::text(std::string(benchmarks::message)));
    if (!sent)
        throw std::runtime_error(sent.error().message());
    t.last = milliseconds_since(t.begin);
    if (t.first == 0)
        t.first = t.last;
}

} // namespace

int main(int argc, char** argv)
try
{
    times t;
    auto const given = benchmarks::read_settings(argc, argv);
    boost::asio::io_context context(1);
    tidings::transport::https how;
    if (!given.system)
        how.ca_file(given.ca);
    how.max_connections(given.count);
    notifier::credentials app("cli_9f427eec54ae901b", tidings::secret("bE9vJ5rKm2sT8wXzQ4nLc7dFhA1gUyPi"));
    auto const before = clock_type::now();
    notifier notify(context.get_executor(), std::move(app), tidings::base_url("https://" + given.authority()),
                    std::move(how));
    auto const constructed = milliseconds_since(before);
    for (std::size_t i = 0; i != given.count; ++i)
        boost::asio::co_spawn(context, tell(notify, "person" + std::to_string(i) + "@example.com", t),
                              [](std::exception_ptr thrown) {
                                  if (thrown)
                                      std::rethrow_exception(thrown);
                              });
    context.run();
    std::cout << "{\"constructed_ms\": " << constructed << ", \"first_ms\": " << t.first << ", \"last_ms\": " << t.last
              << '}' << std::endl;
}
catch (std::exception const& e)
{
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
}
