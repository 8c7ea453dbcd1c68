// What a fault of TLS says about the peer: decided by its code.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_TLS_FAULT_HPP
#define TIDINGS_TRANSPORT_DETAIL_TLS_FAULT_HPP

#include <tidings/detail/config.hpp>

#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tidings::inline v0::transport::detail {

/// The subject of an error code of OpenSSL.
enum class tls_fault
{
    none,             ///< It is no code of OpenSSL's: the connection was closed, or something else.
    peer_certificate, ///< The peer's certificate was not accepted here.
    own_certificate,  ///< The peer does not accept this program's certificate, or wants one.
    not_tls,          ///< The peer answers, and not in TLS.
    no_agreement,     ///< Peer and program have no version, cipher or protocol in common.
    other             ///< Anything else: a damaged record, a fault inside of the peer.
};

/// Only the first two are verdicts about a certificate. Every other fault of a handshake may be gone the next time: a
/// machine in between that drops or damages connections, one of several servers that is set up in another way.
TIDINGS_COLD inline tls_fault tls_fault_of(boost::system::error_code const& ec) noexcept
{
    if (ec.category() != boost::asio::error::get_ssl_category())
        return tls_fault::none;
    auto const code = static_cast<unsigned long>(ec.value());
    if (ERR_GET_LIB(code) != ERR_LIB_SSL)
        return tls_fault::other;
    switch (ERR_GET_REASON(code))
    {
    case SSL_R_CERTIFICATE_VERIFY_FAILED: return tls_fault::peer_certificate;
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED: return tls_fault::own_certificate;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_HTTP_REQUEST: return tls_fault::not_tls;
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED: return tls_fault::no_agreement;
    default: return tls_fault::other;
    }
}

/// Whether a peer says this when it checks a certificate, which is before it reads a request. `access_denied` may be
/// about the request.
TIDINGS_COLD inline bool rejects_a_certificate(boost::system::error_code const& ec) noexcept
{
    return tls_fault_of(ec) == tls_fault::own_certificate &&
           ERR_GET_REASON(static_cast<unsigned long>(ec.value())) != SSL_R_TLSV1_ALERT_ACCESS_DENIED;
}

/// What TLS 1.3 says when a server wants a certificate and gets none. Servers with TLS 1.2 say `handshake_failure`.
TIDINGS_COLD inline boost::system::error_code certificate_required() noexcept
{
    return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)),
            boost::asio::error::get_ssl_category()};
}

} // namespace tidings::inline v0::transport::detail

#endif
