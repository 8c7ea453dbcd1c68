// Portable Markdown: what is markup in it and what is text.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/detail/markup.hpp>

#include <tidings/message/markdown.hpp>

#include "support/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace markup_test {

using tidings::detail::markup;
using kind = tidings::detail::markup_event::kind;

namespace {

// The document as tags, so that a test shows its structure.
std::string tree(std::string_view source)
{
    std::string out;
    markup const parsed(source);
    for (auto const& e : parsed.events())
    {
        auto const tag = [&](std::string const& name) { out += (e.opens ? "<" : "</") + name + ">"; };
        switch (e.what)
        {
        case kind::paragraph: tag("p"); break;
        case kind::heading: tag(e.opens ? "h" + std::to_string(e.number) : "h"); break;
        case kind::quote: tag("q"); break;
        case kind::list: tag(e.opens && e.ordered ? "ol" + std::to_string(e.number) : e.opens ? "ul" : "l"); break;
        case kind::item: tag("li"); break;
        case kind::code_block: tag(e.opens ? "pre " + std::string(e.text) : "pre"); break;
        case kind::strong: tag("b"); break;
        case kind::emphasis: tag("i"); break;
        case kind::strike: tag("s"); break;
        case kind::link: tag(e.opens ? "a " + std::string(e.text) : "a"); break;
        case kind::text: out += e.text; break;
        case kind::code: out += "{" + std::string(e.text) + "}"; break;
        case kind::code_line: out += std::string(e.text) + "|"; break;
        case kind::line_break: out += "/"; break;
        case kind::rule: out += "---"; break;
        }
    }
    return out;
}

std::string literal_text(std::string_view source)
{
    std::string out;
    markup const parsed(source);
    for (auto const& e : parsed.events())
    {
        BOOST_TEST((e.what == kind::text || e.what == kind::line_break || e.what == kind::paragraph), source);
        out += e.text;
    }
    return out;
}

std::string without_blanks(std::string_view text)
{
    std::string out;
    for (char const c : text)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            out += c;
    return out;
}

// Every opening has its end, in order, and nothing nests without bound.
void check_nesting(std::string_view source)
{
    std::vector<kind> open;
    markup const parsed(source);
    for (auto const& e : parsed.events())
    {
        if (e.what >= kind::text)
            continue;
        if (e.opens)
            open.push_back(e.what);
        else
        {
            BOOST_TEST_REQUIRE(!open.empty(), source);
            BOOST_TEST_REQUIRE((open.back() == e.what), source);
            open.pop_back();
        }
        BOOST_TEST_REQUIRE(open.size() <= 24u, source);
    }
    BOOST_TEST(open.empty(), source);
}

} // namespace

BOOST_AUTO_TEST_SUITE(portable_markdown)

BOOST_AUTO_TEST_CASE(blocks_are_told_apart)
{
    BOOST_TEST(tree("") == "");
    BOOST_TEST(tree("a") == "<p>a</p>");
    BOOST_TEST(tree("a\nb\n\n\nc") == "<p>a/b</p><p>c</p>");
    BOOST_TEST(tree("# A #\n###### B\n####### C\n#D") == "<h1>A</h><h6>B</h><p>####### C/#D</p>");
    BOOST_TEST(tree("a\n---\nb\n* * *") == "<p>a</p>---<p>b</p>---");
    BOOST_TEST(tree("> a\n> > b\nc") == "<q><p>a</p><q><p>b</p></q></q><p>c</p>");
    BOOST_TEST(tree("```cpp\nint a;\n\n  b\n```\nx") == "<pre cpp>int a;||  b|</pre><p>x</p>");
    BOOST_TEST(tree("```\na") == "<pre >a|</pre>");
    BOOST_TEST(tree("````\n```\n````") == "<pre >```|</pre>");
    BOOST_TEST(tree("a\r\nb\rc") == "<p>a/b/c</p>");
}

BOOST_AUTO_TEST_CASE(lists_have_levels)
{
    BOOST_TEST(tree("- a\n- b") == "<ul><li><p>a</p></li><li><p>b</p></li></l>");
    BOOST_TEST(tree("3. a\n4) b") == "<ol3><li><p>a</p></li><li><p>b</p></li></l>");
    BOOST_TEST(tree("- a\n  - b\n    1. c\n- d") ==
               "<ul><li><p>a</p><ul><li><p>b</p><ol1><li><p>c</p></li></l></li></l></li><li><p>d</p></li></l>");
    BOOST_TEST(tree("x\n- a\n\n- b\ny") == "<p>x</p><ul><li><p>a</p></li><li><p>b</p></li></l><p>y</p>");
    BOOST_TEST(tree("- a\n\n  b") == "<ul><li><p>a</p><p>b</p></li></l>");
    BOOST_TEST(tree("- a\n1. b") == "<ul><li><p>a</p></li></l><ol1><li><p>b</p></li></l>");
    BOOST_TEST(tree("born\n1984. x") == "<p>born/1984. x</p>");
    BOOST_TEST(tree("-a\n1.b") == "<p>-a/1.b</p>");
    BOOST_TEST(tree("-") == "<ul><li></li></l>");
    BOOST_TEST(tree("- ```\n  x\n  ```") == "<ul><li><pre >x|</pre></li></l>");
}

BOOST_AUTO_TEST_CASE(styles_pair_and_what_has_no_pair_is_text)
{
    BOOST_TEST(tree("**a** *b* ~~c~~ `d`") == "<p><b>a</b> <i>b</i> <s>c</s> {d}</p>");
    BOOST_TEST(tree("***a***") == "<p><i><b>a</b></i></p>");
    BOOST_TEST(tree("**a *b* c**") == "<p><b>a <i>b</i> c</b></p>");
    BOOST_TEST(tree("**a") == "<p>**a</p>");
    BOOST_TEST(tree("a * b * c") == "<p>a * b * c</p>");
    BOOST_TEST(tree("**a ~~b** c~~") == "<p><b>a ~~b</b> c~~</p>");
    BOOST_TEST(tree("~a~") == "<p>~a~</p>");
    BOOST_TEST(tree("**注意：**请") == "<p><b>注意：</b>请</p>");
    BOOST_TEST(tree("**a **b** c**") == "<p><b>a b c</b></p>");
    for (auto const* const text :
         {"src/*.cpp tests/*.hpp", "a*b*c", "2**10 2**3", "count(*) count(*)", "**/*.py **/*.md", "/var/*/log/*.txt",
          "*args, **kwargs", "https://e.example/*/a*b*c~~x~~ https://e.example/~~y"})
        BOOST_TEST(tree(text) == "<p>" + std::string(text) + "</p>");
    BOOST_TEST(tree("**https://e.example/a_b/** *(x)* **a**b 和*小李*，") ==
               "<p><b>https://e.example/a_b/</b> <i>(x)</i> <b>a</b>b 和<i>小李</i>，</p>");
    BOOST_TEST(tree("snake_case __init__") == "<p>snake_case __init__</p>");
    BOOST_TEST(tree("`` a`b ``") == "<p>{a`b}</p>");
    BOOST_TEST(tree("`a**b**") == "<p>`a<b>b</b></p>");
    BOOST_TEST(tree("\\**a\\*\\_ \\a") == "<p>**a*_ \\a</p>");
}

BOOST_AUTO_TEST_CASE(links_lead_to_the_web_to_mail_or_to_a_telephone)
{
    BOOST_TEST(tree("[a](https://e.example/x(y))") == "<p><a https://e.example/x(y)>a</a></p>");
    BOOST_TEST(tree("[**a**](mailto:a@e.example)") == "<p><a mailto:a@e.example><b>a</b></a></p>");
    BOOST_TEST(tree("**[a**](tel:1)**") == "<p><b><a tel:1>a**</a></b></p>");
    for (auto const* const text : {"[a](javascript:alert)", "[a](b)", "[a]()", "[a](https://)", "[a](file:///x)",
                                   "[a] (https://e.example)", "[a][b]", "[a](https://e.example"})
        BOOST_TEST(tree(text) == "<p>" + std::string(text) + "</p>");
    BOOST_TEST(tree("[a](https://e.example/x?y=disk full&z=1)") ==
               "<p><a https://e.example/x?y=disk full&z=1>a</a></p>");
    BOOST_TEST(tree("[a]( https://e.example/x )") == "<p><a https://e.example/x>a</a></p>");
    BOOST_TEST(tree("[a](<https://e.example/x (y>)") == "<p><a https://e.example/x (y>a</a></p>");
    BOOST_TEST(tree("[a](https://e.example/x \"a title\") [b](https://e.example 'x')") ==
               "<p><a https://e.example/x>a</a> <a https://e.example>b</a></p>");
    BOOST_TEST(tree("[a](https://e.example/?q=\"b c\")") == "<p><a https://e.example/?q=\"b c\">a</a></p>");
    BOOST_TEST(tree("[a](https://e.example/\\(x\\_y)") == "<p><a https://e.example/(x_y>a</a></p>");
    BOOST_TEST(tree("[a [b](https://e.example) c](https://f.example)") ==
               "<p>[a <a https://e.example>b</a> c](https://f.example)</p>");
    BOOST_TEST(tree("`[a](https://e.example)`") == "<p>{[a](https://e.example)}</p>");
    BOOST_TEST(tree("<at id=all></at> <b>x</b> &lt;") == "<p><at id=all></at> <b>x</b> &lt;</p>");
}

BOOST_AUTO_TEST_CASE(escaped_text_is_nothing_but_text)
{
    test::hostile_text next(1);
    for (int i = 0; i != 20000; ++i)
    {
        auto const said = next();
        BOOST_TEST_REQUIRE(without_blanks(literal_text(tidings::markdown::escape(said))) == without_blanks(said));
    }
    BOOST_TEST(tidings::markdown::escape("db_01 is at 3.5%") == "db\\_01 is at 3.5%");
    BOOST_TEST(tidings::markdown::escape("1. x\n- y\n# z") == "1\\. x\n\\- y\n\\# z");
}

BOOST_AUTO_TEST_CASE(every_text_makes_a_well_formed_document)
{
    test::hostile_text next(2);
    for (int i = 0; i != 20000; ++i)
        check_nesting(next(30));
    std::string bytes;
    for (int i = 0; i != 3000; ++i)
    {
        bytes.clear();
        for (auto n = next.pick(40); n != 0; --n)
            bytes += static_cast<char>(next.pick(256));
        check_nesting(bytes);
    }
}

BOOST_AUTO_TEST_CASE(no_text_takes_more_than_its_share_of_time)
{
    constexpr std::size_t size = 200'000;
    for (std::string_view const part : {"*",
                                        "**a",
                                        "*a_",
                                        "~~",
                                        "`",
                                        "`a``",
                                        "[",
                                        "](",
                                        "[](",
                                        "[](https://",
                                        "[](<https://",
                                        "[](https://a b \"",
                                        "[](https://a 'b' ",
                                        "[a](https://b)",
                                        "[a](https://(((",
                                        "> ",
                                        "- ",
                                        "1. ",
                                        " - a\n",
                                        "- a\n\n",
                                        "\n",
                                        "\\",
                                        "**a ~~b ",
                                        "```\n",
                                        "# ",
                                        "<",
                                        "a\n> ",
                                        "*a**b***c"})
    {
        std::string text;
        while (text.size() < size)
            text += part;
        auto const before = std::chrono::steady_clock::now();
        check_nesting(text.substr(0, 4000));
        markup const parsed(text);
        // Forty times what it takes on a slow machine with sanitizers; quadratic time would be minutes.
        BOOST_TEST((std::chrono::steady_clock::now() - before < std::chrono::seconds(10)), part);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace markup_test
