// Reads JSON as a stream of values, each with the path to it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_JSON_READER_HPP
#define TIDINGS_WIRE_JSON_READER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/wire/json_visitor.hpp>

#include <cstddef>
#include <string_view>

namespace tidings::inline v0::wire {

namespace detail {

/// Parses any document, with Boost.JSON.
///
/// @param shown  How many values and ends the visitor has seen already: these are not shown again.
TIDINGS_DECL bool read_any_json(std::string_view document, json_visitor& visitor, std::size_t shown = 0);

} // namespace detail

/// Parses a whole JSON document and shows each value to `visitor`.
///
/// Strings that are not valid UTF-8 are shown as they are: what a platform echoes is no reason to doubt its answer.
///
/// A byte order mark (U+FEFF) in front, which gateways put there, is skipped.
///
/// @returns Whether `document` is one JSON value and nothing else. The visitor has seen the values before the fault.
TIDINGS_DECL bool read_json(std::string_view document, json_visitor& visitor);

/// Whether `document` is well-formed JSON with an object at its root.
TIDINGS_DECL bool is_json_object(std::string_view document);

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/json_reader.ipp>
#endif

#endif
