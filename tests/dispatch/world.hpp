// Routes, people and subscriptions for the tests of the dispatcher.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_DISPATCH_WORLD_HPP
#define TIDINGS_TESTS_DISPATCH_WORLD_HPP

#include <tidings/subscription/dispatcher.hpp>
#include <tidings/subscription/event_types.hpp>
#include <tidings/subscription/inbox.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dispatch_test {

namespace td = tidings;
namespace sub = tidings::subscription;
namespace asio = boost::asio;
using sub::delivery_status;
using sub::ready_made;

/// A route that keeps what it delivers, and fails as a test wants. Copies share both.
class scripted_route
{
public:
    using outcome = std::function<td::result<void>(sub::notification const&)>;

    explicit scripted_route(outcome becomes = {}, sub::audience to = sub::audience::person)
        : reaches(to), self_(std::make_shared<shared>())
    {
        self_->becomes = std::move(becomes);
    }

    asio::awaitable<td::result<td::receipt>> deliver(sub::notification const& n)
    {
        if (self_->becomes)
            if (auto const done = self_->becomes(n); !done)
                co_return done.error();
        self_->delivered.push_back(n);
        co_return td::receipt("m-" + std::to_string(self_->delivered.size()), n.to.login_name, 1);
    }
    std::chrono::seconds repeats_safely_for() const { return self_->repeats_safely_for; }

    std::vector<sub::notification> const& delivered() const { return self_->delivered; }
    /// The receivers of what was delivered.
    std::vector<std::string> receivers() const
    {
        std::vector<std::string> out;
        for (auto const& n : delivered())
            out.push_back(n.to.login_name);
        return out;
    }
    void becomes(outcome how) { self_->becomes = std::move(how); }
    void repeats_safely_for(std::chrono::seconds time) { self_->repeats_safely_for = time; }

    sub::audience reaches;

private:
    struct shared
    {
        outcome becomes;
        std::chrono::seconds repeats_safely_for{-1};
        std::vector<sub::notification> delivered;
    };

    std::shared_ptr<shared> self_;
};

static_assert(sub::delivery_route<scripted_route>);

inline scripted_route::outcome fails_with(td::errc kind)
{
    return [kind](sub::notification const&) { return td::result<void>(td::failure(kind)); };
}

inline sub::people people_of(std::string_view lines)
{
    auto out = sub::people::from_json_lines(lines);
    BOOST_TEST_REQUIRE(out.has_value(), td::config::to_string(out.error()));
    return *std::move(out);
}

inline sub::subscriptions rules_of(std::string_view rows)
{
    auto out = sub::subscriptions::parse(ready_made::types, "{\"version\":1,\"rows\":[" + std::string(rows) + "]}");
    BOOST_TEST_REQUIRE(out.has_value(), td::config::to_string(out.error()));
    return *std::move(out);
}

template<auto Node>
sub::event event_at(std::string id = "e-1")
{
    sub::event out;
    out.id = std::move(id);
    out.at = ready_made::at<Node>();
    out.subject = "Change #42";
    out.submitter = "ada";
    out.approvers = {"bob"};
    out.executor = "dan";
    return out;
}

/// `person route status` for each outcome.
inline std::vector<std::string> lines_of(sub::dispatch_report const& report)
{
    std::vector<std::string> out;
    for (auto const& o : report.outcomes)
        out.push_back(o.id.person + ' ' + o.id.route + ' ' + std::string(to_string(o.status)));
    return out;
}

inline constexpr std::string_view everybody = R"({"login_name":"ada","name":"Ada","language":"en"}
{"login_name":"bob","name":"Bob","language":"zh-CN","roles":["approver"]}
{"login_name":"cai","roles":["approver"],"channels":["feishu"]}
{"login_name":"dan"}
)";

/// A dispatcher with an inbox and two further routes.
///
/// @tparam Log  Where it remembers what was sent.
template<class Log = sub::memory_log>
class basic_office
{
public:
    explicit basic_office(asio::any_io_executor ex, std::string_view rows = {}, std::string_view lines = everybody,
                          sub::dispatch_options how = sub::dispatch_options(), Log log = Log())
        : send(std::move(ex), rules_of(rows), people_of(lines), std::move(log), std::move(how))
    {
        send.set_route("inbox", inbox);
        send.set_route("personal:lark", lark);
        send.set_route("webhook:ops", ops);
    }

    scripted_route inbox;
    scripted_route lark;
    scripted_route ops{{}, sub::audience::group};
    sub::dispatcher<sub::people_directory, Log> send;
};

using office = basic_office<>;

} // namespace dispatch_test

#define TIDINGS_TEST_LINES(report, ...)                                                                  \
    do                                                                                                   \
    {                                                                                                    \
        std::vector<std::string> const expected_lines{__VA_ARGS__};                                      \
        BOOST_TEST(dispatch_test::lines_of(report) == expected_lines, boost::test_tools::per_element()); \
    } while (false)

#endif
