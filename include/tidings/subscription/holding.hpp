// Which messages wait for the end of quiet hours or for a digest, and how long.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_HOLDING_HPP
#define TIDINGS_SUBSCRIPTION_HOLDING_HPP

#include <tidings/config/problem.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/subscription/event_type.hpp>
#include <tidings/subscription/people.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace tidings::inline v0::subscription {

/// The offset from UTC of a time zone at a moment: positive east of Greenwich. Nothing: the zone is not known.
///
/// @param zone  As in `person::time_zone`: the name of a zone of the IANA database, an offset such as "+08:00", or empty
///              for UTC.
/// @param when  The moment, since the offset may change twice a year.
///
/// `utc_only` needs no data; `time_zones` (tidings/subscription/time_zone.hpp) knows the zones of the system. A function
/// of your own may be called by several threads at a time, if its users are.
using zone_offset =
    std::function<std::optional<std::chrono::seconds>(std::string_view zone, std::chrono::sys_seconds when)>;

/// A `zone_offset` without a database. It knows "", "UTC", "Etc/UTC", "Z", and offsets of up to 14 hours such as "+08:00"
/// and "-03:30".
///
/// @par Thread safety  Safe.
TIDINGS_DECL std::optional<std::chrono::seconds> utc_only(std::string_view zone,
                                                          std::chrono::sys_seconds when) noexcept;

/// A problem for each person whose time zone is not known: `ada: time_zone: …`. Times of such a person count as UTC.
///
/// @param offset_of  Asked about each zone once a person. Empty: `utc_only`.
TIDINGS_DECL config::problems check_time_zones(people const& all, zone_offset const& offset_of);

/// Why a message is held.
enum class hold_reason : std::uint8_t
{
    quiet_hours, ///< Of the receiver. The message is sent when they end.
    digest       ///< It is sent at one of the receiver's `person::digest_times`, together with others.
};

/// A message waits.
struct hold
{
    hold_reason reason = hold_reason::quiet_hours;
    std::chrono::sys_seconds until{}; ///< From then on it is due, if the receiver's settings stay as they are.

    friend constexpr bool operator==(hold const&, hold const&) noexcept = default;
};

/// Which settings of a person hold messages. Switch one off for a route that it should not concern.
struct hold_rules
{
    constexpr hold_rules() noexcept = default;

    bool quiet_hours = true;
    bool digest = true;
};

/// Whether a message to a person is held, and until when.
///
/// - A node that is `urgent` is never held.
/// - In the person's quiet hours, a message is held until the first moment that is not quiet. If the whole day is quiet
///   (`from` equals `to`), it is held until the next `to`.
/// - If the person has digest times, a message about a node that wants no action is held until the next of them, also
///   outside the quiet hours. Digest times in the quiet hours do not count; if all of them are, the message is held until
///   the next end of the quiet hours.
///
/// All times are those of a clock in the person's time zone. Where the clock is put forward over the end of the quiet
/// hours or a digest time, that time is the moment of the change. Where it is put back, such a time is there twice, and
/// either counts. A change of a whole day or more (a country that crosses the date line) has no times between.
///
/// @param now        The moment. `until` is later than this; by at most a day, and longer only by what the clock is put
///                   back within that time (usually one hour).
/// @param offset_of  Empty: `utc_only`. A zone that it does not know counts as UTC: see `check_time_zones`.
/// @returns Nothing: the message is to be sent now.
/// @throws  What `offset_of` throws.
TIDINGS_DECL std::optional<hold> hold_until(person const& to, node_description const& node,
                                            std::chrono::sys_seconds now, zone_offset const& offset_of,
                                            hold_rules rules = {});

/// Whether a message that is held may be sent now. The person's settings may have changed since it was held; those of now
/// decide:
///
/// 1. A message about an urgent node is due.
/// 2. In quiet hours it is not due, whatever it waits for. There are two exceptions, in which `until` decides: the whole
///    day is quiet; or `until` is a moment at which the clock was put forward over all the time that is not quiet, or over
///    a digest time.
/// 3. Outside of quiet hours (also if the person has none any more), a message that was held for quiet hours is due.
/// 4. One that was held for a digest is due if the person has no digest times any more, if the node wants an action, or if
///    `until` has come.
///
/// With unchanged settings, a message is due from `until` on, except in later quiet hours. A message that is not due although
/// `until` has come is held again: `hold_until` then returns a new time.
///
/// @param to     The person as the directory has them now.
/// @param rules  Those that it was held by. A setting that is switched off is as if the person did not have it.
/// @throws  What `offset_of` throws.
TIDINGS_DECL bool is_due(hold const& held, person const& to, node_description const& node, std::chrono::sys_seconds now,
                         zone_offset const& offset_of, hold_rules rules = {});

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/holding.ipp>
#endif

#endif
