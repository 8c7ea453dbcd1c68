// Look an address up, or use it as it is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_ADDRESSING_HPP
#define TIDINGS_POLICY_ADDRESSING_HPP

#include <tidings/concepts.hpp>

namespace tidings::addressing {

/// Looks addresses up where the platform can, and uses them as they are where it cannot. The default: an unknown person
/// is found out before anything is sent.
class lookup
{
public:
    using policy_kind = addressing_kind;
    static constexpr bool prefers_direct = false;
};
static_assert(addressing_policy<lookup>);

/// Uses addresses as they are: one round trip less, and no scope for look-ups. An unknown person is found out by the
/// send itself.
class direct
{
public:
    using policy_kind = addressing_kind;
    static constexpr bool prefers_direct = true;
};
static_assert(addressing_policy<direct>);

} // namespace tidings::addressing

#endif
