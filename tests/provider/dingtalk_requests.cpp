// What is written for each call of DingTalk, against the samples of the wire document.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dingtalk_requests_test {

namespace {

using namespace tidings::providers::dingtalk;
using test::contains;
using test::json;
using test::kind;
using test::sent;
using tidings::dingtalk;
using tidings::dingtalk_work;
using tidings::errc;
using tidings::wire::idempotency;

application app()
{
    return {"dingeqqpkv3xxxxxx", "dingrobot", 123};
}

std::vector<recipient> people(std::initializer_list<std::string_view> ids)
{
    std::vector<recipient> out;
    for (auto const id : ids)
        out.emplace_back(id);
    return out;
}

std::vector<recipient> many(std::size_t n)
{
    std::vector<recipient> out;
    for (std::size_t i = 0; i != n; ++i)
        out.emplace_back("user" + std::to_string(i));
    return out;
}

std::string encoding(tidings::wire::operation const& op)
{
    tidings::wire::request out("", "Host: h\r\n");
    return kind(op.encode(out, "t-1"));
}

// The old API reads the token in the query, the new one in its header; each ignores the other.
void check_old(sent const& request, tidings::wire::operation const& op)
{
    BOOST_TEST(contains(request.line, "?access_token=t-1"), request.line);
    BOOST_TEST(request.header("x-acs-dingtalk-access-token") == "");
    BOOST_TEST(request.header("Authorization") == "");
    BOOST_TEST(op.host() == 1u);
    BOOST_TEST(op.needs_token());
}
void check_new(sent const& request, tidings::wire::operation const& op)
{
    BOOST_TEST(!contains(request.line, "t-1"), request.line);
    BOOST_TEST(request.header("x-acs-dingtalk-access-token") == "t-1");
    BOOST_TEST(request.header("Authorization") == "");
    BOOST_TEST(op.host() == 0u);
    BOOST_TEST(op.needs_token());
}
void check_json(sent const& request, std::string_view body)
{
    BOOST_TEST(request.has("Content-Type: application/json; charset=utf-8"));
    BOOST_TEST(request.header("Content-Length") == std::to_string(request.body.size()));
    BOOST_TEST(json(request.body) == json(body));
}

// `msgParam`, which is a document within a string.
boost::json::value parameters(sent const& request)
{
    auto const body = json(request.body);
    auto const& text = body.at("msgParam");
    BOOST_REQUIRE(text.is_string());
    return json({text.as_string().data(), text.as_string().size()});
}

} // namespace

BOOST_AUTO_TEST_SUITE(dingtalk_requests)

BOOST_AUTO_TEST_CASE(the_two_hosts_are_in_the_order_in_which_operations_number_them)
{
    BOOST_TEST(dingtalk::base_urls[new_api] == "https://api.dingtalk.com");
    BOOST_TEST(dingtalk::base_urls[old_api] == "https://oapi.dingtalk.com");
}

BOOST_AUTO_TEST_CASE(a_token_is_asked_for_with_key_and_secret_in_the_body_only)
{
    tidings::secret const s("s3\"cret");
    fetch_token const op(app(), s);
    sent const request(op, "");
    BOOST_TEST(request.line == "POST /v1.0/oauth2/accessToken HTTP/1.1");
    BOOST_TEST(request.header("x-acs-dingtalk-access-token") == "");
    check_json(request, R"({"appKey":"dingeqqpkv3xxxxxx","appSecret":"s3\"cret"})");
    BOOST_TEST(!op.needs_token());
    BOOST_TEST((op.idempotency() == idempotency::idempotent));
    BOOST_TEST(op.host() == 0u);
}

BOOST_AUTO_TEST_CASE(the_older_token_call_has_both_in_the_query_percent_encoded)
{
    tidings::secret const s("a+b/c=d&e");
    get_token const op(app(), s);
    sent const request(op, "");
    BOOST_TEST(request.line == "GET /gettoken?appkey=dingeqqpkv3xxxxxx&appsecret=a%2Bb%2Fc%3Dd%26e HTTP/1.1");
    BOOST_TEST(request.body == "");
    BOOST_TEST(!op.needs_token());
    BOOST_TEST(op.host() == 1u);
}

BOOST_AUTO_TEST_CASE(the_credentials_choose_the_token_call)
{
    dingtalk::credentials credentials("key", tidings::secret("s"));
    BOOST_TEST(dingtalk::fetch_token(credentials)->host() == 0u);
    credentials.old_token_call();
    BOOST_TEST(dingtalk::fetch_token(credentials)->host() == 1u);
}

BOOST_AUTO_TEST_CASE(a_mobile_number_of_mainland_china_is_sent_as_eleven_digits_and_others_as_they_are)
{
    get_by_mobile const mainland(app(), "+8618513027676");
    sent const request(mainland);
    BOOST_TEST(request.line == "POST /topapi/v2/user/getbymobile?access_token=t-1 HTTP/1.1");
    check_old(request, mainland);
    // People whose account the organisation hosts are found too.
    check_json(request, R"({"mobile":"18513027676","support_exclusive_account_search":true})");
    BOOST_TEST((mainland.idempotency() == idempotency::idempotent));
    check_json(sent(get_by_mobile(app(), "+6591234567")),
               R"({"mobile":"+6591234567","support_exclusive_account_search":true})");
    check_json(sent(get_by_mobile(app(), "+85291234567")),
               R"({"mobile":"+85291234567","support_exclusive_account_search":true})");
}

BOOST_AUTO_TEST_CASE(a_person_is_read_by_userid_or_by_the_login_name_of_a_dedicated_account)
{
    get_user const by_id(app(), get_user::by::userid, "zhang\"san");
    sent const request(by_id);
    BOOST_TEST(request.line == "POST /topapi/v2/user/get?access_token=t-1 HTTP/1.1");
    check_old(request, by_id);
    check_json(request, R"({"userid":"zhang\"san"})");
    check_json(sent(get_user(app(), get_user::by::login_id, "ann")), R"({"userid":"","login_id":"ann"})");
}

BOOST_AUTO_TEST_CASE(a_token_with_reserved_characters_is_encoded_in_the_query)
{
    BOOST_TEST(sent(get_by_mobile(app(), "1"), "a+b/c=").line ==
               "POST /topapi/v2/user/getbymobile?access_token=a%2Bb%2Fc%3D HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(the_calls_of_a_directory_scan)
{
    authorised_range const range(app());
    sent const asked(range);
    BOOST_TEST(asked.line == "GET /auth/scopes?access_token=t-1 HTTP/1.1");
    BOOST_TEST(asked.body == "");
    check_old(asked, range);

    list_departments const below(app(), 1);
    sent const listed(below);
    BOOST_TEST(listed.line == "POST /topapi/v2/department/listsub?access_token=t-1 HTTP/1.1");
    check_old(listed, below);
    check_json(listed, R"({"dept_id":1})");

    list_people const page(app(), 10, 200);
    sent const read(page);
    BOOST_TEST(read.line == "POST /topapi/v2/user/list?access_token=t-1 HTTP/1.1");
    check_old(read, page);
    check_json(read, R"({"dept_id":10,"cursor":200,"size":100})");
}

BOOST_AUTO_TEST_CASE(a_text_of_the_bot_is_a_document_within_a_string)
{
    auto const to = people({"manager1234", "zhang\"san"});
    content const what("a \"quoted\"\nline \\ \xe4\xbd\xa0");
    batch_send const op(app(), to, what);
    sent const request(op);
    BOOST_TEST(request.line == "POST /v1.0/robot/oToMessages/batchSend HTTP/1.1"); // a capital T
    check_new(request, op);
    BOOST_TEST((op.idempotency() == idempotency::none)); // there is no idempotency key
    auto const body = json(request.body);
    BOOST_TEST(body.as_object().size() == 4u);
    BOOST_TEST(body.at("robotCode") == "dingrobot");
    BOOST_TEST(body.at("userIds") == json(R"(["manager1234","zhang\"san"])"));
    BOOST_TEST(body.at("msgKey") == "sampleText");
    BOOST_TEST(parameters(request) == json(R"({"content":"a \"quoted\"\nline \\ 你"})"));
    BOOST_TEST(contains(request.body, "\xe4\xbd\xa0")); // raw, not \u4f60
}

BOOST_AUTO_TEST_CASE(other_messages_of_the_bot_go_as_they_are)
{
    auto const to = people({"u"});
    std::string const document = R"({"text":"hello text","title":"hello \"title\""})";
    content const what("sampleMarkdown", document);
    sent const request(batch_send(app(), to, what));
    BOOST_TEST(json(request.body).at("msgKey") == "sampleMarkdown");
    BOOST_TEST(parameters(request) == json(document));
}

BOOST_AUTO_TEST_CASE(the_bot_sends_to_one_to_twenty_people_at_a_time)
{
    content const what("x");
    for (auto const& [count, expected] : {std::pair<std::size_t, std::string>(0, kind(errc::invalid_argument)),
                                          {1, "success"},
                                          {20, "success"},
                                          {21, kind(errc::invalid_argument)}})
    {
        auto const to = many(count);
        BOOST_TEST(encoding(batch_send(app(), to, what)) == expected, count);
    }
    BOOST_TEST(dingtalk::delivery::max_batch == 20u);
}

BOOST_AUTO_TEST_CASE(a_message_of_the_bot_may_have_15000_bytes_of_parameters)
{
    auto const size = [](std::size_t n) { return std::string(n, 'x'); };
    constexpr std::size_t frame = std::string_view(R"({"content":""})").size();
    std::string const fits = size(15000 - frame);
    std::string const too_long = size(15001 - frame);
    std::string const escaped = std::string(7500, '"'); // two bytes each
    BOOST_TEST(kind(batch_send::check(content(fits))) == "success");
    BOOST_TEST(kind(batch_send::check(content(too_long))) == kind(errc::message_too_long));
    BOOST_TEST(kind(batch_send::check(content(escaped))) == kind(errc::message_too_long));
    BOOST_TEST(kind(batch_send::check(content("sampleText", "{\"content\":\"" + fits + "\"}"))) == "success");
    BOOST_TEST(kind(batch_send::check(content("sampleText", "{\"content\":\"" + too_long + "\"}"))) ==
               kind(errc::message_too_long));
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_be_one_is_refused_before_any_byte_is_sent)
{
    std::string const unsound = "half \xe4\xbd";
    for (auto const& what :
         {content(""), content(unsound), content("sampleLink", ""), content("sampleLink", "[]"),
          content("sampleLink", "{\"a\":1"), content("sampleLink", "7"), content("sampleLink", "{\"a\":\"\xff\"}"),
          content("a\":1,\"to_all_user\":true,\"b", "{}"), content("a b", "{}"), content("", "{}")})
    {
        BOOST_TEST(kind(batch_send::check(what)) == kind(errc::message_invalid), what.kind());
        BOOST_TEST(kind(send_work::check(what)) == kind(errc::message_invalid), what.kind());
    }
}

BOOST_AUTO_TEST_CASE(markdown_of_which_nothing_is_shown_is_empty)
{
    tidings::language_tag const lang;
    for (auto const* const nothing : {"", "\n\n", "  \n"})
    {
        auto const what = dingtalk::content_of(tidings::markdown(nothing), lang);
        BOOST_TEST(kind(dingtalk::check(what)) == kind(errc::message_invalid));
    }
}

BOOST_AUTO_TEST_CASE(the_title_of_markdown_is_its_first_line_as_plain_text)
{
    auto const title = [](char const* portable) {
        std::string out;
        for (auto const& made : {dingtalk::content_of(tidings::markdown(portable), {}),
                                 dingtalk_work::content_of(tidings::markdown(portable), {}),
                                 tidings::webhook_traits<dingtalk>::content_of(tidings::markdown(portable), {})})
        {
            auto const text = json(made.params()).at("title").as_string();
            BOOST_TEST((out.empty() || out == text));
            out = text;
        }
        return out;
    };
    BOOST_TEST(title("[Build #42](https://ci.example.com/42) **failed** on `main_x`\nmore") ==
               "Build #42 failed on main_x");
    BOOST_TEST(title("\n\n![](https://e.example/a.png)\n- [runbook](https://e.example)") == "runbook");
    BOOST_TEST(title("# rm -rf \\*") == "rm -rf *");
    BOOST_TEST(title("![](https://e.example/a.png)") == "..."); // the platform takes no empty title
    auto const cut = title("构建失败构建失败构建失败构建失败构建失败构建失败");
    BOOST_TEST(cut == "构建失败构建失败构建失败构建失败构建失败");
}

BOOST_AUTO_TEST_CASE(the_read_status_is_asked_for_by_a_key_that_is_percent_encoded)
{
    read_status const op(app(), "zc+x/9=");
    sent const request(op);
    BOOST_TEST(request.line ==
               "GET /v1.0/robot/oToMessages/readStatus?processQueryKey=zc%2Bx%2F9%3D&robotCode=dingrobot HTTP/1.1");
    check_new(request, op);
    BOOST_TEST(request.body == "");
    BOOST_TEST((op.idempotency() == idempotency::idempotent));
}

BOOST_AUTO_TEST_CASE(the_recall_has_a_path_in_small_letters)
{
    recall const op(app(), "b5fe1xxx+/=");
    sent const request(op);
    BOOST_TEST(request.line == "POST /v1.0/robot/otoMessages/batchRecall HTTP/1.1"); // a small t
    check_new(request, op);
    check_json(request, R"({"robotCode":"dingrobot","processQueryKeys":["b5fe1xxx+/="]})");
    BOOST_TEST((op.idempotency() != idempotency::none));
}

BOOST_AUTO_TEST_CASE(a_work_notification_joins_its_receivers_and_holds_its_message_as_an_object)
{
    auto const to = people({"user123", "user456"});
    content const text("请提交日报。");
    send_work const op(app(), to, text);
    sent const request(op);
    BOOST_TEST(request.line == "POST /topapi/message/corpconversation/asyncsend_v2?access_token=t-1 HTTP/1.1");
    check_old(request, op);
    check_json(
        request,
        R"({"agent_id":123,"userid_list":"user123,user456","msg":{"msgtype":"text","text":{"content":"请提交日报。"}}})");
    BOOST_TEST((op.idempotency() == idempotency::none));

    content const link("link", R"({"title":"T","text":"t","messageUrl":"https://e.example"})");
    check_json(sent(send_work(app(), to, link)),
               R"({"agent_id":123,"userid_list":"user123,user456","msg":{"msgtype":"link",
                   "link":{"title":"T","text":"t","messageUrl":"https://e.example"}}})");
}

BOOST_AUTO_TEST_CASE(a_userid_that_would_be_several_people_is_refused)
{
    content const what("x");
    auto const two = people({"a,b"});
    BOOST_TEST(encoding(send_work(app(), two, what)) == kind(errc::invalid_recipient));
    BOOST_TEST(kind(dingtalk_work::check(tidings::match::login_name("a,b"))) == kind(errc::invalid_recipient));
    BOOST_TEST(kind(dingtalk_work::check(tidings::match::login_name("a.b"))) == "success");
    // The bot has a list, in which a comma parts nothing.
    BOOST_TEST(json(sent(batch_send(app(), two, what)).body).at("userIds") == json(R"(["a,b"])"));
}

BOOST_AUTO_TEST_CASE(a_work_notification_goes_to_one_to_a_hundred_people_and_has_2048_bytes)
{
    content const what("x");
    for (auto const& [count, expected] : {std::pair<std::size_t, std::string>(0, kind(errc::invalid_argument)),
                                          {100, "success"},
                                          {101, kind(errc::invalid_argument)}})
    {
        auto const to = many(count);
        BOOST_TEST(encoding(send_work(app(), to, what)) == expected, count);
    }
    BOOST_TEST(dingtalk_work::delivery::max_batch == 100u);

    constexpr std::size_t frame = std::string_view(R"({"msgtype":"text","text":{"content":""}})").size();
    std::string const fits(2048 - frame, 'x');
    std::string const too_long(2049 - frame, 'x');
    BOOST_TEST(kind(send_work::check(content(fits))) == "success");
    BOOST_TEST(kind(send_work::check(content(too_long))) == kind(errc::message_too_long));
}

BOOST_AUTO_TEST_CASE(what_became_of_a_work_notification_is_asked_for_by_agent_and_task)
{
    send_result const result(app(), 256271667526);
    sent const asked(result);
    BOOST_TEST(asked.line == "POST /topapi/message/corpconversation/getsendresult?access_token=t-1 HTTP/1.1");
    check_old(asked, result);
    check_json(asked, R"({"agent_id":123,"task_id":256271667526})");

    recall_work const back(app(), 256271667526);
    sent const recalled(back);
    BOOST_TEST(recalled.line == "POST /topapi/message/corpconversation/recall?access_token=t-1 HTTP/1.1");
    check_old(recalled, back);
    check_json(recalled, R"({"agent_id":123,"msg_task_id":256271667526})");
}

BOOST_AUTO_TEST_CASE(a_request_may_be_written_again_and_is_the_same)
{
    auto const to = people({"u"});
    content const what("x");
    batch_send const op(app(), to, what);
    BOOST_TEST(sent(op).body == sent(op).body);
}

BOOST_AUTO_TEST_CASE(portable_messages_become_those_of_either_route)
{
    tidings::language_tag const lang;
    auto const to = people({"u"});
    auto const by_bot = [&](auto const& what) {
        auto const made = dingtalk::content_of(what, lang);
        BOOST_TEST(kind(dingtalk::check(made)) == "success");
        sent const request(batch_send(app(), to, made));
        return json(request.body).at("msgKey").as_string() == "sampleText"
                   ? "sampleText"
                   : std::string(json(request.body).at("msgKey").as_string()) + " " +
                         boost::json::serialize(parameters(request));
    };
    BOOST_TEST(by_bot(tidings::text("hi")) == "sampleText");
    BOOST_TEST(
        by_bot(tidings::markdown("# **Disk** full\nnow")).starts_with("sampleMarkdown {\"title\":\"Disk full\""));
    BOOST_TEST(by_bot(dingtalk::native("sampleLink", R"({"title":"T"})")) == R"(sampleLink {"title":"T"})");

    auto const by_work = [&](auto const& what) {
        auto const made = dingtalk_work::content_of(what, lang);
        BOOST_TEST(kind(dingtalk_work::check(made)) == "success");
        return json(sent(send_work(app(), to, made)).body).at("msg");
    };
    BOOST_TEST(by_work(tidings::text("hi")) == json(R"({"msgtype":"text","text":{"content":"hi"}})"));
    BOOST_TEST(by_work(tidings::markdown("# Disk")).at("markdown").at("title") == "Disk");
    BOOST_TEST(by_work(dingtalk_work::native("oa", "{}")) == json(R"({"msgtype":"oa","oa":{}})"));
}

BOOST_AUTO_TEST_CASE(long_texts_are_split_into_pieces_that_can_be_sent)
{
    tidings::language_tag const lang;
    std::string body;
    for (int i = 0; i != 3000; ++i)
        body += "word \"" + std::to_string(i) + "\" \xe4\xbd\xa0\n";
    for (auto const& piece : dingtalk::split(tidings::text(body), lang))
        BOOST_TEST(kind(batch_send::check(content(piece))) == "success");
    for (auto const& piece : dingtalk_work::split(tidings::text(body), lang))
        BOOST_TEST(kind(send_work::check(content(piece))) == "success");
    for (auto const& piece : dingtalk_work::split(tidings::markdown(body), lang))
        BOOST_TEST(kind(send_work::check(dingtalk_work::content_of(tidings::markdown(piece), lang))) == "success");
}

BOOST_AUTO_TEST_CASE(credentials_that_cannot_be_any_are_refused)
{
    auto const checked = [](auto const& what) { return kind(what.check()); };
    auto const refused = kind(errc::invalid_argument);
    using bot = dingtalk::credentials;
    using work = dingtalk_work::credentials;
    auto const with = [](std::string_view text) { return tidings::secret(text); };
    BOOST_TEST(checked(bot("key", with("s"))) == "success");
    BOOST_TEST(checked(bot("", with("s"))) == refused);
    BOOST_TEST(checked(bot("key", with(""))) == refused);
    BOOST_TEST(checked(bot("key\n", with("s"))) == refused);
    BOOST_TEST(checked(bot("key", with("s\r\n"))) == refused);
    BOOST_TEST(checked(bot("key", with("s")).robot_code("")) == refused);
    BOOST_TEST(checked(work("key", with("s"))) == refused);
    BOOST_TEST(checked(work("key", with("s")).agent_id(1)) == "success");
    BOOST_TEST(bot("key", with("s")).robot_code() == "key");
    BOOST_TEST(!contains(bot("key", with("hush\n")).check().error().message(), "hush"));
}

BOOST_AUTO_TEST_CASE(characters_of_a_login_id_that_are_not_shown_are_dropped_at_its_ends_and_named_inside)
{
    BOOST_TEST(dingtalk::login_id("\xe2\x80\x8e"
                                  "chen@corp\xe2\x80\x8b")
                   .view() == "chen@corp");
    BOOST_TEST(dingtalk::login_id("chen@corp").check().has_value());
    auto const refused = dingtalk::login_id("\xe2\x80\x8e"
                                            "chen\xe2\x80\x8b@corp")
                             .check();
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(contains(refused.error().message(), "the login id contains U+200B, which is not shown, at byte 7"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_requests_test
