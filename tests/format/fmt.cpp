// The library's types are formattable by {fmt}, with the specification of a string.
#include <tidings/fmt.hpp>

#include "format/samples.hpp"

#include <tidings/secret.hpp>

#define BOOST_TEST_MODULE tidings_format
#include <boost/test/unit_test.hpp>

namespace fmt_test {

BOOST_AUTO_TEST_SUITE(formatting)

BOOST_AUTO_TEST_CASE(fmt_prints_failures_receipts_kinds_and_summaries)
{
    auto const results = format_samples::results_of([](auto const& value) { return fmt::format("{}", value); });
    BOOST_TEST(results.size() == 12u);
    for (auto const& [got, expected] : results)
        BOOST_TEST(got == expected);
}

BOOST_AUTO_TEST_CASE(fmt_takes_the_specification_of_a_string)
{
    BOOST_TEST(fmt::format("{:>12}|{:.4}|{:*<11}", tidings::errc::timed_out, tidings::errc::timed_out,
                           tidings::errc::timed_out) == "   timed_out|time|timed_out**");
}

BOOST_AUTO_TEST_CASE(fmt_refuses_secrets_and_what_merely_converts_to_a_failure)
{
    BOOST_TEST(fmt::is_formattable<tidings::failure>::value);
    BOOST_TEST(!fmt::is_formattable<tidings::secret>::value);
    BOOST_TEST(!fmt::is_formattable<boost::system::error_code>::value);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fmt_test
