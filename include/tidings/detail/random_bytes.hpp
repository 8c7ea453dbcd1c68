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

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
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
inline bool draw_random(unsigned char* to, std::size_t size) noexcept
{
#if defined(__linux__)
    while (size != 0)
    {
        auto const drawn = ::getrandom(to, size, 0);
        if (drawn < 0 && errno == EINTR)
            continue;
        if (drawn <= 0)
            break;
        to += drawn; // a signal may end it early
        size -= static_cast<std::size_t>(drawn);
    }
#elif defined(__unix__) || defined(__APPLE__)
    constexpr std::size_t max_entropy = 256; // no call of getentropy(3) gives more
    for (std::size_t drawn = 0; size != 0; to += drawn, size -= drawn)
    {
        drawn = std::min(size, max_entropy);
        if (::getentropy(to, drawn) != 0)
            break;
    }
#endif
    return size == 0 || ::RAND_bytes(to, static_cast<int>(size)) == 1;
}

/// Fills `out`. One of some hundred calls asks the system.
///
/// @throws std::runtime_error  The system has no randomness.
template<std::size_t N>
void fill_random(std::array<unsigned char, N>& out)
{
    struct reserve
    {
        std::array<unsigned char, 4096> bytes;
        std::size_t used = 0;
        std::optional<unsigned> forks; ///< When they were drawn. Nothing: there are none.
    };
    static_assert(N <= sizeof(reserve::bytes));
    static thread_local reserve mine;
    auto const forks = fork_count();
    if (!mine.forks || mine.forks != forks || mine.bytes.size() - mine.used < N)
    {
        mine.forks.reset();
        if (!draw_random(mine.bytes.data(), mine.bytes.size()))
            throw std::runtime_error("tidings: the system has no random bytes");
        mine.used = 0;
        mine.forks = forks;
    }
    std::memcpy(out.data(), mine.bytes.data() + mine.used, N);
    mine.used += N;
}

} // namespace tidings::inline v0::detail

#endif
