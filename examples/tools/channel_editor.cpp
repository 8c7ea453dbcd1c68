// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "channel_editor.hpp"

#include "files.hpp"
#include "interruption.hpp"
#include "terminal.hpp"
#include "usage_error.hpp"

#include <tidings/printable_text.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <stdexcept>
#include <utility>

namespace td = tidings;
namespace asio = boost::asio;

namespace tools {

namespace {

using td::config::field_kind;

td::config::channel empty_channel(std::string_view name)
{
    auto made = td::config::make_channel(name);
    if (!made)
        throw usage_problem("the channel must be feishu, lark, dingtalk or wecom");
    return *std::move(made);
}

void clear(td::config::bound_field const& f)
{
    std::visit([](auto* value) { *value = {}; }, f.value);
}

std::string question_of(td::config::bound_field const& f, td::language l)
{
    auto const& d = *f.description;
    bool const chinese = l == td::language::chinese;
    auto out = std::string(d.title.in(l));
    auto const shown = td::config::display_text(f);
    if (!shown.empty())
        out += " [" + td::printable_text(shown) + "]";
    else if (td::config::has_value(f))
        out += chinese ? " [保持不变]" : " [unchanged]";
    else if (!d.required)
        out += chinese ? "（可选）" : " (optional)";
    return out + ": ";
}

/// Reads one answer into a field. False: it is not valid, and `wrong` says why.
bool read_answer(td::config::bound_field const& f, std::string_view answer, std::string_view directory,
                 td::config::problems& wrong)
{
    if (answer == "-" && !f.description->required)
        clear(f);
    else if (!answer.empty())
        return td::config::read_text(f, answer, f.description->name, wrong, directory);
    else if (f.description->required && !td::config::has_value(f))
    {
        wrong.emplace_back(std::string(f.description->name), "is required. " + std::string(f.description->help.english),
                           "必填。" + std::string(f.description->help.chinese));
        return false;
    }
    return true;
}

void ask_for(td::config::bound_field const& f, std::string_view directory, td::language l)
{
    for (;;)
    {
        td::config::problems wrong;
        bool valid = false;
        if (f.description->kind == field_kind::secret)
            valid = read_answer(f, ask_secret(question_of(f, l)).reveal(), directory, wrong);
        else
            valid = read_answer(f, ask(question_of(f, l)), directory, wrong);
        if (valid)
            return;
        if (::isatty(STDIN_FILENO) == 0)
            throw usage_problem(td::config::to_string(wrong, l));
        write_all(STDERR_FILENO, printable_lines(td::config::to_string(wrong, l)));
    }
}

} // namespace

td::config::channels load_channels(std::string const& path, td::language l, bool may_be_missing)
{
    if (may_be_missing && ::access(path.c_str(), F_OK) != 0 && errno == ENOENT)
        return {};
    auto all = td::config::channels::load(path);
    if (!all)
        throw usage_problem(td::printable_text(path) + ":\n" + td::config::to_string(all.error(), l));
    return *std::move(all);
}

void save_channels(td::config::channels const& all, std::string const& path)
{
    if (auto const saved = all.save(path); !saved)
        throw std::runtime_error(saved.error().message());
}

td::config::channel const& configured_channel(td::config::channels const& all, std::string_view name)
{
    auto const* const found = all.find(name);
    if (!found)
        throw usage_problem(std::string(td::config::title_of(empty_channel(name)).english) + " is not configured");
    return *found;
}

std::vector<td::config::field const*> all_fields()
{
    std::vector<td::config::field const*> out;
    for (auto const name : td::config::channel_names)
        for (auto const& f : td::config::descriptions_of(empty_channel(name)))
            if (std::none_of(out.begin(), out.end(), [&f](auto const* known) { return known->name == f.name; }))
                out.push_back(&f);
    return out;
}

td::config::channel edit_channel(td::config::channels const& all, std::string const& path, std::string_view name,
                                 std::map<std::string, std::string, std::less<>> const& given, td::language l)
{
    auto const directory = std::string_view(path).substr(0, path.find_last_of('/') + 1);
    auto const* const before = all.find(name);
    auto out = before ? *before : empty_channel(name);
    auto const fields = td::config::fields_of(out);
    for (auto const& [field_name, value] : given)
        if (!value.empty() && std::none_of(fields.begin(), fields.end(),
                                           [&](auto const& f) { return f.description->name == field_name; }))
            throw usage_problem("--" + field_name, "is no setting of this channel");
    for (auto const& f : fields)
    {
        auto const value = given.find(f.description->name);
        if (value == given.end() || value->second.empty())
        {
            ask_for(f, directory, l);
            continue;
        }
        auto const flag = td::config::flag_of(*f.description);
        if (f.description->kind == field_kind::secret && !value->second.starts_with("env:") &&
            !value->second.starts_with("file:"))
            throw usage_problem(flag,
                                "must be env:NAME or file:PATH: every user of the machine can read a secret here");
        td::config::problems wrong;
        if (!td::config::read_text(f, value->second, flag, wrong, directory))
            throw usage_problem(td::config::to_string(wrong, l));
    }
    td::config::problems wrong;
    td::config::check(out, "", wrong);
    if (!wrong.empty())
        throw usage_problem(td::config::to_string(wrong, l));
    return out;
}

std::string ask_receiver(td::config::channel const& c, td::language l)
{
    std::string by;
    for (auto const& field : td::config::notification_field_of(c))
        (by += by.empty() ? "" : ", ") += field;
    auto const question =
        l == td::language::chinese ? "测试消息的接收人（" + by + "）：" : "Receiver of the test message (" + by + "): ";
    for (;;)
        if (auto answer = ask(question); !answer.empty())
            return answer;
}

td::result<td::receipt> send_test(td::config::channel const& c, std::string const& to)
{
    asio::io_context io;
    interruption stop(io, "tidings-channels: stopping; the test message is waited for\n");
    std::exception_ptr thrown;
    td::result<td::receipt> out = td::failure(td::errc::cancelled);
    asio::co_spawn(
        io, td::config::test_send(io.get_executor(), c, to),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, td::result<td::receipt> outcome) {
            thrown = e;
            out = std::move(outcome);
            stop.end();
        }));
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return out;
}

} // namespace tools
