// Whatever TLS does between a request and its answer: it is no fault, and the connection is kept.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/platform.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_peer.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace tls_streams_test {

BOOST_AUTO_TEST_SUITE(tls_streams)

using namespace test;
using td::transport::https;

constexpr std::string_view delivered = R"({"code":0,"data":{},"msg":"success"})";

// A group's webhook behind a server that does as the test wants.
struct behind
{
    behind(int version, std::function<void(tls_session&)> serve)
        : own(ca.server("localhost", "DNS:localhost")), file(files.write("ca.pem", ca.pem())),
          server(
              &own,
              [version](SSL_CTX* c) {
                  SSL_CTX_set_min_proto_version(c, version);
                  SSL_CTX_set_max_proto_version(c, version);
              },
              std::move(serve))
    {
    }

    // All are delivered, or it says why one was not.
    void send(int times, std::string const& text = "hi")
    {
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            td::webhook<td::feishu, td::base_url, td::retry::none> all(
                ex, td::webhook_address(server.url() + "/open-apis/bot/v2/hook/0123456789abcdef"),
                https().ca_file(file), td::base_url(server.url()));
            for (int i = 0; i != times; ++i)
            {
                auto const sent = co_await all.send(td::text{text});
                BOOST_TEST(sent.has_value(), "message " << i << ": " << sent.error());
            }
        });
    }

    authority ca;
    identity own;
    temporary_directory files;
    std::string file;
    tls_peer server;
};

constexpr int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

BOOST_DATA_TEST_CASE(an_answer_in_records_of_one_byte_is_an_answer, boost::unit_test::data::make(versions))
{
    behind here(sample, [](tls_session& s) {
        auto const answer = tls_session::text_of_answer(delivered);
        while (!s.read_request().empty())
            for (auto const c : answer)
                s.write({&c, 1});
    });
    here.send(3);
    BOOST_TEST(here.server.accepted() == 1);
}

BOOST_DATA_TEST_CASE(an_answer_larger_than_every_buffer_is_an_answer, boost::unit_test::data::make(versions))
{
    behind here(sample, [](tls_session& s) {
        auto const padding = std::string(300 * 1024, ' ');
        while (!s.read_request().empty())
            s.answer(padding + std::string(delivered));
    });
    here.send(3);
    BOOST_TEST(here.server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_ticket_behind_an_answer_leaves_the_connection_as_it_is)
{
    behind here(TLS1_3_VERSION, [](tls_session& s) {
        while (!s.read_request().empty())
        {
            s.answer(delivered);
            // With the answer, or behind it: whichever the client reads first.
            BOOST_TEST(SSL_new_session_ticket(s.native_handle()) == 1);
            SSL_do_handshake(s.native_handle());
        }
    });
    here.send(5);
    BOOST_TEST(here.server.accepted() == 1);
}

BOOST_DATA_TEST_CASE(a_new_key_is_taken_and_answered_with_another,
                     boost::unit_test::data::make({SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED}))
{
    int changes = 0;
    {
        behind here(TLS1_3_VERSION, [&](tls_session& s) {
            for (; !s.read_request().empty(); ++changes)
            {
                SSL_key_update(s.native_handle(), sample);
                s.answer(delivered);
            }
        });
        here.send(5);
        BOOST_TEST(here.server.accepted() == 1);
    }
    BOOST_TEST(changes == 5);
}

BOOST_AUTO_TEST_CASE(a_new_key_behind_an_answer_leaves_the_connection_as_it_is)
{
    behind here(TLS1_3_VERSION, [](tls_session& s) {
        while (!s.read_request().empty())
        {
            s.answer(delivered);
            SSL_key_update(s.native_handle(), SSL_KEY_UPDATE_REQUESTED);
            SSL_do_handshake(s.native_handle());
        }
    });
    here.send(5);
    BOOST_TEST(here.server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_new_handshake_is_refused_and_the_answer_taken)
{
    std::string refusal;
    {
        behind here(TLS1_2_VERSION, [&](tls_session& s) {
            if (s.read_request().empty())
                return;
            SSL_renegotiate(s.native_handle());
            SSL_do_handshake(s.native_handle()); // that it would like one
            s.answer(delivered);
            BOOST_TEST(s.read_request() == "");
            if (auto const* const why = ERR_reason_error_string(ERR_peek_error()))
                refusal = why;
        });
        here.send(1);
        BOOST_TEST(here.server.accepted() == 1);
    }
    BOOST_TEST(refusal == "no renegotiation");
}

// More than the sockets of both sides hold: the rest is written when the server reads on.
BOOST_DATA_TEST_CASE(a_request_that_the_socket_does_not_take_at_once_is_written_in_parts,
                     boost::unit_test::data::make({false, true}))
{
    td::sandbox::server const platform(td::sandbox::options().tls(sample));
    temporary_directory const files;
    auto const ca = sample ? files.write("ca.pem", platform.ca_pem()) : std::string();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<td::feishu, td::match::login_name, td::base_url, td::transport::by_scheme> notify(
            ex, credentials<td::feishu>(platform), url<td::feishu>(platform),
            td::transport::by_scheme(https().ca_file(ca)));
        auto const sent = co_await notify.send("ada", td::file("a.bin", std::string(24 * 1024 * 1024, 'x')));
        BOOST_TEST(sent.has_value(), sent.error());
    });
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tls_streams_test
