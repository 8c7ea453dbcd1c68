// Writes JSON straight into a request.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_JSON_WRITER_HPP
#define TIDINGS_WIRE_JSON_WRITER_HPP

#include <tidings/detail/json_text.hpp>
#include <tidings/detail/wiped_string.hpp>

#include <boost/assert.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidings::inline v0::wire {

/// Appends one JSON value to a string, without a tree in between. Text is copied in runs between the characters that
/// need an escape.
///
/// A string may hold a JSON document of its own (`open_document` … `close_document`): everything inside is escaped once
/// more. The caller nests correctly; keys are literals that need no escape.
class json_writer
{
public:
    explicit json_writer(tidings::detail::wiped_string& out) noexcept : out_(out) {}

    json_writer& open_object() { return open('{'); }
    json_writer& close_object() { return close('}'); }
    json_writer& open_array() { return open('['); }
    json_writer& close_array() { return close(']'); }

    /// @param name  Only characters that need no escape.
    json_writer& key(std::string_view name)
    {
        constexpr std::size_t around = 6; // a comma, a colon and two quotes of up to two bytes
        char* at = out_.room(name.size() + around);
        at = quote(separate(at));
        name.copy(at, name.size());
        at = quote(at + name.size());
        *at++ = ':';
        out_.advance(at);
        comma_ = false;
        return *this;
    }

    /// @param text  UTF-8, any characters.
    json_writer& string(std::string_view text)
    {
        quote_with_comma();
        escape(text);
        out_.advance(quote(out_.room(max_quote)));
        comma_ = true;
        return *this;
    }

    /// @param text  Spaces and tabs, which mean nothing between a key and its value.
    json_writer& blanks(std::string_view text)
    {
        out_ += text;
        return *this;
    }

    json_writer& boolean(bool value)
    {
        out_.advance(separate(out_.room(1)));
        out_ += value ? "true" : "false";
        comma_ = true;
        return *this;
    }

    json_writer& number(std::int64_t value)
    {
        constexpr std::size_t max_length = 20;
        char* const at = separate(out_.room(1 + max_length));
        out_.advance(std::to_chars(at, at + max_length, value).ptr);
        comma_ = true;
        return *this;
    }

    /// @param json  A JSON value, taken as it is. Not inside a document.
    json_writer& raw(std::string_view json)
    {
        BOOST_ASSERT(depth_ == 0);
        out_.advance(separate(out_.room(1)));
        out_ += json;
        comma_ = true;
        return *this;
    }

    json_writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }

    /// Starts a string whose text is a JSON document, written by the calls that follow.
    json_writer& open_document()
    {
        quote_with_comma();
        ++depth_;
        BOOST_ASSERT(depth_ <= deepest);
        comma_ = false;
        return *this;
    }
    json_writer& close_document()
    {
        --depth_;
        out_.advance(quote(out_.room(max_quote)));
        comma_ = true;
        return *this;
    }

private:
    static constexpr unsigned deepest = 1;

    json_writer& open(char bracket)
    {
        char* const at = separate(out_.room(2));
        *at = bracket;
        out_.advance(at + 1);
        comma_ = false;
        return *this;
    }
    json_writer& close(char bracket)
    {
        out_ += bracket;
        comma_ = true;
        return *this;
    }

    // These write where there is room, and return where they stopped.
    static constexpr std::size_t max_quote = 2;
    char* separate(char* at) const noexcept
    {
        *at = ',';
        return at + (comma_ ? 1 : 0);
    }
    char* quote(char* at) const noexcept
    {
        if (depth_ != 0)
            *at++ = '\\';
        *at++ = '"';
        return at;
    }
    void quote_with_comma() { out_.advance(quote(separate(out_.room(1 + max_quote)))); }

    void escape(std::string_view text)
    {
        // Copies and looks at a block at a time; bytes behind one that needs an escape are copied again.
        char const* from = text.data();
        char const* const end = from + text.size();
        char* at = out_.room(text.size() + max_escape);
        // The rest that must still fit after `at` in any case; each escape uses up some of the spare room.
        auto spare = out_.capacity_left() - text.size();
        auto const escape_one = [&](char c) {
            char* const after = escape(at, c);
            spare -= static_cast<std::size_t>(after - at) - 1;
            at = after;
            if (spare < max_escape)
            {
                out_.advance(at);
                auto const rest = static_cast<std::size_t>(end - from);
                at = out_.room(rest + 64 * max_escape);
                spare = out_.capacity_left() - rest;
            }
        };
        auto const copy_blocks = [&]<class Block>(Block const*) {
            while (static_cast<std::size_t>(end - from) >= Block::size)
            {
                auto const block = Block::load(from);
                block.store(at);
                auto const special = tidings::detail::special_bytes(block);
                auto const plain = special.any() ? special.first() : Block::size;
                from += plain;
                at += plain;
                if (plain != Block::size)
                    escape_one(*from++);
            }
        };
        copy_blocks(static_cast<tidings::detail::byte_block const*>(nullptr));
        copy_blocks(static_cast<tidings::detail::word_block const*>(nullptr));
        while (from != end)
            if (char const c = *from++; tidings::detail::is_special(c))
                escape_one(c);
            else
                *at++ = c;
        out_.advance(at);
    }

    static constexpr std::size_t max_escape = 7;

    char* escape(char* at, char c) const noexcept
    {
        auto const backslash = [this, &at] {
            *at++ = '\\';
            if (depth_ != 0)
                *at++ = '\\';
        };
        backslash();
        switch (c)
        {
        case '\n': *at++ = 'n'; return at;
        case '\r': *at++ = 'r'; return at;
        case '\t': *at++ = 't'; return at;
        case '\b': *at++ = 'b'; return at;
        case '\f': *at++ = 'f'; return at;
        case '\\': backslash(); return at;
        case '"':
            if (depth_ != 0)
                *at++ = '\\';
            *at++ = '"';
            return at;
        default: break;
        }
        constexpr std::string_view hex = "0123456789abcdef";
        *at++ = 'u';
        *at++ = '0';
        *at++ = '0';
        *at++ = hex[static_cast<unsigned char>(c) >> 4];
        *at++ = hex[static_cast<unsigned char>(c) & 0xf];
        return at;
    }

    tidings::detail::wiped_string& out_;
    unsigned depth_ = 0;
    bool comma_ = false;
};

} // namespace tidings::inline v0::wire

#endif
