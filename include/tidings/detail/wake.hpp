// Ends a wait that belongs to another executor.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_WAKE_HPP
#define TIDINGS_DETAIL_WAKE_HPP

#include <tidings/detail/on_executor.hpp>

#include <boost/asio/post.hpp>

#include <memory>
#include <new>

namespace tidings::inline v0::detail {

/// Cancels the timer of `waiter` on the timer's own executor.
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
            boost::asio::post(ex, [waiter] { waiter->timer.cancel(); });
            return;
        }
        catch (std::bad_alloc const&)
        {
        }
}

} // namespace tidings::inline v0::detail

#endif
