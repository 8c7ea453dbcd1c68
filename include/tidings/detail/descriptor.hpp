// A file descriptor that is closed in the end.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_DESCRIPTOR_HPP
#define TIDINGS_DETAIL_DESCRIPTOR_HPP

#if !defined(__unix__) && !defined(__APPLE__)
#error "tidings: token_cache::file and the files of settings need POSIX; see docs/public_api.md"
#endif

#include <unistd.h>

#include <utility>

namespace tidings::inline v0::detail {

/// A file descriptor, closed when it goes.
class descriptor
{
public:
    descriptor() noexcept = default;
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor() { close(); }

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    /// @returns False if the system reports that what was written is lost.
    bool close() noexcept { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

private:
    int fd_ = -1;
};

} // namespace tidings::inline v0::detail

#endif
