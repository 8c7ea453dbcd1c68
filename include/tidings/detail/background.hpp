// Coroutines that nobody awaits.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_BACKGROUND_HPP
#define TIDINGS_DETAIL_BACKGROUND_HPP

#include <tidings/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/error_code.hpp>

#include <exception>
#include <memory>

namespace tidings::inline v0::detail {

/// Runs after a coroutine. It is destroyed behind its call, or with a coroutine that does not come to its end.
class coroutine_end
{
public:
    coroutine_end() noexcept = default;
    coroutine_end(coroutine_end const&) = delete;
    coroutine_end& operator=(coroutine_end const&) = delete;
    virtual ~coroutine_end() = default;

    /// Where the coroutine's cancellation comes from.
    virtual boost::asio::cancellation_slot slot() const noexcept = 0;

    /// @param thrown  The exception that the coroutine left by.
    /// @param ec      Else what it returned.
    virtual void operator()(std::exception_ptr thrown, boost::system::error_code ec) = 0;
};

/// Starts a coroutine. Asio makes much code of each type of handler, so all these coroutines have the same.
///
/// The handler has no associated executor: `co_spawn` then passes a cancellation on at once. Otherwise a cancellation that
/// comes while no thread runs the executor would post a pointer into the memory of the slot, which may have another use by
/// then.
TIDINGS_DECL void start(boost::asio::any_io_executor const& ex,
                        boost::asio::awaitable<boost::system::error_code> coroutine,
                        std::unique_ptr<coroutine_end> end);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/background.ipp>
#endif

#endif
