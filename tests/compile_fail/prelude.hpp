// What every source here begins with, compiled once.
#ifndef TIDINGS_TESTS_COMPILE_FAIL_PRELUDE_HPP
#define TIDINGS_TESTS_COMPILE_FAIL_PRELUDE_HPP

#include <tidings/tidings.hpp>

#endif
