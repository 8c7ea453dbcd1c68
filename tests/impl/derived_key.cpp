#include <tidings/impl/derived_key.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(derived_key)

BOOST_AUTO_TEST_CASE(a_key_has_1_to_50_printable_ascii_characters)
{
    using tidings::idempotency_key;
    for (std::string const& good : {std::string("k"), std::string(50, 'k'), std::string("!~\"\\")})
        BOOST_TEST(tidings::detail::check_key(idempotency_key(good)).has_value());
    for (std::string const& bad : {std::string(), std::string(51, 'k'), std::string("a b"), std::string("a\n"),
                                   std::string("\xc3\xa9"), std::string("a\x7f"), std::string("a\0b", 3)})
    {
        auto const valid = tidings::detail::check_key(idempotency_key(bad));
        BOOST_TEST_REQUIRE(valid.has_error());
        BOOST_TEST((valid.error() == tidings::errc::invalid_argument));
    }
}

BOOST_AUTO_TEST_CASE(a_derived_key_is_the_same_on_every_machine_and_in_every_version)
{
    tidings::detail::key_derivation const keys(tidings::idempotency_key("order-42"));
    // printf 'order-42\nopen_id:ou_1' | sha256sum
    BOOST_TEST(keys({"open_id:ou_1"}).view() == "860082a8f50d4f38c3033c560e000880");
    BOOST_TEST(keys({"open_id", ":", "ou_1"}).view() == keys({"open_id:ou_1"}).view());
    BOOST_TEST(keys({"open_id:ou_2"}).view() != keys({"open_id:ou_1"}).view());
}

BOOST_AUTO_TEST_SUITE_END()
