// People known by their phone number.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_IMPL_PHONE_NUMBER_IPP
#define TIDINGS_MATCH_IMPL_PHONE_NUMBER_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/match/phone_number.hpp>

#include <boost/locale/utf.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::match {

TIDINGS_DECL phone_number::phone_number(std::string_view text)
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    std::string digits;
    char const* const end = text.data() + text.size();
    for (char const* at = text.data(); at != end;)
    {
        char const* const start = at;
        auto const point = utf8::decode(at, end);
        bool const valid = point != boost::locale::utf::illegal && point != boost::locale::utf::incomplete;
        if (!valid)
            at = start + 1;
        else if (detail::is_not_shown(point))
            continue;
        char const like = valid ? detail::look_alike_of(point) : '\0';
        char const c = like ? like : *start;
        if (std::string_view(" -.()").find(c) != std::string_view::npos)
            continue;
        if (like)
            digits += like;
        else
            digits.append(start, at);
    }
    if (digits.starts_with("00"))
    {
        digits.erase(0, 1); // GCC 12 warns of `replace` by mistake
        digits.front() = '+';
    }
    text_.assign(digits);
}

TIDINGS_DECL result<void> phone_number::check() const
{
    constexpr std::size_t fewest = 8;
    constexpr std::size_t max_count = 15;
    auto const text = view();
    if (text.empty())
        return detail::refuse(title, "is empty");
    if (text.front() != '+')
        return detail::refuse(title, "has no country code; write it as +6591234567 or +8613011111111");
    auto const digits = text.substr(1);
    if (auto const other = digits.find_first_not_of("0123456789"); other != digits.npos)
        return detail::refuse(title, "contains something other than digits: " + character_at(digits.substr(other)));
    if (digits.size() < fewest || digits.size() > max_count || digits.front() == '0')
        return detail::refuse(title, "is not an international number of 8 to 15 digits");
    return {};
}

TIDINGS_DECL std::string phone_number::character_at(std::string_view text)
{
    char const* at = text.data();
    auto const point = boost::locale::utf::utf_traits<char>::decode(at, text.data() + text.size());
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete)
        return "a byte that is not UTF-8";
    return point > ' ' && point < 0x7f ? std::string{'\'', text.front(), '\''} : detail::code_point_name(point);
}

} // namespace tidings::inline v0::match

#endif
