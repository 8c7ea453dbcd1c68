// One entry for each key.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/keyed_store.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>

namespace keyed_store_test {

BOOST_AUTO_TEST_SUITE(keyed_store)

BOOST_AUTO_TEST_CASE(a_key_has_the_entry_that_was_made_first_and_another_key_another)
{
    tidings::detail::keyed_store<int> store;
    int made = 0;
    auto const make = [&made] { return std::make_shared<int>(++made); };
    auto const first = store.find_or_make("a", make);
    BOOST_TEST(store.find_or_make("a", make) == first);
    BOOST_TEST(*store.find_or_make("b", make) == 2);
    BOOST_TEST(made == 2);
}

BOOST_AUTO_TEST_CASE(an_entry_that_could_not_be_made_is_made_the_next_time)
{
    tidings::detail::keyed_store<int> store;
    auto const fail = []() -> std::shared_ptr<int> { throw std::runtime_error("no memory"); };
    BOOST_CHECK_THROW(store.find_or_make("a", fail), std::runtime_error);
    BOOST_TEST(*store.find_or_make("a", [] { return std::make_shared<int>(7); }) == 7);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace keyed_store_test
