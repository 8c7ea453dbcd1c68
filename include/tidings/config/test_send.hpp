// Tries a channel before its settings are saved.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_TEST_SEND_HPP
#define TIDINGS_CONFIG_TEST_SEND_HPP

#include <tidings/config/channel.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace tidings::inline v0::config {

/// Sends a test message to one person with settings as they were typed: nothing needs to be saved.
///
/// The message is a real one. It says that it is a test, in the channel's language.
///
/// @param ex        Where everything runs: one thread, or a strand.
/// @param settings  Checked first; see `check`.
/// @param receiver  A login name, phone number or email address, as `notification_field` says.
/// @param options   The deadline and the number of retries. Access tokens are never kept in files: a test has to find
///                  out whether the credentials are right.
/// @returns The receipt, or the failure, whose `message()` and `remedy()` say what happened and what to do about it:
///          `errc::recipient_not_found` if the person cannot be found by this field, `errc::permission_missing` with the
///          missing scopes, `errc::bot_disabled`, `errc::app_not_published`, and everything else that
///          `notifier::send` reports. `errc::invalid_argument` for settings that are not valid; no byte was sent then.
///
/// @par Executor          Awaited on `ex`.
/// @par Per-operation cancellation  As for `notifier::send`.
/// @par Exception safety  Throws only `std::bad_alloc`.
[[nodiscard]] TIDINGS_DECL boost::asio::awaitable<result<receipt>> test_send(
    boost::asio::any_io_executor ex, channel settings, std::string receiver,
    notifier_options options = notifier_options());

/// The result of a test in one or two lines for people: "Success", or the cause with what to do.
///
/// A person who cannot be found is reported as "Failed to obtain user ID".
TIDINGS_DECL std::string test_report(result<receipt> const& outcome, language l = language::english);

} // namespace tidings::inline v0::config

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/test_send.ipp>
#endif

#endif
