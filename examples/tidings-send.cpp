// Sends a message to people and says for each what became of it: to try a channel, and to see why it fails.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-send/message_options.hpp"
#include "tidings-send/order.hpp"
#include "tidings-send/recipients.hpp"
#include "tidings-send/report.hpp"
#include "tidings-send/results_file.hpp"
#include "tidings-send/sending.hpp"
#include "tools/channel_options.hpp"
#include "tools/files.hpp"
#include "tools/interruption.hpp"
#include "tools/people.hpp"
#include "tools/self_description.hpp"
#include "tools/usage_error.hpp"

#include <tidings/any_notifier.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/version.hpp>

#include <boost/asio/io_context.hpp>
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace td = tidings;
namespace asio = boost::asio;

namespace {

using namespace tidings_send;
using namespace tools;

/// As it was written.
struct command_line
{
    order what;
    channel_options channel;
    people_options people;
    std::vector<std::string> recipients;
    message_options message;
    std::optional<std::string> key;
    std::optional<std::string> results;
    std::optional<std::string> resume;
};

void declare(CLI::App& cli, command_line& line)
{
    auto& what = line.what;
    cli.footer(
        "Exit code: 0 all delivered; 1 somebody was not reached; 2 the command line or a file in it is not usable, "
        "nothing was sent; 3 an outcome is unknown, or the report could not be written.");
    cli.set_help_flag("-h,--help", "What there is, and leave");
    cli.set_version_flag("--version", "tidings-send " TIDINGS_VERSION_STRING, "The version, and leave");
    tools::declare_self_description(cli, "tidings-send", TIDINGS_VERSION_STRING);
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
    cli.failure_message(usage_error);
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

/// The file of an interrupted run, whose key is that of this one.
std::optional<results_file> read_results(command_line const& line, order& what)
{
    if (!line.resume)
        return {};
    auto before = results_file::resume(*line.resume);
    if (auto const& facts = before.facts(); facts && !line.key)
        what.key = td::idempotency_key(facts->key);
    return before;
}

std::vector<person> read_everybody(command_line const& line, channel_choice const& channel)
{
    auto people = read_people(line.people, line.recipients.empty());
    for (auto const& file : line.recipients)
    {
        auto more = read_recipients(file, channel.match());
        people.insert(people.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return people;
}

run_facts facts_of(order const& what, channel_choice const& channel, std::string const& language)
{
    run_facts out;
    out.provider = channel.platform().name;
    for (auto const& field : channel.match())
        (out.match += out.match.empty() ? "" : ",") += field;
    std::replace(out.match.begin(), out.match.end(), '-', '_');
    out.language = td::language_tag(language).view();
    out.application = channel.application();
    out.message = what.message_digest;
    out.key = what.key.view();
    return out;
}

/// What happens before it cannot have sent anything.
bool sending_begun = false;

exit_code run(channel_choice const& channel, command_line const& line, order& what, std::vector<person> people,
              std::optional<results_file> results)
{
    asio::io_context io;
    auto notify = channel.make(io.get_executor());
    check_people(notify, people);
    for (auto& p : people)
        what.people.emplace_back(std::move(p));
    if (line.results)
        results.emplace(results_file::create(*line.results));
    bool const is_new = results && !results->facts();
    if (results)
        results->begin(facts_of(what, channel, line.channel.language));
    if (line.resume)
    {
        auto const delivered = continue_run(what, *results, repetition_of(what, channel));
        auto const remaining = std::to_string(what.people.size()) + " remain\n";
        write_all(STDERR_FILENO, is_new ? "a new run, since no message was sent before: " + remaining
                                        : "resuming: " + std::to_string(delivered) + " have the message, " + remaining);
    }
    sending_begun = true;
    return send_to_everybody(io, std::move(notify), channel, what, results ? &*results : nullptr);
}

int parse_and_run(int argc, char** argv)
{
    command_line line;
    CLI::App cli{"Sends a message to people through the chat app of their company.\n"
                 "The application's credentials come from TIDINGS_APP_ID (App ID, AppKey or corp id) and "
                 "TIDINGS_APP_SECRET,\nor from the file that TIDINGS_APP_SECRET_FILE names. WeCom and work "
                 "notifications need --agent-id or\nTIDINGS_AGENT_ID, DingTalk's bot may have a TIDINGS_ROBOT_CODE of "
                 "its own."};
    declare(cli, line);
    try
    {
        cli.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        if (cli.exit(e) != 0)
            return usage;
        return std::cout.flush() ? all_delivered : unknown;
    }
    auto& what = line.what;
    read_key(line, what);
    check_standard_input(line);
    channel_choice const channel(line.channel);
    what.provider = channel.provider();
    what.language = channel.language();
    auto before = read_results(line, what);
    read_message(line.message, what);
    return run(channel, line, what, read_everybody(line, channel), std::move(before));
}

} // namespace

int main(int argc, char** argv)
{
    reserve_standard_descriptors();
    ignore_signals_of_failed_writes();
    try
    {
        return parse_and_run(argc, argv);
    }
    catch (usage_problem const& e)
    {
        write_all(STDERR_FILENO, printable_lines(e.text()) + "Run with --help for what there is.\n");
        return usage;
    }
    catch (std::exception const& e)
    {
        // Out of memory, of descriptors, or of something else.
        write_all(STDERR_FILENO, "tidings-send: " + td::printable_text(e.what()) + "\n");
        return sending_begun ? unknown : not_reached;
    }
}
