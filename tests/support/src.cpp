// The sandbox, compiled once for all tests.
#include <tidings/sandbox/src.hpp>
