// People known by their phone number.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_PHONE_NUMBER_HPP
#define TIDINGS_MATCH_PHONE_NUMBER_HPP

#include <tidings/detail/address.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::match {

/// Finds a person by phone number, kept as E.164: `+`, country code, number, 8 to 15 digits in all.
///
/// A number without a country code is refused, because the same digits belong to different people in different
/// countries.
class phone_number
{
public:
    static constexpr std::string_view name = "phone_number";
    static constexpr std::string_view title = "phone number";

    /// @param text  A number with `+` or `00`, and country code. Blanks, hyphens, dots and round brackets between the
    ///              digits are dropped, and so are characters that are not shown. Fullwidth digits and signs are taken
    ///              for those of ASCII. Checked when it is used.
    phone_number(std::string_view text);
    phone_number(std::string const& text) : phone_number(std::string_view(text)) {}
    phone_number(char const* text) : phone_number(std::string_view(text)) {}

    /// The number as E.164, such as `+6591234567`. If it is not valid, the text that the caller wrote, without
    /// separators.
    std::string_view view() const noexcept { return text_; }

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const;

private:
    /// The first character, as it can be shown.
    static std::string character_at(std::string_view text);

    detail::inline_string text_;
};

} // namespace tidings::inline v0::match

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/match/impl/phone_number.ipp>
#endif

#endif
