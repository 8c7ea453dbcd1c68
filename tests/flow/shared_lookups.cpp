// Messages to different people that are sent at the same time: their look-ups go to the platform together.
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(shared_lookups)

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

using notifier = td::notifier<td::lark, td::match::email, td::transport::http, td::base_url, td::pacing::none,
                              td::retry::safe, td::deadline>;

std::string person(int i)
{
    return "p" + std::to_string(i) + "@example.com";
}

/// A platform with many people, and a notifier on a loop of its own.
struct scene
{
    explicit scene(int people = 120) : platform(td::sandbox::options().world(many_recipients(people)))
    {
        notify.emplace(io.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform),
                       td::retry::safe().initial_backoff(1ms), td::deadline(20s));
    }

    void send(std::string const& who, td::send_options how = td::send_options())
    {
        signals.push_back(std::make_unique<asio::cancellation_signal>());
        notify->async_send(who, td::text{"hello"}, std::move(how),
                           asio::bind_cancellation_slot(signals.back()->slot(), [this, who](td::result<td::receipt> r) {
                               outcomes.insert_or_assign(who, std::move(r));
                               ++ended;
                           }));
    }
    std::ptrdiff_t lookups() const { return count_requests(platform, look_up_path); }
    void run_until_looked_up(std::ptrdiff_t count = 1)
    {
        while (lookups() < count)
            io.run_one_for(5ms);
    }
    void finish()
    {
        io.restart();
        io.run_for(30s);
        BOOST_TEST(io.stopped());
    }
    std::size_t delivered() const
    {
        std::size_t out = 0;
        for (auto const& [who, outcome] : outcomes)
            out += outcome ? 1 : 0;
        return out;
    }
    td::failure error_of(std::string const& who) const
    {
        auto const at = outcomes.find(who);
        return at != outcomes.end() && !at->second ? at->second.error() : td::failure();
    }

    td::sandbox::server platform;
    asio::io_context io;
    std::optional<notifier> notify;
    std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
    std::map<std::string, td::result<td::receipt>> outcomes;
    int ended = 0;
};

fault on_lookup(fault_kind what)
{
    return fault(what).path(std::string(look_up_path));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(people_whose_messages_are_sent_in_one_turn_are_looked_up_with_one_request, scene)
{
    for (int i = 0; i != 8; ++i)
        send(person(i));
    finish();
    BOOST_TEST(delivered() == 8u);
    BOOST_TEST(platform.ledger().size() == 8u);
    BOOST_TEST(lookups() == 1);
    // They are remembered as if each had been looked up alone.
    for (int i = 0; i != 8; ++i)
        send(person(i));
    finish();
    BOOST_TEST(platform.ledger().size() == 16u);
    BOOST_TEST(lookups() == 1);
}

// The request waits for the token, and the messages have nothing to wait for after it.
BOOST_FIXTURE_TEST_CASE(connections_for_all_of_them_are_opened_while_the_token_is_fetched, scene)
{
    platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
    for (int i = 0; i != 6; ++i)
        send(person(i));
    for (int i = 0; i != 2000 && (platform.requests().empty() || platform.connections() < 6); ++i)
        io.run_one_for(5ms);
    BOOST_TEST(platform.connections() == 6u);
    BOOST_TEST(platform.requests().size() == 1u);
    for (auto const& one : signals)
        one->emit(asio::cancellation_type::terminal);
    finish();
    // Those that are open serve the next.
    for (int i = 0; i != 6; ++i)
        send(person(i));
    finish();
    BOOST_TEST(delivered() == 6u);
    BOOST_TEST(platform.connections() <= 7u); // the one of the stalled fetch was closed
}

BOOST_FIXTURE_TEST_CASE(so_are_those_for_as_many_people_of_one_call_as_are_sent_to_at_once, scene)
{
    platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
    std::vector<std::string> people;
    for (int i = 0; i != 90; ++i)
        people.push_back(person(i));
    asio::cancellation_signal stop;
    bool is_over = false;
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
            auto const sent = co_await notify->send_each(
                people, td::text{"hello"}, [](std::size_t, auto const&, td::result<td::receipt> const&) {},
                td::send_each_options().concurrency(7));
            BOOST_TEST(sent->delivered == 0u);
            is_over = true;
        },
        asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    for (int i = 0; i != 2000 && (platform.requests().empty() || platform.connections() < 6); ++i)
        io.run_one_for(5ms);
    for (int i = 0; i != 20; ++i)
        io.run_one_for(5ms);
    BOOST_TEST(platform.connections() == 6u); // two requests for the people, and three connections for each
    stop.emit(asio::cancellation_type::terminal);
    finish();
    BOOST_TEST(is_over);
}

BOOST_FIXTURE_TEST_CASE(one_request_has_fifty_people_and_whoever_is_left_goes_alone, scene)
{
    for (int i = 0; i != 51; ++i)
        send(person(i));
    finish();
    BOOST_TEST(delivered() == 51u);
    BOOST_TEST(lookups() == 2);
    for (int i = 0; i != 110; ++i)
        send(person(i)); // of whom 59 are unknown
    finish();
    BOOST_TEST(delivered() == 110u);
    BOOST_TEST(lookups() == 4);
}

BOOST_FIXTURE_TEST_CASE(a_person_who_gets_two_messages_at_once_is_looked_up_once, scene)
{
    for (int i = 0; i != 3; ++i)
        send(person(7));
    finish();
    BOOST_TEST(ended == 3);
    BOOST_TEST(platform.ledger().size() == 3u);
    BOOST_TEST(lookups() == 1);
}

BOOST_FIXTURE_TEST_CASE(each_message_has_an_outcome_of_its_own, scene)
{
    send(person(1));
    send("nobody@example.com");
    send("no address");
    send(person(2));
    finish();
    BOOST_TEST(delivered() == 2u);
    BOOST_TEST((error_of("nobody@example.com") == td::errc::recipient_not_found));
    BOOST_TEST(error_of("nobody@example.com").recipient() == "nobody@example.com");
    BOOST_TEST(error_of("nobody@example.com").operation() == "look up person");
    BOOST_TEST((error_of("no address") == td::errc::invalid_recipient));
    BOOST_TEST(lookups() == 1);
    // That nobody has the address is remembered.
    send("nobody@example.com");
    finish();
    BOOST_TEST(lookups() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_message_that_is_cancelled_does_not_end_the_look_up_of_the_others, scene)
{
    platform.add_fault(on_lookup(fault_kind::delay).delay(50ms));
    for (int i = 0; i != 4; ++i)
        send(person(i));
    run_until_looked_up();
    signals[0]->emit(asio::cancellation_type::terminal); // the one that began
    signals[2]->emit(asio::cancellation_type::total);
    finish();
    BOOST_TEST(ended == 4);
    BOOST_TEST((error_of(person(0)) == td::errc::cancelled));
    BOOST_TEST((error_of(person(2)) == td::errc::cancelled));
    BOOST_TEST(error_of(person(0)).operation() == "look up person");
    BOOST_TEST(delivered() == 2u);
    BOOST_TEST(platform.ledger().size() == 2u);
    BOOST_TEST(lookups() == 1);
}

BOOST_FIXTURE_TEST_CASE(the_first_message_may_be_cancelled_before_the_turn_ends, scene)
{
    for (std::size_t const steps : {1u, 2u, 3u, 4u, 5u})
    {
        outcomes.clear();
        signals.clear();
        auto const base = static_cast<int>(steps) * 10;
        for (int i = 0; i != 4; ++i)
            send(person(base + i));
        io.restart();
        for (std::size_t i = 0; i != steps; ++i)
            io.poll_one();
        signals[0]->emit(asio::cancellation_type::terminal);
        finish();
        BOOST_TEST(outcomes.size() == 4u);
        BOOST_TEST((error_of(person(base)) == td::errc::cancelled));
        BOOST_TEST(delivered() == 3u);
    }
}

BOOST_FIXTURE_TEST_CASE(when_all_are_cancelled_the_request_is_given_up, scene)
{
    platform.add_fault(on_lookup(fault_kind::stall));
    for (int i = 0; i != 3; ++i)
        send(person(i));
    run_until_looked_up();
    for (auto const& signal : signals)
        signal->emit(asio::cancellation_type::terminal);
    auto const begun = std::chrono::steady_clock::now();
    finish();
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 10s)); // and not the deadline of 20 s
    BOOST_TEST(ended == 3);
    for (int i = 0; i != 3; ++i)
        BOOST_TEST((error_of(person(i)) == td::errc::cancelled));
    send(person(1));
    finish();
    BOOST_TEST(delivered() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_deadline_that_passes_ends_only_its_own_message, scene)
{
    platform.add_fault(on_lookup(fault_kind::delay).delay(300ms));
    send(person(0), td::send_options().deadline(50ms));
    send(person(1));
    finish();
    BOOST_TEST((error_of(person(0)) == td::errc::timed_out));
    BOOST_TEST(error_of(person(0)).operation() == "look up person");
    BOOST_TEST(delivered() == 1u);
    BOOST_TEST(lookups() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_look_up_that_fails_is_repeated_once_for_all_and_fails_for_all_in_its_own_words, scene)
{
    platform.add_fault(on_lookup(fault_kind::answer).status(503));
    for (int i = 0; i != 4; ++i)
        send(person(i));
    finish();
    BOOST_TEST(delivered() == 4u);
    BOOST_TEST(lookups() == 2);

    platform.add_fault(on_lookup(fault_kind::refuse).code("99991672").times(0));
    for (int i = 10; i != 14; ++i)
        send(person(i));
    finish();
    BOOST_TEST(lookups() == 3);
    for (int i = 10; i != 14; ++i)
    {
        BOOST_TEST((error_of(person(i)) == td::errc::permission_missing));
        BOOST_TEST(error_of(person(i)).platform_code() == "99991672");
        BOOST_TEST(error_of(person(i)).attempts() == 1u);
    }
}

BOOST_FIXTURE_TEST_CASE(a_refusal_that_may_be_about_one_address_is_not_the_others, scene)
{
    // The platform does not say which one it means.
    platform.add_fault(on_lookup(fault_kind::answer)
                           .status(400)
                           .header("Content-Type", "application/json")
                           .body(R"({"code":99992402,"msg":"field validation failed"})"));
    platform.add_fault(on_lookup(fault_kind::answer)
                           .after(1)
                           .status(400)
                           .header("Content-Type", "application/json")
                           .body(R"({"code":99992402,"msg":"field validation failed"})"));
    for (int i = 0; i != 4; ++i)
        send(person(i));
    finish();
    BOOST_TEST(ended == 4);
    BOOST_TEST(delivered() == 3u);
    BOOST_TEST(lookups() == 5);
}

BOOST_AUTO_TEST_CASE(links_of_chains_are_looked_up_together_too)
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(20)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::phone_number, td::match::email>;
        td::notifier<td::lark, chain, td::transport::http, td::base_url, td::pacing::none> notify(
            ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<chain> people;
        for (int i = 0; i != 20; ++i)
            people.emplace_back(td::match::phone_number("+6589999999"), td::match::email(person(i)));
        outcomes seen;
        auto sink = [](std::size_t, chain const&, td::result<td::receipt> const&) {};
        auto const sent = co_await notify.send_each(people, td::text{"hi"}, sink);
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 20u);
    });
    // As many at a time as send_each makes requests: by phone number, which nobody has, then by e-mail.
    BOOST_TEST(count_requests(platform, look_up_path) < 12);
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_destroyed_takes_the_shared_look_up_with_it)
{
    for (int steps = 0; steps != 60; steps += 3)
    {
        scene all(8);
        all.platform.add_fault(on_lookup(fault_kind::stall));
        for (int i = 0; i != 4; ++i)
            all.send(person(i));
        for (int i = 0; i != steps && all.lookups() == 0; ++i)
            all.io.run_one_for(5ms);
        all.notify.reset();
        BOOST_TEST(all.ended == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
