// A socket that does not take all that is written to it, at a moment that a test chooses.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_FULL_SOCKET_HPP
#define TIDINGS_TESTS_SUPPORT_FULL_SOCKET_HPP

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace test {

/// While it exists, some of the calls of send(2) that this thread makes take only a part of their bytes, as if the buffer of
/// the socket had been full then. A program that uses it has to define `send` with
/// `take`, and to count in `refused`.
class full_socket
{
public:
    /// @param which  The number of the first such call, from 1 on.
    /// @param part   How many bytes each takes.
    /// @param times  How many there are.
    full_socket(int which, std::size_t part, int times = 1) noexcept : until_(which), times_(times), part_(part)
    {
        current_ = this;
    }
    full_socket(full_socket const&) = delete;
    full_socket& operator=(full_socket const&) = delete;
    ~full_socket() { current_ = nullptr; }

    /// Whether there were so many calls.
    bool was_full() const noexcept { return until_ <= 0; }

    /// @param size  Of what is written.
    /// @returns How many bytes of it the socket takes.
    static std::size_t take(std::size_t size) noexcept
    {
        if (!current_ || --current_->until_ > 0 || current_->until_ <= -current_->times_)
            return size;
        return std::min(size, current_->part_);
    }

    /// How often a socket was full indeed, in any thread.
    static inline std::atomic<int> refused = 0;

private:
    static inline thread_local full_socket* current_ = nullptr;

    int until_;
    int times_;
    std::size_t part_;
};

} // namespace test

#endif
