// tidings-send for DingTalk, by the bot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "channel_of.hpp"

#include <tidings/policy/addressing.hpp>
#include <tidings/provider/dingtalk.hpp>

#include <memory>
#include <utility>

std::unique_ptr<tidings_send::channel> tidings_send::open_dingtalk(boost::asio::any_io_executor ex, order const& what)
{
    constexpr bool knows_keys = false;
    td::dingtalk::credentials app(what.app_id, td::secret(what.app_secret));
    if (!what.robot_code.empty())
        app.robot_code(what.robot_code);
    // There is no look-up of email addresses: people who ask for one have agreed to a scan.
    return open_channel<td::dingtalk, td::addressing::directory_scan>(std::move(ex), what, std::move(app), knows_keys);
}
