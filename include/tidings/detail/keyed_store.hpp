// What the copies of a policy share: one entry for each application.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_KEYED_STORE_HPP
#define TIDINGS_DETAIL_KEYED_STORE_HPP

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tidings::inline v0::detail {

/// Entries by key. An entry is kept as long as the store, or as a caller holds it.
///
/// @par Thread safety  Shared objects: safe.
template<class Entry>
class keyed_store
{
public:
    keyed_store() = default;
    keyed_store(keyed_store const&) = delete;
    keyed_store& operator=(keyed_store const&) = delete;

    /// The entry of a key.
    ///
    /// @param make  Called without arguments for a new entry, under a mutex: returns a `std::shared_ptr<Entry>`.
    template<class Make>
    std::shared_ptr<Entry> find_or_make(std::string const& key, Make const& make)
    {
        std::lock_guard const lock(mutex_);
        if (auto const known = entries_.find(key); known != entries_.end())
            return known->second;
        return entries_.emplace(key, make()).first->second;
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Entry>> entries_;
};

} // namespace tidings::inline v0::detail

#endif
