// How long one call may take.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_DEADLINE_HPP
#define TIDINGS_POLICY_DEADLINE_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/duration.hpp>

namespace tidings::inline v0 {

/// Limits a whole call: the wait for its turn, for a token and for a connection, the look-up, the send, and all
/// repetitions.
class deadline
{
public:
    using policy_kind = deadline_kind;

    /// Ten seconds.
    deadline() = default;

    /// @param limit  Zero: no limit. A negative one has passed already.
    explicit deadline(std::chrono::steady_clock::duration limit) noexcept : limit_(detail::bounded(limit)) {}

    std::chrono::steady_clock::duration limit() const noexcept { return limit_; }

private:
    std::chrono::steady_clock::duration limit_ = std::chrono::seconds(10);
};
static_assert(deadline_policy<deadline>);

} // namespace tidings::inline v0

#endif
