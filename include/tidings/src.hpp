// The definitions that depend on no template parameter, for programs that compile them once.
//
// Define TIDINGS_SEPARATE_COMPILATION for the whole program and include this file in exactly one source file. Parts
// that not every program uses have files of their own: tidings/any_src.hpp (any_notifier, any_webhook),
// tidings/config/src.hpp, tidings/subscription/src.hpp and, for tests, tidings/sandbox/src.hpp.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SRC_HPP
#define TIDINGS_SRC_HPP

#ifndef TIDINGS_SEPARATE_COMPILATION
#error "tidings/src.hpp: define TIDINGS_SEPARATE_COMPILATION for the whole program, or do not include this file"
#endif

#include <tidings/callback/impl/freshness.ipp>
#include <tidings/callback/impl/replay_memory.ipp>
#include <tidings/detail/impl/address.ipp>
#include <tidings/detail/impl/background.ipp>
#include <tidings/detail/impl/crypto.ipp>
#include <tidings/detail/impl/failure.ipp>
#include <tidings/detail/impl/id_text.ipp>
#include <tidings/detail/impl/on_executor.ipp>
#include <tidings/detail/impl/platform_text.ipp>
#include <tidings/detail/impl/wait.ipp>
#include <tidings/detail/impl/wake.ipp>
#include <tidings/directory/impl/in_memory.ipp>
#include <tidings/directory/impl/people_index.ipp>
#include <tidings/directory/impl/recent_people.ipp>
#include <tidings/impl/call.ipp>
#include <tidings/impl/chain.ipp>
#include <tidings/impl/completion.ipp>
#include <tidings/impl/derived_key.ipp>
#include <tidings/impl/error.ipp>
#include <tidings/impl/failure_context.ipp>
#include <tidings/impl/in_flight.ipp>
#include <tidings/impl/outcome.ipp>
#include <tidings/impl/token_key.ipp>
#include <tidings/impl/usual_notifiers.ipp>
#include <tidings/impl/warm_up.ipp>
#include <tidings/match/impl/login_name.ipp>
#include <tidings/match/impl/phone_number.ipp>
#include <tidings/message/impl/attachment.ipp>
#include <tidings/message/impl/localized.ipp>
#include <tidings/message/impl/markdown.ipp>
#include <tidings/message/impl/notice.ipp>
#include <tidings/message/impl/notice_json.ipp>
#include <tidings/pacing/impl/limiter.ipp>
#include <tidings/pacing/impl/past_recipients.ipp>
#include <tidings/pacing/impl/published.ipp>
#include <tidings/pacing/impl/rate_log.ipp>
#include <tidings/policy/impl/addressing.ipp>
#include <tidings/policy/impl/retry.ipp>
#include <tidings/provider/dingtalk/impl/answer.ipp>
#include <tidings/provider/dingtalk/impl/codes.ipp>
#include <tidings/provider/dingtalk/impl/diagnostic.ipp>
#include <tidings/provider/dingtalk/impl/dialect.ipp>
#include <tidings/provider/dingtalk/impl/operations.ipp>
#include <tidings/provider/dingtalk/impl/platform.ipp>
#include <tidings/provider/dingtalk/impl/sign.ipp>
#include <tidings/provider/dingtalk/impl/webhook.ipp>
#include <tidings/provider/impl/characters.ipp>
#include <tidings/provider/impl/markup.ipp>
#include <tidings/provider/impl/markup_writer.ipp>
#include <tidings/provider/impl/media_upload.ipp>
#include <tidings/provider/impl/severity_words.ipp>
#include <tidings/provider/impl/split.ipp>
#include <tidings/provider/impl/webhook.ipp>
#include <tidings/provider/lark/impl/answer.ipp>
#include <tidings/provider/lark/impl/callback.ipp>
#include <tidings/provider/lark/impl/codes.ipp>
#include <tidings/provider/lark/impl/diagnostic.ipp>
#include <tidings/provider/lark/impl/dialect.ipp>
#include <tidings/provider/lark/impl/operations.ipp>
#include <tidings/provider/lark/impl/sign.ipp>
#include <tidings/provider/lark/impl/webhook.ipp>
#include <tidings/provider/wecom/impl/answer.ipp>
#include <tidings/provider/wecom/impl/callback.ipp>
#include <tidings/provider/wecom/impl/codes.ipp>
#include <tidings/provider/wecom/impl/diagnostic.ipp>
#include <tidings/provider/wecom/impl/dialect.ipp>
#include <tidings/provider/wecom/impl/operations.ipp>
#include <tidings/provider/wecom/impl/platform.ipp>
#include <tidings/provider/wecom/impl/webhook.ipp>
#include <tidings/token_cache/impl/file.ipp>
#include <tidings/token_cache/impl/in_memory.ipp>
#include <tidings/token_cache/impl/token_file.ipp>
#include <tidings/transport/impl/client.ipp>
#include <tidings/wire/impl/answer.ipp>
#include <tidings/wire/impl/diagnostic.ipp>
#include <tidings/wire/impl/endpoint.ipp>
#include <tidings/wire/impl/foreign_answer.ipp>
#include <tidings/wire/impl/json_reader.ipp>
#include <tidings/wire/impl/multipart.ipp>
#include <tidings/wire/impl/operation.ipp>
#include <tidings/wire/impl/redaction.ipp>
#include <tidings/wire/impl/reply.ipp>
#include <tidings/wire/impl/reply_reader.ipp>
#include <tidings/wire/impl/request.ipp>

#endif
