// Looks addresses up, or uses them directly.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_IMPL_ADDRESSING_IPP
#define TIDINGS_POLICY_IMPL_ADDRESSING_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/directory/detail/people_index.hpp>
#include <tidings/policy/addressing.hpp>
#include <tidings/token_cache/detail/single_flight.hpp>

namespace tidings::inline v0::addressing {

TIDINGS_DECL directory_scan& directory_scan::calls_per_second(unsigned n) noexcept
{
    constexpr unsigned max_count = 20;
    calls_ = std::clamp(n, 1u, max_count);
    return *this;
}

TIDINGS_DECL directory_scan& directory_scan::lifetime(std::chrono::steady_clock::duration d) noexcept
{
    lifetime_ = detail::bounded(d);
    return *this;
}

TIDINGS_DECL directory_scan& directory_scan::limit(std::chrono::steady_clock::duration d) noexcept
{
    limit_ = detail::bounded(d);
    return *this;
}

TIDINGS_DECL std::shared_ptr<directory_scan::entry> directory_scan::entry_for(std::string const& key) const
{
    return store_->find_or_make(
        key, [this] { return std::make_shared<entry>(std::chrono::steady_clock::duration::zero(), limit_); });
}

} // namespace tidings::inline v0::addressing

#endif
