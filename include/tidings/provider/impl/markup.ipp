// Reads portable Markdown.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_MARKUP_IPP
#define TIDINGS_PROVIDER_IMPL_MARKUP_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/provider/detail/markup.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::size_t find_address(std::string_view text, std::size_t from) noexcept
{
    for (auto at = text.find("://", from); at != text.npos; at = text.find("://", at + 1))
        for (std::string_view const scheme : {"https", "http"})
        {
            if (at < from + scheme.size())
                continue;
            auto const begin = at - scheme.size();
            bool const in_word = begin != 0 && (is_alphanumeric(text[begin - 1]));
            constexpr std::size_t separator = 3;
            auto const host = at + separator;
            bool const has_host =
                host != text.size() &&
                (is_alphanumeric(text[host]) || text[host] == '[' ||
                 (static_cast<unsigned char>(text[host]) >= 0x80 && !is_wide_punctuation(text, host)));
            if (!in_word && has_host && starts_with_letters(text.substr(begin), scheme))
                return begin;
        }
    return text.npos;
}

TIDINGS_DECL std::size_t address_end(std::string_view text, std::size_t begin, bool marks) noexcept
{
    auto end = text.find("://", begin) + 3;
    int round = 0;
    int square = 0;
    auto bracket = end;
    for (; end != text.size(); ++end)
    {
        auto const c = static_cast<unsigned char>(text[end]);
        constexpr std::string_view never = "<>\"`|";
        if (c <= ' ' || c == 0x7f || never.find(text[end]) != never.npos)
            break;
        if (text[end] == '\\' && (marks || end + 1 == text.size() || !is_ascii_punctuation(text[end + 1])))
            break;
        if (c >= 0xe2)
        {
            if (is_wide_punctuation(text, end) || is_alphanumeric(text[end - 1]))
                break;
        }
        round += c == '(' ? 1 : c == ')' ? -1 : 0;
        square += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (round < 0 || square < 0 || square > 1)
            break;
        if (c == '[' && square == 1)
            bracket = end;
        if (c == ']' && text.substr(end + 1, 1) == "(") // a link of its own
        {
            square = 1;
            break;
        }
    }
    if (square > 0)
        end = bracket; // not closed
    constexpr std::string_view trailing = ".,;:!?'";
    while (trailing.find(text[end - 1]) != trailing.npos || (!marks && (text[end - 1] == '*' || text[end - 1] == '~')))
        --end;
    return end;
}

TIDINGS_DECL markup::markup(std::string_view source)
{
    std::vector<std::string_view> lines;
    while (!source.empty())
    {
        auto const end = std::min(source.find_first_of("\r\n"), source.size());
        lines.push_back(source.substr(0, end));
        source.remove_prefix(end);
        if (source.substr(0, 2) == "\r\n")
            source.remove_prefix(2);
        else if (!source.empty())
            source.remove_prefix(1);
    }
    blocks(lines, 0);
}

TIDINGS_DECL std::size_t markup::indent_of(std::string_view line) noexcept
{
    std::size_t columns = 0;
    for (char const c : line)
        if (c == ' ')
            ++columns;
        else if (c == '\t')
            columns += 4;
        else
            break;
    return columns;
}

TIDINGS_DECL std::string_view markup::unindented(std::string_view line, std::size_t columns) noexcept
{
    while (columns != 0 && !line.empty() && is_blank(line[0]))
    {
        columns -= line[0] == '\t' ? std::min<std::size_t>(columns, 4) : 1;
        line.remove_prefix(1);
    }
    return line;
}

TIDINGS_DECL std::string_view markup::trimmed(std::string_view line) noexcept
{
    while (!line.empty() && is_blank(line.front()))
        line.remove_prefix(1);
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    return line;
}

TIDINGS_DECL std::size_t markup::run_of(std::string_view text, std::size_t at) noexcept
{
    auto const end = text.find_first_not_of(text[at], at);
    return (end == npos ? text.size() : end) - at;
}

TIDINGS_DECL std::size_t markup::fence_of(std::string_view t) noexcept
{
    if (t[0] != '`')
        return 0;
    auto const run = run_of(t, 0);
    return run >= 3 && t.find('`', run) == npos ? run : 0;
}

TIDINGS_DECL unsigned markup::heading_of(std::string_view t) noexcept
{
    if (t[0] != '#')
        return 0;
    auto const run = run_of(t, 0);
    return run <= 6 && run < t.size() && is_blank(t[run]) ? static_cast<unsigned>(run) : 0;
}

TIDINGS_DECL bool markup::is_rule(std::string_view t) noexcept
{
    if (t[0] != '-' && t[0] != '*' && t[0] != '_')
        return false;
    std::size_t marks = 0;
    for (char const c : t)
        if (c == t[0])
            ++marks;
        else if (!is_blank(c))
            return false;
    return marks >= 3;
}

TIDINGS_DECL markup::list_marker markup::marker_of(std::string_view t) noexcept
{
    list_marker out;
    std::size_t at = 0;
    if (t[0] == '-' || t[0] == '*' || t[0] == '+')
        at = 1;
    else
    {
        constexpr std::size_t max_digits = 9;
        while (at != t.size() && at != max_digits && is_digit(t[at]))
            out.number = out.number * 10 + static_cast<unsigned>(t[at++] - '0');
        if (at == 0 || at == t.size() || (t[at] != '.' && t[at] != ')'))
            return out;
        out.ordered = true;
        ++at;
    }
    out.alone = at == t.size();
    if (out.alone || is_blank(t[at]))
        out.width = at + 1;
    return out;
}

TIDINGS_DECL void markup::blocks(lines_t const& lines, unsigned depth)
{
    bool tight = false; // the first block has none before it
    for (std::size_t i = 0; i != lines.size();)
    {
        auto const t = trimmed(lines[i]);
        if (t.empty())
        {
            tight = false;
            ++i;
            continue;
        }
        if (auto const fence = fence_of(t); fence != 0)
            code_block(lines, i, fence, tight);
        else if (auto const level = heading_of(t); level != 0)
            heading(lines, i, level, tight);
        else if (is_rule(t))
        {
            open(kind::rule, tight);
            ++i;
        }
        else if (t[0] == '>' && depth != deepest)
            quote(lines, i, depth, tight);
        else if (auto const marker = marker_of(t); marker.width != 0 && depth != deepest)
            list(lines, i, marker, depth, tight);
        else
            paragraph(lines, i, depth, tight);
        tight = true;
    }
}

TIDINGS_DECL void markup::code_block(lines_t const& lines, std::size_t& i, std::size_t fence, bool tight)
{
    auto const indent = indent_of(lines[i]);
    open(kind::code_block, tight);
    events_.back().text = trimmed(trimmed(lines[i]).substr(fence));
    for (++i; i != lines.size(); ++i)
    {
        auto const t = trimmed(lines[i]);
        if (!t.empty() && t[0] == '`' && run_of(t, 0) == t.size() && t.size() >= fence)
        {
            ++i;
            break;
        }
        events_.push_back({.what = kind::code_line, .text = unindented(lines[i], indent)});
    }
    close(kind::code_block);
}

TIDINGS_DECL void markup::heading(lines_t const& lines, std::size_t& i, unsigned level, bool tight)
{
    auto t = trimmed(trimmed(lines[i++]).substr(level));
    // Closing marks, as some write them.
    auto bare = t;
    while (!bare.empty() && bare.back() == '#')
        bare.remove_suffix(1);
    if (bare.empty() || is_blank(bare.back()))
        t = trimmed(bare);
    open(kind::heading, tight);
    events_.back().number = level;
    inlines(t);
    close(kind::heading);
}

TIDINGS_DECL void markup::quote(lines_t const& lines, std::size_t& i, unsigned depth, bool tight)
{
    lines_t inner;
    for (; i != lines.size(); ++i)
    {
        auto t = unindented(lines[i], npos);
        if (t.empty() || t[0] != '>')
            break;
        t.remove_prefix(1);
        inner.push_back(unindented(t, 1));
    }
    open(kind::quote, tight);
    blocks(inner, depth + 1);
    close(kind::quote);
}

TIDINGS_DECL void markup::list(lines_t const& lines, std::size_t& i, list_marker marker, unsigned depth, bool tight)
{
    open(kind::list, tight);
    events_.back().ordered = marker.ordered;
    events_.back().number = marker.number;
    bool const ordered = marker.ordered;
    while (true)
    {
        auto const indent = indent_of(lines[i]);
        lines_t inner;
        inner.push_back(marker.alone ? std::string_view() : unindented(lines[i], npos).substr(marker.width));
        bool next = false;
        for (++i; i != lines.size();)
        {
            auto behind = i; // the next line that says something
            while (behind != lines.size() && trimmed(lines[behind]).empty())
                ++behind;
            if (behind == lines.size())
                break;
            auto const its = indent_of(lines[behind]);
            if (its >= indent + 2)
            {
                inner.insert(inner.end(), behind - i, std::string_view());
                inner.push_back(unindented(lines[behind], indent + marker.width));
                i = behind + 1;
                continue;
            }
            auto const t = trimmed(lines[behind]);
            auto const another = marker_of(t);
            if (another.width != 0 && another.ordered == ordered && !is_rule(t))
            {
                i = behind;
                marker = another;
                next = true;
            }
            break;
        }
        open(kind::item);
        blocks(inner, depth + 1);
        close(kind::item);
        if (!next)
            break;
    }
    close(kind::list);
}

TIDINGS_DECL bool markup::interrupts_paragraph(std::string_view t, unsigned depth) noexcept
{
    if (fence_of(t) != 0 || heading_of(t) != 0 || is_rule(t))
        return true;
    if (depth == deepest)
        return false;
    if (t[0] == '>')
        return true;
    auto const marker = marker_of(t);
    return marker.width != 0 && !marker.alone && (!marker.ordered || marker.number == 1);
}

TIDINGS_DECL void markup::paragraph(lines_t const& lines, std::size_t& i, unsigned depth, bool tight)
{
    // Inside quotes and lists the lines are apart; code and links may reach over a line's end.
    std::string& all = texts_.emplace_back(trimmed(lines[i]));
    for (++i; i != lines.size(); ++i)
    {
        auto const t = trimmed(lines[i]);
        if (t.empty() || interrupts_paragraph(t, depth))
            break;
        all += '\n';
        all += t;
    }
    open(kind::paragraph, tight);
    inlines(all);
    close(kind::paragraph);
}

TIDINGS_DECL std::size_t markup::code_finder::operator()(std::size_t run, std::size_t from) noexcept
{
    if (run > max_run || none_[run])
        return npos;
    for (auto at = text_.find('`', from); at != npos;)
    {
        auto const here = run_of(text_, at);
        if (here == run)
            return at;
        at = text_.find('`', at + here);
    }
    none_[run] = true;
    return npos;
}

TIDINGS_DECL std::vector<markup::span> markup::links_in(std::string_view s)
{
    std::vector<span> out;
    std::vector<std::size_t> brackets;
    code_finder code_end(s);
    for (std::size_t i = 0; i < s.size(); ++i)
    {
        char const c = s[i];
        if (c == '\\' && i + 1 != s.size() && is_ascii_punctuation(s[i + 1]))
            ++i;
        else if (c == '`')
        {
            auto const run = run_of(s, i);
            auto const end = code_end(run, i + run);
            i = (end == npos ? i : end) + run - 1;
        }
        else if (c == '[')
            brackets.push_back(i);
        else if (c == ']' && !brackets.empty())
        {
            auto const found = i + 1 != s.size() && s[i + 1] == '(' ? target_at(s, i + 2) : target();
            if (is_link_target(found.url))
            {
                out.push_back({brackets.back(), i, found.end, found.url});
                brackets.clear(); // links do not nest
                i = found.end - 1;
            }
            else
                brackets.pop_back();
        }
    }
    return out;
}

TIDINGS_DECL std::size_t markup::behind_blanks(std::string_view s, std::size_t at) noexcept
{
    while (at != s.size() && is_blank(s[at]))
        ++at;
    return at;
}

TIDINGS_DECL std::size_t markup::end_of_title(std::string_view s, std::size_t at) noexcept
{
    at = behind_blanks(s, at);
    if (at == s.size() || (s[at] != '"' && s[at] != '\''))
        return 0;
    auto const close = s.find_first_of(s[at] == '"' ? "\"\n" : "'\n", at + 1);
    if (close == npos || s[close] == '\n')
        return 0;
    at = behind_blanks(s, close + 1);
    return at != s.size() && s[at] == ')' ? at + 1 : 0;
}

TIDINGS_DECL markup::target markup::target_at(std::string_view s, std::size_t at)
{
    constexpr unsigned max_count = 3; // more parentheses within each other are no address, and would be read often
    at = behind_blanks(s, at);
    bool const in_angles = at != s.size() && s[at] == '<';
    auto const begin = in_angles ? at + 1 : at;
    unsigned open = 0;
    bool escapes = false;
    for (auto i = begin; i != s.size(); ++i)
    {
        char const c = s[i];
        if (c == '\\' && i + 1 != s.size() && is_ascii_punctuation(s[i + 1]))
        {
            escapes = true;
            ++i;
            continue;
        }
        if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f || c == '<' || c == '`')
            return {};
        if (in_angles)
        {
            if (c != '>')
                continue;
            auto const close = behind_blanks(s, i + 1);
            auto const end = close != s.size() && s[close] == ')' ? close + 1 : end_of_title(s, i + 1);
            return end == 0 ? target() : target{unescaped(s.substr(begin, i - begin), escapes), end};
        }
        if (c == '>' || (c == '(' && ++open > max_count))
            return {};
        if (is_blank(c) && open == 0 && (i == begin || !is_blank(s[i - 1]))) // a run of blanks is looked at once
            if (auto const end = end_of_title(s, i); end != 0)
                return {unescaped(s.substr(begin, i - begin), escapes), end};
        if (c == ')' && open-- == 0)
            return {unescaped(trimmed(s.substr(begin, i - begin)), escapes), i + 1};
    }
    return {};
}

TIDINGS_DECL std::string_view markup::unescaped(std::string_view url, bool escapes)
{
    if (!escapes)
        return url;
    auto& out = texts_.emplace_back();
    for (std::size_t i = 0; i != url.size(); ++i)
    {
        if (url[i] == '\\' && i + 1 != url.size() && is_ascii_punctuation(url[i + 1]))
            ++i;
        out += url[i];
    }
    return out;
}

TIDINGS_DECL void markup::inlines(std::string_view s)
{
    std::vector<node> nodes;
    auto const links = links_in(s);
    auto link = links.begin();
    code_finder code_end(s);
    std::vector<opener> outer;
    std::vector<opener> inner;
    std::array<std::size_t, 2> outer_open{};
    std::array<std::size_t, 2> inner_open{};
    bool in_link = false;
    std::size_t text_from = 0;
    std::size_t i = 0;
    // In a web address no mark is markup.
    auto address = find_address(s, 0);
    auto address_ends = address == npos ? npos : address_end(s, address, false);
    auto const flush = [&] {
        if (text_from != i)
            nodes.push_back({.what = kind::text, .text = s.substr(text_from, i - text_from)});
    };
    while (i < s.size())
    {
        char const c = s[i];
        if (address != npos && i >= address_ends)
        {
            address = find_address(s, i);
            address_ends = address == npos ? npos : address_end(s, address, false);
        }
        if (c == '\\' && i + 1 != s.size() && is_ascii_punctuation(s[i + 1]))
        {
            flush();
            text_from = i + 1;
            i += 2;
        }
        else if (c == '\n')
        {
            flush();
            nodes.push_back({.what = kind::line_break});
            text_from = ++i;
        }
        else if (c == '`')
        {
            auto const run = run_of(s, i);
            auto const end = code_end(run, i + run);
            if (end == npos)
            {
                i += run;
                continue;
            }
            flush();
            code(nodes, s.substr(i + run, end - i - run));
            text_from = i = end + run;
        }
        else if (link != links.end() && !in_link && i == link->begin)
        {
            flush();
            nodes.push_back({.what = kind::link, .text = link->url});
            in_link = true;
            inner.clear();
            inner_open = {};
            text_from = ++i;
        }
        else if (in_link && i == link->label_end)
        {
            flush();
            nodes.push_back({.what = kind::link, .opens = false, .text = link->url});
            in_link = false;
            text_from = i = link->end;
            ++link;
        }
        else if (c == '*' || c == '~')
        {
            auto const run = run_of(s, i);
            auto const after = i + run;
            bool const opens = opens_style(s, i, run);
            bool const closes = closes_style(s, i, run);
            bool const in_address = address != npos && i > address && i < address_ends;
            bool const fits = (c == '*' ? run <= 3 : run == 2) && !in_address;
            if (fits && (opens || closes))
            {
                flush();
                // Marks within the label of a link do not reach out of it.
                marks(nodes, in_link ? inner : outer, in_link ? inner_open : outer_open, s.substr(i, run), opens,
                      closes);
                text_from = after;
            }
            i = after;
        }
        else
            ++i;
    }
    flush();
    emit(nodes);
}

TIDINGS_DECL bool markup::opens_style(std::string_view s, std::size_t at, std::size_t run) noexcept
{
    auto const after = at + run;
    if (after == s.size() || is_space(s[after]))
        return false;
    char const next = s[after];
    char const before = at == 0 ? ' ' : s[at - 1];
    if (s[at] != '*' || run > 2)
        return true;
    if (run == 2)
        return !is_one_of(next, "/)]},;|") && !(is_digit(before) && is_digit(next));
    return (is_word(next) || is_one_of(next, "\"'([{<`*~$#@!\\")) && !is_ascii_word(before) &&
           !is_one_of(before, "/.-$=:@)]}\\&%+");
}

TIDINGS_DECL bool markup::closes_style(std::string_view s, std::size_t at, std::size_t run) noexcept
{
    if (at == 0 || is_space(s[at - 1]))
        return false;
    auto const after = at + run;
    char const before = s[at - 1];
    char const next = after == s.size() ? ' ' : s[after];
    if (s[at] != '*' || run > 2)
        return true;
    if (run == 2)
        return next != '/' && !is_one_of(before, "([{") && !(is_digit(before) && is_digit(next));
    bool const extension = next == '.' && after + 1 != s.size() && is_ascii_word(s[after + 1]);
    return (is_word(before) || is_one_of(before, "\"')]}>`*~.!?:;,%")) && !is_ascii_word(next) &&
           !is_one_of(next, "/\\") && !extension;
}

TIDINGS_DECL void markup::code(std::vector<node>& nodes, std::string_view inside)
{
    // One blank on both sides is there to keep backticks apart.
    if (inside.size() > 2 && inside.front() == ' ' && inside.back() == ' ')
        inside = inside.substr(1, inside.size() - 2);
    while (true)
    {
        auto const end = inside.find('\n');
        if (auto const line = inside.substr(0, end); !line.empty())
            nodes.push_back({.what = kind::code, .text = line});
        if (end == npos)
            return;
        nodes.push_back({.what = kind::line_break});
        inside.remove_prefix(end + 1);
    }
}

TIDINGS_DECL void markup::marks(std::vector<node>& nodes, std::vector<opener>& stack,
                                std::array<std::size_t, 2>& open_marks, std::string_view run, bool opens, bool closes)
{
    char const mark = run[0];
    auto const slot = [](char c) { return c == '*' ? 0u : 1u; };
    node here{.what = kind::text, .is_marks = true};
    auto left = run.size();
    while (closes && left != 0 && open_marks[slot(mark)] != 0)
    {
        // Marks that were opened in between and are not closed here are never closed. Each is dropped once.
        while (stack.back().mark != mark)
        {
            --open_marks[slot(stack.back().mark)];
            stack.pop_back();
        }
        auto& with = stack.back();
        std::size_t const used = left >= 2 && with.left >= 2 ? 2 : 1;
        auto const what = mark == '~' ? kind::strike : used == 2 ? kind::strong : kind::emphasis;
        here.closing[here.closed++] = what;
        auto& opening = nodes[with.node];
        opening.opening[opening.opened++] = what;
        opening.text.remove_suffix(used);
        left -= used;
        with.left -= used;
        if (with.left == 0)
        {
            --open_marks[slot(mark)];
            stack.pop_back();
        }
    }
    here.text = run.substr(0, left);
    nodes.push_back(here);
    if (opens && left != 0)
    {
        stack.push_back({nodes.size() - 1, mark, left});
        ++open_marks[slot(mark)];
    }
}

TIDINGS_DECL void markup::emit(std::vector<node> const& nodes)
{
    // Bold within bold is bold: only the outermost pair of a kind is an event.
    std::array<std::size_t, 3> open{};
    auto const slot = [](kind k) { return k == kind::strong ? 0u : k == kind::emphasis ? 1u : 2u; };
    for (auto const& item : nodes)
    {
        if (!item.is_marks)
        {
            events_.push_back({.what = item.what, .opens = item.opens, .text = item.text});
            continue;
        }
        for (unsigned i = 0; i != item.closed; ++i)
            if (--open[slot(item.closing[i])] == 0)
                close(item.closing[i]);
        if (!item.text.empty())
            events_.push_back({.what = kind::text, .text = item.text});
        for (unsigned i = item.opened; i-- != 0;)
            if (open[slot(item.opening[i])]++ == 0)
                this->open(item.opening[i]);
    }
}

} // namespace tidings::inline v0::detail

#endif
