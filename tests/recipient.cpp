// Recipients: what they are equal to, how they are kept as text, and what no text makes of them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/recipient.hpp>

#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <sstream>
#include <string>
#include <string_view>

namespace recipient_test {

namespace {

using tidings::errc;
using lark = tidings::lark::recipient;

std::string printed(auto const& to)
{
    std::ostringstream out;
    out << to;
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(recipient)

BOOST_AUTO_TEST_CASE(the_type_belongs_to_a_recipient_as_the_id_does)
{
    lark const open("open_id", "ou_1");
    BOOST_TEST(open.type() == "open_id");
    BOOST_TEST(open.id() == "ou_1");
    BOOST_TEST((open == lark("open_id", "ou_1")));
    BOOST_TEST((open == lark("ou_1"))); // what look-ups return
    BOOST_TEST((open != lark("open_id", "ou_2")));
    BOOST_TEST((lark("user_id", "ou_1") != open));
    std::map<lark, int> ordered{{open, 1}, {lark("user_id", "ou_1"), 2}, {lark("open_id", "ou_0"), 3}};
    BOOST_TEST(ordered.size() == 3u);
    BOOST_TEST(ordered.begin()->first.id() == "ou_0");
    BOOST_TEST((lark() == lark()));
}

BOOST_AUTO_TEST_CASE(a_recipient_survives_as_text_and_prints_as_that)
{
    for (auto const& [type, id] :
         {std::pair("open_id", "ou_7d8a"), std::pair("user_id", "ann o'neil:2/\xe5\x8a\xa0"),
          std::pair("union_id", "on_cad4"), std::pair("email", "ada@example.com"), std::pair("chat_id", "oc_5ad1")})
    {
        lark const to(type, id);
        BOOST_TEST(to.text() == "lark:" + std::string(type) + ":" + id);
        auto const again = lark::parse(to.text());
        BOOST_TEST_REQUIRE(again.has_value());
        BOOST_TEST((*again == to));
        BOOST_TEST(printed(to) == to.text());
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_recipient_is_refused_without_being_repeated)
{
    for (std::string const text : {"",
                                   "evil",
                                   "lark",
                                   "lark:",
                                   "lark:open_id",
                                   "open_id:ou_evil",
                                   "wecom:userid:evil",
                                   "LARK:open_id:ou_evil",
                                   "lark:openid:ou_evil",
                                   "lark::ou_evil",
                                   "lark:open_id:",
                                   "lark:open_id:evil",
                                   "lark:open_id:ou_",
                                   "lark:open_id:ou_evil\r\nX: y",
                                   "lark:union_id:ou_evil",
                                   "lark:chat_id:evil",
                                   "lark:email:evil",
                                   "lark:user_id:evil\t",
                                   "lark:open_id:ou_ev il",
                                   "lark:open_id:ou_\xff",
                                   " lark:open_id:ou_evil"})
    {
        auto const made = lark::parse(text);
        BOOST_TEST_REQUIRE(made.has_error(), text);
        BOOST_TEST((made.error() == errc::invalid_recipient));
        BOOST_TEST(made.error().message().find("evil") == std::string::npos, made.error().message());
    }
}

BOOST_AUTO_TEST_CASE(what_no_message_can_go_to_says_so_and_is_not_printed)
{
    for (lark const& to : {lark(), lark("openid", "ou_1"), lark("", "ou_1"), lark("open_id", ""),
                           lark("open_id", "ou_1\x1b[2J"), lark("chat_id", "ou_1")})
    {
        auto const checked = to.check();
        BOOST_TEST_REQUIRE(checked.has_error());
        BOOST_TEST((checked.error() == errc::invalid_recipient));
        BOOST_TEST(printed(to) == "(no recipient)");
    }
    BOOST_TEST(lark().type().empty());
    BOOST_TEST(lark("openid", "ou_1").type().empty());
}

BOOST_AUTO_TEST_CASE(an_id_has_no_characters_that_are_not_shown_also_not_at_its_ends)
{
    for (std::string const hidden : {"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8b", "\xc2\x9b", "\xef\xbb\xbf"})
        for (auto const& [type, id] :
             {std::pair("open_id", "ou_1"), std::pair("union_id", "on_1"), std::pair("user_id", "ada"),
              std::pair("email", "ada@example.com"), std::pair("chat_id", "oc_1")})
            for (std::string const& changed : {hidden + id, id + hidden})
            {
                BOOST_TEST(lark::parse("lark:" + std::string(type) + ":" + changed).has_error());
                lark const to(type, changed);
                BOOST_TEST(to.check().has_error());
                BOOST_TEST(printed(to) == "(no recipient)");
            }
}

BOOST_AUTO_TEST_CASE(ids_are_opaque_behind_their_prefix)
{
    BOOST_TEST(lark("open_id", "ou_" + std::string(200, 'x')).check().has_value());
    BOOST_TEST(lark("open_id", "ou_a").check().has_value());
    BOOST_TEST(lark("chat_id", "oc_A-b_c.d=").check().has_value());
    BOOST_TEST(lark("open_id", "ou_" + std::string(300, 'x')).check().has_error());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace recipient_test
