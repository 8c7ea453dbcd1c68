// Uploads of WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

namespace wecom_media_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_media)

struct uploads : wecom_talk
{
    using wecom_talk::wecom_talk;

    reply upload(std::string const& type, std::string const& body, headers const& h = multipart_type)
    {
        return call("POST", "/cgi-bin/media/upload", "&type=" + type, body, h);
    }
    std::string media_id(std::string const& type, std::string const& bytes)
    {
        return member(upload(type, multipart(bytes)), "media_id");
    }
};

std::string const amr = "#!AMR\n";
// 20 ms at 12.2 kbit/s.
std::string const frame = std::string(1, '\x3c') + std::string(31, '\0');

std::string recording(int frames)
{
    std::string out = amr;
    for (int i = 0; i < frames; ++i)
        out += frame;
    return out;
}

BOOST_AUTO_TEST_CASE(an_upload_is_answered_with_an_empty_errmsg_and_seconds_as_text)
{
    using namespace std::chrono;
    uploads t(good_secret, still().starts_at(sys_seconds(1380000000s)));
    auto const r = t.upload("image", multipart(png));
    BOOST_TEST(r.body == R"({"errcode":0,"errmsg":"","type":"image","media_id":")" + member(r, "media_id") +
                             R"(","created_at":"1380000000"})");
}

BOOST_AUTO_TEST_CASE(every_kind_of_media_can_be_sent_as_what_it_is)
{
    uploads t;
    std::pair<std::string, std::string> const kinds[]{{"image", png},
                                                      {"image", "\xff\xd8\xff and more"},
                                                      {"voice", recording(3)},
                                                      {"video", std::string("\0\0\0\x18", 4) + "ftypmp42"},
                                                      {"file", "anything"}};
    for (auto const& [type, bytes] : kinds)
    {
        auto const content = R"({"media_id":")" + t.media_id(type, bytes) + "\"}";
        BOOST_TEST(errcode(t.send("ada", type, content)) == 0, type);
        BOOST_TEST(errcode(t.send("ada", type == "file" ? "image" : "file", content)) == 40007);
    }
}

BOOST_AUTO_TEST_CASE(media_lasts_three_days_and_is_shared_by_the_apps_of_the_organisation)
{
    uploads t;
    auto const id = t.media_id("file", "anything");
    t.platform.advance(72h - 1s);
    t.token = t.fetch(bob_only_secret);
    auto const send = [&] {
        return errcode(t.post(send_path, R"({"touser":"bob","msgtype":"file","agentid":1000003,"file":{"media_id":")" +
                                             id + "\"}}"));
    };
    BOOST_TEST(send() == 0);
    t.platform.advance(1s);
    BOOST_TEST(send() == 40007);
}

BOOST_AUTO_TEST_CASE(a_form_is_read_in_any_of_its_forms)
{
    uploads t;
    BOOST_TEST(errcode(t.upload("file", multipart("anything", "name=media; filename=a.txt"))) == 0);
    BOOST_TEST(errcode(t.upload("file", multipart("anything"),
                                {{"Content-Type", "multipart/form-data; boundary=\"frontier\"; charset=utf-8"}})) == 0);
    auto const two = "--frontier\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\nx\r\n" + multipart("anything");
    BOOST_TEST(errcode(t.upload("file", two)) == 0);
}

BOOST_AUTO_TEST_CASE(an_upload_without_usable_media_is_44001)
{
    uploads t;
    for (auto const& body : {std::string(), multipart(""), multipart("12345"), multipart("anything", R"(name="media")"),
                             std::string("--frontier\r\nx")})
    {
        auto const r = t.upload("file", body);
        BOOST_TEST(errcode(r) == 44001, body);
        BOOST_TEST(errmsg(r) == "empty media data");
    }
    BOOST_TEST(errcode(t.upload("file", multipart("anything"), {})) == 44001);
    BOOST_TEST(errcode(t.upload("file", multipart("123456"))) == 0);
}

BOOST_AUTO_TEST_CASE(the_part_may_have_any_name_unless_switched)
{
    uploads t;
    auto const other = multipart("anything", R"(name="picture"; filename="picture")");
    BOOST_TEST(errcode(t.upload("file", other)) == 0);
    t.with_world([](sandbox::wecom_world& w) { w.modes.any_upload_part = false; });
    BOOST_TEST(errcode(t.upload("file", other)) == 44001);
    BOOST_TEST(errcode(t.upload("file", multipart("anything"))) == 0);
}

BOOST_AUTO_TEST_CASE(media_has_a_size_by_its_type)
{
    uploads t;
    t.with_world([](sandbox::wecom_world& w) { w.modes.check_media_format = false; });
    for (auto const& [type, megabytes] : {std::pair("image", 10u), {"voice", 2u}, {"video", 10u}, {"file", 20u}})
    {
        auto const largest_file = std::string(megabytes * 1024u * 1024u, 'x');
        BOOST_TEST(errcode(t.upload(type, multipart(largest_file))) == 0, type);
        BOOST_TEST(errcode(t.upload(type, multipart(largest_file + "x"))) == 45001, type);
    }
    t.with_world([](sandbox::wecom_world& w) { w.modes.image_megabytes = 5; });
    BOOST_TEST(errcode(t.upload("image", multipart(std::string(5u * 1024u * 1024u + 1, 'x')))) == 45001);
}

BOOST_AUTO_TEST_CASE(a_recording_lasts_a_minute_at_most)
{
    uploads t;
    BOOST_TEST(errcode(t.upload("voice", multipart(recording(3000)))) == 0);
    BOOST_TEST(errcode(t.upload("voice", multipart(recording(3001)))) == 45007);
}

BOOST_AUTO_TEST_CASE(media_must_be_what_it_claims_unless_switched)
{
    uploads t;
    for (auto const* type : {"image", "voice", "video"})
        BOOST_TEST(errcode(t.upload(type, multipart("anything"))) == 40005, type);
    t.with_world([](sandbox::wecom_world& w) { w.modes.check_media_format = false; });
    BOOST_TEST(errcode(t.upload("image", multipart("anything"))) == 0);
    for (auto const* type : {"", "sound"})
        BOOST_TEST(errcode(t.upload(type, multipart("anything"))) == 40035);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_media_test
