// What can be done with a message afterwards, batch sends, uploads.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

#include <utility>

namespace im_after_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_im_after)

std::string const messages = "/open-apis/im/v1/messages/";
std::string const group_chat = "oc_5ad11d72b830411d72b836c20";
std::string const card = R"({"config":{"update_multi":true},"elements":[{"tag":"hr"}]})";

BOOST_AUTO_TEST_CASE(a_reply_names_what_it_replies_to)
{
    client_session t;
    auto const id = t.sent_id();
    auto const reply_to = [&](std::string const& to, std::string const& more) {
        return t.call("POST", messages + to + "/reply",
                      R"({"msg_type":"text","content":"{\"text\":\"re\"}")" + more + "}");
    };
    auto const data = reply_to(id, "").object().at("data").as_object();
    BOOST_TEST(data.at("parent_id").as_string() == id);
    BOOST_TEST(data.at("root_id").as_string() == id);
    BOOST_TEST(!data.contains("thread_id"));
    auto const again =
        reply_to(std::string(data.at("message_id").as_string()), R"(,"reply_in_thread":true,"uuid":"r-1")")
            .object()
            .at("data")
            .as_object();
    BOOST_TEST(again.at("root_id").as_string() == id);
    BOOST_TEST(std::string(again.at("thread_id").as_string()).starts_with("omt_"));
    reply_to(id, R"(,"uuid":"r-1")");
    BOOST_TEST(t.platform.ledger().size() == 3u);
    BOOST_TEST(t.platform.ledger().back().to == "ada");
    t.call("DELETE", messages + id);
    BOOST_TEST(without_error(reply_to(id, "")) == R"({"code":230011,"msg":"The message is recalled."})");
    BOOST_TEST(reply_to("om_0", "").msg() == "these ids not existed: [om_0]");
    BOOST_TEST(reply_to("x", "").code() == 230001);
}

BOOST_AUTO_TEST_CASE(a_text_can_be_edited_twenty_times_within_its_window)
{
    client_session t;
    auto const id = t.sent_id();
    auto const edit = [&](std::string const& type = "text") {
        return t.call("PUT", messages + id, R"({"msg_type":")" + type + R"(","content":"{\"text\":\"new\"}"})");
    };
    auto const data = edit().object().at("data").as_object();
    BOOST_TEST(data.at("updated").as_bool());
    BOOST_TEST(data.at("message_id").as_string() == id);
    BOOST_TEST(t.platform.ledger().front().content == R"({"text":"new"})");
    BOOST_TEST(t.platform.ledger().front().updated);
    BOOST_TEST(edit("image").code() == 230054);
    for (int i = 1; i < 20; ++i)
        BOOST_TEST_REQUIRE(edit().code() == 0);
    BOOST_TEST(edit().code() == 230072);
}

BOOST_AUTO_TEST_CASE(old_recalled_and_foreign_messages_cannot_be_edited)
{
    client_session t;
    auto const edit = [&](std::string const& id) {
        return t.call("PUT", messages + id, R"({"msg_type":"text","content":"{\"text\":\"new\"}"})").code();
    };
    auto const id = t.sent_id();
    auto const in_group = t.send("chat_id", group_chat).object().at("data").at("message_id").as_string();
    t.platform.edit([](sandbox::world& w) { w.find_app(unpublished_app)->published = true; });
    auto const mine = std::exchange(t.bearer, t.fetch(unpublished_app));
    BOOST_TEST(edit(id) == 230050);
    BOOST_TEST(edit(std::string(in_group)) == 230071);
    BOOST_TEST(t.call("DELETE", messages + std::string(in_group)).msg() == "No permission to recall this message.");
    t.bearer = mine;
    t.call("DELETE", messages + id);
    BOOST_TEST(edit(id) == 230110);
    t.platform.advance(24h + 1s);
    t.bearer = t.fetch(lark_app);
    BOOST_TEST(edit(std::string(in_group)) == 230075);
}

BOOST_AUTO_TEST_CASE(a_shared_card_can_be_replaced_for_fourteen_days)
{
    client_session t;
    auto const id = t.sent_id("ada", "interactive", card);
    auto const patch = [&](std::string const& to, std::string const& content) {
        return t.call("PATCH", messages + to, text(json::object{{"content", content}}));
    };
    BOOST_TEST(patch(id, card).body == R"({"code":0,"data":{},"msg":"ok"})");
    BOOST_TEST(t.platform.ledger().front().updated);
    BOOST_TEST(patch(id, R"({"elements":[]})").code() == 230001);
    BOOST_TEST(patch(id, "{").code() == 230099);
    BOOST_TEST(patch(t.sent_id(), card).msg() ==
               "Your request contains an invalid request parameter, ext=This message is NOT a card");
    t.platform.edit([](sandbox::world& w) { w.limits.enabled = true; });
    for (int i = 0; i < 5; ++i)
        patch(id, card);
    BOOST_TEST(patch(id, card).code() == 230020);
    t.platform.advance(14 * 24h + 1s);
    t.bearer = t.fetch(lark_app);
    BOOST_TEST(patch(id, card).code() == 230031);
}

BOOST_AUTO_TEST_CASE(a_message_can_be_recalled_once_and_in_time)
{
    client_session t;
    auto const id = t.sent_id();
    auto const late = t.sent_id();
    BOOST_TEST(t.call("DELETE", messages + id).body == R"({"code":0,"msg":"success","data":{}})");
    BOOST_TEST(t.platform.ledger().front().recalled);
    BOOST_TEST(t.call("DELETE", messages + id).msg() == "Action unavailable as the message has been deleted.");
    t.platform.edit([](sandbox::world& w) { w.recall_window_seconds = 60; });
    t.platform.advance(61s);
    BOOST_TEST(t.call("DELETE", messages + late).msg() == "Message has expired when recall message.");
}

BOOST_AUTO_TEST_CASE(a_message_can_be_read_back_and_get_bodies_are_ignored)
{
    client_session t;
    auto const id = t.sent_id();
    auto const r = t.call("GET", messages + id, "null");
    BOOST_TEST(r.object().at("data").at("items").at(0).at("message_id").as_string() == id);
    t.call("DELETE", messages + id);
    BOOST_TEST(t.call("GET", messages + id).code() == 230110);
}

BOOST_AUTO_TEST_CASE(those_who_read_are_listed_in_pages)
{
    using namespace std::chrono;
    client_session t(lark_app, still().starts_at(sys_time<milliseconds>(milliseconds(1609484183000))));
    auto const id = t.sent_id();
    auto const ask = [&](std::string const& query) { return t.call("GET", messages + id + "/read_users" + query); };
    BOOST_TEST(ask("").code() == 99992402);
    BOOST_TEST(ask("?user_id_type=open_id").body ==
               R"({"code":0,"msg":"success","data":{"items":[],"has_more":false}})");
    t.platform.mark_read(id, "ada");
    t.platform.mark_read(id, "ada");
    BOOST_TEST(ask("?user_id_type=open_id&page_size=1").body ==
               R"({"code":0,"msg":"success","data":{"items":[{"user_id_type":"open_id","user_id":")" +
                   t.open_id("ada") +
                   R"(","timestamp":"1609484183000","tenant_key":"736588c9260f175e"}],"has_more":false}})");
    t.platform.mark_read(id, "bob");
    BOOST_TEST(t.platform.ledger().front().readers.size() == 2u);
    auto const page = ask("?user_id_type=user_id&page_size=1").object().at("data").as_object();
    BOOST_TEST(page.at("has_more").as_bool());
    auto const token = std::string(page.at("page_token").as_string());
    BOOST_TEST(ask("?user_id_type=user_id&page_size=1&page_token=" + token)
                   .object()
                   .at("data")
                   .at("items")
                   .at(0)
                   .at("user_id")
                   .as_string() == "bob");
    BOOST_TEST(ask("?user_id_type=open_id&page_size=101").code() == 99992402);
    BOOST_CHECK_THROW(t.platform.mark_read("om_0", "ada"), std::out_of_range);
    t.platform.advance(7 * 24h + 1s);
    t.bearer = t.fetch(lark_app);
    BOOST_TEST(ask("?user_id_type=open_id").code() == 230033);
}

BOOST_AUTO_TEST_CASE(a_buzz_reaches_those_who_are_in_the_chat)
{
    client_session t;
    auto const id = t.sent_id();
    auto const buzz = [&](std::string const& ids) {
        return t.call("PATCH", messages + id + "/urgent_app?user_id_type=user_id", R"({"user_id_list":)" + ids + "}");
    };
    BOOST_TEST(buzz(R"(["bob"])").msg() ==
               "Your request contains an invalid request parameter, ext=all ids in the user_id_list are invalid");
    BOOST_TEST(!t.platform.ledger().front().urgent);
    BOOST_TEST(buzz(R"(["ada","bob"])").body ==
               R"({"code":0,"msg":"success","data":{"invalid_user_id_list":["bob"]}})");
    BOOST_TEST(t.platform.ledger().front().urgent);
    t.platform.edit([](sandbox::world& w) { std::erase(w.find_app(lark_app)->scopes, "im:message.urgent"); });
    BOOST_TEST(buzz(R"(["ada"])").code() == 99991672);
}

BOOST_AUTO_TEST_CASE(a_batch_goes_to_all_who_can_be_reached_and_counts_them)
{
    client_session t;
    auto const r =
        t.call("POST", "/open-apis/message/v4/batch_send/",
               R"({"open_ids":["ou_0"],"user_ids":["ada","rita"],"department_ids":["od-0011223344556677","od-1"],)"
               R"("msg_type":"text","content":{"text":"hi"}})");
    BOOST_TEST(r.status == 200u);
    BOOST_TEST_REQUIRE(t.platform.ledger().size() == 4u); // ada once, bob, chen, dana
    auto const id = t.platform.ledger().front().message_id;
    BOOST_TEST(id.starts_with("bm-"));
    BOOST_TEST(r.body == R"({"code":0,"msg":"ok","data":{"message_id":")" + id +
                             R"(","invalid_open_ids":["ou_0"],"invalid_user_ids":["rita"],"invalid_union_ids":[],)"
                             R"("invalid_department_ids":["od-1"]}})");
    BOOST_TEST(t.platform.ledger().front().content == R"({"text":"hi"})");
    auto const job = "/open-apis/im/v1/batch_messages/" + id;
    BOOST_TEST(t.call("GET", job + "/get_progress").body ==
               R"({"code":0,"msg":"success","data":{"batch_message_send_progress":{"valid_user_ids_count":6,)"
               R"("success_user_ids_count":4,"read_user_ids_count":0},"batch_message_recall_progress":)"
               R"({"recall":false,"recall_count":0}}})");
    t.platform.mark_read(id, "chen");
    BOOST_TEST(t.call("GET", job + "/read_user").body ==
               R"({"code":0,"msg":"ok","data":{"read_user":{"read_count":"1","total_count":"4"}}})");
    BOOST_TEST(t.call("DELETE", job).body == R"({"code":0,"msg":"ok","data":{}})");
    for (auto const& row : t.platform.ledger())
        BOOST_TEST(row.recalled);
    BOOST_TEST(without_error(t.call("GET", "/open-apis/im/v1/batch_messages/bm-0/get_progress")) ==
               R"({"code":230030,"msg":"The message id is invalid, record not found."})");
}

BOOST_AUTO_TEST_CASE(people_whom_the_bot_may_not_write_to_are_valid_in_a_batch_and_get_nothing)
{
    client_session t;
    auto const send = [&] {
        return t.call("POST", "/open-apis/message/v4/batch_send/",
                      R"({"user_ids":["otto","boris","ada"],"msg_type":"text","content":{"text":"hi"}})");
    };
    auto const data = send().object().at("data").as_object();
    BOOST_TEST(data.at("invalid_user_ids").as_array().empty());
    BOOST_TEST(t.platform.ledger().size() == 1u);
    t.platform.edit([](sandbox::world& w) { w.modes.batch_lists_unseen = true; });
    BOOST_TEST(text(send().object().at("data").at("invalid_user_ids")) == R"(["otto","boris"])");
    BOOST_TEST(t.platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_batch_belongs_to_its_app_and_is_recalled_in_time_and_with_the_scope_of_batches)
{
    client_session t;
    auto const id = std::string(t.call("POST", "/open-apis/message/v4/batch_send/",
                                       R"({"user_ids":["ada"],"msg_type":"text","content":{"text":"hi"}})")
                                    .object()
                                    .at("data")
                                    .at("message_id")
                                    .as_string());
    auto const job = "/open-apis/im/v1/batch_messages/" + id;
    t.platform.edit([](sandbox::world& w) { w.find_app(unpublished_app)->published = true; });
    auto const mine = std::exchange(t.bearer, t.fetch(unpublished_app));
    BOOST_TEST(t.call("DELETE", job).code() == 230026);
    BOOST_TEST(t.call("GET", job + "/read_user").code() == 230012);
    t.bearer = mine;
    t.platform.edit([](sandbox::world& w) { w.recall_window_seconds = 60; });
    t.platform.advance(61s);
    BOOST_TEST(t.call("DELETE", job).code() == 230009);
    BOOST_TEST(!t.platform.ledger().front().recalled);
    t.platform.edit([](sandbox::world& w) {
        std::erase_if(w.find_app(lark_app)->scopes, [](auto const& s) { return s.find("send_multi") != s.npos; });
    });
    BOOST_TEST(t.call("DELETE", job).code() == 99991672);
}

BOOST_AUTO_TEST_CASE(a_refused_batch_has_http_200)
{
    client_session t;
    auto const send = [&](std::string const& body) { return t.call("POST", "/open-apis/message/v4/batch_send", body); };
    auto const hi = std::string(R"("msg_type":"text","content":{"text":"hi"}})");
    auto r = send("{" + hi);
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.body == R"({"code":10003,"data":{},"msg":"invalid parameter"})");
    BOOST_TEST(send(R"({"department_ids":["0"],)" + hi).code() == 10003);
    BOOST_TEST(send(R"({"user_ids":["ada"],"msg_type":"image","content":{"image_key":"img_v3_0"}})").code() == 11227);
    BOOST_TEST(send(R"({"user_ids":["ada"],"msg_type":"share_chat","content":{"share_chat_id":"oc_0"}})").code() ==
               11231);
    BOOST_TEST(send(R"({"user_ids":["ada"],"msg_type":"post",)"
                    R"("content":{"post":{"en_us":{"content":[[{"tag":"md","text":"x"}]]}}}})")
                   .code() == 11246);
    BOOST_TEST(send(R"({"user_ids":["ada"],"msg_type":"interactive","card":{"schema":"2.0","body":")" +
                    std::string(31 * 1024, ' ') + "\"}}")
                   .msg()
                   .find("length") != std::string::npos);
    BOOST_TEST(send(R"({"user_ids":["ada"],"msg_type":"interactive","card":{"schema":"2.0"}})")
                   .msg()
                   .find("ErrCode: 200621") != std::string::npos);
    auto const without = [&](std::string const& scope) {
        t.platform.edit([&](sandbox::world& w) { std::erase(w.find_app(lark_app)->scopes, scope); });
    };
    without("im:message:send_multi_users");
    BOOST_TEST(send(R"({"user_ids":["ada"],)" + hi).code() == 11203);
    without("im:message:send_multi_depts");
    BOOST_TEST(send(R"({"department_ids":["od-1"],)" + hi).code() == 11204);
    without("im:message:send_as_bot");
    BOOST_TEST(send(R"({"user_ids":["ada"],)" + hi).code() == 11223);
    t.platform.edit([](sandbox::world& w) { w.find_app(lark_app)->bot = false; });
    BOOST_TEST(send(R"({"user_ids":["ada"],)" + hi).code() == 11205);
    t.platform.edit([](sandbox::world& w) { w.find_app(lark_app)->enabled = false; });
    BOOST_TEST(send(R"({"user_ids":["ada"],)" + hi).code() == 11207);
    BOOST_TEST(t.platform.ledger().empty());
}

std::string part(std::string const& head, std::string const& bytes)
{
    return "--b0\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + bytes + "\r\n";
}

std::string png(unsigned char width_high)
{
    return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) +
           std::string({0, 0, static_cast<char>(width_high), 1, 0, 0, 0, 1});
}

struct uploads : client_session
{
    reply upload(std::string const& what, std::string const& body)
    {
        return wire.call("POST", "/open-apis/im/v1/" + what, body + "--b0--\r\n",
                         {{"Authorization", "Bearer " + bearer}, {"Content-Type", "multipart/form-data; boundary=b0"}});
    }
};

BOOST_FIXTURE_TEST_CASE(an_uploaded_image_can_be_sent_by_its_app_only, uploads)
{
    auto const r =
        upload("images", part("name=\"image_type\"", "message") + part("name=\"image\"; filename=\"a.png\"", png(0)));
    auto const key = std::string(r.object().at("data").at("image_key").as_string());
    BOOST_TEST(r.body == R"({"code":0,"msg":"success","data":{"image_key":")" + key + "\"}}");
    BOOST_TEST(key.starts_with("img_v3_"));
    BOOST_TEST(send("user_id", "ada", "image", R"({"image_key":")" + key + "\"}").code() == 0);
    platform.edit([](sandbox::world& w) { w.find_app(unpublished_app)->published = true; });
    bearer = fetch(unpublished_app);
    BOOST_TEST(send("user_id", "ada", "image", R"({"image_key":")" + key + "\"}").code() == 230017);
}

BOOST_FIXTURE_TEST_CASE(part_order_and_file_names_are_free, uploads)
{
    auto const r = upload("files", part("name=\"file\"", "bytes\r\n--b1\r\n") +
                                       part("name=file_name", "\xe5\x8a\xa0.mp4") + part("name=\"file_type\"", "mp4"));
    auto const key = std::string(r.object().at("data").at("file_key").as_string());
    BOOST_TEST(send("user_id", "ada", "media", R"({"file_key":")" + key + "\"}").code() == 0);
    BOOST_TEST(send("user_id", "ada", "file", R"({"file_key":")" + key + "\"}").code() == 230055);
}

BOOST_FIXTURE_TEST_CASE(bad_uploads_are_refused, uploads)
{
    auto const type = part("name=\"image_type\"", "message");
    auto const image = [&](std::string const& bytes) { return upload("images", type + part("name=\"image\"", bytes)); };
    BOOST_TEST(without_error(upload("images", type)) == R"({"code":234001,"msg":"Invalid request param."})");
    BOOST_TEST(call("POST", "/open-apis/im/v1/images", "{}").code() == 234001);
    BOOST_TEST(image("").msg() == "File's size can't be 0.");
    BOOST_TEST(image("not an image").msg() == "Can't regonnize the image format.");
    BOOST_TEST(image(png(0x2f)).msg() == "Image resolution exceeds limit.");
    BOOST_TEST(image(png(0) + std::string(10 * 1024 * 1024, 'x')).msg() == "The file size exceed the max value.");
    platform.edit([](sandbox::world& w) { w.modes.check_image_format = false; });
    BOOST_TEST(image("not an image").code() == 0);
    bearer = fetch(unpublished_app);
    BOOST_TEST(image(png(0)).msg() == "App does not enable bot feature.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace im_after_test
