// Every allocation of an operation fails in turn.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#define BOOST_TEST_MODULE tidings_out_of_memory
#include <boost/test/unit_test.hpp>
