// tidings-send for DingTalk, by work notifications.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "channel_of.hpp"

#include <tidings/policy/addressing.hpp>
#include <tidings/provider/dingtalk_work.hpp>

#include <memory>
#include <utility>

std::unique_ptr<tidings_send::channel> tidings_send::open_dingtalk_work(boost::asio::any_io_executor ex,
                                                                        order const& what)
{
    constexpr bool knows_keys = false;
    td::dingtalk_work::credentials app(what.app_id, td::secret(what.app_secret));
    app.agent_id(what.agent_id);
    // There is no look-up of email addresses: people who ask for one have agreed to a scan.
    return open_channel<td::dingtalk_work, td::addressing::directory_scan>(std::move(ex), what, std::move(app),
                                                                           knows_keys);
}
