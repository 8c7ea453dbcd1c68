// docs/schemas/channels.schema.json describes the fields that the code has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channels.hpp>

#include <boost/test/unit_test.hpp>

#include "support/documents.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(schema_of_channels)

namespace {

namespace td = tidings;
namespace json = boost::json;
using td::config::field;
using td::config::field_kind;

/// The choices, those with '_' also with '-', as the command line spells them.
std::vector<std::string> spellings(std::span<std::string_view const> choices)
{
    std::vector<std::string> out;
    for (auto const choice : choices)
    {
        std::string name(choice);
        out.push_back(name);
        std::replace(name.begin(), name.end(), '_', '-');
        if (name != choice)
            out.push_back(name);
    }
    return out;
}

std::string alternatives(std::vector<std::string> const& names)
{
    std::string out;
    for (auto const& name : names)
        (out += out.empty() ? "(?:" : "|") += name;
    return out + ")";
}

/// The schema of one member.
json::object schema_of(field const& f)
{
    auto const text = [](std::string_view s) { return json::value(json::string_view(s.data(), s.size())); };
    constexpr std::string_view any_line = "[^\\u0000\\r\\n]{1,4096}";
    auto const pattern = std::string(f.pattern.empty() ? any_line : f.pattern);
    json::object out{{"title", text(f.title.english)}, {"description", text(f.help.english)}};
    switch (f.kind)
    {
    case field_kind::text:
    case field_kind::url:
    case field_kind::path:
        out["type"] = "string";
        out["pattern"] = "^(?:" + pattern + ")$";
        break;
    case field_kind::secret:
        out["type"] = "string";
        out["anyOf"] = {{{"pattern", "^env:[A-Za-z_][A-Za-z0-9_]*$"}},
                        {{"pattern", "^file:[^\\u0000\\r\\n]+$"}},
                        {{"pattern", "^(?!env:|file:)(?:" + pattern + ")$"}}};
        break;
    case field_kind::number:
    {
        constexpr std::int64_t max_agent_id = 999'999'999'999'999'999;
        constexpr std::int64_t max_port = 65535;
        out["type"] = {"integer", "string"};
        out["minimum"] = 1;
        out["maximum"] = f.name == "port" ? max_port : max_agent_id;
        out["pattern"] = "^(?:" + pattern + ")$";
        break;
    }
    case field_kind::choice:
        out["enum"] = json::value_from(std::vector<std::string>(f.choices.begin(), f.choices.end()));
        break;
    case field_kind::choices:
    {
        auto const all = spellings(f.choices);
        auto const one = alternatives(all);
        out["anyOf"] = {{{"type", "string"}, {"pattern", "^" + one + "(?:," + one + ")*$"}},
                        {{"type", "array"},
                         {"minItems", 1},
                         {"uniqueItems", true},
                         {"items", json::object{{"enum", json::value_from(all)}}}}};
        break;
    }
    }
    return out;
}

void check_fields(json::value const& found, std::span<field const> fields)
{
    json::object properties;
    std::set<std::string> required;
    for (auto const& f : fields)
    {
        properties[json::string_view(f.name.data(), f.name.size())] = schema_of(f);
        if (f.required)
            required.emplace(f.name);
    }
    BOOST_TEST(found.at("properties") == json::value(properties), "docs/schemas/channels.schema.json should have\n"
                                                                      << json::serialize(properties) << "\nand has\n"
                                                                      << json::serialize(found.at("properties")));
    std::set<std::string> stated;
    for (auto const& name : found.at("required").as_array())
        stated.emplace(name.as_string());
    BOOST_TEST(stated == required, boost::test_tools::per_element());
    BOOST_TEST(found.at("additionalProperties") == json::value(false));
}

} // namespace

BOOST_AUTO_TEST_CASE(each_field_is_in_the_schema_as_it_is_in_the_code)
{
    auto const schema = td::tests::schema("channels");
    auto const& definitions = schema.at("$defs");
    auto const& channels = schema.at("properties").at("channels").at("properties").as_object();
    std::set<std::string> expected;
    for (auto const name : td::config::channel_names)
    {
        expected.emplace(name);
        auto const made = *td::config::make_channel(name);
        // Feishu has the fields of Lark.
        auto const definition = name == "feishu" ? std::string("lark") : std::string(name);
        check_fields(definitions.at(definition), td::config::descriptions_of(made));
        BOOST_TEST(channels.at(json::string_view(name.data(), name.size())).at("$ref") ==
                   json::value("#/$defs/" + definition));
    }
    BOOST_TEST(td::tests::names_of(channels) == expected, boost::test_tools::per_element());
    check_fields(definitions.at("webhook"), td::config::webhook_settings::fields);
    check_fields(definitions.at("smtp"), td::config::smtp_settings::fields);
    td::tests::check_members(schema, td::config::channels::parse(R"({"version":1,"?":1})"));
    td::tests::check_members(schema.at("properties").at("channels"),
                             td::config::channels::parse(R"({"version":1,"channels":{"?":1}})"));
}

BOOST_AUTO_TEST_CASE(the_library_reads_and_refuses_the_same_documents_as_the_schema)
{
    td::tests::check_documents("channels", [](std::string const& text) { return td::config::channels::parse(text); });
}

BOOST_AUTO_TEST_SUITE_END()
