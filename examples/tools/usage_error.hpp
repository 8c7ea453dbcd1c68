// What the programs say when the command line is not usable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_USAGE_ERROR_HPP
#define TIDINGS_EXAMPLES_TOOLS_USAGE_ERROR_HPP

#include <tidings/printable_text.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tools {

/// Ends the program with exit code 2.
class usage_problem
{
public:
    /// @param option  Which option or variable is wrong.
    usage_problem(std::string_view option, std::string_view what) : text_(option) { (text_ += ": ") += what; }
    explicit usage_problem(std::string text) noexcept : text_(std::move(text)) {}

    std::string const& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// Several lines, each of them printable.
inline std::string printable_lines(std::string_view text)
{
    std::string out;
    while (!text.empty())
    {
        auto const line = text.substr(0, text.find('\n'));
        out += tidings::printable_text(line) + '\n';
        text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    }
    return out;
}

/// For `CLI::App::failure_message`. Of arguments that belong to no option, and of values that cannot be converted, only
/// the names are repeated: somebody may have tried to give a secret.
inline std::string usage_error(CLI::App const* cli, CLI::Error const& e)
{
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::ConversionError))
    {
        // "Could not convert: NAME = VALUE", "The value VALUE is not an allowed value for NAME", "NAME: what is wrong".
        std::string_view name = e.what();
        constexpr std::string_view before = "Could not convert: ";
        if (name.starts_with(before))
            name = name.substr(before.size(), name.find(" = ") - before.size());
        else if (name.starts_with("The value "))
            name.remove_prefix(name.rfind(' ') + 1);
        else
            name = name.substr(0, name.find(':'));
        return tidings::printable_text(name) + " cannot have this value. Run with --help for what there is.\n";
    }
    if (e.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError))
        return printable_lines(e.what()) + "Run with --help for what there is.\n";
    std::string out;
    for (auto const& argument : cli->remaining())
    {
        // "--name=value", and "-nvalue", where the name is one letter.
        constexpr std::size_t short_name = 2;
        bool const is_long = argument.starts_with("--");
        if (argument.starts_with('-'))
            out += tidings::printable_text(is_long ? argument.substr(0, argument.find('='))
                                                   : argument.substr(0, short_name)) +
                   " is no option\n";
    }
    return out + "Run with --help for what there is; whatever belongs to no option is too much.\n";
}

} // namespace tools

#endif
