// Another program, run by a test and never left behind.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_CHILD_PROCESS_HPP
#define TIDINGS_TESTS_SUPPORT_CHILD_PROCESS_HPP

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace test {

/// A child of this process. It ends with this object, and also when the thread that started it ends: no test leaves one
/// behind, not even one that crashes. What it prints goes into a file.
class child_process
{
public:
    /// Starts it; returns when the program runs.
    ///
    /// @param command  The program, looked up in `PATH`, and its arguments.
    /// @param output   Where its output and errors go.
    ///
    /// Throws `std::system_error` when there is no such program.
    explicit child_process(std::vector<std::string> command, std::string const& output = "/dev/null")
        : name_(command.at(0))
    {
        std::vector<char*> arguments;
        for (auto& word : command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        descriptor const out(::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        descriptor const nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        int ends[2];
        must(out.get() >= 0 && nothing.get() >= 0 && ::pipe2(ends, O_CLOEXEC) == 0, "prepare");
        descriptor const failure(ends[0]);
        descriptor status(ends[1]); // closed by a successful exec

        pid_ = ::fork();
        if (pid_ == 0)
        {
            // Only what may be called between fork and exec.
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(nothing.get(), STDIN_FILENO);
            ::dup2(out.get(), STDOUT_FILENO);
            ::dup2(out.get(), STDERR_FILENO);
            ::execvp(arguments[0], arguments.data());
            int const why = errno;
            [[maybe_unused]] auto const written = ::write(status.get(), &why, sizeof why);
            ::_exit(127);
        }
        must(pid_ > 0, "fork");
        handle_ = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        status = descriptor();
        int why = 0;
        if (::read(failure.get(), &why, sizeof why) == sizeof why)
        {
            ::waitpid(pid_, nullptr, 0);
            throw std::system_error(why, std::generic_category(), "cannot run " + name_);
        }
    }
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process() { stop(); }

    pid_t pid() const noexcept { return pid_; }

    /// Waits until it has ended by itself, or until the time is over.
    ///
    /// @returns The exit code, negative a signal's number; nothing when it still runs.
    std::optional<int> wait(std::chrono::milliseconds timeout)
    {
        if (status_)
            return status_;
        pollfd ended{handle_.get(), POLLIN, 0};
        int status = 0;
        if (::poll(&ended, 1, static_cast<int>(timeout.count())) == 1 && ::waitpid(pid_, &status, 0) == pid_)
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        return status_;
    }
    bool running() { return !wait(std::chrono::milliseconds(0)); }

    /// Asks it to end, and makes it when it does not within some seconds.
    ///
    /// @returns The exit code, negative a signal's number.
    int stop()
    {
        for (int const signal : {SIGTERM, SIGKILL})
        {
            if (running())
                ::kill(pid_, signal);
            if (auto const code = wait(std::chrono::seconds(5)))
                return *code;
        }
        return -SIGKILL;
    }

private:
    class descriptor
    {
    public:
        descriptor() noexcept = default;
        explicit descriptor(int fd) noexcept : fd_(fd) {}
        descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
        descriptor& operator=(descriptor&& other) noexcept
        {
            std::swap(fd_, other.fd_);
            descriptor old(std::move(other));
            return *this;
        }
        ~descriptor()
        {
            if (fd_ >= 0)
                ::close(fd_);
        }
        int get() const noexcept { return fd_; }

    private:
        int fd_ = -1;
    };

    void must(bool good, char const* what) const
    {
        if (!good)
            throw std::system_error(errno, std::generic_category(), std::string(what) + ' ' + name_);
    }

    std::string name_;
    pid_t pid_ = -1;
    descriptor handle_; // readable when it has ended
    std::optional<int> status_;
};

} // namespace test

#endif
