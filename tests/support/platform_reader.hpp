// What a person sees of a message: a small renderer for each platform's dialect, written from the platforms' documents
// and with nothing of the library.
//
// Where a document leaves open when a mark is one, the eager reading is taken: `*`, `**` and `~` open before anything
// but a blank and close behind anything but a blank. What survives that survives a client that is stricter.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_PLATFORM_READER_HPP
#define TIDINGS_TESTS_SUPPORT_PLATFORM_READER_HPP

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// What is seen of a message.
class seen_message
{
public:
    struct link
    {
        std::string label;
        std::string target;
        bool bare; // without brackets: the client makes the link
    };

    std::string text;
    std::vector<link> links;
    /// Mentions, colours, images and tags that are not shown.
    std::vector<std::string> tags;

    void line(std::string_view more)
    {
        if (!text.empty())
            text += '\n';
        text += more;
    }
    void add(seen_message const& other)
    {
        line(other.text);
        links.insert(links.end(), other.links.begin(), other.links.end());
        tags.insert(tags.end(), other.tags.begin(), other.tags.end());
    }
};

/// What a dialect has.
class seen_dialect
{
public:
    std::string_view pairs;       // marks that come in pairs
    std::size_t min_length = 1;   // of a mark
    bool headings = false;        // `# `
    bool lists = false;           // `- `, `1. `
    bool rules = false;           // `---`
    bool fences = false;          // ```
    bool code = false;            // `code`
    bool long_code = false;       // with several backticks
    bool entities = false;        // `&#42;`
    bool backslashes = false;     // `\*`
    bool emoji = false;           // `:OK:`
    bool joins_lines = false;     // without two blanks on both sides of a line's end
    bool underscore_ends = false; // a bare address
    std::string_view tags;        // names of tags, each with a blank behind it
};

/// Posts of Lark and Feishu: "`<at>`, `[t](url)`, lists, fenced code, `> quote`, rule, `**bold**`, `*italic*`,
/// `~underline~`, `~~strike~~`; no headings". A bare address ends at the first `_`, as seen in the clients.
inline constexpr seen_dialect seen_post{
    .pairs = "*~", .lists = true, .rules = true, .fences = true, .underscore_ends = true, .tags = "at "};
/// Cards of Lark and Feishu, JSON 2.0: CommonMark with entities, their own tags and emoji.
inline constexpr seen_dialect seen_card{.pairs = "*~_",
                                        .headings = true,
                                        .lists = true,
                                        .rules = true,
                                        .fences = true,
                                        .code = true,
                                        .long_code = true,
                                        .entities = true,
                                        .backslashes = true,
                                        .emoji = true,
                                        .underscore_ends = true,
                                        .tags = "at font a link person text_tag number_tag "};
/// DingTalk: "headings, `>` quote, bold, italic, links, images, lists; a line break needs two spaces before and after
/// `\n`". The backslash is that of every Markdown.
inline constexpr seen_dialect seen_dingtalk{
    .pairs = "*", .headings = true, .lists = true, .backslashes = true, .joins_lines = true, .tags = "font a at "};
/// WeCom: "headings, bold, links, inline code, quote, `<font>`", and `<@userid>`.
inline constexpr seen_dialect seen_wecom{
    .pairs = "*", .min_length = 2, .headings = true, .code = true, .tags = "font a @ at div "};

namespace detail {

class dialect_reader
{
public:
    explicit dialect_reader(seen_dialect const& dialect) : is_(dialect) {}

    seen_message read(std::string_view source)
    {
        std::string block;
        std::string fence;
        bool broken = false; // the line before ended with two blanks
        bool first_of_block = true;
        std::string prefix_before;
        auto const end_block = [&] {
            if (!first_of_block)
                out_.line(inlines(block));
            block.clear();
            first_of_block = true;
        };
        while (!source.empty())
        {
            auto const end = std::min(source.find('\n'), source.size());
            auto line = source.substr(0, end);
            source.remove_prefix(std::min(end + 1, source.size()));
            if (!fence.empty())
            {
                auto const bare = stripped(line);
                if (bare.size() >= fence.size() && bare.find_first_not_of('`') == bare.npos)
                    fence.clear();
                else
                    out_.line(code(line));
                continue;
            }
            bool const ends_broken = line.ends_with("  ");
            std::string prefix;
            bool starts = false;
            line = unquoted(line, prefix);
            bool const blanks = line.starts_with("  ");
            line = left_stripped(line);
            if (is_.lists && item(line))
            {
                starts = true;
                line = left_stripped(line);
                while (line.starts_with('>')) // a quote within an item
                    line = left_stripped(line.substr(1)), prefix += '>';
            }
            if (stripped(line).empty() || prefix != prefix_before)
                end_block();
            prefix_before = prefix;
            if (stripped(line).empty())
                continue;
            if (starts)
                end_block();
            if (is_.fences && line.starts_with("```") && line.find('`', line.find_first_not_of('`')) == line.npos)
            {
                end_block();
                fence = line.substr(0, line.find_first_not_of('`'));
                continue;
            }
            bool const is_heading = is_.headings && heading(line);
            if (is_heading)
                end_block();
            if (is_.rules && rule(line))
            {
                end_block();
                continue;
            }
            if (!first_of_block)
                block += !is_.joins_lines || (broken && blanks) ? '\n' : ' ';
            first_of_block = false;
            block += is_heading ? without_closing_marks(stripped(line)) : stripped(line);
            broken = ends_broken;
            if (is_heading)
                end_block();
        }
        end_block();
        return out_;
    }

private:
    static constexpr std::string_view nbsp = "\xc2\xa0";

    // CommonMark's headings may end in marks behind a blank.
    std::string_view without_closing_marks(std::string_view line) const
    {
        auto const text = line.substr(0, line.find_last_not_of('#') + 1);
        bool const closes = is_.backslashes && text.ends_with(' ');
        return closes ? stripped(text) : line;
    }

    static std::string_view left_stripped(std::string_view s)
    {
        s.remove_prefix(std::min(s.find_first_not_of(" \t"), s.size()));
        return s;
    }
    static std::string_view stripped(std::string_view s)
    {
        s = left_stripped(s);
        while (s.ends_with(' ') || s.ends_with('\t'))
            s.remove_suffix(1);
        return s;
    }
    static std::string_view unquoted(std::string_view line, std::string& prefix)
    {
        for (auto rest = left_stripped(line); rest.starts_with('>'); rest = left_stripped(line))
        {
            prefix += '>';
            line = rest.substr(1);
            if (line.starts_with(' '))
                line.remove_prefix(1);
        }
        return line;
    }
    static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\0'; }
    static bool digit(char c) { return c >= '0' && c <= '9'; }
    static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    static bool punctuation(char c) { return c > ' ' && c < 0x7f && !letter(c) && !digit(c); }

    static bool item(std::string_view& line)
    {
        bool found = false;
        while (true)
        {
            std::size_t at = 0;
            if (line.starts_with('-') || line.starts_with('+') || line.starts_with('*'))
                at = 1;
            else
            {
                while (at != line.size() && digit(line[at]))
                    ++at;
                if (at == 0 || at == line.size() || (line[at] != '.' && line[at] != ')'))
                    return found;
                ++at;
            }
            if (at != line.size() && line[at] != ' ')
                return found;
            if (rule(line))
                return found;
            line = left_stripped(line.substr(at));
            found = true;
        }
    }
    static bool heading(std::string_view& line)
    {
        auto const marks = std::min(line.find_first_not_of('#'), line.size());
        if (marks == 0 || marks > 6 || (marks != line.size() && line[marks] != ' '))
            return false;
        line.remove_prefix(marks);
        return true;
    }
    static bool rule(std::string_view line)
    {
        line = stripped(line);
        return std::count(line.begin(), line.end(), '-') >= 3 && line.find_first_not_of("- ") == line.npos;
    }

    // What code shows. A mention may be found there all the same.
    std::string code(std::string_view inside)
    {
        for (std::string_view const mention : {"<at ", "<at>", "<@"})
            if (inside.find(mention) != inside.npos)
                out_.tags.emplace_back(mention);
        return std::string(inside);
    }

    struct token
    {
        std::string text;
        char mark = '\0'; // of a run
        bool opens = false;
        bool closes = false;
        bool plain = true; // not of a link or of code
    };

    std::string inlines(std::string_view s, bool in_label = false)
    {
        std::vector<token> tokens;
        std::string plain;
        auto const flush = [&] {
            if (!plain.empty())
                tokens.push_back({plain});
            plain.clear();
        };
        auto const push = [&](std::string text) {
            flush();
            token t{std::move(text)};
            t.plain = false;
            tokens.push_back(std::move(t));
        };
        auto const at = [&](std::size_t i) { return i < s.size() ? s[i] : '\0'; };
        for (std::size_t i = 0; i < s.size();)
        {
            char const c = s[i];
            std::size_t used = 0;
            std::string text;
            if (s.substr(i).starts_with(nbsp))
            {
                plain += ' ';
                i += nbsp.size();
            }
            else if (is_.backslashes && c == '\\' && punctuation(at(i + 1)))
            {
                plain += at(i + 1);
                i += 2;
            }
            else if (is_.entities && c == '&' && (used = entity(s.substr(i), text)) != 0)
            {
                plain += text;
                i += used;
            }
            else if (is_.code && c == '`' && (used = code_span(s.substr(i), text)) != 0)
            {
                push(text);
                i += used;
            }
            else if (is_.emoji && c == ':' && (used = emoji(s.substr(i))) != 0)
            {
                out_.tags.emplace_back(s.substr(i, used));
                i += used;
            }
            else if (c == '<' && (used = tag(s.substr(i))) != 0)
            {
                out_.tags.emplace_back(s.substr(i, used));
                i += used;
            }
            else if (c == '[' && !in_label && (used = link(s, i, text)) != 0)
            {
                push(text);
                i += used;
            }
            else if (is_.pairs.find(c) != is_.pairs.npos)
            {
                auto const end = std::min(s.find_first_not_of(c, i), s.size());
                auto const before = i == 0 ? '\0' : s[i - 1];
                flush();
                token t{std::string(s.substr(i, end - i)), c};
                bool const long_enough = end - i >= is_.min_length;
                bool const within_word =
                    c == '_' && (letter(before) || digit(before)) && (letter(at(end)) || digit(at(end)));
                t.opens = long_enough && !blank(at(end)) && !within_word;
                t.closes = long_enough && !blank(before) && !within_word;
                tokens.push_back(t);
                i = end;
            }
            else
            {
                plain += c;
                ++i;
            }
        }
        flush();
        pair(tokens);
        std::string shown;
        std::string bare; // of one run of plain text
        for (auto const& t : tokens)
        {
            if (t.plain)
                bare += t.text;
            else
            {
                find_bare(bare, is_.underscore_ends, out_.links);
                bare.clear();
            }
            shown += t.text;
        }
        if (!in_label)
            find_bare(bare, is_.underscore_ends, out_.links);
        return shown;
    }

    void pair(std::vector<token>& tokens)
    {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i != tokens.size(); ++i)
        {
            auto& t = tokens[i];
            if (t.mark == '\0')
                continue;
            while (t.closes && t.text.size() >= is_.min_length)
            {
                auto const with =
                    std::find_if(open.rbegin(), open.rend(), [&](std::size_t o) { return tokens[o].mark == t.mark; });
                if (with == open.rend())
                    break;
                auto& other = tokens[*with].text;
                auto const used = std::min(std::min(other.size(), t.text.size()), std::size_t{2});
                other.resize(other.size() - used);
                t.text.resize(t.text.size() - used);
                if (other.size() < is_.min_length)
                    open.erase(std::next(with).base(), open.end());
                else
                    open.erase(with.base(), open.end());
            }
            if (t.opens && t.text.size() >= is_.min_length)
                open.push_back(i);
        }
    }

    static std::size_t entity(std::string_view s, std::string& out)
    {
        auto const end = s.substr(0, 12).find(';');
        if (end == s.npos)
            return 0;
        auto const name = s.substr(1, end - 1);
        if (name.starts_with('#') && name.size() > 1 && name.find_first_not_of("0123456789", 1) == name.npos)
        {
            out = static_cast<char>(std::stoi(std::string(name.substr(1))));
            return end + 1;
        }
        for (auto const& [known, character] : {std::pair<std::string_view, char>("lt", '<'), {"gt", '>'}, {"amp", '&'}})
            if (name == known)
            {
                out = character;
                return end + 1;
            }
        return 0;
    }

    std::size_t code_span(std::string_view s, std::string& out)
    {
        auto const run = std::min(s.find_first_not_of('`'), s.size());
        if (!is_.long_code && run != 1)
            return 0;
        for (auto at = s.find('`', run); at != s.npos;)
        {
            auto const end = std::min(s.find_first_not_of('`', at), s.size());
            if (end - at == run)
            {
                auto inside = s.substr(run, at - run);
                if (inside.find('\n') != inside.npos && !is_.long_code)
                    return 0;
                if (inside.size() > 2 && inside.front() == ' ' && inside.back() == ' ' && is_.long_code)
                    inside = inside.substr(1, inside.size() - 2);
                out = code(inside);
                return end;
            }
            at = s.find('`', end);
        }
        return 0;
    }

    static std::size_t emoji(std::string_view s)
    {
        std::size_t end = 1;
        while (end != s.size() && (letter(s[end]) || digit(s[end]) || s[end] == '_'))
            ++end;
        return end > 1 && end != s.size() && s[end] == ':' && letter(s[1]) ? end + 1 : 0;
    }

    std::size_t tag(std::string_view s) const
    {
        auto name = s.substr(1, s.find_first_of(" >=\n", 1) - 1);
        if (name.starts_with('/'))
            name.remove_prefix(1);
        if (name.starts_with('@') && name.size() > 1 && is_.tags.find("@ ") != is_.tags.npos)
            name = "@";
        if (name.empty() || is_.tags.find(std::string(name) + " ") == is_.tags.npos)
            return 0;
        auto const before = is_.tags.find(std::string(name) + " ");
        if (before != 0 && is_.tags[before - 1] != ' ')
            return 0;
        auto const end = s.find('>');
        return end == s.npos ? 0 : end + 1;
    }

    // `[label](target)`: parentheses in the target are balanced, brackets in the label, too.
    std::size_t link(std::string_view s, std::size_t begin, std::string& shown)
    {
        unsigned depth = 0;
        auto i = begin;
        for (; i != s.size(); ++i)
        {
            if (is_.backslashes && s[i] == '\\')
            {
                if (++i == s.size())
                    return 0;
                continue;
            }
            depth += s[i] == '[' ? 1u : 0u;
            if (s[i] == ']' && --depth == 0)
                break;
        }
        if (i == s.size() || s.substr(i, 2) != "](")
            return 0;
        auto const label = s.substr(begin + 1, i - begin - 1);
        auto const from = i + 2;
        depth = 0;
        for (i = from; i != s.size(); ++i)
        {
            if (blank(s[i]))
                return 0;
            depth += s[i] == '(' ? 1u : 0u;
            if (s[i] == ')' && depth-- == 0)
                break;
        }
        if (i == s.size())
            return 0;
        shown = inlines(label, true);
        out_.links.push_back({shown, std::string(s.substr(from, i - from)), false});
        if (begin != 0 && s[begin - 1] == '!')
            out_.tags.emplace_back("an image");
        return i + 1 - begin;
    }

public:
    // The links that a client makes of addresses.
    static void find_bare(std::string_view s, bool underscore_ends, std::vector<seen_message::link>& links)
    {
        for (auto at = s.find("http"); at != s.npos; at = s.find("http", at + 1))
        {
            if (!s.substr(at).starts_with("http://") && !s.substr(at).starts_with("https://"))
                continue;
            auto const foreign =
                static_cast<std::size_t>(std::find_if(s.begin() + static_cast<std::ptrdiff_t>(at), s.end(),
                                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) -
                                         s.begin());
            auto end = std::min(s.find_first_of(underscore_ends ? " \n\t<>\"_" : " \n\t<>\"", at), foreign);
            while (std::string_view(".,;:!?'").find(s[end - 1]) != std::string_view::npos)
                --end;
            auto const url = s.substr(at, end - at);
            if (std::count(url.begin(), url.end(), ')') > std::count(url.begin(), url.end(), '('))
                end = at + url.find_last_of(')');
            links.push_back({std::string(s.substr(at, end - at)), std::string(s.substr(at, end - at)), true});
            at = end - 1;
        }
    }

private:
    seen_dialect const& is_;
    seen_message out_;
};

inline std::string_view text_of(boost::json::value const& v)
{
    auto const* const s = v.if_string();
    return s ? std::string_view(s->data(), s->size()) : std::string_view();
}

inline std::string_view member(boost::json::value const& in, std::string_view name)
{
    auto const* const object = in.if_object();
    auto const* const found = object ? object->if_contains({name.data(), name.size()}) : nullptr;
    return found ? text_of(*found) : std::string_view();
}

} // namespace detail

/// Markup of one dialect.
inline seen_message see(seen_dialect const& dialect, std::string_view markup)
{
    return detail::dialect_reader(dialect).read(markup);
}

/// Plain text in which the client makes links.
inline seen_message see_plain(std::string_view text)
{
    seen_message out;
    out.text = text;
    detail::dialect_reader::find_bare(text, false, out.links);
    return out;
}

/// Text with tags only: `<a href=…>` on WeCom, `<at …>`, `<b>` and `[text](url)` on Lark and Feishu.
inline seen_message see_tagged(std::string_view text, std::initializer_list<std::string_view> tags)
{
    auto out = see_plain(text);
    for (auto const tag : tags)
        for (auto at = text.find(tag); at != text.npos; at = text.find(tag, at + 1))
            out.tags.emplace_back(tag);
    return out;
}

/// Content of Lark and Feishu.
///
/// @param content  The object that `content` or `card` holds.
inline seen_message see_lark(std::string_view msg_type, boost::json::value const& content)
{
    using detail::member;
    seen_message out;
    if (msg_type == "text")
        return see_tagged(member(content, "text"), {"<at", "<b>", "<i>", "<u>", "<s>", "]("});
    if (msg_type == "post")
    {
        auto const& post = content.as_object().begin()->value().as_object();
        for (auto const& paragraph : post.at("content").as_array())
        {
            std::string line;
            for (auto const& node : paragraph.as_array())
                if (member(node, "tag") == "md")
                    out.add(see(seen_post, member(node, "text")));
                else
                {
                    line += member(node, "text");
                    if (member(node, "tag") == "a")
                        out.links.push_back(
                            {std::string(member(node, "text")), std::string(member(node, "href")), false});
                    else if (member(node, "tag") != "text")
                        out.tags.emplace_back(member(node, "tag"));
                }
            if (!line.empty())
                out.add(see_plain(line));
        }
        return out;
    }
    auto const walk = [&out](auto const& self, boost::json::value const& v) -> void {
        if (auto const* const all = v.if_array())
            for (auto const& item : *all)
                self(self, item);
        auto const* const object = v.if_object();
        if (!object)
            return;
        auto const tag = member(v, "tag");
        if (tag == "markdown" || tag == "lark_md")
            out.add(see(seen_card, member(v, "content")));
        else if (tag == "plain_text")
            out.add(see_plain(member(v, "content")));
        else if (tag == "button")
            out.links.push_back({std::string(member(object->at("text"), "content")),
                                 std::string(member(object->at("behaviors").at(0), "default_url")), false});
        if (tag == "at" || tag == "person")
            out.tags.emplace_back(tag);
        for (auto const& item : *object)
            self(self, item.value());
    };
    walk(walk, content);
    return out;
}

/// A message of DingTalk: `kind` is a `msgKey` or a `msgtype`.
inline seen_message see_dingtalk(std::string_view kind, boost::json::value const& params)
{
    using detail::member;
    if (kind == "text" || kind == "sampleText")
        return see_plain(member(params, "content"));
    seen_message out;
    out.add(see_plain(member(params, "title")));
    out.add(see(seen_dingtalk, member(params, member(params, "text").empty() ? "markdown" : "text")));
    auto const button = [&](boost::json::value const& in, std::string const& title, std::string const& url) {
        if (member(in, title).empty())
            return;
        out.line(member(in, title));
        out.links.push_back({std::string(member(in, title)), std::string(member(in, url)), false});
    };
    button(params, "singleTitle", "singleURL");
    button(params, "single_title", "single_url");
    for (char n = '1'; n <= '5'; ++n)
        button(params, std::string("actionTitle") + n, std::string("actionURL") + n);
    for (auto const* const list : {"btns", "btn_json_list"})
        if (auto const* const all = params.as_object().if_contains(list))
            for (auto const& item : all->as_array())
            {
                button(item, "title", "actionURL");
                button(item, "title", "action_url");
            }
    return out;
}

/// A message of WeCom.
inline seen_message see_wecom(std::string_view msgtype, boost::json::value const& in)
{
    using detail::member;
    auto const text = [](std::string_view s) { return see_tagged(s, {"<a ", "<a>", "<div ", "<@", "$userName="}); };
    if (msgtype == "text")
        return text(member(in, "content"));
    if (msgtype == "markdown")
        return see(seen_wecom, member(in, "content"));
    seen_message out;
    if (msgtype == "textcard")
    {
        for (auto const* const name : {"title", "description", "btntxt"})
            out.add(text(member(in, name)));
        out.links.push_back({std::string(member(in, "btntxt")), std::string(member(in, "url")), false});
        return out;
    }
    auto const walk = [&](auto const& self, boost::json::value const& v) -> void {
        if (auto const* const all = v.if_array())
            for (auto const& item : *all)
                self(self, item);
        auto const* const object = v.if_object();
        if (!object)
            return;
        if (auto const url = member(v, "url"); !url.empty())
            out.links.push_back({std::string(member(v, "title")), std::string(url), false});
        for (auto const& item : *object)
            if (item.key() != "url" && item.key() != "card_type")
            {
                if (item.value().is_string())
                    out.add(text(detail::text_of(item.value())));
                self(self, item.value());
            }
    };
    walk(walk, in);
    return out;
}

} // namespace test

#endif
