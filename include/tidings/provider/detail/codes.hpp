// The row that the tables of codes of all platforms share, and how it is found.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_CODES_HPP
#define TIDINGS_PROVIDER_DETAIL_CODES_HPP

#include <tidings/error.hpp>

#include <algorithm>
#include <string_view>

namespace tidings::inline v0::detail {

/// What a platform's code means, and what to do about it.
///
/// @tparam Code  A number, or a name.
template<class Code>
struct code_row
{
    constexpr code_row(Code c, errc k, remedy_text const* r = nullptr, int wait_seconds = 0) noexcept
        : code(c), kind(k), remedy(r), wait(wait_seconds)
    {
    }
    constexpr code_row(Code c, errc k, remedy_text const* r, std::string_view s) noexcept
        : code(c), kind(k), remedy(r), scopes(s)
    {
    }

    Code code;
    errc kind;
    remedy_text const* remedy;
    /// Seconds to wait that follow from the limit, where the platform does not announce them.
    int wait = 0;
    /// The permissions of which one is missing, where the platform does not list them: with commas.
    std::string_view scopes;
};

/// Whether the codes of a table ascend, as `find_code` needs it.
template<class Table>
constexpr bool is_ascending(Table const& table) noexcept
{
    return std::is_sorted(table.begin(), table.end(), [](auto const& a, auto const& b) { return a.code < b.code; });
}

/// The row of a code in a table that ascends; null when it has none.
template<class Table, class Code>
constexpr typename Table::value_type const* find_code(Table const& table, Code const& code) noexcept
{
    auto const row =
        std::lower_bound(table.begin(), table.end(), code, [](auto const& r, Code const& c) { return r.code < c; });
    return row != table.end() && row->code == code ? &*row : nullptr;
}

} // namespace tidings::inline v0::detail

#endif
