// Writes portable Markdown in the dialect of a platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_MARKUP_WRITER_HPP
#define TIDINGS_PROVIDER_DETAIL_MARKUP_WRITER_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/provider/detail/characters.hpp>
#include <tidings/provider/detail/markup.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// U+2060 WORD JOINER: no width, no line break, and no part of any markup.
inline constexpr std::string_view word_joiner = "\xe2\x81\xa0";

/// What a dialect has, and how it is written. Empty marks: the dialect does not have it.
struct markup_dialect
{
    enum class escaping
    {
        /// Nothing is markup.
        none,
        /// The dialect documents HTML entities.
        entities,
        /// A backslash before a punctuation mark makes it literal.
        backslashes,
        /// The dialect has no escape: text stays as it is, byte by byte. What would be read as markup makes the result
        /// inexact; only a mention and a hidden link are parted, by a word joiner.
        bytes
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
    /// The characters whose pairs are markup, and how many of them in a row are at least needed.
    std::string_view pairs = {};
    std::size_t shortest_mark = 1;
    /// A web address without brackets is written as a link: the platform's own parser may end it too early.
    bool wraps_addresses = false;
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
             !(is_alphanumeric(behind_less_than[tag.size()]) || behind_less_than[tag.size()] == '_' ||
               behind_less_than[tag.size()] == ':')))
            return true;
    return false;
}

/// Whether `$userName` or `$departmentName` stands at the end of a text: WeCom replaces it and `=ID$` behind it by a
/// person's or a department's name.
constexpr bool ends_in_dollar_name(std::string_view text) noexcept
{
    for (std::string_view const name : {"$username", "$departmentname"})
        if (text.size() >= name.size() && starts_with_letters(text.substr(text.size() - name.size()), name))
            return true;
    return false;
}

/// Appends an address so that no character in it ends a link or is markup.
TIDINGS_DECL void append_url(std::string& out, std::string_view url);

/// Writes text, markup and whole documents in one dialect, line by line.
class markup_writer
{
public:
    /// @param dialect  Outlives the writer.
    explicit markup_writer(markup_dialect const& dialect) noexcept : is_(dialect) {}

    /// The text written so far.
    std::string take() &&;
    bool empty() const noexcept { return out_.empty(); }

    /// Whether all literal text of the blocks that ended is shown as it is. It may not be where the dialect has no
    /// escape.
    bool exact() const noexcept { return exact_; }

    /// Starts a paragraph, a list, a quote: on a line of its own, behind an empty line unless it is tight.
    void block(bool tight = false);

    /// A new line within a paragraph.
    void line_break();

    /// Markup of the dialect.
    void raw(std::string_view marks);

    /// Literal text of any characters. Its line ends become line breaks.
    void literal(std::string_view text);

    void open_strong() { open(strong_, is_.strong, !(is_.flat_styles && (strike_ || link_))); }
    void close_strong();

    /// Literal text in bold; the blanks around it are left out, as next to them no mark is one.
    void strong(std::string_view text);

    void open_quote(bool tight = false);
    void close_quote() { outdent(); }

    static constexpr unsigned bullet = ~0u;

    /// @param number  Or `bullet`.
    void open_item(unsigned number, bool first, bool tight);
    void close_item() { outdent(); }

    void rule(bool tight);

    /// @param url  Checked by the caller.
    void link(std::string_view label, std::string_view url);

    /// A whole document of portable Markdown.
    void document(std::string_view portable);

private:
    static constexpr auto npos = std::string_view::npos;
    using kind = markup_event::kind;

    // Of what is written literally, and so could be taken for the start or the end of code.
    void look_for_backticks(markup const& parsed);

    static std::size_t max_backticks(std::string_view text) noexcept;

    // As many backticks as no line of the code block has.
    static std::size_t fence_around(markup const& parsed, std::size_t from) noexcept;

    // ---- Marks that literal text has

    /// One or more of the same character, which could be markup.
    struct run
    {
        std::size_t at;
        std::size_t size;
        char mark; // or `own`
        bool literal;
        bool always; // whatever its neighbours are
    };

    /// Markup that was written here.
    static constexpr char own = '\0';

    /// An address without brackets.
    struct bare_address
    {
        std::size_t begin;
        std::size_t end;
    };

    // The text after the position was written last.
    void insert(std::size_t at, std::string_view what);

    void note(char c);

    bool blank_at(std::size_t at) const noexcept { return at >= out_.size() || is_blank(out_[at]) || out_[at] == '\n'; }
    bool may_open(run const& item) const noexcept;
    bool may_close(run const& item) const noexcept;

    // Finds out which marks in the block that ends here would pair, and escapes them. No pair reaches over its end.
    void end_block();

    void escape(std::vector<bool> const& live);

    // A bare address as a link.
    std::string linked(std::size_t begin, std::size_t end) const;

    // ---- Styles

    // Writes marks of a style.
    void mark(std::string_view marks, bool closes);

    static bool is_punctuation(std::string_view at) noexcept;
    bool ends_in_punctuation() const noexcept;
    void line_end();
    void line();
    void outdent();

    void open(bool& active, std::string_view marks, bool allowed);
    void close(bool& active, std::string_view marks);

    void heading(markup_event const& e, bool tight);

    void open_strike();
    void close_strike();

    void open_link();
    void close_link(std::string_view url);

    void code(std::string_view inside);

    void open_code(std::string_view language, bool tight, std::size_t fence);
    void code_line(std::string_view text);
    void close_code();
    void code_characters(std::string_view text);

    bool names_a_person() const noexcept { return is_.dollar_names && ends_in_dollar_name(out_); }

    void characters(std::string_view text, std::size_t from, std::size_t to);

    // An address without brackets. Where it could end too early or too late, it is a link of its own.
    void address(std::string_view text, std::size_t begin, std::size_t end);

    // One character of a text, and what follows it.
    void character(char c, std::string_view behind);

    static bool in_word(char c) noexcept { return is_alphanumeric(c); }
    static bool ends_word(char c) noexcept { return c == '\0' || is_blank(c) || c == '\n' || c == '\r'; }

    // Whether `<` and these begin what a platform may take for a mention, a link or a colour. What is not known yet
    // might.
    static bool may_open_tag(char c, std::string_view behind);

    // Whether the label at the start of this line is defined here. Only its first `]:` can do that.
    bool defines(char before, char c, std::string_view behind) noexcept;

    // What could define a link's target in CommonMark.
    static bool is_one_word(std::string_view line) noexcept;

    // Whether the target of a link stands here that leads to the web, to mail or to a telephone.
    static bool leads_somewhere(std::string_view behind) noexcept;

    // Whether a heading that ends so would be shown without it.
    bool ends_heading(char c, char before, std::string_view behind) const noexcept;

    // Whether a line that starts so may be a heading, a quote, a list, a rule, code or part of a table.
    bool starts_block(char c, std::string_view behind) const noexcept;

    // Whether a character is more than a character in CommonMark, or in the platform's additions to it.
    static bool is_markup(char c, char before, std::string_view behind) noexcept;

    static constexpr std::string_view tildes = "~~";

    markup_dialect const& is_;
    std::string out_;
    std::string prefix_; // of every line: quotes and the indentation of lists
    std::vector<std::size_t> indents_;
    std::vector<std::string_view> styles_; // the marks that are open
    std::vector<run> runs_;                // of the block that is being written
    std::vector<bare_address> addresses_;  // of the same
    std::string fence_;
    std::size_t join_at_ = npos; // where a word joiner belongs if a letter follows
    std::size_t literal_end_ = 0;
    std::size_t label_at_ = 0;
    bool fresh_ = true;      // this block is empty so far
    bool line_start_ = true; // this line contains only markup so far
    bool number_ = false;    // nothing but digits
    bool strong_ = false;
    bool emphasis_ = false;
    bool strike_ = false;
    bool link_ = false;
    bool in_heading_ = false;
    bool after_open_ = false;        // behind a mark that opened within a word
    bool shown_strike_ = false;      // between tildes that are shown
    bool literal_backticks_ = false; // somewhere in the document
    bool bracket_ = false;           // one opened in this block
    bool backtick_ = false;          // a literal one in this block
    bool bracketed_line_ = false;    // this line starts with one
    bool exact_ = true;
};

/// A document of portable Markdown in one dialect.
TIDINGS_DECL std::string render_markup(std::string_view portable, markup_dialect const& dialect);

/// The first line of portable Markdown with visible characters, as plain text without addresses.
///
/// @param portable   The Markdown.
/// @param max_count  Bytes. A longer line is cut at a character.
TIDINGS_DECL std::string headline_of(std::string_view portable, std::size_t max_count);

/// Portable Markdown as plain text.
TIDINGS_DECL std::string plain_markup(std::string_view portable);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/markup_writer.ipp>
#endif

#endif
