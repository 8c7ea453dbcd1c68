// The options of tidings-send that name the message.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_MESSAGE_OPTIONS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_MESSAGE_OPTIONS_HPP

#include "order.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace tidings_send {

struct message_options
{
    std::optional<std::string> text;
    std::optional<std::string> markdown;
    std::optional<std::string> notice;
    std::optional<std::string> image;
    std::optional<std::string> file;
    bool test = false;
};

void declare(CLI::App& cli, message_options& options);

/// How many of them read standard input.
std::size_t count_standard_input(message_options const& options);

/// Reads the message and derives its key from that of the run. What is wrong is a usage error.
void read_message(message_options const& options, order& what);

} // namespace tidings_send

#endif
