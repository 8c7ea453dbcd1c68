// Coroutines that nobody awaits.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_BACKGROUND_IPP
#define TIDINGS_DETAIL_IMPL_BACKGROUND_IPP

#include <tidings/detail/background.hpp>
#include <tidings/detail/config.hpp>

#include <boost/asio/co_spawn.hpp>

#include <utility>

namespace tidings::inline v0::detail {

/// The handler of `co_spawn`.
class coroutine_end_handler
{
public:
    using cancellation_slot_type = boost::asio::cancellation_slot;

    explicit coroutine_end_handler(std::unique_ptr<coroutine_end> end) noexcept : end_(std::move(end)) {}

    cancellation_slot_type get_cancellation_slot() const noexcept { return end_->slot(); }

    void operator()(std::exception_ptr thrown, boost::system::error_code ec) const { (*end_)(std::move(thrown), ec); }

private:
    std::unique_ptr<coroutine_end> end_;
};

TIDINGS_COLD TIDINGS_DECL void start(boost::asio::any_io_executor const& ex,
                                     boost::asio::awaitable<boost::system::error_code> coroutine,
                                     std::unique_ptr<coroutine_end> end)
{
    boost::asio::co_spawn(ex, std::move(coroutine), coroutine_end_handler(std::move(end)));
}

} // namespace tidings::inline v0::detail

#endif
