// Many people: what a call says about them, and what it says at the end.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SEND_EACH_HPP
#define TIDINGS_SEND_EACH_HPP

#include <tidings/message/localized.hpp>
#include <tidings/receipt.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace tidings::inline v0 {

/// One of many people, with what is theirs alone.
template<class Match>
class recipient_of
{
public:
    recipient_of(Match who) noexcept : who_(std::move(who)) {}
    /// @param language  Where the message has several.
    recipient_of(Match who, language_tag language) noexcept : who_(std::move(who)), language_(std::move(language)) {}

    Match const& who() const noexcept { return who_; }
    std::optional<language_tag> const& language() const noexcept { return language_; }

private:
    Match who_;
    std::optional<language_tag> language_;
};

/// What one call of `send_each` may ask for. Setters chain.
class send_each_options
{
public:
    /// A random key, eight requests at a time.
    send_each_options() : key_(idempotency_key::random()) {}

    /// Names this message to all of them; the key of each person is derived from it. Repeat a call under the same key,
    /// and those who were served are not served again, where the platform keeps count.
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
    /// People in memory at the same time, at least 1. Default: 100, or one batch of the platform where that is more.
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

/// What one call of `send_each` may ask for when the platform is to spread the message itself: up to 200 people of Lark
/// or Feishu with one request. Setters chain.
///
/// For hundreds of equal messages that may arrive a little later: the platform puts them into a queue. Against sending
/// to each person on their own,
/// - there is no idempotency key: where the answer is lost, everybody of the request has an unknown outcome, and a call
///   that is repeated serves everybody again;
/// - a receipt says that the platform took the message. It names those whose id is nobody's; whom the bot does not see
///   it leaves out without a word;
/// - all of a request have one message: `recall` takes it back from all of them, and `readers` cannot tell who has read
///   it;
/// - the application needs the scope `im:message:send_multi_users`;
/// - a `file` cannot go, and `markdown` goes as a card.
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

    std::size_t concurrency() const noexcept { return each_.concurrency(); }
    std::optional<std::size_t> window() const noexcept { return each_.window(); }
    /// The same without what makes the difference. The key is for those who have to be sent to on their own.
    send_each_options const& each() const noexcept { return each_; }

private:
    send_each_options each_;
};

/// How many fared how.
class send_summary
{
public:
    send_summary() noexcept = default;

    std::size_t delivered = 0;
    std::size_t failed = 0;
    /// Perhaps delivered, or delivered in part: `condition::unknown`. Do not send again without a look at the outcome.
    std::size_t unknown = 0;
    /// Everybody was tried. False: the call was cancelled, and the rest of the range was not looked at.
    bool complete = true;

    std::size_t total() const noexcept { return delivered + failed + unknown; }
};

} // namespace tidings::inline v0

#endif
