// What tidings-channels does with a file of settings.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_CHANNEL_EDITOR_HPP
#define TIDINGS_EXAMPLES_TOOLS_CHANNEL_EDITOR_HPP

#include <tidings/config/channels.hpp>
#include <tidings/config/test_send.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

/// The channels of a file. What is wrong with it is a usage error.
///
/// @param may_be_missing  A missing file has no channels.
tidings::config::channels load_channels(std::string const& path, tidings::language l, bool may_be_missing);

/// Replaces the file; throws `std::runtime_error` if that fails.
void save_channels(tidings::config::channels const& all, std::string const& path);

/// A channel that is configured; a usage error for any other name.
tidings::config::channel const& configured_channel(tidings::config::channels const& all, std::string_view name);

/// The fields of all channels, each name once.
std::vector<tidings::config::field const*> all_fields();

/// Asks for each field that `given` does not have. An empty answer keeps what there is, `-` removes it. An answer that is
/// not valid is asked for again on a terminal; from a pipe, and as a flag, it is a usage error.
///
/// @param path   The file that the settings are saved to, where a relative path of a secret begins.
/// @param given  Values by the names of fields. A secret must be a reference.
tidings::config::channel edit_channel(tidings::config::channels const& all, std::string const& path,
                                      std::string_view name,
                                      std::map<std::string, std::string, std::less<>> const& given,
                                      tidings::language l);

/// Asks to whom the test message goes.
std::string ask_receiver(tidings::config::channel const& c, tidings::language l);

/// Sends a test message. SIGINT, SIGTERM and SIGHUP cancel it.
tidings::result<tidings::receipt> send_test(tidings::config::channel const& c, std::string const& to);

} // namespace tools

#endif
