// What a notifier and a webhook have in common: the executor, and the end.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BASIC_CLIENT_HPP
#define TIDINGS_BASIC_CLIENT_HPP

#include <tidings/client_end.hpp>
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
class basic_client : public client_end<basic_client<State>>
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
    friend class client_end<basic_client>;

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
