// Event types, and who is told of which node by which routes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/event_types.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(subscription_matrix)

namespace {

namespace td = tidings;
namespace sub = tidings::subscription;
using sub::ready_made;
using sub::role;
using sub::subscriptions;

constexpr auto to_be_approved = ready_made::at<sub::sql_task::node::to_be_approved>();
constexpr auto executed = ready_made::at<sub::sql_task::node::executed>();

subscriptions defaults()
{
    return subscriptions(ready_made::types);
}

std::vector<std::string> problems_of(std::string_view text)
{
    auto const out = subscriptions::parse(ready_made::types, text);
    std::vector<std::string> all;
    if (!out)
        for (auto const& p : out.error())
            all.push_back(p.text());
    return all;
}

std::string with_row(std::string_view row)
{
    return R"({"version":1,"rows":[)" + std::string(row) + "]}";
}

void check_single(std::string_view row, std::string_view expected)
{
    auto const found = problems_of(with_row(row));
    BOOST_TEST_REQUIRE(found.size() == 1u, row);
    BOOST_TEST(found.front().starts_with(expected), found.front() << " instead of " << expected);
}

//[own_type
struct incident
{
    static constexpr std::string_view name = "incident";
    static constexpr td::config::label title{"Incident", "故障"};
    enum class node
    {
        opened,
        closed
    };
    static constexpr sub::typed_node<node> nodes[] = {
        {node::opened, {"opened", {"opened", "已发生"}, role::data_owner, sub::purpose::action, true}},
        {node::closed, {"closed", {"closed", "已恢复"}, role::data_owner}}};
};
using own = sub::event_set<sub::sql_task, incident>;
//]

} // namespace

BOOST_AUTO_TEST_CASE(each_node_of_the_ready_made_set_has_its_locked_receivers)
{
    std::map<std::string, sub::roles> const special{{"to_be_approved", role::approvers},
                                                    {"withdrawn", role::approvers},
                                                    {"to_be_executed", role::executor},
                                                    {"executed", {role::submitter, role::executor}},
                                                    {"execution_failed", {role::submitter, role::executor}},
                                                    {"rolled_back", {role::submitter, role::executor}}};
    std::map<std::string, std::vector<std::string>> const expected{
        {"sql_task",
         {"to_be_submitted", "to_be_approved", "approved", "rejected", "to_be_executed", "executed", "execution_failed",
          "rolled_back", "withdrawn"}},
        {"permission_request",
         {"to_be_submitted", "to_be_approved", "approved", "rejected", "withdrawn", "expires_soon", "expired"}},
        {"data_export",
         {"to_be_submitted", "to_be_approved", "approved", "rejected", "ready", "failed", "file_expires",
          "withdrawn"}}};
    BOOST_TEST(ready_made::types.size() == expected.size());
    auto const all = defaults();
    for (sub::cell at; at.type != ready_made::types.size(); ++at.type)
    {
        auto const& type = ready_made::types[at.type];
        auto const& names = expected.at(std::string(type.name));
        BOOST_TEST_REQUIRE(type.nodes.size() == names.size());
        for (at.node = 0; at.node != type.nodes.size(); ++at.node)
        {
            auto const& node = type.nodes[at.node];
            BOOST_TEST(node.name == names[at.node]);
            auto const found = special.find(std::string(node.name));
            BOOST_TEST((node.receivers == (found == special.end() ? sub::roles(role::submitter) : found->second)),
                       node.name);
            BOOST_TEST(node.urgent == (node.name == "to_be_approved" || node.name == "execution_failed"), node.name);
            BOOST_TEST(!node.title.chinese.empty());
            BOOST_TEST((all.receiver_roles(at) == node.receivers));
            BOOST_TEST((all.routes(at) == std::vector<std::string>{"inbox"}));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_default_route_and_the_default_receivers_cannot_be_taken_away)
{
    auto all = defaults();
    auto const refused = all.turn_off(executed, "inbox");
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == td::errc::invalid_argument));
    BOOST_TEST(all.is_on(executed, "inbox"));
    BOOST_TEST(!all.remove_receiver(executed, "submitter"));
    all.add_receivers(executed, role::data_owner);
    BOOST_TEST(all.receiver_roles(executed).has(role::submitter));
    BOOST_TEST(all.receiver_roles(executed).has(role::data_owner));
    BOOST_TEST(!all.receiver_roles(to_be_approved).has(role::data_owner));
}

BOOST_AUTO_TEST_CASE(routes_and_receivers_are_added_and_removed_for_one_node)
{
    auto all = defaults();
    BOOST_TEST(all.turn_on(executed, "personal:lark").has_value());
    BOOST_TEST(all.turn_on(executed, "webhook:ops").has_value());
    BOOST_TEST(all.turn_on(executed, "webhook:ops").has_value());
    BOOST_TEST(all.is_on(executed, "personal:lark"));
    BOOST_TEST(!all.is_on(to_be_approved, "personal:lark"));
    BOOST_TEST(!all.is_on(executed, "personal:feishu"));
    BOOST_TEST((all.routes(executed) == std::vector<std::string>{"inbox", "personal:lark", "webhook:ops"}));
    BOOST_TEST(all.turn_off(executed, "personal:lark").has_value());
    BOOST_TEST(!all.is_on(executed, "personal:lark"));
    BOOST_TEST(all.turn_off(executed, "email").has_value());

    BOOST_TEST(all.add_receiver(executed, "bob").has_value());
    BOOST_TEST(all.add_receiver(executed, "ada").has_value());
    BOOST_TEST(all.add_receiver(executed, "bob").has_value());
    BOOST_TEST((all.receivers(executed) == std::vector<std::string>{"ada", "bob"}));
    BOOST_TEST(all.remove_receiver(executed, "bob"));
    BOOST_TEST(!all.remove_receiver(executed, "bob"));
    BOOST_TEST(all.receivers(to_be_approved).empty());
}

BOOST_AUTO_TEST_CASE(names_that_are_no_routes_and_no_people_are_refused)
{
    auto all = defaults();
    for (std::string const& name : {std::string(), std::string("two words"), std::string("personal:slack"),
                                    std::string("webhook:"), std::string(200, 'x'), std::string("a\nb")})
        BOOST_TEST(all.turn_on(executed, name).has_error(), name);
    BOOST_TEST(all.add_receiver(executed, "").has_error());
    BOOST_TEST(all.add_receiver(executed, "a\nb").has_error());
    for (std::size_t i = 1; i != subscriptions::max_routes; ++i)
        BOOST_TEST_REQUIRE(all.turn_on(executed, "webhook:r" + std::to_string(i)).has_value());
    BOOST_TEST(all.turn_on(executed, "webhook:one_more").has_error());
    BOOST_TEST(all.turn_on(to_be_approved, "webhook:r63").has_value());
    BOOST_TEST(all.is_on(to_be_approved, "webhook:r63"));
    BOOST_TEST(!all.is_on(to_be_approved, "webhook:r62"));
}

BOOST_AUTO_TEST_CASE(a_document_is_read_and_written_again)
{
    auto const read = subscriptions::parse(ready_made::types, R"({"version":1,"rows":[
        {"type":"sql_task","node":"to_be_approved","receivers":["eve","ada"],"routes":["webhook:ops","email"],
         "personal_channels":["lark","wecom"],"default_receivers":["approvers","data_owner"],"default_routes":["inbox"],
         "inbox":true},
        {"type":"data_export","node":"ready"}]})");
    BOOST_TEST_REQUIRE(read.has_value(), td::config::to_string(read.error()));
    auto expected = defaults();
    for (auto const* const name : {"email", "webhook:ops", "personal:wecom", "personal:lark"})
        BOOST_TEST(expected.turn_on(to_be_approved, name).has_value());
    BOOST_TEST(expected.add_receiver(to_be_approved, "ada").has_value());
    BOOST_TEST(expected.add_receiver(to_be_approved, "eve").has_value());
    expected.add_receivers(to_be_approved, role::data_owner);
    BOOST_TEST((*read == expected), read->text());
    auto const again = subscriptions::parse(ready_made::types, read->text());
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(again->text() == read->text());
    BOOST_TEST(defaults().text() == "{\n  \"version\": 1,\n  \"rows\": []\n}\n");
}

BOOST_AUTO_TEST_CASE(less_than_the_locked_set_is_refused_with_its_place)
{
    check_single(R"({"type":"sql_task","node":"executed","inbox":false})", "/rows/0/inbox: must be true");
    check_single(R"({"type":"sql_task","node":"executed","default_routes":[]})",
                 "/rows/0/default_routes: must have inbox");
    check_single(R"({"type":"sql_task","node":"executed","default_routes":["email"]})",
                 "/rows/0/default_routes: must have inbox");
    check_single(R"({"type":"sql_task","node":"executed","default_receivers":["submitter"]})",
                 "/rows/0/default_receivers: must have submitter, executor");
    check_single(R"({"type":"sql_task","node":"executed","default_receivers":[]})",
                 "/rows/0/default_receivers: must have");
}

BOOST_AUTO_TEST_CASE(what_is_not_valid_in_a_row_is_refused_with_its_place)
{
    check_single(R"({"type":"sql_task","node":"executed","extra":1})", "/rows/0/extra: is not a known member");
    check_single(R"({"type":"task","node":"executed"})", "/rows/0/type: is no event type; there are sql_task");
    check_single(R"({"type":"data_export","node":"executed"})", "/rows/0/node: is no node of this event type");
    check_single(R"({"node":"executed"})", "/rows/0/type: is missing");
    check_single(R"({"type":"sql_task","node":7})", "/rows/0/node: must be a string");
    check_single(R"({"type":"sql_task","node":"executed","receivers":"ada"})", "/rows/0/receivers: must be an array");
    check_single(R"({"type":"sql_task","node":"executed","receivers":["ada",7]})",
                 "/rows/0/receivers/1: must be a string");
    check_single(R"({"type":"sql_task","node":"executed","receivers":[""]})",
                 "/rows/0/receivers/0: must be a login name");
    check_single(R"({"type":"sql_task","node":"executed","routes":["a b"]})", "/rows/0/routes/0: is no route");
    std::string routes; // the inbox is one of them
    for (std::size_t i = 0; i != subscriptions::max_routes; ++i)
        routes += (i == 0 ? "\"r" : ",\"r") + std::to_string(i) + '"';
    check_single(R"({"type":"sql_task","node":"executed","routes":[)" + routes + "]}",
                 "/rows/0/routes/63: is one route too many; there may be 64");
    check_single(R"({"type":"sql_task","node":"executed","personal_channels":["slack"]})",
                 "/rows/0/personal_channels/0: must be feishu");
    check_single(R"({"type":"sql_task","node":"executed","default_receivers":["submitter","executor","boss"]})",
                 "/rows/0/default_receivers/2: must be submitter");
    check_single(R"({"type":"sql_task","node":"executed"},{"type":"sql_task","node":"executed"})",
                 "/rows/1: is a second row of the same node");
    check_single("7", "/rows/0: must be a JSON object");
    BOOST_TEST(problems_of(R"({"rows":[]})").front().starts_with("/version: is missing"));
    BOOST_TEST(problems_of(R"({"version":2,"rows":[]})").front().starts_with("/version: is 2"));
    BOOST_TEST(problems_of(R"({"version":1,"rows":{}})").front().starts_with("/rows: must be an array"));
    BOOST_TEST(problems_of(R"({"version":1,"rowz":[]})").front().starts_with("/rowz: is not a known member"));
}

BOOST_AUTO_TEST_CASE(a_set_of_a_users_own_has_its_own_nodes)
{
    subscriptions all(own::types);
    constexpr auto opened = own::at<incident::node::opened>();
    static_assert(opened.type == 1 && opened.node == 0);
    BOOST_TEST(all.receiver_roles(opened).has(role::data_owner));
    BOOST_TEST(all.turn_on(opened, "my-route").has_value());
    auto const read = subscriptions::parse(own::types, all.text());
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->is_on(opened, "my-route"));
    BOOST_TEST(problems_of(all.text()).size() == 1u); // the ready-made set has no such type
}

BOOST_AUTO_TEST_CASE(a_published_value_is_replaced_as_a_whole_while_others_read_it)
{
    sub::published<subscriptions> shared(defaults());
    auto const before = shared.get();
    shared.edit([](subscriptions& s) { (void)s.turn_on(executed, "email"); });
    BOOST_TEST(!before->is_on(executed, "email"));
    BOOST_TEST(shared.get()->is_on(executed, "email"));
    BOOST_CHECK_THROW(shared.edit([](subscriptions& s) {
        (void)s.turn_on(executed, "webhook:x");
        throw std::runtime_error("no");
    }),
                      std::runtime_error);
    BOOST_TEST(!shared.get()->is_on(executed, "webhook:x"));

    // Both routes of a pair are turned on together; a reader never sees one of them alone.
    std::atomic<bool> torn = false;
    std::atomic<bool> stop = false;
    std::thread reader([&] {
        while (!stop)
        {
            auto const now = shared.get();
            if (now->is_on(to_be_approved, "webhook:a") != now->is_on(to_be_approved, "webhook:b"))
                torn = true;
        }
    });
    std::vector<std::thread> writers;
    for (int w = 0; w != 2; ++w)
        writers.emplace_back([&, w] {
            for (int i = 0; i != 200; ++i)
                shared.edit([&](subscriptions& s) {
                    bool const on = !s.is_on(to_be_approved, "webhook:a");
                    for (auto const* const name : {"webhook:a", "webhook:b"})
                        (void)(on ? s.turn_on(to_be_approved, name) : s.turn_off(to_be_approved, name));
                    (void)s.add_receiver(executed, "p" + std::to_string(w) + "_" + std::to_string(i));
                });
        });
    for (auto& w : writers)
        w.join();
    stop = true;
    reader.join();
    BOOST_TEST(!torn);
    BOOST_TEST(shared.get()->receivers(executed).size() == 400u); // no edit was lost
}

BOOST_AUTO_TEST_CASE(the_people_of_a_large_organisation_are_read_and_found_in_time)
{
    // One by one, with a search or a move of all others for each, would take longer than a test may run.
    constexpr int count = 300'000;
    std::string names;
    for (int i = count; i != 0; --i)
        names += (names.empty() ? "\"p" : ",\"p") + std::to_string(i) + '"';
    auto const by = subscriptions::parse(
        ready_made::types,
        R"({"version":1,"rows":[{"type":"sql_task","node":"to_be_approved","receivers":[)" + names + "]}]}");
    BOOST_TEST_REQUIRE(by.has_value());
    BOOST_TEST(by->receivers(to_be_approved).size() == std::size_t{count});
    auto const e = sub::event::parse(
        ready_made::types,
        R"({"id":"1","type":"sql_task","node":"to_be_approved","subject":"s","approvers":[)" + names + "]}");
    BOOST_TEST_REQUIRE(e.has_value());
    auto const found = sub::receivers_of(*e, *by, sub::people());
    BOOST_TEST(found.size() == std::size_t{count});
    BOOST_TEST(found.front() == "p300000");
}

BOOST_AUTO_TEST_SUITE_END()
