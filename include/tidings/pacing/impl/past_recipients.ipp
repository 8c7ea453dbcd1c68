// People to whom one request went, in little memory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_IMPL_PAST_RECIPIENTS_IPP
#define TIDINGS_PACING_IMPL_PAST_RECIPIENTS_IPP

#include <tidings/detail/config.hpp>
#include <tidings/pacing/detail/past_recipients.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::optional<past_recipients::time_point> past_recipients::find(std::uint64_t key) const noexcept
{
    if (entries_.empty())
        return std::nullopt;
    auto const e = entries_[search(short_key(key))];
    return is_free(e) ? std::nullopt : std::optional(from_of(e));
}

TIDINGS_DECL void past_recipients::add(std::uint64_t key, time_point from, time_point now)
{
    if (size_ == 0)
        start_ = now - period_;
    else if (ticks_of(from) == max_ticks)
        advance_start(now);
    auto const is_full = [this](std::size_t part, std::size_t of) { return size_ * of >= entries_.size() * part; };
    if (is_full(3, 4))
    {
        forget_until(now - period_);
        // With less room than this, the table would be searched for old ones too often.
        if (is_full(5, 8))
            grow();
    }
    auto& place = entries_[search(short_key(key))];
    if (is_free(place))
        ++size_;
    place = std::max(place, short_key(key) << tick_bits | ticks_of(from));
}

TIDINGS_DECL void past_recipients::erase(std::uint64_t key) noexcept
{
    if (entries_.empty())
        return;
    if (auto const at = search(short_key(key)); !is_free(entries_[at]))
        erase_at(at);
}

TIDINGS_DECL void past_recipients::forget_older_half() noexcept
{
    auto oldest = time_point::max();
    auto newest = time_point::min();
    for (auto const e : entries_)
        if (!is_free(e))
        {
            oldest = std::min(oldest, from_of(e));
            newest = std::max(newest, from_of(e));
        }
    if (size_ != 0)
        forget_until(oldest + (newest - oldest) / 2);
}

/// Rounded up, so that no request counts for a shorter time than it must.
TIDINGS_DECL std::uint64_t past_recipients::ticks_of(time_point from) const noexcept
{
    if (from <= start_)
        return 1;
    auto const units = (from - start_ + unit_ - duration{1}) / unit_;
    return std::min(static_cast<std::uint64_t>(units) + 1, max_ticks);
}

TIDINGS_DECL std::size_t past_recipients::search(std::uint64_t key) const noexcept
{
    auto at = home(key);
    while (!is_free(entries_[at]) && key_of(entries_[at]) != key)
        at = next(at);
    return at;
}

TIDINGS_DECL void past_recipients::insert(entry e) noexcept
{
    entries_[search(key_of(e))] = e;
}

/// Moves up those behind, so that no search ends before it finds them.
TIDINGS_DECL void past_recipients::erase_at(std::size_t at) noexcept
{
    --size_;
    auto const mask = entries_.size() - 1;
    for (auto behind = next(at); !is_free(entries_[behind]); behind = next(behind))
    {
        bool const may_move = ((behind - home(key_of(entries_[behind]))) & mask) >= ((behind - at) & mask);
        if (may_move)
        {
            entries_[at] = entries_[behind];
            at = behind;
        }
    }
    entries_[at] = 0;
}

TIDINGS_DECL void past_recipients::forget_until(time_point from) noexcept
{
    for (std::size_t at = 0; at != entries_.size();)
        if (!is_free(entries_[at]) && from_of(entries_[at]) <= from)
            erase_at(at); // another one may be here now
        else
            ++at;
}

TIDINGS_DECL void past_recipients::grow()
{
    constexpr std::size_t min_size = 64;
    std::vector<entry> old(std::max(min_size, 2 * entries_.size()));
    old.swap(entries_);
    for (auto const e : old)
        if (!is_free(e))
            insert(e);
}

/// Every fifteen periods: ticks have a limit.
TIDINGS_DECL void past_recipients::advance_start(time_point now) noexcept
{
    forget_until(now - period_);
    auto const passed = std::max(duration{0}, now - period_ - start_) / unit_;
    for (auto& e : entries_)
        if (!is_free(e))
            e -= static_cast<entry>(passed);
    start_ += passed * unit_;
}

} // namespace tidings::inline v0::detail

#endif
