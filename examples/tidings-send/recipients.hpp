// Reads lists of people with several fields each.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_RECIPIENTS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_RECIPIENTS_HPP

#include "../tools/people.hpp"

#include <string>
#include <vector>

namespace tidings_send {

/// The people of a file: CSV (RFC 4180) with a line of column names, or JSON lines, if the first character is `{`. The
/// columns, or members, are login_name, phone_number, email, name and language.
///
/// A line that is wrong becomes a person with a problem, so that `tools::check_people` names all of them together. What
/// is wrong with the whole file is a usage error.
///
/// @param path   "-": standard input.
/// @param match  By what people are found. The address is the first of these fields that a person has.
std::vector<tools::person> read_recipients(std::string const& path, std::vector<std::string> const& match);

} // namespace tidings_send

#endif
