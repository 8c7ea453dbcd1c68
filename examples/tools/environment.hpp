// Reads environment variables.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_ENVIRONMENT_HPP
#define TIDINGS_EXAMPLES_TOOLS_ENVIRONMENT_HPP

#include <cstdlib>
#include <string>

namespace tools {

/// The value of an environment variable; empty: it is not set.
inline std::string environment(char const* name)
{
    auto const* const value = std::getenv(name);
    return value ? value : "";
}

} // namespace tools

#endif
