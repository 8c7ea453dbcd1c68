// People remembered in memory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_IN_MEMORY_HPP
#define TIDINGS_DIRECTORY_IN_MEMORY_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/directory/detail/recent_people.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace tidings::inline v0::directory {

/// Remembers the people who have an address, and addresses that no person has, for a limited time and in limited
/// number. Copies share their contents.
///
/// Unknown addresses are remembered because the platforms punish repeated look-ups of them: WeCom blocks look-ups for a
/// day when more than a fifth of them find no one.
///
/// @par Thread safety  Distinct objects, copies included: safe.
class in_memory
{
public:
    using policy_kind = directory_kind;
    using duration = std::chrono::steady_clock::duration;

    /// An hour for people, ten minutes for misses, 100,000 addresses for each application.
    in_memory() : store_(std::make_shared<store>()) {}

    /// Set before the first notifier gets a copy.
    in_memory& lifetime(duration d);
    in_memory& miss_lifetime(duration d);
    /// @param n  At least 1. Beyond that, the address that was not used for the longest time is removed. One call of
    ///           `send_each` adds at most half as many people (rounded up): a long list would displace all others.
    in_memory& max_entries(std::size_t n);

private:
    struct rules
    {
        duration hits = std::chrono::hours(1);
        duration misses = std::chrono::minutes(10);
        std::size_t max_entries = 100'000;
    };

public:
    /// One application's people.
    class entry
    {
    public:
        using time_point = access_token::time_point;

        explicit entry(rules const& r) noexcept : rules_(r) {}

        remembered find(std::string_view kind, std::string_view address, time_point now);

        void keep(std::string_view kind, std::string_view address, std::string_view id, time_point now);

        void forget(std::string_view kind, std::string_view address);

        std::size_t max_entries() const noexcept { return rules_.max_entries; }

    private:
        rules rules_;
        std::mutex mutex_;
        detail::recent_people people_;
    };

    /// The people of the application that `key` names.
    std::shared_ptr<entry> entry_for(std::string const& key)
    {
        return store_->entries.find_or_make(key, [this] { return std::make_shared<entry>(store_->rules); });
    }

private:
    struct store
    {
        in_memory::rules rules;
        detail::keyed_store<entry> entries;
    };

    std::shared_ptr<store> store_;
};
static_assert(directory_policy<in_memory>);

} // namespace tidings::inline v0::directory

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/directory/impl/in_memory.ipp>
#endif

#endif
