// Characters as a reader sees them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_CHARACTERS_HPP
#define TIDINGS_PROVIDER_DETAIL_CHARACTERS_HPP

#include <tidings/detail/config.hpp>

#include <cstddef>
#include <string_view>

namespace tidings::inline v0::detail {

/// The length of the UTF-8 character that starts at `at`; 1 for a byte that starts none.
TIDINGS_DECL std::size_t character_length(std::string_view text, std::size_t at) noexcept;

/// What belongs to the character before it: combining marks, variation selectors, joiners, skin tones.
TIDINGS_DECL bool extends_character(std::string_view c) noexcept;

/// The length of what a reader sees as one character, which starts at `at`.
TIDINGS_DECL std::size_t cluster_length(std::string_view text, std::size_t at) noexcept;

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/characters.ipp>
#endif

#endif
