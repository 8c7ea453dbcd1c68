// Tries a channel before its settings are saved.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_TEST_SEND_IPP
#define TIDINGS_CONFIG_IMPL_TEST_SEND_IPP

#include <tidings/config/test_send.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/text.hpp>
#include <tidings/printable_text.hpp>

#include <utility>

namespace tidings::inline v0::config {

TIDINGS_DECL boost::asio::awaitable<result<receipt>> test_send(boost::asio::any_io_executor ex, channel settings,
                                                               std::string receiver, notifier_options options)
{
    options.token_cache.clear();
    result<any_notifier> made = make_notifier(std::move(ex), settings, options);
    if (!made)
        co_return made.error();
    any_notifier notify = *std::move(made);
    any_address to(std::move(receiver));
    localized body("Test message: this channel works.");
    body.in("zh", "测试消息：该通道可用。");
    any_message what{text(std::move(body))};
    result<receipt> outcome = co_await notify.send(std::move(to), std::move(what));
    co_return outcome;
}

TIDINGS_DECL std::string test_report(result<receipt> const& outcome, language l)
{
    bool const chinese = l == language::chinese;
    if (outcome)
        return chinese ? "成功" : "Success";
    auto const& why = outcome.error();
    std::string out;
    if (why == errc::recipient_not_found)
        out = chinese ? "获取用户 ID 失败（Failed to obtain user ID）\n" : "Failed to obtain user ID\n";
    out += why.message();
    if (auto const remedy = why.remedy(l); !remedy.empty())
        out += "\n" + remedy;
    return out;
}

} // namespace tidings::inline v0::config

#endif
