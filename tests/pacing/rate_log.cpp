#include <tidings/pacing/detail/rate_log.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace rate_log_test {

namespace {

using namespace std::chrono_literals;
using tidings::detail::rate_log;
using tidings::wire::rate;
using time_point = rate_log::time_point;

constexpr time_point at(std::chrono::milliseconds t)
{
    return time_point(1h) + t;
}

/// Sends one that is answered at once.
void pass(rate_log& log, rate const& limit, std::uint64_t ticket, std::chrono::milliseconds t, unsigned n = 1)
{
    log.reserve(limit, ticket, n, at(t));
    log.on_reply(ticket, n, at(t));
}

} // namespace

BOOST_AUTO_TEST_SUITE(rate_logs)

BOOST_AUTO_TEST_CASE(as_many_as_permitted_go_at_once_and_the_next_when_the_first_is_over)
{
    rate const limit(3, 1s);
    rate_log log;
    pass(log, limit, 1, 0ms);
    pass(log, limit, 2, 100ms);
    BOOST_TEST(log.has_room(limit, 1, at(100ms)));
    pass(log, limit, 3, 100ms);
    BOOST_TEST(!log.has_room(limit, 1, at(100ms)));
    BOOST_TEST(!log.has_room(limit, 1, at(999ms)));
    BOOST_TEST((log.room_at(limit, 1, at(500ms), time_point::max()) == at(1000ms)));
    BOOST_TEST((log.room_at(limit, 2, at(500ms), time_point::max()) == at(1100ms)));
    BOOST_TEST(log.has_room(limit, 1, at(1000ms)));
    BOOST_TEST(!log.has_room(limit, 2, at(1000ms)));
    BOOST_TEST(log.has_room(limit, 3, at(1100ms)));
}

BOOST_AUTO_TEST_CASE(what_is_not_answered_keeps_its_place_and_counts_from_its_answer)
{
    rate const limit(1, 1s);
    rate_log log;
    log.reserve(limit, 1, 1, at(0ms));
    BOOST_TEST(log.is_out());
    BOOST_TEST(!log.has_room(limit, 1, at(30s)));
    BOOST_TEST((log.room_at(limit, 1, at(30s), time_point::max()) == time_point::max()));
    BOOST_TEST(!log.is_idle(limit, at(30s)));
    log.on_reply(1, 1, at(30s));
    BOOST_TEST(!log.is_out());
    BOOST_TEST(!log.has_room(limit, 1, at(30'999ms)));
    BOOST_TEST(log.has_room(limit, 1, at(31s)));
    BOOST_TEST(log.is_idle(limit, at(31s)));
}

BOOST_AUTO_TEST_CASE(what_was_not_made_leaves_no_trace)
{
    rate const limit(2, 1s);
    rate_log log;
    pass(log, limit, 1, 0ms);
    log.reserve(limit, 2, 1, at(0ms));
    log.release(2, 1);
    BOOST_TEST(log.has_room(limit, 1, at(0ms)));
    BOOST_TEST(!log.has_room(limit, 2, at(0ms)));
}

BOOST_AUTO_TEST_CASE(answers_come_in_any_order)
{
    rate const limit(2, 1s);
    rate_log log;
    log.reserve(limit, 1, 1, at(0ms));
    log.reserve(limit, 2, 1, at(10ms));
    log.on_reply(2, 1, at(20ms));
    BOOST_TEST(log.has_room(limit, 1, at(1020ms)));
    log.reserve(limit, 3, 1, at(1020ms));
    log.on_reply(3, 1, at(1030ms));
    BOOST_TEST(!log.has_room(limit, 1, at(1020ms)));
    log.on_reply(1, 1, at(1040ms));
    BOOST_TEST(!log.has_room(limit, 1, at(2029ms)));
    BOOST_TEST(log.has_room(limit, 1, at(2030ms)));
}

BOOST_AUTO_TEST_CASE(more_at_once_than_ever_permitted_go_alone)
{
    rate const limit(5, 1s);
    rate_log log;
    BOOST_TEST(log.has_room(limit, 20, at(0ms)));
    pass(log, limit, 1, 0ms, 20);
    BOOST_TEST(!log.has_room(limit, 1, at(999ms)));
    BOOST_TEST((log.room_at(limit, 20, at(0ms), time_point::max()) == at(1000ms)));
    BOOST_TEST(log.has_room(limit, 20, at(1000ms)));
}

BOOST_AUTO_TEST_CASE(the_turn_of_the_nth_is_foreseen)
{
    rate const limit(2, 1s);
    rate_log log;
    pass(log, limit, 1, 0ms);
    pass(log, limit, 2, 300ms);
    struct
    {
        std::uint64_t n;
        std::chrono::milliseconds turn;
    } const table[]{{1, 1000ms}, {2, 1300ms}, {3, 2000ms}, {4, 2300ms}, {5, 3000ms}, {1001, 501'000ms}};
    for (auto const& row : table)
        BOOST_TEST((log.earliest(limit, row.n, at(400ms)) == at(row.turn)), row.n);
    // One that is not answered is over no sooner than if it were answered now.
    log.reserve(limit, 3, 1, at(1000ms));
    BOOST_TEST((log.earliest(limit, 2, at(1100ms)) == at(2100ms)));
}

BOOST_AUTO_TEST_CASE(a_limit_of_any_length_is_kept_and_no_turn_is_foreseen_before_its_time)
{
    constexpr std::chrono::milliseconds year = 365 * 24h;
    for (auto const per : {year, 100 * year, 200 * year, 1000 * year, std::chrono::milliseconds::max()})
    {
        rate const limit(1, per);
        rate_log log;
        pass(log, limit, 1, 0ms);
        BOOST_TEST(!log.has_room(limit, 1, at(year - 1ms)), per.count());
        BOOST_TEST((log.earliest(limit, 1, at(0ms)) == at(std::min(per, 100 * year))), per.count());
        BOOST_TEST((log.earliest(limit, 10'000, at(0ms)) == time_point::max()), per.count());
    }
}

BOOST_AUTO_TEST_CASE(a_high_limit_takes_bounded_space_and_is_used_to_99_percent)
{
    rate const limit(100'000, 1min);
    rate_log log;
    std::uint64_t ticket = 0;
    std::size_t sent = 0;
    // As fast as they may, for three minutes, looked at every millisecond.
    for (auto t = 0ms; t != 3min; t += 1ms)
        for (int i = 0; i != 5 && log.has_room(limit, 1, at(t)); ++i, ++sent)
            pass(log, limit, ++ticket, t);
    BOOST_TEST(sent >= 297'000u);
    BOOST_TEST(sent <= 300'000u);
}

BOOST_AUTO_TEST_CASE(requests_that_hang_for_long_only_make_cells_coarser)
{
    rate const limit(100'000, 1s);
    rate_log log;
    std::uint64_t ticket = 0;
    for (int i = 0; i != 5000; ++i)
        log.reserve(limit, ++ticket, 1, at(i * 20ms));
    BOOST_TEST(!log.is_idle(limit, at(1h)));
    for (std::uint64_t t = 1; t <= ticket; ++t)
        log.on_reply(t, 1, at(200s));
    BOOST_TEST(!log.is_idle(limit, at(200'999ms)));
    BOOST_TEST(log.is_idle(limit, at(201s)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace rate_log_test
