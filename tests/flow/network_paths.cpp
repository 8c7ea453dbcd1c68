// The ways to a platform: proxies, own authorities, client certificates, base URLs with a path, both families of
// addresses, sessions that go on, and hosts that are left alone for a while.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/certificates.hpp"
#include "support/peers.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/tinyproxy.hpp"

#include <tidings/transport/by_scheme.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdlib>
#include <optional>

BOOST_AUTO_TEST_SUITE(network_paths)

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;
using td::transport::http;
using td::transport::https;

namespace {

namespace ip = boost::asio::ip;

// One type for all tests of this file: it takes long to compile.
using notifier = td::notifier<td::feishu, td::match::login_name, td::transport::by_scheme, td::base_url, td::deadline,
                              td::retry::none>;

notifier make(asio::any_io_executor ex, td::sandbox::server& platform, std::string there, https how,
              std::chrono::milliseconds limit = 10s)
{
    return notifier(ex, credentials<td::feishu>(platform), td::base_url(std::move(there)), td::deadline(limit),
                    td::transport::by_scheme(std::move(how)));
}

notifier make(asio::any_io_executor ex, td::sandbox::server& platform, std::string there, http how,
              std::chrono::milliseconds limit = 10s)
{
    return notifier(ex, credentials<td::feishu>(platform), td::base_url(std::move(there)), td::deadline(limit),
                    td::transport::by_scheme(https(), std::move(how)));
}

// One that talks to nobody that knows its application.
template<class How>
notifier make(asio::any_io_executor ex, std::string there, How how, std::chrono::milliseconds limit = 10s)
{
    if constexpr (std::is_same_v<How, https>)
        return notifier(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url(std::move(there)),
                        td::deadline(limit), td::transport::by_scheme(std::move(how)));
    else
        return notifier(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url(std::move(there)),
                        td::deadline(limit), td::transport::by_scheme(https(), std::move(how)));
}

unsigned short port_of(td::sandbox::server const& platform)
{
    auto const where = td::transport::endpoint::parse(platform.url("feishu"));
    return static_cast<unsigned short>(std::stoul(where->port()));
}

std::string loopback(unsigned short port)
{
    return "127.0.0.1:" + std::to_string(port);
}

unsigned short closed_port()
{
    asio::io_context io;
    return ip::tcp::acceptor(io, {ip::address_v4::loopback(), 0}).local_endpoint().port();
}

td::sandbox::options with_tls()
{
    return td::sandbox::options().tls();
}

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != text.npos;
}

// Everything that a person may get to see of it.
std::string all_of(td::failure const& f)
{
    std::ostringstream out;
    out << f << ' ' << f.remedy(td::language::chinese);
    if (f.facts())
        out << ' ' << f.facts()->detail << ' ' << f.facts()->platform_message;
    return out.str();
}

//[company_network
tidings::transport::https company_network(tidings::secret proxy_password)
{
    tidings::transport::https network;
    network.proxy({"http://proxy.example.com:3128", "ada", std::move(proxy_password)})
        .ca_file("/etc/ssl/company.pem")
        .client_certificate("/etc/tidings/client.pem", "/etc/tidings/client.key");
    return network;
}
//]

// Has each of DingTalk's two hosts somewhere else.
class by_host
{
public:
    using policy_kind = td::transport_kind;
    using client = http::client;

    by_host() = default;
    by_host(std::string newer, std::string older, http how)
        : newer_(std::move(newer)), older_(std::move(older)), how_(std::move(how))
    {
    }

    td::result<std::unique_ptr<client>> open(asio::any_io_executor const& ex,
                                             td::transport::endpoint const& where) const
    {
        return how_.open(ex, *td::transport::endpoint::parse(where.host() == "api.dingtalk.com" ? newer_ : older_));
    }

private:
    std::string newer_;
    std::string older_;
    http how_;
};

using on_two_hosts = td::notifier<td::dingtalk, td::match::phone_number, by_host, td::token_cache::in_memory,
                                  td::directory::in_memory, td::retry::none, td::pacing::none>;

class variable
{
public:
    variable(char const* name, std::string const& value) : name_(name)
    {
        if (auto const* const old = std::getenv(name))
            old_ = old;
        ::setenv(name, value.c_str(), 1);
    }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;
    ~variable()
    {
        if (old_)
            ::setenv(name_, old_->c_str(), 1);
        else
            ::unsetenv(name_);
    }

private:
    char const* name_;
    std::optional<std::string> old_;
};

} // namespace

// ---- Proxies

BOOST_AUTO_TEST_CASE(messages_go_through_a_proxy_with_tls_and_without)
{
    std::vector<std::string> settings{"BasicAuth ada secret"};
    for (bool const secure : {true, false})
    {
        td::sandbox::server platform(td::sandbox::options().tls(secure));
        settings.resize(1);
        settings.push_back("ConnectPort " + std::to_string(port_of(platform)));
        tinyproxy const proxy(settings);
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto const through = "http://ada:secret@" + proxy.address();
            auto notify =
                secure ? make(ex, platform, platform.url("feishu"), https().ca_file(platform.ca_file()).proxy(through))
                       : make(ex, platform, platform.url("feishu"), http().proxy(through));
            for (int i = 0; i != 3; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST(sent.has_value(), sent.error());
            }
        });
        BOOST_TEST(platform.ledger().size() == 3u);
        BOOST_TEST(platform.connections() == 1u);
        auto const host = secure ? "localhost:" : "127.0.0.1:";
        BOOST_TEST(has(proxy.log(), "CONNECT " + (host + std::to_string(port_of(platform))) + " HTTP/1.1"));
        // What a proxy sees of a message is that there is one.
        BOOST_TEST(!has(proxy.log(), "open-apis"));
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_is_named_with_what_it_said_and_without_the_credentials)
{
    td::sandbox::server platform(with_tls());
    tinyproxy const closed({"BasicAuth ada secret", "ConnectPort 443"});
    tinyproxy const open({"BasicAuth ada secret"});
    struct
    {
        td::transport::proxy through;
        std::string said;
    } const rows[] = {
        {"http://" + open.address(),
         open.address() + " answered 407 Proxy Authentication Required: it wants a user name and a password"},
        {"http://ada:hunter2@" + open.address(),
         open.address() + " answered 401 Unauthorized: it wants another user name or password"},
        {td::transport::proxy(open.address(), "ada", td::secret("hunter2")),
         open.address() + " answered 401 Unauthorized: it wants another user name or password"},
        {"http://ada:secret@" + closed.address(), closed.address() + " answered 403 Access violation"},
    };
    for (auto const& row : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify =
                make(ex, platform, platform.url("feishu"), https().ca_file(platform.ca_file()).proxy(row.through));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::proxy_refused), sent.error());
            BOOST_TEST((sent.error() == td::condition::configuration));
            BOOST_TEST(has(sent.error().message(), "while asking the proxy for the connection, " + row.said),
                       sent.error());
            BOOST_TEST(has(sent.error().remedy(), "user name and the password of the proxy"));
            for (auto const* const hidden : {"hunter2", "ada:", "secret", "YWRhO"})
                BOOST_TEST(!has(all_of(sent.error()), hidden), sent.error());
            BOOST_TEST(sent.error().attempts() == 0u);
        });
    BOOST_TEST(platform.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_refused_proxy_a_failing_host_name_and_an_untrusted_certificate_are_three_errors)
{
    td::sandbox::server platform(with_tls());
    tinyproxy const proxy;
    auto const nowhere = closed_port();
    auto const trusting = https().ca_file(platform.ca_file());
    auto const name = "localhost:" + std::to_string(port_of(platform));
    struct row
    {
        std::string url;
        https how;
        td::errc kind;
        std::string said;
    };
    std::vector<row> const rows{
        {platform.url("feishu"), https(trusting).proxy(loopback(nowhere)), td::errc::connect_failed,
         name + ", while connecting to the proxy, " + loopback(nowhere) + " (Connection refused)"},
        {platform.url("feishu"), https(trusting).proxy("http://ada:hunter2@no-such-proxy.invalid:3128"),
         td::errc::connect_failed,
         name + ", the host name of the proxy cannot be resolved, no-such-proxy.invalid:3128 ("},
        {"https://no-such-host.invalid", trusting, td::errc::connect_failed,
         "no-such-host.invalid, the host name cannot be resolved ("},
        {"https://no-such-host.invalid", https(trusting).proxy(proxy.address()), td::errc::connect_failed,
         "no-such-host.invalid, while asking the proxy for the connection, " + proxy.address() +
             " answered 500 Unable to connect"},
        {"https://" + loopback(nowhere), https(trusting).proxy(proxy.address()), td::errc::connect_failed,
         loopback(nowhere) + ", while asking the proxy for the connection, " + proxy.address() +
             " answered 500 Unable to connect"},
        {platform.url("feishu"), https().proxy(proxy.address()), td::errc::tls_failed,
         name + ", during the TLS handshake, the certificate of " + name + " is not acceptable: "},
        {platform.url("feishu"), https(), td::errc::tls_failed,
         name + ", during the TLS handshake, the certificate of " + name + " is not acceptable: "},
    };
    for (auto const& one : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, one.url, one.how);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == one.kind), sent.error());
            BOOST_TEST(has(sent.error().message(), one.said), sent.error() << " and not " << one.said);
            BOOST_TEST(!has(all_of(sent.error()), "hunter2"));
            bool const proxys = has(one.said, "the proxy") && one.kind == td::errc::connect_failed;
            BOOST_TEST(has(sent.error().remedy(), "address of the proxy") == proxys, sent.error());
        });
    BOOST_TEST(platform.requests().empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_on_the_way_is_told_apart_by_code_and_cause_and_by_words_and_remedy)
{
    td::sandbox::server platform(with_tls());
    relay const saying_no({ip::address_v4::loopback(), 0}, port_of(platform), "HTTP/1.1 403 Forbidden\r\n\r\n");
    auto const nowhere = closed_port();
    auto const trusting = https().ca_file(platform.ca_file());
    auto const name = "localhost:" + std::to_string(port_of(platform));
    struct row
    {
        std::string url;
        https how;
        std::string said;   // names what it is about
        std::string advice; // and this is where to look
    };
    std::vector<row> const rows{
        {"https://no-such-host.invalid", trusting, "no-such-host.invalid, the host name cannot be resolved",
         "base URL"},
        {platform.url("feishu"), https(trusting).proxy(loopback(nowhere)),
         "while connecting to the proxy, " + loopback(nowhere) + " (Connection refused", "address of the proxy"},
        {platform.url("feishu"), https(trusting).proxy(loopback(saying_no.port())),
         "while asking the proxy for the connection, " + loopback(saying_no.port()) + " answered 403 Forbidden",
         "password of the proxy"},
        {platform.url("feishu"), https(), "the certificate of " + name + " is not acceptable", "CA file"},
    };
    std::vector<td::failure> got;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        for (auto const& one : rows)
        {
            auto notify = make(ex, platform, one.url, one.how);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            got.push_back(sent.error());
        }
    });
    for (std::size_t i = 0; i != rows.size(); ++i)
        for (std::size_t j = 0; j != rows.size(); ++j)
        {
            BOOST_TEST(has(got[i].message(), rows[j].said) == (i == j), got[i]);
            BOOST_TEST(has(got[i].remedy(), rows[j].advice) == (i == j), got[i]);
            if (i == j)
                continue;
            BOOST_TEST((got[i].code() != got[j].code() || got[i].cause() != got[j].cause()), got[i] << got[j]);
            BOOST_TEST(got[i].remedy(td::language::chinese) != got[j].remedy(td::language::chinese));
        }
    // What a program looks at.
    BOOST_TEST((got[0] == td::errc::connect_failed));
    BOOST_TEST((got[0].cause().category() == asio::error::get_netdb_category()), got[0].cause());
    BOOST_TEST((got[1] == td::errc::connect_failed));
    BOOST_TEST((got[1].cause() == asio::error::connection_refused), got[1].cause());
    BOOST_TEST((got[2] == td::errc::proxy_refused));
    BOOST_TEST((got[3] == td::errc::tls_failed));
    BOOST_TEST((got[3].cause().category() == asio::error::get_ssl_category()), got[3].cause());
    BOOST_TEST(platform.requests().empty());
}

BOOST_AUTO_TEST_CASE(the_proxy_resolves_the_host_name_and_tls_verifies_it)
{
    constexpr char const* yes = "HTTP/1.1 200 Connection established\r\n\r\n";
    td::sandbox::server plain;
    relay const to_plain({ip::address_v4::loopback(), 0}, port_of(plain), yes);
    td::sandbox::server secure(with_tls());
    relay const to_secure({ip::address_v4::loopback(), 0}, port_of(secure), yes);
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        // Nobody but the proxy knows this name.
        auto notify = make(ex, plain, "http://platform.invalid:81", http().proxy(loopback(to_plain.port())));
        auto sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());

        auto const how = https().ca_file(secure.ca_file()).proxy(loopback(to_secure.port()));
        auto wrong = make(ex, secure, "https://platform.invalid", how);
        sent = co_await wrong.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::tls_failed));
        BOOST_TEST(has(sent.error().message(), "the certificate of platform.invalid is not acceptable: "),
                   sent.error());

        auto right = make(ex, secure, "https://[::1]", how);
        sent = co_await right.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST_REQUIRE(to_plain.heads().size() == 1u);
    BOOST_TEST(has(to_plain.heads()[0], "CONNECT platform.invalid:81 HTTP/1.1\r\nHost: platform.invalid:81\r\n"));
    BOOST_TEST_REQUIRE(to_secure.heads().size() == 2u);
    BOOST_TEST(has(to_secure.heads()[0], "CONNECT platform.invalid:443 HTTP/1.1\r\n"));
    BOOST_TEST(has(to_secure.heads()[1], "CONNECT [::1]:443 HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(the_environments_proxy_is_used_by_choice_and_not_for_the_hosts_it_exempts)
{
    td::sandbox::server platform(with_tls());
    auto const trusting = https().ca_file(platform.ca_file());
    struct
    {
        char const* name;
        char const* exempting;
        char const* exempt;
        bool asked;
        int connections;
    } const rows[] = {{"HTTPS_PROXY", "no_proxy", "", true, 1},
                      {"https_proxy", "no_proxy", "", true, 1},
                      {"ALL_PROXY", "no_proxy", "", true, 1},
                      {"all_proxy", "no_proxy", "", true, 1},
                      {"HTTPS_PROXY", "no_proxy", "example.com, localhost", true, 0},
                      {"HTTPS_PROXY", "NO_PROXY", "localhost", true, 0},
                      {"HTTPS_PROXY", "NO_PROXY", "example.com", true, 1},
                      {"HTTPS_PROXY", "no_proxy", "", false, 0}};
    for (auto const& row : rows)
    {
        relay const proxy({ip::address_v4::loopback(), 0}, port_of(platform), "HTTP/1.1 200 OK\r\n\r\n");
        variable const nothing_else[]{{"HTTPS_PROXY", ""}, {"https_proxy", ""}, {"ALL_PROXY", ""},
                                      {"all_proxy", ""},   {"NO_PROXY", ""},    {"no_proxy", ""}};
        variable const there(row.name, "http://ada:secret@" + loopback(proxy.port()));
        variable const except(row.exempting, row.exempt);
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, platform.url("feishu"),
                               row.asked ? https(trusting).proxy_from_environment() : trusting);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST(sent.has_value(), sent.error());
        });
        BOOST_TEST(proxy.accepted() == row.connections);
        for (auto const& head : proxy.heads())
            BOOST_TEST(has(head, "\r\nProxy-Authorization: Basic YWRhOnNlY3JldA==\r\n"));
    }
    {
        tinyproxy const proxy({"BasicAuth ada secret", "ConnectPort " + std::to_string(port_of(platform))});
        variable const from_there("HTTPS_PROXY", "http://ada:secret@" + proxy.address());
        variable const not_the_other("https_proxy", "");
        variable const no_exception("no_proxy", "");
        variable const none_either("NO_PROXY", "");
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, platform.url("feishu"), https(trusting).proxy_from_environment());
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST(sent.has_value(), sent.error());
        });
        BOOST_TEST(has(proxy.log(), "CONNECT localhost:" + std::to_string(port_of(platform)) + " HTTP/1.1"));
    }
    variable const wrong("https_proxy", "socks5://ada:hunter2@proxy:1080");
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu"), https(trusting).proxy_from_environment());
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST((sent.error() == td::errc::invalid_argument));
        BOOST_TEST(has(sent.error().message(), "the proxy that the environment names is not an HTTP proxy"),
                   sent.error());
        BOOST_TEST(!has(all_of(sent.error()), "hunter2"));
    });
}

BOOST_AUTO_TEST_CASE(a_proxy_that_the_environment_names_and_nobody_uses_is_named_in_the_remedy)
{
    variable const nothing_else[]{{"https_proxy", ""}, {"ALL_PROXY", ""}, {"all_proxy", ""},
                                  {"http_proxy", ""},  {"NO_PROXY", ""},  {"no_proxy", ""}};
    variable const there("HTTPS_PROXY", "http://ada:hunter2@proxy.example:3128");
    auto const nowhere = closed_port();
    struct row
    {
        std::string url;
        https how;
        char const* exempt;
        bool named;
    };
    std::vector<row> const rows{
        {"https://no-such-host.invalid", https(), "", true},
        {"https://" + loopback(nowhere), https(), "example.com", true},
        {"https://" + loopback(nowhere), https(), "127.0.0.0/8", false},
        {"http://" + loopback(nowhere), https(), "", false}, // HTTPS_PROXY is for the others
        {"https://no-such-host.invalid", https().proxy(loopback(nowhere)), "", false},
    };
    for (auto const& one : rows)
    {
        variable const except("no_proxy", one.exempt);
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, one.url, https(one.how).breaker(1, 1h));
            for (int i = 0; i != 2; ++i) // also when it is not tried
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST_REQUIRE(sent.has_error());
                BOOST_TEST((sent.error() == td::errc::connect_failed), sent.error());
                for (auto const lang : {td::language::english, td::language::chinese})
                    BOOST_TEST(has(sent.error().remedy(lang), "HTTPS_PROXY") == one.named, sent.error());
                for (auto const* const hidden : {"hunter2", "ada:", "proxy.example"})
                    BOOST_TEST(!has(all_of(sent.error()), hidden), sent.error());
            }
        });
    }
    // Also where the firewall lets packets vanish.
    black_hole const hole;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, "https://" + loopback(hole.port()), https(), 500ms);
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST((sent.error() == td::errc::timed_out), sent.error());
        BOOST_TEST(has(sent.error().remedy(), "HTTPS_PROXY"), sent.error());
    });
}

BOOST_AUTO_TEST_CASE(who_answers_instead_of_the_platform_is_named_with_the_address_that_was_asked)
{
    td::sandbox::server platform;
    auto const own = platform.url("feishu");
    struct row
    {
        fault what;
        std::string url;
        std::string said;
        std::string advice;
    };
    auto const token_url = own + std::string(token_path);
    std::vector<row> const rows{
        {fault(fault_kind::answer)
             .status(400)
             .header("Content-Type", "text/html")
             .header("Server", "nginx")
             .body("<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"),
         own,
         token_url + " answered 400 Bad Request, a page with the title \"400 The plain HTTP request was sent to HTTPS "
                     "port\", Content-Type: text/html, Server: nginx, ",
         "write https:// in the base URL"},
        {fault(fault_kind::answer).status(301).header("Location", "https://portal.example.com/login?next=x").body(""),
         own, token_url + " answered 301 Moved Permanently, Location: https://portal.example.com/login, ",
         "Redirects are not followed"},
        {fault(fault_kind::answer).status(200).header("Content-Encoding", "gzip").body("\x1f"), own,
         token_url + " answered 200 OK, the body is compressed (gzip), ", "compresses answers"},
        {fault(fault_kind::delay), own + "/open-apis",
         own + "/open-apis" + std::string(token_path) + " answered 404 Not Found", "Leave the path out"},
    };
    for (auto const& one : rows)
    {
        platform.clear_faults();
        platform.add_fault(fault(one.what).path(std::string(token_path)));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, one.url, http());
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::protocol_error), sent.error());
            BOOST_TEST(has(sent.error().message(), one.said), sent.error() << " and not " << one.said);
            BOOST_TEST(has(sent.error().remedy(), one.advice), sent.error());
        });
    }
    for (auto const& request : platform.requests())
        BOOST_TEST(request.header("Accept-Encoding") == "identity");
}

BOOST_AUTO_TEST_CASE(whatever_a_proxy_answers_ends_in_an_error_that_says_so)
{
    struct
    {
        std::string text;
        td::errc kind;
    } const rows[] = {
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", td::errc::protocol_error},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(40000, 'x') + "\r\n\r\n", td::errc::protocol_error},
        {"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", td::errc::protocol_error},
        {"", td::errc::connect_failed},
        {"HTTP/1.1 200 OK\r\nX:", td::errc::connect_failed},
        {"HTTP/1.1 502 Bad Gateway\r\n\r\n", td::errc::connect_failed},
        {"HTTP/1.1 407 What\r\nProxy-Authenticate: NTLM\r\n\r\n", td::errc::proxy_refused},
    };
    for (auto const& row : rows)
    {
        monologue const proxy(row.text);
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, "http://platform.invalid", http().proxy(loopback(proxy.port())));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error(), row.text.substr(0, 40));
            BOOST_TEST((sent.error() == row.kind), sent.error());
            BOOST_TEST(
                has(sent.error().message(), "while asking the proxy for the connection, " + loopback(proxy.port())),
                sent.error());
        });
    }
}

BOOST_AUTO_TEST_CASE(the_deadline_covers_a_proxy_that_does_not_answer)
{
    asio::io_context io;
    ip::tcp::acceptor const silent(io, {ip::address_v4::loopback(), 0});
    black_hole const hole;
    struct
    {
        unsigned short port;
        char const* said;
    } const rows[] = {{silent.local_endpoint().port(), "while asking the proxy for the connection, "},
                      {hole.port(), "while connecting to the proxy, "}};
    for (auto const& row : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, "https://platform.invalid", https().proxy(loopback(row.port)), 500ms);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::timed_out), sent.error());
            BOOST_TEST(has(sent.error().message(), row.said + loopback(row.port)), sent.error());
        });
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_used_are_said_before_any_byte)
{
    struct row
    {
        td::transport::by_scheme how;
        std::string said;
    };
    std::vector<row> const rows{
        {td::transport::by_scheme(https().proxy("proxy")), "the proxy has no usable port"},
        {td::transport::by_scheme(https().resolve("open.feishu.cn", "localhost")),
         "\"localhost\", given for the host open.feishu.cn, is not an IP address"},
        {td::transport::by_scheme(https().ca_directory("/no/such")), "\"/no/such\" cannot be read"},
        {td::transport::by_scheme(https().client_certificate("/no/such.pem", "/no/such.key")),
         "the client certificate \"/no/such.pem\" cannot be read"},
        {td::transport::by_scheme(company_network(td::secret("p"))), "\"/etc/ssl/company.pem\" cannot be read"}};
    for (auto const& one : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            notifier notify(ex, td::feishu::credentials("cli_1", td::secret("s")), one.how);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::invalid_argument));
            BOOST_TEST(has(sent.error().message(), one.said), sent.error());
        });
}

// ---- TLS

BOOST_AUTO_TEST_CASE(authorities_come_from_a_directory_alone_or_beside_the_systems)
{
    td::sandbox::server platform(with_tls());
    temporary_directory const hashed;
    // The name that "openssl rehash" gives it.
    auto const pem = platform.ca_pem();
    std::unique_ptr<BIO, decltype(&BIO_free)> const in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       &BIO_free);
    std::unique_ptr<X509, decltype(&X509_free)> const ca(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr),
                                                         &X509_free);
    char name[16];
    std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(ca.get()));
    hashed.write(name, pem);
    temporary_directory const others;
    authority const other;
    others.write(other.hashed_name(), other.pem());

    struct row
    {
        https how;
        bool trusted;
    };
    std::vector<row> const rows{{https().ca_directory(hashed.path()), true},
                                {https().ca_directory(hashed.path()).system_authorities(), true},
                                {https().ca_file(platform.ca_file()).system_authorities(), true},
                                {https().ca_directory(others.path()).ca_file(platform.ca_file()), true},
                                {https().ca_directory(others.path()), false},
                                {https().ca_directory(others.path()).system_authorities(), false}};
    for (auto const& one : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, platform.url("feishu"), one.how);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST(sent.has_value() == one.trusted, sent.error());
            BOOST_TEST((one.trusted || sent.error() == td::errc::tls_failed));
        });
}

BOOST_AUTO_TEST_CASE(a_file_of_the_systems_authorities_that_has_none_is_named_where_a_server_is_not_trusted)
{
    td::sandbox::server platform(with_tls());
    temporary_directory const files;
    temporary_directory const empty;
    variable const directory("SSL_CERT_DIR", empty.path());
    variable const file("SSL_CERT_FILE", files.write("all.pem", "no certificate"));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu"), https());
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::tls_failed), sent.error());
        BOOST_TEST(has(sent.error().message(), files.path() + "/all.pem"), sent.error());
    });
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_a_client_certificate_gets_one_and_says_when_it_does_not)
{
    authority const clients;
    authority const strangers("strangers");
    temporary_directory const files;
    auto const good = clients.client("ada");
    auto const locked = clients.client("ada", -1, 1, "hunter2");
    auto const stranger = strangers.client("ada");
    td::sandbox::server platform(with_tls().client_authority(clients.pem()));
    auto const trusting = https().ca_file(platform.ca_file());
    struct row
    {
        https how;
        bool taken;
    };
    std::vector<row> const rows{
        {https(trusting).client_certificate(files.write("a.pem", good.certificate), files.write("a.key", good.key)),
         true},
        {https(trusting).client_certificate(files.write("b.pem", locked.certificate), files.write("b.key", locked.key),
                                            td::secret("hunter2")),
         true},
        {https(trusting).client_certificate(files.write("all.pem", good.certificate + good.key)), true},
        {trusting, false},
        {https(trusting).client_certificate(files.write("c.pem", stranger.certificate),
                                            files.write("c.key", stranger.key)),
         false}};
    for (auto const& one : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, platform.url("feishu"), one.how);
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST(sent.has_value() == one.taken, sent.error());
            if (one.taken)
                co_return;
            BOOST_TEST((sent.error() == td::errc::tls_failed), sent.error());
            BOOST_TEST(has(sent.error().remedy(), "a client certificate that the server trusts"), sent.error());
        });
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_opened_again_goes_on_with_the_session_of_the_last)
{
    authority const clients;
    auto const ada = clients.client("ada");
    temporary_directory const files;
    auto const pem = files.write("ada.pem", ada.certificate + ada.key);
    for (bool const mutual : {false, true})
    {
        td::sandbox::server platform(with_tls().client_authority(mutual ? clients.pem() : ""));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            // No connection is used twice.
            auto how = https().ca_file(platform.ca_file()).idle_timeout(0s);
            auto notify = make(ex, platform, platform.url("feishu"), mutual ? https(how).client_certificate(pem) : how);
            for (int i = 0; i != 3; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST(sent.has_value(), sent.error());
            }
            auto other = make(ex, platform, platform.url("feishu"), https(how).client_certificate(pem));
            BOOST_TEST((co_await other.send("ada", td::text{"hi"})).has_value());
        });
        // The token and three messages, then the same again for one who cannot know the first one's session.
        BOOST_TEST(platform.connections() == 6u);
        BOOST_TEST(platform.resumed_sessions() == 4u);
    }
}

// ---- Addresses

// Its tickets come behind the handshake, and are nothing that the server said unasked.
BOOST_AUTO_TEST_CASE(a_tls_connection_that_was_opened_beforehand_carries_the_first_message)
{
    td::sandbox::server platform(with_tls());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu"), https().ca_file(platform.ca_file()));
        platform.add_fault(fault(fault_kind::close_after));
        BOOST_TEST((co_await notify.warm_up()).has_value()); // the token; that connection is gone
        asio::steady_timer pause(ex, 200ms);
        co_await pause.async_wait(asio::use_awaitable);
        BOOST_TEST((co_await notify.warm_up()).has_value());
        BOOST_TEST(platform.connections() == 2u);
        pause.expires_after(20ms);
        co_await pause.async_wait(asio::use_awaitable);
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
        BOOST_TEST(platform.connections() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(a_base_url_may_have_a_path_behind_which_a_gateway_has_the_platform)
{
    td::sandbox::server platform;
    tinyproxy const gateway({"ReverseOnly Yes", "ReversePath \"/im/feishu/\" \"" + platform.url("feishu") + "/\""});
    for (auto const* const path : {"/im/feishu", "/im/feishu/"})
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = make(ex, platform, "http://" + gateway.address() + path, http());
            for (int i = 0; i != 2; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST(sent.has_value(), sent.error());
            }
        });
    BOOST_TEST(platform.ledger().size() == 4u);
    BOOST_TEST(has(gateway.log(), "/im/feishu/open-apis/im/v1/messages"));
    auto const requests = platform.requests();
    for (auto const& request : requests)
        BOOST_TEST(request.target.starts_with("/open-apis/"), request.target);
}

BOOST_AUTO_TEST_CASE(a_base_url_over_tls_keeps_its_path_through_a_proxy)
{
    td::sandbox::server platform(with_tls()); // there is nothing of this name there: it says 404, and what it was asked
    tinyproxy const proxy({"ConnectPort " + std::to_string(port_of(platform))});
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu") + "/im/feishu/",
                           https().ca_file(platform.ca_file()).proxy(proxy.address()));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST(sent.error().http_status() == 404u, sent.error());
    });
    auto const requests = platform.requests();
    BOOST_TEST_REQUIRE(!requests.empty());
    for (auto const& request : requests)
        BOOST_TEST(request.target.starts_with("/im/feishu/open-apis/auth/"), request.target);
}

BOOST_AUTO_TEST_CASE(a_platform_is_reached_by_ipv6)
{
    for (bool const secure : {false, true})
    {
        td::sandbox::server platform(td::sandbox::options().tls(secure));
        relay const six({ip::address_v6::loopback(), 0}, port_of(platform));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto const there = (secure ? "https://[::1]:" : "http://[::1]:") + std::to_string(six.port());
            auto notify = make(ex, platform, there, https().ca_file(platform.ca_file()));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST(sent.has_value(), sent.error());
        });
        BOOST_TEST(six.accepted() == 1);
        auto const requests = platform.requests();
        BOOST_TEST_REQUIRE(!requests.empty());
        for (auto const& [name, value] : requests.front().headers)
            BOOST_TEST((name != "Host" || value == "[::1]:" + std::to_string(six.port())));
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_does_not_cost_the_deadline)
{
    td::sandbox::server platform(with_tls());
    auto const port = port_of(platform);
    black_hole const six({ip::address_v6::loopback(), port});
    black_hole const four({ip::make_address("127.0.0.2"), port});
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto how = https().ca_file(platform.ca_file());
        // Those in between are never reached: the families take turns.
        how.resolve("LOCALHOST", "::1").resolve("localhost", "::1").resolve("localhost", "::1");
        how.resolve("localhost", "127.0.0.1").resolve("localhost", "127.0.0.2").resolve("other", "127.0.0.9");
        auto notify = make(ex, platform, platform.url("feishu"), how, 5s);
        auto const begun = std::chrono::steady_clock::now();
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
        BOOST_TEST((std::chrono::steady_clock::now() - begun >= 250ms));

        auto lost = make(ex, platform, platform.url("feishu"),
                         https().resolve("localhost", "::1").resolve("localhost", "127.0.0.2"), 500ms);
        auto const failed = co_await lost.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(failed.has_error());
        BOOST_TEST((failed.error() == td::errc::timed_out), failed.error());
        BOOST_TEST(has(failed.error().message(), ", while connecting, ::1, 127.0.0.2"), failed.error());
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

// ---- Hosts that are left alone

BOOST_AUTO_TEST_CASE(after_some_failures_callers_are_told_at_once_and_why)
{
    relay const broken({ip::address_v4::loopback(), 0}, closed_port()); // accepts, and closes
    auto const nowhere = closed_port();
    struct row
    {
        std::string url;
        https how;
        http plain;
        td::errc kind;
        std::string said;
    };
    std::vector<row> const rows{
        {"http://" + loopback(nowhere), https(), http().breaker(3, 1h), td::errc::connect_failed,
         loopback(nowhere) + ", while connecting, not tried: the last 3 attempts to connect failed, the next try "},
        {"https://" + loopback(broken.port()), https().breaker(3, 1h), http(), td::errc::connect_failed,
         loopback(broken.port()) + ", during the TLS handshake, not tried: the last 3 attempts to connect failed"},
        {"https://platform.invalid", https().breaker(3, 1h).proxy(loopback(nowhere)), http(), td::errc::connect_failed,
         "platform.invalid, while connecting to the proxy, " + loopback(nowhere) +
             "; not tried: the last 3 attempts to connect failed"},
        {"https://no-such-host.invalid", https().breaker(3, 1h), http(), td::errc::connect_failed,
         "no-such-host.invalid, the host name cannot be resolved, not tried: the last 3 attempts to connect failed"}};
    for (auto const& one : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            notifier notify(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url(one.url),
                            td::transport::by_scheme(one.how, one.plain));
            boost::system::error_code cause;
            for (int i = 0; i != 6; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST_REQUIRE(sent.has_error());
                BOOST_TEST((sent.error() == one.kind), sent.error());
                BOOST_TEST(has(sent.error().message(), one.said) == (i >= 3), i << ": " << sent.error());
                BOOST_TEST(sent.error().cause());
                BOOST_TEST((i < 3 || sent.error().cause() == cause));
                cause = sent.error().cause();
            }
        });
    BOOST_TEST(broken.accepted() == 3);
}

BOOST_AUTO_TEST_CASE(a_platforms_other_host_is_not_left_alone_with_the_one_that_fails)
{
    constexpr int before_it_opens = 3;
    for (bool const older_closed : {true, false})
    {
        td::sandbox::server platform;
        auto const open = platform.url("dingtalk");
        auto const closed = "http://" + loopback(closed_port());
        // Look-ups go to the older host, messages to the other one.
        by_host const both(open, open, http());
        by_host const one(older_closed ? open : closed, older_closed ? closed : open,
                          http().breaker(before_it_opens, 1h));
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            td::token_cache::in_memory const tokens;
            td::directory::in_memory const people;
            on_two_hosts first(ex, credentials<td::dingtalk>(platform), both, tokens, people);
            auto const ready = co_await first.send("+6591234567", td::text{"hi"});
            BOOST_TEST_REQUIRE(ready.has_value(), ready.error());

            // It knows Ada, and has a token.
            on_two_hosts notify(ex, credentials<td::dingtalk>(platform), one, tokens, people);
            for (int i = 0; i != 2 * before_it_opens; ++i)
            {
                auto const sent = co_await notify.send("+6591234567", td::text{"hi " + std::to_string(i)});
                auto const found = co_await notify.resolve("+659999999" + std::to_string(i));
                BOOST_TEST(sent.has_value() == older_closed, i);
                BOOST_TEST_REQUIRE(found.has_error());
                BOOST_TEST((found.error() == td::errc::recipient_not_found) == !older_closed, found.error());
                auto const why = older_closed ? found.error() : sent.error();
                BOOST_TEST((why == td::errc::connect_failed), why);
                BOOST_TEST(has(why.message(), "not tried: the last 3 attempts") == (i >= before_it_opens), why);
            }
        });
        BOOST_TEST(platform.ledger().size() == (older_closed ? 1u + 2 * before_it_opens : 1u));
        BOOST_TEST(count_requests(platform, "/topapi/v2/user/getbymobile") ==
                   (older_closed ? 1 : 1 + 2 * before_it_opens));
    }
}

BOOST_AUTO_TEST_CASE(a_host_that_is_back_is_used_after_the_pause)
{
    td::sandbox::server platform(with_tls());
    auto const trusting = https().ca_file(platform.ca_file());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto patient = make(ex, platform, platform.url("feishu"), https(trusting).breaker(2, 1h));
        auto eager = make(ex, platform, platform.url("feishu"), https(trusting).breaker(2, 0s));
        for (auto* const notify : {&patient, &eager})
        {
            platform.add_fault(fault(fault_kind::refuse_connection).times(2));
            for (int i = 0; i != 2; ++i)
                BOOST_TEST((co_await notify->send("ada", td::text{"hi"})).has_error());
        }
        auto const before = platform.connections();
        BOOST_TEST((co_await patient.send("ada", td::text{"hi"})).has_error());
        BOOST_TEST(platform.connections() == before);
        auto const sent = co_await eager.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
        BOOST_TEST(platform.connections() == before + 1);
    });
}

BOOST_AUTO_TEST_CASE(a_breaker_does_not_touch_the_connections_that_live)
{
    td::sandbox::server platform(with_tls());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu"), https().ca_file(platform.ca_file()).breaker(2, 1h));
        BOOST_TEST((co_await notify.warm_up()).has_value());
        platform.add_fault(fault(fault_kind::refuse_connection).times(0));
        // While the first is on its way, two more find out that there are no further connections, and the last two wait
        // for the one that there is.
        platform.add_fault(fault(fault_kind::delay).path(std::string(send_path)).delay(1s));
        int delivered = 0;
        int failed = 0;
        asio::steady_timer all(ex, std::chrono::steady_clock::time_point::max());
        auto const count = [&](td::result<td::receipt> const& sent) {
            ++(sent.has_value() ? delivered : failed);
            if (sent.has_error())
                BOOST_TEST((sent.error() == td::errc::connect_failed), sent.error());
            if (delivered + failed == 3)
            {
                notify.async_send("ada", td::text{"4"}, [&](td::result<td::receipt> const& s) {
                    delivered += s.has_value();
                    all.cancel();
                });
            }
        };
        for (int i = 0; i != 3; ++i)
            notify.async_send("ada", td::text{"1"}, count);
        boost::system::error_code ignored;
        co_await all.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        BOOST_TEST(failed == 2);
        BOOST_TEST(delivered == 2);

        platform.add_fault(fault(fault_kind::delay).path(std::string(send_path)).delay(50ms));
        delivered = failed = 0;
        all.expires_at(std::chrono::steady_clock::time_point::max());
        for (int i = 0; i != 5; ++i)
            notify.async_send("ada", td::text{"5"}, [&](td::result<td::receipt> const& sent) {
                BOOST_TEST(sent.has_value(), sent.error());
                if (++delivered == 5)
                    all.cancel();
            });
        co_await all.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        BOOST_TEST(delivered == 5);
    });
    BOOST_TEST(platform.ledger().size() == 7u);
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_connection_that_breaks_is_told_at_once_when_there_is_no_other)
{
    td::sandbox::server platform(with_tls());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu"),
                           https().ca_file(platform.ca_file()).breaker(1, 1h).max_connections(2));
        BOOST_TEST((co_await notify.warm_up()).has_value());
        platform.add_fault(fault(fault_kind::refuse_connection).times(0));
        platform.add_fault(fault(fault_kind::delay).path(std::string(send_path)).delay(1s));
        platform.add_fault(fault(fault_kind::cut_in_headers).path(std::string(send_path)).times(0));
        std::vector<td::failure> failures;
        asio::steady_timer all(ex, std::chrono::steady_clock::time_point::max());
        for (int i = 0; i != 4; ++i)
            notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt> const& sent) {
                failures.push_back(sent.has_error() ? sent.error() : td::failure());
                if (failures.size() == 4)
                    all.cancel();
            });
        boost::system::error_code ignored;
        co_await all.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        // One was refused, the first was delivered, the next one's answer was cut, and then there was none left.
        BOOST_TEST(std::count(failures.begin(), failures.end(), td::errc::connect_failed) == 2);
        BOOST_TEST(std::count(failures.begin(), failures.end(), td::errc::outcome_unknown) == 1);
        BOOST_TEST(has(failures.back().message(), "not tried: the last 1 attempt to connect failed"), failures.back());
    });
}

BOOST_AUTO_TEST_CASE(who_waits_behind_a_connection_that_hangs_goes_on_when_the_host_is_back)
{
    td::sandbox::server platform(with_tls());
    bool hangs = true;
    int delivered = 0;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, platform.url("feishu"), https().ca_file(platform.ca_file()).breaker(1, 50ms));
        BOOST_TEST((co_await notify.warm_up()).has_value());
        platform.add_fault(fault(fault_kind::refuse_connection).times(3)); // the pause is over twice before it is back
        platform.add_fault(fault(fault_kind::stall).path(std::string(send_path)));
        asio::steady_timer all(ex, std::chrono::steady_clock::time_point::max());
        notify.async_send("ada", td::text{"1"}, [&](auto const&) { hangs = false; });
        notify.async_send("ada", td::text{"2"}, [&](td::result<td::receipt> const& sent) {
            BOOST_TEST((sent.has_error() && sent.error() == td::errc::connect_failed));
            for (int i = 0; i != 5; ++i)
                notify.async_send("ada", td::text{"3"}, [&](td::result<td::receipt> const& s) {
                    delivered += s.has_value();
                    if (s.has_error()) // whoever tried while it was away
                        BOOST_TEST((s.error() == td::errc::connect_failed), s.error());
                    if (delivered == 3)
                        all.cancel();
                });
        });
        boost::system::error_code ignored;
        co_await all.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        BOOST_TEST(delivered == 3);
        BOOST_TEST(hangs);
    });
}

BOOST_AUTO_TEST_CASE(of_many_who_find_that_the_pause_is_over_one_tries)
{
    constexpr int many = 10;
    relay const broken({ip::address_v4::loopback(), 0}, closed_port()); // accepts, and closes
    int failed = 0;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, "https://" + loopback(broken.port()), https().breaker(1, 300ms));
        auto const first = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST((first.has_error() && first.error() == td::errc::connect_failed));
        asio::steady_timer timer(ex, 400ms);
        co_await timer.async_wait(asio::use_awaitable);
        for (int i = 0; i != many; ++i)
            notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt> const& sent) {
                BOOST_TEST((sent.has_error() && sent.error() == td::errc::connect_failed));
                if (++failed == many)
                    timer.cancel();
            });
        timer.expires_after(10s);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    });
    BOOST_TEST(failed == many);
    BOOST_TEST(broken.accepted() == 2);
}

BOOST_AUTO_TEST_CASE(a_host_that_never_answers_counts_when_it_was_waited_for)
{
    black_hole const hole;
    asio::io_context io;
    ip::tcp::acceptor const silent(io, {ip::address_v4::loopback(), 0});
    for (auto const& there : {"http://" + loopback(hole.port()), "https://" + loopback(silent.local_endpoint().port())})
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            notifier notify(ex, td::feishu::credentials("cli_1", td::secret("s")), td::base_url(there),
                            td::deadline(800ms), // an attempt counts if it had 250 ms

                            td::transport::by_scheme(https().breaker(2, 1h), http().breaker(2, 1h)));
            for (int i = 0; i != 4; ++i)
            {
                auto const sent = co_await notify.send("ada", td::text{"hi"});
                BOOST_TEST_REQUIRE(sent.has_error());
                // That a deadline passed is true of those only who waited.
                BOOST_TEST((sent.error() == (i < 2 ? td::errc::timed_out : td::errc::connect_failed)), sent.error());
                BOOST_TEST(has(sent.error().message(), "while connecting, not tried: the last 2 attempts") == (i >= 2),
                           sent.error());
                if (i >= 2)
                    BOOST_TEST((sent.error().cause() == asio::error::timed_out));
            }
        });
}

BOOST_AUTO_TEST_CASE(callers_in_a_hurry_and_those_who_cancel_tell_nothing_about_a_host)
{
    black_hole const hole;
    auto const there = "http://" + loopback(hole.port());
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto hurried = make(ex, there, http().breaker(2, 1h), 20ms);
        for (int i = 0; i != 5; ++i)
        {
            auto const sent = co_await hurried.send("ada", td::text{"hi"});
            BOOST_TEST((sent.error() == td::errc::timed_out), sent.error());
        }
    });

    asio::io_context io;
    auto notify = make(io.get_executor(), there, http().breaker(2, 1h), 500ms);
    for (int i = 0; i != 3; ++i)
    {
        asio::cancellation_signal stop;
        td::failure got;
        notify.async_send("ada", td::text{"hi"},
                          asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& sent) {
                              got = sent.has_error() ? sent.error() : td::failure();
                          }));
        io.restart();
        io.poll();
        stop.emit(asio::cancellation_type::terminal);
        io.restart(); // what was emitted has to arrive before its signal goes
        io.run();
        BOOST_TEST((got == td::errc::cancelled), got);
    }
    td::failure got;
    notify.async_send("ada", td::text{"hi"}, [&](td::result<td::receipt> const& sent) { got = sent.error(); });
    io.restart();
    io.run();
    BOOST_TEST((got == td::errc::timed_out), got);
}

BOOST_AUTO_TEST_CASE(a_request_that_was_lost_stays_one_that_may_have_arrived_when_no_connection_follows)
{
    td::sandbox::server platform;
    relay way({ip::address_v4::loopback(), 0}, port_of(platform));
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = make(ex, platform, "http://" + loopback(way.port()), http());
        BOOST_TEST((co_await notify.warm_up()).has_value());
        way.close();
        platform.add_fault(fault(fault_kind::reply_lost).path(std::string(send_path)));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error() == td::errc::outcome_unknown), sent.error());
        BOOST_TEST(sent.error().message().find("while connecting (Connection refused") != std::string::npos,
                   sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
