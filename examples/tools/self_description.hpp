// The shell completion and the manual page of a program, made from the declarations of its options, as --help is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_SELF_DESCRIPTION_HPP
#define TIDINGS_EXAMPLES_TOOLS_SELF_DESCRIPTION_HPP

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

namespace detail {

/// One option, as it is written: "--to", "-h".
inline std::vector<std::string> names_of(CLI::Option const& option)
{
    std::vector<std::string> out;
    for (auto const& name : option.get_snames())
        out.push_back("-" + name);
    for (auto const& name : option.get_lnames())
        out.push_back("--" + name);
    return out;
}

inline bool takes_value(CLI::Option const& option)
{
    return option.get_items_expected_max() > 0;
}

inline std::vector<CLI::Option const*> shown_options(CLI::App const& app)
{
    return app.get_options([](CLI::Option const* option) { return !option->get_group().empty(); });
}

inline std::vector<CLI::App const*> subcommands_of(CLI::App const& app)
{
    return app.get_subcommands([](CLI::App const* sub) { return !sub->get_name().empty(); });
}

/// The options of a program, and of one of its subcommands; each once.
///
/// @param sub  May be null.
inline std::vector<CLI::Option const*> options_of(CLI::App const& app, CLI::App const* sub)
{
    auto out = shown_options(app);
    auto const in_program = out.size();
    for (auto const* const option : sub ? shown_options(*sub) : std::vector<CLI::Option const*>())
        if (std::none_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(in_program),
                         [option](CLI::Option const* known) { return names_of(*known) == names_of(*option); }))
            out.push_back(option);
    return out;
}

inline std::string joined_names(std::vector<CLI::Option const*> const& options, bool only_with_value)
{
    std::string out;
    for (auto const* const option : options)
        for (auto const& name : names_of(*option))
            if (takes_value(*option) || !only_with_value)
                out += (out.empty() ? "" : " ") + name;
    return out;
}

inline std::string with_underscores(std::string name)
{
    for (auto& c : name)
        if (c == '-')
            c = '_';
    return name;
}

inline std::string bash_completion(CLI::App const& app, std::string const& program)
{
    auto const subs = subcommands_of(app);
    auto const function = "_" + with_underscores(program);
    std::string out = "# bash completion for " + program + "\n\n" + function +
                      "()\n{\n"
                      "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                      "    local command= word options valued\n"
                      "    COMPREPLY=()\n";
    if (!subs.empty())
    {
        std::string names;
        for (auto const* const sub : subs)
            names += (names.empty() ? "" : "|") + sub->get_name();
        out += "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n        case $word in\n            " + names +
               ") command=$word ;;\n        esac\n    done\n";
    }
    out += "    case $command in\n";
    for (auto const* const sub : subs)
        out += "        " + sub->get_name() + ")\n            options='" + joined_names(options_of(app, sub), false) +
               "'\n            valued='" + joined_names(options_of(app, sub), true) + "'\n            ;;\n";
    out += "        *)\n            options='" + joined_names(options_of(app, nullptr), false);
    for (auto const* const sub : subs)
        out += " " + sub->get_name();
    out += "'\n            valued='" + joined_names(options_of(app, nullptr), true) + "'\n            ;;\n    esac\n";
    // Behind an option with a value, and where nothing fits, bash completes file names.
    out += "    if [[ -n $previous && \" $valued \" == *\" $previous \"* ]]; then\n        return\n    fi\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n}\n\ncomplete -o default -F " +
           function + " " + program + "\n";
    return out;
}

/// A text within quotes and brackets of an argument of `_arguments`.
inline std::string zsh_text(std::string_view text)
{
    std::string out;
    for (char const c : text)
    {
        if (c == '\'')
            out += "'\\''";
        else if (c == '[' || c == ']' || c == ':' || c == '\\')
            (out += '\\') += c;
        else
            out += c == '\n' ? ' ' : c;
    }
    return out;
}

inline std::string zsh_arguments(std::vector<CLI::Option const*> const& options)
{
    std::string out;
    for (auto const* const option : options)
        for (auto const& name : names_of(*option))
            out += " \\\n        '*" + name + (takes_value(*option) && name.starts_with("--") ? "=" : "") + "[" +
                   zsh_text(option->get_description()) + "]" + (takes_value(*option) ? ":value:_files" : "") + "'";
    return out;
}

inline std::string zsh_completion(CLI::App const& app, std::string const& program)
{
    auto const subs = subcommands_of(app);
    auto const function = "_" + with_underscores(program);
    std::string out = "#compdef " + program + "\n\n" + function + "()\n{\n";
    if (!subs.empty())
    {
        std::string names;
        std::string described;
        for (auto const* const sub : subs)
        {
            names += (names.empty() ? "" : "|") + sub->get_name();
            described += " \\\n            '" + sub->get_name() + ":" + zsh_text(sub->get_description()) + "'";
        }
        out +=
            "    local word command=\n    for word in ${words[2,CURRENT-1]}; do\n        case $word in\n            " +
            names + ") command=$word ;;\n        esac\n    done\n    case $command in\n";
        for (auto const* const sub : subs)
            out += "    " + sub->get_name() + ")\n        _arguments" + zsh_arguments(options_of(app, sub)) +
                   " \\\n        '*:value:_files'\n        return\n        ;;\n";
        out += "    esac\n    if [[ ${words[CURRENT]} != -* ]]; then\n        local -a commands=(" + described +
               ")\n        _describe command commands && return\n    fi\n";
    }
    return out + "    _arguments" + zsh_arguments(options_of(app, nullptr)) + "\n}\n\n" + function + " \"$@\"\n";
}

/// A text for troff, which does not begin a request.
inline std::string troff_text(std::string_view text)
{
    std::string out;
    bool begins_line = true;
    for (char const c : text)
    {
        if (begins_line && (c == '.' || c == '\''))
            out += "\\&";
        begins_line = c == '\n';
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

inline std::string troff_options(CLI::App const& app)
{
    std::string out;
    for (auto const* const option : shown_options(app))
    {
        std::string names;
        for (auto const& name : names_of(*option))
            names += (names.empty() ? "\\fB" : ", \\fB") + troff_text(name) + "\\fR";
        if (names.empty()) // a positional argument
            names = "\\fI" + troff_text(option->get_name()) + "\\fR";
        else if (takes_value(*option))
            names += " \\fI" + troff_text(option->get_type_name()) + "\\fR";
        out += ".TP\n" + names + "\n" + troff_text(option->get_description()) + "\n";
    }
    return out;
}

inline std::string manual_page(CLI::App const& app, std::string const& program, std::string const& version)
{
    std::string heading = program;
    for (auto& c : heading)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    auto const description = app.get_description();
    auto const subs = subcommands_of(app);
    auto const first = description.substr(0, description.find_first_of(".\n"));
    std::string out = ".TH " + troff_text(heading) + " 1 \"\" \"tidings " + version + "\"\n.SH NAME\n" +
                      troff_text(program) + " \\- " + troff_text(first) + "\n.SH SYNOPSIS\n.B " + troff_text(program) +
                      "\n[\\fIOPTIONS\\fR]" + (subs.empty() ? "" : " \\fICOMMAND\\fR") + "\n.SH DESCRIPTION\n" +
                      troff_text(description) + "\n.SH OPTIONS\n" + troff_options(app);
    if (!subs.empty())
        out += ".SH COMMANDS\n";
    for (auto const* const sub : subs)
        out += ".SS " + troff_text(sub->get_name()) + "\n" + troff_text(sub->get_description()) + "\n" +
               troff_options(*sub);
    if (auto const footer = app.get_footer(); !footer.empty())
    {
        out += ".SH NOTES\n";
        for (std::string_view rest = footer; !rest.empty();)
        {
            auto const line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            out += line.empty() ? ".PP\n" : troff_text(line) + "\n.br\n";
        }
    }
    return out;
}

} // namespace detail

/// Declares two options that --help does not show: `--completion bash|zsh`, and `--man`. Each writes to standard output.
///
/// @param cli      All other options are declared when the command line is parsed. Must outlive the parsing.
/// @param program  Its name.
inline void declare_self_description(CLI::App& cli, std::string const& program, std::string const& version)
{
    cli.add_option(
           "--completion",
           [&cli, program](CLI::results_t const& words) -> bool {
               auto const& shell = words.front();
               if (shell != "bash" && shell != "zsh")
                   throw CLI::ValidationError("--completion", "must be bash or zsh");
               std::cout << (shell == "bash" ? detail::bash_completion(cli, program)
                                             : detail::zsh_completion(cli, program));
               throw CLI::Success();
           },
           "Writes the completion for a shell")
        ->type_name("TEXT")
        ->group("");
    cli.add_flag_callback(
           "--man",
           [&cli, program, version] {
               std::cout << detail::manual_page(cli, program, version);
               throw CLI::Success();
           },
           "Writes the manual page")
        ->group("");
}

} // namespace tools

#endif
