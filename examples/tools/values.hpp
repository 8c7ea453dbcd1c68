// Reads the values of command-line options and environment variables.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_VALUES_HPP
#define TIDINGS_EXAMPLES_TOOLS_VALUES_HPP

#include "environment.hpp"
#include "usage_error.hpp"

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace tools {

// Everything that a file may hold is less than this.
inline constexpr std::size_t max_text = std::size_t{1} << 20;
inline constexpr std::size_t max_people = std::size_t{64} << 20;
inline constexpr std::size_t max_attachment = std::size_t{64} << 20;
inline constexpr std::size_t max_certificates = std::size_t{16} << 20;
inline constexpr std::size_t max_secret = std::size_t{64} << 10;

/// A number within bounds; anything else ends the program with a usage error.
template<class Number>
Number number(std::string_view option, std::string const& text, std::string_view expected, Number min, Number max)
{
    Number out{};
    auto const* const end = text.data() + text.size();
    auto const [at, ec] = std::from_chars(text.data(), end, out);
    // Written so that it refuses what is not a number at all.
    if (ec != std::errc() || at != end || !(out >= min && out <= max))
        throw usage_problem(option, std::string("must be ") + std::string(expected));
    return out;
}

/// Names may be written as in code, too: login_name.
std::string with_hyphens(std::string name);

/// The whole of a file, without the byte order mark that some editors put in front of it.
std::string read_text(std::string_view option, std::string const& path, std::size_t max_bytes);

} // namespace tools

#endif
