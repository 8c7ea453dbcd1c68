// Another address than the platform's own.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_POLICY_BASE_URL_HPP
#define TIDINGS_POLICY_BASE_URL_HPP

#include <tidings/concepts.hpp>

#include <string>
#include <utility>

namespace tidings::inline v0 {

/// Replaces scheme, host, port and path prefix of every request: for a test server or a private deployment.
class base_url
{
public:
    using policy_kind = base_url_kind;

    /// The platform's own.
    base_url() = default;

    /// @param text  `https://host[:port][/prefix]`, or `http://…` with a transport that allows it. The notifier checks
    ///              it: each call fails with `errc::invalid_argument` if it is not valid.
    explicit base_url(std::string text) noexcept : text_(std::move(text)) {}

    /// Empty: the platform's own.
    std::string const& text() const noexcept { return text_; }

private:
    std::string text_;
};
static_assert(base_url_policy<base_url>);

} // namespace tidings::inline v0

#endif
