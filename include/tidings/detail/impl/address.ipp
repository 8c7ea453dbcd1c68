// What the checks of all addresses share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_ADDRESS_IPP
#define TIDINGS_DETAIL_IMPL_ADDRESS_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/byte_scan.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/result.hpp>

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL failure refuse(std::string_view what, std::string_view why, errc kind)
{
    std::string text = "the ";
    text += what;
    text += ' ';
    text += why;
    return make_failure(kind, std::move(text));
}

TIDINGS_DECL result<void> check_text(std::string_view text, std::string_view what, std::size_t max_length, errc kind)
{
    if (text.empty())
        return refuse(what, "is empty", kind);
    if (text.size() > max_length)
        return refuse(what, "is longer than " + std::to_string(max_length) + " bytes", kind);
    if (is_printable(text)) // nearly every address is
        return {};
    if (std::any_of(text.begin(), text.end(), is_control))
        return refuse(what, "contains a control character", kind);
    if (find_invalid_utf8(text) != text.npos)
        return refuse(what, "is not valid UTF-8", kind);
    return {};
}

TIDINGS_DECL std::string code_point_name(std::uint32_t c)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr int min_digits = 4;
    std::string out;
    for (int digits = 0; digits < min_digits || c != 0; ++digits, c >>= 4)
        out.insert(out.begin(), hex[c & 0xf]);
    return "U+" + out;
}

TIDINGS_DECL std::string_view visible_part(std::string_view text) noexcept
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    auto const ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    // An illegal sequence decodes to a value beyond Unicode, which counts as shown.
    while (!text.empty() && !ascii(text.front()))
    {
        char const* at = text.data();
        if (!is_not_shown(utf8::decode(at, text.data() + text.size())))
            break;
        text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    }
    while (!text.empty() && !ascii(text.back()))
    {
        auto start = text.size() - 1;
        while (start != 0 && (text[start] & 0xc0) == 0x80)
            --start;
        char const* at = text.data() + start;
        char const* const end = text.data() + text.size();
        if (!is_not_shown(utf8::decode(at, end)) || at != end)
            break;
        text.remove_suffix(text.size() - start);
    }
    return text;
}

TIDINGS_DECL result<void> check_look_alikes(std::string_view text, std::string_view what, std::size_t before)
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    char const* const end = text.data() + text.size();
    auto const outside = [](auto block) { return block.not_ascii(); };
    for (char const* at = text.data(); (at = find_byte(at, end, outside)) != end;)
    {
        auto const where = before + static_cast<std::size_t>(at - text.data());
        auto const point = utf8::decode(at, end);
        auto const like = look_alike_of(point);
        if (!like && !is_not_shown(point))
            continue;
        auto why = "contains " + code_point_name(point) + ", which ";
        if (!like)
            why += "is not shown";
        else if (like == ' ')
            why += "looks like a blank";
        else
            (why += "looks like '") += std::string{like, '\''};
        return refuse(what, why + ", at byte " + std::to_string(where));
    }
    return {};
}

} // namespace tidings::inline v0::detail

#endif
