// Documents that the library and the schemas in docs/schemas/ have to agree on: tests/data/documents.json, and the documents
// of docs/ with the comment `<!-- schema NAME -->`. tests/layout/schemas.py reads the same ones.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_DOCUMENTS_HPP
#define TIDINGS_TESTS_SUPPORT_DOCUMENTS_HPP

#include <tidings/config/problem.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::tests {

struct document
{
    std::string what;
    bool valid = false;
    std::string text;
};

/// The content of a file of the tree.
///
/// @param path  From the root of the tree.
inline std::string content_of(std::string const& path)
{
    std::ifstream in(TIDINGS_TREE + path, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(in), {}};
    if (out.empty())
        throw std::runtime_error("cannot read " + path);
    return out;
}

inline boost::json::object schema(std::string const& name)
{
    return boost::json::parse(content_of("docs/schemas/" + name + ".schema.json")).as_object();
}

/// The documents of one kind.
inline std::vector<document> documents(std::string const& kind)
{
    std::vector<document> out;
    for (auto const& each : boost::json::parse(content_of("tests/data/documents.json")).as_array())
        if (each.at("schema").as_string() == kind)
            out.push_back({std::string(each.at("what").as_string()), each.at("valid").as_bool(),
                           boost::json::serialize(each.at("document"))});
    for (auto const* const page : {"docs/channels.md", "docs/subscriptions.md"})
    {
        auto const text = content_of(page);
        auto const begin = "<!-- schema " + kind + " -->\n```json\n";
        for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + 1))
        {
            auto const from = at + begin.size();
            out.push_back({page, true, text.substr(from, text.find("\n```", from) - from)});
        }
    }
    return out;
}

/// Each document of one kind is read or refused, as it is marked.
///
/// @param parse  Called with the text of each; returns a `config::checked`.
template<class F>
void check_documents(std::string const& kind, F const& parse)
{
    std::size_t count = 0;
    for (auto const& each : documents(kind))
    {
        ++count;
        auto const read = parse(each.text);
        BOOST_TEST(read.has_value() == each.valid, kind << ", " << each.what << ": " << each.text << '\n'
                                                        << (read ? std::string() : config::to_string(read.error())));
    }
    BOOST_TEST(count >= 10u, kind);
}

inline std::set<std::string> names_of(boost::json::object const& members)
{
    std::set<std::string> out;
    for (auto const& member : members)
        out.emplace(member.key());
    return out;
}

/// An object's schema has the members that the library knows, and no others.
///
/// @param refused  What the library reports of a document whose object has the member "?".
template<class Checked>
void check_members(boost::json::value const& object_schema, Checked const& refused)
{
    BOOST_TEST_REQUIRE(refused.has_error());
    std::set<std::string> known;
    constexpr std::string_view before = "is not a known member; there are ";
    for (auto const& problem : refused.error())
        if (problem.where().ends_with("/?") && problem.message().starts_with(before))
            for (std::string_view rest = std::string_view(problem.message()).substr(before.size()); !rest.empty();)
            {
                auto const end = std::min(rest.find(", "), rest.size());
                known.emplace(rest.substr(0, end));
                rest.remove_prefix(std::min(end + 2, rest.size()));
            }
    auto const described = names_of(object_schema.at("properties").as_object());
    BOOST_TEST(!known.empty());
    BOOST_TEST(known == described, boost::test_tools::per_element());
    BOOST_TEST(object_schema.at("additionalProperties") == boost::json::value(false));
}

} // namespace tidings::tests

#endif
