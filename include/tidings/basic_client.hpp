// What a notifier and a webhook have in common: the executor, and the end.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BASIC_CLIENT_HPP
#define TIDINGS_BASIC_CLIENT_HPP

#include <tidings/impl/completion.hpp>
#include <tidings/impl/engine.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/send_each.hpp>
#include <tidings/send_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <utility>

namespace tidings::inline v0 {

namespace detail {
struct client_access;
}

/// The base of `notifier` and `webhook`. Not for use alone.
///
/// @tparam State  What the operations share.
///
/// @par Thread safety  Shared objects: every operation may be called on any thread; those without `async_` must be
///                     awaited on the executor.
template<class State>
class basic_client
{
public:
    /// Erased, so that a client has one type on every executor. So there is no `rebind_executor`, which gives an I/O
    /// object another type of executor together with another default token: pass the token with each call.
    using executor_type = boost::asio::any_io_executor;

    /// The executor that everything runs on.
    ///
    /// @par Thread safety     May be called on any thread.
    /// @par Exception safety  Does not throw.
    [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }

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
        return end(how, false, true);
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
        return detail::async_run<void>(executor_, end(how, false, false), std::forward<Token>(token));
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
        return end(how, true, true);
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
        return detail::async_run<void>(executor_, end(how, true, false), std::forward<Token>(token));
    }

protected:
    explicit basic_client(executor_type ex) noexcept : executor_(std::move(ex)) {}
    basic_client(basic_client&&) noexcept = default;
    basic_client& operator=(basic_client&& other) noexcept
    {
        basic_client old(std::move(*this));
        state_ = std::move(other.state_);
        executor_ = std::move(other.executor_);
        return *this;
    }
    ~basic_client()
    {
        if (state_ && state_->engine)
            state_->engine->stop();
    }

    /// Delivers a message for a completion token. `total` is ignored once the message is being written.
    template<class Token>
    auto async_deliver(detail::delivery what, Token&& token) const
    {
        return detail::async_run<receipt>(executor_, std::move(what.operation), std::forward<Token>(token),
                                          what.committed);
    }

    std::shared_ptr<State> state_;
    executor_type executor_;

private:
    friend struct detail::client_access;

    /// @param close  Whether to refuse every further operation.
    /// @param queue  See `engine::drain`.
    boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue)
    {
        return detail::drain(state_->engine, how, close, queue);
    }
};

namespace detail {

/// What `any_notifier` and `any_webhook` need of a notifier or a webhook that others do not.
struct client_access
{
    /// Whether the settings are usable.
    template<class Client>
    static result<void> check(Client const& which)
    {
        if (!which.state_->engine)
            return which.state_->unusable;
        return {};
    }

    /// The beginning of `async_send` of a webhook.
    template<class Client, class Message>
    static delivery start(Client& on, Message what, send_options how)
    {
        return on.start_send(std::move(what), std::move(how));
    }

    /// The beginning of `async_send`.
    template<class Client, class Who, class Message>
    static delivery start(Client& on, Who who, Message what, send_options how)
    {
        return on.start_send(std::move(who), std::move(what), std::move(how));
    }

    /// The beginning of `send_each` and `async_send_each`.
    template<class Client, class People, class Message, class Sink, class Options, class Exceptions>
    static boost::asio::awaitable<result<send_summary>> start_each(Client& on, People&& people, Message what, Sink sink,
                                                                   Options how, Exceptions exceptions)
    {
        return on.start_send_each(std::forward<People>(people), std::move(what), std::move(sink), std::move(how),
                                  exceptions);
    }

    /// The beginning of `drain` and `close` and their `async_` forms.
    template<class Client>
    static boost::asio::awaitable<result<void>> end(Client& which, call_options how, bool close, bool queue)
    {
        return which.end(how, close, queue);
    }
};

} // namespace detail

} // namespace tidings::inline v0

#endif
