// Writes portable Markdown in the dialect of a platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_MARKUP_WRITER_HPP
#define TIDINGS_DETAIL_MARKUP_WRITER_HPP

#include <tidings/detail/characters.hpp>
#include <tidings/detail/markup.hpp>
#include <tidings/detail/shown_text.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::detail {

/// U+2060 WORD JOINER: no width, no line break, and no part of any markup.
inline constexpr std::string_view word_joiner = "\xe2\x81\xa0";

/// What a dialect has, and how it is written. Empty marks: the dialect does not have it.
struct markup_dialect
{
    enum class escaping
    {
        /// Nothing is markup.
        none,
        /// The dialect documents no escape. A word joiner parts what would be markup; `*`, `~`, `_` and the backtick,
        /// which no neighbour disarms, become their full-width forms unless they have no partner.
        look_alikes,
        /// The dialect documents HTML entities.
        entities
    };

    escaping escape = escaping::none;
    std::string_view strong = {};
    std::string_view emphasis = {};
    std::string_view strike = {};
    std::string_view code = {};
    /// `# `; without them a heading is bold.
    bool headings = false;
    /// Without them `- ` becomes a bullet character.
    bool lists = false;
    /// Without them code becomes a quote.
    bool fences = false;
    /// Without them the address follows in parentheses.
    bool links = false;
    /// Without them a link is its label, and list items have no bullets: for one line in a list of messages.
    bool addresses = true;
    bool quotes = true;
    /// Only bold and italics may stand within each other.
    bool flat_styles = false;
    /// A line break needs two blanks on both sides.
    bool blanks_around_breaks = false;
    /// `$userName=…$` is replaced by a person's name.
    bool dollar_names = false;
    std::string_view rule = {};
};

/// Plain text: for cards whose text has no markup.
inline constexpr markup_dialect plain_dialect{.quotes = false, .rule = "----------"};

/// One line of plain text: what a list of messages or a locked screen shows.
inline constexpr markup_dialect headline_dialect{.addresses = false, .quotes = false};

/// Whether a platform might find a mention, a link or a colour. Only there is code and plain text touched at all.
constexpr bool opens_platform_tag(std::string_view behind_less_than) noexcept
{
    if (behind_less_than.substr(0, 1) == "@")
        return true;
    if (behind_less_than.substr(0, 1) == "/")
        behind_less_than.remove_prefix(1);
    for (std::string_view const tag : {"at", "a", "font", "person", "div"})
        if (starts_with_letters(behind_less_than, tag) &&
            (behind_less_than.size() == tag.size() ||
             !(is_letter(behind_less_than[tag.size()]) || is_decimal(behind_less_than[tag.size()]) ||
               behind_less_than[tag.size()] == '_' || behind_less_than[tag.size()] == ':')))
            return true;
    return false;
}

/// Appends an address so that no character in it ends a link or is markup.
inline void append_url(std::string& out, std::string_view url)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    // Brackets and letters of any script may stand in a host, where percent signs may not.
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

/// Writes text, markup and whole documents in one dialect, line by line.
class markup_writer
{
public:
    /// @param dialect  Outlives the writer.
    explicit markup_writer(markup_dialect const& dialect) noexcept : is_(dialect) {}

    /// What was written.
    std::string take() && { return std::move(out_); }
    std::string const& str() const noexcept { return out_; }

    /// Starts a paragraph, a list, a quote: on a line of its own, behind an empty line unless it is tight.
    void block(bool tight = false)
    {
        if (!fresh_)
        {
            if (!tight)
                line_end();
            line();
        }
        fresh_ = false;
    }

    /// A new line within a paragraph.
    void line_break()
    {
        // Not every dialect lets bold reach over the end of a line.
        for (auto at = styles_.rbegin(); at != styles_.rend(); ++at)
            raw_close(*at);
        if (is_.blanks_around_breaks)
            out_ += "  ";
        line();
        if (is_.blanks_around_breaks)
            out_ += "  ";
        for (auto const marks : styles_)
            raw(marks);
    }

    /// Markup of the dialect.
    void raw(std::string_view marks)
    {
        if (marks.empty())
            return;
        // What stands before is literal and stays so: no escaped mark, no image.
        if (is_.escape != markup_dialect::escaping::none && !out_.empty() && literal_end_ == out_.size() &&
            (out_.back() == '\\' || (out_.back() == '!' && marks[0] == '[') || out_.back() == ']'))
            out_ += word_joiner;
        out_ += marks;
        line_start_ = number_ = after_open_ = false;
    }

    /// Text that is no markup, whatever stands in it. Its line ends become line breaks.
    void literal(std::string_view text)
    {
        if (after_open_ && !text.empty())
        {
            after_open_ = false;
            if (is_punctuation(text.substr(0, 3)))
                out_ += word_joiner; // CommonMark: no mark opens between a letter and a punctuation mark
        }
        for (std::size_t i = 0; i != text.size(); ++i)
        {
            char const c = text[i];
            if (c == '\r' && i + 1 != text.size() && text[i + 1] == '\n')
                continue;
            if (c == '\n' || c == '\r')
                line_break();
            else
                literal(c, i + 1 != text.size() ? text[i + 1] : '\0');
        }
    }

    void open_strong() { open(strong_, is_.strong, !(is_.flat_styles && (strike_ || link_))); }
    void close_strong()
    {
        if (!in_heading_)
            close(strong_, is_.strong);
    }

    /// Literal text in bold; the blanks around it are left out, as next to them no mark is one.
    void strong(std::string_view text)
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

    void open_quote(bool tight = false)
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
    void close_quote() { outdent(); }

    static constexpr unsigned bullet = ~0u;

    /// @param number  Or `bullet`.
    void open_item(unsigned number, bool first, bool tight)
    {
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
    void close_item() { outdent(); }

    void rule(bool tight)
    {
        // Directly below a paragraph it would make a heading of it.
        block(tight && is_.escape == markup_dialect::escaping::none);
        out_ += is_.rule;
        line_start_ = false;
    }

    /// @param url  Checked by the caller.
    void link(std::string_view label, std::string_view url)
    {
        open_link();
        literal(label);
        close_link(url);
    }

    /// A whole document of portable Markdown.
    void document(std::string_view portable)
    {
        markup const parsed(portable);
        using kind = markup_event::kind;
        auto before = kind::text; // the block that closed last
        std::vector<unsigned> counters;
        bool first_item = false;
        bool tight_list = false;
        look_for_partners(parsed);
        for (auto const& e : parsed.events())
        {
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
                    open_code(e.text, tight);
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
            case kind::text: literal(e.text); break;
            case kind::code: code(e.text); break;
            case kind::line_break: line_break(); break;
            case kind::rule: rule(tight); break;
            }
            if (!e.opens || e.what == kind::rule)
                before = e.what;
        }
        lone_star_ = lone_tilde_ = lone_backtick_ = false;
    }

private:
    // A mark that has no partner in the whole document is no markup and may stay as it is.
    void look_for_partners(markup const& parsed)
    {
        using kind = markup_event::kind;
        std::size_t stars = 0;
        std::size_t tildes = 0;
        std::size_t backticks = 0;
        for (auto const& e : parsed.events())
            if (e.what == kind::text || e.what == kind::code || e.what == kind::code_line)
                for (char const c : e.text)
                {
                    stars += c == '*';
                    tildes += c == '~';
                    backticks += c == '`';
                }
            else
            {
                constexpr std::size_t many = 2;
                stars += e.what == kind::strong || e.what == kind::emphasis || e.what == kind::heading ? many : 0;
                tildes += e.what == kind::strike ? many : 0;
                backticks += e.what == kind::code_block ? many : 0;
            }
        for (auto const& e : parsed.events())
            if (e.what == kind::code && !is_.code.empty())
                backticks += 2;
        lone_star_ = stars == 1;
        lone_tilde_ = tildes == 1;
        lone_backtick_ = backticks == 1;
    }

    static bool is_punctuation(std::string_view at) noexcept
    {
        if (at.empty())
            return false;
        if (static_cast<unsigned char>(at[0]) < 0x80)
            return is_ascii_punctuation(at[0]);
        // U+2010 to U+203F, U+3001 to U+303F, U+FF00 to U+FF65: what CJK text is punctuated with.
        auto const point = at.substr(0, 3);
        return (point >= "\xe2\x80\x90" && point <= "\xe2\x80\xbf") ||
               (point >= "\xe3\x80\x81" && point <= "\xe3\x80\xbf") ||
               (point >= "\xef\xbc\x80" && point <= "\xef\xbd\xa5");
    }
    bool ends_in_punctuation() const noexcept
    {
        if (out_.empty())
            return false;
        if (static_cast<unsigned char>(out_.back()) < 0x80)
            return is_ascii_punctuation(out_.back());
        return out_.size() >= 3 && is_punctuation(std::string_view(out_).substr(out_.size() - 3));
    }
    void raw_close(std::string_view marks)
    {
        if (ends_in_punctuation() && literal_end_ == out_.size())
            out_ += word_joiner; // CommonMark: no mark closes between a punctuation mark and a letter
        raw(marks);
    }

    void line_end()
    {
        out_ += '\n';
        auto bare = std::string_view(prefix_);
        while (!bare.empty() && bare.back() == ' ')
            bare.remove_suffix(1);
        if (is_.lists || is_.quotes)
            out_ += bare;
    }
    void line()
    {
        out_ += '\n';
        out_ += prefix_;
        line_start_ = true;
        number_ = false;
    }
    void outdent()
    {
        prefix_.resize(indents_.back());
        indents_.pop_back();
        fresh_ = false;
    }

    void open(bool& active, std::string_view marks, bool allowed)
    {
        if (active || marks.empty() || !allowed)
            return;
        bool const within_word = !line_start_ && !out_.empty() && !is_blank(out_.back());
        raw(marks);
        after_open_ = within_word;
        styles_.push_back(marks);
        active = true;
    }
    void close(bool& active, std::string_view marks)
    {
        if (!active)
            return;
        raw_close(marks);
        styles_.erase(std::find(styles_.rbegin(), styles_.rend(), marks).base() - 1);
        active = false;
    }

    void heading(markup_event const& e, bool tight)
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

    void open_strike()
    {
        if (!is_.strike.empty())
            open(strike_, is_.strike, !(is_.flat_styles && (strong_ || emphasis_ || link_)));
        else if (is_.escape != markup_dialect::escaping::none)
            raw(full_width_tildes);
    }
    void close_strike()
    {
        if (!is_.strike.empty())
            close(strike_, is_.strike);
        else if (is_.escape != markup_dialect::escaping::none)
            raw(full_width_tildes);
    }

    void open_link()
    {
        if (is_.links)
            raw("[");
        else if (!is_.addresses && !out_.empty() && out_.back() == '!')
            out_.pop_back(); // an image, of which only the description is shown
        link_ = true;
        label_at_ = out_.size();
    }
    void close_link(std::string_view url)
    {
        // Styles that a label opened ended within it.
        link_ = false;
        if (is_.links)
        {
            if (out_.size() == label_at_)
                literal(url); // nothing to click on otherwise
            raw("](");
            append_url(out_, url);
            out_ += ')';
            return;
        }
        bool const same = std::string_view(out_).substr(label_at_) == url;
        if (same || !is_.addresses)
            return;
        bool const empty = out_.size() == label_at_;
        if (!empty)
            out_ += " (";
        std::string target; // nothing but blanks ends an address that stands in a text
        for (char const c : url)
            is_blank(c) ? target += "%20" : target += c;
        literal(target);
        if (!empty)
            out_ += ')';
    }

    void code(std::string_view inside)
    {
        if (is_.code.empty())
        {
            literal(inside);
            return;
        }
        raw(is_.code);
        for (std::size_t i = 0; i != inside.size(); ++i)
        {
            if (inside[i] == '`')
                out_ += full_width_backtick;
            else
                code_character(inside, i);
        }
        out_ += is_.code;
    }

    void open_code(std::string_view language, bool tight)
    {
        if (!is_.fences)
        {
            open_quote(tight);
            return;
        }
        block(tight);
        out_ += "```";
        for (char const c : language)
            if (is_letter(c) || is_decimal(c) || c == '+' || c == '#' || c == '-')
                out_ += c;
        line_start_ = false;
    }
    void code_line(std::string_view text)
    {
        if (!is_.fences)
        {
            if (fresh_)
                block(true);
            else
                line_break(); // as the dialect wants it within a block
            literal(text);
            return;
        }
        line();
        for (std::size_t i = 0; i != text.size(); ++i)
        {
            if (text.substr(i, 3) == "```")
                out_ += word_joiner;
            code_character(text, i);
        }
    }
    void close_code()
    {
        if (!is_.fences)
        {
            close_quote();
            return;
        }
        line();
        out_ += "```";
        line_start_ = false;
    }
    void code_character(std::string_view text, std::size_t i)
    {
        out_ += text[i];
        if (text[i] == '<' && opens_platform_tag(text.substr(i + 1)))
            out_ += word_joiner;
        else if (is_.dollar_names && i + 1 != text.size() && text[i + 1] == '=' && names_a_person())
            out_ += word_joiner;
    }

    // Whether `$` and letters stand at the end.
    bool names_a_person() const noexcept
    {
        auto at = out_.size();
        while (at != 0 && is_letter(out_[at - 1]))
            --at;
        return at != 0 && at != out_.size() && out_[at - 1] == '$';
    }

    void literal(char c, char next)
    {
        if (is_.escape == markup_dialect::escaping::none)
        {
            out_ += c;
            return;
        }
        bool const entities = is_.escape == markup_dialect::escaping::entities;
        if (line_start_ && is_blank(c))
        {
            out_ += "\xc2\xa0"; // U+00A0: four blanks would make code
            return;
        }
        char const before = out_.empty() || line_start_ ? '\0' : out_.back();
        if ((line_start_ && starts_block(c, next) && !(entities && c == '>')) ||
            (number_ && (c == '.' || c == ')') && ends_word(next)))
            out_ += word_joiner;
        else if (is_.dollar_names && c == '=' && names_a_person())
            out_ += word_joiner;
        number_ = is_decimal(c) && (line_start_ || number_);
        line_start_ = false;
        if (!(entities ? entity(c, before, next) : look_alike(c, before, next)))
            out_ += c;
        literal_end_ = out_.size();
    }

    static bool in_word(char c) noexcept { return is_letter(c) || is_decimal(c); }
    static bool ends_word(char c) noexcept { return c == '\0' || is_blank(c) || c == '\n' || c == '\r'; }

    // Whether a line that starts so may be a heading, a quote, a list, a rule or part of a table.
    static bool starts_block(char c, char next) noexcept
    {
        switch (c)
        {
        case '#':
        case '>':
        case '|': return true;
        case '-':
        case '+':
        case '=': return ends_word(next) || next == c || next == '|' || next == ':';
        case ':': return next == '-';
        default: return false;
        }
    }

    bool entity(char c, char before, char next)
    {
        switch (c)
        {
        case '*': out_ += "&#42;"; return true;
        case '~': out_ += "&#126;"; return true;
        case '`': out_ += "&#96;"; return true;
        case '[': out_ += "&#91;"; return true;
        case ']': out_ += "&#93;"; return true;
        case '<': out_ += "&#60;"; return true;
        case '>': out_ += "&#62;"; return true;
        case '\\': out_ += "&#92;"; return true;
        case '_':
            if (in_word(before) && in_word(next))
                return false; // part of a name
            out_ += "&#95;";
            return true;
        case '&':
            if (!is_letter(next) && next != '#' && next != '\0')
                return false; // no entity
            out_ += "&#38;";
            return true;
        default: return false;
        }
    }

    bool look_alike(char c, char before, char next)
    {
        switch (c)
        {
        case '*':
            if (lone_star_ && !(before == '\0' && ends_word(next))) // at the start of a line it is a list
                return false;
            out_ += "\xef\xbc\x8a"; // U+FF0A
            return true;
        case '~':
            if (lone_tilde_)
                return false;
            out_ += full_width_tilde;
            return true;
        case '`':
            if (lone_backtick_)
                return false;
            out_ += full_width_backtick;
            return true;
        case '_':
            if (in_word(before) && in_word(next))
                return false;
            out_ += "\xef\xbc\xbf"; // U+FF3F
            return true;
        case '[':
        case ']':
            if (!link_)
                break;
            out_ += c == '[' ? "\xef\xbc\xbb" : "\xef\xbc\xbd"; // U+FF3B, U+FF3D: a label ends at its own bracket
            return true;
        default: break;
        }
        bool const tag = before == '<' && (is_letter(c) || c == '/' || c == '@' || c == '!' || c == '?');
        bool const target = before == ']' && (c == '(' || c == '[' || c == ':');
        if (tag || target)
            out_ += word_joiner;
        return false;
    }

    static constexpr std::string_view full_width_tilde = "\xef\xbd\x9e"; // U+FF5E
    static constexpr std::string_view full_width_tildes = "\xef\xbd\x9e\xef\xbd\x9e";
    static constexpr std::string_view full_width_backtick = "\xef\xbd\x80"; // U+FF40

    markup_dialect const& is_;
    std::string out_;
    std::string prefix_; // of every line: quotes and the indentation of lists
    std::vector<std::size_t> indents_;
    std::vector<std::string_view> styles_; // the marks that are open
    std::size_t literal_end_ = 0;
    std::size_t label_at_ = 0;
    bool fresh_ = true;      // nothing stands in this block yet
    bool line_start_ = true; // nothing but markup stands in this line yet
    bool number_ = false;    // nothing but digits
    bool strong_ = false;
    bool emphasis_ = false;
    bool strike_ = false;
    bool link_ = false;
    bool in_heading_ = false;
    bool after_open_ = false; // behind a mark that opened within a word
    bool lone_star_ = false;
    bool lone_tilde_ = false;
    bool lone_backtick_ = false;
};

/// A document of portable Markdown in one dialect.
inline std::string render_markup(std::string_view portable, markup_dialect const& dialect)
{
    markup_writer out(dialect);
    out.document(clean_text(std::string(portable)));
    return std::move(out).take();
}

/// The first line of portable Markdown that shows something, as plain text without addresses.
///
/// @param most  Bytes. What is longer is cut at a character.
inline std::string headline_of(std::string_view portable, std::size_t most)
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
            if (length + next > most)
                break;
            length += next;
        }
        return std::string(line.substr(0, length));
    }
    return {};
}

/// Portable Markdown as plain text.
inline std::string plain_markup(std::string_view portable)
{
    return render_markup(portable, plain_dialect);
}

} // namespace tidings::detail

#endif
