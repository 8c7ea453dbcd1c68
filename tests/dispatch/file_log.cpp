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
    auto const begun = co_await log.begin(id, id.key());
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
                auto begun = co_await log->begin(id, id.key());
                begun = co_await log->begin(other, other.key());
                boost::ignore_unused(begun);
            },
            [](std::exception_ptr) {});
        io.run();
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const begun = co_await survivor.begin(id, id.key());
        BOOST_TEST_REQUIRE(begun.has_value());
        BOOST_TEST((*begun == kind::interrupted));
        auto const ended = co_await survivor.end(id, delivery_status::failed);
        BOOST_TEST(ended.has_value());
        // The inbox finds an entry that is there already; without that, nobody may say what became of it.
        basic_office<sub::file_log> o(ex, approvals, everybody, {}, opened(path));
        o.lark.repeats_safely_for(std::chrono::seconds(60));
        auto const first = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*first, "bob inbox unknown", "bob personal:lark delivered");
        BOOST_TEST(o.inbox.delivered().empty());
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*second, "bob inbox already", "bob personal:lark already");
    });
}

namespace {

/// A file in which the message of `e-1` to bob's inbox was interrupted.
void write_interrupted(std::string const& path, std::chrono::sys_seconds begun)
{
    std::ofstream(path) << "{\"deliveries\":1}\n"
                        << R"({"event":"e-1","person":"bob","route":"inbox","status":"running","run":1,"time":)"
                        << begun.time_since_epoch().count() << ",\"key\":\""
                        << sub::delivery_id("e-1", "bob", "inbox").key().view() << "\"}\n";
}

} // namespace

BOOST_AUTO_TEST_CASE(an_interrupted_message_is_sent_again_where_that_is_safe)
{
    test::temporary_directory folder;
    for (bool const is_late : {false, true})
    {
        auto const path = folder.path() + (is_late ? "/late" : "/soon");
        auto const begun = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        write_interrupted(path, begun);
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

BOOST_AUTO_TEST_CASE(an_interrupted_message_that_fails_when_it_is_sent_again_may_have_arrived_still)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    std::chrono::sys_seconds const begun(std::chrono::hours(1));
    write_interrupted(path, begun);
    auto const now = std::make_shared<std::chrono::sys_seconds>(begun);
    sub::dispatch_options how;
    how.now = [now] { return *now; };
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (auto const minutes : {20, 25})
        {
            *now = begun + std::chrono::minutes(minutes);
            basic_office<sub::file_log> o(ex, {}, everybody, how, opened(path));
            o.inbox.repeats_safely_for(std::chrono::minutes(30));
            o.inbox.becomes([](sub::notification const& n) -> td::result<void> {
                BOOST_TEST(n.was_interrupted);
                return td::failure(td::errc::connect_failed);
            });
            for (int i = 0; i != 2; ++i)
            {
                auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
                TIDINGS_TEST_LINES(*report, "bob inbox failed");
            }
        }
        *now = begun + std::chrono::minutes(31);
        basic_office<sub::file_log> o(ex, {}, everybody, how, opened(path));
        o.inbox.repeats_safely_for(std::chrono::minutes(30));
        auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*report, "bob inbox unknown");
        BOOST_TEST(o.inbox.delivered().empty());
    });
}

BOOST_AUTO_TEST_CASE(an_interrupted_message_is_not_sent_again_if_the_clock_was_put_back)
{
    test::temporary_directory folder;
    std::chrono::sys_seconds const begun(std::chrono::hours(1));
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (auto const limit : {std::chrono::seconds(-1), std::chrono::seconds(60), std::chrono::seconds::max()})
        {
            auto const path = folder.path() + '/' + std::to_string(limit.count());
            write_interrupted(path, begun);
            sub::dispatch_options how;
            how.now = [begun] { return begun - std::chrono::seconds(100); };
            basic_office<sub::file_log> o(ex, {}, everybody, how, opened(path));
            o.inbox.repeats_safely_for(limit);
            auto const report = co_await o.send.dispatch(event_at<sql::to_be_approved>());
            // An inbox that finds every entry again needs no clock.
            TIDINGS_TEST_LINES(*report,
                               limit == std::chrono::seconds::max() ? "bob inbox delivered" : "bob inbox unknown");
        }
    });
}

BOOST_AUTO_TEST_CASE(a_clock_that_fails_when_a_message_has_begun_fails_that_message_which_is_sent_later)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    std::chrono::sys_seconds const begun(std::chrono::hours(1));
    write_interrupted(path, begun);
    auto const calls = std::make_shared<int>(0);
    sub::dispatch_options how;
    how.now = [calls, begun] {
        if (++*calls == 2)
            throw std::runtime_error("no clock");
        return begun;
    };
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        basic_office<sub::file_log> o(ex, {}, everybody, how, opened(path));
        o.inbox.repeats_safely_for(std::chrono::seconds(60));
        auto const first = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*first, "bob inbox failed");
        BOOST_TEST(first->outcomes.front().why->message().find("no clock") != std::string::npos);
        auto const second = co_await o.send.dispatch(event_at<sql::to_be_approved>());
        TIDINGS_TEST_LINES(*second, "bob inbox delivered");
    });
}

namespace {

constexpr std::string_view digest_reader = R"({"login_name":"dan","digest":["17:00"]})";

std::string events_of(sub::notification const& n)
{
    std::string out;
    for (auto const& id : n.events)
        out += id + ' ';
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(another_run_releases_a_digest_in_the_order_in_which_its_events_were_held)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    sub::dispatch_options how;
    auto const now = std::make_shared<std::chrono::sys_seconds>(std::chrono::hours(16));
    how.now = [now] { return *now; };
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (auto const* const id : {"e-9", "e-10", "e-8"})
        {
            basic_office<sub::file_log> o(ex, {}, digest_reader, how, opened(path));
            auto what = event_at<sql::executed>(id);
            what.submitter.clear();
            auto const held = co_await o.send.dispatch(std::move(what));
            TIDINGS_TEST_LINES(*held, "dan inbox held");
        }
        *now += std::chrono::hours(1);
        basic_office<sub::file_log> o(ex, {}, digest_reader, how, opened(path));
        auto const released = co_await o.send.release();
        TIDINGS_TEST_LINES(*released, "dan inbox delivered", "dan inbox delivered", "dan inbox delivered");
        BOOST_TEST(events_of(o.inbox.delivered().at(0)) == "e-9 e-10 e-8 ");
    });
}

BOOST_AUTO_TEST_CASE(a_digest_that_was_interrupted_is_sent_again_as_it_was_or_not_at_all)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    auto const killed = folder.path() + "/killed";
    auto const now = std::make_shared<std::chrono::sys_seconds>(std::chrono::hours(16));
    sub::dispatch_options how;
    how.now = [now] { return *now; };
    auto const ids = {"e-1", "e-2", "e-3"};
    std::string key;
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        {
            basic_office<sub::file_log> o(ex, {}, digest_reader, how, opened(path));
            for (auto const* const id : ids)
            {
                auto what = event_at<sql::executed>(id);
                what.submitter.clear();
                auto const held = co_await o.send.dispatch(std::move(what));
                TIDINGS_TEST_LINES(*held, "dan inbox held");
            }
            *now += std::chrono::hours(1);
            o.inbox.becomes([&](sub::notification const& n) -> td::result<void> {
                key = n.key.view();
                std::filesystem::copy_file(path, killed); // what a program leaves that is killed now
                return {};
            });
            auto const released = co_await o.send.release();
            TIDINGS_TEST_LINES(*released, "dan inbox delivered", "dan inbox delivered", "dan inbox delivered");
        }
        auto const partly = folder.path() + "/partly";
        std::filesystem::copy_file(killed, partly);
        {
            // Another event has come since: it must not change the message that may have arrived.
            *now -= std::chrono::hours(1);
            basic_office<sub::file_log> o(ex, {}, digest_reader, how, opened(killed));
            o.inbox.repeats_safely_for(std::chrono::seconds::max());
            auto what = event_at<sql::executed>("e-0");
            what.submitter.clear();
            auto const held = co_await o.send.dispatch(std::move(what));
            TIDINGS_TEST_LINES(*held, "dan inbox held");
            *now += std::chrono::hours(1);
            auto const released = co_await o.send.release();
            BOOST_TEST(released->outcomes.size() == 4u);
            BOOST_TEST_REQUIRE(o.inbox.delivered().size() == 2u);
            BOOST_TEST(events_of(o.inbox.delivered()[0]) == "e-1 e-2 e-3 ");
            BOOST_TEST(o.inbox.delivered()[0].was_interrupted);
            BOOST_TEST(o.inbox.delivered()[0].key.view() == key);
            BOOST_TEST(events_of(o.inbox.delivered()[1]) == "e-0 ");
            BOOST_TEST(!o.inbox.delivered()[1].was_interrupted);
        }
        // Killed a little later, when the digest was delivered and the first of its events was remembered.
        std::ofstream(partly, std::ios::app)
            << R"({"event":"e-1","person":"dan","route":"inbox","status":"delivered"})" << '\n';
        basic_office<sub::file_log> o(ex, {}, digest_reader, how, opened(partly));
        o.inbox.repeats_safely_for(std::chrono::seconds::max());
        auto const released = co_await o.send.release();
        TIDINGS_TEST_LINES(*released, "dan inbox unknown", "dan inbox unknown");
        BOOST_TEST(o.inbox.delivered().empty());
    });
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
    auto const huge = folder.write("huge", "x");
    std::filesystem::resize_file(huge, std::uintmax_t{1} << 42); // more than the memory of any machine; has no blocks
    auto const no_log = sub::file_log::open(huge);
    BOOST_TEST_REQUIRE(!no_log.has_value());
    BOOST_TEST((no_log.error() == td::errc::invalid_argument));
    auto const missing = sub::file_log::open(folder.path() + "/no/such/folder");
    BOOST_TEST(!missing.has_value());
    auto const directory = sub::file_log::open(folder.path());
    BOOST_TEST(!directory.has_value());
}

BOOST_AUTO_TEST_CASE(lines_are_read_also_across_the_borders_of_blocks)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    constexpr int messages = 30'000; // 6 MB
    {
        std::ofstream out(path);
        out << "{\"deliveries\":1}\n";
        for (int i = 0; i != messages; ++i)
            out << R"({"event":"event-number-)" << i
                << R"(","person":"ada","route":"inbox","status":"running","run":1,)"
                << R"("time":1796041812,"key":"4f6afc214c0c88dfd78a33022f829199"})" << '\n'
                << R"({"event":"event-number-)" << i << R"(","person":"ada","route":"inbox","status":"delivered"})"
                << '\n';
        // And one line that is longer than a block.
        out << R"({"event":"long","document":")" << std::string(3 << 20, 'x') << "\"}\n";
    }
    test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto log = opened(path);
        bool all_known = true;
        for (int i = 0; i != messages; ++i)
        {
            sub::delivery_id const id("event-number-" + std::to_string(i), "ada", "inbox");
            bool const known = co_await begins(log, id, kind::done);
            all_known = all_known && known;
        }
        BOOST_TEST(all_known);
    });
}

BOOST_AUTO_TEST_CASE(a_line_of_another_program_that_cannot_be_read_is_named_each_time)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    sub::delivery_id const id("e-1", "ada", "inbox");
    test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto log = opened(path);
        std::ofstream(path, std::ios::app) << "hello\n";
        for (int i = 0; i != 2; ++i)
        {
            auto const begun = co_await log.begin(id, id.key());
            BOOST_TEST_REQUIRE(!begun.has_value());
            BOOST_TEST(begun.error().message().ends_with("line 2"));
        }
    });
}

BOOST_AUTO_TEST_CASE(a_child_does_not_send_by_the_file_that_its_parent_has_opened)
{
    test::temporary_directory folder;
    auto log = opened(folder.path() + "/state");
    auto const child = ::fork();
    if (child == 0)
    {
        int code = 1;
        asio::io_context io;
        asio::co_spawn(
            io,
            [&]() -> asio::awaitable<void> {
                sub::delivery_id const id("e-1", "ada", "inbox");
                auto const begun = co_await log.begin(id, id.key());
                code = !begun && begun.error().message().find("fork") != std::string::npos ? 0 : 2;
            },
            [](std::exception_ptr) {});
        io.run();
        ::_exit(code);
    }
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_removed_or_replaced_while_it_is_open_is_refused_from_then_on)
{
    test::temporary_directory folder;
    sub::delivery_id const id("e-1", "ada", "inbox");
    test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
        for (bool const is_replaced : {false, true})
        {
            auto const path = folder.path() + "/state";
            auto log = opened(path);
            if (is_replaced)
                std::filesystem::rename(folder.write("new", ""), path);
            else
                std::filesystem::remove(path);
            auto const begun = co_await log.begin(id, id.key());
            BOOST_TEST_REQUIRE(!begun.has_value());
            BOOST_TEST(begun.error().message().find("removed or replaced") != std::string::npos);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_utf_8_fails_its_message_and_leaves_the_file_as_it_is)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto everyone = people_of(everybody);
        sub::person odd("caf\xe9");
        odd.roles = {"approver"};
        everyone.add(odd);
        odd.login_name = "na\xefve";
        odd.quiet = sub::quiet_hours();
        everyone.add(odd);
        sub::dispatcher<sub::people_directory, sub::file_log> send(ex, rules_of(""), everyone, opened(path));
        scripted_route inbox;
        send.set_route("inbox", inbox);
        auto what = event_at<sql::withdrawn>();
        what.approvers.clear();
        auto const report = co_await send.dispatch(std::move(what));
        TIDINGS_TEST_LINES(*report, "bob inbox delivered", "caf\xe9 inbox failed", "cai inbox delivered",
                           "na\xefve inbox failed");
    });
    auto const again = sub::file_log::open(path);
    BOOST_TEST(again.has_value());
}

BOOST_AUTO_TEST_CASE(a_held_message_whose_event_was_corrected_is_that_of_the_corrected_event_also_in_another_run)
{
    test::temporary_directory folder;
    auto const path = folder.path() + "/state";
    auto const now = std::make_shared<std::chrono::sys_seconds>();
    sub::dispatch_options how;
    how.now = [now] { return *now; };
    constexpr std::string_view sleepers = R"({"login_name":"ada","quiet_hours":{"from":"22:00","to":"07:00"}}
{"login_name":"dan","quiet_hours":{"from":"22:00","to":"07:00"}})";
    test::run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        {
            basic_office<sub::file_log> o(ex, {}, sleepers, how, opened(path));
            for (auto const* const subject : {"wrong", "right"})
            {
                auto what = event_at<sql::executed>();
                what.subject = subject;
                auto const held = co_await o.send.dispatch(std::move(what));
                TIDINGS_TEST_LINES(*held, "ada inbox held", "dan inbox held");
            }
        }
        *now += std::chrono::hours(7);
        basic_office<sub::file_log> o(ex, {}, sleepers, how, opened(path));
        auto const released = co_await o.send.release();
        TIDINGS_TEST_LINES(*released, "ada inbox delivered", "dan inbox delivered");
        for (auto const& n : o.inbox.delivered())
            BOOST_TEST(n.message.title().str("en").find("right") != std::string::npos);
    });
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
                auto const first = co_await log->begin(id, id.key());
                auto const second = co_await log->begin(id, id.key());
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
