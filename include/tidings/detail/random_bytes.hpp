// Random bytes, drawn from the system in bulk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_RANDOM_BYTES_HPP
#define TIDINGS_DETAIL_RANDOM_BYTES_HPP

#include <openssl/rand.h>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <unistd.h>
#endif
#if defined(__linux__) || defined(__APPLE__)
#include <sys/random.h>
#endif

#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace tidings::inline v0::detail {

/// How often this process is a child of a fork: the bytes that a parent has drawn are not those of its child. Nothing when
/// the system has no memory for telling.
///
/// A child that clone(2) or `_Fork` makes without the handlers of the C library does not count.
inline std::optional<unsigned> fork_count() noexcept
{
#if defined(__unix__) || defined(__APPLE__)
    static std::atomic<unsigned> count{0};
    static bool const counts =
        ::pthread_atfork(nullptr, nullptr, [] { count.fetch_add(1, std::memory_order_relaxed); }) == 0;
    if (!counts)
        return std::nullopt;
    return count.load(std::memory_order_relaxed);
#else
    return 0;
#endif
}

/// Asks the system itself where it can be asked: OpenSSL's generator has locks, which another thread may have held when a
/// child was forked, and which nobody gives back there.
template<std::size_t N>
bool draw_random(std::array<unsigned char, N>& out) noexcept
{
#if defined(__unix__) || defined(__APPLE__)
    static_assert(N <= 256); // no call of getentropy(3) gives more
    if (::getentropy(out.data(), out.size()) == 0)
        return true;
#endif
    return ::RAND_bytes(out.data(), static_cast<int>(out.size())) == 1;
}

/// Fills `out`, whose size is at most 256 bytes. One of many calls asks the system.
///
/// @throws std::runtime_error  The system has no randomness.
template<std::size_t N>
void fill_random(std::array<unsigned char, N>& out)
{
    struct reserve
    {
        std::array<unsigned char, 256> bytes;
        std::size_t used = 0;
        std::optional<unsigned> forks; ///< When they were drawn. Nothing: there are none.
    };
    static_assert(N <= sizeof(reserve::bytes));
    static thread_local reserve mine;
    auto const forks = fork_count();
    if (!mine.forks || mine.forks != forks || mine.bytes.size() - mine.used < N)
    {
        mine.forks.reset();
        if (!draw_random(mine.bytes))
            throw std::runtime_error("tidings: the system has no random bytes");
        mine.used = 0;
        mine.forks = forks;
    }
    std::memcpy(out.data(), mine.bytes.data() + mine.used, N);
    mine.used += N;
}

} // namespace tidings::inline v0::detail

#endif
