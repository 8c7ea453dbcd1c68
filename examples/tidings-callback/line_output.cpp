// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "line_output.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <unistd.h>

namespace asio = boost::asio;
using boost::system::error_code;

namespace tidings_callback {

line_output::line_output(asio::io_context& io) : output_(io, ::dup(STDOUT_FILENO)), more_(io) {}

asio::awaitable<error_code> line_output::write(std::string line, clock_type::time_point deadline)
{
    auto const item = std::make_shared<pending>(more_.get_executor(), std::move(line));
    queue_.push_back(item);
    more_.cancel();
    item->done.expires_at(deadline);
    if (!item->finished)
        co_await item->done.async_wait(quietly);
    item->abandoned = true;
    if (!item->finished)
        co_return error_code(asio::error::timed_out);
    co_return item->error;
}

asio::awaitable<void> line_output::run()
{
    for (;;)
    {
        while (queue_.empty())
        {
            more_.expires_at(clock_type::time_point::max());
            co_await more_.async_wait(quietly);
        }
        auto const item = queue_.front();
        queue_.pop_front();
        if (item->abandoned)
            continue;
        // What is left of a line that could not be written goes first: each line is whole, sooner or later.
        auto const text = rest_ + item->text;
        auto const mine = rest_.size();
        std::size_t written = 0;
        while (written != text.size() && !item->error && !(item->abandoned && written <= mine))
        {
            auto const [wait_error] = co_await output_.async_wait(asio::posix::stream_descriptor::wait_write, quietly);
            // Files cannot be waited for, and need not.
            if (wait_error && wait_error != asio::error::operation_not_supported)
            {
                item->error = wait_error;
                break;
            }
            if (item->abandoned && written <= mine)
                break;
            constexpr std::size_t chunk = 512; // POSIX's least PIPE_BUF: a pipe that is ready takes it all
            auto const n = ::write(output_.native_handle(), text.data() + written,
                                   std::min(wait_error ? text.size() : chunk, text.size() - written));
            if (n > 0)
                written += static_cast<std::size_t>(n);
            else if (n < 0 && errno != EINTR && errno != EAGAIN)
                item->error.assign(errno, boost::system::system_category());
        }
        rest_ = written < mine   ? text.substr(written, mine - written)
                : written > mine ? text.substr(written)
                                 : std::string();
        item->finished = true;
        item->done.cancel();
    }
}

} // namespace tidings_callback
