// People known by their open_id.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_OPEN_ID_HPP
#define TIDINGS_MATCH_OPEN_ID_HPP

#include <tidings/detail/id_text.hpp>

namespace tidings::inline v0::match {

/// A person's `open_id`: the id of a person within one application of Lark or Feishu, as look-ups and callbacks return
/// it. It works only with the application that obtained it.
///
/// Checked when it is used: it begins with `ou_` and has no blanks or control characters.
class open_id : public detail::id_text
{
public:
    static constexpr std::string_view name = "open_id";
    static constexpr std::string_view title = "open id";

    using id_text::id_text;

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const { return detail::check_id(view(), title); }
};

} // namespace tidings::inline v0::match

#endif
