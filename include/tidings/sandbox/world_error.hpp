// A fault of a world or of a fault script.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_WORLD_ERROR_HPP
#define TIDINGS_SANDBOX_WORLD_ERROR_HPP

#include <stdexcept>
#include <string>
#include <utility>

namespace tidings::inline v0::sandbox {

/// What a world file has wrong, and where.
class world_error : public std::invalid_argument
{
public:
    world_error(std::string where, std::string const& what_is_wrong)
        : std::invalid_argument(where + ": " + what_is_wrong), path_(std::move(where))
    {
    }

    /// The bad member, for example `apps[0].bot`.
    std::string const& path() const noexcept { return path_; }

private:
    std::string path_;
};

} // namespace tidings::inline v0::sandbox

#endif
