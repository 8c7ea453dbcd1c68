// Verified TLS: the transport that a notifier uses unless told otherwise.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_HTTPS_HPP
#define TIDINGS_TRANSPORT_HTTPS_HPP

#include <tidings/concepts.hpp>
#include <tidings/transport/detail/pool.hpp>
#include <tidings/transport/pooled.hpp>

#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace tidings::transport {

/// HTTPS/1.1 over TLS 1.2 or newer. The server's certificate and name are always verified; there is no way to turn
/// that off.
///
/// Authorities are the system's, or those of `ca_file` alone.
class https : public pooled<https>
{
public:
    using policy_kind = transport_kind;
    using client = detail::client<detail::tls_stream>;

    https() = default;

    /// Trusts the authorities in this PEM file instead of the system's.
    https& ca_file(std::string path)
    {
        ca_file_ = std::move(path);
        return *this;
    }

    /// A client of `where`.
    ///
    /// @returns `errc::invalid_argument` when `where` is not https or the authorities cannot be read.
    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        if (!where.tls())
            return tidings::detail::fail(errc::invalid_argument,
                                         "the base URL is not https; choose transport::http to send without TLS");
        auto context = make_context();
        if (!context)
            return context.error();
        return std::make_unique<client>(ex, where, pool(), *std::move(context));
    }

private:
    using context_ptr = std::shared_ptr<boost::asio::ssl::context>;

    result<context_ptr> make_context() const
    {
        using boost::asio::ssl::context;
        auto out = std::make_shared<context>(context::tls_client);
        boost::system::error_code ec;
        if (SSL_CTX_set_min_proto_version(out->native_handle(), TLS1_2_VERSION) != 1)
            return tidings::detail::fail(errc::tls_failed, "TLS 1.2 is not available");
        if (!ca_file_.empty())
            out->load_verify_file(ca_file_, ec);
        else if (auto const directory = hashed_directory(); !directory.empty())
            out->add_verify_path(directory, ec);
        else
            out->set_default_verify_paths(ec);
        if (ec)
            return tidings::detail::fail(errc::invalid_argument, "the certificate authorities in \"" + ca_file_ +
                                                                     "\" cannot be read: " + ec.message());
        return out;
    }

    /// The system's directory of authorities, where there is one and the environment names no other. Reading from it
    /// costs next to nothing; OpenSSL's defaults may load a bundle of all, which takes tens of milliseconds.
    static std::string hashed_directory()
    {
        if (std::getenv(X509_get_default_cert_dir_env()) || std::getenv(X509_get_default_cert_file_env()))
            return {};
        std::string const path = X509_get_default_cert_dir();
        std::error_code ec;
        std::filesystem::directory_iterator const first(path, ec);
        return ec || first == std::filesystem::directory_iterator() ? std::string{} : path;
    }

    std::string ca_file_;
};
static_assert(transport_policy<https>);

} // namespace tidings::transport

#endif
