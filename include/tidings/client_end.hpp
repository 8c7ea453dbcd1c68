// The end of a client: waiting for its operations, and shutting down.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CLIENT_END_HPP
#define TIDINGS_CLIENT_END_HPP

#include <tidings/impl/completion.hpp>
#include <tidings/result.hpp>
#include <tidings/send_options.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <utility>

namespace tidings::inline v0 {

/// The last operations of `notifier`, `webhook`, `any_notifier` and `any_webhook`. Not for use alone.
///
/// @tparam Client  The class that is derived from this one.
///
/// @par Thread safety  Shared objects: every operation may be called on any thread; those without `async_` must be
///                     awaited on the executor.
template<class Client>
class client_end
{
public:
    /// Waits until no operation of this object is in flight, those included that begin meanwhile.
    ///
    /// An operation is in flight from its first step on `get_executor()` to its last; the handler of an `async_`
    /// operation may still be on its way to another executor. A token refresh in the background counts.
    ///
    /// @param how  How long to wait. Without a deadline as long as it takes: every operation ends by its own deadline.
    /// @returns Success, or the failure.
    ///
    /// @par Preconditions     The object has not been moved from. Not awaited inside a sink of `send_each`, which would
    ///                        wait for itself.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` and `total` where the awaiting coroutine lets them through: completes with
    ///   `errc::cancelled`. The operations in flight go on.
    /// @par Errors
    ///   `errc::timed_out`: operations are still in flight
    ///
    ///   `errc::invalid_argument`: the deadline is not more than zero
    ///
    ///   `errc::cancelled`
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<void>> drain(call_options how = call_options())
    {
        return client().end(how, false, true);
    }

    /// Waits until no operation is in flight, for any completion token and from any thread.
    ///
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The operations in flight go on.
    /// @par Errors            As for `drain`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_drain(Token&& token = Token())
    {
        return async_drain(call_options(), std::forward<Token>(token));
    }

    /// Waits until no operation is in flight, with options, for any completion token and from any thread.
    ///
    /// @param how    How long to wait.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The operations in flight go on.
    /// @par Errors            As for `drain`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_drain(call_options how, Token&& token = Token())
    {
        return detail::async_run<void>(client().get_executor(), client().end(how, false, false),
                                       std::forward<Token>(token));
    }

    /// Shuts down: from now on every operation fails with `errc::cancelled` and "is closed"; completes when those in
    /// flight have ended.
    ///
    /// Operations in flight go on to their end. Operations that the same thread started before are in
    /// flight. A token refresh in the background is cancelled. Cannot be undone; closing again waits
    /// again. Connections are closed by the destructor.
    ///
    /// @param how  How long to wait. Without a deadline as long as it takes: every operation ends by its own deadline.
    /// @returns Success, or the failure. The object is closed in each case, unless the deadline was refused or the
    ///          operation was cancelled before it began.
    ///
    /// @par Preconditions     The object has not been moved from. Not awaited inside a sink of `send_each`, which would
    ///                        wait for itself.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` and `total` where the awaiting coroutine lets them through: completes with
    ///   `errc::cancelled`. The operations in flight go on, and the object stays closed.
    /// @par Errors
    ///   `errc::timed_out`: operations are still in flight
    ///
    ///   `errc::invalid_argument`: the deadline is not more than zero
    ///
    ///   `errc::cancelled`
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<void>> close(call_options how = call_options())
    {
        return client().end(how, true, true);
    }

    /// Shuts down as `close` does, for any completion token and from any thread.
    ///
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The operations in flight go on.
    /// @par Errors            As for `close`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_close(Token&& token = Token())
    {
        return async_close(call_options(), std::forward<Token>(token));
    }

    /// Shuts down as `close` does, with options, for any completion token and from any thread.
    ///
    /// @param how    How long to wait.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The operations in flight go on.
    /// @par Errors            As for `close`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_close(call_options how, Token&& token = Token())
    {
        return detail::async_run<void>(client().get_executor(), client().end(how, true, false),
                                       std::forward<Token>(token));
    }

private:
    friend Client;
    client_end() = default;

    Client& client() noexcept { return static_cast<Client&>(*this); }
};

} // namespace tidings::inline v0

#endif
