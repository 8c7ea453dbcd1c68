// People known by their union_id.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_UNION_ID_HPP
#define TIDINGS_MATCH_UNION_ID_HPP

#include <tidings/detail/id_text.hpp>

namespace tidings::inline v0::match {

/// A person's `union_id`: the id of a person for all applications of one developer on Lark or Feishu.
///
/// Checked when it is used: it begins with `on_` and has no blanks or control characters.
class union_id : public detail::id_text
{
public:
    static constexpr std::string_view name = "union_id";
    static constexpr std::string_view title = "union id";

    using id_text::id_text;

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const { return detail::check_id(view(), title); }
};

} // namespace tidings::inline v0::match

#endif
