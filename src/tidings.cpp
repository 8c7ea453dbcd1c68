// The definitions of the library that depend on no template parameter, compiled once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/src.hpp>
