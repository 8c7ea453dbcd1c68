// Asks questions on a terminal, or reads the answers from a pipe.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_TERMINAL_HPP
#define TIDINGS_EXAMPLES_TOOLS_TERMINAL_HPP

#include <tidings/secret.hpp>

#include <string>

namespace tools {

/// Writes `question` to standard error and reads a line from standard input. Blanks around the answer do not count.
///
/// An input that has ended is a usage error.
std::string ask(std::string const& question);

/// The same without showing what is typed. The answer is kept nowhere else.
tidings::secret ask_secret(std::string const& question);

} // namespace tools

#endif
