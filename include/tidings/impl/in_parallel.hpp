// Several coroutines at once, in bounded number.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_IN_PARALLEL_HPP
#define TIDINGS_IMPL_IN_PARALLEL_HPP

#include <tidings/detail/background.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

namespace tidings::inline v0::detail {

/// Coroutines that run at the same time, and the handler that is called when all have ended.
///
/// Asio's `parallel_group` resumes the caller within `system_executor`, where an exception that leaves the next step,
/// such as `std::bad_alloc`, ends the process; and a cancellation that comes while nobody runs the executor is posted
/// with a pointer into memory of the group. This does neither.
template<class Handler>
class worker_group
{
public:
    worker_group(Handler h, std::size_t workers)
        : handler_(std::move(h)), signals_(new boost::asio::cancellation_signal[workers])
    {
    }

    /// What follows one of the coroutines. The last one that goes takes the handler with it: also when its coroutine is
    /// destroyed.
    class end final : public coroutine_end
    {
    public:
        end(std::shared_ptr<worker_group> g, std::size_t i) noexcept : group_(std::move(g)), index_(i) {}

        boost::asio::cancellation_slot slot() const noexcept override { return group_->signals_[index_].slot(); }

        void operator()(std::exception_ptr thrown, boost::system::error_code) override
        {
            if (thrown && !group_->thrown_)
                group_->thrown_ = std::move(thrown);
            if (--group_->running_ == 0)
                std::move(group_->handler_)(std::move(group_->thrown_));
        }

    private:
        std::shared_ptr<worker_group> group_;
        std::size_t index_;
    };

    /// The handler in the caller's cancellation slot.
    class cancel
    {
    public:
        explicit cancel(std::shared_ptr<worker_group> const& g) noexcept : group_(g) {}

        void operator()(boost::asio::cancellation_type type) const
        {
            if (auto const group = group_.lock())
                for (std::size_t i = 0; i != group->started_; ++i)
                    group->signals_[i].emit(type);
        }

    private:
        std::weak_ptr<worker_group> group_;
    };

    /// @param make  Makes the coroutine of a worker.
    template<class Make>
    static void run(boost::asio::any_io_executor const& ex, Handler handler, std::size_t workers, Make const& make)
    {
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        auto const group = std::make_shared<worker_group>(std::move(handler), workers);
        if (slot.is_connected())
            slot.template emplace<cancel>(group);
        group->running_ = workers;
        while (group->started_ != workers)
        {
            auto at_end = std::make_unique<end>(group, group->started_);
            ++group->started_;
            start(ex, make(), std::move(at_end));
        }
    }

private:
    Handler handler_;
    std::unique_ptr<boost::asio::cancellation_signal[]> signals_;
    std::size_t started_ = 0;
    std::size_t running_ = 0;
    std::exception_ptr thrown_;
};

template<class Job>
boost::asio::awaitable<boost::system::error_code> work_off(std::size_t& next, std::size_t count, Job& job)
{
    // What the caller's coroutine lets through reaches its workers.
    auto const before = co_await boost::asio::this_coro::cancellation_state;
    if (before.cancelled() == boost::asio::cancellation_type::none)
        co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
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
            break; // cancelled: the rest is not started
        }
    }
    co_return boost::system::error_code();
}

/// Starts the workers of `in_parallel`. Everything outlives them.
template<class Job, class Token>
auto async_work_off(boost::asio::any_io_executor const& ex, std::size_t workers, std::size_t& next, std::size_t count,
                    Job& job, Token&& token)
{
    auto const initiate = [&ex, workers, &next, count, &job](auto handler) {
        worker_group<decltype(handler)>::run(ex, std::move(handler), workers,
                                             [&] { return work_off(next, count, job); });
    };
    return boost::asio::async_initiate<Token, void(std::exception_ptr)>(initiate, token);
}

/// Runs `job(0)` to `job(count - 1)`, each an `awaitable<void>`, at most `width` at a time, and completes when all
/// have. Cancellation reaches those that run, and the others are not started. An exception of a job is thrown once all
/// have ended; the jobs that it kept from starting are started by the other workers, if there are any.
template<class Job>
boost::asio::awaitable<void> in_parallel(boost::asio::any_io_executor ex, std::size_t count, std::size_t width, Job job)
{
    std::size_t next = 0;
    auto const before = co_await boost::asio::this_coro::cancellation_state;
    if (count == 0 || before.cancelled() != boost::asio::cancellation_type::none)
        co_return;
    auto const workers = std::min(count, std::max<std::size_t>(width, 1));
    co_await async_work_off(ex, workers, next, count, job, boost::asio::use_awaitable);
}

} // namespace tidings::inline v0::detail

#endif
