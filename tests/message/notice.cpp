// Notices: what they hold, what is wrong with them, how they are read from JSON.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/message/notice.hpp>

#include <tidings/message/notice_json.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace notice_test {

using tidings::localized;
using tidings::notice;
using tidings::severity;

namespace {

std::string problem(tidings::result<void> const& r)
{
    return r ? std::string() : std::string(r.error().facts()->detail);
}

std::string problem(std::string_view json)
{
    auto const r = notice::from_json(json);
    BOOST_TEST(r.has_error());
    if (r)
        return {};
    BOOST_TEST((r.error().code() == tidings::errc::message_invalid));
    return std::string(r.error().facts()->detail);
}

} // namespace

BOOST_AUTO_TEST_SUITE(notices)

BOOST_AUTO_TEST_CASE(a_notice_holds_what_it_was_given)
{
    auto const n = notice(localized("Disk").in("zh", "磁盘"))
                       .level(severity::warning)
                       .fact("Host", "db-01")
                       .body(tidings::markdown("**x**"))
                       .button("Open", "https://e.example")
                       .footer("f");
    BOOST_TEST(n.title().view("zh") == "磁盘");
    BOOST_TEST((n.level() == severity::warning));
    BOOST_TEST(n.facts().at(0).label().view() == "Host");
    BOOST_TEST(n.facts().at(0).value().view() == "db-01");
    BOOST_TEST(n.body_is_markdown());
    BOOST_TEST(n.buttons().at(0).url() == "https://e.example");
    BOOST_TEST(n.footer().view() == "f");
    BOOST_TEST(n.check().has_value());
    auto plain = n;
    plain.body("x");
    BOOST_TEST(!plain.body_is_markdown());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_notice_is_said_with_its_place)
{
    BOOST_TEST(problem(notice("").check()) == "the title is empty");
    BOOST_TEST(problem(notice(localized("a").in("zh", "")).check()) == "the title is empty (zh)");
    for (auto const* const blank : {" ", "\n\n", "\xe2\x80\x8b", "\xe3\x80\x80", "\x01\x02", "\x1b[31m \x1b[0m"})
    {
        BOOST_TEST(problem(notice(blank).check()) == "the title is empty");
        BOOST_TEST(problem(notice("a").fact(blank, "b").check()) == "fact 1: the label is empty");
        BOOST_TEST(problem(notice("a").body(blank).check()) == "");
        BOOST_TEST(notice("a").body(blank).body().empty());
    }
    BOOST_TEST(problem(notice("a\xff").check()) == "the title is not valid UTF-8 at byte 1");
    BOOST_TEST(problem(notice("a").fact("b", "c").fact("", "d").check()) == "fact 2: the label is empty");
    BOOST_TEST(problem(notice("a").body(tidings::markdown("\xc3")).check()) == "the body is not valid UTF-8 at byte 0");
    BOOST_TEST(problem(notice("a").button("", "https://e.example").check()) == "button 1: the label is empty");
    BOOST_TEST(problem(notice("a").button("b", "javascript:x").check()).starts_with("button 1: the URL must start"));
    BOOST_TEST(problem(notice("a").button("b", "https://e.exa mple/").check()).starts_with("button 1: the URL must"));
    BOOST_TEST(problem(notice("a").fact("b", "").check()) == "");

    notice many("a");
    for (std::size_t i = 0; i != notice::max_facts; ++i)
        many.fact("b", "c");
    for (std::size_t i = 0; i != notice::max_buttons; ++i)
        many.button("b", "https://e.example");
    BOOST_TEST(many.check().has_value());
    BOOST_TEST(problem(notice(many).fact("b", "c").check()) == "a notice may have 30 facts; this one has 31");
    BOOST_TEST(problem(notice(many).button("b", "https://e.example").check()) ==
               "a notice may have 8 buttons; this one has 9");
}

BOOST_AUTO_TEST_CASE(a_line_break_in_a_line_becomes_a_slash)
{
    auto const n = notice("Deploy\nof db")
                       .fact("Commit\r\nmessage", "fix: a\n\nbody line\n  Signed-off-by: x\n")
                       .body("x\ty\r\nz")
                       .button("Open\nit", "https://e.example")
                       .footer(localized("a\rb").in("zh", "甲\n乙"));
    BOOST_TEST(n.check().has_value());
    BOOST_TEST(n.title().view() == "Deploy / of db");
    BOOST_TEST(n.facts()[0].label().view() == "Commit / message");
    BOOST_TEST(n.facts()[0].value().view() == "fix: a / body line / Signed-off-by: x");
    BOOST_TEST(n.body().view() == "x\ty\r\nz");
    BOOST_TEST(n.buttons()[0].label().view() == "Open / it");
    BOOST_TEST(n.footer().view() == "a / b");
    BOOST_TEST(n.footer().view("zh") == "甲 / 乙");
    BOOST_TEST(notice("a").fact("b", "C:\\dir \"x\"").facts()[0].value().view() == "C:\\dir \"x\"");
}

BOOST_AUTO_TEST_CASE(what_no_platform_shows_is_left_out_of_a_notice)
{
    auto const n = notice("\x1b[1mT\x1b[0m")
                       .fact("a\x01", "b\x7f")
                       .body("\x1b[31mFAILED\x1b[0m\nx\b")
                       .footer("\xef\xbb\xbf"
                               "f");
    BOOST_TEST(n.check().has_value());
    BOOST_TEST(n.title().view() == "T");
    BOOST_TEST(n.facts()[0].label().view() == "a");
    BOOST_TEST(n.facts()[0].value().view() == "b");
    BOOST_TEST(n.body().view() == "FAILED\nx");
    BOOST_TEST(n.footer().view() == "f");
}

BOOST_AUTO_TEST_CASE(what_no_address_may_have_is_encoded_in_the_address_of_a_button)
{
    auto const url = [](char const* given) { return notice("a").button("b", given).buttons()[0].url(); };
    BOOST_TEST(url("https://mon.example.com/mutes/add?rule=disk full&host=db-1") ==
               "https://mon.example.com/mutes/add?rule=disk%20full&host=db-1");
    BOOST_TEST(url(" https://e.example/x \n") == "https://e.example/x");
    BOOST_TEST(url("https://e.example/?q=\"a|b\"#<c>") == "https://e.example/?q=%22a%7Cb%22#%3Cc%3E");
    BOOST_TEST(notice("a").button("b", "https://e.example/a b").check().has_value());
    for (auto const* const same : {"https://e.example/(a)_b*c~d,e;f=g%20h?i=[j]&k='l'#m!$", "https://例え.jp/é", "x y"})
        BOOST_TEST(url(same) == same);
}

BOOST_AUTO_TEST_CASE(buttons_open_pages_of_the_web_and_nothing_else)
{
    for (auto const* const good :
         {"https://e.example", "HTTP://e.example:81/a?b=c#d", "http://[::1]/", "https://例え.jp/"})
        BOOST_TEST(notice::is_web_url(good), good);
    for (auto const* const bad : {"", "e.example", "ftp://e.example", "https://", "https:///x", "https://e.example/a b",
                                  "https://e.example/\n", "https://e.example/<at>", "javascript:alert(1)", "https://?x",
                                  "https://e.example/\xff", "mailto:a@e.example"})
        BOOST_TEST(!notice::is_web_url(bad), bad);
    BOOST_TEST(notice::is_web_url("https://e/" + std::string(2038, 'x')));
    BOOST_TEST(!notice::is_web_url("https://e/" + std::string(2039, 'x')));
}

BOOST_AUTO_TEST_CASE(a_notice_is_read_from_json)
{
    auto const n = notice::from_json(R"({"title": {"default": "Disk", "zh": "磁盘"}, "severity": "critical",
        "facts": [{"label": "Host", "value": {"default": "db", "ja": "ディービー"}}], "markdown": "**x**",
        "buttons": [{"label": "Open", "url": "https://e.example"}], "footer": "f"})");
    BOOST_TEST_REQUIRE(n.has_value());
    BOOST_TEST(n->title().view("zh") == "磁盘");
    BOOST_TEST((n->level() == severity::critical));
    BOOST_TEST(n->facts().at(0).value().view("ja") == "ディービー");
    BOOST_TEST(n->body_is_markdown());
    BOOST_TEST(n->body().view() == "**x**");
    BOOST_TEST(n->buttons().at(0).label().view() == "Open");
    BOOST_TEST(n->footer().view() == "f");
    auto const mended = notice::from_json("\xef\xbb\xbf"
                                          R"({"title":{"en":"Disk","zh":"磁盘"},
        "facts":[{"label":"Commit","value":"a\nb"}],"buttons":[{"label":"Mute","url":"https://e.example/a b"}]})");
    BOOST_TEST_REQUIRE(mended.has_value());
    BOOST_TEST(mended->title().view() == "Disk"); // the first, where there is no default
    BOOST_TEST(mended->title().view("zh") == "磁盘");
    BOOST_TEST(mended->title().view("en-GB") == "Disk");
    BOOST_TEST(mended->facts()[0].value().view() == "a / b");
    BOOST_TEST(mended->buttons()[0].url() == "https://e.example/a%20b");
    auto const late = notice::from_json(R"({"title":{"zh":"磁盘","default":"Disk"}})");
    BOOST_TEST_REQUIRE(late.has_value());
    BOOST_TEST(late->title().view() == "Disk");
    auto const least = notice::from_json(R"({"title":"a"})");
    BOOST_TEST_REQUIRE(least.has_value());
    BOOST_TEST((least->level() == severity::info));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_json_is_said_with_its_path)
{
    BOOST_TEST(problem("{").starts_with("the notice is not JSON: "));
    BOOST_TEST(problem("[]") == "the notice must be a JSON object");
    BOOST_TEST(problem("{}") == "title is missing");
    BOOST_TEST(problem(R"({"title":1})") == "title must be a string, or an object with a text for each language");
    BOOST_TEST(problem(R"({"title":{}})").starts_with("title has no text: it may be a string, or an object such as "));
    BOOST_TEST(problem("\xef\xbb\xbf[]") == "the notice must be a JSON object");
    BOOST_TEST(problem(R"({"title":{"default":"a","zh":1}})") == "title.zh must be a string");
    BOOST_TEST(problem(R"({"title":"a","severity":"bad"})") ==
               "severity must be one of info, success, warning, critical");
    BOOST_TEST(problem(R"({"title":"a","facts":{}})") == "facts must be an array");
    BOOST_TEST(problem(R"({"title":"a","facts":[1]})") == "facts[0] must be a JSON object");
    BOOST_TEST(problem(R"({"title":"a","facts":[{"label":"b"}]})") == "facts[0].value is missing");
    BOOST_TEST(problem(R"({"title":"a","facts":[{"label":"b","value":"c"},{"lable":"b"}]})") ==
               "facts[1].lable is not a known member; there are label, value");
    BOOST_TEST(
        problem(R"({"title":"a","buttons":[{"label":"b","url":"x"}]})").starts_with("buttons[0].url must be a "));
    BOOST_TEST(problem(R"({"title":"a","body":"b","markdown":"c"})") ==
               "markdown and body are both there; use one of them");
    BOOST_TEST(problem(R"({"title":"a","colour":"b"})").starts_with("colour is not a known member"));
    BOOST_TEST(problem(R"({"title":""})") == "the title is empty");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace notice_test
