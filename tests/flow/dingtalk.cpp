// DingTalk end to end, over real sockets, by both routes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/json.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(dingtalk)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;

template<class Match, class... Policies>
using notifier = td::notifier<td::dingtalk, Match, td::transport::http, td::base_url, Policies...>;
template<class Match, class... Policies>
using work_notifier = td::notifier<td::dingtalk_work, Match, td::transport::http, td::base_url, Policies...>;

td::dingtalk::credentials app(td::sandbox::server const& platform, std::string_view key)
{
    auto const world = platform.world();
    return dingtalk_of(*world.dingtalk.find_app(key));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_person_is_reached_by_each_kind_of_address)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const where = url<td::dingtalk>(platform);
        notifier<td::match::login_name> by_name(ex, credentials<td::dingtalk>(platform), where);
        notifier<td::match::phone_number> by_phone(ex, credentials<td::dingtalk>(platform), where);
        notifier<td::match::email, td::addressing::directory_scan> by_email(
            ex, credentials<td::dingtalk>(platform), where, td::addressing::directory_scan().calls_per_second(20));
        auto sent = co_await by_name.send("ada", td::text{"one \"quoted\" \xF0\x9F\x9A\x80"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await by_phone.send("+8613011111111", td::text{"two"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await by_phone.send("+6591234567", td::text{"three"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await by_email.send("Chen@corp.example", td::text{"four"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const rows = platform.ledger();
        BOOST_TEST_REQUIRE(rows.size() == 4u);
        BOOST_TEST(rows[0].to == "ada");
        BOOST_TEST((boost::json::parse(rows[0].content).at("content") == "one \"quoted\" \xF0\x9F\x9A\x80"));
        BOOST_TEST(rows[1].to == "bob");
        BOOST_TEST(rows[2].to == "ada");
        BOOST_TEST(rows[3].to == "chen");
        BOOST_TEST(rows[3].message_id == sent->message_id());
    });
}

BOOST_AUTO_TEST_CASE(a_directory_is_read_once_and_shared)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::addressing::directory_scan scan;
        scan.calls_per_second(20);
        using email_notifier = notifier<td::match::email, td::addressing::directory_scan>;
        email_notifier one(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform), scan);
        email_notifier other(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform), scan);
        auto sent = co_await one.send("ada@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const calls = count_requests(platform, "/topapi/v2/");
        BOOST_TEST(calls == 10); // five departments: who is below, who is in
        sent = co_await other.send("dana@corp.example", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const nobody = co_await one.send("nobody@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(nobody.has_error());
        BOOST_TEST((nobody.error() == td::errc::recipient_not_found));
        BOOST_TEST(nobody.error().remedy().find("company mailbox") != std::string::npos);
        BOOST_TEST(count_requests(platform, "/topapi/v2/") == calls);
    });
}

BOOST_AUTO_TEST_CASE(somebody_of_the_index_who_is_no_more_has_it_read_again_at_most_once_an_hour)
{
    td::sandbox::server platform;
    manual_clock clock;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::email, td::addressing::directory_scan, manual_clock> notify(
            ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform),
            td::addressing::directory_scan().calls_per_second(20), clock);
        auto const readings = [&] { return count_requests(platform, "/topapi/v2/") / 10; };
        auto sent = co_await notify.send("ada@example.com", td::text{"1"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(readings() == 1);

        // She left and came back: another id.
        platform.edit([](td::sandbox::world& w) {
            w.find_person("ada")->login_name = "ada2";
            w.dingtalk.apps[0].availability.everyone = true;
        });
        sent = co_await notify.send("ada@example.com", td::text{"2"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::recipient_not_found), sent.error());
        BOOST_TEST(readings() == 1);

        clock.advance(std::chrono::hours(1));
        sent = co_await notify.send("ada@example.com", td::text{"3"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().to == "ada2");
        BOOST_TEST(readings() == 2);
    });
}

BOOST_AUTO_TEST_CASE(where_only_company_mailboxes_may_be_read_those_are_found_and_the_others_say_why_not)
{
    td::sandbox::server platform;
    platform.edit([](td::sandbox::world& w) { w.dingtalk.apps[0].reads_email = false; });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::email, td::addressing::directory_scan> notify(
            ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform),
            td::addressing::directory_scan().calls_per_second(20));
        auto sent = co_await notify.send("ada@corp.example", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await notify.send("ada@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::recipient_not_found), sent.error());
        BOOST_TEST(sent.error().remedy().find("personal information") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(people_in_the_lists_of_an_accepted_call_were_not_reached)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        std::map<std::string, td::error_code> fared;
        std::vector<std::string> const people{"ada", "nemo", "boris", "bob"};
        auto const sent = co_await notify.send_each(
            people, td::text{"hello"},
            [&](std::size_t, td::match::login_name const& who, td::result<td::receipt> const& outcome) {
                fared[std::string(who.view())] = outcome ? td::error_code() : outcome.error().code();
            });
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 2u);
        BOOST_TEST(!fared["ada"]);
        BOOST_TEST(!fared["bob"]);
        BOOST_TEST((fared["nemo"] == td::errc::recipient_not_found));
        BOOST_TEST((fared["boris"] == td::errc::recipient_unreachable));
        BOOST_TEST(count_requests(platform, "/v1.0/robot/oToMessages/batchSend") == 1);

        auto const alone = co_await notify.send("nemo", td::text{"hello"});
        BOOST_TEST((alone.has_error() && alone.error() == td::errc::recipient_not_found));
        BOOST_TEST(alone.error().platform_code() == "staffId.notExisted");
    });
}

BOOST_AUTO_TEST_CASE(what_a_newcomer_meets_is_told_with_what_to_do)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const where = url<td::dingtalk>(platform);
        notifier<td::match::phone_number> no_scope(ex, app(platform, "dingtidings0e01"), where);
        auto sent = co_await no_scope.send("+6591234567", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::permission_missing), sent.error());
        BOOST_TEST_REQUIRE(sent.error().scopes().size() == 1u);
        BOOST_TEST(sent.error().scopes()[0] == "qyapi_get_member_by_mobile");
        BOOST_TEST(sent.error().link().starts_with("https://open-dev.dingtalk.com/appscope/apply"));

        notifier<td::match::login_name> no_send(ex, app(platform, "dingtidings0e01"), where);
        sent = co_await no_send.send("ada", td::text{"hello"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::permission_missing), sent.error());

        notifier<td::match::login_name> unpublished(ex, app(platform, "dingtidings0e02"), where);
        sent = co_await unpublished.send("ada", td::text{"hello"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::bot_disabled), sent.error());

        notifier<td::match::login_name> elsewhere(ex, app(platform, "dingtidings0e04"), where);
        sent = co_await elsewhere.send("ada", td::text{"hello"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::ip_not_allowed), sent.error());

        td::dingtalk::credentials const wrong("dingtidings0718", td::secret("not-the-secret"));
        notifier<td::match::login_name> stranger(ex, wrong, where);
        sent = co_await stranger.send("ada", td::text{"hello"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::bad_credentials), sent.error());
        BOOST_TEST(platform.ledger().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_unknown_and_never_sent_again)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::reply_lost).path("/v1.0/robot"));
        auto const sent = co_await notify.send("ada", td::text{"hello"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(platform.ledger().size() == 1u);
        BOOST_TEST(count_requests(platform, "/v1.0/robot") == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_was_revoked_is_fetched_again_for_either_host)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::phone_number, td::directory::none> notify(ex, credentials<td::dingtalk>(platform),
                                                                      url<td::dingtalk>(platform));
        for (int i = 0; i != 2; ++i)
        {
            auto const sent = co_await notify.send("+6591234567", td::text{"hello"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            platform.revoke_tokens("dingtidings0718");
        }
        BOOST_TEST(count_requests(platform, "/v1.0/oauth2/accessToken") == 2);
        BOOST_TEST(platform.ledger().size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(the_older_token_call_works_as_well)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto old = credentials<td::dingtalk>(platform);
        old.old_token_call();
        notifier<td::match::login_name> notify(ex, old, url<td::dingtalk>(platform));
        auto const sent = co_await notify.send("ada", td::markdown{"# Hello\n- one"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(count_requests(platform, "/gettoken") == 1);
        BOOST_TEST(platform.ledger().back().msg_type == "sampleMarkdown");
    });
}

BOOST_AUTO_TEST_CASE(a_message_tells_who_has_read_it_and_can_be_taken_back)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        auto const sent = co_await notify.send("ada", td::notice("Disk full").button("Open", "https://example.com/"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().msg_type == "sampleActionCard");
        auto readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST(readers->empty());
        platform.mark_read(sent->message_id(), "ada");
        readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST_REQUIRE(readers->size() == 1u);
        BOOST_TEST(readers->front() == "ada");
        auto const gone = co_await notify.recall(*sent);
        BOOST_TEST_REQUIRE(gone.has_value(), gone.error());
        BOOST_TEST(platform.ledger().back().recalled);
    });
}

BOOST_AUTO_TEST_CASE(a_dedicated_account_is_found_by_its_login_id)
{
    td::sandbox::server platform;
    platform.edit([](td::sandbox::world& w) {
        auto& account = w.dingtalk.hosted_accounts.emplace_back();
        account.login_name = "ada";
        account.login_id = "ada@corp";
    });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk::login_id> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        auto const sent = co_await notify.send("ada@corp", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() == "ada");
    });
}

BOOST_AUTO_TEST_CASE(the_page_that_bans_an_address_is_told_as_what_it_is)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::phone_number> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/topapi")
                               .status(200)
                               .body(R"({"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"1"})"));
        auto const sent = co_await notify.send("+6591234567", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::rate_limited), sent.error());
        BOOST_TEST((sent.error().wait() == std::chrono::minutes(5)));
    });
}

BOOST_AUTO_TEST_CASE(a_page_that_has_the_path_of_the_ban_from_the_message_is_no_ban)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> bot(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        auto const page = td::sandbox::fault(td::sandbox::fault_kind::answer)
                              .path("/v1.0/robot")
                              .status(200)
                              .body("<html><script>location='/_____tmd_____/punish?x5secdata=a'</script></html>");
        platform.add_fault(page);
        auto const repeated = co_await bot.send("ada", td::text("see /_____tmd_____/punish?x5secdata=a"));
        BOOST_TEST_REQUIRE(repeated.has_error());
        BOOST_TEST((repeated.error() == td::errc::outcome_unknown), repeated.error());
        BOOST_TEST(!repeated.error().wait());
        platform.add_fault(page);
        auto const banned = co_await bot.send("ada", td::text("another"));
        BOOST_TEST_REQUIRE(banned.has_error());
        BOOST_TEST((banned.error() == td::errc::rate_limited), banned.error());
        BOOST_TEST(banned.error().wait().has_value());
    });
}

BOOST_AUTO_TEST_CASE(a_gateways_page_that_repeats_a_message_about_punishment_is_no_ban)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> bot(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        work_notifier<td::match::login_name> work(ex, credentials<td::dingtalk_work>(platform),
                                                  url<td::dingtalk_work>(platform));
        // The message was taken: what is called "not delivered" now would be sent a second time.
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .method("POST")
                               .path("/v1.0/robot")
                               .status(502)
                               .body("<html>no answer to: spammers are punished, see x5sec</html>"));
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/topapi/message/corpconversation/asyncsend_v2")
                               .status(504)
                               .body("<html>no answer to: spammers are punished, see x5sec</html>"));
        for (int round = 0; round != 2; ++round)
        {
            auto const by_bot = co_await bot.send("ada", td::text("spammers are punished"));
            auto const by_work = co_await work.send("ada", td::text("spammers are punished"));
            for (auto const* const sent : {&by_bot, &by_work})
                if (round == 0)
                {
                    BOOST_TEST_REQUIRE(sent->has_error());
                    BOOST_TEST((sent->error() == td::errc::outcome_unknown), sent->error());
                    BOOST_TEST(!sent->error().wait());
                    BOOST_TEST(sent->error().attempts() == 1u);
                }
                else // and the limiter holds nobody up
                    BOOST_TEST(sent->has_value(), sent->error());
        }
    });
    BOOST_TEST(count_requests(platform, "/v1.0/robot/oToMessages/batchSend") == 2);
    BOOST_TEST(count_requests(platform, "/topapi/message/corpconversation/asyncsend_v2") == 2);
}

BOOST_AUTO_TEST_CASE(a_hosted_account_is_found_by_phone_and_two_of_them_are_ambiguous)
{
    td::sandbox::server platform;
    auto const host = [&platform](std::string name) {
        platform.edit([&name](td::sandbox::world& w) {
            auto& account = w.dingtalk.hosted_accounts.emplace_back();
            account.login_name = name;
            account.login_id = name + "@corp";
        });
    };
    host("ada");
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::phone_number> notify(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        auto sent = co_await notify.send("+6591234567", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() == "ada");

        // Two people with the number of one of them: one has an account of their own, or both have hosted ones.
        platform.edit([](td::sandbox::world& w) { w.find_person("chen")->mobile = w.find_person("bob")->mobile; });
        host("chen");
        for (int hosted = 1; hosted != 3; ++hosted)
        {
            sent = co_await notify.send("+8613011111111", td::text{"hello"});
            BOOST_TEST_REQUIRE(sent.has_error(), hosted);
            BOOST_TEST((sent.error() == td::errc::ambiguous_recipient), sent.error());
            if (hosted == 1)
                host("bob");
        }
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(images_and_files_go_by_either_route)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> bot(ex, credentials<td::dingtalk>(platform), url<td::dingtalk>(platform));
        work_notifier<td::match::login_name> work(ex, credentials<td::dingtalk_work>(platform),
                                                  url<td::dingtalk_work>(platform));
        auto sent = co_await bot.send("ada", td::image("\x89PNG...", "a.png"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().msg_type == "sampleImageMsg");
        sent = co_await bot.send("ada", td::file("report.PDF", "%PDF"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST((boost::json::parse(platform.ledger().back().content).at("fileType") == "pdf"));
        sent = co_await bot.send("ada", td::file("report.txt", "text"));
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::message_invalid));
        sent = co_await work.send("ada", td::file("report.txt", "text"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().msg_type == "file");
        BOOST_TEST(count_requests(platform, "/media/upload") == 3);
    });
}

BOOST_AUTO_TEST_SUITE(work_notifications)

BOOST_AUTO_TEST_CASE(a_work_notification_counts_as_delivered_when_the_platform_says_so)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        work_notifier<td::match::phone_number> notify(ex, credentials<td::dingtalk_work>(platform),
                                                      url<td::dingtalk_work>(platform));
        auto const sent = co_await notify.send("+6591234567", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().to == "ada");
        BOOST_TEST(count_requests(platform, "/topapi/message/corpconversation/getsendresult") >= 1);
        platform.mark_read(sent->message_id(), "ada");
        auto const readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST(readers->size() == 1u);
        auto const gone = co_await notify.recall(*sent);
        BOOST_TEST(gone.has_value(), gone.error());
    });
}

BOOST_AUTO_TEST_CASE(what_the_platform_accepts_and_drops_is_no_delivery)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        work_notifier<td::match::login_name> notify(ex, credentials<td::dingtalk_work>(platform),
                                                    url<td::dingtalk_work>(platform));
        auto sent = co_await notify.send("ada", td::text{"the same"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await notify.send("ada", td::text{"the same"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::duplicate_message), sent.error());
        BOOST_TEST(sent.error().platform_code() == "143106");
        BOOST_TEST(sent.error().remedy().find("once a day") != std::string::npos);
        BOOST_TEST(platform.ledger().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_read_leaves_the_outcome_unknown)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        work_notifier<td::match::login_name, td::deadline> notify(ex, credentials<td::dingtalk_work>(platform),
                                                                  url<td::dingtalk_work>(platform),
                                                                  td::deadline(std::chrono::seconds(1)));
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/topapi/message/corpconversation/getsendresult")
                               .times(0)
                               .status(502)
                               .body("<html>"));
        auto const sent = co_await notify.send("ada", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(platform.ledger().size() == 1u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
