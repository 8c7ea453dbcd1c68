// Runs a test's coroutine to its end.
#ifndef TIDINGS_TESTS_SUPPORT_RUN_HPP
#define TIDINGS_TESTS_SUPPORT_RUN_HPP

#include <tidings/concepts.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>

namespace test {

namespace asio = boost::asio;

/// Spawns `body` on a context of its own and runs that until nothing is left to do. A body that hangs is a failed test,
/// and so is work that it leaves behind.
inline void run(std::function<asio::awaitable<void>(asio::any_io_executor)> const& body)
{
    asio::io_context io;
    bool ended = false;
    std::exception_ptr thrown;
    auto whole = [&]() -> asio::awaitable<void> {
        co_await body(io.get_executor());
        ended = true;
    };
    asio::co_spawn(io, whole(), [&](std::exception_ptr e) { thrown = e; });
    io.run_for(std::chrono::seconds(30));
    if (thrown)
        std::rethrow_exception(thrown);
    BOOST_TEST_REQUIRE(ended, "the coroutine never ended");
    BOOST_TEST(io.stopped(), "something was left to do when the coroutine had ended");
}

/// Waits until `done()`. `run` limits the time.
inline asio::awaitable<void> wait_until(std::function<bool()> done)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done() && std::chrono::steady_clock::now() < end)
    {
        timer.expires_after(std::chrono::milliseconds(1));
        co_await timer.async_wait(asio::use_awaitable);
    }
    BOOST_TEST_REQUIRE(done());
}

/// A clock that only a test moves. Copies share it.
class manual_clock
{
public:
    using policy_kind = tidings::clock_kind;

    std::chrono::steady_clock::time_point now() const noexcept { return *now_; }
    void advance(std::chrono::seconds by) const { *now_ += by; }

private:
    std::shared_ptr<std::chrono::steady_clock::time_point> now_ =
        std::make_shared<std::chrono::steady_clock::time_point>(std::chrono::steady_clock::now());
};

} // namespace test

#endif
