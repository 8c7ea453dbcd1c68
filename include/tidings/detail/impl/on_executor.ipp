// Whether a thread is on an executor, for assertions.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_IMPL_ON_EXECUTOR_IPP
#define TIDINGS_DETAIL_IMPL_ON_EXECUTOR_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/on_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <optional>

namespace tidings::inline v0::detail {

template<class Executor>
std::optional<bool> runs_here(boost::asio::any_io_executor const& ex) noexcept
{
    if (auto const* const known = ex.target<Executor>())
        return known->running_in_this_thread();
    return std::nullopt;
}

template<class... Executors>
std::optional<bool> runs_here_as_one_of(boost::asio::any_io_executor const& ex) noexcept
{
    std::optional<bool> out;
    (void)((out = runs_here<Executors>(ex)).has_value() || ...);
    return out;
}

TIDINGS_DECL std::optional<bool> runs_here(boost::asio::any_io_executor const& ex) noexcept
{
    namespace asio = boost::asio;
    return runs_here_as_one_of<asio::strand<asio::io_context::executor_type>, asio::io_context::executor_type,
                               asio::strand<asio::any_io_executor>, asio::strand<asio::thread_pool::executor_type>,
                               asio::thread_pool::executor_type>(ex);
}

} // namespace tidings::inline v0::detail

#endif
