// The events that an observer gets: one plain struct for each kind.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EVENT_HPP
#define TIDINGS_EVENT_HPP

#include <tidings/error.hpp>

#include <chrono>
#include <cstddef>
#include <string_view>

/// The events of a notifier and of a webhook.
///
/// An event has names, numbers, durations and error codes. It has no access token, no secret of an application, no
/// webhook address, no address or id of a person or chat, no content of a message, and no sentence that a platform or a
/// proxy wrote. Two texts come from a platform's answer, its error code and its log id. Secrets and tokens were removed
/// from them, and one that has more than 128 characters, or others than letters, digits and `-._:`, is left out.
///
/// A `std::string_view` in an event is valid until the observer's function returns. An `error_code` without a value
/// means success; with a value it is an `errc`, and `cause` says what lies behind it, as in `failure`.
namespace tidings::inline v0::event {

using duration = std::chrono::steady_clock::duration;

/// A request is about to be made. Exactly one `attempt_ended` follows.
struct attempt_begun
{
    std::string_view platform;  ///< "lark", "feishu", … .
    std::string_view operation; ///< "send message", "look up person", … .
    std::string_view host;      ///< The platform's host, with the port if the base URL names one.
    unsigned attempt = 1;       ///< Of this operation, counted from 1.
};

/// A request was answered, was refused, or failed. If the coroutine was destroyed or an exception left it, the error is
/// `errc::cancelled`, or `errc::outcome_unknown` where the request may have had an effect.
struct attempt_ended
{
    std::string_view platform;
    std::string_view operation;
    std::string_view host;
    unsigned attempt = 1;
    event::duration duration{}; ///< Since `attempt_begun`. Includes the wait for a connection and opening it.
    error_code error;           ///< Why it did not succeed.
    error_code cause;
    unsigned http_status = 0;       ///< Of a refusal. 0: no answer, or a success.
    std::string_view platform_code; ///< The platform's own code of a refusal.
    std::string_view log_id;        ///< What the platform's support asks for; of a refusal.
    std::size_t request_bytes = 0;  ///< Head and body.
    std::size_t reply_bytes = 0;    ///< The decoded body, without the head. 0: no complete answer.
};

/// A request is going to be made again.
struct retry_planned
{
    std::string_view platform;
    std::string_view operation;
    error_code reason; ///< What became of the attempt before.
    error_code cause;
    unsigned retry = 0;     ///< Of the call, counted from 1. 0: at once with a new token or over a new connection.
    event::duration wait{}; ///< Until then.
};

/// A token was fetched from the platform. A token that was cached, or fetched by another program, is no event.
struct token_fetched
{
    std::string_view platform;
    event::duration duration{};       ///< With all attempts.
    std::chrono::seconds lifetime{0}; ///< The lifetime that the platform states.
};

/// How an address became a recipient.
enum class source
{
    direct,     ///< The platform takes the address directly.
    remembered, ///< The directory had it.
    looked_up,  ///< The platform was asked.
    scanned     ///< It was searched in an index of the platform's whole directory.
};

/// The name of an enumerator, as in the source.
constexpr std::string_view to_string(source s) noexcept
{
    switch (s)
    {
    case source::direct: return "direct";
    case source::remembered: return "remembered";
    case source::looked_up: return "looked_up";
    case source::scanned: return "scanned";
    }
    return "unknown";
}

/// The recipient of an address was found, or not. Each link of a chain that was tried is an event. A message to a
/// `recipient` has no such event.
struct person_resolved
{
    std::string_view platform;
    std::string_view match; ///< The kind of address: "email", "phone_number", … .
    event::source source = source::direct;
    error_code error; ///< Why not.
};

/// A request had to wait because of a limit of the platform.
struct permit_waited
{
    std::string_view platform;
    std::string_view operation;
    std::string_view limit; ///< The API that is limited, by its name in docs/pacing.md.
    event::duration duration{};
    error_code error; ///< Why the request was not made.
};

/// Connections to a host could not be opened several times in a row: until the pause has passed, requests that need a
/// new connection fail at once. Also if the attempt after a pause failed, and another pause begins.
struct breaker_opened
{
    std::string_view platform;
    std::string_view host;
    event::duration pause{};
};

/// A connection to such a host could be opened.
struct breaker_closed
{
    std::string_view platform;
    std::string_view host;
};

/// A message to one recipient was delivered, refused, or given up. `send_each` reports each recipient right before it
/// calls the sink; a webhook reports its group. A text that was divided is one delivery. An `async_send` that is cancelled
/// before it has begun settles none.
struct delivery_settled
{
    std::string_view platform;
    error_code error; ///< Why it was not delivered; in `condition::unknown`, it may have been.
    error_code cause;
    unsigned attempts = 0;      ///< Requests made for the operation that decided it.
    event::duration duration{}; ///< Of the whole call; in `send_each`, since its window of recipients was begun.
};

} // namespace tidings::inline v0::event

#endif
