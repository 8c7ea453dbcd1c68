// The signature of messages to a group's custom bot, on Lark and Feishu.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_SIGN_HPP
#define TIDINGS_PROVIDER_LARK_SIGN_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/secret.hpp>

#include <chrono>
#include <string>

namespace tidings::inline v0::providers::lark {

/// The members `timestamp` and `sign` of a message to a custom bot whose signing is on.
///
/// @param at   The platform accepts an hour of difference to its clock. Written as decimal seconds since 1970.
/// @param key  The secret that the bot's settings show. May be empty, which the platform does not accept.
/// @returns The text of `sign`: 44 characters of base64. Or `errc::invalid_argument` if this machine's OpenSSL is
///              configured without HMAC-SHA-256.
///
/// @par Thread safety  Safe.
///
/// Source: the custom bot guide of the platforms. Its HMAC has timestamp and secret as key and signs an empty text.
TIDINGS_DECL result<std::string> webhook_signature(std::chrono::sys_seconds at, secret const& key);

} // namespace tidings::inline v0::providers::lark

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/sign.ipp>
#endif

#endif
