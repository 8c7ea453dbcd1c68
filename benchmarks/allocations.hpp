// Counts heap allocations: OpenSSL's and everybody else's.
//
// For one source of a program: it replaces malloc and its relatives, which works with glibc. Elsewhere, and under a
// sanitizer, nothing is counted.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BENCHMARKS_ALLOCATIONS_HPP
#define TIDINGS_BENCHMARKS_ALLOCATIONS_HPP

// Before our definitions: it declares posix_memalign without noexcept, which clang takes only from a system header that
// comes after the C library's own declaration.
#include <cstdlib>
#if __has_include(<mm_malloc.h>)
#include <mm_malloc.h>
#endif

#include <openssl/crypto.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace benchmarks {

/// Counted so far in this process, which has one thread.
struct allocation_counts
{
    std::uint64_t ours = 0;
    std::uint64_t ours_bytes = 0;
    std::uint64_t openssl = 0;
    std::uint64_t openssl_bytes = 0;
};
inline constinit allocation_counts allocated;

inline void count_ours(std::size_t size) noexcept
{
    ++allocated.ours;
    allocated.ours_bytes += size;
}

} // namespace benchmarks

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TIDINGS_BENCHMARKS_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TIDINGS_BENCHMARKS_SANITIZED
#endif

#if defined(__GLIBC__) && !defined(TIDINGS_BENCHMARKS_SANITIZED)

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept
{
    benchmarks::count_ours(size);
    return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept
{
    benchmarks::count_ours(n * size);
    return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t size) noexcept
{
    benchmarks::count_ours(size);
    return __libc_realloc(p, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    benchmarks::count_ours(size);
    return __libc_memalign(alignment, size);
}
void free(void* p) noexcept
{
    __libc_free(p);
}
} // extern "C"

namespace benchmarks {

inline void* openssl_malloc(std::size_t size, char const*, int)
{
    ++allocated.openssl;
    allocated.openssl_bytes += size;
    return __libc_malloc(size);
}
inline void* openssl_realloc(void* p, std::size_t size, char const*, int)
{
    ++allocated.openssl;
    allocated.openssl_bytes += size;
    return __libc_realloc(p, size);
}
inline void openssl_free(void* p, char const*, int)
{
    __libc_free(p);
}

/// OpenSSL takes other functions only before its first allocation, which Asio makes before `main`.
[[gnu::constructor(101)]] inline void count_openssl()
{
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1)
        std::abort();
}

} // namespace benchmarks

#endif

#endif
