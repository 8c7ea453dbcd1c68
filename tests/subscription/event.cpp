// Events, the people that they concern, and the messages about them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/event_types.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(workflow_events)

namespace {

namespace td = tidings;
namespace sub = tidings::subscription;
using sub::ready_made;

constexpr std::string_view complete =
    R"({"id":"e-1","type":"sql_task","node":"to_be_approved","subject":"Change #42","submitter":"ada",)"
    R"("approvers":["bob","eve"],"executor":"dan","data_owner":"fay",)"
    R"("fields":{"Database":"orders","Rows":12,"Dry run":true},"link":"https://console.example.com/42"})";

sub::event parsed(std::string_view text = complete)
{
    auto out = sub::event::parse(ready_made::types, text);
    BOOST_TEST_REQUIRE(out.has_value(), td::config::to_string(out.error()));
    return *std::move(out);
}

std::vector<std::string> problems_of(std::string_view text)
{
    auto const out = sub::event::parse(ready_made::types, text);
    std::vector<std::string> all;
    if (!out)
        for (auto const& p : out.error())
            all.push_back(p.text());
    return all;
}

sub::people directory()
{
    auto out = sub::people::from_json_lines("{\"login_name\":\"ada\",\"name\":\"Ada Lovelace\"}\n"
                                            "{\"login_name\":\"bob\",\"roles\":[\"approver\"]}\n"
                                            "{\"login_name\":\"zoe\",\"roles\":[\"approver\"]}\n");
    BOOST_TEST_REQUIRE(out.has_value());
    return *std::move(out);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_member_of_an_event_is_read)
{
    auto const e = parsed();
    BOOST_TEST(e.id == "e-1");
    BOOST_TEST((e.at == ready_made::at<sub::sql_task::node::to_be_approved>()));
    BOOST_TEST(e.subject == "Change #42");
    BOOST_TEST(e.submitter == "ada");
    BOOST_TEST((e.approvers == std::vector<std::string>{"bob", "eve"}));
    BOOST_TEST(e.executor == "dan");
    BOOST_TEST(e.data_owner == "fay");
    BOOST_TEST_REQUIRE(e.fields.size() == 3u);
    BOOST_TEST(e.fields[0].first == "Database");
    BOOST_TEST(e.fields[0].second == "orders");
    BOOST_TEST(e.fields[1].second == "12");
    BOOST_TEST(e.fields[2].second == "true");
    BOOST_TEST(e.link == "https://console.example.com/42");
    auto const small = parsed(R"({"id":"1","type":"data_export","node":"ready","subject":"s"})");
    BOOST_TEST(small.submitter.empty());
    BOOST_TEST(small.link.empty());
}

BOOST_AUTO_TEST_CASE(every_problem_of_an_event_is_named_with_its_place)
{
    auto const found =
        problems_of(R"({"type":"sql_task","node":"nowhere","subject":"","submitter":7,"approvers":["", "bob"],
        "executor":"two\nlines","fields":{"":"x","list":[1]},"link":"javascript:x","extra":1})");
    std::vector<std::string> const expected{"/extra: is not a known member",
                                            "/id: is missing",
                                            "/node: is no node of this event type; there are to_be_submitted",
                                            "/subject: must not be empty",
                                            "/submitter: must be a string",
                                            "/executor: must be one line",
                                            "/approvers/0: is no login name",
                                            "/fields/: must have a label",
                                            "/fields/list: must be a string",
                                            "/link: must start with https://"};
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i != found.size(); ++i)
        BOOST_TEST(found[i].starts_with(expected[i]), found[i] << " instead of " << expected[i]);
    BOOST_TEST(problems_of("{").size() == 1u);
    BOOST_TEST(problems_of("[]").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_subject_or_a_label_that_shows_nothing_is_refused_because_the_message_would_be)
{
    for (std::string const nothing : {" ", "\xe2\x80\x8b", "\xe3\x80\x80"}) // blank, U+200B, U+3000
    {
        auto const found = problems_of(R"({"id":"1","type":"sql_task","node":"approved","subject":")" + nothing +
                                       R"(","fields":{"k":")" + nothing + R"(",")" + nothing + R"(":"v"}})");
        BOOST_TEST_REQUIRE(found.size() == 2u);
        BOOST_TEST(found[0] == "/subject: must not be empty");
        BOOST_TEST(found[1].ends_with(": must have a label"), found[1]);
    }
    // What is read has a message that every platform takes.
    for (std::string const hostile : {"**b** [x](http://e.example)",
                                      "\xe2\x80\xae"
                                      "evil",
                                      "\xc2\x85 next",
                                      "a\xe2\x80\xa8"
                                      "b",
                                      "{submitter}"})
    {
        auto const e =
            parsed(R"({"id":"1","type":"sql_task","node":"approved","subject":")" + hostile + R"(","fields":{")" +
                   hostile + R"(":"a\nb\u0000c"},"link":"https://e.example/a?b={}|`^"})");
        auto const valid = sub::message_of(e, ready_made::types).check();
        BOOST_TEST(valid.has_value(), hostile);
    }
}

BOOST_AUTO_TEST_CASE(no_text_of_an_event_turns_the_direction_of_the_message)
{
    auto const all = sub::people::from_json_lines("{\"login_name\":\"ada\",\"name\":\"Ada \xe2\x80\xae"
                                                  "L\xe2\x81\xa9\"}");
    BOOST_TEST_REQUIRE(all.has_value());
    auto const e = parsed(
        "{\"id\":\"1\",\"type\":\"sql_task\",\"node\":\"to_be_approved\",\"subject\":\"\xe2\x80\xaaS"
        "\xe2\x80\xaf\xe2\x81\xa6!\",\"submitter\":\"ada\",\"fields\":{\"k\xe2\x81\xa7\":\"\xe2\x80\xabv\xe2\x80\x8f\"}}");
    auto const message = sub::message_of(e, ready_made::types, &*all);
    BOOST_TEST(message.title().str() == "S\xe2\x80\xaf!: SQL task of Ada L waits for your approval"); // U+202F stays
    BOOST_TEST(message.title().str("zh") == "Ada L 的 SQL 任务待您审批：S\xe2\x80\xaf!");
    BOOST_TEST_REQUIRE(message.facts().size() == 3u);
    BOOST_TEST(message.facts()[0].value().str() == "S\xe2\x80\xaf!");
    BOOST_TEST(message.facts()[1].value().str() == "Ada L");
    BOOST_TEST(message.facts()[2].label().str() == "k");
    BOOST_TEST(message.facts()[2].value().str() == "v\xe2\x80\x8f"); // U+200F turns nothing but itself
}

BOOST_AUTO_TEST_CASE(a_title_has_no_gap_where_an_event_does_not_name_somebody)
{
    auto const e = parsed(R"({"id":"1","type":"sql_task","node":"to_be_approved","subject":"Change #42"})");
    auto const message = sub::message_of(e, ready_made::types);
    BOOST_TEST(message.title().str() == "SQL task to be approved: Change #42");
    BOOST_TEST(message.title().str("zh") == "SQL 任务待审批：Change #42");
    auto const own = sub::message_of(e, ready_made::types, nullptr, {"{subject} for {approvers}", "{subject}"});
    BOOST_TEST(own.title().str() == "SQL task to be approved: Change #42");
    BOOST_TEST(own.title().str("zh") == "Change #42");
}

BOOST_AUTO_TEST_CASE(an_event_that_is_written_is_read_back_as_an_equal_one)
{
    auto const check = [](sub::event const& e) {
        auto const text = e.text(ready_made::types);
        BOOST_TEST(text.find('\n') == std::string::npos, text);
        auto const again = sub::event::parse(ready_made::types, text);
        BOOST_TEST_REQUIRE(again.has_value(), text << "\n" << td::config::to_string(again.error()));
        BOOST_TEST((*again == e), text);
        return text;
    };
    BOOST_TEST(
        check(parsed()) ==
        R"({"id":"e-1","type":"sql_task","node":"to_be_approved","subject":"Change #42","submitter":"ada",)"
        R"("approvers":["bob","eve"],"executor":"dan","data_owner":"fay",)"
        R"("fields":{"Database":"orders","Rows":"12","Dry run":"true"},"link":"https://console.example.com/42"})");

    sub::event hostile;
    hostile.id = R"("},{"id":"\u0031)";
    hostile.at = ready_made::at<sub::data_export::node::withdrawn>();
    hostile.subject = "\"quoted\" \\ 'single' </script> \xe2\x80\xa8 \xe2\x80\xa9 任务 \xf0\x9f\x9a\x80";
    hostile.fields = {{R"("quoted": \)", "two\nlines\ttabbed\r"},
                      {"\xe2\x80\xa8 \"x\"", std::string("\0\x01\x7f", 3)},
                      {"empty", ""},
                      {"数据库", "\xef\xbb\xbf\xed\x9f\xbf\xf4\x8f\xbf\xbf"},
                      {"~0/~1", "{subject}"}};
    hostile.link = "https://example.com/?q=%22&r=%E4%BB%BB#'x'";
    auto const text = check(hostile);
    for (auto const* const missing : {"submitter", "approvers", "executor", "data_owner"})
        BOOST_TEST(text.find("\"" + std::string(missing) + "\"") == std::string::npos, text);

    for (sub::cell at; at.type != ready_made::types.size(); ++at.type)
        for (at.node = 0; at.node != ready_made::types[at.type].nodes.size(); ++at.node)
        {
            sub::event smallest;
            smallest.id = "1";
            smallest.at = at;
            smallest.subject = "s";
            BOOST_TEST(check(smallest).find("fields") == std::string::npos);
        }
}

BOOST_AUTO_TEST_CASE(events_that_differ_in_one_member_are_not_equal)
{
    auto const e = parsed();
    auto const differs = [&e](auto const& change) {
        auto other = e;
        change(other);
        BOOST_TEST(!(other == e));
        BOOST_TEST(other.text(ready_made::types) != e.text(ready_made::types));
    };
    differs([](sub::event& o) { o.id = "e-2"; });
    differs([](sub::event& o) { o.at = ready_made::at<sub::sql_task::node::approved>(); });
    differs([](sub::event& o) { o.subject += '!'; });
    differs([](sub::event& o) { o.submitter.clear(); });
    differs([](sub::event& o) { o.approvers.pop_back(); });
    differs([](sub::event& o) { o.executor = "x"; });
    differs([](sub::event& o) { o.data_owner = "x"; });
    differs([](sub::event& o) { o.fields[1].second = "13"; });
    differs([](sub::event& o) { o.link.clear(); });
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_event_that_a_program_made_is_found_in_its_text)
{
    auto e = parsed();
    e.fields.emplace_back("Rows", "13");
    auto const twice = problems_of(e.text(ready_made::types));
    BOOST_TEST_REQUIRE(twice.size() == 1u);
    BOOST_TEST(twice.front().starts_with("/fields/Rows: is there twice"), twice.front());
    e.fields.pop_back();
    e.subject = "two\nlines";
    BOOST_TEST(problems_of(e.text(ready_made::types)).front().starts_with("/subject: "));
    e.subject = "\xff";
    BOOST_TEST(problems_of(e.text(ready_made::types)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_event_concerns_each_person_once)
{
    sub::subscriptions by(ready_made::types);
    auto const all = directory();
    auto e = parsed();
    BOOST_TEST((sub::receivers_of(e, by, all) == std::vector<std::string>{"bob", "eve"}));
    BOOST_TEST(by.add_receiver(e.at, "gus").has_value());
    BOOST_TEST(by.add_receiver(e.at, "bob").has_value());
    by.add_receivers(e.at, {sub::role::data_owner, sub::role::submitter});
    BOOST_TEST((sub::receivers_of(e, by, all) == std::vector<std::string>{"ada", "bob", "eve", "fay", "gus"}));
    e.approvers.clear(); // everybody who may approve
    BOOST_TEST((sub::receivers_of(e, by, all) == std::vector<std::string>{"ada", "bob", "zoe", "fay", "gus"}));
    e.at = ready_made::at<sub::sql_task::node::executed>();
    e.executor = "ada";
    BOOST_TEST((sub::receivers_of(e, by, all) == std::vector<std::string>{"ada"}));
    e.submitter.clear();
    e.executor.clear();
    BOOST_TEST(sub::receivers_of(e, by, all).empty());
}

BOOST_AUTO_TEST_CASE(a_message_has_a_title_the_subject_the_fields_and_the_link_in_both_languages)
{
    auto const all = directory();
    auto const e = parsed();
    auto const message = sub::message_of(e, ready_made::types, &all);
    BOOST_TEST(message.title().str() == "Change #42: SQL task of Ada Lovelace waits for your approval");
    BOOST_TEST(message.title().str("zh-CN") == "Ada Lovelace 的 SQL 任务待您审批：Change #42");
    BOOST_TEST((message.level() == td::severity::warning)); // urgent
    BOOST_TEST_REQUIRE(message.facts().size() == 5u);
    BOOST_TEST(message.facts()[0].label().str() == "Subject");
    BOOST_TEST(message.facts()[0].label().str("zh") == "主题");
    BOOST_TEST(message.facts()[0].value().str() == "Change #42");
    BOOST_TEST(message.facts()[1].value().str() == "Ada Lovelace");
    BOOST_TEST(message.facts()[2].label().str() == "Database");
    BOOST_TEST(message.facts()[2].value().str() == "orders");
    BOOST_TEST_REQUIRE(message.buttons().size() == 1u);
    BOOST_TEST(message.buttons()[0].url() == e.link);
    BOOST_TEST(message.buttons()[0].label().str("zh") == "打开");
    BOOST_TEST(message.footer().empty());

    auto information = e;
    information.at = ready_made::at<sub::sql_task::node::executed>();
    auto const told = sub::message_of(information, ready_made::types);
    BOOST_TEST(told.title().str() == "Change #42: SQL task executed");
    BOOST_TEST(told.buttons().empty());
    BOOST_TEST(told.footer().str() == e.link);
    BOOST_TEST((told.level() == td::severity::info));
    BOOST_TEST(told.facts()[1].value().str() == "ada"); // nobody knows the name
}

BOOST_AUTO_TEST_CASE(every_node_of_the_ready_made_set_has_a_title_of_its_own_in_both_languages)
{
    std::set<std::string> titles;
    std::size_t count = 0;
    auto e = parsed();
    for (sub::cell at; at.type != ready_made::types.size(); ++at.type)
        for (at.node = 0; at.node != ready_made::types[at.type].nodes.size(); ++at.node, ++count)
        {
            e.at = at;
            auto const message = sub::message_of(e, ready_made::types);
            for (auto const* const language : {"en", "zh"})
            {
                auto const& title = message.title().str(language);
                BOOST_TEST(title.find("Change #42") != std::string::npos, title);
                BOOST_TEST(title.find('{') == std::string::npos, title);
                titles.insert(title);
            }
            bool const action = ready_made::types[at.type].nodes[at.node].wants == sub::purpose::action;
            BOOST_TEST(message.buttons().size() == (action ? 1u : 0u));
        }
    BOOST_TEST(count == 24u);
    BOOST_TEST(titles.size() == 2 * count);
}

BOOST_AUTO_TEST_CASE(a_title_of_a_users_own_replaces_that_of_the_node)
{
    static constexpr sub::headline own{"{node}: {subject} by {executor}, {data_owner}; {approvers} ({type})", {}};
    auto const message = sub::message_of(parsed(), ready_made::types, nullptr, own);
    BOOST_TEST(message.title().str() == "to be approved: Change #42 by dan, fay; bob, eve (SQL task)");
    BOOST_TEST(message.title().str("zh") == "SQL 任务待审批：Change #42"); // what every node has
}

BOOST_AUTO_TEST_CASE(a_notice_is_shortened_between_two_characters_and_keeps_its_links)
{
    std::string chinese;
    while (chinese.size() < 5000)
        chinese += "很长";
    td::localized title("Change");
    title.in("zh", chinese);
    auto const link = "https://console.example.com/" + std::string(200, 'x');
    auto const whole = td::notice(title)
                           .level(td::severity::warning)
                           .fact("Database", "orders")
                           .fact("Statement", std::string(20000, 's'))
                           .body(chinese)
                           .button("Open", link)
                           .footer(link);
    for (std::size_t const max_bytes : {10000U, 1501U, 1500U, 702U, 701U, 700U})
    {
        auto const out = sub::shortened(whole, max_bytes);
        BOOST_TEST(out.check().has_value());
        auto const text = sub::plain_text_of(out, "zh", true);
        BOOST_TEST(text.size() <= max_bytes + 30, max_bytes); // line breaks and colons
        BOOST_TEST(text.size() + 200 > max_bytes, max_bytes << ' ' << text.size());
        BOOST_TEST(out.title().str() == "Change");
        BOOST_TEST(out.title().str("zh").ends_with("…"));
        BOOST_TEST(out.facts()[0].value().str() == "orders");
        BOOST_TEST(out.facts()[1].value().str().ends_with("s…"));
        BOOST_TEST(out.body().str().ends_with("…"));
        BOOST_TEST(out.buttons()[0].url() == link);
        BOOST_TEST(out.footer().str() == link);
        BOOST_TEST((out.level() == td::severity::warning));
    }
    // What fits stays as it is, and no text is cut to less than 16 bytes.
    auto const same = sub::shortened(whole, 100000);
    BOOST_TEST(sub::plain_text_of(same, "zh", true) == sub::plain_text_of(whole, "zh", true));
    BOOST_TEST(sub::shortened(whole, 0).facts()[1].value().str() == std::string(13, 's') + "…");
    BOOST_TEST(sub::shortened(td::notice("A").body(td::markdown("**b**")), 100).body_is_markdown());
}

BOOST_AUTO_TEST_CASE(braces_in_the_values_of_an_event_are_text)
{
    auto e = parsed();
    e.subject = "{submitter} {nonsense";
    BOOST_TEST(sub::message_of(e, ready_made::types).title().str() ==
               "{submitter} {nonsense: SQL task of ada waits for your approval");
}

BOOST_AUTO_TEST_SUITE_END()
