// The common base of addresses that are ids.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ID_TEXT_HPP
#define TIDINGS_DETAIL_ID_TEXT_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/result.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// A text that is kept as it is, less characters at its ends that are not shown.
class id_text
{
public:
    id_text(std::string_view text) : text_(text) {}
    id_text(std::string const& text) : text_(text) {}
    id_text(char const* text) : text_(std::string_view(text)) {}

    std::string_view view() const noexcept { return visible_part(text_); }

protected:
    ~id_text() = default;
    id_text(id_text const&) = default;
    id_text(id_text&&) noexcept = default;
    id_text& operator=(id_text const&) = default;
    id_text& operator=(id_text&&) noexcept = default;

private:
    inline_string text_;
};

/// The rules for every id that a platform makes. Platforms call their ids opaque, so the limit is far above any known
/// id.
///
/// @param text  The id.
/// @param what  The name of the id in messages: "open id".
TIDINGS_DECL result<void> check_id(std::string_view text, std::string_view what);

/// The same for ids that begin with `prefix` and go on.
TIDINGS_DECL result<void> check_prefixed_id(std::string_view text, std::string_view what, std::string_view prefix);

/// The same for ids that are numbers.
TIDINGS_DECL result<void> check_number_id(std::string_view text, std::string_view what);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/id_text.ipp>
#endif

#endif
