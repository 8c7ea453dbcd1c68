// What counts against one limit at the moment. No I/O, no clock.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_DETAIL_RATE_LOG_HPP
#define TIDINGS_PACING_DETAIL_RATE_LOG_HPP

#include <tidings/wire/limits.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
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
    bool has_room(wire::rate const& limit, unsigned n, time_point now)
    {
        if (total_ + n <= limit.max_count())
            return true;
        forget_old(limit, now);
        return total_ + n <= limit.max_count() || total_ == 0;
    }

    /// Gets the memory that `reserve` needs. May throw, and changes nothing that counts.
    void prepare(wire::rate const& limit, time_point now)
    {
        if (cells_.size() == cells_.capacity())
            forget_old(limit, now);
        if (cells_.size() == cells_.capacity() && cells_.size() != max_cells)
            cells_.reserve(std::min(max_cells, std::max<std::size_t>(1, 2 * cells_.size())));
    }

    /// Counts `n` more. `prepare` comes before.
    ///
    /// @param ticket  Names them. Higher than those before.
    void reserve(wire::rate const& limit, std::uint64_t ticket, unsigned n, time_point now) noexcept
    {
        total_ += n;
        bool const close = limit.max_count() > fine && !cells_.empty() &&
                           now - cells_.back().opened < limit.per() / static_cast<int>(fine);
        if (close || cells_.size() == max_cells)
        {
            cells_.back().size += n;
            cells_.back().out += n;
        }
        else
            cells_.emplace_back(ticket, n, now);
    }

    /// The answer is there, or never will be.
    ///
    /// @param from  When the platform has counted them at the latest.
    void on_reply(std::uint64_t ticket, unsigned n, time_point from)
    {
        if (auto const at = find(ticket); at != cells_.end())
        {
            at->out -= n;
            at->latest = std::max(at->latest, from);
        }
    }

    /// They were not sent after all: the platform never sees them.
    void release(std::uint64_t ticket, unsigned n)
    {
        auto const at = find(ticket);
        if (at == cells_.end())
            return;
        at->out -= n;
        at->size -= n;
        total_ -= n;
        if (at->size == 0)
            cells_.erase(at);
    }

    /// When there will be room for `n` more, as far as that is known: no later than `unknown`.
    ///
    /// @param unknown  When a place is taken to be free that waits for an answer.
    time_point room_at(wire::rate const& limit, unsigned n, time_point now, time_point unknown) const
    {
        if (total_ + n <= limit.max_count())
            return now;
        boost::container::small_vector<std::pair<time_point, unsigned>, max_cells> ends;
        for (auto const& c : cells_)
            ends.emplace_back(c.out != 0 ? unknown : c.latest + limit.per(), c.size);
        std::sort(ends.begin(), ends.end());
        auto left = total_;
        for (auto const& [end, size] : ends)
        {
            left -= size;
            if (left + n <= limit.max_count() || left == 0)
                return std::max(end, now);
        }
        return now;
    }

    /// When the `n`-th from now can be sent at the earliest, if all before it are sent as soon as they can.
    time_point earliest(wire::rate const& limit, std::uint64_t n, time_point now) const
    {
        auto const rounds = (n - 1) / limit.max_count();
        auto const rest = static_cast<unsigned>(n - rounds * limit.max_count());
        return room_at(limit, rest, now, now + limit.per()) + static_cast<std::int64_t>(rounds) * limit.per();
    }

    /// Whether nothing counts any more.
    bool is_idle(wire::rate const& limit, time_point now)
    {
        forget_old(limit, now);
        return total_ == 0;
    }

    /// Whether an answer is awaited.
    bool is_out() const noexcept
    {
        return std::any_of(cells_.begin(), cells_.end(), [](cell const& c) { return c.out != 0; });
    }

    /// Forgets everything but its memory.
    void clear() noexcept
    {
        cells_.clear();
        total_ = 0;
    }

private:
    struct cell
    {
        cell(std::uint64_t t, unsigned n, time_point now) noexcept : first(t), opened(now), latest(now), size(n), out(n)
        {
        }

        std::uint64_t first; ///< The lowest ticket.
        time_point opened;
        time_point latest; ///< From when the last of the answered ones counts.
        unsigned size;
        unsigned out; ///< How many of them are not answered.
    };

    std::vector<cell>::iterator find(std::uint64_t ticket)
    {
        auto const behind = std::upper_bound(cells_.begin(), cells_.end(), ticket,
                                             [](std::uint64_t t, cell const& c) { return t < c.first; });
        return behind == cells_.begin() ? cells_.end() : behind - 1;
    }

    void forget_old(wire::rate const& limit, time_point now)
    {
        std::erase_if(cells_, [&](cell const& c) {
            bool const expired = c.out == 0 && c.latest + limit.per() <= now;
            if (expired)
                total_ -= c.size;
            return expired;
        });
    }

    std::vector<cell> cells_;
    unsigned total_ = 0;
};

} // namespace tidings::inline v0::detail

#endif
