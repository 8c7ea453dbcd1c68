// Mistakes with access tokens, credentials and what is written about them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "mistakes/test_environment.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/mp11/list.hpp>

#include <sstream>

namespace tokens_test {

using namespace test;
using td::match::login_name;

namespace {

// A token is replaced while it still works, where the platform hands out another one.
template<class Provider>
void refreshes(std::chrono::minutes late, bool ahead)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        auto sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        there.advance(late);
        sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        if (!ahead)
        {
            BOOST_TEST(there.fetched() == 1); // until its end the platform hands out the same one
            co_return;
        }
        co_await wait_until([&] { return there.fetched() == 2; });
        // What was fetched is in use when the first one is over.
        there.advance(std::chrono::minutes(20));
        sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(there.fetched() == 2);
    });
}

// Used to the last second before its margin, and not after.
template<class Provider>
void lives(std::chrono::seconds margin)
{
    for (bool over : {false, true})
    {
        test_environment<Provider> there(td::sandbox::options().frozen_clock());
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = there.template make<login_name>(ex, std::chrono::seconds(2));
            auto sent = co_await notify.send("ada", hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            there.advance(std::chrono::hours(2) - margin - std::chrono::seconds(over ? 0 : 1));
            there.answer(wire_of<Provider>::token, 502, "<html>"); // who wants another one now gets none
            sent = co_await notify.send("ada", hello());
            BOOST_TEST(sent.has_value() == !over, Provider::name << ' ' << over << ' ' << sent.error());
        });
    }
}

// @param success  What the platform answers, TOKEN where the token is to stand.
template<class Provider>
void reads(std::string success)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto first = there.template make<login_name>(ex);
        auto sent = co_await first.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        boost::replace_all(success, "TOKEN", token_in(there.platform.requests().back()));
        there.answer(wire_of<Provider>::token, 200, success);
        there.tokens = {};
        auto second = there.template make<login_name>(ex);
        for (int i = 0; i != 3; ++i)
        {
            sent = co_await second.send("ada", hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
    });
    BOOST_TEST(there.fetched() == 2, Provider::name);
}

// A look-up and a message are each refused once for their token; every request carries one token in one place.
template<class Provider>
void carries_one()
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<td::match::phone_number>(ex);
        auto sent = co_await notify.send("+8613011111111", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        there.revoke();
        sent = co_await notify.send("+8613022222222", hello()); // the look-up is refused first
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        there.revoke();
        sent = co_await notify.send("+8613011111111", hello()); // and here the message
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    });
    int with_token = 0;
    for (auto const& request : there.platform.requests())
    {
        auto const in_query = query_of(request, "access_token").second;
        auto const in_header = std::count_if(request.headers.begin(), request.headers.end(), [](auto const& header) {
            return header.first == "Authorization" || header.first == "x-acs-dingtalk-access-token";
        });
        bool const fetch = request.target.starts_with(wire_of<Provider>::token);
        BOOST_TEST(in_query + in_header == (fetch ? 0 : 1), request.target);
        with_token += !fetch;
    }
    BOOST_TEST(with_token >= 7);
    BOOST_TEST(there.fetched() == 3);
}

} // namespace

BOOST_AUTO_TEST_SUITE(mistakes_with_tokens)

BOOST_AUTO_TEST_CASE_TEMPLATE(token_per_message, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        for (int i = 0; i != 5; ++i)
        {
            auto const sent = co_await notify.send("ada", hello());
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
    });
    BOOST_TEST(there.fetched() == 1);
    BOOST_TEST(there.platform.ledger().size() == 5u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(waiters_each_fetch_a_token, Provider, everywhere)
{
    test_environment<Provider> there;
    asio::io_context io;
    auto notify = there.template make<login_name>(io.get_executor());
    int delivered = 0;
    constexpr int waiters = 40;
    for (int i = 0; i != waiters; ++i)
        notify.async_send("ada", hello(), [&](td::result<td::receipt> r) {
            BOOST_TEST(r.has_value(), r.error());
            delivered += r.has_value();
        });
    io.run();
    BOOST_TEST(delivered == waiters);
    BOOST_TEST(there.fetched() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rejected_token_replayed_from_the_cache, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        auto sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        there.revoke();
        sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    });
    auto const sends = there.sends();
    BOOST_TEST_REQUIRE(sends.size() == 3u);
    BOOST_TEST(token_in(sends[1]) == token_in(sends[0]));
    BOOST_TEST(token_in(sends[2]) != token_in(sends[1]));
    BOOST_TEST(there.fetched() == 2);
    BOOST_TEST(there.platform.ledger().size() == 2u);
}

// ... and the opposite one: fetching and sending in a circle.
BOOST_AUTO_TEST_CASE_TEMPLATE(rejected_tokens_fetched_for_ever, Provider, everywhere)
{
    test_environment<Provider> there;
    there.answer(wire_of<Provider>::send, wire_of<Provider>::rejected_status, std::string(wire_of<Provider>::rejected));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        auto const sent = co_await notify.send("ada", hello());
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::token_rejected), sent.error());
    });
    BOOST_TEST(there.sent() == 2);
    BOOST_TEST(there.fetched() == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(slow_thread_drops_a_fresh_token, Provider, everywhere)
{
    test_environment<Provider> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = there.template make<login_name>(ex);
        int delivered = 0;
        auto const send_two = [&] {
            for (int i = 0; i != 2; ++i)
                notify.async_send("ada", hello(), [&](td::result<td::receipt> r) { delivered += r.has_value(); });
        };
        send_two(); // over two connections, which the next two have
        co_await wait_until([&] { return delivered == 2; });
        there.revoke();
        // Two messages with the old token: one of them learns of it when the other has fetched a new one already.
        there.platform.add_fault(fault(fault_kind::delay)
                                     .path(std::string(wire_of<Provider>::send))
                                     .after(1)
                                     .delay(std::chrono::milliseconds(150)));
        send_two();
        co_await wait_until([&] { return delivered == 4; });
    });
    auto const sends = there.sends();
    BOOST_TEST_REQUIRE(sends.size() == 6u);
    BOOST_TEST(token_in(sends[2]) == token_in(sends[3]));
    BOOST_TEST(there.fetched() == 2);
}

BOOST_AUTO_TEST_CASE(refresh_branch_unreachable)
{
    refreshes<td::lark>(std::chrono::minutes(101), true);
    refreshes<td::feishu>(std::chrono::minutes(101), true);
    refreshes<td::dingtalk>(std::chrono::minutes(111), true);
    refreshes<td::dingtalk_work>(std::chrono::minutes(111), true);
    refreshes<td::wecom>(std::chrono::minutes(119), false);
}

BOOST_AUTO_TEST_CASE(expires_in_misread)
{
    lives<td::lark>(std::chrono::seconds(60));
    lives<td::dingtalk>(std::chrono::seconds(60));
    lives<td::wecom>(std::chrono::seconds(2));
}

BOOST_AUTO_TEST_CASE(expires_in_written_as_a_string_read_as_nothing)
{
    reads<td::lark>(R"({"code":0,"msg":"ok","tenant_access_token":"TOKEN","expire":"7200"})");
    reads<td::dingtalk>(R"({"expireIn":"7200","accessToken":"TOKEN"})");
    reads<td::wecom>(R"({"errcode":0,"errmsg":"ok","access_token":"TOKEN","expires_in":"7200"})");
}

BOOST_AUTO_TEST_CASE(two_agents_of_one_company_share_a_token)
{
    test_environment<td::wecom> there;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const apps = there.platform.world().wecom.apps;
        BOOST_TEST_REQUIRE(apps[0].corp_id == apps[1].corp_id);
        for (int round = 0; round != 2; ++round)
            for (auto const& app : {apps[0], apps[1]})
            {
                td::wecom::credentials const agent(app.corp_id, td::secret(app.secret), app.agent_id);
                auto notify = there.make<login_name>(ex, agent); // one cache for both
                auto const sent = co_await notify.send("bob", hello());
                BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
                BOOST_TEST(there.platform.ledger().back().app_id == app.id());
            }
    });
    BOOST_TEST(there.fetched() == 2);
}

BOOST_AUTO_TEST_CASE(access_token_appended_twice_on_retry)
{
    carries_one<td::lark>();
    carries_one<td::dingtalk>();
    carries_one<td::dingtalk_work>();
    carries_one<td::wecom>();
}

BOOST_AUTO_TEST_CASE(wrong_secret_tried_until_the_address_is_blocked)
{
    test_environment<td::wecom> there;
    there.platform.edit([](td::sandbox::world& w) { w.wecom.limits.wrong_secrets_per_hour = 2; });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const app = there.platform.wecom_app();
        auto refused =
            there.make<login_name>(ex, td::wecom::credentials(app.corp_id, td::secret("of-last-year"), app.agent_id));
        for (int i = 0; i != 20; ++i)
        {
            auto const sent = co_await refused.send("ada", hello());
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::bad_credentials), sent.error());
        }
        auto notify = there.make<login_name>(ex);
        auto const sent = co_await notify.send("ada", hello());
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(there.fetched() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mistakes_with_secrets)

namespace {

// Everything that a failure shows to anybody.
std::string all_of(td::failure const& f)
{
    std::ostringstream out;
    out << f << '\n'
        << f.message() << '\n'
        << f.remedy() << '\n'
        << f.remedy(td::language::chinese) << '\n'
        << td::error(f).what() << '\n'
        << f.platform_code() << f.platform_message() << f.log_id() << f.link() << f.refused_ip() << f.operation()
        << f.cause().message();
    for (auto const& text : f.links())
        out << text;
    for (auto const& text : f.scopes())
        out << text;
    if (f.facts())
        out << f.facts()->detail << f.facts()->console << f.facts()->app_id;
    return out.str();
}

constexpr std::array every_fault_kind{fault_kind::answer,
                                      fault_kind::throttle,
                                      fault_kind::cut_before_reading,
                                      fault_kind::cut_before_headers,
                                      fault_kind::reply_lost,
                                      fault_kind::cut_in_headers,
                                      fault_kind::cut_in_body,
                                      fault_kind::stall,
                                      fault_kind::stall_in_headers,
                                      fault_kind::stall_in_body,
                                      fault_kind::truncated_json,
                                      fault_kind::garbage,
                                      fault_kind::big_headers,
                                      fault_kind::big_body,
                                      fault_kind::wrong_length};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(secret_or_token_in_an_error_or_a_url, Provider, everywhere)
{
    test_environment<Provider> there;
    std::vector<td::failure> failures;
    std::string const old_secret = "s3cr3t-of-last-year";
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        using phone = td::match::phone_number;
        auto const note = [&](td::result<td::receipt> const& sent) {
            if (!sent)
                failures.push_back(sent.error());
        };
        auto app = credentials<Provider>(there.platform);
        auto warm = there.template make<phone>(ex);
        note(co_await warm.send("+8613011111111", hello()));
        BOOST_TEST(failures.empty());
        note(co_await warm.send("+6599999999", hello()));

        auto refused_app = [&] {
            if constexpr (std::is_same_v<Provider, td::wecom>)
                return typename Provider::credentials(app.app_id(), td::secret(old_secret), app.agent_id());
            else if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
                return typename Provider::credentials(app.app_id(), td::secret(old_secret)).agent_id(app.agent_id());
            else
                return typename Provider::credentials(app.app_id(), td::secret(old_secret));
        }();
        for (int i = 0; i != 2; ++i)
        {
            auto refused = there.template make<phone>(ex, refused_app);
            note(co_await refused.send("+8613011111111", hello()));
        }
        BOOST_TEST(failures.size() == 3u);

        // Each step comes to grief in every way. A proxy's page repeats what it was asked for.
        auto const token = token_in(there.platform.requests().at(1));
        BOOST_TEST_REQUIRE(token.size() > 8u);
        std::string const page =
            "<html>GET /?access_token=" + token + "&secret=" + std::string(app.app_secret().reveal()) + "</html>";
        for (auto const path : {wire_of<Provider>::token, wire_of<Provider>::phone, wire_of<Provider>::send})
        {
            std::vector<fault> faults;
            for (auto const what : every_fault_kind)
                faults.push_back(fault(what).status(502).body(page).size(1 << 20));
            // Or somebody repeats, in the platform's own language, what stood in the request.
            std::string const words = path == wire_of<Provider>::token
                                          ? R"("no: secret )" + std::string(app.app_secret().reveal()) + '"'
                                          : R"("no: token )" + token + '"';
            std::string const spoken = R"("msg":)" + words + R"(,"message":)" + words + R"(,"errmsg":)" + words +
                                       R"(,"sub_msg":)" + words + R"(,"request_id":)" + words + R"(,"requestid":)" +
                                       words + R"(,"errcode":4711,)";
            for (auto const* const code : {R"("code":4711})", R"("code":"strange"})"})
                faults.push_back(fault(fault_kind::answer).status(400).body('{' + spoken + code));
            for (std::size_t i = 0; i != faults.size(); ++i)
            {
                there.platform.add_fault(fault(faults[i]).path(std::string(path)).times(0));
                there.tokens = {};
                there.people = {};
                auto const before = failures.size();
                // What is answered in the platform's language is told at once; the rest is repeated, or is silence.
                bool const spoken_to = i >= every_fault_kind.size();
                std::chrono::milliseconds const limit(spoken_to ? 5000 : 60);
                auto notify = there.template make<phone>(ex, limit);
                note(co_await notify.send("+8613011111111", hello()));
                BOOST_TEST_REQUIRE(failures.size() == before + 1, i << ' ' << path);
                if (i == every_fault_kind.size())
                    BOOST_TEST(failures.back().message().find(" ***") != std::string::npos, failures.back());
                there.platform.clear_faults();
            }
        }
    });

    std::vector<std::string> hidden{old_secret,
                                    std::string(credentials<Provider>(there.platform).app_secret().reveal())};
    for (auto const& request : there.platform.requests())
        if (auto token = token_in(request); !token.empty())
            hidden.push_back(std::move(token));
    for (auto const& f : failures)
    {
        auto const shown = all_of(f);
        for (auto const& secret : hidden)
            BOOST_TEST(shown.find(secret) == shown.npos, shown);
    }

    // In a URL stands only what the platform takes nowhere else: WeCom's secret, WeCom's and DingTalk's old tokens.
    for (auto const& request : there.platform.requests())
    {
        bool const secret_belongs_there = std::is_same_v<Provider, td::wecom>;
        bool const token_belongs_there = std::is_same_v<Provider, td::wecom> || request.target.starts_with("/topapi/");
        for (auto const& secret : {hidden[0], hidden[1]})
            BOOST_TEST((secret_belongs_there || request.target.find(secret) == std::string::npos), request.target);
        for (std::size_t i = 2; i != hidden.size(); ++i)
            BOOST_TEST((token_belongs_there || request.target.find(hidden[i]) == std::string::npos), request.target);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tokens_test
