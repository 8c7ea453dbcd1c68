// Operations for completion handlers: where they are started, how they are cancelled, what an exception becomes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/impl/completion.hpp>

#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>

namespace completion_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using outcome = std::optional<td::result<int>>;

asio::awaitable<td::result<int>> wait(std::chrono::milliseconds how_long)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, how_long);
    boost::system::error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return td::failure(td::errc::cancelled);
    co_return 7;
}

template<class Exception>
asio::awaitable<td::result<int>> fail_with(Exception e)
{
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    throw e;
}

// What `asio::cancel_after` and other tokens of newer versions of Asio ask of an initiation.
template<class T>
concept names_its_executor = requires(T const& t) {
    typename T::executor_type;
    { t.get_executor() } noexcept -> std::same_as<typename T::executor_type>;
};
static_assert(names_its_executor<td::detail::initiate_run<int>>);

} // namespace

BOOST_AUTO_TEST_SUITE(completions)

BOOST_AUTO_TEST_CASE(a_cancellation_that_comes_while_nobody_runs_the_executor_outlives_the_callers_signal)
{
    for (bool const begun : {false, true})
    {
        asio::io_context io;
        outcome told;
        auto stop = std::make_unique<asio::cancellation_signal>();
        td::detail::async_run<int>(io.get_executor(), wait(1h),
                                   asio::bind_cancellation_slot(stop->slot(), [&](td::result<int> r) { told = r; }));
        for (int i = 0; begun && i != 5; ++i)
            io.poll();
        stop->emit(asio::cancellation_type::terminal);
        stop.reset();
        io.run_for(10s);
        BOOST_TEST_REQUIRE(told.has_value());
        BOOST_TEST((told->has_error() && told->error() == td::errc::cancelled));
    }
}

BOOST_AUTO_TEST_CASE(a_cancellation_after_the_end_touches_neither_the_operation_nor_its_context)
{
    asio::cancellation_signal stop;
    outcome told;
    {
        asio::io_context io;
        td::detail::async_run<int>(io.get_executor(), wait(0ms),
                                   asio::bind_cancellation_slot(stop.slot(), [&](td::result<int> r) { told = r; }));
        io.run_for(10s);
        BOOST_TEST_REQUIRE(told.has_value());
        BOOST_TEST(told->has_value());
        stop.emit(asio::cancellation_type::terminal);
    }
    stop.emit(asio::cancellation_type::terminal);
    {
        asio::io_context io;
        td::detail::async_run<int>(io.get_executor(), wait(1h),
                                   asio::bind_cancellation_slot(stop.slot(), [&](td::result<int>) { told.reset(); }));
        io.poll();
    }
    stop.emit(asio::cancellation_type::terminal); // the operation went with its context
    BOOST_TEST(told.has_value());
}

BOOST_AUTO_TEST_CASE(a_signal_that_outlives_the_context_of_a_strand_keeps_nothing_of_it)
{
    for (bool const emits : {false, true})
    {
        asio::cancellation_signal stop;
        outcome told;
        {
            asio::io_context io;
            td::detail::async_run<int>(asio::make_strand(io), wait(0ms),
                                       asio::bind_cancellation_slot(stop.slot(), [&](td::result<int> r) { told = r; }));
            io.run_for(10s);
            BOOST_TEST_REQUIRE(told.has_value());
        }
        if (emits)
            stop.emit(asio::cancellation_type::terminal);
    }
}

BOOST_AUTO_TEST_CASE(the_handler_runs_on_its_own_executor_and_learns_of_an_exception)
{
    asio::io_context io;
    asio::io_context other;
    auto const strand = asio::make_strand(other);
    outcome memory;
    outcome policy;
    bool there = false;
    td::detail::async_run<int>(io.get_executor(), fail_with(std::bad_alloc()), [&](td::result<int> r) { memory = r; });
    td::detail::async_run<int>(io.get_executor(), fail_with(std::runtime_error("out of order")),
                               asio::bind_executor(strand, [&](td::result<int> r) {
                                   there = strand.running_in_this_thread();
                                   policy = r;
                               }));
    BOOST_TEST(!memory.has_value());
    io.run_for(10s);
    BOOST_TEST_REQUIRE(memory.has_value());
    BOOST_TEST((memory->error() == td::errc::outcome_unknown));
    BOOST_TEST((memory->error().cause() == boost::system::errc::not_enough_memory));
    BOOST_TEST(!policy.has_value());
    other.run_for(10s);
    BOOST_TEST_REQUIRE(policy.has_value());
    BOOST_TEST(there);
    BOOST_TEST((policy->error() == td::errc::outcome_unknown));
    BOOST_TEST(policy->error().message().find("out of order") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace completion_test
