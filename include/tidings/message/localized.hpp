// One text in several languages.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_LOCALIZED_HPP
#define TIDINGS_MESSAGE_LOCALIZED_HPP

#include <tidings/detail/ascii.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

/// The name of a language, as BCP 47 writes it: "en", "zh-CN", "zh-Hant-TW".
///
/// Compared without regard to letter case. The underscore that locales have ("zh_CN", as the platforms' directories
/// write it) counts as a hyphen.
class language_tag
{
public:
    /// No language in particular: the default text.
    language_tag() noexcept = default;

    /// @param tag  A BCP 47 tag or a locale. Any text is accepted; a text that is not a tag is equal only to itself.
    language_tag(std::string_view tag);
    language_tag(char const* tag) : language_tag(std::string_view(tag)) {}
    language_tag(std::string const& tag) : language_tag(std::string_view(tag)) {}

    /// The tag in lower case, with hyphens.
    std::string_view view() const noexcept { return text_; }
    /// The language itself, without script and region: "zh" of "zh-Hant-TW".
    std::string_view primary() const noexcept { return view().substr(0, text_.find('-')); }
    bool empty() const noexcept { return text_.empty(); }

    friend bool operator==(language_tag const&, language_tag const&) noexcept = default;

private:
    std::string text_; // tags are so short that no memory is allocated
};

/// A text in one language or several: `localized("Build failed").in("zh", "构建失败").in("ja", "ビルド失敗")`.
///
/// The first text is the default, for people whose language is not known or has no text. With one language it costs no
/// more than a string.
class localized
{
public:
    /// An empty text.
    localized() noexcept = default;
    /// @param text  The default text. UTF-8; checked when the message is sent.
    localized(std::string text) noexcept : text_(std::move(text)) {}
    localized(std::string_view text) : text_(text) {}
    localized(char const* text) : text_(text) {}

    /// Adds the text in another language, or replaces it.
    ///
    /// @param language  Not empty; the empty tag replaces the default.
    /// @param text      UTF-8; checked when the message is sent.
    localized& in(language_tag language, std::string text) &;
    localized in(language_tag language, std::string text) &&;

    /// The default text.
    std::string const& str() const noexcept { return text_; }

    /// The text in a language: that of the same tag, else that of the same primary language (the one without script
    /// and region first), else the default.
    std::string const& str(language_tag const& language) const noexcept;

    /// The same, taken out; the others are left.
    std::string take(language_tag const& language) && { return std::move(const_cast<std::string&>(str(language))); }

    std::string_view view() const noexcept { return text_; }
    std::string_view view(language_tag const& language) const noexcept { return str(language); }

    /// No text in any language.
    bool empty() const noexcept { return text_.empty() && others_.empty(); }

    /// Calls `f(language_tag const&, std::string const&)` for every text, first for the default with an empty tag.
    template<class F>
    void for_each(F&& f) const
    {
        f(language_tag(), text_);
        for (auto const& [tag, text] : others_)
            f(tag, text);
    }

    /// Replaces every text by `f(std::string&&)`.
    template<class F>
    void transform(F&& f)
    {
        text_ = f(std::move(text_));
        for (auto& other : others_)
            other.second = f(std::move(other.second));
    }

private:
    std::string text_;
    std::vector<std::pair<language_tag, std::string>> others_;
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/message/impl/localized.ipp>
#endif

#endif
