// Kinds of failure, their categories and conditions, and what a result throws.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/error.hpp>

#include <tidings/detail/failure.hpp>

#include <tidings/result.hpp>

#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace error_test {

namespace {

using tidings::condition;
using tidings::errc;
using tidings::error_code;
using tidings::failure;

constexpr int last_errc = static_cast<int>(errc::invalid_recipient);
constexpr int last_condition = static_cast<int>(condition::unknown);

// Categories are equal when their ids are.
class numbered final : public boost::system::error_category
{
public:
    explicit numbered(unsigned long long id) noexcept : error_category(id) {}
    char const* name() const noexcept override { return "numbered"; }
    std::string message(int) const override { return "numbered"; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(error_codes)

BOOST_AUTO_TEST_CASE(the_ids_of_the_categories_are_fixed)
{
    BOOST_TEST((numbered(0x7d1d1265e55a9e01u) == tidings::category()));
    BOOST_TEST((numbered(0x7d1d1265e55a9e02u) == make_error_condition(condition::transient).category()));
    BOOST_TEST((numbered(0x7d1d1265e55a9e03u) != tidings::category()));
    BOOST_TEST(tidings::category().name() == std::string_view("tidings"));
    // As another shared library would have it: another object, the same category.
    tidings::detail::error_category const elsewhere;
    BOOST_TEST((elsewhere == tidings::category()));
    BOOST_TEST(error_code(static_cast<int>(errc::timed_out), elsewhere) == make_error_code(errc::timed_out));
}

BOOST_AUTO_TEST_CASE(the_values_are_stable)
{
    BOOST_TEST(static_cast<int>(errc::bad_credentials) == 1);
    BOOST_TEST(static_cast<int>(errc::recipient_not_found) == 7);
    BOOST_TEST(static_cast<int>(errc::rate_limited) == 12);
    BOOST_TEST(static_cast<int>(errc::platform_error) == 16);
    BOOST_TEST(static_cast<int>(errc::outcome_unknown) == 21);
    BOOST_TEST(static_cast<int>(errc::invalid_argument) == 23);
    BOOST_TEST(static_cast<int>(errc::duplicate_message) == 25);
    BOOST_TEST(static_cast<int>(errc::partly_delivered) == 26);
    BOOST_TEST(last_errc == 27);
}

BOOST_AUTO_TEST_CASE(every_kind_has_words_of_its_own)
{
    std::set<std::string> seen;
    for (int i = 1; i <= last_errc; ++i)
    {
        auto const ec = make_error_code(static_cast<errc>(i));
        BOOST_TEST(ec.failed());
        BOOST_TEST(ec.message() != "unknown tidings error");
        BOOST_TEST(seen.insert(ec.message()).second, ec.message());
        char buffer[8];
        BOOST_TEST(tidings::category().message(i, buffer, sizeof buffer) == ec.message());
    }
    BOOST_TEST(tidings::category().message(0) == "unknown tidings error");
    BOOST_TEST(tidings::category().message(last_errc + 1) == "unknown tidings error");
    std::set<std::string> conditions;
    for (int i = 1; i <= last_condition; ++i)
        BOOST_TEST(conditions.insert(make_error_condition(static_cast<condition>(i)).message()).second, i);
    BOOST_TEST(conditions.count("unknown tidings condition") == 0u);
}

BOOST_AUTO_TEST_CASE(a_kind_belongs_to_the_conditions_it_should)
{
    using enum condition;
    struct
    {
        errc kind;
        std::vector<condition> conditions;
    } const rows[] = {
        {errc::bad_credentials, {configuration}},
        {errc::token_rejected, {configuration}},
        {errc::permission_missing, {configuration}},
        {errc::app_not_published, {configuration}},
        {errc::bot_disabled, {configuration}},
        {errc::ip_not_allowed, {configuration}},
        {errc::recipient_not_found, {recipient}},
        {errc::recipient_unreachable, {recipient}},
        {errc::ambiguous_recipient, {recipient}},
        {errc::message_invalid, {message}},
        {errc::message_too_long, {message}},
        {errc::rate_limited, {transient}},
        {errc::quota_exhausted, {configuration}},
        {errc::server_error, {transient}},
        {errc::protocol_error, {connection}},
        {errc::platform_error, {}},
        {errc::connect_failed, {transient, connection}},
        {errc::tls_failed, {configuration, connection}},
        {errc::timed_out, {transient, connection}},
        {errc::cancelled, {}},
        {errc::outcome_unknown, {unknown, connection}},
        {errc::queue_full, {transient}},
        {errc::invalid_argument, {}},
        {errc::proxy_refused, {configuration, connection}},
        {errc::duplicate_message, {message}},
        {errc::partly_delivered, {unknown}},
        {errc::invalid_recipient, {recipient}},
    };
    BOOST_TEST(std::size(rows) == static_cast<std::size_t>(last_errc));
    for (auto const& row : rows)
        for (int i = 1; i <= last_condition; ++i)
        {
            auto const c = static_cast<condition>(i);
            bool const expected = std::find(row.conditions.begin(), row.conditions.end(), c) != row.conditions.end();
            BOOST_TEST_CONTEXT(make_error_code(row.kind).message() << " and " << make_error_condition(c).message())
            {
                BOOST_TEST((make_error_code(row.kind) == c) == expected);
                BOOST_TEST((failure(row.kind) == c) == expected);
            }
        }
    // What is not ours belongs to none, whatever its number.
    for (int value = 0; value != 30; ++value)
        for (int i = 1; i <= last_condition; ++i)
            BOOST_TEST(!(error_code(value, boost::system::generic_category()) == static_cast<condition>(i)));
}

BOOST_AUTO_TEST_CASE(kinds_that_the_standard_knows_compare_equal_to_its_conditions)
{
    namespace portable = boost::system::errc;
    struct
    {
        errc kind;
        portable::errc_t expected;
    } const rows[] = {
        {errc::bad_credentials, portable::permission_denied},
        {errc::token_rejected, portable::permission_denied},
        {errc::permission_missing, portable::permission_denied},
        {errc::app_not_published, portable::permission_denied},
        {errc::bot_disabled, portable::permission_denied},
        {errc::ip_not_allowed, portable::permission_denied},
        {errc::recipient_unreachable, portable::host_unreachable},
        {errc::message_too_long, portable::message_size},
        {errc::message_invalid, portable::bad_message},
        {errc::rate_limited, portable::resource_unavailable_try_again},
        {errc::queue_full, portable::resource_unavailable_try_again},
        {errc::protocol_error, portable::protocol_error},
        {errc::connect_failed, portable::not_connected},
        {errc::timed_out, portable::timed_out},
        {errc::cancelled, portable::operation_canceled},
        {errc::invalid_argument, portable::invalid_argument},
        {errc::proxy_refused, portable::permission_denied},
    };
    for (auto const& row : rows)
    {
        BOOST_TEST((make_error_code(row.kind) == row.expected), make_error_code(row.kind).message());
        BOOST_TEST((make_error_code(row.kind) != portable::no_such_process));
    }
    for (auto const e : {errc::recipient_not_found, errc::ambiguous_recipient, errc::quota_exhausted,
                         errc::server_error, errc::platform_error, errc::tls_failed, errc::outcome_unknown,
                         errc::duplicate_message, errc::partly_delivered})
        BOOST_TEST((make_error_code(e).default_error_condition().category() == tidings::category()));
}

BOOST_AUTO_TEST_CASE(kinds_become_standard_error_codes_too)
{
    std::error_code const ec = make_error_code(errc::timed_out);
    BOOST_TEST((ec == std::errc::timed_out));
    BOOST_TEST(ec.message() == "the deadline passed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(results)

BOOST_AUTO_TEST_CASE(the_value_of_a_failed_result_throws_an_error_that_carries_the_failure)
{
    auto const facts = tidings::detail::new_facts();
    facts->log_id = "L";
    facts->platform_code = "230013";
    tidings::result<int> const failed = failure(errc::recipient_unreachable, facts);
    bool thrown = false;
    try
    {
        static_cast<void>(failed.value());
    }
    catch (tidings::error const& e)
    {
        thrown = true;
        BOOST_TEST(e.code() == make_error_code(errc::recipient_unreachable));
        BOOST_TEST(e.why().log_id() == "L");
        BOOST_TEST(e.why().facts() == facts.get());
        BOOST_TEST(std::string_view(e.what()).find("230013") != std::string_view::npos);
    }
    BOOST_TEST(thrown);
    tidings::result<void> const nothing = failure(errc::cancelled);
    BOOST_CHECK_THROW(nothing.value(), boost::system::system_error);
    BOOST_CHECK_NO_THROW(tidings::result<void>().value());
}

BOOST_AUTO_TEST_CASE(the_kind_of_a_failure_can_be_switched_on)
{
    auto const advice = [](failure const& f) {
        switch (f.kind())
        {
        case errc::timed_out: return 't';
        case errc::invalid_recipient: return 'r';
        default: return '-';
        }
    };
    BOOST_TEST(advice(errc::timed_out) == 't');
    BOOST_TEST(advice(tidings::make_failure(errc::invalid_recipient, "why")) == 'r');
    BOOST_TEST(advice(errc::cancelled) == '-');
    // Neither success nor the code of another category is a kind, whatever its number.
    BOOST_TEST((failure().kind() == errc()));
    error_code const foreign(static_cast<int>(errc::timed_out), boost::system::generic_category());
    BOOST_TEST((failure(foreign).kind() == errc()));
}

BOOST_AUTO_TEST_CASE(failures_are_made_without_the_detail_namespace)
{
    auto const text = tidings::make_failure(errc::platform_error, "the pigeon is ill");
    BOOST_TEST(text.message() == "the platform refused the request: the pigeon is ill");
    auto const facts = tidings::make_failure(errc::rate_limited, [](tidings::diagnostics& d) {
        d.platform = "pigeon";
        d.wait = std::chrono::seconds(3);
    });
    BOOST_TEST((facts == errc::rate_limited));
    BOOST_TEST(facts.platform() == "pigeon");
    BOOST_TEST(facts.wait()->count() == 3);
}

BOOST_AUTO_TEST_CASE(conditions_have_names)
{
    BOOST_TEST(tidings::to_string(condition::configuration) == "configuration");
    BOOST_TEST(tidings::to_string(condition::unknown) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_failure_is_small)
{
    static_assert(sizeof(failure) <= 40);
    BOOST_TEST(sizeof(failure) <= 40u);
}

BOOST_AUTO_TEST_CASE(copies_share_their_facts)
{
    failure original;
    {
        auto facts = tidings::detail::new_facts();
        facts->detail = "because";
        original = failure(errc::server_error, std::move(facts));
    }
    failure const copy = original;
    BOOST_TEST(copy.facts() == original.facts());
    BOOST_TEST(copy.facts()->use_count() == 2u);
    original = failure();
    BOOST_TEST(copy.facts()->use_count() == 1u);
    BOOST_TEST(copy.facts()->detail == "because");
}

BOOST_AUTO_TEST_CASE(a_failure_without_facts_answers_every_question)
{
    failure const f(errc::timed_out);
    BOOST_TEST(f.facts() == nullptr);
    BOOST_TEST(f.platform() == "");
    BOOST_TEST(f.operation() == "");
    BOOST_TEST(f.recipient() == "");
    BOOST_TEST(f.platform_code() == "");
    BOOST_TEST(f.platform_message() == "");
    BOOST_TEST(f.log_id() == "");
    BOOST_TEST(f.link() == "");
    BOOST_TEST(f.refused_ip() == "");
    BOOST_TEST(f.scopes().empty());
    BOOST_TEST(!f.wait().has_value());
    BOOST_TEST(f.http_status() == 0u);
    BOOST_TEST(f.attempts() == 0u);
    BOOST_TEST(!f.cause().failed());
    BOOST_TEST(f.message() == "the deadline passed");
    BOOST_TEST(f.remedy() == "Try again, or allow more time.");
}

BOOST_AUTO_TEST_CASE(a_failure_compares_with_kinds_codes_and_conditions)
{
    failure const f(errc::timed_out);
    BOOST_TEST((f == errc::timed_out));
    BOOST_TEST((f != errc::cancelled));
    BOOST_TEST((f == make_error_code(errc::timed_out)));
    BOOST_TEST((f == condition::transient));
    BOOST_TEST((f != condition::recipient));
    BOOST_TEST((f.code() == boost::system::errc::timed_out));
    BOOST_TEST(!failure().code().failed());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace error_test
