// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "interruption.hpp"

#include "files.hpp"

#include <boost/asio/posix/descriptor_base.hpp>

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace asio = boost::asio;

namespace tools {

namespace {

constexpr std::array<int, 3> stopping_signals{SIGINT, SIGTERM, SIGHUP};
std::array<bool, 3> handled{}; ///< Those that were not ignored when the program began.
int stop_pipe = -1;            ///< The end of a pipe that is for writing.

/// The second time, the program ends at once, whatever it waits for.
extern "C" void on_stopping_signal(int)
{
    int const before = errno;
    for (std::size_t i = 0; i != stopping_signals.size(); ++i)
        if (handled[i])
            ::signal(stopping_signals[i], SIG_DFL);
    [[maybe_unused]] auto const written = ::write(stop_pipe, "", 1);
    errno = before;
}

} // namespace

interruption::interruption(asio::io_context& io, std::string message) : reading_(io)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    reading_.assign(ends[0]);
    stop_pipe = ends[1];
    for (std::size_t i = 0; i != stopping_signals.size(); ++i)
    {
        struct sigaction before;
        handled[i] = ::sigaction(stopping_signals[i], nullptr, &before) == 0 && before.sa_handler != SIG_IGN;
        if (handled[i])
            ::signal(stopping_signals[i], on_stopping_signal);
    }
    reading_.async_wait(asio::posix::descriptor_base::wait_read,
                        [this, message = std::move(message)](boost::system::error_code ec) {
                            if (ec)
                                return;
                            happened_ = true;
                            write_all(STDERR_FILENO, message);
                            cancel_.emit(asio::cancellation_type::terminal);
                        });
}

void ignore_signals_of_failed_writes()
{
    for (int const number : {SIGPIPE, SIGXFSZ})
        ::signal(number, SIG_IGN);
}

} // namespace tools
