// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "program.hpp"

#include "files.hpp"
#include "interruption.hpp"
#include "self_description.hpp"
#include "usage_error.hpp"

#include <tidings/printable_text.hpp>
#include <tidings/version.hpp>

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <exception>
#include <iostream>

namespace tools {

void declare_program(CLI::App& cli, std::string const& name)
{
    cli.set_help_flag("-h,--help", "What there is, and leave");
    cli.set_version_flag("--version", name + " " TIDINGS_VERSION_STRING, "The version, and leave");
    declare_self_description(cli, name, TIDINGS_VERSION_STRING);
    cli.failure_message(usage_error);
}

std::optional<int> parse(CLI::App& cli, int argc, char** argv, int failed)
{
    try
    {
        cli.parse(argc, argv);
        return std::nullopt;
    }
    catch (CLI::ParseError const& e)
    {
        if (cli.exit(e) != 0)
            return usage_exit_code;
        return std::cout.flush() ? 0 : failed;
    }
}

int run_program(std::string_view name, int argc, char** argv, int (*run)(int argc, char** argv), int (*failed)())
{
    reserve_standard_descriptors();
    ignore_signals_of_failed_writes();
    try
    {
        return run(argc, argv);
    }
    catch (usage_problem const& e)
    {
        write_all(STDERR_FILENO, printable_lines(e.text()) + "Run with --help for what there is.\n");
        return usage_exit_code;
    }
    catch (std::exception const& e)
    {
        // Out of memory, of descriptors, or of something else.
        write_all(STDERR_FILENO, std::string(name) + ": " + tidings::printable_text(e.what()) + "\n");
        return failed();
    }
}

} // namespace tools
