// Counts the operations that have begun and not ended, for `drain` and `close`.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_IN_FLIGHT_HPP
#define TIDINGS_IMPL_IN_FLIGHT_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <utility>

namespace tidings::inline v0::detail {

/// The operations of one notifier or webhook. Used on its executor, or while nobody runs that.
class in_flight
{
public:
    in_flight() noexcept = default;
    in_flight(in_flight const&) = delete;
    in_flight& operator=(in_flight const&) = delete;

    /// Counts one operation as long as it lives.
    class guard
    {
    public:
        guard() noexcept = default;
        explicit guard(in_flight& all) noexcept : all_(&all) { ++all.count_; }
        guard(guard&& other) noexcept : all_(std::exchange(other.all_, nullptr)) {}
        guard& operator=(guard&& other) noexcept;
        ~guard();

    private:
        in_flight* all_ = nullptr;
    };

    bool closed() const noexcept { return closed_; }
    /// From now on no operation begins. Cannot be undone.
    void close() noexcept { closed_ = true; }

    /// Waits until no operation is counted. `*this` outlives the wait.
    ///
    /// @param until  `max()`: for ever. Afterwards `errc::timed_out`.
    boost::asio::awaitable<result<void>> ended(boost::asio::any_io_executor ex,
                                               std::chrono::steady_clock::time_point until);

private:
    class waiter : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
    {
    public:
        explicit waiter(boost::asio::any_io_executor const& ex) : timer(ex) {}

        boost::asio::steady_timer timer;
    };

    void wake_all() noexcept;

    std::size_t count_ = 0;
    bool closed_ = false;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiting_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/in_flight.ipp>
#endif

#endif
