// The fault matrix: whatever goes wrong, nobody gets a message twice, and nobody is told what is not so.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#define BOOST_TEST_MODULE tidings_fault
#define BOOST_TEST_NO_MAIN
#include "score.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>

namespace test {

namespace {
int expected_outcome = 0;
int all = 0;
} // namespace

void score(bool as_expected)
{
    ++all;
    expected_outcome += as_expected;
}

} // namespace test

// Boost.Test's own, and the sum below its report.
int main(int argc, char* argv[])
{
    auto const status = boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
    std::cout << "faults: " << test::expected_outcome << " of " << test::all << std::endl;
    return status;
}
