// What is written for each call of WeCom, against the samples of the wire document.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/wecom.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wecom_requests_test {

namespace {

using namespace tidings::providers::wecom;
using test::contains;
using test::json;
using test::kind;
using test::sent;
using tidings::errc;
using tidings::wecom;
using tidings::wire::idempotency;

application app()
{
    return {"ww5823bf96d3bd56c7", 1000002};
}

std::vector<recipient> people(std::initializer_list<std::string_view> ids)
{
    std::vector<recipient> out;
    for (auto const id : ids)
        out.emplace_back(id);
    return out;
}

content text_content(std::string text)
{
    return {"text", std::move(text), max_content};
}

std::string encoding(tidings::wire::operation const& op)
{
    tidings::wire::request out("", "Host: h\r\n");
    return kind(op.encode(out, "t-1"));
}

// The token stands in the query; a header is ignored.
void check_line(sent const& request, tidings::wire::operation const& op, std::string_view line)
{
    BOOST_TEST(request.line == line);
    BOOST_TEST(request.header("Authorization") == "");
    BOOST_TEST(op.host() == 0u);
    BOOST_TEST(op.needs_token());
    if (!request.body.empty())
    {
        BOOST_TEST(request.has("Content-Type: application/json; charset=utf-8"));
        BOOST_TEST(request.header("Content-Length") == std::to_string(request.body.size()));
    }
}

std::int64_t interval_of(std::string_view key)
{
    auto const to = people({"u"});
    auto const what = text_content("x");
    return json(sent(send_message(app(), to, what, key)).body).at("duplicate_check_interval").to_number<std::int64_t>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(wecom_requests)

BOOST_AUTO_TEST_CASE(a_token_is_asked_for_in_the_query_percent_encoded)
{
    tidings::secret const s("a+b/c=d&e");
    fetch_token const op(app(), s);
    sent const request(op, "");
    BOOST_TEST(request.line == "GET /cgi-bin/gettoken?corpid=ww5823bf96d3bd56c7&corpsecret=a%2Bb%2Fc%3Dd%26e HTTP/1.1");
    BOOST_TEST(request.body == "");
    BOOST_TEST(!op.needs_token());
    BOOST_TEST((op.idempotency() == idempotency::idempotent));
    BOOST_TEST(wecom::base_urls[0] == "https://qyapi.weixin.qq.com");
}

BOOST_AUTO_TEST_CASE(a_person_is_looked_up_by_mobile_email_or_userid)
{
    get_by_mobile const mobile(app(), "+8613430388888");
    sent const by_mobile(mobile);
    check_line(by_mobile, mobile, "POST /cgi-bin/user/getuserid?access_token=t-1 HTTP/1.1");
    BOOST_TEST(json(by_mobile.body) == json(R"({"mobile":"13430388888"})"));
    BOOST_TEST(json(sent(get_by_mobile(app(), "+6591234567")).body) == json(R"({"mobile":"+6591234567"})"));

    get_by_email const company(app(), "12345@qq.com", get_by_email::mailbox::company, false);
    sent const by_email(company);
    check_line(by_email, company, "POST /cgi-bin/user/get_userid_by_email?access_token=t-1 HTTP/1.1");
    BOOST_TEST(json(by_email.body) == json(R"({"email":"12345@qq.com","email_type":1})"));
    BOOST_TEST(json(sent(get_by_email(app(), "a\"@b", get_by_email::mailbox::personal, true)).body) ==
               json(R"({"email":"a\"@b","email_type":2})"));

    get_user const user(app(), "zhang san&x");
    check_line(sent(user), user, "GET /cgi-bin/user/get?access_token=t-1&userid=zhang%20san%26x HTTP/1.1");
    for (tidings::wire::operation const* op :
         {static_cast<tidings::wire::operation const*>(&mobile), static_cast<tidings::wire::operation const*>(&company),
          static_cast<tidings::wire::operation const*>(&user)})
        BOOST_TEST((op->idempotency() == idempotency::idempotent));
}

BOOST_AUTO_TEST_CASE(a_message_names_its_receivers_and_its_application_by_number)
{
    auto const to = people({"zhangsan", "Li.Si-1@corp_x"});
    auto const what = text_content("你的\"快递\"已到\n");
    send_message const op(app(), to, what, "key");
    sent const request(op);
    check_line(request, op, "POST /cgi-bin/message/send?access_token=t-1 HTTP/1.1");
    auto body = json(request.body);
    auto const interval = body.at("duplicate_check_interval");
    BOOST_TEST(interval.is_int64());
    body.as_object().erase("duplicate_check_interval");
    BOOST_TEST(body == json(R"({"touser":"zhangsan|Li.Si-1@corp_x","msgtype":"text","agentid":1000002,
        "text":{"content":"你的\"快递\"已到\n"},"safe":0,"enable_id_trans":0,"enable_duplicate_check":1})"));
    BOOST_TEST(contains(request.body, "快递")); // raw UTF-8: escapes are error 40033
    BOOST_TEST((op.idempotency() == idempotency::with_key));
}

BOOST_AUTO_TEST_CASE(other_types_go_as_they_are)
{
    auto const to = people({"u"});
    content const what("news", R"({"articles":[{"title":"T","url":"https://e.example"}]})");
    auto const body = json(sent(send_message(app(), to, what, "k")).body);
    BOOST_TEST(body.at("msgtype") == "news");
    BOOST_TEST(body.at("news") == json(R"({"articles":[{"title":"T","url":"https://e.example"}]})"));
}

BOOST_AUTO_TEST_CASE(what_would_be_several_people_or_all_of_them_is_no_userid)
{
    auto const what = text_content("x");
    for (std::string_view const id :
         {"a|b", "@all", "", "a,b", "a b", "-a", ".a", "_a", "|", "a|", "a\n", "a\"", "\xe5\xbc\xa0",
          "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffffffgggg5"})
    {
        auto const to = people({"ann", id});
        BOOST_TEST(encoding(send_message(app(), to, what, "k")) == kind(errc::invalid_recipient), id);
        BOOST_TEST(kind(wecom::check(tidings::match::login_name(id))) == kind(errc::invalid_recipient), id);
    }
    for (std::string_view const id :
         {"a", "9", "Zhang.San_1-x@corp", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"})
    {
        auto const to = people({id});
        BOOST_TEST(encoding(send_message(app(), to, what, "k")) == "success", id);
        BOOST_TEST(kind(wecom::check(tidings::match::login_name(id))) == "success", id);
    }
}

BOOST_AUTO_TEST_CASE(one_call_sends_to_one_to_a_thousand_people)
{
    auto const what = text_content("x");
    for (auto const& [count, expected] : {std::pair<std::size_t, std::string>(0, kind(errc::invalid_argument)),
                                          {1000, "success"},
                                          {1001, kind(errc::invalid_argument)}})
    {
        std::vector<recipient> const to(count, recipient("u"));
        BOOST_TEST(encoding(send_message(app(), to, what, "k")) == expected, count);
    }
    BOOST_TEST(wecom::delivery::max_batch == 1000u);
}

BOOST_AUTO_TEST_CASE(the_same_key_makes_the_same_bytes_and_another_keeps_equal_texts_apart)
{
    auto const to = people({"u"});
    auto const what = text_content("x");
    // Another operation, with a copy of everything and another token.
    auto const again = people({"u"});
    auto const same = text_content("x");
    BOOST_TEST(sent(send_message(app(), to, what, "key-1"), "t-1").body ==
               sent(send_message(app(), again, same, std::string("key-") + "1"), "t-2").body);
    BOOST_TEST(sent(send_message(app(), to, what, "key-1")).body != sent(send_message(app(), to, what, "key-2")).body);

    std::set<std::int64_t> seen;
    for (int i = 0; i != 2000; ++i)
    {
        auto const interval = interval_of("key-" + std::to_string(i));
        // At least an hour, for which a repetition is promised to be harmless; at most what the platform takes.
        BOOST_REQUIRE(interval >= 3600);
        BOOST_REQUIRE(interval <= 14400);
        seen.insert(interval);
    }
    BOOST_TEST(seen.size() > 1500u);
    // Among so many some have the same interval; their bytes differ all the same.
    std::set<std::string> bodies;
    for (int i = 0; i != 2000; ++i)
        bodies.insert(sent(send_message(app(), to, what, "key-" + std::to_string(i))).body);
    BOOST_TEST(bodies.size() == 2000u);
    BOOST_TEST(interval_of("") >= 1800);
}

BOOST_AUTO_TEST_CASE(a_recall_names_the_message)
{
    recall const op(app(), "vcT8gGc-\"x");
    sent const request(op);
    check_line(request, op, "POST /cgi-bin/message/recall?access_token=t-1 HTTP/1.1");
    BOOST_TEST(json(request.body) == json(R"({"msgid":"vcT8gGc-\"x"})"));
}

BOOST_AUTO_TEST_CASE(a_text_has_2048_bytes_and_is_not_cut_off_in_silence)
{
    BOOST_TEST(kind(text_content(std::string(2048, 'x')).check()) == "success");
    BOOST_TEST(kind(text_content(std::string(2049, 'x')).check()) == kind(errc::message_too_long));
    std::string three_bytes_each;
    for (int i = 0; i != 683; ++i)
        three_bytes_each += "你";
    BOOST_TEST(kind(text_content(three_bytes_each).check()) == kind(errc::message_too_long));
    BOOST_TEST(kind(text_content(three_bytes_each.substr(3)).check()) == "success");
    BOOST_TEST(kind(text_content(std::string(1024, '"')).check()) == "success"); // escapes do not count
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_be_one_is_refused_before_any_byte_is_sent)
{
    for (auto const& what : {text_content(""), text_content("half \xe4\xbd"), content("news", ""),
                             content("news", "[]"), content("news", "{\"a\":1"), content("news", "{\"a\":\"\xff\"}"),
                             content("", "{}"), content("a\":{},\"b", "{}"), content("a b", "{}")})
        BOOST_TEST(kind(what.check()) == kind(errc::message_invalid), what.type());
    BOOST_TEST(kind(content("template_card", "{}").check()) == "success");
}

BOOST_AUTO_TEST_CASE(portable_messages_become_those_of_an_application)
{
    tidings::language_tag const lang;
    auto const to = people({"u"});
    auto const body = [&](auto const& what) {
        auto const made = wecom::content_of(what, lang);
        BOOST_TEST(kind(wecom::check(made)) == "success");
        return json(sent(send_message(app(), to, made, "k")).body);
    };
    BOOST_TEST(body(tidings::text("hi")).at("text") == json(R"({"content":"hi"})"));
    BOOST_TEST(body(tidings::markdown("**hi**")).at("markdown") == json(R"({"content":"**hi**"})"));
    BOOST_TEST(body(wecom::native("news", R"({"articles":[]})")).at("news") == json(R"({"articles":[]})"));
    auto const notice = body(tidings::notice("Disk full").body("now"));
    BOOST_TEST(notice.at("msgtype") == "markdown");
    BOOST_TEST(contains(notice.at("markdown").at("content").as_string(), "Disk full"));
}

BOOST_AUTO_TEST_CASE(long_texts_are_split_into_pieces_that_can_be_sent)
{
    tidings::language_tag const lang;
    std::string body;
    for (int i = 0; i != 800; ++i)
        body += "word $a<b " + std::to_string(i) + " 你\n";
    for (auto const& piece : wecom::split(tidings::text(body), lang))
        BOOST_TEST(kind(wecom::content_of(tidings::text(piece), lang).check()) == "success");
    for (auto const& piece : wecom::split(tidings::markdown(body), lang))
        BOOST_TEST(kind(wecom::content_of(tidings::markdown(piece), lang).check()) == "success");
}

BOOST_AUTO_TEST_CASE(credentials_that_cannot_be_any_are_refused)
{
    auto const checked = [](std::string corp, std::string_view secret, std::int64_t agent) {
        return kind(wecom::credentials(std::move(corp), tidings::secret(secret), agent).check());
    };
    auto const refused = kind(errc::invalid_argument);
    BOOST_TEST(checked("ww1", "s", 1000002) == "success");
    BOOST_TEST(checked("", "s", 1) == refused);
    BOOST_TEST(checked("ww1", "", 1) == refused);
    BOOST_TEST(checked("ww1\n", "s", 1) == refused);
    BOOST_TEST(checked("ww1", "s\r", 1) == refused);
    BOOST_TEST(checked("ww1", "s", 0) == refused);
    BOOST_TEST(checked("ww1", "s", -1) == refused);
    BOOST_TEST(!contains(wecom::credentials("ww1", tidings::secret("hush\n"), 1).check().error().message(), "hush"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_requests_test
