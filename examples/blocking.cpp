// Tells a person something, in a program that knows nothing of Asio.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
//[blocking
#include <tidings/blocking.hpp>
#include <tidings/tidings.hpp>

#include <cstdlib>
#include <iostream>

int main()
{
    char const* const secret = std::getenv("TIDINGS_APP_SECRET");
    if (!secret)
        return std::cerr << "set TIDINGS_APP_SECRET\n", EXIT_FAILURE;
    tidings::lark::credentials const app{"cli_a1b2c3d4e5f60718", tidings::secret{secret}};
    tidings::blocking<tidings::notifier<tidings::lark, tidings::match::email>> notify{app};
    auto const sent = notify.send("ada@example.com", tidings::text{"Build is green"});
    if (!sent)
        return std::cerr << sent.error() << '\n', EXIT_FAILURE;
}
//]
