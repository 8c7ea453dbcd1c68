// How many cells of the fault matrix were as hoped.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_FAULT_SCORE_HPP
#define TIDINGS_TESTS_FAULT_SCORE_HPP

namespace test {

/// Counts one cell.
void score(bool as_expected);

} // namespace test

#endif
