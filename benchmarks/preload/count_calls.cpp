// Counts the system calls that a program makes by way of the C library, for where strace is not installed or would change what
// it counts: a traced process stops at each call, and the answer that it would have waited for is there already.
//
//   LD_PRELOAD=libcount_calls.so PROGRAM…
//
// At the end of the program one line of JSON goes to the file that COUNT_CALLS names.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <dlfcn.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

enum call
{
    read_,
    write_,
    readv_,
    writev_,
    recv_,
    send_,
    recvmsg_,
    sendmsg_,
    epoll_wait_,
    epoll_ctl_,
    poll_,
    timer_,
    random_,
    other_
};

struct counted
{
    char const* name;
    std::atomic<unsigned long> count{0};
};

std::array<counted, 14> calls{{{"read"},
                               {"write"},
                               {"readv"},
                               {"writev"},
                               {"recvfrom"},
                               {"sendto"},
                               {"recvmsg"},
                               {"sendmsg"},
                               {"epoll_wait"},
                               {"epoll_ctl"},
                               {"poll"},
                               {"timerfd_settime"},
                               {"getrandom"},
                               {"syscall"}}};

template<call Which, class Function, class... Arguments>
auto forward(char const* name, Arguments... arguments)
{
    static auto const real = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
    calls[Which].count.fetch_add(1, std::memory_order_relaxed);
    return real(arguments...);
}

[[gnu::destructor]] void report()
{
    char const* const path = std::getenv("COUNT_CALLS");
    std::FILE* const file = path ? std::fopen(path, "w") : nullptr;
    if (!file)
        return;
    char const* separator = "{";
    for (auto const& each : calls)
    {
        std::fprintf(file, "%s\"%s\": %lu", separator, each.name, each.count.load());
        separator = ", ";
    }
    std::fputs("}\n", file);
    std::fclose(file);
}

} // namespace

extern "C" {

ssize_t read(int fd, void* to, std::size_t size)
{
    return forward<read_, decltype(::read)>("read", fd, to, size);
}
ssize_t write(int fd, void const* from, std::size_t size)
{
    return forward<write_, decltype(::write)>("write", fd, from, size);
}
ssize_t readv(int fd, iovec const* to, int n)
{
    return forward<readv_, decltype(::readv)>("readv", fd, to, n);
}
ssize_t writev(int fd, iovec const* from, int n)
{
    return forward<writev_, decltype(::writev)>("writev", fd, from, n);
}
ssize_t recv(int fd, void* to, std::size_t size, int flags)
{
    return forward<recv_, decltype(::recv)>("recv", fd, to, size, flags);
}
ssize_t send(int fd, void const* from, std::size_t size, int flags)
{
    return forward<send_, decltype(::send)>("send", fd, from, size, flags);
}
ssize_t recvmsg(int fd, msghdr* to, int flags)
{
    return forward<recvmsg_, decltype(::recvmsg)>("recvmsg", fd, to, flags);
}
ssize_t sendmsg(int fd, msghdr const* from, int flags)
{
    return forward<sendmsg_, decltype(::sendmsg)>("sendmsg", fd, from, flags);
}
int epoll_wait(int fd, epoll_event* events, int n, int timeout)
{
    return forward<epoll_wait_, decltype(::epoll_wait)>("epoll_wait", fd, events, n, timeout);
}
int epoll_ctl(int epoll, int what, int fd, epoll_event* event) noexcept
{
    return forward<epoll_ctl_, decltype(::epoll_ctl)>("epoll_ctl", epoll, what, fd, event);
}
int poll(pollfd* fds, nfds_t n, int timeout)
{
    return forward<poll_, decltype(::poll)>("poll", fds, n, timeout);
}
int timerfd_settime(int fd, int flags, itimerspec const* to, itimerspec* old) noexcept
{
    return forward<timer_, decltype(::timerfd_settime)>("timerfd_settime", fd, flags, to, old);
}
ssize_t getrandom(void* to, std::size_t size, unsigned flags)
{
    return forward<random_, decltype(::getrandom)>("getrandom", to, size, flags);
}
/// OpenSSL asks for random bytes by this one.
long syscall(long number, ...) noexcept
{
    std::va_list list;
    va_start(list, number);
    std::array<long, 6> a;
    for (auto& each : a)
        each = va_arg(list, long);
    va_end(list);
    return forward<other_, decltype(::syscall)>("syscall", number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

} // extern "C"
