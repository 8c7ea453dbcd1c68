// Tests of what the tables of codes of all platforms share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/detail/codes.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>

namespace code_table_test {

namespace {

using row = tidings::detail::code_row<std::int64_t>;
using tidings::errc;

constexpr std::array table{row{-1, errc::server_error}, row{7, errc::rate_limited, nullptr, 60},
                           row{9, errc::permission_missing, nullptr, "im:message"}};
constexpr std::array unordered{row{9, errc::server_error}, row{7, errc::server_error}};

} // namespace

BOOST_AUTO_TEST_SUITE(code_tables)

BOOST_AUTO_TEST_CASE(a_code_is_found_in_a_table_that_ascends)
{
    BOOST_TEST(tidings::detail::is_ascending(table));
    BOOST_TEST(!tidings::detail::is_ascending(unordered));
    for (auto const& r : table)
        BOOST_TEST(tidings::detail::find_code(table, r.code) == &r);
    for (std::int64_t const unknown : {-2, 0, 8, 10})
        BOOST_TEST(!tidings::detail::find_code(table, unknown));
}

BOOST_AUTO_TEST_CASE(a_row_has_a_wait_or_scopes_or_neither)
{
    BOOST_TEST(table[0].wait == 0);
    BOOST_TEST(table[0].scopes == "");
    BOOST_TEST(table[1].wait == 60);
    BOOST_TEST(table[2].wait == 0);
    BOOST_TEST(table[2].scopes == "im:message");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace code_table_test
