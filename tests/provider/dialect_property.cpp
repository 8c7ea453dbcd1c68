// Whatever people write, it is text: no dialect finds markup or a mention in it, and all of it is there.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk/dialect.hpp>
#include <tidings/provider/lark/dialect.hpp>
#include <tidings/provider/wecom/dialect.hpp>

#include <tidings/detail/utf8.hpp>
#include <tidings/message/notice.hpp>

#include "support/hostile_text.hpp"
#include "support/platform_reader.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace dialect_property_test {

using tidings::markdown;
using tidings::notice;

namespace {

bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void replace_all(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

// Without blanks, and without the word joiners that keep mentions and links from being any.
std::string bare(std::string text)
{
    for (std::string_view const blank : {"\xe2\x81\xa0", "\xc2\xa0", " ", "\t", "\n", "\r"})
        replace_all(text, blank, "");
    return text;
}

// A link that does not show where it leads.
std::string hidden_link(test::seen_message const& seen)
{
    for (auto const& one : seen.links)
        if (!one.bare && one.label.find("://") == one.label.npos)
            return one.label + " leads to " + one.target;
    return {};
}

class dialect
{
public:
    dialect(char const* n, std::string (*r)(std::string_view), test::seen_dialect const& s)
        : name(n), render(r), seen(s), wecom(&s == &test::seen_wecom)
    {
    }

    // Whether the dialect can show a text as it is: two have no escape.
    bool shows_all(std::string_view portable, std::string_view said) const
    {
        if (&seen == &test::seen_post)
            return tidings::providers::lark::post_is_exact(portable); // else it is sent as a card
        return !wecom || said.find_first_of("`*") == said.npos;
    }

    char const* name;
    std::string (*render)(std::string_view);
    test::seen_dialect const& seen;
    bool wecom;
};

std::array<dialect, 4> dialects()
{
    return {dialect("post", tidings::providers::lark::render_markdown, test::seen_post),
            dialect("card", tidings::providers::lark::render_card_markdown, test::seen_card),
            dialect("dingtalk", tidings::providers::dingtalk::render_markdown, test::seen_dingtalk),
            dialect("wecom", tidings::providers::wecom::render_markdown, test::seen_wecom)};
}

// Mentions, colours and links that nobody asked for, in whatever markup.
std::string mention_in(std::string text, bool wecom)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return letter(c) ? static_cast<char>(c | 0x20) : c; });
    for (std::string_view const one : {"<at ", "<at>", "</at", "<@", "<font", "<a ", "<person", "$username="})
        if (text.find(one) != text.npos && (wecom || one[0] != '$'))
            return std::string(one);
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(dialects_are_safe)

BOOST_AUTO_TEST_CASE(escaped_text_is_text_in_every_dialect_and_all_of_it_is_there)
{
    for (auto const& d : dialects())
    {
        test::hostile_text next(10);
        std::size_t all = 0;
        for (int i = 0; i != 10000; ++i)
        {
            auto const said = next();
            auto const escaped = markdown::escape(said);
            auto const shown = d.render(escaped);
            auto const seen = test::see(d.seen, shown);
            BOOST_TEST_REQUIRE(seen.tags.empty(), d.name << ": " << said << " -> " << shown);
            BOOST_TEST_REQUIRE(hidden_link(seen) == "", d.name << ": " << said << " -> " << shown);
            bool const same = bare(seen.text) == bare(said);
            BOOST_TEST_REQUIRE((same || !d.shows_all(escaped, said)),
                               d.name << ": " << said << " -> " << shown << " -> " << seen.text);
            all += same;
            BOOST_TEST_REQUIRE(tidings::detail::find_invalid_utf8(shown) == shown.npos);
        }
        // Most of the rest has backticks, which WeCom's dialect cannot show.
        BOOST_TEST(all >= (d.wecom ? 5000u : 3000u), d.name << ": " << all);
    }
}

BOOST_AUTO_TEST_CASE(no_markdown_mentions_anybody_in_any_dialect)
{
    for (auto const& d : dialects())
    {
        test::hostile_text next(11);
        for (int i = 0; i != 10000; ++i)
        {
            auto const said = next(25);
            auto const shown = d.render(said);
            BOOST_TEST_REQUIRE(mention_in(shown, d.wecom) == "", d.name << ": " << said << " -> " << shown);
            BOOST_TEST_REQUIRE(tidings::detail::find_invalid_utf8(shown) == shown.npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(plain_text_stays_as_it_is_and_mentions_nobody)
{
    test::hostile_text next(12);
    for (int i = 0; i != 10000; ++i)
    {
        auto const said = next();
        BOOST_TEST_REQUIRE(tidings::providers::dingtalk::plain_text(said) == said);

        auto shown = tidings::providers::wecom::plain_text(said);
        BOOST_TEST_REQUIRE(mention_in(shown, true) == "", said);
        replace_all(shown, "\xe2\x81\xa0", "");
        BOOST_TEST_REQUIRE(shown == said);

        auto const post = boost::json::parse(tidings::providers::lark::plain_text(said, "en_us"));
        std::string lines;
        for (auto const& paragraph : post.at("en_us").at("content").as_array())
        {
            BOOST_TEST_REQUIRE(paragraph.as_array().size() == 1u);
            auto const& element = paragraph.at(0);
            BOOST_TEST_REQUIRE((element.at("tag") == "text"));
            BOOST_TEST_REQUIRE(!element.at("un_escape").as_bool());
            if (&paragraph != post.at("en_us").at("content").as_array().begin())
                lines += '\n';
            auto const& text = element.at("text").as_string();
            BOOST_TEST_REQUIRE(!text.empty()); // which the platform refuses
            lines += std::string_view(text);
        }
        std::string expected = said;
        replace_all(expected, "\r\n", "\n");
        if (expected.empty() || expected.front() == '\n')
            expected.insert(0, " ");
        while (expected.find("\n\n") != expected.npos)
            expected.replace(expected.find("\n\n"), 2, "\n \n");
        if (expected.back() == '\n')
            expected += ' ';
        BOOST_TEST_REQUIRE(lines == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_post_is_no_longer_than_its_text_is_said_to_cost)
{
    test::hostile_text next(14);
    for (int i = 0; i != 3000; ++i)
    {
        auto const said = next(40);
        tidings::detail::wiped_string request;
        tidings::wire::json_writer json(request);
        tidings::providers::lark::write_plain_text(json.open_document(), said, "en_us");
        json.close_document();
        constexpr std::size_t around = 100;
        BOOST_TEST_REQUIRE(request.size() <= tidings::providers::lark::plain_text_cost()(said) + around);
    }
}

BOOST_AUTO_TEST_CASE(no_text_of_a_notice_mentions_anybody)
{
    test::hostile_text next(13);
    auto const line = [&] {
        auto text = next();
        std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
        return "t" + text;
    };
    for (int i = 0; i != 2000; ++i)
    {
        notice what(line());
        what.level(static_cast<tidings::severity>(next.pick(4)));
        for (auto n = next.pick(9); n != 0; --n)
            what.fact(line(), line());
        if (next.pick(2) == 0)
            what.body(next());
        else
            what.body(markdown(next()));
        for (auto n = next.pick(8); n != 0; --n)
            what.button(line(), "https://e.example/?a=(b)&c=*");
        what.footer(line());
        BOOST_TEST_REQUIRE(what.check().has_value());
        using namespace tidings;
        for (auto const& [card, of_wecom] : {std::pair(providers::lark::notice_card(what), false),
                                             {providers::dingtalk::notice_for_robot(what), false},
                                             {providers::dingtalk::notice_for_webhook(what), false},
                                             {providers::dingtalk::notice_for_work(what), false},
                                             {providers::wecom::notice_for_app(what), true},
                                             {providers::wecom::notice_for_webhook(what), true}})
        {
            // Every string of a document is looked at as the platform reads it: without the escapes of JSON.
            std::function<void(boost::json::value const&, std::string const&)> const look =
                [&, &made = card, wecom = of_wecom](boost::json::value const& v, std::string const& key) {
                    if (auto const* const object = v.if_object())
                    {
                        bool const plain = object->contains("tag") && object->at("tag") == "plain_text";
                        for (auto const& member : *object)
                            if (!plain)
                                look(member.value(), std::string(member.key()));
                    }
                    else if (auto const* const array = v.if_array())
                        for (auto const& one : *array)
                            look(one, key);
                    else if (auto const* const string = v.if_string())
                    {
                        std::string text(string->data(), string->size());
                        // DingTalk's titles and buttons have no markup; the colour of WeCom's is ours.
                        bool const title = made.type() != "template_card" && made.type() != "textcard" &&
                                           key != "text" && key != "markdown" && key != "content";
                        if (made.type() == "markdown" && key == "content")
                            for (auto const* const ours : {"<font color=\"info\">", "<font color=\"warning\">",
                                                           "<font color=\"comment\">", "</font>"})
                                replace_all(text, ours, "");
                        if (!title)
                            BOOST_TEST_REQUIRE(mention_in(text, wecom) == "", made.type()
                                                                                  << ' ' << key << ": " << text);
                    }
                };
            look(boost::json::parse(card.json()), "");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_a_dialect_lacks_is_still_readable)
{
    using namespace tidings;
    BOOST_TEST(providers::lark::render_markdown("# **a** b") == "**a b**");
    BOOST_TEST(providers::lark::render_markdown("**a ~~b~~**") == "**a b**");
    BOOST_TEST(providers::lark::render_markdown("***a***") == "***a***");
    BOOST_TEST(providers::lark::render_markdown("`x*`") == "x*");
    BOOST_TEST(providers::dingtalk::render_markdown("a\nb") == "a  \n  b");
    BOOST_TEST(providers::dingtalk::render_markdown("**a\nb**") == "**a**  \n  **b**");
    BOOST_TEST(providers::wecom::render_markdown("1. a\n2. b\n   - c") == "1. a\n2. b\n\xe3\x80\x80• c");
    BOOST_TEST(providers::wecom::render_markdown("*a* `b`") == "a `b`");
    BOOST_TEST(detail::plain_markup("# a\n**b** [c](https://e.example) [https://e.example](https://e.example)") ==
               "a\nb c (https://e.example) https://e.example");
}

BOOST_AUTO_TEST_CASE(code_keeps_its_lines_on_dingtalk_wherever_it_stands)
{
    using namespace tidings;
    std::string const code = "```\nstop app\nclean\nstart app\n```";
    std::string const lines = "> stop app  \n>   clean  \n>   start app";
    BOOST_TEST(providers::dingtalk::render_markdown("Run:\n" + code) == "Run:\n" + lines);
    BOOST_TEST(providers::dingtalk::render_markdown("- ```\n  a\n  b\n  ```") == "- > a  \n    >   b");
    BOOST_TEST(providers::dingtalk::render_markdown("> ```\n> a\n> b\n> ```") == "> > a  \n> >   b");
    auto const alarm = notice("T").body(markdown(code));
    for (auto const& made : {providers::dingtalk::notice_for_robot(alarm), providers::dingtalk::notice_for_work(alarm),
                             providers::dingtalk::notice_for_webhook(alarm)})
    {
        auto const text = boost::json::parse(made.json()).at("text").as_string();
        BOOST_TEST((std::string_view(text).find(lines) != std::string_view::npos), text);
    }
}

BOOST_AUTO_TEST_CASE(a_mark_without_a_partner_stays_what_it_is)
{
    using namespace tidings;
    BOOST_TEST(providers::lark::render_markdown("~/.profile of *.cpp") == "~/.profile of *.cpp");
    BOOST_TEST(providers::lark::render_markdown("2 \\* 3 \\* 4") == "2 * 3 * 4");
    BOOST_TEST(providers::dingtalk::render_markdown("ls *.log *.txt") == "ls *.log *.txt");
    BOOST_TEST(providers::dingtalk::render_markdown("rm -rf *") == "rm -rf *");
    BOOST_TEST(providers::dingtalk::render_markdown("snake_case stays") == "snake_case stays");
    BOOST_TEST(providers::dingtalk::render_markdown("-5 °C and 3.14") == "-5 °C and 3.14");
}

BOOST_AUTO_TEST_CASE(where_marks_would_pair_each_dialect_keeps_them_in_its_own_way)
{
    using namespace tidings;
    std::string const globs = "src/*.cpp test/*.hpp";
    BOOST_TEST(providers::dingtalk::render_markdown(globs) == "src/\\*.cpp test/\\*.hpp");
    BOOST_TEST(providers::lark::render_card_markdown(globs) == "src/&#42;.cpp test/&#42;.hpp");
    BOOST_TEST(!providers::lark::post_is_exact(globs)); // sent as a card
    BOOST_TEST(providers::lark::post_is_exact("ls *.log *.txt __init__ a_b ~/x ~/y"));
    BOOST_TEST(providers::wecom::render_markdown(globs) == globs); // one asterisk is no mark
    BOOST_TEST(providers::wecom::render_markdown("src/**/x test/**/y") == "`src/**/x` `test/**/y`");
    BOOST_TEST(providers::wecom::render_markdown("f[x](y) [x](https://e.example/a\\b)") ==
               "`f[x](y)` [x](https://e.example/a%5Cb)");
    BOOST_TEST(providers::dingtalk::render_markdown("f[x](y)") == "f[x]\\(y)");
    BOOST_TEST(providers::lark::render_card_markdown("``a`b``") == "``a`b``");
    BOOST_TEST(providers::lark::render_card_markdown("````\n```\n````") == "````\n```\n````");
    BOOST_TEST(providers::lark::render_card_markdown("\\:OK: 1:2:3") == "&#58;OK: 1:2:3");
    BOOST_TEST(providers::wecom::render_markdown("```\nrm -rf *\na`b\n```") == "> `rm -rf *`\n> a`b");
}

BOOST_AUTO_TEST_CASE(no_text_takes_more_than_its_share_of_time_in_any_dialect)
{
    constexpr std::size_t size = 40'000;
    for (std::string_view const part : {"**:**a", "\\*", "http://[", "**/x ", "https://h/*/a ", "见https://h/**/a_b请",
                                        "f[x](y)", "](y)", "- *a\n", "[](", "[]:", " "})
    {
        std::string text = part == " " ? "[x](a" : "[ ";
        while (text.size() < size)
            text += part;
        auto const escaped = markdown::escape(text);
        auto const before = std::chrono::steady_clock::now();
        for (auto const& d : dialects())
            BOOST_TEST(!(d.render(text) + d.render(escaped)).empty());
        // Twenty times what it takes with sanitizers on a machine that is busy; quadratic time would be minutes.
        BOOST_TEST((std::chrono::steady_clock::now() - before < std::chrono::seconds(10)), part);
    }
}

BOOST_AUTO_TEST_CASE(a_bracket_in_an_address_is_no_label_of_what_follows)
{
    using namespace tidings;
    auto const shown = providers::dingtalk::render_markdown("http://a.example/[x]`(http://evil.example)`");
    BOOST_TEST(shown.find("](") == std::string::npos, shown);
}

BOOST_AUTO_TEST_CASE(addresses_without_brackets_arrive_whole)
{
    using namespace tidings;
    std::string const kibana = "https://kibana.example.com/app/discover#/?_g=(a:1)&_a=(b:2)";
    std::string const target = "https://kibana.example.com/app/discover#/?_g=%28a:1%29&_a=%28b:2%29";
    BOOST_TEST(providers::dingtalk::render_markdown("Logs: " + kibana) == "Logs: " + kibana);
    BOOST_TEST(providers::wecom::render_markdown("Logs: " + kibana) == "Logs: " + kibana);
    BOOST_TEST(providers::lark::render_markdown("Logs: " + kibana) == "Logs: [" + kibana + "](" + target + ")");
    BOOST_TEST(test::see(test::seen_card, providers::lark::render_card_markdown("(" + kibana + "), x")).text ==
               "(" + kibana + "), x");
    std::string const tildes = "https://h.example.com/~a/ and https://h.example.com/~b/";
    BOOST_TEST(providers::wecom::render_markdown(tildes) == tildes);
    BOOST_TEST(providers::dingtalk::render_markdown(tildes) == tildes);
    BOOST_TEST(providers::dingtalk::render_markdown("**https://e.example/a_b**") ==
               "**[https://e.example/a_b](https://e.example/a_b)**");
    BOOST_TEST(providers::wecom::render_markdown("见https://e.example/x。") ==
               "见[https://e.example/x](https://e.example/x)。");
    BOOST_TEST(providers::dingtalk::render_markdown("a\\_b https://e.example/\\_\\_x") == "a_b https://e.example/__x");
}

BOOST_AUTO_TEST_CASE(addresses_end_where_they_should)
{
    using namespace tidings;
    BOOST_TEST(providers::dingtalk::render_markdown("[a](https://e.example/x(y)?z=*&w=~)") ==
               "[a](https://e.example/x%28y%29?z=%2A&w=%7E)");
    BOOST_TEST(providers::wecom::render_markdown("[a](https://例え.jp/é$userName=a$)") ==
               "[a](https://例え.jp/%C3%A9%24userName=a%24)");
    BOOST_TEST(providers::lark::render_markdown("[](https://e.example)") == "[https://e.example](https://e.example)");
    BOOST_TEST(providers::lark::render_card_markdown("[a](javascript:x)") == "&#91;a&#93;(javascript:x)");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dialect_property_test
