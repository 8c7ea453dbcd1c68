// For any subscriptions, people, quiet hours, events and failing routes, each person receives what a model says.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "world.hpp"

#include "support/run.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

BOOST_AUTO_TEST_SUITE(dispatched_messages)

using namespace dispatch_test;

namespace {

/// Event, receiver (empty: the group) and route.
using message = std::tuple<std::string, std::string, std::string>;
using receipts = std::map<message, int>;

enum class mode
{
    delivers,
    fails,
    is_unclear
};

constexpr std::string_view names[] = {"ada", "bob", "cai", "dan", "eve"};
std::string const routes[] = {"inbox", "email", "webhook:ops", "personal:lark", "personal:wecom"};

/// Everything that chance decides before the first event.
class chance
{
public:
    explicit chance(unsigned seed) : random_(seed)
    {
        for (auto const name : names)
        {
            sub::person p{std::string(name)};
            if (coin())
                p.quiet = sub::quiet_hours{std::chrono::minutes(below(24 * 60)), std::chrono::minutes(below(24 * 60))};
            if (coin())
                p.time_zone = coin() ? "+08:00" : "-03:30";
            if (coin())
                p.channels = std::vector<std::string>{coin() ? "lark" : "wecom"};
            if (coin())
                p.roles.emplace_back("approver");
            // A person whose whole day is quiet is another rule, with a test of its own.
            if (p.quiet && p.quiet->from == p.quiet->to)
                p.quiet.reset();
            everyone.add(std::move(p));
        }
        for (std::size_t type = 0; type != ready_made::types.size(); ++type)
            for (std::size_t node = 0; node != ready_made::types[type].nodes.size(); ++node)
            {
                for (auto const& route : routes)
                    if (route != "inbox" && coin())
                        BOOST_TEST(rules.turn_on({type, node}, route).has_value());
                if (coin())
                    BOOST_TEST(rules.add_receiver({type, node}, std::string(names[below(5)])).has_value());
            }
    }

    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    bool coin() { return below(2) == 0; }
    std::string somebody() { return below(4) == 0 ? std::string() : std::string(names[below(5)]); }

    sub::event any_event(int number)
    {
        sub::event out;
        out.id = "e-" + std::to_string(number);
        out.at.type = below(ready_made::types.size());
        out.at.node = below(ready_made::types[out.at.type].nodes.size());
        out.subject = "Change";
        out.submitter = somebody();
        out.executor = somebody();
        for (std::size_t n = below(3); n != 0; --n)
            out.approvers.emplace_back(names[below(5)]);
        return out;
    }

    sub::people everyone;
    sub::subscriptions rules{ready_made::types};

private:
    std::mt19937 random_;
};

/// The rules of the system, once more, in as few lines as they need.
class model
{
public:
    explicit model(chance const& world) : world_(world) {}

    void dispatch(sub::event const& e, std::chrono::sys_seconds now, std::map<std::string, mode> const& modes)
    {
        auto const node = std::string(ready_made::types[e.at.type].nodes[e.at.node].name);
        bool const urgent = node == "to_be_approved" || node == "execution_failed";
        auto const concerned = receivers(e, node);
        for (auto const& route : routes)
        {
            if (!world_.rules.is_on(e.at, route))
                continue;
            if (route == "webhook:ops")
                attempt({e.id, "", route}, modes);
            else
                for (auto const& who : concerned)
                    if (is_bound(who, route))
                    {
                        if (urgent || !is_quiet(who, now))
                            attempt({e.id, who, route}, modes);
                        else if (!settled_.contains({e.id, who, route}))
                            held_.insert({e.id, who, route});
                    }
        }
    }

    void release(std::chrono::sys_seconds now, std::map<std::string, mode> const& modes)
    {
        for (auto const& m : std::set<message>(held_))
            if (!is_quiet(std::get<1>(m), now))
                attempt(m, modes);
    }

    receipts received;

private:
    void attempt(message const& m, std::map<std::string, mode> const& modes)
    {
        auto const how = modes.at(std::get<2>(m));
        if (settled_.contains(m) || how == mode::fails)
            return;
        if (how == mode::delivers)
            ++received[m];
        settled_.insert(m);
        held_.erase(m);
    }

    std::set<std::string> receivers(sub::event const& e, std::string const& node) const
    {
        std::set<std::string> out;
        if (node == "to_be_approved" || node == "withdrawn")
        {
            out.insert(e.approvers.begin(), e.approvers.end());
            if (e.approvers.empty())
                for (auto const& [name, p] : world_.everyone)
                    if (p.has_role("approver"))
                        out.insert(name);
        }
        else if (node != "to_be_executed")
            out.insert(e.submitter);
        if (node == "to_be_executed" || node == "executed" || node == "execution_failed" || node == "rolled_back")
            out.insert(e.executor);
        out.insert(world_.rules.receivers(e.at).begin(), world_.rules.receivers(e.at).end());
        out.erase("");
        return out;
    }

    bool is_bound(std::string const& who, std::string const& route) const
    {
        auto const& channels = world_.everyone.find(who)->channels;
        return !route.starts_with("personal:") || !channels || channels->front() == route.substr(9);
    }

    bool is_quiet(std::string const& who, std::chrono::sys_seconds now) const
    {
        auto const& p = *world_.everyone.find(who);
        auto const east = p.time_zone == "+08:00" ? 480 : p.time_zone == "-03:30" ? -210 : 0;
        auto const minute = (now.time_since_epoch().count() / 60 + east) % 1440;
        if (!p.quiet)
            return false;
        auto const from = p.quiet->from.count();
        auto const to = p.quiet->to.count();
        return from < to ? from <= minute && minute < to : from <= minute || minute < to;
    }

    chance const& world_;
    std::set<message> settled_;
    std::set<message> held_;
};

receipts received_by(std::map<std::string, scripted_route> const& all)
{
    receipts out;
    for (auto const& [name, route] : all)
        for (auto const& n : route.delivered())
            for (auto const& event : n.events)
                ++out[{event, n.to.login_name, name}];
    return out;
}

asio::awaitable<void> play(asio::any_io_executor ex, unsigned seed)
{
    chance world(seed);
    model expected(world);
    auto const now =
        std::make_shared<std::chrono::sys_seconds>(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30));
    sub::dispatch_options how;
    how.now = [now] { return *now; };
    how.concurrency = 1 + world.below(4);
    sub::dispatcher<> send(ex, world.rules, world.everyone, sub::memory_log(), how);
    auto const modes = std::make_shared<std::map<std::string, mode>>();
    std::map<std::string, scripted_route> all;
    for (auto const& name : routes)
    {
        scripted_route route(
            [modes, name](sub::notification const&) -> td::result<void> {
                if (modes->at(name) == mode::delivers)
                    return {};
                return td::failure(modes->at(name) == mode::fails ? td::errc::connect_failed
                                                                  : td::errc::outcome_unknown);
            },
            name == "webhook:ops" ? sub::audience::group : sub::audience::person);
        send.set_route(name, route);
        all.emplace(name, route);
    }
    std::vector<sub::event> events;
    constexpr int steps = 40;
    for (int step = 0; step != steps; ++step)
    {
        *now += std::chrono::minutes(world.below(300));
        for (auto const& name : routes)
            (*modes)[name] = world.coin() ? mode::delivers : world.below(4) == 0 ? mode::is_unclear : mode::fails;
        if (world.below(3) == 0)
        {
            expected.release(*now, *modes);
            auto const report = co_await send.release();
            BOOST_TEST_REQUIRE(report.has_value());
            continue;
        }
        if (events.empty() || world.coin())
            events.push_back(world.any_event(step));
        auto const& what = events[world.below(events.size())];
        expected.dispatch(what, *now, *modes);
        auto const report = co_await send.dispatch(what);
        BOOST_TEST_REQUIRE(report.has_value());
    }
    BOOST_TEST((received_by(all) == expected.received), "seed " << seed);
    for (auto const& [m, count] : received_by(all))
        BOOST_TEST(count == 1);
}

} // namespace

BOOST_AUTO_TEST_CASE(are_those_of_the_model)
{
    constexpr unsigned worlds = 150;
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (unsigned seed = 1; seed <= worlds; ++seed)
            co_await play(ex, seed);
    });
}

BOOST_AUTO_TEST_SUITE_END()
