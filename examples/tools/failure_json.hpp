// The facts of a failure as JSON, for reports that programs read.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_FAILURE_JSON_HPP
#define TIDINGS_EXAMPLES_TOOLS_FAILURE_JSON_HPP

#include <tidings/error.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace tools {

/// The text, printable; null where there is none.
boost::json::value text_or_null(std::string_view text);

/// The platform's code: a number where it is one, null where the platform did not answer.
boost::json::value code_of(tidings::failure const& f);

} // namespace tools

#endif
