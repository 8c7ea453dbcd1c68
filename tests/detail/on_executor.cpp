// Whether a thread is on an executor: what the assertions of debug builds are made of.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/on_executor.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

namespace on_executor_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;

// Whether a handler of `ex`, which `io` runs, is on `ex`.
bool inside(asio::io_context& io, asio::any_io_executor const& ex)
{
    bool out = false;
    asio::post(ex, [&] { out = td::detail::certainly_runs_here(ex) && td::detail::may_run_here(ex); });
    io.restart();
    io.run();
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(on_an_executor)

BOOST_AUTO_TEST_CASE(a_context_and_its_strands_know_their_threads)
{
    asio::io_context io;
    asio::any_io_executor const context = io.get_executor();
    asio::any_io_executor const strand = asio::make_strand(io);
    asio::any_io_executor const erased = asio::make_strand(context);
    for (auto const& ex : {context, strand, erased})
    {
        BOOST_TEST(!td::detail::may_run_here(ex));
        BOOST_TEST(inside(io, ex));
    }
    bool on_strand = true;
    bool on_context = false;
    asio::post(context, [&] {
        on_strand = td::detail::may_run_here(strand);
        on_context = td::detail::may_run_here(context);
    });
    io.restart();
    io.run();
    BOOST_TEST(!on_strand);
    BOOST_TEST(on_context);

    asio::thread_pool pool(1);
    asio::any_io_executor const of_pool = asio::make_strand(pool);
    BOOST_TEST(!td::detail::may_run_here(pool.get_executor()));
    BOOST_TEST(!td::detail::may_run_here(of_pool));
    bool on_pool = false;
    asio::post(of_pool, [&] { on_pool = td::detail::certainly_runs_here(of_pool); });
    pool.join();
    BOOST_TEST(on_pool);
}

BOOST_AUTO_TEST_CASE(a_type_that_cannot_tell_fails_no_assertion)
{
    asio::io_context io;
    asio::any_io_executor const other = asio::require(io.get_executor(), asio::execution::outstanding_work.tracked);
    BOOST_TEST(td::detail::may_run_here(other));
    BOOST_TEST(!td::detail::certainly_runs_here(other));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace on_executor_test
