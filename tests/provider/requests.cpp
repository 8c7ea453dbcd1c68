// What is written for each operation, against the samples of the platforms' documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/lark/operations.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace requests_test {

namespace {

using namespace tidings::providers::lark;
using test::contains;
using test::json;
using test::kind;
using test::sent;
using tidings::errc;
using tidings::lark;

std::string const json_type = "Content-Type: application/json; charset=utf-8";

// Both levels of a message's body: the request, and the document in its member `content`.
boost::json::value content_sent(sent const& request)
{
    auto const body = json(request.body);
    auto const& text = body.at("content");
    BOOST_REQUIRE(text.is_string()); // an object there is the platform's error 9499
    return json({text.as_string().data(), text.as_string().size()});
}

sent sent_message(content const& what, application const& app = test::lark_app())
{
    recipient const to("open_id", "ou_7d8a6e6df7621556ce0d21922b676706");
    return sent(send_message(app, to, what, "ntf-01J8Z3"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(requests)

BOOST_AUTO_TEST_CASE(a_token_is_asked_for_with_id_and_secret_and_without_authorization)
{
    tidings::secret const app_secret("s3cr3t");
    fetch_token const op(test::lark_app(), app_secret);
    sent const request(op, "");
    BOOST_TEST(request.line == "POST /open-apis/auth/v3/tenant_access_token/internal HTTP/1.1");
    BOOST_TEST(request.has(json_type));
    BOOST_TEST(request.header("Authorization") == "");
    BOOST_TEST(request.header("Content-Length") == std::to_string(request.body.size()));
    BOOST_TEST(json(request.body) == json(R"({"app_id":"cli_a1b2c3d4e5f60718","app_secret":"s3cr3t"})"));
    BOOST_TEST(!op.needs_token());
    BOOST_TEST((op.idempotency() == tidings::wire::idempotency::idempotent));
    BOOST_TEST(op.name() == "fetch access token");
}

BOOST_AUTO_TEST_CASE(a_secret_with_quotes_arrives_as_it_is)
{
    tidings::secret const app_secret("a\"b\\c\xc3\xa9");
    sent const request(fetch_token(test::lark_app(), app_secret), "");
    BOOST_TEST(json(request.body).at("app_secret").as_string() == "a\"b\\c\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(people_are_looked_up_by_email_and_phone_in_one_call)
{
    look_up op(test::lark_app());
    op.add(look_up::by::email, "ann@example.com");
    op.add(look_up::by::phone_number, "+6591234567");
    op.add(look_up::by::email, "nobody@example.com");
    sent const request(op, "t-caecc734");
    BOOST_TEST(request.line == "POST /open-apis/contact/v3/users/batch_get_id?user_id_type=open_id HTTP/1.1");
    BOOST_TEST(request.has("Authorization: Bearer t-caecc734"));
    BOOST_TEST(request.has(json_type));
    // The documentation's sample has "include_resigned":false, which is the default.
    auto body = json(request.body);
    body.as_object().erase("include_resigned");
    BOOST_TEST(body == json(R"({"emails":["ann@example.com","nobody@example.com"],"mobiles":["+6591234567"]})"));
    BOOST_TEST(op.needs_token());
    BOOST_TEST((op.idempotency() == tidings::wire::idempotency::idempotent));
}

BOOST_AUTO_TEST_CASE(a_kind_of_address_that_nobody_asks_for_is_left_out)
{
    BOOST_TEST(json(sent(look_up(test::lark_app(), look_up::by::email, "a@b.c")).body) ==
               json(R"({"emails":["a@b.c"]})"));
    BOOST_TEST(json(sent(look_up(test::lark_app(), look_up::by::phone_number, "+6591234567")).body) ==
               json(R"({"mobiles":["+6591234567"]})"));
}

BOOST_AUTO_TEST_CASE(numbers_of_mainland_china_are_sent_bare_and_all_others_with_their_country_code)
{
    struct
    {
        std::string_view number;
        std::string_view expected;
    } const rows[] = {
        {"+8613011111111", "13011111111"}, {"+6591234567", "+6591234567"},     {"+85212345678", "+85212345678"},
        {"+85312345678", "+85312345678"},  {"+886912345678", "+886912345678"}, {"+18613011111", "+18613011111"},
    };
    for (auto const& row : rows)
    {
        auto const body = json(sent(look_up(test::feishu_app(), look_up::by::phone_number, row.number)).body);
        BOOST_TEST(body.at("mobiles").at(0).as_string() == row.expected);
    }
}

BOOST_AUTO_TEST_CASE(fifty_of_each_kind_can_be_looked_up_and_fifty_one_of_one_kind_cannot)
{
    std::vector<std::string> emails;
    std::vector<std::string> phones;
    for (int i = 0; i != 51; ++i)
    {
        emails.push_back("p" + std::to_string(i) + "@example.com");
        phones.push_back("+65912345" + std::to_string(10 + i));
    }
    look_up op(test::lark_app());
    for (std::size_t i = 0; i != 50; ++i)
    {
        op.add(look_up::by::email, emails[i]);
        op.add(look_up::by::phone_number, phones[i]);
    }
    auto const body = json(sent(op).body);
    BOOST_TEST(body.at("emails").as_array().size() == 50u);
    BOOST_TEST(body.at("mobiles").as_array().size() == 50u);
    BOOST_TEST(body.at("emails").at(49).as_string() == emails[49]);

    tidings::wire::request out("", "");
    for (auto const by : {look_up::by::email, look_up::by::phone_number})
    {
        look_up over(test::lark_app());
        for (std::size_t i = 0; i != 51; ++i)
            over.add(by, by == look_up::by::email ? emails[i] : phones[i]);
        BOOST_TEST(kind(over.encode(out, "t")) == kind(errc::invalid_argument));
    }
    BOOST_TEST(kind(look_up(test::lark_app()).encode(out, "t")) == kind(errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_person_is_read_by_login_name)
{
    get_user const op(test::lark_app(), "7be5fg9a");
    sent const request(op);
    BOOST_TEST(request.line == "GET /open-apis/contact/v3/users/7be5fg9a?user_id_type=user_id HTTP/1.1");
    BOOST_TEST(request.has("Authorization: Bearer t-1"));
    BOOST_TEST(request.body.empty());
    BOOST_TEST(request.header("Content-Length") == "");
    BOOST_TEST(request.header("Content-Type") == "");
}

BOOST_AUTO_TEST_CASE(an_id_in_a_path_is_percent_encoded)
{
    BOOST_TEST(sent(get_user(test::lark_app(), "\xe5\x8a\xa0\xe5\xa4\x9a")).line ==
               "GET /open-apis/contact/v3/users/%E5%8A%A0%E5%A4%9A?user_id_type=user_id HTTP/1.1");
    BOOST_TEST(sent(get_user(test::lark_app(), "a/../b?c d", "open_id")).line ==
               "GET /open-apis/contact/v3/users/a%2F..%2Fb%3Fc%20d?user_id_type=open_id HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(a_text_is_sent_as_the_documentation_shows)
{
    auto const request = sent_message({content::kind::text, "disk 91% full"});
    BOOST_TEST(request.line == "POST /open-apis/im/v1/messages?receive_id_type=open_id HTTP/1.1");
    BOOST_TEST(request.has("Authorization: Bearer t-1"));
    BOOST_TEST(request.has(json_type));
    BOOST_TEST(request.header("Content-Length") == std::to_string(request.body.size()));
    BOOST_TEST(json(request.body) == json(R"({"receive_id":"ou_7d8a6e6df7621556ce0d21922b676706","msg_type":"text",
        "content":"{\"text\":\"disk 91% full\"}","uuid":"ntf-01J8Z3"})"));
}

BOOST_AUTO_TEST_CASE(markdown_is_sent_as_a_post_in_the_language_of_the_brand)
{
    content const what{content::kind::post_markdown, "**disk** 91%"};
    auto const at_lark = sent_message(what);
    auto const at_feishu = sent_message(what, test::feishu_app());
    BOOST_TEST(json(at_lark.body).at("msg_type").as_string() == "post");
    BOOST_TEST(content_sent(at_lark) == json(R"({"en_us":{"content":[[{"tag":"md","text":"**disk** 91%"}]]}})"));
    BOOST_TEST(content_sent(at_feishu) == json(R"({"zh_cn":{"content":[[{"tag":"md","text":"**disk** 91%"}]]}})"));
    BOOST_TEST(at_feishu.line == at_lark.line);
}

BOOST_AUTO_TEST_CASE(a_card_is_sent_as_it_was_given)
{
    std::string const card = R"({"schema":"2.0","header":{"title":{"tag":"plain_text","content":"Alert \"1\""}},
        "body":{"elements":[{"tag":"markdown","content":"**disk** 91%\n\u0041"}]}})";
    for (auto const& app : {test::lark_app(), test::feishu_app()})
    {
        auto const request = sent_message({content::kind::card, card}, app);
        auto const body = json(request.body);
        BOOST_TEST(body.at("msg_type").as_string() == "interactive");
        BOOST_TEST(body.at("content").as_string() == card); // the very bytes
        BOOST_TEST(body.at("uuid").as_string() == "ntf-01J8Z3");
    }
}

BOOST_AUTO_TEST_CASE(a_text_and_the_recipient_are_written_the_same_at_both_brands)
{
    content const what{content::kind::text, "x"};
    BOOST_TEST(sent_message(what).body == sent_message(what, test::feishu_app()).body);
}

BOOST_AUTO_TEST_CASE(awkward_text_survives_the_string_in_the_string)
{
    std::vector<std::string> const awkward{
        "say \"hi\"",
        "C:\\new\\table",
        "\\\"\\\\\"\"",
        "line 1\nline 2\r\n\tindented",
        std::string("nul \0 inside", 12),
        "\x01\x02\x1b[31m\x1f\x7f\b\f",
        "\xf0\x9f\x98\x80 and \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
        "\xf4\x8f\xbf\xbf last code point, \xf0\x90\x80\x80 first of four bytes",
        "\xe5\x8a\xa0\xe5\xa4\x9a\xef\xbc\x8c\xe4\xbd\xa0\xe5\xa5\xbd",
        "\xe2\x80\xa8 line separator \xe2\x80\xa9",
        R"({"text":"nested \"json\""})",
        "</script><at user_id=\"all\"></at>",
    };
    for (auto const& body : awkward)
    {
        BOOST_TEST_CONTEXT("text: " << body)
        {
            BOOST_TEST(content_sent(sent_message({content::kind::text, body})).at("text").as_string() == body);
            auto const post = content_sent(sent_message({content::kind::post_markdown, body}));
            BOOST_TEST(post.at("en_us").at("content").at(0).at(0).at("text").as_string() == body);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_kind_of_recipient_names_itself_in_the_query_and_stands_in_the_body)
{
    struct
    {
        std::string_view type;
        std::string_view id;
    } const rows[] = {{"open_id", "ou_7d8a\"6e"},
                      {"user_id", "a\"b\xc3\xa9"},
                      {"union_id", "on_cad4\"860"},
                      {"email", "a\"b\xc3\xa9@example.com"},
                      {"chat_id", "oc_5ad11d\"72"}};
    content const what{content::kind::text, "x"};
    for (auto const& row : rows)
    {
        recipient const to(row.type, row.id);
        sent const request(send_message(test::lark_app(), to, what, "k"));
        BOOST_TEST(request.line ==
                   "POST /open-apis/im/v1/messages?receive_id_type=" + std::string(row.type) + " HTTP/1.1");
        BOOST_TEST(json(request.body).at("receive_id").as_string() == row.id);
    }
    for (recipient const& nobody : {recipient(), recipient("openid", "ou_1"), recipient("open_id", "on_1")})
    {
        tidings::wire::request out("", "");
        auto const written = send_message(test::lark_app(), nobody, what, "k").encode(out, "t");
        BOOST_TEST(kind(written) == kind(errc::invalid_recipient));
    }
}

BOOST_AUTO_TEST_CASE(ids_that_people_have_are_recipients_of_their_own_type)
{
    BOOST_TEST((tidings::lark::direct(tidings::match::open_id("ou_1")) == recipient("open_id", "ou_1")));
    BOOST_TEST((tidings::lark::direct(tidings::match::union_id("on_1")) == recipient("union_id", "on_1")));
    BOOST_TEST((tidings::lark::direct(tidings::match::chat_id("oc_1")) == recipient("chat_id", "oc_1")));
    BOOST_TEST((tidings::lark::direct(tidings::match::login_name("ada")) == recipient("user_id", "ada")));
    BOOST_TEST((tidings::lark::recipient_from_id("ou_1") == recipient("open_id", "ou_1")));
}

BOOST_AUTO_TEST_CASE(a_repetition_is_the_same_request_with_the_same_key)
{
    recipient const to("open_id", "ou_1");
    content const what{content::kind::text, "x"};
    send_message op(test::lark_app(), to, what, "key-1");
    sent const first(op);
    BOOST_TEST(op.decode(test::said(500, R"({"code":1663,"msg":"internal error"})").view()).has_error());
    sent const second(op);
    BOOST_TEST(second.body == first.body);
    BOOST_TEST(second.line == first.line);
    BOOST_TEST((op.idempotency() == tidings::wire::idempotency::with_key));
}

BOOST_AUTO_TEST_CASE(the_self_checks_are_plain_gets)
{
    BOOST_TEST(sent(bot_info(test::lark_app())).line == "GET /open-apis/bot/v3/info HTTP/1.1");
    BOOST_TEST(sent(list_scopes(test::lark_app())).line == "GET /open-apis/application/v6/scopes HTTP/1.1");
    BOOST_TEST(sent(contact_range(test::lark_app())).line ==
               "GET /open-apis/contact/v3/scopes?user_id_type=open_id&page_size=100 HTTP/1.1");
    BOOST_TEST(
        sent(contact_range(test::lark_app(), "a+b/c==")).line ==
        "GET /open-apis/contact/v3/scopes?user_id_type=open_id&page_size=100&page_token=a%2Bb%2Fc%3D%3D HTTP/1.1");
    for (auto const& request :
         {sent(bot_info(test::lark_app())), sent(list_scopes(test::lark_app())), sent(contact_range(test::lark_app()))})
    {
        BOOST_TEST(request.has("Authorization: Bearer t-1"));
        BOOST_TEST(request.body.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_provider_makes_the_same_requests)
{
    lark::credentials const app(test::app_id, tidings::secret("s3cr3t"));
    BOOST_TEST(json(sent(*lark::fetch_token(app), "").body) ==
               json(R"({"app_id":"cli_a1b2c3d4e5f60718","app_secret":"s3cr3t"})"));
    tidings::match::email const ann("ann@example.com");
    tidings::match::phone_number const phone("+86 130-1111-1111");
    tidings::match::login_name const login("7be5fg9a");
    lark::finder<tidings::match::email> by_email(app);
    by_email.add(ann);
    BOOST_TEST(json(sent(*by_email.next()).body) == json(R"({"emails":["ann@example.com"]})"));
    lark::finder<tidings::match::phone_number> by_phone(app);
    by_phone.add(phone);
    BOOST_TEST(json(sent(*by_phone.next()).body) == json(R"({"mobiles":["13011111111"]})"));
    lark::finder<tidings::match::login_name> by_login(app);
    by_login.add(login);
    BOOST_TEST(sent(*by_login.next()).line == "GET /open-apis/contact/v3/users/7be5fg9a?user_id_type=user_id HTTP/1.1");
    BOOST_TEST(lark::direct(login).type() == "user_id");
    BOOST_TEST(lark::direct(login).id() == "7be5fg9a");
    BOOST_TEST(lark::direct(ann).type() == "email");
    BOOST_TEST(lark::direct(ann).id() == "ann@example.com");

    tidings::text const hello("hello");
    tidings::markdown const bold("**hello**");
    lark::card const card(R"({"type":"template","data":{}})");
    auto const to = lark::direct(login);
    auto const said = lark::content_of(hello, {});
    lark::delivery delivery(app, std::span(&to, 1), said, "k");
    auto const message = sent(*delivery.next());
    BOOST_TEST(message.line == "POST /open-apis/im/v1/messages?receive_id_type=user_id HTTP/1.1");
    BOOST_TEST(content_sent(message) == json(R"({"text":"hello"})"));
    BOOST_TEST(lark::content_of(bold, {}).msg_type() == "post");
    BOOST_TEST(lark::content_of(card, {}).msg_type() == "interactive");
    auto const shown = lark::content_of(card, {});
    lark::delivery of_card(app, std::span(&to, 1), shown, "k");
    BOOST_TEST(content_sent(sent(*of_card.next())) == json(card.body()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(message_checks)

BOOST_AUTO_TEST_CASE(an_empty_message_is_refused)
{
    for (auto const what : {content::kind::text, content::kind::post_markdown, content::kind::card})
        BOOST_TEST(kind(content(what, "").check(lark_brand)) == kind(errc::message_invalid));
}

BOOST_AUTO_TEST_CASE(a_type_of_the_callers_own_is_a_name)
{
    for (std::string const& good : {std::string("share_chat"), std::string("image"), std::string("post")})
        BOOST_TEST(kind(content::native(good, "{}").check(lark_brand)) == "success", good);
    for (std::string const& bad :
         {std::string(), std::string("a b"), std::string("share\xff"), std::string("a\",\"b"), std::string(65, 'x')})
        BOOST_TEST(kind(content::native(bad, "{}").check(lark_brand)) == kind(errc::message_invalid), bad);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_is_refused_and_the_place_is_named)
{
    auto const checked = content(content::kind::text, "abc\xff").check(lark_brand);
    BOOST_TEST(kind(checked) == kind(errc::message_invalid));
    BOOST_TEST(contains(checked.error().message(), "at byte 3"));
}

BOOST_AUTO_TEST_CASE(a_card_has_to_be_a_json_object)
{
    BOOST_TEST(kind(content(content::kind::card, R"({"schema":"2.0"})").check(lark_brand)) == "success");
    for (std::string_view const bad : {"[]", "card", "{", "{} {}", "null"})
        BOOST_TEST(
            kind(content(content::kind::card, std::string(bad)).check(lark_brand)) == kind(errc::message_invalid), bad);
}

BOOST_AUTO_TEST_CASE(no_message_that_passes_the_check_is_over_the_limit_on_the_wire)
{
    // Every kind, plain and full of escapes, at every size around the largest that passes.
    struct
    {
        content::kind kind;
        std::string_view filler;
        std::size_t limit;
    } const rows[] = {
        {content::kind::text, "a", 150'000},
        {content::kind::text, "\n", 150'000},
        {content::kind::text, "\"", 150'000},
        {content::kind::text, "\x01", 150'000},
        {content::kind::text, "\xe5\x8a\xa0", 150'000},
        {content::kind::post_markdown, "a", 30'000},
        {content::kind::post_markdown, "\\", 30'000},
        {content::kind::post_markdown, "\x01", 30'000},
    };
    recipient const to("email", std::string(240, 'e') + "@example.com");
    std::string const key(50, 'k');
    for (auto const& row : rows)
    {
        auto const passes = [&](std::size_t size) {
            std::string body;
            while (body.size() < size)
                body += row.filler;
            content const what{row.kind, body};
            auto const checked = send_message::check(lark_brand, what);
            if (checked)
                BOOST_TEST(sent(send_message(test::lark_app(), to, what, key)).body.size() <= row.limit);
            else
                BOOST_TEST(kind(checked) == kind(errc::message_too_long));
            return checked.has_value();
        };
        auto fits = row.limit / 10;
        auto over = row.limit + 1000;
        BOOST_TEST_REQUIRE(passes(fits));
        BOOST_TEST_REQUIRE(!passes(over));
        while (over - fits > 1)
        {
            auto const middle = fits + (over - fits) / 2;
            (passes(middle) ? fits : over) = middle;
        }
        constexpr std::size_t around = 10;
        for (auto size = fits - around; size != over + around; ++size)
            BOOST_TEST(passes(size) == (size <= fits));
    }
}

BOOST_AUTO_TEST_CASE(nearly_the_whole_limit_can_be_used)
{
    BOOST_TEST(kind(content(content::kind::text, std::string(148'900, 'a')).check(lark_brand)) == "success");
    BOOST_TEST(kind(content(content::kind::text, std::string(150'000, 'a')).check(lark_brand)) ==
               kind(errc::message_too_long));
    BOOST_TEST(kind(content(content::kind::post_markdown, std::string(28'900, 'a')).check(lark_brand)) == "success");
    BOOST_TEST(kind(content(content::kind::post_markdown, std::string(30'000, 'a')).check(lark_brand)) ==
               kind(errc::message_too_long));
    auto const card = [](std::size_t n) { return "{\"a\":\"" + std::string(n, 'a') + "\"}"; };
    BOOST_TEST(kind(content(content::kind::card, card(28'900)).check(lark_brand)) == "success");
    BOOST_TEST(kind(content(content::kind::card, card(30'000)).check(lark_brand)) == kind(errc::message_too_long));
}

BOOST_AUTO_TEST_CASE(a_refusal_for_length_names_both_sizes)
{
    auto const checked = content(content::kind::post_markdown, std::string(40'000, 'a')).check(lark_brand);
    BOOST_TEST(kind(checked) == kind(errc::message_too_long));
    BOOST_TEST(contains(checked.error().message(), "would have 41"));
    BOOST_TEST(contains(checked.error().message(), "30000"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace requests_test
