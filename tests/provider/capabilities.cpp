// What each provider says that it can do.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/capabilities.hpp>
#include <tidings/concepts.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/department.hpp>
#include <tidings/match/open_id.hpp>
#include <tidings/match/tag.hpp>
#include <tidings/match/union_id.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/wecom.hpp>

#include <boost/test/unit_test.hpp>

namespace capabilities_test {

namespace {

namespace td = tidings;
using td::can;
using td::reach;
using td::reach_of;
using td::says_it;

/// Belongs to no provider.
class stranger
{
};

template<class P>
constexpr bool same_everywhere =
    says_it<P, td::text>() && says_it<P, td::markdown>() && says_it<P, td::notice>() &&
    says_it<P, typename P::native>() && !says_it<P, stranger>() && can<P, td::verb::recall>() && !can<P, stranger>() &&
    reach_of<P, stranger>() == reach::none && reach_of<P, td::match::login_name>() == reach::direct &&
    reach_of<P, td::match::phone_number>() == reach::look_up && td::provider<P>;

static_assert(same_everywhere<td::lark>);
static_assert(same_everywhere<td::feishu>);
static_assert(same_everywhere<td::dingtalk>);
static_assert(same_everywhere<td::dingtalk_work>);
static_assert(same_everywhere<td::wecom>);

static_assert(reach_of<td::lark, td::match::email>() == reach::either);
static_assert(reach_of<td::feishu, td::match::email>() == reach::either);
static_assert(reach_of<td::dingtalk, td::match::email>() == reach::scan);
static_assert(reach_of<td::dingtalk_work, td::match::email>() == reach::scan);
static_assert(reach_of<td::wecom, td::match::email>() == reach::look_up);

// The paid feature of one platform.
static_assert(reach_of<td::dingtalk, td::dingtalk::login_id>() == reach::look_up);
static_assert(reach_of<td::dingtalk_work, td::dingtalk::login_id>() == reach::look_up);
static_assert(reach_of<td::wecom, td::dingtalk::login_id>() == reach::none);
static_assert(reach_of<td::lark, td::dingtalk::login_id>() == reach::none);

// Ids of people and of chats are used as they are. Only WeCom sends to departments and tags.
static_assert(reach_of<td::lark, td::match::open_id>() == reach::direct);
static_assert(reach_of<td::feishu, td::match::union_id>() == reach::direct);
static_assert(reach_of<td::lark, td::match::chat_id>() == reach::direct);
static_assert(reach_of<td::wecom, td::match::open_id>() == reach::none);
static_assert(reach_of<td::dingtalk, td::match::union_id>() == reach::none);
static_assert(reach_of<td::dingtalk_work, td::match::chat_id>() == reach::none);
static_assert(reach_of<td::lark, td::match::department>() == reach::none);
static_assert(reach_of<td::dingtalk, td::match::tag>() == reach::none);

// A message in one platform's terms is none of another's.
static_assert(!says_it<td::wecom, td::dingtalk::native>());
static_assert(!says_it<td::dingtalk, td::wecom::native>());
static_assert(!says_it<td::lark, td::wecom::native>());

// WeCom has no read status.
static_assert(can<td::lark, td::verb::read_by>());
static_assert(can<td::feishu, td::verb::read_by>());
static_assert(can<td::dingtalk, td::verb::read_by>());
static_assert(can<td::dingtalk_work, td::verb::read_by>());
static_assert(!can<td::wecom, td::verb::read_by>());

// The tables and what the providers have agree.
template<class P, class M>
constexpr bool as_it_says()
{
    constexpr auto how = reach_of<P, M>();
    return td::addresses_directly<P, M> == (how == reach::direct || how == reach::either) &&
           td::finds_by_scan<P, M> == (how == reach::scan) &&
           (how != reach::look_up && how != reach::either ? true : td::looks_up<P, M>) &&
           (how != reach::none || !td::looks_up<P, M>);
}
template<class P, class... M>
constexpr bool each_as_it_says = (as_it_says<P, M>() && ...);
template<class P>
constexpr bool all_as_it_says =
    each_as_it_says<P, td::match::login_name, td::match::phone_number, td::match::email, td::dingtalk::login_id,
                    td::match::open_id, td::match::union_id, td::match::chat_id, td::match::department, td::match::tag>;
static_assert(all_as_it_says<td::lark>);
static_assert(all_as_it_says<td::feishu>);
static_assert(all_as_it_says<td::dingtalk>);
static_assert(all_as_it_says<td::dingtalk_work>);
static_assert(all_as_it_says<td::wecom>);

template<class P>
constexpr bool sends_what_it_says = td::sends<P, td::text> && td::sends<P, td::markdown> && td::sends<P, td::notice> &&
                                    td::sends<P, typename P::native> && !td::sends<P, stranger>;
static_assert(sends_what_it_says<td::lark>);
static_assert(sends_what_it_says<td::feishu>);
static_assert(sends_what_it_says<td::dingtalk>);
static_assert(sends_what_it_says<td::dingtalk_work>);
static_assert(sends_what_it_says<td::wecom>);

// Two can spread a message, and all but one of their kinds.
static_assert(td::spreads<td::lark> && td::spreads<td::feishu>);
static_assert(!td::spreads<td::dingtalk> && !td::spreads<td::dingtalk_work> && !td::spreads<td::wecom>);
static_assert(td::sends<td::lark::batch, td::lark::card>);
static_assert(td::sends<td::lark::batch, td::text> && td::sends<td::lark::batch, td::markdown> &&
              td::sends<td::lark::batch, td::notice> && td::sends<td::lark::batch, td::lark::native>);
static_assert(says_it<td::lark::batch, td::image>() && !says_it<td::lark::batch, td::file>());
static_assert(td::addresses_directly<td::lark::batch, td::match::login_name>);
static_assert(td::addresses_directly<td::lark::batch, td::match::open_id>);
static_assert(td::addresses_directly<td::lark::batch, td::match::union_id>);
static_assert(!td::addresses_directly<td::lark::batch, td::match::email>);
static_assert(!td::addresses_directly<td::lark::batch, td::match::chat_id>);

} // namespace

BOOST_AUTO_TEST_SUITE(capabilities)

BOOST_AUTO_TEST_CASE(each_way_to_reach_people_has_words)
{
    BOOST_TEST(td::to_string(reach::none) == "none");
    BOOST_TEST(td::to_string(reach::direct) == "direct");
    BOOST_TEST(td::to_string(reach::look_up) == "look-up");
    BOOST_TEST(td::to_string(reach::either) == "look-up or direct");
    BOOST_TEST(td::to_string(reach::scan) == "directory scan");
    BOOST_TEST(td::to_string(static_cast<reach>(99)) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace capabilities_test
