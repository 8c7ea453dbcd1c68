// The language of messages that have several.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_CHANNEL_LANGUAGE_HPP
#define TIDINGS_POLICY_CHANNEL_LANGUAGE_HPP

#include <tidings/concepts.hpp>

#include <utility>

namespace tidings::inline v0 {

/// The language that a notifier sends of a message with several, unless the call names another one.
class channel_language
{
public:
    using policy_kind = language_kind;

    /// The first language of each text.
    channel_language() = default;

    /// @param tag  BCP 47: "en", "zh-Hans". A text without it falls back to the same language in general, then to its
    ///             first one.
    explicit channel_language(language_tag tag) noexcept : tag_(std::move(tag)) {}

    language_tag const& tag() const noexcept { return tag_; }

private:
    language_tag tag_;
};
static_assert(language_policy<channel_language>);

} // namespace tidings::inline v0

#endif
