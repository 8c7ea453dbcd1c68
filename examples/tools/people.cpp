// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "people.hpp"

#include "usage_error.hpp"
#include "values.hpp"

#include <tidings/printable_text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace td = tidings;

namespace tools {

void declare(CLI::App& cli, people_options& options)
{
    cli.add_option("--to", options.to, "A person; may be repeated. Phone numbers with + and country code")
        ->allow_extra_args(false);
    cli.add_option("--to-file", options.to_files,
                   "A file with a person in each line; empty lines, and those that begin with #, do not count. -: "
                   "standard input")
        ->allow_extra_args(false);
}

std::vector<person> read_people(people_options const& options, bool required)
{
    std::vector<person> people;
    for (auto const& to : options.to)
        people.emplace_back(to, "--to");
    for (auto const& file : options.to_files)
    {
        auto const text = read_text("--to-file", file, max_people);
        auto const name = file == "-" ? std::string("standard input") : td::printable_text(file);
        std::size_t number = 0;
        for (std::string_view rest = text; !rest.empty();)
        {
            ++number;
            auto entry = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
            constexpr std::string_view blanks = " \t\r";
            entry.remove_prefix(std::min(entry.find_first_not_of(blanks), entry.size()));
            entry = entry.substr(0, entry.find_last_not_of(blanks) + 1);
            if (!entry.empty() && !entry.starts_with('#'))
                people.emplace_back(std::string(entry), name + ":" + std::to_string(number));
        }
    }
    if (people.empty() && required)
        throw usage_problem("--to, --to-file", options.to_files.empty() ? "say to whom" : "there is nobody in it");
    return people;
}

void check_people(td::any_notifier const& to, std::vector<person>& all)
{
    std::set<std::string> known;
    std::vector<person> people;
    std::string problems;
    std::size_t count = 0;
    constexpr std::size_t max_lines = 20;
    constexpr std::size_t max_shown = 200;
    bool only_addresses = true;
    for (auto& p : all)
    {
        if (!p.problem.empty())
        {
            only_addresses = false;
            if (++count <= max_lines)
                problems += "\n" + p.where + ": " + p.problem;
            continue;
        }
        auto const checked = to.check(p.to);
        if (checked)
        {
            p.id = *checked;
            if (known.insert(*checked).second)
                people.push_back(std::move(p));
            continue;
        }
        auto const* const facts = checked.error().facts();
        if (++count <= max_lines)
            problems += "\n" + p.where + ": \"" + td::printable_text(p.to, max_shown) +
                        "\": " + (facts && !facts->detail.empty() ? facts->detail : checked.error().message());
    }
    if (count > max_lines)
        problems += "\nand " + std::to_string(count - max_lines) + " more";
    if (count != 0)
        throw usage_problem((count != 1 ? std::to_string(count) + (only_addresses ? " addresses are" : " lines are")
                             : only_addresses ? std::string("An address is")
                                              : std::string("A line is")) +
                            " not usable, so nothing was sent:" + problems);
    all = std::move(people);
}

} // namespace tools
