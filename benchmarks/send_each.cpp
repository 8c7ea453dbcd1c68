// One message to many people by `send_each`, whose ids are looked up.
//
//   send_each --port PORT [--count N] [--in-flight N] [--batch]
//
// `--in-flight` at a time; `--batch`: by the platform's own batches. Prints one line of JSON, per person: processor time, time and
// heap allocations, without the warm-up, and the memory of the process. The server is `people_server`.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "measurement.hpp"

#include <tidings/tidings.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <ranges>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using benchmarks::meter;
using benchmarks::settings;
using notifier = tidings::notifier<tidings::lark, tidings::match::email, tidings::base_url, tidings::pacing::published,
                                   tidings::transport::http>;

template<class Options>
boost::asio::awaitable<void> tell(notifier& notify, Options how, meter& m, std::size_t begin, std::size_t end)
{
    auto const address = [](std::size_t i) {
        return tidings::match::email("person" + std::to_string(i) + "@example.com");
    };
    auto const people = std::views::iota(begin, end) | std::views::transform(address);
    auto const sink = [&m](std::size_t, tidings::match::email const&, tidings::result<tidings::receipt> const& sent) {
        if (!sent)
            throw std::runtime_error(sent.error().message());
        m.done();
    };
    auto const summary = co_await notify.send_each(people, tidings::text(std::string(benchmarks::message)), sink, how);
    if (!summary)
        throw std::runtime_error(summary.error().message());
}

// The warm-up is a call of its own: within one, the sink hears of people when others of their window have been sent to, too.
template<class Options>
boost::asio::awaitable<void> tell_all(notifier& notify, Options how, meter& m)
{
    co_await tell(notify, how, m, 0, m.warm_up());
    co_await tell(notify, how, m, m.warm_up(), m.total());
}

void send_with_tidings(boost::asio::io_context& context, settings const& s, meter& m)
{
    tidings::transport::http how;
    how.max_connections(s.in_flight);
    constexpr unsigned plenty = 1'000'000'000; // what pacing costs is part of a send; holding one back is not
    tidings::pacing::published pacing;
    pacing.limit(plenty, std::chrono::seconds(1)).limit(plenty, std::chrono::minutes(1));
    notifier::credentials app("cli_9f427eec54ae901b", tidings::secret("bE9vJ5rKm2sT8wXzQ4nLc7dFhA1gUyPi"));
    notifier notify(context.get_executor(), std::move(app), tidings::base_url("http://" + s.authority()), pacing, how);
    auto const spawn = [&](boost::asio::awaitable<void> all) {
        boost::asio::co_spawn(context, std::move(all), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    };
    if (s.batch)
    {
        tidings::native_batch_options options;
        options.concurrency(s.in_flight);
        spawn(tell_all(notify, options, m));
    }
    else
    {
        tidings::send_each_options options;
        options.concurrency(s.in_flight);
        spawn(tell_all(notify, options, m));
    }
    context.run();
}

} // namespace

int main(int argc, char** argv)
{
    return benchmarks::run(argc, argv, send_with_tidings);
}
