// Verified TLS: the default transport of a notifier.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_HTTPS_HPP
#define TIDINGS_TRANSPORT_HTTPS_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/result.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/tls_options.hpp>
#include <tidings/transport/pooled.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace tidings::inline v0::transport {

/// HTTP/1.1 over TLS 1.2 or newer. The server's certificate and name are always verified: neither a setting nor the
/// configuration of OpenSSL turns that off. The name is compared with the subject alternative names, not with the
/// common name.
///
/// A handshake that fails because of a certificate is `errc::tls_failed`; one that fails for another reason is
/// `errc::connect_failed`, and a retry policy may repeat it.
///
/// The system's certificate authorities are trusted, unless others are named. A new connection resumes the TLS session
/// of the last one, where the server allows it.
class https : public pooled<https>
{
public:
    using policy_kind = transport_kind;
    using client = detail::client;

    https() = default;

    /// Trusts the authorities in this PEM file instead of the system's. Empty: none.
    https& ca_file(std::string path)
    {
        tls_.ca_file = std::move(path);
        return *this;
    }

    /// Trusts the authorities in this directory instead of the system's, beside those in `ca_file`. The files are
    /// named as `openssl rehash` does it. Empty: none.
    https& ca_directory(std::string path)
    {
        tls_.ca_directory = std::move(path);
        return *this;
    }

    /// Trusts the system's authorities beside those in `ca_file` and `ca_directory`.
    https& system_authorities(bool on = true)
    {
        tls_.system_authorities = on;
        return *this;
    }

    /// Presents this certificate to a server that asks for one.
    ///
    /// @param certificate_path  PEM: the certificate, followed by those between it and its authority.
    /// @param key_path          PEM. Empty: the key is in the same file.
    /// @param passphrase        Of the key; empty if the key is not encrypted.
    https& client_certificate(std::string certificate_path, std::string key_path = {}, secret passphrase = {})
    {
        tls_.certificate_file = std::move(certificate_path);
        tls_.key_file = std::move(key_path);
        tls_.passphrase = std::move(passphrase);
        return *this;
    }

    /// Makes a client of `where`.
    ///
    /// @param ex     The executor of its connections.
    /// @param where  The platform's address.
    /// @returns The client, or `errc::invalid_argument` if `where` is not https or a setting cannot be used:
    ///              authorities, a client certificate or a key that cannot be read, an expired certificate, a key that
    ///              does not belong to the certificate, an invalid proxy URL.
    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        return open(ex, where, 1);
    }

private:
    template<class>
    friend class pipelined;
    friend class by_scheme;

    /// @param depth  How many requests a connection carries at once.
    TIDINGS_DECL result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where,
                                                      std::size_t depth) const;

    detail::tls_settings tls_;
};
static_assert(transport_policy<https>);

} // namespace tidings::inline v0::transport

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/transport/impl/client.ipp>
#endif

#endif
