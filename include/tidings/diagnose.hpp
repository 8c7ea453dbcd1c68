// Checks whether messages to people would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIAGNOSE_HPP
#define TIDINGS_DIAGNOSE_HPP

#include <tidings/diagnosis.hpp>
#include <tidings/impl/diagnose.hpp>
#include <tidings/notifier.hpp>
#include <tidings/provider/dingtalk/diagnostic.hpp>
#include <tidings/provider/lark/diagnostic.hpp>
#include <tidings/provider/wecom/diagnostic.hpp>

#include <boost/asio/awaitable.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

/// Checks whether messages to people would be delivered, and sends none.
///
/// Makes the notifier's access token and connection if there are none, asks the platform what it tells of the
/// application, and looks up each address. What a platform cannot tell before a message is sent is unknown, and never
/// passes. A check after the first failure that needs it is unknown, too: when a look-up fails for a reason that concerns
/// all people, such as the limit of requests, the people after it are not looked up.
///
/// The requests are few and change nothing. On Lark and Feishu they count against the monthly quota, and on WeCom each
/// person who is not found counts against the look-ups of the day: this is not for periodic health checks.
///
/// @param with    Its provider has `diagnostic_of`, which those of the library have. A token that it has already is used:
///                make a notifier for the check to find out whether the credentials are right today.
/// @param people  Addresses; of a chain each link is looked up. May be empty.
/// @param how     The deadline of each request; the notifier's unless given.
/// @returns All checks, also when they fail. `errc::cancelled` if the operation was cancelled or the notifier is closed.
///
/// @par Object lifetimes  `with` may be destroyed while the operation runs; the operation owns `people`.
/// @par Executor          Awaited on `with.get_executor()`.
/// @par Per-operation cancellation  `terminal` and `partial`.
/// @par Exception safety  Throws only `std::bad_alloc`.
template<class Provider, class Match, class... Policies>
[[nodiscard]] boost::asio::awaitable<result<diagnosis>> diagnose(notifier<Provider, Match, Policies...> const& with,
                                                                 std::vector<Match> people = std::vector<Match>(),
                                                                 call_options how = call_options())
{
    return detail::diagnosis_access::run(with, detail::match_names<Match>(), std::move(people), how);
}

} // namespace tidings::inline v0

#endif
