// The bounds of a pool of connections.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_POOL_SETTINGS_HPP
#define TIDINGS_TRANSPORT_DETAIL_POOL_SETTINGS_HPP

#include <tidings/transport/detail/breaker.hpp>

#include <chrono>
#include <cstddef>

namespace tidings::inline v0::transport::detail {

class pool_settings
{
public:
    pool_settings() = default;

    std::size_t max_connections = 16;
    std::size_t max_waiting = 4096;
    std::chrono::steady_clock::duration idle_timeout = std::chrono::seconds(50);
    breaker_settings breaker;
    std::size_t depth =
        1; ///< How many requests a connection carries at once. Only those that may be repeated share one.
};

} // namespace tidings::inline v0::transport::detail

#endif
