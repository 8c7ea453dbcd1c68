// The command line of tidings-send.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_COMMAND_LINE_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_COMMAND_LINE_HPP

#include "message_options.hpp"
#include "order.hpp"
#include "results_file.hpp"

#include "../tools/channel_options.hpp"
#include "../tools/people.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace tidings_send {

/// As it was written.
struct command_line
{
    order what;
    tools::channel_options channel;
    tools::people_options people;
    std::vector<std::string> recipients;
    message_options message;
    std::optional<std::string> key;
    std::optional<std::string> results;
    std::optional<std::string> resume;
};

void declare(CLI::App& cli, command_line& line);

/// The key of --key. One that is not valid is a usage error.
void read_key(command_line const& line, order& what);

/// That two options read standard input is a usage error.
void check_standard_input(command_line const& line);

/// The file of an interrupted run, whose key is that of this one.
std::optional<results_file> read_results(command_line const& line, order& what);

/// The people of all options, in their order.
std::vector<tools::person> read_everybody(command_line const& line, tools::channel_choice const& channel);

} // namespace tidings_send

#endif
