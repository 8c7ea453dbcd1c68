// Uploads, byte by byte.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/multipart.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace multipart_test {

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(parts_stand_between_boundaries_that_do_not_stand_in_them)
{
    tidings::wire::request out("", "Host: h\r\n");
    out.start("POST", "/upload");
    std::string const bytes("a\0--tidings-boundary-0", 22);
    tidings::wire::multipart_writer parts(out, bytes);
    parts.field("type", "image").file("media", "a\"b\r\nc.png", bytes).close();
    std::string const whole(out.finish());
    std::string const body = "--tidings-boundary-1\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage\r\n"
                             "--tidings-boundary-1\r\nContent-Disposition: form-data; name=\"media\"; "
                             "filename=\"a%22bc.png\"\r\nContent-Type: application/octet-stream\r\n\r\n" +
                             bytes + "\r\n--tidings-boundary-1--\r\n";
    BOOST_TEST(out.body_text() == body);
    BOOST_TEST(whole.find("Content-Type: multipart/form-data; boundary=tidings-boundary-1\r\n") != whole.npos);
    BOOST_TEST(whole.find("Content-Length: " + std::to_string(body.size()) + "\r\n") != whole.npos);
    BOOST_TEST(whole.ends_with(body));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace multipart_test
