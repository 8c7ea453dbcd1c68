// Signatures of messages to group bots.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk/sign.hpp>
#include <tidings/provider/lark/sign.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace sign_test {

namespace {

using tidings::secret;

std::string lark(std::int64_t at, char const* key)
{
    return tidings::providers::lark::webhook_signature(std::chrono::sys_seconds(std::chrono::seconds(at)), secret(key))
        .value();
}

std::chrono::sys_time<std::chrono::milliseconds> ms(std::int64_t at)
{
    return std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at));
}

} // namespace

BOOST_AUTO_TEST_SUITE(webhook_signatures)

BOOST_AUTO_TEST_CASE(larks_is_the_published_one)
{
    BOOST_TEST(lark(1661860880, "xxx") == "QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU=");
    BOOST_TEST(lark(100, "demo") == "jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=");
    BOOST_TEST(lark(1599360473, "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
    BOOST_TEST(lark(1599360473, "") == "bTgbk2pXnbLSbeiYuPU4Xb5u0Ucy6Ht2YrCPIEpaI58=");
}

BOOST_AUTO_TEST_CASE(dingtalks_is_the_published_one)
{
    using tidings::providers::dingtalk::webhook_signature;
    BOOST_TEST(webhook_signature(ms(1700000000000), secret("SECtest")).value() ==
               "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=");
    BOOST_TEST(webhook_signature(ms(1577262236757), secret("this is secret")).value() ==
               "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=");
    BOOST_TEST(webhook_signature(ms(1583333333333),
                                 secret("SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
                   .value() == "pPOmIu+3qZWOkHlsutDqmPiX+R5ZS/UewO38DrxiWtY=");
}

BOOST_AUTO_TEST_CASE(in_dingtalks_address_it_is_encoded_once)
{
    using tidings::providers::dingtalk::webhook_signature_query;
    BOOST_TEST(webhook_signature_query(ms(1577262236757), secret("this is secret")).value() ==
               "timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D");
    BOOST_TEST(webhook_signature_query(ms(1583333333333),
                                       secret("SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
                   .value() == "timestamp=1583333333333&sign=pPOmIu%2B3qZWOkHlsutDqmPiX%2BR5ZS%2FUewO38DrxiWtY%3D");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sign_test
