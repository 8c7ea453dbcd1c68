// How a platform finds people by one kind of address.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_LOOKUP_KIND_HPP
#define TIDINGS_LOOKUP_KIND_HPP

#include <string_view>

namespace tidings::inline v0 {

/// How a platform finds people by one kind of address.
enum class lookup_kind
{
    /// Not at all.
    none,
    /// The address is used directly, without a look-up.
    direct,
    /// The person is looked up first.
    look_up,
    /// Looked up, or used directly with `addressing::direct`.
    either,
    /// Only with `addressing::directory_scan`.
    scan
};

constexpr std::string_view to_string(lookup_kind kind) noexcept
{
    switch (kind)
    {
    case lookup_kind::none: return "none";
    case lookup_kind::direct: return "direct";
    case lookup_kind::look_up: return "look-up";
    case lookup_kind::either: return "look-up or direct";
    case lookup_kind::scan: return "directory scan";
    }
    return "unknown";
}

} // namespace tidings::inline v0

#endif
