// Departments known by their id.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_DEPARTMENT_HPP
#define TIDINGS_MATCH_DEPARTMENT_HPP

#include <tidings/detail/id_text.hpp>

namespace tidings::inline v0::match {

/// A department of WeCom (`toparty`): a message goes to all members of it and of its sub-departments whom the
/// application sees.
///
/// Checked when it is used: the number that `department/list` and the admin console show.
class department : public detail::id_text
{
public:
    static constexpr std::string_view name = "department";
    static constexpr std::string_view title = "department";

    using id_text::id_text;

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const { return detail::check_id(view(), title); }
};

} // namespace tidings::inline v0::match

#endif
