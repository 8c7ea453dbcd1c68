#include <tidings/detail/duration.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/policy/retry.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace duration_test {

namespace {

namespace td = tidings;
using std::chrono::steady_clock;

constexpr auto max = steady_clock::duration::max();

// The wait before a repetition at this end of the jitter.
steady_clock::duration wait_of(td::retry::safe const& policy, double jitter)
{
    td::failure const why(td::errc::connect_failed);
    td::retry_context question(why, td::wire::idempotency::idempotent);
    question.last_wait = td::detail::bounded(max);
    question.jitter = jitter;
    return policy.next(question).wait().value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(durations)

BOOST_AUTO_TEST_CASE(for_ever_is_no_overflow)
{
    auto const now = steady_clock::now();
    BOOST_TEST((now + td::deadline(max).limit() > now));
    BOOST_TEST((now + td::deadline(steady_clock::duration::min()).limit() < now));
    BOOST_TEST((td::detail::bounded(std::chrono::seconds(10)) == std::chrono::seconds(10)));
    for (double const jitter : {0.0, 0.5, 1.0})
        BOOST_TEST(
            (wait_of(td::retry::safe().initial_backoff(max).max_backoff(max), jitter) > std::chrono::hours(24 * 365)));
}

BOOST_AUTO_TEST_CASE(no_wait_is_negative)
{
    for (double const jitter : {0.0, 1.0})
    {
        BOOST_TEST((wait_of(td::retry::safe().max_backoff(-max), jitter) == steady_clock::duration::zero()));
        BOOST_TEST((wait_of(td::retry::safe().initial_backoff(-max), jitter) >= steady_clock::duration::zero()));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace duration_test
