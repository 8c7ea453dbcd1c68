// What faults and half answers mean for the caller, as tables.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/impl/outcome.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <string_view>

namespace outcome_test {

namespace {

namespace asio_error = boost::asio::error;
namespace http = boost::beast::http;
using tidings::errc;
using tidings::error_code;
using tidings::failure;
using tidings::detail::kind_of;
using tidings::transport::progress;
using tidings::wire::idempotency;

constexpr progress all_progress[] = {progress::queued,
                                     progress::resolving,
                                     progress::connecting,
                                     progress::resolving_proxy,
                                     progress::connecting_to_proxy,
                                     progress::asking_proxy,
                                     progress::handshaking,
                                     progress::connected,
                                     progress::sending,
                                     progress::receiving,
                                     progress::complete};

// What OpenSSL says when the peer sent this alert.
error_code alert(int reason)
{
    return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, reason)), asio_error::get_ssl_category()};
}

std::string kind(errc e)
{
    return make_error_code(e).message();
}
std::string kind(failure const& f)
{
    return f.code().message();
}

failure explained(error_code ec, progress p, idempotency what, std::string_view detail = {})
{
    auto const where = tidings::transport::endpoint::parse("https://h:8443/p");
    BOOST_REQUIRE(where.has_value());
    tidings::transport::exchange x;
    x.progress = p;
    x.detail = detail;
    return tidings::detail::explain(ec, x, *where, what);
}

failure decoded(errc e, std::optional<unsigned> status, std::string_view platform_code = {})
{
    if (!status)
        return failure(e);
    auto const facts = tidings::detail::new_facts();
    facts->http_status = *status;
    facts->platform_code = platform_code;
    facts->log_id = "L";
    return {e, facts};
}

} // namespace

BOOST_AUTO_TEST_SUITE(outcomes)

BOOST_AUTO_TEST_CASE(a_fault_has_a_kind_that_depends_on_how_far_the_exchange_came)
{
    struct
    {
        error_code ec;
        progress p;
        errc expected;
    } const rows[] = {
        {asio_error::host_not_found, progress::resolving, errc::connect_failed},
        {asio_error::connection_refused, progress::connecting, errc::connect_failed},
        {asio_error::timed_out, progress::connecting, errc::connect_failed}, // the system's own limit, not ours
        {asio_error::timed_out, progress::resolving, errc::connect_failed},
        {asio_error::timed_out, progress::handshaking, errc::connect_failed},
        {asio_error::timed_out, progress::sending, errc::connect_failed},
        {asio_error::timed_out, progress::receiving, errc::connect_failed},
        {asio_error::connection_reset, progress::handshaking, errc::connect_failed},
        {asio_error::eof, progress::handshaking, errc::connect_failed},
        {asio_error::broken_pipe, progress::handshaking, errc::connect_failed},
        {boost::asio::ssl::error::stream_truncated, progress::handshaking, errc::connect_failed},
        {asio_error::connection_reset, progress::sending, errc::connect_failed},
        {asio_error::eof, progress::receiving, errc::connect_failed},
        {boost::asio::ssl::error::stream_truncated, progress::receiving, errc::connect_failed},
        {http::error::end_of_stream, progress::receiving, errc::connect_failed},
        {http::error::partial_message, progress::receiving, errc::connect_failed},
        {http::error::bad_version, progress::receiving, errc::protocol_error},
        {http::error::bad_status, progress::receiving, errc::protocol_error},
        {http::error::header_limit, progress::receiving, errc::protocol_error},
        {http::error::body_limit, progress::receiving, errc::protocol_error},
        {http::error::buffer_overflow, progress::receiving, errc::protocol_error},
        {http::error::bad_chunk, progress::sending, errc::protocol_error},
        {http::error::bad_version, progress::connecting, errc::connect_failed},
        {asio_error::host_not_found, progress::resolving_proxy, errc::connect_failed},
        {asio_error::timed_out, progress::resolving_proxy, errc::connect_failed},
        {asio_error::connection_refused, progress::connecting_to_proxy, errc::connect_failed},
        {asio_error::timed_out, progress::connecting_to_proxy, errc::connect_failed},
        {asio_error::eof, progress::asking_proxy, errc::connect_failed},
        {asio_error::timed_out, progress::asking_proxy, errc::connect_failed},
        {http::error::bad_version, progress::asking_proxy, errc::protocol_error},
        {make_error_code(errc::proxy_refused), progress::asking_proxy, errc::proxy_refused},
        // Only a verdict about a certificate is definite.
        {alert(SSL_R_CERTIFICATE_VERIFY_FAILED), progress::handshaking, errc::tls_failed},
        {alert(SSL_R_SSLV3_ALERT_BAD_CERTIFICATE), progress::handshaking, errc::tls_failed},
        {alert(SSL_R_TLSV1_ALERT_UNKNOWN_CA), progress::handshaking, errc::tls_failed},
        {alert(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED), progress::sending, errc::tls_failed},
        {alert(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_TLSV1_ALERT_PROTOCOL_VERSION), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_TLSV1_UNRECOGNIZED_NAME), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_TLSV1_ALERT_INTERNAL_ERROR), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_WRONG_VERSION_NUMBER), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_SSLV3_ALERT_BAD_RECORD_MAC), progress::handshaking, errc::connect_failed},
        {alert(SSL_R_SSLV3_ALERT_BAD_RECORD_MAC), progress::receiving, errc::connect_failed},
    };
    for (auto const& row : rows)
        BOOST_TEST(kind(kind_of(row.ec, row.p)) == kind(row.expected), row.ec.message()
                                                                           << ' ' << tidings::detail::describe(row.p));
    for (auto const p : all_progress)
    {
        BOOST_TEST(kind(kind_of(asio_error::operation_aborted, p)) == kind(errc::cancelled));
        for (auto const own :
             {errc::timed_out, errc::cancelled, errc::tls_failed, errc::invalid_argument, errc::queue_full})
            BOOST_TEST(kind(kind_of(make_error_code(own), p)) == kind(own));
    }
}

BOOST_AUTO_TEST_CASE(a_message_has_an_unknown_outcome_once_sending_began_and_a_question_never_has)
{
    error_code const faults[] = {asio_error::connection_reset, asio_error::operation_aborted,
                                 make_error_code(errc::timed_out), http::error::bad_version,
                                 http::error::partial_message};
    for (auto const& ec : faults)
        for (auto const p : all_progress)
            for (auto const what : {idempotency::idempotent, idempotency::with_key, idempotency::none})
                BOOST_TEST_CONTEXT(ec.message() << ' ' << tidings::detail::describe(p))
                {
                    auto const f = explained(ec, p, what);
                    bool const unknown = p >= progress::sending && what != idempotency::idempotent;
                    BOOST_TEST(kind(f) == kind(unknown ? errc::outcome_unknown : kind_of(ec, p)));
                    BOOST_TEST((f == tidings::condition::unknown) == unknown);
                }
}

BOOST_AUTO_TEST_CASE(behind_an_unknown_outcome_stands_why_nobody_knows)
{
    BOOST_TEST(explained(asio_error::connection_reset, progress::receiving, idempotency::with_key).cause() ==
               error_code(asio_error::connection_reset));
    BOOST_TEST(explained(make_error_code(errc::timed_out), progress::receiving, idempotency::with_key).cause() ==
               make_error_code(errc::timed_out));
    BOOST_TEST(explained(asio_error::operation_aborted, progress::sending, idempotency::none).cause() ==
               make_error_code(errc::cancelled));
    BOOST_TEST(explained(http::error::bad_version, progress::receiving, idempotency::with_key).cause() ==
               make_error_code(errc::protocol_error));
}

BOOST_AUTO_TEST_CASE(behind_a_failure_stands_what_the_network_said)
{
    BOOST_TEST(explained(asio_error::connection_refused, progress::connecting, idempotency::with_key).cause() ==
               error_code(asio_error::connection_refused));
    BOOST_TEST(explained(http::error::bad_version, progress::receiving, idempotency::idempotent).cause() ==
               make_error_code(http::error::bad_version));
    BOOST_TEST(!explained(asio_error::operation_aborted, progress::queued, idempotency::with_key).cause().failed());
    BOOST_TEST(!explained(make_error_code(errc::timed_out), progress::queued, idempotency::with_key).cause().failed());
    BOOST_TEST(
        !explained(make_error_code(errc::tls_failed), progress::handshaking, idempotency::idempotent).cause().failed());
}

BOOST_AUTO_TEST_CASE(a_fault_is_told_with_where_and_when)
{
    auto const f = explained(asio_error::connection_refused, progress::connecting, idempotency::idempotent, "10.0.0.1");
    BOOST_REQUIRE(f.facts() != nullptr);
    BOOST_TEST(f.facts()->detail == "h:8443, while connecting, 10.0.0.1");
    BOOST_TEST(f.message().find(error_code(asio_error::connection_refused).message()) != std::string::npos);
    for (auto const p : all_progress)
        if (p != progress::complete)
            BOOST_TEST(!tidings::detail::describe(p).empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_cannot_be_resolved_and_trouble_with_the_proxy_are_said_in_words)
{
    struct
    {
        error_code ec;
        progress p;
        std::string_view detail, said;
    } const rows[] = {
        {asio_error::host_not_found, progress::resolving, "", "h:8443, the host name cannot be resolved"},
        {make_error_code(errc::timed_out), progress::resolving, "", "h:8443, while resolving the host name"},
        {asio_error::operation_aborted, progress::resolving, "", "h:8443, while resolving the host name"},
        {asio_error::host_not_found, progress::resolving_proxy, "p:1",
         "h:8443, the host name of the proxy cannot be resolved, p:1"},
        {make_error_code(errc::timed_out), progress::resolving_proxy, "p:1",
         "h:8443, while resolving the host name of the proxy, p:1"},
        {asio_error::connection_refused, progress::connecting_to_proxy, "p:1",
         "h:8443, while connecting to the proxy, p:1"},
        {make_error_code(errc::proxy_refused), progress::asking_proxy, "p:1 answered 403",
         "h:8443, while asking the proxy for the connection, p:1 answered 403"},
    };
    for (auto const& row : rows)
    {
        auto const f = explained(row.ec, row.p, idempotency::with_key, row.detail);
        BOOST_REQUIRE(f.facts() != nullptr);
        BOOST_TEST(f.facts()->detail == row.said);
        bool const about_proxy = f == errc::connect_failed && row.p >= progress::resolving_proxy;
        BOOST_TEST((f.remedy().find("the address of the proxy") != std::string::npos) == about_proxy, f);
    }
}

constexpr int about_our_certificate[] = {
    SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, SSL_R_SSLV3_ALERT_NO_CERTIFICATE,
    SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,       SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
    SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,   SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
    SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,   SSL_R_TLSV1_ALERT_UNKNOWN_CA,
    SSL_R_TLSV1_ALERT_ACCESS_DENIED};

BOOST_AUTO_TEST_CASE(a_server_that_takes_no_certificate_of_ours_in_the_handshake_has_read_no_request)
{
    auto const where = tidings::transport::endpoint::parse("https://h:8443/p").value();
    for (int const reason : about_our_certificate)
    {
        auto const f = explained(alert(reason), progress::handshaking, idempotency::none);
        BOOST_TEST(kind(f) == kind(errc::tls_failed));
        BOOST_TEST(f.cause() == alert(reason));
        BOOST_TEST(f.remedy().find("a client certificate that the server trusts") != std::string::npos, f);
        // By TLS 1.3 it says so behind the handshake. Whether that was what it answered, the connection knows.
        for (auto const p : {progress::sending, progress::receiving})
        {
            tidings::transport::exchange x;
            x.progress = p;
            x.certificate_refused = true;
            auto const later = tidings::detail::explain(alert(reason), x, where, idempotency::none);
            BOOST_TEST(kind(later) == kind(errc::tls_failed));
            BOOST_TEST(later.remedy() == f.remedy());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_alert_behind_a_request_that_may_have_been_read_leaves_the_outcome_unknown)
{
    for (int const reason : about_our_certificate)
        for (auto const p : {progress::sending, progress::receiving})
            for (auto const what : {idempotency::with_key, idempotency::none})
            {
                auto const f = explained(alert(reason), p, what);
                BOOST_TEST(kind(f) == kind(errc::outcome_unknown));
                BOOST_TEST(f.cause() == make_error_code(errc::tls_failed));
            }
    auto const f = explained(alert(SSL_R_SSLV3_ALERT_BAD_RECORD_MAC), progress::receiving, idempotency::with_key);
    BOOST_TEST(kind(f) == kind(errc::outcome_unknown));
    BOOST_TEST(f.cause() == alert(SSL_R_SSLV3_ALERT_BAD_RECORD_MAC));
    // The same number elsewhere is something else.
    error_code const other(alert(SSL_R_TLSV1_ALERT_UNKNOWN_CA).value(), boost::system::generic_category());
    BOOST_TEST(kind(explained(other, progress::receiving, idempotency::with_key)) == kind(errc::outcome_unknown));
}

BOOST_AUTO_TEST_CASE(a_handshake_that_fails_is_told_with_what_to_look_at)
{
    struct
    {
        error_code ec;
        std::string_view said, advice;
    } const rows[] = {
        {asio_error::connection_reset, "h:8443, during the TLS handshake", "may close connections during the TLS"},
        {boost::asio::ssl::error::stream_truncated, "h:8443, during the TLS handshake", "load balancer"},
        {alert(SSL_R_TLSV1_ALERT_INTERNAL_ERROR), "h:8443, during the TLS handshake", "load balancer"},
        {alert(SSL_R_WRONG_VERSION_NUMBER), "the server does not answer in TLS", "the port of the base URL"},
        {alert(SSL_R_PACKET_LENGTH_TOO_LONG), "the server does not answer in TLS", "transport::http"},
        {alert(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE), "no TLS version, cipher or protocol in common", "TLS 1.2"},
        {alert(SSL_R_TLSV1_ALERT_PROTOCOL_VERSION), "no TLS version, cipher or protocol in common", "TLS 1.2"},
        {alert(SSL_R_UNSUPPORTED_PROTOCOL), "no TLS version, cipher or protocol in common", "OpenSSL"},
        {alert(SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL), "no TLS version, cipher or protocol in common",
         "the right server"},
    };
    for (auto const& row : rows)
    {
        auto const f = explained(row.ec, progress::handshaking, idempotency::none);
        BOOST_TEST(kind(f) == kind(errc::connect_failed));
        BOOST_TEST(f.message().find(row.said) != std::string::npos, f);
        BOOST_TEST(f.remedy().find(row.advice) != std::string::npos, f);
        BOOST_TEST(f.remedy().find("CA file") == std::string::npos, f);
        BOOST_TEST(!f.remedy(tidings::language::chinese).empty());
        BOOST_TEST(f.cause() == row.ec);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_in_the_environment_that_is_not_used_is_named_where_no_connection_came_about)
{
    auto const where = tidings::transport::endpoint::parse("https://h").value();
    tidings::transport::exchange x;
    for (auto const p : all_progress)
        for (auto const& ec : {error_code(asio_error::host_not_found), make_error_code(errc::timed_out),
                               error_code(asio_error::operation_aborted), make_error_code(errc::queue_full)})
        {
            x.progress = p;
            x.unused_proxy = "HTTPS_PROXY";
            auto const f = tidings::detail::explain(ec, x, where, idempotency::idempotent);
            bool const named = p <= progress::handshaking && (f == errc::connect_failed || f == errc::timed_out);
            for (auto const lang : {tidings::language::english, tidings::language::chinese})
                for (std::string_view const word :
                     {"HTTPS_PROXY", "proxy_from_environment()", "--proxy-from-environment"})
                    BOOST_TEST((f.remedy(lang).find(word) != std::string::npos) == named, f);
            x.unused_proxy = {};
            BOOST_TEST(tidings::detail::explain(ec, x, where, idempotency::idempotent).remedy().find("environment") ==
                       std::string::npos);
        }
}

BOOST_AUTO_TEST_CASE(half_an_answer_to_a_message_leaves_its_outcome_unknown)
{
    struct
    {
        errc kind;
        std::optional<unsigned> status;
        std::string_view platform_code;
        errc expected; // of a message; a question keeps its kind
    } const rows[] = {
        // No platform speaks: a gateway's page, half an answer.
        {errc::protocol_error, 200, "", errc::outcome_unknown},
        {errc::protocol_error, 302, "", errc::outcome_unknown},
        {errc::protocol_error, 303, "", errc::outcome_unknown},
        {errc::server_error, 500, "", errc::outcome_unknown},
        {errc::server_error, 502, "", errc::outcome_unknown},
        {errc::server_error, 504, "", errc::outcome_unknown},
        {errc::protocol_error, std::nullopt, "", errc::outcome_unknown},
        // The status says that the request was not taken.
        {errc::protocol_error, 404, "", errc::protocol_error},
        {errc::protocol_error, 400, "", errc::protocol_error},
        {errc::protocol_error, 301, "", errc::protocol_error},
        {errc::protocol_error, 308, "", errc::protocol_error},
        {errc::protocol_error, 413, "", errc::protocol_error},
        {errc::rate_limited, 429, "", errc::rate_limited},
        // A gateway says so, too, when the server behind it was slow, or at work already.
        {errc::server_error, 408, "", errc::outcome_unknown},
        {errc::protocol_error, 406, "", errc::outcome_unknown},
        {errc::protocol_error, 409, "", errc::outcome_unknown},
        {errc::protocol_error, 425, "", errc::outcome_unknown},
        {errc::protocol_error, 460, "", errc::outcome_unknown},
        {errc::server_error, 499, "", errc::outcome_unknown},
        // Also in JSON that looks like the platform's.
        {errc::server_error, 408, "1663", errc::outcome_unknown},
        {errc::server_error, 499, "-1", errc::outcome_unknown},
        // Not so where the platform says it.
        {errc::protocol_error, 409, "5", errc::protocol_error},
        // The platform says that something failed inside of it, or a gateway does in JSON.
        {errc::server_error, 500, "1663", errc::outcome_unknown},
        {errc::server_error, 504, "504", errc::outcome_unknown},
        {errc::server_error, 200, "-1", errc::outcome_unknown},
        {errc::server_error, 400, "1663", errc::server_error},
        // The platform speaks.
        {errc::protocol_error, 200, "5", errc::protocol_error},
        {errc::recipient_unreachable, 400, "230013", errc::recipient_unreachable},
        {errc::outcome_unknown, 400, "230049", errc::outcome_unknown},
        // Other kinds are none of this.
        {errc::invalid_argument, std::nullopt, "", errc::invalid_argument},
        {errc::rate_limited, 200, "", errc::rate_limited},
    };
    for (auto const& row : rows)
        for (auto const what : {idempotency::idempotent, idempotency::with_key, idempotency::none})
            BOOST_TEST_CONTEXT(kind(row.kind)
                               << " with HTTP " << row.status.value_or(0) << " code " << row.platform_code)
            {
                auto const before = decoded(row.kind, row.status, row.platform_code);
                auto const after = tidings::detail::map_refusal(before, what);
                auto const expected = what == idempotency::idempotent ? row.kind : row.expected;
                BOOST_TEST(kind(after) == kind(expected));
                if (expected != row.kind)
                {
                    BOOST_TEST(after.cause() == before.code());
                    BOOST_TEST(after.http_status() == before.http_status());
                    BOOST_TEST(after.log_id() == before.log_id());
                    BOOST_TEST(!before.cause().failed()); // the original is not touched
                }
            }
}

BOOST_AUTO_TEST_CASE(the_advice_for_a_lost_answer_trusts_in_a_key_only_where_there_is_one)
{
    namespace td = tidings;
    td::transport::exchange x;
    x.progress = td::transport::progress::receiving;
    auto const where = td::transport::endpoint::parse("http://localhost").value();
    auto const advice = [&](td::wire::idempotency what) {
        return td::detail::explain(boost::asio::error::eof, x, where, what).remedy();
    };
    BOOST_TEST(advice(td::wire::idempotency::with_key).find("the same idempotency key") != std::string::npos);
    BOOST_TEST(advice(td::wire::idempotency::none).find("no idempotency key") != std::string::npos);
    auto const page = td::make_failure(td::errc::server_error, "a page");
    BOOST_TEST(td::detail::map_refusal(page, td::wire::idempotency::none).remedy().find("no idempotency key") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace outcome_test
