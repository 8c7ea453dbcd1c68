// What a key may be, and the keys of the parts of something that has one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_DERIVED_KEY_HPP
#define TIDINGS_IMPL_DERIVED_KEY_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>

#include <openssl/evp.h>

#include <initializer_list>
#include <memory>
#include <string_view>

namespace tidings::inline v0::detail {

/// A key is checked everywhere, also where the platform has no use for it: so that a program can change platforms.
TIDINGS_DECL result<void> check_key(idempotency_key const& key);

/// Derives keys: the same key and the same part give the same one, on every machine and after every restart.
class key_derivation
{
public:
    explicit key_derivation(idempotency_key const& whole);

    /// The key of one part.
    ///
    /// @param part  Its text, in pieces that belong together.
    idempotency_key operator()(std::initializer_list<std::string_view> part) const;

private:
    idempotency_key whole_;
    std::unique_ptr<EVP_MD_CTX, free_digest> context_; ///< For all: making one takes as long as a hash.
};

inline idempotency_key derived_key(idempotency_key const& whole, std::initializer_list<std::string_view> part)
{
    return key_derivation(whole)(part);
}

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/derived_key.ipp>
#endif

#endif
