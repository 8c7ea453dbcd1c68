// What a call has of a pool: a connection, a place in the queue, an opening.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_PLACE_HPP
#define TIDINGS_TRANSPORT_DETAIL_PLACE_HPP

#include <tidings/transport/detail/connection.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace tidings::inline v0::transport::detail {

class pool;
using connection_ptr = std::unique_ptr<connection>;

/// The right to one of the pool's connections, with or without a connection in it. Given back when it goes.
class handle
{
public:
    handle() noexcept = default;
    handle(std::shared_ptr<pool> from, connection_ptr c) noexcept : pool_(std::move(from)), connection_(std::move(c)) {}
    handle(handle&&) noexcept = default;
    handle& operator=(handle&& other) noexcept
    {
        handle old(std::move(*this));
        pool_ = std::move(other.pool_);
        connection_ = std::move(other.connection_);
        return *this;
    }
    inline ~handle();

    explicit operator bool() const noexcept { return pool_ != nullptr; }
    connection* get() const noexcept { return connection_.get(); }
    void put(connection_ptr c) noexcept { connection_ = std::move(c); }

    /// Gives it back with a connection that can be used again.
    inline void keep(clock::time_point now = clock::now());

private:
    std::shared_ptr<pool> pool_;
    connection_ptr connection_;
};

/// A call that waits for a connection.
class waiter : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    /// @param count   Of those in the queue. Outlives it.
    /// @param coming  Of those that are woken to share a connection, and do not know it yet. Outlives it.
    /// @param shares  Whether it may share a connection.
    waiter(asio::any_io_executor const& ex, std::size_t& count, std::size_t& coming, bool shares)
        : timer(ex), may_share(shares), count_(count), coming_(coming)
    {
        ++count_;
    }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;
    ~waiter()
    {
        leave();
        has_come();
    }

    void wake_to_share()
    {
        if (!std::exchange(is_coming_, true))
            ++coming_;
        timer.cancel();
    }
    void has_come() noexcept
    {
        if (std::exchange(is_coming_, false))
            --coming_;
    }

    void grant(handle s)
    {
        leave();
        granted = std::move(s);
        timer.cancel();
    }

    asio::steady_timer timer;
    handle granted;
    bool const may_share;

private:
    void leave() noexcept
    {
        if (std::exchange(is_counted_, false))
            --count_;
        this->unlink();
    }

    std::size_t& count_;
    std::size_t& coming_;
    bool is_counted_ = true;
    bool is_coming_ = false;
};

/// A connection that is being opened. One of `opened`, `not_opened` and `opening_abandoned` of the pool follows in any
/// case.
class opening_guard
{
public:
    opening_guard() noexcept = default;
    opening_guard(pool& from, breaker::attempt a) noexcept : pool_(&from), attempt_(a) {}
    opening_guard(opening_guard&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), attempt_(other.attempt_)
    {
    }
    opening_guard& operator=(opening_guard&& other) noexcept
    {
        std::swap(pool_, other.pool_);
        std::swap(attempt_, other.attempt_);
        return *this;
    }
    inline ~opening_guard();

    /// It ended, and the pool is notified in another way.
    void end() noexcept { pool_ = nullptr; }

private:
    pool* pool_ = nullptr;
    breaker::attempt attempt_ = breaker::attempt::usual;
};

} // namespace tidings::inline v0::transport::detail

#endif
