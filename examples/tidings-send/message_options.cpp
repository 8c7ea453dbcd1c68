// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "message_options.hpp"

#include "../tools/files.hpp"
#include "../tools/usage_error.hpp"
#include "../tools/values.hpp"

#include <tidings/impl/derived_key.hpp>
#include <tidings/message/notice_json.hpp>
#include <tidings/printable_text.hpp>

#include <CLI/CLI.hpp>

#include <string_view>
#include <utility>

namespace tidings_send {

using tools::max_attachment;
using tools::max_text;
using tools::read_file;
using tools::read_text;
using tools::usage_problem;

namespace td = tidings;

namespace {

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

} // namespace

void declare(CLI::App& cli, message_options& options)
{
    cli.add_option("--text", options.text, "A plain message. -: standard input");
    cli.add_option("--markdown", options.markdown, "A message in Markdown. -: standard input");
    cli.add_option("--notice", options.notice,
                   "A notice from a JSON file: title, severity, facts, body or markdown, buttons, footer. -: standard "
                   "input");
    cli.add_option("--image", options.image, "A picture from a file");
    cli.add_option("--file", options.file, "A file");
    cli.add_flag("--test", options.test, "A message that says that it is a test");
}

std::size_t count_standard_input(message_options const& options)
{
    std::size_t count = 0;
    for (auto const* const value : {&options.text, &options.markdown, &options.notice, &options.image, &options.file})
        count += *value == "-" ? 1 : 0;
    return count;
}

void read_message(message_options const& options, order& what)
{
    auto const given = options.text.has_value() + options.markdown.has_value() + options.notice.has_value() +
                       options.image.has_value() + options.file.has_value() + options.test;
    constexpr std::string_view names = "--text, --markdown, --notice, --image, --file, --test";
    if (given > 1)
        throw usage_problem(names, "use one of them");
    if (given == 0 && !what.resolve)
        throw usage_problem("there is no message", "use one of " + std::string(names));
    // The key may be the number of a build: "started" and "failed" are two messages all the same, and platforms that
    // know keys would answer that the second one, which they drop, has arrived.
    auto const sent_as = [&what](std::string_view option, std::string const& bytes) {
        auto const all = std::string(option) + '\n' + bytes;
        what.message_key = td::detail::derived_key(what.key, {all});
        what.message_digest = td::detail::derived_key(td::idempotency_key("message"), {all}).view();
    };
    if (options.text)
    {
        auto body = message_text("--text", *options.text);
        sent_as("--text", body);
        what.message = td::text(std::move(body));
    }
    else if (options.markdown)
    {
        auto body = message_text("--markdown", *options.markdown);
        sent_as("--markdown", body);
        what.message = td::markdown(std::move(body));
    }
    else if (options.notice)
    {
        auto const json = read_text("--notice", *options.notice, max_text);
        sent_as("--notice", json);
        auto notice = td::notice::from_json(json);
        if (!notice)
            throw usage_problem("--notice", td::printable_text(*options.notice) + ": " + notice.error().message());
        what.message = *std::move(notice);
    }
    else if (options.image)
    {
        auto bytes = bytes_of("--image", *options.image);
        sent_as("--image", name_of(*options.image) + '\n' + bytes);
        what.message = td::image(std::move(bytes), name_of(*options.image));
    }
    else if (options.file)
    {
        auto bytes = bytes_of("--file", *options.file);
        sent_as("--file", name_of(*options.file) + '\n' + bytes);
        what.message = td::file(name_of(*options.file), std::move(bytes));
    }
    else if (options.test)
    {
        sent_as("--test", {});
        what.message = td::text("Test message: this channel works.");
    }
}

} // namespace tidings_send
