// Which events were received already.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CALLBACK_REPLAY_MEMORY_HPP
#define TIDINGS_CALLBACK_REPLAY_MEMORY_HPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/crypto.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <list>
#include <mutex>
#include <new>
#include <string_view>
#include <unordered_map>

namespace tidings::inline v0 {

/// Remembers for a limited time which events were received, so that a repeated or recorded request is accepted once.
///
/// Insert an id only after the request was verified: then only the platform can fill the memory. Answer the request
/// when the event is stored safely. If storing fails, `erase` the id, so that the platform's repetition is accepted.
///
/// The memory is bounded: an entry is a hash of 32 bytes, about 150 bytes including its place in the containers,
/// whatever the length of the id. When the memory is full, the oldest entry is removed. The memory is lost when the
/// process ends; a request that was recorded before is then accepted once more while it is recent.
///
/// @par Complexity     Constant on average. Entries that expired are removed when others are inserted.
/// @par Thread safety  Shared objects: safe, the object has a mutex. If two threads insert the same id, one of them
///                     gets `true`.
class replay_memory
{
public:
    using clock = std::chrono::steady_clock;

    /// @param lifetime  How long an id is remembered after it was inserted. At least as long as a request is accepted:
    ///                  `max_age` and twice the difference of the clocks, see `is_recent`.
    /// @param capacity  How many ids at most, from 1 on; 0 counts as 1. The default takes about 10 MB when it is full.
    explicit replay_memory(std::chrono::seconds lifetime = max_callback_age + 2 * max_clock_difference,
                           std::size_t capacity = 65536)
        : lifetime_(lifetime), capacity_(std::max<std::size_t>(capacity, 1))
    {
    }
    replay_memory(replay_memory const&) = delete;
    replay_memory& operator=(replay_memory const&) = delete;

    /// Remembers an id.
    ///
    /// @param id   What is the same whenever the event comes: `callback_event::id()`, WeCom's `MsgId`, a signature. Of
    ///             several platforms or applications: with a prefix for each.
    /// @param now  The time; a test gives its own.
    /// @returns Whether it is new. `false`: it was inserted within the lifetime and not erased, so this is a
    /// repetition.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`; nothing has changed then.
    bool insert(std::string_view id, clock::time_point now = clock::now());

    /// Forgets an id, because the event could not be kept. Nothing happens when it is not there.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`.
    void erase(std::string_view id);

    /// How many ids are kept, those included that expired and were not removed yet.
    std::size_t size() const;

private:
    using digest = std::array<char, 32>;

    struct entry
    {
        digest key;
        clock::time_point until;
    };
    struct hash
    {
        std::size_t operator()(digest const& key) const noexcept;
    };

    static digest digest_of(std::string_view id);
    void remove(std::list<entry>::iterator which) noexcept;

    std::chrono::seconds lifetime_;
    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::list<entry> order_; // all live equally long: the first one expires first
    std::unordered_map<digest, std::list<entry>::iterator, hash> entries_;
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/callback/impl/replay_memory.ipp>
#endif

#endif
