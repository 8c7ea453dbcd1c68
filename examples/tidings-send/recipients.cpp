// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "recipients.hpp"

#include "../tools/usage_error.hpp"
#include "../tools/values.hpp"

#include <tidings/config/detail/json_document.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/printable_text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace tidings_send {

using tools::person;
using tools::usage_problem;

namespace td = tidings;

namespace {

constexpr std::array<std::string_view, 5> fields{"login_name", "phone_number", "email", "name", "language"};
constexpr std::size_t addresses = 3; ///< So many of the fields are addresses.
constexpr std::size_t language = 4;
constexpr std::size_t max_shown = 100;

using values = std::array<std::string, fields.size()>;

std::optional<std::size_t> find_field(std::string_view name)
{
    auto const at = std::find(fields.begin(), fields.end(), name);
    return at == fields.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - fields.begin()));
}

std::string shown(std::string_view text)
{
    return '"' + td::printable_text(text, max_shown) + '"';
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r";
    auto const begin = text.find_first_not_of(blanks);
    return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

bool is_language(std::string_view tag)
{
    constexpr std::size_t max_part = 8;
    for (bool first = true;; first = false)
    {
        auto const part = tag.substr(0, tag.find_first_of("-_"));
        auto const valid = [first](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
        };
        if (part.size() < (first ? 2u : 1u) || part.size() > max_part || !std::all_of(part.begin(), part.end(), valid))
            return false;
        if (part.size() == tag.size())
            return true;
        tag.remove_prefix(part.size() + 1);
    }
}

class reader
{
public:
    reader(std::string name, std::vector<std::string> const& match) : name_(std::move(name))
    {
        for (auto field : match)
        {
            std::replace(field.begin(), field.end(), '-', '_');
            auto const found = find_field(field);
            if (!found || *found >= addresses)
                throw usage_problem("--recipients", "has login_name, phone_number and email, and no " + field +
                                                        "; use --to-file for these");
            match_.push_back(*found);
        }
    }

    std::vector<person> read(std::string_view text)
    {
        auto const first = text.find_first_not_of(" \t\r\n");
        if (first != text.npos && text[first] == '{')
            read_json_lines(text);
        else
            read_csv(text);
        if (people_.empty())
            throw usage_problem("--recipients", name_ + ": there is nobody in it");
        return std::move(people_);
    }

private:
    void refuse(std::size_t line, std::string problem)
    {
        people_.emplace_back(std::string(), place(line));
        people_.back().problem = std::move(problem);
    }

    std::string place(std::size_t line) const { return name_ + ":" + std::to_string(line); }

    void add(std::size_t line, values const& of)
    {
        if (!of[language].empty() && !is_language(of[language]))
            return refuse(line, "the language " + shown(of[language]) + " is not a tag such as en or zh-CN");
        std::string missing;
        for (auto const field : match_)
        {
            if (!of[field].empty())
            {
                people_.emplace_back(of[field], place(line));
                people_.back().language = of[language];
                return;
            }
            (missing += missing.empty() ? "has no " : " and no ") += fields[field];
        }
        refuse(line, missing);
    }

    // ---- JSON lines

    void read_json_lines(std::string_view text)
    {
        for (std::size_t number = 1; !text.empty(); ++number)
        {
            auto const line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(line.size() + 1, text.size()));
            if (!trimmed(line).empty())
                read_object(number, trimmed(line));
        }
    }

    void read_object(std::size_t number, std::string_view line)
    {
        using node = td::config::detail::json_node;
        td::config::problems problems;
        auto const parsed = td::config::detail::parse_json(line, problems);
        if (!parsed || !parsed->is_object())
            return refuse(number, "is not a JSON object");
        values of;
        std::array<bool, fields.size()> seen{};
        for (auto const& [name, value] : parsed->members())
        {
            auto const field = find_field(name);
            if (!field)
                return refuse(number, "has the member " + shown(name) +
                                          "; known are login_name, phone_number, email, name and language");
            if (std::exchange(seen[*field], true))
                return refuse(number, "has the member " + shown(name) + " twice");
            if (value.type() == node::kind::null)
                continue;
            if (!value.is_string())
                return refuse(number, std::string(fields[*field]) + " must be text");
            of[*field] = trimmed(value.text());
        }
        add(number, of);
    }

    // ---- CSV

    struct record
    {
        std::size_t line = 0; ///< Where it begins.
        std::vector<std::string> cells;
        std::string problem;

        bool is_blank() const { return problem.empty() && cells.size() == 1 && trimmed(cells[0]).empty(); }
    };

    /// A cell, and the comma or the line break behind it. True: another one follows.
    static bool read_cell(std::string_view& rest, std::size_t& line, record& out)
    {
        auto& cell = out.cells.emplace_back();
        auto const end_of_cell = [&rest] { return std::min(rest.find_first_of(",\n"), rest.size()); };
        if (rest.starts_with('"'))
        {
            rest.remove_prefix(1);
            for (;;)
            {
                auto const quote = rest.find('"');
                if (quote == rest.npos)
                {
                    out.problem = "a quoted field does not end";
                    rest = {};
                    return false;
                }
                cell += rest.substr(0, quote);
                rest.remove_prefix(quote + 1);
                if (!rest.starts_with('"'))
                    break;
                cell += '"';
                rest.remove_prefix(1);
            }
            line += static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
            if (auto const behind = rest.substr(0, end_of_cell()); !behind.empty() && behind != "\r")
                out.problem = "there is text behind a quoted field";
        }
        else
        {
            cell = rest.substr(0, end_of_cell());
            if (cell.find('"') != cell.npos)
                out.problem = "a field with a quote in it must be quoted as a whole, the quote doubled";
        }
        rest.remove_prefix(end_of_cell());
        bool const more = rest.starts_with(',');
        if (rest.starts_with('\n'))
            ++line;
        if (!rest.empty())
            rest.remove_prefix(1);
        return more;
    }

    static record read_record(std::string_view& rest, std::size_t& line)
    {
        record out;
        out.line = line;
        while (read_cell(rest, line, out))
        {
        }
        return out;
    }

    /// Which field each column is.
    std::vector<std::size_t> read_header(record const& header) const
    {
        std::string problem = header.problem;
        std::vector<std::size_t> columns;
        for (auto const& cell : header.cells)
        {
            auto const field = find_field(trimmed(cell));
            if (!field && problem.empty())
                problem = "has the column " + shown(trimmed(cell)) +
                          "; known are login_name, phone_number, email, name and language, and the first line names "
                          "the columns";
            if (field && std::find(columns.begin(), columns.end(), *field) != columns.end() && problem.empty())
                problem = "has the column " + shown(cell) + " twice";
            columns.push_back(field.value_or(0));
        }
        if (problem.empty() && std::none_of(match_.begin(), match_.end(), [&columns](std::size_t field) {
                return std::find(columns.begin(), columns.end(), field) != columns.end();
            }))
        {
            for (auto const field : match_)
                (problem += problem.empty() ? "has no column " : " and no column ") += fields[field];
        }
        if (!problem.empty())
            throw usage_problem("--recipients", place(header.line) + ": " + problem);
        return columns;
    }

    void read_csv(std::string_view text)
    {
        std::size_t line = 1;
        std::vector<std::size_t> columns;
        while (!text.empty())
        {
            auto const row = read_record(text, line);
            if (row.is_blank())
                continue;
            if (columns.empty())
            {
                columns = read_header(row);
                continue;
            }
            if (!row.problem.empty())
            {
                refuse(row.line, row.problem);
                continue;
            }
            if (row.cells.size() != columns.size())
            {
                refuse(row.line, "has " + std::to_string(row.cells.size()) + " fields, and the first line has " +
                                     std::to_string(columns.size()));
                continue;
            }
            values of;
            bool valid = true;
            for (std::size_t i = 0; i != columns.size(); ++i)
            {
                of[columns[i]] = trimmed(row.cells[i]);
                valid = valid && td::detail::find_invalid_utf8(row.cells[i]) == std::string_view::npos;
            }
            if (valid)
                add(row.line, of);
            else
                refuse(row.line, "is not UTF-8");
        }
    }

    std::string name_;
    std::vector<std::size_t> match_;
    std::vector<person> people_;
};

} // namespace

std::vector<person> read_recipients(std::string const& path, std::vector<std::string> const& match)
{
    reader in(path == "-" ? std::string("standard input") : td::printable_text(path), match);
    auto const text = tools::read_text("--recipients", path, tools::max_people);
    return in.read(text);
}

} // namespace tidings_send
