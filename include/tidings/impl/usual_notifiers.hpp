// The notifiers that most programs have, compiled once together with the definitions of the library.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_USUAL_NOTIFIERS_HPP
#define TIDINGS_IMPL_USUAL_NOTIFIERS_HPP

#include <tidings/match/chat_id.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/notifier.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>

#include <boost/asio/awaitable.hpp>

namespace tidings::inline v0::detail {

/// Sends for a notifier whose policies are the usual ones; those that are no part of its type may be others.
template<class Provider>
using usual_sending = sending<typename notifier_client_parts<Provider, match::login_name>::context>;

template<class Provider, class Match>
using usual_send_operation_ptr = typename usual_sending<Provider>::template send_operation_ptr<Match>;

// NOLINTBEGIN(bugprone-macro-parentheses): these are types
#define TIDINGS_USUAL_NOTIFIER(specifier, provider, match)                                       \
    specifier template boost::asio::awaitable<result<receipt>> usual_sending<provider>::deliver( \
        usual_send_operation_ptr<provider, match>);
// NOLINTEND(bugprone-macro-parentheses)

#define TIDINGS_USUAL_NOTIFIERS(specifier)                                \
    TIDINGS_USUAL_NOTIFIER(specifier, lark, match::chat_id)               \
    TIDINGS_USUAL_NOTIFIER(specifier, lark, match::email)                 \
    TIDINGS_USUAL_NOTIFIER(specifier, lark, match::login_name)            \
    TIDINGS_USUAL_NOTIFIER(specifier, lark, match::phone_number)          \
    TIDINGS_USUAL_NOTIFIER(specifier, feishu, match::chat_id)             \
    TIDINGS_USUAL_NOTIFIER(specifier, feishu, match::email)               \
    TIDINGS_USUAL_NOTIFIER(specifier, feishu, match::login_name)          \
    TIDINGS_USUAL_NOTIFIER(specifier, feishu, match::phone_number)        \
    TIDINGS_USUAL_NOTIFIER(specifier, dingtalk, match::chat_id)           \
    TIDINGS_USUAL_NOTIFIER(specifier, dingtalk, match::login_name)        \
    TIDINGS_USUAL_NOTIFIER(specifier, dingtalk, match::phone_number)      \
    TIDINGS_USUAL_NOTIFIER(specifier, dingtalk_work, match::login_name)   \
    TIDINGS_USUAL_NOTIFIER(specifier, dingtalk_work, match::phone_number) \
    TIDINGS_USUAL_NOTIFIER(specifier, wecom, match::chat_id)              \
    TIDINGS_USUAL_NOTIFIER(specifier, wecom, match::email)                \
    TIDINGS_USUAL_NOTIFIER(specifier, wecom, match::login_name)           \
    TIDINGS_USUAL_NOTIFIER(specifier, wecom, match::phone_number)

#ifdef TIDINGS_SEPARATE_COMPILATION
TIDINGS_USUAL_NOTIFIERS(extern)
#endif

} // namespace tidings::inline v0::detail

#endif
