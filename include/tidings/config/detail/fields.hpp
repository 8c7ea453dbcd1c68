// Objects in JSON whose members are described by fields.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_DETAIL_FIELDS_HPP
#define TIDINGS_CONFIG_DETAIL_FIELDS_HPP

#include <tidings/config/detail/json_document.hpp>
#include <tidings/config/field.hpp>

#include <span>
#include <string_view>

namespace tidings::inline v0::config::detail {

/// Reads the members that are there; each of the wrong type or form, and each unknown one, is a problem. Whether a
/// required one is missing is checked later, when variables and flags have been read, too.
///
/// @param directory  What `file:PATH` is relative to.
TIDINGS_DECL void read_fields(std::span<bound_field const> fields, json_node const& from, std::string_view pointer,
                              std::string_view directory, problems& out);

/// A problem for each required field without a value.
TIDINGS_DECL void check_required(std::span<bound_field const> fields, std::string_view pointer, problems& out);

/// The fields that have a value, secrets included.
TIDINGS_DECL json_node write_fields(std::span<bound_field const> fields);

/// Whether a field has a secret itself, and not a reference.
TIDINGS_DECL bool has_literal_secret(std::span<bound_field const> fields);

} // namespace tidings::inline v0::config::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/field.ipp>
#endif

#endif
