// Somebody who sends messages on one of the platforms, whichever it is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_FAULT_CHANNEL_DRIVER_HPP
#define TIDINGS_TESTS_FAULT_CHANNEL_DRIVER_HPP

#include "row.hpp"
#include "support/run.hpp"

#include <tidings/sandbox/server.hpp>
#include <tidings/tidings.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// What a retry policy was asked about.
struct questions
{
    unsigned failures = 0;
    bool begun = false; ///< Whether one of these was no connection although a request had begun, for one without a key.
};

/// What a notifier is made with. Copies share the caches, the clock, and what the retry policy was asked.
struct circumstances
{
    circumstances() = default; // no aggregate

    std::string url;
    std::chrono::milliseconds limit = std::chrono::seconds(20);
    repeats again = repeats::safe;
    std::chrono::milliseconds base{1}; ///< The shortest wait before a repetition.
    td::transport::pipelined<td::transport::by_scheme> how;
    td::token_cache::in_memory tokens;
    td::directory::in_memory people;
    manual_clock clock;
    std::shared_ptr<questions> asked = std::make_shared<questions>();
};

inline constexpr auto bob = "+8613011111111";
inline constexpr auto chen = "+8613022222222";
inline constexpr auto nobody = "+8613099999999";

/// A notifier for one person, Bob, by his phone number, and for one chat, and the custom bot of one group.
class channel_driver
{
public:
    virtual ~channel_driver() = default;

    virtual asio::awaitable<td::result<td::receipt>> send(std::string text, std::string key) = 0;
    /// An image, which is uploaded before.
    virtual asio::awaitable<td::result<td::receipt>> show(std::string key) = 0;
    /// To the group.
    virtual asio::awaitable<td::result<td::receipt>> announce(std::string text, std::string key) = 0;
    /// To the chat, by the application.
    virtual asio::awaitable<td::result<td::receipt>> tell(std::string text, std::string key) = 0;
    /// To Bob and Chen with one request. Says how both fared, or `errc::partly_delivered`.
    virtual asio::awaitable<td::result<td::receipt>> spread(std::string text, std::string key) = 0;
    /// Everything before a send: token and person. No connection is left behind that the platform has not seen yet.
    virtual asio::awaitable<td::result<void>> find(std::string phone_number) = 0;
    virtual asio::awaitable<td::result<void>> recall(td::receipt sent) = 0;
    /// The ids of those who have read it.
    virtual asio::awaitable<td::result<std::vector<std::string>>> readers(td::receipt sent) = 0;
};

/// One platform, by one route.
struct platform
{
    std::string_view name;
    std::string_view brand;               ///< What the sandbox calls it.
    by_step<bool> keyed;                  ///< Whether it does that only once, however often it is asked.
    by_step<std::string_view> paths;      ///< Of each step. Empty: there is no such thing, or it is another's.
    by_step<std::string_view> operations; ///< What the library calls each step.
    std::unique_ptr<channel_driver> (*open)(asio::any_io_executor, td::sandbox::server const&, circumstances const&);
    std::string (*app_id)(td::sandbox::server const&); ///< What the sandbox revokes tokens by.
    std::string (*secret)(td::sandbox::server const&);
    std::string (*hook_token)(td::sandbox::server const&); ///< Of the group's custom bot.

    std::string_view path(step s) const { return paths[static_cast<std::size_t>(s)]; }
    std::string_view operation(step s) const { return operations[static_cast<std::size_t>(s)]; }
    bool does_once(step s) const { return keyed[static_cast<std::size_t>(s)]; }
    /// The first step with the same path: a batch may be a message like any other.
    step looks_like(step s) const
    {
        return steps[static_cast<std::size_t>(std::find(paths.begin(), paths.end(), path(s)) - paths.begin())];
    }
};

/// Each of them once.
std::span<platform const> platforms();

} // namespace test

#endif
