// How a notifier finds its policies, and when a token is fresh.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/impl/policies.hpp>

#include <tidings/concepts.hpp>
#include <tidings/policy/addressing.hpp>
#include <tidings/policy/base_url.hpp>
#include <tidings/policy/clock.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/token_cache/none.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <tuple>
#include <type_traits>

namespace policies_test {

namespace {

using namespace std::chrono_literals;
using namespace tidings;
using detail::pick_t;

struct unknown_kind
{
};
struct no_slot
{
    using policy_kind = unknown_kind;
};

// In any order, and the default where none is given.
static_assert(std::is_same_v<pick_t<deadline_kind, deadline>, deadline>);
static_assert(
    std::is_same_v<pick_t<addressing_kind, addressing::lookup, deadline, addressing::direct>, addressing::direct>);
static_assert(
    std::is_same_v<pick_t<addressing_kind, addressing::lookup, addressing::direct, deadline>, addressing::direct>);
static_assert(std::is_same_v<pick_t<clock_kind, clock::steady, deadline, base_url>, clock::steady>);
static_assert(std::is_same_v<pick_t<token_cache_kind, deadline, token_cache::none>, token_cache::none>);
static_assert(detail::fills_a_slot<deadline>() && detail::fills_a_slot<token_cache::none>());
static_assert(!detail::fills_a_slot<no_slot>() && !detail::fills_a_slot<int>() && !detail::fills_a_slot<lark>());

static_assert(provider<lark> && provider<feishu> && !provider<deadline>);
static_assert(match_strategy<match::email> && match_strategy<match::phone_number> && match_strategy<match::login_name>);
static_assert(!match_strategy<std::string>);
static_assert(looks_up<lark, match::email> && looks_up<lark, match::phone_number> && !looks_up<lark, std::string>);
static_assert(looks_up<wecom, match::email> && !looks_up<dingtalk, match::email> &&
              finds_by_scan<dingtalk, match::email>);
static_assert(addresses_directly<lark, match::email> && addresses_directly<lark, match::login_name> &&
              !addresses_directly<lark, match::phone_number>);
static_assert(lookup_kind_of<feishu, match::email>() == lookup_kind::either &&
              lookup_kind_of<feishu, match::phone_number>() == lookup_kind::look_up &&
              lookup_kind_of<feishu, match::login_name>() == lookup_kind::direct &&
              lookup_kind_of<lark, std::string>() == lookup_kind::none &&
              lookup_kind_of<dingtalk, match::email>() == lookup_kind::scan);
static_assert(supports<wecom, capability::recall>() && !supports<wecom, capability::readers>());
static_assert(encodes_message<lark, text> && encodes_message<lark, markdown> && encodes_message<lark, lark::card> &&
              !encodes_message<lark, std::string>);

char const* word(freshness f)
{
    return f == freshness::use ? "use" : f == freshness::refresh_ahead ? "refresh ahead" : "must fetch";
}

} // namespace

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(a_policy_that_is_given_is_taken_and_any_other_is_the_default)
{
    std::tuple<deadline, base_url> given(deadline(3s), base_url("https://h"));
    BOOST_TEST((detail::given_or_default<deadline>(given).limit() == 3s));
    BOOST_TEST(detail::given_or_default<base_url>(given).text() == "https://h");
    std::tuple<> nothing;
    BOOST_TEST((detail::given_or_default<deadline>(nothing).limit() == 10s));
    BOOST_TEST(detail::given_or_default<base_url>(nothing).text() == "");
    constexpr bool order_is_free = std::is_same_v<pick_t<base_url_kind, base_url, deadline, clock::steady, base_url>,
                                                  pick_t<base_url_kind, base_url, base_url, clock::steady, deadline>>;
    BOOST_TEST(order_is_free);
}

BOOST_AUTO_TEST_CASE(a_token_is_used_refreshed_or_fetched_by_the_time_that_is_left)
{
    struct
    {
        std::chrono::nanoseconds left;
        freshness expected;
    } const rows[] = {
        {7200s, freshness::use},
        {1801s, freshness::use},
        {1800s, freshness::use}, // the platform hands out the same token until then
        {1800s - 1ns, freshness::refresh_ahead},
        {900s, freshness::refresh_ahead},
        {61s, freshness::refresh_ahead},
        {60s + 1ns, freshness::refresh_ahead},
        {60s, freshness::must_fetch},
        {1s, freshness::must_fetch},
        {0s, freshness::must_fetch},
        {-1s, freshness::must_fetch},
        {-7200s, freshness::must_fetch},
    };
    for (auto const& row : rows)
        for (auto const start : {0h, 1000h})
        {
            access_token::time_point const now(start);
            BOOST_TEST(word(freshness_of(now + row.left, now)) == std::string(word(row.expected)), row.left.count());
        }
}

BOOST_AUTO_TEST_CASE(a_token_keeps_its_value_and_its_end)
{
    access_token::time_point const end(5h);
    access_token const token(secret("t-1"), end);
    BOOST_TEST(token.value().reveal() == "t-1");
    BOOST_TEST((token.expires() == end));
    BOOST_TEST((cached_token().token == nullptr));
    BOOST_TEST(word(cached_token().state) == std::string("must fetch"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace policies_test
