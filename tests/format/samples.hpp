// What the library's types look like when they are formatted, for both formatting libraries.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_FORMAT_SAMPLES_HPP
#define TIDINGS_TESTS_FORMAT_SAMPLES_HPP

#include <tidings/error.hpp>
#include <tidings/receipt.hpp>
#include <tidings/recipient.hpp>
#include <tidings/send_each.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace format_samples {

namespace td = tidings;

struct lark_ids
{
    static constexpr std::string_view platform = "lark";
    static td::result<void> any(std::string_view) { return {}; }
    static constexpr std::array<td::id_type, 2> all{td::id_type("open_id", &any), td::id_type("chat_id", &any)};
};

/// `format(spec, value)` formats one value; the pairs are what came out and what is expected.
template<class Format>
std::vector<std::pair<std::string, std::string>> results_of(Format format)
{
    auto const refused = td::make_failure(td::errc::permission_missing, [](td::diagnostics& facts) {
        facts.platform = "lark";
        facts.operation = "send message";
        facts.platform_code = "99991672";
        facts.scopes = {"im:message:send_as_bot"};
        facts.link = "https://open.larksuite.com/app/cli_1";
    });
    td::receipt divided("om_1", "open_id", "ou_7d8a", 1);
    divided.add_part(td::receipt("om_2", "ou_7d8a", 1));
    td::send_summary sent;
    sent.delivered = 3;
    sent.failed = 1;
    auto stopped = sent;
    stopped.complete = false;
    using recipient = td::basic_recipient<lark_ids>;
    return {
        {format(td::errc::timed_out), "timed_out"},
        {format(refused.kind()), "permission_missing"},
        {format(td::condition::configuration), "configuration"},
        {format(refused),
         "lark: send message: the application lacks a permission; the platform says 99991672. Grant one of these "
         "permissions to the application: im:message:send_as_bot. Open https://open.larksuite.com/app/cli_1, then release "
         "a new version of the application."},
        {format(td::receipt("om_1", "ou_7d8a", 1)), "message om_1 to ou_7d8a"},
        {format(divided), "message om_1 to open_id ou_7d8a in 2 parts"},
        {format(td::receipt("", "\x1b[2J", 1)), "message without id to  [2J"},
        {format(td::receipt("om_1\n\x1b[2J", "chat_id\n", "oc_1")), "message om_1  [2J to chat_id  oc_1"},
        {format(sent), "3 delivered, 1 failed, 0 unknown"},
        {format(stopped), "3 delivered, 1 failed, 0 unknown, cancelled before the end"},
        {format(recipient("chat_id", "oc_1")), "lark:chat_id:oc_1"},
        {format(recipient()), "(no recipient)"},
    };
}

} // namespace format_samples

#endif
