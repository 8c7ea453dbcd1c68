// What the command line of tidings-send asks for.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_ORDER_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_ORDER_HPP

#include <tidings/any_notifier.hpp>
#include <tidings/receipt.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tidings_send {

/// Where an address was given, for the user who has to correct it: "--to" or "people.txt:17".
struct person
{
    std::string to;
    std::string where;
};

struct order
{
    std::string provider;           ///< As it was written on the command line.
    bool work_notification = false; ///< DingTalk: not by the bot.
    bool directory_scan = false;
    std::vector<std::string> match; ///< Several: a chain.
    std::vector<person> people;
    tidings::any_message message = tidings::text(std::string());
    tidings::idempotency_key key = tidings::idempotency_key::random(); ///< Of the run.
    tidings::idempotency_key message_key = key; ///< Of the run and the message: another message is not the same one.
    std::string language;

    std::string app_id;
    std::string app_secret;
    std::string robot_code;
    std::int64_t agent_id = 0;

    std::string base_url;
    std::string ca_file;
    std::string ca_directory;
    bool system_authorities = false;
    std::string client_certificate;
    std::string client_key;
    std::string passphrase;
    std::string proxy;
    bool proxy_from_environment = false;
    std::string token_cache;
    std::chrono::steady_clock::duration timeout = std::chrono::seconds(10);
    unsigned retries = 3;

    bool resolve = false; ///< Finds people and sends nothing.
    bool as_json = false;
};

} // namespace tidings_send

#endif
