// Ends a program's work when the program is told to stop.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_INTERRUPTION_HPP
#define TIDINGS_EXAMPLES_TOOLS_INTERRUPTION_HPP

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <string>

namespace tools {

/// Cancels the work under way at the first SIGINT, SIGTERM or SIGHUP. At the second one the program ends at once,
/// whatever it waits for. Only one object at a time.
class interruption
{
public:
    /// @param message  Written to standard error when it happens.
    interruption(boost::asio::io_context& io, std::string message);

    boost::asio::cancellation_slot slot() noexcept { return cancel_.slot(); }
    bool happened() const noexcept { return happened_; }
    void end() { reading_.close(); }

private:
    boost::asio::posix::stream_descriptor reading_;
    boost::asio::cancellation_signal cancel_;
    bool happened_ = false;
};

/// A reader who went away, and a limit on the size of files, are found by the write that fails.
void ignore_signals_of_failed_writes();

} // namespace tools

#endif
