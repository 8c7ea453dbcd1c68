// Hashes: ids that are the same everywhere, and webhook signatures.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_DIGEST_HPP
#define TIDINGS_SANDBOX_DETAIL_DIGEST_HPP

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

namespace tidings::inline v0::sandbox::detail {

// `digits` lower-case hex digits of the SHA-256 of `text`; at most 64.
inline std::string hex_digest(std::string_view text, std::size_t digits)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> md{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), md.data(), &length, EVP_sha256(), nullptr);
    std::string out;
    for (std::size_t i = 0; out.size() < digits && i < length; ++i)
    {
        out += "0123456789abcdef"[md[i] >> 4];
        out += "0123456789abcdef"[md[i] & 15];
    }
    out.resize(digits);
    return out;
}

// Key and message are the unusual way round.
inline std::string hook_signature(std::string_view timestamp, std::string_view secret)
{
    std::string key(timestamp);
    key += '\n';
    key += secret;
    std::array<unsigned char, EVP_MAX_MD_SIZE> md{};
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), md.data(), 0, md.data(), &length);
    std::array<unsigned char, 4 * (EVP_MAX_MD_SIZE / 3 + 1) + 1> text{};
    auto const n = EVP_EncodeBlock(text.data(), md.data(), static_cast<int>(length));
    return {reinterpret_cast<char const*>(text.data()), static_cast<std::size_t>(n)};
}

} // namespace tidings::inline v0::sandbox::detail

#endif
