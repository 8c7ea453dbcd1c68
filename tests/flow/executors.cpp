// Where operations are awaited.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

namespace executors_test {

namespace {

using namespace test;

using notifier = td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::none>;

//[other_executor
// A handler of a server: it has an executor of its own, as a session on a strand has.
boost::asio::awaitable<bool> tell_ada_from_a_session(notifier& notify)
{
    auto const sent = co_await notify.async_send("ada", tidings::text{"Your order left"});
    co_return sent.has_value(); // on the session's executor again
}
//]

//[shut_down
// The end of a server: new messages are refused, and those in flight have ten seconds.
boost::asio::awaitable<bool> shut_down(notifier& notify)
{
    auto const closed = co_await notify.async_close(tidings::call_options().deadline(std::chrono::seconds(10)));
    co_return closed.has_value(); // false: some are still in flight, and end with the context
}
//]

} // namespace

BOOST_AUTO_TEST_SUITE(executors)

BOOST_AUTO_TEST_CASE(async_send_may_be_awaited_on_any_executor_and_goes_on_there)
{
    td::sandbox::server platform;
    asio::io_context own;
    notifier notify(own.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform));
    asio::io_context session;
    std::optional<bool> told;
    bool there = false;
    std::optional<bool> closed;
    auto whole = [&]() -> asio::awaitable<void> {
        told = co_await tell_ada_from_a_session(notify);
        there = session.get_executor().running_in_this_thread() && !own.get_executor().running_in_this_thread();
    };
    asio::co_spawn(session, whole(), asio::detached);
    session.poll();
    BOOST_TEST(!told.has_value());
    own.run();
    BOOST_TEST(!told.has_value());
    session.run();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(*told);
    BOOST_TEST(there);
    auto end = [&]() -> asio::awaitable<void> { closed = co_await shut_down(notify); };
    asio::co_spawn(own, end(), asio::detached);
    own.restart();
    own.run();
    BOOST_TEST_REQUIRE(closed.has_value());
    BOOST_TEST(*closed);
}

#ifndef NDEBUG
BOOST_AUTO_TEST_CASE(a_send_that_is_awaited_on_another_executor_fails_an_assertion_of_debug_builds)
{
    auto const child = ::fork();
    if (child == 0)
    {
        std::signal(SIGABRT, SIG_DFL); // not the test framework's
        asio::io_context own;
        asio::io_context session;
        notifier notify(own.get_executor(), td::lark::credentials("cli_1", td::secret("s")),
                        td::base_url("http://127.0.0.1:1"));
        asio::co_spawn(session, notify.send("ada", td::text{"hi"}), asio::detached);
        session.run();
        ::_exit(0);
    }
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == SIGABRT);
}
#endif

BOOST_AUTO_TEST_SUITE_END()

} // namespace executors_test
