// Reads the usual answer in JSON in one pass: strings of few escapes, integers, no great depth.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_USUAL_JSON_HPP
#define TIDINGS_WIRE_DETAIL_USUAL_JSON_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/json_text.hpp>
#include <tidings/wire/json_visitor.hpp>

#include <boost/config.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidings::inline v0::wire::detail {

/// A document that is nested deeper is refused.
inline constexpr std::size_t max_json_depth = 32;
/// Longer than any path that a decoder needs. Values with longer paths are not shown.
inline constexpr std::size_t max_json_path = 192;

/// Reads what a platform answers with, as far as it is what platforms write, and shows it to a visitor. From whatever is
/// unusual on, be it valid or not, Boost.JSON decides: it reads the document from its first byte, and what has been
/// shown is not shown again. What this reads to the end, Boost.JSON reads in the same way (tests/fuzz/json_reader.cpp
/// compares them).
class usual_json
{
public:
    usual_json(std::string_view document, json_visitor& visitor) noexcept
        : begin_(document.data()), end_(begin_ + document.size()), visitor_(visitor), used_(visitor.used_lengths())
    {
    }

    /// Whether the document was read to its end.
    bool read()
    {
        while (begin_ != end_ && is_blank(end_[-1]))
            --end_;
        // As long as the last bracket has not been read, there is a byte to look at: most places below rely on it.
        if (begin_ == end_ || end_[-1] != '}')
            return false;
        auto const* const at = skip_blanks(begin_);
        return *at == '{' && read_object(at + 1, 0, 0) == end_;
    }

    /// How many values, and beginnings and ends of containers, have been shown, or left out because nobody uses them.
    std::size_t shown() const noexcept { return shown_; }

private:
    // Each of these functions reads one thing, which begins at `at`, and returns where it ended. Null: it is unusual.

    /// @param at     Behind the bracket.
    /// @param size   Of the path of the object, which has been written.
    /// @param depth  0: the document itself.
    char const* read_object(char const* at, std::size_t size, std::size_t depth)
    {
        begin_container(size);
        at = skip_blanks(at);
        if (*at != '}')
        {
            auto const start = start_of_key(size, depth);
            for (;; at = skip_blanks(at + 1))
            {
                at = read_member(at, start, depth + 1);
                if (!at || at == end_ || *at == '}')
                    break;
                if (*at != ',')
                    return nullptr;
            }
            if (!at || at == end_)
                return nullptr;
        }
        ++shown_;
        if (used_.has_length(size))
            visitor_.on_object_end({path_.data(), size});
        return at + 1;
    }

    /// @param start  Where the key begins in the path.
    char const* read_member(char const* at, std::size_t start, std::size_t depth)
    {
        if (*at != '"')
            return nullptr;
        auto const* const key = at + 1;
        at = find_special(key);
        std::string_view const name(key, at);
        if (at == end_ || *at != '"' || start + name.size() > max_json_path)
            return nullptr;
        at = skip_blanks(at + 1);
        return *at == ':' ? read_value(skip_blanks(at + 1), start, name, depth) : nullptr;
    }

    char const* read_array(char const* at, std::size_t size, std::size_t depth)
    {
        constexpr std::string_view any = "*";
        begin_container(size);
        auto const start = start_of_key(size, depth);
        if (start + any.size() > max_json_path)
            return nullptr;
        at = skip_blanks(at);
        if (*at == ']')
            return at + 1;
        for (;; at = skip_blanks(at + 1))
        {
            at = read_value(at, start, any, depth + 1);
            if (!at || at == end_)
                return nullptr;
            if (*at == ']')
                return at + 1;
            if (*at != ',')
                return nullptr;
        }
    }

    void begin_container(std::size_t size)
    {
        ++shown_;
        if (used_.has_length(size))
            visitor_.on_container({path_.data(), size});
    }

    /// Reads a value and the blanks behind it.
    ///
    /// @param key    The last part of its path, which begins at `start`.
    /// @param depth  Of the value, should it be a container.
    char const* read_value(char const* at, std::size_t start, std::string_view key, std::size_t depth)
    {
        if (*at == '"')
        {
            at = read_string(at + 1, start, key);
            return at ? skip_blanks(at) : at;
        }
        at = *at == '{' || *at == '[' ? read_container(at, start, key, depth) : read_other(at, start, key);
        return at && at != end_ ? skip_blanks(at) : at;
    }

    BOOST_NOINLINE char const* read_container(char const* at, std::size_t start, std::string_view key,
                                              std::size_t depth)
    {
        if (depth == max_json_depth)
            return nullptr;
        auto const size = write_path(start, key).size();
        return *at == '{' ? read_object(at + 1, size, depth) : read_array(at + 1, size, depth);
    }

    char const* read_string(char const* at, std::size_t start, std::string_view key)
    {
        auto const* const begin = at;
        at = find_special(at);
        if (at == end_)
            return nullptr;
        if (*at != '"')
            return read_escapes(at, start, key);
        show(start, key, json_scalar(std::string_view(begin, at)));
        return at + 1;
    }

    /// A string from its first escape on. Somebody has to put the text together, unless nobody wants it.
    BOOST_NOINLINE char const* read_escapes(char const* at, std::size_t start, std::string_view key)
    {
        while (*at != '"')
        {
            if (*at != '\\')
                return nullptr;
            at = skip_escape(at + 1);
            if (!at)
                return nullptr;
            at = find_special(at);
            if (at == end_)
                return nullptr;
        }
        if (used_.has_length(start + key.size()) && visitor_.wants_text(write_path(start, key)))
            return nullptr;
        show(start, key, json_scalar(std::string_view()));
        return at + 1;
    }
    char const* skip_escape(char const* at) const noexcept
    {
        switch (*at)
        {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't': return at + 1;
        case 'u': return skip_code_unit(at + 1);
        default: return nullptr;
        }
    }
    /// Four hexadecimal digits. One half of a pair is unusual: whether the other half fits is not seen here.
    char const* skip_code_unit(char const* at) const noexcept
    {
        constexpr std::ptrdiff_t digits = 4;
        if (end_ - at < digits)
            return nullptr;
        unsigned unit = 0;
        bool const is_whole = std::from_chars(at, at + digits, unit, 16).ptr == at + digits;
        return is_whole && (unit & 0xf800u) != 0xd800u ? at + digits : nullptr;
    }

    BOOST_NOINLINE char const* read_other(char const* at, std::size_t start, std::string_view key)
    {
        switch (*at)
        {
        case 't': return read_word(at, "true", start, key, json_scalar(true));
        case 'f': return read_word(at, "false", start, key, json_scalar(false));
        case 'n': return read_word(at, "null", start, key, json_scalar());
        default: return read_integer(at, start, key);
        }
    }
    char const* read_word(char const* at, std::string_view word, std::size_t start, std::string_view key,
                          json_scalar const& value)
    {
        if (!std::string_view(at, end_).starts_with(word))
            return nullptr;
        show(start, key, value);
        return at + word.size();
    }
    /// An integer without a sign, far from where 64 bits end.
    char const* read_integer(char const* at, std::size_t start, std::string_view key)
    {
        constexpr std::ptrdiff_t max_digits = 18;
        auto const* const first = at;
        std::int64_t number = 0;
        for (; tidings::detail::is_digit(*at); ++at)
        {
            if (at - first == max_digits)
                return nullptr;
            number = 10 * number + (*at - '0');
        }
        bool const is_padded = at - first > 1 && *first == '0';
        // Boost.JSON shows a number when it is known to have ended.
        bool const has_ended = *at == ',' || *at == '}' || *at == ']' || is_blank(*at);
        if (at == first || is_padded || !has_ended)
            return nullptr;
        show(start, key, json_scalar(number));
        return at;
    }

    void show(std::size_t start, std::string_view key, json_scalar const& value)
    {
        ++shown_;
        if (used_.has_length(start + key.size()))
            show_used(start, key, value);
    }
    // Not inline, as most values do not get here.
    BOOST_NOINLINE void show_used(std::size_t start, std::string_view key, json_scalar const& value)
    {
        visitor_.on_scalar(write_path(start, key), value);
    }

    static std::size_t start_of_key(std::size_t size, std::size_t depth) noexcept
    {
        return depth == 0 ? size : size + 1; // a slash
    }
    std::string_view write_path(std::size_t start, std::string_view key) noexcept
    {
        if (start != 0)
            path_[start - 1] = '/';
        std::memcpy(path_.data() + start, key.data(), key.size());
        return {path_.data(), start + key.size()};
    }

    static constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
    /// There is something else behind them.
    static char const* skip_blanks(char const* at) noexcept
    {
        while (*at <= ' ' && is_blank(*at))
            ++at;
        return at;
    }

    /// Most strings end in the first block.
    char const* find_special(char const* at) const noexcept
    {
        using tidings::detail::byte_block;
        if (static_cast<std::size_t>(end_ - at) >= byte_block::size)
        {
            auto const plain = tidings::detail::special_bytes(byte_block::load(at)).first();
            at += plain;
            if (plain != byte_block::size)
                return at;
        }
        return tidings::detail::find_special(at, end_);
    }

    char const* begin_;
    char const* end_;
    json_visitor& visitor_;
    path_lengths used_;
    std::size_t shown_ = 0;
    std::array<char, max_json_path> path_;
};

} // namespace tidings::inline v0::wire::detail

#endif
