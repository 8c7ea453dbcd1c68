// What can be read out of a platform's words.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_PLATFORM_TEXT_HPP
#define TIDINGS_DETAIL_PLATFORM_TEXT_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::detail {

/// Whether a text may stand as it is in a link, or as a key of JSON: codes of scopes and kinds of messages do.
///
/// @param marks  What it may have besides letters and digits.
inline bool is_code(std::string_view text, std::string_view marks = "_.-") noexcept
{
    return !text.empty() && is_alphanumeric(text, marks);
}

/// Whether a text can name a type of messages: it is a key of requests, too.
TIDINGS_DECL bool is_type_name(std::string_view text) noexcept;

/// A link for a person to open; empty if the text is not a link, contains more than a link, or contained a secret.
TIDINGS_DECL std::string_view link_of(std::string_view text) noexcept;

/// The part of `text` after `from`, up to the first of `ends`.
TIDINGS_DECL std::string_view span_of(std::string_view text, std::string_view from, std::string_view ends) noexcept;

/// The text if it can be an IP address, otherwise nothing: a remedy asks a person to enter it in a console.
TIDINGS_DECL std::string_view ip_address_in(std::string_view text) noexcept;

/// The words of a list with commas, without the blanks in front of them.
TIDINGS_DECL std::vector<std::string> words_of(std::string_view list);

/// Replaces each occurrence of a word by stars.
TIDINGS_DECL void hide(std::string& text, std::string_view word);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/platform_text.ipp>
#endif

#endif
