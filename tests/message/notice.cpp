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
    BOOST_TEST(problem(notice("a\nb").check()) == "the title has a line break at byte 1");
    BOOST_TEST(problem(notice("a\xff").check()) == "the title is not valid UTF-8 at byte 1");
    BOOST_TEST(problem(notice("a").fact("b", "c").fact("", "d").check()) == "fact 2: the label is empty");
    BOOST_TEST(problem(notice("a").fact("b", "\x01").check()) == "fact 1: the value has a control character at byte 0");
    BOOST_TEST(problem(notice("a").body("x\ty\n\x7f").check()) == "the body has a control character at byte 4");
    BOOST_TEST(problem(notice("a").body(tidings::markdown("\xc3")).check()) == "the body is not valid UTF-8 at byte 0");
    BOOST_TEST(problem(notice("a").button("", "https://e.example").check()) == "button 1: the label is empty");
    BOOST_TEST(problem(notice("a").button("b", "javascript:x").check()).starts_with("button 1: the URL must start"));
    BOOST_TEST(problem(notice("a").footer("x\ny").check()) == "the footer has a line break at byte 1");
    BOOST_TEST(problem(notice("a").fact("b", "").check()) == "");

    notice many("a");
    for (std::size_t i = 0; i != notice::most_facts; ++i)
        many.fact("b", "c");
    for (std::size_t i = 0; i != notice::most_buttons; ++i)
        many.button("b", "https://e.example");
    BOOST_TEST(many.check().has_value());
    BOOST_TEST(problem(notice(many).fact("b", "c").check()) == "a notice may have 30 facts; this one has 31");
    BOOST_TEST(problem(notice(many).button("b", "https://e.example").check()) ==
               "a notice may have 8 buttons; this one has 9");
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
    auto const least = notice::from_json(R"({"title":"a"})");
    BOOST_TEST_REQUIRE(least.has_value());
    BOOST_TEST((least->level() == severity::info));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_json_is_said_with_its_path)
{
    BOOST_TEST(problem("{").starts_with("the notice is not JSON: "));
    BOOST_TEST(problem("[]") == "the notice must be a JSON object");
    BOOST_TEST(problem("{}") == "title is missing");
    BOOST_TEST(problem(R"({"title":1})") == "title must be a string, or an object of a default and other languages");
    BOOST_TEST(problem(R"({"title":{"zh":"a"}})") == "title.default is missing");
    BOOST_TEST(problem(R"({"title":{"default":"a","zh":1}})") == "title.zh must be a string");
    BOOST_TEST(problem(R"({"title":"a","severity":"bad"})") ==
               "severity must be one of info, success, warning, critical");
    BOOST_TEST(problem(R"({"title":"a","facts":{}})") == "facts must be an array");
    BOOST_TEST(problem(R"({"title":"a","facts":[1]})") == "facts[0] must be a JSON object");
    BOOST_TEST(problem(R"({"title":"a","facts":[{"label":"b"}]})") == "facts[0].value is missing");
    BOOST_TEST(problem(R"({"title":"a","facts":[{"label":"b","value":"c"},{"lable":"b"}]})") ==
               "facts[1].lable is no member that I know; there are label, value");
    BOOST_TEST(
        problem(R"({"title":"a","buttons":[{"label":"b","url":"x"}]})").starts_with("buttons[0].url must be a "));
    BOOST_TEST(problem(R"({"title":"a","body":"b","markdown":"c"})") ==
               "markdown and body are both there; use one of them");
    BOOST_TEST(problem(R"({"title":"a","colour":"b"})").starts_with("colour is no member that I know"));
    BOOST_TEST(problem(R"({"title":""})") == "the title is empty");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace notice_test
