// Group webhooks: the addresses people paste, the bytes that are sent, what the answers mean.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "provider/wire.hpp"

#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/wire/detail/redaction.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <concepts>
#include <ostream>
#include <string>
#include <vector>

namespace hooks_test {

using namespace test;
namespace td = tidings;

namespace {

constexpr std::string_view token = "0a1b2c3d-0000-4000-8000-00000000c0de";

std::string const lark_url = "https://open.larksuite.com/open-apis/bot/v2/hook/" + std::string(token);
std::string const feishu_url = "https://open.feishu.cn/open-apis/bot/v2/hook/" + std::string(token);
std::string const dingtalk_url = "https://oapi.dingtalk.com/robot/send?access_token=" + std::string(token);
std::string const wecom_url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + std::string(token);

template<class Provider>
td::result<td::detail::webhook_key> read(std::string const& url, std::string_view signing = {},
                                         std::string_view base_url = {})
{
    return td::detail::read_webhook<td::webhook_traits<Provider>>(td::webhook_address(url, td::secret(signing)),
                                                                  base_url);
}

template<class Provider>
void takes(std::string const& url, std::string_view base_url = {})
{
    auto const key = read<Provider>(url, {}, base_url);
    BOOST_TEST_REQUIRE(key.has_value(), key.error() << " for " << url);
    BOOST_TEST(key->token() == token);
}

/// That the address is refused in these words, and not repeated.
template<class Provider>
void refuses(std::string const& url, std::string_view words, std::string_view base_url = {})
{
    auto const key = read<Provider>(url, {}, base_url);
    BOOST_TEST_REQUIRE(key.has_error(), "taken: " << url);
    BOOST_TEST(kind(key) == kind(errc::invalid_argument));
    auto const said = key.error().message();
    BOOST_TEST(contains(said, words), "it says: " << said);
    BOOST_TEST(!contains(said, token));
}

/// The request that sends `what`.
template<class Provider, class Message>
sent request(Message const& what, td::detail::webhook_key const& key = {td::secret(token), td::secret()})
{
    using hook = td::webhook_traits<Provider>;
    auto const content = hook::content_of(what, td::language_tag());
    auto const sound = hook::check(content);
    BOOST_TEST_REQUIRE(sound.has_value(), sound.error());
    typename hook::delivery sending(key, content, "key-1");
    auto* const op = sending.next();
    BOOST_TEST_REQUIRE(op);
    BOOST_TEST(!op->needs_token());
    return sent(*op, {});
}

template<class Provider, class Message>
td::result<void> check(Message const& what)
{
    return td::webhook_traits<Provider>::check(td::webhook_traits<Provider>::content_of(what, td::language_tag()));
}

/// What a send to a group makes of an answer.
template<class Provider>
td::result<void> answered(said const& in)
{
    using hook = td::webhook_traits<Provider>;
    td::detail::webhook_key const key{td::secret(token), td::secret("SECRET")};
    td::text const what("x");
    auto const content = hook::content_of(what, td::language_tag());
    typename hook::delivery sending(key, content, "key-1");
    return sending.next()->decode(in.view());
}

struct documented
{
    std::string body;
    errc what;
    std::string_view remedy; ///< Part of it.
    std::string code;
};

template<class Provider>
void classifies(std::vector<documented> const& table)
{
    for (auto const& row : table)
    {
        BOOST_TEST_CONTEXT(row.body)
        {
            auto const done = answered<Provider>(said(200, row.body));
            BOOST_TEST_REQUIRE(done.has_error());
            auto const& why = done.error();
            BOOST_TEST(kind(why) == kind(row.what));
            BOOST_TEST(why.platform_code() == row.code);
            BOOST_TEST(contains(why.remedy(), row.remedy), "the remedy is: " << why.remedy());
            BOOST_TEST(!why.remedy(td::language::chinese).empty());
            BOOST_TEST(!contains(why.message(), token));
            BOOST_TEST(!contains(why.message(), "SECRET"));
        }
    }
}

using ms = std::chrono::sys_time<std::chrono::milliseconds>;

template<std::int64_t At>
ms at()
{
    return ms(std::chrono::milliseconds(At));
}

boost::json::value card_of(std::string_view content)
{
    return {{"schema", "2.0"},
            {"body", {{"elements", boost::json::array{{{"tag", "markdown"}, {"content", content}}}}}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(group_webhooks)

// ---- Addresses

BOOST_AUTO_TEST_CASE(an_address_is_taken_as_the_platform_shows_it)
{
    takes<td::lark>(lark_url);
    takes<td::lark>(lark_url + "/");
    takes<td::lark>("  " + lark_url + "\r\n");
    takes<td::lark>("https://OPEN.larksuite.com:443/open-apis/bot/v2/hook/" + std::string(token));
    takes<td::feishu>(feishu_url);
    takes<td::dingtalk>(dingtalk_url);
    takes<td::dingtalk_work>(dingtalk_url);
    takes<td::wecom>(wecom_url);
}

BOOST_AUTO_TEST_CASE(a_time_and_a_signature_that_were_pasted_along_are_left_out)
{
    takes<td::dingtalk>(dingtalk_url + "&timestamp=1500000000000&sign=c3RhbGU%3D");
    takes<td::dingtalk>("https://oapi.dingtalk.com/robot/send?sign=x&access_token=" + std::string(token));
    auto const key = read<td::dingtalk>(dingtalk_url + "&timestamp=1500000000000&sign=c3RhbGU%3D").value();
    BOOST_TEST(request<td::dingtalk>(td::text{"x"}, key).line ==
               "POST /robot/send?access_token=" + std::string(token) + " HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(an_address_of_another_platform_is_refused_before_any_byte)
{
    refuses<td::lark>(feishu_url, "use tidings::feishu");
    refuses<td::feishu>(lark_url, "use tidings::lark");
    refuses<td::lark>(dingtalk_url, "does not lead to https://open.larksuite.com");
    refuses<td::dingtalk>(wecom_url, "does not lead to https://oapi.dingtalk.com");
    refuses<td::wecom>(lark_url, "does not lead to https://qyapi.weixin.qq.com");
    refuses<td::wecom>("https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=" + std::string(token),
                       "does not lead to");
    refuses<td::lark>("http" + lark_url.substr(5), "does not lead to https://");
}

BOOST_AUTO_TEST_CASE(an_address_of_another_shape_is_refused_in_words_that_do_not_repeat_it)
{
    std::string const t(token);
    refuses<td::lark>("", "is empty");
    refuses<td::lark>(t, "is not a URL");
    refuses<td::lark>("ftp://open.larksuite.com/open-apis/bot/v2/hook/" + t, "does not start with https://");
    refuses<td::lark>("https://" + t + "@open.larksuite.com/open-apis/bot/v2/hook/x", "has a user");
    refuses<td::lark>(lark_url + "#x", "fragment");
    refuses<td::lark>(lark_url + "?x=1", "has not the shape");
    refuses<td::lark>(lark_url + "/more", "has a token that cannot be one");
    refuses<td::lark>("https://open.larksuite.com/open-apis/bot/v2/hook/", "has no token");
    refuses<td::lark>("https://open.larksuite.com/open-apis/bot/hook/" + t, "is of version 1");
    refuses<td::lark>("https://open.larksuite.com/open-apis/im/v1/messages/" + t, "has not the shape");
    refuses<td::lark>("https://open.larksuite.com/open-apis/bot/v2/hook/%0d%0a" + t, "cannot be one");
    refuses<td::dingtalk>("https://oapi.dingtalk.com/robot/send", "has no token");
    refuses<td::dingtalk>("https://oapi.dingtalk.com/robot/send?access_token=", "has no token");
    refuses<td::dingtalk>(dingtalk_url + "&access_token=x", "more than one");
    refuses<td::dingtalk>("https://oapi.dingtalk.com/robot/send/" + t, "has not the shape");
    refuses<td::wecom>("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?access_token=" + t, "has no token");
    refuses<td::wecom>("https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=" + t, "has not the shape");
}

BOOST_AUTO_TEST_CASE(with_a_base_url_the_address_may_lead_there)
{
    std::string const path = "/open-apis/bot/v2/hook/" + std::string(token);
    takes<td::lark>("http://127.0.0.1:8080" + path, "http://127.0.0.1:8080");
    takes<td::lark>("https://proxy.example/lark" + path, "https://proxy.example/lark/");
    takes<td::lark>(lark_url, "http://127.0.0.1:8080");
    refuses<td::lark>("http://127.0.0.1:8081" + path, "does not lead to", "http://127.0.0.1:8080");
    refuses<td::lark>("https://proxy.example" + path, "does not lead to", "https://proxy.example/lark");
    refuses<td::lark>("http://127.0.0.1:8080" + path, "does not lead to");
}

BOOST_AUTO_TEST_CASE(a_signing_secret_is_for_platforms_that_sign)
{
    BOOST_TEST(kind(read<td::wecom>(wecom_url, "SEC123")) == kind(errc::invalid_argument));
    BOOST_TEST(kind(read<td::dingtalk>(dingtalk_url, "SEC123\n")) == kind(errc::invalid_argument));
    BOOST_TEST(read<td::dingtalk>(dingtalk_url, "SEC123").value().signing().reveal() == "SEC123");
}

template<class T>
concept printable = requires(std::ostream& out, T const& x) { out << x; };
static_assert(!printable<td::webhook_address>);

// ---- Requests

BOOST_AUTO_TEST_CASE(larks_content_is_an_object)
{
    auto const r = request<td::lark>(td::text{"Build is \"green\""});
    BOOST_TEST(r.line == "POST /open-apis/bot/v2/hook/" + std::string(token) + " HTTP/1.1");
    BOOST_TEST(r.header("Authorization").empty());
    BOOST_TEST((json(r.body) == json(R"({"msg_type":"text","content":{"text":"Build is \"green\""}})")));
}

BOOST_AUTO_TEST_CASE(larks_text_mentions_nobody_and_hides_no_link)
{
    for (std::string const nasty : {"<at user_id=\"all\">all</at> look", "see [the bank](https://evil.example)"})
    {
        auto const r = request<td::feishu>(td::text{nasty + "\nbye"});
        auto const line = [](std::string_view text) {
            return boost::json::array{{{"tag", "text"}, {"text", text}, {"un_escape", false}}};
        };
        boost::json::value const post{{"zh_cn", {{"content", boost::json::array{line(nasty), line("bye")}}}}};
        boost::json::value const whole{{"msg_type", "post"}, {"content", {{"post", post}}}};
        BOOST_TEST((json(r.body) == whole));
    }
}

BOOST_AUTO_TEST_CASE(larks_markdown_is_a_card_for_posts_of_bots_have_none)
{
    boost::json::value const whole{{"msg_type", "interactive"}, {"card", card_of("**Disk** 91%")}};
    BOOST_TEST((json(request<td::lark>(td::markdown{"**Disk** 91%"}).body) == whole));
    auto const tricky = request<td::lark>(td::markdown{"<at id=all></at>"});
    BOOST_TEST(!contains(tricky.body, "<at"));
}

BOOST_AUTO_TEST_CASE(larks_notices_cards_and_native_messages_have_their_own_members)
{
    td::notice const disk = td::notice("Disk").level(td::severity::warning).fact("host", "db1");
    auto const shown = json(request<td::lark>(disk).body);
    BOOST_TEST((shown.at("msg_type") == "interactive"));
    BOOST_TEST((shown.at("card") == json(td::providers::lark::notice_card(disk).json())));
    BOOST_TEST((json(request<td::lark>(td::lark::card{R"({"type":"template"})"}).body) ==
                json(R"({"msg_type":"interactive","card":{"type":"template"}})")));
    BOOST_TEST((json(request<td::lark>(td::lark::native{"image", R"({"image_key":"img_1"})"}).body) ==
                json(R"({"msg_type":"image","content":{"image_key":"img_1"}})")));
    BOOST_TEST((json(request<td::lark>(td::lark::native{"interactive", R"({"elements":[]})"}).body) ==
                json(R"({"msg_type":"interactive","card":{"elements":[]}})")));
}

BOOST_AUTO_TEST_CASE(larks_signature_is_the_published_one)
{
    td::detail::webhook_key const key{td::secret(token), td::secret("xxx")};
    auto const content = td::providers::lark::hook_content::words("hi");
    td::providers::lark::send_to_webhook const op(td::providers::lark::lark_brand, key, content, &at<1661860880'999>);
    BOOST_TEST((json(sent(op).body) ==
                json(R"({"timestamp":"1661860880","sign":"QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU=",)"
                     R"("msg_type":"text","content":{"text":"hi"}})")));
}

BOOST_AUTO_TEST_CASE(dingtalks_body_carries_the_key_and_mentions_nobody)
{
    auto const r = request<td::dingtalk>(td::text{"@all look"});
    BOOST_TEST(r.line == "POST /robot/send?access_token=" + std::string(token) + " HTTP/1.1");
    BOOST_TEST((json(r.body) == json(R"({"msgtype":"text","text":{"content":"@all look"},"msgUuid":"key-1"})")));

    auto const m = json(request<td::dingtalk>(td::markdown{"# Disk\n**91%**"}).body);
    BOOST_TEST((m.at("msgtype") == "markdown"));
    BOOST_TEST((m.at("markdown").at("title") == "Disk"));
    BOOST_TEST(
        (m.at("markdown").at("text").as_string() == td::providers::dingtalk::render_markdown("# Disk\n**91%**")));

    td::notice const disk = td::notice("Disk").level(td::severity::warning).button("Open", "https://e.example/");
    auto const n = json(request<td::dingtalk_work>(disk).body);
    BOOST_TEST((n.at("msgtype") == "actionCard"));
    BOOST_TEST((n.at("actionCard") == json(td::providers::dingtalk::notice_for_webhook(disk).json())));

    BOOST_TEST((json(request<td::dingtalk>(td::dingtalk::native{"link", R"({"title":"T"})"}).body) ==
                json(R"({"msgtype":"link","link":{"title":"T"},"msgUuid":"key-1"})")));
    BOOST_TEST(kind(check<td::dingtalk>(td::dingtalk::native{"a\":1,\"at", "{}"})) == kind(errc::message_invalid));
}

BOOST_AUTO_TEST_CASE(dingtalks_signature_is_the_published_one_encoded_once)
{
    td::detail::webhook_key const key{td::secret("T"), td::secret("this is secret")};
    td::providers::dingtalk::content const content("hi");
    td::providers::dingtalk::send_to_webhook const op(key, content, "k", &at<1577262236757>);
    BOOST_TEST(sent(op).line == "POST /robot/send?access_token=T&timestamp=1577262236757"
                                "&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(a_signature_is_made_anew_for_each_request)
{
    static int asked = 0;
    auto const clock = [] { return ms(std::chrono::seconds(++asked)); };
    td::detail::webhook_key const key{td::secret("T"), td::secret("s")};
    td::providers::dingtalk::content const content("hi");
    td::providers::dingtalk::send_to_webhook const op(key, content, "k", clock);
    BOOST_TEST(asked == 0);
    BOOST_TEST(contains(sent(op).line, "timestamp=1000&"));
    BOOST_TEST(contains(sent(op).line, "timestamp=2000&"));
}

BOOST_AUTO_TEST_CASE(wecoms_key_is_in_the_query)
{
    auto const r = request<td::wecom>(td::text{"Build is green"});
    BOOST_TEST(r.line == "POST /cgi-bin/webhook/send?key=" + std::string(token) + " HTTP/1.1");
    BOOST_TEST((json(r.body) == json(R"({"msgtype":"text","text":{"content":"Build is green"}})")));
    BOOST_TEST(!contains(request<td::wecom>(td::markdown{"<@all> hi"}).body, "<@all>"));

    td::notice const disk = td::notice("Disk").level(td::severity::warning).button("Open", "https://e.example/");
    auto const n = json(request<td::wecom>(disk).body);
    BOOST_TEST((n.at("msgtype") == "template_card"));
    BOOST_TEST((n.at("template_card") == json(td::providers::wecom::notice_for_webhook(disk).json())));
    BOOST_TEST((json(request<td::wecom>(td::wecom::native{"markdown_v2", R"({"content":"| a |"})"}).body) ==
                json(R"({"msgtype":"markdown_v2","markdown_v2":{"content":"| a |"}})")));
    BOOST_TEST(kind(check<td::wecom>(td::wecom::native{"a\":1,\"b", "{}"})) == kind(errc::message_invalid));
}

BOOST_AUTO_TEST_CASE(only_dingtalks_requests_may_be_repeated)
{
    td::detail::webhook_key const key{td::secret("T"), td::secret()};
    auto const lark = td::providers::lark::hook_content::words("hi");
    td::providers::dingtalk::content const dingtalk("hi");
    td::providers::wecom::content const wecom("text", "hi", 10);
    BOOST_TEST((td::providers::lark::send_to_webhook(td::providers::lark::lark_brand, key, lark).idempotency() ==
                td::wire::idempotency::none));
    BOOST_TEST((td::providers::dingtalk::send_to_webhook(key, dingtalk, "k").idempotency() ==
                td::wire::idempotency::with_key));
    BOOST_TEST((td::providers::wecom::send_to_webhook(key, wecom).idempotency() == td::wire::idempotency::none));
}

// ---- Limits

BOOST_AUTO_TEST_CASE(what_is_too_long_is_refused_before_any_byte)
{
    auto const too_long = kind(errc::message_too_long);
    auto const x = [](std::size_t n) { return std::string(n, 'x'); };
    BOOST_TEST(kind(check<td::lark>(td::text{x(19'700)})) == "success");
    BOOST_TEST(kind(check<td::lark>(td::text{x(19'900)})) == too_long);
    // Counted as it is sent: an escape is more than one byte.
    BOOST_TEST(kind(check<td::lark>(td::text{"x" + std::string(10'000, '\n')})) == too_long);
    BOOST_TEST(kind(check<td::lark>(td::lark::card{"{\"a\":\"" + x(20'000) + "\"}"})) == too_long);
    BOOST_TEST(kind(check<td::dingtalk>(td::text{x(19'800)})) == "success");
    BOOST_TEST(kind(check<td::dingtalk>(td::text{x(20'000)})) == too_long);
    BOOST_TEST(kind(check<td::wecom>(td::text{x(2048)})) == "success");
    BOOST_TEST(kind(check<td::wecom>(td::text{x(2049)})) == too_long);
    BOOST_TEST(kind(check<td::wecom>(td::markdown{x(4096)})) == "success");
    BOOST_TEST(kind(check<td::wecom>(td::markdown{x(4097)})) == too_long);
    td::notice const wordy = td::notice("T").body(x(4096));
    BOOST_TEST(kind(check<td::wecom>(wordy)) == too_long);
}

BOOST_AUTO_TEST_CASE(the_longest_signed_request_is_within_larks_limit)
{
    std::string const most(19'748, 'x');
    auto const content = td::providers::lark::hook_content::words(most);
    std::size_t spare = 0;
    while (check<td::lark>(td::text{most + std::string(spare + 1, 'x')}))
        ++spare;
    auto const longest = most + std::string(spare, 'x');
    auto const last = td::providers::lark::hook_content::words(longest);
    td::detail::webhook_key const key{td::secret(token), td::secret("s")};
    td::providers::lark::send_to_webhook const op(td::providers::lark::lark_brand, key, last);
    BOOST_TEST(sent(op).body.size() <= 20'000u);
    BOOST_TEST(sent(op).body.size() > 19'800u);
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_refused_before_any_byte)
{
    auto const invalid = kind(errc::message_invalid);
    auto const no_platform_takes = [&]<class P>() {
        BOOST_TEST(kind(check<P>(td::text{""})) == invalid);
        BOOST_TEST(kind(check<P>(td::markdown{""})) == invalid);
        BOOST_TEST(kind(check<P>(td::text{"\xff"})) == invalid);
        BOOST_TEST(kind(check<P>(typename P::native{"link", "[]"})) == invalid);
        BOOST_TEST(kind(check<P>(typename P::native{"", "{}"})) == invalid);
    };
    no_platform_takes.operator()<td::lark>();
    no_platform_takes.operator()<td::dingtalk>();
    no_platform_takes.operator()<td::wecom>();
    BOOST_TEST(kind(check<td::lark>(td::lark::card{"no JSON"})) == invalid);
}

// ---- Answers

BOOST_AUTO_TEST_CASE(success_is_what_the_body_says)
{
    BOOST_TEST(kind(answered<td::lark>(
                   said(200, R"({"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"})"))) ==
               "success");
    BOOST_TEST(kind(answered<td::dingtalk>(said(200, R"({"errcode":0,"errmsg":"ok"})"))) == "success");
    BOOST_TEST(kind(answered<td::wecom>(said(200, R"({"errcode":0,"errmsg":"ok. Warning: wrong json format. "})"))) ==
               "success");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_of_the_platform_is_no_success)
{
    auto const none = [&]<class P>() {
        BOOST_TEST(kind(answered<P>(said(200, "<html>"))) == kind(errc::protocol_error));
        BOOST_TEST(kind(answered<P>(said(200, "{}"))) == kind(errc::protocol_error));
        BOOST_TEST(kind(answered<P>(said(502, "<html>"))) == kind(errc::server_error));
        BOOST_TEST(kind(answered<P>(said(429, ""))) == kind(errc::rate_limited));
    };
    none.operator()<td::lark>();
    none.operator()<td::dingtalk>();
    none.operator()<td::wecom>();
    // The legacy pair is not the answer.
    BOOST_TEST(kind(answered<td::lark>(said(200, R"({"StatusCode":0,"code":19001,"msg":"x"})"))) ==
               kind(errc::bad_credentials));
}

BOOST_AUTO_TEST_CASE(larks_refusals_are_told_apart)
{
    classifies<td::feishu>({
        {R"({"code":9499,"msg":"Bad Request","data":{}})", errc::message_invalid, "Correct the message", "9499"},
        {R"({"code":9499,"msg":"too many request","data":{}})", errc::rate_limited, "5 messages a second", "9499"},
        {R"({"code":19001,"data":{},"msg":"param invalid: incoming webhook access token invalid"})",
         errc::bad_credentials, "Copy the webhook address again", "19001"},
        {R"({"code":19002,"msg":"params error, msg_type need"})", errc::message_invalid, "Correct the message",
         "19002"},
        {R"({"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"})",
         errc::bad_credentials, "this machine's clock", "19021"},
        {R"({"code":19022,"msg":"Ip Not Allowed"})", errc::ip_not_allowed, "IP allow list in the custom bot's",
         "19022"},
        {R"({"code":19024,"msg":"Key Words Not Found"})", errc::message_invalid, "one of the keywords", "19024"},
        {R"({"code":19036,"msg":"x"})", errc::message_too_long, "Shorten", "19036"},
        {R"({"code":11232,"data":{},"msg":"frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"})",
         errc::rate_limited, "100 a minute", "11232"},
        {R"({"code":11233,"msg":"x"})", errc::rate_limited, "100 a minute", "11233"},
        {R"({"code":11246,"msg":"x ErrCode: 100290; ErrMsg: y"})", errc::message_invalid, "Correct the message",
         "11246"},
        {R"({"code":99991400,"msg":"request trigger frequency limit"})", errc::rate_limited, "Send more slowly",
         "99991400"},
        {R"({"code":424242,"msg":"x"})", errc::platform_error, "Look up", "424242"},
    });
    auto const card = answered<td::lark>(said(200, R"({"code":11246,"msg":"x ErrCode: 100290; ErrMsg: y"})"));
    BOOST_TEST(contains(card.error().message(), "the id of a person in the card is invalid"));
}

BOOST_AUTO_TEST_CASE(dingtalks_refusals_are_told_apart)
{
    classifies<td::dingtalk>({
        {R"({"errcode":40035,"errmsg":"缺少参数 access_token"})", errc::bad_credentials, "Copy the webhook address",
         "40035"},
        {R"({"errcode":40035,"errmsg":"缺少参数 json"})", errc::message_invalid, "Correct the message", "40035"},
        {R"({"errcode":43002,"errmsg":"需要POST请求"})", errc::protocol_error, "proxies", "43002"},
        {R"({"errcode":43004,"errmsg":"无效的HTTP HEADER Content-Type"})", errc::protocol_error, "proxies", "43004"},
        {R"({"errcode":300001,"errmsg":"param error"})", errc::protocol_error, "proxies", "300001"},
        {R"({"errcode":300005,"errmsg":"token is not exist"})", errc::bad_credentials, "Copy the webhook address",
         "300005"},
        {R"({"errcode":400101,"errmsg":"x"})", errc::bad_credentials, "Copy the webhook address", "400101"},
        {R"({"errcode":400013,"errmsg":"群已被解散"})", errc::recipient_not_found, "Copy the webhook address",
         "400013"},
        {R"({"errcode":400102,"errmsg":"机器人已停用"})", errc::bot_disabled, "forbidden", "400102"},
        {R"({"errcode":400106,"errmsg":"机器人不存在"})", errc::bot_disabled, "Copy the webhook address", "400106"},
        {R"({"errcode":400105,"errmsg":"不支持的消息类型"})", errc::message_invalid, "Correct the message", "400105"},
        {R"({"errcode":430101,"errmsg":"x"})", errc::message_invalid, "content check", "430101"},
        {R"({"errcode":430104,"errmsg":"x"})", errc::message_invalid, "content check", "430104"},
        {R"({"errcode":410100,"errmsg":"发送速度太快而限流"})", errc::rate_limited, "for 600 seconds", "410100"},
        {R"({"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"})", errc::rate_limited,
         "for 600 seconds", "130101"},
        {R"({"errcode":660026,"errmsg":"sending too many messages per minute"})", errc::rate_limited, "for 600 seconds",
         "660026"},
        {R"({"errcode":-1,"errmsg":"系统繁忙"})", errc::server_error, "Try again later", "-1"},
        {R"({"errcode":34016,"errmsg":"x"})", errc::message_too_long, "Shorten", "34016"},
    });
    for (auto const* const throttled : {"410100", "130101", "660026"})
    {
        auto const done = answered<td::dingtalk>(said(200, "{\"errcode\":" + std::string(throttled) + "}"));
        BOOST_TEST((done.error().wait() == std::chrono::seconds(600)));
    }
}

BOOST_AUTO_TEST_CASE(dingtalks_security_settings_are_told_apart_by_old_and_new_words)
{
    auto const old_words = [](std::string const& what) {
        return R"({"errcode":310000,"errmsg":")" + what +
               R"(, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]"})";
    };
    auto const new_words = [](std::string const& what) {
        return R"({"errcode":310000,"errmsg":"description:)" + what +
               R"(;link:请参考本接口对应文档获得具体要求，或者在https://open.dingtalk.com/document/  搜索相关文档;"})";
    };
    classifies<td::dingtalk>({
        {old_words("keywords not in content"), errc::message_invalid, "one of the keywords", "310000"},
        {old_words("invalid timestamp"), errc::bad_credentials, "Set this machine's clock", "310000"},
        {old_words("sign not match"), errc::bad_credentials, "Copy the signing secret", "310000"},
        {old_words("ip 203.0.113.9 not in whitelist"), errc::ip_not_allowed, "DingTalk saw 203.0.113.9", "310000"},
        {new_words("机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，请确认机器人的密"
                   "钥加密和填写正确"),
         errc::bad_credentials, "Copy the signing secret", "310000"},
        {new_words("机器人发送签名过期;solution:请确认"), errc::bad_credentials, "Set this machine's clock", "310000"},
        {new_words("关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词"),
         errc::message_invalid, "one of the keywords", "310000"},
        {R"({"errcode":310000,"errmsg":"something new"})", errc::permission_missing, "security settings", "310000"},
    });
}

BOOST_AUTO_TEST_CASE(wecoms_refusals_are_told_apart)
{
    auto const with_hint = [](std::string const& code, std::string const& text) {
        return "{\"errcode\":" + code + ",\"errmsg\":\"" + text +
               ", hint: [1564552858_1_d7176fe91aaf622920a73574287222a5], from ip: 203.0.113.9, more info at "
               "https://open.work.weixin.qq.com/devtool/query?e=" +
               code + "\"}";
    };
    classifies<td::wecom>({
        {with_hint("93000", "invalid webhook url"), errc::bad_credentials, "Copy the webhook address", "93000"},
        {with_hint("93000", "Invalid input : content exceed max length. invalid Request Parameter"),
         errc::message_too_long, "Shorten", "93000"},
        {with_hint("93004", "x"), errc::bot_disabled, "Copy the webhook address", "93004"},
        {with_hint("93008", "x"), errc::bot_disabled, "Copy the webhook address", "93008"},
        {with_hint("45009", "api freq out of limit"), errc::rate_limited, "for 60 seconds", "45009"},
        {with_hint("40008", "invalid message type"), errc::message_invalid, "Correct the message", "40008"},
        {with_hint("44004", "empty content"), errc::message_invalid, "Correct the message", "44004"},
        {with_hint("40058", "x"), errc::message_invalid, "Correct the message", "40058"},
        {with_hint("-1", "system busy"), errc::server_error, "Try again later", "-1"},
    });
    auto const throttled = answered<td::wecom>(said(200, with_hint("45009", "api freq out of limit")));
    BOOST_TEST((throttled.error().wait() == std::chrono::seconds(60)));
    BOOST_TEST(throttled.error().log_id() == "1564552858_1_d7176fe91aaf622920a73574287222a5");
}

BOOST_AUTO_TEST_CASE(a_token_that_the_server_repeats_is_hidden)
{
    std::string const t(token);
    said const in(200, R"({"code":404,"msg":")" + t + " /hook/" + t + R"( not found"})");
    td::detail::webhook_key const key{td::secret(token), td::secret()};
    auto const content = td::providers::lark::hook_content::words("hi");
    td::webhook_traits<td::lark>::delivery sending(key, content, "k");
    auto* const op = sending.next();
    BOOST_REQUIRE(op);
    struct : td::wire::text_filter
    {
        td::detail::redactor secrets;

        bool clean(td::detail::wiped_string& text) const override { return secrets.redact(text); }
    } filter;
    filter.secrets.add(op->confidential());
    auto const why = op->decode(in.view().with(filter));
    BOOST_REQUIRE(why.has_error());
    BOOST_TEST(why.error().platform_message() == "*** /hook/*** not found");
}

BOOST_AUTO_TEST_CASE(the_longest_request_with_any_key_is_within_dingtalks_limit)
{
    std::string text(19'700, 'x');
    while (check<td::dingtalk>(td::text{text + 'x'}))
        text += 'x';
    td::detail::webhook_key const key{td::secret("T"), td::secret()};
    td::providers::dingtalk::content const content(text);
    std::string const quotes(50, '"');
    auto const size = sent(td::providers::dingtalk::send_to_webhook(key, content, quotes)).body.size();
    BOOST_TEST(size <= 20'000u);
    BOOST_TEST(size > 19'900u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace hooks_test
