// People to whom one request went, in little memory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_DETAIL_PAST_RECIPIENTS_HPP
#define TIDINGS_PACING_DETAIL_PAST_RECIPIENTS_HPP

#include <tidings/detail/config.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tidings::inline v0::detail {

/// People for whom one answered request counts and nothing else, as it is with most of a long list: 40 bits of a hash of
/// each, and in 24 bits when that request began to count. A hash table with linear probing. Those for whom it counts no
/// longer are removed whenever the table is full.
///
/// Of 100,000 people, two have the same 40 bits in one of two hundred tables; then the request to one counts as if it
/// had been to the other.
class past_recipients
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// @param period  For how long a request counts.
    explicit past_recipients(duration period) noexcept
        : period_(period), unit_(std::max(duration{1}, period / ticks_in_period))
    {
    }

    std::size_t size() const noexcept { return size_; }

    /// When the request to this person began to count, or up to a millionth of the period later.
    std::optional<time_point> find(std::uint64_t key) const noexcept;

    /// @param key   Of a person who is not here. If another one is who has the same 40 bits, the later request counts.
    /// @param from  When the request began to count.
    /// @throws std::bad_alloc  Nothing has changed that counts.
    void add(std::uint64_t key, time_point from, time_point now);

    void erase(std::uint64_t key) noexcept;

    /// Forgets about half of them: those whose requests are the oldest. At least one, if there are any.
    void forget_older_half() noexcept;

private:
    /// The key, and below it the ticks: when the request began to count, in units since the one before `start_`. 0:
    /// there is nobody here.
    using entry = std::uint64_t;

    static constexpr unsigned tick_bits = 24;
    static constexpr std::uint64_t max_ticks = (std::uint64_t{1} << tick_bits) - 1;
    static constexpr duration::rep ticks_in_period = 1'000'000;

    static bool is_free(entry e) noexcept { return e == 0; }
    static std::uint64_t key_of(entry e) noexcept { return e >> tick_bits; }
    static std::uint64_t short_key(std::uint64_t key) noexcept { return key & (~std::uint64_t{0} >> tick_bits); }

    std::uint64_t ticks_of(time_point from) const noexcept;
    time_point from_of(entry e) const noexcept
    {
        return start_ + unit_ * static_cast<duration::rep>((e & max_ticks) - 1);
    }
    std::size_t next(std::size_t at) const noexcept { return (at + 1) & (entries_.size() - 1); }
    /// Where a person should be.
    std::size_t home(std::uint64_t key) const noexcept { return static_cast<std::size_t>(key) & (entries_.size() - 1); }
    /// Where a person is, or the free place where the search ended. There are entries.
    std::size_t search(std::uint64_t key) const noexcept;
    void insert(entry e) noexcept;
    void erase_at(std::size_t at) noexcept;
    void forget_until(time_point from) noexcept;
    void grow();
    void advance_start(time_point now) noexcept;

    duration period_;
    duration unit_;
    time_point start_;
    std::vector<entry> entries_; ///< None, or a power of two; a quarter of them is free.
    std::size_t size_ = 0;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/pacing/impl/past_recipients.ipp>
#endif

#endif
