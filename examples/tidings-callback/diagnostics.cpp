// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "diagnostics.hpp"

#include <tidings/printable_text.hpp>

#include <algorithm>
#include <sstream>
#include <string>

#include <poll.h>
#include <unistd.h>

namespace tidings_callback {

void diagnostics::write(std::string_view text)
{
    constexpr double per_second = 10;
    constexpr double burst = 50;
    auto const now = std::chrono::steady_clock::now();
    allowed_ = std::min(burst, allowed_ + per_second * std::chrono::duration<double>(now - last_).count());
    last_ = now;
    if (allowed_ < 1)
    {
        ++left_out_;
        return;
    }
    allowed_ -= 1;
    constexpr std::size_t max_length = 2000;
    std::string line = "tidings-callback: " + tidings::printable_text(text, max_length);
    if (left_out_ != 0)
        line += " (" + std::to_string(left_out_) + " lines before this one were left out)";
    line += '\n';
    pollfd error_output{STDERR_FILENO, POLLOUT, 0};
    bool const written = ::poll(&error_output, 1, 0) == 1 && ::write(STDERR_FILENO, line.data(), line.size()) > 0;
    left_out_ = written ? 0 : left_out_ + 1;
}

void diagnostics::write(tidings::failure const& why)
{
    std::ostringstream text;
    text << why;
    write(text.str());
}

} // namespace tidings_callback
