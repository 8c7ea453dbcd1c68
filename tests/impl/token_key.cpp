// The names under which tokens are cached.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/impl/token_key.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>

namespace token_key_test {

namespace {

std::string key(std::string_view platform, std::string_view url, std::string_view app, std::string_view app_secret)
{
    auto const where = tidings::transport::endpoint::parse(url);
    BOOST_REQUIRE(where.has_value());
    return tidings::detail::token_key(platform, *where, app, tidings::secret(app_secret));
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_keys)

BOOST_AUTO_TEST_CASE(the_same_parts_make_the_same_key)
{
    BOOST_TEST(key("lark", "https://h/p", "cli_1", "s3cr3t") == key("lark", "https://h/p/", "cli_1", "s3cr3t"));
}

BOOST_AUTO_TEST_CASE(each_part_makes_another_key)
{
    std::set<std::string> seen;
    for (auto const& one :
         {key("lark", "https://h", "cli_1", "s3cr3t"), key("feishu", "https://h", "cli_1", "s3cr3t"),
          key("lark", "http://h", "cli_1", "s3cr3t"), key("lark", "https://g", "cli_1", "s3cr3t"),
          key("lark", "https://h:8443", "cli_1", "s3cr3t"), key("lark", "https://h/p", "cli_1", "s3cr3t"),
          key("lark", "https://h", "cli_2", "s3cr3t"), key("lark", "https://h", "cli_1", "s3cr3T"),
          key("lark", "https://h", "cli_1", ""), key("lark", "https://h", "", "s3cr3t")})
        BOOST_TEST(seen.insert(one).second, one);
}

BOOST_AUTO_TEST_CASE(a_key_shows_a_hash_and_not_the_secret)
{
    auto const made = key("lark", "https://h:8443/p", "cli_1", "s3cr3t");
    BOOST_TEST(made.find("s3cr3t") == made.npos);
    // printf s3cr3t | sha256sum
    BOOST_TEST(made == "lark|https://h:8443/p|cli_1|4e738ca5563c06cfd0018299933d58db1dd8bf97f6973dc99bf6cdc64b5550bd");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace token_key_test
