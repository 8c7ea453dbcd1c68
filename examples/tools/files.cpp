// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace tools {

namespace {

/// A pipe to which nobody writes is not waited for any longer.
constexpr int max_wait_milliseconds = 10'000;

std::string why(std::string_view what, int error)
{
    return std::string(what) + ": " + std::generic_category().message(error);
}

class descriptor
{
public:
    /// @param owned  Whether it is closed in the end.
    descriptor(int number, bool owned) noexcept : number_(number), owned_(owned) {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor()
    {
        if (owned_ && number_ >= 0)
            ::close(number_);
    }

    int get() const noexcept { return number_; }

private:
    int number_;
    bool owned_;
};

/// @param limit  Milliseconds; negative: none.
bool wait_for(int number, short events, int limit)
{
    pollfd polled{number, events, 0};
    for (;;)
    {
        int const ready = ::poll(&polled, 1, limit);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true; // what is wrong is said by the read or write that follows
        if (ready == 0)
            return false;
    }
}

} // namespace

contents read_file(std::string const& path, std::size_t max_bytes)
{
    bool const standard = path == "-";
    contents out;
    // Not blocking: opening a pipe would wait for somebody who writes to it.
    descriptor const file(standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
                          !standard);
    struct stat about;
    if (file.get() < 0 || ::fstat(file.get(), &about) != 0)
        out.problem = why("cannot be opened", errno);
    else if (S_ISDIR(about.st_mode))
        out.problem = "is a directory";
    else if (S_ISREG(about.st_mode) && static_cast<std::size_t>(about.st_size) > max_bytes)
        out.problem = "is larger than " + std::to_string(max_bytes) + " bytes";
    bool const waits = out.problem.empty() && !S_ISREG(about.st_mode);
    std::array<char, 65536> block;
    while (out.problem.empty())
    {
        if (waits && !wait_for(file.get(), POLLIN, standard ? -1 : max_wait_milliseconds))
        {
            out.problem = "is a pipe to which nobody has written for ten seconds";
            break;
        }
        auto const got = ::read(file.get(), block.data(), block.size());
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            out.problem = why("cannot be read", errno);
        if (got < 0)
            continue;
        out.bytes.append(block.data(), static_cast<std::size_t>(got));
        if (out.bytes.size() > max_bytes)
            out.problem = "is larger than " + std::to_string(max_bytes) + " bytes";
    }
    if (!out.problem.empty())
        out.bytes.clear();
    return out;
}

std::string problem_of(std::string const& path, std::size_t max_bytes)
{
    struct stat about;
    if (::stat(path.c_str(), &about) != 0)
        return why("cannot be read", errno);
    if (S_ISDIR(about.st_mode))
        return "is a directory";
    if (!S_ISREG(about.st_mode))
        return "is no regular file";
    if (static_cast<std::size_t>(about.st_size) > max_bytes)
        return "is larger than " + std::to_string(max_bytes) + " bytes";
    return ::access(path.c_str(), R_OK) != 0 ? why("cannot be read", errno) : std::string();
}

void reserve_standard_descriptors()
{
    for (int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(number, F_GETFD) < 0 && errno == EBADF)
        {
            // The lowest free number is this one. What is opened for reading cannot be written to, and the reverse.
            [[maybe_unused]] int const reserved =
                ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY); // NOLINT: stays open
        }
}

bool write_all(int descriptor, std::string const& text)
{
    std::string_view rest = text;
    while (!rest.empty())
    {
        auto const put = ::write(descriptor, rest.data(), rest.size());
        if (put >= 0)
            rest.remove_prefix(static_cast<std::size_t>(put));
        else if (errno == EAGAIN)
            wait_for(descriptor, POLLOUT, -1);
        else if (errno != EINTR)
            return false;
    }
    return true;
}

} // namespace tools
