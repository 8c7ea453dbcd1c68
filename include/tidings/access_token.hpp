// An access token, and the state of a cached one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ACCESS_TOKEN_HPP
#define TIDINGS_ACCESS_TOKEN_HPP

#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/operation.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace tidings::inline v0 {

/// A token and its lifetime. Immutable and shared: dropping it from a cache does not affect callers that use it.
class access_token
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    access_token(secret value, time_point expires, wire::token_margins margins = {}) noexcept
        : value_(std::move(value)), expires_(expires), margins_(margins)
    {
    }

    secret const& value() const noexcept { return value_; }
    time_point expires() const noexcept { return expires_; }
    wire::token_margins margins() const noexcept { return margins_; }

private:
    secret value_;
    time_point expires_;
    wire::token_margins margins_;
};
using token_ptr = std::shared_ptr<access_token const>;

/// What to do with a token at a point of time.
enum class freshness
{
    /// Use it.
    use,
    /// Use it, and fetch the next one in the background.
    refresh_ahead,
    /// It has expired or is about to.
    must_fetch
};

/// The decision.
///
/// @param expires  The end of the token.
/// @param now      The same clock's present.
/// @param margins  When the platform hands out a new one, and how long before its end a token is still good.
constexpr freshness freshness_of(access_token::time_point expires, access_token::time_point now,
                                 wire::token_margins margins = {}) noexcept
{
    if (expires - now <= margins.use)
        return freshness::must_fetch;
    return expires - now < margins.refresh ? freshness::refresh_ahead : freshness::use;
}

inline freshness freshness_of(access_token const& token, access_token::time_point now) noexcept
{
    return freshness_of(token.expires(), now, token.margins());
}

/// Something cached and what to do with it.
template<class Value>
class cached_value
{
public:
    cached_value() noexcept = default;
    cached_value(std::shared_ptr<Value const> v, freshness f) noexcept : token(std::move(v)), state(f) {}

    std::shared_ptr<Value const> token; ///< Null if there is no usable one.
    freshness state = freshness::must_fetch;
};
using cached_token = cached_value<access_token>;

/// Fetches one token; bound to the credentials.
using token_fetch = std::function<boost::asio::awaitable<result<token_ptr>>()>;

} // namespace tidings::inline v0

#endif
