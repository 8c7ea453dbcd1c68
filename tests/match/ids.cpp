// Which ids are accepted as addresses. What a platform asks of them beyond that is tested with the platforms.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/match/chat_id.hpp>
#include <tidings/match/department.hpp>
#include <tidings/match/open_id.hpp>
#include <tidings/match/tag.hpp>
#include <tidings/match/union_id.hpp>

#include <tidings/concepts.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <tuple>

namespace match_ids_test {

namespace {

using namespace tidings;
using kinds = std::tuple<match::open_id, match::union_id, match::chat_id, match::department, match::tag>;

} // namespace

BOOST_AUTO_TEST_SUITE(match_ids)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_id_is_kept_as_it_is, Id, kinds)
{
    BOOST_TEST(match_strategy<Id>);
    for (std::string const& good :
         {std::string("2"), std::string("ou_7d8a"), std::string("cid6KeBBLove+/=="), std::string(256, 'x')})
    {
        BOOST_TEST(Id(good).view() == good);
        BOOST_TEST(Id(good).check().has_value());
    }
    BOOST_TEST(Id("ou_1").view() == "ou_1");
    BOOST_TEST(Id("\xe2\x80\x8eou_1\xe2\x80\x8b").view() == "ou_1");
    BOOST_TEST(Id(std::string_view("abc", 2)).view() == "ab");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_no_id_is_refused_without_being_repeated, Id, kinds)
{
    struct
    {
        std::string text;
        std::string_view reason;
    } const rows[] = {
        {"", "is empty"},
        {std::string(257, 'x'), "is longer than 256 bytes"},
        {"private\tid", "contains a control character"},
        {"private\r\n", "contains a control character"},
        {std::string("private\0", 8), "contains a control character"},
        {"private\x80", "is not valid UTF-8"},
        {"private id", "contains a blank or a character outside ASCII"},
        {"private\xe5\x8a\xa0", "contains a blank or a character outside ASCII"},
        {"private\xe2\x80\x8b_1", "contains U+200B, which is not shown, at byte 7"},
        {"private\xef\xbc\xbf_1", "contains U+FF3F, which looks like '_', at byte 7"},
        {"\xe2\x80\x8b", "is empty"},
    };
    for (auto const& row : rows)
    {
        auto const checked = Id(row.text).check();
        BOOST_TEST_REQUIRE(checked.has_error());
        BOOST_TEST((checked.error() == errc::invalid_recipient));
        auto const message = checked.error().message();
        BOOST_TEST(message.find("the " + std::string(Id::title) + ' ' + std::string(row.reason)) != message.npos,
                   message);
        BOOST_TEST(message.find("private") == message.npos, message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace match_ids_test
