// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "ending.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <poll.h>
#include <unistd.h>

namespace tidings_sandbox {

namespace {

// A signal writes one byte here; the main thread waits for it.
std::array<int, 2> signalled{-1, -1};

extern "C" void on_signal(int)
{
    char const byte = 0;
    [[maybe_unused]] auto const n = ::write(signalled[1], &byte, 1);
}

} // namespace

void watch_signals()
{
    if (::pipe(signalled.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

void wait_for_the_end()
{
    for (;;)
    {
        std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{signalled[0], POLLIN, 0}};
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
            return;
        if (watched[1].revents != 0)
            return;
        std::array<char, 4096> ignored;
        if (watched[0].revents != 0 && ::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0)
            return;
    }
}

} // namespace tidings_sandbox
