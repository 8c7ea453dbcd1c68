// Which events were received already.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CALLBACK_IMPL_REPLAY_MEMORY_IPP
#define TIDINGS_CALLBACK_IMPL_REPLAY_MEMORY_IPP

#include <tidings/callback/freshness.hpp>
#include <tidings/callback/replay_memory.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <list>
#include <mutex>
#include <new>
#include <string_view>

namespace tidings::inline v0 {

TIDINGS_DECL bool replay_memory::insert(std::string_view id, clock::time_point now)
{
    auto const key = digest_of(id);
    std::lock_guard const lock(mutex_);
    while (!order_.empty() && order_.front().until <= now)
        remove(order_.begin());
    if (entries_.find(key) != entries_.end())
        return false;
    entry const added{key, now + lifetime_};
    order_.push_back(added);
    try
    {
        entries_.emplace(key, std::prev(order_.end()));
    }
    catch (...)
    {
        order_.pop_back();
        throw;
    }
    if (entries_.size() > capacity_)
        remove(order_.begin());
    return true;
}

TIDINGS_DECL void replay_memory::erase(std::string_view id)
{
    auto const key = digest_of(id);
    std::lock_guard const lock(mutex_);
    if (auto const found = entries_.find(key); found != entries_.end())
        remove(found->second);
}

TIDINGS_DECL std::size_t replay_memory::size() const
{
    std::lock_guard const lock(mutex_);
    return entries_.size();
}

TIDINGS_DECL std::size_t replay_memory::hash::operator()(digest const& key) const noexcept
{
    std::size_t out;
    std::memcpy(&out, key.data(), sizeof out);
    return out;
}

TIDINGS_DECL replay_memory::digest replay_memory::digest_of(std::string_view id)
{
    auto const hashed = detail::sha256({id});
    digest out{};
    if (!hashed || hashed->size() != out.size())
        throw std::bad_alloc(); // all else that SHA-256 needs was there when the request was verified
    std::copy(hashed->begin(), hashed->end(), out.begin());
    return out;
}

TIDINGS_DECL void replay_memory::remove(std::list<entry>::iterator which) noexcept
{
    entries_.erase(which->key);
    order_.erase(which);
}

} // namespace tidings::inline v0

#endif
