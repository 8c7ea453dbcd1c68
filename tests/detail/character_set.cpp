// The characters that some texts consist of.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/character_set.hpp>

#include <boost/test/unit_test.hpp>

namespace character_set_test {

BOOST_AUTO_TEST_SUITE(character_sets)

BOOST_AUTO_TEST_CASE(a_text_is_of_a_set_when_each_of_its_characters_is)
{
    tidings::detail::character_set set;
    BOOST_TEST(set.has_all_of(""));
    BOOST_TEST(!set.has_all_of("a"));
    set.add("t-g10");
    set.add("\xff");
    BOOST_TEST(set.has_all_of("01gggt--\xff"));
    BOOST_TEST(!set.has_all_of("01ggGt"));
    BOOST_TEST(!set.has_all_of("\xfe"));
    set.clear();
    BOOST_TEST(!set.has_all_of("t"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace character_set_test
