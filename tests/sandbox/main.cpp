// The sandbox, driven over real sockets by a client of its own.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#define BOOST_TEST_MODULE sandbox
#include <boost/test/unit_test.hpp>
