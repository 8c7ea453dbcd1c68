// Several coroutines at once, in bounded number.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IN_PARALLEL_HPP
#define TIDINGS_DETAIL_IN_PARALLEL_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

namespace tidings::detail {

template<class Job>
boost::asio::awaitable<void> work_off(std::size_t& next, std::size_t count, Job& job)
{
    while (next < count)
    {
        try
        {
            co_await job(next++);
        }
        catch (boost::system::system_error const& e)
        {
            if (e.code() != boost::asio::error::operation_aborted)
                throw;
            co_return; // cancelled: the rest is not started
        }
    }
}

/// Runs `job(0)` to `job(count - 1)`, each an `awaitable<void>`, at most `width` at a time, and completes when all
/// have. Cancellation reaches those that run, and the others are not started. An exception of a job is thrown once all
/// have ended.
template<class Job>
boost::asio::awaitable<void> in_parallel(boost::asio::any_io_executor ex, std::size_t count, std::size_t width, Job job)
{
    std::size_t next = 0;
    auto const before = co_await boost::asio::this_coro::cancellation_state;
    if (count == 0 || before.cancelled() != boost::asio::cancellation_type::none)
        co_return;
    using task = decltype(boost::asio::co_spawn(ex, work_off(next, count, job), boost::asio::deferred));
    std::vector<task> tasks;
    for (std::size_t i = 0; i != std::min(count, std::max<std::size_t>(width, 1)); ++i)
        tasks.push_back(boost::asio::co_spawn(ex, work_off(next, count, job), boost::asio::deferred));
    auto group = boost::asio::experimental::make_parallel_group(std::move(tasks));
    auto const [order, thrown] =
        co_await group.async_wait(boost::asio::experimental::wait_for_all(), boost::asio::use_awaitable);
    for (auto const& one : thrown)
        if (one)
            std::rethrow_exception(one);
}

} // namespace tidings::detail

#endif
