// Reads JSON in one pass.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_JSON_READER_IPP
#define TIDINGS_WIRE_IMPL_JSON_READER_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/json_text.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/json_visitor.hpp>

#include <boost/config.hpp>
#include <boost/locale/utf.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>

namespace tidings::inline v0::wire {

namespace detail {

constexpr bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Reads a document and shows it to a visitor.
///
/// A value is shown as soon as it has been read, and its path is written only if the visitor may use it. Fuzzing compares
/// what it takes and shows with Boost.JSON (tests/fuzz/json_reader.cpp).
class json_parser
{
public:
    /// @param document  Not empty, with a blank neither in front nor behind. Its last byte is one that ends whatever is
    ///     being read when it comes: `}` of an object, or 0, which is part of nothing. So there is always a byte to look
    ///     at until the `}` has been read.
    json_parser(std::string_view document, json_visitor& visitor) noexcept
        : begin_(document.data()), end_(begin_ + document.size()), visitor_(visitor), used_(visitor.used_lengths())
    {
    }

    /// @returns How many bytes the value has that the document begins with; 0 if there is no well-formed one.
    std::size_t read()
    {
        auto const* const at = read_value(begin_, 0, {}, 0);
        return at ? static_cast<std::size_t>(at - begin_) : 0;
    }

private:
    /// A document that is nested deeper is refused.
    static constexpr std::size_t max_depth = 32;
    /// Longer than any path that a decoder needs. A value with a longer one is read, but not shown.
    static constexpr std::size_t max_path = 192;

    // Each of these functions reads one thing, which begins at `at`, and returns where it ended. Null: it is malformed.

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
        if (is_used(size))
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
        if (at == end_)
            return nullptr;
        if (*at != '"')
            return read_escaped_key(key, at, start, depth);
        return read_value_of({key, at}, at + 1, start, depth);
    }
    TIDINGS_COLD BOOST_NOINLINE char const* read_escaped_key(char const* key, char const* at, std::size_t start,
                                                             std::size_t depth)
    {
        tidings::detail::wiped_string name;
        at = read_escapes(key, at, &name);
        return at ? read_value_of(name, at, start, depth) : nullptr;
    }
    /// @param at  Behind the key.
    char const* read_value_of(std::string_view key, char const* at, std::size_t start, std::size_t depth)
    {
        at = skip_blanks(at);
        return *at == ':' ? read_value(skip_blanks(at + 1), start, key, depth) : nullptr;
    }

    char const* read_array(char const* at, std::size_t size, std::size_t depth)
    {
        begin_container(size);
        at = skip_blanks(at);
        if (*at == ']')
            return at + 1;
        auto const start = start_of_key(size, depth);
        for (;; at = skip_blanks(at + 1))
        {
            at = read_value(at, start, "*", depth + 1);
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
        if (is_used(size))
            visitor_.on_container({path_.data(), size});
    }

    /// Reads a value and the blanks behind it.
    ///
    /// @param key    The last part of its path, which begins at `start`.
    /// @param depth  Of the value, should it be a container.
    char const* read_value(char const* at, std::size_t start, std::string_view key, std::size_t depth)
    {
        if (*at == '"')
            at = read_string(at + 1, start, key);
        else
            at = *at == '{' || *at == '[' ? read_container(at, start, key, depth) : read_other(at, start, key);
        return at && at != end_ ? skip_blanks(at) : at;
    }

    BOOST_NOINLINE char const* read_container(char const* at, std::size_t start, std::string_view key,
                                              std::size_t depth)
    {
        if (depth == max_depth)
            return nullptr;
        auto const size = start + key.size();
        if (size <= max_path)
            write_path(start, key);
        return *at == '{' ? read_object(at + 1, size, depth) : read_array(at + 1, size, depth);
    }

    char const* read_string(char const* at, std::size_t start, std::string_view key)
    {
        auto const* const begin = at;
        at = find_special(at);
        if (at == end_)
            return nullptr;
        if (*at != '"')
            return read_escaped_string(begin, at, start, key);
        show(start, key, json_scalar(std::string_view(begin, at)));
        return at + 1;
    }
    BOOST_NOINLINE char const* read_escaped_string(char const* begin, char const* at, std::size_t start,
                                                   std::string_view key)
    {
        bool const is_wanted = is_used(start + key.size()) && visitor_.wants_text(write_path(start, key));
        tidings::detail::wiped_string text; // a token, perhaps
        at = read_escapes(begin, at, is_wanted ? &text : nullptr);
        if (at)
            show(start, key, json_scalar(text.view()));
        return at;
    }

    /// Reads a string that has escapes.
    ///
    /// @param begin  Behind the quote.
    /// @param at     The first special byte.
    /// @param out    Where the text goes; null if nobody wants it.
    char const* read_escapes(char const* begin, char const* at, tidings::detail::wiped_string* out) const
    {
        for (;;)
        {
            if (out)
                *out += std::string_view(begin, at);
            if (at == end_ || (*at != '"' && *at != '\\'))
                return nullptr;
            if (*at == '"')
                return at + 1;
            std::uint32_t point = 0;
            begin = read_escape(at + 1, point);
            if (!begin)
                return nullptr;
            if (out)
                append(*out, point);
            at = find_special(begin);
        }
    }
    /// @param at  Behind the backslash.
    char const* read_escape(char const* at, std::uint32_t& point) const noexcept
    {
        switch (*at)
        {
        case '"':
        case '\\':
        case '/': point = static_cast<unsigned char>(*at); break;
        case 'b': point = '\b'; break;
        case 'f': point = '\f'; break;
        case 'n': point = '\n'; break;
        case 'r': point = '\r'; break;
        case 't': point = '\t'; break;
        case 'u': return read_code_units(at + 1, point);
        default: return nullptr;
        }
        return at + 1;
    }
    /// A code unit of UTF-16, or the two of a pair.
    char const* read_code_units(char const* at, std::uint32_t& point) const noexcept
    {
        constexpr std::uint32_t high = 0xd800;
        constexpr std::uint32_t low = 0xdc00;
        constexpr std::uint32_t end = 0xe000;
        at = read_code_unit(at, point);
        if (!at || point < high || point >= end)
            return at;
        std::uint32_t second = 0;
        if (point >= low || end_ - at < 2 || at[0] != '\\' || at[1] != 'u')
            return nullptr;
        at = read_code_unit(at + 2, second);
        if (!at || second < low || second >= end)
            return nullptr;
        point = 0x10000 + ((point - high) << 10) + (second - low);
        return at;
    }
    char const* read_code_unit(char const* at, std::uint32_t& unit) const noexcept
    {
        constexpr std::ptrdiff_t digits = 4;
        bool const is_whole = end_ - at >= digits && std::from_chars(at, at + digits, unit, 16).ptr == at + digits;
        return is_whole ? at + digits : nullptr;
    }
    static void append(tidings::detail::wiped_string& out, std::uint32_t point)
    {
        using utf8 = boost::locale::utf::utf_traits<char>;
        out.advance(utf8::encode(point, out.room(utf8::max_width)));
    }

    BOOST_NOINLINE char const* read_other(char const* at, std::size_t start, std::string_view key)
    {
        switch (*at)
        {
        case 't': return read_word(at, "true", start, key, json_scalar(true));
        case 'f': return read_word(at, "false", start, key, json_scalar(false));
        case 'n': return read_word(at, "null", start, key, json_scalar());
        default: return read_number(at, start, key);
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
    char const* read_number(char const* at, std::size_t start, std::string_view key)
    {
        auto const* const first = at;
        if (*at == '-')
            ++at;
        at = *at == '0' ? at + 1 : read_digits(at);
        if (!at)
            return nullptr;
        std::int64_t number = 0;
        bool is_integer = std::from_chars(first, at, number).ec == std::errc();
        if (*at == '.')
        {
            is_integer = false;
            at = read_digits(at + 1);
            if (!at)
                return nullptr;
        }
        if (*at == 'e' || *at == 'E')
        {
            is_integer = false;
            ++at;
            at = read_digits(*at == '+' || *at == '-' ? at + 1 : at);
            if (!at)
                return nullptr;
        }
        show(start, key, is_integer ? json_scalar(number) : json_scalar::real());
        return at;
    }
    /// One digit or more.
    static char const* read_digits(char const* at) noexcept
    {
        using tidings::detail::is_digit;
        if (!is_digit(*at))
            return nullptr;
        while (is_digit(*at))
            ++at;
        return at;
    }

    /// Whether the visitor may use what has a path of that length.
    bool is_used(std::size_t size) const noexcept { return used_.has_length(size) && size <= max_path; }
    void show(std::size_t start, std::string_view key, json_scalar const& value)
    {
        if (is_used(start + key.size()))
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
        if (!key.empty())
            std::memcpy(path_.data() + start, key.data(), key.size());
        return {path_.data(), start + key.size()};
    }

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
    std::array<char, max_path> path_;
};

/// Reads a document that no `}` ends: one that was cut, or has another value than an object.
TIDINGS_COLD inline bool read_without_brace(std::string_view document, json_visitor& visitor)
{
    tidings::detail::wiped_string ended;
    ended += document;
    ended += '\0';
    return json_parser(ended, visitor).read() == document.size();
}

} // namespace detail

TIDINGS_DECL bool read_json(std::string_view document, json_visitor& visitor)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (document.starts_with(byte_order_mark))
        document.remove_prefix(byte_order_mark.size());
    while (!document.empty() && detail::is_blank(document.back()))
        document.remove_suffix(1);
    while (!document.empty() && detail::is_blank(document.front()))
        document.remove_prefix(1);
    if (!document.ends_with('}'))
        return !document.empty() && detail::read_without_brace(document, visitor);
    return detail::json_parser(document, visitor).read() == document.size();
}

TIDINGS_DECL bool is_json_object(std::string_view document)
{
    struct ignore final : json_visitor
    {
        void on_scalar(std::string_view, json_scalar const&) override {}
        path_lengths used_lengths() const noexcept override { return {}; }
    } nothing;
    auto const first = document.find_first_not_of(" \t\r\n");
    return first != document.npos && document[first] == '{' && read_json(document, nothing);
}

} // namespace tidings::inline v0::wire

#endif
