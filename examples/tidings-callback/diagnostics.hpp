// What tidings-callback reports to the administrator.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_DIAGNOSTICS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_DIAGNOSTICS_HPP

#include <tidings/error.hpp>

#include <chrono>
#include <cstddef>
#include <string_view>

namespace tidings_callback {

// Lines on standard error, for the administrator. Strangers cause most of them, so there are at most 10 a second, and
// nobody waits for a terminal that is stopped.
class diagnostics
{
public:
    void write(std::string_view text);
    void write(tidings::failure const& why);

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    double allowed_ = 50;
    std::size_t left_out_ = 0;
};

} // namespace tidings_callback

#endif
