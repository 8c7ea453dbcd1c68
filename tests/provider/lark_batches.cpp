// One message to many with one request: what is written, and what is made of the answers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lark_batches_test {

namespace {

using namespace tidings::providers::lark;
using test::contains;
using test::json;
using test::kind;
using test::said;
using test::sent;
using tidings::errc;
using tidings::lark;
using batch = lark::batch;

std::vector<recipient> people(std::string_view type, std::size_t count)
{
    std::vector<recipient> out;
    for (std::size_t i = 0; i != count; ++i)
        out.emplace_back(type, std::string(type.substr(0, 1)) + std::to_string(i));
    return out;
}

template<class Message>
content content_of(Message what)
{
    return batch::content_of(std::move(what), {});
}

// The body without whom it goes to.
boost::json::value message_sent(content const& what, application const& app = test::lark_app())
{
    BOOST_TEST(kind(batch_send::check(app.region(), what)) == "success");
    auto const to = people("open_id", 1);
    auto body = json(sent(batch_send(app, to, what)).body);
    BOOST_TEST(body.as_object().erase("open_ids") == 1u);
    return body;
}

tidings::failure refused(content const& what)
{
    auto const checked = batch::check(what);
    BOOST_TEST(checked.has_error());
    return checked ? tidings::failure() : checked.error();
}

tidings::failure answer_refused(said const& in, application const& app = test::lark_app())
{
    auto const to = people("open_id", 2);
    content const what(content::kind::text, "hi");
    batch_send op(app, to, what);
    return test::refused(op, in);
}

std::string body_of(std::int64_t code, std::string_view msg)
{
    return R"({"code":)" + std::to_string(code) + R"(,"msg":")" + std::string(msg) + R"("})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(lark_batches)

BOOST_AUTO_TEST_CASE(a_batch_names_its_people_and_has_its_content_as_an_object_and_no_key)
{
    std::vector<recipient> const to{{"open_id", "ou_18eac85d35a26f989317ad4f02e8bbbb"},
                                    {"user_id", "7cdcc7c2"},
                                    {"open_id", "ou_461cf042d9eedaa60d445f26dc747d5e"},
                                    {"user_id", "ca\"51"},
                                    {"union_id", "on_cad4860e7af114fb4ff6c5d496d1dd76"}};
    content const what(content::kind::text, "test \"content\"");
    batch_send const op(test::lark_app(), to, what);
    sent const request(op);
    BOOST_TEST(request.line == "POST /open-apis/message/v4/batch_send/ HTTP/1.1");
    BOOST_TEST(request.has("Authorization: Bearer t-1"));
    BOOST_TEST(request.has("Content-Type: application/json; charset=utf-8"));
    BOOST_TEST(json(request.body) ==
               json(R"({"open_ids":["ou_18eac85d35a26f989317ad4f02e8bbbb","ou_461cf042d9eedaa60d445f26dc747d5e"],
        "user_ids":["7cdcc7c2","ca\"51"],"union_ids":["on_cad4860e7af114fb4ff6c5d496d1dd76"],
        "msg_type":"text","content":{"text":"test \"content\""}})"));
    BOOST_TEST((op.idempotency() == tidings::wire::idempotency::none));
    BOOST_TEST(op.needs_token());
}

BOOST_AUTO_TEST_CASE(lists_of_nobody_are_left_out)
{
    content const what(content::kind::text, "hi");
    auto const to = people("user_id", 2);
    BOOST_TEST(json(sent(batch_send(test::lark_app(), to, what)).body) ==
               json(R"({"user_ids":["u0","u1"],"msg_type":"text","content":{"text":"hi"}})"));
}

BOOST_AUTO_TEST_CASE(a_batch_has_one_to_two_hundred_people_who_are_named_by_ids)
{
    content const what(content::kind::text, "hi");
    auto const encoded = [&what](std::vector<recipient> const& to) {
        tidings::wire::request out("", "");
        return kind(batch_send(test::lark_app(), to, what).encode(out, "t"));
    };
    BOOST_TEST(encoded(people("open_id", 200)) == "success");
    BOOST_TEST(encoded(people("open_id", 201)) == kind(errc::invalid_argument));
    BOOST_TEST(encoded({}) == kind(errc::invalid_argument));
    for (auto const type : {"email", "chat_id", ""})
    {
        auto to = people("open_id", 3);
        to[1] = recipient(type, "ada@example.com");
        BOOST_TEST(encoded(to) == kind(errc::invalid_recipient), type);
    }
}

BOOST_AUTO_TEST_CASE(every_kind_of_message_stands_where_the_documentation_has_it)
{
    BOOST_TEST(message_sent(content_of(tidings::text("hi"))) == json(R"({"msg_type":"text","content":{"text":"hi"}})"));
    BOOST_TEST(message_sent(content_of(tidings::text("<b>\nx"))) ==
               json(R"({"msg_type":"post","content":{"post":{"en_us":{"content":[
                   [{"tag":"text","text":"<b>","un_escape":false}],[{"tag":"text","text":"x","un_escape":false}]]}}}})"));
    BOOST_TEST(message_sent(content_of(tidings::text("<b>")), test::feishu_app())
                   .at("content")
                   .at("post")
                   .as_object()
                   .contains("zh_cn"));
    // A post without an md element, in the caller's own words.
    BOOST_TEST(message_sent(content_of(
                   lark::native("post", R"({"zh_cn":{"content":[[{"tag":"a","text":"x","href":"https://a.b"}]]}})"))) ==
               json(R"({"msg_type":"post","content":{"post":
                   {"zh_cn":{"content":[[{"tag":"a","text":"x","href":"https://a.b"}]]}}}})"));
    BOOST_TEST(message_sent(content_of(lark::native("image", R"({"image_key":"img_v2_8e5a"})"))) ==
               json(R"({"msg_type":"image","content":{"image_key":"img_v2_8e5a"}})"));
    BOOST_TEST(message_sent(lark::content_of(tidings::image("bytes"), "img_v3_1")) ==
               json(R"({"msg_type":"image","content":{"image_key":"img_v3_1"}})"));
    BOOST_TEST(message_sent(content_of(lark::native("share_chat", R"({"chat_id":"oc_84983ff6"})"))) ==
               json(R"({"msg_type":"share_chat","content":{"share_chat_id":"oc_84983ff6"}})"));
    BOOST_TEST(message_sent(content_of(lark::native("text", R"({"text":"a < b > c"})"))) ==
               json(R"({"msg_type":"text","content":{"text":"a < b > c"}})"));
    std::string const card = R"({"type":"template","data":{"template_id":"ctp_x"}})";
    BOOST_TEST(message_sent(content_of(lark::card(card))) == json(R"({"msg_type":"interactive","card":)" + card + "}"));
    auto const notice = message_sent(content_of(tidings::notice("Disk")));
    BOOST_TEST(notice.at("msg_type").as_string() == "interactive");
    BOOST_TEST(notice.at("card").at("header").at("title").at("content").as_string() == "Disk");
    BOOST_TEST(!notice.as_object().contains("content"));
}

BOOST_AUTO_TEST_CASE(markdown_goes_as_a_card_since_a_batch_takes_no_md_element)
{
    BOOST_TEST(message_sent(content_of(tidings::markdown("**disk** full"))) ==
               json(R"({"msg_type":"interactive","card":{"schema":"2.0","body":{"elements":[
                   {"tag":"markdown","content":"**disk** full"}]}}})"));
    BOOST_TEST(kind(refused(content_of(tidings::markdown("")))) == kind(errc::message_invalid));
}

BOOST_AUTO_TEST_CASE(what_a_batch_cannot_say_is_refused_before_any_byte_and_told_what_to_use)
{
    struct
    {
        content what;
        std::string_view instead;
    } const rows[] = {
        {content_of(lark::native("file", R"({"file_key":"f"})")), "without batch_options"},
        {content_of(lark::native("share_user", R"({"user_id":"ou_1"})")), "without batch_options"},
        {content_of(lark::native("post", R"({"en_us":{"title":"t","content":[[{"tag":"text","text":"x"}],
            [{"tag":"md","text":"**x**"}]]}})")),
         "use markdown"},
        {lark::content_of(tidings::markdown("**x**"), {}), "use markdown"},
        {content_of(lark::native("text", R"({"text":"very <b>bold</b>"})")), "use markdown"},
        {content_of(lark::native("share_chat", R"({"share_chat_id":"oc_1"})")), "chat_id"},
    };
    for (auto const& row : rows)
    {
        auto const f = refused(row.what);
        BOOST_TEST(kind(f) == kind(errc::message_invalid));
        BOOST_TEST(contains(f.message(), row.instead), f.message());
    }
    BOOST_TEST(kind(refused(content_of(lark::card("[]")))) == kind(errc::message_invalid));
    BOOST_TEST(kind(refused(content_of(tidings::text("a\xff")))) == kind(errc::message_invalid));
}

BOOST_AUTO_TEST_CASE(no_batch_that_passes_the_check_is_over_the_limit_on_the_wire_however_long_its_ids)
{
    std::vector<recipient> to;
    for (int i = 0; i != 200; ++i)
        to.emplace_back("user_id", std::string(61, 'u') + std::to_string(100 + i));
    for (std::string_view const filler : {"a", "\"", "\t", "\xe5\x8a\xa0"})
        for (bool const plain : {true, false})
        {
            std::size_t const limit = plain ? 150'000 : 30'000;
            std::size_t longest = 0;
            for (std::size_t size = limit / 30; size < limit; size += 997)
            {
                std::string body = plain ? "x" : "<b>"; // a post
                while (body.size() < size)
                    body += filler;
                auto const what = content_of(tidings::text(body));
                auto const checked = batch::check(what);
                if (!checked)
                {
                    BOOST_TEST(kind(checked) == kind(errc::message_too_long));
                    break;
                }
                longest = sent(batch_send(test::lark_app(), to, what)).body.size();
                BOOST_TEST_REQUIRE(longest <= limit);
            }
            BOOST_TEST(longest != 0u);
        }
}

BOOST_AUTO_TEST_CASE(those_who_are_listed_as_invalid_failed_and_all_others_have_the_message)
{
    std::vector<recipient> const to{{"open_id", "ou_0"}, {"open_id", "ou_1"},  {"user_id", "ada"},
                                    {"user_id", "ou_1"}, {"union_id", "on_1"}, {"user_id", "bob"}};
    content const what(content::kind::text, "hi");
    batch_send op(test::lark_app(), to, what);
    auto const done = op.decode(said(200, R"({"code":0,"msg":"ok","data":{"invalid_department_ids":["ou_0"],
        "invalid_open_ids":["ou_1"],"invalid_user_ids":["bob"],"invalid_union_ids":["on_1"],
        "message_id":"bm-d4be107c616aed9c1da8ed8068570a9f"}})")
                                    .view());
    BOOST_TEST(kind(done) == "success");
    BOOST_TEST(op.message_id() == "bm-d4be107c616aed9c1da8ed8068570a9f");
    std::vector<std::string> fared;
    for (std::size_t i = 0; i != to.size(); ++i)
        fared.push_back(op.outcome(i) ? "served" : std::string(op.outcome(i).error().platform_code()));
    std::vector<std::string> const expected{"served", "invalid_open_ids",  "served",
                                            "served", "invalid_union_ids", "invalid_user_ids"};
    BOOST_TEST(fared == expected, boost::test_tools::per_element());
    auto const f = op.outcome(1).error();
    BOOST_TEST(kind(f) == kind(errc::recipient_not_found));
    BOOST_TEST(contains(f.message(), "invalid_open_ids"));
    BOOST_TEST(contains(f.remedy(), "admin console"));
    BOOST_TEST(!f.remedy(tidings::language::chinese).empty());
}

BOOST_AUTO_TEST_CASE(a_second_answer_leaves_nothing_of_the_first)
{
    auto const to = people("open_id", 1);
    content const what(content::kind::text, "hi");
    batch_send op(test::lark_app(), to, what);
    auto const first = R"({"code":0,"data":{"message_id":"bm-1","invalid_open_ids":["o0"]}})";
    BOOST_TEST(kind(op.decode(said(200, first).view())) == "success");
    BOOST_TEST(op.outcome(0).has_error());
    for (std::string_view const data : {"", R"(,"data":null)", R"(,"data":{"invalid_open_ids":null})",
                                        R"(,"data":{"invalid_open_ids":[],"message_id":""})"})
    {
        BOOST_TEST(kind(op.decode(said(200, R"({"code":0)" + std::string(data) + "}").view())) == "success");
        BOOST_TEST(op.outcome(0).has_value());
        BOOST_TEST(op.message_id() == "");
    }
}

BOOST_AUTO_TEST_CASE(every_code_of_a_batch_has_its_kind_and_says_what_to_do)
{
    struct
    {
        std::int64_t code;
        std::string_view text;
        errc kind;
        std::string_view remedy;
    } const rows[] = {
        {10002, "Create or send message fail.", errc::message_invalid, "Correct the message"},
        {10003, "Invalid parameter.", errc::invalid_argument, ""},
        {11101, "Open_id not exist.", errc::recipient_not_found, "another application"},
        {11203, "Send employee ids permission denied.", errc::permission_missing, "im:message:send_multi_users"},
        {11204, "Send department list permission denied.", errc::permission_missing, "im:message:send_multi_depts"},
        {11205, "App do not have bot.", errc::bot_disabled, "Add the bot"},
        {11207, "App is not usage.", errc::app_not_published, "administrator"},
        {11209, "App not exist.", errc::app_not_published, "administrator"},
        {11210, "App usage info not exist.", errc::app_not_published, "not installed"},
        {11223, "Do not have im write permission.", errc::permission_missing, "im:message, im:message:send_as_bot"},
        {11227, "Image key not exist.", errc::message_invalid, "Upload the image again"},
        {11231, "Chat not found.", errc::message_invalid, "id of the chat"},
        {11235, "This group is set to only admin can mention @All.", errc::message_invalid, "mention of everybody"},
        {11246, "Create message content fail, ext=ErrCode: 200621; ErrMsg: x", errc::message_invalid, "Correct"},
        {11246, "Create message content fail, ext=Service Internal Error", errc::server_error, "later"},
        {11247, "Internal send message trigger rate limit.", errc::quota_exhausted, "500,000"},
        {11312, "Bot messages do not pass the audit.", errc::message_invalid, "Reword"},
        {230100, "Sending invalid test messages is restricted.", errc::message_invalid, "test message"},
    };
    for (auto const& row : rows)
        for (unsigned const status : {200u, 400u})
        {
            auto const f = answer_refused(said(status, body_of(row.code, row.text)));
            BOOST_TEST(kind(f) == kind(row.kind), row.text);
            BOOST_TEST(f.platform_code() == std::to_string(row.code));
            BOOST_TEST(contains(f.remedy(), row.remedy), row.code << ": " << f.remedy());
            BOOST_TEST(f.remedy(tidings::language::chinese).empty() == row.remedy.empty());
        }
}

BOOST_AUTO_TEST_CASE(a_missing_scope_of_batches_is_named_with_the_page_on_which_to_grant_it)
{
    said const in(200, body_of(11203, "Send employee ids permission denied."));
    auto const at_lark = answer_refused(in);
    std::vector<std::string> const scopes{"im:message:send_multi_users"};
    BOOST_TEST(at_lark.scopes() == scopes, boost::test_tools::per_element());
    BOOST_TEST(at_lark.link() == "https://open.larksuite.com/app/cli_a1b2c3d4e5f60718/auth?q=im:message:"
                                 "send_multi_users&op_from=openapi&token_type=tenant");
    BOOST_TEST(contains(at_lark.remedy(), at_lark.link()));
    BOOST_TEST(answer_refused(in, test::feishu_app()).link().starts_with("https://open.feishu.cn/app/"));
    BOOST_TEST(contains(answer_refused(said(200, body_of(11223, "x"))).link(), "q=im:message,im:message:send_as_bot&"));
}

BOOST_AUTO_TEST_CASE(a_batch_is_taken_back_at_an_address_of_its_own)
{
    BOOST_TEST(sent(recall_message(test::lark_app(), "bm-dc13264520392913")).line ==
               "DELETE /open-apis/im/v1/batch_messages/bm-dc13264520392913 HTTP/1.1");
    BOOST_TEST(sent(recall_message(test::lark_app(), "bm_dc13264520392913")).line ==
               "DELETE /open-apis/im/v1/batch_messages/bm_dc13264520392913 HTTP/1.1");
    BOOST_TEST(sent(recall_message(test::lark_app(), "om_dc13264520392913")).line ==
               "DELETE /open-apis/im/v1/messages/om_dc13264520392913 HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(nobody_can_tell_who_has_read_a_batch)
{
    lark::credentials const app(test::app_id, tidings::secret("s3cr3t"));
    BOOST_TEST(kind(lark::reading(app, "om_1").check()) == "success");
    auto const checked = lark::reading(app, "bm-1").check();
    BOOST_TEST(kind(checked) == kind(errc::invalid_argument));
    BOOST_TEST(contains(checked.error().message(), "only how many"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace lark_batches_test
