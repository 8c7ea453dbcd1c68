// Which base URLs are usable, and what becomes of them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/endpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace endpoint_test {

namespace {

using tidings::transport::endpoint;

} // namespace

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(a_base_url_is_taken_apart)
{
    struct
    {
        std::string_view url;
        bool tls;
        std::string_view host, port, authority, prefix;
    } const rows[] = {
        {"https://open.larksuite.com", true, "open.larksuite.com", "443", "open.larksuite.com", ""},
        {"https://open.larksuite.com/", true, "open.larksuite.com", "443", "open.larksuite.com", ""},
        {"http://localhost", false, "localhost", "80", "localhost", ""},
        {"http://localhost:8080", false, "localhost", "8080", "localhost:8080", ""},
        {"https://h:443/", true, "h", "443", "h:443", ""},
        {"https://h/a", true, "h", "443", "h", "/a"},
        {"https://h/a/", true, "h", "443", "h", "/a"},
        {"https://h/a/b///", true, "h", "443", "h", "/a/b"},
        {"https://h:1/lark%20proxy", true, "h", "1", "h:1", "/lark%20proxy"},
        {"http://127.0.0.1:65535", false, "127.0.0.1", "65535", "127.0.0.1:65535", ""},
        {"http://[::1]:8080/x", false, "::1", "8080", "[::1]:8080", "/x"},
        {"https://[2001:db8::7]", true, "2001:db8::7", "443", "[2001:db8::7]", ""},
        {"HTTPS://h", true, "h", "443", "h", ""},
        {"http://my_host-1.example", false, "my_host-1.example", "80", "my_host-1.example", ""},
        {"http://1and1.example", false, "1and1.example", "80", "1and1.example", ""},
        {"http://10.example.x0", false, "10.example.x0", "80", "10.example.x0", ""},
        {"http://[::ffff:127.0.0.1]", false, "::ffff:127.0.0.1", "80", "[::ffff:127.0.0.1]", ""},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.url)
        {
            auto const parsed = endpoint::parse(row.url);
            BOOST_REQUIRE(parsed.has_value());
            BOOST_TEST(parsed->tls() == row.tls);
            BOOST_TEST(parsed->host() == row.host);
            BOOST_TEST(parsed->port() == row.port);
            BOOST_TEST(parsed->authority() == row.authority);
            BOOST_TEST(parsed->prefix() == row.prefix);
        }
}

BOOST_AUTO_TEST_CASE(a_url_that_cannot_be_a_base_is_refused)
{
    struct
    {
        std::string_view url;
        std::string_view reason;
    } const rows[] = {
        {"", "is not a URL; write it as https://host"},
        {"open.larksuite.com", "is not a URL; write it as https://host"},
        {"//open.larksuite.com", "is not a URL; write it as https://host"},
        {"https://a b", "is not a URL; write it as https://host"},
        {"https://h\r\nX: y", "is not a URL; write it as https://host"},
        {"https://h/\n", "is not a URL; write it as https://host"},
        {"https://h:port", "has an unusable port"},
        {"https://[::1", "is not a URL; write it as https://host"},
        {"ftp://h", "starts with neither https:// nor http://"},
        {"file:///etc/passwd", "starts with neither https:// nor http://"},
        {"open.larksuite.com:443", "starts with neither https:// nor http://"},
        {"wss://h", "starts with neither https:// nor http://"},
        {"https://user@h", "has a user, a query or a fragment"},
        {"https://user:secret@h", "has a user, a query or a fragment"},
        {"https://h?x=1", "has a user, a query or a fragment"},
        {"https://h/#top", "has a user, a query or a fragment"},
        {"https://", "has no host"},
        {"https:///path", "has no host"},
        {"https:h", "has no host"},
        {"https://:443", "has no host"},
        {"https://[::1]8443/x", "has something behind its host that is neither a port nor a path"},
        {"https://open.feishu.cn%00.example.com", "has a host with %, or an address of an unknown kind"},
        {"https://a%2eb", "has a host with %"},
        {"https://[v1.abc]", "has a host with %, or an address of an unknown kind"},
        // What one reader takes for a name, and another for 127.0.0.1.
        {"http://2130706433", "has a host that may be taken for an IPv4 address"},
        {"http://2130706433:8080/x", "has a host that may be taken for an IPv4 address"},
        {"http://0x7f.1", "has a host that may be taken for an IPv4 address"},
        {"http://0x7f000001", "has a host that may be taken for an IPv4 address"},
        {"http://0X7F.0.0.1", "has a host that may be taken for an IPv4 address"},
        {"http://127.1", "has a host that may be taken for an IPv4 address"},
        {"http://127.0.1", "has a host that may be taken for an IPv4 address"},
        {"http://0177.0.0.1", "has a host that may be taken for an IPv4 address"},
        {"http://127.0.0.01", "has a host that may be taken for an IPv4 address"},
        {"http://127.0.0.256", "has a host that may be taken for an IPv4 address"},
        {"http://1.2.3.4.5", "has something behind its host"},
        {"http://0x", "has a host that may be taken for an IPv4 address"},
        {"http://example.1", "has a host that may be taken for an IPv4 address"},
        {"http://localhost.", "has a host with a dot at its end; leave the dot out"},
        {"http://127.0.0.1.", "has something behind its host"},
        {"http://a..b", "has a host with an empty part between its dots"},
        {"http://.a", "has a host with an empty part between its dots"},
        {"http://a,b", "has a host with characters that no host name has"},
        {"http://a!b", "has a host with characters that no host name has"},
        {"http://127.0.0.1%2eexample", "has something behind its host"},
        {"http://%31%32%37.0.0.1", "has a host with %"},
        {"http://[fe80::1%25eth0]", "is not a URL"},
        {"https://h:0", "has an unusable port"},
        {"https://h:65536", "has an unusable port"},
        {"https://h:99999", "has an unusable port"},
        {"https://h:1000080", "has an unusable port"},
        {"https://h:99999999999", "has an unusable port"},
        {"https://h:", "has an unusable port"},
    };
    for (auto const& row : rows)
    {
        auto const parsed = endpoint::parse(row.url);
        BOOST_TEST(parsed.has_error(), row.url);
        if (!parsed.has_error())
            continue;
        BOOST_TEST((parsed.error() == tidings::errc::invalid_argument));
        auto const message = parsed.error().message();
        BOOST_TEST(message.find("the base URL " + std::string(row.reason)) != message.npos, row.url << ": " << message);
        BOOST_TEST(message.find("secret") == message.npos);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_is_told_the_port_in_any_case)
{
    struct
    {
        std::string_view url, named;
    } const rows[] = {{"https://h", "h:443"},
                      {"http://h/x", "h:80"},
                      {"https://h:443", "h:443"},
                      {"http://[::1]:8080", "[::1]:8080"},
                      {"https://[::443]", "[::443]:443"}};
    for (auto const& row : rows)
        BOOST_TEST(endpoint::parse(row.url).value().host_and_port() == row.named);
}

BOOST_AUTO_TEST_CASE(the_lines_that_every_request_has_name_host_and_port)
{
    auto const parsed = endpoint::parse("http://[::1]:8080/x");
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(parsed->fixed_headers() == "Host: [::1]:8080\r\nUser-Agent: tidings/" TIDINGS_VERSION_STRING
                                          "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace endpoint_test
