// Takes secrets out of text that a peer wrote.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_REDACTION_IPP
#define TIDINGS_WIRE_IMPL_REDACTION_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/detail/redaction.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL void redactor::add(std::string_view secret)
{
    if (secret.size() < min_secret)
        return;
    wiped_bytes folded(secret.begin(), secret.end());
    fold(folded);
    if (folded.size() < min_part)
    {
        short_.push_back(std::move(folded));
        return;
    }
    add_parts(folded);
    for (std::size_t before = 0; before != 3; ++before)
    {
        auto encoded = base64(secret, before);
        fold(encoded);
        add_parts(encoded);
    }
}

TIDINGS_DECL bool redactor::redact(std::string& text) const
{
    auto const hidden = find(text);
    if (hidden.empty())
        return false;
    auto const size = replace(text.data(), hidden);
    OPENSSL_cleanse(text.data() + size, text.size() - size);
    text.resize(size);
    return true;
}

TIDINGS_DECL bool redactor::redact(wiped_string& text) const
{
    auto const hidden = find(text.view());
    if (hidden.empty())
        return false;
    text.resize(replace(text.data(), hidden));
    return true;
}

TIDINGS_DECL wiped_bytes redactor::base64(std::string_view secret, std::size_t before)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    wiped_bytes out;
    std::uint32_t bits = 0;
    std::size_t count = 8 * before % 6; // known to belong to the bytes before
    for (char const c : secret)
    {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            out.push_back(digits[bits >> (count - 6) & 0x3f]);
    }
    if (before != 0 && !out.empty())
        out.erase(out.begin()); // half of it is not the secret's
    return out;
}

TIDINGS_DECL void redactor::add_parts(wiped_bytes const& pattern)
{
    if (pattern.size() < min_part)
        return;
    auto const more = pattern.size() - min_part + 1;
    if (2 * (count_ + more) > table_.size())
        grow(2 * (count_ + more));
    for (std::size_t i = 0; i != more; ++i)
        insert(part_at(pattern.data() + i));
}

TIDINGS_DECL std::uint64_t redactor::part_at(char const* at) noexcept
{
    std::uint64_t out;
    std::memcpy(&out, at, min_part);
    return out;
}

TIDINGS_DECL void redactor::insert(std::uint64_t part)
{
    auto at = place_of(part);
    while (table_[at] != 0 && table_[at] != part)
        at = (at + 1) & (table_.size() - 1);
    count_ += table_[at] == 0 ? 1 : 0;
    table_[at] = part;
}

TIDINGS_DECL bool redactor::contains(std::uint64_t part) const noexcept
{
    auto at = place_of(part);
    while (table_[at] != 0 && table_[at] != part)
        at = (at + 1) & (table_.size() - 1);
    return table_[at] != 0;
}

TIDINGS_DECL void redactor::grow(std::size_t least)
{
    std::size_t size = 256;
    while (size < least)
        size *= 2;
    table_t old(size);
    old.swap(table_);
    count_ = 0;
    for (auto const part : old)
        if (part != 0)
            insert(part);
}

TIDINGS_DECL redactor::marks redactor::find(std::string_view text) const
{
    marks out;
    if (count_ == 0 && short_.empty())
        return out;
    reading now = as_it_is(text);
    mark(now, text.size(), out);
    // An escaped text may be within an escaped text.
    constexpr int depth = 3;
    for (int i = 0; i != depth && decode(now); ++i)
        mark(now, text.size(), out);
    return out;
}

TIDINGS_DECL redactor::reading redactor::as_it_is(std::string_view text)
{
    reading out;
    out.text.assign(text.begin(), text.end());
    out.from.resize(text.size());
    out.to.resize(text.size());
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        out.from[i] = static_cast<std::uint32_t>(i);
        out.to[i] = static_cast<std::uint32_t>(i + 1);
    }
    return out;
}

TIDINGS_DECL void redactor::mark(reading const& r, std::size_t size, marks& out) const
{
    wiped_bytes folded_text = r.text;
    fold(folded_text);
    auto const hide = [&](std::size_t at, std::size_t length) {
        out.resize(size);
        std::fill(out.begin() + r.from[at], out.begin() + r.to[at + length - 1], true);
    };
    if (count_ != 0)
        for (std::size_t i = 0; i + min_part <= folded_text.size(); ++i)
            if (contains(part_at(folded_text.data() + i)))
                hide(i, min_part);
    std::string_view const whole(folded_text.data(), folded_text.size());
    for (auto const& item : short_)
    {
        std::string_view const word(item.data(), item.size());
        for (auto at = whole.find(word); at != whole.npos; at = whole.find(word, at + 1))
            hide(at, word.size());
    }
}

TIDINGS_DECL int redactor::hex(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

TIDINGS_DECL int redactor::ascii_of(std::string_view digits) noexcept
{
    int out = 0;
    for (char const c : digits)
    {
        if (hex(c) < 0)
            return -1;
        out = out * 16 + hex(c);
    }
    return out < 0x80 ? out : -1;
}

TIDINGS_DECL bool redactor::decode(reading& r)
{
    std::string_view const text(r.text.data(), r.text.size());
    bool any = false;
    std::size_t size = 0;
    for (std::size_t i = 0; i != text.size();)
    {
        std::size_t length = 1;
        int c = -1;
        if (text[i] == '%' && i + 3 <= text.size())
        {
            c = ascii_of(text.substr(i + 1, 2));
            length = 3;
        }
        else if (text[i] == '\\' && i + 6 <= text.size() && text[i + 1] == 'u')
        {
            c = ascii_of(text.substr(i + 2, 4));
            length = 6;
        }
        else if (text[i] == '\\' && i + 2 <= text.size() &&
                 (text[i + 1] == '/' || text[i + 1] == '"' || text[i + 1] == '\\'))
        {
            c = static_cast<unsigned char>(text[i + 1]);
            length = 2;
        }
        any = any || c >= 0;
        if (c < 0)
            length = 1;
        auto const from = r.from[i];
        auto const to = r.to[i + length - 1];
        r.text[size] = c < 0 ? text[i] : static_cast<char>(c);
        r.from[size] = from;
        r.to[size] = to;
        ++size;
        i += length;
    }
    r.text.resize(size);
    return any;
}

TIDINGS_DECL std::size_t redactor::replace(char* text, marks const& hidden) noexcept
{
    std::size_t to = 0;
    for (std::size_t i = 0; i != hidden.size();)
        if (!hidden[i])
            text[to++] = text[i++];
        else
        {
            while (i != hidden.size() && hidden[i])
                ++i;
            std::memset(text + to, '*', 3);
            to += 3;
        }
    return to;
}

} // namespace tidings::inline v0::detail

#endif
