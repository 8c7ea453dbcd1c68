// Tells a group something, by its custom bot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
//[tell_group
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/tidings.hpp>
#include <tidings/webhook.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>

int main()
{
    char const* const url = std::getenv("TIDINGS_WEBHOOK"); // https://open.larksuite.com/open-apis/bot/v2/hook/...
    char const* const key = std::getenv("TIDINGS_WEBHOOK_SECRET");
    if (!url)
        return std::cerr << "set TIDINGS_WEBHOOK\n", EXIT_FAILURE;
    boost::asio::io_context io;
    tidings::webhook<tidings::lark> group{io, tidings::webhook_address{url, tidings::secret{key ? key : ""}}};
    group.async_send(tidings::text{"Build is green"}, [](tidings::result<tidings::receipt> const& sent) {
        if (!sent)
            std::cerr << sent.error() << '\n'; // what happened, and what to do about it
    });
    io.run();
}
//]
