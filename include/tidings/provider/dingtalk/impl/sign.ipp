// The signature of messages to a group's custom robot, on DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_SIGN_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_SIGN_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/provider/dingtalk/sign.hpp>
#include <tidings/secret.hpp>

#include <chrono>
#include <string>

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL result<std::string> webhook_signature(std::chrono::sys_time<std::chrono::milliseconds> at,
                                                   secret const& key)
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

TIDINGS_DECL result<std::string> webhook_signature_query(std::chrono::sys_time<std::chrono::milliseconds> at,
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
