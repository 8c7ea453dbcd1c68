// Messages, receipts and the keys that make a send repeatable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/receipt.hpp>

#include <tidings/message/markdown.hpp>
#include <tidings/message/text.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <type_traits>

namespace messages_test {

BOOST_AUTO_TEST_SUITE(messages_and_receipts)

BOOST_AUTO_TEST_CASE(a_message_keeps_its_body_as_it_is)
{
    std::string const body("a\0b\n\xff\"", 6);
    BOOST_TEST(tidings::text(body).body() == body);
    BOOST_TEST(tidings::markdown(body).body() == body);
    BOOST_TEST(tidings::text::name == "text");
    BOOST_TEST(tidings::markdown::name == "markdown");
}

BOOST_AUTO_TEST_CASE(no_string_becomes_a_message_by_accident)
{
    constexpr bool text = std::is_convertible_v<std::string, tidings::text>;
    constexpr bool markdown = std::is_convertible_v<std::string, tidings::markdown>;
    constexpr bool key = std::is_convertible_v<std::string_view, tidings::idempotency_key>;
    BOOST_TEST(!text);
    BOOST_TEST(!markdown);
    BOOST_TEST(!key);
}

BOOST_AUTO_TEST_CASE(a_random_key_is_a_uuid_and_each_is_another)
{
    std::set<std::string> seen;
    for (int i = 0; i != 1000; ++i)
    {
        auto const key = tidings::idempotency_key::random();
        auto const view = key.view();
        BOOST_TEST(view.size() == 36u);
        BOOST_TEST(view.find_first_not_of("0123456789abcdef-") == view.npos);
        for (auto const at : {8u, 13u, 18u, 23u})
            BOOST_TEST(view.at(at) == '-');
        BOOST_TEST(seen.emplace(view).second);
    }
}

BOOST_AUTO_TEST_CASE(a_key_of_ones_own_is_kept_as_it_is)
{
    BOOST_TEST(tidings::idempotency_key("order-17").view() == "order-17");
    BOOST_TEST(tidings::idempotency_key(std::string(100, 'k')).view() == std::string(100, 'k')); // checked at the send
    auto const copy = tidings::idempotency_key("a");
    BOOST_TEST(tidings::idempotency_key(copy).view() == "a");
}

BOOST_AUTO_TEST_CASE(a_receipt_has_ids_of_any_length)
{
    std::string const id(300, 'm');
    tidings::receipt const full(id, "ou_1", 2);
    auto const copy = full;
    BOOST_TEST(copy.message_id() == id);
    BOOST_TEST(copy.person_id() == "ou_1");
    BOOST_TEST(copy.attempts() == 2u);
    BOOST_TEST(tidings::receipt().message_id() == "");
    BOOST_TEST(tidings::receipt().person_id() == "");
    BOOST_TEST(tidings::receipt().attempts() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace messages_test
