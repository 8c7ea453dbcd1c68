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
using td::lookup_kind;
using td::lookup_kind_of;
using td::supports;
using td::supports_message;

/// Belongs to no provider.
class stranger
{
};

template<class P>
constexpr bool same_everywhere =
    supports_message<P, td::text>() && supports_message<P, td::markdown>() && supports_message<P, td::notice>() &&
    supports_message<P, typename P::native>() && !supports_message<P, stranger>() &&
    supports<P, td::capability::recall>() && !supports<P, stranger>() &&
    lookup_kind_of<P, stranger>() == lookup_kind::none &&
    lookup_kind_of<P, td::match::login_name>() == lookup_kind::direct &&
    lookup_kind_of<P, td::match::phone_number>() == lookup_kind::look_up && td::provider<P>;

static_assert(same_everywhere<td::lark>);
static_assert(same_everywhere<td::feishu>);
static_assert(same_everywhere<td::dingtalk>);
static_assert(same_everywhere<td::dingtalk_work>);
static_assert(same_everywhere<td::wecom>);

static_assert(lookup_kind_of<td::lark, td::match::email>() == lookup_kind::either);
static_assert(lookup_kind_of<td::feishu, td::match::email>() == lookup_kind::either);
static_assert(lookup_kind_of<td::dingtalk, td::match::email>() == lookup_kind::scan);
static_assert(lookup_kind_of<td::dingtalk_work, td::match::email>() == lookup_kind::scan);
static_assert(lookup_kind_of<td::wecom, td::match::email>() == lookup_kind::look_up);

// The paid feature of one platform.
static_assert(lookup_kind_of<td::dingtalk, td::dingtalk::login_id>() == lookup_kind::look_up);
static_assert(lookup_kind_of<td::dingtalk_work, td::dingtalk::login_id>() == lookup_kind::look_up);
static_assert(lookup_kind_of<td::wecom, td::dingtalk::login_id>() == lookup_kind::none);
static_assert(lookup_kind_of<td::lark, td::dingtalk::login_id>() == lookup_kind::none);

// Ids of people and of chats are used as they are. Only WeCom sends to departments and tags.
static_assert(lookup_kind_of<td::lark, td::match::open_id>() == lookup_kind::direct);
static_assert(lookup_kind_of<td::feishu, td::match::union_id>() == lookup_kind::direct);
static_assert(lookup_kind_of<td::lark, td::match::chat_id>() == lookup_kind::direct);
static_assert(lookup_kind_of<td::wecom, td::match::open_id>() == lookup_kind::none);
static_assert(lookup_kind_of<td::dingtalk, td::match::union_id>() == lookup_kind::none);
static_assert(lookup_kind_of<td::dingtalk_work, td::match::chat_id>() == lookup_kind::none);
static_assert(lookup_kind_of<td::lark, td::match::department>() == lookup_kind::none);
static_assert(lookup_kind_of<td::dingtalk, td::match::tag>() == lookup_kind::none);

// A message in one platform's terms is none of another's.
static_assert(!supports_message<td::wecom, td::dingtalk::native>());
static_assert(!supports_message<td::dingtalk, td::wecom::native>());
static_assert(!supports_message<td::lark, td::wecom::native>());

// WeCom has no read status.
static_assert(supports<td::lark, td::capability::readers>());
static_assert(supports<td::feishu, td::capability::readers>());
static_assert(supports<td::dingtalk, td::capability::readers>());
static_assert(supports<td::dingtalk_work, td::capability::readers>());
static_assert(!supports<td::wecom, td::capability::readers>());

// The tables and what the providers have agree.
template<class P, class M>
constexpr bool as_it_says()
{
    constexpr auto how = lookup_kind_of<P, M>();
    return td::addresses_directly<P, M> == (how == lookup_kind::direct || how == lookup_kind::either) &&
           td::finds_by_scan<P, M> == (how == lookup_kind::scan) &&
           (how != lookup_kind::look_up && how != lookup_kind::either ? true : td::looks_up<P, M>) &&
           (how != lookup_kind::none || !td::looks_up<P, M>);
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
constexpr bool sends_what_it_says =
    td::encodes_message<P, td::text> && td::encodes_message<P, td::markdown> && td::encodes_message<P, td::notice> &&
    td::encodes_message<P, typename P::native> && !td::encodes_message<P, stranger>;
static_assert(sends_what_it_says<td::lark>);
static_assert(sends_what_it_says<td::feishu>);
static_assert(sends_what_it_says<td::dingtalk>);
static_assert(sends_what_it_says<td::dingtalk_work>);
static_assert(sends_what_it_says<td::wecom>);

// Two can spread a message, and all but one of their kinds.
static_assert(td::supports_batch<td::lark> && td::supports_batch<td::feishu>);
static_assert(!td::supports_batch<td::dingtalk> && !td::supports_batch<td::dingtalk_work> &&
              !td::supports_batch<td::wecom>);
static_assert(td::encodes_message<td::lark::batch, td::lark::card>);
static_assert(td::encodes_message<td::lark::batch, td::text> && td::encodes_message<td::lark::batch, td::markdown> &&
              td::encodes_message<td::lark::batch, td::notice> &&
              td::encodes_message<td::lark::batch, td::lark::native>);
static_assert(supports_message<td::lark::batch, td::image>() && !supports_message<td::lark::batch, td::file>());
static_assert(td::addresses_directly<td::lark::batch, td::match::login_name>);
static_assert(td::addresses_directly<td::lark::batch, td::match::open_id>);
static_assert(td::addresses_directly<td::lark::batch, td::match::union_id>);
static_assert(!td::addresses_directly<td::lark::batch, td::match::email>);
static_assert(!td::addresses_directly<td::lark::batch, td::match::chat_id>);

} // namespace

BOOST_AUTO_TEST_SUITE(capabilities)

BOOST_AUTO_TEST_CASE(each_way_to_reach_people_has_words)
{
    BOOST_TEST(td::to_string(lookup_kind::none) == "none");
    BOOST_TEST(td::to_string(lookup_kind::direct) == "direct");
    BOOST_TEST(td::to_string(lookup_kind::look_up) == "look-up");
    BOOST_TEST(td::to_string(lookup_kind::either) == "look-up or direct");
    BOOST_TEST(td::to_string(lookup_kind::scan) == "directory scan");
    BOOST_TEST(td::to_string(static_cast<lookup_kind>(99)) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace capabilities_test
