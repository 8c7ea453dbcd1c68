// An index from addresses to people, read from a whole directory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_IMPL_PEOPLE_INDEX_IPP
#define TIDINGS_DIRECTORY_IMPL_PEOPLE_INDEX_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/directory/detail/people_index.hpp>

#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL void people_index::add(std::string_view address, std::string_view id)
{
    if (address.empty() || id.empty())
        return;
    auto const [at, fresh] = owners_.emplace(to_lower(address), id);
    if (!fresh && at->second != id)
        at->second.clear();
}

TIDINGS_DECL people_index::lookup_result people_index::find(std::string_view address, std::string_view& id) const
{
    auto const at = owners_.find(to_lower(address));
    if (at == owners_.end())
        return lookup_result::nobody;
    id = at->second;
    return id.empty() ? lookup_result::several : lookup_result::one;
}

} // namespace tidings::inline v0::detail

#endif
