// Many people: options of a call, and its summary.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SEND_EACH_HPP
#define TIDINGS_SEND_EACH_HPP

#include <tidings/message/localized.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_options.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace tidings::inline v0 {

/// One of many people, with options for this person.
template<class Match>
class recipient_of
{
public:
    recipient_of(Match who) noexcept : who_(std::move(who)) {}
    /// @param who       The person.
    /// @param language  The language of the message, if it has several.
    recipient_of(Match who, language_tag language) noexcept : who_(std::move(who)), language_(std::move(language)) {}

    Match const& who() const noexcept { return who_; }
    std::optional<language_tag> const& language() const noexcept { return language_; }

private:
    Match who_;
    std::optional<language_tag> language_;
};

/// Options of one call of `send_each`. Setters chain.
class send_each_options : public detail::deadline_option<send_each_options>
{
public:
    /// A random key, eight requests at a time, and for each request the deadline of the policy.
    send_each_options() : key_(idempotency_key::random()) {}

    /// The key of this message to all people; the key of each person is derived from it. If a call is repeated with the
    /// same key, people who have the message do not get it again, where the platform has idempotency keys.
    send_each_options& key(idempotency_key k) noexcept
    {
        key_ = std::move(k);
        return *this;
    }
    /// Requests under way at the same time, at least 1.
    send_each_options& concurrency(std::size_t n) noexcept
    {
        concurrency_ = n == 0 ? 1 : n;
        return *this;
    }
    /// People in memory at the same time, at least 1. Default: 100, or where that is more, one batch of the
    /// platform, or eight times the concurrency (at most 800).
    send_each_options& window(std::size_t n) noexcept
    {
        window_ = n == 0 ? 1 : n;
        return *this;
    }

    idempotency_key const& key() const noexcept { return key_; }
    std::size_t concurrency() const noexcept { return concurrency_; }
    std::optional<std::size_t> window() const noexcept { return window_; }

private:
    idempotency_key key_;
    std::size_t concurrency_ = 8;
    std::optional<std::size_t> window_;
};

/// Options of one call of `send_each` in which the platform itself sends the message to many people: up to 200 people
/// of Lark or Feishu with one request. Setters chain.
///
/// For hundreds of equal messages that may arrive a little later: the platform puts them into a queue. Differences to
/// sending to each person separately:
/// - There is no idempotency key. If the answer is lost, all people of the request have an unknown outcome, and a
///   repeated call sends to all of them again.
/// - A receipt means that the platform accepted the message. The platform reports ids that do not exist; people outside
///   the bot's availability get no message, and the platform does not report that.
/// - All people of a request have one message: `recall` takes it back from all of them, and `readers` cannot name the
///   readers.
/// - The application needs the scope `im:message:send_multi_users`.
/// - A `file` cannot be sent, and `markdown` is sent as a card.
class native_batch_options
{
public:
    /// Eight requests at a time.
    native_batch_options() = default;

    /// Requests under way at the same time, at least 1.
    native_batch_options& concurrency(std::size_t n) noexcept
    {
        each_.concurrency(n);
        return *this;
    }
    /// People in memory at the same time, at least 1; fewer than a batch make the batches smaller. Default: one batch.
    native_batch_options& window(std::size_t n) noexcept
    {
        each_.window(n);
        return *this;
    }
    /// How long each request may take, in place of the notifier's `deadline` policy. More than zero, otherwise the call
    /// fails with `errc::invalid_argument` before any byte is sent.
    native_batch_options& deadline(std::chrono::steady_clock::duration limit) noexcept
    {
        each_.deadline(limit);
        return *this;
    }

    std::size_t concurrency() const noexcept { return each_.concurrency(); }
    std::optional<std::size_t> window() const noexcept { return each_.window(); }
    std::optional<std::chrono::steady_clock::duration> const& deadline() const noexcept { return each_.deadline(); }
    /// The same options for sending to each person separately. The key is for people who cannot be part of a batch.
    send_each_options const& each() const noexcept { return each_; }

private:
    send_each_options each_;
};

/// Counts of delivered, failed and unknown.
class send_summary
{
public:
    send_summary() noexcept = default;

    std::size_t delivered = 0;
    std::size_t failed = 0;
    /// Perhaps delivered, or delivered in part: `condition::unknown`. Look at the outcome before you send again.
    std::size_t unknown = 0;
    /// All people were tried. False: the call was cancelled, and the rest of the range was not read.
    bool complete = true;

    std::size_t total() const noexcept { return delivered + failed + unknown; }
};

} // namespace tidings::inline v0

#endif
