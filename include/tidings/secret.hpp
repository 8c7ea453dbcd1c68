// Text that must not be seen.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SECRET_HPP
#define TIDINGS_SECRET_HPP

#include <tidings/detail/wiped_string.hpp>

#include <openssl/crypto.h>

#include <iosfwd>
#include <string>
#include <string_view>

namespace tidings::inline v0 {

/// A secret or a token: wiped when it is destroyed, never printed, compared in constant time.
///
/// It is kept on the heap from the first byte on, so that moving it leaves no copy behind.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class secret
{
public:
    secret() noexcept = default;

    /// Copies `text`. Wiping the original is up to its owner.
    explicit secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
    explicit secret(char const* text) : secret(std::string_view(text)) {}

    /// Takes the text over and wipes the string it came in.
    explicit secret(std::string&& text) : secret(std::string_view(text))
    {
        OPENSSL_cleanse(text.data(), text.size());
        text.clear();
    }

    /// The text itself, valid as long as this object. Use it only where it is needed.
    std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }

    bool empty() const noexcept { return bytes_.empty(); }

    /// Takes the same time wherever two secrets differ; the lengths are not secret.
    friend bool operator==(secret const& a, secret const& b) noexcept
    {
        return a.bytes_.size() == b.bytes_.size() &&
               (a.empty() || CRYPTO_memcmp(a.bytes_.data(), b.bytes_.data(), a.bytes_.size()) == 0);
    }

    /// A secret is never printed.
    friend std::ostream& operator<<(std::ostream&, secret const&) = delete;

private:
    detail::wiped_bytes bytes_;
};

} // namespace tidings::inline v0

#endif
