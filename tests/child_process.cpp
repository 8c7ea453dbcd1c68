// The helper that runs other programs: it reports truthfully and leaves nothing behind.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <string>
#include <vector>

namespace child_process_test {

namespace {

using namespace std::chrono_literals;
using test::child_process;

std::vector<std::string> shell(std::string script)
{
    return {"sh", "-c", std::move(script)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(child_processes)

BOOST_AUTO_TEST_CASE(what_a_program_prints_and_how_it_ends_is_known)
{
    test::temporary_directory const files;
    child_process child(shell("echo out; echo err >&2; exit 3"), files.path() + "/log");
    BOOST_TEST((child.wait(10s) == 3));
    BOOST_TEST(!child.running());
    BOOST_TEST(child.stop() == 3);
    BOOST_TEST(files.read("log") == "out\nerr\n");
}

BOOST_AUTO_TEST_CASE(a_program_that_there_is_not_is_named)
{
    auto const named = [](std::system_error const& e) {
        return e.code() == std::errc::no_such_file_or_directory &&
               std::string(e.what()).find("cannot run no-such-program") == 0;
    };
    BOOST_CHECK_EXCEPTION(child_process({"no-such-program"}), std::system_error, named);
}

BOOST_AUTO_TEST_CASE(one_that_goes_on_is_asked_to_end)
{
    child_process child({"sleep", "1000"});
    BOOST_TEST(child.running());
    BOOST_TEST(!child.wait(1ms));
    BOOST_TEST(child.stop() == -SIGTERM);
    BOOST_TEST(!child.running());
}

BOOST_AUTO_TEST_CASE(none_outlives_its_object)
{
    pid_t pid = 0;
    {
        child_process const child({"sleep", "1000"});
        pid = child.pid();
        BOOST_TEST(::kill(pid, 0) == 0);
    }
    BOOST_TEST(::kill(pid, 0) == -1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace child_process_test
