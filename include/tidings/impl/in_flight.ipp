// Counts the operations that have begun and not ended, for `drain` and `close`.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_IN_FLIGHT_IPP
#define TIDINGS_IMPL_IN_FLIGHT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/impl/in_flight.hpp>
#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace tidings::inline v0::detail {

TIDINGS_DECL in_flight::guard& in_flight::guard::operator=(guard&& other) noexcept
{
    std::swap(all_, other.all_);
    return *this;
}

TIDINGS_DECL in_flight::guard::~guard()
{
    if (all_ && --all_->count_ == 0)
        all_->wake_all();
}

TIDINGS_DECL boost::asio::awaitable<result<void>> in_flight::ended(boost::asio::any_io_executor ex,
                                                                   std::chrono::steady_clock::time_point until)
{
    waiter own(ex);
    waiting_.push_back(own);
    while (count_ != 0)
    {
        own.timer.expires_at(until);
        boost::system::error_code const ec = co_await expiry_of(own.timer);
        auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != boost::asio::cancellation_type::none)
            co_return failure(errc::cancelled);
        if (!ec && count_ != 0)
            co_return make_failure(errc::timed_out, "operations are still in flight");
    }
    co_return result<void>();
}

TIDINGS_DECL void in_flight::wake_all() noexcept
{
    for (auto& waiting : waiting_)
        waiting.timer.cancel();
}

} // namespace tidings::inline v0::detail

#endif
