// A group is told something by its custom bot, on each platform.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/webhook.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>

#include <future>
#include <optional>
#include <thread>

using namespace test;
using td::sandbox::fault;
using td::sandbox::fault_kind;

BOOST_AUTO_TEST_SUITE(webhooks)

namespace {

// What a single request comes to: repetitions are another test's.
template<class Provider, class... More>
using webhook = td::webhook<Provider, td::base_url, td::transport::http, td::retry::none, More...>;

/// A robot of the sandbox's world.
struct robot
{
    std::string url;
    std::string signing;
    std::string token;
    std::string chat;

    td::webhook_address address() const { return {url, td::secret(signing)}; }
};

template<class Provider>
robot robot_of(td::sandbox::server const& platform, std::size_t i = 0)
{
    auto const world = platform.world();
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
    {
        auto const& h = world.dingtalk.hooks.at(i);
        return {"https://oapi.dingtalk.com/robot/send?access_token=" + h.access_token, h.secret, h.access_token,
                h.open_conversation_id};
    }
    else if constexpr (std::is_same_v<Provider, td::wecom>)
    {
        auto const& h = world.wecom.hooks.at(i);
        return {"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + h.key, "", h.key, h.chat_id};
    }
    else
    {
        for (auto const& h : world.hooks)
            if (td::sandbox::to_string(h.platform) == Provider::name && i-- == 0)
                return {std::string(td::webhook_traits<Provider>::base_url) + "/open-apis/bot/v2/hook/" + h.token,
                        h.secret, h.token, h.chat_id};
        throw std::out_of_range("no such robot");
    }
}

template<class Provider, class... More>
webhook<Provider, More...> open(asio::any_io_executor ex, td::sandbox::server const& platform, std::size_t i = 0)
{
    return {ex, robot_of<Provider>(platform, i).address(), url<Provider>(platform)};
}

template<class Provider>
void tells_the_group(std::size_t robot_number, std::string const& msg_type)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const robot = robot_of<Provider>(platform, robot_number);
        auto group = open<Provider>(ex, platform, robot_number);
        auto const sent = co_await group.send(td::text{"Build is green"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 1u);
        BOOST_TEST(sent->message_id().empty());
        BOOST_TEST(sent->person_id().empty());
        auto const ledger = platform.ledger();
        BOOST_TEST_REQUIRE(ledger.size() == 1u);
        BOOST_TEST(ledger[0].provider == Provider::name);
        BOOST_TEST(ledger[0].receive_id_type == "hook");
        BOOST_TEST(ledger[0].receive_id == robot.token);
        BOOST_TEST(ledger[0].to == robot.chat);
        BOOST_TEST(ledger[0].msg_type == msg_type);
        BOOST_TEST(ledger[0].content.find("Build is green") != std::string::npos);
        BOOST_TEST(platform.requests().size() == 1u); // no token was fetched
    });
}

/// The types that `text`, `markdown` and `notice` become.
template<class Provider>
void speaks(std::vector<std::string> const& types)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto group = open<Provider>(ex, platform);
        auto const notice = td::notice("Disk almost full")
                                .level(td::severity::critical)
                                .fact("Host", "db-01")
                                .body("Clean up.")
                                .button("Open", "https://e.example/disk");
        auto const plain = co_await group.send(td::text{"<at user_id=\"all\">all</at> [x](https://e.example)"});
        auto const marked = co_await group.send(td::markdown{"# Disk\n**91%** full, [look](https://e.example)"});
        auto const card = co_await group.send(notice);
        BOOST_TEST(plain.has_value(), plain.error());
        BOOST_TEST(marked.has_value(), marked.error());
        BOOST_TEST(card.has_value(), card.error());
    });
    std::vector<std::string> got;
    for (auto const& row : platform.ledger())
        got.push_back(row.msg_type);
    BOOST_TEST(got == types, boost::test_tools::per_element());
}

template<class Provider>
void refuses_an_unknown_address()
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto robot = robot_of<Provider>(platform);
        auto const token = "f" + robot.token.substr(1, robot.token.size() - 2) + "f";
        robot.url.replace(robot.url.size() - token.size(), token.size(), token);
        webhook<Provider> group(ex, robot.address(), url<Provider>(platform));
        auto const sent = co_await group.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::bad_credentials), sent.error());
        BOOST_TEST(sent.error().remedy().starts_with("Copy the webhook address again"));
        BOOST_TEST(sent.error().message().find(token) == std::string::npos);
        BOOST_TEST(sent.error().message().starts_with(std::string(Provider::name) + ": send to group: "));
    });
}

template<class Provider>
void a_lost_answer(std::string_view advice)
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::reply_lost));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto group = open<Provider>(ex, platform);
        td::idempotency_key const key("change-42");
        auto const sent = co_await group.send(td::text{"hi"}, key);
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(sent.error().remedy().find(advice) != std::string::npos, sent.error().remedy());
        BOOST_TEST(platform.requests().size() == 1u);
        BOOST_TEST(platform.ledger().size() == 1u);
        auto const again = co_await group.send(td::text{"hi"}, key);
        BOOST_TEST(again.has_value(), again.error());
    });
    // DingTalk knows the key; the others cannot.
    constexpr std::size_t copies = std::is_same_v<Provider, td::dingtalk> ? 1 : 2;
    BOOST_TEST(platform.ledger().size() == copies);
}

/// Sends until the platform has had enough.
template<class Provider>
td::failure throttled(int most)
{
    td::sandbox::server platform(td::sandbox::options().frozen_clock());
    platform.edit(
        [](td::sandbox::world& w) { w.limits.enabled = w.dingtalk.limits.enabled = w.wecom.limits.enabled = true; });
    td::failure why;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto group = open<Provider, td::pacing::none>(ex, platform);
        for (int i = 0; i <= most; ++i)
        {
            auto const sent = co_await group.send(td::text{"hi"});
            BOOST_TEST(sent.has_value() == (i != most));
            if (!sent)
                why = sent.error();
        }
    });
    BOOST_TEST(platform.requests().size() == static_cast<std::size_t>(most) + 1);
    return why;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_group_is_told_on_each_platform)
{
    tells_the_group<td::lark>(0, "text");
    tells_the_group<td::feishu>(0, "text");
    tells_the_group<td::dingtalk>(0, "text");
    tells_the_group<td::wecom>(0, "text");
}

BOOST_AUTO_TEST_CASE(a_robot_that_asks_for_signatures_gets_one)
{
    tells_the_group<td::lark>(1, "text");
    tells_the_group<td::dingtalk>(1, "text");
}

BOOST_AUTO_TEST_CASE(messages_arrive_as_the_platforms_own_kinds)
{
    speaks<td::lark>({"post", "interactive", "interactive"});
    speaks<td::feishu>({"post", "interactive", "interactive"});
    speaks<td::dingtalk>({"text", "markdown", "actionCard"});
    speaks<td::wecom>({"text", "markdown", "template_card"});
}

BOOST_AUTO_TEST_CASE(native_messages_are_passed_on)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto lark = open<td::lark>(ex, platform);
        td::lark::card const card(R"({"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"hi"}]}})");
        auto sent = co_await lark.send(card);
        BOOST_TEST(sent.has_value(), sent.error());
        auto dingtalk = open<td::dingtalk>(ex, platform);
        td::dingtalk::native const link("link", R"({"title":"T","text":"t","messageUrl":"https://e.example"})");
        sent = co_await dingtalk.send(link);
        BOOST_TEST(sent.has_value(), sent.error());
        auto wecom = open<td::wecom>(ex, platform);
        td::wecom::native const table("markdown_v2", R"({"content":"| a |"})");
        sent = co_await wecom.send(table);
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_unknown_address_is_refused_without_being_shown)
{
    refuses_an_unknown_address<td::lark>();
    refuses_an_unknown_address<td::feishu>();
    refuses_an_unknown_address<td::dingtalk>();
    refuses_an_unknown_address<td::wecom>();
}

// A platform, or who stands in between, may repeat the address; its token is all that it takes to write to the group.
template<class Provider>
void hides_its_token_in_what_the_platform_says(std::string const& code)
{
    td::sandbox::server platform;
    auto const token = robot_of<Provider>(platform).token;
    auto const said = R"("no robot )" + token + R"( here")";
    platform.add_fault(fault(fault_kind::answer)
                           .status(200)
                           .header("Content-Type", "application/json")
                           .body("{" + code + R"(,"msg":)" + said + R"(,"errmsg":)" + said + "}"));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto group = open<Provider>(ex, platform);
        auto const sent = co_await group.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        auto const& why = sent.error();
        BOOST_TEST(why.message().find("no robot *** here") != std::string::npos, why);
        for (auto const& text : {why.message(), why.remedy(), std::string(why.platform_message())})
            BOOST_TEST(text.find(token) == std::string::npos, text);
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_comes_back_in_an_answer_is_not_told)
{
    hides_its_token_in_what_the_platform_says<td::lark>(R"("code":19001)");
    hides_its_token_in_what_the_platform_says<td::feishu>(R"("code":19001)");
    hides_its_token_in_what_the_platform_says<td::dingtalk>(R"("errcode":300005)");
    hides_its_token_in_what_the_platform_says<td::wecom>(R"("errcode":93000)");
}

BOOST_AUTO_TEST_CASE(what_is_not_usable_is_found_out_before_any_byte)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const feishu = robot_of<td::feishu>(platform);
        webhook<td::lark> wrong(ex, feishu.address(), url<td::lark>(platform));
        auto sent = co_await wrong.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::invalid_argument));
        BOOST_TEST(sent.error().message().find("use tidings::feishu") != std::string::npos, sent.error());
        BOOST_TEST(sent.error().message().find(feishu.token) == std::string::npos);

        auto group = open<td::wecom>(ex, platform);
        sent = co_await group.send(td::text{std::string(2049, 'x')});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::message_too_long));
        td::idempotency_key const bad("not a key");
        sent = co_await group.send(td::text{"hi"}, bad);
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::invalid_argument));
        auto const empty = td::notice("");
        sent = co_await group.send(empty);
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::message_invalid), "an empty notice was taken");
    });
    BOOST_TEST(platform.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_address_that_leads_to_the_base_url_is_taken)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::webhook_address const own(platform.url("lark") + "/open-apis/bot/v2/hook/" +
                                      robot_of<td::lark>(platform).token);
        webhook<td::lark> group(ex, own, url<td::lark>(platform));
        auto const sent = co_await group.send(td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
}

BOOST_AUTO_TEST_CASE(https_is_the_default_and_fails_closed)
{
    td::sandbox::server platform(td::sandbox::options().tls());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const address = robot_of<td::feishu>(platform).address();
        td::webhook<td::feishu> stranger(ex, address, url<td::feishu>(platform));
        auto sent = co_await stranger.send(td::text{"hi"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::tls_failed));
        td::webhook<td::feishu> group(ex, address, td::transport::https().ca_file(platform.ca_file()),
                                      url<td::feishu>(platform));
        sent = co_await group.send(td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_and_a_secret_that_is_missing_are_explained)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        webhook<td::lark> unsigned_lark(ex, td::webhook_address(robot_of<td::lark>(platform, 1).url),
                                        url<td::lark>(platform));
        auto sent = co_await unsigned_lark.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST(sent.error().platform_code() == "19021");

        platform.advance(std::chrono::hours(2));
        auto lark = open<td::lark>(ex, platform, 1);
        sent = co_await lark.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::bad_credentials));
        BOOST_TEST(sent.error().remedy().find("this machine's clock") != std::string::npos);

        auto dingtalk = open<td::dingtalk>(ex, platform, 1);
        sent = co_await dingtalk.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::bad_credentials));
        BOOST_TEST(sent.error().remedy().starts_with("Set this machine's clock"));
    });
    BOOST_TEST(platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(keywords_that_are_missing_are_explained)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto group = open<td::dingtalk>(ex, platform, 2);
        auto sent = co_await group.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::message_invalid), sent.error());
        BOOST_TEST(sent.error().remedy().find("keywords") != std::string::npos);
        sent = co_await group.send(td::text{"alert: hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
}

BOOST_AUTO_TEST_CASE(robots_that_are_out_of_order_say_so)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (std::size_t i : {1u, 2u})
        {
            auto group = open<td::wecom>(ex, platform, i);
            auto const sent = co_await group.send(td::text{"hi"});
            BOOST_TEST((sent.has_error() && sent.error() == td::errc::bot_disabled));
        }
    });
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_an_unknown_outcome_that_nobody_repeats_unasked)
{
    a_lost_answer<td::lark>("no idempotency key");
    a_lost_answer<td::feishu>("no idempotency key");
    a_lost_answer<td::dingtalk>("the same idempotency key");
    a_lost_answer<td::wecom>("no idempotency key");
}

BOOST_AUTO_TEST_CASE(too_many_messages_are_answered_with_how_long_to_wait)
{
    auto why = throttled<td::lark>(5);
    BOOST_TEST((why == td::errc::rate_limited), why);
    BOOST_TEST(why.platform_code() == "11232");
    why = throttled<td::dingtalk>(20);
    BOOST_TEST((why == td::errc::rate_limited), why);
    BOOST_TEST((why.wait() == std::chrono::minutes(10)));
    why = throttled<td::wecom>(20);
    BOOST_TEST((why == td::errc::rate_limited), why);
    BOOST_TEST((why.wait() == std::chrono::minutes(1)));
}

BOOST_AUTO_TEST_CASE(a_group_reads_its_own_language)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        webhook<td::feishu, td::channel_language> group(ex, robot_of<td::feishu>(platform).address(),
                                                        td::channel_language("zh-Hans"), url<td::feishu>(platform));
        td::text const what(td::localized("green").in("zh", "构建成功").in("ja", "成功"));
        auto sent = co_await group.send(what);
        BOOST_TEST(sent.has_value(), sent.error());
        auto const japanese = td::send_options().language("ja");
        sent = co_await group.send(what, japanese);
        BOOST_TEST(sent.has_value(), sent.error());
    });
    auto const ledger = platform.ledger();
    BOOST_TEST_REQUIRE(ledger.size() == 2u);
    BOOST_TEST((boost::json::parse(ledger[0].content).at("text") == "构建成功"));
    BOOST_TEST((boost::json::parse(ledger[1].content).at("text") == "成功"));
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_a_send_that_hangs)
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::stall));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        webhook<td::lark, td::deadline> group(ex, robot_of<td::lark>(platform).address(),
                                              td::deadline(std::chrono::milliseconds(500)), url<td::lark>(platform));
        auto const sent = co_await group.send(td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown));
        BOOST_TEST((sent.error().cause() == td::errc::timed_out));
    });
}

BOOST_AUTO_TEST_CASE(async_send_takes_any_completion_token_and_never_completes_inside_the_call)
{
    td::sandbox::server platform;
    asio::io_context io;
    auto group = open<td::lark>(io.get_executor(), platform);
    auto future = group.async_send(td::text{"future"}, asio::use_future);
    bool inside = true;
    bool refused_inside = true;
    group.async_send(td::text{""}, td::send_options(), [&](td::result<td::receipt> r) {
        refused_inside = inside;
        BOOST_TEST((r.has_error() && r.error() == td::errc::message_invalid));
    });
    inside = false;
    io.run();
    BOOST_TEST(!refused_inside);
    BOOST_TEST(future.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_cancelled_send_says_so_and_leaves_the_webhook_usable)
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::stall));
    asio::io_context io;
    auto group = open<td::wecom>(io.get_executor(), platform);
    asio::cancellation_signal signal;
    std::optional<td::result<td::receipt>> got;
    group.async_send(td::text{"hi"}, asio::bind_cancellation_slot(
                                         signal.slot(), [&](td::result<td::receipt> r) { got.emplace(std::move(r)); }));
    while (platform.requests().empty())
    {
        io.run_for(std::chrono::milliseconds(10));
        io.restart();
    }
    signal.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST((got->has_error() && got->error() == td::errc::outcome_unknown));
    BOOST_TEST((got->error().cause() == td::errc::cancelled));

    io.restart();
    auto future = group.async_send(td::text{"hi"}, asio::use_future);
    io.run();
    BOOST_TEST(future.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_webhook_can_be_moved_and_destroyed_under_its_operations)
{
    td::sandbox::server platform;
    platform.add_fault(fault(fault_kind::stall));
    {
        asio::io_context io;
        auto first = std::make_unique<webhook<td::lark>>(open<td::lark>(io.get_executor(), platform));
        auto second = std::move(*first);
        second.async_send(td::text{"hi"}, [](td::result<td::receipt> const&) {});
        first.reset();
        while (platform.requests().empty())
            io.run_one_for(std::chrono::milliseconds(5));
        second = open<td::lark>(io.get_executor(), platform);
        auto future = second.async_send(td::text{"hi"}, asio::use_future);
        auto const is_ready = [&] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; };
        for (auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
             !is_ready() && std::chrono::steady_clock::now() < end;)
            io.run_one_for(std::chrono::milliseconds(5));
        BOOST_TEST(is_ready());
    }
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
