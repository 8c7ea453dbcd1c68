// Programs that start often and share a directory of tokens.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(token_files)

using namespace test;
namespace fs = std::filesystem;

namespace {

using notifier =
    td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::token_cache::file>;

struct fixture
{
    fixture()
    {
        auto name = (fs::temp_directory_path() / "tidings-token-files-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        directory = name;
    }
    ~fixture()
    {
        std::error_code ignored;
        fs::remove_all(directory, ignored);
    }

    // Each as of a process that has just started.
    notifier make(asio::any_io_executor ex) { return make(ex, credentials<td::lark>(platform)); }
    notifier make(asio::any_io_executor ex, td::lark::credentials app)
    {
        return notifier(ex, std::move(app), url<td::lark>(platform), td::token_cache::file(directory));
    }
    std::ptrdiff_t fetched() const { return count_requests(platform, token_path); }
    std::string kept() const
    {
        std::string out;
        for (auto const& one : fs::directory_iterator(directory))
        {
            std::ifstream in(one.path(), std::ios::binary);
            out += one.path().string() + ": " + std::string(std::istreambuf_iterator<char>(in), {}) + '\n';
        }
        return out;
    }

    td::sandbox::server platform;
    fs::path directory;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tokens_in_files, fixture)

BOOST_AUTO_TEST_CASE(a_program_that_starts_again_and_again_fetches_one_token)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (int i = 0; i != 3; ++i)
        {
            auto notify = make(ex);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
    });
    BOOST_TEST(fetched() == 1);
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_files_have_the_token_and_nothing_of_the_secret_or_of_the_person)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    });
    auto const all = kept();
    auto const app = platform.app("lark");
    std::string token(platform.requests().back().header("Authorization"));
    BOOST_TEST_REQUIRE(token.starts_with("Bearer "));
    token.erase(0, 7);
    BOOST_TEST(all.find(token) != all.npos);
    for (auto const& hidden : {app.app_secret, app.app_id, std::string("ada")})
        BOOST_TEST(all.find(hidden) == all.npos, hidden);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_revoked_meanwhile_is_replaced_for_everybody)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto first = make(ex);
        auto sent = co_await first.send("ada", td::text{"1"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        platform.revoke_tokens(platform.app("lark").app_id);

        auto second = make(ex);
        sent = co_await second.send("ada", td::text{"2"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 2u);
        BOOST_TEST(fetched() == 2);

        // The first process still has the old token, and finds the new one in the file.
        sent = co_await first.send("ada", td::text{"3"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 2u);
        auto third = make(ex);
        sent = co_await third.send("ada", td::text{"4"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 1u);
        BOOST_TEST(fetched() == 2);
    });
    BOOST_TEST(platform.ledger().size() == 4u);
}

BOOST_AUTO_TEST_CASE(another_secret_is_another_token)
{
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        BOOST_TEST((co_await notify.send("ada", td::text{"1"})).has_value());
        auto stranger = make(ex, td::lark::credentials(platform.app("lark").app_id, td::secret("wrong")));
        auto const sent = co_await stranger.send("ada", td::text{"2"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::bad_credentials), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_used_is_the_result_of_each_call_and_no_byte_is_sent)
{
    {
        std::ofstream(directory / "file") << "no directory";
    }
    directory /= "file";
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex);
        for (int i = 0; i != 2; ++i)
        {
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            td::failure const why = sent.error();
            BOOST_TEST((why == td::errc::invalid_argument), why);
            BOOST_TEST(why.platform() == "lark");
            BOOST_TEST(why.operation() == "fetch access token");
            BOOST_TEST(why.message().find(directory.string()) != std::string::npos, why);
        }
        auto const warm = co_await notify.warm_up();
        BOOST_TEST((warm.has_error() && warm.error() == td::errc::invalid_argument), warm.error());
    });
    directory = directory.parent_path();
    BOOST_TEST(platform.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
