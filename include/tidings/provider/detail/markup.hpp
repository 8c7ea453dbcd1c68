// Reads portable Markdown.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_MARKUP_HPP
#define TIDINGS_PROVIDER_DETAIL_MARKUP_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::detail {

/// One step through a document. What opens closes again, properly nested.
struct markup_event
{
    enum class kind : std::uint8_t
    {
        // These open and close.
        paragraph,
        heading,
        quote,
        list,
        item,
        code_block,
        strong,
        emphasis,
        strike,
        link,
        // These do not.
        text,
        code,
        code_line,
        line_break,
        rule
    };

    kind what;
    bool opens = true;
    /// Of a block: there is no empty line between it and the block before.
    bool tight = false;
    bool ordered = false;
    /// The level of a heading, 1 to 6; the first number of an ordered list.
    unsigned number = 0;
    /// Literal text without the backslashes, code, the address of a link, the language of a code block.
    std::string_view text = {};
};

constexpr bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t';
}

constexpr bool is_ascii_punctuation(char c) noexcept
{
    return c > ' ' && c < 0x7f && !is_alphanumeric(c);
}

/// Whether text starts with a prefix of small letters, in either letter case.
constexpr bool starts_with_letters(std::string_view text, std::string_view prefix) noexcept
{
    if (text.size() < prefix.size())
        return false;
    for (std::size_t i = 0; i != prefix.size(); ++i)
        if (text[i] != prefix[i] && !(is_letter(prefix[i]) && (text[i] | 0x20) == prefix[i]))
            return false;
    return true;
}

/// Where a link of portable Markdown may lead.
constexpr bool is_link_target(std::string_view url) noexcept
{
    for (std::string_view const scheme : {"https://", "http://", "mailto:", "tel:"})
        if (url.size() > scheme.size() && starts_with_letters(url, scheme))
            return true;
    return false;
}

/// Whether a character of Chinese or Japanese punctuation, or a typographic quote or blank, starts at a place.
constexpr bool is_wide_punctuation(std::string_view text, std::size_t at) noexcept
{
    auto const point = text.substr(at, 3);
    return (point >= "\xe2\x80\x80" && point <= "\xe2\x81\xaf") ||
           (point >= "\xe3\x80\x80" && point <= "\xe3\x80\xbf") || (point >= "\xef\xbc\x80" && point <= "\xef\xbd\xa5");
}

/// Where a web address may start in a text, at or behind a place; `npos` when nowhere. Not within a word.
TIDINGS_DECL std::size_t find_address(std::string_view text, std::size_t from) noexcept;

/// Where the web address ends that starts at a place. What ends a sentence or closes a parenthesis is no part of it;
/// Chinese and Japanese, which are written without blanks, are when they follow a punctuation mark of the address.
///
/// @param marks  Whether `*` and `~` at its end are part of it. Else they may be markup.
TIDINGS_DECL std::size_t address_end(std::string_view text, std::size_t begin, bool marks = true) noexcept;

/// The steps through one document: any bytes make one. Takes time in proportion to the text; blocks nest eight deep,
/// what would nest deeper is text.
class markup
{
public:
    /// @param source  Outlives the document.
    explicit markup(std::string_view source);

    markup(markup const&) = delete;
    markup& operator=(markup const&) = delete;

    std::vector<markup_event> const& events() const noexcept { return events_; }

private:
    using kind = markup_event::kind;
    using lines_t = std::vector<std::string_view>;

    static constexpr unsigned deepest = 8;
    static constexpr std::size_t max_run = 8; // of backticks around code
    static constexpr auto npos = std::string_view::npos;

    struct list_marker
    {
        std::size_t width = 0; // with the blank; 0: no marker
        bool ordered = false;
        unsigned number = 0;
        bool alone = false; // nothing behind it
    };

    static std::size_t indent_of(std::string_view line) noexcept;
    static std::string_view unindented(std::string_view line, std::size_t columns) noexcept;
    static std::string_view trimmed(std::string_view line) noexcept;
    static std::size_t run_of(std::string_view text, std::size_t at) noexcept;

    // All take a trimmed line that is not empty.
    static std::size_t fence_of(std::string_view t) noexcept;
    static unsigned heading_of(std::string_view t) noexcept;
    static bool is_rule(std::string_view t) noexcept;
    static list_marker marker_of(std::string_view t) noexcept;

    void open(kind what, bool tight = false) { events_.push_back({.what = what, .tight = tight}); }
    void close(kind what) { events_.push_back({.what = what, .opens = false}); }

    void blocks(lines_t const& lines, unsigned depth);

    void code_block(lines_t const& lines, std::size_t& i, std::size_t fence, bool tight);

    void heading(lines_t const& lines, std::size_t& i, unsigned level, bool tight);

    void quote(lines_t const& lines, std::size_t& i, unsigned depth, bool tight);

    void list(lines_t const& lines, std::size_t& i, list_marker marker, unsigned depth, bool tight);

    static bool interrupts_paragraph(std::string_view t, unsigned depth) noexcept;

    void paragraph(lines_t const& lines, std::size_t& i, unsigned depth, bool tight);

    // What stands within a paragraph.

    struct span // [label](url)
    {
        std::size_t begin;
        std::size_t label_end;
        std::size_t end;
        std::string_view url;
    };

    struct node
    {
        kind what;
        bool opens = true;
        std::string_view text = {};
        // Marks only: what they close, how many remain literal, what they open from the inside out.
        bool is_marks = false;
        std::uint8_t closed = 0;
        std::uint8_t opened = 0;
        std::array<kind, 3> closing{};
        std::array<kind, 3> opening{};
    };

    struct opener
    {
        std::size_t node;
        char mark;
        std::size_t left;
    };

    /// Finds where code ends. Remembers for which runs of backticks there is no end, so that it looks only once.
    class code_finder
    {
    public:
        explicit code_finder(std::string_view text) noexcept : text_(text) {}

        /// Where the closing run of `run` backticks starts, at or behind `from`.
        std::size_t operator()(std::size_t run, std::size_t from) noexcept;

    private:
        std::string_view text_;
        std::array<bool, max_run + 1> none_{};
    };

    std::vector<span> links_in(std::string_view s);

    struct target
    {
        std::string_view url = {};
        std::size_t end = 0; // behind the closing parenthesis
    };

    static std::size_t behind_blanks(std::string_view s, std::size_t at) noexcept;

    // Where a link's title starts at a blank, and nothing but the closing parenthesis follows: behind that; else 0.
    static std::size_t end_of_title(std::string_view s, std::size_t at) noexcept;

    // The address behind `](`, up to the closing parenthesis: as CommonMark reads it, and with blanks, which many
    // templates write. The address is empty when there is none.
    target target_at(std::string_view s, std::size_t at);

    std::string_view unescaped(std::string_view url, bool escapes);

    void inlines(std::string_view s);

    // CommonMark's rules, and those that keep the asterisks of `src/*.cpp`, `a*b`, `2**10` and `count(*)`.
    static bool opens_style(std::string_view s, std::size_t at, std::size_t run) noexcept;
    static bool closes_style(std::string_view s, std::size_t at, std::size_t run) noexcept;
    static bool is_one_of(char c, std::string_view these) noexcept { return these.find(c) != npos; }
    static bool is_ascii_word(char c) noexcept { return is_alphanumeric(c) || c == '_'; }
    static bool is_word(char c) noexcept { return is_ascii_word(c) || static_cast<unsigned char>(c) >= 0x80; }

    static bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n'; }

    static void code(std::vector<node>& nodes, std::string_view inside);

    static void marks(std::vector<node>& nodes, std::vector<opener>& stack, std::array<std::size_t, 2>& open_marks,
                      std::string_view run, bool opens, bool closes);

    void emit(std::vector<node> const& nodes);

    std::vector<markup_event> events_;
    std::deque<std::string> texts_; // never move
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/markup.ipp>
#endif

#endif
