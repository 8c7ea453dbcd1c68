// What a key may be, and the keys of the parts of something that has one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_DERIVED_KEY_IPP
#define TIDINGS_IMPL_DERIVED_KEY_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>

#include <boost/container/small_vector.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL result<void> check_key(idempotency_key const& key)
{
    constexpr std::size_t max_length = 50;
    auto const text = key.view();
    if (text.empty() || text.size() > max_length || !is_graphic(text))
        return make_failure(errc::invalid_argument, "an idempotency key has 1 to 50 printable ASCII characters");
    return {};
}

TIDINGS_DECL key_derivation::key_derivation(idempotency_key const& whole) : whole_(whole), context_(EVP_MD_CTX_new()) {}

TIDINGS_DECL idempotency_key key_derivation::operator()(std::initializer_list<std::string_view> part) const
{
    // Fetched once, and never freed: looking an algorithm up takes OpenSSL as long as the hash itself.
    static EVP_MD const* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    constexpr std::size_t usual = 192; // in one piece: each takes OpenSSL about as long as copying it does
    boost::container::small_vector<char, usual> text;
    auto const add = [&text](std::string_view piece) { text.insert(text.end(), piece.begin(), piece.end()); };
    add(whole_.view());
    add("\n"); // no key has one
    for (auto const piece : part)
        add(piece);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    bool const good = sha256 && context_ && EVP_DigestInit_ex(context_.get(), sha256, nullptr) == 1 &&
                      EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1 &&
                      EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1;
    if (!good)
        SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data());
    constexpr std::string_view hex = "0123456789abcdef";
    constexpr std::size_t bytes = 16; // as many as a UUID has
    std::array<char, 2 * bytes> out;
    for (std::size_t i = 0; i != bytes; ++i)
    {
        out[2 * i] = hex[digest[i] >> 4];
        out[2 * i + 1] = hex[digest[i] & 0xf];
    }
    return idempotency_key(std::string_view(out.data(), out.size()));
}

} // namespace tidings::inline v0::detail

#endif
