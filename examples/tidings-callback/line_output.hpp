// Where tidings-callback prints events.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_LINE_OUTPUT_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_LINE_OUTPUT_HPP

#include "asynchronous.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace tidings_callback {

// Lines on standard output, one after the other. A reader that stops to read delays the requests that have something to
// print, and no others.
class line_output
{
public:
    explicit line_output(boost::asio::io_context& io);

    // The error with which the line could not be written in time; none: the operating system has all of it.
    boost::asio::awaitable<boost::system::error_code> write(std::string line, clock_type::time_point deadline);

    // Writes the lines, until the context ends.
    boost::asio::awaitable<void> run();

private:
    struct pending
    {
        pending(boost::asio::any_io_executor const& executor, std::string line) : text(std::move(line)), done(executor)
        {
        }

        std::string text;
        boost::asio::steady_timer done;
        boost::system::error_code error;
        bool finished = false;
        bool abandoned = false;
    };

    // Only waited for: made non-blocking, it would be so for the shell, too.
    boost::asio::posix::stream_descriptor output_;
    boost::asio::steady_timer more_;
    std::deque<std::shared_ptr<pending>> queue_;
    std::string rest_;
};

} // namespace tidings_callback

#endif
