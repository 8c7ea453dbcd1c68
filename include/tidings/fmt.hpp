// {fmt} for the library's types: `fmt::print("{}\n", sent.error())`. Needs {fmt} 9 or newer (Debian: libfmt-dev; link
// fmt::fmt). No other header of the library includes it.
//
// Formattable: `errc`, `condition`, `failure`, `receipt`, `send_summary` and the recipients of the platforms. The format
// specification is that of a string: fill, alignment, width and precision. The text is one line of printable UTF-8
// without secrets. A `secret` is not formattable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_FMT_HPP
#define TIDINGS_FMT_HPP

#include <tidings/impl/format_text.hpp>

#include <fmt/format.h>

#include <string_view>
#include <type_traits>

namespace fmt {

/// Formats one of the library's types as its text.
template<class T>
struct formatter<T, char, std::enable_if_t<tidings::detail::has_format_text<T>>>
    : fmt::formatter<fmt::string_view, char>
{
    /// Writes the text of `value`.
    template<class Context>
    auto format(T const& value, Context& context) const
    {
        auto const text = tidings::detail::format_text<T>::of(value);
        return fmt::formatter<fmt::string_view, char>::format(fmt::string_view(text.data(), text.size()), context);
    }
};

} // namespace fmt

#endif
