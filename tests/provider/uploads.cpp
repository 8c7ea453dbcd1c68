// Uploads of images and files: what is written, and what is made of the answers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/wecom.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace uploads_test {

namespace {

namespace td = tidings;
using td::errc;
using test::contains;
using test::kind;
using test::said;
using test::sent;

td::image const picture("\x89PNG\r\n\x1a\n", "a.png");
td::file const report("r.pdf", "%PDF-");

td::providers::lark::upload_attachment to_lark(td::attachment const& what)
{
    return {test::lark_app(), what};
}
td::providers::dingtalk::upload_media to_dingtalk(td::attachment const& what)
{
    return {td::providers::dingtalk::application("dingkey", "dingrobot", 123), what};
}
td::providers::wecom::upload_media to_wecom(td::attachment const& what)
{
    return {td::providers::wecom::application("ww1", 1000002), what};
}

void check_media(sent const& request, std::string_view line, td::attachment const& what)
{
    BOOST_TEST(request.line == line);
    BOOST_TEST(contains(request.header("Content-Type"), "multipart/form-data; boundary="));
    BOOST_TEST(contains(request.body, "name=\"media\"; filename=\"" + what.file_name() + "\""));
    BOOST_TEST(contains(request.body, "\r\n\r\n" + what.bytes() + "\r\n"));
}

// A success brings the key; one without is none; a refusal is explained.
template<class Operation>
void check_answers(Operation op, std::string_view good, std::string_view without, std::string_view bad, errc why)
{
    BOOST_TEST(kind(op.decode(said(200, good).view())) == "success");
    BOOST_TEST(op.key() == "key-1");
    auto const none = test::refused(op, said(200, without));
    BOOST_TEST(kind(none) == kind(errc::protocol_error));
    BOOST_TEST(kind(test::refused(op, said(200, bad))) == kind(why));
}

} // namespace

BOOST_AUTO_TEST_SUITE(uploads)

BOOST_AUTO_TEST_CASE(dingtalk_and_wecom_take_the_bytes_as_media_and_their_kind_in_the_query)
{
    check_media(sent(to_dingtalk(picture)), "POST /media/upload?access_token=t-1&type=image HTTP/1.1", picture);
    check_media(sent(to_dingtalk(report)), "POST /media/upload?access_token=t-1&type=file HTTP/1.1", report);
    check_media(sent(to_wecom(picture)), "POST /cgi-bin/media/upload?access_token=t-1&type=image HTTP/1.1", picture);
    check_media(sent(to_wecom(report)), "POST /cgi-bin/media/upload?access_token=t-1&type=file HTTP/1.1", report);
    BOOST_TEST(to_dingtalk(picture).host() == 1u);
    BOOST_TEST(to_wecom(picture).host() == 0u);
}

BOOST_AUTO_TEST_CASE(lark_takes_images_and_files_at_two_addresses)
{
    auto const image = sent(to_lark(picture));
    BOOST_TEST(image.line == "POST /open-apis/im/v1/images HTTP/1.1");
    BOOST_TEST(contains(image.body, "name=\"image_type\"\r\n\r\nmessage\r\n"));
    auto const file = sent(to_lark(report));
    BOOST_TEST(file.line == "POST /open-apis/im/v1/files HTTP/1.1");
    BOOST_TEST(contains(file.body, "name=\"file_type\"\r\n\r\npdf\r\n"));
    BOOST_TEST(contains(file.body, "name=\"file_name\"\r\n\r\nr.pdf\r\n"));
}

BOOST_AUTO_TEST_CASE(the_key_is_taken_from_a_success_and_a_success_without_one_is_none)
{
    check_answers(to_lark(picture), R"({"code":0,"data":{"image_key":"key-1"}})",
                  R"({"code":0,"data":{"file_key":"key-1"}})", R"({"code":234011,"msg":"x"})", errc::message_invalid);
    check_answers(to_lark(report), R"({"code":0,"data":{"file_key":"key-1"}})",
                  R"({"code":0,"data":{"image_key":"key-1"}})", R"({"code":234006,"msg":"x"})", errc::message_too_long);
    check_answers(to_dingtalk(report), R"({"errcode":0,"media_id":"key-1"})", R"({"errcode":0})",
                  R"({"errcode":40014,"errmsg":"x"})", errc::token_rejected);
    check_answers(to_wecom(report), R"({"errcode":0,"media_id":"key-1"})", R"({"errcode":0,"media_id":""})",
                  R"({"errcode":40014,"errmsg":"x"})", errc::token_rejected);
    // WeCom leaves the code out when it succeeds, at times.
    auto op = to_wecom(picture);
    BOOST_TEST(kind(op.decode(said(200, R"({"media_id":"key-1"})").view())) == "success");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace uploads_test
