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
    auto const at = index_.find(name(kind, address));
    if (at == index_.end())
        return {};
    if (at->second->expires <= now)
    {
        erase(at);
        return {};
    }
    // The most recently used entry is the first.
    people_.splice(people_.begin(), people_, at->second);
    auto const& id = at->second->id;
    return {id.empty() ? remembered::kind::nobody : remembered::kind::person, id};
}

TIDINGS_DECL void in_memory::entry::keep(std::string_view kind, std::string_view address, std::string_view id,
                                         time_point now)
{
    std::lock_guard const lock(mutex_);
    if (auto const old = index_.find(name(kind, address)); old != index_.end())
        erase(old);
    auto const lives = id.empty() ? rules_.misses : rules_.hits;
    people_.push_front(person(name(kind, address), id, now + lives));
    index_.emplace(people_.front().key, people_.begin());
    if (people_.size() > rules_.max_entries)
        erase(index_.find(people_.back().key));
}

TIDINGS_DECL void in_memory::entry::forget(std::string_view kind, std::string_view address)
{
    std::lock_guard const lock(mutex_);
    if (auto const at = index_.find(name(kind, address)); at != index_.end())
        erase(at);
}

TIDINGS_DECL std::string_view in_memory::entry::name(std::string_view kind, std::string_view address)
{
    name_.assign(kind);
    name_ += '\0';
    name_ += address;
    return name_;
}

TIDINGS_DECL void in_memory::entry::erase(index::iterator at)
{
    auto const gone = at->second;
    index_.erase(at);
    people_.erase(gone);
}

} // namespace tidings::inline v0::directory

#endif
