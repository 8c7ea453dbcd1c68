// The code of docs/dispatcher.md.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/routes.hpp>

#include "world.hpp"

#include "support/run.hpp"

BOOST_AUTO_TEST_SUITE(documented_dispatcher)

using namespace dispatch_test;

namespace {

//[route
class pager
{
public:
    asio::awaitable<td::result<td::receipt>> deliver(sub::notification const& n)
    {
        if (!n.urgent)
            co_return td::make_failure(td::errc::message_invalid, "only urgent messages go to the pager");
        paged.push_back(n.to.login_name + ": " + n.message.title().str(n.language));
        co_return td::receipt(n.key.view(), n.to.login_name, 1);
    }

    std::vector<std::string>& paged;
};
//]

void add_to_inbox(sub::notification const&) {}

} // namespace

BOOST_AUTO_TEST_CASE(a_dispatcher_is_made_of_subscriptions_people_and_routes)
{
    test::run([](asio::any_io_executor executor) -> asio::awaitable<void> {
        auto const rules =
            rules_of(R"({"type":"sql_task","node":"to_be_approved","routes":["pager"],"personal_channels":["lark"]})");
        auto const everyone = people_of(everybody);
        td::config::channels const channels;
        auto what = event_at<sub::sql_task::node::to_be_approved>();
        std::vector<std::string> paged;
        std::vector<std::string> lines;
        auto const print = [&lines](std::string_view route, std::string_view status) {
            lines.push_back(std::string(route) + ' ' + std::string(status));
        };
        //[dispatch
        sub::dispatcher<> dispatch(executor, rules, sub::people_directory(everyone));
        for (auto const& [name, route] : sub::make_routes(executor, channels, td::config::notifier_options()))
            dispatch.set_route(name, route); // personal:lark, webhook:ops, …
        dispatch.set_route("inbox", sub::inbox_route([](sub::notification const& n) -> td::result<void> {
                               add_to_inbox(n); // your product's
                               return {};
                           }));
        dispatch.set_route("pager", pager{paged});

        auto const report = co_await dispatch.dispatch(std::move(what));
        if (report)
            for (auto const& outcome : report->outcomes)
                print(outcome.id.route, to_string(outcome.status)); // and outcome.why->message() of one that failed
        //]
        std::vector<std::string> const expected{"inbox delivered", "pager delivered", "personal:lark unconfigured"};
        BOOST_TEST(lines == expected, boost::test_tools::per_element());
        BOOST_TEST(paged.size() == 1u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
