// The programs that the guides quote, each run against a sandbox.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <tidings/token_cache/file.hpp>

#include <chrono>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(documented)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

using notifier = td::notifier<td::lark, td::match::email, td::transport::http, td::base_url, td::retry::none>;

//[same_key
asio::awaitable<void> announce(notifier& notify, std::string who)
{
    tidings::idempotency_key const key{"order-42-ada"}; // keep it in a database if it has to survive a restart
    auto sent = co_await notify.send(who, tidings::text{"Order 42 has shipped"}, key);
    if (!sent && sent.error() == tidings::errc::outcome_unknown)
        sent = co_await notify.send(who, tidings::text{"Order 42 has shipped"}, key);
    if (!sent)
        std::cerr << sent.error() << '\n';
}
//]

//[kind
std::string what_to_do(tidings::failure const& why)
{
    switch (why.kind())
    {
    case tidings::errc::invalid_recipient:
    case tidings::errc::recipient_not_found: return "correct the address " + std::string(why.recipient());
    case tidings::errc::rate_limited: return "wait " + std::to_string(why.wait().value_or(1s).count()) + " s";
    case tidings::errc::outcome_unknown: return "send again with the same key";
    default: break;
    }
    if (why == tidings::condition::configuration)
        return "ask an administrator: " + why.remedy();
    return why == tidings::condition::transient ? "try again later" : "see the log";
}
//]

//[notice
tidings::notice disk_alarm()
{
    return tidings::notice(tidings::localized("Disk almost full").in("zh", "磁盘将满"))
        .level(tidings::severity::warning)
        .fact("Host", "db-01")
        .fact("Used", "91%")
        .button("Runbook", "https://wiki.example/disk");
}
//]

//[card
tidings::lark::card approval()
{
    return tidings::lark::card(R"({
        "schema": "2.0",
        "header": {"title": {"tag": "plain_text", "content": "Release 1.4"}, "template": "blue"},
        "body": {"elements": [
            {"tag": "markdown", "content": "Deploy to **production**?"},
            {"tag": "button", "type": "primary", "text": {"tag": "plain_text", "content": "Approve"},
             "behaviors": [{"type": "callback", "value": {"release": "1.4", "answer": "yes"}}]}]}})");
}

tidings::lark::card from_template()
{
    return tidings::lark::card(
        R"({"type": "template", "data": {"template_id": "AAqk1", "template_variable": {"host": "a1"}}})");
}
//]

//[each
asio::awaitable<void> tell_everybody(notifier& notify, std::vector<tidings::match::email> people)
{
    auto const report = [](std::size_t, tidings::match::email const& who,
                           tidings::result<tidings::receipt> const& sent) {
        if (!sent)
            std::cerr << who.view() << ": " << sent.error() << '\n';
    };
    auto const summary = co_await notify.send_each(people, tidings::text{"All hands at ten"}, report);
    if (!summary) // no person was tried: the message or a setting is not valid
        std::cerr << summary.error() << '\n';
    else
        std::cout << summary->delivered << " delivered, " << summary->failed << " failed, " << summary->unknown
                  << " unknown\n";
}
//]

//[native_batch
asio::awaitable<void> tell_everybody_at_once(notifier& notify, std::vector<tidings::match::email> people)
{
    auto const ignore = [](std::size_t, tidings::match::email const&, tidings::result<tidings::receipt> const&) {};
    auto const summary =
        co_await notify.send_each(people, tidings::text{"All hands at ten"}, ignore, tidings::native_batch_options());
    if (summary)
        std::cout << summary->delivered << " accepted\n";
}
//]

//[rotate
// Runs on the notifier's executor. Messages that are being sent go on with the old secret.
void rotate(notifier& notify, tidings::lark::credentials renewed, tidings::base_url const& where)
{
    notify = notifier(notify.get_executor(), std::move(renewed), where);
}
//]

//[rotate_on_failure
asio::awaitable<void> send_with_the_current_secret(notifier& notify, std::string who, std::string text,
                                                   std::function<tidings::lark::credentials()> read_credentials,
                                                   tidings::base_url where)
{
    auto sent = co_await notify.send(who, tidings::text{text});
    if (!sent && sent.error() == tidings::errc::bad_credentials)
    {
        rotate(notify, read_credentials(), where);
        sent = co_await notify.send(who, tidings::text{text});
    }
    if (!sent)
        std::cerr << sent.error() << '\n';
}
//]

// Collects the output of a stream while a guard of it lives.
class captured
{
public:
    explicit captured(std::ostream& out) : out_(out), old_(out.rdbuf(text_.rdbuf())) {}
    captured(captured const&) = delete;
    captured& operator=(captured const&) = delete;
    ~captured() { out_.rdbuf(old_); }
    std::string text() const { return text_.str(); }

private:
    std::ostream& out_;
    std::ostringstream text_;
    std::streambuf* old_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_message_whose_outcome_is_unknown_is_sent_again_with_its_key)
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::reply_lost).path(std::string(send_path)).times(1));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        co_await announce(notify, "ada@example.com");
    });
    BOOST_TEST(platform.ledger().size() == 1u);
    BOOST_TEST(count_requests(platform, send_path) == 2);
}

BOOST_AUTO_TEST_CASE(a_switch_over_the_kind_of_a_failure_says_what_to_do)
{
    BOOST_TEST(what_to_do(td::errc::outcome_unknown) == "send again with the same key");
    BOOST_TEST(what_to_do(td::errc::server_error) == "try again later");
    auto limited = td::make_failure(td::errc::rate_limited, [](td::diagnostics& facts) { facts.wait = 7s; });
    BOOST_TEST(what_to_do(limited) == "wait 7 s");
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const invalid = co_await notify.send("ada at example.com", td::text{"1"});
        BOOST_TEST(what_to_do(invalid.error()) == "correct the address ada at example.com");
        auto const unknown = co_await notify.send("nobody@example.com", td::text{"1"});
        BOOST_TEST(what_to_do(unknown.error()) == "correct the address nobody@example.com");
        notifier wrong(ex, td::lark::credentials("cli_none", td::secret("wrong")), url<td::lark>(platform));
        auto const refused = co_await wrong.send("ada@example.com", td::text{"1"});
        BOOST_TEST(what_to_do(refused.error()).starts_with("ask an administrator: "));
    });
}

BOOST_AUTO_TEST_CASE(notices_and_cards_of_the_guide_are_delivered)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const alarm = co_await notify.send("ada@example.com", disk_alarm());
        BOOST_TEST(alarm.has_value(), alarm.error());
        auto const card = co_await notify.send("ada@example.com", approval());
        BOOST_TEST(card.has_value(), card.error());
        auto const filled = co_await notify.send("ada@example.com", from_template());
        BOOST_TEST(filled.has_value(), filled.error());
    });
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_CASE(many_people_of_the_guide_are_told_and_counted)
{
    td::sandbox::server platform;
    std::vector<td::match::email> const people{td::match::email("ada@example.com"), td::match::email("bob@example.com"),
                                               td::match::email("nobody@example.com")};
    std::string printed;
    std::string reported;
    {
        captured const out(std::cout);
        captured const err(std::cerr);
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            notifier notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
            co_await tell_everybody(notify, people);
            co_await tell_everybody_at_once(notify, people);
        });
        printed = out.text();
        reported = err.text();
    }
    BOOST_TEST(printed == "2 delivered, 1 failed, 0 unknown\n2 accepted\n");
    BOOST_TEST(reported.find("nobody@example.com: lark: ") != std::string::npos, reported);
}

BOOST_AUTO_TEST_CASE(a_secret_is_rotated_by_assigning_a_notifier_with_the_new_one)
{
    td::sandbox::server platform;
    auto const old = credentials<td::lark>(platform);
    auto const where = url<td::lark>(platform);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier notify(ex, old, where);
        auto const before = co_await notify.send("ada@example.com", td::text{"before"});
        BOOST_TEST(before.has_value(), before.error());

        // The console makes another secret. The old one gets no more tokens.
        platform.edit([&](td::sandbox::world& world) { world.find_app(old.app_id())->app_secret = "renewed"; });
        auto const kept = co_await notify.send("ada@example.com", td::text{"with the token of the old secret"});
        BOOST_TEST(kept.has_value(), kept.error());
        platform.revoke_tokens(old.app_id());
        auto const refused = co_await notify.send("ada@example.com", td::text{"refused"});
        BOOST_TEST((refused.has_error() && refused.error() == td::errc::bad_credentials));

        auto const renewed = [&] { return td::lark::credentials(old.app_id(), td::secret("renewed")); };
        co_await send_with_the_current_secret(notify, "ada@example.com", "after", renewed, where);
        BOOST_TEST(platform.ledger().size() == 3u);

        platform.edit([&](td::sandbox::world& world) { world.find_app(old.app_id())->app_secret = "again"; });
        rotate(notify, td::lark::credentials(old.app_id(), td::secret("again")), where);
        auto const after = co_await notify.send("ada@example.com", td::text{"after"});
        BOOST_TEST(after.has_value(), after.error());
    });
    BOOST_TEST(platform.ledger().size() == 4u);
}

BOOST_AUTO_TEST_CASE(settings_of_the_guides_make_notifiers)
{
    asio::io_context io;
    auto const executor = io.get_executor();
    temporary_directory const cache;
    {
        tidings::wecom::credentials const app("ww1", tidings::secret("s"), 1000002);
        //[patient
        tidings::notifier<tidings::wecom, tidings::match::login_name, tidings::retry::safe> patient{
            executor, app, tidings::retry::safe{}.max_retries(6).max_backoff(20s)};
        //]
        BOOST_TEST((patient.get_executor() == executor));
    }
    {
        tidings::wecom::credentials const app("ww1", tidings::secret("s"), 1000002);
        std::string const directory = cache.path();
        //[token_files
        tidings::notifier<tidings::wecom, tidings::match::login_name, tidings::token_cache::file> notify{
            executor, app, tidings::token_cache::file{directory}};
        //]
        BOOST_TEST((notify.get_executor() == executor));
    }
    {
        tidings::dingtalk::credentials const app("ding1", tidings::secret("s"));
        //[pacing
        tidings::pacing::published pacing;
        pacing.limit(60, 1s);                    // a plan of DingTalk with 60 calls a second, for every API
        pacing.limit("im/v1/images", 100, 1min); // one API, by its name in the table
        pacing.limit_each_person(3, 1s);         // slower than Lark permits
        pacing.share(0.5);                       // two programs send for the same application

        tidings::notifier<tidings::dingtalk, tidings::match::phone_number, tidings::pacing::published> notify{
            executor, app, pacing};
        //]
        BOOST_TEST((notify.get_executor() == executor));
    }
}

BOOST_AUTO_TEST_SUITE_END()
