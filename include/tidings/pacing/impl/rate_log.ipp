// What counts against one limit at the moment. No I/O, no clock.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_IMPL_RATE_LOG_IPP
#define TIDINGS_PACING_IMPL_RATE_LOG_IPP

#include <tidings/detail/config.hpp>
#include <tidings/pacing/detail/rate_log.hpp>
#include <tidings/wire/limits.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_DECL bool rate_log::has_room(wire::rate const& limit, unsigned n, time_point now)
{
    if (total_ + n <= limit.max_count())
        return true;
    forget_old(limit, now);
    return total_ + n <= limit.max_count() || total_ == 0;
}

TIDINGS_DECL void rate_log::prepare(wire::rate const& limit, time_point now)
{
    if (cells_.size() == cells_.capacity())
        forget_old(limit, now);
    if (cells_.size() == cells_.capacity() && cells_.size() != max_cells)
        cells_.reserve(std::min(max_cells, std::max<std::size_t>(1, 2 * cells_.size())));
}

TIDINGS_DECL void rate_log::reserve(wire::rate const& limit, std::uint64_t ticket, unsigned n, time_point now) noexcept
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

TIDINGS_DECL void rate_log::on_reply(std::uint64_t ticket, unsigned n, time_point from)
{
    if (auto const at = find(ticket); at != cells_.end())
    {
        at->out -= n;
        at->latest = std::max(at->latest, from);
    }
}

TIDINGS_DECL void rate_log::release(std::uint64_t ticket, unsigned n)
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

TIDINGS_DECL rate_log::time_point rate_log::room_at(wire::rate const& limit, unsigned n, time_point now,
                                                    time_point unknown) const
{
    if (total_ + n <= limit.max_count())
        return now;
    auto const end_of = [&](cell const& c) { return c.out != 0 ? unknown : c.latest + limit.per(); };
    // Mostly the cell that ends first is large enough.
    auto const first = std::min_element(cells_.begin(), cells_.end(),
                                        [&](cell const& a, cell const& b) { return end_of(a) < end_of(b); });
    if (first != cells_.end() && (total_ - first->size + n <= limit.max_count() || total_ == first->size))
        return std::max(end_of(*first), now);
    boost::container::small_vector<std::pair<time_point, unsigned>, max_cells> ends;
    for (auto const& c : cells_)
        ends.emplace_back(end_of(c), c.size);
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

TIDINGS_DECL rate_log::time_point rate_log::earliest(wire::rate const& limit, std::uint64_t n, time_point now) const
{
    auto const rounds = (n - 1) / limit.max_count();
    auto const rest = static_cast<unsigned>(n - rounds * limit.max_count());
    auto const first = room_at(limit, rest, now, now + limit.per());
    auto const max_rounds =
        static_cast<std::uint64_t>((time_point::max() - std::max(first, time_point())) / limit.per());
    return rounds > max_rounds ? time_point::max() : first + static_cast<std::int64_t>(rounds) * limit.per();
}

TIDINGS_DECL bool rate_log::is_idle(wire::rate const& limit, time_point now)
{
    forget_old(limit, now);
    return total_ == 0;
}

TIDINGS_DECL bool rate_log::is_out() const noexcept
{
    return std::any_of(cells_.begin(), cells_.end(), [](cell const& c) { return c.out != 0; });
}

TIDINGS_DECL std::optional<rate_log::time_point> rate_log::only_answer() const noexcept
{
    if (cells_.empty())
        return time_point::min();
    return cells_.size() == 1 && cells_[0].size == 1 && cells_[0].out == 0 ? std::optional(cells_[0].latest)
                                                                           : std::nullopt;
}

TIDINGS_DECL void rate_log::restore(time_point from)
{
    cells_.emplace_back(0, 1, from).out = 0; // a ticket lower than all others
    total_ = 1;
}

TIDINGS_DECL void rate_log::clear() noexcept
{
    cells_.clear();
    total_ = 0;
}

TIDINGS_DECL rate_log::cell::cell(std::uint64_t t, unsigned n, time_point now) noexcept
    : first(t), opened(now), latest(now), size(n), out(n)
{
}

TIDINGS_DECL std::vector<rate_log::cell>::iterator rate_log::find(std::uint64_t ticket)
{
    auto const behind = std::upper_bound(cells_.begin(), cells_.end(), ticket,
                                         [](std::uint64_t t, cell const& c) { return t < c.first; });
    return behind == cells_.begin() ? cells_.end() : behind - 1;
}

TIDINGS_DECL void rate_log::forget_old(wire::rate const& limit, time_point now)
{
    std::erase_if(cells_, [&](cell const& c) {
        bool const expired = c.out == 0 && c.latest + limit.per() <= now;
        if (expired)
            total_ -= c.size;
        return expired;
    });
}

} // namespace tidings::inline v0::detail

#endif
