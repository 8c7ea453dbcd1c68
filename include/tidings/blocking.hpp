// The same operations for programs without Asio: each call returns when it has ended.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BLOCKING_HPP
#define TIDINGS_BLOCKING_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/notifier.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/assert.hpp>
#include <boost/intrusive/list.hpp>

#include <concepts>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

class webhook_address;
template<class Provider, class... Policies>
class webhook;

namespace detail {

/// A call of one thread, which waits for an operation of another. Every member but `signal` is protected by the mutex
/// of the `blocking_thread`.
class blocking_call : public boost::intrusive::list_base_hook<>
{
public:
    boost::asio::cancellation_signal signal;
    std::condition_variable ended;
    bool started = false; ///< The operation has the slot of `signal`, which may be emitted.
    bool done = false;
};

/// An execution context with a thread that runs it, and the calls that wait for operations on it.
class blocking_thread
{
public:
    blocking_thread() : work_(io_.get_executor()) {}
    blocking_thread(blocking_thread const&) = delete;
    blocking_thread& operator=(blocking_thread const&) = delete;

    boost::asio::io_context& context() noexcept { return io_; }

    /// Throws `std::system_error` when the system has no thread left.
    void start()
    {
        thread_ = std::thread([this] {
            for (;;)
                try
                {
                    io_.run();
                    return;
                }
                catch (...)
                {
                    // Memory ran out before the next step of an operation. Its call ends with the operation's handler.
                }
        });
    }

    /// Cancels the operations of all calls, waits until the calls have returned, and ends the thread.
    void stop() noexcept
    {
        BOOST_ASSERT_MSG(!io_.get_executor().running_in_this_thread(),
                         "tidings: a blocking object was destroyed inside one of its own callbacks");
        {
            std::unique_lock lock(mutex_);
            stopping_ = true;
            for (auto& call : calls_)
                if (call.started)
                    cancel(call);
            idle_.wait(lock, [this] { return calls_.empty(); });
        }
        work_.reset();
        io_.stop();
        if (thread_.joinable())
            thread_.join();
    }

    /// Starts an operation and waits for it.
    ///
    /// @param initiate  Called with the completion token to start it with.
    template<class T, class Initiate>
    result<T> run(Initiate&& initiate)
    {
        if (io_.get_executor().running_in_this_thread())
            return make_failure(errc::invalid_argument,
                                "a blocking call inside a callback of the same object never returns");
        pending<T> call(*this);
        if (!call.is_registered())
            return make_failure(errc::cancelled, "the object is being destroyed");
        initiate(handler<T>(call));
        return call.wait();
    }

private:
    template<class T>
    class pending : public blocking_call
    {
    public:
        explicit pending(blocking_thread& in) : thread_(in)
        {
            std::lock_guard const lock(thread_.mutex_);
            registered_ = !thread_.stopping_;
            if (registered_)
                thread_.calls_.push_back(*this);
        }
        ~pending()
        {
            if (!registered_)
                return;
            std::lock_guard const lock(thread_.mutex_);
            thread_.calls_.erase(thread_.calls_.iterator_to(*this));
            if (thread_.calls_.empty())
                thread_.idle_.notify_all();
        }

        /// False: the object is being destroyed.
        bool is_registered() const noexcept { return registered_; }

        /// @param thrown  An exception that ended the operation: the call throws it.
        void finish(result<T> outcome, std::exception_ptr thrown = nullptr) noexcept
        {
            std::lock_guard const lock(thread_.mutex_);
            outcome_.emplace(std::move(outcome));
            thrown_ = std::move(thrown);
            done = true;
            ended.notify_one(); // under the mutex: afterwards the call may be gone
        }

        result<T> wait()
        {
            std::unique_lock lock(thread_.mutex_);
            started = true;
            if (thread_.stopping_)
                cancel(*this);
            ended.wait(lock, [this] { return done; });
            if (thrown_)
                std::rethrow_exception(thrown_);
            return *std::move(outcome_);
        }

    private:
        blocking_thread& thread_;
        bool registered_ = false;
        std::optional<result<T>> outcome_;
        std::exception_ptr thrown_;
    };

    /// Ends the call: also when the operation was destroyed because memory ran out.
    template<class T>
    class handler
    {
    public:
        explicit handler(pending<T>& call) noexcept : call_(&call) {}
        handler(handler&& other) noexcept : call_(std::exchange(other.call_, nullptr)) {}
        handler& operator=(handler&&) = delete;
        ~handler()
        {
            if (call_)
                call_->finish(failure(errc::outcome_unknown));
        }

        using cancellation_slot_type = boost::asio::cancellation_slot;
        cancellation_slot_type get_cancellation_slot() const noexcept
        {
            return call_ ? call_->signal.slot() : cancellation_slot_type();
        }

        void operator()(result<T> outcome) { std::exchange(call_, nullptr)->finish(std::move(outcome)); }

        /// An exception of the caller's own code is thrown to the caller. Memory that ran out is an outcome: the message
        /// may have been sent.
        void complete_with_exception(std::exception_ptr thrown) && noexcept
        {
            auto outcome = failure_of(thrown);
            if (is_out_of_memory(thrown))
                thrown = nullptr;
            std::exchange(call_, nullptr)->finish(std::move(outcome), std::move(thrown));
        }

    private:
        pending<T>* call_;
    };

    static void cancel(blocking_call& call) noexcept
    {
        try
        {
            call.signal.emit(boost::asio::cancellation_type::terminal);
        }
        catch (std::exception const&)
        {
            // No memory to pass it on: the call ends by its deadline.
        }
    }

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::mutex mutex_;
    std::condition_variable idle_;
    boost::intrusive::list<blocking_call> calls_;
    bool stopping_ = false;
    std::thread thread_;
};

/// A client on a thread of its own: the base of `blocking`.
template<class Client>
class blocking_client
{
public:
    template<class... Args>
    explicit blocking_client(Args&&... args) : shared_(std::make_shared<shared>())
    {
        shared_->client.emplace(shared_->thread.context().get_executor(), std::forward<Args>(args)...);
        shared_->thread.start();
    }
    blocking_client(blocking_client const&) = delete;
    blocking_client& operator=(blocking_client const&) = delete;
    ~blocking_client()
    {
        shared_->thread.stop();
        shared_->client.reset();
    }

    /// @param initiate  Called as `initiate(client, token)`.
    template<class T, class Initiate>
    result<T> run(Initiate&& initiate)
    {
        auto const kept = shared_; // the last call may return after the object was destroyed
        return kept->thread.template run<T>(
            [&](auto token) { std::forward<Initiate>(initiate)(*kept->client, std::move(token)); });
    }

private:
    struct shared
    {
        blocking_thread thread;
        std::optional<Client> client;
    };

    std::shared_ptr<shared> shared_;
};

} // namespace detail

/// A `notifier` or a `webhook` for programs without Asio: it owns a thread, and each call returns when its operation
/// has ended.
///
/// @tparam Client  A `notifier`, or a `webhook` (with `tidings/webhook.hpp` included).
template<class Client>
class blocking;

/// Sends messages to people, from any thread, and waits for the outcome.
///
/// All calls run at the same time, over the connections of one `notifier` on the thread that this object owns. Each
/// ends at its deadline: that of the call's options, or the notifier's `deadline` policy; `send_each` has one for each
/// request, and `drain` and `close` none unless it is given.
///
/// @par Thread safety  Shared objects: safe, but for the constructor. A call that is under way when the destructor
///                     begins ends with `errc::cancelled`, or with `errc::outcome_unknown` once its request was being
///                     written; the destructor waits until it has returned. No call may begin after that.
template<class Provider, class Match, class... Policies>
class blocking<notifier<Provider, Match, Policies...>>
{
public:
    using client_type = notifier<Provider, Match, Policies...>;
    using credentials = typename client_type::credentials;
    using recipient = typename client_type::recipient;

    /// Starts the thread, and does no I/O: a setting that is not usable is the result of every call.
    ///
    /// @param app       The application that sends.
    /// @param policies  As for `notifier`: values for any of `Policies`, in any order.
    ///
    /// @par Exception safety  Throws `std::bad_alloc`, and `std::system_error` when the system starts no thread.
    template<class... Given>
    explicit blocking(credentials app, Given... policies) : client_(std::move(app), std::move(policies)...)
    {
    }

    /// Cancels the calls of other threads, waits until they have returned, and ends the thread. Where the system's
    /// resolver is at work, which cannot be interrupted, that takes as long as its answer. Must not be called inside a
    /// sink of `send_each`.
    ~blocking() = default;

    /// Sends one message to one person, and waits for the outcome. See `notifier::send`.
    ///
    /// @param who   The person. Checked before any byte is sent.
    /// @param what  The message: a kind that the platform can send.
    /// @param how   The idempotency key, the person's language, and the deadline of this call.
    /// @returns The receipt, or the failure.
    ///
    /// @par Errors
    ///   As for `notifier::send`. `errc::cancelled` and `errc::outcome_unknown` also when the object is destroyed
    ///   meanwhile, `errc::outcome_unknown` when memory runs out. `errc::invalid_argument` inside a sink of this
    ///   object.
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws `std::bad_alloc` and what copying the arguments throws, when nothing was sent; and
    ///                        what a policy of your own throws, when the message may have been sent.
    template<class Message>
    [[nodiscard]] result<receipt> send(Match who, Message what, send_options how = send_options())
    {
        return client_.template run<receipt>([&](client_type& c, auto token) {
            c.async_send(std::move(who), std::move(what), std::move(how), std::move(token));
        });
    }

    /// Sends one message to a recipient that `resolve` returned, or that `recipient::parse` made of a text, and waits for
    /// the outcome. See `notifier::send`.
    ///
    /// @param to    Checked before any byte is sent. No one is looked up.
    /// @param what  The message.
    /// @param how   The idempotency key, the recipient's language, and the deadline of this call.
    /// @returns The receipt, or the failure.
    ///
    /// @par Errors
    ///   As for `notifier::send` to a recipient. `errc::cancelled` and `errc::outcome_unknown` also when the object is
    ///   destroyed meanwhile, `errc::outcome_unknown` when memory runs out. `errc::invalid_argument` inside a sink of this
    ///   object.
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws `std::bad_alloc` and what copying the arguments throws, when nothing was sent; and
    ///                        what a policy of your own throws, when the message may have been sent.
    template<std::same_as<recipient> To, class Message>
    [[nodiscard]] result<receipt> send(To to, Message what, send_options how = send_options())
    {
        return client_.template run<receipt>([&](client_type& c, auto token) {
            c.async_send(std::move(to), std::move(what), std::move(how), std::move(token));
        });
    }

    /// Sends one message to many people, and waits until all outcomes are known. See `notifier::send_each`.
    ///
    /// @param people  A range of what names people. Read on the object's thread while this call waits.
    /// @param what    The message.
    /// @param sink    Called on the object's thread with index, address and outcome of each person, while this call
    ///                waits: it may use the caller's variables, and must not call this object.
    /// @param how     `send_each_options`, or `native_batch_options` where the platform can send to many with one
    ///                request. The deadline is that of each request.
    /// @returns Counts of delivered, failed and unknown, or the failure when nothing was tried.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety
    ///   Throws what `sink`, the range or a policy of your own throws, as `notifier::send_each` does: the sink has been
    ///   called for everyone who was sent to. `std::bad_alloc` among these is `errc::outcome_unknown`. Otherwise throws
    ///   only `std::bad_alloc`, and what copying the arguments throws; nothing was sent then.
    template<std::ranges::input_range People, class Message, class Sink, class Options = send_each_options>
    [[nodiscard]] result<send_summary> send_each(People&& people, Message what, Sink sink, Options how = Options())
    {
        return client_.template run<send_summary>([&](client_type& c, auto token) {
            // Not `async_send_each`, which makes a failure of an exception of the sink.
            detail::async_run<send_summary>(
                c.get_executor(),
                c.send_each(std::forward<People>(people), std::move(what), std::move(sink), std::move(how)),
                std::move(token));
        });
    }

    /// Takes a message back, all its parts. See `notifier::recall`.
    ///
    /// @param sent  The receipt of a `send` of the same application.
    /// @param how   The deadline of this call.
    /// @returns Success, or the failure.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    [[nodiscard]] result<void> recall(receipt sent, call_options how = call_options())
        requires(supports<Provider, capability::recall>())
    {
        return client_.template run<void>(
            [&](client_type& c, auto token) { c.async_recall(std::move(sent), how, std::move(token)); });
    }

    /// The ids of those who have read a message. See `notifier::readers`.
    ///
    /// @param sent  The receipt of a `send` of the same application.
    /// @param how   The deadline of this call.
    /// @returns The ids, sorted; empty when it was not read yet. Or the failure.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    [[nodiscard]] result<std::vector<std::string>> readers(receipt sent, call_options how = call_options())
        requires(supports<Provider, capability::readers>())
    {
        return client_.template run<std::vector<std::string>>(
            [&](client_type& c, auto token) { c.async_readers(std::move(sent), how, std::move(token)); });
    }

    /// The recipient that messages to `who` go to. Sends nothing. See `notifier::resolve`.
    ///
    /// @param who  The person. Checked before any byte is sent.
    /// @param how  The deadline of this call.
    /// @returns The recipient, or the failure.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    [[nodiscard]] result<recipient> resolve(Match who, call_options how = call_options())
    {
        return client_.template run<recipient>(
            [&](client_type& c, auto token) { c.async_resolve(std::move(who), how, std::move(token)); });
    }

    /// Fetches an access token and opens a connection, unless there are some. See `notifier::warm_up`.
    ///
    /// @param how  The deadline of this call.
    /// @returns Success, or the failure.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    [[nodiscard]] result<void> warm_up(call_options how = call_options())
    {
        return client_.template run<void>([&](client_type& c, auto token) { c.async_warm_up(how, std::move(token)); });
    }

    /// Waits until the calls of other threads have ended, those included that begin meanwhile. See `notifier::drain`.
    ///
    /// @param how  How long to wait; without a deadline as long as it takes.
    /// @returns Success, or `errc::timed_out`.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] result<void> drain(call_options how = call_options())
    {
        return client_.template run<void>([&](client_type& c, auto token) { c.async_drain(how, std::move(token)); });
    }

    /// From now on every new call fails with `errc::cancelled`; waits until those of other threads have ended. See
    /// `notifier::close`.
    ///
    /// @param how  How long to wait; without a deadline as long as it takes.
    /// @returns Success, or `errc::timed_out`.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] result<void> close(call_options how = call_options())
    {
        return client_.template run<void>([&](client_type& c, auto token) { c.async_close(how, std::move(token)); });
    }

private:
    detail::blocking_client<client_type> client_;
};

/// Sends messages to one group, from any thread, and waits for the outcome.
///
/// @par Thread safety  As for `blocking<notifier<...>>`.
template<class Provider, class... Policies>
class blocking<webhook<Provider, Policies...>>
{
public:
    using client_type = webhook<Provider, Policies...>;

    /// Starts the thread, and does no I/O: an address or a setting that is not usable is the result of every call.
    ///
    /// @param where     The group: the address of its custom bot.
    /// @param policies  As for `webhook`: values for any of `Policies`, in any order.
    ///
    /// @par Exception safety  Throws `std::bad_alloc`, and `std::system_error` when the system starts no thread.
    template<class... Given>
    explicit blocking(webhook_address const& where, Given... policies) : client_(where, std::move(policies)...)
    {
    }

    /// Cancels the calls of other threads, waits until they have returned, and ends the thread.
    ~blocking() = default;

    /// Sends one message to the group, and waits for the outcome. See `webhook::send`.
    ///
    /// @param what  The message: a kind that the platform's webhooks can send.
    /// @param how   The idempotency key, the group's language, and the deadline of this call.
    /// @returns The receipt, or the failure.
    ///
    /// @par Errors
    ///   As for `webhook::send`. `errc::cancelled` and `errc::outcome_unknown` also when the object is destroyed
    ///   meanwhile, `errc::outcome_unknown` when memory runs out.
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws `std::bad_alloc` and what copying the arguments throws, when nothing was sent; and
    ///                        what a policy of your own throws, when the message may have been sent.
    template<class Message>
    [[nodiscard]] result<receipt> send(Message what, send_options how = send_options())
    {
        return client_.template run<receipt>(
            [&](client_type& c, auto token) { c.async_send(std::move(what), std::move(how), std::move(token)); });
    }

    /// Waits until the calls of other threads have ended, those included that begin meanwhile. See `webhook::drain`.
    ///
    /// @param how  How long to wait; without a deadline as long as it takes.
    /// @returns Success, or `errc::timed_out`.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] result<void> drain(call_options how = call_options())
    {
        return client_.template run<void>([&](client_type& c, auto token) { c.async_drain(how, std::move(token)); });
    }

    /// From now on every new call fails with `errc::cancelled`; waits until those of other threads have ended. See
    /// `webhook::close`.
    ///
    /// @param how  How long to wait; without a deadline as long as it takes.
    /// @returns Success, or `errc::timed_out`.
    ///
    /// @par Thread safety     May be called from any number of threads at a time.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] result<void> close(call_options how = call_options())
    {
        return client_.template run<void>([&](client_type& c, auto token) { c.async_close(how, std::move(token)); });
    }

private:
    detail::blocking_client<client_type> client_;
};

} // namespace tidings::inline v0

#endif
