// Ending the wait of another executor.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/wake.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace wake_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using std::chrono::steady_clock;

// Posts to a context, and counts how often.
class counting_executor
{
public:
    counting_executor(asio::io_context& io, int& posted) : io_(&io), posted_(&posted) {}

    asio::execution_context& query(asio::execution::context_t) const noexcept { return *io_; }
    static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept
    {
        return asio::execution::blocking_t::never_t();
    }

    template<class Function>
    void execute(Function f) const
    {
        ++*posted_;
        asio::require(io_->get_executor(), asio::execution::blocking.never).execute(std::move(f));
    }

    friend bool operator==(counting_executor const&, counting_executor const&) noexcept = default;

private:
    asio::io_context* io_;
    int* posted_;
};

struct waiter
{
    explicit waiter(asio::any_io_executor const& ex)
        : posting(td::detail::posting_service::of(ex)), timer(ex, steady_clock::time_point::max())
    {
    }

    td::detail::posting_service& posting;
    asio::steady_timer timer;
};

// Says when the destruction of its context has got to it.
class late_service : public asio::execution_context::service
{
public:
    static inline asio::execution_context::id id;

    explicit late_service(asio::execution_context& owner) : service(owner) {}

    std::function<void()> on_shutdown;

private:
    void shutdown() noexcept override { on_shutdown(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(waking)

BOOST_AUTO_TEST_CASE(another_thread_ends_a_wait)
{
    asio::io_context io;
    int posted = 0;
    auto const sleeper = std::make_shared<waiter>(counting_executor(io, posted));
    int ended = 0;
    sleeper->timer.async_wait([&](boost::system::error_code ec) { ended += ec == asio::error::operation_aborted; });
    std::thread([&] { td::detail::wake(sleeper); }).join();
    BOOST_TEST(ended == 0);
    BOOST_TEST(posted == 1);
    io.run_for(std::chrono::seconds(10));
    BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_CASE(the_context_of_a_waiter_is_let_alone_once_its_destruction_has_begun)
{
    int posted = 0;
    bool reached = false;
    std::shared_ptr<waiter> sleeper;
    {
        asio::io_context io;
        asio::steady_timer const before(io); // its service outlives the next one
        asio::use_service<late_service>(io).on_shutdown = [&] {
            reached = true;
            std::thread([&] { td::detail::wake(sleeper); }).join();
            sleeper.reset();
        };
        sleeper = std::make_shared<waiter>(counting_executor(io, posted));
        sleeper->timer.async_wait([](boost::system::error_code) {});
    }
    BOOST_TEST(reached);
    BOOST_TEST(posted == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wake_test
