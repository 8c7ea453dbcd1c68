// Reads the people of an organisation from JSON lines and CSV.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_PEOPLE_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_PEOPLE_IPP

#include <tidings/config/channel.hpp>
#include <tidings/config/detail/json_document.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/subscription/detail/cells.hpp>
#include <tidings/subscription/detail/time_of_day.hpp>
#include <tidings/subscription/people.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace tidings::inline v0::subscription {

namespace detail {

inline constexpr std::array<std::string_view, 11> csv_columns{"login_name", "name",      "phone_number", "email",
                                                              "language",   "time_zone", "quiet_from",   "quiet_to",
                                                              "digest",     "roles",     "channels"};

/// Takes the values of one person; what is not valid becomes a problem.
class person_reader
{
public:
    /// @param line   Where the person is in the file.
    explicit person_reader(std::size_t line, config::problems& wrong)
        : line_("line " + std::to_string(line)), wrong_(wrong)
    {
    }

    person& result() noexcept { return out_; }

    void report(std::string_view where, std::string english, std::string chinese)
    {
        wrong_.emplace_back(where.empty() ? line_ : line_ + ": " + std::string(where), std::move(english),
                            std::move(chinese));
    }

    void read_text(std::string_view name, std::string_view where, std::string_view value)
    {
        auto const keep = [&](std::string& to, bool valid, std::string english, std::string chinese) {
            if (valid)
                to.assign(value);
            else
                report(where, std::move(english), std::move(chinese));
        };
        if (name == "login_name")
        {
            value = written_login_name(value);
            keep(out_.login_name, match::login_name(value).check().has_value(), "is no login name", "不是有效的登录名");
        }
        else if (name == "name")
            keep(out_.name, is_line(value), "must be one line of UTF-8 text", "必须是一行 UTF-8 文本");
        else if (name == "phone_number")
            keep(out_.phone_number, match::phone_number(std::string(value)).check().has_value(),
                 "is no phone number with + and country code", "不是带 + 和国家代码的手机号");
        else if (name == "email")
            keep(out_.email, match::email(std::string(value)).check().has_value(), "is no email address",
                 "不是有效的邮箱地址");
        else if (name == "language")
            keep(out_.language, is_tag(value), "is no language tag such as en or zh-CN",
                 "不是语言标签，例如 en 或 zh-CN");
        else if (name == "time_zone")
            keep(out_.time_zone, is_time_zone(value), "is no time zone such as Asia/Shanghai or +08:00",
                 "不是时区，例如 Asia/Shanghai 或 +08:00");
    }

    /// @param from, to  Either may be missing.
    void read_quiet_hours(std::string_view where, std::optional<std::string_view> from,
                          std::optional<std::string_view> to)
    {
        auto const first = from ? time_of_day(*from) : std::nullopt;
        auto const last = to ? time_of_day(*to) : std::nullopt;
        if (first && last)
            out_.quiet = quiet_hours{*first, *last};
        else
            report(where, "must have two times of the day such as 22:00 and 07:00",
                   "必须是两个时刻，例如 22:00 和 07:00");
    }

    void add_digest_time(std::string_view where, std::string_view value)
    {
        auto const time = time_of_day(value);
        if (!time)
            return report(where, "must be a time of the day such as 09:00", "必须是时刻，例如 09:00");
        auto& all = out_.digest_times;
        auto const place = std::lower_bound(all.begin(), all.end(), *time);
        if (place == all.end() || *place != *time)
            all.insert(place, *time);
    }

    void add_role(std::string_view where, std::string_view value)
    {
        if (is_line(value) && !value.empty())
            out_.roles.emplace_back(value);
        else
            report(where, "must be the name of a role", "必须是角色名称");
    }

    void add_channel(std::string_view where, std::string_view value)
    {
        if (std::find(std::begin(config::channel_names), std::end(config::channel_names), value) ==
            std::end(config::channel_names))
            return report(where, "must be feishu, lark, dingtalk or wecom", "必须是 feishu、lark、dingtalk 或 wecom");
        if (!out_.channels)
            out_.channels.emplace();
        out_.channels->emplace_back(value);
    }

private:
    static bool is_line(std::string_view text) noexcept
    {
        constexpr std::size_t max_length = 256;
        return text.size() <= max_length && tidings::detail::find_invalid_utf8(text) == text.npos &&
               std::none_of(text.begin(), text.end(),
                            [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
    }
    static bool is_tag(std::string_view text) noexcept
    {
        constexpr std::size_t max_length = 35;
        return !text.empty() && text.size() <= max_length && std::all_of(text.begin(), text.end(), [](char c) {
            return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        });
    }
    static bool is_time_zone(std::string_view text) noexcept
    {
        constexpr std::size_t max_length = 64;
        if (fixed_offset(text))
            return true;
        return !text.empty() && text.size() <= max_length && text.front() != '/' && text.find("..") == text.npos &&
               std::all_of(text.begin(), text.end(), [](char c) {
                   return c == '/' || c == '_' || c == '-' || c == '+' || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
               });
    }

    std::string line_;
    config::problems& wrong_;
    person out_;
};

using config::detail::json_node;
using config::detail::pointer_to;

inline void read_json_person(json_node const& from, person_reader& out)
{
    auto const texts = [&](json_node const& value, std::string const& where, auto const& f) {
        if (!value.is_array())
            return out.report(where, "must be an array of strings", "必须是字符串数组");
        for (std::size_t i = 0; i != value.elements().size(); ++i)
            if (value.elements()[i].is_string())
                f(pointer_to(where, i), value.elements()[i].text());
            else
                out.report(pointer_to(where, i), "must be a string", "必须是字符串");
    };
    for (auto const& [name, value] : from.members())
    {
        auto const where = pointer_to("", name);
        if (name == "digest")
            texts(value, where, [&out](std::string const& w, std::string_view v) { out.add_digest_time(w, v); });
        else if (name == "roles")
            texts(value, where, [&out](std::string const& w, std::string_view v) { out.add_role(w, v); });
        else if (name == "channels")
        {
            out.result().channels.emplace();
            texts(value, where, [&out](std::string const& w, std::string_view v) { out.add_channel(w, v); });
        }
        else if (name == "quiet_hours")
        {
            auto const time = [&value](std::string_view which) -> std::optional<std::string_view> {
                auto const* const found = value.find(which);
                return found && found->is_string() ? std::optional(found->text()) : std::nullopt;
            };
            out.read_quiet_hours(where, time("from"), time("to"));
            for (auto const& [inner, unused] : value.members())
                if (inner != "from" && inner != "to")
                    out.report(pointer_to(where, inner), "is not a known member; there are from, to",
                               "不是已知的成员；可用的有：from, to");
        }
        else if (value.is_string())
            out.read_text(name, where, value.text());
        else if (std::find(csv_columns.begin(), csv_columns.end(), name) != csv_columns.end())
            out.report(where, "must be a string", "必须是字符串");
    }
}

/// Adds a person who was read, if there is a login name that nobody else has.
inline void keep_person(people& all, person_reader& read, std::string_view where)
{
    auto const& login_name = read.result().login_name;
    if (login_name.empty())
        return;
    if (!all.add(std::move(read.result())))
        read.report(where, "is the login name of two people", "两个人使用同一登录名");
}

/// A record of CSV: its values, and the line on which it begins.
struct csv_record
{
    std::size_t line = 0;
    std::vector<std::string> values;
    config::label problem{};      ///< With its quotation marks; empty: none.
    std::size_t problem_line = 0; ///< Where that is.
};

/// The records of a text.
inline std::vector<csv_record> read_csv(std::string_view text)
{
    std::vector<csv_record> out;
    std::size_t line = 1;
    for (std::size_t at = 0; at < text.size();)
    {
        csv_record record;
        record.line = line;
        auto const is_wrong = [&record](std::size_t where, config::label why) {
            record.problem = why;
            record.problem_line = where;
        };
        for (bool more = true; more;)
        {
            std::string value;
            if (at < text.size() && text[at] == '"')
            {
                auto const begun = line;
                for (++at;; ++at)
                {
                    if (at == text.size())
                    {
                        is_wrong(begun, {"has a quotation mark that is never closed", "引号没有结束"});
                        out.push_back(std::move(record));
                        return out;
                    }
                    if (text[at] == '"' && (at + 1 == text.size() || text[at + 1] != '"'))
                        break;
                    at += text[at] == '"';
                    line += text[at] == '\n';
                    value += text[at];
                }
                ++at;
                if (auto const next = text.substr(at, 2);
                    !next.empty() && next[0] != ',' && next[0] != '\n' && next != "\r" && next != "\r\n")
                    is_wrong(line, {"has text behind a quoted value; double each quotation mark in a value",
                                    "引号后还有文本；值中的引号须写两次"});
            }
            while (at < text.size() && text[at] != ',' && text[at] != '\n')
                value += text[at++];
            while (value.ends_with('\r'))
                value.pop_back();
            record.values.push_back(std::move(value));
            more = at < text.size() && text[at] == ',';
            at += more;
        }
        if (at < text.size())
        {
            ++at;
            ++line;
        }
        if (record.values.size() != 1 || !record.values.front().empty())
            out.push_back(std::move(record));
    }
    return out;
}

template<class F>
void each_word(std::string_view text, F const& f)
{
    while (!text.empty())
    {
        auto const end = std::min(text.find(' '), text.size());
        if (end != 0)
            f(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

inline void read_csv_person(csv_record const& record, std::vector<std::string> const& columns, person_reader& out)
{
    std::optional<std::string_view> from;
    std::optional<std::string_view> to;
    for (std::size_t i = 0; i != record.values.size(); ++i)
    {
        std::string_view const value = record.values[i];
        std::string const& name = columns[i];
        if (value.empty())
            continue;
        if (name == "quiet_from")
            from = value;
        else if (name == "quiet_to")
            to = value;
        else if (name == "digest")
            each_word(value, [&](std::string_view word) { out.add_digest_time(name, word); });
        else if (name == "roles")
            each_word(value, [&](std::string_view word) { out.add_role(name, word); });
        else if (name == "channels")
            each_word(value, [&](std::string_view word) { out.add_channel(name, word); });
        else
            out.read_text(name, name, value);
    }
    if (from || to)
        out.read_quiet_hours("quiet_from, quiet_to", from, to);
}

inline std::string_view without_byte_order_mark(std::string_view text) noexcept
{
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

} // namespace detail

TIDINGS_DECL config::checked<people> people::from_json_lines(std::string_view text)
{
    config::problems wrong;
    people out;
    std::size_t line = 0;
    for (auto rest = detail::without_byte_order_mark(text); !rest.empty();)
    {
        ++line;
        auto const end = std::min(rest.find('\n'), rest.size());
        auto const content = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (content.find_first_not_of(" \t\r") == content.npos)
            continue;
        detail::person_reader read(line, wrong);
        config::problems own;
        auto const root = config::detail::parse_json(content, own);
        if (root)
            config::detail::is_object_of(*root, "",
                                         {"login_name", "name", "phone_number", "email", "language", "time_zone",
                                          "quiet_hours", "digest", "roles", "channels"},
                                         own);
        if (!root)
        {
            read.report("", "is not valid JSON", "不是有效的 JSON");
            continue;
        }
        for (auto const& p : own)
            read.report(p.where(), p.message(), p.message(language::chinese));
        if (!root->is_object())
            continue;
        if (!root->find("login_name"))
            read.report("/login_name", "is missing", "缺失");
        auto const before = wrong.size();
        detail::read_json_person(*root, read);
        if (wrong.size() == before)
            detail::keep_person(out, read, "/login_name");
    }
    if (!wrong.empty())
        return wrong;
    return out;
}

TIDINGS_DECL config::checked<people> people::from_csv(std::string_view text)
{
    config::problems wrong;
    auto const records = detail::read_csv(detail::without_byte_order_mark(text));
    if (records.empty())
        return config::problems{config::problem("line 1", "must have the names of the columns", "必须有列名")};
    auto const has_problem = [&wrong](detail::csv_record const& r) {
        if (r.problem.english.empty())
            return false;
        wrong.emplace_back("line " + std::to_string(r.problem_line), std::string(r.problem.english),
                           std::string(r.problem.chinese));
        return true;
    };
    if (has_problem(records.front()))
        return wrong;
    auto const& columns = records.front().values;
    for (auto const& name : columns)
        if (std::find(detail::csv_columns.begin(), detail::csv_columns.end(), name) == detail::csv_columns.end())
        {
            std::string known;
            for (auto const column : detail::csv_columns)
                (known += known.empty() ? "" : ", ") += column;
            wrong.emplace_back("line 1: " + name, "is no column; there are " + known, "不是列名；可用的有：" + known);
        }
        else if (std::count(columns.begin(), columns.end(), name) != 1)
            wrong.emplace_back("line 1: " + name, "is there twice", "重复出现");
    if (std::find(columns.begin(), columns.end(), "login_name") == columns.end())
        wrong.emplace_back("line 1: login_name", "is missing", "缺失");
    if (!wrong.empty())
        return wrong;
    people out;
    for (auto record = records.begin() + 1; record != records.end(); ++record)
    {
        if (has_problem(*record))
            continue;
        detail::person_reader read(record->line, wrong);
        if (record->values.size() != columns.size())
        {
            read.report(
                "the record",
                "has " + std::to_string(record->values.size()) + " values instead of " + std::to_string(columns.size()),
                "有 " + std::to_string(record->values.size()) + " 个值，应为 " + std::to_string(columns.size()));
            continue;
        }
        auto const before = wrong.size();
        detail::read_csv_person(*record, columns, read);
        if (read.result().login_name.empty() && wrong.size() == before)
            read.report("login_name", "is missing", "缺失");
        if (wrong.size() == before)
            detail::keep_person(out, read, "login_name");
    }
    if (!wrong.empty())
        return wrong;
    return out;
}

} // namespace tidings::inline v0::subscription

#endif
