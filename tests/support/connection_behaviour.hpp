// How a relay treats connections.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_CONNECTION_BEHAVIOUR_HPP
#define TIDINGS_TESTS_SUPPORT_CONNECTION_BEHAVIOUR_HPP

namespace test {

/// What becomes of a new connection.
enum class connection_behaviour
{
    pass,            ///< It reaches the server.
    refuse,          ///< Nobody listens.
    refuse_first,    ///< Nobody listens for a moment; then it reaches the server.
    close,           ///< It is accepted and closed.
    hang_up,         ///< It is closed when the client has said something.
    reset,           ///< The same, with a TCP reset.
    cut_answer,      ///< It is closed behind the first bytes of what the server says.
    reset_answer,    ///< The same, with a TCP reset.
    babble,          ///< Something answers that speaks no protocol.
    swallow,         ///< It is accepted, and never answered.
    many_recipients, ///< The queue of the port is full: not even the connection comes about.
};

} // namespace test

#endif
