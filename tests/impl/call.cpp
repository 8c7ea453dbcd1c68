#include <tidings/impl/call.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

namespace call_test {

namespace {

namespace td = tidings;
using td::errc;
using td::make_failure;

constexpr td::detail::failure_context sending("lark", "send message", 2);

td::failure lost()
{
    auto facts = td::detail::new_facts();
    facts->detail = "h, while waiting for the answer";
    facts->cause = boost::asio::error::eof;
    facts->attempts = 1;
    return {errc::outcome_unknown, std::move(facts)};
}

td::failure refused()
{
    auto facts = td::detail::new_facts();
    facts->cause = boost::asio::error::connection_refused;
    facts->attempts = 1;
    return {errc::connect_failed, std::move(facts)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(attempts)

BOOST_AUTO_TEST_CASE(the_last_word_counts_where_nothing_was_lost_before)
{
    td::detail::attempt_log log;
    BOOST_TEST(!log.failed());
    log.add(refused());
    log.add(make_failure(errc::rate_limited, "slowly"));
    BOOST_TEST(log.failed());
    BOOST_TEST((log.final_failure() == errc::rate_limited));
    BOOST_TEST(log.final_failure().message() == log.last().message());
}

BOOST_AUTO_TEST_CASE(a_message_that_may_have_arrived_once_stays_so_whatever_is_said_later)
{
    for (auto const e : {errc::connect_failed, errc::rate_limited, errc::recipient_not_found, errc::cancelled,
                         errc::timed_out, errc::bad_credentials, errc::quota_exhausted, errc::duplicate_message})
    {
        td::detail::attempt_log log;
        log.add(lost());
        log.add(make_failure(e, "and then this"));
        auto const f = log.final_failure();
        BOOST_TEST((f == errc::outcome_unknown), f);
        BOOST_TEST(f.cause() == td::error_code(boost::asio::error::eof));
        BOOST_TEST(f.message().find("while waiting for the answer; then: ") != std::string::npos, f);
        BOOST_TEST(f.message().find("and then this") != std::string::npos, f);
    }
}

BOOST_AUTO_TEST_CASE(unless_the_platform_says_what_is_true_of_the_request_at_any_time)
{
    for (auto const e : {errc::message_invalid, errc::message_too_long})
    {
        auto facts = td::detail::new_facts();
        facts->platform_code = "99992360";
        td::detail::attempt_log log;
        log.add(lost());
        log.add(td::failure(e, std::move(facts)));
        BOOST_TEST((log.final_failure() == e));
    }
}

BOOST_AUTO_TEST_CASE(that_there_is_no_such_person_any_more_does_not_mean_that_nobody_has_the_message)
{
    auto facts = td::detail::new_facts();
    facts->platform_code = "81013";
    td::detail::attempt_log log;
    log.add(lost());
    log.add(td::failure(errc::recipient_not_found, std::move(facts)));
    BOOST_TEST((log.final_failure() == errc::outcome_unknown));
    log.succeeded(); // and so if the answer names the person among those who were not found
    auto const outcome = log.final_failure(make_failure(errc::recipient_not_found, "no such id"), sending);
    BOOST_TEST((outcome == errc::outcome_unknown));
    BOOST_TEST(outcome.attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(and_so_it_does_for_what_is_said_of_a_person_after_an_attempt_that_succeeded)
{
    td::detail::attempt_log log;
    log.add(lost());
    log.succeeded();
    BOOST_TEST(!log.failed());
    auto const dropped = log.final_failure(make_failure(errc::duplicate_message, "the same content"), sending);
    BOOST_TEST((dropped == errc::outcome_unknown), dropped);
    BOOST_TEST(dropped.message().find("the same content") != std::string::npos, dropped);
    // Without a doubt, what is said counts.
    td::detail::attempt_log clean;
    clean.add(refused());
    clean.succeeded();
    BOOST_TEST((clean.final_failure(make_failure(errc::duplicate_message, "x"), sending) == errc::duplicate_message));
}

BOOST_AUTO_TEST_CASE(the_outcome_of_one_person_names_the_operation)
{
    td::detail::attempt_log log;
    auto const outcome = log.final_failure(make_failure(errc::duplicate_message, "x"), sending);
    BOOST_TEST(outcome.platform() == "lark");
    BOOST_TEST(outcome.operation() == "send message");
    BOOST_TEST(outcome.attempts() == 2u);
    // A failure that has its context keeps it.
    auto const again = td::detail::failure_context("wecom", "recall message", 7)(outcome);
    BOOST_TEST(again.platform() == "lark");
    BOOST_TEST(again.operation() == "send message");
    BOOST_TEST(again.attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(where_time_ran_out_or_the_caller_gave_up_the_obstacle_before_is_the_cause)
{
    for (auto const e : {errc::cancelled, errc::timed_out})
    {
        td::detail::attempt_log log;
        log.add(refused());
        log.add(e);
        BOOST_TEST((log.final_failure() == e));
        BOOST_TEST(log.final_failure().cause() == td::error_code(boost::asio::error::connection_refused));
        BOOST_TEST(log.final_failure().message().find("before that: no connection") != std::string::npos);

        td::detail::attempt_log alone;
        alone.add(e);
        BOOST_TEST(!alone.final_failure().cause().failed());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace call_test
