// Reads what the command line names: files, pipes, standard input.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_FILES_HPP
#define TIDINGS_EXAMPLES_TOOLS_FILES_HPP

#include <cstddef>
#include <string>

namespace tools {

struct contents
{
    std::string bytes;
    std::string problem; ///< What is wrong with the file; empty: nothing.
};

/// Reads a file to its end, but never more than `max_bytes`: more is a problem. So is a directory, and a pipe to which
/// nobody has written anything for ten seconds.
///
/// @param path  "-": standard input, for which there is no limit of time.
contents read_file(std::string const& path, std::size_t max_bytes);

/// What is wrong with a file that a library is going to read, which would wait for a pipe and read a device to its end.
/// Empty: it is a regular file of at most so many bytes that this user can read.
std::string problem_of(std::string const& path, std::size_t max_bytes);

/// Gives each of the descriptors 0, 1 and 2 that is closed something to refer to, so that no connection gets its
/// number. Writing to one that was closed fails.
void reserve_standard_descriptors();

/// Writes everything, whatever the mode of the descriptor. False: it cannot be written.
bool write_all(int descriptor, std::string const& text);

} // namespace tools

#endif
