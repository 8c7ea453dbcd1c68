// What a fault means for the caller: decisions without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_OUTCOME_HPP
#define TIDINGS_DETAIL_OUTCOME_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/transport/endpoint.hpp>
#include <tidings/transport/exchange.hpp>
#include <tidings/wire/operation.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>
#include <string_view>

namespace tidings::detail {

inline std::string_view describe(transport::progress p) noexcept
{
    using transport::progress;
    switch (p)
    {
    case progress::queued: return "while waiting for a connection";
    case progress::resolving: return "while resolving the host name";
    case progress::connecting: return "while connecting";
    case progress::resolving_proxy: return "while resolving the host name of the proxy";
    case progress::connecting_to_proxy: return "while connecting to the proxy";
    case progress::asking_proxy: return "while asking the proxy for the connection";
    case progress::handshaking: return "during the TLS handshake";
    case progress::connected: return "before sending the request";
    case progress::sending: return "while sending the request";
    case progress::receiving: return "while waiting for the answer";
    case progress::complete: break;
    }
    return "";
}

/// Whether a connection is still on its way to the proxy or through it.
inline bool at_proxy(transport::progress p) noexcept
{
    using transport::progress;
    return p == progress::resolving_proxy || p == progress::connecting_to_proxy || p == progress::asking_proxy;
}

/// Whether the server said that it does not take this program's certificate, or wants one. By TLS 1.3 that comes when
/// the handshake is over for the client, and before the server has read a request.
inline bool refuses_our_certificate(error_code ec) noexcept
{
    if (ec.category() != boost::asio::error::get_ssl_category())
        return false;
    switch (ERR_GET_REASON(static_cast<unsigned long>(ec.value())))
    {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED: return true;
    default: return false;
    }
}

/// The kind of a fault, leaving aside whether a message may have been accepted.
inline errc kind_of(error_code ec, transport::progress p) noexcept
{
    using transport::progress;
    if (ec.category() == category())
        return static_cast<errc>(ec.value());
    if (ec == boost::asio::error::operation_aborted)
        return errc::cancelled;
    if (ec == boost::asio::error::timed_out) // the system's own limit: ours is an error of this library
        return errc::connect_failed;
    if (p == progress::handshaking || ec.category() == boost::asio::error::get_ssl_category())
        return errc::tls_failed;
    static auto const& http = boost::beast::http::make_error_code(boost::beast::http::error::end_of_stream).category();
    if ((p >= progress::sending || p == progress::asking_proxy) && ec.category() == http &&
        ec != boost::beast::http::error::end_of_stream && ec != boost::beast::http::error::partial_message)
        return errc::protocol_error;
    return errc::connect_failed;
}

/// Where and when it happened, in a few words.
inline std::string circumstances(errc kind, transport::exchange const& x, transport::endpoint const& where)
{
    using transport::progress;
    std::string out = where.authority();
    out += ", ";
    if (kind == errc::connect_failed && x.progress == progress::resolving)
        out += "the host name cannot be resolved";
    else if (kind == errc::connect_failed && x.progress == progress::resolving_proxy)
        out += "the host name of the proxy cannot be resolved";
    else
        out += describe(x.progress);
    if (!x.detail.empty())
        out += ", " + x.detail;
    return out;
}

inline constexpr remedy_text mend_the_proxy{"Check the address of the proxy, that it runs, and that it reaches the "
                                            "platform.",
                                            "请检查代理地址、代理是否在运行，以及代理能否访问平台。"};
inline constexpr remedy_text bring_a_certificate{
    "Give the transport a client certificate that the server trusts, with its key.",
    "请为传输层配置服务器信任的客户端证书及其私钥。"};

/// What a fault of the transport means. A request that may have arrived, and that would deliver something, has an
/// unknown outcome; every other one has failed.
inline failure explain(error_code ec, transport::exchange const& x, transport::endpoint const& where, wire::effect what)
{
    auto const kind = kind_of(ec, x.progress);
    auto facts = new_facts();
    facts->detail = circumstances(kind, x, where);
    bool const unauthenticated = refuses_our_certificate(ec);
    bool const may_have_arrived = x.progress >= transport::progress::sending && !unauthenticated;
    if (may_have_arrived && what != wire::effect::read)
    {
        facts->cause = kind == errc::connect_failed ? ec : make_error_code(kind);
        if (what == wire::effect::unkeyed)
            facts->remedy = &look_before_sending_again;
        return {errc::outcome_unknown, std::move(facts)};
    }
    if (kind != errc::cancelled && kind != errc::timed_out && ec.category() != category())
        facts->cause = ec;
    if (unauthenticated)
        facts->remedy = &bring_a_certificate;
    else if (kind == errc::connect_failed && at_proxy(x.progress))
        facts->remedy = &mend_the_proxy;
    return {kind, std::move(facts)};
}

/// What an answer means that the operation's decoder did not take. Where no platform speaks in it (a gateway's page,
/// half an answer), or where it says that something failed inside of it, the message may have been accepted all the
/// same, unless the status says that the request was not.
inline failure settle(failure const& decoded, wire::effect what)
{
    auto const* const facts = decoded.facts();
    bool const platform_spoke = facts && !facts->platform_code.empty();
    bool const refused = facts && facts->http_status >= 400 && facts->http_status < 500;
    if (what == wire::effect::read || refused)
        return decoded;
    if (decoded != errc::server_error && (decoded != errc::protocol_error || platform_spoke))
        return decoded;
    auto copy = new_facts();
    if (facts)
        *copy = *facts;
    copy->cause = decoded.code();
    if (what == wire::effect::unkeyed)
        copy->remedy = &look_before_sending_again;
    return {errc::outcome_unknown, std::move(copy)};
}

} // namespace tidings::detail

#endif
