// Takes secrets out of text that a peer wrote.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_REDACTION_HPP
#define TIDINGS_WIRE_DETAIL_REDACTION_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/wiped_string.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::detail {

/// Finds secrets in text, also parts of them and in the forms in which peers repeat them: percent-encoded, escaped as
/// in JSON, in Base64, in another letter case.
///
/// A part counts from eight characters on. Fewer characters do not help to guess the rest and cannot be distinguished
/// from words that occur by chance; eight random characters do not occur by chance. A secret of six or seven characters
/// is found as a whole; a shorter one is not found, because it may be any word. Constructing a redactor costs some
/// microseconds, so it is constructed only after a failure.
class redactor
{
public:
    static constexpr std::size_t min_part = 8;
    static constexpr std::size_t min_secret = 6;

    redactor() = default;
    redactor(redactor const&) = delete;
    redactor& operator=(redactor const&) = delete;

    /// @param secret  Copied, into memory that is wiped.
    void add(std::string_view secret);

    /// Replaces each secret by "***". Freed memory is wiped.
    ///
    /// @returns Whether a secret was found.
    bool redact(std::string& text) const;
    bool redact(wiped_string& text) const;

private:
    using marks = std::vector<bool>;

    /// A text in the form in which it is compared, with the original bytes of each character.
    struct reading
    {
        wiped_bytes text;
        std::vector<std::uint32_t> from;
        std::vector<std::uint32_t> to;
    };

    static char folded(char c) noexcept
    {
        return c == '-' ? '+' : c == '_' ? '/' : to_lower(c); // Base64 has two alphabets
    }
    static void fold(wiped_bytes& text) noexcept { std::transform(text.begin(), text.end(), text.begin(), folded); }

    /// The characters of a Base64 text that depend only on a secret, if `before` bytes of something else precede it.
    static wiped_bytes base64(std::string_view secret, std::size_t before);

    void add_parts(wiped_bytes const& pattern);

    static std::uint64_t part_at(char const* at) noexcept;

    // An open table of the parts; 0 is an empty place, and eight zero bytes are no part of a secret.
    std::size_t place_of(std::uint64_t part) const noexcept
    {
        return static_cast<std::size_t>((part * 0x9e3779b97f4a7c15u) >> 20) & (table_.size() - 1);
    }
    void insert(std::uint64_t part);
    bool contains(std::uint64_t part) const noexcept;
    void grow(std::size_t least);

    /// Which bytes of a text belong to a secret; empty when none does.
    marks find(std::string_view text) const;

    static reading as_it_is(std::string_view text);

    void mark(reading const& r, std::size_t size, marks& out) const;

    static int hex(char c) noexcept;
    /// The character that `digits` mean in hexadecimal; -1 if they are not ASCII in hexadecimal.
    static int ascii_of(std::string_view digits) noexcept;

    /// Undoes one level of percent-encoding and of the escapes of JSON.
    ///
    /// @returns Whether there was any.
    static bool decode(reading& r);

    /// Writes stars in place of what is marked, which is never less, and moves the rest together.
    ///
    /// @returns The new size: never more than before.
    static std::size_t replace(char* text, marks const& hidden) noexcept;

    using table_t = std::vector<std::uint64_t, wiping_allocator<std::uint64_t>>;

    table_t table_;
    std::size_t count_ = 0;
    std::vector<wiped_bytes> short_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/redaction.ipp>
#endif

#endif
