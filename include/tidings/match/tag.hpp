// Tags known by their id.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_TAG_HPP
#define TIDINGS_MATCH_TAG_HPP

#include <tidings/detail/id_text.hpp>

namespace tidings::inline v0::match {

/// A tag of WeCom (`totag`): a message goes to all members with this tag whom the application sees.
///
/// Checked when it is used: the number that `tag/list` and the admin console show.
class tag : public detail::id_text
{
public:
    static constexpr std::string_view name = "tag";
    static constexpr std::string_view title = "tag";

    using id_text::id_text;

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const { return detail::check_id(view(), title); }
};

} // namespace tidings::inline v0::match

#endif
