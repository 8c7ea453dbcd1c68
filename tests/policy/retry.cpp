#include <tidings/policy/retry.hpp>

#include <tidings/detail/failure.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <random>

namespace retry_test {

namespace {

namespace td = tidings;
using td::errc;
using td::wire::idempotency;
using namespace std::chrono_literals;

td::failure failed(errc e, td::error_code cause = {}, unsigned status = 0)
{
    auto facts = td::detail::new_facts();
    facts->cause = cause;
    facts->http_status = status;
    return {e, std::move(facts)};
}

td::failure throttled(std::chrono::seconds wait)
{
    auto facts = td::detail::new_facts();
    facts->wait = wait;
    return {errc::rate_limited, std::move(facts)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry_policies)

BOOST_AUTO_TEST_CASE(only_what_cannot_be_doubled_is_repeated_and_at_least_once_is_a_choice)
{
    namespace asio_error = boost::asio::error;
    auto const cause = [](errc e) { return make_error_code(e); };
    struct
    {
        td::failure why;
        bool read, keyed, unkeyed, unkeyed_at_least_once;
    } const rows[] = {
        {failed(errc::connect_failed), true, true, true, true},
        {failed(errc::rate_limited), true, true, true, true},
        {failed(errc::server_error), true, true, false, true},
        {failed(errc::outcome_unknown, asio_error::eof), true, true, false, true},
        {failed(errc::outcome_unknown), true, true, false, true}, // the platform is still at work on the first one
        {failed(errc::outcome_unknown, cause(errc::protocol_error)), true, true, false, true},
        {failed(errc::outcome_unknown, cause(errc::timed_out)), false, false, false, false},
        {failed(errc::outcome_unknown, cause(errc::cancelled)), false, false, false, false},
        {failed(errc::protocol_error), true, false, false, false},
        {failed(errc::protocol_error, {}, 502), true, false, false, false},
        {failed(errc::protocol_error, {}, 404), false, false, false, false},
        {failed(errc::protocol_error, {}, 301), false, false, false, false},
        {failed(errc::timed_out), false, false, false, false},
        {failed(errc::cancelled), false, false, false, false},
        {failed(errc::tls_failed), false, false, false, false},
        {failed(errc::bad_credentials), false, false, false, false},
        {failed(errc::token_rejected), false, false, false, false},
        {failed(errc::permission_missing), false, false, false, false},
        {failed(errc::recipient_not_found), false, false, false, false},
        {failed(errc::message_invalid), false, false, false, false},
        {failed(errc::quota_exhausted), false, false, false, false},
        {failed(errc::platform_error), false, false, false, false},
        {failed(errc::queue_full), false, false, false, false},
        {failed(errc::invalid_argument), false, false, false, false},
        {failed(errc::proxy_refused), false, false, false, false},
        {failed(errc::duplicate_message), false, false, false, false},
        {failed(errc::partly_delivered), false, false, false, false},
    };
    auto const repeats = [](auto const& policy, td::failure const& why, idempotency what) {
        return policy.next(td::retry_context(why, what)).wait().has_value();
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.why)
        {
            td::retry::safe const safe;
            BOOST_TEST(repeats(safe, row.why, idempotency::idempotent) == row.read);
            BOOST_TEST(repeats(safe, row.why, idempotency::with_key) == row.keyed);
            BOOST_TEST(repeats(safe, row.why, idempotency::none) == row.unkeyed);
            td::retry::at_least_once const more;
            BOOST_TEST(repeats(more, row.why, idempotency::idempotent) == row.read);
            BOOST_TEST(repeats(more, row.why, idempotency::with_key) == row.keyed);
            BOOST_TEST(repeats(more, row.why, idempotency::none) == row.unkeyed_at_least_once);
            for (auto const what : {idempotency::idempotent, idempotency::with_key, idempotency::none})
                BOOST_TEST(!repeats(td::retry::none(), row.why, what));
        }
}

BOOST_AUTO_TEST_CASE(the_waits_are_jittered_grow_at_most_threefold_and_have_a_ceiling)
{
    using td::retry::next_wait;
    BOOST_TEST((next_wait(200ms, 5s, 0s, 0.0) == 200ms));
    BOOST_TEST((next_wait(200ms, 5s, 0s, 1.0) == 600ms));
    BOOST_TEST((next_wait(200ms, 5s, 600ms, 0.0) == 200ms));
    BOOST_TEST((next_wait(200ms, 5s, 600ms, 1.0) == 1800ms));
    BOOST_TEST((next_wait(200ms, 5s, 600ms, 0.5) == 1000ms));
    BOOST_TEST((next_wait(200ms, 5s, 4s, 1.0) == 5s));
    BOOST_TEST((next_wait(0s, 5s, 0s, 1.0) == 0s));

    std::minstd_rand chance(7);
    std::uniform_real_distribution<double> jitter;
    auto last = td::retry::duration::zero();
    for (int i = 0; i != 10'000; ++i)
    {
        auto const next = next_wait(200ms, 5s, last, jitter(chance));
        BOOST_TEST_REQUIRE((next >= 200ms && next <= 5s && next <= 3 * std::max<td::retry::duration>(200ms, last)));
        last = next;
    }
}

BOOST_AUTO_TEST_CASE(the_policy_goes_on_from_the_last_wait_by_the_jitter_that_it_is_given)
{
    auto const why = failed(errc::connect_failed);
    td::retry_context q(why, idempotency::with_key);
    auto const wait = [&q](auto policy) { return policy.initial_backoff(100ms).next(q).wait(); };
    for (auto const last : {0ms, 600ms})
        for (auto const jitter : {0.0, 1.0})
        {
            q.last_wait = last;
            q.jitter = jitter;
            std::optional<td::retry::duration> const expected(jitter == 0 ? 100ms : last == 0ms ? 300ms : 1800ms);
            BOOST_TEST((wait(td::retry::safe()) == expected));
            BOOST_TEST((wait(td::retry::at_least_once()) == expected));
        }
}

BOOST_AUTO_TEST_CASE(what_the_platform_asks_for_is_waited_and_a_little_more)
{
    auto const why = throttled(3s);
    td::retry_context q(why, idempotency::with_key);
    auto const policy = td::retry::safe().initial_backoff(100ms);
    BOOST_TEST((policy.next(q).wait() == std::optional<td::retry::duration>(3s)));
    q.jitter = 1;
    BOOST_TEST((policy.next(q).wait() == std::optional<td::retry::duration>(3100ms)));
}

BOOST_AUTO_TEST_CASE(a_wait_that_would_not_end_before_the_deadline_is_not_begun)
{
    auto const why = throttled(3s);
    td::retry_context q(why, idempotency::with_key);
    q.remaining = 3s;
    BOOST_TEST(!td::retry::safe().next(q).wait().has_value());
    q.remaining = 3001ms;
    BOOST_TEST(td::retry::safe().next(q).wait().has_value());
    q.remaining = -1s;
    BOOST_TEST(!td::retry::safe().initial_backoff(0s).next(q).wait().has_value());
}

BOOST_AUTO_TEST_CASE(the_number_of_repetitions_has_an_end)
{
    auto const why = failed(errc::connect_failed);
    td::retry_context q(why, idempotency::with_key);
    q.attempts = 2;
    BOOST_TEST(td::retry::safe().next(q).wait().has_value());
    q.attempts = 3;
    BOOST_TEST(!td::retry::safe().next(q).wait().has_value());
    BOOST_TEST(td::retry::safe().max_retries(4).next(q).wait().has_value());
    q.attempts = 0;
    BOOST_TEST(!td::retry::safe().max_retries(0).next(q).wait().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retry_test
