// Sends the messages about one event, or those that were held and are due: to try subscriptions, and for scripts.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-event/documents.hpp"
#include "tidings-event/office.hpp"
#include "tidings-event/report.hpp"
#include "tools/files.hpp"
#include "tools/interruption.hpp"
#include "tools/program.hpp"
#include "tools/usage_error.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/io_context.hpp>
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace td = tidings;
namespace sub = tidings::subscription;
namespace asio = boost::asio;

namespace {

using namespace tidings_event;

/// As it was written.
struct command_line
{
    document_paths files;
    std::string inbox = "inbox.jsonl";
    std::string state;
    std::string language;
    std::string timeout;
    bool release = false;
    bool as_json = false;
    std::string example;
};

void declare(CLI::App& cli, command_line& line)
{
    cli.footer(
        "Exit code: 0 everything was delivered now or before, or is held; 1 a message was not delivered; 2 the "
        "command line or a file in it is not usable, nothing was sent; 3 an outcome is unknown, or a file or the "
        "report could not be written.");
    tools::declare_program(cli, "tidings-event");
    cli.add_option("--config", line.files.channels, "The file with the channels, webhooks and the mail server")
        ->type_name("FILE");
    cli.add_option("--subscriptions", line.files.subscriptions,
                   "The file with the subscriptions. Without it: the default receivers and the inbox")
        ->type_name("FILE");
    cli.add_option("--people", line.files.people, "The people: a JSON object a line, or CSV if the name ends in .csv")
        ->type_name("FILE");
    auto* const event =
        cli.add_option("--event", line.files.event, "The event, a JSON object. -: standard input")->type_name("FILE");
    cli.add_option("--inbox", line.inbox,
                   "The file to which messages to inboxes are appended, a JSON object a line. Default: inbox.jsonl")
        ->type_name("FILE");
    cli.add_option("--state", line.state,
                   "The file that remembers what was sent and what is held. Default: the file of --inbox with .state")
        ->type_name("FILE");
    auto* const release =
        cli.add_flag("--release", line.release, "Send the messages that were held and are due")->excludes(event);
    cli.add_flag("--json", line.as_json, "Report one JSON object for each person and route, a line each");
    cli.add_option(
        "--language", line.language,
        "The language of remedies, of messages to groups, and to people whose language is not known: en or zh");
    cli.add_option("--timeout", line.timeout, "Seconds that one message may take: 0.1 to 3600. Default: 10");
    cli.add_option("--example", line.example, "Write an example of a file, and leave: " + kinds_of_documents())
        ->type_name("KIND")
        ->excludes(event)
        ->excludes(release);
}

bool sending_begun = false;

exit_code dispatch(command_line const& line)
{
    auto const settings = read_settings(line.language, line.timeout);
    auto const state = line.state.empty() ? line.inbox + ".state" : line.state;
    check_written_files(line.files, line.inbox, state);
    documents all = read_documents(line.files, settings.remedies, !line.release);
    asio::io_context io;
    std::optional<office> open(std::in_place, io.get_executor(), all, settings, line.inbox, state);
    report out(line.as_json, settings.remedies);
    tools::interruption stop(io, "stopping; what was not sent is sent when the event is given again\n");
    std::optional<td::result<sub::dispatch_report>> done;
    sending_begun = true;
    auto const add = [&out](sub::delivery_outcome const& outcome) { out.add(outcome); };
    auto ended = asio::bind_cancellation_slot(stop.slot(), [&](td::result<sub::dispatch_report> outcome) {
        done = std::move(outcome);
        stop.end();
        open.reset();
    });
    if (line.release)
        open->send.async_release(add, std::move(ended));
    else
        open->send.async_dispatch(*std::move(all.event), add, std::move(ended));
    io.run();
    if (!line.release && *done && (*done)->outcomes.empty())
        out.say_that_it_concerns_nobody();
    return out.finish(*done);
}

int parse_and_run(int argc, char** argv)
{
    command_line line;
    CLI::App cli{"Sends the messages about an event: to the people whom it concerns, by the default route and by the "
                 "channels of the\nsubscriptions. The same event given again reaches nobody twice; what failed is sent "
                 "again."};
    declare(cli, line);
    if (auto const ended = tools::parse(cli, argc, argv, unknown))
        return *ended;
    if (!line.example.empty())
        return tools::write_all(STDOUT_FILENO, example_of(line.example)) ? done : unknown;
    return dispatch(line);
}

} // namespace

int main(int argc, char** argv)
{
    return tools::run_program("tidings-event", argc, argv, parse_and_run,
                              []() -> int { return sending_begun ? unknown : not_reached; });
}
