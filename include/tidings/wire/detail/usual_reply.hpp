// Reads the usual reply in one pass: HTTP/1.1, complete, with a Content-Length.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_USUAL_REPLY_HPP
#define TIDINGS_WIRE_DETAIL_USUAL_REPLY_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/byte_scan.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tidings::inline v0::transport::detail {

/// A reply whose connection stays open.
class usual_reply
{
public:
    /// Reads a reply that is there as a whole, with nothing behind it. Of every other reply, and of every reply that has
    /// anything unusual about it, it makes nothing: Beast's parser decides on those. What this takes, Beast takes in the
    /// same way (tests/fuzz/reply_reader.cpp compares them).
    ///
    /// @param max_head  Bytes; a longer head is not usual.
    static std::optional<usual_reply> parse(std::string_view bytes, std::size_t max_head) noexcept
    {
        usual_reply out;
        auto const* const end = bytes.data() + bytes.size();
        auto const* at = end_of_line(bytes.data(), end);
        if (!at || !out.read_status({bytes.data(), at}))
            return std::nullopt;
        bool has_length = false;
        std::size_t length = 0;
        for (at += 2; at != end; at += 2)
        {
            auto const* const line = at;
            at = end_of_line(line, end);
            if (!at)
                return std::nullopt;
            if (at == line)
            {
                out.head = static_cast<std::size_t>(at + 2 - bytes.data());
                bool const is_whole = has_length && bytes.size() - out.head == length;
                return is_whole && out.head <= max_head ? std::optional(out) : std::nullopt;
            }
            if (!read_field({line, at}, has_length, length))
                return std::nullopt;
        }
        return std::nullopt;
    }

    unsigned status = 0;
    std::size_t head = 0; ///< The size of the head with the empty line. The rest is the body.

private:
    /// Where CR LF is, behind printable ASCII alone; null if something else comes first.
    static char const* end_of_line(char const* from, char const* end) noexcept
    {
        using tidings::detail::high_bits;
        using tidings::detail::marks_below;
        using tidings::detail::marks_of;
        auto const marks = [](std::uint64_t word) {
            return marks_below(word, 0x20) | marks_of(word, 0x7f) | (word & high_bits);
        };
        auto const is = [](char c) {
            return c < 0x20 || c > 0x7e;
        }; // where `char` is signed, from 0x80 on it is below 0
        auto const* const at = tidings::detail::find_byte(from, end, marks, is);
        return end - at >= 2 && at[0] == '\r' && at[1] == '\n' ? at : nullptr;
    }

    static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

    bool read_status(std::string_view line) noexcept
    {
        constexpr std::string_view version = "HTTP/1.1 ";
        constexpr std::size_t code_size = 3;
        if (!line.starts_with(version) || line.size() < version.size() + code_size + 1)
            return false;
        line.remove_prefix(version.size());
        for (std::size_t i = 0; i != code_size; ++i)
        {
            if (!is_digit(line[i]))
                return false;
            status = 10 * status + static_cast<unsigned>(line[i] - '0');
        }
        constexpr unsigned first_final = 200;
        constexpr unsigned no_content = 204;
        constexpr unsigned not_modified = 304;
        return line[code_size] == ' ' && status >= first_final && status != no_content && status != not_modified;
    }

    static constexpr bool is_usual_in_name(char c) noexcept
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
    }

    static bool read_field(std::string_view line, bool& has_length, std::size_t& length) noexcept
    {
        std::size_t size = 0;
        while (size != line.size() && is_usual_in_name(line[size]))
            ++size;
        if (size == 0 || size == line.size() || line[size] != ':')
            return false;
        auto const name = line.substr(0, size);
        switch (size)
        {
        case std::string_view("upgrade").size(): return !is_name(name, "upgrade");
        case std::string_view("connection").size():
            return !is_name(name, "connection") || is_name(value_of(line, size), "keep-alive");
        case std::string_view("content-length").size():
            if (!is_name(name, "content-length"))
                return true;
            return !has_length && (has_length = read_length(value_of(line, size), length));
        case std::string_view("proxy-connection").size(): return !is_name(name, "proxy-connection");
        case std::string_view("transfer-encoding").size(): return !is_name(name, "transfer-encoding");
        default: return true;
        }
    }

    static bool is_name(std::string_view text, std::string_view lower) noexcept
    {
        if (text.size() != lower.size())
            return false;
        for (std::size_t i = 0; i != text.size(); ++i)
            if (tidings::detail::to_lower(text[i]) != lower[i])
                return false;
        return true;
    }

    static std::string_view value_of(std::string_view line, std::size_t colon) noexcept
    {
        line.remove_prefix(colon + 1);
        while (!line.empty() && line.front() == ' ')
            line.remove_prefix(1);
        while (!line.empty() && line.back() == ' ')
            line.remove_suffix(1);
        return line;
    }

    static bool read_length(std::string_view digits, std::size_t& out) noexcept
    {
        constexpr std::size_t max_digits = 7; // far below where a sum could overflow
        if (digits.empty() || digits.size() > max_digits)
            return false;
        for (char const c : digits)
        {
            if (!is_digit(c))
                return false;
            out = 10 * out + static_cast<std::size_t>(c - '0');
        }
        return true;
    }
};

} // namespace tidings::inline v0::transport::detail

#endif
