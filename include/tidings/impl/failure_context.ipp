// Which call failed: what the place that finds a failure cannot know.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_FAILURE_CONTEXT_IPP
#define TIDINGS_IMPL_FAILURE_CONTEXT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/failure_context.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL void failure_context::write_to(diagnostics& facts) const noexcept
{
    facts.platform = platform_;
    facts.operation = operation_;
    facts.attempts = attempts_;
}

TIDINGS_COLD TIDINGS_DECL failure failure_context::operator()(failure const& f) const
{
    if (!f.platform().empty())
        return f;
    return amend(f, [this](diagnostics& facts) { write_to(facts); });
}

TIDINGS_COLD TIDINGS_DECL failure cancelled_or_rethrow(boost::system::system_error const& e)
{
    if (e.code() != boost::asio::error::operation_aborted)
        throw;
    return errc::cancelled;
}

} // namespace tidings::inline v0::detail

#endif
