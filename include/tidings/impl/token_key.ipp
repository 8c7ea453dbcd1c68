// Under which name a token is cached.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_TOKEN_KEY_IPP
#define TIDINGS_IMPL_TOKEN_KEY_IPP

#include <tidings/detail/config.hpp>
#include <tidings/impl/token_key.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/endpoint.hpp>

#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::string token_key(std::string_view platform, transport::endpoint const& where,
                                   std::string_view application, secret const& app_secret)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    auto const text = app_secret.reveal();
    SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data());

    std::string out(platform);
    out += where.tls() ? "|https://" : "|http://";
    out += where.authority();
    out += where.prefix();
    out += '|';
    out += application;
    out += '|';
    constexpr std::string_view hex = "0123456789abcdef";
    for (auto const byte : digest)
    {
        out += hex[byte >> 4];
        out += hex[byte & 0xf];
    }
    return out;
}

} // namespace tidings::inline v0::detail

#endif
