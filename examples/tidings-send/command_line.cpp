// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "command_line.hpp"

#include "recipients.hpp"

#include "../tools/program.hpp"
#include "../tools/usage_error.hpp"

#include <tidings/any_notifier.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <iterator>
#include <utility>

namespace td = tidings;

namespace tidings_send {

using tools::usage_problem;

void declare(CLI::App& cli, command_line& line)
{
    auto& what = line.what;
    cli.footer(
        "Exit code: 0 all delivered; 1 somebody was not reached; 2 the command line or a file in it is not usable, "
        "nothing was sent; 3 an outcome is unknown, or the report could not be written.");
    tools::declare_program(cli, "tidings-send");
    cli.add_flag_callback(
        "--capabilities",
        [] {
            std::cout << to_markdown(td::any_notifier::platforms());
            throw CLI::Success();
        },
        "What each platform can do, as a table, and leave");
    declare(cli, line.channel);
    declare(cli, line.people);
    cli.add_option(
           "--recipients", line.recipients,
           "A file of people: CSV whose first line names the columns, or a JSON object a line; with login_name, "
           "phone_number, email, name, language. The field of --match is used. -: standard input")
        ->allow_extra_args(false);
    declare(cli, line.message);
    auto* const resolve =
        cli.add_flag("--resolve,--dry-run", what.resolve, "Find the people, say their ids, and send nothing");
    cli.add_option("--key", line.key,
                   "The idempotency key, 1 to 50 printable ASCII characters: the same command under the same key does "
                   "not reach anybody twice, on platforms that know keys. Default: a random one");
    cli.add_flag("--json", what.as_json, "Report one JSON object for each person, a line each");
    auto* const results = cli.add_option("--results", line.results,
                                         "A new file that gets the same objects, and from which an "
                                         "interrupted run can be continued")
                              ->excludes(resolve);
    cli.add_option("--resume", line.resume,
                   "The file of --results of an interrupted run, which is continued: with the same message and people, "
                   "nobody gets it twice. If there is no such file, the run begins")
        ->excludes(resolve)
        ->excludes(results);
}

void read_key(command_line const& line, order& what)
{
    if (!line.key)
        return;
    constexpr std::size_t max_key = 50;
    if (line.key->empty() || line.key->size() > max_key ||
        !std::all_of(line.key->begin(), line.key->end(), [](char c) { return c >= '!' && c <= '~'; }))
        throw usage_problem("--key", "must have 1 to 50 printable ASCII characters, and no blanks");
    what.key = td::idempotency_key(*line.key);
}

void check_standard_input(command_line const& line)
{
    auto const count = [](std::vector<std::string> const& files) {
        return static_cast<std::size_t>(std::count(files.begin(), files.end(), "-"));
    };
    if (count(line.people.to_files) + count(line.recipients) + count_standard_input(line.message) > 1)
        throw usage_problem("-", "standard input can be read only once");
}

std::optional<results_file> read_results(command_line const& line, order& what)
{
    if (!line.resume)
        return {};
    auto before = results_file::resume(*line.resume);
    if (auto const& facts = before.facts(); facts && !line.key)
        what.key = td::idempotency_key(facts->key);
    return before;
}

std::vector<tools::person> read_everybody(command_line const& line, tools::channel_choice const& channel)
{
    auto people = tools::read_people(line.people, line.recipients.empty());
    for (auto const& file : line.recipients)
    {
        auto more = read_recipients(file, channel.match());
        people.insert(people.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return people;
}

} // namespace tidings_send
