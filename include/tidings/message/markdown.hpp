// Text with markup.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_MARKDOWN_HPP
#define TIDINGS_MESSAGE_MARKDOWN_HPP

#include <tidings/message/localized.hpp>
#include <tidings/message/long_text.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

/// A message in Markdown, one subset for every platform; each platform gets it in its own dialect.
///
/// The subset: `# heading`, `**bold**`, `*italic*`, `~~strike~~`, `` `code` ``, fenced code, `[text](https://…)`, `- `
/// and `1. ` lists of several levels, `> quote`, `---`. A new line is a line break. A backslash before a punctuation
/// mark makes it literal. Links lead to http, https, mailto or tel; any other address stays text; blanks in an address
/// are sent as `%20`. An asterisk within a word, a path or an address without brackets is text. HTML is text, and it
/// mentions no one. Elements that a platform cannot show are shown as readable text.
class markdown
{
public:
    static constexpr std::string_view name = "markdown";

    /// @param body  UTF-8, not empty. Checked when the message is sent. Lark and Feishu take up to 30,000 bytes in all.
    explicit markdown(std::string body) noexcept : body_(std::move(body)) {}
    explicit markdown(std::string_view body) : body_(body) {}
    explicit markdown(char const* body) : body_(body) {}
    /// @param body  In several languages; each person gets one.
    explicit markdown(localized body) noexcept : body_(std::move(body)) {}

    /// The text in its default language.
    std::string const& body() const noexcept { return body_.str(); }
    /// The text for a reader of `language`.
    std::string const& body(language_tag const& language) const noexcept { return body_.str(language); }
    /// The same, taken out.
    std::string take(language_tag const& language) && { return std::move(body_).take(language); }
    localized const& languages() const noexcept { return body_; }

    /// @param what  What to do if it is above the platform's size limit. Not set: `long_text::refuse`.
    markdown& when_long(long_text what) & noexcept;
    markdown when_long(long_text what) && noexcept;
    long_text when_long() const noexcept { return when_long_; }

    /// Makes any text literal: in Markdown it is shown unchanged and is not markup.
    ///
    /// Blanks at the start of a line and more than one empty line are not kept, as everywhere in Markdown.
    ///
    /// @param text_from_people  Any text. Bytes that are not UTF-8 stay unchanged.
    static std::string escape(std::string_view text_from_people);

private:
    localized body_;
    long_text when_long_ = long_text::refuse;
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/message/impl/markdown.ipp>
#endif

#endif
