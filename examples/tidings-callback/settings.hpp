// What the command line of tidings-callback sets.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_SETTINGS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_SETTINGS_HPP

#include <tidings/callback/freshness.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tidings_callback {

struct settings
{
    std::uint16_t port = 0;
    std::chrono::seconds max_age = tidings::max_callback_age; // 0: any
    std::chrono::milliseconds timeout{5000};                  // for a whole request: the platforms wait no longer
    std::size_t max_connections = 128;
};

} // namespace tidings_callback

#endif
