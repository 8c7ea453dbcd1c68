// The table in docs/errors.md has every kind with its conditions.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/error.hpp>

#include <tidings/detail/failure.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace error_table_test {

namespace {

using tidings::condition;
using tidings::errc;

// The words in back quotes in a cell of a table.
std::set<std::string> words_in_quotes(std::string_view cell)
{
    std::set<std::string> out;
    for (auto at = cell.find('`'); at != cell.npos; at = cell.find('`', at))
    {
        auto const end = cell.find('`', at + 1);
        if (end == cell.npos)
            break;
        out.emplace(cell.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return out;
}

std::vector<std::string> cells_of(std::string const& line)
{
    std::vector<std::string> out;
    std::size_t begin = 1;
    for (auto at = line.find('|', begin); at != line.npos; at = line.find('|', begin))
    {
        out.push_back(line.substr(begin, at - begin));
        begin = at + 1;
    }
    return out;
}

std::map<std::string, std::set<std::string>> documented()
{
    auto const path = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() / "docs" / "errors.md";
    std::ifstream in(path);
    BOOST_TEST_REQUIRE(in.is_open(), path);
    std::map<std::string, std::set<std::string>> out;
    bool within = false;
    for (std::string line; std::getline(in, line);)
    {
        if (line.starts_with("| `errc` |"))
            within = true;
        else if (within && line.empty())
            break;
        else if (within && line.starts_with("| `"))
        {
            auto const cells = cells_of(line);
            BOOST_TEST_REQUIRE(cells.size() == 4u, line);
            auto const name = words_in_quotes(cells[0]);
            BOOST_TEST_REQUIRE(name.size() == 1u, line);
            BOOST_TEST(out.emplace(*name.begin(), words_in_quotes(cells[3])).second, "twice: " << line);
        }
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_table)

BOOST_AUTO_TEST_CASE(the_table_in_the_documentation_has_every_kind_and_its_conditions)
{
    std::pair<condition, std::string> const conditions[] = {
        {condition::transient, "transient"},   {condition::configuration, "configuration"},
        {condition::recipient, "recipient"},   {condition::message, "message"},
        {condition::connection, "connection"}, {condition::unknown, "unknown"}};
    std::map<std::string, std::set<std::string>> real;
    for (int value = 1;; ++value)
    {
        auto const kind = static_cast<errc>(value);
        auto const name = tidings::to_string(kind);
        if (name == "unknown")
            break;
        auto& names = real[std::string(name)];
        for (auto const& [which, word] : conditions)
            if (tidings::make_error_code(kind) == which)
                names.insert(word);
    }
    auto const table = documented();
    BOOST_TEST(real.size() >= 26u);
    for (auto const& [name, names] : real)
    {
        BOOST_TEST_REQUIRE(table.contains(name), name);
        BOOST_TEST(table.at(name) == names, boost::test_tools::per_element());
    }
    for (auto const& [name, names] : table)
        BOOST_TEST(real.contains(name), name);
}

BOOST_AUTO_TEST_CASE(remedies_of_our_own_refusals_do_not_point_to_the_platforms_words)
{
    auto const ours = tidings::make_failure(errc::message_invalid, "the message is empty");
    BOOST_TEST(ours.remedy() == "Correct the message.");
    auto facts = tidings::detail::new_facts();
    facts->platform_code = "230001";
    facts->platform_message = "invalid content";
    BOOST_TEST(tidings::failure(errc::message_invalid, facts).remedy().find("platform's message") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_second_is_no_plural)
{
    auto const remedy = [](int seconds) {
        auto facts = tidings::detail::new_facts();
        facts->wait = std::chrono::seconds(seconds);
        return tidings::failure(errc::rate_limited, facts).remedy();
    };
    BOOST_TEST(remedy(1) == "Send more slowly. Wait 1 second before the next request.");
    BOOST_TEST(remedy(2) == "Send more slowly. Wait 2 seconds before the next request.");
    BOOST_TEST(remedy(11) == "Send more slowly. Wait 11 seconds before the next request.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace error_table_test
