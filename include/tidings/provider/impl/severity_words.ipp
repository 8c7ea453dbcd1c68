// What a severity is called.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_SEVERITY_WORDS_IPP
#define TIDINGS_PROVIDER_IMPL_SEVERITY_WORDS_IPP

#include <tidings/detail/config.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/provider/detail/severity_words.hpp>

#include <string>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::string title_with_severity(notice const& what, language_tag const& language)
{
    auto const& title = what.title().str(language);
    auto const word = severity_word(what.level(), language.primary());
    if (word.empty())
        return title;
    bool const wide = static_cast<unsigned char>(word[0]) >= 0x80;
    std::string out(wide ? "【" : "[");
    out += word;
    out += wide ? "】" : "] ";
    out += title;
    return out;
}

} // namespace tidings::inline v0::detail

#endif
