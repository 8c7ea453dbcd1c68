// People known by their phone number.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_PHONE_NUMBER_HPP
#define TIDINGS_MATCH_PHONE_NUMBER_HPP

#include <tidings/detail/address.hpp>

namespace tidings::match {

/// Finds a person by phone number, kept as E.164: `+`, country code, number, 8 to 15 digits in all.
///
/// A number without a country code is refused rather than guessed: the same digits belong to different people in
/// different countries.
class phone_number
{
public:
    static constexpr std::string_view name = "phone number";

    /// @param text  A number with `+` and country code. Blanks, hyphens, dots and round brackets between the digits are
    ///              dropped. Checked when it is used.
    phone_number(std::string_view text)
    {
        std::string digits;
        for (char const c : text)
            if (std::string_view(" -.()").find(c) == std::string_view::npos)
                digits += c;
        text_.assign(digits);
    }
    phone_number(std::string const& text) : phone_number(std::string_view(text)) {}
    phone_number(char const* text) : phone_number(std::string_view(text)) {}

    /// The number as E.164, such as `+6591234567`; what the caller wrote, less the separators, when it is none.
    std::string_view view() const noexcept { return text_; }

    /// Success, or `errc::invalid_argument` that says what is wrong.
    result<void> check() const
    {
        constexpr std::size_t fewest = 8;
        constexpr std::size_t most = 15;
        auto const text = view();
        if (text.empty())
            return detail::refuse(name, "is empty");
        if (text.front() != '+')
            return detail::refuse(name, "has no country code; write it as +6591234567 or +8613011111111");
        auto const digits = text.substr(1);
        if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return detail::refuse(name, "contains something other than digits");
        if (digits.size() < fewest || digits.size() > most || digits.front() == '0')
            return detail::refuse(name, "is not an international number of 8 to 15 digits");
        return {};
    }

private:
    detail::inline_string text_;
};

} // namespace tidings::match

#endif
