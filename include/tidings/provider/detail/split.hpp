// Divides text that is too long for one message.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_SPLIT_HPP
#define TIDINGS_PROVIDER_DETAIL_SPLIT_HPP

#include <tidings/detail/json_text.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/provider/detail/characters.hpp>
#include <tidings/provider/detail/markup_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// The cost of a text where bytes of UTF-8 are counted.
struct utf8_cost
{
    std::size_t operator()(std::string_view text) const noexcept { return text.size(); }
};

/// The cost of a text where bytes of JSON are counted.
struct json_cost
{
    std::size_t operator()(std::string_view text) const noexcept;

    static constexpr bool has_short_escape(char c) noexcept
    {
        return c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f';
    }
};

/// The cost of a text in a JSON document that is itself a string of JSON: the bytes that `wire::json_writer` writes for
/// it.
struct nested_json_cost
{
    std::size_t operator()(std::string_view text) const noexcept;
};

/// Divides plain text into pieces that cost at most `max_count` each: between paragraphs, else lines, else words, else
/// characters as a reader sees them; never within a code point. The blanks and line ends at a cut are left out, and so
/// are pieces without visible characters; the rest stays, in order.
///
/// Takes time in proportion to the text.
///
/// @param text       UTF-8. Bytes that are not UTF-8 stay unchanged.
/// @param max_count  At least the cost of one code point. Otherwise there are pieces of one code point that cost more.
/// @param cost       `std::size_t(std::string_view)`. The cost of a text is the sum of the costs of its parts.
/// @returns One piece, the unchanged text, if that costs no more than `max_count`.
template<class Cost>
std::vector<std::string> split_text(std::string_view text, std::size_t max_count, Cost const& cost)
{
    std::vector<std::string> out;
    if (cost(text) <= max_count)
    {
        out.emplace_back(text);
        return out;
    }
    auto const is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    // Ends of sentences and clauses of languages that part words with nothing: 、 。 ！ ， ； ？
    auto const ends_clause = [](std::string_view c) {
        return c == "\xe3\x80\x81" || c == "\xe3\x80\x82" || c == "\xef\xbc\x81" || c == "\xef\xbc\x8c" ||
               c == "\xef\xbc\x9b" || c == "\xef\xbc\x9f";
    };
    while (!text.empty())
    {
        // Cuts by worth: between paragraphs, lines, words. A cut in the second half is taken by worth, any other only
        // to keep a word whole.
        std::size_t cuts[3] = {};
        std::size_t early_cut = 0;
        std::size_t spent = 0;
        std::size_t at = 0;
        while (at != text.size())
        {
            auto length = cluster_length(text, at);
            auto price = cost(text.substr(at, length));
            if (price > max_count)
            {
                length = character_length(text, at);
                price = cost(text.substr(at, length));
            }
            if (spent + price > max_count && at != 0)
                break;
            auto const here = text.substr(at, length);
            if (at != 0)
            {
                int worth = -1;
                if (here[0] == '\n' || here == "\r\n")
                    worth = text[at - 1] == '\n' || text.substr(at + length, 1) == "\n" ||
                                    text.substr(at + length, 2) == "\r\n"
                                ? 0
                                : 1;
                else if (is_space(here[0]))
                    worth = 2;
                if (worth >= 0)
                    (spent * 2 >= max_count ? cuts[worth] : early_cut) = at;
            }
            spent += price;
            at += length;
            if (ends_clause(here))
                (spent * 2 >= max_count ? cuts[2] : early_cut) = at;
        }
        auto const first_of = [](std::size_t a, std::size_t b) { return a != 0 ? a : b; };
        auto cut = at;
        if (at != text.size())
        {
            bool const line_end = text[at] == '\n' || text[at] == '\r';
            // Where the piece is full, may a line or a word end by chance.
            if (!line_end)
                cut = first_of(cuts[1], is_space(text[at]) ? at : first_of(cuts[2], first_of(early_cut, at)));
            cut = first_of(cuts[0], cut);
        }
        auto piece = text.substr(0, cut);
        text.remove_prefix(cut);
        while (!piece.empty() && is_space(piece.back()))
            piece.remove_suffix(1);
        if (shows_something(piece))
            out.emplace_back(piece);
        // The next piece starts with its first word, or with the blanks that indent its first line.
        auto line = text;
        bool whole_line = false;
        while (!text.empty() && is_space(text.front()))
        {
            bool const line_end = text.front() == '\n' || text.front() == '\r';
            text.remove_prefix(1);
            if (line_end)
            {
                line = text;
                whole_line = true;
            }
        }
        if (whole_line && !text.empty())
            text = line;
    }
    return out;
}

/// Divides portable Markdown into pieces that cost at most `max_count` each: between the blocks that stand apart, else
/// lines, else as plain text. Fenced code that is divided is fenced in every piece; a list or a quote may be divided
/// between its lines.
///
/// @param cost  `std::size_t(std::string_view)`: what a piece costs once it is rendered. More text never costs less.
/// @returns One piece, the text as it is, when that costs no more than `max_count`.
template<class Cost>
std::vector<std::string> split_markdown(std::string_view portable, std::size_t max_count, Cost const& cost)
{
    std::vector<std::string> out;
    if (cost(portable) <= max_count)
    {
        out.emplace_back(portable);
        return out;
    }
    // Lines, and where between them a cut is good: behind an empty line, unless the next one belongs to a list item.
    class line_of_it
    {
    public:
        line_of_it(std::string_view t, std::string_view f, bool a, bool c) noexcept
            : text(t), fence(f), apart(a), closes(c)
        {
        }

        std::string_view text;
        std::string_view fence; // the line that opened the code in which this one stands
        bool apart;
        bool closes; // ends the code
    };
    std::vector<line_of_it> lines;
    std::string_view fence;
    bool empty_before = false;
    while (!portable.empty())
    {
        auto const end = std::min(portable.find('\n'), portable.size());
        auto line = portable.substr(0, end);
        portable.remove_prefix(std::min(end + 1, portable.size()));
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        auto const start = line.find_first_not_of(" \t");
        auto const content = start == line.npos ? std::string_view() : line.substr(start);
        bool const marks = content.substr(0, 3) == "```";
        bool const closes = !fence.empty() && marks && content.find_first_not_of("` \t") == content.npos;
        lines.emplace_back(line, fence, fence.empty() && empty_before && start == 0, closes);
        if (closes)
            fence = {};
        else if (fence.empty() && marks && content.find('`', content.find_first_not_of('`')) == content.npos)
            fence = line;
        empty_before = content.empty();
    }
    auto const joined = [&lines](std::size_t from, std::size_t to) {
        std::string piece;
        if (!lines[from].fence.empty() && from != to)
            (piece += lines[from].fence) += '\n';
        for (auto i = from; i != to; ++i)
        {
            if (i != from)
                piece += '\n';
            piece += lines[i].text;
        }
        if (to != lines.size() && !lines[to].fence.empty() && to != from)
            piece += "\n```";
        return piece;
    };
    for (std::size_t from = 0; from != lines.size();)
    {
        if (lines[from].closes) // the piece before has closed it already
        {
            ++from;
            continue;
        }
        // How many lines fit: doubled, then halved.
        std::size_t fits = 0;
        auto const fit = [&](std::size_t count) {
            return from + count <= lines.size() && cost(joined(from, from + count)) <= max_count;
        };
        std::size_t step = 1;
        for (; fit(fits + step); step *= 2)
            fits += step;
        for (step /= 2; step != 0; step /= 2)
            if (fit(fits + step))
                fits += step;
        if (fits == 0)
        {
            // One line is too much: text without markup that a cut could break is rare here, so cut it as text.
            bool const fenced = !lines[from].fence.empty();
            auto const dressed = [&](std::string const& part) {
                return fenced ? std::string(lines[from].fence) + '\n' + part + "\n```" : part;
            };
            // What a part costs is known only when it is cut.
            std::vector<std::string> parts;
            constexpr std::size_t least = 4;
            for (auto budget = max_count; budget >= least; budget /= 2)
            {
                parts = split_text(lines[from].text, budget, utf8_cost());
                if (std::all_of(parts.begin(), parts.end(),
                                [&](std::string const& part) { return cost(dressed(part)) <= max_count; }))
                    break;
            }
            for (auto const& part : parts)
                out.push_back(dressed(part));
            ++from;
            continue;
        }
        auto to = from + fits;
        if (to != lines.size())
            for (auto cut = to; cut > from + fits / 2; --cut)
                if (lines[cut].apart)
                {
                    to = cut;
                    break;
                }
        auto piece = joined(from, to);
        if (shows_something(plain_markup(piece)))
            out.push_back(std::move(piece));
        from = to;
    }
    return out;
}

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/split.ipp>
#endif

#endif
