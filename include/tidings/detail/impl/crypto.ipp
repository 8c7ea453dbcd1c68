// The cryptography that callbacks and webhook signatures need.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_CRYPTO_IPP
#define TIDINGS_DETAIL_IMPL_CRYPTO_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/result.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL failure crypto_unavailable(std::string_view what)
{
    std::string text("this machine's OpenSSL does not do ");
    text += what;
    return make_failure(errc::invalid_argument, std::move(text));
}

TIDINGS_COLD TIDINGS_DECL result<wiped_bytes> hash(EVP_MD const* algorithm, std::string_view name,
                                                   std::initializer_list<std::string_view> parts)
{
    std::unique_ptr<EVP_MD_CTX, free_digest> const context(EVP_MD_CTX_new());
    bool good = context && EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1;
    for (auto const part : parts)
        good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    wiped_bytes out(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    if (!good || EVP_DigestFinal_ex(context.get(), bytes_of(out.data()), &size) != 1)
        return crypto_unavailable(name);
    out.resize(size);
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (char const c : bytes)
    {
        auto const byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 0xf];
    }
    return out;
}

TIDINGS_COLD TIDINGS_DECL result<std::string> sha1_hex(std::initializer_list<std::string_view> parts)
{
    auto const digest = sha1(parts);
    if (!digest)
        return digest.error();
    return to_hex(view_of(*digest));
}

TIDINGS_COLD TIDINGS_DECL result<std::string> sha256_hex(std::initializer_list<std::string_view> parts)
{
    auto const digest = sha256(parts);
    if (!digest)
        return digest.error();
    return to_hex(view_of(*digest));
}

TIDINGS_COLD TIDINGS_DECL result<wiped_bytes> hmac_sha256(std::string_view key, std::string_view message)
{
    wiped_bytes out(EVP_MAX_MD_SIZE);
    std::size_t size = 0;
    // A null key would mean "the key of before", and there is no key of before.
    auto const* const k = bytes_of(key.empty() ? "" : key.data());
    auto const* const m = bytes_of(message.empty() ? "" : message.data());
    if (!EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, k, key.size(), m, message.size(), bytes_of(out.data()),
                   out.size(), &size))
        return crypto_unavailable("HMAC-SHA-256");
    out.resize(size);
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string base64_encode(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    auto const at = [bytes](std::size_t i) {
        return i < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) : 0u;
    };
    for (std::size_t i = 0; i < bytes.size(); i += 3)
    {
        auto const three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        out += base64_alphabet[three >> 18];
        out += base64_alphabet[three >> 12 & 63];
        out += i + 1 < bytes.size() ? base64_alphabet[three >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? base64_alphabet[three & 63] : '=';
    }
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::optional<wiped_bytes> base64_decode(std::string_view text, spare_bits spare)
{
    static constexpr auto values = [] {
        std::array<signed char, 256> out{};
        for (auto& value : out)
            value = -1;
        for (std::size_t i = 0; i != base64_alphabet.size(); ++i)
            out[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<signed char>(i);
        return out;
    }();

    if (text.size() % 4 != 0)
        return {};
    std::size_t pads = 0;
    while (pads != 2 && text.ends_with('='))
    {
        text.remove_suffix(1);
        ++pads;
    }
    wiped_bytes out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char const c : text)
    {
        auto const value = values[static_cast<unsigned char>(c)];
        if (value < 0)
            return {};
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8)
        {
            count -= 8;
            out.push_back(static_cast<char>(bits >> count & 0xff));
            bits &= (1u << count) - 1;
        }
    }
    if (spare == spare_bits::zero && bits != 0)
        return {};
    return out;
}

TIDINGS_COLD TIDINGS_DECL result<wiped_bytes> aes_256_cbc(bool encrypt, std::string_view key, std::string_view iv,
                                                          std::string_view text)
{
    if (key.size() != aes_256_key || iv.size() != aes_block)
        return make_failure(errc::invalid_argument, "the AES key or its initial vector has the wrong length");
    if (text.size() % aes_block != 0 || text.size() > std::numeric_limits<int>::max() - aes_block)
        return make_failure(errc::invalid_argument, "the length of the text is not a multiple of the AES block size");
    std::unique_ptr<EVP_CIPHER_CTX, free_cipher> const context(EVP_CIPHER_CTX_new());
    wiped_bytes out(text.size());
    int written = 0;
    int rest = 0;
    if (!context ||
        EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key.data()), bytes_of(iv.data()),
                          encrypt ? 1 : 0) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1)
        return crypto_unavailable("AES-256-CBC");
    if (text.empty())
        return out;
    if (EVP_CipherUpdate(context.get(), bytes_of(out.data()), &written, bytes_of(text.data()),
                         static_cast<int>(text.size())) != 1 ||
        static_cast<std::size_t>(written) != text.size())
        return crypto_unavailable("AES-256-CBC");
    // Nothing is left to write without padding; there would be room for nothing, either.
    std::array<unsigned char, aes_block> last{};
    if (EVP_CipherFinal_ex(context.get(), last.data(), &rest) != 1 || rest != 0)
        return crypto_unavailable("AES-256-CBC");
    return out;
}

TIDINGS_COLD TIDINGS_DECL void pad(wiped_bytes& text, std::size_t block)
{
    auto const missing = block - text.size() % block;
    text.insert(text.end(), missing, static_cast<char>(missing));
}

TIDINGS_COLD TIDINGS_DECL std::optional<std::size_t> unpadded_size(std::string_view text, std::size_t block) noexcept
{
    if (text.empty() || text.size() % block != 0)
        return {};
    std::size_t const count = static_cast<unsigned char>(text.back());
    auto const last = text.substr(text.size() - block);
    unsigned invalid = count == 0 || count > block ? 1u : 0u;
    for (std::size_t i = 0; i != block; ++i)
    {
        unsigned const counts = i + count >= block ? 0xffu : 0u;
        invalid |= counts & (static_cast<unsigned char>(last[i]) ^ static_cast<unsigned>(count));
    }
    if (invalid != 0)
        return {};
    return text.size() - count;
}

TIDINGS_COLD TIDINGS_DECL result<wiped_bytes> random_bytes(std::size_t count)
{
    wiped_bytes out(count);
    if (count > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        (count != 0 && RAND_bytes(bytes_of(out.data()), static_cast<int>(count)) != 1))
        return crypto_unavailable("random numbers");
    return out;
}

} // namespace tidings::inline v0::detail

#endif
