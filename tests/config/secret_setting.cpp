// Secrets in settings, and references to them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/secret_setting.hpp>

#include "support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(secret_settings)

namespace {

namespace td = tidings;
using td::config::secret_setting;

char* no_variables(char const*)
{
    return nullptr;
}

char* some_variables(char const* name)
{
    static char value[] = "s3cret";
    static char empty[] = "";
    return std::string_view(name) == "APP_SECRET" ? value : std::string_view(name) == "EMPTY" ? empty : nullptr;
}

std::string refusal(secret_setting const& setting, char* (*variable)(char const*) = no_variables)
{
    auto const out = setting.resolve(variable);
    BOOST_TEST_REQUIRE(out.has_error());
    BOOST_TEST((out.error() == td::errc::invalid_argument));
    return out.error().message();
}

bool mentions(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_secret_is_itself_and_a_reference_is_kept_as_it_was_written)
{
    auto const literal = secret_setting::parse("s3cret");
    BOOST_TEST(literal.reference().empty());
    BOOST_TEST(literal.literal().reveal() == "s3cret");
    BOOST_TEST(literal.resolve(no_variables)->reveal() == "s3cret");

    auto const variable = secret_setting::parse("env:APP_SECRET");
    BOOST_TEST(variable.reference() == "env:APP_SECRET");
    BOOST_TEST(variable.literal().empty());
    BOOST_TEST(variable.resolve(some_variables)->reveal() == "s3cret");
    BOOST_TEST(!variable.empty());
    BOOST_TEST(secret_setting().empty());
    BOOST_TEST(secret_setting().resolve(no_variables)->empty());
}

BOOST_AUTO_TEST_CASE(a_variable_that_is_not_set_or_is_empty_is_named)
{
    BOOST_TEST(mentions(refusal(secret_setting::parse("env:MISSING")), "\"MISSING\" is not set"));
    BOOST_TEST(mentions(refusal(secret_setting::parse("env:EMPTY"), some_variables), "\"EMPTY\" is not set"));
    BOOST_TEST(mentions(refusal(secret_setting::parse("env:")), "needs the name of an environment variable"));
}

BOOST_AUTO_TEST_CASE(a_reference_without_a_valid_name_is_refused_and_not_repeated)
{
    using namespace std::string_view_literals;
    // Each would lead to APP_SECRET if the rest of it were not looked at.
    for (auto const text : {"env:APP_SECRET\0x"sv, "env: APP_SECRET"sv, "env:APP_SECRET "sv, "env:APP-SECRET"sv,
                            "env:1APP_SECRET"sv, "env:APP_SECRET\n"sv})
    {
        auto const why = refusal(secret_setting::parse(text), some_variables);
        BOOST_TEST(mentions(why, "needs the name of an environment variable"));
        BOOST_TEST(!mentions(why, "APP"));
    }
    test::temporary_directory const directory;
    auto const path = directory.write("secret", "s3cret");
    BOOST_TEST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
    BOOST_TEST(mentions(refusal(secret_setting::parse("file:" + path + std::string("\0x", 2))), "needs a path"));
}

BOOST_AUTO_TEST_CASE(a_file_is_read_without_the_line_break_at_its_end)
{
    test::temporary_directory const directory;
    auto const path = directory.write("secret", "s3cret\r\n");
    BOOST_TEST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
    BOOST_TEST(secret_setting::parse("file:" + path).resolve()->reveal() == "s3cret");
    BOOST_TEST(secret_setting::parse("file:secret", directory.path()).resolve()->reveal() == "s3cret");
    BOOST_TEST_REQUIRE(::chmod(path.c_str(), 0400) == 0);
    BOOST_TEST(secret_setting::parse("file:" + path).resolve().has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_other_users_can_read_or_change_is_refused)
{
    test::temporary_directory const directory;
    auto const path = directory.write("secret", "s3cret");
    for (::mode_t const mode : {0644u, 0604u, 0640u, 0620u, 0602u, 0666u})
    {
        // Root's own process is the group of nobody else's file.
        BOOST_TEST_REQUIRE(::chmod(path.c_str(), mode) == 0);
        auto const why = refusal(secret_setting::parse("file:" + path));
        BOOST_TEST(mentions(why, "is open to other users; chmod 600 it"), mode << ": " << why);
        BOOST_TEST(!mentions(why, "s3cret"));
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_missing_or_empty_or_is_no_single_line_is_refused)
{
    test::temporary_directory const directory;
    BOOST_TEST(mentions(refusal(secret_setting::parse("file:" + directory.path() + "/none")), "cannot be opened"));
    BOOST_TEST(mentions(refusal(secret_setting::parse("file:" + directory.path())), "is not a regular file"));
    BOOST_TEST(mentions(refusal(secret_setting::parse("file:")), "needs a path"));
    auto const refused = [&directory](std::string_view content) {
        auto const path = directory.write("odd", content);
        BOOST_TEST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
        return refusal(secret_setting::parse("file:" + path));
    };
    BOOST_TEST(mentions(refused(""), "is empty"));
    BOOST_TEST(mentions(refused("\n\n"), "is empty"));
    BOOST_TEST(mentions(refused("one\ntwo"), "more than one line"));
    BOOST_TEST(mentions(refused(std::string("a\0b", 3)), "zero byte"));
    BOOST_TEST(mentions(refused(std::string(70'000, 'x')), "has more than 65536 bytes"));
}

BOOST_AUTO_TEST_CASE(a_pipe_is_refused_at_once)
{
    test::temporary_directory const directory;
    auto const path = directory.path() + "/pipe";
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    BOOST_TEST(mentions(refusal(secret_setting::parse("file:" + path)), "is not a regular file"));
}

BOOST_AUTO_TEST_SUITE_END()
