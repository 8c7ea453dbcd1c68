// Access tokens in files: shared by processes, seen by nobody else, and never believed for longer than they live.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/token_cache/file.hpp>

#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <ostream>
#include <set>
#include <thread>

namespace file_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using td::detail::kept_token;
using td::detail::token_file;
using test::run;

std::string const key = "lark|https://h|cli_1|4e738ca5563c06cfd0018299933d58db1dd8bf97f6973dc99bf6cdc64b5550bd";

std::string slurp(fs::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

void spill(fs::path const& path, std::string_view text)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
}

unsigned mode(fs::path const& path)
{
    struct stat is = {};
    BOOST_TEST_REQUIRE(::lstat(path.c_str(), &is) == 0);
    return is.st_mode & 07777u;
}

kept_token::time_point seconds_since_1970(long n)
{
    return kept_token::time_point(std::chrono::seconds(n));
}

// A directory of its own for each test, and a platform that hands out "t-1", "t-2" and so on.
struct fixture
{
    fixture()
    {
        auto name = (fs::temp_directory_path() / "tidings-token-cache-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        root = name;
        directory = root / "tokens";
    }
    ~fixture()
    {
        std::error_code ignored;
        fs::permissions(directory, fs::perms::owner_all, ignored);
        fs::remove_all(root, ignored);
    }

    fs::path only(std::string_view ending) const
    {
        fs::path found;
        for (auto const& f : fs::directory_iterator(directory))
            if (f.path().extension() == ending)
            {
                BOOST_TEST(found.empty(), "more than one: " << f.path());
                found = f.path();
            }
        return found;
    }
    std::set<std::string> names() const
    {
        std::set<std::string> out;
        for (auto const& f : fs::directory_iterator(directory))
            out.insert(f.path().filename().string());
        return out;
    }

    td::token_fetch fetching(std::chrono::seconds lifetime = 2h)
    {
        return [this, lifetime]() -> asio::awaitable<td::result<td::token_ptr>> {
            ++fetched;
            auto made = std::make_shared<td::access_token const>(td::secret("t-" + std::to_string(fetched)),
                                                                 now + lifetime, td::wire::token_margins(7s, 20min));
            co_return td::token_ptr(std::move(made));
        };
    }

    // What a process gets that uses `cache`: the token, or the failure in words.
    std::string obtain(td::token_cache::file& cache, td::token_fetch fetch, steady_clock::duration timeout = 10s)
    {
        std::string out;
        run([&](asio::any_io_executor) -> asio::awaitable<void> {
            auto const entry = cache.entry_for(key);
            auto const got = co_await entry->obtain(fetch, now, steady_clock::now() + timeout);
            out = got ? std::string((*got)->value().reveal()) : got.error().message();
            failed = got ? td::failure() : got.error();
            token = got ? *got : nullptr;
        });
        return out;
    }
    // As a process does that has just started.
    std::string obtain(std::chrono::seconds lifetime = 2h)
    {
        td::token_cache::file cache(directory);
        return obtain(cache, fetching(lifetime));
    }
    // The file as it would be if it had been written `by` earlier.
    void age(std::chrono::seconds by) const
    {
        auto const at = token_file::open(directory, key).value();
        auto there = at.read().value().value();
        there.fetched -= by;
        there.expires -= by;
        auto const lock = at.try_lock().value();
        BOOST_TEST_REQUIRE(at.write(*lock, there).has_value());
    }

    fs::path root;
    fs::path directory;
    steady_clock::time_point now = steady_clock::now();
    int fetched = 0;
    td::token_ptr token;
    td::failure failed;
};

template<class Function>
auto with_files_of_at_most(rlim_t bytes, Function act)
{
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    auto const old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit const little{bytes, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &little);
    auto out = act();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    return out;
}

// What a child process exits with when nothing went wrong.
constexpr int fine = 42;

int exit_code_of(::pid_t child)
{
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_files, fixture)

BOOST_AUTO_TEST_CASE(what_one_process_fetched_the_next_one_finds)
{
    BOOST_TEST(obtain() == "t-1");
    now += 1min;
    BOOST_TEST(obtain() == "t-1");
    BOOST_TEST(fetched == 1);
    BOOST_TEST((token->margins().use == 7s));
    BOOST_TEST((token->margins().refresh == 20min));
    // It lives no longer by the clock of the second process, and hardly shorter.
    BOOST_TEST((token->expires() <= now + 2h));
    BOOST_TEST((token->expires() > now + 2h - 1min));
}

BOOST_AUTO_TEST_CASE(a_token_in_use_touches_no_file)
{
    td::token_cache::file cache(directory);
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    fs::remove_all(directory);
    spill(directory, "no directory");
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    BOOST_TEST((cache.entry_for(key)->peek(now).state == td::freshness::use));
}

BOOST_AUTO_TEST_CASE(directory_and_files_are_for_this_user_alone_whatever_the_umask)
{
    directory = root / "a" / "b" / "tokens";
    auto const before = ::umask(0);
    obtain();
    ::umask(before);
    for (auto const& path : {root / "a", root / "a" / "b", directory})
        BOOST_TEST(mode(path) == 0700u, path);
    BOOST_TEST(mode(only(".token")) == 0600u);
    BOOST_TEST(mode(only(".lock")) == 0600u);
    BOOST_TEST(names().size() == 2u);
}

BOOST_AUTO_TEST_CASE(neither_file_names_nor_files_tell_the_key)
{
    obtain();
    auto const file = only(".token");
    auto const text = slurp(file);
    for (auto const* part : {"cli_1", "4e738ca5"})
    {
        BOOST_TEST(file.string().find(part) == std::string::npos);
        BOOST_TEST(text.find(part) == std::string::npos);
    }
    // printf '%s' "$key" | sha256sum
    BOOST_TEST(file.stem() == td::detail::sha256_hex({key}).value());
}

BOOST_AUTO_TEST_CASE(each_key_has_a_file_of_its_own)
{
    td::token_cache::file cache(directory);
    run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto const fetch = fetching();
        for (auto const* name : {"a", "b", "a"})
        {
            auto const entry = cache.entry_for(name);
            auto const got = co_await entry->obtain(fetch, now, now + 10s);
            BOOST_TEST(got.has_value());
        }
    });
    BOOST_TEST(fetched == 2);
    BOOST_TEST(names().size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_have_read_is_refused_and_says_so)
{
    obtain();
    auto const file = only(".token");
    for (unsigned bad : {0644u, 0640u, 0604u, 0620u, 0601u})
    {
        BOOST_TEST_REQUIRE(::chmod(file.c_str(), bad) == 0);
        auto const outcome = obtain();
        BOOST_TEST((failed == td::errc::invalid_argument), outcome);
        BOOST_TEST(outcome.find(file.string()) != outcome.npos, outcome);
        BOOST_TEST(outcome.find("remove it") != outcome.npos, outcome);
    }
    BOOST_TEST(fetched == 1);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_something_else_is_refused)
{
    obtain();
    auto const file = only(".token");
    auto const elsewhere = root / "elsewhere";
    fs::rename(file, elsewhere);
    fs::create_symlink(elsewhere, file);
    auto outcome = obtain();
    BOOST_TEST((failed == td::errc::invalid_argument), outcome);
    fs::remove(file);
    BOOST_TEST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    outcome = obtain();
    BOOST_TEST((failed == td::errc::invalid_argument), outcome);
    BOOST_TEST(outcome.find("not a regular file") != outcome.npos, outcome);
    fs::remove(file);
    fs::create_directory(file);
    outcome = obtain();
    BOOST_TEST((failed == td::errc::invalid_argument), outcome);
    BOOST_TEST(fetched == 1);
}

BOOST_AUTO_TEST_CASE(a_directory_that_others_can_write_to_is_refused)
{
    fs::create_directory(directory);
    for (unsigned bad : {0777u, 0770u, 0702u, 01777u})
    {
        BOOST_TEST_REQUIRE(::chmod(directory.c_str(), bad) == 0);
        auto const outcome = obtain();
        BOOST_TEST((failed == td::errc::invalid_argument), outcome);
        BOOST_TEST(outcome.find("chmod 700") != outcome.npos, outcome);
    }
    BOOST_TEST(fetched == 0);
    BOOST_TEST_REQUIRE(::chmod(directory.c_str(), 0755) == 0); // reading names of files does no harm
    BOOST_TEST(obtain() == "t-1");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_a_link_is_refused_with_a_slash_behind_it_or_without)
{
    auto const real = root / "real";
    fs::create_directory(real);
    fs::create_directory_symlink(real, directory);
    auto const link = directory;
    for (auto const* const behind : {"", "/", "//"})
    {
        directory = link.string() + behind;
        auto const outcome = obtain();
        BOOST_TEST((failed == td::errc::invalid_argument), outcome);
        BOOST_TEST(outcome.find("is a link; name the directory that it leads to") != outcome.npos, outcome);
    }
    fs::remove(real); // a link to nothing is one, too
    auto const outcome = obtain();
    BOOST_TEST((failed == td::errc::invalid_argument), outcome);
    BOOST_TEST(outcome.find("is a link") != outcome.npos, outcome);
    BOOST_TEST(fetched == 0);
    BOOST_TEST(!fs::exists(real));
    // The directories above it may be links.
    fs::create_directory(real);
    directory = link / "tokens";
    BOOST_TEST(obtain() == "t-1");
    BOOST_TEST(fs::exists(real / "tokens"));
    directory = link;
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_removed_while_it_is_in_use_is_created_again)
{
    // Between any two calls.
    std::atomic<bool> over = false;
    std::thread sweeper([&] {
        while (!over)
        {
            std::error_code ignored;
            fs::remove_all(directory, ignored);
        }
    });
    for (int i = 0; i != 500; ++i)
    {
        auto const outcome = obtain();
        BOOST_TEST(!failed.code().failed(), outcome);
    }
    over = true;
    sweeper.join();
    auto const before = fetched;
    obtain();
    obtain();
    BOOST_TEST(fetched <= before + 1); // the last one is found
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_removed_while_the_token_is_fetched_is_created_again_for_it)
{
    td::token_cache::file cache(directory);
    auto const inner = fetching();
    td::token_fetch const fetch = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        fs::remove_all(directory);
        td::result<td::token_ptr> got = co_await inner();
        co_return got;
    };
    BOOST_TEST(obtain(cache, fetch) == "t-1");
    BOOST_TEST(obtain() == "t-1"); // a process that has just started finds it
    BOOST_TEST(fetched == 1);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_somebody_else_is_refused)
{
    constexpr ::uid_t nobody = 65534;
    bool const root_user = ::geteuid() == 0;
    if (!root_user)
        directory = "/"; // which belongs to root
    else
    {
        obtain();
        fetched = 0;
        auto const file = only(".token");
        BOOST_TEST_REQUIRE(::chown(file.c_str(), nobody, nobody) == 0);
        auto const outcome = obtain();
        BOOST_TEST((failed == td::errc::invalid_argument), outcome);
        BOOST_TEST(outcome.find("belongs to another user") != outcome.npos, outcome);
        BOOST_TEST_REQUIRE(::chown(directory.c_str(), nobody, nobody) == 0);
    }
    auto const outcome = obtain();
    BOOST_TEST((failed == td::errc::invalid_argument), outcome);
    BOOST_TEST(outcome.find(directory.string() + " belongs to another user") != outcome.npos, outcome);
    BOOST_TEST(fetched == 0);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_used_is_named_before_anything_is_fetched)
{
    spill(root / "file", "");
    for (auto const& bad : {root / "file", root / "file" / "below", fs::path("/proc/tidings/tokens"), fs::path()})
    {
        directory = bad;
        auto const outcome = obtain();
        BOOST_TEST((failed == td::errc::invalid_argument), outcome);
        BOOST_TEST(outcome.find("the token cache " + bad.string()) != outcome.npos, outcome);
    }
    BOOST_TEST(fetched == 0);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_written_to_is_named_before_anything_is_fetched)
{
    constexpr ::uid_t nobody = 65534;
    bool const root_user = ::geteuid() == 0;
    fs::create_directory(directory);
    fs::permissions(directory, fs::perms::owner_read | fs::perms::owner_exec);
    if (root_user) // whom no mode stops
    {
        BOOST_TEST_REQUIRE(::chown(directory.c_str(), nobody, nobody) == 0);
        BOOST_TEST_REQUIRE(::chmod(root.c_str(), 0755) == 0);
        BOOST_TEST_REQUIRE(::seteuid(nobody) == 0);
    }
    auto const outcome = obtain();
    if (root_user)
        BOOST_TEST_REQUIRE(::seteuid(0) == 0);
    BOOST_TEST((failed == td::errc::invalid_argument), outcome);
    BOOST_TEST((failed.cause() == boost::system::errc::permission_denied));
    BOOST_TEST(outcome.find(directory.string()) != outcome.npos, outcome);
    BOOST_TEST(outcome.find("cannot be written") != outcome.npos, outcome);
    BOOST_TEST(fetched == 0);
}

BOOST_AUTO_TEST_CASE(a_disk_that_takes_no_more_costs_no_message)
{
    td::token_cache::file cache(directory);
    auto const got = with_files_of_at_most(20, [&] { return obtain(cache, fetching()); });
    BOOST_TEST(got == "t-1");
    BOOST_TEST(obtain(cache, fetching()) == "t-1"); // kept in memory
    BOOST_TEST(only(".token").empty());
    BOOST_TEST(only(".new").empty()); // no half a file
    BOOST_TEST(obtain() == "t-2");
    BOOST_TEST(!only(".token").empty());
}

BOOST_AUTO_TEST_CASE(a_file_is_replaced_as_a_whole_and_whoever_has_the_old_one_open_reads_that)
{
    obtain();
    auto const file = only(".token");
    auto const old_text = slurp(file);
    std::ifstream reader(file, std::ios::binary);
    age(1min);
    BOOST_TEST(slurp(file) != old_text);
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(reader), {}) == old_text);
}

BOOST_AUTO_TEST_CASE(a_token_that_cannot_be_written_leaves_the_older_file_as_it_was)
{
    obtain();
    auto const old_text = slurp(only(".token"));
    auto const at = token_file::open(directory, key).value();
    auto newer = at.read().value().value();
    newer.expires += 1h;
    auto const lock = at.try_lock().value();
    auto const why = with_files_of_at_most(20, [&] { return at.write(*lock, newer).error(); });
    BOOST_TEST((why.code() == boost::system::errc::file_too_large), why);
    BOOST_TEST(slurp(only(".token")) == old_text);
    BOOST_TEST(only(".new").empty());
}

BOOST_AUTO_TEST_CASE(a_process_that_may_open_no_more_files_gets_its_token)
{
    td::token_cache::file cache(directory);
    run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto const entry = cache.entry_for(key);
        auto const fetch = fetching();
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        rlimit const none{0, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
        auto const got = co_await entry->obtain(fetch, now, now + 10s);
        ::setrlimit(RLIMIT_NOFILE, &before);
        BOOST_TEST(got.has_value(), got.error());
    });
    BOOST_TEST(fetched == 1);
    BOOST_TEST(!fs::exists(directory));
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_file_counts_as_none)
{
    obtain();
    auto const file = only(".token");
    auto const whole = slurp(file);
    auto const at = token_file::open(directory, key).value();
    BOOST_TEST_REQUIRE(at.read().value().has_value());
    for (std::size_t size = 0; size != whole.size(); ++size)
    {
        spill(file, std::string_view(whole).substr(0, size));
        auto const there = at.read();
        BOOST_TEST_REQUIRE(there.has_value());
        BOOST_TEST(!there->has_value(), whole.substr(0, size));
    }
    BOOST_TEST(obtain() == "t-2");
    BOOST_TEST(obtain() == "t-2");
}

BOOST_AUTO_TEST_CASE(no_byte_that_changed_makes_more_of_a_token_than_it_was)
{
    obtain();
    auto const whole = slurp(only(".token"));
    auto const real = td::detail::read_token(whole).value();
    int read = 0;
    for (std::size_t i = 0; i != whole.size(); ++i)
        for (unsigned change = 1; change != 256; change <<= 1)
        {
            auto text = whole;
            text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ change);
            auto const there = td::detail::read_token(text);
            if (!there)
                continue;
            ++read;
            BOOST_TEST(!there->value.empty());
            BOOST_TEST((there->expires - there->fetched <= 48h));
        }
    BOOST_TEST(read > 0); // a digit is a digit
}

BOOST_AUTO_TEST_CASE(garbage_counts_as_none_and_is_replaced)
{
    obtain();
    auto const file = only(".token");
    auto const whole = slurp(file);
    auto const altered = [&whole](std::string_view from, std::string_view to) {
        auto text = whole;
        auto const at = text.find(from);
        BOOST_TEST_REQUIRE(at != text.npos, from);
        return text.replace(at, from.size(), to);
    };
    std::vector<std::string> const garbage{"",
                                           "null",
                                           "[]",
                                           "{}",
                                           whole + "x",
                                           whole + whole,
                                           std::string(200'000, '{'),
                                           std::string(200'000, ' ') + whole,
                                           std::string(300, '\0'),
                                           altered("\"format\":1", "\"format\":2"),
                                           altered("\"t-1\"", "\"\""),
                                           altered("\"t-1\"", "null"),
                                           altered("\"t-1\"", R"("t\r\nX-Evil: 1")"),
                                           altered("\"t-1\"", "\"t 1\""),
                                           altered("\"use_margin\":7", "\"use_margin\":-7"),
                                           altered("\"refresh_margin\":1200", "\"refresh_margin\":9223372036854775807"),
                                           altered("\"expires\":", "\"expires\":-"),
                                           altered("\"expires\":", "\"expires\":9"),
                                           altered("\"expires\":", "\"expires\":\"1\",\"x\":"),
                                           altered("\"fetched\":", "\"fetched\":0.")};
    int expected = 1;
    for (auto const& text : garbage)
    {
        spill(file, text);
        BOOST_TEST(obtain() == "t-" + std::to_string(++expected), text.substr(0, 200));
    }
    BOOST_TEST(obtain() == "t-" + std::to_string(expected));
}

BOOST_AUTO_TEST_CASE(what_is_left_of_a_token_by_a_clock_that_may_have_been_set)
{
    struct row
    {
        long fetched, expires, now, left;
    };
    for (auto const& r : {row{1000, 8200, 1000, 7200}, row{1000, 8200, 8199, 1}, row{1000, 8200, 8200, 0},
                          row{1000, 8200, 100'000, 0},                     // set forward: over too early
                          row{1000, 8200, 999, 0}, row{1000, 8200, 0, 0}}) // set back: nobody can tell
        BOOST_TEST((td::detail::left_of(seconds_since_1970(r.fetched), seconds_since_1970(r.expires),
                                        seconds_since_1970(r.now)) == std::chrono::seconds(r.left)),
                   r.now);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_makes_no_token_live_longer)
{
    // A process that knows the token goes by its own clock, whatever the file says.
    td::token_cache::file cache(directory);
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    now += 2h;
    BOOST_TEST(obtain(cache, fetching()) == "t-2");

    // One that does not goes by the file, unless that comes from the future.
    age(1h);
    BOOST_TEST(obtain() == "t-2");
    BOOST_TEST((token->expires() <= now + 1h));
    age(-1h - 10s);
    BOOST_TEST(obtain() == "t-3");
    age(2h);
    BOOST_TEST(obtain() == "t-4");
    BOOST_TEST((token->expires() <= now + 2h));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_about_to_end_is_fetched_anew_and_one_to_be_refreshed_is_used)
{
    obtain();
    age(2h - 5s); // its margin is seven seconds
    BOOST_TEST(obtain() == "t-2");
    age(2h - 10min); // its refresh is due for twenty minutes
    BOOST_TEST(obtain() == "t-2");
    BOOST_TEST((td::freshness_of(*token, now) == td::freshness::refresh_ahead));
}

BOOST_AUTO_TEST_CASE(a_refresh_takes_what_another_process_has_fetched)
{
    td::token_cache::file mine(directory);
    td::token_cache::file theirs(directory);
    BOOST_TEST(obtain(mine, fetching()) == "t-1");
    now += 110min;
    run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto const my_entry = mine.entry_for(key);
        auto const their_entry = theirs.entry_for(key);
        auto const fetch = fetching();
        age(110min);
        co_await their_entry->refresh(fetch, now);
        co_await my_entry->refresh(fetch, now);
        BOOST_TEST(my_entry->peek(now).token->value().reveal() == "t-2");
        BOOST_TEST(their_entry->peek(now).token->value().reveal() == "t-2");
    });
    BOOST_TEST(fetched == 2);
}

BOOST_AUTO_TEST_CASE(a_refresh_that_another_process_is_at_is_left_to_it)
{
    td::token_cache::file cache(directory);
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    now += 110min;
    auto const at = token_file::open(directory, key).value();
    auto const theirs = at.try_lock().value();
    BOOST_TEST_REQUIRE(theirs.has_value());
    run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto const entry = cache.entry_for(key);
        auto const fetch = fetching();
        co_await entry->refresh(fetch, now);
        BOOST_TEST(entry->peek(now).token->value().reveal() == "t-1");
    });
    BOOST_TEST(fetched == 1);
}

BOOST_AUTO_TEST_CASE(the_one_who_waits_for_another_process_fetches_for_itself_in_time_and_can_be_cancelled)
{
    fs::create_directory(directory);
    auto const at = token_file::open(directory, key).value();
    auto theirs = at.try_lock().value();
    BOOST_TEST_REQUIRE(theirs.has_value());
    BOOST_TEST(!at.try_lock().value().has_value());

    // That process hangs, perhaps: the message is not lost for it, and what is fetched stays in memory.
    td::token_cache::file alone(directory);
    BOOST_TEST(obtain(alone, fetching(), 60ms) == "t-1");
    BOOST_TEST(obtain(alone, fetching(), 60ms) == "t-1");
    BOOST_TEST(fetched == 1);
    BOOST_TEST(only(".token").empty());

    td::token_cache::file cache(directory);
    asio::io_context io;
    asio::cancellation_signal stop;
    auto const entry = cache.entry_for(key);
    auto const fetch = fetching();
    auto const waiting = [&]() -> asio::awaitable<void> {
        auto const got = co_await entry->obtain(fetch, now, steady_clock::now() + 10s);
        failed = got ? td::failure() : got.error();
    };
    bool ended = false;
    asio::co_spawn(io, waiting(), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; }));
    io.poll();
    BOOST_TEST(!ended);
    stop.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST((failed == td::errc::cancelled), failed);
    BOOST_TEST(fetched == 1);

    theirs.reset();
    BOOST_TEST(obtain() == "t-2");
}

BOOST_AUTO_TEST_CASE(a_child_that_was_forked_meanwhile_neither_keeps_the_lock_nor_frees_it)
{
    fs::create_directory(directory);
    auto const at = token_file::open(directory, key).value();
    auto ours = at.try_lock().value();
    BOOST_TEST_REQUIRE(ours.has_value());
    std::array<int, 2> until{};
    BOOST_TEST_REQUIRE(::pipe(until.data()) == 0);
    auto const child = ::fork();
    BOOST_TEST_REQUIRE(child >= 0);
    if (child == 0)
    {
        ours.reset();
        char byte;
        ::close(until[1]);
        ::_exit(::read(until[0], &byte, 1) == 1 ? 0 : 1);
    }
    ::close(until[0]);
    BOOST_TEST(!at.try_lock().value().has_value());
    ours.reset();
    BOOST_TEST(at.try_lock().value().has_value());
    BOOST_TEST(::write(until[1], "x", 1) == 1);
    ::close(until[1]);
    BOOST_TEST(exit_code_of(child) == 0);
}

BOOST_AUTO_TEST_CASE(a_process_that_dies_while_it_fetches_leaves_the_lock_to_others)
{
    fs::create_directory(directory);
    auto const child = ::fork();
    BOOST_TEST_REQUIRE(child >= 0);
    if (child == 0)
    {
        auto const at = token_file::open(directory, key).value();
        auto const lock = at.try_lock().value();
        spill(directory / (td::detail::sha256_hex({key}).value() + ".new"), "half a tok");
        ::kill(::getpid(), SIGKILL);
    }
    BOOST_TEST(exit_code_of(child) == -1);
    BOOST_TEST(obtain() == "t-1");
    BOOST_TEST(only(".new").empty());
}

BOOST_AUTO_TEST_CASE(of_several_processes_one_fetches_and_the_others_find_its_token)
{
    struct shared
    {
        std::atomic<int> started{0};
        std::atomic<int> fetched{0};
    };
    auto* const memory = ::mmap(nullptr, sizeof(shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    BOOST_TEST_REQUIRE(memory != MAP_FAILED);
    auto* const common = new (memory) shared;
    constexpr int processes = 6;
    std::array<::pid_t, processes> children{};
    for (auto& child : children)
    {
        child = ::fork();
        BOOST_TEST_REQUIRE(child >= 0);
        if (child != 0)
            continue;
        int code = 1;
        asio::io_context io;
        td::token_cache::file cache(directory);
        td::token_fetch const fetch = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
            ++common->fetched;
            // Until all the others have come, too.
            asio::steady_timer timer(io);
            while (common->started != processes)
            {
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
            co_return std::make_shared<td::access_token const>(td::secret("t-1"), now + 2h);
        };
        auto const entry = cache.entry_for(key);
        auto const process = [&]() -> asio::awaitable<void> {
            ++common->started;
            auto const got = co_await entry->obtain(fetch, now, steady_clock::now() + 20s);
            if (got && (*got)->value().reveal() == "t-1")
                code = fine;
        };
        asio::co_spawn(io, process(), asio::detached);
        io.run();
        ::_exit(code);
    }
    for (auto const child : children)
        BOOST_TEST(exit_code_of(child) == fine);
    BOOST_TEST(common->fetched == 1);
    ::munmap(memory, sizeof(shared));
}

BOOST_AUTO_TEST_CASE(a_rejected_token_leaves_the_file_and_a_newer_one_stays)
{
    td::token_cache::file mine(directory);
    BOOST_TEST(obtain(mine, fetching()) == "t-1");
    auto const old = token;
    mine.entry_for(key)->drop(old);
    BOOST_TEST(only(".token").empty());
    BOOST_TEST(obtain() == "t-2");  // another process
    mine.entry_for(key)->drop(old); // a slow thread of ours still has the old one
    BOOST_TEST(!only(".token").empty());
    BOOST_TEST(obtain(mine, fetching()) == "t-2");
    BOOST_TEST(fetched == 2);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_not_taken_from_the_file_again_even_if_it_could_not_be_removed)
{
    td::token_cache::file cache(directory);
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    {
        auto const at = token_file::open(directory, key).value();
        auto const theirs = at.try_lock().value();
        cache.entry_for(key)->drop(token);
    }
    BOOST_TEST(!only(".token").empty());
    BOOST_TEST(obtain(cache, fetching()) == "t-2");
    BOOST_TEST(slurp(only(".token")).find("t-2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_over_is_removed_when_a_token_is_fetched)
{
    obtain();
    auto const mine = names();
    auto const put = [this](std::string_view its_key, kept_token::time_point fetched_at) {
        auto const at = token_file::open(directory, its_key).value();
        auto const lock = at.try_lock().value();
        BOOST_TEST_REQUIRE(
            at.write(*lock, kept_token(td::secret("t"), fetched_at, fetched_at + 2h, td::wire::token_margins()))
                .has_value());
    };
    auto const today = std::chrono::floor<std::chrono::seconds>(system_clock::now());
    put("still good", today);
    auto const good = names();
    put("over", today - 2h);
    put("over, too", today - 100h);
    spill(directory / (std::string(64, 'a') + ".new"), "half a tok");
    spill(directory / (std::string(64, 'b') + ".lock"), "");
    spill(directory / (std::string(64, 'c') + ".token"), "garbage");
    ::chmod((directory / (std::string(64, 'c') + ".token")).c_str(), 0600);
    put("in use", today - 2h);
    auto const user = token_file::open(directory, "in use").value();
    auto const in_use = user.try_lock().value();
    spill(directory / "README", "not ours");
    spill(directory / (std::string(64, 'd') + ".token"), "open to all: not ours to remove");
    ::chmod((directory / (std::string(64, 'd') + ".token")).c_str(), 0644);

    age(2h);
    BOOST_TEST(obtain() == "t-2");
    auto expected = good;
    auto const stem = td::detail::sha256_hex({"in use"}).value();
    expected.insert({stem + ".token", stem + ".lock", "README", std::string(64, 'd') + ".token"});
    BOOST_TEST(names() == expected, boost::test_tools::per_element());
    BOOST_TEST(std::includes(expected.begin(), expected.end(), mine.begin(), mine.end()));
}

BOOST_AUTO_TEST_CASE(a_lock_whose_file_was_swept_away_is_none)
{
    // Between the opening of the file and the locking of it another process may remove it: here as it is opened.
    obtain();
    auto const at = token_file::open(directory, key).value();
    auto const first = at.try_lock().value();
    BOOST_TEST_REQUIRE(first.has_value());
    fs::remove(only(".lock"));
    auto const second = at.try_lock().value();
    BOOST_TEST(second.has_value()); // of the new file: the first one holds what nobody can find
    BOOST_TEST(!at.try_lock().value().has_value());
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_remembered_in_this_process_and_not_in_the_file)
{
    int asked = 0;
    td::token_fetch const refused = [&]() -> asio::awaitable<td::result<td::token_ptr>> {
        ++asked;
        co_return td::make_failure(td::errc::bad_credentials, "app secret invalid");
    };
    td::token_cache::file cache(directory);
    obtain(cache, refused);
    BOOST_TEST((failed == td::errc::bad_credentials));
    auto const outcome = obtain(cache, refused);
    BOOST_TEST(outcome.find("next try in 60 s") != outcome.npos, outcome);
    BOOST_TEST(asked == 1);
    BOOST_TEST(only(".token").empty());
    td::token_cache::file other(directory);
    obtain(other.refusal_lifetime(5s), refused);
    BOOST_TEST(asked == 2);
    now += 5s;
    obtain(other, refused);
    BOOST_TEST(asked == 3);
    obtain(cache, refused);
    BOOST_TEST(asked == 3);
}

BOOST_AUTO_TEST_CASE(switched_off_it_keeps_tokens_in_memory_alone)
{
    auto cache = td::token_cache::file::off();
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    BOOST_TEST(obtain(cache, fetching()) == "t-1");
    cache.entry_for(key)->drop(token);
    BOOST_TEST(obtain(cache, fetching()) == "t-2");
    BOOST_TEST(!fs::exists(directory));
}

// Each thread is as good as a process: caches of their own on one directory, and copies of one cache.
BOOST_AUTO_TEST_SUITE_END()

} // namespace file_test
