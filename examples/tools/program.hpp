// What the programs do before and after their work.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_PROGRAM_HPP
#define TIDINGS_EXAMPLES_TOOLS_PROGRAM_HPP

#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
} // namespace CLI

namespace tools {

/// The exit code of every program when the command line, or a file that it names, is not usable.
inline constexpr int usage_exit_code = 2;

/// Declares --help, --version, --completion and --man, and how a command line that is not usable is reported.
///
/// @param name  The program.
void declare_program(CLI::App& cli, std::string const& name);

/// Reads the command line.
///
/// @param failed  The exit code if the help could not be written.
/// @returns       The exit code if the program ends here: after --help and the like, or because the command line is not
///                usable. Nothing: the program goes on.
std::optional<int> parse(CLI::App& cli, int argc, char** argv, int failed);

/// Runs a program and reports on standard error what it throws.
///
/// @param name    The program.
/// @param run     Does the work and returns the exit code.
/// @param failed  The exit code for an exception that is not a `usage_problem`; asked for when there is one.
/// @returns       The exit code.
int run_program(std::string_view name, int argc, char** argv, int (*run)(int argc, char** argv), int (*failed)());

} // namespace tools

#endif
