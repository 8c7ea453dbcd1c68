// The signature of messages to a group's custom robot, on DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_SIGN_HPP
#define TIDINGS_PROVIDER_DINGTALK_SIGN_HPP

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
inline result<std::string> webhook_signature(std::chrono::sys_time<std::chrono::milliseconds> at, secret const& key)
{
    tidings::detail::wiped_string text;
    text += std::to_string(at.time_since_epoch().count());
    text += '\n';
    text += key.reveal();
    auto const mac = tidings::detail::hmac_sha256(key.reveal(), text);
    if (!mac)
        return mac.error();
    return tidings::detail::base64_encode(tidings::detail::view_of(*mac));
}

/// The two parameters that sign a message: `timestamp=…&sign=…`, percent-encoded once, ready to be appended to the
/// robot's address. Encoded a second time, or not at all, the platform says that the signature does not match.
///
/// Parameters, errors and thread safety as for `webhook_signature`.
inline result<std::string> webhook_signature_query(std::chrono::sys_time<std::chrono::milliseconds> at,
                                                   secret const& key)
{
    auto const signature = webhook_signature(at, key);
    if (!signature)
        return signature.error();
    std::string out("timestamp=");
    out += std::to_string(at.time_since_epoch().count());
    out += "&sign=";
    for (char const c : *signature)
    {
        // All that base64 has beside letters and digits.
        if (c == '+')
            out += "%2B";
        else if (c == '/')
            out += "%2F";
        else if (c == '=')
            out += "%3D";
        else
            out += c;
    }
    return out;
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
