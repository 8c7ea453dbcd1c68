// Tells a person something through the platform that the environment names.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
//[choose_platform
#include <tidings/any_notifier.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

std::string environment(char const* name)
{
    auto const* const value = std::getenv(name);
    return value ? value : "";
}

boost::asio::awaitable<void> tell(std::string to)
{
    auto const executor = co_await boost::asio::this_coro::executor;
    tidings::any_credentials app(environment("TIDINGS_APP_ID"), tidings::secret(environment("TIDINGS_APP_SECRET")));
    app.agent_id(std::atoll(environment("TIDINGS_AGENT_ID").c_str())); // WeCom, DingTalk's work notifications
    tidings::any_settings settings;
    settings.base_url(environment("TIDINGS_BASE_URL")); // empty: the platform's own

    auto notify = tidings::any_notifier::make(executor, environment("TIDINGS_PROVIDER"), environment("TIDINGS_MATCH"),
                                              app, settings);
    if (!notify)
    {
        std::cerr << notify.error() << '\n'; // an unknown name, and which names there are
        co_return;
    }
    auto const sent = co_await notify->send(to, tidings::text("Build is green"));
    if (sent)
        std::cout << "message " << sent->message_id() << '\n';
    else
        std::cerr << sent.error() << '\n';
}

int main(int argc, char** argv)
{
    boost::asio::io_context io;
    boost::asio::co_spawn(io, tell(argc > 1 ? argv[1] : ""), boost::asio::detached);
    io.run();
}
//]
