// The files of tidings-event.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_EVENT_DOCUMENTS_HPP
#define TIDINGS_EXAMPLES_TIDINGS_EVENT_DOCUMENTS_HPP

#include <tidings/config/channels.hpp>
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/event_types.hpp>
#include <tidings/subscription/holding.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tidings_event {

struct document_paths
{
    std::string channels;
    std::string subscriptions;
    std::string people;
    std::string event;
};

/// Refuses a file to be written that is another file of the command line: writing would destroy that.
void check_written_files(document_paths const& read, std::string const& inbox, std::string const& state);

struct settings
{
    tidings::language remedies = tidings::language::english;
    std::string language; ///< A tag. Empty: not given.
    std::chrono::milliseconds timeout{};
};

/// What is not usable is a usage error.
settings read_settings(std::string const& language, std::string const& timeout);

struct documents
{
    tidings::config::channels channels;
    tidings::subscription::subscriptions rules{tidings::subscription::ready_made::types};
    tidings::subscription::people people;
    std::optional<tidings::subscription::event> event;
};

/// Reads the files that were named. All problems of a file are one usage error.
///
/// @param with_event  Whether there has to be an event.
documents read_documents(document_paths const& paths, tidings::language l, bool with_event);

/// The time zones that this program knows.
tidings::subscription::zone_offset zones();

/// The kinds of files, with commas between.
std::string kinds_of_documents();

/// An example of a file; a usage error for any other kind.
std::string example_of(std::string_view kind);

} // namespace tidings_event

#endif
