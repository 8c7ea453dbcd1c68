// Memory that is wiped before it is given back.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_WIPED_STRING_HPP
#define TIDINGS_DETAIL_WIPED_STRING_HPP

#include <openssl/crypto.h>

#include <memory>
#include <string>
#include <vector>

namespace tidings::detail {

/// Requests carry access tokens, and one reply brings one: growing a buffer must not leave a copy behind either.
template<class T> class wiping_allocator
{
public:
    using value_type = T;

    wiping_allocator() noexcept = default;
    template<class U> wiping_allocator(wiping_allocator<U> const&) noexcept {}

    T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
    void deallocate(T* p, std::size_t n) noexcept
    {
        OPENSSL_cleanse(p, n * sizeof(T));
        std::allocator<T>().deallocate(p, n);
    }

    friend bool operator==(wiping_allocator const&, wiping_allocator const&) noexcept { return true; }
};

/// Holds what is longer than a few bytes on the wiped heap; shorter text stays in the object, as in any string.
using wiped_string = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

using wiped_bytes = std::vector<char, wiping_allocator<char>>;

} // namespace tidings::detail

#endif
