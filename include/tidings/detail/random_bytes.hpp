// Random bytes, drawn from OpenSSL in bulk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_RANDOM_BYTES_HPP
#define TIDINGS_DETAIL_RANDOM_BYTES_HPP

#include <openssl/rand.h>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace tidings::inline v0::detail {

/// How often this process is a child of a fork: the bytes that a parent has drawn are not those of its child.
///
/// A child that the system call clone(2) makes without the C library does not count.
inline unsigned fork_count() noexcept
{
#if defined(__unix__) || defined(__APPLE__)
    static std::atomic<unsigned> count{0};
    static int const registered =
        ::pthread_atfork(nullptr, nullptr, [] { count.fetch_add(1, std::memory_order_relaxed); });
    (void)registered;
    return count.load(std::memory_order_relaxed);
#else
    return 0;
#endif
}

/// Fills `out`, whose size is less than a kilobyte. One of many calls asks OpenSSL, and so perhaps the system.
///
/// @throws std::runtime_error  The system has no randomness.
template<std::size_t N>
void fill_random(std::array<unsigned char, N>& out)
{
    struct reserve
    {
        std::array<unsigned char, 1024> bytes;
        std::size_t used = 0;
        bool is_filled = false;
        unsigned forks = 0;
    };
    static_assert(N < sizeof(reserve::bytes));
    static thread_local reserve mine;
    auto const forks = fork_count();
    if (!mine.is_filled || mine.bytes.size() - mine.used < N || mine.forks != forks)
    {
        mine.is_filled = ::RAND_bytes(mine.bytes.data(), static_cast<int>(mine.bytes.size())) == 1;
        if (!mine.is_filled)
            throw std::runtime_error("tidings: OpenSSL has no random bytes");
        mine.used = 0;
        mine.forks = forks;
    }
    std::memcpy(out.data(), mine.bytes.data() + mine.used, N);
    mine.used += N;
}

} // namespace tidings::inline v0::detail

#endif
