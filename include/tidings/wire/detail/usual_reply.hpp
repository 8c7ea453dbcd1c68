// Reads the usual reply in one pass: HTTP/1.1, there as a whole, with a Content-Length.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_USUAL_REPLY_HPP
#define TIDINGS_WIRE_DETAIL_USUAL_REPLY_HPP

#include <tidings/detail/byte_scan.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::inline v0::transport::detail {

/// A reply whose connection stays open.
class usual_reply
{
public:
    /// Reads a reply that is there as a whole; bytes behind it are the next one's. Of every other reply, and of every
    /// reply that has anything unusual about it, it makes nothing: Beast's parser decides on those. What this takes,
    /// Beast takes in the same way (tests/fuzz/reply_reader.cpp compares them).
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
        for (at += 2; end - at >= 2; at += 2)
        {
            if (*at == '\r')
            {
                out.head = static_cast<std::size_t>(at + 2 - bytes.data());
                bool const is_whole = at[1] == '\n' && has_length && bytes.size() - out.head >= out.body;
                return is_whole && out.head <= max_head ? std::optional(out) : std::nullopt;
            }
            auto const* const name = at;
            auto const* const colon = end_of_name(name, end);
            if (colon == name || colon == end || *colon != ':')
                return std::nullopt;
            at = end_of_line(colon + 1, end);
            if (!at || !read_field({name, colon}, {colon + 1, at}, has_length, out.body))
                return std::nullopt;
        }
        return std::nullopt;
    }

    unsigned status = 0;
    std::size_t head = 0; ///< The size of the head with the empty line.
    std::size_t body = 0; ///< The size of the body behind it.

private:
    /// Where CR LF is, behind printable ASCII alone; null if something else comes first.
    static char const* end_of_line(char const* from, char const* end) noexcept
    {
        auto const* const at = tidings::detail::find_byte(from, end, [](auto block) { return block.unprintable(); });
        return end - at >= 2 && at[0] == '\r' && at[1] == '\n' ? at : nullptr;
    }

    /// The first byte that is unusual in a name.
    static char const* end_of_name(char const* from, char const* end) noexcept
    {
        return tidings::detail::find_byte(from, end, [](auto block) {
            return ~(block.with(0x20).between('a', 'z') | block.between('0', '9') | block.equal('-') |
                     block.equal('_'));
        });
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

    static bool read_field(std::string_view name, std::string_view value, bool& has_length,
                           std::size_t& length) noexcept
    {
        switch (name.size())
        {
        case std::string_view("upgrade").size(): return !is(name, "upgrade");
        case std::string_view("connection").size(): return !is(name, "connection") || is(trimmed(value), "keep-alive");
        case std::string_view("content-length").size():
            if (!is(name, "content-length"))
                return true;
            return !has_length && (has_length = read_length(trimmed(value), length));
        case std::string_view("proxy-connection").size(): return !is(name, "proxy-connection");
        case std::string_view("transfer-encoding").size(): return !is(name, "transfer-encoding");
        default: return true;
        }
    }

    /// @param text   Printable ASCII.
    /// @param lower  Letters and hyphens: a bit is all that distinguishes the two cases of these.
    static bool is(std::string_view text, std::string_view lower) noexcept
    {
        return text.size() == lower.size() &&
               std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) { return (a | 0x20) == b; });
    }

    static std::string_view trimmed(std::string_view value) noexcept
    {
        while (!value.empty() && value.front() == ' ')
            value.remove_prefix(1);
        while (!value.empty() && value.back() == ' ')
            value.remove_suffix(1);
        return value;
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
