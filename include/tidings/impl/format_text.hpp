// The text of the library's types, for `std::format` and `fmt::format` alike.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_FORMAT_TEXT_HPP
#define TIDINGS_IMPL_FORMAT_TEXT_HPP

#include <tidings/error.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/receipt.hpp>
#include <tidings/recipient.hpp>
#include <tidings/send_each.hpp>

#include <concepts>
#include <sstream>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// `format_text<T>::of(value)` is the text. Specialised for exact types: a type that merely converts to one of them
/// has no text.
template<class T>
struct format_text;

template<>
struct format_text<errc>
{
    static std::string_view of(errc e) noexcept { return to_string(e); }
};

template<>
struct format_text<condition>
{
    static std::string_view of(condition c) noexcept { return to_string(c); }
};

template<>
struct format_text<failure>
{
    static std::string of(failure const& f)
    {
        std::ostringstream out;
        out << f;
        return std::move(out).str();
    }
};

template<class Ids>
struct format_text<basic_recipient<Ids>>
{
    static std::string of(basic_recipient<Ids> const& to)
    {
        std::ostringstream out;
        out << to;
        return std::move(out).str();
    }
};

template<>
struct format_text<receipt>
{
    static std::string of(receipt const& r)
    {
        std::string out = "message ";
        out += r.message_id().empty() ? std::string("without id") : printable_text(r.message_id());
        out += " to ";
        if (!r.recipient_type().empty())
            (out += printable_text(r.recipient_type())) += ' ';
        out += printable_text(r.person_id());
        if (auto const parts = r.further_parts().size(); parts != 0)
            (out += " in ") += std::to_string(parts + 1) + " parts";
        return out;
    }
};

template<>
struct format_text<send_summary>
{
    static std::string of(send_summary const& s)
    {
        auto out = std::to_string(s.delivered) + " delivered, " + std::to_string(s.failed) + " failed, " +
                   std::to_string(s.unknown) + " unknown";
        return s.complete ? out : out + ", cancelled before the end";
    }
};

template<class T>
concept has_format_text = requires(T const& value) {
    { format_text<T>::of(value) } -> std::convertible_to<std::string_view>;
};

} // namespace tidings::inline v0::detail

#endif
