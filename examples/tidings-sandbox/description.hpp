// What tidings-sandbox says about the platforms that it serves.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SANDBOX_DESCRIPTION_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SANDBOX_DESCRIPTION_HPP

#include <tidings/sandbox/server.hpp>

#include <boost/json/object.hpp>

namespace tidings_sandbox {

// The addresses, the first application of each platform, and the people whom it can reach.
boost::json::object describe(tidings::sandbox::server const& platform, bool with_ca);

// The same on standard output, in lines.
void print_for_people(boost::json::object const& d);

} // namespace tidings_sandbox

#endif
