// Messages, receipts and the keys that make a send repeatable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/receipt.hpp>

#include <tidings/message/markdown.hpp>
#include <tidings/message/text.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

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
        BOOST_TEST(view.at(14) == '4');
        BOOST_TEST(std::string_view("89ab").find(view.at(19)) != std::string_view::npos);
        BOOST_TEST(seen.emplace(view).second);
    }
}

BOOST_AUTO_TEST_CASE(a_child_draws_keys_whatever_other_threads_were_drawing_when_it_was_forked)
{
    std::atomic<bool> stop{false};
    std::vector<std::thread> others;
    for (int i = 0; i != 3; ++i)
        others.emplace_back([&stop] {
            while (!stop) // a thread's first key is the one that takes the longest
                std::thread([] { (void)tidings::idempotency_key::random(); }).join();
        });
    for (int i = 0; i != 60; ++i)
    {
        auto const child = ::fork();
        BOOST_TEST_REQUIRE(child >= 0);
        if (child == 0)
        {
            ::alarm(10); // ends it if it waits for a lock that nobody gives back
            (void)tidings::idempotency_key::random();
            ::_exit(0);
        }
        int status = -1;
        BOOST_TEST(::waitpid(child, &status, 0) == child);
        BOOST_TEST(status == 0);
        if (status != 0)
            break;
    }
    stop = true;
    for (auto& other : others)
        other.join();
}

BOOST_AUTO_TEST_CASE(the_child_of_a_fork_draws_other_keys_than_its_parent)
{
    std::string const before(tidings::idempotency_key::random().view()); // so that bytes are drawn already
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    auto const child = ::fork();
    if (child == 0)
    {
        auto const key = tidings::idempotency_key::random();
        auto const written = ::write(ends[1], key.view().data(), key.view().size());
        ::_exit(written == 36 ? 0 : 1);
    }
    int status = 1;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    std::string of_child(36, ' ');
    BOOST_TEST(::read(ends[0], of_child.data(), of_child.size()) == 36);
    ::close(ends[0]);
    ::close(ends[1]);
    std::string const of_parent(tidings::idempotency_key::random().view());
    BOOST_TEST(of_child != of_parent);
    BOOST_TEST(of_child != before);
}

BOOST_AUTO_TEST_CASE(keys_of_threads_differ)
{
    constexpr int each = 500;
    std::vector<std::string> keys[4];
    std::vector<std::thread> threads;
    for (auto& mine : keys)
        threads.emplace_back([&mine] {
            for (int i = 0; i != each; ++i)
                mine.emplace_back(tidings::idempotency_key::random().view());
        });
    for (auto& t : threads)
        t.join();
    std::set<std::string> all;
    for (auto const& mine : keys)
        all.insert(mine.begin(), mine.end());
    BOOST_TEST(all.size() == 4u * each);
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
