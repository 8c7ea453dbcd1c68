// Checks whether messages would be delivered through a channel, and says what to correct. Sends nothing.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tools/channel_options.hpp"
#include "tools/failure_json.hpp"
#include "tools/files.hpp"
#include "tools/interruption.hpp"
#include "tools/people.hpp"
#include "tools/program.hpp"

#include <tidings/any_notifier.hpp>
#include <tidings/printable_text.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cstddef>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace td = tidings;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

enum exit_code
{
    nothing_failed = 0, ///< Unknown checks did not fail.
    check_failed = 1
};

struct command_line
{
    tools::channel_options channel;
    tools::people_options people;
    bool as_json = false;
};

std::string line_of(td::check_result const& c, td::language l)
{
    json::object out;
    out["check"] = c.id();
    out["status"] = to_string(c.status());
    out["message"] = td::printable_text(c.message(l));
    out["remedy"] = td::printable_text(c.remedy(l));
    out["link"] = tools::text_or_null(c.link());
    out["to"] = tools::text_or_null(c.address());
    out["match"] = tools::text_or_null(c.match());
    out["error"] = c.why().code() ? json::value(to_string(c.why().kind())) : nullptr;
    out["code"] = tools::code_of(c.why());
    out["log_id"] = tools::text_or_null(c.why().log_id());
    return json::serialize(out) + "\n";
}

/// Adds blanks to a word up to a width on a terminal, where a Chinese character takes two columns.
std::string padded(std::string_view word, std::size_t width)
{
    std::string out(word);
    std::size_t columns = 0;
    for (char const c : word)
    {
        constexpr unsigned char three_bytes = 0xE0;
        auto const byte = static_cast<unsigned char>(c);
        bool const continues = (byte & 0xC0U) == 0x80U;
        columns += continues ? 0U : byte >= three_bytes ? 2U : 1U;
    }
    out.append(columns < width ? width - columns : 1, ' ');
    return out;
}

std::string text_of(td::check_result const& c, td::language l)
{
    constexpr std::size_t status_width = 9;
    constexpr std::size_t title_width = 14;
    auto out = padded(to_string(c.status(), l), status_width) + padded(td::check::title_of(c.id(), l), title_width);
    if (!c.address().empty())
        out += td::printable_text(c.address()) + " (" + std::string(c.match()) + "): ";
    out += td::printable_text(c.message(l)) + "\n";
    if (auto const remedy = c.remedy(l); c.status() != td::check_status::pass && !remedy.empty())
        out += std::string(status_width, ' ') + (l == td::language::chinese ? "处理办法：" : "what to do: ") +
               td::printable_text(remedy) + "\n";
    return out;
}

exit_code write_report(td::diagnosis const& d, bool as_json, td::language l)
{
    std::string out;
    for (auto const& c : d.checks())
        out += as_json ? line_of(c, l) : text_of(c, l);
    if (!tools::write_all(STDOUT_FILENO, out))
    {
        tools::write_all(STDERR_FILENO, "tidings-doctor: the report cannot be written\n");
        return check_failed;
    }
    return d.any_failed() ? check_failed : nothing_failed;
}

exit_code run(command_line const& line)
{
    tools::channel_choice const channel(line.channel);
    auto const people = tools::read_people(line.people, false);
    asio::io_context io;
    std::optional<td::any_notifier> notify(channel.make(io.get_executor()));
    std::vector<td::any_address> addresses;
    std::set<std::string> known; // looking somebody up twice would count twice
    for (auto const& person : people)
        if (auto const address = notify->check(person.to); known.insert(address ? *address : person.to).second)
            addresses.emplace_back(person.to);
    tools::interruption stop(io, "tidings-doctor: stopping\n");
    std::exception_ptr thrown;
    td::result<td::diagnosis> found = td::failure(td::errc::cancelled);
    asio::co_spawn(io, notify->diagnose(std::move(addresses)),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, td::result<td::diagnosis> d) {
                       thrown = e;
                       found = std::move(d);
                       stop.end();
                       notify.reset();
                   }));
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    if (!found)
    {
        tools::write_all(STDERR_FILENO, "tidings-doctor: " + found.error().message() + "\n");
        return check_failed;
    }
    return write_report(*found, line.as_json, channel.language());
}

void declare(CLI::App& cli, command_line& line)
{
    cli.footer("Exit code: 0 no check failed, although some may be unknown; 1 a check failed; 2 the command line or a "
               "file in it is not usable.");
    tools::declare_program(cli, "tidings-doctor");
    tools::declare(cli, line.channel);
    tools::declare(cli, line.people);
    cli.add_flag("--json", line.as_json, "Report one JSON object for each check, a line each");
}

int parse_and_run(int argc, char** argv)
{
    command_line line;
    CLI::App cli{
        "Checks whether messages would be delivered through a channel, says what to correct, and sends nothing.\n"
        "Credentials come from the environment as for tidings-send, or from the file of --config. Without --to, "
        "no person is\nlooked up. The requests are few; on Lark and Feishu they count against the monthly quota."};
    declare(cli, line);
    if (auto const ended = tools::parse(cli, argc, argv, check_failed))
        return *ended;
    // A token of an earlier run would hide that the secret was replaced since.
    line.channel.token_cache.clear();
    return run(line);
}

} // namespace

int main(int argc, char** argv)
{
    return tools::run_program("tidings-doctor", argc, argv, parse_and_run, []() -> int { return check_failed; });
}
