// How a service's own test checks what it tells people: the platform runs inside the test.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
//[your_own_test
#include <tidings/sandbox/server.hpp>
#include <tidings/tidings.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>

int main()
{
    tidings::sandbox::server platform;
    auto const app = platform.app("feishu");

    boost::asio::io_context io;
    auto notify = tidings::make_notifier<tidings::feishu, tidings::match::phone_number>(
        io, tidings::feishu::credentials{app.app_id, tidings::secret{app.app_secret}}, tidings::transport::http{},
        tidings::base_url{platform.url("feishu")});
    auto sent = notify.async_send("+8613011111111", tidings::markdown{"**Disk** 91% full"}, boost::asio::use_future);
    io.run();

    std::cout << sent.get().value().message_id() << " reached " << platform.ledger().at(0).to << '\n';
}
//]
