// Writes JSON straight into a request.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_JSON_WRITER_HPP
#define TIDINGS_WIRE_JSON_WRITER_HPP

#include <tidings/detail/wiped_string.hpp>

#include <boost/assert.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidings::wire {

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
        separate();
        quote();
        out_ += name;
        quote();
        out_ += ':';
        comma_ = false;
        return *this;
    }

    /// @param text  UTF-8; anything may stand in it.
    json_writer& string(std::string_view text)
    {
        separate();
        quote();
        escape(text);
        quote();
        comma_ = true;
        return *this;
    }

    json_writer& boolean(bool value)
    {
        separate();
        out_ += value ? "true" : "false";
        comma_ = true;
        return *this;
    }

    json_writer& number(std::int64_t value)
    {
        separate();
        std::array<char, 24> digits;
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out_.append(digits.data(), end);
        comma_ = true;
        return *this;
    }

    json_writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }

    /// Starts a string whose text is a JSON document, written by the calls that follow.
    json_writer& open_document()
    {
        separate();
        quote();
        ++depth_;
        BOOST_ASSERT(depth_ <= deepest);
        comma_ = false;
        return *this;
    }
    json_writer& close_document()
    {
        --depth_;
        quote();
        comma_ = true;
        return *this;
    }

private:
    static constexpr unsigned deepest = 1;

    json_writer& open(char bracket)
    {
        separate();
        out_ += bracket;
        comma_ = false;
        return *this;
    }
    json_writer& close(char bracket)
    {
        out_ += bracket;
        comma_ = true;
        return *this;
    }
    void separate()
    {
        if (comma_)
            out_ += ',';
    }
    void quote() { out_.append(depth_ == 0 ? "\"" : "\\\""); }

    /// Whether one of eight bytes is a quote, a backslash or below 0x20. It may say yes for a byte of 0x80 and above
    /// behind such a byte, never no for one that needs an escape.
    static bool any_special(std::uint64_t word) noexcept
    {
        constexpr std::uint64_t ones = 0x0101010101010101u;
        constexpr std::uint64_t highs = 0x8080808080808080u;
        auto const below = [](std::uint64_t w, std::uint64_t n) { return (w - ones * n) & ~w & highs; };
        return (below(word, 0x20) | below(word ^ ones * '"', 1) | below(word ^ ones * '\\', 1)) != 0;
    }
    static bool special(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

    void escape(std::string_view text)
    {
        char const* run = text.data();
        char const* at = run;
        char const* const end = at + text.size();
        while (at != end)
        {
            std::uint64_t word;
            if (static_cast<std::size_t>(end - at) >= sizeof word)
            {
                std::memcpy(&word, at, sizeof word);
                if (!any_special(word))
                {
                    at += sizeof word;
                    continue;
                }
            }
            // One of the next eight, or the tail.
            auto const stop = static_cast<std::size_t>(end - at) >= sizeof word ? at + sizeof word : end;
            for (; at != stop; ++at)
                if (special(*at))
                {
                    out_.append(run, at);
                    escape(*at);
                    run = at + 1;
                }
        }
        out_.append(run, end);
    }

    void escape(char c)
    {
        auto const backslash = [this] { out_.append(depth_ == 0 ? "\\" : "\\\\"); };
        backslash();
        switch (c)
        {
        case '\n': out_ += 'n'; return;
        case '\r': out_ += 'r'; return;
        case '\t': out_ += 't'; return;
        case '\b': out_ += 'b'; return;
        case '\f': out_ += 'f'; return;
        case '\\': backslash(); return;
        case '"':
            if (depth_ != 0)
                out_ += '\\';
            out_ += '"';
            return;
        default: break;
        }
        constexpr std::string_view hex = "0123456789abcdef";
        out_ += "u00";
        out_ += hex[static_cast<unsigned char>(c) >> 4];
        out_ += hex[static_cast<unsigned char>(c) & 0xf];
    }

    tidings::detail::wiped_string& out_;
    unsigned depth_ = 0;
    bool comma_ = false;
};

} // namespace tidings::wire

#endif
