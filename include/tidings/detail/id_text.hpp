// The common base of addresses that are ids.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ID_TEXT_HPP
#define TIDINGS_DETAIL_ID_TEXT_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// A text that is kept as it is, less characters at its ends that are not shown.
class id_text
{
public:
    id_text(std::string_view text) : text_(text) {}
    id_text(std::string const& text) : text_(text) {}
    id_text(char const* text) : text_(std::string_view(text)) {}

    std::string_view view() const noexcept { return visible_part(text_); }

protected:
    ~id_text() = default;
    id_text(id_text const&) = default;
    id_text(id_text&&) noexcept = default;
    id_text& operator=(id_text const&) = default;
    id_text& operator=(id_text&&) noexcept = default;

private:
    inline_string text_;
};

/// The rules for every id that a platform makes. Platforms call their ids opaque, so the limit is far above any known
/// id.
///
/// @param text  The id.
/// @param what  The name of the id in messages: "open id".
inline result<void> check_id(std::string_view text, std::string_view what)
{
    constexpr std::size_t max_length = 256;
    if (auto const valid = check_address(text, what, max_length); !valid)
        return valid;
    if (auto const plain = check_look_alikes(text, what, 0); !plain)
        return plain;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; }))
        return refuse(what, "contains a blank or a character outside ASCII");
    return {};
}

/// The same for ids that begin with `prefix` and go on.
inline result<void> check_prefixed_id(std::string_view text, std::string_view what, std::string_view prefix)
{
    if (auto const valid = check_id(text, what); !valid)
        return valid;
    if (!text.starts_with(prefix) || text.size() == prefix.size())
        return refuse(what, "does not begin with " + std::string(prefix));
    return {};
}

/// The same for ids that are numbers.
inline result<void> check_number_id(std::string_view text, std::string_view what)
{
    constexpr std::size_t max_digits = 18; // any of them is a number of 64 bits
    if (auto const valid = check_id(text, what); !valid)
        return valid;
    if (text.size() > max_digits || !std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); }) ||
        text.front() == '0')
        return refuse(what, "is not a number such as 2");
    return {};
}

} // namespace tidings::inline v0::detail

#endif
