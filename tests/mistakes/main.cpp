// The mistakes of others: one test each, against the sandbox over real sockets.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#define BOOST_TEST_MODULE tidings_mistakes
#include <boost/test/unit_test.hpp>
