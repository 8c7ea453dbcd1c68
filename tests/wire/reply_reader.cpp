// Replies out of bytes, however they are cut.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/detail/reply_reader.hpp>

#include <boost/beast/http/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>

namespace reply_reader_test {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using tidings::transport::detail::reply_reader;

// Feeds `bytes` in pieces of at most `piece`, as a connection would, until the reply is complete or wrong.
class feeder
{
public:
    feeder() { reader.reset(); }

    // Whether the reply is complete.
    bool put(std::string_view bytes, std::size_t piece)
    {
        while (!bytes.empty())
        {
            auto const space = reader.space();
            BOOST_REQUIRE(space.size() != 0u);
            auto const size = std::min({piece, bytes.size(), space.size()});
            std::memcpy(space.data(), bytes.data(), size);
            bytes.remove_prefix(size);
            if (reader.feed(size, ec))
            {
                unread = bytes.size();
                return true;
            }
            if (ec)
                return false;
        }
        return false;
    }
    bool end() { return reader.feed_end(ec); }

    reply_reader reader;
    error_code ec;
    std::size_t unread = 0;
};

constexpr std::size_t pieces[] = {1, 2, 3, 7, 16, 100, 100'000};

} // namespace

BOOST_AUTO_TEST_SUITE(reply_reading)

BOOST_AUTO_TEST_CASE(readers_that_share_room_have_none_while_they_wait_and_leave_nothing_of_a_reply_in_it)
{
    tidings::transport::detail::reply_buffers buffers;
    auto const read_one = [&buffers](std::string_view reply) {
        auto reader = std::make_unique<reply_reader>();
        reader->use_buffers(buffers);
        reader->reset();
        BOOST_TEST(reader->capacity() == 0u);
        auto const space = reader->space();
        std::string const before(static_cast<char const*>(space.data()), space.size());
        BOOST_TEST(before.find_first_not_of('\0') == before.npos);
        std::copy(reply.begin(), reply.end(), static_cast<char*>(space.data()));
        error_code ec;
        BOOST_TEST(reader->feed(reply.size(), ec));
        BOOST_TEST(reader->reply().body() == "hello");
        auto const* const where = space.data();
        reader->release_buffer();
        return where;
    };
    constexpr std::string_view reply = "HTTP/1.1 200 OK\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello";
    auto const* const first = read_one(reply);
    BOOST_TEST(read_one(reply) == first); // the same memory
}

BOOST_AUTO_TEST_CASE(changed_replies_mean_the_same_to_the_quick_reader_and_to_the_parser)
{
    // A reply that arrives at once may be read in one pass; one whose first byte comes alone is the parser's.
    auto const meaning = [](std::string_view bytes, std::size_t first) {
        feeder out;
        bool complete = out.put(bytes.substr(0, first), first);
        auto const rest = bytes.substr(std::min(first, bytes.size()));
        if (!complete && !out.ec && !rest.empty())
            complete = out.put(rest, rest.size());
        if (!complete && !out.ec)
            complete = out.end();
        if (!complete)
            return std::string("no reply");
        auto const reply = out.reader.reply();
        auto text = std::to_string(reply.status()) + '\n' + std::string(reply.body()) + '\n';
        for (auto const* const name : {"X-Tt-Logid", "Content-Length", "Connection", "Date", "Server"})
            (text += reply.header(name)) += '\n';
        return text + (out.reader.reusable() ? "reusable" : "");
    };
    constexpr std::string_view originals[] = {
        "HTTP/1.1 200 OK\r\nServer: Tengine\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 27\r\n"
        "Connection: keep-alive\r\nDate: Mon, 30 Nov 2026 12:00:00 GMT\r\nX-Tt-Logid: 2026\r\n"
        "Keep-Alive: timeout=60\r\n\r\n{\"code\":0,\"msg\":\"success\"}",
        "HTTP/1.1 429 Too Many Requests\r\ncontent-length:2\r\nx-ogw-ratelimit-reset: 1\r\n\r\n{}",
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"};
    constexpr std::string_view pieces_of_replies[] = {"\r\n",
                                                      "\n",
                                                      "\r",
                                                      ":",
                                                      " ",
                                                      "\t",
                                                      "Content-Length: 27\r\n",
                                                      "content-length: 2\r\n",
                                                      "Connection: close\r\n",
                                                      "Connection: Keep-Alive\r\n",
                                                      "Upgrade: h2c\r\n",
                                                      "Proxy-Connection: close\r\n",
                                                      "Transfer-Encoding: chunked\r\n",
                                                      "HTTP/1.1",
                                                      "HTTP/1.0",
                                                      "100",
                                                      "204",
                                                      "304",
                                                      "0",
                                                      "9",
                                                      "-",
                                                      "_",
                                                      "(",
                                                      "X:\r\n",
                                                      " folded\r\n"};
    std::mt19937 random(1);
    auto const below = [&random](std::size_t n) { return random() % n; };
    constexpr int rounds = 5'000; // the fuzz target goes on from here
    for (int round = 0; round != rounds; ++round)
    {
        std::string text(originals[below(std::size(originals))]);
        for (auto changes = below(4); changes != 0; --changes)
        {
            auto const at = below(text.size() + 1);
            switch (below(5))
            {
            case 0: text.insert(at, pieces_of_replies[below(std::size(pieces_of_replies))]); break;
            case 1: text.erase(at, 1 + below(8)); break;
            case 2:
                if (at != text.size())
                    text[at] = static_cast<char>(below(256));
                break;
            case 3: text.insert(at, 1, static_cast<char>(below(256))); break;
            default:
                // A line of its own.
                if (auto const end = text.find("\r\n", at); end != text.npos)
                    text.insert(end + 2, pieces_of_replies[below(std::size(pieces_of_replies))]);
            }
        }
        auto const at_once = meaning(text, text.size());
        auto const by_parser = meaning(text, 1);
        BOOST_TEST_REQUIRE(at_once == by_parser, text);
    }
}

BOOST_AUTO_TEST_CASE(what_a_read_that_failed_has_put_into_shared_room_is_wiped_too)
{
    tidings::transport::detail::reply_buffers buffers;
    auto const room_of = [&buffers](reply_reader& reader) {
        reader.use_buffers(buffers);
        reader.reset();
        auto const space = reader.space();
        return std::string_view(static_cast<char const*>(space.data()), space.size());
    };
    constexpr std::string_view half = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{";
    constexpr std::string_view secret = "\"tenant_access_token\":\"t-secret\"";
    char const* first = nullptr;
    {
        reply_reader reader;
        first = room_of(reader).data();
        error_code ec;
        std::copy(half.begin(), half.end(), static_cast<char*>(reader.space().data()));
        BOOST_TEST(!reader.feed(half.size(), ec));
        // A read that ends with an error says that there are no bytes.
        std::copy(secret.begin(), secret.end(), static_cast<char*>(reader.space().data()));
        reader.release_buffer();
    }
    reply_reader next;
    auto const room = room_of(next);
    BOOST_TEST(room.data() == first); // the same memory
    BOOST_TEST(room.find_first_not_of('\0') == room.npos);
    next.release_buffer();
}

BOOST_AUTO_TEST_CASE(no_two_readers_have_the_same_room_and_giving_it_up_twice_is_giving_it_up_once)
{
    tidings::transport::detail::reply_buffers buffers;
    reply_reader readers[3];
    for (auto& reader : readers)
        reader.use_buffers(buffers);
    auto const where = [](reply_reader& reader) {
        reader.reset();
        return reader.space().data();
    };
    auto const* const first = where(readers[0]);
    readers[0].release_buffer();
    readers[0].release_buffer();
    readers[0].reset();
    BOOST_TEST(where(readers[1]) == first);
    BOOST_TEST(where(readers[2]) != first);
    BOOST_TEST(where(readers[0]) != first);
    BOOST_TEST(where(readers[0]) != readers[2].space().data());
}

BOOST_AUTO_TEST_CASE(a_reply_is_read_whole_and_in_pieces_of_every_size)
{
    struct
    {
        std::string_view bytes;
        unsigned status;
        std::string_view body;
        bool reusable;
    } const rows[] = {
        {"HTTP/1.1 200 OK\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Tt-Logid: L\r\n\r\n", 200, "", true},
        {"HTTP/1.1 204 No Content\r\nX-Tt-Logid: L\r\n\r\n", 204, "", true},
        {"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\nX-Tt-Logid:L\r\n\r\n{}", 429, "{}", true},
        {"HTTP/1.1 404 \r\nX-Tt-Logid: L\r\nContent-Length: 4\r\n\r\nnone", 404, "none", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Tt-Logid: L\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 200,
         "hello", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Tt-Logid: L\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: "
         "x\r\n\r\n",
         200, "hello", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Tt-Logid: L\r\n\r\n0\r\n\r\n", 200, "", true},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello", 200,
         "hello", true},
        {"HTTP/1.1 100 Continue\r\nX-Tt-Logid: wrong\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
         "HTTP/1.1 500 X\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello",
         500, "hello", true},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello", 200, "hello",
         false},
        {"HTTP/1.0 200 OK\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nX-Tt-Logid: L\r\nContent-Length: 5\r\n\r\nhello", 200, "hello",
         true},
        {"HTTP/1.1 200 OK\r\nX-Tt-Logid: L\r\nContent-Length: 12\r\n\r\nA: b\r\n\r\nC: d", 200, "A: b\r\n\r\nC: d",
         true},
    };
    for (auto const& row : rows)
        for (auto const piece : pieces)
            BOOST_TEST_CONTEXT("in pieces of " << piece << ": " << row.bytes)
            {
                feeder f;
                BOOST_TEST(!f.reader.started());
                BOOST_TEST(f.put(row.bytes, piece));
                BOOST_TEST(!f.ec.failed(), f.ec.message());
                BOOST_TEST(f.unread == 0u); // complete with the last byte, not before
                BOOST_TEST(f.reader.started());
                auto const got = f.reader.reply();
                BOOST_TEST(got.status() == row.status);
                BOOST_TEST(got.body() == row.body);
                BOOST_TEST(got.header("x-tt-logid") == "L");
                BOOST_TEST(got.header("C") == "");
                BOOST_TEST(got.header("Trailer") == "");
                BOOST_TEST(f.reader.reusable() == row.reusable);
            }
}

BOOST_AUTO_TEST_CASE(a_body_without_a_length_ends_with_the_connection)
{
    for (auto const piece : pieces)
    {
        feeder f;
        BOOST_TEST(!f.put("HTTP/1.1 200 OK\r\nX-Tt-Logid: L\r\n\r\nhello", piece));
        BOOST_TEST(!f.ec.failed());
        BOOST_TEST(!f.reader.reusable());
        BOOST_TEST(f.end());
        BOOST_TEST(!f.ec.failed());
        BOOST_TEST(f.reader.reply().body() == "hello");
        BOOST_TEST(f.reader.reply().header("X-Tt-Logid") == "L");
        BOOST_TEST(!f.reader.reusable());
    }
}

BOOST_AUTO_TEST_CASE(a_reply_cut_anywhere_is_no_reply)
{
    for (std::string_view const whole :
         {"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"})
        for (std::size_t size = 0; size != whole.size(); ++size)
            for (auto const piece : {std::size_t{1}, whole.size()})
            {
                feeder f;
                BOOST_TEST(!f.put(whole.substr(0, size), piece));
                BOOST_TEST(!f.ec.failed());
                BOOST_TEST(!f.reader.reusable());
                BOOST_TEST(!f.end(), "complete after " << size << " bytes");
                BOOST_TEST(f.ec == (size == 0 ? make_error_code(http::error::end_of_stream)
                                              : make_error_code(http::error::partial_message)));
            }
}

BOOST_AUTO_TEST_CASE(an_interim_reply_alone_is_no_reply)
{
    for (auto const piece : pieces)
    {
        feeder f;
        BOOST_TEST(!f.put("HTTP/1.1 100 Continue\r\n\r\n", piece));
        BOOST_TEST(!f.ec.failed());
        BOOST_TEST(!f.reader.reusable());
        BOOST_TEST(!f.end(), "taken for a reply with status " << f.reader.reply().status());
        BOOST_TEST(f.ec.failed());
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_refused)
{
    for (std::string_view const bad :
         {"garbage\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
          "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "\x16\x03\x01\x02TLS",
          "GET / HTTP/1.1\r\n\r\n"})
        for (auto const piece : pieces)
        {
            feeder f;
            BOOST_TEST(!f.put(bad, piece), bad);
            // What is too short to be judged is refused when the connection ends.
            BOOST_TEST((f.ec.failed() || !f.end()));
            BOOST_TEST(f.ec.failed(), "no fault in pieces of " << piece << ": " << bad);
            BOOST_TEST(!f.reader.reusable());
        }
}

BOOST_AUTO_TEST_CASE(a_head_over_the_limit_is_refused_and_a_large_one_below_is_read)
{
    auto const with_header_of = [](std::size_t size) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: " + std::string(size, 'a') + "\r\nX-Tt-Logid: L\r\n\r\n{}";
    };
    for (auto const piece : {std::size_t{1}, std::size_t{1000}, std::size_t{100'000}})
    {
        feeder large;
        BOOST_TEST(large.put(with_header_of(4000), piece));
        BOOST_TEST(large.reader.reply().header("X-Tt-Logid") == "L");
        BOOST_TEST(large.reader.reply().header("A").size() == 4000u);
        for (auto const size : {17'000u, 40'000u, 200'000u})
        {
            feeder f;
            BOOST_TEST(!f.put(with_header_of(size), piece));
            BOOST_TEST(f.ec.failed());
        }
    }
    // Many small ones, and interim replies without end.
    std::string many = "HTTP/1.1 200 OK\r\n";
    std::string interim;
    for (int i = 0; i != 5000; ++i)
    {
        many += "A: b\r\n";
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    feeder f;
    BOOST_TEST(!f.put(many + "\r\n", 1000));
    BOOST_TEST(f.ec.failed());
    feeder g;
    BOOST_TEST(!g.put(interim, 1000));
    BOOST_TEST(g.ec.failed());
}

BOOST_AUTO_TEST_CASE(a_body_of_up_to_a_mebibyte_is_read_and_a_larger_one_refused)
{
    constexpr std::size_t max_size = 1024 * 1024;
    std::string const body(max_size, 'b');
    std::string const length = "HTTP/1.1 200 OK\r\nX-Tt-Logid: L\r\nContent-Length: ";
    for (auto const piece : {std::size_t{999}, std::size_t{16'384}, std::size_t{100'000}})
    {
        feeder fits;
        BOOST_TEST(fits.put(length + std::to_string(max_size) + "\r\n\r\n" + body, piece));
        BOOST_TEST((fits.reader.reply().body() == body));
        BOOST_TEST(fits.reader.reply().header("X-Tt-Logid") == "L"); // the head is kept however much follows
        BOOST_TEST(fits.reader.reusable());

        feeder over;
        BOOST_TEST(!over.put(length + std::to_string(max_size + 1) + "\r\n\r\n" + body + "b", piece));
        BOOST_TEST(over.ec == make_error_code(http::error::body_limit));

        std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (int i = 0; i != 17; ++i)
            chunks += "10000\r\n" + std::string(0x10000, 'c') + "\r\n";
        feeder chunked;
        BOOST_TEST(!chunked.put(chunks + "0\r\n\r\n", piece));
        BOOST_TEST(chunked.ec == make_error_code(http::error::body_limit));

        feeder endless;
        BOOST_TEST(!endless.put("HTTP/1.1 200 OK\r\n\r\n" + body + "b", piece));
        BOOST_TEST(endless.ec == make_error_code(http::error::body_limit));
    }
}

BOOST_AUTO_TEST_CASE(bytes_behind_a_reply_make_the_connection_useless)
{
    feeder f;
    BOOST_TEST(f.put("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n", 100'000));
    BOOST_TEST(f.reader.reply().body() == "{}");
    BOOST_TEST(!f.reader.reusable());
}

BOOST_AUTO_TEST_CASE(bytes_behind_a_reply_are_the_next_readers)
{
    std::string const replies[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[0]",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n7\r\n0\r\n\r\n",
    };
    constexpr std::string_view bodies[] = {"{}", "[0]", "7"};
    for (std::size_t first = 0; first != 3; ++first)
        for (std::size_t second = 0; second != 3; ++second)
        {
            auto const behind = replies[second] + "HTTP/1.1 2";
            auto const bytes = replies[first] + behind;
            for (std::size_t known = replies[first].size(); known <= bytes.size(); ++known)
            {
                feeder one;
                BOOST_TEST(one.put(bytes.substr(0, known), known));
                auto rest = one.reader.take_rest();
                BOOST_TEST(rest == behind.substr(0, known - replies[first].size()));
                BOOST_TEST(one.reader.reusable());
                BOOST_TEST(one.reader.keeps_alive());

                feeder other;
                bool const is_complete = other.reader.feed_from(rest, other.ec);
                BOOST_TEST(!other.ec);
                BOOST_TEST(is_complete == (known >= replies[first].size() + replies[second].size()));
                if (!is_complete)
                {
                    BOOST_TEST(rest.empty());
                    rest = std::string_view(bytes).substr(known);
                    BOOST_TEST(other.reader.feed_from(rest, other.ec));
                    BOOST_TEST(rest == "HTTP/1.1 2");
                }
                BOOST_TEST(other.reader.reply().body() == bodies[second]);
                BOOST_TEST(one.reader.reply().body() == bodies[first]);
                BOOST_TEST(other.reader.reusable());
            }
        }
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_reset_keeps_nothing)
{
    feeder f;
    for (int round = 0; round != 3; ++round)
    {
        f.reader.reset();
        BOOST_TEST(!f.reader.started());
        BOOST_TEST(!f.reader.reusable());
        BOOST_TEST(f.put("HTTP/1.1 500 X\r\nFirst: 1\r\nContent-Length: 5\r\n\r\nfirst", 3));
        f.reader.reset();
        BOOST_TEST(f.put("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 100));
        BOOST_TEST(f.reader.reply().status() == 200u);
        BOOST_TEST(f.reader.reply().body() == "{}");
        BOOST_TEST(f.reader.reply().header("First") == "");
        BOOST_TEST(f.reader.reusable());
        // Also after a fault.
        f.reader.reset();
        BOOST_TEST(!f.put("garbage\r\n\r\n", 100));
        f.ec = {};
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace reply_reader_test
