// The entry of the unit tests.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#define BOOST_TEST_MODULE tidings
#include <boost/test/unit_test.hpp>
