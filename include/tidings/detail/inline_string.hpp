// A string that needs no heap while it is short.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_INLINE_STRING_HPP
#define TIDINGS_DETAIL_INLINE_STRING_HPP

#include <openssl/crypto.h>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

/// Platform ids have 34 to 40 characters today: too long for std::string to keep inline, and opaque, so that no length
/// may be taken for granted.
class inline_string
{
public:
    inline_string() noexcept = default;
    inline_string(std::string_view text) { assign_fresh(text, {}); }
    /// One behind the other.
    inline_string(std::string_view first, std::string_view second) { assign_fresh(first, second); }
    inline_string(inline_string const& other) : inline_string(other.view()) {}
    inline_string(inline_string&& other) noexcept { take(other); }
    inline_string& operator=(inline_string const& other)
    {
        assign(other.view());
        return *this;
    }
    inline_string& operator=(inline_string&& other) noexcept
    {
        if (this != &other)
        {
            release();
            take(other);
        }
        return *this;
    }
    ~inline_string() { release(); }

    operator std::string_view() const noexcept { return view(); }
    std::string_view view() const noexcept { return {size_ > max_near ? bytes_.far : bytes_.near, size_}; }
    bool empty() const noexcept { return size_ == 0; }
    void clear() noexcept
    {
        release();
        size_ = 0;
    }
    void assign(std::string_view text)
    {
        inline_string fresh(text);
        *this = std::move(fresh);
    }

private:
    static constexpr std::size_t max_near = 64;

    void assign_fresh(std::string_view first, std::string_view second)
    {
        auto const size = first.size() + second.size();
        char* const to = size > max_near ? (bytes_.far = new char[size]) : bytes_.near;
        size_ = size;
        if (!first.empty())
            std::memcpy(to, first.data(), first.size());
        if (!second.empty())
            std::memcpy(to + first.size(), second.data(), second.size());
    }
    // All of it, be it used or not: that is a few instructions, and counting is more.
    void take(inline_string& other) noexcept
    {
        std::memcpy(&bytes_, &other.bytes_, sizeof bytes_);
        size_ = std::exchange(other.size_, 0);
    }
    void release() noexcept
    {
        if (size_ <= max_near)
            return;
        // An answer may have a token where an id should be.
        OPENSSL_cleanse(bytes_.far, size_);
        delete[] bytes_.far;
    }

    union bytes
    {
        char near[max_near] = {};
        char* far;
    };

    bytes bytes_;
    std::size_t size_ = 0;
};

} // namespace tidings::inline v0::detail

#endif
