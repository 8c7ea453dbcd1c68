// Waits of coroutines that have no time to save.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_WAIT_IPP
#define TIDINGS_DETAIL_IMPL_WAIT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wait.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace tidings::inline v0::detail {

TIDINGS_DECL boost::asio::awaitable<boost::system::error_code> expiry_of(boost::asio::steady_timer& timer)
{
    auto const [ec] = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    co_return ec;
}

} // namespace tidings::inline v0::detail

#endif
