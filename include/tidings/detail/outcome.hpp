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
#include <boost/beast/http/error.hpp>

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
    case progress::handshaking: return "during the TLS handshake";
    case progress::connected: return "before sending the request";
    case progress::sending: return "while sending the request";
    case progress::receiving: return "while waiting for the answer";
    case progress::complete: break;
    }
    return "";
}

/// The kind of a fault, leaving aside whether a message may have been accepted.
inline errc kind_of(error_code ec, transport::progress p) noexcept
{
    using transport::progress;
    if (ec.category() == category())
        return static_cast<errc>(ec.value());
    if (ec == boost::asio::error::operation_aborted)
        return errc::cancelled;
    if (ec == boost::asio::error::timed_out && p != progress::connecting)
        return errc::timed_out;
    if (p == progress::handshaking)
        return errc::tls_failed;
    static auto const& http = boost::beast::http::make_error_code(boost::beast::http::error::end_of_stream).category();
    if (p >= progress::sending && ec.category() == http && ec != boost::beast::http::error::end_of_stream &&
        ec != boost::beast::http::error::partial_message)
        return errc::protocol_error;
    return errc::connect_failed;
}

/// What a fault of the transport means. A request that may have arrived, and that would deliver something, has an
/// unknown outcome; every other one has failed.
inline failure explain(error_code ec, transport::exchange const& x, transport::endpoint const& where, wire::effect what)
{
    auto const kind = kind_of(ec, x.progress);
    auto facts = new_facts();
    facts->detail = where.authority();
    facts->detail += ", ";
    facts->detail += describe(x.progress);
    if (!x.detail.empty())
        facts->detail += ", " + x.detail;
    bool const may_have_arrived = x.progress >= transport::progress::sending;
    if (may_have_arrived && what != wire::effect::read)
    {
        facts->cause = kind == errc::connect_failed ? ec : make_error_code(kind);
        if (what == wire::effect::unkeyed)
            facts->remedy = &look_before_sending_again;
        return {errc::outcome_unknown, std::move(facts)};
    }
    if (kind != errc::cancelled && kind != errc::timed_out && ec.category() != category())
        facts->cause = ec;
    return {kind, std::move(facts)};
}

/// What an answer means that the operation's decoder did not take. Where no platform speaks in it (a gateway's page,
/// half an answer) the message may have been accepted all the same, unless the status says that the request was not.
inline failure settle(failure const& decoded, wire::effect what)
{
    auto const* const facts = decoded.facts();
    bool const platform_spoke = facts && !facts->platform_code.empty();
    bool const refused = facts && facts->http_status >= 400 && facts->http_status < 500;
    if (what == wire::effect::read || platform_spoke || refused)
        return decoded;
    if (decoded != errc::protocol_error && decoded != errc::server_error)
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
