// An operation with each kind of completion token.
#ifndef TIDINGS_TESTS_SUPPORT_EACH_TOKEN_HPP
#define TIDINGS_TESTS_SUPPORT_EACH_TOKEN_HPP

#include <tidings/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <utility>

namespace test {

namespace asio = boost::asio;

/// Starts an operation with a callback, `use_future`, `deferred` and the default token. `start()` and `start(token)` start
/// it.
template<class T, class Start>
void completes_with_each_token(asio::io_context& io, Start start)
{
    std::optional<tidings::result<T>> got;
    auto const check = [&](char const* token) {
        BOOST_TEST_REQUIRE(got.has_value(), token);
        BOOST_TEST(got->has_value(), token << ": " << (*got ? tidings::failure() : got->error()));
        got.reset();
    };
    auto const handler = [&got](tidings::result<T> r) { got = std::move(r); };
    auto const finish = [&io] {
        io.restart();
        io.run();
    };

    start(handler);
    BOOST_TEST(!got.has_value()); // never inside the initiating call
    finish();
    check("a callback");

    auto later = start(asio::use_future);
    finish();
    got = later.get();
    check("use_future");

    auto operation = start(asio::deferred);
    std::move(operation)(handler);
    finish();
    check("deferred");

    auto whole = [&]() -> asio::awaitable<void> {
        auto by_default = co_await start();
        got = std::move(by_default);
    };
    auto ended = asio::co_spawn(io, whole(), asio::use_future);
    finish();
    ended.get();
    check("the default token");
}

} // namespace test

#endif
