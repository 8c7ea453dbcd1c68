// Ends a wait that belongs to another executor.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_WAKE_IPP
#define TIDINGS_DETAIL_IMPL_WAKE_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wake.hpp>

#include <boost/asio/post.hpp>

#include <mutex>
#include <new>

namespace tidings::inline v0::detail {

TIDINGS_DECL void posting_service::post_cancellation(std::shared_ptr<void> const& owner,
                                                     boost::asio::steady_timer& timer) noexcept
{
    std::lock_guard const lock(mutex_);
    if (shut_down_)
        return;
    for (int tries = 0; tries != 2; ++tries)
        try
        {
            boost::asio::post(timer.get_executor(), [owner, &timer] { timer.cancel(); });
            return;
        }
        catch (std::bad_alloc const&)
        {
        }
}

} // namespace tidings::inline v0::detail

#endif
