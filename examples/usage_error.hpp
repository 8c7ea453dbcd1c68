// What the programs say to arguments that belong to no option.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_USAGE_ERROR_HPP
#define TIDINGS_EXAMPLES_USAGE_ERROR_HPP

#include <CLI/CLI.hpp>

#include <string>

/// For `CLI::App::failure_message`. Of arguments that belong to no option only the names are repeated: somebody may
/// have tried to give a secret.
inline std::string usage_error(CLI::App const* cli, CLI::Error const& e)
{
    if (e.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError))
        return CLI::FailureMessage::simple(cli, e);
    std::string out;
    for (auto const& one : cli->remaining())
        if (one.starts_with('-'))
            out += one.substr(0, one.find('=')) + " is no option\n";
    return out + "Run with --help for what there is; whatever belongs to no option is too much.\n";
}

#endif
