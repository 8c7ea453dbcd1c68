// Which call failed: what the place that finds a failure cannot know.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_FAILURE_CONTEXT_HPP
#define TIDINGS_IMPL_FAILURE_CONTEXT_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>

#include <boost/system/system_error.hpp>

#include <string_view>

namespace tidings::inline v0::detail {

/// Platform, operation and number of requests of a failure. Added once, where the operation ends; the layers above pass
/// the failure on as it is.
class failure_context
{
public:
    /// @param platform   A literal.
    /// @param operation  A literal.
    /// @param attempts   Requests made for the operation.
    constexpr explicit failure_context(std::string_view platform, std::string_view operation = {},
                                       unsigned attempts = 0) noexcept
        : platform_(platform), operation_(operation), attempts_(attempts)
    {
    }

    unsigned attempts() const noexcept { return attempts_; }

    void write_to(diagnostics& facts) const noexcept;

    /// The failure with this context. A failure that names its platform has one already.
    failure operator()(failure const& f) const;

private:
    std::string_view platform_;
    std::string_view operation_;
    unsigned attempts_;
};

/// A coroutine that was cancelled between two steps leaves by an exception of Asio's. Called in a handler.
TIDINGS_DECL failure cancelled_or_rethrow(boost::system::system_error const& e);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/failure_context.ipp>
#endif

#endif
