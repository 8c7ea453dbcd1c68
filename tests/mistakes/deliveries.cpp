// Mistakes about who got a message, and who it is for.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "mistakes/test_environment.hpp"

#include <boost/json.hpp>

#include <set>

namespace deliveries_test {

using namespace test;
using td::match::email;
using td::match::login_name;
using td::match::phone_number;

namespace {

std::string const ada = "+6591234567";
std::string const bob = "+8613011111111";
std::string const chen = "+8613022222222";

/// The text of a message, as the platform has it.
template<class Provider>
std::string text_of(td::sandbox::message const& row)
{
    auto const content = boost::json::parse(row.content);
    auto const* at = content.as_object().if_contains(wire_of<Provider>::text_member);
    if (!at)
        at = &content.at("text").at(wire_of<Provider>::text_member);
    return std::string(at->as_string());
}

// Answers that refuse with an HTTP status of success, and with words that sound like one.
template<class Provider>
std::vector<std::string> refusals()
{
    if constexpr (std::is_same_v<Provider, td::wecom>)
        return {R"({"errcode":60020,"errmsg":"ok","msgid":"m-1"})",
                R"({"errcode":"45009","errmsg":"ok","msgid":"m-1"})",
                R"({"errcode":45009.0,"errmsg":"ok","msgid":"m-1"})",
                R"({"errcode":null,"errmsg":"ok","msgid":"m-1"})",
                R"({"errcode":1,"errcode":0,"errmsg":"ok","msgid":"m-1"})",
                R"({"errcode":0,"errmsg":"ok","msgid":"m-1","invaliduser":["ada"]})",
                R"({"errcode":0,"errmsg":"ok","msgid":"m-1","invaliduser":"bob, ada"})",
                R"({"errcode":-1,"errmsg":"ok"})",
                R"({"errmsg":"ok"})",
                "{}",
                "",
                "ok"};
    else if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return {R"({"code":"robot.oto.notExist","message":"ok","processQueryKey":"k"})",
                R"({"code":"-1","message":"ok","processQueryKey":"k"})",
                R"({"message":"ok"})",
                "{}",
                "",
                "ok"};
    else if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
        return {R"({"errcode":88,"sub_code":"60011","errmsg":"ok","task_id":1})",
                R"({"errcode":-1,"errmsg":"ok","task_id":1})",
                R"({"errmsg":"ok","task_id":1})",
                "{}",
                "",
                "ok"};
    else
        return {R"({"code":230013,"msg":"success","data":{"message_id":"om_1"}})",
                R"({"code":"00","msg":"success","data":{"message_id":"om_1"}})",
                R"({"code":-1,"msg":"success","data":{"message_id":"om_1"}})",
                R"({"msg":"success"})",
                "{}",
                "",
                "ok"};
}

} // namespace

BOOST_AUTO_TEST_SUITE(mistakes_about_delivery)

BOOST_AUTO_TEST_CASE_TEMPLATE(http_200_with_an_error_code_counted_as_delivered, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex, std::chrono::milliseconds(900));
        for (auto const& body : refusals<Provider>())
        {
            there.answer(wire_of<Provider>::send, 200, body);
            auto const sent = co_await notify.send("ada", hello());
            BOOST_TEST(sent.has_error(), body);
            there.platform.clear_faults();
        }
    });
    BOOST_TEST(there.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(partial_invalid_recipients_counted_as_success)
{
    // One request for all of them, which succeeds.
    auto const check = [](auto& there, std::string const& unreachable, td::errc why) {
        using there_t = std::remove_reference_t<decltype(there)>;
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = there.template make<login_name>(ex);
            typename there_t::template outcomes<login_name> seen;
            std::vector<std::string> const people{"ada", "nemo", unreachable, "bob"};
            auto const sent = co_await notify.send_each(people, hello(), seen.sink());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->delivered == 2u);
            BOOST_TEST(sent->failed == 2u);
            BOOST_TEST(seen.delivered("ada"));
            BOOST_TEST(seen.delivered("bob"));
            BOOST_TEST((seen.of.at("nemo").error() == td::errc::recipient_not_found), seen.of.at("nemo").error());
            BOOST_TEST((seen.of.at(unreachable).error() == why), seen.of.at(unreachable).error());
        });
        BOOST_TEST((there.served() == std::map<std::string, int>{{"ada", 1}, {"bob", 1}}));
        BOOST_TEST(there.sent() == 1);
    };
    test_environment<td::wecom> wecom;
    check(wecom, "boris", td::errc::recipient_unreachable); // has no licence
    test_environment<td::dingtalk> dingtalk;
    check(dingtalk, "boris", td::errc::recipient_unreachable); // has blocked the bot
    test_environment<td::dingtalk_work> work;
    check(work, "otto", td::errc::recipient_not_found); // does not see the application
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_failing_person_ends_the_loop, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<phone_number>(ex);
        typename test_environment<Provider>::template outcomes<phone_number> seen;
        std::vector<std::string> const people{"no number", "+6599999999", bob, "+6599999998", ada, chen};
        auto const sent = co_await notify.send_each(people, hello(), seen.sink());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 3u);
        BOOST_TEST(sent->failed == 3u);
        BOOST_TEST(sent->complete);
        BOOST_TEST(seen.of.size() == 6u);
    });
    BOOST_TEST((there.served() == std::map<std::string, int>{{"ada", 1}, {"bob", 1}, {"chen", 1}}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(all_unresolved_counted_as_success, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<phone_number>(ex);
        typename test_environment<Provider>::template outcomes<phone_number> seen;
        std::vector<std::string> const people{"+6599999999", "+6599999998", "+6599999997"};
        auto const sent = co_await notify.send_each(people, hello(), seen.sink());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 0u);
        BOOST_TEST(sent->failed == 3u);
        for (auto const& [who, outcome] : seen.of)
            BOOST_TEST((outcome.has_error() && outcome.error() == td::errc::recipient_not_found), who);
        auto const alone = co_await notify.send("+6599999996", hello());
        BOOST_TEST((alone.has_error() && alone.error() == td::errc::recipient_not_found), alone.error());
    });
    BOOST_TEST(there.sent() == 0);
    BOOST_TEST(there.platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(retry_resends_to_those_already_served)
{
    // The platform has the message, and its answer is lost: whoever then asks again under the same key gets no second.
    auto const check = [](auto& there) {
        using there_t = std::remove_reference_t<decltype(there)>;
        there.platform.add_fault(fault(fault_kind::reply_lost).path(std::string(there_t::wire::send)));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = there.template make<login_name>(ex);
            std::vector<std::string> const people{"ada", "bob", "chen"};
            auto const how = td::send_each_options().key(td::idempotency_key("order-42")).concurrency(1);
            auto const what = hello();
            for (int i = 0; i != 3; ++i)
            {
                typename there_t::template outcomes<login_name> seen;
                auto const sent = co_await notify.send_each(people, what, seen.sink(), how);
                BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
                BOOST_TEST(sent->failed == 0u);
                if (i != 0)
                    BOOST_TEST(sent->delivered == 3u);
            }
        });
        BOOST_TEST((there.served() == std::map<std::string, int>{{"ada", 1}, {"bob", 1}, {"chen", 1}}));
    };
    test_environment<td::lark> lark;
    check(lark);
    test_environment<td::wecom> wecom;
    check(wecom);

    // DingTalk has no key. So nobody asks again, and whose message may have arrived is told that.
    auto const asks_once = [](auto& there, std::string_view remedy) {
        using there_t = std::remove_reference_t<decltype(there)>;
        there.platform.add_fault(fault(fault_kind::reply_lost).path(std::string(there_t::wire::send)));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = there.template make<login_name>(ex);
            std::vector<std::string> const people{"ada", "bob", "chen"};
            typename there_t::template outcomes<login_name> seen;
            auto const how = td::send_each_options().key(td::idempotency_key("order-42")).concurrency(1).window(1);
            auto const sent = co_await notify.send_each(people, hello(), seen.sink(), how);
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->unknown == 1u);
            BOOST_TEST(sent->delivered == 2u);
            BOOST_TEST_REQUIRE(seen.of.at("ada").has_error());
            auto const& why = seen.of.at("ada").error();
            BOOST_TEST((why == td::errc::outcome_unknown), why);
            BOOST_TEST(why.remedy().find(remedy) != std::string::npos, why);
        });
        BOOST_TEST((there.served() == std::map<std::string, int>{{"ada", 1}, {"bob", 1}, {"chen", 1}}));
        BOOST_TEST(there.sent() == 3);
    };
    test_environment<td::dingtalk> dingtalk;
    asks_once(dingtalk, "Look whether");
    test_environment<td::dingtalk_work> work;
    asks_once(work, "a day");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rejected_token_in_the_middle_resends_to_those_already_served, Provider, everywhere)
{
    test_environment<Provider> there;
    there.platform.add_fault(fault(fault_kind::answer)
                                 .path(std::string(wire_of<Provider>::send))
                                 .status(wire_of<Provider>::rejected_status)
                                 .header("Content-Type", "application/json")
                                 .body(std::string(wire_of<Provider>::rejected))
                                 .after(1));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        typename test_environment<Provider>::template outcomes<login_name> seen;
        std::vector<std::string> const people{"ada", "bob", "chen"};
        auto const sent =
            co_await notify.send_each(people, hello(), seen.sink(), td::send_each_options().window(1).concurrency(1));
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->delivered == 3u);
    });
    BOOST_TEST((there.served() == std::map<std::string, int>{{"ada", 1}, {"bob", 1}, {"chen", 1}}));
    BOOST_TEST(there.sent() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(json_built_by_text_pasting, Provider, everywhere)
{
    test_environment<Provider> there;
    std::string const nasty = "He said: \"hi\",\"touser\":\"@all\",\"x\":\"\\\\\"}]}\n\t'%s' {{x}} ${y} \\u0041 "
                              "\xE2\x80\xA8 \xF0\x9F\x9A\x80 \xE4\xBD\xA0";
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        auto sent = co_await notify.send("ada", td::text{nasty});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        for (auto const* who : {"ada\",\"bob", "ada\"],\"userIds\":[\"bob", "ada\\", "ada|bob", "ada,bob", "@all"})
        {
            sent = co_await notify.send(who, hello());
            BOOST_TEST(sent.has_error(), who);
        }
    });
    auto const rows = there.platform.ledger();
    BOOST_TEST_REQUIRE(rows.size() == 1u);
    BOOST_TEST(rows[0].to == "ada");
    BOOST_TEST(text_of<Provider>(rows[0]) == nasty);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_deadline, Provider, everywhere)
{
    test_environment<Provider> there;
    BOOST_TEST((td::deadline().limit() > std::chrono::seconds(0)));
    BOOST_TEST((td::deadline().limit() <= std::chrono::minutes(1)));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto patient = there.template make<phone_number>(ex);
        auto sent = co_await patient.send(bob, hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        // What is kept is dropped step by step, so that the one that stalls is the first to be done.
        for (auto const step : {wire_of<Provider>::send, wire_of<Provider>::phone, wire_of<Provider>::token})
        {
            if (step != wire_of<Provider>::send)
                there.people = {};
            if (step == wire_of<Provider>::token)
                there.tokens = {};
            there.platform.add_fault(fault(fault_kind::stall).path(std::string(step)).times(0));
            auto notify = there.template make<phone_number>(ex, std::chrono::milliseconds(250));
            sent = co_await notify.send(bob, hello()); // `run` gives up on one that never ends
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST(
                (sent.error() == (step == wire_of<Provider>::send ? td::errc::outcome_unknown : td::errc::timed_out)),
                step << ": " << sent.error());
            there.platform.clear_faults();
        }
    });
}

BOOST_AUTO_TEST_CASE(clock_based_idempotency_key)
{
    std::vector<std::string> keys;
    for (int i = 0; i != 1000; ++i)
        keys.emplace_back(td::idempotency_key::random().view());
    BOOST_TEST(std::set<std::string>(keys.begin(), keys.end()).size() == 1000u);
    // The keys of a clock have their beginning in common, however fine it is, and grow. Of random ones, about 500 are
    // greater than the one before, and never 600.
    std::set<std::string> beginnings;
    int greater = 0;
    for (std::size_t i = 0; i != keys.size(); ++i)
    {
        beginnings.insert(keys[i].substr(0, 8));
        greater += i != 0 && keys[i - 1] < keys[i];
    }
    BOOST_TEST(beginnings.size() > 1u);
    BOOST_TEST(greater < 600);

    // All at one moment, all the same text: nobody's message is taken for somebody else's.
    auto const burst = [](auto& there) {
        constexpr int size = 100;
        asio::io_context io;
        auto notify = there.template make<login_name>(io.get_executor());
        int delivered = 0;
        for (int i = 0; i != size; ++i)
            notify.async_send("ada", td::text{"the same"},
                              [&](td::result<td::receipt> r) { delivered += r.has_value(); });
        io.run();
        BOOST_TEST(delivered == size);
        BOOST_TEST(there.platform.ledger().size() == static_cast<std::size_t>(size));
        // One message, asked for again later: one key, whatever the time.
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto again = there.template make<login_name>(ex);
            for (int i = 0; i != 3; ++i)
            {
                auto const sent = co_await again.send("ada", td::text{"once"}, td::idempotency_key("order-42"));
                BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
                there.advance(std::chrono::minutes(5));
            }
        });
        BOOST_TEST(there.platform.ledger().size() == static_cast<std::size_t>(size) + 1);
    };
    test_environment<td::lark> lark;
    burst(lark);
    test_environment<td::wecom> wecom;
    burst(wecom);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mistakes_about_refusals)

BOOST_AUTO_TEST_CASE_TEMPLATE(throttling_classed_as_permission, Provider, everywhere)
{
    struct row
    {
        int status;
        char const* body;
        td::errc kind;
    };
    using enum td::errc;
    std::vector<row> rows;
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
        rows = {{403, R"({"code":"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi","message":"no"})", rate_limited},
                {403, R"({"code":"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi","message":"no"})", rate_limited},
                {403, R"({"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"no"})", rate_limited},
                {403, R"({"code":"Forbidden.AccessDenied.SomeNewLimit","message":"no"})", rate_limited},
                {403, R"({"code":"Forbidden.AccessDenied.ApiCountLimitForOrg","message":"no"})", quota_exhausted},
                {429, R"({"code":"systemBusy","message":"no"})", rate_limited},
                {429, "<html>", rate_limited},
                {403, R"({"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"no"})",
                 permission_missing}};
    else if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
        rows = {{200, R"({"errcode":88,"sub_code":"90018","sub_msg":"no","errmsg":"no"})", rate_limited},
                {200, R"({"errcode":88,"sub_code":"90002","sub_msg":"no","errmsg":"no"})", rate_limited},
                {200, R"({"errcode":88,"sub_code":"60011","sub_msg":"no","errmsg":"no"})", permission_missing}};
    else if constexpr (std::is_same_v<Provider, td::wecom>)
        rows = {{200, R"({"errcode":45009,"errmsg":"api freq out of limit"})", rate_limited},
                {200, R"({"errcode":45033,"errmsg":"api concurrent out of limit"})", rate_limited},
                {429, "<html>", rate_limited},
                {200, R"({"errcode":48002,"errmsg":"api forbidden"})", permission_missing}};
    else
        rows = {{429, R"({"code":99991400,"msg":"request trigger frequency limit"})", rate_limited},
                {400, R"({"code":99991400,"msg":"request trigger frequency limit"})", rate_limited},
                {400, R"({"code":230020,"msg":"This operation triggers the frequency limit."})", rate_limited},
                {400, R"({"code":99991672,"msg":"Access denied."})", permission_missing}};
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        // No time to wait until the platform takes more.
        auto notify = there.template make<login_name>(ex, std::chrono::milliseconds(900));
        for (auto const& r : rows)
        {
            there.answer(wire_of<Provider>::send, r.status, r.body);
            auto const sent = co_await notify.send("ada", hello());
            BOOST_TEST((sent.has_error() && sent.error() == r.kind), r.body << ": " << sent.error());
            BOOST_TEST((sent.error() == td::condition::transient) == (r.kind == rate_limited), r.body);
            there.platform.clear_faults();
        }
    });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(error_text_hidden_behind_status_400, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        auto const sent = co_await notify.send("nemo", hello());
        BOOST_TEST_REQUIRE(sent.has_error());
        td::failure const why = sent.error();
        BOOST_TEST(why.http_status() >= 200u);
        BOOST_TEST(!why.platform_code().empty());
        auto const message = why.message();
        BOOST_TEST(message.find(std::string(td::platform_name_of<Provider>()) + ": send message") == 0u, message);
        BOOST_TEST(message.find("the platform says " + std::string(why.platform_code())) != message.npos, message);
        BOOST_TEST(message.find(why.platform_message()) != message.npos, message);
        BOOST_TEST(!why.remedy().empty());
        // DingTalk's work notification has a code of its own for each person, and no words.
        BOOST_TEST((std::is_same_v<Provider, td::dingtalk_work> || why.platform_message().size() > 4), message);
    });
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// Nobody has the address; then somebody has. `one_look` is how many requests one look-up takes.
template<class Provider, class Match>
void misses_are_remembered_and_forgotten(std::string_view path, std::string const& address, int one_look = 1)
{
    BOOST_TEST_CONTEXT(Provider::name << ", " << Match::name)
    {
        test_environment<Provider> there;
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = there.template make<Match>(ex);
            for (int i = 0; i != 3; ++i)
            {
                auto const sent = co_await notify.send(address, hello());
                BOOST_TEST_REQUIRE(sent.has_error());
                BOOST_TEST((sent.error() == td::errc::recipient_not_found), sent.error());
                BOOST_TEST((sent.error().message().find("(remembered)") != std::string::npos) == (i != 0),
                           sent.error());
            }
            BOOST_TEST(count_requests(there.platform, path) == one_look);

            there.platform.edit([&](td::sandbox::world& w) {
                auto& newcomer = *w.find_person("ada");
                newcomer.mobile = newcomer.email = newcomer.enterprise_email = "";
                (Match::name == email::name ? newcomer.email : newcomer.mobile) = address;
                if (Match::name == td::dingtalk::login_id::name)
                {
                    newcomer.mobile = "";
                    auto& account = w.dingtalk.hosted_accounts.emplace_back();
                    account.login_name = "ada";
                    account.login_id = address;
                }
            });
            there.advance(std::chrono::minutes(10) - std::chrono::seconds(1));
            auto sent = co_await notify.send(address, hello());
            BOOST_TEST(sent.has_error());
            BOOST_TEST(count_requests(there.platform, path) == one_look);
            there.advance(std::chrono::seconds(1));
            sent = co_await notify.send(address, hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(count_requests(there.platform, path) == 2 * one_look);
        });
        BOOST_TEST((there.served() == std::map<std::string, int>{{"ada", 1}}));
    }
}

// Bob gets another id, and then he is gone. `one_look` and `one_miss` are how many requests a look-up takes.
template<class Provider, class Match>
void stale_ids_are_resolved_once_more(std::string_view path, std::string const& address, int one_look = 1,
                                      int one_miss = 1)
{
    BOOST_TEST_CONTEXT(Provider::name << ", " << Match::name)
    {
        test_environment<Provider> there;
        auto const rename = [&](std::string const& from, std::string const& to) {
            there.platform.edit([&](td::sandbox::world& w) {
                auto& person = *w.find_person(from);
                person.login_name = to;
                for (auto& [app, id] : person.open_ids)
                    id = "ou_" + std::string(30, '0') + to.back() + app.back();
                for (auto& account : w.dingtalk.hosted_accounts)
                    account.login_name = to;
                for (auto& app : w.apps)
                    app.availability = {};
                for (auto& app : w.dingtalk.apps)
                    app.availability = {};
                for (auto& app : w.wecom.apps)
                    app.visible_range = {};
            });
        };
        there.platform.edit([&](td::sandbox::world& w) {
            if (Match::name != td::dingtalk::login_id::name)
                return;
            auto& account = w.dingtalk.hosted_accounts.emplace_back();
            account.login_name = "bob";
            account.login_id = address;
        });
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = there.template make<Match>(ex);
            auto sent = co_await notify.send(address, hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            std::string const old(sent->person_id());
            auto looked = count_requests(there.platform, path);
            BOOST_TEST(looked == one_look);

            rename("bob", "bob2");
            sent = co_await notify.send(address, hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->person_id() != old);
            BOOST_TEST(count_requests(there.platform, path) == looked + one_look);
            BOOST_TEST(there.platform.ledger().back().to == "bob2");

            // The new id is the one that is remembered.
            sent = co_await notify.send(address, hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            looked = count_requests(there.platform, path);
            BOOST_TEST(looked == 2 * one_look);

            // Nobody is found instead: that is told, and not asked again and again.
            rename("bob2", "bob3");
            there.platform.edit([](td::sandbox::world& w) {
                auto& person = *w.find_person("bob3");
                person.mobile = person.email = person.enterprise_email = "";
                w.dingtalk.hosted_accounts.clear();
            });
            sent = co_await notify.send(address, hello());
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::recipient_not_found), sent.error());
            BOOST_TEST(count_requests(there.platform, path) == looked + one_miss);
        });
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(mistakes_about_people)

BOOST_AUTO_TEST_CASE(not_found_cached_for_ever)
{
    auto const number = "+6599999999";
    auto const address = "nobody@example.com";
    misses_are_remembered_and_forgotten<td::lark, phone_number>(wire_of<td::lark>::phone, number);
    misses_are_remembered_and_forgotten<td::lark, email>(wire_of<td::lark>::email, address);
    misses_are_remembered_and_forgotten<td::feishu, phone_number>(wire_of<td::feishu>::phone, number);
    misses_are_remembered_and_forgotten<td::dingtalk, phone_number>(wire_of<td::dingtalk>::phone, number);
    misses_are_remembered_and_forgotten<td::dingtalk, td::dingtalk::login_id>("/topapi/v2/user/get", "nobody@corp");
    misses_are_remembered_and_forgotten<td::dingtalk_work, phone_number>(wire_of<td::dingtalk_work>::phone, number);
    misses_are_remembered_and_forgotten<td::wecom, phone_number>(wire_of<td::wecom>::phone, number);
    misses_are_remembered_and_forgotten<td::wecom, email>(wire_of<td::wecom>::email, address, 2); // two mailboxes
}

BOOST_AUTO_TEST_CASE(stale_id_used_for_ever)
{
    auto const address = "bob@example.com";
    stale_ids_are_resolved_once_more<td::lark, phone_number>(wire_of<td::lark>::phone, bob);
    stale_ids_are_resolved_once_more<td::lark, email>(wire_of<td::lark>::email, address);
    stale_ids_are_resolved_once_more<td::feishu, phone_number>(wire_of<td::feishu>::phone, bob);
    stale_ids_are_resolved_once_more<td::dingtalk, phone_number>(wire_of<td::dingtalk>::phone, bob);
    stale_ids_are_resolved_once_more<td::dingtalk, td::dingtalk::login_id>("/topapi/v2/user/get", "bob@corp");
    stale_ids_are_resolved_once_more<td::dingtalk_work, phone_number>(wire_of<td::dingtalk_work>::phone, bob);
    stale_ids_are_resolved_once_more<td::wecom, phone_number>(wire_of<td::wecom>::phone, bob);
    stale_ids_are_resolved_once_more<td::wecom, email>(wire_of<td::wecom>::email, address, 2, 2);
}

BOOST_AUTO_TEST_CASE(ids_cached_across_applications)
{
    // Lark: each application has its own ids.
    test_environment<td::lark> lark;
    lark.platform.edit([](td::sandbox::world& w) {
        auto other = w.apps.front();
        other.app_id = "cli_0000000000000001";
        w.apps.push_back(other);
    });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = lark.make<phone_number>(ex);
        auto other = lark.make<phone_number>(ex, credentials<td::lark>(lark.platform, "cli_0000000000000001"));
        auto sent = co_await notify.send(bob, hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        std::string const first(sent->person_id());
        sent = co_await other.send(bob, hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->person_id() != first);
    });
    BOOST_TEST(count_requests(lark.platform, wire_of<td::lark>::phone) == 2);

    // WeCom: one application sees Ada, the other does not; neither's answer is the other's.
    test_environment<td::wecom> wecom;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const apps = wecom.platform.world().wecom.apps;
        auto agent = [](td::sandbox::wecom_app const& app) {
            return td::wecom::credentials(app.corp_id, td::secret(app.secret), app.agent_id);
        };
        auto sees_bob_only = wecom.make<phone_number>(ex, agent(apps[1]));
        auto sees_all = wecom.make<phone_number>(ex, agent(apps[0]));
        auto sent = co_await sees_bob_only.send(ada, hello());
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::recipient_not_found), sent.error());
        sent = co_await sees_all.send(ada, hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        sent = co_await sees_bob_only.send(ada, hello());
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::recipient_not_found), sent.error());
    });
    BOOST_TEST(count_requests(wecom.platform, wire_of<td::wecom>::phone) == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(national_phone_numbers_colliding, Provider, everywhere)
{
    // The same digits: Bob's in China without country code, Dana's in America with it.
    std::string const dana = "+13011111111";
    BOOST_TEST_REQUIRE(bob.substr(3) == dana.substr(1));
    test_environment<Provider> there;
    there.platform.edit([&](td::sandbox::world& w) { w.find_person("dana")->mobile = dana; });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<phone_number>(ex);
        for (auto const& [number, person] : {std::pair(bob, "bob"), std::pair(dana, "dana"), std::pair(bob, "bob")})
        {
            auto const sent = co_await notify.send(number, hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(there.platform.ledger().back().to == person);
        }
        // A number of no country is nobody's: none is assumed.
        auto const sent = co_await notify.send(bob.substr(3), hello());
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::invalid_recipient), sent.error());
    });
    BOOST_TEST(there.platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace deliveries_test
