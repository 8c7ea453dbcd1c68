// People remembered in memory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_IMPL_IN_MEMORY_IPP
#define TIDINGS_DIRECTORY_IMPL_IN_MEMORY_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/directory/in_memory.hpp>

#include <mutex>
#include <string_view>

namespace tidings::inline v0::directory {

TIDINGS_DECL in_memory& in_memory::lifetime(duration d)
{
    store_->rules.hits = detail::bounded(d);
    return *this;
}

TIDINGS_DECL in_memory& in_memory::miss_lifetime(duration d)
{
    store_->rules.misses = detail::bounded(d);
    return *this;
}

TIDINGS_DECL in_memory& in_memory::max_entries(std::size_t n)
{
    store_->rules.max_entries = n == 0 ? 1 : n;
    return *this;
}

TIDINGS_DECL remembered in_memory::entry::find(std::string_view kind, std::string_view address, time_point now)
{
    std::lock_guard const lock(mutex_);
    return people_.find(kind, address, now);
}

TIDINGS_DECL void in_memory::entry::keep(std::string_view kind, std::string_view address, std::string_view id,
                                         time_point now)
{
    auto const lives = id.empty() ? rules_.misses : rules_.hits;
    std::lock_guard const lock(mutex_);
    people_.keep(kind, address, id, now, now + lives, rules_.max_entries);
}

TIDINGS_DECL void in_memory::entry::forget(std::string_view kind, std::string_view address)
{
    std::lock_guard const lock(mutex_);
    people_.forget(kind, address);
}

} // namespace tidings::inline v0::directory

#endif
