// What a stranger's first program does, without a network: the address is refused before any byte is sent.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.

#include <tidings/tidings.hpp>

#include <tidings/version.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>
#include <string_view>

namespace asio = boost::asio;

asio::awaitable<bool> is_refused()
{
    using lark = tidings::lark;

    auto const executor = co_await asio::this_coro::executor;
    lark::credentials app{"cli_a1b2c3d4e5f60718", tidings::secret{"not-a-real-secret"}};
    tidings::notifier<lark, tidings::match::email> notify{executor, app};

    auto const sent = co_await notify.send("not-an-address", tidings::text{"hi"});
    if (sent)
        co_return false;
    std::cerr << sent.error() << '\n';
    co_return sent.error().code() == tidings::errc::invalid_recipient;
}

int main(int argc, char** argv)
{
    if (argc > 1 && std::string_view(argv[1]) == "--version")
    {
        std::cout << TIDINGS_VERSION_STRING << '\n';
        return 0;
    }

    asio::io_context context;
    auto refused = asio::co_spawn(context, is_refused(), asio::use_future);
    context.run();
    bool const good = refused.get();
    std::cout << "tidings " TIDINGS_VERSION_STRING ": " << (good ? "refused as it should" : "NOT refused") << '\n';
    return good ? 0 : 1;
}
