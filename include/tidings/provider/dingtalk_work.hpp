// DingTalk: a work notification.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_WORK_HPP
#define TIDINGS_PROVIDER_DINGTALK_WORK_HPP

#include <tidings/provider/dingtalk/platform.hpp>

namespace tidings::inline v0 {

/// DingTalk by work notification: needs no bot and no scope, only the agent id. The platform answers "accepted" also to
/// what it does not deliver (the same content twice a day, too many a day): so each send asks what became of it.
class dingtalk_work : public providers::dingtalk::platform<providers::dingtalk::route::work>
{
};

} // namespace tidings::inline v0

#endif
