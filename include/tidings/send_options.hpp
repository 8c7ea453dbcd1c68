// What one call of send may ask for.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SEND_OPTIONS_HPP
#define TIDINGS_SEND_OPTIONS_HPP

#include <tidings/message/localized.hpp>
#include <tidings/receipt.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

/// The deadline of one call, as a part of its options.
template<class Derived>
class deadline_option
{
public:
    /// How long this call may take: in place of the notifier's, or the webhook's, `deadline` policy. Counted from when
    /// the operation begins on its executor.
    ///
    /// @param limit  More than zero, otherwise the call fails with `errc::invalid_argument` before any byte is sent.
    ///               `duration::max()`: 30 years.
    Derived& deadline(std::chrono::steady_clock::duration limit) noexcept
    {
        deadline_ = limit;
        return static_cast<Derived&>(*this);
    }
    /// Nothing unless set: the policy applies.
    std::optional<std::chrono::steady_clock::duration> const& deadline() const noexcept { return deadline_; }

protected:
    deadline_option() = default;

private:
    std::optional<std::chrono::steady_clock::duration> deadline_;
};

} // namespace detail

/// What one call may ask for, of operations that send nothing: `recall`, `readers`, `resolve`, `warm_up`, `drain`,
/// `close`. Setters chain.
class call_options : public detail::deadline_option<call_options>
{
public:
    /// The deadline of the notifier's or the webhook's policy; none for `drain` and `close`.
    call_options() = default;
};

/// What one call of `send` may ask for beside person and message. Setters chain.
class send_options : public detail::deadline_option<send_options>
{
public:
    /// A random key, the channel's language, and the deadline of the policy.
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
