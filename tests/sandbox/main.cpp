// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#define BOOST_TEST_MODULE sandbox
#include <boost/test/unit_test.hpp>

#ifndef TIDINGS_SEPARATE_COMPILATION
#define TIDINGS_SEPARATE_COMPILATION
#endif
#include <tidings/sandbox/src.hpp>
