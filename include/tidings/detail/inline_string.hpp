// A string that needs no heap while it is short.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_INLINE_STRING_HPP
#define TIDINGS_DETAIL_INLINE_STRING_HPP

#include <boost/container/small_vector.hpp>

#include <string_view>

namespace tidings::detail {

/// Platform ids have 34 to 40 characters today: too long for std::string to keep inline, and opaque, so that no length
/// may be taken for granted.
class inline_string
{
public:
    inline_string() noexcept = default;
    inline_string(std::string_view text) : bytes_(text.begin(), text.end()) {}

    operator std::string_view() const noexcept { return view(); }
    std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }
    bool empty() const noexcept { return bytes_.empty(); }
    void assign(std::string_view text) { bytes_.assign(text.begin(), text.end()); }

private:
    boost::container::small_vector<char, 64> bytes_;
};

} // namespace tidings::detail

#endif
