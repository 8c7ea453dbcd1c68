// What a fault means for the caller: decisions without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_OUTCOME_HPP
#define TIDINGS_IMPL_OUTCOME_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/exchange.hpp>
#include <tidings/wire/operation.hpp>
#include <tidings/wire/reply.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::transport::detail {
enum class tls_fault;
} // namespace tidings::inline v0::transport::detail

namespace tidings::inline v0::detail {

TIDINGS_DECL std::string_view describe(transport::progress p) noexcept;

/// Whether a connection is still on its way to the proxy or through it.
TIDINGS_DECL bool at_proxy(transport::progress p) noexcept;

/// The kind of a fault, leaving aside whether a message may have been accepted.
TIDINGS_DECL errc kind_of(error_code ec, transport::progress p) noexcept;

/// Where and when it happened, in a few words.
TIDINGS_DECL std::string circumstances(errc kind, transport::detail::tls_fault fault, transport::exchange const& x,
                                       transport::endpoint const& where);

inline constexpr stored_remedy mend_the_proxy{"Check the address of the proxy, that it runs, and that it reaches the "
                                              "platform.",
                                              "请检查代理地址、代理是否在运行，以及代理能否访问平台。"};
inline constexpr stored_remedy bring_a_certificate{
    "Give the transport a client certificate that the server trusts, with its key.",
    "请为传输层配置服务器信任的客户端证书及其私钥。"};

inline constexpr stored_remedy mend_the_handshake{
    "Check the network: a firewall, a proxy or a load balancer may close connections during the TLS handshake. Check "
    "the base URL, too.",
    "请检查网络：防火墙、代理或负载均衡可能在 TLS 握手时断开了连接。也请检查服务地址。"};
inline constexpr stored_remedy find_the_tls_port{
    "Check the port of the base URL, and whether a proxy or a login page of the network answers in place of the "
    "server. A server without TLS is reached by http:// and transport::http.",
    "请检查服务地址的端口，以及是否有代理或网络登录页代替服务器应答。不使用 TLS 的服务器请使用 http:// 和 "
    "transport::http。"};
inline constexpr stored_remedy find_common_ground{
    "Check that the base URL names the right server, that the server offers TLS 1.2 or newer, and that the settings of "
    "OpenSSL on this machine allow one of its ciphers. A server that wants a client certificate may say the same.",
    "请确认服务地址正确、服务器支持 TLS 1.2 或更高版本，且本机 OpenSSL 的设置允许其加密套件。要求客户端证书的服务器"
    "也可能如此应答。"};

/// What to do about a connection that did not come about.
TIDINGS_DECL remedy_text const* remedy_for(transport::detail::tls_fault fault, transport::progress p) noexcept;

/// What a fault of the transport means. A request that may have arrived, and that would deliver something, has an
/// unknown outcome; every other one has failed.
TIDINGS_DECL failure explain(error_code ec, transport::exchange const& x, transport::endpoint const& where,
                             wire::idempotency what);

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
TIDINGS_DECL failure map_refusal(failure const& decoded, wire::idempotency what);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/outcome.ipp>
#endif

#endif
