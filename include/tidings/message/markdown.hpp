// Text with markup.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_MARKDOWN_HPP
#define TIDINGS_MESSAGE_MARKDOWN_HPP

#include <string>
#include <string_view>
#include <utility>

namespace tidings {

/// A message in Markdown, as far as the platform's chat understands it.
///
/// Lark and Feishu know bold, italics, strike-through, links, lists, quotes, fenced code and `---`; no headings, no
/// tables. It is sent as a `post` with an `md` element.
class markdown
{
public:
    static constexpr std::string_view name = "markdown";

    /// @param body  UTF-8, not empty. Checked when the message is sent. Lark and Feishu take up to 30,000 bytes in all.
    explicit markdown(std::string body) noexcept : body_(std::move(body)) {}

    std::string const& body() const noexcept { return body_; }

private:
    std::string body_;
};

} // namespace tidings

#endif
