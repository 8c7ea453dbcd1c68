// The cryptography that callbacks and webhook signatures need.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_CRYPTO_HPP
#define TIDINGS_DETAIL_CRYPTO_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/result.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

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

// Every function here is safe to call from any thread. Where OpenSSL itself refuses (an algorithm that the machine's
// configuration switches off, no memory), the failure is `errc::invalid_argument` and names the algorithm.

inline constexpr std::size_t aes_block = 16;
inline constexpr std::size_t aes_256_key = 32;

TIDINGS_DECL failure crypto_unavailable(std::string_view what);

inline unsigned char* bytes_of(char* p) noexcept
{
    return reinterpret_cast<unsigned char*>(p);
}

inline unsigned char const* bytes_of(char const* p) noexcept
{
    return reinterpret_cast<unsigned char const*>(p);
}

inline std::string_view view_of(wiped_bytes const& bytes) noexcept
{
    return {bytes.data(), bytes.size()};
}

/// Takes as long for a near miss as for a far one; the lengths are no secret.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

struct free_digest
{
    void operator()(EVP_MD_CTX* p) const noexcept { EVP_MD_CTX_free(p); }
};

/// The hash of the parts one after the other, which are never put together: one of them may be a secret.
TIDINGS_DECL result<wiped_bytes> hash(EVP_MD const* algorithm, std::string_view name,
                                      std::initializer_list<std::string_view> parts);

inline result<wiped_bytes> sha1(std::initializer_list<std::string_view> parts)
{
    return hash(EVP_sha1(), "SHA-1", parts);
}

inline result<wiped_bytes> sha256(std::initializer_list<std::string_view> parts)
{
    return hash(EVP_sha256(), "SHA-256", parts);
}

/// Two lower-case digits for each byte.
TIDINGS_DECL std::string to_hex(std::string_view bytes);

TIDINGS_DECL result<std::string> sha1_hex(std::initializer_list<std::string_view> parts);

TIDINGS_DECL result<std::string> sha256_hex(std::initializer_list<std::string_view> parts);

/// @param key, message  May be empty.
TIDINGS_DECL result<wiped_bytes> hmac_sha256(std::string_view key, std::string_view message);

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The standard alphabet, padded, in one line.
TIDINGS_DECL std::string base64_encode(std::string_view bytes);

/// The bits of the last digit that belong to no byte.
enum class spare_bits
{
    zero, ///< As an encoder leaves them.
    any   ///< As in WeCom's EncodingAESKey: 43 random characters are 258 bits, and two of them mean nothing.
};

/// Strict: the standard alphabet, padded, no blanks and no line ends.
///
/// @returns The bytes, or nothing when `text` is not base64.
TIDINGS_DECL std::optional<wiped_bytes> base64_decode(std::string_view text, spare_bits spare = spare_bits::zero);

struct free_cipher
{
    void operator()(EVP_CIPHER_CTX* p) const noexcept { EVP_CIPHER_CTX_free(p); }
};

/// AES-256-CBC without padding, in either direction.
///
/// @param key   32 bytes.
/// @param iv    16 bytes.
/// @param text  A whole number of 16-byte blocks.
TIDINGS_DECL result<wiped_bytes> aes_256_cbc(bool encrypt, std::string_view key, std::string_view iv,
                                             std::string_view text);

inline result<wiped_bytes> aes_256_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view text)
{
    return aes_256_cbc(true, key, iv, text);
}

inline result<wiped_bytes> aes_256_cbc_decrypt(std::string_view key, std::string_view iv, std::string_view text)
{
    return aes_256_cbc(false, key, iv, text);
}

/// Appends what PKCS#7 asks for: 1 to `block` bytes of which each is their number.
TIDINGS_DECL void pad(wiped_bytes& text, std::size_t block);

/// How long `text` is without its PKCS#7 padding; nothing when there is none. Which byte of it is wrong shows neither
/// in the answer nor in the time.
///
/// @param block  At most 255.
TIDINGS_DECL std::optional<std::size_t> unpadded_size(std::string_view text, std::size_t block) noexcept;

/// Bytes that cannot be guessed.
TIDINGS_DECL result<wiped_bytes> random_bytes(std::size_t count);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/crypto.ipp>
#endif

#endif
