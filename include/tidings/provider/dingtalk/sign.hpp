// The signature of messages to a group's custom robot, on DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_SIGN_HPP
#define TIDINGS_PROVIDER_DINGTALK_SIGN_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/secret.hpp>

#include <chrono>
#include <string>

namespace tidings::inline v0::providers::dingtalk {

/// The signature that a custom robot with the security setting "Sign" asks for, not yet encoded for an address.
///
/// @param at   The platform accepts an hour of difference to its clock. Milliseconds, not seconds.
/// @param key  The whole secret that the robot's settings show, `SEC` in front included.
/// @returns 44 characters of base64, for a URL builder that encodes them itself. Or `errc::invalid_argument`, when this
///          machine's OpenSSL is configured without HMAC-SHA-256.
///
/// @par Thread safety  Safe.
///
/// Source: "Customize Robot Security Settings" of DingTalk's open platform.
TIDINGS_DECL result<std::string> webhook_signature(std::chrono::sys_time<std::chrono::milliseconds> at,
                                                   secret const& key);

/// The two parameters that sign a message: `timestamp=…&sign=…`, percent-encoded once, ready to be appended to the
/// robot's address. Encoded a second time, or not at all, the platform says that the signature does not match.
///
/// Parameters, errors and thread safety as for `webhook_signature`.
TIDINGS_DECL result<std::string> webhook_signature_query(std::chrono::sys_time<std::chrono::milliseconds> at,
                                                         secret const& key);

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/sign.ipp>
#endif

#endif
