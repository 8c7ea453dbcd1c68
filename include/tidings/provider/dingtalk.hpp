// DingTalk: a message from the application's bot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_HPP
#define TIDINGS_PROVIDER_DINGTALK_HPP

#include <tidings/provider/dingtalk/platform.hpp>

namespace tidings::inline v0 {

/// DingTalk by its bot. Finds people by phone number and takes login names (userids) as they are; email addresses only
/// with `addressing::directory_scan`, since the platform has no look-up for them. Sends `text`, `markdown`, `notice`
/// and `dingtalk::native` (any `msgKey`).
///
/// The platform has no idempotency key: when an answer is lost, the outcome is unknown, and sending again may deliver
/// twice.
class dingtalk : public providers::dingtalk::platform<providers::dingtalk::route::bot>
{
};

} // namespace tidings::inline v0

#endif
