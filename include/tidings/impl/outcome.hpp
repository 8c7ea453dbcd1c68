// What a fault means for the caller: decisions without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_OUTCOME_HPP
#define TIDINGS_IMPL_OUTCOME_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/transport/detail/tls_fault.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/exchange.hpp>
#include <tidings/wire/operation.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

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
    using transport::detail::tls_fault;
    auto const fault = transport::detail::tls_fault_of(ec);
    if (fault == tls_fault::peer_certificate || fault == tls_fault::own_certificate)
        return errc::tls_failed;
    static auto const& http = boost::beast::http::make_error_code(boost::beast::http::error::end_of_stream).category();
    if ((p >= progress::sending || p == progress::asking_proxy) && ec.category() == http &&
        ec != boost::beast::http::error::end_of_stream && ec != boost::beast::http::error::partial_message)
        return errc::protocol_error;
    return errc::connect_failed;
}

/// Where and when it happened, in a few words.
inline std::string circumstances(errc kind, transport::detail::tls_fault fault, transport::exchange const& x,
                                 transport::endpoint const& where)
{
    using transport::progress;
    using transport::detail::tls_fault;
    std::string out = where.authority();
    out += ", ";
    if (kind == errc::connect_failed && x.progress == progress::resolving)
        out += "the host name cannot be resolved";
    else if (kind == errc::connect_failed && x.progress == progress::resolving_proxy)
        out += "the host name of the proxy cannot be resolved";
    else
        out += describe(x.progress);
    if (x.progress == progress::handshaking && fault == tls_fault::not_tls)
        out += ", the server does not answer in TLS";
    if (x.progress == progress::handshaking && fault == tls_fault::no_agreement)
        out += ", the server and this program have no TLS version, cipher or protocol in common";
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

inline constexpr remedy_text mend_the_handshake{
    "Check the network: a firewall, a proxy or a load balancer may close connections during the TLS handshake. Check "
    "the base URL, too.",
    "请检查网络：防火墙、代理或负载均衡可能在 TLS 握手时断开了连接。也请检查服务地址。"};
inline constexpr remedy_text find_the_tls_port{
    "Check the port of the base URL, and whether a proxy or a login page of the network answers in place of the "
    "server. A server without TLS is reached by http:// and transport::http.",
    "请检查服务地址的端口，以及是否有代理或网络登录页代替服务器应答。不使用 TLS 的服务器请使用 http:// 和 "
    "transport::http。"};
inline constexpr remedy_text find_common_ground{
    "Check that the base URL names the right server, that the server offers TLS 1.2 or newer, and that the settings of "
    "OpenSSL on this machine allow one of its ciphers. A server that wants a client certificate may say the same.",
    "请确认服务地址正确、服务器支持 TLS 1.2 或更高版本，且本机 OpenSSL 的设置允许其加密套件。要求客户端证书的服务器"
    "也可能如此应答。"};

/// What to do about a connection that did not come about.
inline remedy_text const* remedy_for(transport::detail::tls_fault fault, transport::progress p) noexcept
{
    using transport::detail::tls_fault;
    if (at_proxy(p))
        return &mend_the_proxy;
    if (p != transport::progress::handshaking)
        return nullptr;
    switch (fault)
    {
    case tls_fault::not_tls: return &find_the_tls_port;
    case tls_fault::no_agreement: return &find_common_ground;
    default: return &mend_the_handshake;
    }
}

/// What a fault of the transport means. A request that may have arrived, and that would deliver something, has an
/// unknown outcome; every other one has failed.
inline failure explain(error_code ec, transport::exchange const& x, transport::endpoint const& where,
                       wire::idempotency what)
{
    using transport::detail::tls_fault;
    auto const kind = kind_of(ec, x.progress);
    auto const fault = transport::detail::tls_fault_of(ec);
    auto facts = new_facts();
    facts->detail = circumstances(kind, fault, x, where);
    bool const may_have_arrived = x.progress >= transport::progress::sending && !x.certificate_refused;
    if (may_have_arrived && what != wire::idempotency::idempotent)
    {
        facts->cause = kind == errc::connect_failed ? ec : make_error_code(kind);
        if (what == wire::idempotency::none)
            facts->remedy = &look_before_sending_again;
        return {errc::outcome_unknown, std::move(facts)};
    }
    if (kind != errc::cancelled && kind != errc::timed_out && ec.category() != category())
        facts->cause = ec;
    if ((kind == errc::connect_failed || kind == errc::timed_out) && x.progress <= transport::progress::handshaking)
        facts->unused_proxy = x.unused_proxy;
    if (kind == errc::tls_failed && fault == tls_fault::own_certificate)
        facts->remedy = &bring_a_certificate;
    else if (kind == errc::connect_failed)
        facts->remedy = remedy_for(fault, x.progress);
    return {kind, std::move(facts)};
}

/// Whether a status proves that the request was not accepted, also when a gateway sent it: by its definition (RFC 9110,
/// RFC 6585) the request was refused before it had any effect. Not 408 and 499, which gateways send when the server
/// behind them was slow, not 302 and 303, which may follow an accepted request, and not 409, which may concern the very
/// same request.
constexpr bool says_not_taken(unsigned status) noexcept
{
    switch (status)
    {
    case 301: // moved: 307, 308 as well
    case 307:
    case 308:
    case 400:
    case 401:
    case 403:
    case 404:
    case 405:
    case 407:
    case 410:
    case 411:
    case 413:
    case 414:
    case 415:
    case 417:
    case 421:
    case 426:
    case 428:
    case 429:
    case 431:
    case 451: return true;
    default: return false;
    }
}

/// What an answer means that the operation's decoder did not take. Where no platform speaks in it (a gateway's page,
/// half an answer), or where it says that something failed inside of it, the message may have been accepted all the
/// same, unless the status says that the request was not.
inline failure map_refusal(failure const& decoded, wire::idempotency what)
{
    auto const* const facts = decoded.facts();
    bool const platform_spoke = facts && !facts->platform_code.empty();
    auto const status = facts ? facts->http_status : 0;
    bool const refused = platform_spoke ? status >= 400 && !wire::may_have_been_taken(status) : says_not_taken(status);
    if (what == wire::idempotency::idempotent || refused)
        return decoded;
    if (decoded != errc::server_error && (decoded != errc::protocol_error || platform_spoke))
        return decoded;
    auto copy = new_facts();
    if (facts)
        *copy = *facts;
    copy->cause = decoded.code();
    if (what == wire::idempotency::none)
        copy->remedy = &look_before_sending_again;
    else if (copy->foreign) // what to do about the message comes first
        copy->remedy = nullptr;
    return {errc::outcome_unknown, std::move(copy)};
}

} // namespace tidings::inline v0::detail

#endif
