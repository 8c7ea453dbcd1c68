// Everything a sender needs. The sandbox is not part of it: include <tidings/sandbox/server.hpp> for that.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TIDINGS_HPP
#define TIDINGS_TIDINGS_HPP

#include <tidings/directory/in_memory.hpp>
#include <tidings/directory/none.hpp>
#include <tidings/error.hpp>
#include <tidings/event.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/department.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/first_of.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/open_id.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/match/tag.hpp>
#include <tidings/match/union_id.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/notifier.hpp>
#include <tidings/observer/all_of.hpp>
#include <tidings/observer/none.hpp>
#include <tidings/pacing/none.hpp>
#include <tidings/pacing/published.hpp>
#include <tidings/policy/addressing.hpp>
#include <tidings/policy/base_url.hpp>
#include <tidings/policy/channel_language.hpp>
#include <tidings/policy/clock.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/policy/retry.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/receipt.hpp>
#include <tidings/recipient.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/send_options.hpp>
#include <tidings/token_cache/in_memory.hpp>
#include <tidings/token_cache/none.hpp>
#include <tidings/transport/by_scheme.hpp>
#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>
#include <tidings/transport/pipelined.hpp>
#include <tidings/version.hpp>
#include <tidings/webhook.hpp>

#if defined(__unix__) || defined(__APPLE__)
#include <tidings/token_cache/file.hpp>
#endif

#ifdef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/usual_notifiers.hpp>
#endif

#endif
