// The operations for programs without Asio.
#include <tidings/blocking.hpp>

#include "support/platform.hpp"

#include <tidings/provider/lark/webhook.hpp>
#include <tidings/webhook.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <new>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace blocking_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

using notifier =
    td::blocking<td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::none>>;
using webhook = td::blocking<td::webhook<td::lark, td::base_url, td::transport::http, td::retry::none>>;

td::webhook_address group_of(td::sandbox::server const& platform)
{
    auto const& hooks = platform.world().hooks;
    for (auto const& h : hooks)
        if (td::sandbox::to_string(h.platform) == td::lark::name)
            return {"https://open.larksuite.com/open-apis/bot/v2/hook/" + h.token, td::secret(h.secret)};
    throw std::out_of_range("no such robot");
}

// A retry policy that throws when it is asked.
struct throwing_retry
{
    using policy_kind = td::retry_kind;

    td::retry_decision next(td::retry_context const&) const { throw std::out_of_range("retry"); }
};

/// Waits until the platform has read so many requests.
void await_requests(td::sandbox::server const& platform, std::size_t count)
{
    auto const end = std::chrono::steady_clock::now() + 30s;
    while (platform.requests().size() < count && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    BOOST_TEST_REQUIRE(platform.requests().size() >= count);
}

struct fixture
{
    td::sandbox::server platform;
    std::optional<notifier> notify{std::in_place, credentials<td::lark>(platform), url<td::lark>(platform)};
};

} // namespace

BOOST_AUTO_TEST_SUITE(blocking_calls)

BOOST_FIXTURE_TEST_CASE(every_verb_returns_its_outcome, fixture)
{
    BOOST_TEST(notify->warm_up().has_value());
    auto const ada = notify->resolve("ada");
    BOOST_TEST_REQUIRE(ada.has_value(), ada.error());
    auto const sent = notify->send("ada", td::text{"hi"});
    BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    auto const again = notify->send(*ada, td::text{"hi again"}, td::send_options().deadline(1min));
    BOOST_TEST_REQUIRE(again.has_value(), again.error());
    auto const readers = notify->readers(*sent);
    BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
    BOOST_TEST(readers->empty());
    auto const recalled = notify->recall(*sent, td::call_options().deadline(1min));
    BOOST_TEST(recalled.has_value(), recalled.error());
    auto const nobody = notify->resolve("");
    BOOST_TEST_REQUIRE(nobody.has_error());
    BOOST_TEST((nobody.error() == td::errc::invalid_recipient), nobody.error());

    std::vector<td::match::login_name> const people{"ada", "bob"};
    std::size_t delivered = 0;
    std::optional<td::result<td::receipt>> from_sink;
    auto const summary =
        notify->send_each(people, td::text{"all hands"}, [&](std::size_t, auto const&, auto const& one) {
            delivered += one.has_value();
            if (!from_sink)
                from_sink = notify->send("ada", td::text{"never sent"});
        });
    BOOST_TEST_REQUIRE(summary.has_value(), summary.error());
    BOOST_TEST(summary->delivered == 2u);
    BOOST_TEST(delivered == 2u);
    // It would have waited for itself.
    BOOST_TEST_REQUIRE(from_sink.has_value());
    BOOST_TEST_REQUIRE(from_sink->has_error());
    BOOST_TEST((from_sink->error() == td::errc::invalid_argument), from_sink->error());

    BOOST_TEST(notify->drain().has_value());
    BOOST_TEST(notify->close().has_value());
    auto const late = notify->send("ada", td::text{"too late"});
    BOOST_TEST_REQUIRE(late.has_error());
    BOOST_TEST((late.error() == td::errc::cancelled), late.error());
    BOOST_TEST(platform.ledger().size() == 4u);
}

BOOST_FIXTURE_TEST_CASE(a_group_is_sent_to, fixture)
{
    webhook group(group_of(platform), url<td::lark>(platform));
    auto const sent = group.send(td::text{"hi"}, td::send_options().deadline(1min));
    BOOST_TEST(sent.has_value(), sent.error());
    BOOST_TEST(group.drain().has_value());
    BOOST_TEST(group.close().has_value());
    BOOST_TEST(group.send(td::text{"too late"}).has_error());
}

BOOST_FIXTURE_TEST_CASE(many_threads_send_at_the_same_time, fixture)
{
    constexpr int threads = 4;
    constexpr int messages = 8;
    std::vector<std::future<int>> senders;
    for (int t = 0; t != threads; ++t)
        senders.push_back(std::async(std::launch::async, [&] {
            int delivered = 0;
            for (int i = 0; i != messages; ++i)
                delivered += notify->send("ada", td::text{"hi"}).has_value();
            return delivered;
        }));
    for (auto& one : senders)
        BOOST_TEST(one.get() == messages);
    BOOST_TEST(platform.ledger().size() == std::size_t(threads * messages));
}

BOOST_FIXTURE_TEST_CASE(a_call_ends_at_its_own_deadline, fixture)
{
    BOOST_TEST(notify->warm_up().has_value());
    platform.add_fault(fault(fault_kind::stall).times(2));
    auto const sent = notify->send("ada", td::text{"hi"}, td::send_options().deadline(500ms));
    BOOST_TEST_REQUIRE(sent.has_error());
    BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
    BOOST_TEST((sent.error().cause() == td::errc::timed_out), sent.error());
    platform.clear_faults();
    auto const refused = notify->send("ada", td::text{"hi"}, td::send_options().deadline(0ms));
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == td::errc::invalid_argument), refused.error());
    BOOST_TEST(notify->send("ada", td::text{"hi"}).has_value());
}

BOOST_FIXTURE_TEST_CASE(destroying_it_ends_the_calls_of_other_threads, fixture)
{
    // Before the message is written, and after.
    for (bool const written : {false, true})
    {
        if (!notify)
            notify.emplace(credentials<td::lark>(platform), url<td::lark>(platform));
        if (written)
            BOOST_TEST(notify->send("ada", td::text{"hi"}).has_value());
        auto const before = platform.requests().size();
        platform.add_fault(fault(fault_kind::stall).times(4));
        // All would fetch one token, but each sends a message of its own.
        std::size_t const threads = written ? 3 : 1;
        std::vector<std::future<td::result<td::receipt>>> senders;
        for (std::size_t i = 0; i != threads; ++i)
            senders.push_back(std::async(std::launch::async, [&n = *notify] {
                return n.send("ada", td::text{"hi"}, td::send_options().deadline(1h));
            }));
        await_requests(platform, before + threads);
        notify.reset();
        for (auto& one : senders)
        {
            auto const sent = one.get();
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == (written ? td::errc::outcome_unknown : td::errc::cancelled)), sent.error());
        }
        platform.clear_faults();
    }
}

BOOST_FIXTURE_TEST_CASE(an_exception_of_the_sink_reaches_the_caller_after_every_outcome_was_reported, fixture)
{
    std::vector<td::match::login_name> const people{"ada", "bob", "ada", "bob"};
    std::vector<std::size_t> reported;
    auto const throws = [&](std::size_t i, auto const&, auto const&) {
        reported.push_back(i);
        if (i == 0)
            throw std::domain_error("the sink's own");
    };
    BOOST_CHECK_EXCEPTION((void)notify->send_each(people, td::text{"hi"}, throws, td::send_each_options().window(2)),
                          std::domain_error, [](auto const& e) { return std::string(e.what()) == "the sink's own"; });
    std::vector<std::size_t> const first_window{0, 1};
    BOOST_TEST(reported == first_window, boost::test_tools::per_element());
    BOOST_TEST(platform.ledger().size() == 2u);
    BOOST_TEST(notify->send("ada", td::text{"hi"}).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_exception_of_the_range_reaches_the_caller, fixture)
{
    auto const range = std::views::iota(0, 3) | std::views::transform([](int i) -> td::match::login_name {
                           if (i == 1)
                               throw 7; // no std::exception
                           return "ada";
                       });
    std::size_t reported = 0;
    BOOST_CHECK_EXCEPTION((void)notify->send_each(
                              range, td::text{"hi"}, [&](auto, auto const&, auto const&) { ++reported; },
                              td::send_each_options().window(1)),
                          int, [](int thrown) { return thrown == 7; });
    BOOST_TEST(reported == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_exception_of_a_policy_reaches_the_caller, fixture)
{
    td::blocking<td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, throwing_retry>>
        calls(credentials<td::lark>(platform), url<td::lark>(platform));
    platform.add_fault(fault(fault_kind::answer).status(503).body("busy"));
    BOOST_CHECK_THROW((void)calls.send("ada", td::text{"hi"}), std::out_of_range);
    BOOST_TEST(calls.send("ada", td::text{"hi"}).has_value());
}

BOOST_FIXTURE_TEST_CASE(memory_that_runs_out_in_the_sink_is_an_unknown_outcome, fixture)
{
    std::vector<td::match::login_name> const people{"ada"};
    auto const each = notify->send_each(people, td::text{"hi"},
                                        [](std::size_t, auto const&, auto const&) { throw std::bad_alloc(); });
    BOOST_TEST_REQUIRE(each.has_error());
    BOOST_TEST((each.error() == td::errc::outcome_unknown), each.error());
    BOOST_TEST((each.error().cause() == boost::system::errc::not_enough_memory));
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_usable_are_the_result_of_each_call)
{
    notifier notify(td::lark::credentials("", td::secret("")), td::base_url("no url"));
    auto const sent = notify.send("ada", td::text{"hi"});
    BOOST_TEST_REQUIRE(sent.has_error());
    BOOST_TEST((sent.error() == td::errc::invalid_argument), sent.error());
    BOOST_TEST(notify.drain().has_value());
    BOOST_TEST(notify.close().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blocking_test
