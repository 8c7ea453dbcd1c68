// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "documents.hpp"

#include "../tools/channel_editor.hpp"
#include "../tools/usage_error.hpp"
#include "../tools/values.hpp"

#include <tidings/message/localized.hpp>
#include <tidings/printable_text.hpp>

#ifdef TIDINGS_EVENT_TIME_ZONES
#include <tidings/subscription/time_zone.hpp>
#endif

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace tidings_event {

namespace td = tidings;
namespace sub = tidings::subscription;
using sub::ready_made;
using tools::usage_problem;

namespace {

struct example
{
    std::string_view kind;
    std::string_view text;
};

constexpr std::array<example, 4> examples{{
    {"channels", R"({
  "version": 1,
  "channels": {
    "lark": {
      "app_id": "cli_a1b2c3d4e5f6",
      "app_secret": "env:LARK_APP_SECRET",
      "notification_field": "email"
    },
    "feishu": {
      "app_id": "cli_f6e5d4c3b2a1",
      "app_secret": "file:feishu.secret",
      "notification_field": ["email", "phone_number"]
    },
    "dingtalk": {
      "app_key": "dingabcdef123456",
      "app_secret": "env:DINGTALK_APP_SECRET",
      "robot_code": "dingabcdef123456",
      "notification_field": "phone_number"
    },
    "wecom": {
      "corp_id": "ww0123456789abcdef",
      "agent_id": 1000002,
      "secret": "env:WECOM_SECRET",
      "notification_field": "login_name"
    }
  },
  "webhooks": {
    "ops": {
      "platform": "lark",
      "url": "env:LARK_OPS_WEBHOOK",
      "secret": "env:LARK_OPS_WEBHOOK_SECRET"
    }
  },
  "smtp": {
    "host": "smtp.example.com",
    "security": "starttls",
    "user": "notify@example.com",
    "password": "env:SMTP_PASSWORD",
    "from": "notify@example.com"
  }
}
)"},
    {"subscriptions", R"({
  "version": 1,
  "rows": [
    {
      "type": "sql_task",
      "node": "to_be_approved",
      "receivers": ["ada"],
      "routes": ["webhook:ops", "email"],
      "personal_channels": ["lark"]
    },
    {
      "type": "data_export",
      "node": "ready",
      "personal_channels": ["lark", "feishu", "dingtalk", "wecom"]
    }
  ]
}
)"},
    {"people",
     R"({"login_name":"ada","name":"Ada Lovelace","phone_number":"+6591234567","email":"ada@example.com","language":"en","time_zone":"Asia/Singapore","quiet_hours":{"from":"22:00","to":"07:00"},"roles":["approver"],"channels":["lark"]}
{"login_name":"bo","name":"王博","phone_number":"+8613800000000","email":"bo@example.com","language":"zh-CN","time_zone":"Asia/Shanghai","digest":["09:00","17:00"]}
{"login_name":"cleo"}
)"},
    {"event", R"({
  "id": "sql-task-42-to-be-approved",
  "type": "sql_task",
  "node": "to_be_approved",
  "subject": "Change #42",
  "submitter": "bo",
  "approvers": ["ada"],
  "executor": "cleo",
  "data_owner": "ada",
  "fields": {
    "Database": "orders",
    "Rows": 12
  },
  "link": "https://console.example.com/tasks/42"
}
)"},
}};

template<class T>
T usable(td::config::checked<T> read, std::string const& path, td::language l)
{
    if (!read)
        throw usage_problem(td::printable_text(path) + ":\n" + to_string(read.error(), l));
    return *std::move(read);
}

bool is_same_file(std::string const& one, std::string const& other)
{
    namespace fs = std::filesystem;
    if (one.empty() || other.empty() || other == "-")
        return false;
    std::error_code ec;
    if (fs::equivalent(one, other, ec))
        return true;
    // Neither may be there yet.
    auto const canonical = fs::weakly_canonical(one, ec);
    return !ec && canonical == fs::weakly_canonical(other, ec) && !ec;
}

sub::people read_people(std::string const& path, td::language l)
{
    auto const text = tools::read_text("--people", path, tools::max_people);
    auto all =
        usable(path.ends_with(".csv") ? sub::people::from_csv(text) : sub::people::from_json_lines(text), path, l);
    if (auto const wrong = check_time_zones(all, zones()); !wrong.empty())
        throw usage_problem(td::printable_text(path) + ":\n" + to_string(wrong, l));
    return all;
}

} // namespace

settings read_settings(std::string const& language, std::string const& timeout)
{
    settings out;
    out.language = language;
    if (td::language_tag(language).primary() == "zh")
        out.remedies = td::language::chinese;
    double seconds = 10;
    if (!timeout.empty())
        seconds = tools::number("--timeout", timeout, "a number of seconds from 0.1 to 3600", 0.1, 3600.0);
    constexpr double milliseconds = 1000;
    out.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * milliseconds));
    return out;
}

void check_written_files(document_paths const& read, std::string const& inbox, std::string const& state)
{
    struct named_file
    {
        std::string_view option;
        std::string const& path;
    };
    std::array<named_file, 6> const all{{{"--config", read.channels},
                                         {"--subscriptions", read.subscriptions},
                                         {"--people", read.people},
                                         {"--event", read.event},
                                         {"--inbox", inbox},
                                         {"--state", state}}};
    constexpr std::size_t first_written = 4;
    for (auto i = first_written; i != all.size(); ++i)
        for (std::size_t other = 0; other != i; ++other)
            if (is_same_file(all[i].path, all[other].path))
                throw usage_problem(std::string(all[i].option), td::printable_text(all[i].path) + " is the file of " +
                                                                    std::string(all[other].option));
}

documents read_documents(document_paths const& paths, td::language l, bool with_event)
{
    if (with_event && paths.event.empty())
        throw usage_problem("--event", "say which event, or give --release");
    if (paths.people.empty())
        throw usage_problem("--people", "name the file with the people");
    documents out;
    if (!paths.channels.empty())
        out.channels = tools::load_channels(paths.channels, l, false);
    if (!paths.subscriptions.empty())
        out.rules =
            usable(sub::subscriptions::parse(ready_made::types,
                                             tools::read_text("--subscriptions", paths.subscriptions, tools::max_text)),
                   paths.subscriptions, l);
    out.people = read_people(paths.people, l);
    if (with_event)
        out.event =
            usable(sub::event::parse(ready_made::types, tools::read_text("--event", paths.event, tools::max_text)),
                   paths.event == "-" ? "standard input" : paths.event, l);
    return out;
}

sub::zone_offset zones()
{
#ifdef TIDINGS_EVENT_TIME_ZONES
    return sub::time_zones();
#else
    return sub::utc_only;
#endif
}

std::string kinds_of_documents()
{
    std::string out;
    for (auto const& one : examples)
        (out += out.empty() ? "" : ", ") += one.kind;
    return out;
}

std::string example_of(std::string_view kind)
{
    for (auto const& one : examples)
        if (one.kind == kind)
            return std::string(one.text);
    throw usage_problem("--example", "there are " + kinds_of_documents());
}

} // namespace tidings_event
