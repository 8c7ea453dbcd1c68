// The string that requests and replies are built in.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/wiped_string.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>
#include <string_view>

namespace wiped_string_test {

namespace {

using tidings::detail::wiped_string;

} // namespace

BOOST_AUTO_TEST_SUITE(wiped_strings)

BOOST_AUTO_TEST_CASE(text_is_appended_and_assigned)
{
    wiped_string s;
    BOOST_TEST(s.empty());
    BOOST_TEST(s.view() == "");
    s += "ab";
    s += 'c';
    s += std::string_view();
    s += "";
    BOOST_TEST(s.view() == "abc");
    BOOST_TEST(s.size() == 3u);
    BOOST_TEST(!s.empty());
    s.assign("xy");
    BOOST_TEST(s.view() == "xy");
    s.assign("");
    BOOST_TEST(s.empty());
}

BOOST_AUTO_TEST_CASE(it_grows_by_any_amount_and_keeps_what_stood_there)
{
    wiped_string s;
    std::string expected;
    for (std::size_t const size : {1u, 510u, 1u, 1u, 513u, 5000u, 1u, 100'000u})
    {
        std::string const piece(size, static_cast<char>('a' + size % 26));
        s += piece;
        expected += piece;
        BOOST_TEST((s.view() == expected), size);
    }
    for (int i = 0; i != 3000; ++i)
    {
        s += 'z';
        expected += 'z';
    }
    BOOST_TEST((s.view() == expected));
}

BOOST_AUTO_TEST_CASE(a_string_that_is_used_again_keeps_its_memory)
{
    wiped_string s;
    s += std::string(3000, 'x');
    auto const* const buffer = s.data();
    s.clear();
    BOOST_TEST(s.empty());
    s += std::string(3000, 'y');
    BOOST_TEST(static_cast<void const*>(s.data()) == static_cast<void const*>(buffer));
}

BOOST_AUTO_TEST_CASE(there_is_room_for_what_was_asked_for)
{
    wiped_string s;
    for (std::size_t const size : {1u, 511u, 512u, 4000u})
    {
        char* const at = s.room(size);
        BOOST_TEST(s.capacity_left() >= size);
        std::memset(at, 'r', size);
        auto const before = s.size();
        s.advance(at + size);
        BOOST_TEST(s.size() == before + size);
        BOOST_TEST(s.view().substr(before) == std::string(size, 'r'));
    }
}

BOOST_AUTO_TEST_CASE(resizing_keeps_the_beginning)
{
    wiped_string s;
    s += "abc";
    s.resize(2000);
    BOOST_TEST(s.size() == 2000u);
    BOOST_TEST(s.view().substr(0, 3) == "abc");
    s.resize(2);
    BOOST_TEST(s.view() == "ab");
    s.resize(0);
    BOOST_TEST(s.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wiped_string_test
