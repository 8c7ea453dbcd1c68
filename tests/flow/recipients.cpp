// Recipients that people have beside addresses: ids, chats, and what `resolve` returned.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(recipients)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;
using td::sandbox::fault;
using td::sandbox::fault_kind;

template<class Provider, class Match, class... Policies>
using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url, Policies...>;

constexpr std::string_view on_call = "oc_5ad11d72b830411d72b836c20";
constexpr std::string_view without_the_bot = "oc_5ad11d72b830411d72b836c21";
constexpr std::string_view batch_path = "/open-apis/message/v4/batch_send/";

/// What became of each recipient, by its text.
class fates
{
public:
    template<class Recipient>
    auto sink()
    {
        return [this](std::size_t, Recipient const& to, td::result<td::receipt> const& outcome) {
            count.emplace(to.text(), 0).first->second += 1;
            if (outcome)
                receipts.insert_or_assign(to.text(), *outcome);
            else
                failures.insert_or_assign(to.text(), outcome.error());
        };
    }

    std::map<std::string, int> count;
    std::map<std::string, td::receipt> receipts;
    std::map<std::string, td::failure> failures;
};

template<class Match>
asio::awaitable<void> reach_ada_by(td::sandbox::server& platform, asio::any_io_executor ex, std::string id,
                                   std::string_view type)
{
    notifier<td::feishu, Match> notify(ex, credentials<td::feishu>(platform), url<td::feishu>(platform));
    auto const sent = co_await notify.send(id, td::text{"by id"});
    BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    BOOST_TEST(sent->person_id() == id);
    BOOST_TEST(sent->recipient_type() == type);
    BOOST_TEST(platform.ledger().back().to == "ada");
    BOOST_TEST(platform.ledger().back().receive_id_type == type);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_person_of_feishu_is_reached_by_the_ids_that_programs_keep_of_them)
{
    auto world = td::sandbox::world::standard();
    world.find_person("ada")->union_id = "on_cad4860e7af114fb4ff6c5d496d1dd76";
    td::sandbox::server platform(td::sandbox::options().world(world));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::feishu, td::match::email> notify(ex, credentials<td::feishu>(platform), url<td::feishu>(platform));
        auto const found = co_await notify.resolve("ada@example.com");
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        auto const looked_up = count_requests(platform, look_up_path);
        co_await reach_ada_by<td::match::open_id>(platform, ex, std::string(found->id()), "open_id");
        co_await reach_ada_by<td::match::union_id>(platform, ex, world.find_person("ada")->union_id, "union_id");
        BOOST_TEST(count_requests(platform, look_up_path) == looked_up);
    });
}

BOOST_AUTO_TEST_CASE(an_id_that_is_nobodys_or_of_another_type_is_said)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::open_id> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const nobody = co_await notify.send("ou_00000000000000000000000000000000", td::text{"hi"});
        BOOST_TEST_REQUIRE(nobody.has_error());
        BOOST_TEST((nobody.error() == td::errc::recipient_not_found));

        auto const before = platform.requests().size();
        auto const other = co_await notify.send("on_00000000000000000000000000000000", td::text{"hi"});
        BOOST_TEST_REQUIRE(other.has_error());
        BOOST_TEST((other.error() == td::errc::invalid_recipient));
        BOOST_TEST(other.error().message().find("the open id does not begin with ou_") != std::string::npos);
        BOOST_TEST(platform.requests().size() == before);
        BOOST_TEST(platform.ledger().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_chat_of_lark_gets_a_message_that_can_be_taken_back)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::chat_id> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        td::send_options const how(td::idempotency_key("monday"));
        for (int i = 0; i != 2; ++i) // the same key: one message
        {
            auto const again = co_await notify.send(on_call, td::markdown{"**Disk** 91% full"}, how);
            BOOST_TEST_REQUIRE(again.has_value(), again.error());
        }
        BOOST_TEST(platform.ledger().size() == 1u);
        auto const sent = co_await notify.send(on_call, td::notice("Disk").fact("Used", "91%"));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const row = platform.ledger().back();
        BOOST_TEST(row.receive_id_type == "chat_id");
        BOOST_TEST(row.to == on_call);
        BOOST_TEST(sent->person_id() == on_call);
        BOOST_TEST(sent->recipient_type() == "chat_id");

        auto const readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST(readers->empty());
        auto const recalled = co_await notify.recall(*sent);
        BOOST_TEST_REQUIRE(recalled.has_value(), recalled.error());
        BOOST_TEST(platform.ledger().back().recalled);
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_and_a_failure_of_the_platform_are_repeated_for_a_chat_of_lark_and_double_nothing)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::chat_id> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const ready = co_await notify.warm_up();
        BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
        for (auto const what : {fault_kind::reply_lost, fault_kind::cut_in_body})
        {
            auto const before = platform.ledger().size();
            platform.add_fault(fault(what).path(std::string(send_path)));
            auto const sent = co_await notify.send(on_call, td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->attempts() == 2u);
            BOOST_TEST(platform.ledger().size() == before + 1);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_chat_without_the_bot_says_what_to_do)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::chat_id> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const outside = co_await notify.send(without_the_bot, td::text{"hi"});
        BOOST_TEST_REQUIRE(outside.has_error());
        BOOST_TEST((outside.error() == td::errc::recipient_unreachable));
        BOOST_TEST(outside.error().platform_code() == "230002");
        BOOST_TEST(outside.error().remedy().find("bot to the chat") != std::string::npos, outside.error().remedy());

        auto const unknown = co_await notify.send("oc_00000000000000000000000000", td::text{"hi"});
        BOOST_TEST_REQUIRE(unknown.has_error());
        BOOST_TEST((unknown.error() == td::errc::recipient_not_found));
        BOOST_TEST(unknown.error().remedy().find("Check the chat id") != std::string::npos, unknown.error().remedy());
    });
}

BOOST_AUTO_TEST_CASE(what_resolve_returned_is_sent_to_without_another_look_up_also_after_a_restart)
{
    td::sandbox::server platform;
    std::string kept;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::phone_number, td::directory::none> notify(ex, credentials<td::lark>(platform),
                                                                                url<td::lark>(platform));
        auto const found = co_await notify.resolve("+65 9123 4567");
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        BOOST_TEST(platform.ledger().empty());
        auto const sent = co_await notify.send(*found, td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const again = co_await notify.async_send(*found, td::text{"hi"}, asio::use_awaitable);
        BOOST_TEST_REQUIRE(again.has_value(), again.error());
        td::send_options const how(td::idempotency_key("monday"));
        auto const third = co_await notify.async_send(*found, td::text{"hi"}, how, asio::use_awaitable);
        BOOST_TEST_REQUIRE(third.has_value(), third.error());
        kept = found->text();
    });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using channel = notifier<td::lark, td::match::email>;
        channel notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const to = channel::recipient::parse(kept);
        BOOST_TEST_REQUIRE(to.has_value());
        auto const sent = co_await notify.send(*to, td::text{"hi again"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    });
    BOOST_TEST(count_requests(platform, look_up_path) == 1);
    BOOST_TEST(platform.ledger().size() == 4u);
    for (auto const& row : platform.ledger())
        BOOST_TEST(row.to == "ada");
}

BOOST_AUTO_TEST_CASE(a_recipient_that_is_none_is_refused_before_any_byte)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using to = td::lark::recipient;
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        for (auto const& nobody :
             {to(), to("openid", "ou_1"), to("open_id", "on_1"), to("chat_id", "1"), to("email", "ada")})
        {
            auto const sent = co_await notify.send(nobody, td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::invalid_recipient));
            BOOST_TEST((sent.error() == td::condition::recipient));
            BOOST_TEST(sent.error().recipient() == nobody.id());
            BOOST_TEST(sent.error().platform() == "lark");
        }
        // One who left since is not looked up again: there is no address.
        auto const gone = co_await notify.send(to("open_id", "ou_0"), td::text{"hi"});
        BOOST_TEST_REQUIRE(gone.has_error());
        BOOST_TEST((gone.error() == td::errc::recipient_not_found));
        BOOST_TEST(gone.error().recipient() == "ou_0");
        BOOST_TEST(count_requests(platform, send_path) == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_failure_has_the_address_that_the_call_was_given_and_no_secret)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const app = credentials<td::lark>(platform);
        notifier<td::lark, td::match::email> notify(ex, app, url<td::lark>(platform));
        for (auto const& [address, kind] :
             {std::pair("ada at example.com", td::errc::invalid_recipient),
              std::pair("nobody@example.com", td::errc::recipient_not_found),
              std::pair("nobody@example.com", td::errc::recipient_not_found)}) // remembered
        {
            auto const sent = co_await notify.send(address, td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == kind), sent.error());
            BOOST_TEST(sent.error().recipient() == address);
            BOOST_TEST(sent.error().message().find(address) == std::string::npos);
            auto const found = co_await notify.resolve(address);
            BOOST_TEST_REQUIRE(found.has_error());
            BOOST_TEST((found.error() == kind), found.error());
            BOOST_TEST(found.error().recipient() == address);
        }
        // A failure that does not concern the person names none.
        auto const empty = co_await notify.send("ada@example.com", td::text{""});
        BOOST_TEST_REQUIRE(empty.has_error());
        BOOST_TEST(empty.error().recipient() == "");
        // The application's secret in place of an address, by mistake.
        auto const secret = std::string(app.app_secret().reveal());
        auto const mistaken = co_await notify.send(secret, td::text{"hi"});
        BOOST_TEST_REQUIRE(mistaken.has_error());
        BOOST_TEST((mistaken.error() == td::errc::invalid_recipient));
        BOOST_TEST(mistaken.error().recipient() == "***");
    });
}

BOOST_AUTO_TEST_CASE(many_recipients_of_several_types_are_told_apart)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using to = td::lark::recipient;
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<to> const all{to("user_id", "ada"),  to("email", "bob@example.com"), to("chat_id", on_call),
                                  to("open_id", "ou_0"), to("user_id", "ada"),           to("chat_id", "oc"),
                                  to("user_id", "chen"), to("chat_id", without_the_bot)};
        fates seen;
        auto const sent = co_await notify.send_each(all, td::text{"all hands"}, seen.sink<to>());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 5u); // ada twice, with one message
        BOOST_TEST(sent->failed == 3u);
        BOOST_TEST((seen.failures.at("lark:open_id:ou_0") == td::errc::recipient_not_found));
        BOOST_TEST((seen.failures.at("lark:chat_id:oc") == td::errc::invalid_recipient));
        BOOST_TEST(seen.failures.at("lark:chat_id:oc").recipient() == "oc");
        BOOST_TEST((seen.failures.at(all.back().text()) == td::errc::recipient_unreachable));
        BOOST_TEST(seen.failures.at(all.back().text()).recipient() == without_the_bot);
        BOOST_TEST(seen.count.at("lark:user_id:ada") == 2);
        BOOST_TEST(seen.receipts.at(all[2].text()).recipient_type() == "chat_id");
        BOOST_TEST(platform.ledger().size() == 4u);
    });
}

BOOST_AUTO_TEST_CASE(a_batch_goes_to_the_people_among_recipients_and_refuses_the_others_alone)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using to = td::lark::recipient;
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<td::recipient_of<to>> const all{to("user_id", "ada"), to("chat_id", on_call),
                                                    to("email", "bob@example.com"), to("user_id", "chen")};
        fates seen;
        auto const sent =
            co_await notify.send_each(all, td::text{"all hands"}, seen.sink<to>(), td::native_batch_options());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 2u);
        BOOST_TEST(sent->failed == 2u);
        BOOST_TEST(count_requests(platform, batch_path) == 1);
        for (auto const& [who, why] : seen.failures)
        {
            BOOST_TEST((why == td::errc::invalid_recipient), who);
            BOOST_TEST(why.message().find("a batch names people by open_id, user_id or union_id") != std::string::npos);
            BOOST_TEST(why.attempts() == 0u);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_chain_may_end_in_a_chat)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::open_id, td::match::email, td::match::chat_id>;
        notifier<td::lark, chain> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const to_chat = co_await notify.send(
            chain(td::match::open_id("ou_0"), td::match::email("nobody@example.com"), td::match::chat_id(on_call)),
            td::text{"hi"});
        BOOST_TEST_REQUIRE(to_chat.has_value(), to_chat.error());
        BOOST_TEST(to_chat->recipient_type() == "chat_id");
        auto const to_bob = co_await notify.send("bob@example.com", td::text{"hi"});
        BOOST_TEST_REQUIRE(to_bob.has_value(), to_bob.error());
        BOOST_TEST(platform.ledger().back().to == "bob");
    });
}

BOOST_AUTO_TEST_CASE(the_last_link_that_was_given_is_not_looked_up_where_the_platform_takes_it_as_it_is)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::login_name, td::match::email>;
        notifier<td::wecom, chain> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto const found = co_await notify.resolve(chain(td::match::login_name("ada"), std::nullopt));
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        BOOST_TEST(found->id() == "ada");
        BOOST_TEST(platform.requests().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_long_text_goes_to_a_chat_in_parts)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::chat_id> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const sent =
            co_await notify.send(on_call, td::text{std::string(200'000, 'x')}.when_long(td::long_text::split));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->further_parts().size() == 1u);
        BOOST_TEST(sent->person_id() == on_call);
        auto const recalled = co_await notify.recall(*sent);
        BOOST_TEST_REQUIRE(recalled.has_value(), recalled.error());
        for (auto const& row : platform.ledger())
            BOOST_TEST(row.recalled);
    });
}

BOOST_AUTO_TEST_CASE(a_group_of_dingtalk_gets_a_message_that_is_read_and_taken_back_also_after_a_restart)
{
    td::sandbox::server platform;
    auto const group = platform.world().dingtalk.groups.at(0).open_conversation_id;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk, td::match::chat_id> notify(ex, credentials<td::dingtalk>(platform),
                                                          url<td::dingtalk>(platform));
        auto const sent = co_await notify.send(group, td::markdown{"**Disk** 91% full"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const row = platform.ledger().back();
        BOOST_TEST(row.to == group);
        BOOST_TEST(row.receive_id_type == "group");
        BOOST_TEST(row.msg_type == "sampleMarkdown");
        BOOST_TEST(sent->message_id() == row.message_id);
        BOOST_TEST(sent->recipient_type() == "chat_id");

        auto const readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST(readers->empty());

        td::receipt const kept(sent->message_id(), sent->recipient_type(), sent->person_id());
        auto const recalled = co_await notify.recall(kept);
        BOOST_TEST_REQUIRE(recalled.has_value(), recalled.error());
        BOOST_TEST(platform.ledger().back().recalled);

        // Without the group nobody can tell which message it is.
        auto const blind = co_await notify.recall(td::receipt(sent->message_id(), "", 1));
        BOOST_TEST(blind.has_error());
        auto const evil = co_await notify.recall(td::receipt(sent->message_id(), "chat_id", "cid\r\nX: y"));
        BOOST_TEST_REQUIRE(evil.has_error());
        BOOST_TEST((evil.error() == td::errc::invalid_recipient));
    });
}

BOOST_AUTO_TEST_CASE(a_group_of_dingtalk_without_the_bot_says_what_to_do)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk, td::match::chat_id> notify(ex, credentials<td::dingtalk>(platform),
                                                          url<td::dingtalk>(platform));
        auto const outside =
            co_await notify.send(platform.world().dingtalk.groups.at(1).open_conversation_id, td::text{"hi"});
        BOOST_TEST_REQUIRE(outside.has_error());
        BOOST_TEST((outside.error() == td::errc::recipient_unreachable));
        BOOST_TEST(outside.error().remedy().find("Add the app's bot to the group") != std::string::npos);
        auto const unknown = co_await notify.send("cidnobody==", td::text{"hi"});
        BOOST_TEST_REQUIRE(unknown.has_error());
        BOOST_TEST((unknown.error() == td::errc::recipient_not_found));
    });
}

BOOST_AUTO_TEST_CASE(people_and_groups_of_dingtalk_share_a_call_and_no_request)
{
    td::sandbox::server platform;
    auto const groups = platform.world().dingtalk.groups;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using to = td::dingtalk::recipient;
        notifier<td::dingtalk, td::match::login_name> notify(ex, credentials<td::dingtalk>(platform),
                                                             url<td::dingtalk>(platform));
        std::vector<to> const all{to("ada"), to("chat_id", groups[0].open_conversation_id), to("bob"),
                                  to("chat_id", groups[1].open_conversation_id), to("chat_id", "chat05ac5bd6")};
        fates seen;
        auto const sent = co_await notify.send_each(all, td::text{"all hands"}, seen.sink<to>());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 3u);
        BOOST_TEST(sent->failed == 2u);
        BOOST_TEST(count_requests(platform, "/v1.0/robot/oToMessages/batchSend") == 1);
        BOOST_TEST(count_requests(platform, "/v1.0/robot/groupMessages/send") == 2);
        BOOST_TEST((seen.failures.at(all[3].text()) == td::errc::recipient_unreachable));
        BOOST_TEST((seen.failures.at(all[4].text()) == td::errc::invalid_recipient));

        notifier<td::dingtalk_work, td::match::login_name> work(ex, credentials<td::dingtalk_work>(platform),
                                                                url<td::dingtalk>(platform));
        auto const refused = co_await work.send(all[1], td::text{"hi"});
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error() == td::errc::invalid_recipient));
        auto const noted = co_await work.send(all[0], td::text{"hi"});
        BOOST_TEST_REQUIRE(noted.has_value(), noted.error());
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_about_a_group_is_never_sent_again_on_dingtalk)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk, td::match::chat_id> notify(ex, credentials<td::dingtalk>(platform),
                                                          url<td::dingtalk>(platform));
        auto const ready = co_await notify.warm_up();
        BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
        platform.add_fault(fault(fault_kind::reply_lost).path("/v1.0/robot/groupMessages/send"));
        auto const sent =
            co_await notify.send(platform.world().dingtalk.groups.at(0).open_conversation_id, td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown));
        BOOST_TEST(count_requests(platform, "/v1.0/robot/groupMessages/send") == 1);
        BOOST_TEST(platform.ledger().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(departments_and_tags_of_wecom_get_a_message_that_can_be_taken_back)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::department> to_department(ex, credentials<td::wecom>(platform),
                                                                 url<td::wecom>(platform));
        auto const sent = co_await to_department.send("3", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->recipient_type() == "department");
        BOOST_TEST(sent->person_id() == "3");
        auto const recalled = co_await to_department.recall(*sent);
        BOOST_TEST_REQUIRE(recalled.has_value(), recalled.error());

        notifier<td::wecom, td::match::tag> to_tag(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto const tagged = co_await to_tag.send("1", td::text{"hi"});
        BOOST_TEST_REQUIRE(tagged.has_value(), tagged.error());

        auto const nobody = co_await to_department.send("99", td::text{"hi"});
        BOOST_TEST_REQUIRE(nobody.has_error());
        BOOST_TEST((nobody.error() == td::errc::recipient_not_found));
        auto const outside = co_await to_tag.send("2", td::text{"hi"});
        BOOST_TEST_REQUIRE(outside.has_error());
        BOOST_TEST((outside.error() == td::errc::recipient_not_found));

        auto const before = platform.requests().size();
        for (auto const* const several : {"@all", "1|2", "0", "a", "1 ", ""})
        {
            auto const refused = co_await to_department.send(several, td::text{"hi"});
            BOOST_TEST_REQUIRE(refused.has_error());
            BOOST_TEST((refused.error() == td::errc::invalid_recipient));
        }
        BOOST_TEST(platform.requests().size() == before);
    });
}

BOOST_AUTO_TEST_CASE(a_department_of_wecom_with_a_member_who_got_nothing_was_reached_in_part)
{
    auto world = td::sandbox::world::standard();
    world.wecom.apps.at(0).unlicensed = {"ada"};
    td::sandbox::server platform(td::sandbox::options().world(world));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::department> notify(ex, credentials<td::wecom>(platform),
                                                          url<td::wecom>(platform));
        auto const sent = co_await notify.send("2", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::partly_delivered));
        BOOST_TEST((sent.error() == td::condition::unknown));
        BOOST_TEST(sent.error().remedy().find("Do not send it again") != std::string::npos);
        // Among many it is counted where nobody takes it for a failure.
        std::vector<td::match::department> const departments{"2"};
        auto const all =
            co_await notify.send_each(departments, td::text{"hi"},
                                      [](std::size_t, td::match::department const&, td::result<td::receipt> const&) {});
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST(all->failed == 0u);
        BOOST_TEST(all->unknown == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_chat_of_wecom_gets_a_message_and_a_card_as_markdown)
{
    td::sandbox::server platform;
    auto const chat = platform.world().wecom.chats.at(0).chat_id;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::chat_id> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto const sent = co_await notify.send(chat, td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->message_id() == "");
        BOOST_TEST(platform.ledger().back().to == chat);
        auto const recalled = co_await notify.recall(*sent);
        BOOST_TEST_REQUIRE(recalled.has_error());
        BOOST_TEST((recalled.error() == td::errc::invalid_argument));

        auto const card = co_await notify.send(
            chat,
            td::notice("Disk").fact("Used", "91%").button("A", "https://a.example").button("B", "https://b.example"));
        BOOST_TEST_REQUIRE(card.has_value(), card.error());
        BOOST_TEST(platform.ledger().back().msg_type == "markdown");

        auto const before = platform.requests().size();
        auto const native = co_await notify.send(chat, td::wecom::native("template_card", R"({"card_type":"x"})"));
        BOOST_TEST_REQUIRE(native.has_error());
        BOOST_TEST((native.error() == td::errc::message_invalid));
        BOOST_TEST(native.error().platform() == "wecom");
        BOOST_TEST(platform.requests().size() == before);

        auto const unknown = co_await notify.send("nochat", td::text{"hi"});
        BOOST_TEST_REQUIRE(unknown.has_error());
        BOOST_TEST((unknown.error() == td::errc::recipient_not_found));
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_about_a_chat_of_wecom_is_never_sent_again)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::chat_id> notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        auto const ready = co_await notify.warm_up();
        BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
        platform.add_fault(fault(fault_kind::reply_lost).path("/cgi-bin/appchat/send"));
        auto const sent = co_await notify.send(platform.world().wecom.chats.at(0).chat_id, td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown));
        BOOST_TEST(platform.ledger().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(recipients_of_wecom_of_the_same_number_are_told_apart_and_share_requests_by_type)
{
    td::sandbox::server platform;
    auto const chat = platform.world().wecom.chats.at(0).chat_id;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using to = td::wecom::recipient;
        notifier<td::wecom, td::match::login_name> notify(ex, credentials<td::wecom>(platform),
                                                          url<td::wecom>(platform));
        std::vector<to> const all{to("ada"),
                                  to("department", "3"),
                                  to("tag", "1"),
                                  to("department", "99"),
                                  to("chat_id", chat),
                                  to("dana"),
                                  to("tag", "99"),
                                  to("tag", "1|2"),
                                  to("1"),
                                  to("department", "3")};
        fates seen;
        auto const sent = co_await notify.send_each(all, td::text{"all hands"}, seen.sink<to>());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 6u);
        BOOST_TEST(sent->failed == 4u);
        BOOST_TEST((seen.failures.at("wecom:department:99") == td::errc::recipient_not_found));
        BOOST_TEST((seen.failures.at("wecom:tag:99") == td::errc::recipient_not_found));
        BOOST_TEST((seen.failures.at("wecom:tag:1|2") == td::errc::invalid_recipient));
        BOOST_TEST((seen.failures.at("wecom:userid:1") == td::errc::recipient_not_found));
        BOOST_TEST(seen.count.at("wecom:department:3") == 2);
        BOOST_TEST(count_requests(platform, "/cgi-bin/message/send") == 3);
        BOOST_TEST(count_requests(platform, "/cgi-bin/appchat/send") == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_receipt_is_made_again_from_what_was_kept_of_it)
{
    td::receipt const made("om_1", "chat_id", "oc_1", 2);
    BOOST_TEST(made.message_id() == "om_1");
    BOOST_TEST(made.recipient_type() == "chat_id");
    BOOST_TEST(made.person_id() == "oc_1");
    BOOST_TEST(made.attempts() == 2u);
    td::receipt const old("om_1", "ou_1", 1);
    BOOST_TEST(old.recipient_type() == "");
    BOOST_TEST(old.person_id() == "ou_1");
    std::string const huge(1000, 'x');
    td::receipt const odd("om_1", huge, "oc_1");
    BOOST_TEST(odd.person_id() == "oc_1");
    td::receipt const far("om_1", "email", huge);
    BOOST_TEST(far.person_id() == huge);
    BOOST_TEST(far.recipient_type() == "email");
}

BOOST_AUTO_TEST_SUITE_END()
