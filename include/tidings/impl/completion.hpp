// Runs a coroutine for any completion token, wherever the initiating function is called.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_COMPLETION_HPP
#define TIDINGS_IMPL_COMPLETION_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>

#include <concepts>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::detail {

/// Passes a cancellation that the caller asked for on to the operation, on the operation's executor.
///
/// A cancellation may be emitted while nobody runs the executor, and may so arrive when the operation has ended and the
/// caller's signal is gone. Asio's `co_spawn` posts a pointer into the memory of the signal then; this posts a share of
/// what it refers to.
class cancellation_relay
{
public:
    explicit cancellation_relay(boost::asio::any_io_executor ex) : executor_(std::move(ex)) {}

    /// The operation's. Used on the executor only.
    boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }

    /// The operation has ended: the executor is given up. The caller's signal may outlive its execution context, and
    /// a strand must not.
    void end() noexcept;

    static void emit(std::shared_ptr<cancellation_relay> const& to, boost::asio::cancellation_type type);

private:
    /// None when the operation has ended.
    boost::asio::any_io_executor executor() const;

    mutable std::mutex mutex_;
    boost::asio::any_io_executor executor_;
    boost::asio::cancellation_signal signal_;
    boost::asio::cancellation_type requested_ = boost::asio::cancellation_type::none; ///< Used on the executor only.
};

/// The handler in the caller's cancellation slot.
class cancellation_request
{
public:
    explicit cancellation_request(std::shared_ptr<cancellation_relay> to) noexcept : to_(std::move(to)) {}

    void operator()(boost::asio::cancellation_type type) const { cancellation_relay::emit(to_, type); }

private:
    std::shared_ptr<cancellation_relay> to_;
};

TIDINGS_DECL bool is_out_of_memory(std::exception_ptr const& thrown) noexcept;

/// The text of an exception, as the end of a sentence: nothing where it has none.
TIDINGS_DECL std::string text_of(std::exception_ptr const& thrown);

/// The failure that a handler gets when an exception ended the operation: memory ran out, or a policy of the user
/// threw. How far the operation came is not known.
TIDINGS_DECL failure failure_of(std::exception_ptr const& thrown) noexcept;

/// A handler that takes an exception of the operation as it is, instead of the failure made of it.
template<class Handler>
concept takes_exceptions =
    requires(Handler&& h, std::exception_ptr thrown) { std::move(h).complete_with_exception(std::move(thrown)); };

/// Calls the caller's handler when the coroutine has ended.
///
/// It has no associated executor: `co_spawn` then passes a cancellation on at once, which `cancellation_relay` emits on
/// the executor.
template<class Handler, class T>
class completion
{
    using associated = boost::asio::associated_executor<Handler, boost::asio::any_io_executor>;
    using handler_executor = typename associated::type;

    static constexpr bool has_no_executor =
        requires { typename associated::asio_associated_executor_is_unspecialised; };

public:
    using cancellation_slot_type = boost::asio::cancellation_slot;
    using allocator_type = boost::asio::associated_allocator_t<Handler>;

    completion(Handler h, boost::asio::any_io_executor const& ex)
        : handler_(std::move(h)), work_(boost::asio::get_associated_executor(handler_, ex))
    {
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler_); slot.is_connected())
        {
            relay_ = std::make_shared<cancellation_relay>(ex);
            slot.template emplace<cancellation_request>(relay_);
        }
    }
    completion(completion&&) = default;
    completion& operator=(completion&&) = delete;
    ~completion()
    {
        if (relay_)
            relay_->end();
    }

    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return relay_ ? relay_->slot() : cancellation_slot_type();
    }
    allocator_type get_allocator() const noexcept { return boost::asio::get_associated_allocator(handler_); }

    void operator()(std::exception_ptr thrown, result<T> outcome)
    {
        if (relay_)
            relay_->end();
        if constexpr (takes_exceptions<Handler>)
            if (thrown)
                return std::move(handler_).complete_with_exception(std::move(thrown));
        if (thrown)
            outcome = failure_of(thrown);
        if constexpr (has_no_executor)
            std::move(handler_)(std::move(outcome));
        else
            boost::asio::dispatch(work_.get_executor(),
                                  [handler = std::move(handler_), completed = std::move(outcome)]() mutable {
                                      std::move(handler)(std::move(completed));
                                  });
    }

private:
    Handler handler_;
    boost::asio::executor_work_guard<handler_executor> work_;
    std::shared_ptr<cancellation_relay> relay_;
};

/// The cancellations that an operation accepts: `total` only until a message is being written.
class accepted_cancellation
{
public:
    /// @param committed  Becomes true when a message is being written. Null: nothing is delivered, or the operation
    ///                   has many parts, of which each keeps to the rule by itself.
    explicit accepted_cancellation(bool const* committed) noexcept : committed_(committed) {}

    boost::asio::cancellation_type operator()(boost::asio::cancellation_type requested) const noexcept;

private:
    bool const* committed_;
};

/// A completion token and none of `Options`: for overloads whose last two parameters have defaults.
template<class Token, class... Options>
concept no_options = (!std::convertible_to<Token, Options> && ...);

/// @param committed  See `accepted_cancellation`. Belongs to `operation`.
template<class T>
boost::asio::awaitable<result<T>> run(boost::asio::any_io_executor ex, boost::asio::awaitable<result<T>> operation,
                                      bool const* committed)
{
    // Resetting forgets what has come already.
    auto const before = co_await boost::asio::this_coro::cancellation_state;
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    if (before.cancelled() == boost::asio::cancellation_type::none)
        co_await boost::asio::this_coro::reset_cancellation_state(accepted_cancellation(committed));
    // An argument may be refused without any I/O: that must not complete inside the initiating call.
    co_await boost::asio::post(ex, boost::asio::use_awaitable);
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none)
        co_return failure(errc::cancelled);
    // From here on a cancellation that comes between two steps ends the operation at the next one.
    co_await boost::asio::this_coro::throw_if_cancelled(true);
    std::exception_ptr thrown;
    result<T> outcome = failure(errc::cancelled);
    try
    {
        outcome = co_await std::move(operation);
    }
    catch (...)
    {
        thrown = std::current_exception();
    }
    // Where the executor does not run the handler at once, a cancellation may still come: `committed` is gone.
    co_await boost::asio::this_coro::reset_cancellation_state(accepted_cancellation(nullptr));
    if (thrown)
        std::rethrow_exception(thrown);
    co_return outcome;
}

/// Starts an operation for a completion handler. Names the executor of the operation, for tokens that need one before
/// there is a handler, as `asio::cancel_after` does.
template<class T>
class initiate_run
{
public:
    using executor_type = boost::asio::any_io_executor;

    explicit initiate_run(executor_type ex) noexcept : executor_(std::move(ex)) {}

    executor_type get_executor() const noexcept { return executor_; }

    template<class Handler>
    void operator()(Handler&& handler, boost::asio::awaitable<result<T>> operation, bool const* committed) const
    {
        using handler_type = std::decay_t<Handler>;
        boost::asio::co_spawn(executor_, run<T>(executor_, std::move(operation), committed),
                              completion<handler_type, T>(std::forward<Handler>(handler), executor_));
    }

private:
    executor_type executor_;
};

/// Runs `operation` on `ex` and completes with `void(result<T>)`. May be called on any thread.
///
/// @param committed  See `accepted_cancellation`. Belongs to `operation`.
template<class T, class Token>
auto async_run(boost::asio::any_io_executor const& ex, boost::asio::awaitable<result<T>> operation, Token&& token,
               bool const* committed = nullptr)
{
    return boost::asio::async_initiate<Token, void(result<T>)>(initiate_run<T>(ex), token, std::move(operation),
                                                               committed);
}

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/completion.ipp>
#endif

#endif
