// Memory that is wiped before it is given back.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_WIPED_STRING_HPP
#define TIDINGS_DETAIL_WIPED_STRING_HPP

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// Requests carry access tokens, and one reply brings one: growing a buffer must not leave a copy behind either.
template<class T>
class wiping_allocator
{
public:
    using value_type = T;

    wiping_allocator() noexcept = default;
    template<class U>
    wiping_allocator(wiping_allocator<U> const&) noexcept
    {
    }

    T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
    void deallocate(T* p, std::size_t n) noexcept
    {
        OPENSSL_cleanse(p, n * sizeof(T));
        std::allocator<T>().deallocate(p, n);
    }

    friend bool operator==(wiping_allocator const&, wiping_allocator const&) noexcept { return true; }
};

using wiped_bytes = std::vector<char, wiping_allocator<char>>;

/// Text that is built up from its start. Its memory stays until it goes, so that a reused one allocates nothing, and
/// appending is what it is quick at: `std::string` spends more on a short piece than the piece has bytes.
class wiped_string
{
public:
    wiped_string() noexcept = default;
    wiped_string(wiped_string const&) = delete;
    wiped_string& operator=(wiped_string const&) = delete;
    ~wiped_string() { release(); }

    operator std::string_view() const noexcept { return view(); }
    std::string_view view() const noexcept { return {begin_, size()}; }
    char* data() noexcept { return begin_; }
    char const* data() const noexcept { return begin_; }
    std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - begin_); }
    bool empty() const noexcept { return end_ == begin_; }

    void clear() noexcept { end_ = begin_; }
    /// New bytes have no defined value.
    void resize(std::size_t n)
    {
        if (n > size())
            room(n - size());
        end_ = begin_ + n;
    }

    wiped_string& assign(std::string_view text)
    {
        clear();
        return *this += text;
    }
    wiped_string& operator+=(std::string_view text)
    {
        char* const to = room(text.size());
        if (!text.empty())
            std::memcpy(to, text.data(), text.size());
        end_ = to + text.size();
        return *this;
    }
    wiped_string& operator+=(char c)
    {
        *room(1) = c;
        ++end_;
        return *this;
    }

    /// Where at least `n` more bytes may be written; `advance` tells up to where they were.
    char* room(std::size_t n)
    {
        if (static_cast<std::size_t>(limit_ - end_) < n)
            grow(n);
        return end_;
    }
    std::size_t capacity() const noexcept { return static_cast<std::size_t>(limit_ - begin_); }
    std::size_t capacity_left() const noexcept { return static_cast<std::size_t>(limit_ - end_); }
    void advance(char* end) noexcept { end_ = end; }

private:
    void grow(std::size_t n)
    {
        constexpr std::size_t least = 512;
        auto const capacity = std::max(least, std::max(size() + n, 2 * size()));
        char* const fresh = std::allocator<char>().allocate(capacity);
        auto const used = size();
        if (used != 0)
            std::memcpy(fresh, begin_, used);
        release();
        begin_ = fresh;
        end_ = fresh + used;
        limit_ = fresh + capacity;
    }
    void release() noexcept
    {
        if (begin_)
            wiping_allocator<char>().deallocate(begin_, static_cast<std::size_t>(limit_ - begin_));
    }

    char* begin_ = nullptr;
    char* end_ = nullptr;
    char* limit_ = nullptr;
};

} // namespace tidings::inline v0::detail

#endif
