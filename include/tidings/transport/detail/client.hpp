// What a transport policy makes, as its users see it: nothing of sockets, TLS and HTTP.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_CLIENT_HPP
#define TIDINGS_TRANSPORT_DETAIL_CLIENT_HPP

#include <tidings/detail/config.hpp>
#include <tidings/wire/exchange.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::transport::detail {

class pool;

/// The completion handler of an exchange, whatever its type. One of the usual size is kept in place.
class exchange_handler
{
public:
    exchange_handler() noexcept = default;
    exchange_handler(exchange_handler&& other) noexcept : actions_(std::exchange(other.actions_, nullptr))
    {
        if (actions_)
            actions_->move(other.memory_, memory_);
    }
    exchange_handler& operator=(exchange_handler&&) = delete;
    ~exchange_handler() { reset(); }

    /// @param handler  Of `void(error_code)`.
    template<class Handler>
    void emplace(Handler&& handler)
    {
        using kept = std::decay_t<Handler>;
        using there = std::conditional_t<fits<kept>, in_place<kept>, on_heap<kept>>;
        there::make(memory_, std::forward<Handler>(handler));
        actions_ = &there::actions;
    }

    explicit operator bool() const noexcept { return actions_ != nullptr; }

    /// Calls it. Then there is none any more.
    void operator()(boost::system::error_code ec) { std::exchange(actions_, nullptr)->call(memory_, ec); }

    void reset() noexcept
    {
        if (auto const* const done = std::exchange(actions_, nullptr))
            done->destroy(memory_);
    }

private:
    static constexpr std::size_t capacity = 16 * sizeof(void*);

    template<class T>
    static constexpr bool fits =
        sizeof(T) <= capacity && alignof(T) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<T>;

    struct action_table
    {
        void (*call)(std::byte*, boost::system::error_code);
        void (*move)(std::byte* from, std::byte* to) noexcept;
        void (*destroy)(std::byte*) noexcept;
    };

    template<class T>
    struct in_place
    {
        template<class Handler>
        static void make(std::byte* at, Handler&& handler)
        {
            ::new (static_cast<void*>(at)) T(std::forward<Handler>(handler));
        }
        static T& get(std::byte* at) noexcept { return *std::launder(reinterpret_cast<T*>(at)); }
        static void destroy(std::byte* at) noexcept { get(at).~T(); }
        static void move(std::byte* from, std::byte* to) noexcept
        {
            ::new (static_cast<void*>(to)) T(std::move(get(from)));
            destroy(from);
        }
        static void call(std::byte* at, boost::system::error_code ec)
        {
            T handler(std::move(get(at)));
            destroy(at);
            std::move(handler)(ec);
        }
        static constexpr action_table actions{&call, &move, &destroy};
    };

    template<class T>
    struct on_heap
    {
        template<class Handler>
        static void make(std::byte* at, Handler&& handler)
        {
            ::new (static_cast<void*>(at)) T*(new T(std::forward<Handler>(handler)));
        }
        static T*& get(std::byte* at) noexcept { return *std::launder(reinterpret_cast<T**>(at)); }
        static void destroy(std::byte* at) noexcept { delete get(at); }
        static void move(std::byte* from, std::byte* to) noexcept { ::new (static_cast<void*>(to)) T*(get(from)); }
        static void call(std::byte* at, boost::system::error_code ec)
        {
            std::unique_ptr<T> from(get(at));
            T handler(std::move(*from));
            from.reset();
            std::move(handler)(ec);
        }
        static constexpr action_table actions{&call, &move, &destroy};
    };

    alignas(std::max_align_t) std::byte memory_[capacity];
    action_table const* actions_ = nullptr;
};

/// An exchange that was asked for.
class pending_exchange
{
public:
    exchange_handler handler;

protected:
    pending_exchange() = default;
    ~pending_exchange() = default;
};

/// Makes exchanges with one endpoint. Used from one executor at a time.
class client
{
public:
    explicit client(std::shared_ptr<pool> with) noexcept : pool_(std::move(with)) {}
    client(client&&) noexcept = default;
    client& operator=(client&&) = delete;
    TIDINGS_DECL ~client();

    /// Makes one exchange; one without bytes only sees to it that a connection is open.
    ///
    /// Completes with `void(error_code)`, never inside the call. `x` belongs to it until then.
    template<class Token>
    auto async_round_trip(exchange& x, Token&& token)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code)>(initiation(*pool_), token, &x);
    }

    /// Whether a further exchange would wait for a connection, and should have its request written only then.
    TIDINGS_DECL bool writes_late() const noexcept;

    /// Opens a connection unless there are `wanted` already, or as many as there may be. For a call that has something
    /// else to wait for; a failure has no consequences.
    ///
    /// @param deadline  When the attempt ends.
    TIDINGS_DECL void open_early(std::size_t wanted, std::chrono::steady_clock::time_point deadline);
    /// Ends such attempts: no call needs them any more.
    TIDINGS_DECL void stop_early();

private:
    /// Takes back an exchange whose handler could not be stored.
    struct give_back
    {
        TIDINGS_DECL void operator()(pending_exchange* unused) const noexcept;
    };
    using pending_ptr = std::unique_ptr<pending_exchange, give_back>;

    class initiation
    {
    public:
        using executor_type = boost::asio::any_io_executor;

        explicit initiation(pool& with) noexcept : pool_(&with) {}

        TIDINGS_DECL executor_type const& get_executor() const noexcept;

        template<class Handler>
        void operator()(Handler&& handler, exchange* x) const
        {
            auto const own = boost::asio::get_associated_executor(handler, get_executor());
            auto const slot = boost::asio::get_associated_cancellation_slot(handler);
            auto made = make(*pool_, *x);
            made->handler.emplace(std::forward<Handler>(handler));
            start(std::move(made), own, slot);
        }

    private:
        pool* pool_;
    };

    TIDINGS_DECL static pending_ptr make(pool& with, exchange& x);
    /// @param own   The executor that the handler is called on.
    /// @param slot  Of the handler.
    TIDINGS_DECL static void start(pending_ptr made, boost::asio::any_io_executor const& own,
                                   boost::asio::cancellation_slot slot);

    std::shared_ptr<pool> pool_;
};

} // namespace tidings::inline v0::transport::detail

#endif
