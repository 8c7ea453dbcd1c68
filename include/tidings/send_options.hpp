// What one call of send may ask for.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SEND_OPTIONS_HPP
#define TIDINGS_SEND_OPTIONS_HPP

#include <tidings/message/localized.hpp>
#include <tidings/receipt.hpp>

#include <optional>
#include <utility>

namespace tidings::inline v0 {

/// What one call of `send` may ask for beside person and message. Setters chain.
class send_options
{
public:
    /// A random key, and the channel's language.
    send_options() : key_(idempotency_key::random()) {}
    send_options(idempotency_key key) noexcept : key_(std::move(key)) {}

    /// Names this message to this person; see `idempotency_key`.
    send_options& key(idempotency_key k) noexcept
    {
        key_ = std::move(k);
        return *this;
    }
    /// The person's language, where the message has several.
    send_options& language(language_tag tag) noexcept
    {
        language_ = std::move(tag);
        return *this;
    }

    idempotency_key const& key() const noexcept { return key_; }
    std::optional<language_tag> const& language() const noexcept { return language_; }

private:
    idempotency_key key_;
    std::optional<language_tag> language_;
};

} // namespace tidings::inline v0

#endif
