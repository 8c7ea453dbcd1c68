// `std::format` and `std::print` for the library's types. Needs a standard library with <format> (GCC 13, libc++ 17);
// with an older one this header declares nothing. No other header of the library includes it.
//
//     std::format("{}", sent.error())     the failure's message and its remedy, in one line
//     std::format("{:<24}", failure.kind()) the name of the `errc`, padded to 24 columns
//
// Formattable: `errc`, `condition`, `failure`, `receipt`, `send_summary` and the recipients of the platforms. The format
// specification is that of a `std::string_view`: fill, alignment, width and precision. The text is one line of printable
// UTF-8 without secrets. A `secret` is not formattable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_FORMAT_HPP
#define TIDINGS_FORMAT_HPP

#include <tidings/impl/format_text.hpp>

#include <version>

#ifdef __cpp_lib_format
#include <format>

/// Formats one of the library's types as its text.
template<tidings::detail::has_format_text T>
struct std::formatter<T, char> : std::formatter<std::string_view, char>
{
    /// Writes the text of `value`.
    template<class Context>
    auto format(T const& value, Context& context) const
    {
        return std::formatter<std::string_view, char>::format(tidings::detail::format_text<T>::of(value), context);
    }
};
#endif

#endif
