// A value, or the failure instead of it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_RESULT_HPP
#define TIDINGS_RESULT_HPP

#include <tidings/error.hpp>

#include <boost/system/result.hpp>

namespace tidings::inline v0 {

/// The outcome of an operation: a value, or a failure. `value()` throws `tidings::error`, which carries the failure. An
/// alias cannot be `[[nodiscard]]`, so every operation is.
template<class T>
using result = boost::system::result<T, failure>;

} // namespace tidings::inline v0

#endif
