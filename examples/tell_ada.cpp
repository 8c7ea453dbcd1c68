// The smallest program that tells a person something.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
//[tell_ada
#include <tidings/tidings.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>

boost::asio::awaitable<void> tell_ada(tidings::lark::credentials app)
{
    tidings::notifier<tidings::lark, tidings::match::email> notify{co_await boost::asio::this_coro::executor, app};

    auto const sent = co_await notify.send("ada@example.com", tidings::text{"Build is green"});
    if (!sent)
        std::cerr << sent.error() << '\n'; // what happened, the platform's code and log id, what to do about it
}

int main()
{
    char const* const secret = std::getenv("TIDINGS_APP_SECRET");
    if (!secret)
        return std::cerr << "set TIDINGS_APP_SECRET\n", EXIT_FAILURE;
    boost::asio::io_context io;
    tidings::lark::credentials const app{"cli_a1b2c3d4e5f60718", tidings::secret{secret}};
    boost::asio::co_spawn(io, tell_ada(app), boost::asio::detached);
    io.run();
}
//]
