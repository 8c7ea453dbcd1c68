// Writes portable Markdown in the dialect of a platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_MARKUP_WRITER_IPP
#define TIDINGS_PROVIDER_IMPL_MARKUP_WRITER_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/provider/detail/characters.hpp>
#include <tidings/provider/detail/markup.hpp>
#include <tidings/provider/detail/markup_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_DECL void append_url(std::string& out, std::string_view url)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    // A host may contain brackets and letters of any script, but no percent signs.
    auto const scheme = url.find("://");
    auto const host_end = scheme == url.npos ? 0 : std::min(url.find_first_of("/?#", scheme + 3), url.size());
    for (std::size_t i = 0; i != url.size(); ++i)
    {
        auto const c = static_cast<unsigned char>(url[i]);
        constexpr std::string_view never = "()<>\"\\`*~$|{}^ ";
        bool const in_host = i < host_end;
        bool const encode = c < 0x20 || c == 0x7f || never.find(url[i]) != never.npos ||
                            (!in_host && (c >= 0x80 || c == '[' || c == ']'));
        if (!encode)
        {
            out += url[i];
            continue;
        }
        out += '%';
        out += hex[c >> 4];
        out += hex[c & 0xf];
    }
}

TIDINGS_DECL std::string markup_writer::take() &&
{
    end_block();
    return std::move(out_);
}

TIDINGS_DECL void markup_writer::block(bool tight)
{
    if (is_.lists || (!tight && !fresh_))
        end_block(); // else the lines of lists, and what is tight, are one paragraph to the platform
    if (!fresh_)
    {
        if (!tight)
            line_end();
        line();
    }
    fresh_ = false;
}

TIDINGS_DECL void markup_writer::line_break()
{
    // Not every dialect lets bold reach over the end of a line.
    for (auto at = styles_.rbegin(); at != styles_.rend(); ++at)
        mark(*at, true);
    if (is_.blanks_around_breaks)
        out_ += "  ";
    line();
    if (is_.blanks_around_breaks)
        out_ += "  ";
    for (auto const marks : styles_)
        mark(marks, false);
}

TIDINGS_DECL void markup_writer::raw(std::string_view marks)
{
    if (marks.empty())
        return;
    // The text before is literal and stays so: no escaped mark, no image.
    if (is_.escape != markup_dialect::escaping::none && !out_.empty() && literal_end_ == out_.size())
    {
        if (out_.back() == '\\' && is_.escape == markup_dialect::escaping::backslashes)
            out_ += '\\';
        else if (out_.back() == '\\' || ((out_.back() == '!' || out_.back() == ']') && marks[0] == '['))
            out_ += word_joiner;
    }
    if (marks[0] == '[')
        bracket_ = true;
    if (is_.pairs.find(marks[0]) == npos)
        runs_.push_back({out_.size(), marks.size(), own, false, false});
    out_ += marks;
    line_start_ = number_ = after_open_ = false;
}

TIDINGS_DECL void markup_writer::literal(std::string_view text)
{
    if (text.empty())
        return;
    if (after_open_)
    {
        after_open_ = false;
        if (is_punctuation(text.substr(0, 3)))
            out_ += word_joiner; // CommonMark: no mark opens between a letter and a punctuation mark
    }
    if (join_at_ != npos && !is_punctuation(text.substr(0, 3)) && static_cast<unsigned char>(text[0]) > ' ')
        insert(join_at_, word_joiner); // nor does one close between a punctuation mark and a letter
    join_at_ = npos;
    std::size_t from = 0;
    if (is_.links && !link_)
        for (auto begin = find_address(text, 0); begin != npos; begin = find_address(text, from))
        {
            auto const end = address_end(text, begin);
            characters(text, from, begin);
            address(text, begin, end);
            from = end;
        }
    characters(text, from, text.size());
}

TIDINGS_DECL void markup_writer::close_strong()
{
    if (!in_heading_)
        close(strong_, is_.strong);
}

TIDINGS_DECL void markup_writer::strong(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    if (text.empty())
        return;
    open_strong();
    literal(text);
    close_strong();
}

TIDINGS_DECL void markup_writer::open_quote(bool tight)
{
    block(tight);
    if (is_.quotes)
    {
        out_ += "> ";
        indents_.push_back(prefix_.size());
        prefix_ += "> ";
    }
    else
        indents_.push_back(prefix_.size());
    line_start_ = true;
    fresh_ = true;
}

TIDINGS_DECL void markup_writer::open_item(unsigned number, bool first, bool tight)
{
    if (is_.lists)
        end_block();
    if (first)
        block(tight);
    else if (!fresh_)
        line();
    if (number != bullet)
        out_ += std::to_string(number) + ". ";
    else if (is_.lists || is_.addresses)
        out_ += is_.lists ? "- " : "\xe2\x80\xa2 "; // U+2022
    indents_.push_back(prefix_.size());
    if (is_.lists)
        prefix_ += "    "; // four blanks a level are read by every dialect
    else
        prefix_ += "\xe3\x80\x80"; // U+3000, as blanks at the start of a line are not shown
    line_start_ = true;
    number_ = false;
    fresh_ = true;
}

TIDINGS_DECL void markup_writer::rule(bool tight)
{
    // Directly below a paragraph it would make a heading of it.
    block(tight && is_.escape == markup_dialect::escaping::none);
    out_ += is_.rule;
    line_start_ = false;
}

TIDINGS_DECL void markup_writer::link(std::string_view label, std::string_view url)
{
    open_link();
    literal(label);
    close_link(url);
}

TIDINGS_DECL void markup_writer::document(std::string_view portable)
{
    markup const parsed(portable);
    auto before = kind::text; // the block that closed last
    std::vector<unsigned> counters;
    bool first_item = false;
    bool tight_list = false;
    look_for_backticks(parsed);
    std::string text; // of several steps: an address or a word does not end at a backslash
    for (std::size_t i = 0; i != parsed.events().size(); ++i)
    {
        auto const& e = parsed.events()[i];
        if (e.what == kind::text)
        {
            text += e.text;
            if (i + 1 != parsed.events().size() && parsed.events()[i + 1].what == kind::text)
                continue;
            literal(text);
            text.clear();
            continue;
        }
        // Some blocks would swallow the line below them, or be swallowed by the one above.
        bool const running = e.what == kind::paragraph || (e.what == kind::heading && !is_.headings);
        bool const below_quote = before == kind::quote || (before == kind::code_block && !is_.fences);
        bool const joins = e.what == kind::quote || e.what == kind::code_block;
        bool const parted = (running && (below_quote || before == kind::list)) || (joins && below_quote);
        bool const tight = e.tight && !parted;
        switch (e.what)
        {
        case kind::paragraph:
            if (e.opens)
                block(tight);
            break;
        case kind::heading: heading(e, tight); break;
        case kind::quote:
            if (e.opens)
                open_quote(tight);
            else
                close_quote();
            break;
        case kind::list:
            if (e.opens)
            {
                counters.push_back(e.ordered ? e.number : bullet);
                first_item = true;
                tight_list = tight && before != kind::list;
            }
            else
                counters.pop_back();
            break;
        case kind::item:
            if (e.opens)
            {
                auto& counter = counters.back();
                open_item(counter, first_item, tight_list);
                if (counter != bullet)
                    ++counter;
            }
            else
                close_item();
            first_item = false;
            break;
        case kind::code_block:
            if (e.opens)
                open_code(e.text, tight, fence_around(parsed, i + 1));
            else
                close_code();
            break;
        case kind::code_line: code_line(e.text); break;
        case kind::strong: e.opens ? open_strong() : close_strong(); break;
        case kind::emphasis:
            e.opens ? open(emphasis_, is_.emphasis, !(is_.flat_styles && (strike_ || link_)))
                    : close(emphasis_, is_.emphasis);
            break;
        case kind::strike: e.opens ? open_strike() : close_strike(); break;
        case kind::link: e.opens ? open_link() : close_link(e.text); break;
        case kind::text: break;
        case kind::code: code(e.text); break;
        case kind::line_break: line_break(); break;
        case kind::rule: rule(tight); break;
        }
        if (!e.opens || e.what == kind::rule)
            before = e.what;
    }
}

TIDINGS_DECL void markup_writer::look_for_backticks(markup const& parsed)
{
    literal_backticks_ = false;
    for (auto const& e : parsed.events())
        if ((e.what == kind::text || e.what == kind::code) && e.text.find('`') != npos)
            literal_backticks_ = true;
}

TIDINGS_DECL std::size_t markup_writer::max_backticks(std::string_view text) noexcept
{
    std::size_t max_length = 0;
    for (auto at = text.find('`'); at != npos; at = text.find('`', at))
    {
        auto const end = std::min(text.find_first_not_of('`', at), text.size());
        max_length = std::max(max_length, end - at);
        at = end;
    }
    return max_length;
}

TIDINGS_DECL std::size_t markup_writer::fence_around(markup const& parsed, std::size_t from) noexcept
{
    std::size_t fence = 3;
    for (auto i = from; i != parsed.events().size() && parsed.events()[i].what == kind::code_line; ++i)
        fence = std::max(fence, max_backticks(parsed.events()[i].text) + 1);
    return fence;
}

TIDINGS_DECL void markup_writer::insert(std::size_t at, std::string_view what)
{
    out_.insert(at, what);
    for (auto item = runs_.rbegin(); item != runs_.rend() && item->at >= at; ++item)
        item->at += what.size();
    if (literal_end_ > at)
        literal_end_ += what.size();
}

TIDINGS_DECL void markup_writer::note(char c)
{
    if (is_.pairs.find(c) == npos || (link_ && is_.escape == markup_dialect::escaping::bytes && !is_.code.empty()))
        return; // a label has no code to put it in
    if (!runs_.empty() && runs_.back().literal && runs_.back().mark == c &&
        runs_.back().at + runs_.back().size == out_.size())
        ++runs_.back().size;
    else
        runs_.push_back({out_.size(), 1, c, true, false});
}

TIDINGS_DECL bool markup_writer::may_open(run const& item) const noexcept
{
    return item.size >= is_.shortest_mark && !blank_at(item.at + item.size);
}

TIDINGS_DECL bool markup_writer::may_close(run const& item) const noexcept
{
    return item.size >= is_.shortest_mark && item.at != 0 && !blank_at(item.at - 1);
}

TIDINGS_DECL void markup_writer::end_block()
{
    join_at_ = npos;
    if (!runs_.empty())
    {
        std::vector<bool> live(runs_.size());
        for (char const mark : is_.pairs)
        {
            bool opened = false;
            for (std::size_t i = 0; i != runs_.size(); ++i)
                if (runs_[i].mark == mark)
                {
                    live[i] = live[i] || (opened && may_close(runs_[i]));
                    opened = opened || may_open(runs_[i]);
                }
            bool closes = false;
            for (auto i = runs_.size(); i-- != 0;)
                if (runs_[i].mark == mark)
                {
                    live[i] = live[i] || (closes && may_open(runs_[i]));
                    closes = closes || may_close(runs_[i]);
                }
        }
        for (std::size_t i = 0; i != runs_.size(); ++i)
        {
            auto const touches = [&](std::size_t a, std::size_t b) {
                return runs_[a].mark == runs_[b].mark && runs_[a].at + runs_[a].size == runs_[b].at;
            };
            if ((i != 0 && touches(i - 1, i)) || (i + 1 != runs_.size() && touches(i, i + 1)) || runs_[i].always)
                live[i] = true;
        }
        escape(live);
    }
    runs_.clear();
    addresses_.clear();
    bracket_ = backtick_ = false;
}

TIDINGS_DECL void markup_writer::escape(std::vector<bool> const& live)
{
    // Of each, where the markup of ours before it ends and that behind it begins.
    std::vector<std::size_t> from(runs_.size());
    std::vector<std::size_t> to(runs_.size());
    for (std::size_t i = 0, end = 0; i != runs_.size(); ++i)
    {
        from[i] = end;
        if (!runs_[i].literal)
            end = std::max(end, runs_[i].at + runs_[i].size);
    }
    for (auto i = runs_.size(), begin = out_.size(); i-- != 0;)
    {
        to[i] = begin;
        if (!runs_[i].literal)
            begin = std::min(begin, runs_[i].at);
    }
    std::string out;
    std::size_t written = 0; // of `out_`
    auto const replace = [&](std::size_t begin, std::size_t end, std::string_view by) {
        out.append(out_, written, begin - written);
        out += by;
        written = end;
    };
    auto within = addresses_.begin();
    for (std::size_t i = 0; i != runs_.size(); ++i)
    {
        auto const& item = runs_[i];
        if (!live[i] || !item.literal || item.at < written)
            continue;
        while (within != addresses_.end() && within->end <= item.at)
            ++within;
        bool const in_address = within != addresses_.end() && within->begin <= item.at;
        if (is_.escape == markup_dialect::escaping::backslashes)
        {
            if (in_address)
                replace(within->begin, within->end, linked(within->begin, within->end));
            else
                for (std::size_t n = 0; n != item.size; ++n)
                    replace(item.at + n, item.at + n, "\\");
            continue;
        }
        auto const shares = [&](std::size_t other) {
            return other < runs_.size() && runs_[other].literal && runs_[other].at < within->end &&
                   runs_[other].size >= is_.shortest_mark;
        };
        if (in_address && !shares(i + 1)) // the only one in a label has no partner there
        {
            replace(within->begin, within->end, linked(within->begin, within->end));
            continue;
        }
        // The word as code, where nothing is markup.
        auto begin = item.at;
        auto end = item.at + item.size;
        bool wraps = !is_.code.empty() && !backtick_;
        if (wraps)
        {
            constexpr std::size_t max_length = 512; // on each side
            auto const first = std::max({from[i], written, item.at - std::min(item.at, max_length)});
            auto const last = std::min(to[i], end + max_length);
            while (begin != first && !blank_at(begin - 1))
                --begin;
            while (end < last && !blank_at(end))
                ++end;
            auto const bracket = std::string_view(out_).substr(begin, item.at - begin).find('[');
            wraps = !item.always || bracket != npos;
        }
        if (wraps)
        {
            std::string code(is_.code);
            code.append(out_, begin, end - begin);
            code += is_.code;
            replace(begin, end, code);
            continue;
        }
        exact_ = false;
        if (item.always)
            replace(item.at, item.at, word_joiner);
    }
    out.append(out_, written);
    if (literal_end_ == out_.size())
        literal_end_ = out.size();
    out_ = std::move(out);
}

TIDINGS_DECL std::string markup_writer::linked(std::size_t begin, std::size_t end) const
{
    auto const url = out_.substr(begin, end - begin);
    char const before = begin == 0 ? ' ' : out_[begin - 1];
    std::string out(before == '!' || before == ']' || before == '\\' ? word_joiner : std::string_view());
    out += '[';
    for (char const c : url)
    {
        bool const markup = is_.pairs.find(c) != npos || c == '[' || c == ']';
        if (markup && is_.escape == markup_dialect::escaping::backslashes)
            out += '\\';
        out += c;
    }
    out += "](";
    append_url(out, url);
    out += ')';
    return out;
}

TIDINGS_DECL void markup_writer::mark(std::string_view marks, bool closes)
{
    auto const before = out_.size();
    bool const punctuated = closes && literal_end_ == before && ends_in_punctuation();
    raw(marks);
    if (punctuated)
        join_at_ = before;
    if (is_.pairs.find(marks[0]) != npos)
        runs_.push_back({out_.size() - marks.size(), marks.size(), marks[0], false, false});
}

TIDINGS_DECL bool markup_writer::is_punctuation(std::string_view at) noexcept
{
    if (at.empty())
        return false;
    if (static_cast<unsigned char>(at[0]) < 0x80)
        return is_ascii_punctuation(at[0]);
    // U+2010 to U+203F, U+3001 to U+303F, U+FF00 to U+FF65: what CJK text is punctuated with.
    auto const point = at.substr(0, 3);
    return (point >= "\xe2\x80\x90" && point <= "\xe2\x80\xbf") ||
           (point >= "\xe3\x80\x81" && point <= "\xe3\x80\xbf") || (point >= "\xef\xbc\x80" && point <= "\xef\xbd\xa5");
}

TIDINGS_DECL bool markup_writer::ends_in_punctuation() const noexcept
{
    if (out_.empty())
        return false;
    if (static_cast<unsigned char>(out_.back()) < 0x80)
        return is_ascii_punctuation(out_.back());
    return out_.size() >= 3 && is_punctuation(std::string_view(out_).substr(out_.size() - 3));
}

TIDINGS_DECL void markup_writer::line_end()
{
    out_ += '\n';
    auto bare = std::string_view(prefix_);
    while (!bare.empty() && bare.back() == ' ')
        bare.remove_suffix(1);
    if (is_.lists || is_.quotes)
        out_ += bare;
}

TIDINGS_DECL void markup_writer::line()
{
    join_at_ = npos;
    out_ += '\n';
    out_ += prefix_;
    line_start_ = true;
    number_ = false;
}

TIDINGS_DECL void markup_writer::outdent()
{
    prefix_.resize(indents_.back());
    indents_.pop_back();
    fresh_ = false;
}

TIDINGS_DECL void markup_writer::open(bool& active, std::string_view marks, bool allowed)
{
    if (active || marks.empty() || !allowed)
        return;
    bool const within_word = !line_start_ && !out_.empty() && !is_blank(out_.back());
    mark(marks, false);
    after_open_ = within_word;
    styles_.push_back(marks);
    active = true;
}

TIDINGS_DECL void markup_writer::close(bool& active, std::string_view marks)
{
    if (!active)
        return;
    mark(marks, true);
    styles_.erase(std::find(styles_.rbegin(), styles_.rend(), marks).base() - 1);
    active = false;
}

TIDINGS_DECL void markup_writer::heading(markup_event const& e, bool tight)
{
    if (e.opens)
    {
        block(tight);
        if (is_.headings)
        {
            raw(std::string_view("######").substr(0, e.number));
            out_ += ' ';
        }
        else
            open_strong();
        in_heading_ = !is_.headings;
    }
    else if (in_heading_)
    {
        in_heading_ = false;
        close_strong();
    }
}

TIDINGS_DECL void markup_writer::open_strike()
{
    if (!is_.strike.empty())
        open(strike_, is_.strike, !(is_.flat_styles && (strong_ || emphasis_ || link_)));
    else if (is_.escape != markup_dialect::escaping::none)
    {
        raw(tildes);
        shown_strike_ = true;
    }
}

TIDINGS_DECL void markup_writer::close_strike()
{
    if (!is_.strike.empty())
        close(strike_, is_.strike);
    else if (is_.escape != markup_dialect::escaping::none)
    {
        raw(tildes);
        shown_strike_ = false;
    }
}

TIDINGS_DECL void markup_writer::open_link()
{
    if (is_.links)
        raw("[");
    else if (!is_.addresses && !out_.empty() && out_.back() == '!')
        out_.pop_back(); // an image, of which only the description is shown
    link_ = true;
    label_at_ = out_.size();
}

TIDINGS_DECL void markup_writer::close_link(std::string_view url)
{
    // Styles that a label opened ended within it.
    if (is_.links && out_.size() == label_at_)
        characters(url, 0, url.size()); // nothing to click on otherwise
    link_ = false;
    if (is_.links)
    {
        raw("](");
        append_url(out_, url);
        out_ += ')';
        runs_.push_back({label_at_ - 1, out_.size() - label_at_ + 1, own, false, false});
        return;
    }
    bool const same = std::string_view(out_).substr(label_at_) == url;
    if (same || !is_.addresses)
        return;
    bool const empty = out_.size() == label_at_;
    if (!empty)
        out_ += " (";
    std::string target; // only blanks end an address in a text
    for (char const c : url)
        is_blank(c) ? target += "%20" : target += c;
    literal(target);
    if (!empty)
        out_ += ')';
}

TIDINGS_DECL void markup_writer::code(std::string_view inside)
{
    bool const escapes = is_.escape == markup_dialect::escaping::entities;
    if (is_.code.empty() || (!escapes && literal_backticks_))
    {
        literal(inside);
        return;
    }
    // CommonMark: more backticks than the code has, and a blank that is not shown between them and it.
    std::string const marks(max_backticks(inside) + 1, '`');
    bool const pads = inside.front() == '`' || inside.back() == '`' ||
                      (inside.front() == ' ' && inside.back() == ' ' && inside.find_first_not_of(' ') != npos);
    raw(marks);
    if (pads && escapes)
        out_ += ' ';
    code_characters(inside);
    if (pads && escapes)
        out_ += ' ';
    raw(marks);
}

TIDINGS_DECL void markup_writer::open_code(std::string_view language, bool tight, std::size_t fence)
{
    if (!is_.fences)
    {
        open_quote(tight);
        return;
    }
    block(tight);
    fence_.assign(fence, '`');
    exact_ = exact_ && (fence == 3 || is_.escape == markup_dialect::escaping::entities);
    out_ += fence_;
    for (char const c : language)
        if (is_alphanumeric(c) || c == '+' || c == '#' || c == '-')
            out_ += c;
    line_start_ = false;
}

TIDINGS_DECL void markup_writer::code_line(std::string_view text)
{
    if (!is_.fences)
    {
        if (fresh_)
            block(true);
        else
            line_break(); // as the dialect wants it within a block
        if (is_.code.empty() || text.find('`') != npos || text.find_first_not_of(" \t") == npos)
            literal(text);
        else
        {
            raw(is_.code);
            code_characters(text);
            out_ += is_.code;
        }
        return;
    }
    line();
    code_characters(text);
}

TIDINGS_DECL void markup_writer::close_code()
{
    if (!is_.fences)
    {
        close_quote();
        return;
    }
    line();
    out_ += fence_;
    line_start_ = false;
}

TIDINGS_DECL void markup_writer::code_characters(std::string_view text)
{
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        if (text[i] == '=' && names_a_person())
            out_ += word_joiner;
        out_ += text[i];
        if (text[i] == '<' && opens_platform_tag(text.substr(i + 1)))
            out_ += word_joiner;
    }
}

TIDINGS_DECL void markup_writer::characters(std::string_view text, std::size_t from, std::size_t to)
{
    for (auto i = from; i != to; ++i)
    {
        char const c = text[i];
        if (c == '\r' && i + 1 != text.size() && text[i + 1] == '\n')
            continue;
        if (c == '\n' || c == '\r')
            line_break();
        else
            character(c, text.substr(i + 1));
    }
}

TIDINGS_DECL void markup_writer::address(std::string_view text, std::size_t begin, std::size_t end)
{
    auto const url = text.substr(begin, end - begin);
    bool const runs_on = end != text.size() && static_cast<unsigned char>(text[end]) >= 0x80;
    // Two marks in one label would pair; as code they do not.
    bool const as_code =
        is_.escape == markup_dialect::escaping::bytes && !is_.code.empty() && url.find("**") != url.rfind("**");
    if (!as_code && (is_.wraps_addresses || runs_on || !styles_.empty() || shown_strike_))
    {
        open_link();
        characters(text, begin, end);
        close_link(url);
        return;
    }
    auto const at = out_.size();
    bracket_ = bracket_ || url.find('[') != npos;
    for (char const c : url)
    {
        note(c);
        if (c == '=' && names_a_person())
            out_ += word_joiner;
        out_ += c;
    }
    addresses_.push_back({at, out_.size()});
    line_start_ = number_ = false;
    literal_end_ = out_.size();
}

TIDINGS_DECL void markup_writer::character(char c, std::string_view behind)
{
    if (is_.escape == markup_dialect::escaping::none)
    {
        out_ += c;
        return;
    }
    if (line_start_ && is_blank(c))
    {
        out_ += "\xc2\xa0"; // U+00A0: blanks are not shown there, and four of them would make code
        return;
    }
    char const before = out_.empty() || line_start_ ? '\0' : out_.back();
    char const next = behind.empty() ? '\0' : behind[0];
    bool const starts = (line_start_ && starts_block(c, behind)) || ends_heading(c, before, behind) ||
                        (number_ && is_.lists && (c == '.' || c == ')') && ends_word(next));
    bool const targets = before == ']' && bracket_ && literal_end_ == out_.size() && c == '(';
    if (line_start_)
        bracketed_line_ = c == '[';
    number_ = is_digit(c) && (line_start_ || number_);
    line_start_ = false;
    bracket_ = bracket_ || c == '[';
    backtick_ = backtick_ || c == '`';
    if (c == '=' && names_a_person())
        out_ += word_joiner;
    switch (is_.escape)
    {
    case markup_dialect::escaping::none: break;
    case markup_dialect::escaping::entities:
        if (starts || is_markup(c, before, behind))
            ((out_ += "&#") += std::to_string(static_cast<int>(c))) += ';';
        else
            out_ += c;
        break;
    case markup_dialect::escaping::backslashes:
        if (before == '<' && may_open_tag(c, behind))
            out_ += word_joiner;
        if (starts || targets || (c == '\\' && is_ascii_punctuation(next)) || (link_ && (c == '[' || c == ']')) ||
            defines(before, c, behind))
            out_ += '\\';
        else
            note(c);
        out_ += c;
        break;
    case markup_dialect::escaping::bytes:
        if (before == '<' && may_open_tag(c, behind))
        {
            out_ += word_joiner;
            exact_ = false;
        }
        if (targets && !is_.code.empty() && !link_ && !leads_somewhere(behind))
            runs_.push_back({out_.size(), 1, c, true, true});
        else if (starts || targets)
        {
            out_ += word_joiner;
            exact_ = false;
        }
        else if (link_ && (c == '[' || c == ']'))
            exact_ = false;
        else
            note(c);
        out_ += c;
        break;
    }
    literal_end_ = out_.size();
}

TIDINGS_DECL bool markup_writer::may_open_tag(char c, std::string_view behind)
{
    std::string name(1, c);
    constexpr std::size_t max_length = 8;
    name += behind.substr(0, max_length);
    bool const unfinished = behind.size() < max_length && name.find_first_not_of("/@abcdefghijklmnopqrstuvwxyz"
                                                                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == npos;
    return unfinished || opens_platform_tag(name);
}

TIDINGS_DECL bool markup_writer::defines(char before, char c, std::string_view behind) noexcept
{
    if (before != ']' || c != ':' || !bracketed_line_)
        return false;
    bracketed_line_ = false;
    return is_one_word(behind);
}

TIDINGS_DECL bool markup_writer::is_one_word(std::string_view line) noexcept
{
    line = line.substr(0, line.find_first_of("\r\n"));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    auto const end = line.find_first_of(" \t");
    return end == npos || line.find_first_not_of(" \t", end) == npos || line.find_first_of("\"'(", end) != npos;
}

TIDINGS_DECL bool markup_writer::leads_somewhere(std::string_view behind) noexcept
{
    constexpr std::size_t max_length = 256; // what is longer is taken for one, and not read again and again
    auto const target = behind.substr(0, max_length);
    auto const end = target.find_first_of(")\n");
    if (end == npos && behind.size() > max_length)
        return true;
    auto const read = target.substr(0, end);
    return read.find_first_of(":.") != npos || read.find("//") != npos;
}

TIDINGS_DECL bool markup_writer::ends_heading(char c, char before, std::string_view behind) const noexcept
{
    if (c != '#' || !is_.headings || is_.escape == markup_dialect::escaping::bytes || !is_blank(before))
        return false;
    behind.remove_prefix(std::min(behind.find_first_not_of('#'), behind.size()));
    behind.remove_prefix(std::min(behind.find_first_not_of(" \t"), behind.size()));
    return behind.empty() || behind[0] == '\n' || behind[0] == '\r';
}

TIDINGS_DECL bool markup_writer::starts_block(char c, std::string_view behind) const noexcept
{
    bool const common_mark = is_.escape != markup_dialect::escaping::bytes;
    char const next = behind.empty() ? '\0' : behind[0];
    auto const nothing_but = [&](std::string_view these) {
        auto const line = behind.substr(0, behind.find_first_of("\r\n"));
        return line.find_first_not_of(these) == npos;
    };
    switch (c)
    {
    case '#':
    {
        auto const marks = std::min(behind.find_first_not_of('#'), behind.size());
        return is_.headings && ends_word(marks == behind.size() ? '\0' : behind[marks]);
    }
    case '>': return is_.quotes;
    case '|': return is_.escape == markup_dialect::escaping::entities;
    case '+':
    case '*': return is_.lists && (ends_word(next) || (c == '*' && nothing_but("* \t")));
    case '-': return is_.lists && (ends_word(next) || nothing_but("- \t"));
    case '=': return common_mark && nothing_but("=");
    case '`': return is_.fences && behind.starts_with("``");
    default: return false;
    }
}

TIDINGS_DECL bool markup_writer::is_markup(char c, char before, std::string_view behind) noexcept
{
    char const next = behind.empty() ? '\0' : behind[0];
    switch (c)
    {
    case '*':
    case '~':
    case '`':
    case '[':
    case ']':
    case '<':
    case '>':
    case '\\': return true;
    case '_': return !(in_word(before) && in_word(next)); // else part of a name
    case '&': return is_letter(next) || next == '#' || next == '\0';
    case ':':
    {
        // `:OK:` would be an emoji.
        auto const end = behind.substr(0, 40).find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                "0123456789_");
        return is_letter(next) && end != npos && behind[end] == ':';
    }
    default: return false;
    }
}

TIDINGS_DECL std::string render_markup(std::string_view portable, markup_dialect const& dialect)
{
    markup_writer out(dialect);
    out.document(clean_text(std::string(portable)));
    return std::move(out).take();
}

TIDINGS_DECL std::string headline_of(std::string_view portable, std::size_t max_count)
{
    auto const all = render_markup(portable, headline_dialect);
    for (std::string_view rest = all; !rest.empty();)
    {
        auto const end = std::min(rest.find('\n'), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!shows_something(line))
            continue;
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        std::size_t length = 0;
        while (length != line.size())
        {
            auto const next = cluster_length(line, length);
            if (length + next > max_count)
                break;
            length += next;
        }
        return std::string(line.substr(0, length));
    }
    return {};
}

TIDINGS_DECL std::string plain_markup(std::string_view portable)
{
    return render_markup(portable, plain_dialect);
}

} // namespace tidings::inline v0::detail

#endif
