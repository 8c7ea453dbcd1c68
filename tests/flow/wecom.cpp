// WeCom end to end, over real sockets.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/json.hpp>

BOOST_AUTO_TEST_SUITE(wecom)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;

template<class Match, class... Policies>
using notifier = td::notifier<td::wecom, Match, td::transport::http, td::base_url, Policies...>;

td::wecom::credentials agent(td::sandbox::server const& platform, std::int64_t id)
{
    for (auto const& app : platform.world().wecom.apps)
        if (app.agent_id == id)
            return {app.corp_id, td::secret(app.secret), app.agent_id};
    throw std::out_of_range("no such agent");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_person_is_reached_by_each_kind_of_address)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> by_name(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        notifier<td::match::phone_number> by_phone(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        notifier<td::match::email> by_email(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto sent = co_await by_name.send("ada", td::text{"one"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await by_phone.send("+8613011111111", td::text{"two"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() == "bob");
        sent = co_await by_email.send("chen@corp.example", td::text{"three"}); // the company's mailbox
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await by_email.send("dana@example.com", td::text{"four"}); // the personal one
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const rows = platform.ledger();
        BOOST_TEST_REQUIRE(rows.size() == 4u);
        BOOST_TEST(rows[0].to == "ada");
        BOOST_TEST(rows[1].to == "bob");
        BOOST_TEST(rows[2].to == "chen");
        BOOST_TEST(rows[3].to == "dana");
        BOOST_TEST((boost::json::parse(rows[3].content).at("content") == "four"));
        BOOST_TEST(rows[3].message_id == sent->message_id());
    });
}

BOOST_AUTO_TEST_CASE(two_messages_with_the_same_text_are_two_and_one_repeated_under_its_key_is_one)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        for (auto const* key : {"a", "b", "b"})
        {
            auto const sent = co_await notify.send("ada", td::text{"Build is green"}, td::idempotency_key(key));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
        BOOST_TEST(platform.ledger().size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(a_person_the_platform_lists_as_invalid_was_not_reached_although_the_call_succeeded)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto const nobody = co_await notify.send("otto", td::text{"hello"});
        BOOST_TEST((nobody.has_error() && nobody.error() == td::errc::recipient_not_found), nobody.error());
        auto const unlicensed = co_await notify.send("boris", td::text{"hello"});
        BOOST_TEST_REQUIRE(unlicensed.has_error());
        BOOST_TEST((unlicensed.error() == td::errc::recipient_unreachable), unlicensed.error());
        BOOST_TEST(unlicensed.error().platform_code() == "unlicenseduser");
        BOOST_TEST(platform.ledger().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_login_name_that_would_be_several_people_is_refused_before_any_byte)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        for (auto const* who : {"@all", "ada|bob", "a b", ""})
        {
            auto const sent = co_await notify.send(who, td::text{"hello"});
            BOOST_TEST((sent.has_error() && sent.error() == td::errc::invalid_recipient), who);
        }
        BOOST_TEST(platform.requests().empty());
    });
}

BOOST_AUTO_TEST_CASE(text_that_the_platform_would_cut_off_is_refused_or_divided)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        std::string long_text;
        for (int i = 0; i != 300; ++i)
            long_text += "\xE4\xBD\xA0 line " + std::to_string(i) + "\n";
        auto const refused = co_await notify.send("ada", td::text{long_text});
        BOOST_TEST((refused.has_error() && refused.error() == td::errc::message_too_long));
        BOOST_TEST(platform.requests().empty());

        td::text divided{long_text};
        divided.when_long(td::long_text::split);
        auto const sent = co_await notify.send("ada", divided);
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const rows = platform.ledger();
        BOOST_TEST_REQUIRE(rows.size() == sent->further_parts().size() + 1);
        std::string whole;
        for (auto const& row : rows)
        {
            std::string const part(boost::json::parse(row.content).at("content").as_string());
            BOOST_TEST(part.size() <= 2048u);
            whole += part + "\n";
        }
        BOOST_TEST(std::count(whole.begin(), whole.end(), '\n') >= 300);
        BOOST_TEST(whole.find("line 299") != whole.npos);
    });
}

BOOST_AUTO_TEST_CASE(a_text_of_which_only_the_beginning_arrived_is_neither_delivered_nor_denied)
{
    using td::sandbox::fault;
    using td::sandbox::fault_kind;
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        td::text divided{std::string(5000, 'x')};
        divided.when_long(td::long_text::split);
        td::idempotency_key const key("monday");
        platform.add_fault(fault(fault_kind::refuse).code("60020").path("/cgi-bin/message/send").after(1));
        auto const stopped = co_await notify.send("ada", divided, key);
        BOOST_TEST_REQUIRE(stopped.has_error());
        BOOST_TEST((stopped.error() == td::errc::partly_delivered), stopped.error());
        BOOST_TEST((stopped.error() == td::condition::unknown));
        BOOST_TEST((stopped.error().cause() == td::errc::ip_not_allowed));
        auto const said = stopped.error().message();
        BOOST_TEST(said.find("part 2 of 3, the parts before it were delivered") != said.npos, said);
        BOOST_TEST(platform.ledger().size() == 1u);

        // The first part: nothing has arrived.
        platform.add_fault(fault(fault_kind::refuse).code("60020").path("/cgi-bin/message/send"));
        auto const refused = co_await notify.send("ada", divided, td::idempotency_key("tuesday"));
        BOOST_TEST((refused.has_error() && refused.error() == td::errc::ip_not_allowed));
        BOOST_TEST(platform.ledger().size() == 1u);

        // Under the same key the rest follows, and nothing comes twice.
        auto const sent = co_await notify.send("ada", divided, key);
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().size() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(somebody_who_is_not_there_is_asked_for_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::email> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        for (int i = 0; i != 5; ++i)
        {
            auto const sent = co_await notify.send("nobody@example.com", td::text{"hello"});
            BOOST_TEST((sent.has_error() && sent.error() == td::errc::recipient_not_found));
        }
        // Once for each mailbox; asking on would have the look-up closed for a day.
        BOOST_TEST(count_requests(platform, "/cgi-bin/user/get_userid_by_email") == 2);
    });
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_named_as_such_and_asked_with_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const good = credentials<td::wecom>(platform);
        td::wecom::credentials const bad(good.app_id(), td::secret("not-the-secret"), good.agent_id());
        notifier<td::match::login_name> notify(ex, bad, url<td::wecom>(platform));
        auto const sent = co_await notify.send("ada", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::bad_credentials));
        BOOST_TEST(sent.error().platform_code() == "40001");
        BOOST_TEST(sent.error().remedy().find("Secret") != std::string::npos);
        BOOST_TEST(platform.requests().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_trusted_is_told_with_the_page_to_enter_it)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, agent(platform, 1000005), url<td::wecom>(platform));
        auto const sent = co_await notify.send("ada", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::ip_not_allowed));
        BOOST_TEST(sent.error().refused_ip() == "127.0.0.1");
        auto const remedy = sent.error().remedy();
        BOOST_TEST(remedy.find("127.0.0.1") != remedy.npos);
        BOOST_TEST(remedy.find("Trusted IP") != remedy.npos);
        BOOST_TEST(sent.error().message().find("access_token") == std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_was_revoked_is_fetched_again_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto sent = co_await notify.send("ada", td::text{"one"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        platform.revoke_tokens(credentials<td::wecom>(platform).app_id());
        sent = co_await notify.send("ada", td::text{"two"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 2u);
        BOOST_TEST(count_requests(platform, "/cgi-bin/gettoken") == 2);
        BOOST_TEST(platform.ledger().size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(a_notice_becomes_a_card_and_can_be_taken_back)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name, td::channel_language> notify(
            ex, credentials<td::wecom>(platform), url<td::wecom>(platform), td::channel_language("zh-CN"));
        td::notice const alarm = td::notice(td::localized("Disk almost full").in("zh", "\xE7\xA3\x81\xE7\x9B\x98"))
                                     .level(td::severity::warning)
                                     .fact("Host", "db-01")
                                     .button("Runbook", "https://wiki.example/disk");
        auto const sent = co_await notify.send("ada", alarm);
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const row = platform.ledger().back();
        BOOST_TEST(row.msg_type == "template_card");
        BOOST_TEST(row.content.find("\xE7\xA3\x81\xE7\x9B\x98") != row.content.npos);

        auto const gone = co_await notify.recall(*sent);
        BOOST_TEST_REQUIRE(gone.has_value(), gone.error());
        BOOST_TEST(platform.ledger().back().recalled);
    });
}

BOOST_AUTO_TEST_CASE(an_image_and_a_file_are_uploaded_and_sent)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::match::login_name> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        std::string const png("\x89PNG\r\n\x1a\n--tidings-boundary-0");
        auto sent = co_await notify.send("ada", td::image(png));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().msg_type == "image");
        sent = co_await notify.send("ada", td::file("\xE6\x8A\xA5\xE5\x91\x8A \"1\".pdf", "%PDF-1.4 ..."));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().msg_type == "file");
        BOOST_TEST(count_requests(platform, "/cgi-bin/media/upload") == 2);

        auto const before = platform.requests().size();
        auto const tiny = co_await notify.send("ada", td::file("a.txt", "12345"));
        BOOST_TEST((tiny.has_error() && tiny.error() == td::errc::message_invalid));
        auto const nameless = co_await notify.send("ada", td::file("", "123456"));
        BOOST_TEST((nameless.has_error() && nameless.error() == td::errc::message_invalid));
        for (std::string_view const picture : {"RIFF....WEBPVP8 ", "GIF89a......", "BM......", "<svg xmlns=''/>"})
        {
            auto const other = co_await notify.send("ada", td::image(std::string(picture)));
            BOOST_TEST_REQUIRE(other.has_error(), picture);
            BOOST_TEST((other.error() == td::errc::message_invalid), other.error());
            BOOST_TEST(other.error().message().find("PNG or JPEG") != std::string::npos, other.error());
            BOOST_TEST(other.error().remedy() == "Correct the message.");
        }
        BOOST_TEST(platform.requests().size() == before);
    });
}

BOOST_AUTO_TEST_SUITE_END()
