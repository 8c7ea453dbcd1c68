// Whether a thread is on an executor, for assertions.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ON_EXECUTOR_HPP
#define TIDINGS_DETAIL_ON_EXECUTOR_HPP

#include <tidings/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/assert.hpp>

#include <optional>

namespace tidings::inline v0::detail {

/// Whether this thread is on `ex`, as far as the type of `ex` can tell: an `io_context` or a `thread_pool`, or a strand
/// of one.
TIDINGS_DECL std::optional<bool> runs_here(boost::asio::any_io_executor const& ex) noexcept;

/// True for types that cannot tell, so that an assertion never fails by mistake.
inline bool may_run_here(boost::asio::any_io_executor const& ex) noexcept
{
    return runs_here(ex).value_or(true);
}

/// False for types that cannot tell.
inline bool certainly_runs_here(boost::asio::any_io_executor const& ex) noexcept
{
    return runs_here(ex).value_or(false);
}

} // namespace tidings::inline v0::detail

/// Asserts in debug builds that an operation is awaited on the executor of its notifier or webhook.
#define TIDINGS_ASSERT_ON_EXECUTOR(ex)                                                                              \
    BOOST_ASSERT_MSG(::tidings::detail::may_run_here(ex),                                                           \
                     "tidings: an operation was awaited on another executor than that of its notifier or webhook; " \
                     "see docs/threads.md")

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/on_executor.ipp>
#endif

#endif
