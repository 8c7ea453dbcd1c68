// tidings-send for Feishu.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "channel_of.hpp"

#include <tidings/provider/feishu.hpp>

#include <memory>
#include <utility>

std::unique_ptr<tidings_send::channel> tidings_send::open_feishu(boost::asio::any_io_executor ex, order const& what)
{
    constexpr bool knows_keys = true;
    td::feishu::credentials app(what.app_id, td::secret(what.app_secret));
    return open_channel<td::feishu>(std::move(ex), what, std::move(app), knows_keys);
}
