// Access tokens kept in memory. One fetch serves all callers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_IN_MEMORY_HPP
#define TIDINGS_TOKEN_CACHE_IN_MEMORY_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/token_cache/detail/single_flight.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace tidings::inline v0::token_cache {

/// Keeps tokens in memory. Copies share them: give copies of one cache to several notifiers, and they fetch one token
/// together.
///
/// @par Thread safety  Distinct objects, copies included: safe. Notifiers of different threads may share one.
class in_memory
{
public:
    using policy_kind = token_cache_kind;

    /// The token of one application.
    using entry = detail::single_flight<access_token>;

    in_memory() : store_(std::make_shared<store>()) {}

    /// How long wrong credentials fail at once, without a request to the platform: WeCom blocks an address that keeps
    /// trying. Another id or another secret is tried at once. Default one minute; zero: every call asks the platform.
    /// Set it before the first notifier gets a copy.
    in_memory& refusal_lifetime(std::chrono::steady_clock::duration d);

    /// The maximum of calls that wait for one application's token while it is fetched; further ones fail with
    /// `errc::queue_full`. Default 10,000. Set it before the first notifier gets a copy.
    in_memory& max_waiting(std::size_t n) noexcept;

    /// The entry of the token that `key` names. Kept for the life of the cache.
    std::shared_ptr<entry> entry_for(std::string const& key);

private:
    struct store
    {
        std::chrono::steady_clock::duration refusals = std::chrono::minutes(1);
        std::size_t max_waiting = entry::default_max_waiting;
        detail::keyed_store<entry> entries;
    };

    std::shared_ptr<store> store_;
};
static_assert(token_cache_policy<in_memory>);

} // namespace tidings::inline v0::token_cache

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/token_cache/impl/in_memory.ipp>
#endif

#endif
