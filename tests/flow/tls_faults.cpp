// What TLS may say, and when: who is believed, what is definite, and what leaves a message's outcome unknown.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/peers.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_peer.hpp"

#include <tidings/transport/detail/connection.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(tls_faults)

using namespace test;
using td::transport::https;

namespace {

// Keyed and not keyed.
using keyed = td::notifier<td::feishu, td::match::login_name, td::base_url, td::retry::none>;
using group = td::webhook<td::feishu, td::base_url, td::retry::none>;

constexpr unsigned char bad_certificate = 42;
constexpr unsigned char certificate_unknown = 46;
constexpr unsigned char unknown_ca = 48;
constexpr unsigned char access_denied = 49;
constexpr unsigned char internal_error = 80;
constexpr unsigned char certificate_required = 116;

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != text.npos;
}

struct trusted
{
    trusted() : own(ca.server("localhost", "DNS:localhost")), file(files.write("ca.pem", ca.pem())) {}

    authority ca;
    identity own;
    temporary_directory files;
    std::string file;
};

// What a server does that asks for a certificate and leaves it at that.
void ask_for_a_certificate(SSL_CTX* c)
{
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
}
void want_a_certificate(SSL_CTX* c)
{
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

keyed to_ada(asio::any_io_executor ex, std::string url, https how)
{
    return keyed(ex, td::feishu::credentials("cli_1", td::secret("secret-secret")), td::base_url(std::move(url)),
                 std::move(how));
}

group to_all(asio::any_io_executor ex, std::string const& url, https how)
{
    return group(ex, td::webhook_address(url + "/open-apis/bot/v2/hook/0123456789abcdef"), std::move(how),
                 td::base_url(url));
}

td::result<td::receipt> send_to_all(std::string const& url, https const& how, int times = 1)
{
    td::result<td::receipt> out = td::failure();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto all = to_all(ex, url, how);
        for (int i = 0; i != times; ++i)
            out = co_await all.send(td::text{"hi"});
    });
    return out;
}

// Answers as Feishu does.
void be_feishu(tls_session& s, std::string const& request)
{
    s.answer(has(request, "tenant_access_token") ? R"({"code":0,"msg":"ok","tenant_access_token":"t-1","expire":7200})"
                                                 : R"({"code":0,"data":{"message_id":"om_1"}})");
}

} // namespace

// ---- Who is believed

BOOST_AUTO_TEST_CASE(only_a_subject_alternative_name_is_a_host_name)
{
    struct
    {
        char const* common;
        char const* verified;
        bool good;
    } const rows[] = {{"localhost", "DNS:localhost", true},
                      {"x", "DNS:localhost", true},
                      {"localhost", "", false},
                      {"localhost", "DNS:else.example", false},
                      {"localhost", "IP:127.0.0.1", false}};
    for (auto const& row : rows)
    {
        authority const ca;
        temporary_directory const files;
        auto const own = ca.server(row.common, row.verified);
        std::atomic<int> read = 0;
        tls_peer const server(&own, nullptr, [&](tls_session& s) {
            for (std::string request; !(request = s.read_request()).empty();)
            {
                ++read; // before the answer, which ends the call
                be_feishu(s, request);
            }
        });
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            auto notify = to_ada(ex, server.url(), https().ca_file(files.write("ca.pem", ca.pem())));
            auto const sent = co_await notify.send("ada", td::text{"hi"});
            BOOST_TEST(sent.has_value() == row.good, row.common << ", " << row.verified << ": " << sent.error());
            if (sent.has_error())
                BOOST_TEST((sent.error() == td::errc::tls_failed), sent.error());
        });
        BOOST_TEST(read == (row.good ? 2 : 0));
    }
}

BOOST_AUTO_TEST_CASE(a_server_without_a_certificate_or_without_encryption_gets_no_byte)
{
    trusted const here;
    for (char const* const ciphers : {"aNULL:@SECLEVEL=0", "eNULL:!aNULL:@SECLEVEL=0"})
    {
        tls_peer const server(
            ciphers[0] == 'a' ? nullptr : &here.own,
            [&](SSL_CTX* c) {
                SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
                SSL_CTX_set_cipher_list(c, ciphers);
            },
            [](tls_session&) { BOOST_TEST(false, "a handshake that proves nothing"); });
        auto const said = send_to_all(server.url(), https().ca_file(here.file));
        BOOST_TEST_REQUIRE(said.has_error());
        BOOST_TEST((said.error() == td::errc::connect_failed), said.error());
        BOOST_TEST(has(said.error().message(), "no TLS version, cipher or protocol in common"), said.error());
    }
}

// Whatever a context allows: this is what looks at the result.
BOOST_AUTO_TEST_CASE(a_handshake_in_which_no_certificate_was_shown_is_refused)
{
    namespace detail = td::transport::detail;
    tls_peer const server(
        nullptr,
        [](SSL_CTX* c) {
            SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
            SSL_CTX_set_cipher_list(c, "aNULL:@SECLEVEL=0");
        },
        [](tls_session& s) { BOOST_TEST(s.read_request() == ""); });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        asio::ssl::context context(asio::ssl::context::tls_client);
        SSL_CTX_set_cipher_list(context.native_handle(), "aNULL:@SECLEVEL=0");
        auto const where = td::transport::endpoint::parse(server.url());
        detail::connection c(ex, context.native_handle());
        c.socket().connect({asio::ip::address_v4::loopback(), server.port()});
        c.socket().non_blocking(true);
        std::string said;
        boost::system::error_code const ec = co_await detail::handshake(c, *where, said);
        BOOST_TEST(ec == make_error_code(td::errc::tls_failed));
        BOOST_TEST(has(said, "showed no certificate"), said);
    });
    BOOST_TEST(server.accepted() == 1);
}

// ---- What is definite

BOOST_AUTO_TEST_CASE(a_server_that_wants_a_certificate_has_taken_no_message)
{
    trusted const here;
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    {
        tls_peer const server(
            &here.own,
            [&](SSL_CTX* c) {
                SSL_CTX_set_max_proto_version(c, version);
                want_a_certificate(c);
            },
            [](tls_session&) { BOOST_TEST(false, "a handshake without the certificate"); });
        auto const said = send_to_all(server.url(), https().ca_file(here.file));
        BOOST_TEST_REQUIRE(said.has_error());
        // By TLS 1.3 that came in place of the answer, unless the connection was reset before it was read.
        bool const lost = said.error() == td::errc::outcome_unknown && version == TLS1_3_VERSION &&
                          said.error().cause().category() == boost::system::system_category();
        BOOST_TEST((lost || said.error() == td::errc::tls_failed), said.error());
        if (!lost)
            BOOST_TEST(has(said.error().remedy(), "a client certificate that the server trusts"), said.error());
    }
}

BOOST_AUTO_TEST_CASE(a_handshake_without_common_ground_is_told_apart_from_a_certificate)
{
    trusted const here;
    tls_peer const old(
        &here.own,
        [](SSL_CTX* c) {
            SSL_CTX_set_cipher_list(c, "ALL:@SECLEVEL=0");
            SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
            SSL_CTX_set_max_proto_version(c, TLS1_1_VERSION);
        },
        [](tls_session&) { BOOST_TEST(false, "TLS 1.1"); });
    auto const said = send_to_all(old.url(), https().ca_file(here.file));
    BOOST_TEST_REQUIRE(said.has_error());
    BOOST_TEST((said.error() == td::errc::connect_failed), said.error());
    BOOST_TEST(has(said.error().remedy(), "TLS 1.2 or newer"), said.error());
}

// ---- What ends too early

namespace {

// Passes connections on to a server, and ends each when the server has said so many bytes.
class cutter final : public peer
{
public:
    enum class manner
    {
        close,
        reset
    };

    explicit cutter(unsigned short server)
        : peer({asio::ip::address_v4::loopback(), 0}), server_(asio::ip::address_v4::loopback(), server)
    {
        start();
    }
    ~cutter() override { stop(); }

    std::string authority() const { return "localhost:" + std::to_string(port()); }

    // Of the connections from now on.
    void cut(std::size_t after, manner how)
    {
        after_ = after;
        how_ = how;
    }

    // What the server said, on a connection that was not cut.
    std::string said() const
    {
        std::scoped_lock const lock(mutex_);
        return said_;
    }

private:
    using socket_ptr = std::shared_ptr<tcp::socket>;

    asio::awaitable<void> serve(socket_ptr client) override
    {
        auto const server = std::make_shared<tcp::socket>(io);
        auto const [ec] = co_await server->async_connect(server_, no_throw);
        if (ec)
            co_return;
        asio::co_spawn(io, pass(client, server), asio::detached);
        std::array<char, 4096> bytes;
        std::string all;
        boost::system::error_code over;
        do
        {
            auto const [failed, n] = co_await server->async_read_some(asio::buffer(bytes), no_throw);
            over = failed;
            auto const size = std::min(n, after_ - all.size());
            all.append(bytes.data(), size);
            co_await asio::async_write(*client, asio::buffer(bytes, size), no_throw);
        } while (!over && all.size() < after_);
        {
            std::scoped_lock const lock(mutex_);
            said_ = all;
        }
        boost::system::error_code ignored;
        server->close(ignored);
        if (how_ == manner::close)
            client->shutdown(tcp::socket::shutdown_send,
                             ignored); // and the client is read on: unread bytes are a reset
        else
        {
            client->set_option(tcp::socket::linger(true, 0), ignored);
            client->close(ignored);
        }
    }

    static asio::awaitable<void> pass(socket_ptr client, socket_ptr server)
    {
        std::array<char, 4096> bytes;
        for (;;)
        {
            auto const [ec, n] = co_await client->async_read_some(asio::buffer(bytes), no_throw);
            if (ec)
                break;
            co_await asio::async_write(*server, asio::buffer(bytes, n), no_throw);
        }
        boost::system::error_code ignored;
        server->close(ignored);
    }

    tcp::endpoint server_;
    std::atomic<std::size_t> after_ = std::string::npos;
    std::atomic<manner> how_ = manner::close;
    mutable std::mutex mutex_;
    std::string said_;
};

// Where to cut: at the beginning of each record, in its header, behind that, and in its middle. The last record is the
// answer to the request.
std::vector<std::size_t> within_the_handshake(std::string const& said)
{
    std::vector<std::size_t> out;
    constexpr std::size_t header = 5;
    for (std::size_t at = 0; at + header <= said.size();)
    {
        auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(said[at + i]); };
        auto const size = byte(3) * 256u + byte(4);
        auto const next = at + header + size;
        if (next >= said.size())
            break;
        for (auto const cut : {std::size_t(0), std::size_t(2), header, header + size / 2})
            out.push_back(at + cut);
        at = next;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_handshake_that_ends_too_early_anywhere_is_named_with_the_host)
{
    trusted const here;
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    {
        tls_peer const server(
            &here.own,
            [version](SSL_CTX* c) {
                SSL_CTX_set_min_proto_version(c, version);
                SSL_CTX_set_max_proto_version(c, version);
            },
            [](tls_session& s) {
                s.read_request();
                s.answer(R"({"code":0,"msg":"success"})");
                s.read_request(); // until it goes
            });
        cutter between(server.port());
        auto const how = https().ca_file(here.file);
        auto const whole = send_to_all("https://" + between.authority(), how);
        BOOST_TEST_REQUIRE(whole.has_value(), whole.error());
        std::string said;
        while ((said = between.said()).empty())
            std::this_thread::yield();
        auto const cuts = within_the_handshake(said);
        BOOST_TEST(cuts.size() >= 4 * 5u);
        for (auto const after : cuts)
            for (auto const manner : {cutter::manner::close, cutter::manner::reset})
                BOOST_TEST_CONTEXT("TLS " << std::hex << version << std::dec << ", " << after << " bytes, "
                                          << (manner == cutter::manner::reset ? "reset" : "closed"))
                {
                    between.cut(after, manner);
                    auto const sent = send_to_all("https://" + between.authority(), how);
                    BOOST_TEST_REQUIRE(sent.has_error());
                    BOOST_TEST((sent.error() == td::errc::connect_failed), sent.error());
                    BOOST_TEST(has(sent.error().message(), between.authority() + ", during the TLS handshake"),
                               sent.error());
                    BOOST_TEST(has(sent.error().remedy(), "may close connections during the TLS handshake"),
                               sent.error());
                }
    }
}

// ---- What nobody knows

BOOST_AUTO_TEST_CASE(an_alert_behind_a_message_that_was_read_leaves_its_outcome_unknown)
{
    trusted const here;
    for (unsigned char const description :
         {bad_certificate, certificate_unknown, unknown_ca, access_denied, certificate_required, internal_error})
        for (int const before : {0, 1, 3}) // messages over the same connection that were answered
        {
            std::atomic<int> read = 0;
            tls_peer const server(
                &here.own, [](SSL_CTX* c) { SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION); },
                [&](tls_session& s) {
                    for (int i = 0; i != before; ++i)
                    {
                        read += !s.read_request().empty();
                        s.answer(R"({"code":0,"msg":"success"})");
                    }
                    read += !s.read_request().empty();
                    s.alert(description);
                });
            auto const said = send_to_all(server.url(), https().ca_file(here.file), before + 1);
            BOOST_TEST_REQUIRE(said.has_error());
            BOOST_TEST((said.error() == td::errc::outcome_unknown),
                       static_cast<int>(description) << " behind " << before << ": " << said.error());
            BOOST_TEST(has(said.error().remedy(), "Look whether"), said.error());
            BOOST_TEST(has(said.error().message(), "while waiting for the answer"), said.error());
            BOOST_TEST(read == before + 1);
            BOOST_TEST(server.accepted() == 1);
        }
}

BOOST_AUTO_TEST_CASE(an_alert_about_the_certificate_is_definite_only_until_the_server_has_answered)
{
    trusted const here;
    struct
    {
        unsigned char description;
        int before;
        td::errc expected;
    } const rows[] = {
        {certificate_required, 0, td::errc::tls_failed},
        {bad_certificate, 0, td::errc::tls_failed},
        {unknown_ca, 0, td::errc::tls_failed},
        // May be about the request.
        {access_denied, 0, td::errc::outcome_unknown},
        {internal_error, 0, td::errc::outcome_unknown},
        {certificate_required, 1, td::errc::outcome_unknown},
        {bad_certificate, 1, td::errc::outcome_unknown},
    };
    for (auto const& row : rows)
    {
        tls_peer const server(
            &here.own,
            [](SSL_CTX* c) {
                SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION);
                ask_for_a_certificate(c);
            },
            [&](tls_session& s) {
                for (int i = 0; i != row.before; ++i)
                {
                    BOOST_TEST(s.read_request() != "");
                    s.answer(R"({"code":0,"msg":"success"})");
                }
                s.read_request();
                s.alert(row.description);
            });
        auto const said = send_to_all(server.url(), https().ca_file(here.file), row.before + 1);
        BOOST_TEST_REQUIRE(said.has_error());
        BOOST_TEST((said.error() == row.expected), static_cast<int>(row.description)
                                                       << " behind " << row.before << ": " << said.error());
    }
}

BOOST_AUTO_TEST_CASE(an_alert_behind_a_ticket_comes_from_a_server_that_has_accepted_the_certificate)
{
    trusted const here;
    tls_peer const server(
        &here.own,
        [](SSL_CTX* c) {
            SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION);
            SSL_CTX_set_num_tickets(c, 1);
            ask_for_a_certificate(c);
        },
        [](tls_session& s) {
            s.read_request();
            s.count_ticket();
            s.alert(bad_certificate);
        });
    auto const said = send_to_all(server.url(), https().ca_file(here.file));
    BOOST_TEST_REQUIRE(said.has_error());
    BOOST_TEST((said.error() == td::errc::outcome_unknown), said.error());
}

BOOST_AUTO_TEST_CASE(a_keyed_message_whose_connection_ends_by_an_alert_is_asked_for_again_on_a_new_one)
{
    trusted const here;
    std::atomic<int> messages = 0;
    tls_peer const server(
        &here.own, [](SSL_CTX* c) { SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION); },
        [&](tls_session& s) {
            for (std::string request; !(request = s.read_request()).empty();)
            {
                bool const message = has(request, "/im/v1/messages");
                messages += message;
                if (message && s.number() == 0)
                {
                    s.alert(access_denied);
                    return;
                }
                be_feishu(s, request);
            }
        });
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto notify = to_ada(ex, server.url(), https().ca_file(here.file));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(messages == 2);
    BOOST_TEST(server.accepted() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
