// Sends a message to people and says for each what became of it: to try a channel, and to see why it fails.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-send/command_line.hpp"
#include "tidings-send/message_options.hpp"
#include "tidings-send/order.hpp"
#include "tidings-send/report.hpp"
#include "tidings-send/results_file.hpp"
#include "tidings-send/sending.hpp"
#include "tools/channel_options.hpp"
#include "tools/files.hpp"
#include "tools/people.hpp"
#include "tools/program.hpp"

#include <tidings/any_notifier.hpp>

#include <boost/asio/io_context.hpp>
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace td = tidings;
namespace asio = boost::asio;

namespace {

using namespace tidings_send;
using namespace tools;

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
    if (auto const ended = tools::parse(cli, argc, argv, unknown))
        return *ended;
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
    return tools::run_program("tidings-send", argc, argv, parse_and_run,
                              []() -> int { return sending_begun ? unknown : not_reached; });
}
