// Runs a coroutine for any completion token.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_COMPLETION_HPP
#define TIDINGS_DETAIL_COMPLETION_HPP

#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace tidings::detail {

/// Passes a result on to the caller's handler, in place of the pair that a spawned coroutine ends with.
template<class Handler, class T>
class completion
{
public:
    explicit completion(Handler h) : handler(std::move(h)) {}

    void operator()(std::exception_ptr thrown, result<T> outcome)
    {
        // Only memory that ran out: everything else is in the result.
        if (thrown)
            std::rethrow_exception(thrown);
        std::move(handler)(std::move(outcome));
    }

    Handler handler;
};

template<class T>
boost::asio::awaitable<result<T>> run(boost::asio::any_io_executor ex, boost::asio::awaitable<result<T>> operation)
{
    // Resetting forgets what has come already.
    auto const before = co_await boost::asio::this_coro::cancellation_state;
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    if (before.cancelled() == boost::asio::cancellation_type::none)
        co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_partial_cancellation());
    // An argument may be refused without any I/O: that must not complete inside the initiating call.
    co_await boost::asio::post(ex, boost::asio::use_awaitable);
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none)
        co_return failure(errc::cancelled);
    // From here on a cancellation that comes between two steps ends the operation at the next one.
    co_await boost::asio::this_coro::throw_if_cancelled(true);
    result<T> outcome = co_await std::move(operation);
    co_return outcome;
}

/// Runs `operation` on `ex` and completes with `void(result<T>)`.
template<class T, class Token>
auto async_run(boost::asio::any_io_executor const& ex, boost::asio::awaitable<result<T>> operation, Token&& token)
{
    return boost::asio::async_initiate<Token, void(result<T>)>(
        [ex](auto handler, boost::asio::awaitable<result<T>> op) {
            boost::asio::co_spawn(ex, run<T>(ex, std::move(op)), completion<decltype(handler), T>(std::move(handler)));
        },
        token, std::move(operation));
}

} // namespace tidings::detail

/// The handler's executor, allocator and cancellation slot are those of the caller's.
template<template<class, class> class Associator, class Handler, class T, class Default>
struct boost::asio::associator<Associator, tidings::detail::completion<Handler, T>, Default>
    : Associator<Handler, Default>
{
    static auto get(tidings::detail::completion<Handler, T> const& c) noexcept
    {
        return Associator<Handler, Default>::get(c.handler);
    }
    static auto get(tidings::detail::completion<Handler, T> const& c, Default const& d) noexcept
    {
        return Associator<Handler, Default>::get(c.handler, d);
    }
};

#endif
