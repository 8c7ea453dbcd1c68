// What counts against one limit at the moment. No I/O, no clock.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_DETAIL_RATE_LOG_HPP
#define TIDINGS_PACING_DETAIL_RATE_LOG_HPP

#include <tidings/wire/limits.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// Makes sure that a platform never counts more than a limit's number within any period of the limit's length.
///
/// A client cannot know when the platform counts a request: at some time between sending and answer. Therefore a
/// request occupies its unit from when it is sent until the limit's length after the time from which it counts, which
/// `on_reply` gets. If that is the time of the answer, the promise holds however long the network takes and wherever
/// the platform's windows begin.
///
/// Requests that are sent shortly after each other share a cell, so that a limit of any size takes a bounded space. A
/// cell lasts until the last of its requests has expired: that is on the safe side, and costs 1/128 of the limit at
/// most.
class rate_log
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// Up to so many a limit is kept exactly.
    static constexpr std::size_t fine = 128;
    static constexpr std::size_t max_cells = 2 * fine;

    /// Whether `n` more may be sent now. More at once than the limit ever permits may, when nothing else counts.
    bool has_room(wire::rate const& limit, unsigned n, time_point now);

    /// Gets the memory that `reserve` needs. May throw, and changes nothing that counts.
    void prepare(wire::rate const& limit, time_point now);

    /// Counts `n` more. `prepare` comes before.
    ///
    /// @param ticket  Names them. Higher than those before.
    void reserve(wire::rate const& limit, std::uint64_t ticket, unsigned n, time_point now) noexcept;

    /// The answer is there, or never will be.
    ///
    /// @param from  When the platform has counted them at the latest.
    void on_reply(std::uint64_t ticket, unsigned n, time_point from);

    /// They were not sent after all: the platform never sees them.
    void release(std::uint64_t ticket, unsigned n);

    /// When there will be room for `n` more, as far as that is known: no later than `unknown`.
    ///
    /// @param unknown  When a place is taken to be free that waits for an answer.
    time_point room_at(wire::rate const& limit, unsigned n, time_point now, time_point unknown) const;

    /// When the `n`-th from now can be sent at the earliest, if all before it are sent as soon as they can.
    time_point earliest(wire::rate const& limit, std::uint64_t n, time_point now) const;

    /// Whether nothing counts any more.
    bool is_idle(wire::rate const& limit, time_point now);

    /// Whether an answer is awaited.
    bool is_out() const noexcept;

    /// From when the only request counts, which is answered; `min()` if there is none. Nothing if there is more to know.
    std::optional<time_point> only_answer() const noexcept;

    /// Forgets everything but its memory.
    void clear() noexcept;

    /// Makes an empty log one with a single request, which is answered.
    ///
    /// @param from  When it began to count.
    void restore(time_point from);

private:
    struct cell
    {
        cell(std::uint64_t t, unsigned n, time_point now) noexcept;

        std::uint64_t first; ///< The lowest ticket.
        time_point opened;
        time_point latest; ///< From when the last of the answered ones counts.
        unsigned size;
        unsigned out; ///< How many of them are not answered.
    };

    std::vector<cell>::iterator find(std::uint64_t ticket);

    void forget_old(wire::rate const& limit, time_point now);

    std::vector<cell> cells_;
    unsigned total_ = 0;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/pacing/impl/rate_log.ipp>
#endif

#endif
