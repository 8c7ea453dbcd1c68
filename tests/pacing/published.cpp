#include <tidings/pacing/published.hpp>

#include <tidings/pacing/none.hpp>

#include "support/counted_call.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace published_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::counted_call;
using test::run;
using clock = std::chrono::steady_clock;
using entry = td::pacing::published::entry;
using permit = entry::permit;
using td::wire::api_limits;

constexpr auto never = clock::time_point::max();
constexpr api_limits one_in_20_ms = api_limits("api").calls({1, 20ms});
constexpr api_limits one_in_an_hour = api_limits("api").calls({1, 1h});
constexpr api_limits one_each = api_limits("api").each_person({1, 20ms});

std::shared_ptr<entry> make_entry()
{
    return td::pacing::published().entry_for("app");
}

/// Some who ask for permits on one context.
class callers
{
public:
    callers(asio::any_io_executor ex, entry& where) : ex_(std::move(ex)), place_(where) {}

    /// Asks, and has the request answered as soon as it may be made.
    void ask(counted_call const& op, clock::time_point deadline = never)
    {
        auto const i = all.size();
        all.emplace_back();
        asio::co_spawn(ex_, go(op, deadline, i),
                       asio::bind_cancellation_slot(all[i].stop.slot(), [this, i](std::exception_ptr e) {
                           all[i].over = true;
                           if (e)
                               all[i].outcome = td::failure(td::errc::cancelled);
                       }));
    }

    struct member
    {
        asio::cancellation_signal stop;
        std::optional<td::result<void>> outcome;
        clock::time_point went;
        bool over = false;
    };
    std::deque<member> all;
    std::vector<std::size_t> order;

private:
    asio::awaitable<void> go(counted_call const& op, clock::time_point deadline, std::size_t i)
    {
        auto mine = place_.take(op, clock::now());
        if (!mine)
        {
            auto granted = co_await place_.wait(op, deadline);
            if (!granted)
            {
                all[i].outcome = granted.error();
                co_return;
            }
            mine = *std::move(granted);
        }
        all[i].went = clock::now();
        order.push_back(i);
        mine.on_reply(all[i].went, clock::now());
        all[i].outcome = td::result<void>();
    }

    asio::any_io_executor ex_;
    entry& place_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(published_pacing)

BOOST_AUTO_TEST_CASE(what_has_no_limits_and_what_has_room_need_not_wait)
{
    auto const entry = make_entry();
    constexpr api_limits none("nothing");
    counted_call const op(none);
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST(static_cast<bool>(entry->take(op, clock::now())));
    counted_call const limited(one_in_an_hour);
    auto first = entry->take(limited, clock::now());
    BOOST_TEST(static_cast<bool>(first));
    BOOST_TEST(!entry->take(limited, clock::now()));
    first.release();
    auto second = entry->take(limited, clock::now());
    BOOST_TEST(static_cast<bool>(second));
    second = permit(); // it goes before the request does
    auto third = entry->take(limited, clock::now());
    BOOST_TEST(static_cast<bool>(third));
    third.on_sent();
    third = permit(); // it goes without a word about its request: that may have arrived
    BOOST_TEST(!entry->take(limited, clock::now()));
}

BOOST_AUTO_TEST_CASE(who_waits_goes_in_order_and_not_before_its_time)
{
    auto const entry = make_entry();
    counted_call const op(one_in_20_ms);
    asio::io_context io;
    callers people(io.get_executor(), *entry);
    for (int i = 0; i != 6; ++i)
        people.ask(op);
    io.run();
    BOOST_TEST((people.order == std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
    for (std::size_t i = 1; i != people.all.size(); ++i)
        BOOST_TEST((people.all[i].went - people.all[i - 1].went >= 20ms));
}

BOOST_AUTO_TEST_CASE(who_would_be_too_late_is_told_without_having_waited)
{
    auto const entry = make_entry();
    counted_call const op(one_in_an_hour);
    asio::io_context io;
    callers people(io.get_executor(), *entry);
    people.ask(op);
    people.ask(op, clock::now() + 1min);
    io.poll(); // no timer has to come
    BOOST_TEST_REQUIRE(people.all[1].over);
    BOOST_TEST_REQUIRE(people.all[1].outcome->has_error());
    auto const& why = people.all[1].outcome->error();
    BOOST_TEST((why == td::errc::rate_limited));
    BOOST_TEST((why == td::condition::transient));
    BOOST_TEST((why.wait() > 59min && why.wait() <= 1h));
    BOOST_TEST(why.facts()->detail == "our own limiter: 0 requests wait already, and 1 in 3600 seconds may go to api");
}

BOOST_AUTO_TEST_CASE(one_who_is_cancelled_disturbs_nobody_and_costs_nothing)
{
    // The first keeps watch for the others: so each of them is cancelled once.
    for (std::size_t victim = 1; victim != 5; ++victim)
        BOOST_TEST_CONTEXT(victim)
        {
            auto const entry = make_entry();
            counted_call const op(one_in_20_ms);
            asio::io_context io;
            callers people(io.get_executor(), *entry);
            for (int i = 0; i != 5; ++i)
                people.ask(op);
            io.poll();
            people.all[victim].stop.emit(asio::cancellation_type::terminal);
            io.run();
            std::vector<std::size_t> expected{0, 1, 2, 3, 4};
            std::erase(expected, victim);
            BOOST_TEST(people.order == expected, boost::test_tools::per_element());
            BOOST_TEST((people.all[victim].outcome->error() == td::errc::cancelled));
            for (auto const i : expected)
                BOOST_TEST(people.all[i].outcome->has_value());
        }
}

BOOST_AUTO_TEST_CASE(a_permit_that_comes_together_with_a_cancellation_goes_to_the_next)
{
    auto const entry = make_entry();
    counted_call const op(one_in_an_hour);
    asio::io_context io;
    auto held = entry->take(op, clock::now());
    callers people(io.get_executor(), *entry);
    people.ask(op);
    people.ask(op);
    io.poll();
    held.release(); // the first of them is let go, and does not know yet
    people.all[0].stop.emit(asio::cancellation_type::terminal);
    io.poll();
    BOOST_TEST((people.order == std::vector<std::size_t>{1}));
    BOOST_TEST((people.all[0].outcome->error() == td::errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_comes_while_waiting_is_a_limit_and_no_timeout)
{
    auto const entry = make_entry();
    counted_call const op(one_in_20_ms);
    asio::io_context io;
    auto held = entry->take(op, clock::now()); // and is not answered
    callers people(io.get_executor(), *entry);
    people.ask(op, clock::now() + 60ms); // it could be answered at once
    people.ask(op);
    io.run_for(5s);
    BOOST_TEST_REQUIRE(people.all[0].over);
    BOOST_TEST((people.all[0].outcome->error() == td::errc::rate_limited));
    BOOST_TEST(people.all[0].outcome->error().wait().has_value());
    BOOST_TEST(!people.all[1].over);
    held.on_reply(never, clock::now());
    io.run();
    BOOST_TEST(people.all[1].outcome->has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_holds_up_everybody_and_tells_those_who_cannot_wait)
{
    auto const entry = make_entry();
    counted_call const op(one_in_20_ms);
    asio::io_context io;
    auto held = entry->take(op, clock::now());
    callers people(io.get_executor(), *entry);
    people.ask(op, clock::now() + 1min);
    people.ask(op);
    io.poll();
    held.on_reply(never, clock::now());
    auto facts = td::detail::new_facts();
    facts->wait = 2min;
    entry->refused(op, td::failure(td::errc::rate_limited, facts), clock::now());
    io.poll();
    BOOST_TEST_REQUIRE(people.all[0].over);
    BOOST_TEST((people.all[0].outcome->error() == td::errc::rate_limited));
    BOOST_TEST((people.all[0].outcome->error().wait() == 2min));
    BOOST_TEST(!people.all[1].over);
    people.ask(op, clock::now() + 1min);
    io.poll();
    BOOST_TEST((people.all[2].outcome->error() == td::errc::rate_limited));
    people.all[1].stop.emit(asio::cancellation_type::terminal);
    io.run();
}

BOOST_AUTO_TEST_CASE(one_whose_context_goes_leaves_the_queue_to_the_others)
{
    auto const entry = make_entry();
    counted_call const op(one_in_20_ms);
    asio::io_context io;
    callers people(io.get_executor(), *entry);
    {
        asio::io_context doomed;
        callers others(doomed.get_executor(), *entry);
        others.ask(op);
        others.ask(op);
        others.ask(op);
        doomed.poll(); // the second of them keeps watch
        people.ask(op);
        people.ask(op);
        io.poll();
    }
    io.run();
    BOOST_TEST((people.order == std::vector<std::size_t>{0, 1}));
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_person_does_not_hold_up_another)
{
    auto const entry = make_entry();
    counted_call const ada(one_each, {"ada"});
    counted_call const bob(one_each, {"bob"});
    counted_call const both(one_each, {"ada", "bob"});
    asio::io_context io;
    callers people(io.get_executor(), *entry);
    people.ask(ada);
    people.ask(ada);
    people.ask(bob);
    people.ask(both);
    people.ask(bob);
    io.run();
    BOOST_TEST((people.order == std::vector<std::size_t>{0, 2, 1, 3, 4}));
}

BOOST_AUTO_TEST_CASE(copies_share_and_other_applications_do_not)
{
    td::pacing::published policy;
    auto const copy = policy;
    BOOST_TEST((policy.entry_for("app") == td::pacing::published(copy).entry_for("app")));
    BOOST_TEST((policy.entry_for("app") != policy.entry_for("other")));
    BOOST_TEST((policy.entry_for("app") != td::pacing::published().entry_for("app")));
    counted_call const op(one_in_an_hour);
    auto const held = policy.entry_for("app")->take(op, clock::now());
    BOOST_TEST(static_cast<bool>(held));
    BOOST_TEST(!policy.entry_for("app")->take(op, clock::now()));
    BOOST_TEST(static_cast<bool>(policy.entry_for("other")->take(op, clock::now())));
}

BOOST_AUTO_TEST_CASE(settings_reach_the_places)
{
    auto const takes = [](td::pacing::published p) {
        constexpr api_limits limits = api_limits("api").calls({10, 1h}).each_person({5, 1h});
        auto const entry = p.entry_for("app");
        counted_call const op(limits, {"ada"});
        std::vector<permit> held;
        for (auto permit = entry->take(op, clock::now()); permit; permit = entry->take(op, clock::now()))
            held.push_back(std::move(permit));
        return held.size();
    };
    BOOST_TEST(takes({}) == 5u);
    BOOST_TEST(takes(td::pacing::published().limit_each_person(7, 1h)) == 7u);
    BOOST_TEST(takes(td::pacing::published().limit_each_person(0, 1h)) == 10u);
    BOOST_TEST(takes(td::pacing::published().limit("api", 3, 1h)) == 3u);
    BOOST_TEST(takes(td::pacing::published().limit(2, 1h)) == 2u);
    BOOST_TEST(takes(td::pacing::published().limit("other", 3, 1h)) == 5u);
    BOOST_TEST(takes(td::pacing::published().share(0.4)) == 2u);
}

BOOST_AUTO_TEST_CASE(no_pacing_lets_everything_go)
{
    auto const entry = td::pacing::none().entry_for("app");
    counted_call const op(one_in_an_hour);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(static_cast<bool>(entry->take(op, clock::now())));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace published_test
