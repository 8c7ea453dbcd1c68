// Waits of coroutines that have no time to save.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_WAIT_HPP
#define TIDINGS_DETAIL_WAIT_HPP

#include <tidings/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

namespace tidings::inline v0::detail {

/// Waits until a timer expires or is cancelled. It is a coroutine of its own, as a wait with `use_awaitable` is, and one for
/// all coroutines: Asio's templates for a wait are instantiated for each completion token and each place.
TIDINGS_DECL boost::asio::awaitable<boost::system::error_code> expiry_of(boost::asio::steady_timer& timer);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/wait.ipp>
#endif

#endif
