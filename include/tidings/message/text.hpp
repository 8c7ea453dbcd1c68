// Plain text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_TEXT_HPP
#define TIDINGS_MESSAGE_TEXT_HPP

#include <tidings/message/localized.hpp>
#include <tidings/message/long_text.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

/// A message of plain text, shown unchanged on every platform: a text from an unknown author mentions no one and hides
/// no link.
///
/// If Lark and Feishu would interpret markup in it (a `<`, or `](`), it is sent as a post, which shows it literally and
/// has room for 30,000 bytes in all. On WeCom an invisible word joiner breaks text that would be a link or a mention.
/// Control characters and the escape sequences that colour a terminal are removed. A text without visible characters is
/// refused as empty.
class text
{
public:
    static constexpr std::string_view name = "text";

    /// @param body  UTF-8, not empty. Checked when the message is sent. Lark and Feishu take up to 150,000 bytes in
    /// all.
    explicit text(std::string body) noexcept : body_(std::move(body)) {}
    explicit text(std::string_view body) : body_(body) {}
    explicit text(char const* body) : body_(body) {}
    /// @param body  In several languages; everybody gets their own.
    explicit text(localized body) noexcept : body_(std::move(body)) {}

    /// The text in its default language.
    std::string const& body() const noexcept { return body_.str(); }
    /// The text for a reader of `language`.
    std::string const& body(language_tag const& language) const noexcept { return body_.str(language); }
    /// The same, taken out.
    std::string take(language_tag const& language) && { return std::move(body_).take(language); }
    localized const& languages() const noexcept { return body_; }

    /// @param what  What to do when it is over the platform's size limit. Not set: `long_text::refuse`.
    text& when_long(long_text what) & noexcept
    {
        when_long_ = what;
        return *this;
    }
    text when_long(long_text what) && noexcept
    {
        when_long_ = what;
        return std::move(*this);
    }
    long_text when_long() const noexcept { return when_long_; }

private:
    localized body_;
    long_text when_long_ = long_text::refuse;
};

} // namespace tidings::inline v0

#endif
