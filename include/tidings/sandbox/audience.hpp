// Whom an app may see or reach.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_AUDIENCE_HPP
#define TIDINGS_SANDBOX_AUDIENCE_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::sandbox {

/// Whom an app may see or reach. In JSON: `"everyone"`, or an array of login names.
struct audience
{
    /// Everybody; `people` is then ignored.
    bool everyone = true;
    /// Login names. Counts only when `everyone` is false.
    std::vector<std::string> people;

    audience() = default;
    /// Exactly these people.
    explicit audience(std::vector<std::string> logins) : everyone(false), people(std::move(logins)) {}

    bool includes(std::string_view login_name) const noexcept;
};

} // namespace tidings::inline v0::sandbox

#endif
