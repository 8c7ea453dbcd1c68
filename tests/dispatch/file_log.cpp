// What a file remembers of messages: across runs, across programs, and after a program was killed.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/file_log.hpp>

#include "world.hpp"

#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

BOOST_AUTO_TEST_SUITE(files_of_deliveries)

using namespace dispatch_test;
using sql = sub::sql_task::node;

namespace {

sub::file_log opened(std::string const& path)
{
    auto log = sub::file_log::open(path);
    BOOST_TEST_REQUIRE(log.has_value(), log.error().message());
    return *std::move(log);
}

std::string text_of(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

asio::awaitable<bool> begins(sub::file_log& log, sub::delivery_id const& id, sub::attempt::kind expected)
{
    auto const begun = co_await log.begin(id);
    co_return begun.has_value() && *begun == expected;
}

using kind = sub::attempt::kind;

constexpr std::string_view approvals = R"({"type":"sql_task","node":"to_be_approved","personal_channels":["lark"]})";

} // namespace

BOOST_AUTO_TEST_CASE(another_run_sends_only_what_failed)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        {
            basic_office<sub::file_log> o(ex, approvals, everybody, {}, opened(path));
            o.lark.becomes(fails_with(td::errc::bad_credentials));
            auto const first = co_await o.send.dispatch(event_at<sql::to_be_approved>());
            TIDINGS_TEST_LINES(*first, "bob inbox delivered", "bob personal:lark failed");
        }
        {
            basic_office<sub::file_log> o(ex, approvals, everybody, {}, opened(path));
            auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
            TIDINGS_TEST_LINES(*second, "bob inbox already", "bob personal:lark delivered");
        }
        basic_office<sub::file_log> o(ex, approvals, everybody, {}, opened(path));
        auto const third = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*third, "bob inbox already", "bob personal:lark already");
    });
    struct stat is;
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &is) == 0);
    BOOST_TEST((is.st_mode & 0777u) == 0600u);
}

BOOST_AUTO_TEST_CASE(held_messages_are_released_by_another_run)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    auto const now = std::make_shared<std::chrono::sys_seconds>();
    sub::dispatch_options how;
    how.now = [now] { return *now; };
    constexpr std::string_view sleeper = R"({"login_name":"ada","quiet_hours":{"from":"22:00","to":"07:00"}})";
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        {
            basic_office<sub::file_log> o(ex, {}, sleeper, how, opened(path));
            auto what = event_at<sql::approved>();
            what.subject = "\"quoted\"\\ \u2028 and 中文";
            auto const held = co_await o.send.dispatch(std::move(what));
            TIDINGS_TEST_LINES(*held, "ada inbox held");
        }
        *now += std::chrono::hours(7);
        basic_office<sub::file_log> o(ex, {}, sleeper, how, opened(path));
        auto const released = co_await o.send.release();
        TIDINGS_TEST_LINES(*released, "ada inbox delivered");
        BOOST_TEST(o.inbox.delivered().front().message.facts().front().value().str().find("中文") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(two_programs_with_one_file_send_a_message_once)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    auto one = opened(path);
    auto other = opened(path);
    sub::delivery_id const id("e-1", "ada", "inbox");
    test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
        bool good = co_await begins(one, id, kind::first);
        BOOST_TEST(good);
        good = co_await begins(other, id, kind::done);
        BOOST_TEST(good);
        auto ended = co_await one.end(id, delivery_status::failed);
        BOOST_TEST(ended.has_value());
        good = co_await begins(other, id, kind::first);
        BOOST_TEST(good);
        ended = co_await other.end(id, delivery_status::delivered);
        BOOST_TEST(ended.has_value());
        good = co_await begins(one, id, kind::done);
        BOOST_TEST(good);
    });
}

BOOST_AUTO_TEST_CASE(what_a_killed_program_was_sending_is_interrupted)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    sub::delivery_id const id("e-1", "bob", "personal:lark");
    sub::delivery_id const other("e-1", "bob", "inbox");
    auto survivor = opened(path);
    auto const child = ::fork();
    if (child == 0)
    {
        auto log = sub::file_log::open(path);
        asio::io_context io;
        asio::co_spawn(
            io,
            [&]() -> asio::awaitable<void> {
                auto begun = co_await log->begin(id);
                begun = co_await log->begin(other);
                boost::ignore_unused(begun);
            },
            [](std::exception_ptr) {});
        io.run();
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const begun = co_await survivor.begin(id);
        BOOST_TEST_REQUIRE(begun.has_value());
        BOOST_TEST((*begun == kind::interrupted));
        auto const ended = co_await survivor.end(id, delivery_status::failed);
        BOOST_TEST(ended.has_value());
        // The inbox finds an entry that is there already; without that, nobody may say what became of it.
        basic_office<sub::file_log> o(ex, approvals, everybody, {}, opened(path));
        auto const first = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*first, "bob inbox unknown", "bob personal:lark delivered");
        BOOST_TEST(o.inbox.delivered().empty());
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*second, "bob inbox already", "bob personal:lark already");
    });
}

BOOST_AUTO_TEST_CASE(an_interrupted_message_is_sent_again_where_that_is_safe)
{
    test::temporary_directory folder;
    for (bool const is_late : {false, true})
    {
        auto const path = folder.path() + (is_late ? "/late" : "/soon");
        auto const begun = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        std::ofstream(path) << "{\"deliveries\":1}\n"
                            << R"({"event":"e-1","person":"bob","route":"inbox","status":"running","run":1,"time":)"
                            << begun.time_since_epoch().count() << "}\n";
        test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            sub::dispatch_options how;
            how.now = [=] { return begun + (is_late ? std::chrono::seconds(61) : std::chrono::seconds(60)); };
            basic_office<sub::file_log> o(ex, {}, everybody, how, opened(path));
            o.inbox.repeats_safely_for(std::chrono::seconds(60));
            auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
            TIDINGS_TEST_LINES(*report, is_late ? "bob inbox unknown" : "bob inbox delivered");
            if (!is_late)
                BOOST_TEST(o.inbox.delivered().front().was_interrupted);
        });
    }
}

BOOST_AUTO_TEST_CASE(half_a_line_at_the_end_has_had_no_effect)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    sub::delivery_id const id("e-1", "ada", "inbox");
    test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
        {
            auto log = opened(path);
            bool const good = co_await begins(log, id, kind::first);
            BOOST_TEST(good);
            auto const ended = co_await log.end(id, delivery_status::failed);
            BOOST_TEST(ended.has_value());
        }
        auto const whole = text_of(path);
        for (std::size_t size = 0; size <= whole.size(); ++size)
        {
            std::filesystem::resize_file(path, 0);
            std::ofstream(path, std::ios::binary) << whole.substr(0, size);
            auto log = opened(path);
            sub::delivery_id const next("e-2", "ada", "inbox");
            bool const good = co_await begins(log, next, kind::first);
            BOOST_TEST(good);
            auto again = opened(path); // every line can be read
        }
    });
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_refused_and_stays_as_it_is)
{
    test::temporary_directory folder;
    for (std::string const content :
         {"{\"version\":1}\n", "hello", "{\"deliveries\":1}\nhello\n",
          "{\"deliveries\":1}\n{\"event\":\"e\",\"person\":\"p\",\"route\":\"r\"}\n", "{\"deliveries\":2}\n", "\n"})
    {
        auto const path = folder.write("state", content);
        auto const log = sub::file_log::open(path);
        BOOST_TEST_REQUIRE(!log.has_value(), content);
        BOOST_TEST((log.error() == td::errc::invalid_argument));
        BOOST_TEST(log.error().message().find("state") != std::string::npos);
        BOOST_TEST(text_of(path) == content);
    }
    auto const missing = sub::file_log::open(folder.path() + "/no/such/folder");
    BOOST_TEST(!missing.has_value());
    auto const directory = sub::file_log::open(folder.path());
    BOOST_TEST(!directory.has_value());
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_be_remembered_because_the_disk_is_full_is_not_sent)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    auto const child = ::fork();
    if (child == 0)
    {
        int code = 1;
        ::signal(SIGXFSZ, SIG_IGN);
        auto log = sub::file_log::open(path);
        rlimit limit{40, 40};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        asio::io_context io;
        asio::co_spawn(
            io,
            [&]() -> asio::awaitable<void> {
                sub::delivery_id const id("e-1", "ada", "inbox");
                auto const first = co_await log->begin(id);
                auto const second = co_await log->begin(id);
                code = !first && !second && text_of(path) == "{\"deliveries\":1}\n" ? 0 : 2;
            },
            [](std::exception_ptr) {});
        io.run();
        ::_exit(code);
    }
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
