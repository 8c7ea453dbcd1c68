// Writes to a chat, and to a person who was looked up before.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/tidings.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace asio = boost::asio;

//[tell_chat
using channel =
    tidings::notifier<tidings::lark, tidings::match::first_of<tidings::match::open_id, tidings::match::email>>;

asio::awaitable<void> tell(channel& notify, std::string chat, std::string email)
{
    // A chat that the bot is in. Any recipient can be made from its type and its id.
    auto const in_chat = co_await notify.send(channel::recipient("chat_id", chat), tidings::text("Deploying at ten"));
    if (!in_chat)
        std::cerr << in_chat.error() << '\n';

    // Looked up once. The text can be kept in a database, and no look-up is needed after that.
    auto const found = co_await notify.resolve(email);
    if (!found)
        co_return;
    std::string const kept = found->text(); // lark:open_id:ou_7d8a...
    auto const again = channel::recipient::parse(kept);
    if (!again)
        co_return;
    auto const sent = co_await notify.send(*again, tidings::text("You are on call"));
    if (!sent)
        std::cerr << sent.error() << '\n';
}
//]

int main(int argc, char** argv)
{
    auto const setting = [](char const* name) {
        auto const* const value = std::getenv(name);
        return std::string(value ? value : "");
    };
    if (argc != 3)
    {
        std::cerr << "usage: tell_chat CHAT_ID EMAIL, with TIDINGS_APP_ID and TIDINGS_APP_SECRET set\n";
        return 2;
    }
    asio::io_context io;
    channel notify(io.get_executor(), tidings::lark::credentials(setting("TIDINGS_APP_ID"),
                                                                 tidings::secret(setting("TIDINGS_APP_SECRET"))));
    asio::co_spawn(io, tell(notify, argv[1], argv[2]), asio::detached);
    io.run();
}
