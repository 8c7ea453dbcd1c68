#include <tidings/pacing/detail/limiter.hpp>

#include "support/counted_call.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <set>

namespace limiter_test {

namespace {

using namespace std::chrono_literals;
using tidings::errc;
using tidings::detail::limit_changes;
using tidings::detail::limiter;
using tidings::wire::api_limits;
using time_point = limiter::time_point;
using duration = limiter::duration;
using test::counted_call;

constexpr time_point start(1h);
constexpr auto never = time_point::max();

/// A queue of named requests, and a record of who was let go.
class queue
{
public:
    explicit queue(api_limits const& limits, limit_changes const& changes = {})
        : rules(limits, changes), limits_(limits)
    {
    }
    ~queue()
    {
        for (auto& [name, e] : all_)
            if (e->waits)
                rules.remove(e->waiter, time_point());
    }

    /// Asks for a permit; who does not get one waits.
    void ask(std::string const& name, std::vector<std::string> people, time_point now, time_point deadline = never)
    {
        auto& e = *(all_[name] = std::make_unique<entry>(limits_, std::move(people)));
        e.ticket = rules.take(e.op, now);
        if (e.ticket != 0)
        {
            gone.push_back(name);
            return;
        }
        auto const refused = rules.enqueue(e.waiter, e.op, deadline, now);
        e.waits = !refused;
        if (refused)
            e.why = *refused;
        look(now);
    }
    time_point look(time_point now)
    {
        return rules.look(now, [this](limiter::waiter& w) {
            for (auto& [name, e] : all_)
                if (&e->waiter == &w)
                {
                    e->waits = false;
                    e->ticket = w.granted;
                    gone.push_back(name);
                }
        });
    }
    void answer(std::string const& name, time_point now)
    {
        rules.on_reply(all_[name]->op, all_[name]->ticket, never, now);
    }
    void answer_all(time_point now)
    {
        for (auto const& name : gone)
            if (answered_.insert(name).second)
                answer(name, now);
    }
    /// The platform refuses a request; who gives up is told.
    void refuse(std::string const& name, time_point now, std::optional<std::chrono::seconds> wait,
                char const* code = "")
    {
        auto facts = tidings::detail::new_facts();
        facts->wait = wait;
        facts->platform_code = code;
        rules.refused(all_[name]->op, tidings::failure(errc::rate_limited, facts), now, [this](limiter::waiter& w) {
            for (auto& [other, e] : all_)
                if (&e->waiter == &w)
                {
                    e->waits = false;
                    e->why = *w.rejected;
                }
        });
    }
    void cancel(std::string const& name)
    {
        all_[name]->waits = false;
        rules.remove(all_[name]->waiter, time_point());
    }
    bool waits(std::string const& name) { return all_[name]->waits; }
    tidings::failure why(std::string const& name) { return all_[name]->why; }
    counted_call& op(std::string const& name) { return all_[name]->op; }
    limiter::ticket ticket(std::string const& name) { return all_[name]->ticket; }
    std::string order() const
    {
        std::string out;
        for (auto const& name : gone)
            out += (out.empty() ? "" : " ") + name;
        return out;
    }

    limiter rules;
    std::vector<std::string> gone;

private:
    struct entry
    {
        entry(api_limits const& l, std::vector<std::string> people) : op(l, std::move(people)) {}

        counted_call op;
        limiter::waiter waiter;
        limiter::ticket ticket;
        bool waits = false;
        tidings::failure why;
    };

    api_limits limits_;
    std::map<std::string, std::unique_ptr<entry>> all_;
    std::set<std::string> answered_;
};

constexpr api_limits two_a_second = api_limits("api").calls({2, 1s});
constexpr api_limits one_each = api_limits("api").calls({100, 1s}).each_person({1, 1s}, {}, "one");

// ---- A platform in virtual time

/// What the network and the platform do to a request.
struct way
{
    std::function<duration(std::mt19937&)> there;
    std::function<duration(std::mt19937&)> back;
};

duration between(std::mt19937& random, duration a, duration b)
{
    return duration(std::uniform_int_distribution<duration::rep>(a.count(), b.count())(random));
}

way steady_way(duration each, duration jitter)
{
    auto const draw = [=](std::mt19937& random) { return each + between(random, 0ns, jitter); };
    return {draw, draw};
}

/// Plays a client and a platform: requests come, are let go, are counted at the platform, are answered.
class play
{
public:
    play(api_limits const& limits, way w, unsigned seed, limit_changes const& changes = {})
        : limits_(limits), way_(std::move(w)), random_(seed), rules_(limits, changes)
    {
    }
    ~play()
    {
        for (auto& r : all_)
            if (r->waits)
                rules_.remove(*r, time_point());
    }

    void arrive(time_point t, std::vector<std::string> people = {}, double lost = 0)
    {
        events_.push(event(t, [this, people = std::move(people), lost](time_point now) {
            auto& r = *all_.emplace_back(std::make_unique<request>(limits_, people, lost));
            if (auto const ticket = rules_.take(r.op, now); ticket != 0)
                go(r, ticket, now);
            else
            {
                BOOST_TEST_REQUIRE(!rules_.enqueue(r, r.op, never, now).has_value());
                r.waits = true;
                look(now);
            }
        }));
    }

    void run()
    {
        while (!events_.empty())
        {
            auto const next = events_.top();
            events_.pop();
            next.what(next.when);
        }
        for (auto const& r : all_)
            BOOST_TEST_REQUIRE(!r->waits);
    }

    /// When the platform counted the requests of which `chosen`.
    std::vector<time_point> counted(std::function<bool(counted_call const&)> const& chosen) const
    {
        std::vector<time_point> out;
        for (auto const& r : all_)
            if (r->counted && chosen(r->op))
                out.push_back(*r->counted);
        std::sort(out.begin(), out.end());
        return out;
    }
    std::vector<time_point> counted() const
    {
        return counted([](counted_call const&) { return true; });
    }

private:
    struct request : limiter::waiter
    {
        request(api_limits const& l, std::vector<std::string> people, double p) : op(l, std::move(people)), lost(p) {}

        counted_call op;
        double lost;
        bool waits = false;
        std::optional<time_point> counted;
    };
    struct event
    {
        event(time_point t, std::function<void(time_point)> w) : when(t), what(std::move(w)) {}

        time_point when;
        std::function<void(time_point)> what;

        bool operator<(event const& other) const { return when > other.when; }
    };

    void go(request& r, limiter::ticket ticket, time_point now)
    {
        auto const count = now + way_.there(random_);
        auto const answer = count + way_.back(random_);
        // One that breaks before it is written never comes there.
        if (std::bernoulli_distribution(r.lost)(random_))
        {
            events_.push(event(answer, [this, &r, ticket](time_point then) {
                rules_.release(r.op, ticket, then);
                look(then);
            }));
            return;
        }
        r.counted = count;
        events_.push(event(answer, [this, &r, ticket, now](time_point then) {
            rules_.on_reply(r.op, ticket, now, then);
            look(then);
        }));
    }

    void look(time_point now)
    {
        auto const again = rules_.look(now, [&](limiter::waiter& w) {
            auto& r = static_cast<request&>(w);
            r.waits = false;
            go(r, w.granted, now);
        });
        if (again != never && again != alarm_)
        {
            alarm_ = again;
            events_.push(event(again, [this](time_point then) { look(then); }));
        }
    }

    api_limits limits_;
    way way_;
    std::mt19937 random_;
    limiter rules_;
    std::deque<std::unique_ptr<request>> all_;
    std::priority_queue<event> events_;
    time_point alarm_ = never;
};

/// The most that the platform counted within any stretch of a length.
std::size_t max_within(std::vector<time_point> const& times, duration length)
{
    std::size_t max_count = 0;
    for (std::size_t first = 0, last = 0; last != times.size(); ++last)
    {
        while (times[last] - times[first] >= length)
            ++first;
        max_count = std::max(max_count, last - first + 1);
    }
    return max_count;
}

/// How much of a limit a burst used.
double use_of(std::vector<time_point> const& times, unsigned max_count, duration per)
{
    auto const rest = times.size() - max_count; // the last ones of a burst leave their time unused
    auto const took = std::chrono::duration<double>(times[rest] - times.front());
    return static_cast<double>(rest) / (took / std::chrono::duration<double>(per)) / max_count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(limiters)

BOOST_AUTO_TEST_CASE(who_has_to_wait_goes_in_the_order_of_arrival)
{
    queue q(two_a_second);
    for (auto const* name : {"a", "b", "c", "d", "e"})
        q.ask(name, {}, start);
    BOOST_TEST(q.order() == "a b");
    BOOST_TEST((q.look(start) == never)); // nothing is answered
    q.answer("b", start + 100ms);
    BOOST_TEST((q.look(start + 100ms) == start + 1100ms));
    q.answer("a", start + 200ms);
    BOOST_TEST((q.look(start + 200ms) == start + 1100ms));
    BOOST_TEST((q.look(start + 1100ms) == start + 1200ms));
    BOOST_TEST(q.order() == "a b c");
    // A newcomer does not overtake, although there is room.
    q.ask("f", {}, start + 1200ms);
    BOOST_TEST(q.order() == "a b c d");
    q.answer_all(start + 1300ms);
    q.look(start + 2300ms);
    BOOST_TEST(q.order() == "a b c d e f");
    BOOST_TEST(q.rules.nobody_waits());
}

BOOST_AUTO_TEST_CASE(a_request_that_leaves_a_line_makes_way_for_those_behind_it_and_for_no_other)
{
    queue q(one_each);
    q.ask("ada 1", {"ada"}, start);
    q.ask("both", {"ada", "bob"}, start);
    q.ask("bob 1", {"bob"}, start); // behind "both" in the line for bob
    q.ask("ada 2", {"ada"}, start);
    q.ask("ada 3", {"ada"}, start);
    BOOST_TEST(q.order() == "ada 1");
    q.cancel("ada 2"); // from the middle of a line: nothing changes for the others
    q.look(start);
    BOOST_TEST(q.order() == "ada 1");
    q.cancel("both"); // the first in both lines, since "ada 1" is not in the queue
    q.look(start);
    BOOST_TEST(q.order() == "ada 1 bob 1");
    q.answer_all(start);
    q.look(start + 1s);
    BOOST_TEST(q.order() == "ada 1 bob 1 ada 3");
    BOOST_TEST(q.rules.nobody_waits());
}

BOOST_AUTO_TEST_CASE(requests_whose_people_have_room_at_different_times_reach_a_full_api_in_the_order_of_arrival)
{
    constexpr api_limits limits = api_limits("api").calls({3, 10s}).each_person({1, 1s});
    queue q(limits);
    q.ask("ada 1", {"ada"}, start);
    q.ask("bob 1", {"bob"}, start);
    q.ask("ada 2", {"ada"}, start);
    q.ask("bob 2", {"bob"}, start);
    q.answer("bob 1", start + 100ms); // bob has room first
    q.answer("ada 1", start + 200ms);
    BOOST_TEST((q.look(start + 200ms) == start + 1100ms));
    q.look(start + 1100ms);
    BOOST_TEST(q.order() == "ada 1 bob 1 bob 2"); // it takes the last place at the API
    q.ask("cai 1", {"cai"}, start + 1200ms);
    q.answer("bob 2", start + 1200ms);
    q.look(start + 20s);
    BOOST_TEST(q.order() == "ada 1 bob 1 bob 2 ada 2 cai 1");
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_person_holds_up_nobody_else)
{
    queue q(one_each);
    q.ask("ada 1", {"ada"}, start);
    q.ask("ada 2", {"ada"}, start);
    q.ask("ada 3", {"ada"}, start);
    q.ask("bob 1", {"bob"}, start);
    BOOST_TEST(q.order() == "ada 1 bob 1");
    q.answer_all(start);
    BOOST_TEST((q.look(start) == start + 1s));
    q.look(start + 1s);
    BOOST_TEST(q.order() == "ada 1 bob 1 ada 2");
    // A newcomer for a person does not overtake those who wait for the same.
    q.answer_all(start + 1s);
    q.ask("ada 4", {"ada"}, start + 2s);
    q.ask("bob 2", {"bob"}, start + 2s);
    BOOST_TEST(q.order() == "ada 1 bob 1 ada 2 ada 3 bob 2");
    BOOST_TEST(q.waits("ada 4"));
}

BOOST_AUTO_TEST_CASE(a_request_to_many_goes_when_all_can_be_reached_and_is_not_overtaken_by_its_own_people)
{
    queue q(one_each);
    q.ask("ada", {"ada"}, start);
    q.ask("bob", {"bob"}, start + 500ms);
    q.ask("all", {"ada", "bob", "chen"}, start + 500ms);
    q.answer_all(start + 500ms);
    BOOST_TEST(q.waits("all"));
    // Chen could be reached, but the request before wants that, too.
    q.ask("chen", {"chen"}, start + 600ms);
    q.ask("dana", {"dana"}, start + 600ms);
    BOOST_TEST(q.order() == "ada bob dana");
    BOOST_TEST((q.look(start + 700ms) == start + 1500ms));
    q.look(start + 1500ms);
    BOOST_TEST(q.order() == "ada bob dana all");
    q.answer_all(start + 1600ms);
    q.look(start + 2600ms);
    BOOST_TEST(q.order() == "ada bob dana all chen");
}

BOOST_AUTO_TEST_CASE(an_answer_costs_the_more_the_more_people_it_is_about_and_not_the_square_of_that)
{
    constexpr unsigned limit = 30;
    constexpr api_limits limits = api_limits("api").each_person({limit, 1min});
    std::vector<std::string> everybody;
    for (int i = 0; i != 1000; ++i)
        everybody.push_back("p" + std::to_string(i));
    // Time of this process.
    auto const cost = [&](bool one_waits) {
        queue q(limits);
        for (unsigned i = 0; i != limit; ++i)
            q.ask(std::to_string(i), everybody, start);
        BOOST_TEST(q.gone.size() == limit);
        if (one_waits)
            q.ask("waits", everybody, start);
        auto const before = std::clock();
        for (int i = 0; i != 3; ++i)
            q.answer(std::to_string(i), start + 1s);
        return std::clock() - before;
    };
    auto const alone = cost(false);
    BOOST_TEST(cost(true) < 100 * alone); // of one that waits, all people are looked at
}

BOOST_AUTO_TEST_CASE(one_who_leaves_the_queue_makes_room_for_those_behind)
{
    queue q(one_each);
    q.ask("ada 1", {"ada"}, start);
    q.ask("both", {"ada", "bob"}, start);
    q.ask("bob", {"bob"}, start);
    q.ask("ada 2", {"ada"}, start);
    BOOST_TEST(q.order() == "ada 1");
    q.cancel("both");
    q.look(start);
    BOOST_TEST(q.order() == "ada 1 bob");
    q.answer_all(start);
    q.look(start + 1s);
    BOOST_TEST(q.order() == "ada 1 bob ada 2");
}

BOOST_AUTO_TEST_CASE(a_permit_that_was_not_used_goes_to_the_next)
{
    queue q(two_a_second);
    for (auto const* name : {"a", "b", "c"})
        q.ask(name, {}, start);
    q.rules.release(q.op("a"), q.ticket("a"), start);
    q.look(start);
    BOOST_TEST(q.order() == "a b c");
}

BOOST_AUTO_TEST_CASE(who_cannot_go_before_the_deadline_is_told_at_once_why_and_how_long)
{
    constexpr api_limits limits = api_limits("im/v1/messages").calls({2, 1s}).each_person({1, 1min});
    queue q(limits);
    q.ask("1", {"ada"}, start);
    q.ask("2", {"bob"}, start);
    q.answer_all(start);
    q.ask("3", {"chen"}, start, start + 2s);
    BOOST_TEST(q.waits("3"));
    q.ask("4", {"dana"}, start, start + 2s);
    BOOST_TEST(q.waits("4"));
    q.ask("5", {"otto"}, start, start + 2s);
    BOOST_TEST(!q.waits("5"));
    BOOST_TEST((q.why("5") == errc::rate_limited));
    BOOST_TEST((q.why("5").wait() == 2s));
    BOOST_TEST(q.why("5").facts()->detail ==
               "our own limiter: 2 requests wait already, and 2 in a second may go to im/v1/messages");
    BOOST_TEST(q.why("5").remedy().find("2 seconds would do") != std::string::npos);
    q.ask("6", {"Ada"}, start, start + 30s);
    BOOST_TEST((q.why("6").wait() == 60s));
    BOOST_TEST(q.why("6").facts()->detail ==
               "our own limiter: 2 requests wait already, and 1 in 60 seconds may go to one person by im/v1/messages");
    // Behind the one who waits already.
    q.ask("7", {"chen"}, start, start + 30s);
    BOOST_TEST((q.why("7").wait() == 60s));
    q.ask("8", {"chen"}, start, start + 100s);
    BOOST_TEST(q.waits("8"));
}

BOOST_AUTO_TEST_CASE(too_many_that_wait_are_refused)
{
    limit_changes changes;
    changes.max_waiting = 1;
    queue q(two_a_second, changes);
    for (auto const* name : {"a", "b", "c", "d"})
        q.ask(name, {}, start);
    BOOST_TEST(q.waits("c"));
    BOOST_TEST(!q.waits("d"));
    BOOST_TEST((q.why("d") == errc::queue_full));
}

BOOST_AUTO_TEST_CASE(when_the_platform_refuses_everybody_waits_as_long_as_it_asks)
{
    queue q(two_a_second);
    q.ask("a", {}, start);
    q.ask("b", {}, start);
    q.ask("c", {}, start);
    q.ask("d", {}, start, start + 3s);
    q.answer_all(start);
    q.refuse("a", start, 5s);
    BOOST_TEST(q.waits("c"));
    BOOST_TEST(!q.waits("d")); // it would be too late
    BOOST_TEST((q.why("d") == errc::rate_limited));
    BOOST_TEST((q.why("d").wait() == 5s));
    BOOST_TEST(q.why("d").facts()->detail == "our own limiter: the platform asked to send nothing to api");
    q.ask("e", {}, start + 2s);
    q.ask("f", {}, start + 2s, start + 4s);
    BOOST_TEST((q.why("f").wait() == 3s));
    BOOST_TEST((q.look(start + 4s) == start + 5s));
    BOOST_TEST(q.order() == "a b");
    q.look(start + 5s);
    BOOST_TEST(q.order() == "a b c e");
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_wait_holds_up_for_a_second_and_one_of_a_day_for_ten_minutes)
{
    queue q(two_a_second);
    q.ask("a", {}, start);
    q.answer_all(start);
    q.refuse("a", start + 10s, std::nullopt);
    q.ask("b", {}, start + 10s);
    BOOST_TEST((q.look(start + 10s) == start + 11s));
    q.refuse("a", start + 10s, 24h);
    BOOST_TEST((q.look(start + 10s) == start + 10s + 10min));
    // The longer wait stays.
    q.refuse("a", start + 20s, 1s);
    BOOST_TEST((q.look(start + 20s) == start + 10s + 10min));
}

BOOST_AUTO_TEST_CASE(a_refusal_about_one_person_holds_up_only_them)
{
    queue q(one_each);
    q.ask("ada 1", {"ada"}, start);
    q.answer_all(start);
    q.refuse("ada 1", start, 3s, "one");
    q.ask("ada 2", {"ada"}, start + 1s);
    q.ask("bob", {"bob"}, start + 1s);
    BOOST_TEST(q.order() == "ada 1 bob");
    BOOST_TEST((q.look(start + 2s) == start + 3s));
    q.ask("ada 3", {"ada"}, start + 2s, start + 2500ms);
    BOOST_TEST(q.why("ada 3").facts()->detail ==
               "our own limiter: the platform asked to send nothing to this person by api");
    q.look(start + 3s);
    BOOST_TEST(q.order() == "ada 1 bob ada 2");
}

BOOST_AUTO_TEST_CASE(people_are_counted_where_the_platform_counts_them)
{
    constexpr api_limits limits = api_limits("api").people({3, 1s});
    queue q(limits);
    q.ask("two", {"ada", "bob"}, start);
    q.ask("pair", {"ada", "bob"}, start);
    q.ask("one", {"chen"}, start);
    BOOST_TEST(q.order() == "two"); // there is room for one, and somebody waits before
    q.answer_all(start);
    q.look(start + 1s);
    BOOST_TEST(q.order() == "two pair one");
}

BOOST_AUTO_TEST_CASE(somebody_who_stands_twice_in_a_request_counts_once_and_letter_case_makes_nobody_else)
{
    queue q(one_each);
    q.ask("1", {"Ada", "ada"}, start);
    q.answer_all(start);
    q.ask("2", {"ADA"}, start + 999ms);
    BOOST_TEST(q.waits("2"));
    q.look(start + 1s);
    BOOST_TEST(q.order() == "1 2");
}

BOOST_AUTO_TEST_CASE(limits_are_shared_and_changed)
{
    constexpr api_limits limits = api_limits("api").calls({10, 1s}, {100, 1min}).each_person({5, 1s});
    struct row
    {
        char const* what;
        std::function<void(limit_changes&)> change;
        std::size_t calls;  // at once
        std::size_t to_one; // at once
    };
    auto const nothing = [](limit_changes&) {};
    using tidings::wire::rate;
    row const table[]{
        {"as published", nothing, 10, 5},
        {"half of it", [](limit_changes& c) { c.share = 0.5; }, 5, 2},
        {"at least one is left", [](limit_changes& c) { c.share = 0.001; }, 1, 1},
        {"every API", [](limit_changes& c) { c.calls.emplace_back("", rate(60, 1s)); }, 60, 5},
        {"this API", [](limit_changes& c) { c.calls.emplace_back("api", rate(30, 1s)); }, 30, 5},
        {"another API", [](limit_changes& c) { c.calls.emplace_back("other", rate(60, 1s)); }, 10, 5},
        {"one more limit", [](limit_changes& c) { c.calls.emplace_back("api", rate(3, 1h)); }, 3, 3},
        {"one more limit of every API is none", [](limit_changes& c) { c.calls.emplace_back("", rate(3, 1h)); }, 10, 5},
        {"none",
         [](limit_changes& c) {
             c.calls.emplace_back("", rate(0, 1s));
             c.calls.emplace_back("api", rate(20, 1min));
         },
         20, 5},
        {"each person", [](limit_changes& c) { c.each_person.emplace_back("", rate(7, 1s)); }, 10, 7},
        {"one more limit for each person", [](limit_changes& c) { c.each_person.emplace_back("api", rate(3, 1h)); }, 10,
         3},
        {"none for each person", [](limit_changes& c) { c.each_person.emplace_back("", rate(0, 1s)); }, 10, 10},
        {"half of a change",
         [](limit_changes& c) {
             c.calls.emplace_back("", rate(60, 1s));
             c.share = 0.5;
         },
         30, 2},
    };
    for (auto const& row : table)
    {
        BOOST_TEST_CONTEXT(row.what)
        {
            limit_changes changes;
            row.change(changes);
            limiter to_many(limits, changes);
            std::size_t calls = 0;
            while (calls != 1000 && to_many.take(counted_call(limits, {std::to_string(calls)}), start) != 0)
                ++calls;
            BOOST_TEST(calls == row.calls);
            limiter to_one(limits, changes);
            std::size_t messages = 0;
            while (messages != 1000 && to_one.take(counted_call(limits, {"ada"}), start) != 0)
                ++messages;
            BOOST_TEST(messages == row.to_one);
        }
    }
}

BOOST_AUTO_TEST_CASE(people_are_forgotten_when_nothing_counts_and_beyond_a_number)
{
    limit_changes changes;
    changes.max_people = 2;
    queue q(one_each, changes);
    q.ask("ada 1", {"ada"}, start);
    q.ask("bob 1", {"bob"}, start);
    q.ask("chen 1", {"chen"}, start); // nobody is answered: nobody can be forgotten
    q.ask("ada 2", {"ada"}, start);
    BOOST_TEST(q.waits("ada 2"));
    q.answer_all(start);
    // Ada is waited for, the others got their message before: they are forgotten.
    q.ask("dana 1", {"dana"}, start);
    q.ask("bob 2", {"bob"}, start);
    BOOST_TEST(q.order() == "ada 1 bob 1 chen 1 dana 1 bob 2");
    BOOST_TEST(q.waits("ada 2"));
}

BOOST_AUTO_TEST_CASE(a_request_counts_also_for_a_person_after_whom_came_many_others)
{
    static constexpr auto limits = api_limits("api").calls({1'000'000, 1s}).each_person({1, 1s});
    limiter rules(limits, {});
    constexpr std::size_t people = 3000;
    auto const message_to = [](std::size_t i) { return counted_call(limits, {"person " + std::to_string(i)}); };
    for (std::size_t i = 0; i != people; ++i)
    {
        auto const op = message_to(i);
        auto const ticket = rules.take(op, start);
        BOOST_TEST_REQUIRE((ticket != 0));
        rules.on_reply(op, ticket, never, start);
    }
    for (std::size_t i = 0; i != people; ++i)
        BOOST_TEST_REQUIRE((rules.take(message_to(i), start + 999ms) == 0));
    for (std::size_t i = 0; i != people; ++i)
        BOOST_TEST_REQUIRE((rules.take(message_to(i), start + 1s) != 0));
}

BOOST_AUTO_TEST_CASE(the_platform_never_counts_more_than_its_limit_whatever_the_network_does)
{
    std::pair<char const*, way> const ways[]{
        {"none", steady_way(0ms, 0ms)},
        {"near", steady_way(1ms, 2ms)},
        {"far", steady_way(120ms, 20ms)},
        {"shaky", steady_way(5ms, 300ms)},
        {"stalls",
         {[](std::mt19937& r) { return std::bernoulli_distribution(0.1)(r) ? duration(2s) : duration(10ms); },
          [](std::mt19937& r) { return between(r, 1ms, 30ms); }}},
        {"slow answers",
         {[](std::mt19937& r) { return between(r, 1ms, 5ms); }, [](std::mt19937& r) { return between(r, 1ms, 3s); }}},
    };
    constexpr api_limits limits = api_limits("api").calls({50, 1s}, {1000, 1min}).each_person({5, 1s}, {30, 1min});
    for (auto const& [name, w] : ways)
        for (unsigned seed = 1; seed != 3; ++seed)
            BOOST_TEST_CONTEXT(name << ", seed " << seed)
            {
                play p(limits, w, seed);
                std::mt19937 random(seed);
                auto t = start;
                // Bursts, pauses and trickles to forty people, of whom the first are written to most.
                for (int i = 0; i != 3000; ++i)
                {
                    auto const kind = between(random, duration(0), duration(99)).count();
                    t += kind < 90 ? duration(0) : kind < 98 ? between(random, 0ms, 200ms) : between(random, 0ms, 20s);
                    auto const who = std::min(between(random, duration(0), duration(39)).count(),
                                              between(random, duration(0), duration(39)).count());
                    p.arrive(t, {"p" + std::to_string(who)}, 0.02);
                }
                p.run();
                auto const all = p.counted();
                BOOST_TEST(all.size() > 2900u);
                BOOST_TEST(max_within(all, 1s) <= 50u);
                BOOST_TEST(max_within(all, 1min) <= 1000u);
                for (int who = 0; who != 40; ++who)
                {
                    auto const theirs = p.counted(
                        [&](counted_call const& op) { return op.recipient_id(0) == "p" + std::to_string(who); });
                    BOOST_TEST(max_within(theirs, 1s) <= 5u);
                    BOOST_TEST(max_within(theirs, 1min) <= 30u);
                }
            }
}

BOOST_AUTO_TEST_CASE(requests_to_many_keep_everybodys_limit_and_nobody_waits_for_ever)
{
    constexpr api_limits limits = api_limits("api").people({200, 1min}).each_person({3, 1min}, {10, 1h});
    play p(limits, steady_way(10ms, 40ms), 7);
    std::mt19937 random(7);
    auto t = start;
    for (int i = 0; i != 300; ++i)
    {
        t += between(random, 0s, 20s);
        std::set<std::string> people;
        for (auto n = between(random, duration(1), duration(30)).count(); n != 0; --n)
            people.insert("p" + std::to_string(between(random, duration(0), duration(299)).count()));
        p.arrive(t, {people.begin(), people.end()});
    }
    p.run(); // says so when somebody still waits
    BOOST_TEST(p.counted().size() == 300u);
    for (int who = 0; who != 300; ++who)
    {
        auto const theirs = p.counted([&](counted_call const& op) {
            for (std::size_t i = 0; i != op.recipient_count(); ++i)
                if (op.recipient_id(i) == "p" + std::to_string(who))
                    return true;
            return false;
        });
        BOOST_TEST(max_within(theirs, 1min) <= 3u);
        BOOST_TEST(max_within(theirs, 1h) <= 10u);
    }
}

BOOST_AUTO_TEST_CASE(a_burst_uses_the_limit_to_95_percent)
{
    struct row
    {
        char const* what;
        api_limits limits;
        way w;
        unsigned max_count;
        duration per;
        std::vector<std::string> people = {};
    };
    row const table[]{
        {"WeCom, to one person", api_limits("api").each_person({30, 1min}), steady_way(30ms, 10ms), 30, 1min, {"ada"}},
        {"Lark", api_limits("api").calls({50, 1s}, {1000, 1min}), steady_way(20ms, 10ms), 1000, 1min},
        {"Lark from far away", api_limits("api").calls({50, 1s}, {1000, 1min}), steady_way(150ms, 20ms), 1000, 1min},
        {"DingTalk", api_limits("api").calls({20, 1s}), steady_way(5ms, 5ms), 20, 1s},
        {"DingTalk from far away", api_limits("api").calls({20, 1s}), steady_way(100ms, 10ms), 20, 1s},
        {"fast", api_limits("api").calls({2500, 1s}), steady_way(10ms, 10ms), 2500, 1s},
        {"by the hour", api_limits("api").calls({1500, 1h}), steady_way(20ms, 10ms), 1500, 1h},
    };
    for (auto const& row : table)
        BOOST_TEST_CONTEXT(row.what)
        {
            play p(row.limits, row.w, 1);
            unsigned const count = std::max(4000u, row.max_count * 5);
            for (unsigned i = 0; i != count; ++i)
                p.arrive(start, row.people);
            p.run();
            auto const all = p.counted();
            BOOST_TEST(all.size() == count);
            BOOST_TEST(max_within(all, row.per) <= row.max_count);
            BOOST_TEST(use_of(all, row.max_count, row.per) >= 0.95);
        }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace limiter_test
