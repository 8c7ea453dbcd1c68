// People to whom one request went, in little memory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_DETAIL_PAST_RECIPIENTS_HPP
#define TIDINGS_PACING_DETAIL_PAST_RECIPIENTS_HPP

#include <tidings/detail/config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tidings::inline v0::detail {

/// People for whom one answered request counts and nothing else, as it is with most of a long list: a hash of each, and
/// when that request began to count. A hash table with linear probing. Those for whom it counts no longer are removed
/// whenever the table is full.
class past_recipients
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// @param period  For how long a request counts.
    explicit past_recipients(duration period) noexcept : period_(period) {}

    std::size_t size() const noexcept { return size_; }

    /// When the request to this person began to count.
    std::optional<time_point> find(std::uint64_t key) const noexcept;

    /// @param key   Of a person who is not here.
    /// @param from  When the request began to count.
    /// @throws std::bad_alloc  Nothing has changed that counts.
    void add(std::uint64_t key, time_point from, time_point now);

    void erase(std::uint64_t key) noexcept;

    /// Forgets about half of them: those whose requests are the oldest. At least one, if there are any.
    void forget_older_half() noexcept;

private:
    struct entry
    {
        std::uint64_t key = 0;
        time_point from = time_point::min(); ///< `min()`: there is nobody here.
    };

    static bool is_free(entry const& e) noexcept { return e.from == time_point::min(); }

    std::size_t next(std::size_t at) const noexcept { return (at + 1) & (entries_.size() - 1); }
    /// Where a person should be.
    std::size_t home(std::uint64_t key) const noexcept
    {
        return static_cast<std::size_t>(key ^ key >> 32) & (entries_.size() - 1);
    }
    /// Where a person is, or the free place where the search ended. There are entries.
    std::size_t search(std::uint64_t key) const noexcept;
    void insert(entry const& e) noexcept;
    void erase_at(std::size_t at) noexcept;
    void forget_until(time_point from) noexcept;
    void grow();

    duration period_;
    std::vector<entry> entries_; ///< None, or a power of two; a quarter of them is free.
    std::size_t size_ = 0;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/pacing/impl/past_recipients.ipp>
#endif

#endif
