// WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_HPP
#define TIDINGS_PROVIDER_WECOM_HPP

#include <tidings/provider/wecom/platform.hpp>

namespace tidings::inline v0 {

/// WeCom, also known as WeChat Work. Finds people by phone number and by email (company mailbox, then personal one) and
/// takes login names (userids) without a look-up. Sends `text`, `markdown`, `notice` and `wecom::native` (any
/// `msgtype`).
///
/// WeCom's own duplicate check detects repeated requests. A person gets at most 30 messages a minute and 1000 an hour
/// from one application; WeCom drops further messages and answers that it succeeded.
class wecom : public providers::wecom::platform
{
};

} // namespace tidings::inline v0

#endif
