// Ends a wait that belongs to another executor.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_WAKE_HPP
#define TIDINGS_DETAIL_WAKE_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/on_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>

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

    /// Posts the cancellation of a timer, which belongs to `owner`. Does nothing once the destruction of the context has
    /// begun.
    TIDINGS_DECL void post_cancellation(std::shared_ptr<void> const& owner, boost::asio::steady_timer& timer) noexcept;

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
    if (certainly_runs_here(waiter->timer.get_executor()))
        waiter->timer.cancel();
    else
        waiter->posting.post_cancellation(waiter, waiter->timer);
}

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/wake.ipp>
#endif

#endif
