// Access tokens kept in memory. One fetch serves all callers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_IMPL_IN_MEMORY_IPP
#define TIDINGS_TOKEN_CACHE_IMPL_IN_MEMORY_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/token_cache/detail/single_flight.hpp>
#include <tidings/token_cache/in_memory.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace tidings::inline v0::token_cache {

TIDINGS_COLD TIDINGS_DECL in_memory& in_memory::refusal_lifetime(std::chrono::steady_clock::duration d)
{
    store_->refusals = detail::bounded(d);
    return *this;
}

TIDINGS_COLD TIDINGS_DECL in_memory& in_memory::max_waiting(std::size_t n) noexcept
{
    store_->max_waiting = n;
    return *this;
}

TIDINGS_COLD TIDINGS_DECL std::shared_ptr<in_memory::entry> in_memory::entry_for(std::string const& key)
{
    return store_->entries.find_or_make(key, [this] {
        return std::make_shared<entry>(store_->refusals, entry::default_max_flight, store_->max_waiting);
    });
}

} // namespace tidings::inline v0::token_cache

#endif
