// The model of what a person sees: that it finds the markup which the platforms' documents describe.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform_reader.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace platform_reader_test {

using test::see;

namespace {

std::string text(test::seen_dialect const& dialect, std::string_view markup)
{
    return see(dialect, markup).text;
}

// "label -> target" of the only link.
std::string link(test::seen_message const& seen)
{
    if (seen.links.size() != 1)
        return std::to_string(seen.links.size()) + " links";
    return seen.links[0].label + " -> " + seen.links[0].target;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_model_of_a_reader)

BOOST_AUTO_TEST_CASE(sees_the_marks_of_each_dialect_and_no_others)
{
    BOOST_TEST(text(test::seen_post, "**a** *b* ~c~ ~~d~~ ***e*** `f` __g__ # h") == "a b c d e `f` __g__ # h");
    BOOST_TEST(text(test::seen_card, "# **a** *b* ~~d~~ `f*` ``g`h`` &#42;i&#42; \\*j\\*") == "a b d f* g`h *i* *j*");
    BOOST_TEST(text(test::seen_dingtalk, "# **a** *b* ~~d~~ `f` \\*j\\*") == "a b ~~d~~ `f` *j*");
    BOOST_TEST(text(test::seen_wecom, "## **a** *b* ~~d~~ `f**`") == "a *b* ~~d~~ f**");
    BOOST_TEST(text(test::seen_dingtalk, "src/*.cpp a/*.hpp") == "src/.cpp a/.hpp"); // what it would do to patterns
    BOOST_TEST(text(test::seen_dingtalk, "a * b * c, ls *.c *.h, rm *") == "a * b * c, ls *.c *.h, rm *");
    BOOST_TEST(text(test::seen_wecom, "**/*.py **/*.md a**b**c") != "**/*.py **/*.md a**b**c");
}

BOOST_AUTO_TEST_CASE(sees_lines_as_each_dialect_breaks_them)
{
    BOOST_TEST(text(test::seen_dingtalk, "a\nb  \n  c\n\nd\n- e\n- f") == "a b\nc\nd\ne\nf");
    BOOST_TEST(text(test::seen_dingtalk, "> a\n> b") == "a b");
    BOOST_TEST(text(test::seen_wecom, "a\nb\n> c\n> `d`") == "a\nb\nc\nd");
    BOOST_TEST(text(test::seen_post, "- a\n    1. b\n```sh\n*c*\n```\n --- \nd") == "a\nb\n*c*\nd");
    BOOST_TEST(text(test::seen_card, "````\n```\n````") == "```");
    BOOST_TEST(text(test::seen_wecom, "- a\n1. b") == "- a\n1. b"); // has no lists
    BOOST_TEST(text(test::seen_dingtalk, "\\- a") == "- a");
}

BOOST_AUTO_TEST_CASE(sees_links_and_where_they_lead)
{
    BOOST_TEST(link(see(test::seen_post, "[a_b](https://e.example/c_d)")) == "a_b -> https://e.example/c_d");
    BOOST_TEST(link(see(test::seen_card, "[a &#91;b&#93;](https://e.example/(x))")) ==
               "a [b] -> https://e.example/(x)");
    BOOST_TEST(link(see(test::seen_dingtalk, "x [a \\] b](y)")) == "a ] b -> y");
    BOOST_TEST(see(test::seen_dingtalk, "x[a]\\(y)").links.empty());
    BOOST_TEST(see(test::seen_wecom, "`[a](y)`").links.empty());
    BOOST_TEST(link(see(test::seen_post, "see https://e.example/a_b now")) ==
               "https://e.example/a -> https://e.example/a");
    BOOST_TEST(link(see(test::seen_wecom, "(https://e.example/a_b(c)).")) ==
               "https://e.example/a_b(c) -> https://e.example/a_b(c)");
    BOOST_TEST(see(test::seen_post, "![a](https://e.example)").tags.size() == 1u);
}

BOOST_AUTO_TEST_CASE(sees_who_is_mentioned)
{
    BOOST_TEST(see(test::seen_post, "<at user_id=\"all\"></at>").tags.size() == 2u);
    BOOST_TEST(see(test::seen_post, "```\n<at user_id=\"all\"></at>\n```").tags.size() == 1u);
    BOOST_TEST(see(test::seen_card, "<at id=all></at> &#60;at id=all> :OK:").tags.size() == 3u);
    BOOST_TEST(see(test::seen_wecom, "<@all> <font color=\"info\">x</font>").tags.size() == 3u);
    BOOST_TEST(see(test::seen_wecom, "<b> <x@all> vector<int>").tags.empty());
    BOOST_TEST(test::see_tagged("a <at user_id=\"all\"></at>", {"<at"}).tags.size() == 1u);
}

BOOST_AUTO_TEST_CASE(sees_every_part_of_a_message)
{
    auto const json = [](char const* s) { return boost::json::parse(s); };
    BOOST_TEST(test::see_lark("post", json(R"({"zh_cn":{"content":[[{"tag":"text","text":"*a* "},
        {"tag":"a","text":"b","href":"https://e.example"}],[{"tag":"md","text":"*c*"}]]}})"))
                   .text == "*a* b\nc");
    BOOST_TEST(test::see_lark("interactive", json(R"({"header":{"title":{"tag":"plain_text","content":"*t*"}},
        "body":{"elements":[{"tag":"markdown","content":"**a**"}]}})"))
                   .text == "*t*\na");
    BOOST_TEST(test::see_dingtalk("sampleText", json(R"({"content":"*a*"})")).text == "*a*");
    auto const card = test::see_dingtalk("sampleActionCard2", json(R"({"title":"*t*","text":"*a*","actionTitle1":"b",
        "actionURL1":"c","actionTitle2":"d","actionURL2":"e"})"));
    BOOST_TEST(card.text == "*t*\na\nb\nd");
    BOOST_TEST(card.links.size() == 2u);
    auto const wecom =
        test::see_wecom("template_card", json(R"({"card_type":"text_notice","main_title":{"title":"**t**"},
        "horizontal_content_list":[{"keyname":"k","value":"v"}],"jump_list":[{"title":"j","url":"u"}]})"));
    BOOST_TEST(wecom.text == "**t**\nk\nv\nj");
    BOOST_TEST(link(wecom) == "j -> u");
    BOOST_TEST(test::see_wecom("text", json(R"({"content":"<a href=x>y</a> **z**"})")).tags.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace platform_reader_test
