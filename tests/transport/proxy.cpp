// Proxies: which URLs name one, for which hosts the environment names one, and what its answers mean.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/transport/proxy.hpp>

#include <tidings/transport/detail/proxy_address.hpp>
#include <tidings/transport/detail/proxy_answer.hpp>
#include <tidings/transport/detail/proxy_rules.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace proxy_test {

namespace {

using tidings::errc;
using tidings::secret;
using tidings::transport::endpoint;
using tidings::transport::proxy;
using tidings::transport::detail::proxy_address;
using tidings::transport::detail::proxy_answer;
using tidings::transport::detail::proxy_variables;

endpoint to(std::string_view url)
{
    auto const where = endpoint::parse(url);
    BOOST_REQUIRE(where.has_value());
    return *where;
}

proxy_address address(proxy const& given)
{
    auto const parsed = proxy_address::parse(given);
    BOOST_REQUIRE(parsed.has_value());
    return *parsed;
}

// Base64 of "ada:secret".
constexpr std::string_view encoded = "YWRhOnNlY3JldA==";

struct reading
{
    bool complete = false;
    boost::beast::error_code ec;
};

// Feeds a text in pieces of `step` bytes.
reading feed(proxy_answer& answer, std::string_view text, std::size_t step)
{
    reading out;
    while (!text.empty() && !out.complete && !out.ec)
    {
        auto const space = answer.space();
        BOOST_REQUIRE(space.size() != 0u);
        auto const n = std::min({step, text.size(), space.size()});
        std::memcpy(space.data(), text.data(), n);
        text.remove_prefix(n);
        out.complete = answer.feed(n, out.ec);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxies)

BOOST_AUTO_TEST_CASE(a_proxy_is_taken_apart)
{
    struct
    {
        std::string_view url;
        std::string_view host, port, name, credentials;
    } const rows[] = {
        {"http://proxy:3128", "proxy", "3128", "proxy:3128", ""},
        {"http://proxy:3128/", "proxy", "3128", "proxy:3128", ""},
        {"HTTP://proxy:80", "proxy", "80", "proxy:80", ""},
        {"proxy.example.com:8080", "proxy.example.com", "8080", "proxy.example.com:8080", ""},
        {"127.0.0.1:8888", "127.0.0.1", "8888", "127.0.0.1:8888", ""},
        {"http://[::1]:3128", "::1", "3128", "[::1]:3128", ""},
        {"http://ada:secret@proxy:3128", "proxy", "3128", "proxy:3128", encoded},
        {"ada:secret@proxy:3128", "proxy", "3128", "proxy:3128", encoded},
        {"http://%61da:s%65cret@proxy:3128", "proxy", "3128", "proxy:3128", encoded},
        {"http://ada@proxy:3128", "proxy", "3128", "proxy:3128", "YWRhOg=="}, // "ada:"
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.url)
        {
            auto const parsed = proxy_address::parse(proxy(row.url));
            BOOST_REQUIRE(parsed.has_value());
            BOOST_TEST(parsed->host() == row.host);
            BOOST_TEST(parsed->port() == row.port);
            BOOST_TEST(parsed->name() == row.name);
            BOOST_TEST(parsed->credentials().reveal() == row.credentials);
        }
    BOOST_TEST(address(proxy("http://proxy:3128", "ada", secret("secret"))).credentials().reveal() == encoded);
    // Not encoded: a password may have anything in it.
    BOOST_TEST(address(proxy("proxy:3128", "a@b", secret("p:%41/"))).credentials().reveal() == "YUBiOnA6JTQxLw==");
}

BOOST_AUTO_TEST_CASE(what_is_no_proxy_is_refused_without_being_repeated)
{
    struct
    {
        proxy given;
        std::string_view expected;
    } const rows[] = {
        {"", "has no host"},
        {"http://", "has no host"},
        {"http://a b:1", "is not a URL"},
        {"http://hunter2:hunter2@pro xy:1", "is not a URL"},
        {"proxy", "has no usable port; write it as http://host:port"},
        {"http://proxy", "has no usable port; write it as http://host:port"},
        {"http://ada:hunt@hunter2@proxy:3128", "has an @ in its user name or password; write it as %40"},
        {"ada:hunt@hunter2@proxy:3128", "has an @ in its user name or password; write it as %40"},
        {"http://ada@example.com:hunter2@proxy:3128", "has an @ in its user name or password; write it as %40"},
        {"http://ada:hunter2/1@proxy:3128", "has a /, ? or # in its user name or password; write them as %2F, %3F"},
        {"http://ada:hunter2#1@proxy:3128", "has a /, ? or # in its user name or password"},
        {"http://ada:hunter2%zz@proxy:3128",
         "is not a URL; write it as http://user:password@host:port, with everything"},
        {"http://ada:hunter2 x@proxy:3128",
         "is not a URL; write it as http://user:password@host:port, with everything"},
        {"http://127.1:3128", "has a host that may be taken for an IPv4 address"},
        {"http://2130706433:3128", "has a host that may be taken for an IPv4 address"},
        {"http://proxy.:3128", "has a host with a dot at its end"},
        {"http://pro,xy:3128", "has a host with characters that no host name has"},
        {"http://proxy:0", "has no usable port"},
        {"http://proxy:99999", "has no usable port"},
        {"http://:3128", "has no host"},
        {"http://pro%00xy:3128", "has a host with %"},
        {"https://ada:hunter2@proxy:3128", "starts with https://; only proxies that are spoken to without TLS"},
        {"socks5://ada:hunter2@proxy:1080", "is not an HTTP proxy; its URL starts with http://"},
        {"http://ada:hunter2@proxy:3128/path", "has a path, a query or a fragment"},
        {"http://ada:hunter2@proxy:3128?x", "has a path, a query or a fragment"},
        {"http://ada:hunter2@proxy:3128#x", "has a path, a query or a fragment"},
        {"http://:hunter2@proxy:3128", "has a user name that is empty or has a colon in it"},
        {"http://a%3Ab:hunter2@proxy:3128", "has a user name that is empty or has a colon in it"},
        {"http://ada:hunter2%0d%0aX:%20y@proxy:3128", "has control characters in its user name or password"},
        {"http://ada%00:hunter2@proxy:3128", "has control characters in its user name or password"},
        {proxy("http://ada:hunter2@proxy:3128", "ada", secret("hunter2")), "has credentials in its URL and beside it"},
        {proxy("http://proxy:3128", "", secret("hunter2")), "has a user name that is empty"},
    };
    for (auto const& row : rows)
    {
        auto const parsed = proxy_address::parse(row.given);
        BOOST_TEST_REQUIRE(parsed.has_error(), row.expected);
        BOOST_TEST((parsed.error() == errc::invalid_argument));
        auto const message = parsed.error().message();
        BOOST_TEST(message.find("the proxy " + std::string(row.expected)) != message.npos, message);
        BOOST_TEST(message.find("hunter2") == message.npos, message);
    }
}

BOOST_AUTO_TEST_CASE(no_proxy_names_hosts_those_below_them_addresses_networks_and_ports)
{
    struct
    {
        std::string_view list, url;
        bool exempted;
    } const rows[] = {
        {"", "https://example.com", false},
        {"*", "https://example.com", true},
        {"a.com,*", "https://example.com", true},
        {"example.com", "https://example.com", true},
        {"example.com", "https://EXAMPLE.com", true},
        {"EXAMPLE.COM", "https://example.com", true},
        {"example.com.", "https://example.com", true},
        {"example.com", "https://www.example.com", true},
        {".example.com", "https://www.example.com", true},
        {".example.com", "https://example.com", true},
        {"*.example.com", "https://www.example.com", true},
        {"example.com", "https://notexample.com", false},
        {".example.com", "https://notexample.com", false},
        {"www.example.com", "https://example.com", false},
        {"com", "https://example.com", true},
        {"a.com, b.com", "https://b.com", true},
        {"a.com b.com", "https://b.com", true},
        {" ,, a.com\t,b.com,", "https://b.com", true},
        {"a.com,b.com", "https://c.com", false},
        {".", "https://example.com", false},
        {",", "https://example.com", false},
        {"example.com:443", "https://example.com", true},
        {"example.com:443", "https://example.com:8443", false},
        {"example.com:8443", "https://www.example.com:8443", true},
        {"example.com:80", "http://example.com", true},
        {"example.com:", "https://example.com", true},
        {"http://example.com", "https://example.com", true},
        {"https://example.com:443", "https://example.com", true},
        {"*example.com", "https://www.example.com", true},
        {"*example.com", "https://notexample.com", false},
        {"localhost", "http://localhost:8080", true},
        {"localhost", "http://127.0.0.1:8080", false},
        {"127.0.0.1", "http://127.0.0.1:8080", true},
        {"127.0.0.1:8080", "http://127.0.0.1:8080", true},
        {"127.0.0.1:8081", "http://127.0.0.1:8080", false},
        {"7.0.0.1", "http://127.0.0.1:8080", false}, // addresses have nothing below them
        {".0.0.1", "http://127.0.0.1:8080", false},
        {"10.0.0.0/8", "http://10.1.2.3", true},
        {"10.0.0.0/8", "http://11.1.2.3", false},
        {"10.1.2.3/32", "http://10.1.2.3", true},
        {"0.0.0.0/0", "http://10.1.2.3", true},
        {"10.9.9.9/8", "http://10.1.2.3", true},
        {"10.0.0.0/8", "http://example.com", false},
        {"10.0.0.0/33", "http://10.1.2.3", false},
        {"10.0.0.0/x", "http://10.1.2.3", false},
        {"::1", "http://[::1]:8080", true},
        {"[::1]", "http://[::1]:8080", true},
        {"[::1]:8080", "http://[::1]:8080", true},
        {"[::1]:8081", "http://[::1]:8080", false},
        {"0:0:0:0:0:0:0:1", "http://[::1]:8080", true},
        {"2001:db8::/32", "http://[2001:db8::7]", true},
        {"2001:db8::/32", "http://[2001:db9::7]", false},
        {"10.0.0.0/8", "http://[::1]", false},
        {"[::1", "http://[::1]", false},
        {"[::1]x", "http://[::1]", false},
        {"[::1]:", "http://[::1]", true},
        // An IPv4 address that is written as an IPv6 address is the same address.
        {"::ffff:127.0.0.1", "http://127.0.0.1", true},
        {"127.0.0.1", "http://[::ffff:127.0.0.1]", true},
        {"127.0.0.0/8", "http://[::ffff:127.0.0.1]", true},
        {"127.0.0.0/8", "http://[::ffff:7f00:1]", true},
        {"10.0.0.0/8", "http://[::ffff:127.0.0.1]", false},
        {"::ffff:127.0.0.1", "http://[::1]", false},
    };
    for (auto const& row : rows)
        BOOST_TEST(tidings::transport::detail::exempted(row.list, to(row.url)) == row.exempted,
                   '"' << row.list << "\" and " << row.url);
}

BOOST_AUTO_TEST_CASE(the_environment_names_a_proxy_by_the_scheme_of_the_target)
{
    struct
    {
        std::string_view https, http, all, none, url, expected;
    } const rows[] = {
        {"s:1", "p:1", "a:1", "", "https://example.com", "s:1"},
        {"s:1", "p:1", "a:1", "", "http://example.com", "p:1"},
        {"", "p:1", "a:1", "", "https://example.com", "a:1"},
        {"s:1", "", "a:1", "", "http://example.com", "a:1"},
        {"", "p:1", "", "", "https://example.com", ""},
        {"", "", "", "", "https://example.com", ""},
        {"s:1", "p:1", "a:1", "example.com", "https://example.com", ""},
        {"s:1", "p:1", "a:1", "example.com", "https://example.org", "s:1"},
        {"", "", "a:1", "*", "https://example.com", ""},
    };
    for (auto const& row : rows)
    {
        proxy_variables variables;
        variables.https = {row.https.empty() ? "" : "https_proxy", secret(row.https)};
        variables.http = {row.http.empty() ? "" : "http_proxy", secret(row.http)};
        variables.all = {row.all.empty() ? "" : "all_proxy", secret(row.all)};
        variables.none = row.none;
        auto const found = proxy_for(to(row.url), variables);
        BOOST_TEST(found.url.reveal() == row.expected, row.url);
        BOOST_TEST(found.name.empty() == row.expected.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_is_asked_for_host_and_port)
{
    struct
    {
        std::string_view url, target;
    } const rows[] = {{"https://open.feishu.cn/prefix", "open.feishu.cn:443"},
                      {"https://open.feishu.cn:8443", "open.feishu.cn:8443"},
                      {"http://localhost", "localhost:80"},
                      {"https://[2001:db8::7]", "[2001:db8::7]:443"},
                      {"http://[::1]:8080", "[::1]:8080"}};
    for (auto const& row : rows)
        for (bool const with : {false, true})
        {
            tidings::detail::wiped_string out;
            auto const by = address(with ? "http://ada:secret@proxy:3128" : "http://proxy:3128");
            tidings::transport::detail::write_connect(out, to(row.url), by);
            std::string const target(row.target);
            std::string expected = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target +
                                   "\r\nUser-Agent: tidings/" TIDINGS_VERSION_STRING "\r\n";
            if (with)
                expected += "Proxy-Authorization: Basic " + std::string(encoded) + "\r\n";
            BOOST_TEST(out.view() == expected + "\r\n");
        }
}

BOOST_AUTO_TEST_CASE(an_answer_is_a_yes_or_a_no_in_the_proxys_words)
{
    struct
    {
        std::string_view text;
        bool granted;
        errc verdict;
        std::string_view message;
    } const rows[] = {
        {"HTTP/1.1 200 Connection established\r\n\r\n", true, errc::proxy_refused, ""},
        {"HTTP/1.0 200 OK\r\nProxy-agent: x\r\nContent-Length: 10\r\n\r\n", true, errc::proxy_refused, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true, errc::proxy_refused, ""},
        {"HTTP/1.1 204 \r\n\r\n", true, errc::proxy_refused, ""},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", true,
         errc::proxy_refused, ""},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Filtered\r\n\r\n", false, errc::proxy_refused,
         "proxy:3128 answered 403 Filtered"},
        {"HTTP/1.0 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n<html>", false,
         errc::proxy_refused,
         "proxy:3128 answered 407 Proxy Authentication Required: it wants another user name or password"},
        {"HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n", false, errc::proxy_refused,
         "proxy:3128 answered 401 Unauthorized: it wants another user name or password"},
        {"HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n", false,
         errc::proxy_refused, "proxy:3128 answered 407 No: it wants Negotiate, NTLM, and only Basic is known here"},
        {"HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: basic\r\n\r\n", false,
         errc::proxy_refused, "proxy:3128 answered 407 No: it wants another user name or password"},
        {"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM, Basic realm=x\r\n\r\n", false, errc::proxy_refused,
         "proxy:3128 answered 407 No: it wants another user name or password"},
        {"HTTP/1.1 407 ada:secret is YWRhOnNlY3JldA== and wrong\r\n\r\n", false, errc::proxy_refused,
         "proxy:3128 answered 407 ada:*** is *** and wrong: it wants another user name or password"},
        {"HTTP/1.1 403 Filtered\r\n\r\n", false, errc::proxy_refused, "proxy:3128 answered 403 Filtered"},
        {"HTTP/1.1 302 Found\r\nLocation: http://login\r\n\r\n", false, errc::proxy_refused,
         "proxy:3128 answered 302 Found"},
        {"HTTP/1.1 429 \r\n\r\n", false, errc::connect_failed, "proxy:3128 answered 429"},
        {"HTTP/1.1 408 Slow\r\n\r\n", false, errc::connect_failed, "proxy:3128 answered 408 Slow"},
        {"HTTP/1.1 500 Unable to connect\r\nConnection: close\r\n\r\n", false, errc::connect_failed,
         "proxy:3128 answered 500 Unable to connect"},
        {"HTTP/1.1 503 Service Unavailable\r\n\r\n", false, errc::connect_failed,
         "proxy:3128 answered 503 Service Unavailable"},
    };
    auto const by = address("http://ada:secret@proxy:3128");
    for (auto const& row : rows)
        for (std::size_t const step : {std::size_t(1), std::size_t(7), row.text.size()})
            BOOST_TEST_CONTEXT(row.text << " in pieces of " << step)
            {
                proxy_answer answer;
                auto const got = feed(answer, row.text, step);
                BOOST_TEST(!got.ec, got.ec.message());
                BOOST_TEST(got.complete);
                BOOST_TEST(answer.granted() == row.granted);
                if (row.granted)
                    continue;
                BOOST_TEST((answer.error() == row.verdict));
                BOOST_TEST(answer.describe(by) == row.message);
            }
    // Words are cut, and not in the middle of a secret.
    proxy_answer wordy;
    auto const long_words = "HTTP/1.1 403 " + std::string(195, 'x') + "YWRhOnNlY3JldA==\r\n\r\n";
    BOOST_TEST(feed(wordy, long_words, long_words.size()).complete);
    BOOST_TEST(wordy.describe(by) == "proxy:3128 answered 403 " + std::string(195, 'x') + "***");
    proxy_answer answer;
    BOOST_TEST(feed(answer, "HTTP/1.1 407 No\r\n\r\n", 100).complete);
    BOOST_TEST(answer.describe(address("proxy:3128")) ==
               "proxy:3128 answered 407 No: it wants a user name and a password");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_of_a_proxy_is_an_error_and_bounded)
{
    auto const endless = "HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x');
    auto const many = [] {
        std::string out = "HTTP/1.1 200 OK\r\n";
        while (out.size() < 100000)
            out += "X: y\r\n";
        return out;
    }();
    for (std::string_view const text :
         {std::string_view("SSH-2.0-OpenSSH_9.2\r\n\r\n"), std::string_view("\x05\xff\x00\x00\r\n\r\n", 8),
          std::string_view("HTTP/1.1 2OO OK\r\n\r\n"), std::string_view("<html>\r\n\r\n"), std::string_view(endless),
          std::string_view(many),
          // Nobody but the proxy can have said this: the target waits for us.
          std::string_view("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{\"code\":0}")})
    {
        proxy_answer answer;
        auto const got = feed(answer, text, 4096);
        BOOST_TEST(got.ec.failed(), text.substr(0, 40));
        BOOST_TEST(!got.complete);
    }
    proxy_answer half;
    auto const got = feed(half, "HTTP/1.1 200 OK\r\nX: y\r\n", 100);
    BOOST_TEST(!got.ec);
    BOOST_TEST(!got.complete);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace proxy_test
