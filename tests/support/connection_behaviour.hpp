// How a relay treats connections.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_CONNECTION_BEHAVIOUR_HPP
#define TIDINGS_TESTS_SUPPORT_CONNECTION_BEHAVIOUR_HPP

namespace test {

/// What becomes of a new connection.
enum class connection_behaviour
{
    pass,         ///< It reaches the server.
    refuse,       ///< No process listens.
    refuse_first, ///< No process listens for a moment; then it reaches the server.
    close,        ///< It is accepted and closed.
    hang_up,      ///< It is closed when the client has sent something.
    reset,        ///< The same, with a TCP reset.
    cut_answer,   ///< It is closed behind the first bytes of the server's answer.
    reset_answer, ///< The same, with a TCP reset.
    babble,       ///< The answer is not of any protocol.
    swallow,      ///< It is accepted, and never answered.
    backlog_full, ///< The queue of the port is full: the connection is not established.
};

} // namespace test

#endif
