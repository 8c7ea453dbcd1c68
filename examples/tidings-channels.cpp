// Lists, configures, tests and removes the channels of an organisation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tools/channel_editor.hpp"
#include "tools/files.hpp"
#include "tools/program.hpp"
#include "tools/usage_error.hpp"

#include <tidings/config/channels.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/printable_text.hpp>

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <map>
#include <string>

namespace td = tidings;

namespace {

enum exit_code
{
    done = 0,
    failed = 1,
    unknown = 3 ///< Whether the test message was delivered.
};

struct command_line
{
    std::string config;
    std::string language;
    std::string channel;
    std::string to;
    std::map<std::string, std::string, std::less<>> fields; ///< By the name of the field.

    td::language remedies() const
    {
        return td::language_tag(language).primary() == "zh" ? td::language::chinese : td::language::english;
    }
};

exit_code write(std::string const& text)
{
    return tools::write_all(STDOUT_FILENO, text) ? done : failed;
}

exit_code list(command_line const& line)
{
    auto const all = tools::load_channels(line.config, line.remedies(), true);
    std::string out;
    for (auto const name : td::config::channel_names)
        out += std::string(td::config::title_of(*td::config::make_channel(name)).english) + ": " +
               td::printable_text(all.status_of(name)) + "\n";
    return write(out);
}

/// Sends a test message and says what became of it.
exit_code try_channel(td::config::channel const& c, std::string const& to, td::language l)
{
    auto const outcome = tools::send_test(c, to);
    auto const report = tools::printable_lines(td::config::test_report(outcome, l));
    if (outcome)
        return write(report);
    tools::write_all(STDERR_FILENO, report);
    return outcome.error() == td::condition::unknown ? unknown : failed;
}

exit_code configure(command_line const& line)
{
    auto const l = line.remedies();
    auto const before = tools::load_channels(line.config, l, true);
    auto const edited = tools::edit_channel(before, line.config, line.channel, line.fields, l);
    auto const to = line.to.empty() ? tools::ask_receiver(edited, l) : line.to;
    if (auto const tried = try_channel(edited, to, l); tried != done)
    {
        tools::write_all(STDERR_FILENO, "The settings were not saved.\n");
        return tried;
    }
    // Another channel may have been configured meanwhile.
    auto all = tools::load_channels(line.config, l, true);
    all.set(edited);
    tools::save_channels(all, line.config);
    return write(std::string(td::config::title_of(edited).english) + ": " +
                 td::printable_text(all.status_of(line.channel)) + "\n");
}

exit_code test(command_line const& line)
{
    auto const all = tools::load_channels(line.config, line.remedies(), false);
    return try_channel(tools::configured_channel(all, line.channel), line.to, line.remedies());
}

exit_code remove(command_line const& line)
{
    auto all = tools::load_channels(line.config, line.remedies(), false);
    auto const title = std::string(td::config::title_of(tools::configured_channel(all, line.channel)).english);
    all.remove(line.channel);
    tools::save_channels(all, line.config);
    return write(title + ": Unconfigured\n");
}

int parse_and_run(int argc, char** argv)
{
    command_line line;
    CLI::App cli{"Lists, configures, tests and removes the channels of an organisation."};
    cli.footer("Exit code: 0 done; 1 the test message was not delivered, or a file could not be written; 2 the command "
               "line, an answer or a file is not usable; 3 whether the test message was delivered is not known.");
    tools::declare_program(cli, "tidings-channels");
    cli.add_option("--config", line.config, "The file with the settings")->required();
    cli.add_option("--language", line.language, "zh: questions and remedies in Chinese");
    cli.require_subcommand(1);
    exit_code (*command)(command_line const&) = nullptr;
    auto const add = [&](char const* name, char const* what, exit_code (*run)(command_line const&)) {
        auto* const sub = cli.add_subcommand(name, what)->fallthrough();
        sub->callback([&command, run] { command = run; });
        return sub;
    };
    auto const add_channel = [&line](CLI::App* sub) {
        sub->add_option("channel", line.channel, "feishu, lark, dingtalk or wecom")->required();
        return sub;
    };
    add("list", "Writes a line for each channel: Unconfigured, or Configured and the application's id", list);
    auto* const editing = add_channel(
        add("configure", "Asks for each field, sends a test message, and saves the settings if it was delivered",
            configure));
    editing->add_option("--to", line.to, "The receiver of the test message. Default: it is asked for");
    for (auto const* const f : tools::all_fields())
        editing->add_option(td::config::flag_of(*f), line.fields[std::string(f->name)],
                            std::string(f->title.english) +
                                (f->kind == td::config::field_kind::secret ? ": env:NAME or file:PATH" : ""));
    auto* const testing = add_channel(add("test", "Sends a test message", test));
    testing->add_option("--to", line.to, "The receiver, by the channel's notification field")->required();
    add_channel(add("remove", "Removes a channel's settings", remove));
    if (auto const ended = tools::parse(cli, argc, argv, failed))
        return *ended;
    return command(line);
}

} // namespace

int main(int argc, char** argv)
{
    return tools::run_program("tidings-channels", argc, argv, parse_and_run, []() -> int { return failed; });
}
