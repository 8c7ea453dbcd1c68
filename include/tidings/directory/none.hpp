// No memory of people.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_NONE_HPP
#define TIDINGS_DIRECTORY_NONE_HPP

#include <tidings/concepts.hpp>

#include <memory>
#include <string>

namespace tidings::inline v0::directory {

/// Remembers no one: every address is looked up each time.
class none
{
public:
    using policy_kind = directory_kind;

    none() = default; // no aggregate

    /// The people of one application: none.
    class entry
    {
    public:
        using time_point = access_token::time_point;

        remembered find(std::string_view, std::string_view, time_point) const noexcept { return {}; }
        void keep(std::string_view, std::string_view, std::string_view, time_point) const noexcept {}
        void forget(std::string_view, std::string_view) const noexcept {}
    };

    std::shared_ptr<entry> entry_for(std::string const&) const { return std::make_shared<entry>(); }
};
static_assert(directory_policy<none>);

} // namespace tidings::inline v0::directory

#endif
