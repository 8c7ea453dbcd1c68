// Sends what the command line asks for to everybody.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_SENDING_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_SENDING_HPP

#include "order.hpp"
#include "report.hpp"
#include "results_file.hpp"

#include "../tools/channel_options.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <string>

namespace tidings_send {

/// Whether a message that is sent again under the same key, by another run, arrives once; and why it does not.
struct repetition
{
    bool is_safe = false;
    std::string problem;
};

repetition repetition_of(order const& what, tools::channel_choice const& channel);

/// Leaves out everybody who has the message, and puts those first who may have it and cannot be sent to again.
///
/// @returns How many have the message.
std::size_t continue_run(order& what, results_file const& before, repetition const& again);

/// Sends to everybody, or looks everybody up, and reports what became of it.
///
/// @param io       Where the notifier runs.
/// @param results  May be null.
exit_code send_to_everybody(boost::asio::io_context& io, tidings::any_notifier notifier,
                            tools::channel_choice const& channel, order const& what, results_file* results);

} // namespace tidings_send

#endif
