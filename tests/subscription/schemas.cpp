// The schemas of subscriptions, people and events in docs/schemas/ have the members that the code has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channel.hpp>
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/event_types.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <boost/test/unit_test.hpp>

#include "support/documents.hpp"

#include <set>
#include <span>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(schemas_of_subscriptions)

namespace {

namespace td = tidings;
namespace json = boost::json;
namespace sub = tidings::subscription;

void check_enumeration(json::value const& of, std::span<std::string_view const> names)
{
    std::set<std::string> found;
    for (auto const& name : of.at("enum").as_array())
        found.emplace(name.as_string());
    std::set<std::string> const expected(names.begin(), names.end());
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

auto read_event(std::string const& text)
{
    return sub::event::parse(sub::ready_made::types, text);
}

auto read_subscriptions(std::string const& text)
{
    return sub::subscriptions::parse(sub::ready_made::types, text);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_members_of_each_schema_are_those_that_the_code_reads)
{
    td::tests::check_members(td::tests::schema("event"), read_event(R"({"?":1})"));

    auto const person = td::tests::schema("people");
    td::tests::check_members(person, sub::people::from_json_lines(R"({"?":1})"));
    td::tests::check_members(person.at("properties").at("quiet_hours"),
                             sub::people::from_json_lines(R"({"quiet_hours":{"?":1}})"));
    check_enumeration(person.at("properties").at("channels").at("items"), td::config::channel_names);

    auto const all = td::tests::schema("subscriptions");
    td::tests::check_members(all, read_subscriptions(R"({"version":1,"?":1})"));
    BOOST_TEST(all.at("properties").at("version").at("const") == json::value(sub::subscriptions::version));
    auto const& row = all.at("properties").at("rows").at("items");
    td::tests::check_members(row, read_subscriptions(R"({"version":1,"rows":[{"?":1}]})"));
    check_enumeration(row.at("properties").at("personal_channels").at("items"), td::config::channel_names);
    check_enumeration(row.at("properties").at("default_receivers").at("items"), sub::role_names);
}

BOOST_AUTO_TEST_CASE(the_library_reads_and_refuses_the_same_documents_as_the_schemas)
{
    td::tests::check_documents("event", read_event);
    td::tests::check_documents("subscriptions", read_subscriptions);
    td::tests::check_documents("people", [](std::string const& text) { return sub::people::from_json_lines(text); });
}

BOOST_AUTO_TEST_SUITE_END()
