// The signature of messages to a group's custom bot, on Lark and Feishu.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_SIGN_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_SIGN_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/provider/lark/sign.hpp>
#include <tidings/secret.hpp>

#include <chrono>
#include <string>

namespace tidings::inline v0::providers::lark {

TIDINGS_DECL result<std::string> webhook_signature(std::chrono::sys_seconds at, secret const& key)
{
    tidings::detail::wiped_string text;
    text += std::to_string(at.time_since_epoch().count());
    text += '\n';
    text += key.reveal();
    auto const mac = tidings::detail::hmac_sha256(text, {});
    if (!mac)
        return mac.error();
    return tidings::detail::base64_encode(tidings::detail::view_of(*mac));
}

} // namespace tidings::inline v0::providers::lark

#endif
