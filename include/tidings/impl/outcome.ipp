// What a fault means for the caller: decisions without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_OUTCOME_IPP
#define TIDINGS_IMPL_OUTCOME_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/outcome.hpp>
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

TIDINGS_COLD TIDINGS_DECL std::string_view describe(transport::progress p) noexcept
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

TIDINGS_COLD TIDINGS_DECL bool at_proxy(transport::progress p) noexcept
{
    using transport::progress;
    return p == progress::resolving_proxy || p == progress::connecting_to_proxy || p == progress::asking_proxy;
}

TIDINGS_COLD TIDINGS_DECL errc kind_of(error_code ec, transport::progress p) noexcept
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

TIDINGS_COLD TIDINGS_DECL std::string circumstances(errc kind, transport::detail::tls_fault fault,
                                                    transport::exchange const& x, transport::endpoint const& where)
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

TIDINGS_COLD TIDINGS_DECL remedy_text const* remedy_for(transport::detail::tls_fault fault,
                                                        transport::progress p) noexcept
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

TIDINGS_COLD TIDINGS_DECL failure explain(error_code ec, transport::exchange const& x, transport::endpoint const& where,
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

TIDINGS_COLD TIDINGS_DECL failure map_refusal(failure const& decoded, wire::idempotency what)
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
