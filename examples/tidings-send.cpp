// Sends a message to people and says for each what became of it: to try a channel, and to see why it fails.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-send/order.hpp"
#include "tidings-send/report.hpp"
#include "tools/channel_options.hpp"
#include "tools/files.hpp"
#include "tools/interruption.hpp"
#include "tools/people.hpp"
#include "tools/usage_error.hpp"
#include "tools/values.hpp"

#include <tidings/any_notifier.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/message/notice_json.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/descriptor_base.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <CLI/CLI.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace td = tidings;
namespace asio = boost::asio;

namespace {

using namespace tidings_send;
using namespace tools;

// ---- The command line, as it was written

struct command_line
{
    order what;
    channel_options channel;
    people_options people;
    std::optional<std::string> text;
    std::optional<std::string> markdown;
    std::optional<std::string> notice;
    std::optional<std::string> image;
    std::optional<std::string> file;
    bool test = false;
    std::optional<std::string> key;
};

void declare(CLI::App& cli, command_line& line)
{
    auto& what = line.what;
    cli.footer(
        "Exit code: 0 all delivered; 1 somebody was not reached; 2 the command line or a file in it is not usable, "
        "nothing was sent; 3 an outcome is unknown, or the report could not be written.");
    cli.set_help_flag("-h,--help", "What there is, and leave");
    cli.set_version_flag("--version", "tidings-send " TIDINGS_VERSION_STRING, "The version, and leave");
    cli.add_flag_callback(
        "--capabilities",
        [] {
            std::cout << to_markdown(td::any_notifier::platforms());
            throw CLI::Success();
        },
        "What each platform can do, as a table, and leave");
    declare(cli, line.channel);
    declare(cli, line.people);
    cli.add_option("--text", line.text, "A plain message. -: standard input");
    cli.add_option("--markdown", line.markdown, "A message in Markdown. -: standard input");
    cli.add_option("--notice", line.notice,
                   "A notice from a JSON file: title, severity, facts, body or markdown, buttons, footer. -: standard "
                   "input");
    cli.add_option("--image", line.image, "A picture from a file");
    cli.add_option("--file", line.file, "A file");
    cli.add_flag("--test", line.test, "A message that says that it is a test");
    cli.add_flag("--resolve,--dry-run", what.resolve, "Find the people, say their ids, and send nothing");
    cli.add_option("--key", line.key,
                   "The idempotency key, 1 to 50 printable ASCII characters: the same command under the same key does "
                   "not reach anybody twice, on platforms that know keys. Default: a random one");
    cli.add_flag("--json", what.as_json, "Report one JSON object for each person, a line each");
    cli.failure_message(usage_error);
}

// ---- What it means

/// What stands behind an option, or on standard input, which ends in a line break that is not part of it.
std::string message_text(std::string_view option, std::string const& value)
{
    if (value != "-")
        return value;
    auto text = read_text(option, value, max_text);
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty())
        throw usage_problem(option, "there is nothing on standard input");
    return text;
}

std::string bytes_of(std::string_view option, std::string const& path)
{
    auto in = read_file(path, max_attachment);
    if (!in.problem.empty())
        throw usage_problem(option, td::printable_text(path) + " " + in.problem);
    return std::move(in.bytes);
}

std::string name_of(std::string const& path)
{
    return path.substr(path.find_last_of('/') + 1);
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
    auto const is_standard_input = [](std::optional<std::string> const& value) { return value == "-"; };
    auto const& files = line.people.to_files;
    if (std::count(files.begin(), files.end(), "-") + is_standard_input(line.text) + is_standard_input(line.markdown) +
            is_standard_input(line.notice) + is_standard_input(line.image) + is_standard_input(line.file) >
        1)
        throw usage_problem("-", "standard input can be read only once");
}

void read_message(command_line const& line, order& what)
{
    auto const given = line.text.has_value() + line.markdown.has_value() + line.notice.has_value() +
                       line.image.has_value() + line.file.has_value() + line.test;
    constexpr std::string_view options = "--text, --markdown, --notice, --image, --file, --test";
    if (given > 1)
        throw usage_problem(options, "use one of them");
    if (given == 0 && !what.resolve)
        throw usage_problem("there is no message", "use one of " + std::string(options));
    // The key may be the number of a build: "started" and "failed" are two messages all the same, and platforms that
    // know keys would answer that the second one, which they drop, has arrived.
    auto const sent_as = [&what](std::string_view option, std::string const& bytes) {
        what.message_key = td::detail::derived_key(what.key, std::string(option) + '\n' + bytes);
    };
    if (line.text)
    {
        auto body = message_text("--text", *line.text);
        sent_as("--text", body);
        what.message = td::text(std::move(body));
    }
    else if (line.markdown)
    {
        auto body = message_text("--markdown", *line.markdown);
        sent_as("--markdown", body);
        what.message = td::markdown(std::move(body));
    }
    else if (line.notice)
    {
        auto const json = read_text("--notice", *line.notice, max_text);
        sent_as("--notice", json);
        auto notice = td::notice::from_json(json);
        if (!notice)
            throw usage_problem("--notice", td::printable_text(*line.notice) + ": " + notice.error().message());
        what.message = *std::move(notice);
    }
    else if (line.image)
    {
        auto bytes = bytes_of("--image", *line.image);
        sent_as("--image", name_of(*line.image) + '\n' + bytes);
        what.message = td::image(std::move(bytes), name_of(*line.image));
    }
    else if (line.file)
    {
        auto bytes = bytes_of("--file", *line.file);
        sent_as("--file", name_of(*line.file) + '\n' + bytes);
        what.message = td::file(name_of(*line.file), std::move(bytes));
    }
    else if (line.test)
    {
        sent_as("--test", {});
        what.message = td::text("Test message: this channel works.");
    }
}

// ---- The work

class work
{
public:
    work(td::any_notifier& notify, order const& what, report& out, interruption const& stop) noexcept
        : notify_(notify), what_(what), out_(out), stop_(stop)
    {
    }

    asio::awaitable<void> run()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (what_.resolve)
            co_await resolve();
        else
            co_await send();
    }

private:
    bool may_continue() const { return !stop_.happened() && !out_.wrong_for_everybody(); }

    asio::awaitable<void> send()
    {
        auto const more = [this](person const&) { return may_continue(); };
        auto const address = [](person const& p) { return td::any_address(p.to); };
        auto people = what_.people | std::views::take_while(more) | std::views::transform(address);
        auto const sink = [this](std::size_t, td::any_address const&, td::result<td::receipt> const& outcome) {
            out_.add(outcome);
        };
        td::send_each_options how;
        how.key(what_.message_key);
        td::result<td::send_summary> const done =
            co_await notify_.send_each(std::move(people), what_.message, sink, std::move(how));
        add_rest(done ? td::failure() : done.error());
    }

    asio::awaitable<void> resolve()
    {
        for (auto const& p : what_.people)
        {
            if (!may_continue())
                break;
            td::result<td::any_recipient> const found = co_await notify_.resolve(td::any_address(p.to));
            if (found)
                out_.add(td::receipt({}, found->id(), 0));
            else
                out_.add(found.error());
        }
        add_rest(td::failure());
    }

    void add_rest(td::failure why)
    {
        if (stop_.happened() && !why.code())
            why = td::errc::cancelled;
        else if (auto const* const everybody = out_.wrong_for_everybody())
            why = *everybody;
        out_.add_rest(why);
    }

    td::any_notifier& notify_;
    order const& what_;
    report& out_;
    interruption const& stop_;
};

/// What happens before it cannot have sent anything.
bool sending_begun = false;

exit_code run(channel_choice const& channel, order& what)
{
    asio::io_context io;
    std::optional<td::any_notifier> notify(channel.make(io.get_executor()));
    check_people(*notify, what.people);
    report out(what, channel.platform().idempotency_keys);
    interruption stop(io, "tidings-send: stopping; what is under way is waited for\n");
    work all(*notify, what, out, stop);
    std::exception_ptr thrown;
    sending_begun = true;
    asio::co_spawn(io, all.run(), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) {
                       thrown = e;
                       stop.end();
                       notify.reset();
                   }));
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return out.finish();
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
    read_message(line, what);
    what.people = read_people(line.people, true);
    return run(channel, what);
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
