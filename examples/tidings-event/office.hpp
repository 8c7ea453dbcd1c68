// The dispatcher of tidings-event, with all routes of its files.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_EVENT_OFFICE_HPP
#define TIDINGS_EXAMPLES_TIDINGS_EVENT_OFFICE_HPP

#include "documents.hpp"

#include <tidings/subscription/dispatcher.hpp>
#include <tidings/subscription/file_log.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <string>

namespace tidings_event {

class office
{
public:
    /// Opens the state and makes the routes. A file that is not usable is a usage error.
    office(boost::asio::any_io_executor const& ex, documents const& all, settings const& how, std::string const& inbox,
           std::string const& state);

    tidings::subscription::dispatcher<tidings::subscription::people_directory, tidings::subscription::file_log> send;
};

} // namespace tidings_event

#endif
