// A notifier whose platform and match strategy are chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/any_notifier.hpp>

#include "support/each_token.hpp"
#include "support/run.hpp"

#include <tidings/sandbox/server.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(any_notifiers)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using test::completes_with_each_token;
using test::run;

/// What the sandbox calls the platform of a provider.
std::string platform_of(std::string_view provider)
{
    return std::string(provider == "dingtalk_work" ? "dingtalk" : provider);
}

td::any_credentials credentials(td::sandbox::server const& platform, std::string_view provider)
{
    if (provider == "wecom")
    {
        auto const app = platform.wecom_app();
        return td::any_credentials(app.corp_id, td::secret(app.secret)).agent_id(app.agent_id);
    }
    if (platform_of(provider) == "dingtalk")
    {
        auto const app = platform.dingtalk_app();
        return td::any_credentials(app.app_key, td::secret(app.app_secret))
            .agent_id(app.agent_id)
            .robot_code(app.robot_code);
    }
    auto const app = platform.app(provider);
    return td::any_credentials(app.app_id, td::secret(app.app_secret));
}

td::any_settings settings(td::sandbox::server const& platform, std::string_view provider)
{
    return td::any_settings().base_url(platform.url(platform_of(provider)));
}

/// GCC 12 does not compile a list in braces within an awaited expression.
template<class... Names>
std::vector<std::string> names(Names const&... all)
{
    std::vector<std::string> out;
    (out.emplace_back(all), ...);
    return out;
}

td::any_notifier make(asio::any_io_executor ex, td::sandbox::server const& platform, std::string_view provider,
                      std::vector<std::string> const& match)
{
    auto made = td::any_notifier::make(ex, provider, match, credentials(platform, provider),
                                       settings(platform, provider).directory_scan());
    BOOST_TEST_REQUIRE(made.has_value(), made.error());
    return *std::move(made);
}

std::string why_not(std::string_view provider, std::vector<std::string> const& match)
{
    asio::io_context io;
    auto const made = td::any_notifier::make(io.get_executor(), provider, match,
                                             td::any_credentials("app", td::secret("secret")), td::any_settings());
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST((made.error() == td::errc::invalid_argument));
    return made.error().message();
}

std::ptrdiff_t count_requests(td::sandbox::server const& platform, std::string_view path)
{
    auto const all = platform.requests();
    return std::count_if(all.begin(), all.end(), [path](auto const& r) { return r.target.starts_with(path); });
}

std::map<std::string, std::string> addresses_of_ada(td::sandbox::server const& platform)
{
    auto const world = platform.world();
    auto const& ada = *world.find_person("ada");
    return {{"login_name", "ada"}, {"phone_number", ada.mobile}, {"email", ada.email}};
}

/// What the text of a recipient begins with: Lark and Feishu have the same ids.
std::string recipients_of(std::string_view provider)
{
    return provider == "feishu" ? "lark" : platform_of(provider);
}

/// Sends a message, finds the person, asks who has read it, and takes it back.
asio::awaitable<void> use(td::sandbox::server& platform, td::any_notifier notify, std::string to)
{
    auto const& row = notify.capabilities();
    auto const warm = co_await notify.warm_up();
    BOOST_TEST_REQUIRE(warm.has_value(), warm.error());
    auto const sent = co_await notify.send(to, td::text("to " + to));
    BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    auto const message = platform.ledger().back();
    BOOST_TEST(message.provider == platform_of(row.name));
    BOOST_TEST(message.reached == std::vector<std::string>{"ada"}, boost::test_tools::per_element());

    auto const found = co_await notify.resolve(to);
    BOOST_TEST_REQUIRE(found.has_value(), found.error());
    BOOST_TEST(found->platform() == recipients_of(row.name));
    auto const again = co_await notify.send(*found, td::markdown("**" + to + "**"));
    BOOST_TEST_REQUIRE(again.has_value(), again.error());
    BOOST_TEST(again->person_id() == found->id());

    auto const readers = co_await notify.readers(*sent);
    if (row.has_capability("readers"))
    {
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST(readers->empty());
    }
    else
        BOOST_TEST(readers.error().message().find("WeCom does not have readers; of a message that was sent it has "
                                                  "recall") != std::string::npos,
                   readers.error());
    auto const recalled = co_await notify.recall(*sent);
    BOOST_TEST_REQUIRE(recalled.has_value(), recalled.error());
    auto const ledger = platform.ledger();
    BOOST_TEST(std::any_of(ledger.begin(), ledger.end(),
                           [&](auto const& m) { return m.message_id == message.message_id && m.recalled; }));

    auto const drained = co_await notify.drain();
    BOOST_TEST(drained.has_value());
    auto const closed = co_await notify.close();
    BOOST_TEST(closed.has_value());
    auto const late = co_await notify.send(to, td::text("late"));
    BOOST_TEST((late.error() == td::errc::cancelled));
}

} // namespace

BOOST_AUTO_TEST_CASE(every_platform_serves_every_match_strategy_of_people)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    std::size_t count = 0;
    for (auto const& row : td::any_notifier::platforms())
        for (auto const& [match, to] : addresses)
        {
            BOOST_TEST_CONTEXT(row.name << " by " << match)
            run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
                co_await use(platform, make(ex, platform, row.name, names(match)), to);
            });
            ++count;
        }
    BOOST_TEST(count == 5u * 3u);
}

BOOST_AUTO_TEST_CASE(the_names_of_platforms_are_those_of_the_code)
{
    std::vector<std::string_view> names;
    for (auto const& row : td::any_notifier::platforms())
        names.push_back(row.name);
    std::vector<std::string_view> const expected{"lark", "feishu", "dingtalk", "dingtalk_work", "wecom"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
    auto const& lark = td::any_notifier::platforms().front();
    BOOST_TEST((lark.find_match("email")->kind == td::lookup_kind::either));
    BOOST_TEST(lark.find_match("login-name") == lark.find_match("login name"));
    BOOST_TEST(!lark.find_match("department"));
    BOOST_TEST(lark.has_message("notice"));
    BOOST_TEST(!lark.has_message("stranger"));
    BOOST_TEST(lark.has_capability("recall"));
    BOOST_TEST(lark.idempotency_keys);
    BOOST_TEST(!td::any_notifier::platforms()[2].idempotency_keys);
}

BOOST_AUTO_TEST_CASE(ids_of_people_chats_departments_and_tags_are_used_as_they_are)
{
    td::sandbox::server platform;
    struct row
    {
        char const* provider;
        char const* match;
        char const* to;
    };
    for (auto const& one :
         {row{"lark", "chat-id", "oc_5ad11d72b830411d72b836c20"},
          row{"feishu", "chat_id", "oc_5ad11d72b830411d72b836c20"}, row{"dingtalk", "chat id", "cidtidings0718=="},
          row{"wecom", "chat_id", "tidingsoncall0718"}, row{"wecom", "department", "3"}, row{"wecom", "tag", "1"}})
        BOOST_TEST_CONTEXT(one.provider << " by " << one.match)
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, one.provider, names(one.match));
        BOOST_TEST(notify.check(one.to).value() == one.to);
        auto const sent = co_await notify.send(one.to, td::text("hi"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() == one.to);
    });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "lark", names("open_id"));
        auto const before = platform.requests().size();
        auto const wrong = co_await notify.send("on_1", td::text("hi"));
        BOOST_TEST((wrong.error() == td::errc::invalid_recipient));
        BOOST_TEST(notify.check("on_1").error().message().find("does not begin with ou_") != std::string::npos);
        BOOST_TEST(platform.requests().size() == before);
    });
}

BOOST_AUTO_TEST_CASE(every_platform_has_every_kind_of_message)
{
    td::sandbox::server platform;
    std::string const png("\x89PNG\r\n\x1a\n1234", 12);
    std::map<std::string, td::any_native> const natives{{"lark", {"text", R"({"text":"hi"})"}},
                                                        {"feishu", {"text", R"({"text":"hi"})"}},
                                                        {"dingtalk", {"sampleText", R"({"content":"hi"})"}},
                                                        {"dingtalk_work", {"text", R"({"content":"hi"})"}},
                                                        {"wecom", {"text", R"({"content":"hi"})"}}};
    for (auto const& row : td::any_notifier::platforms())
    {
        std::vector<td::any_message> messages;
        messages.emplace_back(td::text("1"));
        messages.emplace_back(td::markdown("**2**"));
        messages.emplace_back(td::notice("3").fact("a", "b"));
        messages.emplace_back(td::image(png));
        messages.emplace_back(td::file("a.pdf", "%PDF-1.4 1234"));
        messages.emplace_back(natives.at(std::string(row.name)));
        BOOST_TEST(messages.size() == row.messages.size() - (row.has_message("card") ? 1 : 0));
        for (auto const& message : messages)
            BOOST_TEST_CONTEXT(row.name << ", kind " << message.index())
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, row.name, names("login_name"));
            auto const before = platform.ledger().size();
            auto const sent = co_await notify.send("ada", message);
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(platform.ledger().size() == before + 1);
        });
    }
}

BOOST_AUTO_TEST_CASE(a_chain_is_tried_in_the_order_of_its_names)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "wecom", names("phone-number", "email"));
        for (auto const* const match : {"phone_number", "email"})
        {
            auto const sent = co_await notify.send(addresses.at(match), td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(platform.ledger().back().to == "ada");
        }
        auto const nobody = co_await notify.send("nobody@example.com", td::text("hi"));
        BOOST_TEST_REQUIRE(nobody.has_error());
        BOOST_TEST((nobody.error() == td::errc::recipient_not_found));
        auto const text = nobody.error().message();
        auto const phone = text.find("phone number: ");
        BOOST_TEST(phone < text.find("email: "), text);
        BOOST_TEST(text.find("login name") == text.npos, text);
        BOOST_TEST(notify.check("neither").error().message().find("phone number") != std::string::npos);

        // The last link is used as it is: that nobody has the login name is found out by sending.
        auto last = make(ex, platform, "wecom", names("email", "login_name"));
        auto const found = co_await last.resolve("ada");
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        BOOST_TEST(found->id() == "ada");
        // Before another link it is looked up.
        auto first = make(ex, platform, "wecom", names("login_name", "email"));
        auto const other = co_await first.resolve(addresses.at("email"));
        BOOST_TEST_REQUIRE(other.has_value(), other.error());
        BOOST_TEST(other->id() == "ada");
    });
}

BOOST_AUTO_TEST_CASE(a_chain_in_the_flow_of_many_people)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "lark", names("email", "phone_number"));
        std::vector<std::string> const people{addresses.at("email"), addresses.at("phone_number"), "x@example.com"};
        std::vector<bool> delivered;
        auto const sink = [&](std::size_t, td::any_address const&, td::result<td::receipt> const& outcome) {
            delivered.push_back(outcome.has_value());
        };
        auto const done = co_await notify.send_each(people, td::text("hi"), sink);
        BOOST_TEST_REQUIRE(done.has_value(), done.error());
        BOOST_TEST(done->delivered == 2u);
        BOOST_TEST(done->failed == 1u);
        BOOST_TEST(platform.ledger().size() == 1u); // the same person
        std::vector<bool> const expected{true, true, false};
        BOOST_TEST(delivered == expected, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(two_texts_of_a_chain_that_are_the_same_phone_number_are_two_addresses)
{
    auto world = td::sandbox::world::standard();
    world.find_person("ada")->email = "j.doe@example.com";
    world.find_person("bob")->email = "jdoe@example.com";
    td::sandbox::server platform(td::sandbox::options().world(world));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "lark", names("phone_number", "email"));
        for (auto const* const text : {"j.doe@example.com", "jdoe@example.com", "+65 9123-4567"})
            BOOST_TEST(notify.check(text).value() == text); // nobody may be taken for somebody else by it
        std::vector<std::string> const people{"j.doe@example.com", "jdoe@example.com"};
        auto const done = co_await notify.send_each(people, td::text("hi"), [](auto const&...) {});
        BOOST_TEST_REQUIRE(done.has_value(), done.error());
        BOOST_TEST(done->delivered == 2u);
        BOOST_TEST(platform.ledger().size() == 2u);

        auto const nobody = co_await notify.send("no.body@example.com", td::text("hi"));
        BOOST_TEST_REQUIRE(nobody.has_error());
        BOOST_TEST(nobody.error().recipient() == "no.body@example.com");
        auto const elsewhere = co_await notify.send(td::any_recipient("wecom", "login_name", "ada"), td::text("hi"));
        BOOST_TEST_REQUIRE(elsewhere.has_error());
        BOOST_TEST((elsewhere.error() == td::errc::invalid_recipient));
        BOOST_TEST(elsewhere.error().recipient() == "ada");
    });
}

BOOST_AUTO_TEST_CASE(each_link_of_a_chain_uses_the_text_that_the_person_has_for_its_kind)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    for (auto const& row : td::any_notifier::platforms())
        BOOST_TEST_CONTEXT(row.name)
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, row.name, names("email", "phone-number"));
        auto const ada = td::any_person()
                             .email("gone@example.com")
                             .phone_number(addresses.at("phone_number"))
                             .login_name("somebody_else");
        BOOST_TEST_REQUIRE(notify.check(ada).has_value());
        BOOST_TEST(*notify.check(ada) == ada.text());
        auto const sent = co_await notify.send(ada, td::text("hi"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().reached == std::vector<std::string>{"ada"},
                   boost::test_tools::per_element());
        auto const found = co_await notify.resolve(ada);
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        BOOST_TEST(found->id() == sent->person_id());

        auto const nobody = td::any_person().email("gone@example.com").phone_number("+6590000000");
        auto const lost = co_await notify.send(nobody, td::text("hi"));
        BOOST_TEST_REQUIRE(lost.has_error());
        BOOST_TEST((lost.error() == td::errc::recipient_not_found));
        BOOST_TEST(lost.error().recipient() == "email=gone@example.com; phone_number=+6590000000");
        auto const why = lost.error().message();
        BOOST_TEST(why.find("email: ") < why.find("phone number: "), why);
    });
}

BOOST_AUTO_TEST_CASE(a_kind_of_which_the_person_has_no_text_is_skipped)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "lark", names("open_id", "email", "phone_number"));
        auto const by_phone = td::any_person().phone_number(addresses.at("phone_number")).email("");
        auto const found = co_await notify.resolve(by_phone);
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        auto const by_id = td::any_person().address("open-id", found->id());
        auto const sent = co_await notify.send(by_id, td::text("hi"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().to == "ada");

        auto const nobody = td::any_person().phone_number("+6590000000");
        auto const lost = co_await notify.send(nobody, td::text("hi"));
        BOOST_TEST_REQUIRE(lost.has_error());
        BOOST_TEST(lost.error().message().find("email: not given") != std::string::npos, lost.error());
    });
    // The only link that is left is used as the last one is: without a look-up.
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "wecom", names("login_name", "email"));
        auto const before = count_requests(platform, "/cgi-bin/user/get");
        auto const by_name = td::any_person().login_name("ada");
        auto const found = co_await notify.resolve(by_name);
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        BOOST_TEST(found->id() == "ada");
        BOOST_TEST(count_requests(platform, "/cgi-bin/user/get") == before);
    });
}

BOOST_AUTO_TEST_CASE(a_person_without_any_address_of_the_notifiers_kinds_is_refused_before_any_request)
{
    struct row
    {
        std::vector<std::string> match;
        td::any_person who;
        char const* why;
        char const* finding;
    };
    auto const ada = td::any_person().login_name("ada");
    constexpr auto neither = "the person has no email and no phone number";
    std::vector<row> const rows{{{"email", "phone_number"}, ada, neither, neither},
                                {{"email", "phone_number"}, td::any_person(), neither, neither},
                                {{"email"}, ada, "the person has no email", "the person has no email"},
                                {{"email", "phone_number"},
                                 td::any_person().email("x"),
                                 "name@domain; the person has no phone number",
                                 "name@domain"}};
    for (auto const& row : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            td::sandbox::server platform;
            auto notify = make(ex, platform, "lark", row.match);
            auto const is_refused = [&](td::failure const& f) {
                BOOST_TEST((f == td::errc::invalid_recipient), f);
                BOOST_TEST(f.message().find(row.why) != std::string::npos, f);
            };
            is_refused(notify.check(row.who).error());
            auto const sent = co_await notify.send(row.who, td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_error());
            is_refused(sent.error());
            BOOST_TEST(sent.error().recipient() == row.who.text());
            auto const found = co_await notify.resolve(row.who);
            BOOST_TEST_REQUIRE(found.has_error());
            is_refused(found.error());
            std::vector<td::any_person> const people(2, row.who);
            std::size_t refused = 0;
            auto const sink = [&](std::size_t, td::any_address const& who, td::result<td::receipt> const& outcome) {
                BOOST_TEST_REQUIRE(who.person());
                BOOST_TEST((*who.person() == row.who));
                BOOST_TEST_REQUIRE(outcome.has_error());
                is_refused(outcome.error());
                ++refused;
            };
            auto const done = co_await notify.send_each(people, td::text("hi"), sink);
            BOOST_TEST_REQUIRE(done.has_value(), done.error());
            BOOST_TEST(refused == 2u);
            BOOST_TEST(platform.requests().empty());

            // Here the platform is asked for a token, and for nobody.
            std::vector<td::any_address> one(1, row.who);
            auto const d = co_await notify.diagnose(std::move(one));
            BOOST_TEST_REQUIRE(d.has_value(), d.error());
            auto const* const check = d->find(td::check::recipient);
            BOOST_TEST_REQUIRE(check);
            BOOST_TEST((check->status() == td::check_status::fail));
            BOOST_TEST(check->message().find(row.finding) != std::string::npos, check->message());
        });
}

BOOST_AUTO_TEST_CASE(a_notifier_of_one_kind_uses_that_text_of_a_person)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    auto const ada =
        td::any_person().login_name("ada").phone_number(addresses.at("phone_number")).email(addresses.at("email"));
    for (auto const& [match, to] : addresses)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, "lark", names(match));
            BOOST_TEST(notify.check(ada).value() == notify.check(to).value());
            auto const sent = co_await notify.send(ada, td::text("hi"));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(platform.ledger().back().to == "ada");
        });
    // It is the same address as the text: one look-up serves both.
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "lark", names("email"));
        auto const before = count_requests(platform, "/open-apis/contact/v3/users/batch_get_id");
        std::vector<td::any_address> people;
        people.emplace_back(ada);
        people.emplace_back(addresses.at("email"));
        people.emplace_back(td::any_person().email("bob@example.com"));
        auto const done = co_await notify.send_each(people, td::text("hi"), [](auto const&...) {});
        BOOST_TEST_REQUIRE(done.has_value(), done.error());
        BOOST_TEST(done->delivered == 3u);
        auto const again = co_await notify.resolve(addresses.at("email"));
        BOOST_TEST(again.has_value());
        BOOST_TEST(count_requests(platform, "/open-apis/contact/v3/users/batch_get_id") == before + 1);
    });
}

BOOST_AUTO_TEST_CASE(a_person_gets_the_message_by_the_first_address_that_leads_to_somebody)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "feishu", names("email", "phone_number"));
        auto const email = std::string("ada@elsewhere.example");
        auto const phone = addresses_of_ada(platform).at("phone_number");
        //[any_person
        tidings::any_person ada;
        ada.email(email).phone_number(phone); // as the directory of the organisation has them, perhaps empty
        auto const sent = co_await notify.send(ada, tidings::text("Build is green"));
        //]
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().to == "ada");
    });
}

BOOST_AUTO_TEST_CASE(a_chain_keeps_people_apart_who_share_one_text)
{
    td::sandbox::server platform;
    auto const addresses = addresses_of_ada(platform);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "wecom", names("phone_number", "email"));
        std::vector<td::recipient_of<td::any_address>> people;
        people.emplace_back(td::any_person().phone_number("+6590000000").email(addresses.at("email")),
                            td::language_tag("zh"));
        people.emplace_back(td::any_person().phone_number("+6590000000").email("bob@example.com"));
        people.emplace_back(td::any_person().phone_number("+6590000000"));
        std::vector<bool> delivered;
        auto const sink = [&](std::size_t, td::any_address const&, td::result<td::receipt> const& outcome) {
            delivered.push_back(outcome.has_value());
        };
        auto const done = co_await notify.send_each(people, td::text("hi"), sink);
        BOOST_TEST_REQUIRE(done.has_value(), done.error());
        std::vector<bool> const expected{true, true, false};
        BOOST_TEST(delivered == expected, boost::test_tools::per_element());
        // Each field is looked up and shown by itself.
        std::vector<td::any_address> one(1, people.front().who());
        auto const d = co_await notify.diagnose(std::move(one));
        BOOST_TEST_REQUIRE(d.has_value(), d.error());
        std::map<std::string, std::string> shown;
        for (auto const& check : d->checks())
            if (check.id() == td::check::recipient)
            {
                shown.emplace(check.match(), check.address());
                BOOST_TEST((check.status() ==
                            (check.match() == "email" ? td::check_status::pass : td::check_status::unknown)));
            }
        std::map<std::string, std::string> const both{{"phone_number", "+6590000000"},
                                                      {"email", addresses.at("email")}};
        BOOST_TEST((shown == both));
    });
}

BOOST_AUTO_TEST_CASE(different_people_have_different_texts)
{
    auto const text = [](td::any_person const& who) { return std::string(td::any_address(who).view()); };
    BOOST_TEST(text(td::any_person()).empty());
    BOOST_TEST(text(td::any_person().phone_number("+65 9123-4567").email("ada@example.com")) ==
               "email=ada@example.com; phone_number=+65 9123-4567");
    BOOST_TEST(text(td::any_person().email("a; phone_number=1")) == "email=a\\; phone_number=1");
    BOOST_TEST(text(td::any_person().email("a\\").phone_number("1")) == "email=a\\\\; phone_number=1");
    BOOST_TEST(text(td::any_person().address("x=y", "z")) == "x\\=y=z");
    auto who = td::any_person().address("open id", "ou_1").email("ada@example.com");
    BOOST_TEST(who.find("open_id") == "ou_1");
    who.address("open-id", "").email("bob@example.com");
    BOOST_TEST((who == td::any_person().email("bob@example.com")));
    td::any_address const address(who);
    BOOST_TEST(!address.recipient());
    BOOST_TEST(!td::any_address("bob@example.com").person());
}

BOOST_AUTO_TEST_CASE(a_notifier_may_go_while_it_sends_to_many)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        std::optional<td::any_notifier> notify(make(ex, platform, "feishu", names("login_name")));
        std::vector<std::string> const people(5, "ada");
        std::size_t told = 0;
        auto const sink = [&](std::size_t, td::any_address const&, td::result<td::receipt> const&) {
            ++told;
            notify.reset();
        };
        auto const done = co_await notify->send_each(people, td::text("hi"), sink, td::send_each_options().window(1));
        BOOST_TEST_REQUIRE(done.has_value(), done.error());
        BOOST_TEST(told == people.size());
    });
}

BOOST_AUTO_TEST_CASE(many_people_are_looked_up_with_one_request_and_each_gets_an_outcome)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "lark", names("email"));
        std::vector<std::string> const people{"ada@example.com", "bob@example.com", "nobody@example.com",
                                              "not an address"};
        std::map<std::string, std::string> outcomes;
        auto const sink = [&](std::size_t index, td::any_address const& who,
                              td::result<td::receipt> const& outcome) -> asio::awaitable<void> {
            BOOST_TEST(who.view() == people.at(index));
            outcomes.emplace(who.view(), outcome ? "delivered" : outcome.error().code().message());
            co_return;
        };
        auto const done = co_await notify.send_each(people, td::text("hi"), sink);
        BOOST_TEST_REQUIRE(done.has_value(), done.error());
        BOOST_TEST(done->total() == people.size());
        BOOST_TEST(done->delivered == 2u);
        BOOST_TEST(outcomes.size() == people.size());
        BOOST_TEST(count_requests(platform, "/open-apis/contact/v3/users/batch_get_id") == 1);

        // With a language of their own, and as recipients.
        td::localized greeting("hi");
        greeting.in("zh", "你好");
        auto const ada = co_await notify.resolve("ada@example.com");
        std::vector<td::recipient_of<td::any_address>> mixed;
        mixed.emplace_back(td::any_address(*ada), td::language_tag("zh"));
        mixed.emplace_back("bob@example.com");
        mixed.emplace_back(td::any_recipient("wecom", "userid", "carol"));
        std::size_t refused = 0;
        auto const count = [&refused](std::size_t, td::any_address const& who, td::result<td::receipt> const& outcome) {
            refused += outcome.has_error() && outcome.error() == td::errc::invalid_recipient && who.recipient() ? 1 : 0;
        };
        auto const again = co_await notify.send_each(mixed, td::text(greeting), count);
        BOOST_TEST_REQUIRE(again.has_value(), again.error());
        BOOST_TEST(again->delivered == 2u);
        BOOST_TEST(refused == 1u);
        auto const ledger = platform.ledger();
        BOOST_TEST(std::any_of(ledger.begin(), ledger.end(), [](auto const& m) {
            return m.to == "ada" && m.content.find("你好") != std::string::npos;
        }));
    });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_is_refused_with_the_alternatives)
{
    auto const has = [](std::string const& text, std::string_view part) {
        BOOST_TEST(text.find(part) != std::string::npos, '"' << text << "\" lacks \"" << part << '"');
    };
    has(why_not("slack", {"email"}), "there is no platform \"slack\"; the platforms are lark, feishu, dingtalk, "
                                     "dingtalk_work and wecom");
    has(why_not("lark", {"nickname\x1b"}), "Lark does not find people by \"nickname \"; use one of login_name, "
                                           "phone_number, email, open_id, union_id and chat_id");
    has(why_not("dingtalk", {"email"}), "DingTalk has no look-up for this kind of address: email. Set directory_scan, "
                                        "which reads the whole directory once and remembers it, or use one of "
                                        "login_name, phone_number, login_id and chat_id");
    has(why_not("wecom", {"open_id"}), "WeCom does not find people by \"open_id\"");
    has(why_not("lark", {"chat_id", "email"}), "a chain goes on to the next link when a link leads to nobody; of "
                                               "chat_id Lark cannot tell. Make it the last link");
    has(why_not("lark", {"email", "email"}), "the chain has email twice");
    has(why_not("lark", {}), "no match strategy was given; Lark has login_name");
    has(why_not("feishu", {""}), "Feishu does not find people by \"\"");
}

BOOST_AUTO_TEST_CASE(credentials_and_settings_that_are_not_usable_are_the_result_of_every_call)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto wrong_url = td::any_notifier::make(ex, "lark", "email", credentials(platform, "lark"),
                                                td::any_settings().base_url("ftp://example.com"));
        auto const sent = co_await wrong_url->send("ada@example.com", td::text("hi"));
        BOOST_TEST((sent.error() == td::errc::invalid_argument));
        auto no_agent =
            td::any_notifier::make(ex, "dingtalk_work", "login_name", td::any_credentials("key", td::secret("secret")),
                                   settings(platform, "dingtalk_work"));
        auto const warm = co_await no_agent->warm_up();
        BOOST_TEST(warm.error().message().find("agent id") != std::string::npos, warm.error());
        auto late = td::any_notifier::make(ex, "wecom", "login_name", credentials(platform, "wecom"),
                                           settings(platform, "wecom").deadline(std::chrono::milliseconds(-1)));
        auto const never = co_await late->send("ada", td::text("hi"));
        BOOST_TEST((never.error() == td::errc::timed_out), never.error());
        BOOST_TEST(platform.requests().empty());
    });
}

/// Whether the object is printed by a stream.
template<class T>
concept is_printed = requires(std::ostream& out, T const& value) { out << value; };

BOOST_AUTO_TEST_CASE(the_password_of_a_proxy_is_a_secret)
{
    static_assert(std::same_as<decltype(td::any_settings().proxy()->url()), td::secret const&>);
    static_assert(!is_printed<td::any_settings> && !is_printed<td::transport::proxy>);
    td::any_settings how;
    how.proxy("http://ada:hunter2@127.0.0.1:1");
    BOOST_TEST_REQUIRE(how.proxy().has_value());
    BOOST_TEST(!how.proxy("").proxy().has_value()); // as tidings-send does without the option

    asio::io_context io;
    auto const executor = io.get_executor();
    std::vector<td::transport::proxy> const proxies{
        "http://ada:hunter2@127.0.0.1:1",     // nobody listens there
        "http://ada:hunter2@127.0.0.1:never", // no port
        "socks5://ada:hunter2@127.0.0.1:1",   //
        td::transport::proxy("http://127.0.0.1:1", "ada", td::secret("hunter2")),
    };
    for (auto const& through : proxies)
    {
        auto notify = td::any_notifier::make(executor, "lark", "login_name",
                                             td::any_credentials("cli_a1b2c3d4e5f60718", td::secret("secret")),
                                             td::any_settings().proxy(through).max_retries(0));
        BOOST_TEST_REQUIRE(notify.has_value());
        auto warm = asio::co_spawn(executor, notify->warm_up(), asio::use_future);
        io.restart();
        io.run();
        auto const why = warm.get().error();
        std::ostringstream printed;
        printed << why << '\n' << why.message() << '\n' << why.remedy();
        BOOST_TEST(printed.str().find("proxy") != std::string::npos, printed.str());
        BOOST_TEST(printed.str().find("hunter2") == std::string::npos, printed.str());
    }
}

BOOST_AUTO_TEST_CASE(the_settings_are_those_of_the_policies)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const how =
            settings(platform, "lark").max_retries(1).initial_backoff(std::chrono::milliseconds(1)).language("zh");
        auto notify = td::any_notifier::make(ex, "lark", "login_name", credentials(platform, "lark"), how);
        platform.add_fault(
            td::sandbox::fault(td::sandbox::fault_kind::answer).path("/open-apis/im/v1/messages").times(2).status(503));
        td::localized greeting("hi");
        greeting.in("zh", "你好");
        auto const failed = co_await notify->send("ada", td::text(greeting));
        BOOST_TEST_REQUIRE(failed.has_error());
        BOOST_TEST(failed.error().attempts() == 2u);
        auto const sent = co_await notify->send("ada", td::text(greeting));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().content.find("你好") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_recipient_is_kept_as_text_and_belongs_to_one_platform)
{
    td::sandbox::server platform;
    auto const kept = td::any_recipient::parse("dingtalk:chat_id:cid:1");
    BOOST_TEST_REQUIRE(kept.has_value());
    BOOST_TEST(kept->platform() == "dingtalk");
    BOOST_TEST(kept->type() == "chat_id");
    BOOST_TEST(kept->id() == "cid:1");
    BOOST_TEST(kept->text() == "dingtalk:chat_id:cid:1");
    BOOST_TEST((*kept == td::any_recipient("dingtalk", "chat_id", "cid:1")));
    for (auto const* const text :
         {"", "dingtalk", "dingtalk:chat_id", "::", ":chat_id:1", "dingtalk::1", "dingtalk:chat_id:"})
        BOOST_TEST((td::any_recipient::parse(text).error() == td::errc::invalid_recipient));

    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "feishu", names("email"));
        for (auto const& other : {td::any_recipient("wecom", "user_id", "ada"),
                                  td::any_recipient("lark", "userid", "ada"), td::any_recipient()})
        {
            auto const sent = co_await notify.send(other, td::text("hi"));
            BOOST_TEST((sent.error() == td::errc::invalid_recipient), other.text());
            BOOST_TEST(notify.check(other).has_error());
        }
        auto const sent = co_await notify.send(td::any_recipient("lark", "user_id", "ada"), td::text("hi"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().to == "ada");
    });
}

BOOST_AUTO_TEST_CASE(every_operation_completes_with_each_token)
{
    td::sandbox::server platform;
    asio::io_context io;
    auto notify = make(io.get_executor(), platform, "lark", names("login_name"));
    auto const how = td::call_options().deadline(std::chrono::minutes(1));
    std::vector<std::string> const people{"ada", "bob"};
    auto const sink = [](std::size_t, td::any_address const&, td::result<td::receipt> const&) {};

    completes_with_each_token<void>(io, [&](auto&&... t) { return notify.async_warm_up(t...); });
    completes_with_each_token<void>(io, [&](auto&&... t) { return notify.async_warm_up(how, t...); });
    completes_with_each_token<td::receipt>(io,
                                           [&](auto&&... t) { return notify.async_send("ada", td::text("1"), t...); });
    completes_with_each_token<td::receipt>(
        io, [&](auto&&... t) { return notify.async_send("ada", td::text("2"), td::send_options(), t...); });
    completes_with_each_token<td::send_summary>(
        io, [&](auto&&... t) { return notify.async_send_each(people, td::text("3"), sink, t...); });
    completes_with_each_token<td::send_summary>(io, [&](auto&&... t) {
        return notify.async_send_each(people, td::text("4"), sink, td::send_each_options(), t...);
    });
    BOOST_TEST(platform.ledger().size() == 4u * (1 + 1 + 2 + 2));
    completes_with_each_token<td::any_recipient>(io, [&](auto&&... t) { return notify.async_resolve("ada", t...); });
    completes_with_each_token<td::any_recipient>(io,
                                                 [&](auto&&... t) { return notify.async_resolve("ada", how, t...); });

    std::vector<td::any_address> const addresses{"ada", "bob"};
    completes_with_each_token<td::diagnosis>(io, [&](auto&&... t) { return notify.async_diagnose(addresses, t...); });
    completes_with_each_token<td::diagnosis>(io,
                                             [&](auto&&... t) { return notify.async_diagnose(addresses, how, t...); });

    auto sending = notify.async_send("ada", td::text("5"), asio::use_future);
    io.restart();
    io.run();
    auto const sent = sending.get().value();
    using ids = std::vector<std::string>;
    completes_with_each_token<ids>(io, [&](auto&&... t) { return notify.async_readers(sent, t...); });
    completes_with_each_token<ids>(io, [&](auto&&... t) { return notify.async_readers(sent, how, t...); });
    // A message is recalled once.
    auto recalled = notify.async_recall(sent, how, asio::use_future);
    io.restart();
    io.run();
    BOOST_TEST(recalled.get().has_value());
    BOOST_TEST(platform.ledger().back().recalled);

    completes_with_each_token<void>(io, [&](auto&&... t) { return notify.async_drain(t...); });
    completes_with_each_token<void>(io, [&](auto&&... t) { return notify.async_drain(how, t...); });
    completes_with_each_token<void>(io, [&](auto&&... t) { return notify.async_close(t...); });
    completes_with_each_token<void>(io, [&](auto&&... t) { return notify.async_close(how, t...); });
    auto late = notify.async_recall(sent, asio::use_future);
    io.restart();
    io.run();
    BOOST_TEST((late.get().error() == td::errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_message_that_was_started_before_closing_is_sent)
{
    td::sandbox::server platform;
    asio::io_context io;
    auto notify = make(io.get_executor(), platform, "lark", names("login_name"));
    auto sent = notify.async_send("ada", td::text("1"), asio::use_future);
    auto closed = notify.async_close(asio::use_future);
    auto late = notify.async_send("ada", td::text("2"), asio::use_future);
    io.run();
    BOOST_TEST(sent.get().has_value());
    BOOST_TEST(closed.get().has_value());
    BOOST_TEST((late.get().error() == td::errc::cancelled));
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_total_cancellation_ends_a_send_only_until_the_message_is_written)
{
    using td::sandbox::fault;
    using td::sandbox::fault_kind;
    td::sandbox::server platform;
    asio::io_context io;
    auto notify = make(io.get_executor(), platform, "lark", names("login_name"));
    asio::cancellation_signal stop;
    std::optional<td::result<td::receipt>> outcome;
    auto const start = [&] {
        outcome.reset();
        notify.async_send("ada", td::text("hi"),
                          asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> r) { outcome = r; }));
        io.restart();
    };
    auto const run_until_requests = [&](std::size_t count) {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (platform.requests().size() < count && std::chrono::steady_clock::now() < end)
            io.run_one_for(std::chrono::milliseconds(1));
        BOOST_TEST_REQUIRE(platform.requests().size() >= count);
    };

    platform.add_fault(fault(fault_kind::stall)); // of the token's request, which delivers nothing
    start();
    run_until_requests(1);
    stop.emit(asio::cancellation_type::total);
    io.run();
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->error() == td::errc::cancelled), outcome->error());
    BOOST_TEST(platform.ledger().empty());

    start();
    io.run();
    BOOST_TEST_REQUIRE(outcome->has_value());
    auto const before = platform.requests().size();
    platform.add_fault(fault(fault_kind::reply_lost).path("/open-apis/im/v1/messages").times(2));
    start();
    run_until_requests(before + 1);
    stop.emit(asio::cancellation_type::total);
    io.run();
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST(outcome->has_value()); // it was repeated under its key
    BOOST_TEST(platform.requests().size() == before + 3);
    BOOST_TEST(platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_sink_is_thrown_to_who_awaits_and_is_a_failure_for_a_handler)
{
    td::sandbox::server platform;
    asio::io_context io;
    auto notify = make(io.get_executor(), platform, "lark", names("login_name"));
    std::vector<std::string> const people{"ada", "bob"};
    auto const throws = [](std::size_t, td::any_address const&, td::result<td::receipt> const&) {
        throw std::domain_error("disk full");
    };
    auto awaited = asio::co_spawn(io, notify.send_each(people, td::text("1"), throws), asio::use_future);
    auto handled = notify.async_send_each(people, td::text("2"), throws, asio::use_future);
    io.run();
    BOOST_CHECK_THROW(awaited.get(), std::domain_error);
    auto const why = handled.get().error();
    BOOST_TEST((why == td::errc::partly_delivered), why);
    BOOST_TEST(why.message().find("the sink threw: disk full; delivered: 2") != std::string::npos, why);
}

/// Counts what it gets.
class event_counter
{
public:
    using policy_kind = td::observer_kind;

    void on(td::event::attempt_ended const&) noexcept { ++counts_->attempts; }
    void on(td::event::delivery_settled const& e) noexcept { ++(e.error ? counts_->failed : counts_->delivered); }

    struct counts
    {
        int attempts = 0;
        int delivered = 0;
        int failed = 0;
    };
    counts const& get() const { return *counts_; }

private:
    std::shared_ptr<counts> counts_ = std::make_shared<counts>();
};

BOOST_AUTO_TEST_CASE(an_observer_of_any_type_gets_the_events_it_has_a_function_for)
{
    td::sandbox::server platform;
    for (auto const& row : td::any_notifier::platforms())
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            event_counter counter;
            auto const how = settings(platform, row.name).observer(counter);
            auto notify = td::any_notifier::make(ex, row.name, "login_name", credentials(platform, row.name), how);
            BOOST_TEST_REQUIRE(notify.has_value(), notify.error());
            auto const sent = co_await notify->send("ada", td::text("hi"));
            BOOST_TEST(sent.has_value(), sent.error());
            auto const refused = co_await notify->send("", td::text("hi"));
            BOOST_TEST(refused.has_error());
            BOOST_TEST(counter.get().attempts >= 2);
            BOOST_TEST(counter.get().delivered == 1);
            BOOST_TEST(counter.get().failed == 1);
        });
    // None: nothing is called.
    td::observer::any none;
    none.on(td::event::delivery_settled());
    td::observer::any silent{td::observer::none()};
    silent.on(td::event::delivery_settled());
    // Neither is anything called after the observer was moved away.
    event_counter counter;
    td::observer::any first(counter);
    td::observer::any second(std::move(first));
    second.on(td::event::delivery_settled());
    first.on(td::event::delivery_settled());
    BOOST_TEST(counter.get().delivered == 1);
    first = second;
    first.on(td::event::delivery_settled());
    BOOST_TEST(counter.get().delivered == 2);
    static_assert(!td::observes<td::observer::any, int>);
    static_assert(!std::is_constructible_v<td::observer::any, int>);
}

BOOST_AUTO_TEST_SUITE_END()
