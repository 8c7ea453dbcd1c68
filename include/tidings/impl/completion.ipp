// Runs a coroutine for any completion token, wherever the initiating function is called.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_COMPLETION_IPP
#define TIDINGS_IMPL_COMPLETION_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/system/errc.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace tidings::inline v0::detail {

TIDINGS_DECL void cancellation_relay::end() noexcept
{
    boost::asio::any_io_executor last;
    std::lock_guard const lock(mutex_);
    last.swap(executor_);
}

TIDINGS_DECL void cancellation_relay::emit(std::shared_ptr<cancellation_relay> const& to,
                                           boost::asio::cancellation_type type)
{
    if (auto const ex = to->executor())
        boost::asio::dispatch(ex, [to, type] {
            if (!to->executor())
                return;
            // Asio keeps only the last one: a weaker one must not undo what came before it.
            to->requested_ |= type;
            to->signal_.emit(to->requested_);
        });
}

TIDINGS_DECL boost::asio::any_io_executor cancellation_relay::executor() const
{
    std::lock_guard const lock(mutex_);
    return executor_;
}

TIDINGS_DECL bool is_out_of_memory(std::exception_ptr const& thrown) noexcept
{
    try
    {
        std::rethrow_exception(thrown);
    }
    catch (std::bad_alloc const&)
    {
        return true;
    }
    catch (...)
    {
        return false;
    }
}

TIDINGS_DECL std::string text_of(std::exception_ptr const& thrown)
{
    try
    {
        std::rethrow_exception(thrown);
    }
    catch (std::exception const& e)
    {
        return std::string(": ") + e.what();
    }
    catch (...)
    {
        return {};
    }
}

TIDINGS_DECL failure failure_of(std::exception_ptr const& thrown) noexcept
{
    try
    {
        auto facts = new_facts();
        if (is_out_of_memory(thrown))
            facts->cause = make_error_code(boost::system::errc::not_enough_memory);
        else
            facts->detail = "an exception ended the operation" + text_of(thrown);
        return {errc::outcome_unknown, std::move(facts)};
    }
    catch (...) // memory ran out once more
    {
        return errc::outcome_unknown;
    }
}

TIDINGS_DECL boost::asio::cancellation_type accepted_cancellation::operator()(
    boost::asio::cancellation_type requested) const noexcept
{
    using boost::asio::cancellation_type;
    auto const always = cancellation_type::terminal | cancellation_type::partial;
    return requested & (committed_ && *committed_ ? always : always | cancellation_type::total);
}

} // namespace tidings::inline v0::detail

#endif
