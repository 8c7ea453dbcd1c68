// How old a signed request is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CALLBACK_FRESHNESS_HPP
#define TIDINGS_CALLBACK_FRESHNESS_HPP

#include <tidings/detail/config.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::inline v0 {

/// The recommended limit for the age of a callback. Lark and Feishu repeat an event for up to 6 h and 6 min, and their
/// documents do not state whether a repetition has a timestamp of its own: a shorter limit may lose events.
inline constexpr std::chrono::hours max_callback_age{8};

/// How far the clocks of the platform and of this machine may differ.
inline constexpr std::chrono::minutes max_clock_difference{5};

/// Whether a request was signed, or an event happened, at most `max_age` ago and not in the future.
///
/// A signature stays valid for ever. Compare the time, and keep the ids of the events of that time in a
/// `replay_memory`: then a recorded request is accepted once.
///
/// @param when        What `callback_event::signed_at()`, `callback_parameters::signed_at()` or `event_time()`
/// returned.
///                    Nothing is not recent.
/// @param now         The time of this machine.
/// @param max_age     How old it may be.
/// @param difference  How far `when` may be ahead of `now`, because clocks differ.
///
/// @par Thread safety  Safe.
inline bool is_recent(std::optional<std::chrono::system_clock::time_point> when,
                      std::chrono::system_clock::time_point now = std::chrono::system_clock::now(),
                      std::chrono::seconds max_age = max_callback_age,
                      std::chrono::seconds difference = max_clock_difference) noexcept
{
    return when && now - *when <= max_age && *when - now <= difference;
}

namespace detail {

using wall_time = std::chrono::system_clock::time_point;

inline bool are_digits(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The number that digits are; the caller has checked that there are at most 10, and digits only.
TIDINGS_DECL long long number_of(std::string_view digits) noexcept;

/// Seconds since 1970, exactly ten digits. A signature covers timestamp and nonce without a border between them: with
/// any other length, digits could move from one to the other, and the time with them.
TIDINGS_DECL std::optional<wall_time> read_unix_seconds(std::string_view text) noexcept;

/// A time as Go prints it, which Lark and Feishu put into the header of some card callbacks: `2026-10-04
/// 18:23:46.052290112 +0800 CST m=+3612.1`. The text after the offset has no meaning, so it does not matter that its
/// border to the nonce is not signed; the text before it has borders of its own.
TIDINGS_DECL std::optional<wall_time> read_go_time(std::string_view text) noexcept;

} // namespace detail

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/callback/impl/freshness.ipp>
#endif

#endif
