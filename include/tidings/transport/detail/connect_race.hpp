// Which of a host's addresses is connected to: those of both families in turn, and the first that answers wins.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_CONNECT_RACE_HPP
#define TIDINGS_TRANSPORT_DETAIL_CONNECT_RACE_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using clock = std::chrono::steady_clock;

/// After how long the next address is tried beside one that does not answer (RFC 8305, 5). An attempt that lasted
/// less tells nothing about the host.
inline constexpr std::chrono::milliseconds attempt_delay{250};

/// The order in which addresses are tried (RFC 8305, 4): the resolver's preference decides who is first, and then the
/// families take turns, so that a family that does not work costs one delay and not one for each of its addresses.
TIDINGS_COLD inline std::vector<tcp::endpoint> interleave(std::vector<tcp::endpoint> const& preferred)
{
    std::vector<tcp::endpoint> same_family;
    std::vector<tcp::endpoint> other_family;
    for (auto const& at : preferred)
        (at.protocol() == preferred.front().protocol() ? same_family : other_family).push_back(at);
    std::vector<tcp::endpoint> out;
    for (std::size_t i = 0; i != std::max(same_family.size(), other_family.size()); ++i)
        for (auto const* const family : {&same_family, &other_family})
            if (i < family->size())
                out.push_back((*family)[i]);
    return out;
}

/// Attempts to connect, some of them at the same time. Shared with the handlers of those under way.
class connect_race : public std::enable_shared_from_this<connect_race>
{
public:
    /// @param order     Not empty.
    /// @param deadline  When `over` expires at the latest.
    connect_race(asio::any_io_executor const& ex, std::vector<tcp::endpoint> order, clock::time_point deadline)
        : over(ex, deadline), winner(ex), executor_(ex), pause_(ex), order_(std::move(order))
    {
    }

    TIDINGS_COLD void start() { next(); }

    /// Gives up what is under way. The handlers come all the same, and find nothing to do.
    TIDINGS_COLD void stop()
    {
        ended_ = true;
        pause_.cancel();
        attempts_.clear();
    }

    asio::steady_timer over; ///< Ends when the race is decided.
    tcp::socket winner;
    boost::system::error_code ec = make_error_code(errc::timed_out); ///< Until it is decided: the deadline's.

private:
    TIDINGS_COLD void next()
    {
        auto const number = ++begun_;
        attempts_.emplace_back(executor_);
        auto const attempt = std::prev(attempts_.end());
        attempt->async_connect(order_[number - 1], [self = shared_from_this(), attempt](boost::system::error_code e) {
            self->finished(attempt, e);
        });
        if (number == order_.size())
            return;
        pause_.expires_after(attempt_delay);
        pause_.async_wait([self = shared_from_this(), number](boost::system::error_code e) {
            if (!e && !self->ended_ && self->begun_ == number)
                self->next();
        });
    }

    TIDINGS_COLD void finished(std::list<tcp::socket>::iterator attempt, boost::system::error_code e)
    {
        if (ended_)
            return;
        if (!e)
            winner = std::move(*attempt);
        attempts_.erase(attempt);
        if (!e)
            decide(e);
        else if (begun_ != order_.size())
            next();
        else if (attempts_.empty())
            decide(e);
    }

    TIDINGS_COLD void decide(boost::system::error_code e)
    {
        ec = e;
        stop();
        over.expires_at(clock::time_point::min());
    }

    asio::any_io_executor executor_;
    asio::steady_timer pause_;
    std::vector<tcp::endpoint> order_;
    std::list<tcp::socket> attempts_;
    std::size_t begun_ = 0;
    bool ended_ = false;
};

/// Connects `to` with one of the addresses.
///
/// @returns Success, what the last address said, `errc::timed_out` at the deadline, or `operation_aborted`.
TIDINGS_COLD inline asio::awaitable<boost::system::error_code> connect(tcp::socket& to,
                                                                       std::vector<tcp::endpoint> order,
                                                                       clock::time_point deadline)
{
    auto const ex = co_await asio::this_coro::executor;
    auto const race = std::make_shared<connect_race>(ex, std::move(order), deadline);
    race->start();
    co_await tidings::detail::expiry_of(race->over);
    race->stop(); // does nothing when it is decided
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
        co_return asio::error::operation_aborted;
    to = std::move(race->winner);
    co_return race->ec;
}

} // namespace tidings::inline v0::transport::detail

#endif
