// Ends a wait that belongs to another executor.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_WAKE_HPP
#define TIDINGS_DETAIL_WAKE_HPP

#include <tidings/detail/on_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace tidings::inline v0::detail {

/// Lets other threads post to an execution context, until the destruction of the context begins: from then on only the
/// thread that destroys it may touch its queues (`execution_context::shutdown`).
class posting_service : public boost::asio::execution_context::service
{
public:
    static inline boost::asio::execution_context::id id;

    explicit posting_service(boost::asio::execution_context& owner) : service(owner) {}

    /// The service of the context of `ex`. To be called on its executor.
    static posting_service& of(boost::asio::any_io_executor const& ex)
    {
        auto& context = boost::asio::query(ex, boost::asio::execution::context);
        return boost::asio::use_service<posting_service>(context);
    }

    /// Does nothing once the destruction of the context has begun.
    template<class Handler>
    void post(boost::asio::any_io_executor const& ex, Handler&& handler)
    {
        std::lock_guard const lock(mutex_);
        if (!shut_down_)
            boost::asio::post(ex, std::forward<Handler>(handler));
    }

private:
    /// Asio shuts the services of a context down in the reverse order of their creation, so that its scheduler follows.
    void shutdown() noexcept override
    {
        std::lock_guard const lock(mutex_);
        shut_down_ = true;
    }

    std::mutex mutex_;
    bool shut_down_ = false;
};

/// Cancels the timer of `waiter` on the timer's own executor. To be called while `waiter` is certain to be needed by
/// its coroutine, so that its execution context is not destroyed meanwhile, though that may have begun.
///
/// Never throws, since destructors call it. On the waiter's own executor it needs no memory; elsewhere it needs some
/// for a posted handler. Without that, the wait lasts until the timer expires.
template<class Waiter>
void wake(std::shared_ptr<Waiter> const& waiter) noexcept
{
    auto const ex = waiter->timer.get_executor();
    if (certainly_runs_here(ex))
    {
        waiter->timer.cancel();
        return;
    }
    for (int tries = 0; tries != 2; ++tries)
        try
        {
            waiter->posting.post(ex, [waiter] { waiter->timer.cancel(); });
            return;
        }
        catch (std::bad_alloc const&)
        {
        }
}

} // namespace tidings::inline v0::detail

#endif
