// Plain text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_TEXT_HPP
#define TIDINGS_MESSAGE_TEXT_HPP

#include <string>
#include <string_view>
#include <utility>

namespace tidings {

/// A message of plain text.
///
/// Lark and Feishu read `<at …>`, `<b>`, `<i>`, `<u>`, `<s>` and `[text](url)` in it; text that strangers wrote can
/// therefore mention people or hide a link.
class text
{
public:
    static constexpr std::string_view name = "text";

    /// @param body  UTF-8, not empty. Checked when the message is sent. Lark and Feishu take up to 150,000 bytes in
    /// all.
    explicit text(std::string body) noexcept : body_(std::move(body)) {}

    std::string const& body() const noexcept { return body_; }

private:
    std::string body_;
};

} // namespace tidings

#endif
