// Looks addresses up, or uses them directly.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_ADDRESSING_HPP
#define TIDINGS_POLICY_ADDRESSING_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/directory/detail/people_index.hpp>
#include <tidings/token_cache/detail/single_flight.hpp>

namespace tidings::inline v0::addressing {

/// Looks addresses up where the platform can, and uses them directly where it cannot. The default: an unknown person is
/// found out before anything is sent.
class lookup
{
public:
    using policy_kind = addressing_kind;
    static constexpr bool prefers_direct = false;
    static constexpr bool scans = false;
};
static_assert(addressing_policy<lookup>);

/// Uses addresses directly: one request less, and no scope for look-ups. An unknown person is found out by the send
/// itself.
class direct
{
public:
    using policy_kind = addressing_kind;
    static constexpr bool prefers_direct = true;
    static constexpr bool scans = false;
};
static_assert(addressing_policy<direct>);

/// Reads the whole directory once, where a platform has no look-up for a kind of address (DingTalk and email), and
/// keeps an index of it. Costs one request for each department and each hundred people. Copies share the index: give
/// copies to several notifiers of one application.
///
/// @par Thread safety  Distinct objects, copies included: safe.
class directory_scan
{
public:
    using policy_kind = addressing_kind;
    static constexpr bool prefers_direct = false;
    static constexpr bool scans = true;
    using entry = detail::single_flight<detail::people_index>;

    /// Ten calls a second; read again after twelve hours.
    directory_scan() : store_(std::make_shared<detail::keyed_store<entry>>()) {}

    /// @param n  Calls a second while reading, 1 to 20: the platform's limit is 20 for each API.
    directory_scan& calls_per_second(unsigned n) noexcept;
    /// How long the index is used. If an indexed person no longer exists, the directory is scanned again before that,
    /// at most once an hour; a new person is found when it is scanned again. Default twelve hours.
    directory_scan& lifetime(std::chrono::steady_clock::duration d) noexcept;
    /// How long one reading may take; it has this limit instead of the call's deadline. Default ten minutes.
    directory_scan& limit(std::chrono::steady_clock::duration d) noexcept;

    unsigned calls_per_second() const noexcept { return calls_; }
    std::chrono::steady_clock::duration lifetime() const noexcept { return lifetime_; }
    std::chrono::steady_clock::duration limit() const noexcept { return limit_; }

    /// The index of the application that `key` names.
    std::shared_ptr<entry> entry_for(std::string const& key) const;

private:
    unsigned calls_ = 10;
    std::chrono::steady_clock::duration lifetime_ = std::chrono::hours(12);
    std::chrono::steady_clock::duration limit_ = std::chrono::minutes(10);
    std::shared_ptr<detail::keyed_store<entry>> store_;
};
static_assert(addressing_policy<directory_scan>);

} // namespace tidings::inline v0::addressing

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/policy/impl/addressing.ipp>
#endif

#endif
