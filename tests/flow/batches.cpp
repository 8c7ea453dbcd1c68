// One message to many, spread by the platform itself.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/json.hpp>

#include <map>
#include <set>

BOOST_AUTO_TEST_SUITE(batches)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;

template<class Provider, class Match, class... Policies>
using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url, Policies...>;

constexpr std::string_view batch_path = "/open-apis/message/v4/batch_send/";

std::vector<std::string> logins(int size)
{
    std::vector<std::string> out;
    for (int i = 0; i != size; ++i)
        out.push_back("p" + std::to_string(i));
    return out;
}

boost::json::value body_of(td::sandbox::server const& platform, std::string_view path)
{
    for (auto const& one : platform.requests())
        if (one.target.starts_with(path))
            return boost::json::parse(one.body);
    return nullptr;
}

} // namespace

BOOST_AUTO_TEST_CASE(four_hundred_and_fifty_people_are_three_requests_and_those_who_are_nobody_fail_alone)
{
    constexpr int size = 448;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(size)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto people = logins(size);
        people.insert(people.begin() + 250, "nobody");
        people.insert(people.begin() + 7, "rita"); // has left
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"all hands"}, seen.sink(),
                                                    td::native_batch_options().concurrency(2));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == static_cast<std::size_t>(size));
        BOOST_TEST(sent->failed == 2u);
        BOOST_TEST(sent->complete);
        BOOST_TEST(seen.order.size() == people.size());
        BOOST_TEST(seen.in_order());
        BOOST_TEST(count_requests(platform, batch_path) == 3);
        BOOST_TEST(count_requests(platform, send_path) == 0);
        BOOST_TEST((seen.by_person["nobody"] == td::errc::recipient_not_found));
        auto const& left = seen.told.at("rita").error();
        BOOST_TEST((left == td::errc::recipient_not_found));
        BOOST_TEST(left.operation() == "send message");
        BOOST_TEST(left.platform_code() == "invalid_user_ids");
        BOOST_TEST(left.remedy().find("admin console") != std::string::npos, left.remedy());

        // The ledger and what the sink was told agree, person by person and batch by batch.
        std::map<std::string, std::string> served;
        std::set<std::string> ids;
        for (auto const& row : platform.ledger())
        {
            BOOST_TEST(served.emplace(row.to, row.message_id).second, row.to);
            ids.insert(row.message_id);
        }
        BOOST_TEST(served.size() == static_cast<std::size_t>(size));
        BOOST_TEST(ids.size() == 3u);
        for (auto const& [who, outcome] : seen.told)
            if (outcome)
            {
                BOOST_TEST(outcome->message_id() == served[who], who);
                BOOST_TEST(outcome->message_id().starts_with("bm-"));
                BOOST_TEST(outcome->person_id() == who);
                BOOST_TEST(outcome->attempts() == 1u);
            }
    });
}

BOOST_AUTO_TEST_CASE(email_addresses_are_looked_up_first_and_stand_in_a_batch_as_open_ids)
{
    constexpr int size = 120;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(size)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::feishu, td::match::email> notify(ex, credentials<td::feishu>(platform), url<td::feishu>(platform));
        std::vector<std::string> people;
        for (auto const& login : logins(size))
            people.push_back(login + "@example.com");
        people.emplace_back("nobody@example.com");
        people.emplace_back("P0@example.com"); // stands there twice
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"hi"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 121u);
        BOOST_TEST(sent->failed == 1u);
        BOOST_TEST((seen.by_person["nobody@example.com"] == td::errc::recipient_not_found));
        BOOST_TEST(count_requests(platform, look_up_path) == 3);
        BOOST_TEST(count_requests(platform, batch_path) == 1);
        BOOST_TEST(body_of(platform, batch_path).at("open_ids").as_array().size() == 120u);
        BOOST_TEST(platform.ledger().size() == 120u);
    });
}

BOOST_AUTO_TEST_CASE(people_known_in_different_ways_stand_in_one_batch)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::email, td::match::login_name>;
        notifier<td::lark, chain> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<chain> people{chain("ada@example.com"), chain("bob")};
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"hi"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 2u);
        BOOST_TEST(count_requests(platform, batch_path) == 1);
        auto const body = body_of(platform, batch_path);
        BOOST_TEST(body.at("open_ids").as_array().size() == 1u);
        BOOST_TEST(body.at("user_ids").as_array().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_an_unknown_outcome_for_everybody_of_its_batch_and_is_not_sent_again)
{
    constexpr int size = 250;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(size)));
    platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::reply_lost).path(std::string(batch_path)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        outcomes seen;
        auto const sent =
            co_await notify.send_each(logins(size), td::text{"all hands"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->unknown == 200u);
        BOOST_TEST(sent->delivered == 50u);
        BOOST_TEST(sent->failed == 0u);
        auto const& lost = seen.told.at("p7").error();
        BOOST_TEST((lost == td::errc::outcome_unknown));
        BOOST_TEST(lost.remedy().find("Look whether") != std::string::npos, lost.remedy());
        BOOST_TEST(count_requests(platform, batch_path) == 2);
        BOOST_TEST(platform.ledger().size() == 250u); // they had it, each once
    });
}

BOOST_AUTO_TEST_CASE(a_batch_is_taken_back_from_all_and_nobody_can_tell_who_has_read_it)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada", "bob", "chen"};
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"oops"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const bobs = seen.told.at("bob").value();

        notifier<td::lark, td::match::login_name> other(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const before = platform.requests().size();
        auto const readers = co_await other.readers(bobs);
        BOOST_TEST_REQUIRE(readers.has_error());
        BOOST_TEST((readers.error() == td::errc::invalid_argument));
        BOOST_TEST(readers.error().message().find("only how many") != std::string::npos);
        BOOST_TEST(platform.requests().size() == before); // not even a token was fetched

        auto const gone = co_await notify.recall(bobs);
        BOOST_TEST_REQUIRE(gone.has_value(), gone.error());
        for (auto const& row : platform.ledger())
            BOOST_TEST(row.recalled, row.to);
        BOOST_TEST(platform.requests().back().target ==
                   "/open-apis/im/v1/batch_messages/" + std::string(bobs.message_id()));
    });
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_told_to_everybody_with_the_page_on_which_to_grant_it)
{
    td::sandbox::server platform;
    platform.edit([](td::sandbox::world& w) { std::erase(w.apps.front().scopes, "im:message:send_multi_users"); });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada", "bob"};
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"hi"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->failed == 2u);
        for (auto const& who : people)
        {
            auto const& f = seen.told.at(who).error();
            BOOST_TEST((f == td::errc::permission_missing));
            BOOST_TEST(f.platform_code() == "11203");
            BOOST_TEST(f.remedy().find("im:message:send_multi_users") != std::string::npos, f.remedy());
            BOOST_TEST(f.link().find("auth?q=im:message:send_multi_users") != std::string::npos, f.link());
        }
        BOOST_TEST(platform.ledger().empty());
    });
}

BOOST_AUTO_TEST_CASE(every_kind_of_message_that_a_batch_can_say_arrives)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada", "bob"};
        outcomes seen;
        auto const both = [&seen](td::result<td::send_summary> const& sent) {
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->delivered == 2u, seen.told.at("ada").error());
        };
        both(co_await notify.send_each(people, td::text{"plain"}, seen.sink(), td::native_batch_options()));
        both(co_await notify.send_each(people, td::text{"<b>no markup</b>"}, seen.sink(), td::native_batch_options()));
        both(co_await notify.send_each(people, td::markdown{"**bold**"}, seen.sink(), td::native_batch_options()));
        both(co_await notify.send_each(people, td::notice("Disk"), seen.sink(), td::native_batch_options()));
        both(co_await notify.send_each(people, td::image("\x89PNG\r\n\x1a\n..."), seen.sink(),
                                       td::native_batch_options().window(1)));
        both(co_await notify.send_each(people, td::lark::card(R"({"schema":"2.0","body":{"elements":[]}})"),
                                       seen.sink(), td::native_batch_options()));
        both(co_await notify.send_each(people,
                                       td::lark::native("share_chat", R"({"chat_id":"oc_5ad11d72b830411d72b836c20"})"),
                                       seen.sink(), td::native_batch_options()));
        std::map<std::string, int> kinds;
        for (auto const& row : platform.ledger())
            ++kinds[row.msg_type];
        std::map<std::string, int> const expected{
            {"text", 2}, {"post", 2}, {"interactive", 6}, {"image", 2}, {"share_chat", 2}};
        BOOST_TEST((kinds == expected));
        BOOST_TEST(count_requests(platform, "/open-apis/im/v1/images") == 1);
    });
}

BOOST_AUTO_TEST_CASE(what_a_batch_cannot_say_is_refused_before_any_byte)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada"};
        outcomes seen;
        auto sent = co_await notify.send_each(people, td::lark::native("file", R"({"file_key":"f"})"), seen.sink(),
                                              td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::message_invalid));
        BOOST_TEST(sent.error().message().find("without batch_options") != std::string::npos);
        // 20,000 bytes are a card, and with two hundred ids beside it they are too much.
        td::lark::card const large(R"({"elements":[],"x":")" + std::string(20'000, 'x') + "\"}");
        sent = co_await notify.send_each(people, large, seen.sink(), td::native_batch_options());
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::message_too_long));
        BOOST_TEST(seen.order.empty());
        BOOST_TEST(platform.requests().empty());
    });
}

BOOST_AUTO_TEST_CASE(each_language_is_a_batch_of_its_own)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using one = td::recipient_of<td::match::login_name>;
        notifier<td::feishu, td::match::login_name> notify(ex, credentials<td::feishu>(platform),
                                                           url<td::feishu>(platform));
        std::vector<one> const people{one("ada"), one("bob", "zh-CN"), one("chen", "zh-CN")};
        outcomes seen;
        auto const sent =
            co_await notify.send_each(people, td::text(td::localized("hello").in("zh", "\xE4\xBD\xA0\xE5\xA5\xBD")),
                                      seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::map<std::string, std::string> texts;
        for (auto const& row : platform.ledger())
            texts[row.to] = std::string(boost::json::parse(row.content).at("text").as_string());
        BOOST_TEST(texts["ada"] == "hello");
        BOOST_TEST(texts["bob"] == "\xE4\xBD\xA0\xE5\xA5\xBD");
        BOOST_TEST(texts["chen"] == "\xE4\xBD\xA0\xE5\xA5\xBD");
        BOOST_TEST(count_requests(platform, batch_path) == 2);
    });
}

BOOST_AUTO_TEST_CASE(an_id_that_is_no_more_is_found_out_once_more_and_written_to_on_its_own)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada@example.com", "bob@example.com"};
        outcomes seen;
        auto sent = co_await notify.send_each(people, td::markdown{"**one**"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        platform.edit([](td::sandbox::world& w) {
            for (auto& [app, id] : w.find_person("ada")->open_ids)
                id = "ou_" + std::string(31, '0') + app.back();
        });
        sent = co_await notify.send_each(people, td::markdown{"**two**"}, seen.sink(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 2u);
        BOOST_TEST(seen.told.at("ada@example.com").value().message_id().starts_with("om_"));
        BOOST_TEST(seen.told.at("bob@example.com").value().message_id().starts_with("bm-"));
        std::map<std::string, int> served;
        for (auto const& row : platform.ledger())
            ++served[row.to];
        BOOST_TEST(served["ada"] == 2);
        BOOST_TEST(served["bob"] == 2);
    });
}

BOOST_AUTO_TEST_SUITE_END()
