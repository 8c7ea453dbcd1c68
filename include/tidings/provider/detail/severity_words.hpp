// What a severity is called.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_SEVERITY_WORDS_HPP
#define TIDINGS_PROVIDER_DETAIL_SEVERITY_WORDS_HPP

#include <tidings/detail/config.hpp>
#include <tidings/message/notice.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// The word for a reader of `language`; English if the library does not know the language. `severity::info` needs no
/// word.
constexpr std::string_view severity_word(severity s, std::string_view primary_language) noexcept
{
    bool const chinese = primary_language == "zh";
    bool const japanese = primary_language == "ja";
    switch (s)
    {
    case severity::info: return {};
    case severity::success: return chinese || japanese ? "成功" : "Success";
    case severity::warning: return chinese || japanese ? "警告" : "Warning";
    case severity::critical: return chinese ? "严重" : japanese ? "重大" : "Critical";
    }
    return {};
}

/// The title where no colour tells the severity: "[Critical] Disk full", "【严重】磁盘已满".
TIDINGS_DECL std::string title_with_severity(notice const& what, language_tag const& language);

/// Between a label and its value.
constexpr std::string_view label_end(std::string_view primary_language) noexcept
{
    return primary_language == "zh" || primary_language == "ja" ? "：" : ": ";
}

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/severity_words.ipp>
#endif

#endif
