// Many people with one call, and people known in more than one way.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include <array>
#include <map>
#include <set>

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace test;

template<class Provider, class Match, class... Policies>
using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url, Policies...>;

} // namespace

BOOST_AUTO_TEST_SUITE(many_people)

BOOST_AUTO_TEST_CASE(everybody_is_served_once_in_order_and_looked_up_in_batches_of_fifty)
{
    constexpr int size = 230;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(size)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email, td::pacing::none> notify(ex, credentials<td::lark>(platform),
                                                                      url<td::lark>(platform));
        std::vector<std::string> people;
        for (int i = 0; i != size; ++i)
            people.push_back("p" + std::to_string(i) + "@example.com");
        people.insert(people.begin() + 100, "nobody@example.com");
        people.insert(people.begin() + 7, "no address");
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"all hands"}, seen.sink());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == static_cast<std::size_t>(size));
        BOOST_TEST(sent->failed == 2u);
        BOOST_TEST(sent->complete);
        BOOST_TEST(seen.order.size() == people.size());
        BOOST_TEST(seen.in_order());
        BOOST_TEST((seen.by_person["nobody@example.com"] == td::errc::recipient_not_found));
        BOOST_TEST((seen.by_person["no address"] == td::errc::invalid_recipient));
        // Windows of 100: 50 + 49, 50 + 50, 32.
        BOOST_TEST(count_requests(platform, look_up_path) == 5);
        std::set<std::string> served;
        for (auto const& row : platform.ledger())
            BOOST_TEST(served.insert(row.to).second, row.to);
        BOOST_TEST(served.size() == static_cast<std::size_t>(size));
    });
}

BOOST_AUTO_TEST_CASE(somebody_who_stands_twice_gets_one_message)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada@example.com", "bob@example.com", "ada@example.com",
                                              "ADA@example.com"};
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"once"}, seen.sink());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 4u);
        BOOST_TEST(platform.ledger().size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(a_call_repeated_under_its_key_serves_nobody_twice)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada", "bob", "chen"};
        for (int i = 0; i != 2; ++i)
        {
            outcomes seen;
            auto const sent = co_await notify.send_each(people, td::text{"once"}, seen.sink(),
                                                        td::send_each_options().key(td::idempotency_key("monday")));
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->delivered == 3u);
        }
        BOOST_TEST(platform.ledger().size() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(a_thousand_people_of_wecom_are_one_request_and_the_listed_ones_failed)
{
    constexpr int size = 1000;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(size)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::login_name> notify(ex, credentials<td::wecom>(platform),
                                                          url<td::wecom>(platform));
        std::vector<std::string> people{"OTTO", "boris"};
        for (int i = 0; i != size; ++i)
            people.push_back("p" + std::to_string(i));
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{"all hands"}, seen.sink());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == static_cast<std::size_t>(size));
        BOOST_TEST(sent->failed == 2u);
        BOOST_TEST((seen.by_person["OTTO"] == td::errc::recipient_not_found));
        BOOST_TEST((seen.by_person["boris"] == td::errc::recipient_unreachable));
        BOOST_TEST(seen.in_order());
        BOOST_TEST(count_requests(platform, "/cgi-bin/message/send") == 2);
        BOOST_TEST(platform.ledger().size() == static_cast<std::size_t>(size));
    });
}

BOOST_AUTO_TEST_CASE(an_image_for_many_is_uploaded_once)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada", "bob", "chen"};
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::image("\x89PNG\r\n\x1a\n..."), seen.sink(),
                                                    td::send_each_options().window(1));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 3u);
        BOOST_TEST(count_requests(platform, "/open-apis/im/v1/images") == 1);
        auto const alone = co_await notify.send("ada", td::file("a.docx", "PK..."));
        BOOST_TEST_REQUIRE(alone.has_value(), alone.error());
        BOOST_TEST(platform.ledger().back().msg_type == "file");
        BOOST_TEST(count_requests(platform, "/open-apis/im/v1/files") == 1);
    });
}

BOOST_AUTO_TEST_CASE(each_person_reads_their_own_language)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using one = td::recipient_of<td::match::login_name>;
        notifier<td::feishu, td::match::login_name> notify(ex, credentials<td::feishu>(platform),
                                                           url<td::feishu>(platform));
        std::vector<one> const people{one("ada"), one("bob", "zh-CN"), one("chen", "fr")};
        outcomes seen;
        auto const sent = co_await notify.send_each(
            people, td::text(td::localized("hello").in("zh", "\xE4\xBD\xA0\xE5\xA5\xBD")), seen.sink());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::map<std::string, std::string> texts;
        for (auto const& row : platform.ledger())
            texts[row.to] = std::string(boost::json::parse(row.content).at("text").as_string());
        BOOST_TEST(texts["ada"] == "hello");
        BOOST_TEST(texts["bob"] == "\xE4\xBD\xA0\xE5\xA5\xBD");
        BOOST_TEST(texts["chen"] == "hello");
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_tells_of_those_under_way_and_leaves_the_rest)
{
    constexpr int size = 300;
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(size)));
    platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::stall).path("/open-apis/im").after(120).times(0));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name, td::pacing::none> notify(ex, credentials<td::lark>(platform),
                                                                           url<td::lark>(platform));
        std::vector<std::string> people;
        for (int i = 0; i != size; ++i)
            people.push_back("p" + std::to_string(i));
        outcomes seen;
        asio::cancellation_signal stop;
        td::result<td::send_summary> told = td::failure(td::errc::cancelled);
        bool ended = false;
        asio::co_spawn(
            ex, notify.send_each(people, td::text{"all hands"}, seen.sink()),
            asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, td::result<td::send_summary> r) {
                BOOST_TEST(!e);
                told = r;
                ended = true;
            }));
        co_await wait_until([&] { return platform.requests().size() >= 129; });
        stop.emit(asio::cancellation_type::terminal);
        co_await wait_until([&] { return ended; });
        BOOST_TEST_REQUIRE(told.has_value(), told.error());
        BOOST_TEST(!told->complete);
        BOOST_TEST(told->delivered == 120u);
        BOOST_TEST(told->unknown == 8u); // as many as were under way
        BOOST_TEST(told->total() == 200u);
        BOOST_TEST(seen.in_order());
        BOOST_TEST(platform.ledger().size() == 120u);

        platform.clear_faults();
        auto const later = co_await notify.send("ada", td::text{"still there"});
        BOOST_TEST(later.has_value(), later.error());
    });
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_be_is_refused_before_anybody_is_tried)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<std::string> const people{"ada"};
        outcomes seen;
        auto const sent = co_await notify.send_each(people, td::text{""}, seen.sink());
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::message_invalid));
        td::text long_one(std::string(200'000, 'x'));
        long_one.when_long(td::long_text::split); // for one person only
        auto const refused = co_await notify.send_each(people, long_one, seen.sink());
        BOOST_TEST((refused.has_error() && refused.error() == td::errc::message_too_long));
        BOOST_TEST(seen.order.empty());
        BOOST_TEST(platform.requests().empty());
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(chains)

BOOST_AUTO_TEST_CASE(a_chain_goes_on_to_the_next_link_when_one_finds_nobody)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::phone_number, td::match::email>;
        notifier<td::lark, chain> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto sent = co_await notify.send(chain("ada@example.com"), td::text{"one"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await notify.send("+8613011111111", td::text{"two"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        chain const both(td::match::phone_number("+6599999999"), td::match::email("chen@example.com"));
        sent = co_await notify.send(both, td::text{"three"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto const rows = platform.ledger();
        BOOST_TEST_REQUIRE(rows.size() == 3u);
        BOOST_TEST(rows[0].to == "ada");
        BOOST_TEST(rows[1].to == "bob");
        BOOST_TEST(rows[2].to == "chen");
    });
}

// The first link tells nobody apart: a placeholder, or a number that several wrote down.
BOOST_AUTO_TEST_CASE(chains_that_begin_alike_are_different_people)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::phone_number, td::match::email>;
        notifier<td::lark, chain> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        using td::match::email;
        using td::match::phone_number;
        std::vector<chain> const people{chain(phone_number("n/a"), email("ada@example.com")),
                                        chain(phone_number("n/a"), email("bob@example.com")),
                                        chain(phone_number("+6561110000"), email("chen@example.com")),
                                        chain(phone_number("+6561110000"), email("nobody@example.com"))};
        std::vector<bool> told;
        auto const sink = [&told](std::size_t, chain const&, td::result<td::receipt> const& one) {
            told.push_back(one.has_value());
        };
        auto const all = co_await notify.send_each(people, td::text{"hi"}, sink);
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST((told == std::vector<bool>{true, true, true, false}));
        std::set<std::string> served;
        for (auto const& row : platform.ledger())
            BOOST_TEST(served.insert(row.to).second, row.to);
        BOOST_TEST((served == std::set<std::string>{"ada", "bob", "chen"}));
    });
}

BOOST_AUTO_TEST_CASE(two_addresses_of_one_person_are_one_message_also_when_an_id_was_remembered_too_long)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::phone_number, td::match::email>;
        notifier<td::lark, chain> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        chain const by_phone(td::match::phone_number("+8613011111111"), std::nullopt);
        chain const by_email(std::nullopt, td::match::email("bob@example.com"));
        auto const sent = co_await notify.send(by_phone, td::text{"first"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        platform.edit([](td::sandbox::world& w) {
            for (auto& [app, id] : w.find_person("bob")->open_ids)
                id = "ou_" + std::string(31, '0') + app.back();
        });
        std::vector<chain> const people{by_phone, by_email};
        int delivered = 0;
        auto const sink = [&delivered](std::size_t, chain const&, td::result<td::receipt> const& one) {
            delivered += one.has_value();
        };
        // The platform's batches know no key that would keep them apart.
        auto const all = co_await notify.send_each(people, td::text{"second"}, sink, td::native_batch_options());
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST(delivered == 2);
        BOOST_TEST(platform.ledger().size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(a_chain_that_finds_nobody_says_what_happened_at_each_link)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using chain = td::match::first_of<td::match::login_name, td::match::phone_number, td::match::email>;
        notifier<td::lark, chain> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        chain const nobody(td::match::login_name("nemo"), std::nullopt, td::match::email("nemo@example.com"));
        auto const sent = co_await notify.send(nobody, td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::recipient_not_found), sent.error());
        auto const links = sent.error().links();
        BOOST_TEST_REQUIRE(links.size() == 3u);
        BOOST_TEST(links[0].starts_with("login name: "), links[0]);
        BOOST_TEST(links[1] == "phone number: not given");
        BOOST_TEST(links[2].starts_with("email: "), links[2]);
        BOOST_TEST(sent.error().message().find("phone number: not given") != std::string::npos);
        BOOST_TEST(platform.ledger().empty());

        auto const none = co_await notify.send(chain(std::nullopt, std::nullopt, std::nullopt), td::text{"hello"});
        BOOST_TEST((none.has_error() && none.error() == td::errc::invalid_recipient));
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(memory_of_people)

BOOST_AUTO_TEST_CASE(a_person_is_looked_up_once_and_again_when_the_time_is_over)
{
    td::sandbox::server platform;
    manual_clock clock;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email, manual_clock> notify(ex, credentials<td::lark>(platform),
                                                                  url<td::lark>(platform), clock);
        for (int i = 0; i != 3; ++i)
        {
            auto const sent = co_await notify.send("ada@example.com", td::text{"hello"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
        BOOST_TEST(count_requests(platform, look_up_path) == 1);
        clock.advance(std::chrono::hours(1));
        auto const sent = co_await notify.send("ada@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(count_requests(platform, look_up_path) == 2);
    });
}

/// @tparam Match  How the people of the long list are addressed.
template<class Match>
void check_that_a_long_list_displaces_at_most_half()
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(15)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const directory = td::directory::in_memory().max_entries(6);
        notifier<td::lark, td::match::email, td::directory::in_memory> notify(ex, credentials<td::lark>(platform),
                                                                              url<td::lark>(platform), directory);
        notifier<td::lark, Match, td::directory::in_memory> notify_all(ex, credentials<td::lark>(platform),
                                                                       url<td::lark>(platform), directory);
        auto const tell = [&notify](int i) {
            return notify.send("p" + std::to_string(i) + "@example.com", td::text{"hello"});
        };
        for (int i = 12; i != 15; ++i)
        {
            auto const sent = co_await tell(i);
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
        std::vector<Match> people;
        for (int i = 0; i != 12; ++i)
            people.emplace_back("p" + std::to_string(i) + "@example.com");
        outcomes seen;
        auto const all = co_await notify_all.send_each(people, td::text{"all hands"}, seen.sink());
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST(all->delivered == 12u);
        auto const look_ups = count_requests(platform, look_up_path);
        constexpr std::array known{0, 1, 2, 12, 13, 14};
        for (int const i : known) // the beginning of the list, and those from before
        {
            auto const sent = co_await tell(i);
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
        BOOST_TEST(count_requests(platform, look_up_path) == look_ups);
        auto const sent = co_await tell(3);
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(count_requests(platform, look_up_path) == look_ups + 1);
    });
}

BOOST_AUTO_TEST_CASE(a_long_list_displaces_at_most_half_of_those_who_are_remembered)
{
    check_that_a_long_list_displaces_at_most_half<td::match::email>();
}

BOOST_AUTO_TEST_CASE(a_long_list_of_chains_which_are_looked_up_together_displaces_at_most_half_as_well)
{
    check_that_a_long_list_displaces_at_most_half<td::match::first_of<td::match::email, td::match::phone_number>>();
}

BOOST_AUTO_TEST_CASE(an_id_that_is_no_more_is_found_out_once_more)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::directory::in_memory const shared;
        using chain = td::match::first_of<td::match::phone_number, td::match::email>;
        notifier<td::lark, td::match::email, td::directory::in_memory> notify(ex, credentials<td::lark>(platform),
                                                                              url<td::lark>(platform), shared);
        notifier<td::lark, chain, td::directory::in_memory> follow(ex, credentials<td::lark>(platform),
                                                                   url<td::lark>(platform), shared);
        auto const move = [&](char to) {
            platform.edit([to](td::sandbox::world& w) {
                for (auto& [app, id] : w.find_person("ada")->open_ids)
                    id = "ou_" + std::string(30, '0') + to + app.back();
            });
        };
        auto sent = co_await notify.send("ada@example.com", td::text{"one"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::string const old(sent->person_id());
        move('a');
        sent = co_await notify.send("ada@example.com", td::text{"two"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() != old);
        BOOST_TEST(count_requests(platform, look_up_path) == 2);
        // Also by a chain, of which one link was remembered.
        move('b');
        sent = co_await follow.send(chain("ada@example.com"), td::text{"three"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(count_requests(platform, look_up_path) == 3);
        BOOST_TEST(platform.ledger().size() == 3u);
        // And among many: a call that is repeated under its key knows the new id from the start, and doubles nothing.
        move('c');
        std::vector<td::match::email> const people{"ada@example.com"};
        for (int i = 0; i != 2; ++i)
        {
            outcomes seen;
            auto const all = co_await notify.send_each(people, td::text{"four"}, seen.sink(),
                                                       td::send_each_options().key(td::idempotency_key("monday")));
            BOOST_TEST_REQUIRE(all.has_value(), all.error());
            BOOST_TEST(all->delivered == 1u);
        }
        BOOST_TEST(count_requests(platform, look_up_path) == 4);
        BOOST_TEST(platform.ledger().size() == 4u);
    });
}

BOOST_AUTO_TEST_CASE(ids_that_changed_hands_lose_no_message_and_claim_none)
{
    auto world = many_recipients(2);
    td::sandbox::server platform(td::sandbox::options().world(world));
    auto const rename = [&platform](std::string const& mobile, std::string const& to) {
        platform.edit([&](td::sandbox::world& w) {
            for (auto& one : w.people)
                if (one.mobile == mobile)
                    one.login_name = to;
            w.wecom.apps.at(0).visible_range.people.push_back(to);
        });
    };
    std::string const first = "+6580000000";
    std::string const second = "+6580000001";
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using by_phone = notifier<td::wecom, td::match::phone_number>;
        by_phone notify(ex, credentials<td::wecom>(platform), url<td::wecom>(platform));
        for (std::string const& who : {first, second})
        {
            auto const sent = co_await notify.send(who, td::text{"first"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
        // Both ids are gone. What is remembered of the first one's address is nobody's, what is looked up is the id
        // that the second one had.
        rename(second, "p9");
        rename(first, "p1");
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/cgi-bin/message/send")
                               .body(R"({"errcode":0,"errmsg":"ok","invaliduser":"p0|p1","msgid":"m"})"));
        auto const before = platform.ledger().size();
        std::vector<std::string> const people{first, second};
        outcomes seen;
        auto const all = co_await notify.send_each(people, td::text{"second"}, seen.sink());
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST(all->delivered == 2u);
        std::set<std::string> served;
        auto const rows = platform.ledger();
        for (auto i = before; i < rows.size(); ++i)
            BOOST_TEST(served.insert(rows[i].to).second, rows[i].to);
        BOOST_TEST((served == std::set<std::string>{"p1", "p9"}));
    });
}

BOOST_AUTO_TEST_CASE(who_stands_twice_shares_what_became_of_the_message_in_the_end)
{
    td::sandbox::server platform(td::sandbox::options().world(many_recipients(2)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::phone_number> notify(ex, credentials<td::wecom>(platform),
                                                            url<td::wecom>(platform));
        std::string const first = "+6580000000";
        auto const sent = co_await notify.send(first, td::text{"first"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        // The id that is remembered is gone, and the number belongs to somebody else who stands in the range, too.
        platform.edit([](td::sandbox::world& w) { w.find_person("p0")->login_name = "p9"; });
        platform.add_fault(td::sandbox::fault(td::sandbox::fault_kind::answer)
                               .path("/cgi-bin/user/getuserid")
                               .body(R"({"errcode":0,"errmsg":"ok","userid":"p1"})")
                               .times(2));
        std::vector<std::string> const people{first, first, "+6580000001"};
        std::vector<bool> told;
        auto const sink = [&told](std::size_t, td::match::phone_number const&, td::result<td::receipt> const& one) {
            told.push_back(one.has_value());
        };
        auto const all = co_await notify.send_each(people, td::text{"second"}, sink);
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST((told == std::vector<bool>{true, true, true}));
        BOOST_TEST(platform.ledger().size() == 2u);
        BOOST_TEST(platform.ledger().back().to == "p1");
    });
}

BOOST_AUTO_TEST_CASE(a_userid_of_wecom_in_two_letter_cases_is_one_person_in_every_language)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::wecom, td::match::login_name> notify(ex, credentials<td::wecom>(platform),
                                                          url<td::wecom>(platform));
        std::vector<td::recipient_of<td::match::login_name>> people;
        people.emplace_back(td::match::login_name("Ada"), td::language_tag("en"));
        people.emplace_back(td::match::login_name("ada"), td::language_tag("zh-CN"));
        outcomes seen;
        auto const all =
            co_await notify.send_each(people, td::text(td::localized("one").in("zh", "\xe4\xb8\x80")), seen.sink());
        BOOST_TEST_REQUIRE(all.has_value(), all.error());
        BOOST_TEST(all->delivered == 2u);
        BOOST_TEST(platform.ledger().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(ids_never_cross_from_one_application_to_another)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::directory::in_memory const shared;
        using email_notifier = notifier<td::lark, td::match::email, td::directory::in_memory>;
        platform.edit([](td::sandbox::world& w) {
            auto other = w.apps.front();
            other.app_id = "cli_0000000000000001";
            w.apps.push_back(other);
        });
        email_notifier one(ex, credentials<td::lark>(platform), url<td::lark>(platform), shared);
        email_notifier other(ex, credentials<td::lark>(platform, "cli_0000000000000001"), url<td::lark>(platform),
                             shared);
        auto sent = co_await one.send("ada@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::string const first(sent->person_id());
        sent = co_await other.send("ada@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() != first);
        BOOST_TEST(count_requests(platform, look_up_path) == 2);
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(afterwards)

BOOST_AUTO_TEST_CASE(a_message_tells_who_has_read_it_and_can_be_taken_back)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const sent = co_await notify.send("ada@example.com", td::text{"hello"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST(readers->empty());
        platform.mark_read(sent->message_id(), "ada");
        readers = co_await notify.readers(*sent);
        BOOST_TEST_REQUIRE(readers.has_value(), readers.error());
        BOOST_TEST_REQUIRE(readers->size() == 1u);
        BOOST_TEST(readers->front() == sent->person_id());

        auto const gone = co_await notify.recall(*sent);
        BOOST_TEST_REQUIRE(gone.has_value(), gone.error());
        BOOST_TEST(platform.ledger().front().recalled);
        auto const before = platform.requests().size();
        for (std::string const& bad : {std::string(), std::string(".."), std::string("."), std::string("a b"),
                                       std::string("a\r\nX: y"), std::string(600, 'x')})
        {
            td::receipt const receipt(bad, "ou_1", 1);
            auto const nothing = co_await notify.recall(receipt);
            BOOST_TEST((nothing.has_error() && nothing.error() == td::errc::invalid_argument), bad);
            auto const nobody = co_await notify.readers(receipt);
            BOOST_TEST((nobody.has_error() && nobody.error() == td::errc::invalid_argument), bad);
        }
        BOOST_TEST(platform.requests().size() == before);
    });
}

BOOST_AUTO_TEST_CASE(a_receipt_of_another_platform_takes_no_work_notification_back)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::dingtalk_work, td::match::login_name> notify(ex, credentials<td::dingtalk_work>(platform),
                                                                  url<td::dingtalk_work>(platform));
        for (auto const* bad : {"om_1", "123abc", "0", "-5", "99999999999999999999"})
        {
            td::receipt const receipt(bad, "ada", 1);
            auto const nothing = co_await notify.recall(receipt);
            BOOST_TEST((nothing.has_error() && nothing.error() == td::errc::invalid_argument), bad);
        }
    });
    BOOST_TEST(platform.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
