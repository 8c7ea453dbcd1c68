// How the parts of tidings-callback wait.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_ASYNCHRONOUS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_ASYNCHRONOUS_HPP

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace tidings_callback {

using clock_type = std::chrono::steady_clock;

// Errors are results, not exceptions.
inline constexpr auto quietly = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace tidings_callback

#endif
