// What the command line of tidings-send asks for.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_ORDER_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_ORDER_HPP

#include "../tools/people.hpp"

#include <tidings/any_notifier.hpp>
#include <tidings/receipt.hpp>

#include <string>
#include <vector>

namespace tidings_send {

/// Somebody whom an interrupted run may have reached.
enum class doubt
{
    none,
    repeatable, ///< The message is sent again under the same key.
    permanent   ///< It is not sent again: `recipient::reason` says why.
};

/// A person, and what an interrupted run has left.
struct recipient
{
    explicit recipient(tools::person p) noexcept : person(std::move(p)) {}

    tools::person person;
    doubt in_doubt = doubt::none;
    std::string reason;
};

struct order
{
    std::string provider;          ///< As it was written on the command line.
    std::vector<recipient> people; ///< Those in permanent doubt first.
    tidings::any_message message = tidings::text(std::string());
    tidings::idempotency_key key = tidings::idempotency_key::random(); ///< Of the run.
    tidings::idempotency_key message_key = key; ///< Of the run and the message: another message is not the same one.
    std::string message_digest;                 ///< Of the message alone.
    tidings::language language = tidings::language::english; ///< Of remedies.
    bool resolve = false;                                    ///< Finds people and sends nothing.
    bool as_json = false;
};

} // namespace tidings_send

#endif
